"""The running week, end to end: a programme, a clock that is moved by hand, and the in-memory platform."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.addresses import read
from bot.database import connect
from bot.errors import Refused, Retryable, UserError
from bot.notebook import Notebook
from bot.platforms.in_memory import PERSON, PLACE, InMemory, Network
from bot.settings import Settings
from bot.threads import Threads
from bot.values import Place, PostRef, Reply
from bot.weekly import Weekly
from scheduler.owed import State

PROGRAMME = """
group = "Readers"
zone = "Europe/Berlin"

[series]
first = 2026-10-14
at = "18:30"

[messages]
open = "-6d 10:00"

[catchup]
slots = ["Sat 17:00", "Sun 11:00"]

[[chapters]]
number = 1
title = "Beginnings"
homework = ["Write a post"]

[[chapters]]
number = 2
title = "Middles"

[[chapters]]
number = 3
title = "Ends"
"""
START = datetime.fromisoformat("2026-10-01T00:00:00+00:00")


@dataclass
class ByHand:
    """A clock that stands until it is moved."""

    moment: datetime = START

    def now(self) -> datetime:
        """Where it stands."""
        return self.moment

    def monotonic(self) -> float:
        """The same in seconds."""
        return (self.moment - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Move on."""
        self.moment += timedelta(seconds=seconds)


class Week:
    """A group's weeks, with what was said in them."""

    def __init__(self, folder: Path, network: Network, clock: ByHand, programme: str = PROGRAMME) -> None:
        (folder / "programme.toml").write_text(programme)
        self.network, self.clock = network, clock
        self.database = connect(f"sqlite:///{folder / 'group.db'}")
        self.notebook = Notebook(self.database)
        self.platform = InMemory(network, now=clock.now)
        self.weekly = Weekly(
            Settings(programme=folder / "programme.toml"),
            self.database,
            self.notebook,
            places={PLACE: lambda: self.platform},
            clock=clock,
            chance=Random(1),  # noqa: S311 - a test's chance
        )

    async def until(self, moment: str) -> list[str]:
        """Let time pass, stopping whenever something is due; the first lines of what is posted meanwhile."""
        before, end = len(self.network.posts), datetime.fromisoformat(moment)
        await self.weekly.agenda.load()
        stops = [due.at for due in self.weekly.agenda.programme.upcoming(self.clock.moment, end)]
        for stop in [*stops, end]:
            self.clock.moment = stop
            await self.weekly.agenda.materialise(stop)
            await self.weekly.deliver()
        posts = self.network.posts[before:]
        return [post.reply.text.splitlines()[0] for post in posts if post.reply]


@pytest.fixture
async def week(tmp_path: Path) -> AsyncGenerator[Week]:
    """A group that begins."""
    made = Week(tmp_path, Network(), ByHand())
    yield made
    await made.database.close()


@pytest.fixture
async def forum(tmp_path: Path) -> AsyncGenerator[Week]:
    """A group that begins where each week has a thread of its own."""
    made = Week(tmp_path, Network(threads=True), ByHand())
    yield made
    await made.database.close()


async def test_a_week_says_everything_once(week: Week) -> None:
    """Opening, reminders, leftovers, questionnaire and catch-up of a session, each once and in order."""
    await week.until("2026-10-19T00:00+00:00")
    done = await week.weekly.deliveries.list(State.DONE, limit=100)
    kinds = [row.owed.kind for row in sorted(done, key=lambda row: row.owed.due) if "10-14" in row.owed.occurrence]
    assert kinds == [
        *("remind-week", "open", "remind-day", "remind-hour", "remind-soon"),
        *("leftovers", "questionnaire", "catchup", "catchup-voted"),
    ]
    keys = [post.key for post in week.network.posts]
    assert len(keys) == len(set(keys)) == len(done)


async def test_a_restart_repeats_nothing(week: Week, tmp_path: Path) -> None:
    """A second process on the same database, later, adds only what is new."""
    await week.until("2026-10-14T12:00+00:00")
    said = len(week.network.posts)
    await week.database.close()
    again = Week(tmp_path, week.network, week.clock)
    await again.weekly.agenda.materialise(again.clock.now())
    await again.weekly.deliver()
    assert len(again.network.posts) == said
    await again.database.close()


async def test_an_outage_says_only_what_is_still_worth_saying(week: Week) -> None:
    """The bot was off from before the reminders until after the start: they are expired, and can be seen."""
    await week.until("2026-10-12T00:00+00:00")
    week.clock.moment = datetime.fromisoformat("2026-10-14T20:30:00+00:00")
    await week.weekly.agenda.materialise(week.clock.now())
    await week.weekly.deliver()
    expired = await week.weekly.deliveries.list(State.EXPIRED)
    assert {entry.owed.kind for entry in expired} == {"remind-day", "remind-hour", "remind-soon"}
    assert [post.key.split("/")[2] for post in week.network.posts[-2:]] == ["leftovers", "remind-week"]


async def test_a_skipped_session_is_owed_no_more_and_pushes_the_plan(week: Week) -> None:
    """What was to be said of it is withdrawn; the next session takes its chapter."""
    agenda = week.weekly.agenda
    await agenda.materialise(week.clock.now())
    coming = await agenda.change(lambda changes: changes.skipping(date(2026, 10, 21)), week.clock.now())
    assert all(due.occurrence.key != "2026-10-21" for due in coming)
    withdrawn = await week.weekly.deliveries.list(State.WITHDRAWN, limit=100)
    assert {entry.owed.occurrence[:10] for entry in withdrawn} == {"2026-10-21"}
    session = await agenda.session(datetime.fromisoformat("2026-10-22T00:00+00:00"))
    assert session is not None
    assert (session.key, session.title) == ("2026-10-28", "Chapter 2: Middles")
    with pytest.raises(UserError, match="2026"):
        await agenda.change(lambda changes: changes.skipping(date(2026, 10, 22)), week.clock.now())


async def test_the_example_begins_when_the_bot_does(week: Week) -> None:
    """Started for the first time when its year is over, it begins on the next day of its week, and stays so."""
    clock = ByHand(datetime.fromisoformat("2028-03-02T09:00+00:00"))
    weekly = Weekly(
        Settings(),
        week.database,
        week.notebook,
        places={PLACE: lambda: week.platform},
        clock=clock,
        chance=Random(1),  # noqa: S311 - a test's chance
    )
    await weekly.begin()
    assert [f"{each.local:%a %Y-%m-%d %H:%M}" for each in weekly.agenda.programme.sessions(2)] == [
        "Wed 2028-03-08 18:30",
        "Wed 2028-03-15 18:30",
    ]
    clock.moment += timedelta(weeks=3)
    await weekly.begin()
    assert next(weekly.agenda.programme.sessions()).date == date(2028, 3, 8)


async def test_a_host_s_plan_is_left_alone(week: Week) -> None:
    """Its dates are the host's business, also where the example had begun before it was written."""
    week.clock.moment = datetime.fromisoformat("2028-03-02T09:00+00:00")
    await week.weekly.begin()
    assert week.weekly.agenda.revision == 0
    await week.weekly.agenda.change(lambda changes: changes.beginning(date(2028, 3, 8)), week.clock.now())
    await week.weekly.begin()
    assert next(week.weekly.agenda.programme.sessions()).date == date(2026, 10, 14)


async def test_a_change_is_seen_by_the_next_process(week: Week, tmp_path: Path) -> None:
    """Changes live in the database, with a revision that rises."""
    await week.weekly.agenda.change(lambda changes: changes.skipping(date(2026, 10, 14)), week.clock.now())
    other = Week(tmp_path, Network(), week.clock)
    session = await other.weekly.agenda.session(week.clock.now())
    assert session is not None
    assert session.key == "2026-10-21"
    assert other.weekly.agenda.revision == 1
    await other.database.close()


async def test_the_calendar_feed_follows(week: Week) -> None:
    """The feed is the programme in force, with the revision as SEQUENCE."""
    await week.weekly.agenda.change(lambda changes: changes.cancelling(date(2026, 10, 21)), week.clock.now())
    status, kind, feed = await week.weekly.calendar()
    assert (status, kind) == (200, "text/calendar; charset=utf-8")
    assert b"SEQUENCE:1" in feed
    assert b"STATUS:CANCELLED" in feed
    assert feed.count(b"BEGIN:VEVENT") == 4


async def test_a_new_thread_is_pinned_in_the_place_of_the_last_and_links_it(week: Week) -> None:
    """One thread is pinned at a time, and each leads to the one before."""
    await week.until("2026-10-16T00:00+00:00")
    first, second = [post for post in week.network.posts if "/open/" in post.key]
    assert (first.pinned, second.pinned) == (False, True)
    assert second.reply is not None
    assert f"https://memory.example/{first.id}" in second.reply.text


async def test_the_thread_s_first_post_keeps_up(week: Week) -> None:
    """Links and a new time stand in it after the next look, by an edit; where nothing is new, none is forum."""
    await week.until("2026-10-08T09:00+00:00")
    (first,) = [post.reply for post in week.network.posts if "/open/" in post.key]
    assert first is not None
    await week.weekly.refresh()
    assert [post.reply for post in week.network.posts if "/open/" in post.key] == [first]
    session = await week.weekly.agenda.session(week.clock.now())
    assert session is not None
    await week.notebook.links.add(
        PLACE, session.key, PERSON, read("https://example.org/a"), "a good read", week.clock.now()
    )
    moved = datetime.fromisoformat("2026-10-15 19:00")
    await week.weekly.agenda.change(lambda changes: changes.moving(date(2026, 10, 14), moved), week.clock.now())
    await week.weekly.refresh()
    (said,) = [post.reply for post in week.network.posts if "/open/" in post.key]
    assert said is not None
    assert "https://example.org/a" in said.text
    assert "Thu 15 Oct 2026, 19:00" in said.text
    edited = week.network.posts[:]
    await week.weekly.refresh()
    assert all(new is old for new, old in zip(week.network.posts, edited, strict=True))


async def test_what_the_group_left_is_told(week: Week) -> None:
    """Links and open questions of the week stand in the leftovers; open questions go on to the next thread."""
    await week.until("2026-10-14T12:00+00:00")
    session = await week.weekly.agenda.session(week.clock.now())
    assert session is not None
    page = read("https://example.org/a")
    await week.notebook.links.add(PLACE, session.key, PERSON, page, "a good read", week.clock.now())
    await week.notebook.questions.ask(PLACE, session.key, PERSON, "Why 5.5?", week.clock.now())
    await week.until("2026-10-14T20:00+00:00")
    leftovers = next(post.reply.text for post in week.network.posts if "leftovers" in post.key and post.reply)
    assert "https://example.org/a" in leftovers
    assert "Why 5.5?" in leftovers
    await week.until("2026-10-16T00:00+00:00")
    carried = await week.notebook.questions.of(PLACE, "2026-10-21", ("open",))
    assert [question.text for question in carried] == ["Why 5.5?"]


async def test_the_vote_on_the_catch_up_closes_by_itself(week: Week) -> None:
    """Two hours before the first slot the winner is said, once; votes that come later are not counted."""
    await week.until("2026-10-17T09:00+00:00")
    session = await week.weekly.agenda.session(week.clock.now())
    assert session is not None
    saturday, sunday = (slot.starts for slot in session.slots)
    catchup = week.notebook.catchup
    await catchup.vote(PLACE, session.key, PERSON, sunday, week.clock.now())
    await week.until("2026-10-17T12:59+00:00")
    assert "catchup-voted" not in week.network.posts[-1].key
    await week.until("2026-10-17T13:01+00:00")
    said = week.network.posts[-1]
    assert "catchup-voted" in said.key
    assert said.reply is not None
    assert "We catch up on [Sun 18 Oct 2026, 11:00 (Europe/Berlin)]" in said.reply.text
    assert "that suits one of you" in said.reply.text
    assert await catchup.vote(PLACE, session.key, PERSON, saturday, week.clock.now()) == "closed"
    assert (await catchup.of(PLACE, session.key)).winner == sunday


async def test_votes_in_the_proposal_itself_count(week: Week) -> None:
    """Where the platform has votes of its own they join those by command; somebody who used both counts once."""
    await week.until("2026-10-17T09:00+00:00")
    session = await week.weekly.agenda.session(week.clock.now())
    assert session is not None
    proposal = next(post for post in week.network.posts if "/catchup/" in post.key)
    assert proposal.reply is not None
    assert [choice.command for choice in proposal.reply.choices] == ["!catchup 1", "!catchup 2"]
    assert proposal.reply.vote == datetime.fromisoformat("2026-10-17T13:00+00:00")
    other = replace(PERSON, id="2")
    await week.notebook.catchup.vote(PLACE, session.key, PERSON, session.slots[0].starts, week.clock.now())
    week.network.votes[proposal.id] = [[PERSON], [PERSON, other]]
    await week.until("2026-10-17T13:01+00:00")
    assert week.network.posts[-1].reply is not None
    assert "We catch up on [Sun 18 Oct 2026, 11:00" in week.network.posts[-1].reply.text
    assert "that suits 2 of you" in week.network.posts[-1].reply.text


async def test_messages_go_where_people_are(forum: Week) -> None:
    """Before the session into its own thread, after it into the newest; without one, into the place itself."""
    await forum.until("2026-10-19T00:00+00:00")
    first, second = [post.place.id for post in forum.network.posts if "/open/" in post.key]
    places = {post.key.split("/")[2]: post.place.id for post in forum.network.posts if "10-14" in post.key}
    assert places["remind-week"] == PLACE.id
    assert {places[kind] for kind in ("open", "remind-day", "remind-hour", "leftovers")} == {first}
    assert {places[kind] for kind in ("catchup", "catchup-voted")} == {second}


async def test_a_try_that_broke_off_is_found_in_the_thread_it_was_made_in(forum: Week) -> None:
    """The next week's thread has opened since: it is found in the one before, and not said again."""

    class Unheard(InMemory):
        async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
            await super().post(place, reply, key=key, to=to)
            if "leftovers" in key:
                raise Retryable("no answer in time")
            return PostRef(place=place, id="?")

    forum.platform = Unheard(forum.network, now=forum.clock.now)
    await forum.until("2026-10-16T00:00+00:00")
    assert [post.key.split("/")[2] for post in forum.network.posts].count("leftovers") == 1
    assert not await forum.weekly.deliveries.list(State.DEAD)


async def test_an_opening_that_broke_off_is_brought_to_its_end(week: Week) -> None:
    """The process died between opening a thread and pinning it: the next try finds, pins and remembers it."""

    class Dying(InMemory):
        deaths = 1

        async def pin(self, post: PostRef, *, pinned: bool) -> None:
            if self.deaths:
                self.deaths -= 1
                raise RuntimeError("the process dies here")
            await super().pin(post, pinned=pinned)

    week.platform = Dying(week.network, now=week.clock.now)
    await week.until("2026-10-08T09:00+00:00")
    assert [(post.key.split("/")[2], post.pinned) for post in week.network.posts[1:]] == [("open", False)]
    week.clock.moment += timedelta(seconds=61)
    await week.weekly._rescue()
    await week.weekly.deliver()
    (opened,) = [post for post in week.network.posts if "/open/" in post.key]
    assert opened.pinned
    assert [post.id for post in await Threads(week.database).of("book", "2026-10-14")] == [opened.id]


async def test_a_thread_that_cannot_be_pinned_is_opened_all_the_same(week: Week) -> None:
    """Without the right to pin, nothing stops: the thread is open, and what follows is posted."""

    class Unpinned(InMemory):
        async def pin(self, post: PostRef, *, pinned: bool) -> None:
            raise Refused("no right to pin")

    week.platform = Unpinned(week.network, now=week.clock.now)
    await week.until("2026-10-13T20:00+00:00")
    assert [post.key.split("/")[2] for post in week.network.posts] == ["remind-week", "open", "remind-day"]
    assert not await week.weekly.deliveries.stopped()


async def test_a_vote_that_nobody_took_part_in_says_so(week: Week) -> None:
    """And names no time."""
    await week.until("2026-10-17T13:01+00:00")
    said = week.network.posts[-1].reply
    assert said is not None
    assert "Nobody has voted, so there is no catch-up this time." in said.text


async def test_a_vote_said_late_names_a_time_to_come(week: Week) -> None:
    """The bot was off until after the first slot, which had most votes: the next one is taken."""
    await week.until("2026-10-17T09:00+00:00")
    session = await week.weekly.agenda.session(week.clock.now())
    assert session is not None
    saturday, sunday = (slot.starts for slot in session.slots)
    other = replace(PERSON, id="2")
    for person, slot in ((PERSON, saturday), (other, saturday), (PERSON, sunday)):
        await week.notebook.catchup.vote(PLACE, session.key, person, slot, week.clock.now())
    week.clock.moment = saturday + timedelta(hours=1)
    await week.weekly.deliver()
    assert week.network.posts[-1].reply is not None
    assert "We catch up on [Sun 18 Oct 2026, 11:00" in week.network.posts[-1].reply.text

"""A whole week on Discord: the bot in its own process, killed in the middle of it; the clock is set by hand."""

import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.bot.platforms.discord.sight import listed, shown
from tests.bot.platforms.week_process import Process
from tests.fakes.discord import Channel, Fault, Interaction, Message, Site, User, serve
from tests.fakes.discord.permissions import MANAGE_GUILD

MINUTES_AWAY = 2
"""A process that dies keeps its right to speak for a minute (`bot.lease`)."""
SLOTS = ("Sat 5 Dec, 17:00 (Australia/Sydney)", "Sun 6 Dec, 11:00 (Australia/Sydney)")
WRITTEN = (0, 19, 20)
"""Kinds of messages that somebody wrote: messages, replies, and answers to commands."""


@dataclass(kw_only=True)
class Week(Process):
    """The server, its people, and the bot's process."""

    site: Site
    home: Channel
    ada: User
    bob: User
    cleo: User
    asked: list[Message] = field(default_factory=list[Message])
    used: list[Interaction] = field(default_factory=list[Interaction])
    cut: Interaction | None = None
    """A command that the power cut may have left without an answer: Discord tells of it only once."""

    def thread(self, number: int) -> Channel | None:
        """The thread of a week."""
        found = self.site.threads(self.home)
        return found[number - 1] if len(found) >= number else None

    def opened(self, number: int) -> tuple[Channel, Message]:
        """The thread of a week, and the message above it."""
        thread = self.thread(number)
        assert thread is not None, self.said()
        return thread, self.site.tables.messages[thread.id]

    def pinned(self, number: int) -> Callable[[], object]:
        """Whether a week's thread is open, and it alone is pinned."""
        return lambda: (thread := self.thread(number)) and [each.id for each in self.pins] == [thread.id]

    @property
    def pins(self) -> list[Message]:
        """What is pinned."""
        return self.site.pins(self.home)

    def say(self, who: User, text: str, where: Channel) -> Message:
        """Somebody asks something."""
        self.asked.append(self.site.say(where, who, text))
        return self.asked[-1]

    def slash(self, who: User, where: Channel, path: str, **values: object) -> Interaction:
        """Somebody uses a command."""
        self.used.append(self.site.slash(where, who, path, values))
        return self.used[-1]

    def ours(self) -> list[Message]:
        """The bot's messages, for everybody to see."""
        places = [self.home, *self.site.threads(self.home)]
        found = (each for place in places for each in self.site.messages(place))
        return [each for each in found if each.author is self.site.bot and each.kind in WRITTEN]

    def answers(self, message: Message) -> list[Message]:
        """The replies to a message."""
        return [each for each in self.ours() if each.reference == message.id]

    def books(self) -> list[tuple[str, str]]:
        """What the bot believes to have said: keys, and the ids of the messages."""
        with closing(sqlite3.connect(self.folder / "var/study-group.db")) as database:
            query = "select key, post from written where platform = 'discord' and place != 'events'"
            return database.execute(query).fetchall()

    def post(self, kind: str) -> Message | None:
        """The message of that kind which was announced last."""
        posts = [int(post) for key, post in self.books() if f"/{kind}/" in key and post]
        return self.site.tables.messages[max(posts)] if posts else None

    def starts(self) -> list[str]:
        """When the events in the server's list begin."""
        return sorted(each.starts_at.isoformat() for each in self.site.events)

    def comes_back(self, minutes: int = MINUTES_AWAY) -> None:
        """The power is on again, some minutes later."""
        self.set_to(self.now() + timedelta(minutes=minutes))
        self.start()


def read(site: Site, home: Channel) -> str:
    """The server as a reader sees it."""
    return "\n\n".join(
        [shown(site, home), *(shown(site, each) for each in site.threads(home)), listed(site.events)]
    )


async def test_a_week_on_discord(tmp_path: Path) -> None:
    """Opened, asked, killed, moved, reminded, voted, and opened again: everything once, and nothing missing."""
    site = Site()
    async with serve(site) as server:
        home = site.channel("reading-group")
        week = Week(
            tmp_path,
            {
                "DISCORD_TOKEN": site.token,
                "DISCORD_CHANNEL_ID": str(home.id),
                "DISCORD_API_BASE": server.api,
                "DISCORD_GATEWAY_URL": server.gateway,
            },
            lambda: read(site, home),
            site=site,
            home=home,
            ada=site.user("ada", permissions=MANAGE_GUILD),
            bob=site.user("bob"),
            cleo=site.user("cleo"),
        )
        site.follow(week.now)
        week.set_to("2026-11-25T09:29:00+00:00")
        with week:
            await _opens(week)
            await _asks(week)
            await _dies(week)
            await _presses(week)
            await _moves(week)
            await _reminds(week)
            await _goes_on(week)
            await _votes(week)
            await week.until(lambda: all(post for _, post in week.books()), "the last thing that was begun")
        sys.stdout.write(f"\n{read(site, home)}\n")  # pytest -s shows a reader's view of it
        _judges(week)


async def _opens(week: Week) -> None:
    """Killed between the week's message and its thread, and while an event is made: there is one of each."""
    event = Fault(what="hang after commit", where="POST /guilds/*/scheduled-events")
    thread = Fault(what="hang", where="POST /channels/*/messages/*/threads")
    week.site.faults += [event, thread]
    await week.until(lambda: not event.times, "an event is made")
    week.set_to("2026-11-25T09:30:05+00:00")
    await week.until(lambda: not thread.times, "the thread is about to be opened")
    week.kill()
    week.comes_back()
    await week.until(week.pinned(1), "the week's thread is opened and pinned")
    opened, first = week.opened(1)
    assert opened.name == "Week 1 · Chapter 8: Collaborative Filtering Deep Dive"
    await week.until(lambda: len(week.site.events) == 2, "the events of both sessions")
    assert week.starts() == ["2026-12-02T07:30:00+00:00", "2026-12-09T07:30:00+00:00"]
    assert f"<t:{_seconds('2026-12-02T07:30:00+00:00')}:F>" in first.content


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


async def _asks(week: Week) -> None:
    thread, first = week.opened(1)
    similar = week.say(week.bob, "Let us see.\n\n!similar Terminator", thread)
    question = week.say(week.ada, "!q Why is y_range 5.5?", thread)
    week.say(week.bob, "!link https://example.org/embeddings a good read", week.home)
    for message in week.asked:
        await week.until(lambda message=message: week.answers(message), f"an answer to {message.content!r}")
    (answer,) = week.answers(similar)
    assert re.search(r"^Alien \(1979\) +0.62 +291$", answer.content, re.M)
    (picture,) = answer.attachments
    assert (picture.description or "").startswith("Bar chart: Terminator 2: ")
    assert picture.data.startswith(b"\x89PNG")
    assert not week.answers(question)[0].mentions_sent
    used = week.slash(week.cleo, thread, "similar", title="Fargo", count=3)
    asked = week.slash(week.cleo, thread, "q")
    await week.until(lambda: used.messages and asked.modal, "an answer to /similar, and a form for /q")
    assert used.messages[0].attachments[0].description
    week.used.remove(asked)
    week.used.append(week.site.submit(asked, week.cleo, {"text": "And why a sigmoid?"}))
    await week.until(lambda: week.used[-1].messages, "an answer to the form")
    week.set_to("2026-11-26T09:00:00+00:00")
    await week.until(lambda: "a good read" in first.content, "the first message shows the link")


async def _dies(week: Week) -> None:
    """Killed while it answers; what was asked while it was dead is asked, too."""
    thread, _ = week.opened(1)
    asked = [week.say(week.bob, f"!kernel topedge at={row},7", thread) for row in (5, 6, 7)]
    week.cut = week.slash(week.cleo, thread, "kernel", kernel="outline", image="7")
    await week.until(lambda: any(week.answers(message) for message in asked), "the first answer after a burst")
    week.kill()
    asked.append(week.say(week.ada, f"{week.site.bot.mention} kernel topedge at=5,8", thread))
    week.site.edit(asked[0], "!kernel topedge at=5,7 image=7")
    week.comes_back()
    for message in asked:
        await week.until(lambda message=message: week.answers(message), f"an answer to {message.content!r}")
    assert "sum = " in week.answers(asked[3])[0].content
    await week.until(lambda: "our own 7" in week.answers(asked[0])[0].content, "the answer to a changed question")


async def _presses(week: Week) -> None:
    """A button of a message that an earlier process wrote still means the same."""
    (answer,) = week.answers(week.asked[1])
    (button,) = answer.components[0]["components"]
    assert button["label"] == "all questions"
    week.used.append(week.site.press(answer, week.cleo, button["custom_id"]))
    await week.until(lambda: week.used[-1].messages, "an answer to a button")
    assert "y\\_range" in week.used[-1].text


async def _moves(week: Week) -> None:
    thread, first = week.opened(1)
    moved = week.slash(week.ada, thread, "session move", day="2 Dec", to="1 Dec 19:00")
    then = f"<t:{_seconds('2026-12-01T08:00:00+00:00')}:F>"
    await week.until(lambda: moved.messages, "an answer to /session move")
    assert then in moved.text
    await week.until(lambda: week.post("changed"), "the thread is told of the new time")
    week.set_to(week.now() + timedelta(hours=2))
    await week.until(lambda: then in first.content, "the first message says the new time")
    await week.until(lambda: week.starts()[0] == "2026-12-01T08:00:00+00:00", "the event begins at the new time")


async def _reminds(week: Week) -> None:
    """Killed after a reminder was said, and before the bot heard that it was: it is not said again."""
    for kind, moment, minutes in (
        ("remind-week", "2026-11-28T06:00:05+00:00", 0),
        ("remind-day", "2026-11-30T08:00:05+00:00", MINUTES_AWAY),
        ("remind-hour", "2026-12-01T07:00:05+00:00", 10),  # by then Discord has forgotten the nonce
        ("remind-soon", "2026-12-01T07:50:05+00:00", 0),
    ):
        if minutes:
            week.site.faults.append(Fault(what="hang after commit", where="POST /channels/*/messages"))
        week.set_to(moment)
        if minutes:
            fault = week.site.faults[-1]
            await week.until(lambda fault=fault: not fault.times, f"{kind} is said")
            week.kill()
            week.comes_back(minutes)
        await week.until(lambda kind=kind: week.post(kind), kind)
        said = week.post(kind)
        assert said is not None
        assert said.channel is week.thread(1)
        assert f"<t:{_seconds('2026-12-01T08:00:00+00:00')}:" in said.content


async def _goes_on(week: Week) -> None:
    """The session is over; the next week opens in the place of this one."""
    week.set_to("2026-12-01T09:35:00+00:00")
    await week.until(lambda: week.post("leftovers"), "leftovers")
    week.kill()
    week.set_to("2026-12-01T23:00:05+00:00")
    week.start()
    await week.until(lambda: week.post("questionnaire"), "the questionnaire")
    week.set_to("2026-12-02T09:30:05+00:00")
    await week.until(week.pinned(2), "the next week's thread is opened, and pinned in the place of this one")
    assert str(week.opened(1)[0].id) in week.opened(2)[1].content  # a link to what was said last week


async def _votes(week: Week) -> None:
    week.set_to("2026-12-04T23:00:05+00:00")
    await week.until(lambda: week.post("catchup"), "the proposal")
    proposal = week.post("catchup")
    assert proposal is not None
    assert proposal.channel is week.thread(2)
    assert proposal.poll is not None
    assert tuple(proposal.poll.answers.values()) == SLOTS
    for who, answer in ((week.bob, 1), (week.bob, 2), (week.cleo, 2)):
        week.site.vote(proposal, who, answer)
    week.set_to("2026-12-05T04:00:05+00:00")
    await week.until(lambda: week.post("catchup-voted"), "when the catch-up is")
    said = week.post("catchup-voted")
    assert said is not None
    assert re.search(rf"<t:{_seconds('2026-12-06T00:00:00+00:00')}:F>.*that suits 2 of you", said.content)


def _judges(week: Week) -> None:
    """Every key once, every command one answer, and nothing said that is not in the books."""
    assert week.cut is not None
    cut = {each.id for each in week.cut.messages}
    books = [(key, int(post)) for key, post in week.books() if int(post) not in cut]
    assert [key for key, times in Counter(key for key, _ in books).items() if times > 1] == []
    assert Counter(post for _, post in books) == Counter(each.id for each in week.ours() if each.id not in cut)
    assert [(each.content, len(week.answers(each))) for each in week.asked if len(week.answers(each)) != 1] == []
    assert [each.data for each in week.used if len(each.messages) != 1 and each is not week.cut] == []
    assert len(week.site.events) == len({each.name for each in week.site.events})
    assert week.site.token not in week.log
    assert "Traceback" not in week.log, week.log

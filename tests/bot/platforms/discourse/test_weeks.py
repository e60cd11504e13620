"""A week's topic: its title, its tags, its pin, and the polls in it."""

from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.database import Database
from bot.errors import Refused, Retryable, Unsendable
from bot.values import Choice, Reply
from tests.bot.platforms.contract import Desk
from tests.bot.platforms.discourse.forum import START, Forum
from tests.bot.platforms.discourse.scenes import playing, quiet
from tests.fakes.discourse import Fault

AGENDA = Reply(text="What we read and watch in this week.")


@pytest.fixture
async def forum(database: Database) -> AsyncGenerator[Forum]:
    """A forum with ada and the bot in it."""
    async with playing(database) as made:
        yield made


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Week 8", "Week 8 · our study group"),
        ("8", "8 · our study group"),
        ("week 8:  a talk about  layers!!!!", "Week 8: a talk about layers!"),
        ("W" + "eek 8 of the book " * 30, None),
    ],
    ids=["short", "tiny", "untidy", "long"],
)
async def test_a_title_is_made_to_fit(forum: Forum, title: str, shown: str | None) -> None:
    """A title too short, too long or untidy opens the topic, and another try with it opens no second one."""
    platform = await forum.start(Desk())
    opened = await platform.open(forum.weeks, title, AGENDA, key="open/8")
    assert await platform.open(forum.weeks, title, AGENDA, key="open/8") == opened
    [made] = forum.weekly()
    assert shown is None or made.title == shown
    assert len(made.title) <= 255


async def test_the_forums_own_lengths_of_a_title_are_kept(forum: Forum) -> None:
    """An admin may ask for more than fifteen characters, and allow fewer than 255."""
    forum.site.settings |= {"min_topic_title_length": 40, "max_topic_title_length": 60}
    platform = await forum.start(Desk())
    await platform.open(forum.weeks, "Week 8", AGENDA, key="open/8")
    await forum.clock.sleep(60)
    await platform.open(forum.weeks, "Week 9: " + "a word " * 30, AGENDA, key="open/9")
    assert [40 <= len(each.title) <= 60 for each in forum.weekly()] == [True, True]


async def test_a_title_that_is_taken_has_the_date_added(forum: Forum) -> None:
    """Last year's topic of that title does not keep this year's from being opened."""
    forum.site.begin(
        forum.ada, "Week 8: the talk, at last", "A topic of last year's group.", category=forum.category
    )
    platform = await forum.start(Desk())
    await platform.open(forum.weeks, "Week 8: the talk, at last", AGENDA, key="open/8")
    assert [each.title for each in forum.weekly()] == ["Week 8: the talk, at last (2026-11-25)"]


@pytest.mark.parametrize("tags", ["objects", "strings"])
async def test_tags_are_written_as_the_forum_wants_them(database: Database, tags: str) -> None:
    """The week's topic has its tags on a forum of today, and on one of some years ago."""
    async with playing(
        database, settings={"trust_to_create_tag": 0}, tags=tags, labels=("week", "book-club")
    ) as forum:
        platform = await forum.start(Desk())
        await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
        assert [set(each.tags) for each in forum.weekly()] == [{"week", "book-club"}]


@pytest.mark.parametrize(
    "what", ["502 after commit", "truncated after commit", "reset after commit", "502 before"]
)
async def test_a_week_is_opened_once_whatever_is_lost(forum: Forum, what: str) -> None:
    """A topic of which we were not told is found by its external id; no second is opened."""
    forum.site.faults.append(Fault(what=what, method="POST", path="/posts", times=5))
    platform = await forum.start(Desk())
    for _ in range(4):
        with suppress(Retryable):  # tried again, as the outbox does
            await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
    assert len(forum.weekly()) == 1


async def test_an_external_id_that_is_taken_is_the_week(forum: Forum) -> None:
    """A bot whose books are lost finds the topic that it opened, by the forum's own."""
    platform = await forum.start(Desk())
    opened = await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
    await forum.ledger.forget(forum.weeks.id, "open/8")
    assert await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8") == opened
    assert len(forum.weekly()) == 1


async def test_a_pin_twice_is_once_and_is_taken_away(forum: Forum) -> None:
    """The second pin asks nothing of the forum and writes no line into the topic."""
    platform = await forum.start(Desk())
    opened = await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
    for pinned in (True, True, False, False):
        await platform.pin(opened, pinned=pinned)
        assert await forum.pinned() == (["Week 8: the talk"] if pinned else [])
    assert sum(each.path.endswith("/status.json") for each in forum.site.requests) == 2


@pytest.mark.parametrize("close_old", [True, False])
async def test_an_old_week_is_closed_if_the_group_wants_it(database: Database, close_old: bool) -> None:
    """Unpinned and, with `close_old`, closed; pinned again it is open again."""
    async with playing(database, close_old=close_old) as forum:
        platform = await forum.start(Desk())
        opened = await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
        states: list[tuple[bool, bool]] = []
        for pinned in (True, False, True):
            await platform.pin(opened, pinned=pinned)
            states.append((forum.weekly()[0].closed, bool(await forum.pinned())))
        assert states == [(False, True), (close_old, False), (False, True)]


async def test_a_pin_without_rights_is_refused_with_a_sentence(forum: Forum) -> None:
    """It says what would help; the topic stands all the same."""
    forum.site.groups["bots"].members.clear()
    platform = await forum.start(Desk())
    opened = await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
    with pytest.raises(Refused, match="moderating group"):
        await platform.pin(opened, pinned=True)
    assert len(forum.weekly()) == 1


async def test_a_week_that_was_deleted_is_not_pinned(forum: Forum) -> None:
    """There is nothing to pin: given up, and no other week is stopped by it."""
    forum.site.groups["bots"].members.clear()
    platform = await forum.start(Desk())
    opened = await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
    forum.site.remove(forum.weekly()[0])
    with pytest.raises(Unsendable):
        await platform.pin(opened, pinned=False)


async def test_a_week_is_not_opened_in_a_category_that_is_gone(forum: Forum) -> None:
    """It is Refused, with the category's number: an admin has to know."""
    platform = await forum.start(Desk())
    weeks = forum.weeks
    forum.site.drop_category(forum.category)
    with pytest.raises(Refused, match=f"category {forum.category.id}") as refused:
        await platform.open(weeks, "Week 8: the talk", AGENDA, key="open/8")
    assert not isinstance(refused.value, Unsendable)


POLL = Reply(
    text="When do we meet?",
    choices=tuple(Choice(label=day, command=f"vote {day}") for day in ("Monday", "Tuesday", "Friday")),
    vote=START + timedelta(days=2),
)


async def test_votes_come_out_in_the_order_of_the_choices(forum: Forum) -> None:
    """Several people, several choices each; nobody is lost or moved, after the poll is closed too."""
    bob = forum.site.user("bob")
    platform = await forum.start(Desk())
    made = await platform.post(forum.place, POLL, key="poll")
    post = forum.ours()[0]
    forum.site.vote(forum.ada, post, "vote", ["Friday", "Monday"])
    forum.site.vote(bob, post, "vote", ["Friday"])
    wanted = [["ada"], [], ["ada", "bob"]]
    assert [sorted(person.name for person in each) for each in await platform.votes(made)] == wanted
    post.polls["vote"].closed = True
    assert [sorted(person.name for person in each) for each in await platform.votes(made)] == wanted


async def test_a_poll_that_an_edit_took_away_has_no_votes(forum: Forum) -> None:
    """Nothing is made up, and nothing breaks."""
    platform = await forum.start(Desk())
    made = await platform.post(forum.place, POLL, key="poll")
    await platform.edit(made, Reply(text="We meet on Friday, that is settled."))
    assert list(await platform.votes(made)) == []


async def test_a_poll_that_waits_for_a_moderator_is_waited_for(forum: Forum) -> None:
    """Its number is needed for its votes: until it is approved, posting it is Retryable; then it is that post."""
    platform = await forum.start(Desk())
    forum.site.approval.add(forum.category.id)
    with pytest.raises(Retryable, match="moderator"):
        await platform.post(forum.place, POLL, key="poll")
    made = forum.site.approve(forum.site.queue[0])
    await quiet(forum, 100)
    assert (await platform.post(forum.place, POLL, key="poll")).id == str(made.id)

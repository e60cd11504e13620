"""A thread that is open, and a session that is moved or called off since: the thread says so, once."""

from collections.abc import AsyncGenerator
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.platforms.in_memory import InMemory, Network
from bot.programme import Changes
from scheduler.owed import State
from tests.bot.test_weekly import ByHand, Week

DAY = date(2026, 10, 14)


@pytest.fixture
async def forum(tmp_path: Path) -> AsyncGenerator[Week]:
    """A group whose first week's thread is open."""
    made = Week(tmp_path, Network(threads=True), ByHand())
    await made.until("2026-10-12T12:00+00:00")
    yield made
    await made.database.close()


def first(week: Week) -> str:
    """The first post of the first thread."""
    return next(post.reply.text for post in week.network.posts if "10-14/open/" in post.key and post.reply)


def news(week: Week) -> list[str]:
    """What was said of changes, in that thread."""
    thread = next(post.place for post in week.network.posts if "10-14/open/" in post.key)
    return [
        post.reply.text
        for post in week.network.posts
        if "/changed/" in post.key and post.place == thread
        if post.reply
    ]


async def changes(week: Week, changed: Changes) -> None:
    """An admin's change, and what it says at once."""
    await week.weekly.agenda.change(lambda _before: changed, week.clock.now())
    await week.weekly.deliver()


@pytest.mark.parametrize(
    "changed",
    [Changes().skipping(DAY), Changes().cancelling(DAY), Changes().pausing(date(2026, 10, 13))],
    ids=["skipped", "cancelled", "paused"],
)
async def test_a_thread_says_that_nobody_meets(forum: Week, changed: Changes) -> None:
    """Its first post and a post below, once each; what comes next is named, if anything does."""
    await changes(forum, changed)
    await forum.weekly.refresh()
    await forum.weekly.deliver()
    gone = "**We do not meet on [Wed 14 Oct 2026, 18:30 (Europe/Berlin)]"
    following = "Next time: **Chapter 1: Beginnings**, [Wed 21 Oct 2026, 18:30"
    (said,) = news(forum)
    for text in (said, first(forum)):
        assert text.startswith(gone)
        assert (following in text) == (changed.paused is False)
    await changes(forum, Changes())
    assert news(forum)[1].startswith("**We meet after all**, on [Wed 14 Oct 2026, 18:30")
    assert "We meet on [Wed 14 Oct 2026, 18:30" in first(forum)


async def test_a_thread_says_where_its_session_went(forum: Week) -> None:
    """The first post has the new time at once, and whoever follows the thread is told."""
    to = datetime.fromisoformat("2026-10-15 19:00")
    await changes(forum, Changes().moving(DAY, to))
    (said,) = news(forum)
    assert said.startswith("**The session is moved**: we meet on [Thu 15 Oct 2026, 19:00")
    assert "and not on [Wed 14 Oct 2026, 18:30" in said
    assert "We meet on [Thu 15 Oct 2026, 19:00" in first(forum)


async def test_what_is_not_open_yet_is_not_told(forum: Week) -> None:
    """The next week's thread begins with the new time; what was taken back before it was said is not said."""
    agenda, now = forum.weekly.agenda, forum.clock.now()
    to = datetime.fromisoformat("2026-10-22 19:00")
    await agenda.change(lambda changes: changes.moving(date(2026, 10, 21), to), now)
    await agenda.change(lambda changes: changes.skipping(DAY), now)
    await agenda.change(lambda changes: changes.adding(datetime.fromisoformat("2026-10-14 18:30")), now)
    await forum.weekly.deliver()
    assert len(news(forum)) == 1
    assert "after all" in news(forum)[0]
    (moot,) = await forum.weekly.deliveries.list(State.DROPPED)
    assert moot.error == "it is held as it was planned"


async def test_a_try_that_broke_off_is_not_said_again(forum: Week) -> None:
    """The answer got lost after the post was made: the next try finds it in its thread."""
    dying = True

    class Dying(InMemory):
        async def edit(self, post: object, reply: object) -> None:
            nonlocal dying
            if dying:
                dying = False
                raise RuntimeError("the process dies here")

    forum.platform = Dying(forum.network, now=forum.clock.now)
    await changes(forum, Changes().skipping(DAY))
    forum.clock.moment = datetime.fromisoformat("2026-10-12T12:02+00:00")
    await forum.weekly.look()
    await forum.weekly.deliver()
    assert len(news(forum)) == 1
    assert not await forum.weekly.deliveries.list(State.OWED, series="book-changes")

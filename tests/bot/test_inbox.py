"""No post is answered twice."""

from pathlib import Path

from bot.database import Database, connect
from bot.inbox import Inbox, Settled
from bot.values import PostRef
from tests.bot.conftest import NOW, THREAD

POST, REPLY = PostRef(place=THREAD, id="7"), PostRef(place=THREAD, id="8")


async def test_a_settled_post_stays_settled_after_a_restart(tmp_path: Path) -> None:
    """What was answered, and what needed no answer, is known to the next process."""
    url = f"sqlite:///{tmp_path / 'group.db'}"
    first = connect(url)
    await Inbox(first).settle(POST, REPLY, NOW)
    await Inbox(first).settle(REPLY, None, NOW)
    await first.close()
    second = connect(url)
    assert await Inbox(second).done(POST)
    assert await Inbox(second).done(REPLY)
    assert not await Inbox(second).done(PostRef(place=THREAD, id="9"))
    await second.close()


async def test_settling_twice_is_harmless(database: Database) -> None:
    """The second time changes nothing: a reply stays the reply. A post without one may get one later."""
    inbox = Inbox(database)
    assert await inbox.settled(POST) is None
    await inbox.settle(POST, None, NOW)
    assert await inbox.settled(POST) == Settled(reply=None)
    for reply in (REPLY, None):
        await inbox.settle(POST, reply, NOW)
        assert await inbox.settled(POST) == Settled(reply="8")

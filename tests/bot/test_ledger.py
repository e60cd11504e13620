"""What a platform has heard and said, across restarts."""

from dataclasses import replace
from datetime import timedelta

from bot.correspondence import Heard, Written
from bot.database import Database
from bot.ledger import Ledger
from tests.bot.conftest import NOW

POST = Heard(post="7", version=1, line="!help", at=NOW)


async def test_a_post_waits_until_it_is_done_with(database: Database) -> None:
    """Read twice, it is new once; the next process finds it waiting, until the handler returned for it."""
    ledger = Ledger(database, "forum")
    assert await ledger.hear([POST], name="posts", cursor=7) == [POST]
    assert await ledger.hear([POST], name="posts", cursor=8) == []
    again = Ledger(database, "forum")
    assert await again.cursor("posts") == 8
    (waits,) = await again.waiting()
    assert (waits.post, waits.version, waits.revised) == ("7", 1, False)
    await again.done(waits)
    assert await again.waiting() == []
    assert await again.hear([POST]) == []
    assert await Ledger(database, "elsewhere").cursor("posts") is None


async def test_what_was_read_furthest_is_named_first(database: Database) -> None:
    """Of those whose names begin so, and of one's own platform alone."""
    ledger = Ledger(database, "forum")
    for name, cursor in (("a/1", 5), ("a/2", 9), ("a/3", 7), ("a_4", 99), ("b/5", 99)):
        await ledger.hear([], name=name, cursor=cursor)
    await Ledger(database, "elsewhere").hear([], name="a/6", cursor=99)
    assert await ledger.cursors("a/", 2) == ["a/2", "a/3"]


async def test_an_edit_counts_when_the_command_changed(database: Database) -> None:
    """The same command in a new version is nothing new; another one is revised, once the first was done with."""
    ledger = Ledger(database, "forum")
    await ledger.hear([POST])
    assert await ledger.hear([replace(POST, version=2, line="!kernels")]) == [
        replace(POST, version=2, line="!kernels", revised=False)
    ]
    (waits,) = await ledger.waiting()
    await ledger.done(waits)
    assert await ledger.hear([replace(POST, version=3, line="!kernels")]) == []
    changed = replace(POST, version=4, line="!week")
    assert await ledger.hear([changed]) == [replace(changed, revised=True)]
    assert await ledger.hear([replace(POST, version=2, line="!late")]) == []
    (waits,) = await ledger.waiting()
    assert (waits.version, waits.revised) == (4, True)


async def test_a_post_that_changed_while_it_was_answered_waits_on(database: Database) -> None:
    """What the handler returned for was the earlier version."""
    ledger = Ledger(database, "forum")
    await ledger.hear([POST])
    (first,) = await ledger.waiting()
    await ledger.hear([replace(POST, version=2, line="!week")])
    await ledger.done(first)
    assert [(each.version, each.revised) for each in await Ledger(database, "forum").waiting()] == [(2, True)]


async def test_what_is_said_is_written_down_first(database: Database) -> None:
    """A second try gets the very body of the first; what has arrived keeps its post, and not its text."""
    ledger = Ledger(database, "forum")
    first = await ledger.intend("topic/1", "re/7", ["one", "two"], NOW)
    assert first == [Written(part=0, body="one", fresh=True), Written(part=1, body="two", fresh=True)]
    again = await Ledger(database, "forum").intend("topic/1", "re/7", ["other"], NOW)
    assert again == [Written(part=0, body="one"), Written(part=1, body="two")]
    await ledger.wrote("topic/1", "re/7", 0, "topic/1", "99")
    assert await ledger.said("topic/1", "re/7") == [
        Written(part=0, body="", thread="topic/1", post="99"),
        Written(part=1, body="two"),
    ]
    assert await ledger.said("topic/2", "re/7") == []
    assert (await ledger.key("99"), await ledger.key("98")) == ("re/7", None)


async def test_a_key_is_free_again_when_its_post_is_gone(database: Database) -> None:
    """Deleted by a moderator, or refused: the next time it is written anew."""
    ledger = Ledger(database, "forum")
    await ledger.intend("topic/1", "links", ["one"], NOW)
    await ledger.wrote("topic/1", "links", 0, "topic/1", "99")
    await ledger.gone("99")
    assert (await ledger.intend("topic/1", "links", ["anew"], NOW))[0].fresh
    await ledger.forget("topic/1", "links")
    assert await ledger.said("topic/1", "links") == []


async def test_old_posts_are_forgotten(database: Database) -> None:
    """But not those that wait."""
    ledger = Ledger(database, "forum")
    await ledger.hear([POST, replace(POST, post="8"), replace(POST, post="9", at=NOW + timedelta(days=9))])
    for post in await ledger.waiting():
        if post.post != "8":
            await ledger.done(post)
    assert await ledger.prune(NOW + timedelta(days=7)) == 1
    assert [each.post for each in await ledger.waiting()] == ["8"]

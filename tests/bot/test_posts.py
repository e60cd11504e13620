"""The thread's posts outlive the process, and a key makes one post."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.database import Database, connect
from bot.errors import Refused, Retryable
from bot.posts import PAGE, Posts
from bot.values import Choice, Image, Reply, Table
from tests.bot.conftest import NOW

REPLY = Reply(
    text="Two films:",
    table=Table(columns=("film", "stars"), rows=(("Fargo (1996)", 4.5), ("Alien (1979)", 4))),
    images=(Image(plot="bars", data={"values": [4.5, 4]}, alt="two bars"),),
    choices=(Choice(label="Fargo", command="!movie Fargo"),),
)
LATER = NOW + timedelta(seconds=3)


async def test_a_thread_outlives_the_process(tmp_path: Path) -> None:
    """What was said, answered and changed is there for the next process, as it was."""
    url = f"sqlite:///{tmp_path / 'group.db'}"
    first = connect(url)
    said, new = await Posts(first).say("local", "!similar Terminator", NOW, key="12345678")
    answer = await Posts(first).reply(Reply(text="wait"), NOW, key="re/1", answers=said.id)
    changed = await Posts(first).edit(answer.id, REPLY, LATER)
    await first.close()
    second = connect(url)
    assert new
    assert await Posts(second).latest() == [said, changed]
    assert (said.author, said.text, said.reply, said.at) == ("local", "!similar Terminator", None, NOW)
    assert (changed.reply, changed.answers, changed.at, changed.edited) == (REPLY, said.id, NOW, LATER)
    await second.close()


async def test_a_key_makes_one_post(database: Database) -> None:
    """The first post of a key stays, also when many come at once, and is found by it."""
    posts = Posts(database)
    said = await asyncio.gather(*(posts.say("local", f"try {n}", NOW, key="12345678") for n in range(5)))
    assert len({post.id for post, _ in said}) == 1
    assert [new for _, new in said].count(True) == 1
    replies = await asyncio.gather(*(posts.reply(Reply(text=str(n)), NOW, key="re/1") for n in range(5)))
    assert len(set(replies)) == 1
    assert await posts.under("re/1") == replies[0]
    assert await posts.under("re/2") is None


async def test_a_person_cannot_take_the_bots_key(database: Database) -> None:
    """Keys of people and of the bot are apart: a post called like an answer does not stand in its way."""
    posts = Posts(database)
    await posts.say("local", "mine", NOW, key="re/1")
    assert await posts.under("re/1") is None
    assert (await posts.reply(REPLY, NOW, key="re/1")).reply == REPLY


async def test_only_the_bots_posts_are_edited(database: Database) -> None:
    """A person's words, and posts that do not exist, stay as they are."""
    posts = Posts(database)
    said, _ = await posts.say("local", "mine", NOW, key="12345678")
    for number in (said.id, 99):
        with pytest.raises(Refused):
            await posts.edit(number, REPLY, NOW)
    assert await posts.get(said.id) == said
    assert await posts.get(99) is None


async def test_an_answer_needs_its_question(database: Database) -> None:
    """An answer to a post that does not exist is refused."""
    with pytest.raises(Refused):
        await Posts(database).reply(REPLY, NOW, key="re/1", answers=99)


async def test_pages_show_every_post_once(database: Database) -> None:
    """Walked backwards or forwards, the thread is whole and in order."""
    posts = Posts(database)
    for number in range(PAGE + 20):
        await posts.say("local", str(number), NOW, key=f"key-{number}")
    everything = [str(number) for number in range(PAGE + 20)]
    newest = await posts.latest()
    assert len(newest) == PAGE
    older = await posts.latest(before=newest[0].id)
    assert [post.text for post in older + newest] == everything
    assert await posts.latest(before=older[0].id) == []
    first = await posts.after(0)
    assert [post.text for post in first + await posts.after(first[-1].id)] == everything


async def test_what_nothing_answers_is_found(database: Database) -> None:
    """Of the posts since a moment, those of people without an answer, oldest first, however many there are."""
    posts = Posts(database)
    assert await posts.unanswered(NOW) == []
    await posts.say("local", "last week's", NOW - timedelta(days=7), key="key-old")
    said = [(await posts.say("local", str(n), NOW, key=f"key-{n}"))[0] for n in range(4)]
    await posts.reply(REPLY, NOW, key="re/1", answers=said[1].id)
    await posts.reply(REPLY, NOW, key="reminder")
    assert await posts.unanswered(NOW - timedelta(days=1)) == [said[0], said[2], said[3]]
    many = [(await posts.say("local", str(n), NOW, key=f"more-{n}"))[0] for n in range(120)]
    assert await posts.unanswered(NOW) == [said[0], said[2], said[3], *many]


async def test_a_database_that_fails_may_be_tried_again(database: Database) -> None:
    """Errors of the database come as `Retryable`: the caller knows platforms, not SQL."""
    posts = Posts(database)
    await posts.say("local", "before", NOW, key="12345678")
    async with database.write() as connection:
        await connection.exec_driver_sql("ALTER TABLE posts RENAME TO elsewhere")
    with pytest.raises(Retryable):
        await posts.latest()
    with pytest.raises(Retryable):
        await posts.reply(REPLY, NOW, key="re/1")

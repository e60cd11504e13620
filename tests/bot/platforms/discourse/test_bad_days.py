"""Bad days of a forum: each has its sentence, nothing is lost by it and nothing said twice."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path

import pytest

from bot.database import Database
from tests.bot.platforms.discourse.forum import Forum, serve
from tests.bot.platforms.discourse.scenes import Clerk, answers, playing, quiet, unserved, until
from tests.fakes.discourse import Fault


@pytest.fixture
async def forum(database: Database) -> AsyncGenerator[Forum]:
    """A forum with ada and the bot in it."""
    async with playing(database) as made:
        yield made


async def test_a_wrong_key_is_told_and_a_right_one_answers_what_was_asked(forum: Forum) -> None:
    """With a wrong key nothing works and the trouble is told, and the next start answers."""
    right, forum.key = forum.key, "0" * 64
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: "listening" in forum.troubles)
    assert "403" in forum.troubles["listening"]
    forum.key = right
    await forum.start(clerk)
    await until(lambda: answers(forum, asked.id))
    assert "listening" not in forum.troubles


async def test_a_key_revoked_in_mid_run_loses_nothing(forum: Forum) -> None:
    """The trouble names the refusal; a restart with a new key answers once what was asked in between."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    before = await forum.say("!similar Alien")
    await until(lambda: answers(forum, before.id))
    forum.site.revoke(forum.key)
    asked = await forum.say("!similar Brazil")
    await until(lambda: "listening" in forum.troubles)
    forum.key = forum.site.key(forum.bot)
    await forum.start(clerk)
    await until(lambda: answers(forum, asked.id))
    await quiet(forum)
    assert [len(answers(forum, each.id)) for each in (before, asked)] == [1, 1]


async def test_a_key_revoked_while_an_answer_is_made_loses_nothing(forum: Forum) -> None:
    """A refused answer is no answer given up: the key is at fault, not the post."""
    clerk = Clerk(forum)
    clerk.open.clear()
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: clerk.handed)
    forum.site.revoke(forum.key)
    clerk.open.set()
    await until(lambda: "answering" in forum.troubles)
    assert "403" in forum.troubles["answering"]
    assert not clerk.given_up
    forum.key = forum.site.key(forum.bot)
    await forum.start(clerk)
    await until(lambda: answers(forum, asked.id))


async def test_a_suspended_bot_answers_when_it_is_let_in_again(forum: Forum) -> None:
    """Suspension is told, and over when it is over, without a restart."""
    await forum.start(Clerk(forum))
    forum.site.suspend(forum.bot)
    asked = await forum.say("!similar Alien")
    await until(lambda: "listening" in forum.troubles)
    forum.bot.suspended = False
    await until(lambda: answers(forum, asked.id))
    await until(lambda: "listening" not in forum.troubles)


async def test_a_silenced_bot_answers_when_it_may_speak_again(forum: Forum) -> None:
    """A silenced account reads but may not write; that is told, and no answer is given up for it."""
    forum.site.silence(forum.bot)
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: clerk.problems)
    await quiet(forum, 100)
    assert not clerk.given_up
    assert "answering" in forum.troubles
    forum.bot.silenced = False
    await until(lambda: answers(forum, asked.id))
    assert len(answers(forum, asked.id)) == 1


@pytest.mark.parametrize("end", ["close", "archive", "remove"])
async def test_a_topic_that_takes_no_more_posts_is_given_up_and_others_go_on(forum: Forum, end: str) -> None:
    """The answer is given up with a sentence, at once; another topic's command is answered."""
    forum.site.groups["bots"].members.clear()  # a moderator may write into a closed topic
    clerk = Clerk(forum)
    clerk.open.clear()
    await forum.start(clerk)
    shut = await forum.say("!similar Alien")
    await until(lambda: clerk.handed)
    getattr(forum.site, end)(forum.topic)
    other = forum.site.begin(forum.ada, "Another topic of the group", "Hello again!", category=forum.category)
    clerk.open.set()
    asked = await forum.say("!similar Brazil", topic=other)
    await until(lambda: answers(forum, asked.id))
    await until(lambda: clerk.given_up == [shut.id])
    assert {"close": "closed", "archive": "archived", "remove": "no longer there"}[end] in clerk.problems[0]


async def test_slow_mode_waits_and_then_says_it(forum: Forum) -> None:
    """In slow mode the second answer comes later, and comes."""
    forum.site.groups["bots"].members.clear()
    await forum.start(Clerk(forum))
    first = await forum.say("!similar Alien")
    await until(lambda: answers(forum, first.id))
    forum.site.slow(forum.topic, 400)
    second = await forum.say("!similar Brazil")
    await until(lambda: "slow mode" in forum.troubles.get("answering", ""))
    await until(lambda: answers(forum, second.id))
    ours = [answers(forum, each.id)[0].created_at for each in (first, second)]
    assert (ours[1] - ours[0]).total_seconds() >= 400
    await until(lambda: "answering" not in forum.troubles)


async def test_a_trouble_of_one_topic_is_told_while_others_are_answered(forum: Forum) -> None:
    """An answer elsewhere does not make it look as if all were well."""
    forum.site.groups["bots"].members.clear()
    await forum.start(Clerk(forum))
    other = forum.site.begin(forum.ada, "Another topic of the group", "Hello again!", category=forum.category)
    first = await forum.say("!similar Alien")
    await until(lambda: answers(forum, first.id))
    forum.site.slow(forum.topic, 100_000)
    await forum.say("!similar Brazil")
    await until(lambda: "answering" in forum.troubles)
    asked = await forum.say("!similar Casablanca", topic=other)
    await until(lambda: answers(forum, asked.id))
    await quiet(forum, 60)
    assert "slow mode" in forum.troubles["answering"]


async def test_a_read_only_forum_is_waited_for(forum: Forum) -> None:
    """During a backup nothing is taken; after it the answer is there, once."""
    await forum.start(Clerk(forum))
    forum.site.read_only = True
    asked = await forum.say("!similar Alien")
    await until(lambda: "read only" in forum.troubles.get("answering", ""))
    forum.site.read_only = False
    await until(lambda: answers(forum, asked.id))
    await quiet(forum)
    assert len(answers(forum, asked.id)) == 1


async def test_a_server_that_restarts_in_a_burst_answers_everybody_once(database: Database) -> None:
    """Ten people ask, the server goes and comes back in the middle: ten answers, one each."""
    async with unserved(database) as forum:
        people = [forum.site.user(f"reader{number}") for number in range(10)]
        async with serve(forum.site, port=forum.server.port):
            await forum.start(Clerk(forum))
            asked = [await forum.say("!similar Alien", by=each) for each in people]
            await until(lambda: len(forum.ours()) >= 2)
        await until(lambda: [each for each in forum.told if "ClientConnectorError" in each])
        async with serve(forum.site, port=forum.server.port):
            await until(lambda: all(answers(forum, each.id) for each in asked))
            await quiet(forum)
            assert [len(answers(forum, each.id)) for each in asked] == [1] * 10


DONE = ("502 after commit", "504 after commit", "500 after commit", "reset after commit", "truncated after commit")


@pytest.mark.parametrize("times", [1, 3, 6], ids=["once", "thrice", "often"])
@pytest.mark.parametrize("what", DONE)
async def test_an_answer_that_arrived_though_nobody_said_so_is_one(forum: Forum, what: str, times: int) -> None:
    """What the forum did without telling us is found, however often that happens in a row."""
    forum.site.faults.append(Fault(what=what, method="POST", path="/posts", times=times))
    await forum.start(Clerk(forum))
    asked = await forum.say("!similar Alien")
    await until(lambda: answers(forum, asked.id))
    await quiet(forum, 350)
    assert len(answers(forum, asked.id)) == 1


async def test_an_answer_whose_confirmation_never_comes_is_one(forum: Forum) -> None:
    """After a timeout the answer is looked for, and not written again."""
    forum.timeout = 0.3
    forum.site.faults.append(Fault(what="hang after commit", method="POST", path="/posts"))
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: clerk.problems)
    await quiet(forum, 350)
    assert len(answers(forum, asked.id)) == 1
    await until(lambda: "answering" not in forum.troubles)


@pytest.mark.parametrize(
    "what",
    ["429 json", "429 text", "429 nginx", "502 before", "503 nginx", "500", "reset", "html", "not json", "403"],
)
@pytest.mark.parametrize("path", ["/posts", "/site/settings", "/t/.*"], ids=["write", "settings", "topic"])
async def test_whatever_a_proxy_says_the_answer_comes_once(forum: Forum, what: str, path: str) -> None:
    """No answer of a proxy or limiter, to reading or writing, loses or doubles a reply."""
    forum.site.faults.append(Fault(what=what, path=path, times=4))
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: answers(forum, asked.id))
    await quiet(forum, 100)
    assert len(answers(forum, asked.id)) == 1
    assert not clerk.given_up


async def test_a_limit_that_lasts_an_hour_is_waited_for_and_told(forum: Forum) -> None:
    """A limit of an hour on writing leaves reading as it is, and the answer comes after it."""
    forum.site.faults.append(Fault(what="429 late", method="POST", path="/posts"))
    await forum.start(Clerk(forum))
    asked = await forum.say("!similar Alien")
    await until(lambda: "429" in forum.troubles.get("answering", ""))
    assert "listening" not in forum.troubles
    await until(lambda: answers(forum, asked.id))
    assert len(answers(forum, asked.id)) == 1


async def test_a_refusal_that_is_remembered_is_outlived(forum: Forum) -> None:
    """The forum repeats a refusal for two minutes, memoised; the answer comes when it would be taken again."""
    forum.site.groups["bots"].members.clear()
    await forum.start(Clerk(forum))
    first = await forum.say("!similar Alien")
    await until(lambda: answers(forum, first.id))
    forum.site.slow(forum.topic, 20)
    second = await forum.say("!similar Brazil")
    await until(lambda: answers(forum, second.id))
    assert len(answers(forum, second.id)) == 1


async def test_a_category_that_is_gone_is_told(forum: Forum) -> None:
    """Its topics take no answers, which is no reason to stop: private messages are answered."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    await forum.say("!similar Alien")
    await until(lambda: len(forum.ours()) == 1)
    forum.site.drop_category(forum.category)
    message = forum.site.message(forum.ada, [forum.bot], "A word with you", "!similar Brazil")
    await until(lambda: [each for each in forum.ours() if each.topic is message])


def renamed(file: Path, table: str, name: str) -> None:
    """Give a table another name: whoever looks for it meets an error at once."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")


async def test_a_database_that_fails_for_a_while_deafens_nobody(forum: Forum) -> None:
    """Books that cannot be written are told; what was said meanwhile is answered when they can be, once."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    first = await forum.say("!similar Alien")
    await until(lambda: answers(forum, first.id))
    file = forum.database.file
    assert file is not None
    await asyncio.to_thread(renamed, file, "heard", "lost")
    asked = await forum.say("!similar Brazil")
    await until(lambda: "books" in forum.troubles.get("listening", ""))
    await asyncio.to_thread(renamed, file, "lost", "heard")
    await until(lambda: answers(forum, asked.id))
    await quiet(forum)
    assert len(answers(forum, asked.id)) == 1


@pytest.mark.parametrize("after", [1, 30, 60, 90])
async def test_a_refusal_that_the_forum_only_repeats_gives_nothing_up(forum: Forum, after: float) -> None:
    """Silenced and let go again within two minutes: the remembered refusal is not taken for a new one."""
    forum.site.silence(forum.bot)
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: clerk.problems)
    await quiet(forum, after)
    forum.bot.silenced = False
    await until(lambda: answers(forum, asked.id))
    assert not clerk.given_up

"""Listening: nothing is lost, nothing handed over twice, and what is not for the bot is left alone."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from bot.database import Database
from bot.values import Incoming, Reply
from tests.bot.platforms.discourse.forum import START, Forum, serve
from tests.bot.platforms.discourse.scenes import Clerk, answers, playing, quiet, unserved, until
from tests.fakes.discourse import Fault, User


@pytest.fixture
async def forum(database: Database) -> AsyncGenerator[Forum]:
    """A forum with ada and the bot in it."""
    async with playing(database) as made:
        yield made


@pytest.fixture(params=["new", "old"])
async def either(request: pytest.FixtureRequest, database: Database) -> AsyncGenerator[Forum]:
    """A forum of today, and one of some years ago."""
    async with playing(database, pages=request.param) as made:
        yield made


async def heard_once(forum: Forum, clerk: Clerk, texts: list[str]) -> None:
    """Exactly these are handed over, in any order."""
    await until(lambda: set(texts) <= set(clerk.texts))
    await quiet(forum)
    assert sorted(clerk.texts) == sorted(texts)


@pytest.mark.parametrize("gap", [0, 55, 300, 900])
async def test_what_was_said_before_a_gap_in_the_numbers_is_found(either: Forum, gap: int) -> None:
    """With the bot down somebody asks, hundreds of numbers go to others, somebody asks again: both are heard."""
    await either.start(Clerk(either))
    first = await either.say("!similar Alien")
    await until(lambda: answers(either, first.id))
    await either.stop()
    asked = [await either.say("!similar Brazil")]
    either.site.skip_ids("post", gap)
    asked.append(await either.say("!similar Casablanca"))
    clerk = Clerk(either)
    await either.start(clerk)
    await heard_once(either, clerk, ["!similar Brazil", "!similar Casablanca"])
    assert [len(answers(either, each.id)) for each in asked] == [1, 1]


async def test_hidden_numbers_at_the_top_end_no_look(either: Forum) -> None:
    """Hundreds of private posts of others, the newest of all, hide nothing older."""
    await either.start(Clerk(either))
    await quiet(either, 60)
    await either.stop()
    await either.say("!similar Brazil")
    bob, eve = either.site.user("bob"), either.site.user("eve")
    talk = either.site.message(bob, [eve], "Between us two", "Nobody else reads this here.")
    for number in range(120):
        either.site.say(bob, f"word {number}", topic=talk)
    clerk = Clerk(either)
    await either.start(clerk)
    await quiet(either, 100)
    await either.say("!similar Casablanca")
    await heard_once(either, clerk, ["!similar Brazil", "!similar Casablanca"])


async def test_a_burst_of_several_pages_is_heard(either: Forum) -> None:
    """Of two hundred and twenty posts written while the bot was down, each is handed over once."""
    await either.start(Clerk(either))
    await quiet(either, 60)
    await either.stop()
    for number in range(220):
        await either.say(f"thought number {number}")
    clerk = Clerk(either)
    await either.start(clerk)
    await heard_once(either, clerk, [f"thought number {number}" for number in range(220)])


async def test_a_first_start_answers_nothing_older_than_a_day(either: Forum) -> None:
    """On a forum with a month of commands, only those of the last day are heard."""
    now = either.clock.now
    for days in range(30, 1, -1):
        either.site.now = lambda days=days: START - timedelta(days=days)
        await either.say(f"!similar Alien {days}")
    either.site.now = lambda: START - timedelta(hours=20)
    await either.say("!similar Brazil")
    either.site.now = now
    clerk = Clerk(either)
    await either.start(clerk)
    await heard_once(either, clerk, ["!similar Brazil"])


async def test_a_long_outage_answers_nothing_older_than_a_day(forum: Forum) -> None:
    """After three days of silence only the last day's commands are answered, and the next ones."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    await quiet(forum, 60)
    await forum.stop()
    await forum.say("!similar Alien")
    forum.clock.ahead += timedelta(days=3)
    await forum.say("!similar Brazil")
    await forum.start(clerk)
    await heard_once(forum, clerk, ["!similar Brazil"])


async def test_a_post_that_is_stored_late_is_heard(forum: Forum) -> None:
    """A number given before others and seen after them is handed over all the same."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    late = forum.site.say(forum.ada, "!similar Alien", topic=forum.topic, late=True)
    await forum.say("!similar Brazil")
    await until(lambda: clerk.texts == ["!similar Brazil"])
    forum.site.appear(late)
    await heard_once(forum, clerk, ["!similar Brazil", "!similar Alien"])


async def test_a_changed_command_is_handed_over_once_more(forum: Forum) -> None:
    """An edit within the first minutes, which keeps the forum's `version`, changes the answer in its place."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: answers(forum, asked.id))
    post = forum.site.all_posts[int(asked.id)]
    forum.site.change(post, "!similar Brazil")
    assert post.version == 1
    await until(lambda: "Brazil" in answers(forum, asked.id)[0].raw)
    await quiet(forum)
    assert [each.revised for each in clerk.handed] == [False, True]
    assert len(answers(forum, asked.id)) == 1


async def test_a_change_that_leaves_the_command_changes_nothing(forum: Forum) -> None:
    """A word more below the command is no new question."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: answers(forum, asked.id))
    forum.site.change(forum.site.all_posts[int(asked.id)], "!similar Alien\n\nThank you in advance.")
    await heard_once(forum, clerk, ["!similar Alien"])


async def test_a_command_changed_while_it_is_answered_is_answered_as_it_is_now(forum: Forum) -> None:
    """Whoever changes a command before its answer arrived sees the answer to the new one, without a restart."""
    clerk = Clerk(forum)
    clerk.open.clear()
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: clerk.handed)
    forum.site.change(forum.site.all_posts[int(asked.id)], "!similar Brazil")
    await quiet(forum, 100)
    clerk.open.set()
    await until(lambda: [each for each in answers(forum, asked.id) if "Brazil" in each.raw])
    assert len(answers(forum, asked.id)) == 1
    assert [each.revised for each in clerk.handed] == [False, True]


async def test_a_post_deleted_before_its_answer_is_left_alone(forum: Forum) -> None:
    """Nobody is answered who took the question back while the bot could not answer."""
    clerk = Clerk(forum)
    forum.site.faults.append(Fault(what="503 nginx", path="/site/settings", times=20))
    await forum.start(clerk)
    asked = await forum.say("!similar Alien")
    await until(lambda: clerk.handed)
    forum.site.delete(forum.site.all_posts[int(asked.id)])
    await quiet(forum, 600)
    other = await forum.say("!similar Brazil")
    await until(lambda: answers(forum, other.id))
    assert not answers(forum, asked.id)
    await quiet(forum)
    assert not await forum.ledger.waiting()


async def test_posts_left_by_the_last_process_hold_nobody_up(forum: Forum) -> None:
    """Of those that waited at the end one is gone, one may no longer be seen; the third is answered."""
    clerk = Clerk(forum)
    clerk.open.clear()
    hidden = forum.site.category("Secret")
    secret = forum.site.begin(
        forum.ada, "A topic that will be hidden", "Hello everybody!", category=forum.category
    )
    gone, unseen = await forum.say("!similar Alien"), await forum.say("!similar Brazil", topic=secret)
    left = await forum.say("!similar Casablanca")
    await forum.start(clerk)
    await until(lambda: len(clerk.handed) >= 3)
    stopping = asyncio.create_task(forum.stop())
    await quiet(forum, 10)
    clerk.open.set()
    forum.site.faults.append(Fault(what="502 before", method="POST", path="/posts", times=20))
    await stopping
    forum.site.faults.clear()
    forum.site.delete(forum.site.all_posts[int(gone.id)])
    secret.category, hidden.levels["everyone"] = hidden, 9
    again = Clerk(forum)
    await forum.start(again)
    new = await forum.say("!similar Dune")
    await until(lambda: answers(forum, new.id) and answers(forum, left.id))
    assert not answers(forum, unseen.id)


async def test_a_notice_of_a_post_that_may_not_be_seen_stops_no_look(forum: Forum) -> None:
    """A mention in what was hidden since is passed over: listening goes on without trouble."""
    clerk = Clerk(forum)
    elsewhere = forum.site.category("Elsewhere")
    there = forum.site.begin(forum.ada, "A topic somewhere else", "@bot similar Alien", category=elsewhere)
    elsewhere.levels["everyone"] = 9
    forum.site.faults.append(Fault(what="403", path=f"/posts/{next(iter(forum.site.posts(there))).id}", times=50))
    await forum.start(clerk)
    await quiet(forum, 200)
    assert "listening" not in forum.troubles
    asked = await forum.say("!similar Brazil")
    await until(lambda: answers(forum, asked.id))


IGNORED = ["ours", "system", "listed", "small", "whisper", "hidden", "elsewhere", "moderator", "automatic"]


@pytest.mark.parametrize("case", IGNORED)
async def test_what_is_not_for_the_bot_is_left_alone(database: Database, case: str) -> None:
    """Neither its own posts, nor those of bots, nor what nobody wrote or everybody may read."""
    async with playing(database, ignored=frozenset({"otherbot"})) as forum:
        clerk = Clerk(forum)
        site, command = forum.site, "!similar Alien"
        by: dict[str, User] = {"ours": forum.bot, "system": site.users[-1], "listed": site.user("OtherBot")}
        elsewhere = site.begin(forum.ada, "A topic somewhere else", "Hello everybody there!")
        where = elsewhere if case == "elsewhere" else forum.topic
        post = site.say(by.get(case, forum.ada), command, topic=where)
        post.kind = {"small": 3, "whisper": 4, "moderator": 2}.get(case, 1)
        post.hidden, post.via_email = case == "hidden", case == "automatic"
        await forum.start(clerk)
        await forum.say("!similar Brazil")
        await heard_once(forum, clerk, ["!similar Brazil"])


async def test_a_mention_elsewhere_is_heard(forum: Forum) -> None:
    """Whoever calls the bot by name is answered anywhere, where they are."""
    await forum.start(Clerk(forum))
    elsewhere = forum.site.begin(forum.ada, "A topic somewhere else", "Hello everybody there!")
    asked = await forum.say("@bot similar Alien", topic=elsewhere)
    await until(lambda: answers(forum, asked.id))
    assert len(answers(forum, asked.id)) == 1


async def test_a_private_message_is_heard_as_said_to_the_bot_alone(forum: Forum) -> None:
    """It is answered in itself, and marked as direct."""
    clerk = Clerk(forum)
    await forum.start(clerk)
    talk = forum.site.message(forum.ada, [forum.bot], "A word with you", "!similar Alien")
    await until(lambda: [each for each in forum.ours() if each.topic is talk])
    assert [each.direct for each in clerk.handed] == [True]
    assert not [each for each in forum.ours() if each.topic is forum.topic]


async def echoing(forum: Forum, echo: User, words: str, seconds: float) -> int:
    """Let another bot answer every answer of ours with `words` for so long; how often ours answered."""
    seen: set[int] = set()
    end = forum.clock.monotonic() + seconds
    while forum.clock.monotonic() < end:
        for post in [each for each in forum.ours() if each.id not in seen]:
            seen.add(post.id)
            forum.site.say(echo, f"{words}\n{post.raw}", topic=post.topic, reply_to=post)
        await quiet(forum, 5)
    return len(seen)


@pytest.mark.parametrize("words", ["You said:", "@bot thank you, bot!", "@bot\n\n", "!similar Alien"])
async def test_two_bots_that_answer_each_other_come_to_an_end(forum: Forum, words: str) -> None:
    """A bot that nobody listed and that answers every answer, by name too, is soon left alone."""
    echo = forum.site.user("echo")

    async def polite(incoming: Incoming) -> None:
        """Answer whatever is said to us, as the bot does."""
        if incoming.direct or incoming.text.startswith("!"):
            assert forum.platform is not None
            reply = Reply(text="I don't know that.")
            await forum.platform.post(incoming.post.place, reply, key=f"re/{incoming.post.id}", to=incoming.post)

    await forum.start(polite)
    await forum.say("!similar Alien", by=echo)
    assert await echoing(forum, echo, words, 1_000) <= 12
    asked = await forum.say("!similar Brazil")
    await until(lambda: answers(forum, asked.id))


@pytest.mark.parametrize("what", ["reset", "trimmed", "anonymous", "down"])
async def test_a_bus_that_fails_loses_nothing(forum: Forum, what: str) -> None:
    """Whatever becomes of the message bus, the cursor finds what was said."""
    clerk = Clerk(forum)
    await forum.start(clerk, bus=True)
    first = await forum.say("!similar Alien")
    await until(lambda: answers(forum, first.id))
    faults: dict[str, Any] = {"down": "502 before", "anonymous": "429 bus"}
    if what in faults:
        forum.site.faults.append(Fault(what=faults[what], path="/message-bus/.*", times=30))
    elif what == "reset":
        forum.site.bus.channels.clear()
    else:
        for number in range(2_000):
            forum.site.bus.publish("/latest", {"number": number})
    asked = await forum.say("!similar Brazil")
    await until(lambda: answers(forum, asked.id))
    await heard_once(forum, clerk, ["!similar Alien", "!similar Brazil"])


async def test_the_bus_wakes_the_listener_at_once(database: Database) -> None:
    """With the bus a command is heard long before the next look would be due."""
    async with playing(database) as forum:
        clerk = Clerk(forum)
        forum.every = 100_000.0
        await forum.start(clerk, bus=True)
        await quiet(forum, 200)
        before = forum.clock.monotonic()
        asked = await forum.say("!similar Alien")
        await until(lambda: answers(forum, asked.id))
        assert forum.clock.monotonic() - before < 50_000


async def test_commands_said_while_the_server_is_away_are_answered_once_it_is_back(database: Database) -> None:
    """An hour without a forum ends in answers, and the trouble is over."""
    async with unserved(database) as forum:
        await forum.start(Clerk(forum))
        await until(lambda: "listening" in forum.troubles)
        asked = await forum.say("!similar Alien")
        await quiet(forum, 3_600)
        async with serve(forum.site, port=forum.server.port):
            await until(lambda: answers(forum, asked.id))
            await until(lambda: "listening" not in forum.troubles)

"""Nothing that was written is missed, and nothing is answered twice, however the bot was away."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from bot.database import Database
from bot.platforms.discord.missed import LATEST
from bot.values import PostRef
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import Clerk, answers, crash, playing, quiet, until
from tests.fakes.discord import Channel, Fault, Message
from tests.fakes.discord.permissions import MANAGE_GUILD

SPEED = 30.0


@pytest.fixture
async def guild(database: Database) -> AsyncGenerator[Guild]:
    """A server with the group's channel."""
    async with playing(database, speed=SPEED) as made:
        yield made


async def up(guild: Guild) -> Clerk:
    """Start the bot, and wait until it has read what there was."""
    clerk = Clerk(guild)
    platform = await guild.start(clerk)
    await until(lambda: platform.connection.present)
    asked = await guild.say("!similar Amadeus", by=guild.site.owner)
    await until(lambda: answers(guild, asked))
    clerk.handed.clear()
    return clerk


def message(guild: Guild, post: PostRef) -> Message:
    """What somebody wrote."""
    return guild.site.tables.messages[int(post.id)]


async def answered_once(guild: Guild, *asked: PostRef) -> None:
    """Each has its answer, and a minute later still only that one."""
    await until(lambda: all(answers(guild, each) for each in asked))
    await quiet(guild, 15)
    assert [len(answers(guild, each)) for each in asked] == [1] * len(asked)


def thread(guild: Guild, name: str = "Week 8") -> Channel:
    """A thread that somebody begins in the group's channel."""
    return guild.site.thread(guild.home, name, guild.ada)


async def test_what_is_written_before_the_very_first_start_is_never_answered(guild: Guild) -> None:
    """The channel's history is not a list of questions."""
    before = await guild.say("!similar Alien")
    guild.clock.ahead += timedelta(seconds=5)
    clerk = await up(guild)
    after = await guild.say("!similar Brazil")
    await answered_once(guild, after)
    assert not answers(guild, before)
    assert "!similar Alien" not in clerk.texts


@pytest.mark.parametrize("how", ["closed", "killed"])
async def test_what_is_written_while_the_bot_is_away_is_answered(guild: Guild, how: str) -> None:
    """In the channel, in an old thread, in one that is opened meanwhile, and in one that is archived meanwhile."""
    await up(guild)
    old = thread(guild, "Week 7")
    guild.holder = "the only one"
    await up(guild)
    await (guild.stop() if how == "closed" else crash(guild))
    new, shut = thread(guild), thread(guild, "Week 9")
    asked = [await guild.say("!similar Alien", where=each) for each in (guild.home, old, new, shut)]
    guild.site.archive(shut)
    clerk = Clerk(guild)
    await guild.start(clerk)
    await answered_once(guild, *asked)
    assert not any(each.direct for each in clerk.handed)


async def test_more_than_a_page_of_messages_is_read_back(guild: Guild) -> None:
    """A lively evening without the bot: the first command of it is found, too."""
    await up(guild)
    await guild.stop()
    first = await guild.say("!similar Alien")
    for number in range(LATEST + 70):
        await guild.say(f"We talk about film {number}.")
    last = await guild.say("!similar Brazil")
    await guild.start(Clerk(guild))
    await answered_once(guild, first, last)


async def test_what_is_older_than_a_day_is_not_answered(guild: Guild) -> None:
    """After a long absence nobody waits for what was asked at its beginning."""
    await up(guild)
    await guild.stop()
    old = await guild.say("!similar Alien")
    guild.clock.ahead += timedelta(hours=25)
    new = await guild.say("!similar Brazil")
    await guild.start(Clerk(guild))
    await answered_once(guild, new)
    assert not answers(guild, old)


async def test_what_an_admin_wrote_while_the_bot_was_away_is_an_admins(guild: Guild) -> None:
    """Discord's history does not say what somebody may do: that is asked for, for whoever gives a command."""
    root = guild.site.user("root", permissions=MANAGE_GUILD)
    await up(guild)
    await guild.stop()
    by_root = await guild.say("!similar Alien", by=root)
    by_ada = await guild.say("!similar Brazil")
    clerk = Clerk(guild)
    await guild.start(clerk)
    await answered_once(guild, by_root, by_ada)
    assert {each.post: each.person.is_admin for each in clerk.handed} == {by_root: True, by_ada: False}


async def test_a_session_that_cannot_be_resumed_loses_nothing(guild: Guild) -> None:
    """Written between the end of one session and the beginning of the next: no gateway tells of that."""
    await up(guild)
    guild.site.faults.append(Fault(what="close on connect", code=4000, times=3))
    await guild.server.invalidate()
    await guild.server.drop()
    asked = [await guild.say(f"!similar Film {number}") for number in range(3)]
    await until(lambda: len(guild.site.identifies) >= 2)
    await answered_once(guild, *asked)


@pytest.mark.parametrize("path", ["GET /guilds/*/threads/active", "GET /channels/*/messages"])
async def test_what_is_written_between_ready_and_the_catch_up_is_answered_once(guild: Guild, path: str) -> None:
    """Told live and read back at the same time: whatever comes first, it is one message."""
    await up(guild)
    await guild.stop()
    missed = await guild.say("!similar Alien")
    guild.site.faults.append(Fault(what="slow before", where=path, wait=0.5))
    platform = await guild.start(Clerk(guild))
    await until(lambda: platform.connection.present)
    live = await guild.say("!similar Brazil")
    await answered_once(guild, missed, live)


@pytest.mark.parametrize("what", ["503 before", "403 access", "429 cloudflare", "reset before", "html"])
async def test_a_catch_up_that_fails_is_tried_again(guild: Guild, what: str) -> None:
    """While the history cannot be read, that is told; what comes live is answered, and then what was missed."""
    await up(guild)
    await guild.stop()
    missed = await guild.say("!similar Alien")
    guild.site.faults.append(Fault(what=what, where="GET /channels/*/messages", times=2, wait=0.2))
    await guild.start(Clerk(guild))
    await answered_once(guild, missed)
    assert any(each.startswith("listening: ") and len(each) > 11 for each in guild.told)
    assert not guild.troubles


async def test_a_message_in_a_thread_that_the_library_does_not_know(guild: Guild) -> None:
    """It came back from the archive: the library has only its number, and we look whose thread it is."""
    shut = thread(guild, "Week 1")
    guild.site.archive(shut)
    elsewhere = guild.site.thread(guild.site.channel("off-topic"), "chat", guild.ada)
    guild.site.archive(elsewhere)
    clerk = await up(guild)
    guild.site.faults.append(Fault(what="swallow", where="THREAD_UPDATE", times=2))
    asked = await guild.say("!similar Alien", where=shut)
    other = await guild.say("!similar Brazil", where=elsewhere)
    await answered_once(guild, asked)
    assert not answers(guild, other)
    assert clerk.texts == ["!similar Alien"]
    assert not clerk.handed[0].direct


async def test_an_event_that_is_told_twice_or_never_is_answered_once(guild: Guild) -> None:
    """What the gateway swallows is in the history, and read at the next reconnection."""
    await up(guild)
    guild.site.faults.append(Fault(what="twice", where="MESSAGE_CREATE"))
    twice = await guild.say("!similar Alien")
    await until(lambda: answers(guild, twice))
    guild.site.faults.append(Fault(what="swallow", where="MESSAGE_CREATE"))
    never = await guild.say("!similar Brazil")
    await guild.server.reconnect()
    await answered_once(guild, twice, never)


async def test_a_message_that_is_edited_after_its_answer_has_the_answer_changed(guild: Guild) -> None:
    """The new answer stands in the place of the old one; a changed comma changes nothing."""
    clerk = await up(guild)
    asked = await guild.say("!similar Alien\nI liked it")
    await until(lambda: answers(guild, asked))
    guild.site.edit(message(guild, asked), "!similar Alien\nI liked it.")
    guild.clock.ahead += timedelta(seconds=1)  # nobody edits twice in a millisecond
    guild.site.edit(message(guild, asked), "!similar Brazil")
    await until(lambda: answers(guild, asked)[0].content == "The answer to similar Brazil")
    await answered_once(guild, asked)
    assert [each.revised for each in clerk.handed] == [False, True]


async def test_a_message_that_becomes_a_command_is_answered(guild: Guild) -> None:
    """What was no command is one after its author has mended it."""
    await up(guild)
    asked = await guild.say("similar Alien, please")
    guild.site.edit(message(guild, asked), "!similar Alien")
    await answered_once(guild, asked)


async def test_a_message_that_is_edited_before_its_answer_has_the_newer_one(guild: Guild) -> None:
    """The answer on its way is one to words that are gone: it is changed at once."""
    clerk = await up(guild)
    clerk.open.clear()
    asked = await guild.say("!similar Alien")
    await until(lambda: clerk.handed)
    guild.site.edit(message(guild, asked), "!similar Brazil")
    await quiet(guild, 5)
    clerk.open.set()
    await until(lambda: answers(guild, asked) and answers(guild, asked)[0].content.endswith("Brazil"))
    await answered_once(guild, asked)


async def test_what_is_edited_while_the_bot_is_away_has_its_answer_changed(guild: Guild) -> None:
    """An answered command that says something else by now, and one that was none before."""
    await up(guild)
    answered, none = await guild.say("!similar Alien"), await guild.say("Good morning")
    await until(lambda: answers(guild, answered))
    await guild.stop()
    guild.clock.ahead += timedelta(seconds=2)
    guild.site.edit(message(guild, answered), "!similar Brazil")
    guild.site.edit(message(guild, none), "!similar Casablanca")
    clerk = Clerk(guild)
    await guild.start(clerk)
    await answered_once(guild, answered, none)
    assert answers(guild, answered)[0].content == "The answer to similar Brazil"


async def test_a_message_that_is_deleted_before_its_answer_ends_in_peace(guild: Guild) -> None:
    """At most one answer is left behind by it, and nothing waits for ever."""
    clerk = await up(guild)
    clerk.open.clear()
    asked, other = await guild.say("!similar Alien"), await guild.say("!similar Brazil")
    await until(lambda: len(clerk.handed) == 2)
    guild.site.delete(message(guild, asked))
    clerk.open.set()
    await answered_once(guild, other)
    assert [each.content for each in guild.ours()].count("The answer to similar Alien") <= 1
    assert not await guild.ledger.waiting()


async def test_a_message_that_is_deleted_while_the_bot_is_away_is_done_with(guild: Guild) -> None:
    """What was waiting for an answer and is gone, nobody waits for."""
    clerk = await up(guild)
    clerk.open.clear()
    asked = await guild.say("!similar Alien")
    await until(lambda: clerk.handed)
    guild.holder = "the only one"
    await crash(guild)
    guild.site.delete(message(guild, asked))
    guild.clock.ahead += timedelta(minutes=2)
    later = Clerk(guild)
    await guild.start(later)
    other = await guild.say("!similar Brazil")
    await answered_once(guild, other)
    assert "!similar Alien" not in later.texts
    assert not await guild.ledger.waiting()


async def test_other_bots_and_ourselves_are_not_answered(guild: Guild) -> None:
    """Two bots that answer each other would never end."""
    other = guild.site.user("other", bot=True)
    clerk = await up(guild)
    theirs = await guild.say("!similar Alien", by=other)
    ours = await guild.say("!similar Brazil", by=guild.site.bot)
    asked = await guild.say("!similar Casablanca")
    await answered_once(guild, asked)
    assert not answers(guild, theirs)
    assert not answers(guild, ours)
    assert clerk.texts == ["!similar Casablanca"]


async def test_elsewhere_only_whoever_mentions_us_is_answered(guild: Guild) -> None:
    """In another channel a command is not for us, unless it speaks to us by name."""
    clerk = await up(guild)
    elsewhere = guild.site.channel("off-topic")
    await guild.say("!similar Alien", where=elsewhere)
    asked = await guild.say(f"{guild.site.bot.mention} similar Brazil", where=elsewhere)
    await until(lambda: [each for each in guild.site.messages(elsewhere) if each.reference == int(asked.id)])
    assert [each.direct for each in clerk.handed] == [True]


async def test_direct_messages_that_are_written_while_the_bot_is_away_are_answered(guild: Guild) -> None:
    """Those of who wrote to it before; of anybody else, once they write again: Discord lists no conversations."""
    bob = guild.site.user("bob")
    known, strange = guild.site.direct_to_bot(guild.ada), guild.site.direct_to_bot(bob)
    await up(guild)
    await guild.say("!similar Alien", where=known)
    await until(lambda: len(said(guild, known)) == 1)
    await guild.stop()
    await guild.say("!similar Brazil", where=known)
    await guild.say("!similar Casablanca", by=bob, where=strange)
    await guild.start(Clerk(guild))
    await until(lambda: len(said(guild, known)) == 2)
    assert not said(guild, strange)
    await guild.say("!similar Dune", by=bob, where=strange)
    await until(lambda: len(said(guild, strange)) == 2)
    await quiet(guild, 15)
    assert said(guild, known) == ["The answer to similar Alien", "The answer to similar Brazil"]
    assert sorted(said(guild, strange)) == ["The answer to similar Casablanca", "The answer to similar Dune"]


async def test_who_cannot_be_written_to_any_more_is_no_trouble(guild: Guild) -> None:
    """A direct conversation that is refused is left alone; everything else is read."""
    direct = guild.site.direct_to_bot(guild.ada)
    await up(guild)
    await guild.say("!similar Alien", where=direct)
    await until(lambda: said(guild, direct))
    await guild.stop()
    guild.site.faults.append(Fault(what="403 access", where=f"GET /channels/{direct.id}*", times=1_000))
    missed = await guild.say("!similar Brazil")
    await guild.start(Clerk(guild))
    await answered_once(guild, missed)
    assert guild.platform
    assert guild.platform.current
    assert not guild.troubles


def said(guild: Guild, where: Channel) -> list[str]:
    """What the bot said in a channel."""
    return [each.content for each in guild.site.messages(where) if each.author is guild.site.bot]

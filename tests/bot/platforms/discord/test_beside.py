"""What cannot be read back silences nobody: who writes now is answered, and what was missed comes when it can."""

from collections.abc import AsyncGenerator

import pytest

from bot.database import Database
from bot.values import PostRef
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import (
    Clerk,
    answers,
    connected,
    crash,
    doubted,
    playing,
    quiet,
    until,
)
from tests.fakes.discord import Channel, Fault
from tests.fakes.discord.permissions import READ_MESSAGE_HISTORY

SPEED = 30.0
HISTORY, ARCHIVED = "GET /channels/*/messages", "GET *archived*"


@pytest.fixture
async def guild(database: Database) -> AsyncGenerator[Guild]:
    """A server with the group's channel."""
    async with playing(database, speed=SPEED) as made:
        yield made


def lasting(guild: Guild, what: str, where: str) -> Fault:
    """Something that fails until a test mends it."""
    fault = Fault(what=what, where=where, times=10_000)
    guild.site.faults.append(fault)
    return fault


def may_read(guild: Guild, *, yes: bool) -> None:
    """Read Message History, for everybody."""
    for role in (guild.site.bot_role, guild.site.guild.everyone):
        bits = role.permissions
        guild.site.permit(role, bits | READ_MESSAGE_HISTORY if yes else bits & ~READ_MESSAGE_HISTORY)


def answered_in(guild: Guild, where: Channel) -> list[str]:
    """What the bot said in any channel."""
    return [each.content for each in guild.site.messages(where) if each.author is guild.site.bot]


async def once(guild: Guild, *asked: PostRef) -> None:
    """Each has its answer, and a while later still only that one."""
    await until(lambda: all(answers(guild, each) for each in asked))
    await quiet(guild, 15)
    assert [len(answers(guild, each)) for each in asked] == [1] * len(asked)


async def test_who_writes_is_answered_though_the_history_is_out_of_reach(guild: Guild) -> None:
    """A session that cannot be resumed, without Read Message History: that is told, and the check fails."""
    await connected(guild)
    may_read(guild, yes=False)
    guild.site.faults.append(Fault(what="close on connect", code=4000, times=3))
    await guild.server.invalidate()
    await guild.server.drop()
    missed = await guild.say("!similar Alien")
    await until(lambda: len(guild.site.identifies) >= 2 and "listening" in guild.troubles)
    await guild.say("!similar Brazil")
    await until(lambda: answered_in(guild, guild.home))
    assert answered_in(guild, guild.home) == ["The answer to similar Brazil"]  # nor may it reply
    assert "list the archived threads" in await doubted(guild.platform)
    may_read(guild, yes=True)
    await once(guild, missed)
    await until(lambda: not guild.troubles)
    assert len(guild.ours()) == 2
    assert guild.platform
    assert "connected" in await guild.platform.check()


async def test_a_start_without_the_right_to_read_back(guild: Guild) -> None:
    """The bot answers what is written from then on, in its channel, in a thread of it and by direct message."""
    may_read(guild, yes=False)
    await guild.start(Clerk(guild))
    await until(lambda: "listening" in guild.troubles)
    thread = guild.site.thread(guild.home, "Week 8", guild.ada)
    places = (guild.home, thread, guild.site.direct_to_bot(guild.ada))
    for each in places:
        await guild.say("!similar Alien", where=each)
    await until(lambda: all(answered_in(guild, each) for each in places))
    await quiet(guild, 15)
    assert [answered_in(guild, each) for each in places] == [["The answer to similar Alien"]] * 3


@pytest.mark.parametrize("what", ["503 before", "403", "html", "429 cloudflare"])
async def test_one_list_that_fails_takes_nothing_else_with_it(guild: Guild, what: str) -> None:
    """The archived threads cannot be listed: what was missed in the channel and its open threads is read."""
    await connected(guild)
    thread = guild.site.thread(guild.home, "Week 8", guild.ada)
    await guild.stop()
    missed = [await guild.say("!similar Alien", where=each) for each in (guild.home, thread)]
    lasting(guild, what, ARCHIVED)
    await guild.start(Clerk(guild))
    live = await guild.say("!similar Brazil")
    await once(guild, *missed, live)
    assert "listening" in guild.troubles


async def test_one_thread_that_is_refused_takes_nothing_else_with_it(guild: Guild) -> None:
    """It is told, and read when it may be read again."""
    await connected(guild)
    shut, open_ = (guild.site.thread(guild.home, name, guild.ada) for name in ("Week 7", "Week 8"))
    await guild.stop()
    late, soon = await guild.say("!similar Alien", where=shut), await guild.say("!similar Brazil", where=open_)
    fault = lasting(guild, "403 access", f"GET /channels/{shut.id}/messages")
    await guild.start(Clerk(guild))
    await once(guild, soon)
    assert f"read channel {shut.id}" in guild.troubles["listening"]
    assert not answers(guild, late)
    fault.times = 0
    await once(guild, late, soon)
    await until(lambda: not guild.troubles)


async def test_a_channel_that_is_deleted_leaves_direct_messages_and_mentions(guild: Guild) -> None:
    """The group's channel is gone while the bot runs: who speaks to it elsewhere is answered."""
    await connected(guild)
    elsewhere, direct = guild.site.channel("off-topic"), guild.site.direct_to_bot(guild.ada)
    guild.site.delete_channel(guild.home)
    await guild.server.invalidate()
    await until(lambda: "listening" in guild.troubles)
    await guild.say(f"{guild.site.bot.mention} similar Alien", where=elsewhere)
    await guild.say("!similar Brazil", where=direct)
    await until(lambda: answered_in(guild, elsewhere) and answered_in(guild, direct))
    assert "Unknown Channel" in await doubted(guild.platform)


async def test_an_answer_given_meanwhile_does_not_hide_what_is_still_missed(guild: Guild) -> None:
    """The mark of how far was read stays behind what is not read, also over more than one page and a crash."""
    guild.holder = "the only one"
    await connected(guild)
    await guild.stop()
    missed = await guild.say("!similar Alien")
    for number in range(60):
        await guild.say(f"We talk about film {number}.")
    fault = lasting(guild, "503 before", HISTORY)
    await guild.start(Clerk(guild))
    await until(lambda: "listening" in guild.troubles)
    live = await guild.say("!similar Brazil")
    await until(lambda: answers(guild, live))
    await crash(guild)
    fault.times = 0
    await guild.start(Clerk(guild))
    await once(guild, missed, live)


async def test_a_message_whose_thread_cannot_be_looked_up_holds_up_nobody(guild: Guild) -> None:
    """It came back from the archive, and Discord does not say whose thread it is: the next one is answered."""
    shut = guild.site.thread(guild.home, "Week 1", guild.ada)
    guild.site.archive(shut)
    await connected(guild)
    fault = lasting(guild, "503 before", f"GET /channels/{shut.id}")
    guild.site.faults.append(Fault(what="swallow", where="THREAD_UPDATE"))
    late = await guild.say("!similar Alien", where=shut)
    soon = await guild.say("!similar Brazil")
    await once(guild, soon)
    assert not answers(guild, late)
    fault.times = 0
    await once(guild, late, soon)
    await until(lambda: not guild.troubles)

"""Slash commands: each has one answer, in time, for the right eyes, whatever breaks on the way."""

import asyncio
from datetime import timedelta

import pytest

from bot.database import Database
from bot.errors import Refused
from bot.platforms.discord.interactions import LATER
from bot.platforms.discord.pending import SOON
from bot.values import Incoming, Refusal, Reply
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import (
    Answer,
    connected,
    patient,
    playing,
    seen,
    thinks,
    until,
)
from tests.fakes.discord import Fault, Interaction

CALLBACK, HOOK = "POST /interactions/*/callback", "POST /webhooks/*"


def private_answer(_incoming: Incoming, line: str) -> Reply:
    """For the asker's eyes."""
    return Reply(text=f"Between us: {line}", private=True)


def refused_answer(_incoming: Incoming, line: str) -> Reply:
    """Why there is no answer."""
    return Refusal(text=f"There is no {line}")


def asks(guild: Guild, title: str = "Alien") -> Interaction:
    """Ada uses a slash command."""
    return guild.site.slash(guild.home, guild.ada, "similar", {"title": title})


async def test_a_quick_answer_is_the_first_word(database: Database) -> None:
    """Nobody reads "thinking…" who need not."""
    async with playing(database) as guild:
        await connected(guild)
        used = asks(guild)
        await until(lambda: seen(used))
        assert seen(used) == [("The answer to similar Alien", False)]
        assert used.acknowledged is not None
        assert used.acknowledged.kind == "message"


async def test_a_slow_answer_is_announced_in_time_and_put_there(database: Database) -> None:
    """Within Discord's three seconds we say that we think about it; the answer takes that message's place."""
    async with playing(database) as guild:
        clerk = await connected(guild)
        clerk.open.clear()
        used = asks(guild)
        await until(lambda: used.acknowledged)
        assert used.acknowledged is not None
        assert used.acknowledged.kind == "deferred"
        assert used.acknowledged.at - used.at >= timedelta(seconds=SOON - 0.2)
        assert thinks(used)
        clerk.open.set()
        await until(lambda: seen(used))
        assert seen(used) == [("The answer to similar Alien", False)]
        assert len(guild.ours()) == 1


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("answer", [private_answer, refused_answer])
async def test_what_is_for_the_askers_eyes_stays_there(database: Database, answer: Answer, slow: bool) -> None:
    """Private answers and refusals: also after a "thinking…" that everybody saw, which goes away."""
    async with patient(database) as guild:
        clerk = await connected(guild, answer)
        if slow:
            clerk.open.clear()
        used = asks(guild)
        if slow:
            await until(lambda: thinks(used))
            clerk.open.set()
        await until(lambda: seen(used))
        assert [private for _, private in seen(used)] == [True]
        assert not thinks(used)
        assert not guild.ours()
        assert used.problem is None


async def test_an_answer_that_cannot_be_given_is_excused(database: Database) -> None:
    """The asker is told, and nobody else."""

    def broken(_incoming: Incoming, _line: str) -> Reply:
        raise Refused("the disk is full")

    async with patient(database) as guild:
        await connected(guild, broken)
        used = asks(guild)
        await until(lambda: seen(used))
        assert seen(used) == [(LATER, True)]


async def test_what_discord_refuses_to_show_is_excused(database: Database) -> None:
    """The first answer is no message that Discord takes: it is given up, and that is said."""

    def empty(_incoming: Incoming, _line: str) -> Reply:
        return Reply(text="")

    async with patient(database) as guild:
        clerk = await connected(guild, empty)
        used = asks(guild)
        await until(lambda: seen(used))
        assert seen(used) == [(LATER, True)]
        assert clerk.given_up


@pytest.mark.parametrize("answer", [None, refused_answer])
async def test_an_answer_that_came_too_late_is_an_ordinary_message(
    database: Database, answer: Answer | None
) -> None:
    """Unknown interaction: the callback took more than three seconds. The channel still takes a message."""
    async with playing(database) as guild:
        await connected(guild, answer)
        guild.site.faults.append(Fault(what="slow before", where=CALLBACK, wait=3.2, times=9))
        used = asks(guild)
        await until(guild.ours)
        assert used.problem is not None
        assert used.problem.code == 10062
        assert [each.ephemeral for each in guild.ours()] == [False]
        assert not used.messages


async def test_a_private_answer_that_came_too_late_is_told_to_nobody_else(database: Database) -> None:
    """Rather none than one that everybody reads."""
    async with patient(database) as guild:
        clerk = await connected(guild, private_answer)
        guild.site.faults.append(Fault(what="10062", where=CALLBACK, times=9))
        used = asks(guild)
        await until(lambda: clerk.given_up)
        asked = await guild.say("!similar Brazil")
        await until(lambda: len(clerk.handed) == 2)
        assert not used.messages
        assert not [each for each in guild.ours() if each.reference != int(asked.id)]


@pytest.mark.parametrize("what", ["lost after commit", "truncated after commit", "502 after commit"])
@pytest.mark.parametrize("answer", [None, private_answer])
async def test_a_first_word_whose_echo_is_lost_is_said_once(
    database: Database, what: str, answer: Answer | None
) -> None:
    """The second try hears that it is acknowledged already, and finds its answer there."""
    async with patient(database) as guild:
        await connected(guild, answer)
        guild.site.faults.append(Fault(what=what, where=CALLBACK))
        used = asks(guild)
        await until(lambda: used.problem)
        await until(lambda: guild.site.requests[-1].path.endswith("@original") and guild.site.requests[-1].status)
        assert used.problem is not None
        assert used.problem.code == 40060
        assert [private for _, private in seen(used)] == [answer is not None]
        assert LATER not in used.text


@pytest.mark.parametrize("answer", [None, private_answer])
async def test_a_thinking_whose_echo_is_lost_is_replaced_by_the_answer(
    database: Database, answer: Answer | None
) -> None:
    """We do not know that we were heard; a private answer is not put in the place of a public word even then."""
    async with patient(database) as guild:
        clerk = await connected(guild, answer)
        clerk.open.clear()
        guild.site.faults.append(Fault(what="lost after commit", where=CALLBACK))
        used = asks(guild)
        await until(lambda: thinks(used))
        clerk.open.set()
        await until(lambda: seen(used))
        assert [private for _, private in seen(used)] == [answer is not None]
        assert not thinks(used)
        assert len(guild.ours()) == (answer is None)


@pytest.mark.parametrize("what", ["502 after commit", "lost after commit", "500 before"])
async def test_a_long_answer_is_said_once_in_all_its_parts(database: Database, what: str) -> None:
    """What does not fit the first message follows it; Discord's errors on the way double none of it."""

    def long(_incoming: Incoming, line: str) -> Reply:
        return Reply(text="\n\n".join([line, *(f"{number} {'word ' * 150}" for number in range(6))]))

    async with patient(database) as guild:
        await connected(guild, long)
        guild.site.faults.append(Fault(what=what, where="POST /channels/*/messages"))
        used = asks(guild)
        await until(lambda: len(guild.ours()) >= 3)
        assert [each.interaction is used for each in guild.ours()] == [True, False, False]
        told = "\n\n".join(each.content for each in guild.ours())
        assert [told.count(f"{number} word") for number in range(6)] == [1] * 6


async def test_a_long_private_answer_arrives_whole(database: Database) -> None:
    """All parts of it are the asker's alone, also when one needs a second try."""

    def long(_incoming: Incoming, line: str) -> Reply:
        text = "\n\n".join([line, *(f"{number} {'word ' * 150}" for number in range(6))])
        return Reply(text=text, private=True)

    async with patient(database) as guild:
        await connected(guild, long)
        guild.site.faults.append(Fault(what="502 before", where=HOOK))
        guild.site.faults.append(Fault(what="reset before", where=HOOK))
        used = asks(guild)
        await until(lambda: len(seen(used)) >= 3)
        assert [private for _, private in seen(used)] == [True] * 3
        assert [used.text.count(f"{number} word") for number in range(6)] == [1] * 6
        assert not guild.ours()


@pytest.mark.parametrize("answer", [None, private_answer])
async def test_an_answer_after_a_quarter_of_an_hour(database: Database, answer: Answer | None) -> None:
    """The interaction's token is over: the channel has the answer, unless it was for one person's eyes."""
    async with patient(database) as guild:
        clerk = await connected(guild, answer)
        clerk.open.clear()
        used = asks(guild)
        await until(lambda: thinks(used))
        guild.clock.ahead += timedelta(minutes=16)
        clerk.open.set()
        await until(lambda: clerk.given_up if answer else len(guild.ours()) == 1)
        assert not seen(used)
        assert [each.content for each in guild.ours()] == ([] if answer else ["The answer to similar Alien"])


async def test_a_thinking_that_a_moderator_deleted(database: Database) -> None:
    """There is no message left to put the answer in: it is written anew."""
    async with patient(database) as guild:
        clerk = await connected(guild)
        clerk.open.clear()
        used = asks(guild)
        await until(lambda: thinks(used))
        guild.site.delete(used.messages[0])
        clerk.open.set()
        await until(guild.ours)
        assert [each.content for each in guild.ours()] == ["The answer to similar Alien"]


async def test_closing_finishes_the_answer_on_its_way(database: Database) -> None:
    """SIGTERM in the middle of a reply: it is still given."""
    async with playing(database) as guild:
        clerk = await connected(guild)
        clerk.open.clear()
        used = asks(guild)
        await until(lambda: thinks(used))
        closing = asyncio.create_task(guild.stop())
        clerk.open.set()
        await closing
        assert seen(used) == [("The answer to similar Alien", False)]
        assert clerk.handed[0].asked is not None
        assert clerk.handed[0].asked.values == {"title": "Alien"}

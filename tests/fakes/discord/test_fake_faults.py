"""What goes wrong on the way, and what stock discord.py makes of it."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import Fault, Server, Site
from tests.fakes.discord.client import GENEROUS, started
from tests.fakes.discord.conftest import Bot, Group
from tests.fakes.discord.faults import EVENTS, REST_AFTER, REST_BEFORE

SEND = "POST /channels/*/messages"


def said(group: Group) -> list[str]:
    """What stands in the channel."""
    return [each.content for each in group.site.messages(group.reading)]


def test_a_fault_is_one_of_the_list() -> None:
    """Any other name is a mistake of the test's."""
    with pytest.raises(ValueError, match="no such fault"):
        Fault(what="512")


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    "what", ["500 before", "502 before", "504 before", "500 after commit", "502 after commit"]
)
async def test_a_failing_server_is_asked_again_and_the_nonce_keeps_it_one(group: Group, what: str) -> None:
    """Whether or not it was done the first time, it stands there once."""
    group.site.faults.append(Fault(what=what, where=SEND, times=2))
    await group.there.send("x")
    assert said(group) == ["x"]
    sent = [each for each in group.site.requests if each.method == "POST"]
    assert len(sent) == 3
    assert len({each.body["nonce"] for each in sent}) == 1


async def test_503_is_raised_at_once(group: Group) -> None:
    """discord.py does not try that again."""
    group.site.faults.append(Fault(what="503 before", where=SEND))
    with pytest.raises(discord.DiscordServerError):
        await group.there.send("x")
    assert said(group) == []


async def test_a_lost_answer_is_the_callers_to_repeat(group: Group) -> None:
    """It was done; with the same nonce a repetition makes no second one."""
    group.site.faults.append(Fault(what="lost after commit", where=SEND))
    with pytest.raises((aiohttp.ClientError, OSError)):
        await group.there.send("x", nonce="key")
    assert said(group) == ["x"]
    await group.there.send("x", nonce="key")
    assert said(group) == ["x"]


@pytest.mark.parametrize(
    ("what", "error", "done"),
    [
        ("reset before", (aiohttp.ClientError, OSError), False),
        ("truncated after commit", aiohttp.ClientError, True),
        ("not json", ValueError, False),
        ("html", TypeError, False),
        ("403", discord.Forbidden, False),
        ("403 access", discord.Forbidden, False),
        ("404", discord.NotFound, False),
        ("401", discord.HTTPException, False),
    ],
)
async def test_each_has_its_error(group: Group, what: str, error: Any, done: bool) -> None:
    """As discord.py raises it."""
    group.site.faults.append(Fault(what=what, where=SEND))
    with pytest.raises(error):
        await group.there.send("x")
    assert bool(said(group)) is done
    assert what in REST_BEFORE or what in REST_AFTER


@pytest.mark.parametrize("what", ["hang", "hang after commit"])
async def test_no_answer_ever(group: Group, what: str) -> None:
    """Whoever wants one has to have a deadline of their own."""
    group.site.faults.append(Fault(what=what, where=SEND))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await group.there.send("x")
    assert bool(said(group)) is (what != "hang")


async def test_a_slow_answer_arrives(group: Group) -> None:
    """After its time; it was done at once."""
    group.site.faults.append(Fault(what="slow", where=SEND, wait=0.2))
    sending = asyncio.create_task(group.there.send("x"))
    await group.site.until(lambda: said(group))
    assert not sending.done()
    await sending


async def test_a_fault_waits_for_its_turn(group: Group) -> None:
    """`after` so many went well, elsewhere never, and `times` times."""
    group.site.faults.append(Fault(what="403", where="DELETE *"))
    group.site.faults.append(Fault(what="403", where=SEND, after=1))
    await group.there.send("one")
    with pytest.raises(discord.Forbidden):
        await group.there.send("two")
    await group.there.send("three")
    assert said(group) == ["one", "three"]
    assert [each.fault for each in group.site.requests if each.method == "POST"] == ["", "403", ""]


async def test_a_late_callback(group: Group) -> None:
    """It looks at it after its time: by then the interaction may be unknown."""

    @group.bot.tree.command()
    async def hello(interaction: discord.Interaction) -> None:
        """Greet."""
        await interaction.response.send_message("hi")

    await group.bot.tree.sync()
    group.site.faults.append(Fault(what="10062", where="POST /interactions/*"))
    used = group.site.slash(group.reading, group.ada, hello.name)
    await group.site.until(lambda: any(each.fault == "10062" for each in group.site.requests))
    assert (used.acknowledged, said(group)) == (None, [])


async def test_a_callback_that_takes_too_long(group: Group) -> None:
    """Looked at after the deadline it is 10062, by the clock."""

    @group.bot.tree.command()
    async def hello(interaction: discord.Interaction) -> None:
        """Greet."""
        await interaction.response.send_message("hi")

    await group.bot.tree.sync()
    group.site.limits.acknowledge = timedelta(seconds=0.1)
    group.site.faults.append(Fault(what="slow before", where="POST /interactions/*", wait=0.2))
    used = group.site.slash(group.reading, group.ada, hello.name)
    problem = await group.site.until(lambda: used.problem)
    assert (problem.code, used.acknowledged) == (10062, None)


@pytest.mark.parametrize("what", ["drop", "drop after event", "reconnect", "close", "twice", "late event"])
async def test_an_event_arrives_all_the_same(group: Group, what: str) -> None:
    """The socket breaks around it: a resume brings what was missed, and nothing is missed."""
    group.site.faults.append(Fault(what=what, where="MESSAGE_CREATE", wait=0.05))
    group.site.say(group.reading, group.ada, "one")
    group.site.say(group.reading, group.ada, "two")
    await group.site.until(lambda: "two" in [each.content for each in group.bot.all_heard("message")])
    heard = [each.content for each in group.bot.all_heard("message")]
    assert heard == (["one", "one", "two"] if what == "twice" else ["one", "two"])
    assert len(group.site.identifies) == 1
    assert what in EVENTS


async def test_a_swallowed_event_is_only_in_the_history(group: Group) -> None:
    """Nobody will ever say so."""
    group.site.faults.append(Fault(what="swallow", where="MESSAGE_CREATE"))
    group.site.say(group.reading, group.ada, "one")
    group.site.say(group.reading, group.ada, "two")
    await group.site.until(lambda: group.bot.all_heard("message"))
    assert [each.content for each in group.bot.all_heard("message")] == ["two"]
    assert [each.content async for each in group.there.history(oldest_first=True)] == ["one", "two"]


@pytest.mark.parametrize(("what", "error"), [("unparseable", AttributeError), ("garbled event", ValueError)])
async def test_an_event_that_cannot_be_read_ends_the_client(
    site: Site, server: Server, what: str, error: type[Exception]
) -> None:
    """It believes to be ready afterwards; only its task knows better."""
    [reading] = [each for each in site.tables.channels.values() if each.name == "reading"]
    bot = Bot()
    running = asyncio.create_task(bot.start(site.token))
    await site.until(bot.is_ready)
    site.faults.append(Fault(what=what, where="MESSAGE_CREATE"))
    site.say(reading, site.owner, "x")
    done, _ = await asyncio.wait([running], timeout=GENEROUS)
    assert isinstance(next(iter(done)).exception(), error)
    assert (bot.is_ready(), bot.is_closed()) == (True, False)
    await bot.close()


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("what", ["refuse", "handshake 502", "handshake 520"])
async def test_a_first_connection_that_fails_ends_the_client(site: Site, server: Server, what: str) -> None:
    """discord.py's own mistake; connecting again with the same client works."""
    site.faults.append(Fault(what=what))
    bot = Bot()
    with pytest.raises(AttributeError):
        await bot.start(site.token)
    assert not bot.is_closed()
    again = asyncio.create_task(bot.connect())
    await site.until(bot.is_ready)
    await bot.close()
    await asyncio.wait([again], timeout=GENEROUS)


async def test_a_gateway_that_closes_again_and_again_is_dialled_without_a_pause(group: Group) -> None:
    """discord.py has no patience for closes that can be resumed; the fake counts them."""
    group.site.faults.append(Fault(what="close on connect", times=20))
    await group.server.close_with(4000)
    await group.site.until(lambda: group.bot.all_heard("resumed"))
    assert len(group.site.connections) == 22


@pytest.mark.usefixtures("hurried")
async def test_a_session_may_be_refused_at_the_resume(group: Group) -> None:
    """Op 9: the client begins anew."""
    group.site.faults.append(Fault(what="invalid session"))
    await group.server.drop()
    await group.site.until(lambda: len(group.bot.all_heard("ready")) == 2)
    assert len(group.site.identifies) == 2


async def test_heartbeats_that_nobody_acknowledges_end_the_connection(site: Site, server: Server) -> None:
    """The client closes with 4000 and resumes."""
    site.limits.heartbeat = 0.05
    site.faults.append(Fault(what="no ack", times=1000, after=1))
    bot = Bot(heartbeat_timeout=0.2)
    async with started(bot, site.token):
        await site.until(lambda: bot.all_heard("resumed"))
        first = site.connections[0]
        assert (first.closed, first.closed_by, first.acknowledged) == (4000, "client", 1)


async def test_a_late_acknowledgement_shows_in_the_latency(site: Site, server: Server) -> None:
    """Nothing ends for it."""
    site.limits.heartbeat = 0.1
    site.faults.append(Fault(what="late ack", times=2, wait=0.05))
    async with started(bot := Bot(), site.token):
        await site.until(lambda: site.connections[0].acknowledged >= 2)
        await site.until(lambda: bot.latency >= 0.04)
    assert len(site.connections) == 1

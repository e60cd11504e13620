"""The gateway against stock discord.py, and against clients that do it wrong."""

import json
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import Limits, Server, Site, serve
from tests.fakes.discord.client import pointed, started
from tests.fakes.discord.conftest import INTENTS, Bot, Group


def contents(bot: Bot) -> list[str]:
    """What the bot has heard, in its order."""
    return [each.content for each in bot.all_heard("message")]


async def test_a_cut_socket_is_resumed_and_what_was_missed_is_replayed(group: Group) -> None:
    """Nothing is lost, nothing comes twice, and the bot does not become ready again."""
    group.site.say(group.reading, group.ada, "before")
    await group.site.until(lambda: contents(group.bot) == ["before"])
    await group.server.drop()
    group.site.say(group.reading, group.ada, "meanwhile")
    await group.site.until(lambda: group.bot.all_heard("resumed"))
    group.site.say(group.reading, group.ada, "after")
    await group.site.until(lambda: len(contents(group.bot)) == 3)
    assert contents(group.bot) == ["before", "meanwhile", "after"]
    assert (len(group.site.identifies), len(group.bot.all_heard("ready"))) == (1, 1)
    assert [each.resume is not None for each in group.site.connections] == [False, True]


async def test_a_request_to_reconnect_is_followed_by_a_resume(group: Group) -> None:
    """Op 7: the same session goes on."""
    await group.server.reconnect()
    await group.site.until(lambda: group.bot.all_heard("resumed"))
    assert len(group.site.identifies) == 1


@pytest.mark.parametrize("code", [1000, 4000, 4001, 4007, 4009])
async def test_these_closes_are_resumed(group: Group, code: int) -> None:
    """The client comes back with what it had."""
    await group.server.close_with(code)
    group.site.say(group.reading, group.ada, "meanwhile")
    await group.site.until(lambda: contents(group.bot) == ["meanwhile"])
    assert group.site.connections[0].closed == code
    assert len(group.site.identifies) == 1


@pytest.mark.usefixtures("hurried")
async def test_an_invalid_session_begins_anew_and_misses_what_was_said(group: Group) -> None:
    """Op 9: a second IDENTIFY, ready again, no replay; but the history has it."""
    await group.server.invalidate()
    group.site.say(group.reading, group.ada, "meanwhile")
    await group.site.until(lambda: len(group.bot.all_heard("ready")) == 2)
    assert (contents(group.bot), len(group.site.identifies)) == ([], 2)
    assert [each.content async for each in group.there.history()] == ["meanwhile"]


async def test_a_wrong_token_is_refused(server: Server) -> None:
    """By REST at login."""
    bot = Bot()
    with pytest.raises(discord.LoginFailure):
        async with started(bot, "wrong"):
            pass


async def test_intents_that_were_not_granted_are_refused(site: Site, server: Server) -> None:
    """4014 becomes PrivilegedIntentsRequired."""
    site.application_flags = 0
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with started(Bot(), site.token):
            pass
    assert site.connections[0].closed == 4014


async def test_without_the_content_intent_content_is_empty_with_its_exceptions(site: Site, server: Server) -> None:
    """Messages that mention the bot, its own, and direct ones are whole."""
    intents = discord.Intents(guilds=True, messages=True)
    [reading] = [each for each in site.tables.channels.values() if each.name == "reading"]
    [ada] = [each for each in site.tables.users.values() if each.name == "ada"]
    async with started(bot := Bot(intents=intents), site.token):
        site.say(reading, ada, "secret", attachments=[("a.txt", "text/plain", b"a")])
        site.say(reading, ada, f"{site.bot.mention} hello")
        site.say(site.direct_to_bot(ada), ada, "psst")
        await site.until(lambda: len(contents(bot)) == 3)
        assert contents(bot) == ["", f"{site.bot.mention} hello", "psst"]
        assert bot.all_heard("message")[0].attachments == []


async def test_only_events_that_were_asked_for_are_sent(site: Site, server: Server) -> None:
    """No messages without their intent; interactions come all the same."""
    [reading] = [each for each in site.tables.channels.values() if each.name == "reading"]
    async with started(bot := Bot(intents=discord.Intents(guilds=True)), site.token):
        site.say(reading, site.owner, "unheard")
        site.channel("new")
        await site.until(lambda: bot.all_heard("guild_channel_create"))
        assert contents(bot) == []


async def test_a_channel_out_of_sight_is_silent(group: Group) -> None:
    """Where the bot may not look, it hears nothing."""
    hidden = group.site.channel("hidden")
    group.site.overwrite(hidden, group.site.bot, deny=1 << 10)
    group.site.say(hidden, group.ada, "unheard")
    group.site.say(group.reading, group.ada, "heard")
    await group.site.until(lambda: contents(group.bot))
    assert contents(group.bot) == ["heard"]


@pytest.mark.usefixtures("hurried")
async def test_a_restart_of_the_server_keeps_the_session(site: Site) -> None:
    """The site outlives its servers: the client resumes at the same port."""
    [reading] = [each for each in site.tables.channels.values() if each.name == "reading"]
    showing = serve(site)
    first = await showing.__aenter__()
    with pointed(first):
        async with started(bot := Bot(), site.token):
            await showing.__aexit__(None, None, None)
            site.say(reading, site.owner, "meanwhile")
            async with serve(site, port=first.port):
                await site.until(lambda: contents(bot) == ["meanwhile"])
    assert len(site.identifies) == 1


async def test_two_clients_with_one_token_hear_both(group: Group) -> None:
    """Each has its own session, and each gets every event."""
    async with started(second := Bot(), group.site.token):
        group.site.say(group.reading, group.ada, "twice")
        await group.site.until(lambda: contents(second) and contents(group.bot))
    assert len(group.site.identifies) == 2


async def test_the_socket_closes_as_it_does_in_truth(group: Group) -> None:
    """A closing discord.py says 4000 or 1000; the fake knows which, and who closed."""
    await group.bot.close()
    await group.site.until(lambda: not group.site.connections[0].open)
    assert group.site.connections[0].closed_by == "client"


IDENTIFY = {"token": "a-token-for-tests", "intents": 1, "properties": {}}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('{"op": 1', 4002),
        (json.dumps({"op": 1, "d": "x" * 5000}), 4002),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": {**IDENTIFY, "token": "wrong"}}, 4004),
        ({"op": 2, "d": {**IDENTIFY, "intents": 1 << 30}}, 4013),
        ({"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 0}}, 4004),
    ],
    ids=["no JSON", "too long", "before IDENTIFY", "wrong token", "no such intent", "wrong token in RESUME"],
)
async def test_a_client_that_errs_is_closed(server: Server, said: Any, code: int) -> None:
    """With the code that says why."""
    async with aiohttp.ClientSession() as http, http.ws_connect(server.gateway) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_str(said if isinstance(said, str) else json.dumps(said))
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == code


async def test_too_many_messages_close_the_socket() -> None:
    """A hundred and twenty in a minute are enough."""
    site = Site()
    async with serve(site) as server, aiohttp.ClientSession() as http, http.ws_connect(server.gateway) as socket:
        for _ in range(121):
            await socket.send_json({"op": 1, "d": None})
        async for _ in socket:
            pass
        assert (socket.close_code, site.connections[0].heartbeats) == (4008, 120)


async def test_the_identifies_of_a_day_are_counted() -> None:
    """After the last one the token is reset; /gateway/bot says how many are left."""
    site = Site(limits=Limits(identifies=1))
    async with serve(site) as server, aiohttp.ClientSession() as http:
        for expected in (0, 4004):
            async with http.ws_connect(server.gateway) as socket:
                await socket.receive_json()
                await socket.send_json({"op": 2, "d": {**IDENTIFY}})
                answer = await socket.receive()
                assert (answer.data if answer.type is aiohttp.WSMsgType.CLOSE else 0) == expected
        headers = {"Authorization": f"Bot {site.token}"}
        async with http.get(f"{server.api}/gateway/bot", headers=headers) as response:
            assert (await response.json())["session_start_limit"]["remaining"] == 0


def members() -> discord.Intents:
    """The usual intents, and members."""
    intents = discord.Intents(**dict(INTENTS))
    intents.members = True
    return intents


async def test_members_are_sent_when_asked_for(site: Site, server: Server) -> None:
    """With the members intent they are there from the start; else by op 8."""
    async with started(bot := Bot(intents=members()), site.token):
        assert {each.name for each in bot.guilds[0].members} == {"owner", "studybot", "ada"}
    async with started(bot := Bot(), site.token):
        [found] = await bot.guilds[0].query_members("ad")
        assert found.name == "ada"

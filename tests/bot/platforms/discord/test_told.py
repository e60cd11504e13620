"""Slash commands that Discord does not take, or has lost: nobody waits for that, and it is put right."""

import discord
import pytest
from discord import app_commands

from bot.database import Database
from bot.platforms.discord.address import point
from bot.platforms.discord.slash import plant
from bot.platforms.discord.sync import Sync
from bot.values import Asked
from tests.bot.conftest import echo, square
from tests.bot.platforms.discord.group import Guild, nothing
from tests.bot.platforms.discord.scenes import Clerk, answers, asked_for, connected, playing, quiet, until
from tests.fakes.discord import Fault

PUT, GET = "PUT /applications/*", "GET /applications/*"


def told(guild: Guild) -> int:
    """How often Discord was told of the commands."""
    return asked_for(guild, "PUT", "/commands")


def known(guild: Guild) -> set[str]:
    """The commands that Discord has."""
    return {each["name"] for commands in guild.site.commands.values() for each in commands}


@pytest.mark.parametrize("what", ["429 user", "429 cloudflare", "html", "503 before", "403 access"])
async def test_discord_that_does_not_take_the_commands_is_told_later(database: Database, what: str) -> None:
    """The bot connects and answers all the same; what is the matter is said until Discord knows them."""
    async with playing(database, speed=100.0) as guild:
        fault = Fault(what=what, where=PUT, times=10_000, wait=60.0)
        guild.site.faults.append(fault)
        await guild.start(Clerk(guild))
        await until(lambda: guild.platform and guild.platform.connection.present)
        assert "slash commands" in guild.troubles
        assert "<" not in guild.troubles["slash commands"]
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        fault.times = 0
        await until(lambda: not guild.troubles)
        assert "similar" in known(guild)


async def test_discord_that_hangs_is_not_waited_for(database: Database) -> None:
    """A try ends after its patience: the login goes on, and another one follows."""
    heard: dict[str, str] = {}
    async with playing(database, speed=1_000.0) as guild:
        point(guild.server.api, guild.server.gateway)
        here = discord.Object(guild.site.guild.id)
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(guild.site.token)
            tree = app_commands.CommandTree(client)
            plant(tree, [echo, square], guild=here, ask=unasked, complete=nothing)
            sync = Sync(tree, guild.ledger, guild.clock, heard.__setitem__, patience=2.0)
            guild.site.faults.append(Fault(what="hang", where=PUT))
            await sync.begin(here)
            said = "Discord was not told of them: no answer in time; I try again later"
            assert heard == {"slash commands": said}
            await until(lambda: not heard["slash commands"])
            assert known(guild) == {"echo", "square"}
            await sync.close()


async def unasked(_interaction: discord.Interaction, _asked: Asked) -> None:
    """Nobody uses the commands here."""


async def test_commands_that_discord_has_lost_come_back_at_the_next_start(database: Database) -> None:
    """By our books it knows them; a look at their names says better. What does not differ is not told again."""
    async with playing(database) as guild:
        await connected(guild)
        await connected(guild)
        assert told(guild) == 1
        for commands in guild.site.commands.values():
            commands[:] = [each for each in commands if each["name"] != "similar"]
        await connected(guild)
        assert told(guild) == 2
        assert "similar" in known(guild)
        guild.site.commands.clear()
        await connected(guild)
        assert told(guild) == 3
        assert "similar" in known(guild)


async def test_a_look_that_fails_is_no_reason_to_tell(database: Database) -> None:
    """Whether Discord still has them is not known: that is said, and looked at again."""
    async with playing(database, speed=100.0) as guild:
        await connected(guild)
        guild.site.faults.append(Fault(what="503 before", where=GET))
        await connected(guild)
        assert any("slash commands: Discord" in each for each in guild.told)
        await until(lambda: not guild.troubles)
        assert told(guild) == 1


async def test_a_bot_that_is_closed_tells_nobody_any_more(database: Database) -> None:
    """What was to be tried again later is left to the next start."""
    async with playing(database, speed=100.0) as guild:
        guild.site.faults.append(Fault(what="503 before", where=PUT, times=10_000))
        await connected(guild)
        await guild.stop()
        before = told(guild)
        await quiet(guild, 130)
        assert told(guild) == before

"""What the doctor says of a server, and that it changes nothing there."""

from collections.abc import AsyncGenerator

import pytest

from bot.app import registry
from bot.database import Database
from bot.errors import StartError
from bot.platforms.discord.address import point
from bot.platforms.discord.doctor import Doctor
from bot.values import Incoming
from tests.bot.platforms.discord.group import Guild, long_ago
from tests.fakes.discord import Site, serve

MENTION_EVERYONE = 1 << 17
CREATE_EVENTS = 1 << 44
WRONG = "not.the.token"


async def nobody(_incoming: Incoming) -> None:
    """Nothing is asked here."""


@pytest.fixture
async def guild(database: Database) -> AsyncGenerator[Guild]:
    """A server that the bot was invited to."""
    site = Site(now=long_ago)
    async with serve(site) as server:
        made = Guild(database, server, site)
        everyone = site.guild.everyone
        site.permit(everyone, everyone.permissions & ~MENTION_EVERYONE)
        yield made
        await made.stop()


def doctor(guild: Guild, *, token: str = "", channel: int = 0) -> Doctor:
    """A new look."""
    point(guild.server.api, guild.server.gateway)
    return Doctor(token or guild.site.token, channel or guild.home.id, registry(), guild.ledger)


async def told(doctor: Doctor) -> dict[str, str]:
    """What each check says."""
    return {name: await check() for name, check in doctor.checks.items()}


async def test_a_server_that_is_set_up(guild: Guild) -> None:
    """Everything is well before the first start, and after it the commands are known."""
    said = await told(doctor(guild))
    assert list(said) == [
        f"discord {name}" for name in ("account", "channel", "permissions", "messages", "commands")
    ]
    assert "sessions a day are left" in said["discord account"]
    assert said["discord channel"] == f"#reading-group of {guild.site.guild.name}"
    assert said["discord permissions"] == "all that I need"
    assert said["discord messages"] == "I am shown what people write"
    assert said["discord commands"] == "the first start tells Discord"
    assert {seen.method for seen in guild.site.requests} == {"GET"}
    assert not guild.site.connections
    await guild.start(nobody)
    assert (await told(doctor(guild)))["discord commands"] == "Discord knows them as they are"


async def test_what_is_missing_is_named(guild: Guild) -> None:
    """A permission with what it is for; one too many; the intent with its switch."""
    role = guild.site.bot_role
    guild.site.permit(role, role.permissions & ~CREATE_EVENTS)
    with pytest.raises(StartError, match=r"#reading-group: Create Events \(for the sessions"):
        await doctor(guild).permissions()
    guild.site.permit(role, role.permissions | CREATE_EVENTS | MENTION_EVERYONE)
    assert "Mention Everyone, which I should not have" in await doctor(guild).permissions()
    guild.site.application_flags = 0
    assert "Message Content Intent" in await doctor(guild).messages()


async def test_a_wrong_token_and_a_wrong_channel(guild: Guild) -> None:
    """Each check says the same; no token is shown."""
    for check in doctor(guild, token=WRONG).checks.values():
        with pytest.raises(StartError, match="DISCORD_TOKEN") as caught:
            await check()
        assert WRONG not in str(caught.value)
    with pytest.raises(StartError, match="DISCORD_CHANNEL_ID 4711"):
        await doctor(guild, channel=4711).channel()

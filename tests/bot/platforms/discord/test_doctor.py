"""What the doctor says of a server, and that it changes nothing there."""

from collections.abc import AsyncGenerator

import pytest

from bot.app import registry
from bot.database import Database
from bot.errors import StartError
from bot.health import examine
from bot.platforms.discord.address import point
from bot.platforms.discord.doctor import Doctor
from bot.values import Incoming
from tests.bot.platforms.discord.group import Guild, long_ago
from tests.bot.platforms.discord.scenes import unserved
from tests.fakes.discord import Fault, Site, serve

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


def doctor(guild: Guild, *, token: str = "", channel: int = 0, role: int | None = None) -> Doctor:
    """A new look."""
    point(guild.server.api, guild.server.gateway)
    number = channel or guild.home.id
    return Doctor(token or guild.site.token, number, registry(), guild.ledger, role=role)


async def found(doctor: Doctor) -> dict[str, str]:
    """What each check comes to, with its mark."""
    return {each.name.removeprefix("discord "): str(each) for each in await examine(doctor.checks)}


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
    every = len([*registry()]) + 1  # and what of the commands of all is for hosts
    assert (await told(doctor(guild)))["discord commands"] == f"Discord knows all {every} of them as they are"


async def test_what_is_missing_is_named(guild: Guild) -> None:
    """A permission with what it is for; one too many; the intent with its switch."""
    role = guild.site.bot_role
    guild.site.permit(role, role.permissions & ~CREATE_EVENTS)
    with pytest.raises(StartError, match=r"#reading-group: Create Events \(for the sessions"):
        await doctor(guild).permissions()
    guild.site.permit(role, role.permissions | CREATE_EVENTS | MENTION_EVERYONE)
    assert "Mention Everyone, which I should not have" in await doctor(guild).permissions()
    guild.site.application_flags = 0
    assert "Message Content Intent, and restart the bot" in await doctor(guild).messages()


UNSEEN = dict.fromkeys(("account", "channel", "permissions", "messages", "commands", "role"), "--")


def marks(said: dict[str, str]) -> dict[str, str]:
    """`ok`, `FIX` or `--`."""
    return {name: line.split()[0] for name, line in said.items()}


async def test_a_wrong_token_is_said_once(guild: Guild) -> None:
    """Nothing else was looked at; no token is shown."""
    said = await found(doctor(guild, token=WRONG, role=1))
    assert marks(said) == UNSEEN | {"account": "FIX"}
    assert "DISCORD_TOKEN" in said["account"]
    assert said["channel"] == "--   discord channel: not looked at: first the account"
    assert WRONG not in str(said)


async def test_a_wrong_channel_is_said_once(guild: Guild) -> None:
    """The account is fine, and what it is shown; what hangs on the channel was not looked at."""
    said = await found(doctor(guild, channel=4711, role=1))
    assert marks(said) == UNSEEN | {"account": "ok", "messages": "ok", "channel": "FIX"}
    assert "DISCORD_CHANNEL_ID 4711: Unknown Channel" in said["channel"]
    assert said["role"] == "--   discord role: not looked at: first the channel"


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("503 before", "log in: Discord has trouble of its own (status 503)"),
        ("429 cloudflare", "log in: Discord asks us to wait"),
        ("reset before", "log in: the connection broke off"),
    ],
)
async def test_a_discord_in_trouble_is_said_once_in_a_sentence(guild: Guild, fault: str, sentence: str) -> None:
    """No page of a proxy, and no name of a class."""
    guild.site.faults.append(Fault(what=fault, times=1_000))
    said = await found(doctor(guild))
    assert said["account"] == f"FIX  discord account: {sentence}"
    assert [line.split()[0] for line in said.values()].count("FIX") == 1


async def test_a_discord_that_is_down_is_said_once(database: Database) -> None:
    """There is nobody at its address."""
    async with unserved(database) as guild:
        said = await found(doctor(guild))
        assert said["account"] == "FIX  discord account: log in: Discord cannot be reached"
        assert [line.split()[0] for line in said.values()].count("--") == 4


async def test_a_role_that_nobody_would_hear_of(guild: Guild) -> None:
    """It has to exist, and to be one that anyone may mention, or that the bot may."""
    quiet = guild.site.role("readers")
    with pytest.raises(StartError, match="has no role DISCORD_ROLE_ID 4711"):
        await doctor(guild, role=4711).role()
    with pytest.raises(StartError, match=r"Roles, readers, switch on Allow anyone to @mention"):
        await doctor(guild, role=quiet.id).role()
    loud = guild.site.role("listeners", mentionable=True)
    assert await doctor(guild, role=loud.id).role() == "the week's messages mention @listeners"
    bot = guild.site.bot_role
    guild.site.permit(bot, bot.permissions | MENTION_EVERYONE)
    assert await doctor(guild, role=quiet.id).role() == "the week's messages mention @readers"


async def test_commands_that_discord_has_lost_are_named_and_told_anew(guild: Guild) -> None:
    """By our books Discord knows them: the doctor looks. `doctor --sync` tells it without a start."""
    await guild.start(nobody)
    await guild.stop()
    for commands in guild.site.commands.values():
        commands[:] = [each for each in commands if each["name"] != "now"]
    with pytest.raises(StartError, match=r"has lost /now: restart the bot, or run .*--sync"):
        await doctor(guild).commands()
    assert "anew" in await doctor(guild).sync()
    assert "knows all" in await doctor(guild).commands()
    guild.site.commands.clear()
    with pytest.raises(StartError, match=r"has lost /about, .* and \d+ more"):
        await doctor(guild).commands()

"""The group's Discord server, put together from the settings: `bot.app` makes one where DISCORD_TOKEN is set."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from random import Random

from bot.command import Command, Param
from bot.database import Database
from bot.errors import StartError
from bot.lease import Lease
from bot.ledger import Ledger
from bot.platforms.discord import Discord
from bot.platforms.discord.address import point
from bot.platforms.discord.client import Clock
from bot.platforms.discord.doctor import Doctor
from bot.settings import Settings


def guild(
    settings: Settings,
    database: Database,
    clock: Clock,
    chance: Random,
    *,
    commands: Iterable[Command],
    line: Callable[[str], str],
    complete: Callable[[Param, str], Awaitable[Sequence[str]]],
    report: Callable[[str, str], None],
) -> Discord:
    """The platform. One process at a time speaks for its token, whichever channel it was given."""
    token = _token(settings)
    return Discord(
        token,
        Ledger(database, "discord"),
        Lease(database, f"discord/{sha256(token.encode()).hexdigest()[:16]}", secrets.token_hex(16)),
        clock,
        chance,
        home=settings.discord_channel_id or 0,
        role=settings.discord_role_id,
        prefix=settings.command_prefix,
        commands=commands,
        line=line,
        complete=complete,
        report=report,
    )


def checks(
    settings: Settings, database: Database, commands: Iterable[Command]
) -> Mapping[str, Callable[[], Awaitable[str]]]:
    """What `doctor` looks at on the server."""
    return _doctor(settings, database, commands).checks


async def tell(settings: Settings, database: Database, commands: Iterable[Command]) -> str:
    """Tell Discord the slash commands anew, whatever it knows; says what was done."""
    return await _doctor(settings, database, commands).sync()


def _doctor(settings: Settings, database: Database, commands: Iterable[Command]) -> Doctor:
    books, number = Ledger(database, "discord"), settings.discord_channel_id or 0
    return Doctor(_token(settings), number, commands, books, role=settings.discord_role_id)


def _token(settings: Settings) -> str:
    """The token, with the library pointed to where it is good."""
    token = settings.discord.get_secret_value() if settings.discord else ""
    if not token.isascii() or not token.isprintable() or " " in token:
        raise StartError("DISCORD_TOKEN holds signs that no token has.")
    point(str(settings.discord_api_base or ""), str(settings.discord_gateway_url or ""))
    return token

# ruff: noqa: D102 - the members of a small Protocol say it by name and type
"""How the parts of one bot are: what `/readyz` looks at while it runs, and what `doctor` looks at before."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import engine
from bot.command import Command
from bot.database import Database
from bot.errors import StartError
from bot.health import Check, Troubles, free, quiet
from bot.programme import EXAMPLE, load
from bot.settings import Settings
from bot.values import plural


class Titles(Protocol):
    """The loaded model."""

    @property
    def titles(self) -> Sequence[str]: ...


class Loaded(Protocol):
    """Where the loaded model comes from."""

    @property
    def path(self) -> str: ...


class Drawing(Protocol):
    """What draws."""

    def check(self) -> str: ...


class Connected(Protocol):
    """A platform that knows how its connection is."""

    @property
    def check(self) -> Check: ...


class Agenda(Protocol):
    """The programme in force."""

    @property
    def revision(self) -> int: ...
    @property
    def misfits(self) -> Sequence[Any]: ...
    async def load(self) -> None: ...


class Weekly(Protocol):
    """The running week."""

    @property
    def agenda(self) -> Agenda: ...


class Parts(Protocol):
    """What can be looked at (`bot.app.App`); each part is made when it is asked for."""

    settings: Settings
    clock: Any

    @property
    def films(self) -> Titles: ...
    @property
    def shelf(self) -> Loaded: ...
    @property
    def database(self) -> Database: ...
    @property
    def pictures(self) -> Drawing: ...
    @property
    def troubles(self) -> Troubles: ...
    @property
    def weekly(self) -> Weekly: ...
    @property
    def guild(self) -> Connected: ...
    @property
    def forum(self) -> Any: ...
    @property
    def registry(self) -> Iterable[Command]: ...


def within(app: Parts) -> dict[str, Check]:
    """The parts that every bot has."""

    async def model() -> str:
        return f"{len(app.films.titles):,} films, from {app.shelf.path}"

    async def database() -> str:
        async with app.database.write():
            return f"{app.database.name} takes writes ({await app.database.version()})"

    async def pictures() -> str:
        return app.pictures.check()

    return {"model": model, "database": database, "pictures": pictures}


def _planned(app: Parts) -> Check:
    """The reading plan: whether its file can be read, and whether what admins changed still fits it."""

    async def check() -> str:
        file = await asyncio.to_thread(load, app.settings.programme or EXAMPLE)
        name = f"{file.group}, from {app.settings.programme or 'the example'}"
        try:
            agenda = app.weekly.agenda
            await agenda.load()
        except StartError:  # the database has a line of its own
            return f"{name}; what admins changed cannot be read"
        if agenda.misfits:
            left = "; ".join(f"{each.what} ({each.why})" for each in agenda.misfits)
            raise StartError(
                f"changes by admins no longer fit it and are left out: {left} Edit the file, or forget them with "
                f"{app.settings.command_prefix}schedule tidy."
            )
        return f"{name}, with {plural(agenda.revision, 'change')} by admins"

    return check


def _readable(ratings: Path) -> Check:
    """Whether there is something to train on where the setting says so: its beginning is read."""

    async def check() -> str:
        try:
            file = await asyncio.to_thread(engine.glance, ratings)
        except engine.FileError as problem:
            raise StartError(f"{problem} (RATINGS): without it nothing can be trained.") from problem
        return f"members may train on {file}"

    return check


def running(app: Parts) -> dict[str, Check]:
    """What makes up `/readyz`."""
    found = within(app)
    if app.settings.discourse_url:
        found["discourse"] = quiet(app.troubles, "discourse")
    if app.settings.discord_channel_id:
        found |= {"discord": app.guild.check, "discord troubles": quiet(app.troubles, "discord")}
    return found


def examined(app: Parts) -> dict[str, Check]:
    """What `doctor` looks at: the parts, the port, and whatever the forum and the server say of us."""
    from bot import forum, guild

    settings = app.settings
    found = within(app) | {"programme": _planned(app), "port": free(settings.web_host, settings.web_port)}
    if settings.ratings:
        found["ratings"] = _readable(settings.ratings)
    if settings.discourse_url:
        found |= forum.checks(settings, app.clock, app.forum.api)
    if settings.discord_channel_id:
        found |= guild.checks(settings, app.database, app.registry)
    return found


async def tell_commands(app: Parts) -> str:
    """Tell Discord the slash commands anew; StartError where there is no Discord, or it does not take them."""
    from bot.guild import tell

    if not app.settings.discord_channel_id:
        raise StartError("DISCORD_TOKEN and DISCORD_CHANNEL_ID are not set: there is nobody to tell of commands.")
    return await tell(app.settings, app.database, app.registry)

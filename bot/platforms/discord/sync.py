"""Telling Discord which slash commands there are, only when something differs: it counts how often it is told."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, Protocol

import discord
from discord import app_commands

from bot.correspondence import Heard
from bot.errors import PlatformError
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import NO_ACCESS, as_ours

Tree = app_commands.CommandTree[Any]

PATIENCE = 15.0  # seconds that the first dial waits for it
FIRST_WAIT, LONGEST_WAIT = 60.0, 3_600.0  # seconds between two tries
NO_SCOPE = (
    "I was invited without the scope applications.commands: open the address of docs/discord.md, step 5, once more"
)


class Books(Protocol):
    """Where it is kept what Discord was last told: `bot.correspondence.Ledger`."""

    async def cursor(self, name: str) -> int | None:
        """What was kept under that name."""
        ...

    async def hear(self, posts: Sequence[Heard], *, name: str = "", cursor: int | None = None) -> list[Heard]:
        """Keep it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What Discord has of our commands: what it was told of them, how many they are, and which names differ."""

    told: Literal["same", "changed", "never"]
    count: int
    gone: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        """Whether Discord has them as they are."""
        return self.told == "same" and not self.gone and not self.strange


class Sync:
    """Sees to it that Discord knows the commands: before the first dial, and where that fails, later again.

    `report` is told what is the matter; `patience` is for how many seconds a try may last.
    """

    def __init__(
        self,
        tree: Tree,
        books: Books,
        clock: Clock,
        report: Callable[[str, str], None],
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._tree, self._books, self._clock, self._report = tree, books, clock, report
        self._patience = patience
        self._later: asyncio.Task[None] | None = None

    async def begin(self, guild: discord.abc.Snowflake) -> None:
        """Tell Discord, if something differs; nobody waits long for that."""
        wait = await self._tried(guild)
        if wait is not None and (self._later is None or self._later.done()):
            self._later = asyncio.create_task(self._again(guild, wait), name="Discord's slash commands")

    async def close(self) -> None:
        """Try no more."""
        if self._later is not None:
            self._later.cancel()
            await asyncio.wait({self._later})

    async def _again(self, guild: discord.abc.Snowflake, after: float) -> None:
        wait, asked = FIRST_WAIT, after
        while True:
            await self._clock.sleep(max(wait, asked))
            found = await self._tried(guild)
            if found is None:
                return
            wait, asked = min(2 * wait, LONGEST_WAIT), found

    async def _tried(self, guild: discord.abc.Snowflake) -> float | None:
        """None if Discord knows them now; else how many seconds it asked us to wait."""
        try:
            with as_ours("Discord was not told of them"):
                async with asyncio.timeout(self._patience):
                    await sync(self._tree, guild=guild, books=self._books)
        except PlatformError as problem:
            scope = getattr(problem.__cause__, "code", 0) == NO_ACCESS
            self._report("slash commands", NO_SCOPE if scope else f"{problem}; I try again later")
            return getattr(problem, "after", None) or 0.0
        self._report("slash commands", "")
        return None


async def sync(tree: Tree, *, guild: discord.abc.Snowflake, books: Books, force: bool = False) -> bool:
    """Tell Discord the guild's commands; whether it was told. `force` tells it even what it knows."""
    if not force and (await standing(tree, guild=guild, books=books)).current:
        return False
    await tree.sync(guild=guild)
    await books.hear([], name=_name(tree, guild), cursor=fingerprint(tree, guild=guild))
    return True


async def standing(tree: Tree, *, guild: discord.abc.Snowflake, books: Books) -> Standing:
    """What Discord has, by our books and by what it shows of itself."""
    ours = _payload(tree, guild)
    last = await books.cursor(_name(tree, guild))
    told = "never" if last is None else "same" if last == fingerprint(tree, guild=guild) else "changed"
    if told != "same":
        return Standing(told=told, count=len(ours))
    theirs = await tree.client.http.get_guild_commands(tree.client.application_id or 0, guild.id)
    wanted, there = set(_names(ours)), set(_names(theirs))
    return Standing(told=told, count=len(ours), gone=_tops(wanted - there), strange=_tops(there - wanted))


def fingerprint(tree: Tree, *, guild: discord.abc.Snowflake) -> int:
    """60 bits that are others when anything of the commands is."""
    ordered = sorted(_payload(tree, guild), key=lambda command: command["name"])
    return int(sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()[:15], 16)


def _payload(tree: Tree, guild: discord.abc.Snowflake) -> list[dict[str, Any]]:
    return [command.to_dict(tree) for command in tree.get_commands(guild=guild)]


def _names(commands: Sequence[Mapping[str, Any]], above: str = "/") -> Iterator[str]:
    """`/session`, `/session move`, `/session move to`: commands with all that can be filled in."""
    for each in commands:
        name = f"{above}{each['name']}"
        yield name
        yield from _names(each.get("options") or (), f"{name} ")


def _tops(names: set[str]) -> tuple[str, ...]:
    """Those that differ without what stands above them."""
    return tuple(sorted(each for each in names if each.rpartition(" ")[0] not in names))


def _name(tree: Tree, guild: discord.abc.Snowflake) -> str:
    return f"commands/{tree.client.application_id}/{guild.id}"

"""Telling Discord which slash commands there are, only when they have changed: it counts how often it is told."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Literal, Protocol

import discord
from discord import app_commands

from bot.correspondence import Heard

Tree = app_commands.CommandTree[Any]


class Books(Protocol):
    """Where it is kept what Discord was last told: `bot.correspondence.Ledger`."""

    async def cursor(self, name: str) -> int | None:
        """What was kept under that name."""
        ...

    async def hear(self, posts: Sequence[Heard], *, name: str = "", cursor: int | None = None) -> list[Heard]:
        """Keep it."""
        ...


async def sync(tree: Tree, *, guild: discord.abc.Snowflake, books: Books, force: bool = False) -> bool:
    """Tell Discord the guild's commands; whether it was told. `force` tells it even what it knows."""
    if not force and await state(tree, guild=guild, books=books) == "same":
        return False
    await tree.sync(guild=guild)
    await books.hear([], name=_name(tree, guild), cursor=fingerprint(tree, guild=guild))
    return True


async def state(tree: Tree, *, guild: discord.abc.Snowflake, books: Books) -> Literal["same", "changed", "never"]:
    """Whether Discord was told of the commands as they are."""
    told = await books.cursor(_name(tree, guild))
    if told is None:
        return "never"
    return "same" if told == fingerprint(tree, guild=guild) else "changed"


def fingerprint(tree: Tree, *, guild: discord.abc.Snowflake) -> int:
    """60 bits that are others when anything of the commands is."""
    payload = [command.to_dict(tree) for command in tree.get_commands(guild=guild)]
    ordered = sorted(payload, key=lambda command: command["name"])
    return int(sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()[:15], 16)


def _name(tree: Tree, guild: discord.abc.Snowflake) -> str:
    return f"commands/{tree.client.application_id}/{guild.id}"

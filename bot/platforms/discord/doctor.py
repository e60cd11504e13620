"""What is to be set up at Discord, looked at from outside: without connecting, and without changing anything.

One look leads to the next: what stops it is said once, by the check that it belongs to; the rest is not looked at.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.http import Route

from bot.command import Command, Param
from bot.errors import PlatformError, StartError, Unseen
from bot.platforms.discord.errors import as_ours
from bot.platforms.discord.permissions import NEEDED, NEVER, spoken
from bot.platforms.discord.server import Home
from bot.platforms.discord.slash import plant
from bot.platforms.discord.supervisor import BAD_TOKEN, PORTAL
from bot.platforms.discord.sync import Books, Standing, standing, sync
from bot.values import Asked

Seen = TypeVar("Seen")

SHOWN = 5  # names of commands that differ


@dataclass(frozen=True, kw_only=True)
class Account:
    """Whose the token is."""

    name: str
    sessions: Mapping[str, int]
    content: bool


@dataclass(frozen=True, kw_only=True)
class Channel:
    """Where the group is at home, and what we may do there; `role` is the one that is reminded, if it exists."""

    name: str
    where: str
    may: discord.Permissions
    role: discord.Role | None


class Doctor:
    """Looks once, and says it check by check.

    `number` is the group's channel, `role` the one that is reminded; `books` say what Discord was told.
    """

    def __init__(
        self, token: str, number: int, commands: Iterable[Command], books: Books, *, role: int | None = None
    ) -> None:
        self._token, self._number, self._commands, self._books = token, number, tuple(commands), books
        self._role = role
        self._account: Account | None = None
        self._channel: Channel | None = None
        self._standing: Standing | None = None
        self._at, self._stopped = "", "no answer in time"

    @property
    def checks(self) -> Mapping[str, Callable[[], Awaitable[str]]]:
        """By their names."""
        found = {
            "discord account": self.account,
            "discord channel": self.channel,
            "discord permissions": self.permissions,
            "discord messages": self.messages,
            "discord commands": self.commands,
        }
        return found | ({"discord role": self.role} if self._role else {})

    async def account(self) -> str:
        """Whose the token is, and how often it may begin a session."""
        await self._look()
        seen = self._of(self._account, "account")
        left, total = seen.sessions["remaining"], seen.sessions["total"]
        return f"I am {seen.name}; {left:,} of {total:,} sessions a day are left"

    async def channel(self) -> str:
        """Where the group is at home."""
        seen = await self._there("channel")
        return f"#{seen.name} of {seen.where}"

    async def permissions(self) -> str:
        """Whether all is allowed there that is needed."""
        seen = await self._there("permissions")
        missing = [f"{spoken(flag)} ({why})" for flag, why in NEEDED.items() if not getattr(seen.may, flag)]
        if missing:
            raise StartError(f"give my role in #{seen.name}: {', '.join(missing)}")
        more = [name for flag, name in NEVER.items() if getattr(seen.may, flag)]
        return "all that I need" + (f"; and {' and '.join(more)}, which I should not have" if more else "")

    async def messages(self) -> str:
        """Whether we are shown what people write."""
        await self._look()
        if self._of(self._account, "messages").content:
            return "I am shown what people write"
        return (
            "I am shown only what mentions me, and slash commands. For commands with a prefix switch on "
            f"{PORTAL}, Bot, Message Content Intent, and restart the bot"
        )

    async def commands(self) -> str:
        """Whether Discord knows our slash commands as they are."""
        await self._look()
        seen = self._of(self._standing, "commands")
        if seen.told == "never":
            return "the first start tells Discord"
        if seen.told == "changed":
            return "they have changed: restart the bot, which tells Discord"
        if not seen.current:
            raise StartError(f"Discord {_differs(seen)}: restart the bot, or run `python -m bot doctor --sync`")
        return f"Discord knows all {seen.count} of them as they are"

    async def role(self) -> str:
        """Whether the role that is reminded can be mentioned."""
        seen = await self._there("role")
        if seen.role is None:
            raise StartError(
                f"{seen.where} has no role DISCORD_ROLE_ID {self._role}: copy its ID from the role's menu, "
                "or leave the setting empty"
            )
        if not seen.role.mentionable and not seen.may.mention_everyone:
            raise StartError(
                f"nobody would hear of it: in the server's settings, Roles, {seen.role.name}, switch on "
                "Allow anyone to @mention this role"
            )
        return f"the week's messages mention @{seen.role.name}"

    async def sync(self) -> str:
        """Tell Discord the slash commands, whatever it knows."""
        try:
            async with self._client() as client:
                with as_ours(f"DISCORD_CHANNEL_ID {self._number}"):
                    guild = await client.fetch_guild((await self._home(client)).guild.id)
                with as_ours("Discord was not told of them"):
                    await sync(self._tree(client, guild), guild=guild, books=self._books, force=True)
        except PlatformError as problem:
            raise StartError(f"discord commands: {problem}") from problem
        return f"Discord was told of {len(self._commands)} slash commands anew"

    async def _there(self, check: str) -> Channel:
        await self._look()
        return self._of(self._channel, check)

    def _of(self, seen: Seen | None, check: str) -> Seen:
        """What a check looks at; StartError says what stopped the look, if that is what it is about."""
        if seen is not None:
            return seen
        if check == self._at:
            raise StartError(self._stopped)
        raise Unseen(f"not looked at: first the {self._at}")

    async def _look(self) -> None:
        """Once: at the account, then at the channel, then at the commands."""
        if self._at:
            return
        self._at = "account"
        try:
            async with self._client() as client:
                with as_ours("look at the gateway"):
                    said: Any = await client.http.request(Route("GET", "/gateway/bot"))
                flags = client.application.flags if client.application else discord.ApplicationFlags()
                self._account = Account(
                    name=str(client.user),
                    sessions=said["session_start_limit"],
                    content=flags.gateway_message_content or flags.gateway_message_content_limited,
                )
                await self._look_there(client)
        except (PlatformError, StartError) as problem:
            self._stopped = str(problem)

    async def _look_there(self, client: discord.Client) -> None:
        self._at = "channel"
        found = await self._home(client)
        with as_ours("look at the server"):
            guild = await client.fetch_guild(found.guild.id)
            me = await guild.fetch_member(client.user.id if client.user else 0)
            home = await guild.fetch_channel(found.id)
        self._channel = Channel(
            name=found.name,
            where=guild.name,
            may=home.permissions_for(me),
            role=guild.get_role(self._role) if self._role else None,
        )
        self._at = "commands"
        with as_ours("what Discord knows of them cannot be read"):
            self._standing = await standing(self._tree(client, guild), guild=guild, books=self._books)

    @asynccontextmanager
    async def _client(self) -> AsyncGenerator[discord.Client]:
        """Logged in."""
        async with discord.Client(intents=discord.Intents(guilds=True)) as client:
            try:
                with as_ours("log in"):
                    await client.login(self._token)
            except discord.LoginFailure as problem:
                raise StartError(BAD_TOKEN) from problem
            yield client

    async def _home(self, client: discord.Client) -> Home:
        with as_ours(f"DISCORD_CHANNEL_ID {self._number}"):
            found = await client.fetch_channel(self._number)
        if not isinstance(found, Home):
            raise PlatformError(f"DISCORD_CHANNEL_ID {self._number} is no text, announcement or forum channel")
        return found

    def _tree(self, client: discord.Client, guild: discord.Guild) -> app_commands.CommandTree[Any]:
        """Our commands as Discord would be told; nobody uses them here."""

        async def ask(_interaction: discord.Interaction, _asked: Asked) -> None: ...

        async def complete(_param: Param, _typed: str) -> Sequence[str]:
            return ()

        tree = app_commands.CommandTree(client)
        plant(tree, self._commands, guild=guild, ask=ask, complete=complete)
        return tree


def _differs(seen: Standing) -> str:
    """`has lost /q, /similar and 3 more`."""
    said = [
        f"{verb} {', '.join(names[:SHOWN])}{f' and {len(names) - SHOWN} more' if len(names) > SHOWN else ''}"
        for verb, names in (("has lost", seen.gone), ("has besides", seen.strange))
        if names
    ]
    return " and ".join(said)

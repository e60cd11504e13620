"""What is to be set up at Discord, looked at from outside: without connecting, and without changing anything."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import discord
from discord import app_commands
from discord.http import Route

from bot.command import Command, Param
from bot.errors import PlatformError, StartError
from bot.platforms.discord.errors import as_ours
from bot.platforms.discord.permissions import NEEDED, NEVER, spoken
from bot.platforms.discord.server import Home
from bot.platforms.discord.slash import plant
from bot.platforms.discord.supervisor import BAD_TOKEN, PORTAL
from bot.platforms.discord.sync import Books, state
from bot.values import Asked


@dataclass(frozen=True, kw_only=True)
class Seen:
    """All that was seen in one look."""

    name: str
    sessions: Mapping[str, int]
    content: bool
    channel: str
    where: str
    may: discord.Permissions
    synced: Literal["same", "changed", "never"]


class Doctor:
    """Looks once, and says it check by check. `number` is the group's channel; `books` say what it was told."""

    def __init__(self, token: str, number: int, commands: Iterable[Command], books: Books) -> None:
        self._token, self._number, self._commands, self._books = token, number, commands, books
        self._seen: Seen | StartError | None = None

    @property
    def checks(self) -> Mapping[str, Callable[[], Awaitable[str]]]:
        """By their names."""
        return {
            "discord account": self.account,
            "discord channel": self.channel,
            "discord permissions": self.permissions,
            "discord messages": self.messages,
            "discord commands": self.commands,
        }

    async def account(self) -> str:
        """Whose the token is, and how often it may begin a session."""
        seen = await self._look()
        left, total = seen.sessions["remaining"], seen.sessions["total"]
        return f"I am {seen.name}; {left:,} of {total:,} sessions a day are left"

    async def channel(self) -> str:
        """Where the group is at home."""
        seen = await self._look()
        return f"#{seen.channel} of {seen.where}"

    async def permissions(self) -> str:
        """Whether all is allowed there that is needed."""
        seen = await self._look()
        missing = [f"{spoken(flag)} ({why})" for flag, why in NEEDED.items() if not getattr(seen.may, flag)]
        if missing:
            raise StartError(f"give my role in #{seen.channel}: {', '.join(missing)}")
        more = [name for flag, name in NEVER.items() if getattr(seen.may, flag)]
        return "all that I need" + (f"; and {' and '.join(more)}, which I should not have" if more else "")

    async def messages(self) -> str:
        """Whether we are shown what people write."""
        seen = await self._look()
        if seen.content:
            return "I am shown what people write"
        return (
            "I am shown only what mentions me, and slash commands. For commands with a prefix switch on "
            f"{PORTAL}, Bot, Message Content Intent"
        )

    async def commands(self) -> str:
        """Whether Discord knows our slash commands as they are."""
        seen = await self._look()
        return {
            "same": "Discord knows them as they are",
            "changed": "they have changed: the next start tells Discord",
            "never": "the first start tells Discord",
        }[seen.synced]

    async def _look(self) -> Seen:
        if self._seen is None:
            try:
                self._seen = await self._looked()
            except PlatformError as problem:
                self._seen = StartError(str(problem))
            except discord.LoginFailure:
                self._seen = StartError(BAD_TOKEN)
        if isinstance(self._seen, StartError):
            raise self._seen
        return self._seen

    async def _looked(self) -> Seen:
        async with discord.Client(intents=discord.Intents(guilds=True)) as client:
            with as_ours("Discord"):
                await client.login(self._token)
                said: Any = await client.http.request(Route("GET", "/gateway/bot"))
            with as_ours(f"DISCORD_CHANNEL_ID {self._number}"):
                found = await client.fetch_channel(self._number)
            if not isinstance(found, Home):
                raise PlatformError(f"DISCORD_CHANNEL_ID {self._number} is no text, announcement or forum channel")
            with as_ours("Discord"):
                guild = await client.fetch_guild(found.guild.id)
                me = await guild.fetch_member(client.user.id if client.user else 0)
                home = await guild.fetch_channel(found.id)
            flags = client.application.flags if client.application else discord.ApplicationFlags()
            return Seen(
                name=str(client.user),
                sessions=said["session_start_limit"],
                content=flags.gateway_message_content or flags.gateway_message_content_limited,
                channel=found.name,
                where=guild.name,
                may=home.permissions_for(me),
                synced=await state(self._tree(client, guild), guild=guild, books=self._books),
            )

    def _tree(self, client: discord.Client, guild: discord.Guild) -> app_commands.CommandTree[Any]:
        """Our commands as Discord would be told; nobody uses them here."""

        async def ask(_interaction: discord.Interaction, _asked: Asked) -> None: ...

        async def complete(_param: Param, _typed: str) -> Sequence[str]:
            return ()

        tree = app_commands.CommandTree(client)
        plant(tree, self._commands, guild=guild, ask=ask, complete=complete)
        return tree

"""The group's server, as far as the bot has to know it: its channel, the threads of that, and files in them."""

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from bot.errors import PlatformError, Refused, Retryable
from bot.platforms.discord.address import may_hold_files
from bot.platforms.discord.client import Client
from bot.platforms.discord.errors import SECONDS, as_ours
from bot.platforms.discord.reading import pictures
from bot.platforms.files import MOST_BYTES as MOST_OF_A_FILE
from bot.platforms.files import may_hold_questions
from bot.values import File

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
MOST_BYTES = 8_000_000
"""Of a picture that is read."""

Home = discord.TextChannel | discord.ForumChannel


class Server:
    """The connection's view of it; `number` is the group's channel."""

    def __init__(self, client: Client, number: int) -> None:
        self._client, self._number = client, number
        self._home: Home | None = None
        self._parents: dict[int, int | None] = {}
        self._guilds: dict[int, int | None] = {}

    @property
    def home(self) -> Home:
        """The group's channel; Retryable before it was looked for."""
        if self._home is None:
            raise Retryable("Discord is not reached yet")
        return self._home

    @property
    def forum(self) -> bool:
        """Whether the group's channel is a forum: weeks are posts there."""
        return isinstance(self.home, discord.ForumChannel)

    @property
    def text(self) -> discord.TextChannel:
        """The group's channel, where it is no forum."""
        assert isinstance(self.home, discord.TextChannel)  # noqa: S101 - `forum` was asked
        return self.home

    @property
    def board(self) -> discord.ForumChannel:
        """The group's channel, where it is a forum."""
        assert isinstance(self.home, discord.ForumChannel)  # noqa: S101 - `forum` was asked
        return self.home

    async def find(self) -> Home:
        """Look for the group's channel; PlatformError says what is wrong with the one that is named."""
        try:
            with as_ours(f"DISCORD_CHANNEL_ID {self._number}"):
                async with asyncio.timeout(SECONDS):
                    found = await self._client.fetch_channel(self._number)
        except discord.InvalidData as problem:
            raise PlatformError(f"DISCORD_CHANNEL_ID {self._number} is of a kind I do not know") from problem
        if not isinstance(found, Home):
            raise PlatformError(
                f"DISCORD_CHANNEL_ID {self._number} is a {type(found).__name__}: "
                "I need a text, announcement or forum channel"
            )
        self._home, self._guilds[found.id] = found, found.guild.id
        return found

    async def channel(self, number: int) -> discord.PartialMessageable:
        """Any channel, thread or direct conversation; what is read from it knows whether it is on a server."""
        if number not in self._guilds:
            with as_ours(f"look at channel {number}"):
                found = await self._client.fetch_channel(number)
            private = isinstance(found, discord.abc.PrivateChannel)
            self._guilds[number] = None if private else self.home.guild.id
        return self._client.get_partial_messageable(number, guild_id=self._guilds[number])

    async def rights(self, message: discord.Message) -> discord.Permissions | None:
        """What its author may do on the server; history does not say, so it is asked for."""
        if isinstance(message.author, discord.Member):
            return message.author.guild_permissions
        if message.guild is None:
            return None
        try:
            with as_ours("look at a member"):
                return (await message.guild.fetch_member(message.author.id)).guild_permissions
        except Refused:
            return None  # who has left may do nothing any more

    async def parent(self, channel: Any) -> int | None:
        """The channel that a thread is of; None for what is no thread."""
        if isinstance(channel, discord.Thread):
            return channel.parent_id
        if not isinstance(channel, discord.PartialMessageable):
            return None
        if channel.id not in self._parents:
            # A thread that has just come back from the archive is not in the library's memory.
            try:
                with as_ours(f"look at channel {channel.id}"):
                    async with asyncio.timeout(SECONDS):
                        found = await self._client.fetch_channel(channel.id)
            except Refused:
                return None
            self._parents[channel.id] = found.parent_id if isinstance(found, discord.Thread) else None
        return self._parents[channel.id]

    @property
    def written(self) -> Sequence[Any]:
        """The group's channel, if one can write in it."""
        return () if self.forum else (self.home,)

    async def open_threads(self) -> Sequence[Any]:
        """The threads of it that are not closed."""
        home = self.home
        with as_ours("list the threads"):
            async with asyncio.timeout(SECONDS):
                found = [each for each in await home.guild.active_threads() if each.parent_id == home.id]
        return self._ours(found)

    async def closed_threads(self, most: int) -> Sequence[Any]:
        """So many of the closed ones, the last closed first."""
        with as_ours("list the archived threads"):
            async with asyncio.timeout(SECONDS):
                return self._ours([each async for each in self.home.archived_threads(limit=most)])

    async def watched(self, archived: int) -> Sequence[Any]:
        """The group's channel, if one can write in it, and its threads, with so many of the closed ones."""
        return [*self.written, *await self.open_threads(), *await self.closed_threads(archived)]

    def _ours(self, threads: Sequence[discord.Thread]) -> Sequence[discord.Thread]:
        """Remember that they are on the server."""
        self._guilds |= {each.id: self.home.guild.id for each in threads}
        return threads

    async def file(self, message: discord.Message) -> File | None:
        """The file on a message that may hold questions; of one too large, blanks that are refused."""
        for attachment in (each for each in message.attachments if may_hold_questions(each.filename)):
            if attachment.size > MOST_OF_A_FILE:
                return File(name=attachment.filename, data=bytes(MOST_OF_A_FILE + 1))
            if may_hold_files(attachment.url):
                try:
                    with as_ours("read a file"):
                        return File(name=attachment.filename, data=await attachment.read())
                except Refused:
                    pass  # deleted meanwhile
        return None

    async def picture(self, message: discord.Message) -> bytes:
        """The picture on a message, or on the one it answers; empty without one.

        One that is too large is not fetched: blanks of more than the largest size stand for it, and are refused.
        """
        for attachment in pictures(message, PICTURES)[:1]:
            if attachment.size > MOST_BYTES:
                return bytes(MOST_BYTES + 1)
            if may_hold_files(attachment.url):
                try:
                    with as_ours("read a picture"):
                        return await attachment.read()
                except Refused:
                    pass  # deleted meanwhile
        return b""

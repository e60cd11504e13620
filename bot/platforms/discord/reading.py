"""A message of Discord → what the bot is told of it, or why it is not told."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.platforms.discord.places import NAME, channel
from bot.platforms.words import as_commands
from bot.values import Incoming, Person, PostRef

ME = "me"
"""What a mention of the bot becomes before its text is read."""
WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who we are, and where the group is at home. `line` finds the first command of a text, empty without one.

    `role` is the one that Discord made for us, which has our name: who picks it means us.
    """

    me: int
    role: int | None
    home: int
    prefix: str
    line: Callable[[str], str]

    def ignore(self, message: discord.Message, horizon: datetime, *, parent: int | None) -> str:
        """Why the message is none of our business; empty if it is. `parent` is the channel of its thread."""
        if message.author.bot or message.webhook_id is not None:
            return "a bot's"
        if message.type not in WRITTEN:
            return "not written by anybody"
        if (message.edited_at or message.created_at) < horizon:
            return "too old"
        return "" if self.direct(message) or self.here(message, parent) else "elsewhere"

    def here(self, message: discord.Message, parent: int | None) -> bool:
        """Whether it stands in the group's channel, or in a thread of it."""
        return self.home in (message.channel.id, parent)

    def direct(self, message: discord.Message) -> bool:
        """Whether nobody but us is spoken to."""
        return message.guild is None or self.me in message.raw_mentions or self.role in message.raw_role_mentions

    def text(self, message: discord.Message) -> str:
        """What was written, with lines that speak to us by name made commands."""
        said = re.sub(rf"<@!?{self.me}>|<@&{self.role or 0}>", f"@{ME}", message.content)
        return as_commands(said, username=ME, prefix=self.prefix)

    def command(self, message: discord.Message) -> str:
        """The line of its command; empty where it has none."""
        return self.line(self.text(message))

    def incoming(
        self,
        message: discord.Message,
        rights: discord.Permissions | None,
        *,
        revised: bool,
    ) -> Incoming:
        """The message as every platform hands it over; `rights` are its author's on the server."""
        return Incoming(
            post=PostRef(place=channel(message.channel.id), id=str(message.id)),
            person=person(message.author, rights),
            text=self.text(message),
            at=message.created_at,
            direct=self.direct(message),
            revised=revised,
        )


def person(author: discord.User | discord.Member, permissions: discord.Permissions | None = None) -> Person:
    """Whoever wrote or pressed; an admin is who may manage the server."""
    return Person(
        platform=NAME,
        id=str(author.id),
        name=author.display_name,
        is_admin=permissions is not None and (permissions.manage_guild or permissions.administrator),
    )


def version(message: discord.Message) -> int:
    """A number that rises with every change."""
    return int((message.edited_at or message.created_at).timestamp() * 1000)

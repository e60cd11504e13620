"""The picture and the file that somebody attached, to a message or to a slash command: read from Discord alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import discord

from bot.errors import Refused
from bot.platforms.discord.address import may_hold_files
from bot.platforms.discord.errors import as_ours
from bot.platforms.files import MOST_BYTES as MOST_OF_A_FILE
from bot.platforms.files import may_hold_questions
from bot.values import File, code

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
MOST_BYTES = 8 * 1024**2
"""Of a picture that is read: as many as kernels take."""
DRAWN = "The picture on the post that you answer is a bot's: I take only what members bring."


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The bytes of a picture, none where there is none; `unread`: why one that is there is not taken."""

    data: bytes = field(default=b"", repr=False)
    unread: str = ""


async def picture_on(message: discord.Message) -> Picture:
    """The picture on a message, or on the one it answers."""
    own = await picture(message.attachments)
    answered = message.reference.resolved if message.reference else None
    if own.data or own.unread or not isinstance(answered, discord.Message):
        return own
    if answered.author.bot:  # our own drawings are no material
        return Picture(unread=DRAWN if _readable(answered.attachments) else "")
    return await picture(answered.attachments)


async def picture(attachments: Sequence[discord.Attachment]) -> Picture:
    """The first of them that is a picture.

    One that is too large is not fetched: blanks of more than the largest size stand for it, and are refused.
    """
    for attachment in _readable(attachments)[:1]:
        if attachment.size > MOST_BYTES:
            return Picture(data=bytes(MOST_BYTES + 1))
        if may_hold_files(attachment.url):
            try:
                with as_ours("read a picture"):
                    return Picture(data=await attachment.read())
            except Refused:
                return Picture()  # deleted meanwhile
    if attachments:
        return Picture(unread=f"{code(attachments[0].filename)} is left out: I read PNG, JPEG, WebP and GIF.")
    return Picture()


async def file(attachments: Sequence[discord.Attachment]) -> File | None:
    """The first of them that may hold questions; of one too large, blanks that are refused."""
    for attachment in (each for each in attachments if may_hold_questions(each.filename)):
        if attachment.size > MOST_OF_A_FILE:
            return File(name=attachment.filename, data=bytes(MOST_OF_A_FILE + 1))
        if may_hold_files(attachment.url):
            try:
                with as_ours("read a file"):
                    return File(name=attachment.filename, data=await attachment.read())
            except Refused:
                pass  # deleted meanwhile
    return None


def _readable(attachments: Sequence[discord.Attachment]) -> list[discord.Attachment]:
    return [each for each in attachments if (each.content_type or "").partition(";")[0] in PICTURES]

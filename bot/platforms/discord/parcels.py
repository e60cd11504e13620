"""A reply as the messages that carry it: usually one, with its pictures and buttons on the last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from math import ceil
from typing import Any

import discord

from bot.platforms.discord.choices import view
from bot.render import discord as messages
from bot.render import unpressable
from bot.values import Choice, Image, Reply, TextFile, clean

LONGEST_ALT = 1_024
LONGEST_ANSWER, MOST_ANSWERS = 55, 10  # of a poll
QUESTION = "Which of these suit you?"
FILES = 10  # in one message


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One message: its text, and what hangs on it. `role` may be mentioned; `poll` lasts until then."""

    content: str
    images: tuple[Image, ...] = ()
    file: TextFile | None = None
    pressable: Reply | None = None
    poll: tuple[Choice, ...] = ()
    until: datetime | None = None
    role: int | None = None

    def sent(self, now: datetime) -> dict[str, Any]:
        """What `send` takes for it; files can be read once, so this is made anew for each try."""
        made: dict[str, Any] = {"content": self.content, "allowed_mentions": self._mentions}
        if self.images or self.file:
            made["files"] = self.files
        if (buttons := self._view) is not None:
            made["view"] = buttons
        if self.poll and self.until:
            made["poll"] = _poll(self.poll, self.until - now)
        return made

    @property
    def edited(self) -> dict[str, Any]:
        """What `edit` takes for it."""
        return {
            "content": self.content,
            "attachments": self.files,
            "view": self._view,
            "allowed_mentions": self._mentions,
        }

    @property
    def files(self) -> list[discord.File]:
        """The pictures, with their message as alternative text, and what is to be kept."""
        kept = [discord.File(BytesIO(self.file.text.encode()), filename=self.file.name)] if self.file else []
        pictures = [
            discord.File(
                BytesIO(image.png),
                filename=f"{_slug(image.plot)}{f'-{number}' if number > 1 else ''}.{image.kind}",
                description=clean(image.alt)[:LONGEST_ALT],
            )
            for number, image in enumerate(self.images, 1)
        ]
        return [*pictures, *kept]

    @property
    def _view(self) -> discord.ui.View | None:
        return view(self.pressable) if self.pressable else None

    @property
    def _mentions(self) -> discord.AllowedMentions:
        roles = [discord.Object(self.role)] if self.role else False
        return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def parcels(reply: Reply, now: datetime, *, role: int | None = None, most_bytes: int = 10_000_000) -> list[Parcel]:
    """The messages of a reply, in their order. What cannot be pressed is said in words."""
    poll = _votable(reply, now)
    listed = "" if poll else unpressable(reply.choices)
    shown = tuple(image for image in reply.images if image.png and len(image.png) <= most_bytes)
    shown = shown[: FILES - bool(reply.file)]
    left_out = tuple(replace(image, png=b"") for image in reply.images if image not in shown)
    said = replace(reply, images=(*shown, *left_out), text="\n\n".join(filter(None, [reply.text, listed])))
    contents = messages(said) or [""]
    if role:
        contents[0] = f"<@&{role}>\n{contents[0]}" if len(contents[0]) < 1_900 else contents[0]
    made = [Parcel(content=each) for each in contents]
    made[0] = replace(made[0], role=role)
    made[-1] = replace(
        made[-1],
        images=shown,
        file=reply.file,
        pressable=reply if reply.choices and not poll else None,
        poll=poll,
        until=reply.vote,
    )
    return made


def _votable(reply: Reply, now: datetime) -> tuple[Choice, ...]:
    """The choices as a poll's answers; none where they do not fit one."""
    fits = all(len(each.label) <= LONGEST_ANSWER for each in reply.choices)
    if reply.vote is None or reply.vote <= now or not fits or len(reply.choices) > MOST_ANSWERS:
        return ()
    return reply.choices


def _poll(choices: Sequence[Choice], left: timedelta) -> discord.Poll:
    hours = max(1, ceil(left / timedelta(hours=1)))
    poll = discord.Poll(question=QUESTION, duration=timedelta(hours=min(hours, 32 * 24)), multiple=True)
    for each in choices:
        poll.add_answer(text=each.label)
    return poll


def _slug(name: str) -> str:
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in name) or "picture"

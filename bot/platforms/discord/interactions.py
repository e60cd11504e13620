"""Slash commands, buttons and forms: each becomes a post that is handed over like any other, with one answer."""

import asyncio
import logging
from collections.abc import Callable

import discord

from bot.errors import PlatformError, Retryable
from bot.platform import Handler
from bot.platforms.discord.client import Clock
from bot.platforms.discord.flood import Flood, busy
from bot.platforms.discord.parcels import Parcel
from bot.platforms.discord.pending import Interaction, Pending
from bot.platforms.discord.places import channel
from bot.platforms.discord.reading import person
from bot.platforms.tasks import Tasks
from bot.values import Asked, Incoming, PostRef

FINISH = 10.0  # seconds that answers in flight are given at the end
WAITS = (1.0, 4.0, 15.0)  # seconds between two tries; the asker looks at "thinking…"
LATER = "I cannot answer just now. Please ask again in a minute."
DONE = "Done."

log = logging.getLogger(__name__)


class Interactions:
    """Those that wait for an answer. `line` writes a slash command as people type it."""

    def __init__(self, clock: Clock, flood: Flood, *, line: Callable[[Asked], str]) -> None:
        self._clock, self._flood, self._line = clock, flood, line
        self._pending: dict[str, Pending] = {}
        self._handler: Handler | None = None
        self._tasks = Tasks()

    def begin(self, handler: Handler) -> None:
        """From now on they are handed over."""
        self._handler = handler

    def pending(self, post: str) -> Pending | None:
        """The one of that id, while it waits."""
        return self._pending.get(post)

    async def asked(self, interaction: Interaction, asked: Asked) -> None:
        """A slash command, or a form that was filled in for one."""
        self._start(Pending(interaction, self._clock), self._line(asked), asked)

    async def pressed(
        self, interaction: Interaction, line: str, private: bool, asked: Asked | None = None
    ) -> None:
        """A button, or an entry of a list; `asked`: it came with a text, and is this call."""
        self._start(Pending(interaction, self._clock, private=private), line, asked)

    async def close(self) -> None:
        """Answers in flight are finished."""
        await self._tasks.finish(FINISH)

    def _start(self, pending: Pending, text: str, asked: Asked | None) -> None:
        self._tasks.start(self._answer(pending, text, asked), f"answer to interaction {pending.id}")

    async def _answer(self, pending: Pending, text: str, asked: Asked | None) -> None:
        interaction, now = pending.interaction, self._clock.now()
        thinking = asyncio.create_task(pending.think(), name="thinking")
        self._pending[pending.id] = pending
        try:
            if seconds := await self._too_much(pending):
                await pending.answer(Parcel(content=busy(seconds)), now, private=True)
            elif self._handler is not None:
                await self._hand_over(self._handler, _incoming(interaction, pending, text, asked))
            if not pending.answered:
                # What it changed stands elsewhere; or what it said was refused.
                word = LATER if pending.tried or self._handler is None else DONE
                await pending.answer(Parcel(content=word), now, private=True)
        except PlatformError as problem:
            log.warning("an interaction was not answered: %s", problem)
            await self._excuse(pending)
        finally:
            self._pending.pop(pending.id, None)
            self._flood.decide(interaction.channel_id or 0, pending.id, private=not pending.public)
            thinking.cancel()
            await asyncio.wait({thinking})

    async def _too_much(self, pending: Pending) -> int:
        """Seconds to wait; what somebody has written into a window is taken in any case, for it would be lost."""
        interaction = pending.interaction
        if interaction.type is discord.InteractionType.modal_submit:
            return 0
        where = interaction.channel_id or 0
        return await self._flood.admit(interaction.user.id, where, pending.id, private=pending.private)

    async def _hand_over(self, handler: Handler, incoming: Incoming) -> None:
        """Until the handler returns, for as long as somebody waits for it."""
        for wait in WAITS:
            try:
                await handler(incoming)
            except Retryable as problem:
                after = problem.after or 0.0
                if after > WAITS[-1]:
                    raise
                log.warning("interaction %s is not answered yet: %s", incoming.post.id, problem)
                await self._clock.sleep(max(wait, after))
            else:
                return
        await handler(incoming)

    async def _excuse(self, pending: Pending) -> None:
        if pending.answered:
            return
        try:
            await pending.answer(Parcel(content=LATER), self._clock.now(), private=True)
        except PlatformError as problem:
            log.info("nor could that be said: %s", problem)


def _incoming(interaction: discord.Interaction, pending: Pending, text: str, asked: Asked | None) -> Incoming:
    return Incoming(
        post=PostRef(place=channel(interaction.channel_id or 0), id=pending.id),
        person=person(interaction.user, interaction.permissions),
        text=text,
        at=interaction.created_at,
        direct=True,
        asked=asked,
    )

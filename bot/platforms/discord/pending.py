"""An interaction that waits for its answer.

Discord wants a word within three seconds. A quick answer is that word; for a slow one we say that we think about
it, and put it there. Whether only the asker sees it is fixed by the first word: an answer for their eyes alone
takes the place of a public "thinking…" by deleting that first.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import discord

from bot.errors import PlatformError, Retryable
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import ACKNOWLEDGED, SECONDS, as_ours
from bot.platforms.discord.parcels import Parcel

SOON = 1.5
"""Seconds after which we say that we think about it: half of what Discord gives us."""
TRIES, BETWEEN = 4, 1.0
"""Of an answer, and the seconds between two."""

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]


class Pending:
    """One interaction. `private`: whatever is answered, only the asker sees it."""

    def __init__(self, interaction: Interaction, clock: Clock, *, private: bool = False) -> None:
        self.interaction, self.private = interaction, private
        self._clock, self._turn = clock, asyncio.Lock()
        self.answered = self._deferred = False

    @property
    def id(self) -> str:
        """The id under which the bot knows it as a post."""
        return f"i{self.interaction.id}"

    async def think(self) -> None:
        """Say in time that the answer will take a while, unless it is there."""
        await self._clock.sleep(SOON)
        async with self._turn:
            if self.answered or self._deferred:
                return
            try:
                with as_ours("say that I think about it"):
                    await self.interaction.response.defer(ephemeral=self.private, thinking=True)
            except PlatformError as problem:
                log.warning("an interaction was not acknowledged: %s", problem)
            else:
                self._deferred = True

    async def answer(self, parcels: Sequence[Parcel], now: datetime, *, private: bool) -> int:
        """Say it; the id of its first message. Unsendable where Discord takes no answer any more."""
        private = private or self.private
        async with self._turn:
            first = await self._insistently(parcels[0], now, private=private)
            self.answered = True
        for parcel in parcels[1:]:
            with as_ours("go on with an answer"):
                async with asyncio.timeout(SECONDS):
                    await self.interaction.followup.send(
                        **parcel.sent(now), suppress_embeds=True, ephemeral=private
                    )
        return first

    async def _insistently(self, parcel: Parcel, now: datetime, *, private: bool) -> int:
        """Try again while somebody looks at it: no later start can do that for us."""
        for _ in range(TRIES - 1):
            try:
                return await self._first(parcel, now, private=private)
            except Retryable as problem:
                log.info("an answer is tried again: %s", problem)
                await self._clock.sleep(problem.after or BETWEEN)
        return await self._first(parcel, now, private=private)

    async def _first(self, parcel: Parcel, now: datetime, *, private: bool) -> int:
        with as_ours("answer an interaction"):
            async with asyncio.timeout(SECONDS):
                if not self._deferred:
                    return await self._at_once(parcel, now, private=private)
                if private == self.private:
                    return (await self.interaction.edit_original_response(**parcel.edited)).id
                with suppress(discord.NotFound):  # an earlier try took it away
                    await self.interaction.delete_original_response()
                said = await self.interaction.followup.send(
                    **parcel.sent(now), suppress_embeds=True, ephemeral=private, wait=True
                )
                return said.id

    async def _at_once(self, parcel: Parcel, now: datetime, *, private: bool) -> int:
        try:
            said = await self.interaction.response.send_message(
                **parcel.sent(now), suppress_embeds=True, ephemeral=private
            )
        except discord.HTTPException as problem:
            if problem.code != ACKNOWLEDGED:
                raise
            # An earlier try of ours arrived, and its answer did not.
            return (await self.interaction.edit_original_response(**parcel.edited)).id
        return said.message_id or (await self.interaction.original_response()).id

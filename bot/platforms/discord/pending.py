"""An interaction that waits for its answer.

Discord wants a word within three seconds. A quick answer is that word; for a slow one we say that we think about
it, and put it there. Whether only the asker sees it is fixed by the first word: an answer for their eyes alone
takes the place of a public "thinking…" by deleting that first.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord

from bot.errors import PlatformError, Retryable
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import ACKNOWLEDGED, SECONDS, UNKNOWN_MESSAGE, as_ours
from bot.platforms.discord.parcels import Parcel

SOON = 1.5
"""Seconds after which we say that we think about it: half of what Discord gives us."""

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]


class Pending:
    """One interaction. `private`: whatever is answered, only the asker sees it."""

    def __init__(self, interaction: Interaction, clock: Clock, *, private: bool = False) -> None:
        self.interaction, self.private = interaction, private
        self._clock, self._turn = clock, asyncio.Lock()
        self._deferred = self._unsure = False
        self._first: int | None = None
        self._unfinished = False
        self._followed = 0
        self.tried = False
        """Whether an answer was tried; it may have been refused."""
        self.public = False
        """Whether its answer is there for everybody to see."""
        self.over = False
        """Whether it is answered elsewhere, for Discord takes no answer any more."""

    @property
    def id(self) -> str:
        """The id under which the bot knows it as a post."""
        return f"i{self.interaction.id}"

    @property
    def answered(self) -> bool:
        """Whether nothing is left to say."""
        return self.over or (self._first is not None and not self._unfinished)

    async def think(self) -> None:
        """Say in time that the answer will take a while, unless it is there."""
        await self._clock.sleep(SOON)
        async with self._turn:
            if self.answered or self._first is not None or self._deferred:
                return
            try:
                with as_ours("say that I think about it"):
                    await self.interaction.response.defer(ephemeral=self.private, thinking=True)
            except PlatformError as problem:
                log.warning("an interaction was not acknowledged: %s", problem)
                self._unsure = isinstance(problem, Retryable)
            else:
                self._deferred = True

    async def answer(self, parcel: Parcel, now: datetime, *, private: bool, unfinished: bool = False) -> int:
        """Say it once; the id of its message. Unsendable where Discord takes no answer any more.

        In the place of an `unfinished` answer a later one is put, for the eyes that saw the first.
        """
        async with self._turn:
            self.tried = True
            if self._first is None or self._unfinished:
                with as_ours("answer an interaction"):
                    async with asyncio.timeout(SECONDS):
                        if self._first is None:
                            self._first = await self._said(parcel, now, private=private or self.private)
                            self.public = not (private or self.private)
                        else:
                            await self.interaction.followup.edit_message(self._first, **parcel.edited)
                self._unfinished = unfinished
            return self._first

    async def more(self, parcels: Sequence[Parcel], now: datetime) -> None:
        """What follows an answer that only the asker sees."""
        for parcel in parcels[self._followed :]:
            with as_ours("go on with an answer"):
                async with asyncio.timeout(SECONDS):
                    await self._follow(parcel, now, private=True)
            self._followed += 1

    async def _said(self, parcel: Parcel, now: datetime, *, private: bool) -> int:
        if not self._deferred:
            try:
                return await self._at_once(parcel, now, private=private)
            except discord.HTTPException as problem:
                if problem.code != ACKNOWLEDGED:
                    raise
                # A word of ours arrived whose answer did not: an earlier try, unless we had begun to think.
                self._deferred = self._unsure
        if private == self.private or not self._deferred:
            return (await self.interaction.edit_original_response(**parcel.edited)).id
        try:
            await self.interaction.delete_original_response()
        except discord.NotFound as problem:
            if problem.code != UNKNOWN_MESSAGE:
                raise
        return await self._follow(parcel, now, private=private)

    async def _at_once(self, parcel: Parcel, now: datetime, *, private: bool) -> int:
        said = await self.interaction.response.send_message(
            **parcel.sent(now), suppress_embeds=True, ephemeral=private
        )
        return said.message_id or (await self.interaction.original_response()).id

    async def _follow(self, parcel: Parcel, now: datetime, *, private: bool) -> int:
        said = await self.interaction.followup.send(
            **parcel.sent(now), suppress_embeds=True, ephemeral=private, wait=True
        )
        return said.id

"""The server's own list of events, kept in step with the plan: one for each of the next sessions.

Discord knows no nonce for an event, so what stands in its list is read first. An event of ours carries its session
in our books; one that a try which broke off left behind is known by its name and its time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.correspondence import Ledger
from bot.platform import Event
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import SECONDS, as_ours
from bot.platforms.discord.server import Server

PLACE = "events"
"""Under which they stand in the books."""
LONGEST_NAME, LONGEST_TEXT, LONGEST_WHERE = 100, 1_000, 100
LEAST = timedelta(minutes=1)
"""By which an event that is made has to lie in the future."""


class Events:
    """Keeps the list."""

    def __init__(
        self, ledger: Ledger, server: Server, clock: Clock, *, client: Callable[[], Awaitable[discord.Client]]
    ) -> None:
        self._ledger, self._server, self._clock, self._client = ledger, server, clock, client
        self._turn = asyncio.Lock()

    async def keep(self, wanted: Sequence[Event]) -> None:
        """Make the list hold these, and of ours to come no others."""
        client, now = await self._client(), self._clock.now()
        async with self._turn:
            with as_ours("keep the server's events"):
                async with asyncio.timeout(SECONDS):
                    listed = await self._server.home.guild.fetch_scheduled_events(with_counts=False)
                    me = client.user.id if client.user else 0
                    ours = {each.id: each for each in listed if each.creator_id == me and _to_come(each)}
                    here = f"#{self._server.home.name}"
                    told = [replace(event, where=event.where or here) for event in wanted]
                    kept = {await self._kept(event, ours, now) for event in told}
                    for event in [each for number, each in ours.items() if number not in kept]:
                        await event.delete(reason="its session is not held then")
                        await self._ledger.gone(str(event.id))

    async def _kept(self, event: Event, ours: dict[int, discord.ScheduledEvent], now: datetime) -> int:
        """The id of the event for a session; 0 for one that is on already."""
        said = await self._ledger.said(PLACE, event.key)
        known = next((int(part.post) for part in said if part.post), 0)
        found = ours.get(known) or await self._left_behind(event, ours.values())
        if found is None:
            if event.starts < now + LEAST:
                return 0
            made = await self._server.home.guild.create_scheduled_event(
                **_fields(event),
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
            )
            await self._know(event.key, made.id, now)
            return made.id
        if found.id != known:
            await self._know(event.key, found.id, now)
        if _differs(found, event) and event.starts > now + LEAST:
            await found.edit(**_fields(event))
        return found.id

    async def _left_behind(
        self, event: Event, ours: Iterable[discord.ScheduledEvent]
    ) -> discord.ScheduledEvent | None:
        for each in ours:
            if not _differs(each, event) and await self._ledger.key(str(each.id)) is None:
                return each
        return None

    async def _know(self, key: str, number: int, now: datetime) -> None:
        await self._ledger.forget(PLACE, key)
        await self._ledger.intend(PLACE, key, [""], now)
        await self._ledger.wrote(PLACE, key, 0, PLACE, str(number))


def _fields(event: Event) -> dict[str, Any]:
    return {
        "name": event.title[:LONGEST_NAME],
        "description": event.text[:LONGEST_TEXT].strip(),
        "start_time": event.starts,
        "end_time": event.ends,
        "location": event.where[:LONGEST_WHERE],
    }


def _differs(found: discord.ScheduledEvent, event: Event) -> bool:
    fields = _fields(event)
    same = (found.name, found.description or "", found.start_time, found.end_time, found.location)
    return same != tuple(fields.values())


def _to_come(event: discord.ScheduledEvent) -> bool:
    return event.status is discord.EventStatus.scheduled

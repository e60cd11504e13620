"""What was written while nobody listened: it is read back beside what comes live, until all of it is read.

What cannot be read is told and tried again; everything else is read meanwhile. As long as something is missing, no
message told live moves the mark of how far a channel was read.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import discord

from bot.correspondence import Ledger
from bot.errors import PlatformError, Refused
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import SECONDS, as_ours
from bot.platforms.discord.reading import Reader
from bot.platforms.discord.supervisor import Report

HORIZON = timedelta(hours=24)
"""What is older, nobody waits for any more."""
LATEST = 50  # messages of a channel that are read back in any case: they may have been changed meanwhile
MOST = 1_000  # of a channel after a gap
ARCHIVED = 25  # threads that were closed meanwhile
FIRST_WAIT, LONGEST_WAIT = 2.0, 120.0  # seconds between tries
WHOLE = 4 * SECONDS  # that a channel may take, with all its pages
MOST_DIRECT = 25  # direct conversations, the last used first
TOLD = 3  # of the reasons for which something is not read
SINCE = "since"
"""The cursor that says where the very first start was: what is older was never meant for us."""
DIRECT = "direct/"
"""How the cursors of direct conversations begin: Discord lists them to nobody, so whoever wrote is remembered."""

log = logging.getLogger(__name__)


class Places(Protocol):
    """Where something may have been written."""

    @property
    def written(self) -> Sequence[Any]:
        """The group's channel, if one can write in it."""
        ...

    async def open_threads(self) -> Sequence[Any]:
        """The threads of it that are not closed."""
        ...

    async def closed_threads(self, most: int) -> Sequence[Any]:
        """So many of the closed ones, the last closed first."""
        ...

    async def channel(self, number: int) -> discord.PartialMessageable:
        """Any channel, thread or direct conversation."""
        ...

    async def parent(self, channel: Any) -> int | None:
        """The channel that a thread is of; None for what is no thread."""
        ...


class Take(Protocol):
    """Takes in what was read, together with how far."""

    async def __call__(self, messages: Sequence[discord.Message], *, name: str, cursor: int) -> None:
        """Both or neither."""
        ...


class Missed:
    """Catches up. `reader` gives who we are and where; `report` is told what cannot be read."""

    def __init__(
        self, ledger: Ledger, clock: Clock, *, places: Places, reader: Callable[[], Reader], report: Report
    ) -> None:
        self._ledger, self._clock, self._places, self._reader = ledger, clock, places, reader
        self._report = report
        self._wanted = asyncio.Event()
        self._away, self._gap, self._reading = True, True, False
        self.trouble = ""
        """What was not read at the last try, and why; empty while there is nothing of it."""

    @property
    def current(self) -> bool:
        """Whether all that was written is read."""
        return not self._gap and not self._reading

    def lose(self) -> None:
        """From now on something may be missed."""
        self._away = self._gap = True

    def arrive(self) -> None:
        """Connected: what was missed can be read now."""
        self._away = False
        self.again()

    def again(self) -> None:
        """Read once more."""
        self._wanted.set()

    def fail(self, problem: PlatformError) -> None:
        """A message that was told live could not be taken in: it may be one that is missed."""
        self._gap = True
        self._tell(str(problem))

    async def mark(self, now: datetime) -> None:
        """At the very first start: what is older was never meant for us."""
        if await self._ledger.cursor(SINCE) is None:
            await self._ledger.hear([], name=SINCE, cursor=discord.utils.time_snowflake(now))

    async def run(self, take: Take) -> None:
        """Catch up whenever it is wanted, until cancelled."""
        while True:
            await self._wanted.wait()
            wait = FIRST_WAIT
            while problems := await self._catch_up(take):
                self._tell("; ".join(list(dict.fromkeys(map(str, problems)))[:TOLD]))
                await self._pause(max(wait, *(getattr(each, "after", None) or 0.0 for each in problems)))
                wait = min(2 * wait, LONGEST_WAIT)
            if not self._gap:
                self._tell("")

    async def _catch_up(self, take: Take) -> list[PlatformError]:
        """Read all that can be read; what speaks against the rest."""
        self._wanted.clear()
        problems: list[PlatformError] = []
        self._gap, self._reading = self._away, True  # a gap that opens meanwhile has a catch-up of its own
        try:
            oldest = await self._oldest()
            for channel in await self._watched(problems):
                try:
                    await self._read_one(channel, oldest, take)
                except PlatformError as problem:
                    problems.append(problem)
            for name in await self._ledger.cursors(DIRECT, MOST_DIRECT):
                try:
                    await self._read_into(int(name.removeprefix(DIRECT)), name, None, oldest, take)
                except Refused as problem:
                    log.info("%s: whoever wrote there is gone", problem)
                except PlatformError as problem:
                    problems.append(problem)
        except PlatformError as problem:
            problems.append(problem)
        finally:
            self._reading = False
        self._gap = self._gap or bool(problems)
        return problems

    async def _oldest(self) -> int:
        """Before that, nothing is read."""
        now = self._clock.now()
        since = await self._ledger.cursor(SINCE) or discord.utils.time_snowflake(now)
        return max(since, discord.utils.time_snowflake(now - HORIZON))

    async def _watched(self, problems: list[PlatformError]) -> list[Any]:
        """The group's channel and its threads, as far as they are to be had."""
        found = list(self._places.written)
        try:
            found += await self._places.open_threads()
        except PlatformError as problem:
            problems.append(problem)
        try:
            found += await self._places.closed_threads(ARCHIVED)
        except PlatformError as problem:
            problems.append(problem)
        return found

    async def _read_one(self, channel: Any, oldest: int, take: Take) -> None:
        if isinstance(channel, discord.Thread) and (channel.last_message_id or channel.id) <= oldest:
            return  # of a year's threads most have nothing new
        parent = await self._places.parent(channel)
        await self._read_into(channel.id, name_of(channel.id), parent, oldest, take)

    async def _read_into(self, number: int, name: str, parent: int | None, oldest: int, take: Take) -> None:
        cursor = await self._ledger.cursor(name) or 0
        messages = await self._read(number, max(oldest, cursor), oldest)
        reader, horizon = self._reader(), self._clock.now() - HORIZON
        wanted = [each for each in messages if not reader.ignore(each, horizon, parent=parent)]
        await take(wanted, name=name, cursor=max([cursor, oldest, *(each.id for each in messages)]))

    async def _read(self, number: int, cursor: int, oldest: int) -> list[discord.Message]:
        """The messages after the cursor, and the latest ones before it, oldest first."""
        channel, found = await self._places.channel(number), dict[int, discord.Message]()
        with as_ours(f"read channel {number}"):
            async with asyncio.timeout(WHOLE):
                async for message in channel.history(limit=LATEST):
                    found[message.id] = message
                if len(found) == LATEST and min(found) > cursor:
                    after = discord.Object(cursor)
                    async for message in channel.history(limit=MOST, after=after, oldest_first=True):
                        found[message.id] = message
        return [found[number] for number in sorted(found) if number > oldest]

    async def _pause(self, seconds: float) -> None:
        """Wait so long, or until there is a new reason to read."""
        waits = [asyncio.ensure_future(self._wanted.wait()), asyncio.ensure_future(self._clock.sleep(seconds))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()

    def _tell(self, said: str) -> None:
        self.trouble = said
        self._report("listening", said)


def name_of(channel: int) -> str:
    """The cursor of a channel or thread."""
    return f"channel/{channel}"

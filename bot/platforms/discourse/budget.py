"""The requests we may make: so many a minute for the whole forum, replies before polls before chores.

The forum counts over a sliding minute, and over all keys together; so do we, rather than refill a bucket, which
could let twice as many through in one minute.
"""

import asyncio
import math
from collections import deque
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from bot.platforms.discourse.errors import Busy

WINDOW = 61.0
"""Seconds over which we count: the forum's sixty, and one for requests that travel at different speeds."""
GRAIN = 0.01
"""Seconds below which waiting is not worth a timer, and rounding could make it endless."""


class Clock(Protocol):
    """Time, as an argument."""

    def monotonic(self) -> float:
        """Seconds that only ever go forward."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        ...


class WallClock(Clock, Protocol):
    """A clock that also knows what day it is."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        ...


class Priority(IntEnum):
    """Who goes first when there is not enough for all."""

    REPLY = 0
    """Somebody waits for it."""
    POLL = 1
    """Looking for what is new."""
    CHORE = 2
    """What can wait a minute."""


class Budget:
    """One for everything that speaks to a forum with the same key. `taken` counts by priority.

    It belongs to one event loop, and is full at the start.
    """

    def __init__(self, clock: Clock, *, per_minute: int = 60) -> None:
        if per_minute < 1:
            raise ValueError(f"{per_minute} requests a minute are too few to do anything")
        self.taken = dict.fromkeys(Priority, 0)
        self._clock, self._limit = clock, per_minute
        self._recent: deque[float] = deque()  # when the requests of the last WINDOW were let through, oldest first
        self._resting = -math.inf  # until then nobody is let through
        self._waiting: dict[Priority, deque[asyncio.Future[float]]] = {each: deque() for each in Priority}
        self._door: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return sum(map(len, self._waiting.values()))

    async def take(self, priority: Priority, *, patience: float = math.inf) -> None:
        """Wait for a turn, the first come first within a priority; who is cancelled meanwhile has taken nothing.

        Raises `Busy` at once when, as things stand, the turn would not come within `patience` seconds.
        """
        ahead = sum(len(self._waiting[each]) for each in Priority if each <= priority)
        wait = self._wait(ahead)
        if wait > patience:
            raise Busy("our own requests use up what the forum allows", after=wait)
        if wait <= 0:
            self._grant()
        else:
            await self._queue(priority)
        self.taken[priority] += 1

    def rest(self, seconds: float) -> None:
        """Let nobody through for so long: the forum asked for it. A shorter rest does not end a longer one."""
        self._resting = max(self._resting, self._clock.monotonic() + seconds)

    async def _queue(self, priority: Priority) -> None:
        turn: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[priority].append(turn)
        if self._door is None:
            self._open_door()
        try:
            await turn
        except asyncio.CancelledError:
            if turn in self._waiting[priority]:
                self._waiting[priority].remove(turn)
            elif not turn.cancelled():  # let through, and cancelled before it could go: the next one may have it
                self._recent.remove(turn.result())
            self._open_door()
            raise

    def _open_door(self) -> None:
        """Look again who can go now; with nobody waiting, nobody looks."""
        if self._door is not None:
            self._door.cancel()
        self._door = asyncio.create_task(self._let_through(), name="discourse budget") if self.waiting else None

    async def _let_through(self) -> None:
        while self.waiting:
            if (wait := self._wait(0)) > 0:
                await self._clock.sleep(max(wait, GRAIN))
                continue
            turn = next(line for line in self._waiting.values() if line).popleft()
            if not turn.done():
                turn.set_result(self._grant())
        self._door = None

    def _wait(self, ahead: int) -> float:
        """Seconds until there is one for somebody with so many before them; of a long wait, what is sure."""
        now = self._clock.monotonic()
        while self._recent and self._recent[0] + WINDOW <= now:
            self._recent.popleft()
        late = ahead - (self._limit - len(self._recent))
        if late < 0:
            return self._resting - now
        oldest = self._recent[late] if late < len(self._recent) else now
        return max(oldest + WINDOW, self._resting) - now

    def _grant(self) -> float:
        now = self._clock.monotonic()
        self._recent.append(now)
        return now

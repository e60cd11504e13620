"""The pump: claim → look back → send → settle, until the outbox owes nothing.

A row that somebody claimed before may have been posted although nobody heard of it, so the pump looks for its
post first. No request starts when less than one timeout of the lease is left: by the time that another process
may claim the row, ours has been answered or given up. What no code can rule out is a process that freezes in the
middle of a request and wakes after its lease: there, the key that the sender gives the platform has to hold.

An attempt is a request to post. When even the look back fails, the place is down and the row is not to blame: it
waits longer and longer, but never becomes a dead letter. Crashing is always safe, so nothing here cleans up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from scheduler.errors import Moot, Refused, Retryable, Unsendable
from scheduler.owed import Entry, Owed
from scheduler.ports import Clock, Pace, Report, Sender, Store

log = logging.getLogger(__name__)

LONGEST_AFTER = 86_400.0  # seconds: who asks us to wait for longer than a day is asked again tomorrow
Answer = TypeVar("Answer")


class _NoTime(Exception):
    """Too little of the lease is left, or the row is void by now."""


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """A row in our hands, and until when, by the clock that nobody can set."""

    entry: Entry
    ends: float


class Pump:
    """Delivers what an outbox owes. Any number of them may work on one."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        clock: Clock,
        random: Random,
        *,
        refused: Report,
        pace: Pace | None = None,
    ) -> None:
        self._store, self._sender, self._clock, self._random = store, sender, clock, random
        self._refused, self._pace = refused, pace or Pace()
        self._running: set[asyncio.Task[None]] = set()
        self._woken = False
        self._nap: asyncio.Future[None] | None = None
        self._stopping = False

    def wake(self) -> None:
        """Look now."""
        self._woken = True
        if self._nap:
            self._nap.cancel()

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is being sent is through."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Deliver what falls due, until stopped."""
        while not self._stopping or self._running:
            self._woken = False
            await self._rest(await self._look())

    async def drain(self) -> None:
        """Deliver what is due now."""
        while await self._fill() or self._running:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def _look(self) -> timedelta:
        """Start what can be started; how long to rest at most."""
        idle = self._pace.idle
        try:
            if self._stopping or await self._fill():
                return idle
            now = self._clock.now()
            due = await self._store.next_due(now)
        except (SQLAlchemyError, OSError) as problem:
            log.warning("the outbox cannot be used just now: %s", problem)
            return idle
        return idle if due is None else max(timedelta(), min(due - now, idle))

    async def _rest(self, at_most: timedelta) -> None:
        """Wait so long, or until woken."""
        if not self._woken:
            self._nap = asyncio.ensure_future(self._clock.sleep(at_most.total_seconds()))
            try:
                await asyncio.wait([self._nap])
            finally:
                self._nap.cancel()

    async def _fill(self) -> bool:
        """Take up what is due while a lane is free; whether all are taken."""
        while len(self._running) < self._pace.lanes:
            # The lease is counted from before the claim: a process that freezes in between has less of it.
            ends = self._clock.monotonic() + self._pace.lease.total_seconds()
            claimed = await self._store.claim(self._clock.now(), self._pace.lease)
            if not claimed:
                return False
            for entry in claimed:
                self._start(_Taken(entry=entry, ends=ends))
        return True

    def _start(self, taken: _Taken) -> None:
        task = asyncio.create_task(self._deliver(taken), name=taken.entry.owed.key)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake()
        # What was not foreseen is treated like a crash: the lease runs out, and the row is taken up again.
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s was not delivered", task.get_name(), exc_info=error)

    async def _deliver(self, taken: _Taken) -> None:
        entry, now = taken.entry, self._clock.now
        looked = False
        try:
            remote = await self._look_back(taken)
            looked = True
            if remote is None:
                remote = await self._send(taken)
        except _NoTime:
            await self._store.release(entry)
        except Retryable as problem:
            await self._wait(entry, problem, counted=looked)
        except Unsendable as problem:
            await self._store.bury(entry, str(problem), now())
        except Moot as problem:
            await self._store.omit(entry, str(problem), now())
        except Refused as problem:
            if await self._store.stop(entry, str(problem), now()):
                await self._refused(entry.owed.place, str(problem))
        else:
            await self._store.settle(entry, remote, now())

    async def _look_back(self, taken: _Taken) -> str | None:
        """The post that somebody made before us, should there be one."""
        return await self._ask(taken, self._sender.find) if taken.entry.again else None

    async def _send(self, taken: _Taken) -> str:
        if taken.entry.attempts > self._pace.attempts:
            # So often it was claimed and never heard of again: it may be what they died of.
            raise Unsendable(f"{self._pace.attempts} attempts came to no end")
        return await self._ask(taken, self._sender.send)

    async def _ask(self, taken: _Taken, request: Callable[[Owed], Awaitable[Answer]]) -> Answer:
        """Make one request, if the lease allows."""
        entry, now = taken.entry, self._clock.now()
        left = taken.ends - self._clock.monotonic()
        # A machine that slept has a wall clock that went on without the other one.
        by_the_wall = (entry.lease_until - now).total_seconds() if entry.lease_until else 0.0
        if min(left, by_the_wall) < self._pace.timeout.total_seconds() or entry.owed.until <= now:
            raise _NoTime
        try:
            async with asyncio.timeout(left):
                return await request(entry.owed)
        except TimeoutError as problem:
            raise Retryable("no answer in time") from problem

    async def _wait(self, entry: Entry, problem: Retryable, *, counted: bool) -> None:
        now, reason, pace = self._clock.now(), str(problem), self._pace
        if problem.after is not None:
            asked = max(0.0, min(problem.after, LONGEST_AFTER))
            later = asked + self._random.uniform(0, max(1.0, asked / 10))
            await self._store.pause(entry, now + timedelta(seconds=later), reason)
        elif counted and entry.attempts >= pace.attempts:
            await self._store.bury(entry, reason, now)
        else:
            doubled = pace.first.total_seconds() * 2 ** min(entry.token - 1, 20)
            later = self._random.uniform(0, min(doubled, pace.longest.total_seconds()))
            await self._store.retry(entry, now + timedelta(seconds=later), reason, counted=counted)

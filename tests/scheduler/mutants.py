"""Faults planted in the delivery, to see that the simulation has eyes. Each leaves out one idea."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from scheduler.owed import Entry, Owed
from scheduler.ports import Pace
from scheduler.pump import Pump
from tests.scheduler.memory import MemoryOutbox, Row
from tests.scheduler.simulation import ListOfRows, Variant


class NoTokenCheck(MemoryOutbox):
    """Whoever ever claimed a row may write to it."""

    def _token(self, row: Row, entry: Entry) -> bool:
        return True


def unchecked() -> ListOfRows:
    """Rows that anybody may write to."""
    return ListOfRows(NoTokenCheck())


class NoLookBack(Pump):
    """Posts again without a look."""

    async def _look_back(self, taken: Any) -> str | None:
        return None


class NoFence(Pump):
    """Starts a request however little of the lease is left."""

    async def _ask(self, taken: Any, request: Callable[[Owed], Awaitable[Any]]) -> Any:
        return await request(taken.entry.owed)


class MarkFirst(Pump):
    """Crosses it out, then says it."""

    async def _send(self, taken: Any) -> str:
        await self._store.settle(taken.entry, "", self._clock.now())
        return await super()._send(taken)


def random_key(owed: Owed, random: Random) -> str:
    """A key that dies with the process that made it."""
    return f"{owed.key} {random.random()}"


MUTANTS: dict[str, tuple[str, Callable[[Variant], Variant]]] = {
    "no token check": ("shared", lambda it: replace(it, rows=unchecked)),
    "no look-back": ("doubled", lambda it: replace(it, pump=NoLookBack)),
    "random key": ("doubled", lambda it: replace(it, mark=random_key)),
    "long lease": ("late", lambda it: replace(it, pace=Pace(lease=timedelta(seconds=300)))),
    "no fence": ("unfenced", lambda it: replace(it, pump=NoFence)),
    "mark first": ("lost", lambda it: replace(it, pump=MarkFirst)),
}
"""Each with what it must be caught at."""

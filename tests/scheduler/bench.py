"""A pump with everything around it, for tests in virtual time: the real statements, and a sender with a script."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from scheduler.deliveries import Deliveries
from scheduler.outbox import Outbox
from scheduler.owed import Entry, Owed, State
from scheduler.ports import Pace
from scheduler.pump import Pump
from tests.fakes.clock import START, VirtualClock
from tests.scheduler.databases import InMemory

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
Step = Exception | float | str


@dataclass
class Scripted:
    """A sender that does what a test says, in order: fail so, take so many seconds, have found that."""

    clock: VirtualClock
    sends: list[Step] = field(default_factory=list[Step])
    finds: list[Step] = field(default_factory=list[Step])
    seen: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])

    async def send(self, owed: Owed) -> str:
        """Post it."""
        return await self._step(f"send {owed.kind}", self.sends) or f"post {len(self.seen)}"

    async def find(self, owed: Owed) -> str | None:
        """Look for it."""
        return await self._step(f"find {owed.kind}", self.finds)

    async def _step(self, what: str, script: list[Step]) -> str | None:
        self.seen.append((self.clock.monotonic(), what))
        step = script.pop(0) if script else 0.0
        if isinstance(step, Exception):
            raise step
        if isinstance(step, str):
            return step
        await self.clock.sleep(step)
        return None

    @property
    def steps(self) -> list[str]:
        """What was asked of it."""
        return [step for _, step in self.seen]

    @property
    def moments(self) -> list[float]:
        """When, in seconds from the start."""
        return [moment for moment, _ in self.seen]


class Bench:
    """Everything a pump needs."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock, self.sender, self.refusals = clock, Scripted(clock), list[str]()
        self.database = InMemory()
        self.outbox = Outbox(self.database, self.wake)
        self.deliveries = Deliveries(self.database, self.wake)
        self.pump = self.another()

    def another(self, pace: Pace | None = None) -> Pump:
        """A pump on the same outbox."""
        random = Random(7)  # noqa: S311 - a seed, not a secret
        return Pump(self.outbox, self.sender, self.clock, random, refused=self._refused, pace=pace)

    def wake(self) -> None:
        """As an added row does."""
        self.pump.wake()

    async def owe(
        self, *kinds: str, place: str = "web", due: timedelta = 0 * SECOND, lasts: timedelta = 100 * HOUR
    ) -> None:
        """Owe these, so long after the start."""
        at = START + due
        rows = [
            Owed(series="s", occurrence="o", kind=kind, place=place, due=at, until=at + lasts) for kind in kinds
        ]
        await self.outbox.add(rows, self.clock.now())

    async def run(self, time: timedelta) -> None:
        """Let the pump run for so long, then stop it."""
        running = asyncio.create_task(self.pump.run())
        await self.clock.sleep(time.total_seconds())
        self.pump.stop()
        await running
        self.pump = self.another()

    async def entry(self, kind: str) -> Entry:
        """How a row stands."""
        return next(each for each in await self.deliveries.list(*State) if each.owed.kind == kind)

    async def _refused(self, place: str, reason: str) -> None:
        self.refusals.append(f"{place}: {reason}")

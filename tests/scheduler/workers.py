"""The workers of a simulation: the real pump between a store and a network on which nothing can be relied."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from random import Random
from typing import Any, cast

from scheduler.errors import Retryable
from scheduler.owed import Entry, Owed
from scheduler.ports import Store
from scheduler.pump import Pump
from tests.scheduler.fake_places import Taken
from tests.scheduler.simulation import World

TIMEOUT = 15.0  # seconds: what a request may take by our own rules
CALM = 300.0  # seconds between two freezes of a worker

# What becomes of a request to post, and how often.
FATES = {
    "answered": 70,
    "request lost": 3,
    "answer lost": 5,
    "502 after posting": 5,
    "503": 4,
    "429": 4,
    "late": 3,
    "freezes in mid-request": 3,
    "crashes in mid-request": 3,
}


class Worker:
    """A process: it works, until it crashes; while it freezes, all of it does."""

    def __init__(self, world: World) -> None:
        self.world, self.random, self.clock = world, world.random, world.clock
        self._alive, self._frozen_until, self._calm_until = True, 0.0, 0.0
        self.crashed = asyncio.Event()

    async def point(self, crash: float, freeze: float) -> None:
        """Between two steps: here it may crash, or freeze, or be frozen or dead already."""
        drawn = self.random.random()
        if drawn < crash:
            self.crash()
        elif drawn < crash + freeze:
            self.freeze()
        while self._frozen_until > self.clock.monotonic():
            await self.clock.sleep(self._frozen_until - self.clock.monotonic())
        if not self._alive:
            await self.world.never.wait()

    def crash(self) -> None:
        """No line of it runs any more."""
        if self._alive:
            self.world.verdict.faults["crash"] += 1
            self._alive = False
            self.crashed.set()

    def freeze(self) -> float:
        """Stand still for a while; for how many seconds."""
        now = self.clock.monotonic()
        if not self.world.freezing or now < self._calm_until:
            return 0.0
        self.world.verdict.faults["freeze"] += 1
        seconds = self.random.uniform(10, 200)
        self._frozen_until, self._calm_until = now + seconds, now + seconds + CALM
        return seconds

    # As a Clock.

    def now(self) -> datetime:
        """The wall clock."""
        return self.clock.now()

    def monotonic(self) -> float:
        """Seconds."""
        return self.clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long, and longer if it freezes."""
        await self.clock.sleep(seconds)
        await self.point(0.001, 0.001)


class Line:
    """A worker's line to the store: it may break before or after whatever it asks for."""

    def __init__(self, worker: Worker) -> None:
        self._worker, self._world = worker, worker.world

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        """Any operation of the store."""
        operation = getattr(self._world.rows.outbox, name)

        async def ask(*given: Any, **named: Any) -> Any:
            mine = [entry for entry in given if isinstance(entry, Entry)]
            await self._worker.point(0.01 if mine else 0.0005, 0.01 if mine else 0.0005)
            answer = await operation(*given, **named)
            for entry in mine:
                self._world.note(f"{name} {entry.id} {entry.token} {answer}")
                if answer:
                    self._world.given_up(entry)
            if name == "claim":
                for entry in answer:
                    self._world.note(f"claim {entry.id} {entry.token}")
                    self._world.claimed(self._worker, entry)
            if mine or answer:
                await self._worker.point(0.01, 0.01)
            return answer

        return ask


class Network:
    """A worker's sender."""

    def __init__(self, worker: Worker) -> None:
        self._worker, self._world, self._random = worker, worker.world, worker.random

    async def send(self, owed: Owed) -> str:
        """Post it, if all goes well."""
        self._world.asked(self._worker, owed)
        await self._worker.point(0.01, 0.01)
        fate = self._random.choices(list(FATES), list(FATES.values()))[0]
        if fate == "late" and self._world.freezing:
            fate = "answered"
        self._world.verdict.faults[fate] += 1
        self._world.note(f"send {owed.key}: {fate}")
        delay = self._random.uniform(0.05, 1.5)
        match fate:
            case "503":
                await self._worker.sleep(delay)
                raise Retryable("503")
            case "429":
                raise Retryable("429", after=self._random.uniform(1, 30))
            case "late":
                delay = self._random.uniform(TIMEOUT, 120)
            case "freezes in mid-request":
                delay += self._worker.freeze()
            case "crashes in mid-request":
                self._worker.crash()
            case _:
                pass
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        if fate != "request lost":
            self._world.transmit(self._arrive(owed, delay, answer))
        return await self._answered(fate, answer)

    async def find(self, owed: Owed) -> str | None:
        """Look for its post, if all goes well."""
        self._world.asked(self._worker, owed)
        await self._worker.point(0.01, 0.01)
        await self._worker.sleep(self._random.uniform(0.05, 1.5))
        drawn = self._random.random()
        if drawn < 0.02:
            raise Retryable("429", after=self._random.uniform(1, 30))
        if self._world.down or drawn < 0.07:
            raise Retryable("503")
        found = self._world.places[owed.place].look(self._mark(owed))
        self._world.note(f"find {owed.key}: {found}")
        await self._worker.point(0.01, 0.01)
        return found

    async def _answered(self, fate: str, answer: asyncio.Future[str]) -> str:
        await asyncio.wait([answer], timeout=TIMEOUT)
        await self._worker.point(0.01, 0.01)
        if not answer.done() or fate == "answer lost":
            raise Retryable("no answer")
        if fate == "502 after posting":
            raise Retryable("502")
        return answer.result()

    async def _arrive(self, owed: Owed, delay: float, answer: asyncio.Future[str]) -> None:
        """The request is on its way, and nothing can call it back."""
        await self._world.clock.sleep(delay)
        mark, place = self._mark(owed), self._world.places[owed.place]
        if self._world.down:
            answer.set_exception(Retryable("503"))
            answer.exception()  # heard, should nobody wait for it any more
            return
        try:
            remote = place.receive(owed.key, mark, owed.kind, self._world.clock.monotonic())
        except Taken:
            remote = place.look(mark) or ""
        self._world.note(f"arrived {owed.key}: {remote}")
        answer.set_result(remote)

    def _mark(self, owed: Owed) -> str:
        return self._world.variant.mark(owed, self._random)


async def work(world: World) -> None:
    """A place for a worker: whenever one crashes, a new one starts."""
    while True:
        worker = Worker(world)
        line = Line(worker)

        async def refused(place: str, reason: str) -> None:
            raise AssertionError(f"{place} refused: {reason}")

        pump = world.variant.pump(
            cast(Store, line),
            Network(worker),
            worker,
            Random(world.random.random()),  # noqa: S311 - of the seed
            refused=refused,
            pace=world.variant.pace,
        )

        async def rescue(worker: Worker = worker, line: Line = line, pump: Pump = pump) -> None:
            while True:
                await worker.sleep(30)
                if await line.rescue(worker.now(), world.variant.pace.lease):
                    pump.wake()

        parts = [asyncio.ensure_future(pump.run()), asyncio.ensure_future(rescue())]
        await worker.crashed.wait()
        for part in parts:
            part.cancel()
        await world.clock.sleep(world.random.uniform(1, 20))

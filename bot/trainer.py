"""Trains for members: one training at a time, in a process of its own, stopped as soon as somebody says so."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from bot.trainings import LEAST, Current, Curve, Printed, Run, State, Trained, Who
from bot.values import Person
from bot.workers import Workers

TASKS = {"train": "engine.trial:run"}
SECONDS = 600.0  # twenty times what the lecture's training takes; the largest MovieLens set would take hours


class Members(Protocol):
    """The members' own ratings."""

    async def of_everybody(self, least: int) -> Sequence[Mapping[str, float]]:
        """Of everybody with so many ratings: title → stars, without a name."""
        ...


class Trainer:
    """Fulfils `bot.trainings.Trainings`: trains on what is at `ratings`; `who` may ask for it."""

    def __init__(
        self,
        ratings: Path | None,
        who: Who,
        members: Members,
        *,
        tasks: Mapping[str, str] = TASKS,
        seconds: float = SECONDS,
    ) -> None:
        self._ratings, self._members = ratings, members
        self.who: Who = who
        self._workers = Workers(tasks, seconds=seconds)
        self._task: asyncio.Task[Mapping[str, Any]] | None = None
        self._stopped_by = ""
        self.current: Current | None = None

    @property
    def data(self) -> str:
        """The name of the folder or file."""
        return self._ratings.name if self._ratings else ""

    async def run(
        self, person: Person, runs: Sequence[Run], tell: Callable[[State], Awaitable[None]]
    ) -> Trained | None:
        """Train; None where another training is under way. UserError says what is wrong with the data."""
        if self.current is not None:
            return None
        self.current, self._stopped_by = Current(person=person, runs=tuple(runs)), ""
        state = State(done=0.0, curves=tuple(Curve() for _ in runs))

        async def told(said: Mapping[str, Any]) -> None:
            nonlocal state
            state = State(done=said["done"], curves=_curves(said))
            await tell(state)

        try:
            self._task = asyncio.create_task(self._trained(runs, told), name="training")
            await asyncio.wait({self._task})
            if self._task.cancelled():
                return Trained(state=state, stopped_by=self._stopped_by)
            return _trained(self._task.result())
        finally:
            await self.stop("")
            self.current = self._task = None

    async def stop(self, by: str) -> None:
        """Stop the training that is under way, if there is one; when this returns, its process is gone."""
        task = self._task
        if task is None or task.done():
            return
        self._stopped_by = by
        task.cancel()
        await asyncio.wait({task})

    async def _trained(
        self, runs: Sequence[Run], told: Callable[[Mapping[str, Any]], Awaitable[None]]
    ) -> Mapping[str, Any]:
        people = await self._members.of_everybody(LEAST)
        # The process has another working folder than we may have.
        data = str(self._ratings.absolute()) if self._ratings else ""
        given = {"data": data, "runs": [asdict(each) for each in runs], "people": people}
        return await self._workers.run("train", told, **given)


def _curves(said: Mapping[str, Any]) -> tuple[Curve, ...]:
    return tuple(Curve(train=tuple(each["train"]), valid=tuple(each["valid"])) for each in said["curves"])


def _trained(said: Mapping[str, Any]) -> Trained:
    printed = [
        each and Printed(weight_decay=each["weight_decay"], train=each["train"], valid=each["valid"])
        for each in said["printed"]
    ]
    return Trained(
        state=State(done=1.0, curves=_curves(said)),
        printed=tuple(printed),
        notes=tuple(said["notes"]),
        **{name: said[name] for name in ("train", "valid", "members", "members_ratings", "film_means")},
    )

"""The alarm clock rings, and owns nothing."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.alarm import Alarm, Rhythm
from tests.fakes.clock import RealClock

OFTEN = Rhythm(**dict.fromkeys(("pump", "materialise", "rescue", "prune"), timedelta(seconds=1)))


JOBS = ("pump", "materialise", "rescue", "prune", "remind")


class House:
    """What the alarm rings for, counted."""

    def __init__(self, rhythm: Rhythm | None = None) -> None:
        self.rung, self.troubles = Counter[str](), list[tuple[str, str]]()
        self.heard = asyncio.Event()
        self.troubled = asyncio.Event()
        self.hold: asyncio.Event | None = None
        self.fail: Exception | None = None
        self.alarm = Alarm(
            pump=lambda: self._ring("pump"),
            materialise=self._materialise,
            rescue=self._rescue,
            prune=self._prune,
            more={"remind": (self._remind, timedelta(minutes=1))},
            trouble=self._trouble,
            rhythm=rhythm,
        )

    async def rings(self, *jobs: str) -> None:
        """Wait until each has rung."""
        while not all(self.rung[job] for job in jobs):
            self.heard.clear()
            await asyncio.wait_for(self.heard.wait(), 60)

    def _ring(self, job: str) -> None:
        self.rung[job] += 1
        self.heard.set()

    async def _materialise(self) -> None:
        self._ring("materialise")
        if self.hold:
            await self.hold.wait()

    async def _remind(self) -> None:
        self._ring("remind")

    async def _rescue(self) -> None:
        self._ring("rescue")
        if self.fail:
            raise self.fail

    async def _prune(self) -> None:
        self._ring("prune")

    def _trouble(self, job: str, what: str) -> None:
        self.troubles.append((job, what))
        self.troubled.set()


async def test_every_job_runs_at_the_start() -> None:
    """Whatever was missed while the bot was off is looked at now; a late start is not too late."""
    house = House()
    house.alarm.start(RealClock().now() - timedelta(hours=3))
    await house.rings(*JOBS)
    house.alarm.stop()
    assert house.rung == dict.fromkeys(JOBS, 1)
    assert house.troubles == []


async def test_the_jobs_are_four_and_what_is_added() -> None:
    """In memory, in UTC, never skipped for being late, one run for many missed, and none beside itself."""
    house = House()
    house.alarm.start(datetime(2100, 1, 1, tzinfo=UTC))
    jobs = {job.id: job for job in house.alarm.jobs()}
    assert {name: job.trigger.interval for name, job in jobs.items()} == {
        "pump": timedelta(seconds=30),
        "materialise": timedelta(hours=1),
        "rescue": timedelta(seconds=30),
        "prune": timedelta(days=1),
        "remind": timedelta(minutes=1),
    }
    for job in jobs.values():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
        assert job.trigger.timezone is UTC
        assert job.next_run_time == datetime(2100, 1, 1, tzinfo=UTC)
    house.alarm.stop()


async def test_waking_is_at_once() -> None:
    """No job has to fall due for the pump to look."""
    house = House()
    house.alarm.wake()
    assert house.rung == {"pump": 1}


async def test_a_job_that_fails_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    """Logged with its error, counted, and run again; the others go on."""
    house = House(OFTEN)
    house.fail = OSError("the disk is full")
    house.alarm.start(RealClock().now())
    await asyncio.wait_for(house.troubled.wait(), 60)
    await house.rings("pump", "materialise", "prune")
    assert house.troubles[0] == ("rescue", "failed")
    assert "the disk is full" in caplog.text
    house.fail = None
    house.rung.clear()
    await house.rings("rescue")
    house.alarm.stop()


async def test_a_job_still_running_is_not_started_again() -> None:
    """It is heard of, and the job runs again when it is through."""
    house = House(OFTEN)
    house.hold = asyncio.Event()
    house.alarm.start(RealClock().now())
    await asyncio.wait_for(house.troubled.wait(), 60)
    assert house.troubles[0] == ("materialise", "still running")
    assert house.rung["materialise"] == 1
    house.hold.set()
    house.rung.clear()
    await house.rings("materialise")
    house.alarm.stop()


async def test_stopping_twice_is_harmless() -> None:
    """And so is stopping what never started."""
    house = House()
    house.alarm.stop()
    house.alarm.start(RealClock().now())
    house.alarm.stop()
    house.alarm.stop()

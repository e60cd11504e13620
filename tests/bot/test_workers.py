"""What takes long has a process of its own, and is ended in time."""

import asyncio
import os
import subprocess
import sys
from itertools import count

import pytest

from bot.errors import UserError
from bot.workers import ROOT, Told, Workers, WorkFailed

NAMES = ("add", "endless", "refuse", "fail", "vanish")
TASKS = {name: f"tests.bot.work:{name}" for name in NAMES}
DEADLINE = 60.0


class Ear:
    """Hears what is told."""

    def __init__(self) -> None:
        self.heard: list[Told] = []
        self.something = asyncio.Event()

    async def __call__(self, told: Told) -> None:
        """Hear it."""
        self.heard.append(told)
        self.something.set()


def runs(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_work_tells_on_the_way_and_returns() -> None:
    """In another process; what a library prints there does not disturb."""
    ear = Ear()
    result = await Workers(TASKS).run("add", ear, numbers=[1, 2, 3])
    assert ear.heard == [{"sum": 1}, {"sum": 3}, {"sum": 6}]
    assert result["sum"] == 6
    assert result["process"] != os.getpid()


async def test_what_the_work_refuses_is_a_sentence() -> None:
    """It is shown to the person, and is no markup."""
    with pytest.raises(UserError) as refused:
        await Workers(TASKS).run("refuse", Ear())
    assert refused.value.text == r"There are \*no\* ratings."


@pytest.mark.parametrize("task", ["fail", "vanish"])
async def test_a_process_that_ends_early_is_a_fault_of_ours(task: str) -> None:
    """Whether it raised or was ended by the system: there is no result."""
    with pytest.raises(WorkFailed):
        await Workers(TASKS).run(task, Ear())


async def test_work_that_takes_too_long_is_ended() -> None:
    """The person is told, and the next one has its turn."""
    ear, workers = Ear(), Workers(TASKS, seconds=1.5)
    with pytest.raises(UserError, match="longer than"):
        await workers.run("endless", ear)
    assert not any(runs(told["process"]) for told in ear.heard)


async def test_work_that_is_cancelled_is_ended() -> None:
    """At once; whoever waited has their turn, and whoever gives up waiting leaves it to the others."""
    ear, workers = Ear(), Workers(TASKS)
    first = asyncio.create_task(workers.run("endless", ear))
    async with asyncio.timeout(DEADLINE):
        await ear.something.wait()
    bored = asyncio.create_task(workers.run("add", Ear(), numbers=[1]))
    patient = asyncio.create_task(workers.run("add", Ear(), numbers=[2]))
    await asyncio.sleep(0)
    bored.cancel()
    first.cancel()
    async with asyncio.timeout(DEADLINE):
        assert (await patient)["sum"] == 2
    assert first.cancelled()
    assert not runs(ear.heard[0]["process"])


async def test_only_so_many_wait() -> None:
    """The next is told at once."""
    ear, workers = Ear(), Workers(TASKS, waiting=2)
    tasks = [asyncio.create_task(workers.run("endless", ear))]
    async with asyncio.timeout(DEADLINE):
        await ear.something.wait()
    tasks += [asyncio.create_task(workers.run("endless", ear)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(UserError, match="2 others wait"):
        await workers.run("add", ear, numbers=[1])
    for task in reversed(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(ear.heard) == 1


async def test_who_listens_slowly_costs_no_time() -> None:
    """A forum may take longer to show how far it is than the work has."""
    hours = count()
    now = 0.0

    async def slow(_told: Told) -> None:
        nonlocal now
        now = 3600.0 * next(hours)

    workers = Workers(TASKS, timer=lambda: now)
    assert (await workers.run("add", slow, numbers=[1, 2, 3]))["sum"] == 6


def test_work_ends_with_whoever_waits_for_it() -> None:
    """Also where the bot is killed: its end of the pipe is closed, and nobody works for nobody."""
    program = f"""
import asyncio
from bot.workers import Workers
async def tell(told):
    print("at work", flush=True)
asyncio.run(Workers({TASKS!r}).run("endless", tell))
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as bot:
        assert bot.stdout is not None
        assert bot.stdout.readline() == "at work\n"
        bot.kill()
        bot.communicate(timeout=DEADLINE)  # stderr ends when the work, too, has ended

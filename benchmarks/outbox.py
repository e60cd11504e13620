"""The outbox with a large federation of groups in it, beside APScheduler 3.11 holding the same as jobs.

    .venv/bin/python -m benchmarks.outbox [--series 10000]

Each series owes three posts a week, eight weeks ahead. Ours is the bot's own SQLite file (WAL, FULL); APScheduler
has one date job for each post. Every row of the table is a process of its own. APScheduler is given a tenth of the
series in memory and a fortieth in SQLite, for more takes minutes; ours is measured at those sizes as well, and the
ratios are between equals.
"""

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.database import connect
from scheduler.outbox import Outbox
from scheduler.owed import Owed
from scheduler.ports import Pace
from scheduler.pump import Pump
from tests.fakes.clock import RealClock

WEEKS, KINDS, BURST, RINGS = 8, ("open", "remind-day", "leftovers"), 1_000, 40
SOON, APART = timedelta(milliseconds=300), timedelta(milliseconds=50)
CLOCK = RealClock()
BEAT = 0.001  # seconds
TOGETHER = 2_400  # rows in one transaction
rung: list[float] = []
wanted: tuple[int, asyncio.Event] | None = None


def posts(series: int, start: datetime) -> Iterator[tuple[str, str, str, datetime]]:
    """Everything that is owed: series, week, kind and moment, none of it soon."""
    for number in range(series):
        first = start + timedelta(days=2, seconds=60 * number)
        for week in range(WEEKS):
            for day, kind in enumerate(KINDS):
                yield f"group {number}", f"{week}", kind, first + timedelta(weeks=week, hours=day)


def ring(due: float) -> None:
    """What a job does: note how late it is."""
    rung.append(time.time() - due)
    if wanted and len(rung) >= wanted[0]:
        wanted[1].set()


def megabytes() -> float:
    """The most memory that this process has had."""
    scale = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6


async def lag(work: Awaitable[Any]) -> float:
    """By how much the event loop was late at most during some work."""
    worst, ended = 0.0, asyncio.ensure_future(work)
    while not ended.done():
        before = time.perf_counter()
        await asyncio.wait([ended], timeout=BEAT)
        worst = max(worst, time.perf_counter() - before - BEAT)
    await ended
    return worst


async def until_rung(count: int) -> None:
    """Wait for so many rings."""
    global wanted
    wanted = count, asyncio.Event()
    if len(rung) < count:
        await wanted[1].wait()


def owed(name: str, occurrence: str, kind: str, due: datetime) -> Owed:
    """A row, worth saying for a day."""
    until = due + timedelta(days=1)
    return Owed(series=name, occurrence=occurrence, kind=kind, place=f"web/{name}", due=due, until=until)


class Sender:
    """Posts nowhere."""

    async def send(self, owed: Owed) -> str:
        """Note how late it is."""
        ring(owed.due.timestamp())
        return "1"

    async def find(self, owed: Owed) -> str | None:
        """There is nothing to find."""
        return None


async def refused(place: str, reason: str) -> None:
    """Nobody refuses."""
    raise AssertionError(f"{place}: {reason}")


async def add_all(outbox: Outbox, series: int, start: datetime) -> float:
    """Write everything down; the seconds it took."""
    begun, each = time.perf_counter(), (owed(*each) for each in posts(series, start))
    while rows := list(islice(each, TOGETHER)):
        await outbox.add(rows, CLOCK.now())
    return time.perf_counter() - begun


async def claim_many(outbox: Outbox) -> float:
    """Claim many rows in one; the seconds it took."""
    await outbox.add([owed(f"many {number}", "0", "x", CLOCK.now()) for number in range(BURST)], CLOCK.now())
    begun = time.perf_counter()
    claimed = await outbox.claim(CLOCK.now(), Pace().lease, limit=BURST)
    seconds = time.perf_counter() - begun
    for each in claimed:
        await outbox.bury(each, "only claimed", CLOCK.now())
    return seconds


async def median(call: Callable[[], Awaitable[Any]]) -> float:
    """The seconds that a call takes."""
    seconds: list[float] = []
    for _ in range(200):
        begun = time.perf_counter()
        await call()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


async def ours(series: int, folder: Path) -> dict[str, float]:
    """The outbox and the pump."""
    database = connect(f"sqlite:///{folder / 'ours.db'}")
    async with database.write():
        pass  # the tables are made at the first use
    figures = {"memory before": megabytes()}
    outbox = Outbox(database, added=lambda: pump.wake())
    chance = Random(1)  # noqa: S311 - for a benchmark
    pump = Pump(outbox, Sender(), CLOCK, chance, refused=refused)
    start = CLOCK.now()
    figures["materialise"] = await add_all(outbox, series, start)
    figures["again"] = await add_all(outbox, series, start)
    figures["look"] = await median(lambda: outbox.claim(CLOCK.now(), Pace().lease))
    figures["next"] = await median(lambda: outbox.next_due(CLOCK.now()))
    figures["claim"] = await claim_many(outbox)
    running = asyncio.create_task(pump.run())
    now = CLOCK.now() + SOON
    await outbox.add([owed(f"ring {number}", "0", "x", now + number * APART) for number in range(RINGS)], now)
    await until_rung(RINGS)
    figures |= lateness()
    begun = time.perf_counter()
    burst = [owed(f"burst {number}", "0", "x", CLOCK.now()) for number in range(BURST)]
    figures["stall"] = await lag(asyncio.gather(outbox.add(burst, CLOCK.now()), until_rung(BURST)))
    figures["burst"] = time.perf_counter() - begun
    pump.stop()
    await running
    await database.close()
    return figures


async def apscheduler(series: int, folder: Path, *, stored: bool) -> dict[str, float]:
    """Its AsyncIOScheduler, with a store in memory or in SQLite."""
    figures = {"memory before": megabytes()}
    scheduler: Any = AsyncIOScheduler(job_defaults={"misfire_grace_time": None})
    if stored:
        scheduler.add_jobstore("sqlalchemy", url=f"sqlite:///{folder / 'jobs.db'}")
    scheduler.start(paused=True)

    def add(name: str, due: datetime) -> None:
        scheduler.add_job(
            "benchmarks.outbox:ring", "date", run_date=due, args=[due.timestamp()], id=name, replace_existing=True
        )

    def add_all() -> float:
        begun = time.perf_counter()
        for name, occurrence, kind, due in posts(series, start):
            add(f"{name}/{occurrence}/{kind}", due)
        return time.perf_counter() - begun

    start = CLOCK.now()
    figures["materialise"] = add_all()
    figures["again"] = add_all()
    scheduler.resume()
    now = CLOCK.now() + SOON
    for number in range(RINGS):
        add(f"ring {number}", now + number * APART)
    await until_rung(RINGS)
    figures |= lateness()
    scheduler.pause()
    for number in range(BURST):
        add(f"burst {number}", CLOCK.now())
    begun = time.perf_counter()
    scheduler.resume()
    figures["stall"] = await lag(until_rung(BURST))
    figures["burst"] = time.perf_counter() - begun
    scheduler.shutdown(wait=False)
    return figures


def lateness() -> dict[str, float]:
    """Of the rings so far, which are forgotten."""
    late = sorted(rung)
    rung.clear()
    return {"late": statistics.median(late), "latest": late[-1]}


def measure(subject: str, series: int) -> dict[str, float]:
    """One subject, in a process of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # The jobs name `benchmarks.outbox`, which must then be this module and not a second one.
        sys.modules["benchmarks.outbox"] = sys.modules[__name__]
        if subject == "ours":
            figures = asyncio.run(ours(series, folder))
        else:
            figures = asyncio.run(apscheduler(series, folder, stored=subject == "APScheduler, SQLite"))
        figures["memory"] = megabytes() - figures["memory before"]
        figures["file"] = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    return figures


COLUMNS = {
    "materialise, s": ("materialise", 1.0),
    "again, s": ("again", 1.0),
    "memory, MB": ("memory", 1.0),
    "file, MB": ("file", 1.0),
    "a look, nothing due, ms": ("look", 1000.0),
    "when is the next, ms": ("next", 1000.0),
    f"claim of {BURST:,}, ms": ("claim", 1000.0),
    "late, ms": ("late", 1000.0),
    "latest, ms": ("latest", 1000.0),
    f"{BURST:,} at once, s": ("burst", 1.0),
    "loop stands still, ms": ("stall", 1000.0),
}


def table(measured: dict[tuple[str, int], dict[str, float]]) -> Iterator[str]:
    """The figures, and after those of APScheduler how many times ours at the same size they are."""
    each = WEEKS * len(KINDS)
    yield f"| | posts | {' | '.join(COLUMNS)} |"
    yield f"|---|---|{'---|' * len(COLUMNS)}"
    for (subject, series), figures in measured.items():
        cells: list[str] = []
        for key, scale in COLUMNS.values():
            mine = measured["ours", series].get(key)
            if key not in figures:
                cells.append("")
            elif subject == "ours" or not mine:
                cells.append(f"{figures[key] * scale:.3g}")
            else:
                cells.append(f"{figures[key] * scale:.3g} (× {figures[key] / mine:.2g})")
        yield f"| {subject} | {series * each:,} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--subject", help="measure this alone, and print it as JSON")
    asked = parser.parse_args()
    if asked.subject:
        print(json.dumps(measure(asked.subject, asked.series)))
        return
    tenth, fortieth = max(1, asked.series // 10), max(1, asked.series // 40)
    runs = [("ours", asked.series), ("ours", tenth), ("APScheduler, memory", tenth)]
    runs += [("ours", fortieth), ("APScheduler, SQLite", fortieth)]
    measured: dict[tuple[str, int], dict[str, float]] = {}
    for subject, series in runs:
        command = [sys.executable, "-m", "benchmarks.outbox", "--subject", subject, "--series", str(series)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        measured[subject, series] = json.loads(done.stdout)
    print(f"Python {sys.version.split()[0]}, {WEEKS} weeks of {len(KINDS)} posts for each series.\n")
    print("\n".join(table(measured)))


if __name__ == "__main__":
    main()

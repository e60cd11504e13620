"""Kills processes that deliver, without a word, and counts what arrived."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from random import Random

from scheduler.deliveries import Deliveries
from scheduler.outbox import Outbox
from scheduler.owed import Owed, State
from tests.fakes.clock import RealClock
from tests.fakes.destination import Destination
from tests.scheduler import chaos_worker
from tests.scheduler.databases import Pooled

PLACES = 30
KILL_EVERY = (0.3, 0.9)  # seconds
LONGEST = 240.0  # seconds; what is not delivered by then never will be


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it."""

    posts: int
    lost: int
    doubled: int
    kills: int
    seconds: float
    most_attempts: int
    answers: Counter[str]


@dataclass
class Workers:
    """Processes, as many as there shall be, whatever happens to them."""

    start: Callable[[int], ForkServerProcess]
    alive: list[ForkServerProcess] = field(default_factory=list[ForkServerProcess])
    started: int = 0

    def fill(self, count: int) -> None:
        """Start what is missing."""
        while len(self.alive) < count:
            self.started += 1
            self.alive.append(self.start(self.started))

    def kill(self, number: int) -> None:
        """SIGKILL: no line of it runs any more."""
        process = self.alive.pop(number)
        process.kill()
        process.join()
        process.close()


async def chaos(
    database: Pooled, url: str, destination: Destination, *, posts: int, pump: str = "ours", seed: int = 1
) -> Outcome:
    """Deliver so many posts with three workers, of which one is killed every half second or so."""
    random, clock = Random(seed), RealClock()  # noqa: S311 - a seed, not a secret
    deliveries = Deliveries(database)
    begun, now = clock.monotonic(), clock.now()
    rows = [
        Owed(
            series="wed",
            occurrence=f"{number:04}",
            kind="open",
            place=f"place {number % PLACES}",
            due=now + timedelta(seconds=random.uniform(0, posts / 50)),
            until=now + timedelta(hours=1),
        )
        for number in range(posts)
    ]
    await Outbox(database).add(rows, now)
    context = get_context("forkserver")
    context.set_forkserver_preload([chaos_worker.__name__])

    def start(number: int) -> ForkServerProcess:
        process = context.Process(target=chaos_worker.work, args=(url, destination.url, pump, number), daemon=True)
        process.start()
        return process

    workers, kills = Workers(start), 0
    try:
        while await _owing(deliveries) and clock.monotonic() < begun + LONGEST:
            workers.fill(3)
            await clock.sleep(random.uniform(*KILL_EVERY))
            workers.kill(random.randrange(3))
            kills += 1
    finally:
        while workers.alive:
            workers.kill(0)
    copies = destination.copies
    entries = await deliveries.list(State.DONE, limit=posts)
    unsettled = posts - len(entries)
    return Outcome(
        posts=posts,
        lost=max(unsettled, sum(not copies[row.key] for row in rows)),
        doubled=sum(count - 1 for count in copies.values()),
        kills=kills,
        seconds=clock.monotonic() - begun,
        most_attempts=max((entry.attempts for entry in entries), default=0),
        answers=destination.answers,
    )


async def _owing(deliveries: Deliveries) -> bool:
    counts = await deliveries.counts()
    return bool(counts[State.OWED] + counts[State.LEASED])

"""A deterministic simulation: the real pump, in virtual time, with everything that can go wrong drawn from a seed.

Three workers share an outbox and post to Discord and Discourse. They crash between any two steps and start again;
they freeze for 10 to 200 seconds, in the middle of a request as well; requests and answers are lost or late,
refused with 429, or answered 502 although the post was made; the platforms are down for up to an hour. One seed is
one history, and always the same one.

The limits of the model are those of the platforms' memory for a key. A worker does not freeze twice within five
minutes; a request whose sender is awake arrives within two minutes or never; and one history has workers that
freeze or requests that are late, for a late one that lands right after a look back, followed by a freeze of more
than three minutes, is posted twice by any bot (seed 1539, before this was so).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Protocol

from scheduler.deliveries import Deliveries
from scheduler.outbox import Outbox
from scheduler.owed import Entry, Owed, State
from scheduler.ports import Pace
from scheduler.pump import Pump
from tests.fakes.clock import START, VirtualClock, VirtualLoop
from tests.scheduler.fake_places import DiscordPlace, DiscoursePlace, Place
from tests.scheduler.memory import MemoryOutbox

POSTS, PLACES, WORKERS = 12, 4, 3
HORIZON = timedelta(hours=12)
PLATFORMS: dict[str, Callable[[], Place]] = {"discord": DiscordPlace, "discourse": DiscoursePlace}
LATE = timedelta(seconds=60 + 30 + 30) + timedelta(seconds=120)
"""From a claim that came to nothing to the next: a lease, a rescue, a look; and room for a second mishap."""


class Rows(Protocol):
    """Both sides of an outbox."""

    @property
    def outbox(self) -> Outbox | MemoryOutbox:
        """For the pump."""
        ...

    @property
    def deliveries(self) -> Deliveries | MemoryOutbox:
        """For the judge."""
        ...


@dataclass(frozen=True)
class ListOfRows:
    """The fast one."""

    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)

    @property
    def deliveries(self) -> MemoryOutbox:
        """The same."""
        return self.outbox


def own_key(owed: Owed, _random: Random) -> str:
    """The mark that a sender makes of what it sends."""
    return owed.key


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What is simulated: the real thing, or a mutant of it."""

    platforms: tuple[str, ...] = ("discourse", "discord")
    pump: type[Pump] = Pump
    pace: Pace = field(default_factory=Pace)
    rows: Callable[[], Rows] = ListOfRows
    mark: Callable[[Owed, Random], str] = own_key


@dataclass(frozen=True)
class Verdict:
    """How a history ended: what went wrong, what was done to it, and what happened in it."""

    wrong: Counter[str] = field(default_factory=Counter[str])
    faults: Counter[str] = field(default_factory=Counter[str])
    log: list[str] = field(default_factory=list[str])


class World:
    """One history: what its workers have in common."""

    def __init__(self, seed: int, variant: Variant, clock: VirtualClock) -> None:
        self.random = Random(seed)  # noqa: S311 - that is the point of a seed
        self.clock, self.variant = clock, variant
        self.rows = variant.rows()
        kinds = [PLATFORMS[variant.platforms[number % len(variant.platforms)]] for number in range(PLACES)]
        self.places = {f"place {number}": kind() for number, kind in enumerate(kinds)}
        self.verdict = Verdict()
        self.never = asyncio.Event()
        self.freezing = self.random.random() < 0.6
        begins = self.random.uniform(0, 600) if self.random.random() < 0.15 else HORIZON.total_seconds()
        self._outage = (begins, begins + self.random.uniform(600, 3600))
        self._leases: dict[str, tuple[object, Entry]] = {}
        self._network: set[asyncio.Task[None]] = set()

    def owed(self, number: int) -> Owed:
        """One of the posts, due within five minutes."""
        due = START + timedelta(seconds=self.random.uniform(0, 300))
        return Owed(
            series="wed",
            occurrence=f"{number:02}",
            kind="topic" if number % PLACES == 0 else "reply",
            place=f"place {number % PLACES}",
            due=due,
            until=due + HORIZON,
        )

    @property
    def down(self) -> bool:
        """Whether the platforms are."""
        return self._outage[0] <= self.clock.monotonic() < self._outage[1]

    def note(self, what: str) -> None:
        """Write the history."""
        self.verdict.log.append(f"{self.clock.monotonic():.6f} {what}")

    def transmit(self, request: Coroutine[Any, Any, None]) -> None:
        """Let a request travel, whatever becomes of who sent it."""
        task = asyncio.ensure_future(request)
        self._network.add(task)
        task.add_done_callback(self._network.discard)

    def claimed(self, holder: object, entry: Entry) -> None:
        """While a lease runs nobody else is handed the row; one that came to nothing is soon forgotten."""
        _, held = self._leases.get(entry.owed.key, (None, None))
        if held and held.lease_until:
            now, lease = self.clock.now(), self.variant.pace.lease
            self.verdict.wrong["shared"] += now < held.lease_until
            self.verdict.wrong["late"] += not self.freezing and now > held.lease_until - lease + LATE
        self._leases[entry.owed.key] = holder, entry

    def given_up(self, entry: Entry) -> None:
        """Who held that lease gave the row back."""
        _, held = self._leases.get(entry.owed.key, (None, None))
        if held and held.token == entry.token:
            del self._leases[entry.owed.key]

    def asked(self, holder: object, owed: Owed) -> None:
        """Whoever starts a request holds the row, and will for as long as a request takes."""
        by, held = self._leases.get(owed.key, (None, None))
        until = held.lease_until if held and by is holder else None
        self.verdict.wrong["unfenced"] += until is None or self.clock.now() + Pace().timeout > until

    async def live(self, worker: Callable[["World"], Coroutine[Any, Any, None]]) -> Verdict:
        """The history, from its beginning to where nothing more happens."""
        planned = [self.owed(number) for number in range(POSTS)]
        await self.rows.outbox.add(planned, self.clock.now())
        workers = [asyncio.ensure_future(worker(self)) for _ in range(WORKERS)]
        while await self._busy() and self.clock.now() < START + HORIZON:
            await self.clock.sleep(30)
            await self.rows.outbox.add(planned, self.clock.now())
        while self._network:
            await asyncio.wait(self._network)
        everybody = asyncio.all_tasks() - {asyncio.current_task()}
        for task in everybody:
            task.cancel()
        await asyncio.gather(*workers, *everybody, return_exceptions=True)
        return await self._judged(planned)

    async def _busy(self) -> bool:
        counts = await self.rows.deliveries.counts()
        return bool(counts[State.OWED] + counts[State.LEASED])

    async def _judged(self, planned: list[Owed]) -> Verdict:
        posts = Counter(post.says for place in self.places.values() for post in place.posts)
        entries = await self.rows.deliveries.list(*State, limit=2 * POSTS)
        states = {entry.owed.key: entry.state for entry in entries}
        for owed in planned:
            self.verdict.wrong["doubled"] += max(0, posts[owed.key] - 1)
            dead = states[owed.key] is State.DEAD
            self.verdict.wrong["dead"] += dead  # not lost: an admin sees it
            self.verdict.wrong["lost"] += not dead and not (posts[owed.key] and states[owed.key] is State.DONE)
        return self.verdict


def simulate(seed: int, variant: Variant) -> Verdict:
    """One history."""
    # The workers know the world; the world is only told of them.
    from tests.scheduler.workers import work

    async def live() -> Verdict:
        return await World(seed, variant, VirtualClock()).live(work)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(live())

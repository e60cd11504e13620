"""What the pump is given: a store, a sender, a clock, and how long and how often."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from scheduler.owed import Entry, Owed


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """The wall clock, in UTC. It may be set while we run."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever go forward."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        ...


class Sender(Protocol):
    """Posts what is owed, under a key that it makes from `owed.key`, which is for ever the same.

    It raises `scheduler.errors.DeliveryError`s and nothing else, and gives up a request after `Pace.timeout`.
    """

    async def send(self, owed: Owed) -> str:
        """Post it; the post's id."""
        ...

    async def find(self, owed: Owed) -> str | None:
        """The id of its post, if there is one."""
        ...


class Store(Protocol):
    """What the pump asks of an outbox; `scheduler.outbox.Outbox` says what each does."""

    async def claim(self, now: datetime, lease: timedelta, limit: int = 1) -> list[Entry]:
        """Take what is due."""
        ...

    async def settle(self, mine: Entry, remote: str, now: datetime) -> bool:
        """It was sent."""
        ...

    async def retry(self, mine: Entry, at: datetime, reason: str, *, counted: bool = True) -> bool:
        """It failed."""
        ...

    async def pause(self, mine: Entry, at: datetime, reason: str) -> bool:
        """Its place asks to wait."""
        ...

    async def release(self, mine: Entry) -> bool:
        """It was not tried."""
        ...

    async def bury(self, mine: Entry, reason: str, now: datetime) -> bool:
        """It cannot be sent."""
        ...

    async def omit(self, mine: Entry, reason: str, now: datetime) -> bool:
        """There was nothing to say."""
        ...

    async def stop(self, mine: Entry, reason: str, now: datetime) -> bool:
        """Its place refuses us."""
        ...

    async def next_due(self, now: datetime) -> datetime | None:
        """When there is more."""
        ...


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long, and how often."""

    lease: timedelta = timedelta(seconds=60)
    """Shorter than the time for which a platform knows a key (Discord: some minutes)."""
    timeout: timedelta = timedelta(seconds=15)
    """Of one request; a third of the lease at most, for a row may need two."""
    first: timedelta = timedelta(seconds=30)
    """The longest first wait after a failure. Each may be twice as long as the one before, and is random below
    that; so eight attempts take 20 minutes or so."""
    longest: timedelta = timedelta(minutes=15)
    attempts: int = 8
    idle: timedelta = timedelta(seconds=30)
    """For so long at most nobody looks, whatever the clocks do."""
    lanes: int = 4
    """Places that are posted to at once: a slow one holds up no other."""

    def __post_init__(self) -> None:
        if self.lease < 3 * self.timeout:
            raise ValueError(f"a lease of {self.lease} is too short for requests of up to {self.timeout}")


Report = Callable[[str, str], Awaitable[None]]
"""Told of a place that refuses us, with its reason."""

"""An outbox that is a list, for simulations of many thousand runs. It passes the contract of the real one."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduler.outbox import FAR
from scheduler.owed import SETTLED, Entry, Key, Owed, State, Stop

UNSENT = (State.OWED, State.LEASED, State.DEAD)


@dataclass(slots=True)
class Row:
    """A row, as it is now."""

    entry: Entry

    def put(self, **changes: object) -> None:
        """Write to it."""
        self.entry = replace(self.entry, **changes)  # pyright: ignore[reportArgumentType] - names and values as given


class MemoryOutbox:
    """Outbox and Deliveries in one."""

    def __init__(self, added: Callable[[], None] = lambda: None) -> None:
        self.rows: dict[Key, Row] = {}
        self._stops: dict[str, Stop] = {}
        self._added = added

    async def add(self, rows: Iterable[Owed], now: datetime, *, within: object = None) -> None:
        """Owe these."""
        for owed in rows:
            row = self.rows.get(owed.parts)
            if row is None:
                self.rows[owed.parts] = Row(_new(len(self.rows) + 1, owed, now))
            else:
                _update(row, owed, now)
            self._added()

    async def withdraw(
        self,
        now: datetime,
        *,
        series: str,
        occurrence: str | None = None,
        kind: str | None = None,
        place: str | None = None,
        keep: Collection[Key] = (),
        within: object = None,
    ) -> int:
        """Owe these no more."""
        given = (series, occurrence, kind, place)
        gone = [
            row
            for key, row in self.rows.items()
            if key not in keep
            and all(want in (None, have) for want, have in zip(given, key, strict=True))
            and row.entry.state in UNSENT
            and row.entry.owed.until > now
        ]
        for row in gone:
            row.put(state=State.WITHDRAWN, settled=now)
        return len(gone)

    async def claim(self, now: datetime, lease: timedelta, limit: int = 1) -> list[Entry]:
        """Take what is due."""
        due = [row for row in self._owed() if row.entry.try_at <= now]
        for row in [row for row in due if row.entry.owed.until <= now]:
            row.put(state=State.EXPIRED, settled=now)
            due.remove(row)
        taken = self._taken(now) if due else ()
        free = sorted((row for row in due if row.entry.owed.place not in taken), key=_order)
        for row in free[:limit]:
            entry = row.entry
            row.put(
                state=State.LEASED, token=entry.token + 1, attempts=entry.attempts + 1, lease_until=now + lease
            )
        return [row.entry for row in free[:limit]]

    async def settle(self, mine: Entry, remote: str, now: datetime) -> bool:
        """It was sent."""
        row = self.rows[mine.owed.parts]
        if not self._token(row, mine):
            return False
        row.put(state=State.DONE, remote=remote, error=None, settled=now)
        return True

    async def retry(self, mine: Entry, at: datetime, reason: str, *, counted: bool = True) -> bool:
        """It failed."""
        row = self._mine(mine)
        if row:
            later = max(row.entry.owed.due, min(at, row.entry.owed.until))
            attempts = row.entry.attempts - (not counted)
            row.put(state=State.OWED, try_at=later, attempts=attempts, error=reason, lease_until=None)
        return row is not None

    async def pause(self, mine: Entry, at: datetime, reason: str) -> bool:
        """Its place asks to wait."""
        still = await self.retry(mine, at, reason, counted=False)
        for row in self._owed():
            if row.entry.owed.place == mine.owed.place and row.entry.try_at < at:
                row.put(try_at=min(at, row.entry.owed.until))
        return still

    async def release(self, mine: Entry) -> bool:
        """It was not tried."""
        row = self._mine(mine)
        if row:
            row.put(state=State.OWED, attempts=row.entry.attempts - 1, lease_until=None)
        return row is not None

    async def bury(self, mine: Entry, reason: str, now: datetime) -> bool:
        """It cannot be sent."""
        row = self._mine(mine)
        if row:
            row.put(state=State.DEAD, error=reason, settled=now)
        return row is not None

    async def omit(self, mine: Entry, reason: str, now: datetime) -> bool:
        """There was nothing to say."""
        row = self._mine(mine)
        if row:
            row.put(state=State.DROPPED, error=reason, settled=now)
        return row is not None

    async def stop(self, mine: Entry, reason: str, now: datetime) -> bool:
        """Its place refuses us."""
        await self.retry(mine, now, reason, counted=False)
        news = mine.owed.place not in self._stops
        if news:
            self._stops[mine.owed.place] = Stop(place=mine.owed.place, reason=reason, since=now)
        return news

    async def rescue(self, now: datetime, lease: timedelta) -> int:
        """Take back what was not finished in time."""
        lost = [row for row in self.rows.values() if row.entry.state is State.LEASED]
        far = now + FAR * lease
        lost = [row for row in lost if row.entry.lease_until and not now < row.entry.lease_until <= far]
        for row in lost:
            row.put(state=State.OWED, lease_until=None)
        return len(lost)

    async def next_due(self, now: datetime) -> datetime | None:
        """When there is more."""
        taken = self._taken(now)
        free = (row.entry.try_at for row in self._owed() if row.entry.owed.place not in taken)
        return min(free, default=None)

    async def list(self, *states: State, series: str | None = None, limit: int = 50) -> list[Entry]:
        """The rows in these states."""
        found = [row for row in self.rows.values() if row.entry.state in states]
        found = [row for row in found if series in (None, row.entry.owed.series)]
        if set(states) <= set(SETTLED):
            found.sort(key=lambda row: (row.entry.settled or row.entry.created, row.entry.id), reverse=True)
        else:
            found.sort(key=_order)
        return [row.entry for row in found[:limit]]

    async def get(self, number: int) -> Entry | None:
        """The row of that number."""
        return next((row.entry for row in self.rows.values() if row.entry.id == number), None)

    async def counts(self) -> dict[State, int]:
        """How many rows are in each state."""
        states = [row.entry.state for row in self.rows.values()]
        return {state: states.count(state) for state in State}

    async def again(self, number: int, now: datetime) -> bool:
        """Send after all what is dead or was dropped."""
        for row in self.rows.values():
            entry = row.entry
            failed = entry.state is State.OWED and entry.token
            if entry.id == number and (entry.state in (State.DEAD, State.DROPPED) or failed):
                row.put(state=State.OWED, try_at=max(entry.owed.due, now), attempts=0, settled=None)
                self._added()
                return True
        return False

    async def drop(self, number: int, now: datetime) -> bool:
        """Never send it."""
        for row in self.rows.values():
            if row.entry.id == number and row.entry.state in UNSENT:
                row.put(state=State.DROPPED, settled=now)
                return True
        return False

    async def stopped(self) -> "list[Stop]":
        """The places that refused us."""
        return sorted(self._stops.values(), key=lambda stop: (stop.since, stop.place))

    async def resume(self, place: str) -> bool:
        """Deliver to that place again."""
        self._added()
        return self._stops.pop(place, None) is not None

    async def prune(self, before: datetime) -> int:
        """Forget what is long over."""
        old = [
            key
            for key, row in self.rows.items()
            if row.entry.state in SETTLED
            and (row.entry.settled or before) < before
            and row.entry.owed.until < before
        ]
        for key in old:
            del self.rows[key]
        return len(old)

    def _owed(self) -> "list[Row]":
        return [row for row in self.rows.values() if row.entry.state is State.OWED]

    def _taken(self, now: datetime) -> set[str]:
        """The places that are stopped, or that somebody is posting to."""
        leased = (row.entry for row in self.rows.values() if row.entry.state is State.LEASED)
        busy = {entry.owed.place for entry in leased if entry.lease_until and entry.lease_until > now}
        return busy | self._stops.keys()

    def _mine(self, entry: Entry) -> Row | None:
        row = self.rows[entry.owed.parts]
        return row if row.entry.state is State.LEASED and self._token(row, entry) else None

    def _token(self, row: Row, entry: Entry) -> bool:
        """The check that a mutant leaves out."""
        return row.entry.token == entry.token


def _order(row: Row) -> tuple[datetime, int]:
    return row.entry.try_at, row.entry.id


def _new(number: int, owed: Owed, now: datetime) -> Entry:
    return Entry(
        id=number,
        owed=owed,
        state=State.OWED,
        try_at=owed.due,
        attempts=0,
        token=0,
        lease_until=None,
        remote=None,
        error=None,
        created=now,
        settled=None,
    )


def _update(row: Row, owed: Owed, now: datetime) -> None:
    old, state = row.entry.owed, row.entry.state
    moved = old.due != owed.due
    revived = (
        state is State.WITHDRAWN
        or (state is State.EXPIRED and owed.until > now)
        or (state is State.DEAD and moved)
    )
    if not revived and (state not in UNSENT or old == owed):
        return
    row.put(owed=owed)
    if moved or revived:
        row.put(try_at=owed.due)
    if revived or (moved and state is State.OWED):
        row.put(attempts=0)
    if revived:
        row.put(state=State.OWED, settled=None, error=None)

"""The outbox: what is owed is written down before it is said, and crossed out after.

One row per key (series, occurrence, kind, place). Whoever sends a row claims it first: for the time of a lease it
is theirs, with a token that the next claim outdates, and every later write says `AND token = ?`. A process may die
at any point: its lease runs out, and the row is taken up again. SQLite and PostgreSQL behave alike; on PostgreSQL
any number of processes may claim, and one that adds rows wakes them all (`scheduler.bell`).
"""

from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Update,
    bindparam,
    case,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduler.owed import Entry, Key, Owed, State
from scheduler.tables import entry, moment, outbox, state, stops, ticks
from scheduler.writing import ring, stopping, take_turns, upsert, values

row = outbox.c
_OWED = row.state == state(State.OWED)
_LEASED = row.state == state(State.LEASED)
_NOW = bindparam("now", type_=BigInteger)
FAR = 10  # leases
_CHUNK = 500  # ids in one statement


def _some(*which: ColumnElement[bool], limit: BindParameter[int] | None = None) -> ColumnElement[bool]:
    """The rows of which that is so, the longest due first; on PostgreSQL without those that another one holds.

    It is a WITH, which is looked up once: as a plain IN, PostgreSQL may ask it again, and exceed the limit.
    """
    ids = select(row.id).where(*which).order_by(row.try_at, row.id).limit(limit).with_for_update(skip_locked=True)
    return row.id.in_(select(ids.cte("some").c.id))


def _busy() -> ColumnElement[bool]:
    """Whether somebody is posting to the row's place."""
    other = outbox.alias("other")
    leased = other.c.state == state(State.LEASED)
    return row.place.in_(select(other.c.place).where(leased, other.c.lease_until > _NOW))


# What every look asks for is put together once: that takes longer than asking.
_FREE = (_OWED, ~row.place.in_(select(stops.c.place)), ~_busy())
EXPIRE = (
    update(outbox)
    .where(_some(_OWED, row.try_at <= _NOW, row.valid_until <= _NOW))
    .values(state=State.EXPIRED, settled=_NOW)
)
CLAIM = (
    update(outbox)
    .where(_some(*_FREE, row.try_at <= _NOW, limit=bindparam("many", type_=Integer)))
    .values(
        state=State.LEASED,
        token=row.token + 1,
        attempts=row.attempts + 1,
        lease_until=bindparam("ends", type_=BigInteger),
    )
    .returning(outbox)
)
NEXT = select(row.try_at).where(*_FREE).order_by(row.try_at).limit(1)
RESCUE = (
    update(outbox)
    .where(_some(_LEASED, or_(row.lease_until <= _NOW, row.lease_until > bindparam("far", type_=BigInteger))))
    .values(state=State.OWED, lease_until=None)
    .returning(row.id)
)


class Database(Protocol):
    """What the outbox is kept in."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection in a transaction that commits at the end; on SQLite a BEGIN IMMEDIATE."""
        ...

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection to read with."""
        ...


class Outbox:
    """The rows, as whoever plans them and whoever sends them needs them (for admins: `scheduler.deliveries`).

    `added` is called when there are new rows, to wake the pump of this process.
    """

    def __init__(self, database: Database, added: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self._added = added

    async def add(self, rows: Iterable[Owed], now: datetime, *, within: AsyncConnection | None = None) -> None:
        """Owe these, in their order; in the caller's transaction if `within` is given.

        A key that is there already changes nothing, unless it says something else by now and was not sent yet:
        then that holds. One that was withdrawn is owed again, and so is one that expired or died and was moved.
        """
        added = [values(each, ticks(now)) for each in rows]
        if added:
            async with self._writing(within) as connection:
                await take_turns(connection)
                await connection.execute(upsert(connection.dialect.name, ticks(now)), added)
                await ring(connection)
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
        within: AsyncConnection | None = None,
    ) -> int:
        """Owe these no more, but for those to `keep`: how many. What is void by now is left, to expire visibly."""
        given = {"series": series, "occurrence": occurrence, "kind": kind, "place": place}
        unsent = (or_(_OWED, _LEASED, row.state == state(State.DEAD)), row.valid_until > ticks(now))
        which = [row[name] == value for name, value in given.items() if value is not None]
        query = select(row.id, row.series, row.occurrence, row.kind, row.place).where(*which, *unsent)
        change = update(outbox).values(state=State.WITHDRAWN, settled=ticks(now))
        count = 0
        async with self._writing(within) as connection:
            await take_turns(connection)
            gone = [each.id for each in await connection.execute(query) if tuple(each[1:]) not in keep]
            for start in range(0, len(gone), _CHUNK):
                some = change.where(row.id.in_(gone[start : start + _CHUNK]), *unsent)
                count += (await connection.execute(some)).rowcount
        return count

    async def claim(self, now: datetime, lease: timedelta, limit: int = 1) -> list[Entry]:
        """Take what is due, the longest due first, for the time of a lease; what is void by now expires instead.

        A place that somebody is posting to is left alone, so that what it is owed goes out one by one, in order.
        Whoever claims several rows at once keeps to the order of those; on PostgreSQL, two that claim in the same
        instant may both get one of a place.
        """
        async with self._database.write() as connection:
            await connection.execute(EXPIRE, {"now": ticks(now)})
            given = {"now": ticks(now), "ends": ticks(now + lease), "many": limit}
            taken = [entry(each) for each in await connection.execute(CLAIM, given)]
        return sorted(taken, key=lambda each: (each.try_at, each.id))

    async def settle(self, mine: Entry, remote: str, now: datetime) -> bool:
        """It was sent. True unless somebody claimed it since: they will find the post, and settle.

        Whatever else became of the row meanwhile (rescued, withdrawn, dropped): that it was sent is so.
        """
        done = update(outbox).where(row.id == mine.id, row.token == mine.token)
        return await self._one(done.values(state=State.DONE, remote=remote, error=None, settled=ticks(now)))

    async def retry(self, mine: Entry, at: datetime, reason: str, *, counted: bool = True) -> bool:
        """It failed: it is owed again at that time, or expires if that is too late."""
        return await self._one(_owed_again(mine, at, reason, counted=counted))

    async def pause(self, mine: Entry, at: datetime, reason: str) -> bool:
        """The place asks to wait: that was no attempt, and everything owed to the place waits until then."""
        others = _some(_OWED, row.place == mine.owed.place, row.try_at < ticks(at))
        async with self._database.write() as connection:
            still = await connection.execute(_owed_again(mine, at, reason, counted=False))
            await connection.execute(update(outbox).where(others).values(try_at=_before_void(at)))
        return bool(still.rowcount)

    async def release(self, mine: Entry) -> bool:
        """It was not tried after all: whoever looks next may have it."""
        return await self._one(_mine(mine).values(state=State.OWED, attempts=row.attempts - 1, lease_until=None))

    async def bury(self, mine: Entry, reason: str, now: datetime) -> bool:
        """It cannot be sent: a dead letter, for an admin to look at."""
        return await self._one(_mine(mine).values(state=State.DEAD, error=reason, settled=ticks(now)))

    async def omit(self, mine: Entry, reason: str, now: datetime) -> bool:
        """There was nothing to say: it is never sent."""
        return await self._one(_mine(mine).values(state=State.DROPPED, error=reason, settled=ticks(now)))

    async def stop(self, mine: Entry, reason: str, now: datetime) -> bool:
        """The place refuses us: it gets nothing more until an admin resumes it. True if that is news."""
        async with self._database.write() as connection:
            await connection.execute(_owed_again(mine, now, reason, counted=False))
            stop = stopping(connection.dialect.name, mine.owed.place, reason, ticks(now))
            return bool((await connection.execute(stop)).rowcount)

    async def rescue(self, now: datetime, lease: timedelta) -> int:
        """Take back what somebody claimed and did not finish in time: how many rows.

        A lease that ends far in the future is one from before the clock was put back. Far, because `now` may be
        minutes old: this process may have frozen since it looked at the clock.
        """
        given = {"now": ticks(now), "far": ticks(now + FAR * lease)}
        async with self._database.write() as connection:
            # Python's sqlite3 counts no rows of a statement that begins with WITH.
            return len((await connection.execute(RESCUE, given)).all())

    async def next_due(self, now: datetime) -> datetime | None:
        """When there is something to claim next, which may be past; None if nothing is owed."""
        async with self._database.read() as connection:
            found = (await connection.execute(NEXT, {"now": ticks(now)})).scalar_one_or_none()
        return None if found is None else moment(found)

    async def _one(self, change: Update) -> bool:
        async with self._database.write() as connection:
            return bool((await connection.execute(change)).rowcount)

    @asynccontextmanager
    async def _writing(self, within: AsyncConnection | None) -> AsyncGenerator[AsyncConnection]:
        if within is not None:
            yield within
        else:
            async with self._database.write() as connection:
                yield connection


def _mine(entry: Entry) -> Update:
    """The row, for as long as it is in the hands of whoever claimed that entry."""
    return update(outbox).where(row.id == entry.id, row.token == entry.token, _LEASED)


def _owed_again(mine: Entry, at: datetime, reason: str, *, counted: bool) -> Update:
    # A session that was moved while its row was out is due when the move says.
    try_at: Any = case((row.due > ticks(at), row.due), else_=_before_void(at))
    attempts = row.attempts if counted else row.attempts - 1
    return _mine(mine).values(state=State.OWED, try_at=try_at, attempts=attempts, error=reason, lease_until=None)


def _before_void(at: datetime) -> ColumnElement[int]:
    """That time, or when the row is void: it then expires at once and not later."""
    return case((row.valid_until < ticks(at), row.valid_until), else_=ticks(at))

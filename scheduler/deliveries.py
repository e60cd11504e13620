"""What an admin sees of the outbox, and does about it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import and_, case, delete, func, or_, select, update

from scheduler.outbox import Database
from scheduler.owed import SETTLED, Entry, State, Stop
from scheduler.tables import entry, moment, outbox, stops, ticks
from scheduler.writing import ring

row = outbox.c


class Deliveries:
    """The rows, as they stand. `added` is called when some are owed again, to wake the pump of this process."""

    def __init__(self, database: Database, added: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self._added = added

    async def list(self, *states: State, series: str | None = None, limit: int = 50) -> list[Entry]:
        """The rows in these states: what is to come in the order of time, what is settled the newest first."""
        which = [row.state.in_(states)] + ([row.series == series] if series is not None else [])
        order = (row.settled.desc(), row.id.desc()) if set(states) <= set(SETTLED) else (row.try_at, row.id)
        async with self._database.read() as connection:
            found = await connection.execute(select(outbox).where(*which).order_by(*order).limit(limit))
            return [entry(each) for each in found]

    async def get(self, number: int) -> Entry | None:
        """The row of that number."""
        async with self._database.read() as connection:
            found = (await connection.execute(select(outbox).where(row.id == number))).one_or_none()
        return entry(found) if found else None

    async def counts(self) -> Mapping[State, int]:
        """How many rows are in each state."""
        async with self._database.read() as connection:
            found = await connection.execute(select(row.state, func.count()).group_by(row.state))
            return dict.fromkeys(State, 0) | {State(name): count for name, count in found}

    async def again(self, number: int, now: datetime) -> bool:
        """Send after all what is dead or was dropped, or now what waits after a failure. False if it is neither.

        Dropped before its time, it waits for that.
        """
        waiting = or_(row.state.in_([State.DEAD, State.DROPPED]), and_(row.state == State.OWED, row.token > 0))
        try_at = case((row.due > ticks(now), row.due), else_=ticks(now))
        change = {"state": State.OWED, "try_at": try_at, "attempts": 0, "settled": None}
        async with self._database.write() as connection:
            changed = await connection.execute(update(outbox).where(row.id == number, waiting).values(change))
            await ring(connection)
        self._added()
        return bool(changed.rowcount)

    async def drop(self, number: int, now: datetime) -> bool:
        """Do not send it, even if it is planned again, but for `again`. False if it was settled already."""
        unsent = row.state.in_([State.OWED, State.LEASED, State.DEAD])
        async with self._database.write() as connection:
            dropped = update(outbox).where(row.id == number, unsent)
            changed = await connection.execute(dropped.values(state=State.DROPPED, settled=ticks(now)))
        return bool(changed.rowcount)

    async def stopped(self) -> "list[Stop]":
        """The places that refused us, the longest stopped first."""
        async with self._database.read() as connection:
            found = await connection.execute(select(stops).order_by(stops.c.since, stops.c.place))
            return [Stop(place=each.place, reason=each.reason, since=moment(each.since)) for each in found]

    async def resume(self, place: str) -> bool:
        """Deliver to that place again. False if it was not stopped."""
        async with self._database.write() as connection:
            resumed = await connection.execute(delete(stops).where(stops.c.place == place))
            await ring(connection)
        self._added()
        return bool(resumed.rowcount)

    async def prune(self, before: datetime) -> int:
        """Forget what was settled, and void, before then: how many rows.

        What was sent but is not void is kept: should its key be planned again, it must be known.
        """
        old = (row.state.in_(SETTLED), row.settled < ticks(before), row.valid_until < ticks(before))
        async with self._database.write() as connection:
            return (await connection.execute(delete(outbox).where(*old))).rowcount

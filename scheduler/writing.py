"""The statements that SQLite and PostgreSQL say differently, or that only one of them needs."""

from typing import Any

from sqlalchemy import Table, and_, case, func, null, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduler.owed import Owed, State
from scheduler.tables import outbox, state, stops, ticks

CHANNEL = "outbox"
"""What PostgreSQL's NOTIFY rings."""

_TURN = 0x0D06_B0C5  # any number will do, as long as nobody else locks the same
Insert = sqlite.Insert | postgresql.Insert


async def take_turns(connection: AsyncConnection) -> None:
    """Wait for whoever else changes many rows: two that lock the same ones in another order would deadlock."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_TURN)))


async def ring(connection: AsyncConnection) -> None:
    """Wake whoever listens, when this transaction has been committed; on SQLite nobody can."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_notify(CHANNEL, "")))


def _insert(dialect: str, table: Table) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def values(owed: Owed, now: int) -> dict[str, Any]:
    """A new row."""
    return {
        "series": owed.series,
        "occurrence": owed.occurrence,
        "kind": owed.kind,
        "place": owed.place,
        "due": ticks(owed.due),
        "valid_until": ticks(owed.until),
        "payload": owed.payload,
        "state": State.OWED,
        "try_at": ticks(owed.due),
        "attempts": 0,
        "token": 0,
        "created": now,
    }


def upsert(dialect: str, now: int) -> Insert:
    """Insert a row, or let the one of the same key say what this one says, unless it was sent or dropped."""
    statement = _insert(dialect, outbox)
    row, new = outbox.c, statement.excluded
    moved = row.due != new.due
    changed = or_(moved, row.valid_until != new.valid_until, row.payload != new.payload)
    revived = or_(
        row.state == state(State.WITHDRAWN),
        and_(row.state == state(State.EXPIRED), new.valid_until > now),
        and_(row.state == state(State.DEAD), moved),
    )
    waiting = row.state == state(State.OWED)
    unsent = row.state.in_([state(each) for each in (State.OWED, State.LEASED, State.DEAD)])
    return statement.on_conflict_do_update(
        index_elements=[row.series, row.occurrence, row.kind, row.place],
        set_={
            "due": new.due,
            "valid_until": new.valid_until,
            "payload": new.payload,
            "state": case((revived, state(State.OWED)), else_=row.state),
            "try_at": case((or_(revived, moved), new.due), else_=row.try_at),
            "attempts": case((or_(revived, and_(moved, waiting)), 0), else_=row.attempts),
            "error": case((revived, null()), else_=row.error),
            "settled": case((revived, null()), else_=row.settled),
        },
        where=or_(revived, and_(unsent, changed)),
    )


def stopping(dialect: str, place: str, reason: str, since: int) -> Insert:
    """Insert a stop, unless the place is stopped already."""
    return _insert(dialect, stops).values(place=place, reason=reason, since=since).on_conflict_do_nothing()

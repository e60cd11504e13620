"""The outbox's tables, the same on SQLite and PostgreSQL.

Instants are whole microseconds since 1970 in UTC, so that both databases compare them alike. States stand in the
statements as literals: SQLite takes a partial index only where it can see that its condition holds.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from scheduler.owed import Entry, Owed, State

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)

metadata = MetaData()


def state(value: State) -> ColumnElement[str]:
    """A state as a literal of SQL."""
    return literal_column(f"'{value}'", Text)


outbox = Table(
    "outbox",
    metadata,
    # SQLite numbers rows by itself only in a column of exactly this type.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("series", Text, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("try_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("token", Integer, nullable=False),
    Column("lease_until", BigInteger),
    Column("remote", Text),
    Column("error", Text),
    Column("created", BigInteger, nullable=False),
    Column("settled", BigInteger),
    UniqueConstraint("series", "occurrence", "kind", "place", name="outbox_key"),
)

_owed = outbox.c.state == state(State.OWED)
_leased = outbox.c.state == state(State.LEASED)
Index("outbox_due", outbox.c.state, outbox.c.try_at, outbox.c.id, sqlite_where=_owed, postgresql_where=_owed)
Index("outbox_leased", outbox.c.state, outbox.c.lease_until, sqlite_where=_leased, postgresql_where=_leased)

stops = Table(
    "outbox_stops",
    metadata,
    Column("place", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
)


def ticks(moment: datetime) -> int:
    """An instant as the tables keep it; an hour without a zone is refused."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no zone: which instant is that?")
    return (moment - EPOCH) // TICK


def moment(number: int) -> datetime:
    """The instant that `ticks` wrote."""
    return EPOCH + number * TICK


def entry(row: Row[Any]) -> Entry:
    """A row of `outbox` as a value."""
    return Entry(
        id=row.id,
        owed=Owed(
            series=row.series,
            occurrence=row.occurrence,
            kind=row.kind,
            place=row.place,
            due=moment(row.due),
            until=moment(row.valid_until),
            payload=row.payload,
        ),
        state=State(row.state),
        try_at=moment(row.try_at),
        attempts=row.attempts,
        token=row.token,
        lease_until=None if row.lease_until is None else moment(row.lease_until),
        remote=row.remote,
        error=row.error,
        created=moment(row.created),
        settled=None if row.settled is None else moment(row.settled),
    )

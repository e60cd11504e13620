"""Who may do what only one process may: it holds the lease, and renews it until it ends.

A process that dies keeps its lease until that runs out; then the next one takes over.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Table, Text, delete, or_, select
from sqlalchemy.exc import OperationalError

from bot.database import Database, insert, metadata
from bot.errors import Retryable

LENGTH = timedelta(seconds=60)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Text, nullable=False),
)


class Lease:
    """One lease, as one process sees it. `holder` is a word that no other process has."""

    def __init__(self, database: Database, name: str, holder: str) -> None:
        self._database, self._name, self._holder = database, name, holder

    async def take(self, now: datetime) -> datetime | None:
        """Take or renew it for LENGTH: None when it is ours, else until when somebody else has it."""
        until, since = (each.astimezone(UTC).isoformat() for each in (now + LENGTH, now))
        try:
            async with self._database.write() as connection:
                row = insert(connection, leases).values(name=self._name, holder=self._holder, until=until)
                free = or_(leases.c.holder == self._holder, leases.c.until <= since)
                fields = {"holder": self._holder, "until": until}
                await connection.execute(
                    row.on_conflict_do_update(index_elements=["name"], set_=fields, where=free)
                )
                found = (await connection.execute(select(leases).where(leases.c.name == self._name))).one()
        except OperationalError as problem:
            raise Retryable("the database cannot be written at the moment") from problem
        return None if found.holder == self._holder else datetime.fromisoformat(found.until)

    async def give_back(self) -> None:
        """Let the next one begin at once; nothing, where it is not ours."""
        mine = (leases.c.name == self._name, leases.c.holder == self._holder)
        try:
            async with self._database.write() as connection:
                await connection.execute(delete(leases).where(*mine))
        except OperationalError as problem:
            raise Retryable("the database cannot be written at the moment") from problem

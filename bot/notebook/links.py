"""Lists of web addresses, one running list for each session: each page once, in order, with who brought it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, Row, Table, Text, UniqueConstraint, or_, select, update

from bot.addresses import Address
from bot.database import Database, metadata
from bot.notebook.pages import SOMEBODY, insert, keys, on, word
from bot.notes import Link
from bot.values import Person, Place

links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("platform", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("same", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("platform", "place", "session", "same"),
    sqlite_autoincrement=True,
)


class Links:
    """One table of links."""

    def __init__(self, database: Database, table: Table = links) -> None:
        self._database, self._table = database, table

    async def add(
        self, place: Place, session: str, person: Person, address: Address, note: str, at: datetime
    ) -> tuple[Link, bool]:
        """Keep a link; False where the page is in the list already, under whoever brought it first.

        A note then fills an empty one, or takes the place of the person's own.
        """
        table = self._table
        said = {"address": address.text, "note": note, "person": word(person), "name": person.name}
        values = keys(place, session) | said | {"same": address.same, "at": at.isoformat()}
        same = (*on(table, place, session), table.c.same == address.same)
        async with self._database.write() as connection:
            added = insert(table).values(values).on_conflict_do_nothing().returning(table)
            row = (await connection.execute(added)).one_or_none()
            new = row is not None
            if not new and note:
                may = or_(table.c.note == "", table.c.person == word(person))
                await connection.execute(update(table).where(*same, may).values(note=note))
            row = row or (await connection.execute(select(table).where(*same))).one()
        return _link(row), new

    async def of(self, place: Place, session: str) -> Sequence[Link]:
        """The list of one session, in the order of bringing."""
        query = select(self._table).where(*on(self._table, place, session)).order_by(self._table.c.id)
        async with self._database.read() as connection:
            return [_link(row) for row in await connection.execute(query)]

    async def by(self, person: Person) -> Sequence[str]:
        """Everything that one person brought, as text."""
        mine = select(self._table).where(self._table.c.person == word(person)).order_by(self._table.c.id)
        async with self._database.read() as connection:
            return [f"{row.address} {row.note}".strip() for row in await connection.execute(mine)]

    async def forget(self, person: Person) -> int:
        """The group keeps the addresses, without the notes and without the name; returns how many."""
        gone = {"person": "", "name": SOMEBODY, "note": ""}
        change = update(self._table).where(self._table.c.person == word(person)).values(gone)
        async with self._database.write() as connection:
            return (await connection.execute(change)).rowcount


def _link(row: Row[Any]) -> Link:
    return Link(address=row.address, note=row.note, author=row.name)

"""Who has done which item of a session's homework. The group sees counts, a person sees their own ticks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Integer, Table, Text, delete, func, select

from bot.database import Database, metadata
from bot.notebook.pages import insert, keys, on, word
from bot.values import Person, Place

homework = Table(
    "homework",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("session", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, primary_key=True),
    Column("at", Text, nullable=False),
)


class Homework:
    """The ticks of every session; what the items are is the programme's to say."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tick(self, place: Place, session: str, person: Person, number: int, at: datetime) -> bool:
        """Note an item as done by somebody; False where it was."""
        row = keys(place, session) | {"number": number, "person": word(person), "at": at.isoformat()}
        added = insert(homework).values(row).on_conflict_do_nothing().returning(homework.c.number)
        async with self._database.write() as connection:
            return await connection.scalar(added) is not None

    async def untick(self, place: Place, session: str, person: Person, number: int) -> bool:
        """Take a tick back; False where there was none."""
        mine = (*on(homework, place, session), homework.c.number == number, _of(person))
        async with self._database.write() as connection:
            return (await connection.execute(delete(homework).where(*mine))).rowcount > 0

    async def counts(self, place: Place, session: str) -> Mapping[int, int]:
        """How many people have done each item."""
        query = select(homework.c.number, func.count().label("people")).where(*on(homework, place, session))
        async with self._database.read() as connection:
            return {row.number: row.people for row in await connection.execute(query.group_by(homework.c.number))}

    async def finished(self, place: Place, session: str, items: int) -> int:
        """How many people have done all of `items`."""
        which = (*on(homework, place, session), homework.c.number <= items)
        done = select(homework.c.person).where(*which).group_by(homework.c.person).having(func.count() == items)
        async with self._database.read() as connection:
            return len((await connection.scalars(done)).all()) if items else 0

    async def mine(self, place: Place, session: str, person: Person) -> Sequence[int]:
        """The items that one person has done."""
        query = select(homework.c.number).where(*on(homework, place, session), _of(person))
        async with self._database.read() as connection:
            return list((await connection.scalars(query.order_by(homework.c.number))).all())

    async def by(self, person: Person) -> Sequence[str]:
        """Everything that one person ticked, as text."""
        query = select(homework).where(_of(person)).order_by(homework.c.session, homework.c.number)
        async with self._database.read() as connection:
            return [f"{row.session}: item {row.number}" for row in await connection.execute(query)]

    async def forget(self, person: Person) -> int:
        """Erase a person's ticks; returns how many."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(homework).where(_of(person)))).rowcount


def _of(person: Person) -> ColumnElement[bool]:
    return homework.c.person == word(person)

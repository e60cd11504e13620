"""What each member was last asked to guess, and how often they were right: theirs alone to see and to erase."""

from datetime import datetime
from zlib import crc32

from sqlalchemy import Column, ColumnElement, Integer, Row, Table, Text, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, insert, metadata
from bot.values import Guessed, Person

guesses = Table(
    "guesses",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("question", Integer, nullable=False),
    Column("waits", Integer, nullable=False),
    Column("given", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("at", Text, nullable=False),
)

QUESTIONS = 1_000_000


class Guesses:
    """Fulfils `bot.context.Guesses`: a row for each member."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, person: Person, at: datetime) -> int:
        """The number of their next question, which waits for their guess from now on."""
        async with self._database.write() as connection:
            row = await _row(connection, person)
            # Their own order, without a list of what was asked: each number leads to the next.
            before = row.question if row else 0
            question = crc32(f"{person.platform}/{person.id}/{before}".encode()) % QUESTIONS
            values = {"question": question, "waits": 1, "at": at.isoformat()}
            new = insert(connection, guesses).values(
                platform=person.platform, person=person.id, given=0, right=0, **values
            )
            await connection.execute(new.on_conflict_do_update(index_elements=["platform", "person"], set_=values))
        return question

    async def waiting(self, person: Person) -> int | None:
        """The question that waits for their guess; None where there is none."""
        async with self._database.read() as connection:
            row = await _row(connection, person)
        return row.question if row and row.waits else None

    async def guess(self, person: Person, question: int, *, right: bool, at: datetime) -> Guessed:
        """Count a guess, if that question waits for it: the first one counts. How they are doing since."""
        mine = (*_of(person), guesses.c.question == question, guesses.c.waits != 0)
        counted = {
            "waits": 0,
            "given": guesses.c.given + 1,
            "right": guesses.c.right + int(right),
            "at": at.isoformat(),
        }
        async with self._database.write() as connection:
            await connection.execute(update(guesses).where(*mine).values(counted))
            row = await _row(connection, person)
        return Guessed(given=row.given, right=row.right) if row else Guessed(given=0, right=0)

    async def of(self, person: Person) -> Guessed:
        """How often they guessed, and were right."""
        async with self._database.read() as connection:
            row = await _row(connection, person)
        return Guessed(given=row.given, right=row.right) if row else Guessed(given=0, right=0)

    async def forget(self, person: Person) -> int:
        """Erase all of it; how many guesses were counted."""
        async with self._database.write() as connection:
            row = await _row(connection, person)
            await connection.execute(delete(guesses).where(*_of(person)))
        return row.given if row else 0


async def _row(
    connection: AsyncConnection, person: Person
) -> Row[tuple[str, str, int, int, int, int, str]] | None:
    return (await connection.execute(select(guesses).where(*_of(person)))).one_or_none()


def _of(person: Person) -> tuple[ColumnElement[bool], ...]:
    return guesses.c.platform == person.platform, guesses.c.person == person.id

"""The vote on when to catch up: everybody says each slot that suits them, and closing picks one, once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Column, ColumnElement, Table, Text, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, metadata
from bot.notebook.pages import insert, keys, on, word
from bot.notes import Poll
from bot.values import Person, Place

catchups = Table(
    "catchups",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("session", Text, primary_key=True),
    Column("winner", Text),
    Column("at", Text, nullable=False),
)

votes = Table(
    "catchup_votes",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("session", Text, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("at", Text, nullable=False),
)


class Catchup:
    """The vote of every session; slots are named by their start, so that a changed list mixes nothing up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def vote(
        self, place: Place, session: str, person: Person, slot: datetime, at: datetime
    ) -> Literal["new", "again", "closed"]:
        """Note that a slot suits somebody, once."""
        values = keys(place, session) | {"slot": _text(slot), "person": word(person), "at": at.isoformat()}
        row = insert(votes).values(values).on_conflict_do_nothing().returning(votes.c.slot)
        async with self._database.write() as connection:
            if await _closed(connection, place, session):
                return "closed"
            return "again" if await connection.scalar(row) is None else "new"

    async def unvote(
        self, place: Place, session: str, person: Person, slot: datetime
    ) -> Literal["gone", "none", "closed"]:
        """Take a vote back."""
        mine = (*on(votes, place, session), votes.c.slot == _text(slot), _of(person))
        async with self._database.write() as connection:
            if await _closed(connection, place, session):
                return "closed"
            return "gone" if (await connection.execute(delete(votes).where(*mine))).rowcount else "none"

    async def close(
        self, place: Place, session: str, slots: Sequence[datetime], at: datetime
    ) -> tuple[datetime | None, bool]:
        """Close the vote: most votes win, the earliest on a tie. False where it was closed: that winner stays."""
        row = insert(catchups).values(keys(place, session) | {"winner": None, "at": at.isoformat()})
        async with self._database.write() as connection:
            new = await connection.scalar(row.on_conflict_do_nothing().returning(catchups.c.session)) is not None
            if new:
                counts = await _counts(connection, place, session)
                winner = max(slots, key=lambda slot: (counts.get(slot, 0), -slot.timestamp()), default=None)
                if winner is not None and counts.get(winner):
                    won = update(catchups).where(*on(catchups, place, session)).values(winner=_text(winner))
                    await connection.execute(won)
            chosen = await connection.scalar(select(catchups.c.winner).where(*on(catchups, place, session)))
        return chosen and datetime.fromisoformat(chosen), new

    async def of(self, place: Place, session: str) -> Poll:
        """How the vote stands."""
        query = select(catchups.c.winner).where(*on(catchups, place, session))
        async with self._database.read() as connection:
            rows = (await connection.scalars(query)).all()
            counts = await _counts(connection, place, session)
        winner = datetime.fromisoformat(rows[0]) if rows and rows[0] else None
        return Poll(votes=counts, closed=bool(rows), winner=winner)

    async def by(self, person: Person) -> Sequence[str]:
        """Every slot that one person voted for, as text."""
        mine = select(votes.c.slot).where(_of(person)).order_by(votes.c.slot)
        async with self._database.read() as connection:
            return list((await connection.scalars(mine)).all())

    async def forget(self, person: Person) -> int:
        """Erase a person's votes; what won stays. Returns how many."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(votes).where(_of(person)))).rowcount


def _of(person: Person) -> ColumnElement[bool]:
    return votes.c.person == word(person)


def _text(slot: datetime) -> str:
    return slot.astimezone(UTC).isoformat()


async def _closed(connection: AsyncConnection, place: Place, session: str) -> bool:
    return await connection.scalar(select(catchups.c.at).where(*on(catchups, place, session))) is not None


async def _counts(connection: AsyncConnection, place: Place, session: str) -> Mapping[datetime, int]:
    query = select(votes.c.slot, func.count().label("people")).where(*on(votes, place, session))
    rows = await connection.execute(query.group_by(votes.c.slot))
    return {datetime.fromisoformat(row.slot): row.people for row in rows}

"""What the members leave behind: their ratings, each their own to see, take and erase."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Float, Select, Table, Text, delete, select

from bot.database import Database, insert, metadata
from bot.values import Person

ratings = Table(
    "ratings",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("title", Text, primary_key=True),
    Column("stars", Float, nullable=False),
    Column("at", Text, nullable=False),
)


class MemberRatings:
    """The ratings of every member, by person and title."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rate(self, person: Person, title: str, stars: float, at: datetime) -> float | None:
        """Keep a rating (0.5 to 5 stars); returns what it was before, if the film was rated."""
        values = {"stars": stars, "at": at.isoformat()}
        async with self._database.write() as connection:
            before = await connection.scalar(_one(person, title))
            row = insert(connection, ratings).values(
                platform=person.platform, person=person.id, title=title, **values
            )
            await connection.execute(
                row.on_conflict_do_update(index_elements=["platform", "person", "title"], set_=values)
            )
        return before

    async def unrate(self, person: Person, title: str) -> float | None:
        """Take one rating back; returns what it was, None where there was none."""
        async with self._database.write() as connection:
            before = await connection.scalar(_one(person, title))
            await connection.execute(delete(ratings).where(*_of(person), ratings.c.title == title))
        return before

    async def forget(self, person: Person) -> int:
        """Erase every rating of one member; returns how many there were."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(ratings).where(*_of(person)))).rowcount

    async def of(self, person: Person) -> Mapping[str, float]:
        """One member's ratings, title → stars, oldest first."""
        mine = select(ratings.c.title, ratings.c.stars).where(*_of(person))
        async with self._database.read() as connection:
            rows = await connection.execute(mine.order_by(ratings.c.at, ratings.c.title))
            return {row.title: row.stars for row in rows}

    async def of_everybody(self, least: int) -> Sequence[Mapping[str, float]]:
        """Of everybody with so many ratings: title → stars, without a name."""
        everything = select(ratings.c.platform, ratings.c.person, ratings.c.title, ratings.c.stars)
        people: dict[tuple[str, str], dict[str, float]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(everything.order_by(*ratings.primary_key)):
                people.setdefault((row.platform, row.person), {})[row.title] = row.stars
        return [each for each in people.values() if len(each) >= least]


def _of(person: Person) -> tuple[ColumnElement[bool], ...]:
    return ratings.c.platform == person.platform, ratings.c.person == person.id


def _one(person: Person, title: str) -> Select[float]:
    return select(ratings.c.stars).where(*_of(person), ratings.c.title == title)

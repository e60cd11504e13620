"""Turning the page: what is left on other pages, or on that of a session not held, goes to the page of now."""

from collections.abc import Callable, Sequence
from typing import Literal

from sqlalchemy import Table, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database
from bot.notebook.blogs import blogs
from bot.notebook.catchup import catchups, votes
from bot.notebook.homework import homework
from bot.notebook.links import links
from bot.notebook.pages import on
from bot.notebook.questions import WAITING, Questions, questions
from bot.values import Place

Taken = Literal["all", "waiting", "nothing"]
"""What of a page is taken along; waiting are the questions without an answer."""

_ROWS: tuple[tuple[Table, Sequence[str]], ...] = (
    (links, ["same"]),
    (blogs, ["same"]),
    (homework, ["number", "person"]),
    (votes, ["slot", "person"]),
    (catchups, []),
)
"""What there is beside questions, with the columns that tell the rows of a page apart."""


async def turn(database: Database, to: str, taken: Callable[[str], Taken]) -> None:
    """Take along to the page `to`, in every place, what `taken` says of each other page. Twice is harmless."""
    asked = Questions(database)
    for place, page in await _pages(database, questions):
        which = taken(page) if page != to else "nothing"
        if which != "nothing":
            await asked.carry(place, page, place, to, WAITING if which == "waiting" else ())
    for table, apart in _ROWS:
        for place, page in await _pages(database, table):
            if page != to and taken(page) == "all":
                async with database.write() as connection:
                    await _take(connection, table, apart, place, page, to)


async def _pages(database: Database, table: Table) -> list[tuple[Place, str]]:
    query = select(table.c.platform, table.c.place, table.c.session).distinct()
    async with database.read() as connection:
        found = (await connection.execute(query)).all()
    return [(Place(platform=row.platform, id=row.place), row.session) for row in found]


async def _take(
    connection: AsyncConnection, table: Table, apart: Sequence[str], place: Place, page: str, to: str
) -> None:
    """Move the rows of a page; what is there already, stays as it is there."""
    there = table.alias()
    twin = exists().where(*on(there, place, to), *(there.c[name] == table.c[name] for name in apart))
    await connection.execute(delete(table).where(*on(table, place, page), twin))
    await connection.execute(update(table).where(*on(table, place, page)).values(session=to))

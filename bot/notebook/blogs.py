"""The members' blog posts: those they name themselves, and those found in what anybody posts.

Whoever names a post as theirs makes its home (see `bot.addresses.Address`) their own. A link to that home in
anybody's post is then theirs as well, so that nobody is missed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, Row, Table, Text, UniqueConstraint, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.addresses import Address
from bot.database import Database, metadata
from bot.notebook.links import Links
from bot.notebook.pages import insert, keys, word
from bot.notes import Link
from bot.values import Person, Place

blogs = Table(
    "blogs",
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

homes = Table(
    "homes",
    metadata,
    Column("home", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
)


class Blogs:
    """The blog posts of every session, and whose home is where."""

    def __init__(self, database: Database) -> None:
        self._database, self._posts = database, Links(database, blogs)

    async def add(
        self, place: Place, session: str, person: Person, address: Address, note: str, at: datetime
    ) -> tuple[Link, bool]:
        """Keep a post that its author names; its home is theirs from now on. False where it was there already."""
        post, new = await self._posts.add(place, session, person, address, note, at)
        if address.home and (new or post.author == person.name):
            row = {"home": address.home, "person": word(person), "name": person.name, "at": at.isoformat()}
            async with self._database.write() as connection:
                await connection.execute(insert(homes).values(row).on_conflict_do_nothing())
        return post, new

    async def found(
        self, place: Place, session: str, person: Person, addresses: Iterable[Address], at: datetime
    ) -> Sequence[Link]:
        """Keep those of a post's addresses that lead to a member's home; returns the new ones.

        Where several call one home theirs, the post is its writer's if they are one of them, else the first's.
        """
        added: list[Link] = []
        by_home = {address: address.home for address in addresses if address.home}
        if not by_home:
            return added
        query = select(homes).where(homes.c.home.in_(set(by_home.values()))).order_by(homes.c.at, homes.c.person)
        async with self._database.read() as connection:
            owners = (await connection.execute(query)).all()
        if not owners:
            return added
        async with self._database.write() as connection:
            for address, home in by_home.items():
                owner = _owner([row for row in owners if row.home == home], person)
                if owner is not None:
                    values = keys(place, session) | {"person": owner.person, "name": owner.name}
                    added += await _add(connection, address, values | {"at": at.isoformat()})
        return added

    async def of(self, place: Place, session: str) -> Sequence[Link]:
        """The posts of one session, in the order of their coming."""
        return await self._posts.of(place, session)

    async def by(self, person: Person) -> Sequence[str]:
        """One person's posts, as text."""
        return await self._posts.by(person)

    async def forget(self, person: Person) -> int:
        """Erase a person's posts, and that a home is theirs; returns how many posts there were."""
        async with self._database.write() as connection:
            await connection.execute(delete(homes).where(homes.c.person == word(person)))
            return (await connection.execute(delete(blogs).where(blogs.c.person == word(person)))).rowcount


def _owner(owners: Sequence[Row[Any]], person: Person) -> Row[Any] | None:
    own = [row for row in owners if row.person == word(person)]
    return next(iter([*own, *owners]), None)


async def _add(connection: AsyncConnection, address: Address, values: dict[str, str]) -> list[Link]:
    row = values | {"address": address.text, "same": address.same, "note": ""}
    query = insert(blogs).values(row).on_conflict_do_nothing().returning(blogs)
    return [
        Link(address=each.address, note=each.note, author=each.name) for each in await connection.execute(query)
    ]

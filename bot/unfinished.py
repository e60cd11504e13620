"""Answers that say how far they are: written down before the first word, until the post is settled.

After a crash most of their questions are handed over again, and are finished; a slash command is not.
"""

from sqlalchemy import Column, Table, Text, delete, select

from bot.database import Database, insert, metadata
from bot.values import Place, PostRef

unfinished = Table(
    "unfinished",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("post", Text, primary_key=True),
    Column("key", Text, nullable=False),
)


class Unfinished:
    """The posts whose answer has begun, each with the key that the answer is written under."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, post: PostRef, key: str) -> None:
        """Its answer begins. Doing it twice is harmless."""
        async with self._database.write() as connection:
            row = insert(connection, unfinished).values(
                platform=post.place.platform, place=post.place.id, post=post.id, key=key
            )
            await connection.execute(row.on_conflict_do_nothing())

    async def done(self, post: PostRef) -> None:
        """Its answer is there, or never will be."""
        mine = (
            unfinished.c.platform == post.place.platform,
            unfinished.c.place == post.place.id,
            unfinished.c.post == post.id,
        )
        async with self._database.write() as connection:
            await connection.execute(delete(unfinished).where(*mine))

    async def on(self, platform: str) -> list[tuple[PostRef, str]]:
        """Those of one platform, with their keys."""
        query = select(unfinished).where(unfinished.c.platform == platform).order_by(unfinished.c.post)
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return [
                (PostRef(place=Place(platform=row.platform, id=row.place), id=row.post), row.key) for row in rows
            ]

"""Which posts were answered already, so that none is answered twice, not even after a restart."""

from datetime import datetime

from sqlalchemy import Column, Table, Text, select

from bot.database import Database, insert, metadata
from bot.values import PostRef

inbox = Table(
    "inbox",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("post", Text, primary_key=True),
    Column("reply", Text),
    Column("at", Text, nullable=False),
)


class Inbox:
    """The posts that are done with: answered, or found to need no answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def done(self, post: PostRef) -> bool:
        """Whether the post needs nothing more."""
        key = (
            inbox.c.platform == post.place.platform,
            inbox.c.place == post.place.id,
            inbox.c.post == post.id,
        )
        async with self._database.read() as connection:
            return (await connection.scalar(select(inbox.c.at).where(*key))) is not None

    async def settle(self, post: PostRef, reply: PostRef | None, at: datetime) -> None:
        """Remember that the post is done with, and by which reply. Doing it twice is harmless."""
        async with self._database.write() as connection:
            row = insert(connection, inbox).values(
                platform=post.place.platform,
                place=post.place.id,
                post=post.id,
                reply=reply and reply.id,
                at=at.isoformat(),
            )
            await connection.execute(row.on_conflict_do_nothing())

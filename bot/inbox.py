"""Which posts were answered already, so that none is answered twice, not even after a restart."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Table, Text, func, select

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


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A post that is done with, and the id of the reply to it; None where it needed none."""

    reply: str | None


class Inbox:
    """The posts that are done with: answered, or found to need no answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def done(self, post: PostRef) -> bool:
        """Whether the post needs nothing more."""
        return await self.settled(post) is not None

    async def settled(self, post: PostRef) -> Settled | None:
        """What became of the post; None while it waits for an answer."""
        key = (
            inbox.c.platform == post.place.platform,
            inbox.c.place == post.place.id,
            inbox.c.post == post.id,
        )
        async with self._database.read() as connection:
            row = (await connection.execute(select(inbox.c.reply).where(*key))).one_or_none()
        return Settled(reply=row.reply) if row else None

    async def settle(self, post: PostRef, reply: PostRef | None, at: datetime) -> None:
        """Remember that the post is done with, and by which reply, which it keeps. Doing it twice is harmless."""
        async with self._database.write() as connection:
            row = insert(connection, inbox).values(
                platform=post.place.platform,
                place=post.place.id,
                post=post.id,
                reply=reply and reply.id,
                at=at.isoformat(),
            )
            keep = {"reply": func.coalesce(row.excluded.reply, inbox.c.reply)}
            key = [inbox.c.platform, inbox.c.place, inbox.c.post]
            await connection.execute(row.on_conflict_do_update(index_elements=key, set_=keep))

"""What a platform with a network in between has heard and said: nothing is lost between two starts, or said twice.

Heard: each post that may need an answer, from when it was read until the handler returned for it, and how far was
read. Written: each post of the bot by its key, from before it was first sent; a body is kept until it has arrived.
"""

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Row, Table, Text, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.correspondence import Heard, Written
from bot.database import Database, insert, metadata
from bot.errors import Retryable

heard = Table(
    "heard",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("post", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("line", Text, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("waits", Integer, nullable=False),
    Column("at", Text, nullable=False),
)
cursors = Table(
    "cursors",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
written = Table(
    "written",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("thread", Text),
    Column("post", Text),
    Column("at", Text, nullable=False),
)


class Ledger:
    """The books of one platform; fulfils `bot.correspondence.Ledger`."""

    def __init__(self, database: Database, platform: str) -> None:
        self._database, self._platform = database, platform

    async def cursor(self, name: str) -> int | None:
        """How far was read; None before the first time."""
        query = select(cursors.c.value).where(cursors.c.platform == self._platform, cursors.c.name == name)
        async with self._read() as connection:
            return await connection.scalar(query)

    async def cursors(self, begin: str, most: int) -> list[str]:
        """The names that begin so, of those that were read furthest."""
        mine = (cursors.c.platform == self._platform, cursors.c.name.startswith(begin, autoescape=True))
        query = select(cursors.c.name).where(*mine).order_by(cursors.c.value.desc()).limit(most)
        async with self._read() as connection:
            return list(await connection.scalars(query))

    async def hear(self, posts: Sequence[Heard], *, name: str = "", cursor: int | None = None) -> list[Heard]:
        """Write down what was read, and how far, both or neither; those that are new, or whose command changed."""
        async with self._write() as connection:
            news = [new for each in posts if (new := await self._hear(connection, each))]
            if cursor is not None:
                row = insert(connection, cursors).values(platform=self._platform, name=name, value=cursor)
                key = [cursors.c.platform, cursors.c.name]
                await connection.execute(row.on_conflict_do_update(index_elements=key, set_={"value": cursor}))
        return news

    async def waiting(self) -> list[Heard]:
        """What the handler has not returned for, the oldest first."""
        query = select(heard).where(heard.c.platform == self._platform, heard.c.waits != 0).order_by(heard.c.at)
        async with self._read() as connection:
            return [_heard(row) for row in await connection.execute(query)]

    async def done(self, post: Heard) -> None:
        """The handler returned for it. One that changed meanwhile waits on, as revised."""
        mine = (heard.c.platform == self._platform, heard.c.post == post.post)
        async with self._write() as connection:
            same = update(heard).where(*mine, heard.c.version <= post.version).values(waits=0)
            if not (await connection.execute(same)).rowcount:
                await connection.execute(update(heard).where(*mine, heard.c.waits != 0).values(revised=1))

    async def intend(self, place: str, key: str, bodies: Sequence[str], at: datetime) -> list[Written]:
        """Write down what is about to be said; where that was done before, it is what was said then."""
        async with self._write() as connection:
            found = await self._written(connection, place, key)
            if found:
                return found
            rows = [
                {"platform": self._platform, "place": place, "key": key, "part": part, "body": body}
                for part, body in enumerate(bodies)
            ]
            await connection.execute(insert(connection, written), [row | {"at": at.isoformat()} for row in rows])
        return [Written(part=part, body=body, fresh=True) for part, body in enumerate(bodies)]

    async def wrote(self, place: str, key: str, part: int, thread: str, post: str) -> None:
        """It has arrived."""
        mine = (*self._under(place, key), written.c.part == part)
        async with self._write() as connection:
            await connection.execute(update(written).where(*mine).values(body="", thread=thread, post=post))

    async def said(self, place: str, key: str) -> list[Written]:
        """What was said under a key, part by part."""
        async with self._read() as connection:
            return await self._written(connection, place, key)

    async def key(self, post: str) -> str | None:
        """The key of a post of ours; None for anybody else's, or where it is not known."""
        query = select(written.c.key).where(written.c.platform == self._platform, written.c.post == post)
        async with self._read() as connection:
            return await connection.scalar(query.limit(1))

    async def under(self, post: str) -> list[tuple[str, str, int]]:
        """Place, key and part of all that was written down under a post's id."""
        mine = (written.c.platform == self._platform, written.c.post == post)
        async with self._read() as connection:
            rows = await connection.execute(select(written).where(*mine))
            return [(row.place, row.key, row.part) for row in rows]

    async def gone(self, post: str) -> None:
        """A post of ours is no longer there: its key is free."""
        mine = select(written.c.place, written.c.key).where(
            written.c.platform == self._platform, written.c.post == post
        )
        async with self._write() as connection:
            for row in (await connection.execute(mine)).all():
                await connection.execute(delete(written).where(*self._under(row.place, row.key)))

    async def forget(self, place: str, key: str) -> None:
        """What was to be said there was refused: nothing of it is kept."""
        async with self._write() as connection:
            await connection.execute(delete(written).where(*self._under(place, key)))

    async def prune(self, before: datetime) -> int:
        """Forget the posts that were written before then and are done with: how many."""
        old = (heard.c.platform == self._platform, heard.c.waits == 0, heard.c.at < before.isoformat())
        async with self._write() as connection:
            return (await connection.execute(delete(heard).where(*old))).rowcount

    @asynccontextmanager
    async def _write(self) -> AsyncGenerator[AsyncConnection]:
        with _retryable():
            async with self._database.write() as connection:
                yield connection

    @asynccontextmanager
    async def _read(self) -> AsyncGenerator[AsyncConnection]:
        with _retryable():
            async with self._database.read() as connection:
                yield connection

    async def _hear(self, connection: AsyncConnection, post: Heard) -> Heard | None:
        mine = (heard.c.platform == self._platform, heard.c.post == post.post)
        row = (await connection.execute(select(heard).where(*mine))).one_or_none()
        line = sha256(post.line.encode()).hexdigest()
        if row is None:
            values = {"platform": self._platform, "post": post.post, "version": post.version, "line": line}
            values |= {"revised": 0, "waits": 1, "at": post.at.isoformat()}
            await connection.execute(insert(connection, heard).values(values))
            return post
        if row.version >= post.version:
            return None
        if row.line == line:
            await connection.execute(update(heard).where(*mine).values(version=post.version))
            return None
        revised = bool(row.revised) or not row.waits
        values = {"version": post.version, "line": line, "revised": int(revised), "waits": 1}
        await connection.execute(update(heard).where(*mine).values(values))
        return replace(post, revised=revised)

    async def _written(self, connection: AsyncConnection, place: str, key: str) -> list[Written]:
        rows = await connection.execute(select(written).where(*self._under(place, key)).order_by(written.c.part))
        return [Written(part=row.part, body=row.body, thread=row.thread, post=row.post) for row in rows]

    def _under(self, place: str, key: str) -> tuple[ColumnElement[bool], ...]:
        return written.c.platform == self._platform, written.c.place == place, written.c.key == key


@contextmanager
def _retryable() -> Generator[None]:
    """A database that is locked or away for a while: whoever listens goes on listening."""
    try:
        yield
    except OperationalError as problem:
        raise Retryable("the books cannot be read or written at the moment") from problem


def _heard(row: Row[Any]) -> Heard:
    return Heard(
        post=row.post,
        version=row.version,
        line=row.line,
        at=datetime.fromisoformat(row.at),
        revised=bool(row.revised),
    )

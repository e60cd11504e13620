"""The posts of the local thread: what a person wrote, and what the bot answered.

A reply is kept as it is (`Reply.to_json`) and rendered when it is read, so an old thread gets a new look for free.
Numbers are given in the order of writing, for there is one writer: who has seen post 7 has seen all before it.
"""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Row,
    Select,
    Table,
    Text,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, metadata
from bot.errors import Refused, Retryable
from bot.values import Reply

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reply", Text),
    Column("answers", Integer, ForeignKey("posts.id")),
    Column("key", Text, unique=True),
    Column("at", Text, nullable=False),
    Column("edited", Text),
    Column("title", Text),
    Column("pinned", Integer, nullable=False, server_default="0"),
    Column("pictured", Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)
pictures = Table(
    "post_pictures",
    metadata,
    Column("post", Integer, ForeignKey("posts.id"), primary_key=True),
    Column("png", LargeBinary, nullable=False),
)

BOT = "bot"
PAGE = 100  # posts that a page loads at once
UNFINISHED = '%"unfinished": true%'
"""What `Reply.to_json` writes of an unfinished reply, and of no other: in a text, quotes have backslashes."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """One post. `reply` is what the bot said, None where a person wrote; `answers` is the post it answers.

    `title` is empty but where a week begins. `pictured`: a person put a picture on it.
    """

    id: int
    author: str
    text: str
    reply: Reply | None
    answers: int | None
    at: datetime
    edited: datetime | None
    title: str
    pinned: bool
    pictured: bool = False


class Posts:
    """The thread. Every method raises `Retryable` while the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def say(
        self, author: str, text: str, at: datetime, *, key: str, picture: bytes = b""
    ) -> tuple[Post, bool]:
        """Keep what a person wrote, and the picture on it (a PNG).

        The same key again returns the first post, and False: it is not new.
        """
        return await self._add(
            key=f"said/{key}",
            author=author,
            text=text,
            at=at.isoformat(),
            pictured=int(bool(picture)),
            picture=picture,
        )

    async def picture(self, number: int) -> bytes:
        """The picture on a person's post; empty where there is none."""
        with _translated():
            async with self._database.read() as connection:
                return await connection.scalar(select(pictures.c.png).where(pictures.c.post == number)) or b""

    async def reply(
        self, reply: Reply, at: datetime, *, key: str, answers: int | None = None, title: str = ""
    ) -> Post:
        """Keep what the bot says; the same key again returns the first post. Refused if `answers` is no post."""
        values: dict[str, Any] = {"author": BOT, "text": reply.text, "reply": reply.to_json(), "answers": answers}
        post, _new = await self._add(key=f"bot/{key}", at=at.isoformat(), title=title or None, **values)
        return post

    async def edit(self, number: int, reply: Reply, at: datetime) -> Post:
        """Put `reply` in the place of an earlier one; Refused if the bot wrote no such post."""
        return await self._change(number, text=reply.text, reply=reply.to_json(), edited=at.isoformat())

    async def pin(self, number: int, *, pinned: bool) -> Post:
        """Pin a post, or unpin it; Refused if the bot wrote no such post."""
        return await self._change(number, pinned=int(pinned))

    async def pinned(self) -> list[Post]:
        """The posts that are pinned, newest first."""
        return await self._read(select(posts).where(posts.c.pinned != 0).order_by(posts.c.id.desc()))

    async def get(self, number: int) -> Post | None:
        """The post of that number."""
        return next(iter(await self._read(select(posts).where(posts.c.id == number))), None)

    async def under(self, key: str) -> Post | None:
        """What the bot said under that key."""
        return next(iter(await self._read(select(posts).where(posts.c.key == f"bot/{key}"))), None)

    async def after(self, number: int, limit: int = PAGE) -> list[Post]:
        """The posts that follow, oldest first."""
        return await self._read(select(posts).where(posts.c.id > number).order_by(posts.c.id).limit(limit))

    async def latest(self, before: int | None = None, limit: int = PAGE) -> list[Post]:
        """The newest posts, of those before a number if one is given; oldest first."""
        newest = select(posts).order_by(posts.c.id.desc()).limit(limit)
        found = await self._read(newest if before is None else newest.where(posts.c.id < before))
        return found[::-1]

    async def unanswered(self, since: datetime) -> list[Post]:
        """What people wrote since then and nothing of the bot's answers, or not to its end; oldest first."""
        answer = posts.alias()
        answered = exists().where(
            answer.c.answers == posts.c.id, answer.c.id > posts.c.id, answer.c.reply.not_like(UNFINISHED)
        )
        wanting = select(posts).where(posts.c.at >= since.isoformat(), posts.c.reply.is_(None), ~answered)
        return await self._read(wanting.order_by(posts.c.id))

    async def _add(self, *, picture: bytes = b"", **values: Any) -> tuple[Post, bool]:
        same = select(posts).where(posts.c.key == values["key"])
        async with self._write() as connection:
            found = (await connection.execute(same)).one_or_none()
            row = found or (await connection.execute(insert(posts).values(values).returning(posts))).one()
            if picture and not found:
                await connection.execute(insert(pictures).values(post=row.id, png=picture))
        return _post(row), found is None

    async def _change(self, number: int, **values: Any) -> Post:
        change = update(posts).where(posts.c.id == number, posts.c.reply.is_not(None)).values(values)
        async with self._write() as connection:
            row = (await connection.execute(change.returning(posts))).one_or_none()
        if row is None:
            raise Refused(f"post {number} of the local thread is not the bot's")
        return _post(row)

    async def _read(self, query: Select[Any]) -> list[Post]:
        with _translated():
            async with self._database.read() as connection:
                return [_post(row) for row in await connection.execute(query)]

    @asynccontextmanager
    async def _write(self) -> AsyncGenerator[AsyncConnection]:
        with _translated():
            async with self._database.write() as connection:
                yield connection


@contextmanager
def _translated() -> Generator[None]:
    """The database's errors in the words of a platform."""
    try:
        yield
    except IntegrityError as problem:
        raise Refused(f"the local thread cannot keep that ({problem.orig})") from problem
    except (DBAPIError, PoolTimeoutError) as problem:
        raise Retryable(f"the database cannot be used ({problem})") from problem


def _post(row: Row[Any]) -> Post:
    return Post(
        id=row.id,
        author=row.author,
        text=row.text,
        reply=Reply.from_json(row.reply) if row.reply is not None else None,
        answers=row.answers,
        at=datetime.fromisoformat(row.at),
        edited=datetime.fromisoformat(row.edited) if row.edited is not None else None,
        title=row.title or "",
        pinned=bool(row.pinned),
        pictured=bool(row.pictured),
    )

"""What the group was asked: each question written down before it is said, so that a second try says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, insert, metadata

PAUSED = "paused"
BY_HAND = "by hand"
"""Stands for the series of what a host has asked."""
Message = tuple[str, str, str]
"""The series, the occurrence and the kind of what was posted."""

prompts = Table(
    "quiz_prompts",
    metadata,
    Column("series", Text, primary_key=True),
    Column("occurrence", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("item", Integer, ForeignKey("quiz_items.number"), nullable=False),
    Column("chapter", Integer, nullable=False),
    Column("at", Text, nullable=False),
)

switches = Table(
    "quiz_switches",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Text, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A question that was put to the group."""

    item: int
    chapter: int
    at: datetime


class Prompts:
    """All of them, and whether more shall follow."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, message: Message) -> int | None:
        """The question that a message of the programme asks; None where none was chosen yet."""
        series, occurrence, kind = message
        mine = (prompts.c.series == series, prompts.c.occurrence == occurrence, prompts.c.kind == kind)
        async with self._database.read() as connection:
            return await connection.scalar(select(prompts.c.item).where(*mine))

    async def put(self, message: Message, prompt: Prompt) -> None:
        """Write down what a message asks; what was written down for it stays."""
        series, occurrence, kind = message
        values = {"item": prompt.item, "chapter": prompt.chapter, "at": prompt.at.isoformat()}
        async with self._database.write() as connection:
            row = insert(connection, prompts).values(series=series, occurrence=occurrence, kind=kind, **values)
            await connection.execute(row.on_conflict_do_nothing())

    async def all(self) -> Sequence[Prompt]:
        """All that the group was asked, the oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(prompts).order_by(prompts.c.at, prompts.c.kind))
            return [Prompt(item=row.item, chapter=row.chapter, at=datetime.fromisoformat(row.at)) for row in rows]

    async def pause(self, *, paused: bool, now: datetime) -> bool:
        """Ask nothing for a while, or again; False where it was so."""
        async with self._database.write() as connection:
            if paused:
                row = insert(connection, switches).values(name=PAUSED, at=now.isoformat())
                added = row.on_conflict_do_nothing().returning(switches.c.name)
                return await connection.scalar(added) is not None
            return await _removed(connection)

    async def paused(self) -> bool:
        """Whether the group is asked nothing for a while."""
        async with self._database.read() as connection:
            return await connection.scalar(select(switches.c.name).where(switches.c.name == PAUSED)) is not None


async def _removed(connection: AsyncConnection) -> bool:
    return (await connection.execute(delete(switches).where(switches.c.name == PAUSED))).rowcount > 0

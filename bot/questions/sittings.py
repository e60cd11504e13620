"""The quiz that a member is at: what is still to be asked, so that it goes on anywhere, also after a restart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Row, Table, Text, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, insert, metadata
from bot.questionnaire import Mode

sittings = Table(
    "quiz_sittings",
    metadata,
    Column("member", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("done", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("at", Text, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What is still to be asked, by number, the current question first; `shown`: its answer was."""

    mode: Mode
    items: tuple[int, ...]
    shown: bool
    done: int
    missed: int

    def at(self, item: int) -> bool:
        """Whether that question is the current one."""
        return self.items[:1] == (item,)


class Sittings:
    """One for each member at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, member: str) -> Queue | None:
        """The quiz that a member is at."""
        async with self._database.read() as connection:
            row = (await connection.execute(_one(member))).one_or_none()
        return None if row is None else _queue(row)

    async def latest(self, member: str) -> datetime | None:
        """When a member began the quiz, or last went on in it."""
        async with self._database.read() as connection:
            found = await connection.scalar(select(sittings.c.at).where(sittings.c.member == member))
        return datetime.fromisoformat(found) if found else None

    async def begin(self, member: str, mode: Mode, queue: Sequence[int], now: datetime) -> None:
        """Begin one, in the place of another."""
        values = {"mode": mode, "queue": json.dumps(list(queue)), "shown": False, "done": 0, "missed": 0}
        values["at"] = now.isoformat()
        async with self._database.write() as connection:
            row = insert(connection, sittings).values(member=member, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["member"], set_=values))

    async def show(self, member: str, item: int) -> None:
        """Note that the answer of the current question was shown, if it is that one."""
        await self._change(member, item, shown=None)

    async def graded(self, member: str, item: int, *, missed: bool, now: datetime) -> bool:
        """Go on; what was missed comes back at the end. False unless it was the current one, and shown."""
        return await self._change(member, item, shown=True, back=missed, done=not missed, missed=missed, now=now)

    async def drop(self, member: str, item: int, now: datetime | None = None) -> bool:
        """Go on without a question, at the member's word if there is a `now`; nothing is counted."""
        return await self._change(member, item, shown=False, now=now)

    async def stop(self, member: str) -> bool:
        """Break it off; False where there was none."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(sittings).where(sittings.c.member == member))).rowcount > 0

    async def merge(self, connection: AsyncConnection, member: str, into: str) -> None:
        """Give one account's quiz to another, unless that is at one."""
        if (await connection.execute(_one(into))).one_or_none() is None:
            await connection.execute(update(sittings).where(sittings.c.member == member).values(member=into))
        await connection.execute(delete(sittings).where(sittings.c.member == member))

    async def _change(
        self,
        member: str,
        item: int,
        *,
        shown: bool | None,
        back: bool = False,
        done: bool = False,
        missed: bool = False,
        now: datetime | None = None,
    ) -> bool:
        """Go on from a question, where it is the current one; `shown` None only notes that it was shown."""
        async with self._database.write() as connection:
            row = (await connection.execute(_one(member).with_for_update())).one_or_none()
            queue = None if row is None else _queue(row)
            if queue is None or not queue.at(item) or (shown and not queue.shown):
                return False
            values: dict[str, Any] = {"shown": True}
            if shown is not None:
                left = [*queue.items[1:], *([item] if back else [])]
                values = {"queue": json.dumps(left), "shown": False}
                values |= {"done": queue.done + done, "missed": queue.missed + missed}
                values |= {"at": now.isoformat()} if now else {}
            await connection.execute(update(sittings).where(sittings.c.member == member).values(values))
        return True


def _one(member: str) -> Any:
    return select(sittings).where(sittings.c.member == member)


def _queue(row: Row[Any]) -> Queue:
    return Queue(
        mode=row.mode, items=tuple(json.loads(row.queue)), shown=row.shown, done=row.done, missed=row.missed
    )

"""What each member remembers of each question, and when it is worth asking again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, and_, case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, insert, metadata
from bot.questionnaire import Grade
from bot.questions.items import ASKED, items
from bot.questions.spacing import Spaced, recalled, review

cards = Table(
    "quiz_cards",
    metadata,
    Column("member", Text, primary_key=True),
    Column("item", Integer, ForeignKey("quiz_items.number"), primary_key=True),
    Column("memory", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("misses", Integer, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One question in one member's memory."""

    item: int
    due: datetime
    recalled: float


class Cards:
    """The memories of all members."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def review(self, member: str, item: int, grade: Grade, now: datetime, since: datetime) -> Spaced | None:
        """Count a grade; None where one was counted `since` the day began, which then stands."""
        mine = (cards.c.member == member, cards.c.item == item)
        empty = {"memory": "", "due": now.isoformat(), "at": "", "reviews": 0, "misses": 0}
        async with self._database.write() as connection:
            row = insert(connection, cards).values(member=member, item=item, **empty)
            await connection.execute(row.on_conflict_do_nothing())
            card = (await connection.execute(select(cards).where(*mine).with_for_update())).one()
            if card.at and datetime.fromisoformat(card.at) >= since:
                return None
            spaced = review(card.memory, grade, now)
            values = {"memory": spaced.memory, "due": spaced.due.isoformat(), "at": now.isoformat()}
            values |= {"reviews": card.reviews + 1, "misses": card.misses + (grade == "again")}
            await connection.execute(update(cards).where(*mine).values(values))
        return spaced

    async def of(self, member: str, now: datetime) -> Mapping[int, Card]:
        """What a member was asked, by the question's number."""
        query = select(cards).where(cards.c.member == member, cards.c.reviews > 0)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {
            row.item: Card(item=row.item, due=datetime.fromisoformat(row.due), recalled=recalled(row.memory, now))
            for row in rows
        }

    async def asked(self, member: str) -> Sequence[int]:
        """What a member was asked, by number."""
        query = select(cards.c.item).where(cards.c.member == member, cards.c.reviews > 0)
        async with self._database.read() as connection:
            return list((await connection.scalars(query)).all())

    async def due(self, member: str, before: datetime) -> Sequence[int]:
        """What is due before a moment and may be asked, the longest due first."""
        mine = (cards.c.member == member, cards.c.reviews > 0, cards.c.due < before.isoformat())
        asked = (items.c.state == ASKED, items.c.kind == "recall")  # a host may have made it a task since
        query = select(cards.c.item).join(items).where(*mine, *asked)
        async with self._database.read() as connection:
            return list((await connection.scalars(query.order_by(cards.c.due, cards.c.item))).all())

    async def latest(self, member: str) -> datetime | None:
        """When a member last graded anything."""
        query = select(func.max(cards.c.at)).where(cards.c.member == member)
        async with self._database.read() as connection:
            found = await connection.scalar(query)
        return datetime.fromisoformat(found) if found else None

    async def recall(self, now: datetime) -> Mapping[int, float]:
        """The mean, over the members who were asked, of how probably each question is recalled."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(cards).where(cards.c.reviews > 0))).all()
        found: dict[int, list[float]] = {}
        for row in rows:
            found.setdefault(row.item, []).append(recalled(row.memory, now))
        return {item: sum(values) / len(values) for item, values in found.items()}

    async def counted(self) -> Mapping[int, tuple[int, int]]:
        """For each question how many people graded it, and how many of them ever missed it."""
        missed = func.sum(case((cards.c.misses > 0, 1), else_=0)).label("missed")
        query = select(cards.c.item, func.count().label("people"), missed)
        async with self._database.read() as connection:
            rows = await connection.execute(query.where(cards.c.reviews > 0).group_by(cards.c.item))
            return {row.item: (row.people, int(row.missed)) for row in rows}

    async def people(self) -> Mapping[int, int]:
        """How many people graded anything in each chapter."""
        query = select(items.c.chapter, func.count(cards.c.member.distinct()).label("people")).join(cards)
        async with self._database.read() as connection:
            rows = await connection.execute(query.where(cards.c.reviews > 0).group_by(items.c.chapter))
            return {row.chapter: row.people for row in rows}

    async def by(self, member: str) -> Sequence[str]:
        """All of a member's memories, as text."""
        query = select(items.c.text, cards.c.reviews, cards.c.misses, cards.c.due).join(items)
        mine = query.where(cards.c.member == member, cards.c.reviews > 0).order_by(cards.c.item)
        async with self._database.read() as connection:
            return [
                f"{row.text}: asked {row.reviews}, missed {row.misses}, due {row.due[:10]}"
                for row in await connection.execute(mine)
            ]

    async def merge(self, connection: AsyncConnection, member: str, into: str) -> None:
        """Give one account's memories to another; of two of one question the more practised stays."""
        mine = {row.item: row for row in await connection.execute(select(cards).where(cards.c.member == into))}
        for row in (await connection.execute(select(cards).where(cards.c.member == member))).all():
            theirs = and_(cards.c.member == member, cards.c.item == row.item)
            kept = mine.get(row.item)
            if kept is not None and kept.reviews >= row.reviews:
                await connection.execute(delete(cards).where(theirs))
                continue
            if kept is not None:
                await connection.execute(delete(cards).where(cards.c.member == into, cards.c.item == row.item))
            await connection.execute(update(cards).where(theirs).values(member=into))

    async def forget(self, member: str) -> int:
        """Erase a member's memories; how many."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(cards).where(cards.c.member == member))).rowcount

"""What members answered: theirs alone until they share it; what the group finds good is the group's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    Row,
    Select,
    Table,
    Text,
    UniqueConstraint,
    delete,
    false,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, insert, metadata
from bot.questionnaire import ENOUGH_VOTES, Answer
from bot.questions.items import items

SOMEBODY = "somebody"
"""Who wrote what the group keeps, after that person asked to be forgotten."""

answers = Table(
    "quiz_answers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("item", Integer, ForeignKey("quiz_items.number"), nullable=False),
    Column("member", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("chosen", Boolean, nullable=False),
    Column("at", Text, nullable=False),
    Column("shown", Text, nullable=False, server_default=""),
    Column("crammed", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("item", "member"),
    sqlite_autoincrement=True,
)

goods = Table(
    "quiz_goods",
    metadata,
    Column("answer", Integer, ForeignKey("quiz_answers.number"), primary_key=True),
    Column("member", Text, primary_key=True),
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """When somebody was last shown the answers to a question, and whether in a cram."""

    at: datetime
    crammed: bool


class Answers:
    """One for each member and question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, member: str, name: str, item: int, text: str, now: datetime, *, crammed: bool = False
    ) -> None:
        """Keep an answer in the place of an earlier one, with its votes and mark; an empty one replaces none.

        Either way the answers are shown from now on; `crammed`: in a cram.
        """
        values = {"name": name, "text": text, "chosen": False, "at": now.isoformat()}
        before = select(answers.c.number).where(
            answers.c.item == item, answers.c.member == member, answers.c.text != text
        )
        async with self._database.write() as connection:
            if text:
                await connection.execute(delete(goods).where(goods.c.answer.in_(before)))
            row = insert(connection, answers).values(item=item, member=member, shared=False, **values)
            keys = ["item", "member"]
            same = answers.c.text != text
            kept = (
                row.on_conflict_do_update(index_elements=keys, set_=values, where=same)
                if text
                else row.on_conflict_do_nothing(index_elements=keys)
            )
            await connection.execute(kept)
            mine = (answers.c.item == item, answers.c.member == member)
            await connection.execute(update(answers).where(*mine).values(shown=now.isoformat(), crammed=crammed))

    async def shown(self, member: str, item: int) -> Shown | None:
        """When a member was last shown the answers to a question; None where they never were."""
        query = select(answers.c.shown, answers.c.crammed)
        async with self._database.read() as connection:
            mine = query.where(answers.c.item == item, answers.c.member == member)
            row = (await connection.execute(mine)).one_or_none()
        return Shown(at=datetime.fromisoformat(row.shown), crammed=row.crammed) if row and row.shown else None

    async def latest(self, member: str) -> datetime | None:
        """When a member last answered, ticked or gave up on anything."""
        query = select(func.max(answers.c.shown)).where(answers.c.member == member)
        async with self._database.read() as connection:
            found = await connection.scalar(query)
        return datetime.fromisoformat(found) if found else None

    async def of(self, member: str, item: int) -> Sequence[Answer]:
        """A member's own and what others share of a question, the group's own first."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_full(member).where(answers.c.item == item))).all()
        seen = [_answer(row, member) for row in rows if row.member == member or (row.shared and row.text)]
        return sorted(seen, key=lambda each: (not each.chosen, -each.votes, each.number))

    async def by(self, member: str) -> Mapping[int, Answer]:
        """All of a member's, by question."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_full().where(answers.c.member == member))).all()
        return {row.item: _answer(row, member) for row in rows}

    async def groups(self) -> Mapping[int, str]:
        """The group's answer to each question that has one."""
        query = _full().where(answers.c.shared.is_(True), answers.c.text != "")
        async with self._database.read() as connection:
            rows = [_answer(row, "") for row in await connection.execute(query)]
        best = sorted((each for each in rows if each.good), key=lambda each: (each.chosen, each.votes))
        return {each.item: each.text for each in best}

    async def withdraw(self, member: str, item: int) -> bool:
        """Erase a member's answer to a question, with its votes; False where there is none."""
        mine = (answers.c.item == item, answers.c.member == member, answers.c.text != "")
        async with self._database.write() as connection:
            theirs = select(answers.c.number).where(*mine)
            await connection.execute(delete(goods).where(goods.c.answer.in_(theirs)))
            return (await connection.execute(delete(answers).where(*mine))).rowcount > 0

    async def share(self, member: str, item: int, *, shared: bool) -> bool:
        """Show it to others, or no longer; the group's no more either. False where there is none."""
        mine = (answers.c.item == item, answers.c.member == member, answers.c.text != "")
        values = {"shared": True} if shared else {"shared": False, "chosen": False}
        async with self._database.write() as connection:
            return (await connection.execute(update(answers).where(*mine).values(values))).rowcount > 0

    async def good(self, member: str, number: int) -> Answer | None:
        """Count one who answered that question, too, and finds it good; None: nobody shares one of that number."""
        async with self._database.write() as connection:
            row = (await connection.execute(_shared(number))).one_or_none()
            if row is None:
                return None
            own = select(answers.c.number).where(answers.c.item == row.item, answers.c.member == member)
            answered = await connection.scalar(own.where(answers.c.text != "")) is not None
            if answered and row.member != member:
                vote = insert(connection, goods).values(answer=number, member=member)
                await connection.execute(vote.on_conflict_do_nothing())
            return _answer((await connection.execute(_shared(number, member))).one(), member)

    async def accept(self, number: int, *, chosen: bool) -> Answer | None:
        """Mark it as the group's, in the place of another, or no longer."""
        async with self._database.write() as connection:
            row = (await connection.execute(_shared(number))).one_or_none()
            if row is None:
                return None
            await connection.execute(update(answers).where(answers.c.item == row.item).values(chosen=False))
            await connection.execute(update(answers).where(answers.c.number == number).values(chosen=chosen))
            return _answer((await connection.execute(_shared(number))).one(), "")

    async def texts(self, member: str) -> Sequence[str]:
        """All of a member's answers, as text."""
        query = select(items.c.text.label("question"), answers.c.text).join(items).order_by(answers.c.number)
        async with self._database.read() as connection:
            rows = await connection.execute(query.where(answers.c.member == member))
            return [f"{row.question}: {row.text or 'not known'}" for row in rows]

    async def found_good(self, member: str) -> int:
        """For how many answers a member has voted."""
        query = select(func.count()).select_from(goods).where(goods.c.member == member)
        async with self._database.read() as connection:
            return await connection.scalar(query) or 0

    async def merge(self, connection: AsyncConnection, member: str, into: str) -> None:
        """Give one account's answers and votes to another; of two to one question the other's own stays."""
        both = select(answers.c.item).where(answers.c.member == into)
        twins = select(answers.c.number).where(answers.c.member == member, answers.c.item.in_(both))
        await connection.execute(delete(goods).where(goods.c.answer.in_(twins)))
        await connection.execute(delete(answers).where(answers.c.number.in_(twins)))
        await connection.execute(update(answers).where(answers.c.member == member).values(member=into))
        voted = select(goods.c.answer, literal(into)).where(goods.c.member == member)
        copied = insert(connection, goods).from_select(["answer", "member"], voted)
        # SQLite needs the WHERE to tell ON CONFLICT from a join's ON.
        await connection.execute(copied.on_conflict_do_nothing())
        await connection.execute(delete(goods).where(goods.c.member == member))
        own = select(answers.c.number).where(answers.c.member == into)
        await connection.execute(delete(goods).where(goods.c.member == into, goods.c.answer.in_(own)))

    async def forget(self, member: str) -> int:
        """Erase a member's answers and votes; the group's answers stay, as somebody's. How many rows."""
        votes = select(func.count()).where(goods.c.answer == answers.c.number, goods.c.member != member)
        stays = answers.c.shared.is_(True) & (
            answers.c.chosen.is_(True) | (votes.scalar_subquery() >= ENOUGH_VOTES)
        )
        mine = answers.c.member == member
        async with self._database.write() as connection:
            kept = list((await connection.scalars(select(answers.c.number).where(mine, stays))).all())
            gone = select(answers.c.number).where(mine, answers.c.number.not_in(kept))
            votes_gone = goods.c.answer.in_(gone) | (goods.c.member == member)
            count = (await connection.execute(delete(goods).where(votes_gone))).rowcount
            count += (await connection.execute(delete(answers).where(answers.c.number.in_(gone)))).rowcount
            for number in kept:
                nameless = {"member": f"~{number}", "name": SOMEBODY}
                await connection.execute(update(answers).where(answers.c.number == number).values(nameless))
        return count + len(kept)


def _full(member: str = "") -> Select[Any]:
    """Answers with their votes, and whether a member's is among those."""
    votes = select(func.count()).where(goods.c.answer == answers.c.number)
    voted = votes.where(goods.c.member == member).scalar_subquery()
    return select(answers, votes.scalar_subquery().label("votes"), voted.label("voted"))


def _shared(number: int, member: str = "") -> Select[Any]:
    return _full(member).where(answers.c.number == number, answers.c.shared.is_(True), answers.c.text != "")


def _answer(row: Row[Any], member: str) -> Answer:
    return Answer(
        number=row.number,
        item=row.item,
        author=row.name,
        text=row.text,
        votes=row.votes,
        shared=row.shared,
        chosen=row.chosen,
        mine=row.member == member,
        voted=bool(row.voted),
    )

"""The group's questions: numbered within a session, each asked once, with how many people want the answer.

A question is open, answered, skipped or done. What is open or skipped at the end is carried over.
"""

import re
import unicodedata
from collections.abc import Sequence
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
    func,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, metadata
from bot.notebook.pages import SOMEBODY, insert, keys, on, word
from bot.notes import Question, State
from bot.values import Person, Place, clean

WAITING: tuple[State, ...] = ("open", "skipped")
"""The states in which a question still waits for its answer."""

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("platform", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("same", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("changed", Text, nullable=False),
    UniqueConstraint("platform", "place", "session", "number"),
    UniqueConstraint("platform", "place", "session", "same"),
    sqlite_autoincrement=True,
)

# Numbers are given once; whoever writes to this row first makes other processes wait until it is done.
numbers = Table(
    "question_numbers",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("session", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

votes = Table(
    "question_votes",
    metadata,
    Column("question", Integer, ForeignKey("questions.id"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("asked", Boolean, nullable=False),
)


class Questions:
    """The questions of every session."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(
        self, place: Place, session: str, person: Person, text: str, at: datetime
    ) -> tuple[Question, bool]:
        """Keep a question under the next number; False where it had been asked: then one asker more is counted."""
        same = normal(text)
        row = {"same": same, "text": text, "person": word(person), "name": person.name, "state": "open"}
        row |= {"answered_by": "", "answer": "", "at": at.isoformat(), "changed": at.isoformat()}
        async with self._database.write() as connection:
            last = await _last(connection, place, session)
            known = await connection.scalar(_twin(place, session, same))
            key = known
            if key is None:
                await _number(connection, place, session, last + 1)
                values = keys(place, session) | row | {"number": last + 1}
                key = (await connection.scalars(insert(questions).values(values).returning(questions.c.id))).one()
            asked = insert(votes).values(question=key, person=word(person), asked=True)
            asked = asked.on_conflict_do_update(index_elements=["question", "person"], set_={"asked": True})
            await connection.execute(asked)
            return await _one(connection, key), known is None

    async def vote(self, place: Place, session: str, person: Person, number: int) -> tuple[Question, bool] | None:
        """Count one who wants the answer, once; False where they were counted. None: there is no such number."""
        async with self._database.write() as connection:
            key = await connection.scalar(_key(place, session, number))
            if key is None:
                return None
            row = insert(votes).values(question=key, person=word(person), asked=False)
            new = await connection.scalar(row.on_conflict_do_nothing().returning(votes.c.question))
            return await _one(connection, key), new is not None

    async def settle(
        self,
        place: Place,
        session: str,
        number: int,
        state: State,
        at: datetime,
        *,
        by: str = "",
        answer: str = "",
    ) -> Question | None:
        """Put a question into a state, with who answered it and where. None: there is no such number."""
        values = {"state": state, "answered_by": by, "answer": answer, "changed": at.isoformat()}
        async with self._database.write() as connection:
            key = await connection.scalar(_key(place, session, number))
            if key is None:
                return None
            await connection.execute(update(questions).where(questions.c.id == key).values(values))
            return await _one(connection, key)

    async def of(self, place: Place, session: str, states: Sequence[State] = ()) -> Sequence[Question]:
        """The questions of one session by number: all, or those in the states given."""
        query = _full().where(*on(questions, place, session)).order_by(questions.c.number)
        if states:
            query = query.where(questions.c.state.in_(states))
        async with self._database.read() as connection:
            return [_question(row) for row in await connection.execute(query)]

    async def carry(
        self,
        place: Place,
        session: str,
        to_place: Place,
        to_session: str,
        states: Sequence[State] = WAITING,
    ) -> int:
        """Carry what still waits over to a later session, under its next numbers; returns how many. () is all.

        Doing it again moves nothing. One that was asked there meanwhile is merged with it, votes and all.
        """
        waiting = select(questions.c.id, questions.c.same).where(*on(questions, place, session))
        if states:
            waiting = waiting.where(questions.c.state.in_(states))
        if (place, session) == (to_place, to_session):
            return 0
        async with self._database.write() as connection:
            last = await _last(connection, to_place, to_session)
            rows = (await connection.execute(waiting.order_by(questions.c.number))).all()
            for row in rows:
                twin = await connection.scalar(_twin(to_place, to_session, row.same))
                if twin is not None:
                    await _merge(connection, row.id, twin)
                else:
                    last += 1
                    values = keys(to_place, to_session) | {"number": last}
                    await connection.execute(update(questions).where(questions.c.id == row.id).values(values))
            await _number(connection, to_place, to_session, last)
        return len(rows)

    async def by(self, person: Person) -> Sequence[str]:
        """What one person asked, as text."""
        mine = select(questions.c.text).where(questions.c.person == word(person)).order_by(questions.c.id)
        async with self._database.read() as connection:
            return list((await connection.scalars(mine)).all())

    async def voted(self, person: Person) -> Sequence[str]:
        """The questions that one person wants answered, as text."""
        wanted = select(questions.c.text).join(votes).where(votes.c.person == word(person))
        async with self._database.read() as connection:
            return list((await connection.scalars(wanted.order_by(questions.c.id))).all())

    async def forget(self, person: Person) -> int:
        """The group keeps the questions, as somebody's; votes go. Returns how many rows that changed."""
        mine = update(questions).where(questions.c.person == word(person)).values(person="", name=SOMEBODY)
        # Who answered was typed by an admin: a name is all there is.
        answered = update(questions).where(questions.c.answered_by == person.name).values(answered_by=SOMEBODY)
        async with self._database.write() as connection:
            changed = (await connection.execute(mine)).rowcount
            await connection.execute(answered)
            return (
                changed + (await connection.execute(delete(votes).where(votes.c.person == word(person)))).rowcount
            )


def normal(text: str) -> str:
    """What is equal for two ways to type one question: letters' case, blanks and the marks at the end aside."""
    flat = " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())
    return re.sub(r"[\s?!.…]+$", "", flat)


async def _last(connection: AsyncConnection, place: Place, session: str) -> int:
    """The last number given in a session; until this transaction ends, nobody else gives the next."""
    row = insert(numbers).values(keys(place, session) | {"last": 0})
    touched = row.on_conflict_do_update(
        index_elements=["platform", "place", "session"], set_={"last": numbers.c.last}
    )
    return (await connection.scalars(touched.returning(numbers.c.last))).one()


async def _number(connection: AsyncConnection, place: Place, session: str, last: int) -> None:
    await connection.execute(update(numbers).where(*on(numbers, place, session)).values(last=last))


def _twin(place: Place, session: str, same: str) -> Select[int]:
    return select(questions.c.id).where(*on(questions, place, session), questions.c.same == same)


def _key(place: Place, session: str, number: int) -> Select[int]:
    return select(questions.c.id).where(*on(questions, place, session), questions.c.number == number)


def _full() -> Select[Any]:
    """Questions with their counts."""
    voted = select(func.count()).where(votes.c.question == questions.c.id)
    asked = voted.where(votes.c.asked.is_(True))
    return select(questions, voted.scalar_subquery().label("votes"), asked.scalar_subquery().label("askers"))


async def _one(connection: AsyncConnection, key: int) -> Question:
    return _question((await connection.execute(_full().where(questions.c.id == key))).one())


async def _merge(connection: AsyncConnection, key: int, into: int) -> None:
    """Count the votes of one question for another, and erase it."""
    rows = select(literal(into), votes.c.person, votes.c.asked).where(votes.c.question == key)
    copied = insert(votes).from_select(["question", "person", "asked"], rows)
    await connection.execute(copied.on_conflict_do_nothing())
    await connection.execute(delete(votes).where(votes.c.question == key))
    await connection.execute(delete(questions).where(questions.c.id == key))


def _question(row: Row[Any]) -> Question:
    return Question(
        number=row.number,
        text=row.text,
        author=row.name,
        state=row.state,
        answered_by=row.answered_by,
        answer=row.answer,
        askers=row.askers,
        votes=row.votes,
        at=datetime.fromisoformat(row.at),
    )

"""Who is who: accounts on several platforms that are one member, by a code; and when each wants to be reminded."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Boolean, Column, Integer, Table, Text, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, insert, metadata
from bot.questionnaire import Daily
from bot.values import Person

HOLDS = timedelta(minutes=10)
"""How long a code can be used."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nobody takes one for another
LENGTH = 8

accounts = Table(
    "quiz_accounts",
    metadata,
    Column("person", Text, primary_key=True),
    Column("member", Text, nullable=False),
)

codes = Table(
    "quiz_codes",
    metadata,
    Column("code", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("until", Text, nullable=False),
)

reminders = Table(
    "quiz_reminders",
    metadata,
    Column("member", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("ignored", Integer, nullable=False),
    Column("paused", Boolean, nullable=False),
)

Merge = Callable[[AsyncConnection, str, str], Awaitable[None]]
"""Gives what one member has to another."""


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A member who wants to be reminded.

    `told` is the last local day that was looked after, `asked` when a reminder last went out; `ignored` counts
    those since the member last did anything with the questions.
    """

    member: str
    person: Person
    daily: Daily
    told: date | None
    asked: datetime | None
    ignored: int


class People:
    """Members, their accounts and their reminders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def member(self, person: Person) -> str:
        """Whose memories these are: the account's own, until it joins another."""
        own = _word(person)
        async with self._database.read() as connection:
            found = await connection.scalar(select(accounts.c.member).where(accounts.c.person == own))
        return found or own

    async def code(self, person: Person, now: datetime) -> str:
        """A code of this account, for another one to join it; an earlier one no longer holds."""
        member, made = await self.member(person), "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        async with self._database.write() as connection:
            await connection.execute(
                delete(codes).where((codes.c.member == member) | (codes.c.until <= _text(now)))
            )
            await connection.execute(
                insert(connection, codes).values(code=made, member=member, until=_text(now + HOLDS))
            )
        return made

    async def join(self, person: Person, code: str, now: datetime, merges: Sequence[Merge]) -> bool:
        """Make this account one with that of the code, in one step; False where the code does not hold."""
        own = _word(person)
        async with self._database.write() as connection:
            used = (
                delete(codes).where(codes.c.code == code.strip().upper()).returning(codes.c.member, codes.c.until)
            )
            row = (await connection.execute(used)).one_or_none()
            if row is None or row.until <= _text(now):
                return False
            before = await connection.scalar(select(accounts.c.member).where(accounts.c.person == own)) or own
            if before == row.member:
                return True
            for merge in merges:
                await merge(connection, before, row.member)
            await self._merge(connection, before, row.member)
            # A member is called after its first account, which needs a row, too, so as to come along next time.
            for each in (before, row.member):
                named = insert(connection, accounts).values(person=each, member=each)
                await connection.execute(named.on_conflict_do_nothing())
            # Whoever was one with this account stays so, and so does who types a code that it gave.
            for table in (accounts, codes):
                change = update(table).where(table.c.member == before)
                await connection.execute(change.values(member=row.member))
        return True

    async def reminder(self, member: str) -> Reminder | None:
        """A member's reminder."""
        found = await self._reminders(member)
        return found[0] if found else None

    async def reminders(self) -> Sequence[Reminder]:
        """All that are not paused."""
        return [each for each in await self._reminders() if not each.daily.paused]

    async def remind(self, member: str, person: Person, daily: Daily | None, told: date | None) -> None:
        """Remind at that time, on the platform it was asked for; `told`: the day whose time is over already."""
        async with self._database.write() as connection:
            if daily is None:
                await connection.execute(delete(reminders).where(reminders.c.member == member))
                return
            values = {"platform": person.platform, "person": person.id, "name": person.name}
            values |= {"clock": f"{daily.clock:%H:%M}", "zone": daily.zone, "ignored": 0, "paused": daily.paused}
            before = await connection.scalar(select(reminders.c.told).where(reminders.c.member == member))
            told_text = max(before or "", told.isoformat() if told else "")
            row = insert(connection, reminders).values(member=member, asked="", told=told_text, **values)
            values |= {"told": told_text, "asked": ""}  # what was ignored before is forgotten
            await connection.execute(row.on_conflict_do_update(index_elements=["member"], set_=values))

    async def told(
        self, member: str, day: date, *, at: datetime | None = None, ignored: int = 0, paused: bool = False
    ) -> None:
        """Note a day as looked after; `at`: a reminder went out."""
        values = {"told": day.isoformat(), "ignored": ignored, "paused": paused}
        if at is not None:
            values["asked"] = _text(at)
        async with self._database.write() as connection:
            await connection.execute(update(reminders).where(reminders.c.member == member).values(values))

    async def by(self, member: str) -> Sequence[str]:
        """A member's reminder and joined accounts, as text."""
        found = await self.reminder(member)
        query = select(accounts.c.person).where(accounts.c.member == member).order_by(accounts.c.person)
        async with self._database.read() as connection:
            joined = (await connection.scalars(query)).all()
        lines = [f"daily at {found.daily.clock:%H:%M} ({found.daily.zone})"] if found else []
        return [*lines, *(f"joined account {each}" for each in joined)]

    async def forget(self, member: str) -> int:
        """Erase reminder, codes and joins; how many rows."""
        async with self._database.write() as connection:
            return sum(
                [
                    (await connection.execute(delete(table).where(table.c.member == member))).rowcount
                    for table in (reminders, codes, accounts)
                ]
            )

    async def _merge(self, connection: AsyncConnection, member: str, into: str) -> None:
        theirs = await connection.scalar(select(reminders.c.member).where(reminders.c.member == into))
        if theirs is None:
            await connection.execute(update(reminders).where(reminders.c.member == member).values(member=into))
        await connection.execute(delete(reminders).where(reminders.c.member == member))

    async def _reminders(self, member: str | None = None) -> list[Reminder]:
        query = select(reminders).order_by(reminders.c.member)
        if member is not None:
            query = query.where(reminders.c.member == member)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Reminder(
                member=row.member,
                person=Person(platform=row.platform, id=row.person, name=row.name),
                daily=Daily(clock=time.fromisoformat(row.clock), zone=row.zone, paused=row.paused),
                told=date.fromisoformat(row.told) if row.told else None,
                asked=datetime.fromisoformat(row.asked) if row.asked else None,
                ignored=row.ignored,
            )
            for row in rows
        ]


def _word(person: Person) -> str:
    return f"{person.platform}/{person.id}"


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")

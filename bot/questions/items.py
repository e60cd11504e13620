"""The questions themselves: each once, by the hash of its text, so that history outlives another numbering."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Column, Integer, Row, Table, Text, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, insert, metadata
from bot.questionnaire import Draft, Item, Kept, Kind, Sheet

BANK = ""
"""The origin of our own questions."""
GROUPS = "the group"
"""The origin of questions that the group wrote."""
ASKED, GONE, SKIPPED = "asked", "gone", "skipped"
"""A question's states: it may be asked, it is no longer in its file, a host wants it left out."""

_COPY = re.compile(r"(?:\s*\(\d+\)|[\s_-]+copy\s*\d*)+$", re.I)
"""What browsers, desktops and notebooks put after the name of a file that is there already."""

items = Table(
    "quiz_items",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("same", Text, nullable=False, unique=True),
    Column("chapter", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("show", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_autoincrement=True,
)


class Items:
    """What can be asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, sheets: Sequence[Sheet], now: datetime, *, origin: str | None = None) -> list[Kept]:
        """Keep what files hold. What is no longer in a file of that name is asked no more, but for its history."""
        async with self._database.write() as connection:
            return [
                await _keep(connection, sheet, family(sheet.name) if origin is None else origin, now)
                for sheet in sheets
            ]

    async def add(self, draft: Draft, now: datetime) -> tuple[Item, bool]:
        """Keep one that the group wrote, after its others on the chapter; whether it is new.

        One that is there gets the answer.
        """
        values = {"same": draft.same, "chapter": draft.chapter, "text": draft.text, "kind": draft.kind}
        values |= {"answer": draft.answer, "show": "", "origin": GROUPS, "state": ASKED, "at": now.isoformat()}
        mine = (items.c.origin == GROUPS, items.c.chapter == draft.chapter)
        async with self._database.write() as connection:
            before = await connection.scalar(select(items.c.number).where(items.c.same == draft.same))
            place = await connection.scalar(select(func.count()).select_from(items).where(*mine))
            row = insert(connection, items).values(place=(place or 0) + 1, **values)
            again = {"state": ASKED} | ({"answer": draft.answer} if draft.answer else {})
            kept = row.on_conflict_do_update(index_elements=["same"], set_=again).returning(items)
            return _item((await connection.execute(kept)).one()), before is None

    async def keep_bank(self, drafts: Sequence[Draft], now: datetime) -> None:
        """Keep our own questions; nothing is written where they are all there."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(items).where(items.c.origin == BANK))).all()
        kept = {row.same: (row.chapter, row.place, row.text, row.answer, row.show) for row in rows}
        wanted = {each.same: (each.chapter, each.number, each.text, each.answer, each.show) for each in drafts}
        live = {row.same for row in rows if row.state != GONE}
        if all(kept.get(same, wanted[same]) == wanted[same] for same in wanted) and live == wanted.keys() & live:
            missing = wanted.keys() - kept.keys()
            if not missing or not await self._unknown(missing):
                return
        chapters = sorted({each.chapter for each in drafts})
        sheets = [
            Sheet(name=BANK, chapter=number, drafts=tuple(each for each in drafts if each.chapter == number))
            for number in chapters
        ]
        await self.keep(sheets, now, origin=BANK)

    async def get(self, number: int) -> Item | None:
        """The question of that number, asked or not."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(items).where(items.c.number == number))).one_or_none()
        return None if row is None else _item(row)

    async def asked(self, number: int) -> Item | None:
        """The question of that number, if it may still be asked."""
        query = select(items).where(items.c.number == number, items.c.state == ASKED)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _item(row)

    async def of(self, chapters: Iterable[int] | None = None, kind: Kind | None = None) -> list[Item]:
        """What may be asked, in the order of the book; our own come after the reader's."""
        query = select(items).where(items.c.state == ASKED)
        if chapters is not None:
            query = query.where(items.c.chapter.in_(list(chapters)))
        if kind is not None:
            query = query.where(items.c.kind == kind)
        ours = items.c.origin == BANK
        async with self._database.read() as connection:
            rows = await connection.execute(
                query.order_by(items.c.chapter, ours, items.c.origin, items.c.place, items.c.number)
            )
            return [_item(row) for row in rows]

    async def counts(self) -> Mapping[int, Mapping[Kind, int]]:
        """How many of each kind may be asked in each chapter."""
        query = select(items.c.chapter, items.c.kind, func.count().label("many")).where(items.c.state == ASKED)
        found: dict[int, dict[Kind, int]] = {}
        async with self._database.read() as connection:
            grouped = query.group_by(items.c.chapter, items.c.kind).order_by(items.c.chapter)
            for row in await connection.execute(grouped):
                found.setdefault(row.chapter, {})[row.kind] = row.many
        return found

    async def skip(self, number: int, *, out: bool) -> None:
        """Leave a question out, or ask it again."""
        async with self._database.write() as connection:
            change = update(items).where(items.c.number == number)
            await connection.execute(change.values(state=SKIPPED if out else ASKED))

    async def set_kind(self, number: int, kind: Kind) -> None:
        """Make a question one to recall, or a task."""
        async with self._database.write() as connection:
            await connection.execute(update(items).where(items.c.number == number).values(kind=kind))

    async def _unknown(self, same: Iterable[str]) -> bool:
        """Whether any of these is not kept at all: a reader's own file may hold the same question."""
        wanted = set(same)
        async with self._database.read() as connection:
            query = select(func.count()).select_from(items).where(items.c.same.in_(wanted))
            return (await connection.scalar(query)) != len(wanted)


def family(name: str) -> str:
    """A file's name without the marks of a copy: `08_x (1).ipynb` is a newer `08_x.ipynb`."""
    path = PurePosixPath(name)
    return f"{_COPY.sub('', path.stem) or path.stem}{path.suffix}"


async def _keep(connection: AsyncConnection, sheet: Sheet, origin: str, now: datetime) -> Kept:
    """One sheet. What stands in two files belongs to the first that brought it."""
    known = {row.same: row for row in await connection.execute(select(items))}
    new = renumbered = 0
    for draft in sheet.drafts:
        row = known.get(draft.same)
        values = {"chapter": draft.chapter, "place": draft.number, "text": draft.text, "origin": origin}
        if row is None:
            values |= {"same": draft.same, "kind": draft.kind, "answer": draft.answer, "show": draft.show}
            values |= {"state": ASKED, "at": now.isoformat()}
            # Another process may have brought it just now.
            await connection.execute(insert(connection, items).values(values).on_conflict_do_nothing())
            new += 1
            continue
        if family(row.origin) != origin:
            values = {}
        renumbered += bool(values) and (row.chapter, row.place) != (draft.chapter, draft.number)
        values |= {name: value for name in ("answer", "show") if (value := getattr(draft, name))}
        if draft.stated:
            values["kind"] = draft.kind
        if row.state == GONE:
            values["state"] = ASKED
        if any(getattr(row, name) != value for name, value in values.items()):
            await connection.execute(update(items).where(items.c.number == row.number).values(values))
    origins = {origin, *(row.origin for row in known.values() if family(row.origin) == origin)}
    gone = await _gone(connection, sheet, origins) if sheet.drafts else 0
    return Kept(sheet=sheet, new=new, renumbered=renumbered, gone=gone)


async def _gone(connection: AsyncConnection, sheet: Sheet, origins: Iterable[str]) -> int:
    there = [draft.same for draft in sheet.drafts]
    before = (items.c.origin.in_(origins), items.c.chapter == sheet.chapter, items.c.state == ASKED)
    change = update(items).where(*before, items.c.same.not_in(there)).values(state=GONE)
    return (await connection.execute(change)).rowcount


def _item(row: Row[Any]) -> Item:
    return Item(
        number=row.number,
        chapter=row.chapter,
        text=row.text,
        kind=row.kind,
        answer=row.answer,
        show=row.show,
        origin=row.origin,
    )

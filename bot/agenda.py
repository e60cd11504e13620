"""The programme in force: the host's file with what admins changed since, and the outbox that follows from it.

A change and the rows that follow from it are written in one transaction, so what is owed is always what the
programme says. The file is read at start; the changes live in the database.
"""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Column, Integer, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, insert, metadata
from bot.errors import UserError
from bot.programme import CHANGED, Changes, Misfit, Programme, ProgrammeError, fitted, without
from bot.programme.week import Week, week
from bot.values import Place, escape
from scheduler.due import Due
from scheduler.outbox import Outbox
from scheduler.owed import Owed
from scheduler.series import Occurrence

log = logging.getLogger(__name__)

AHEAD = timedelta(weeks=8)
"""How far rows are written ahead; every offset lies within it."""

NEWS = timedelta(days=2)
"""How long it is worth saying that a session was moved or called off."""

programmes = Table(
    "programmes",
    metadata,
    Column("series", Text, primary_key=True),
    Column("changes", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Text, nullable=False),
)


class Agenda:
    """One programme, what admins changed of it, and what it owes to each of `places`.

    `changed` is called once a change of it is written down, and can be read by everybody.
    """

    def __init__(
        self,
        file: Programme,
        database: Database,
        outbox: Outbox,
        places: Sequence[Place],
        *,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.programme = file
        """In force: after `load`, with the changes."""
        self.revision = 0
        self.changes = Changes()
        self.misfits: tuple[Misfit, ...] = ()
        """Of the changes those that no longer fit the file: they are left out."""
        self._file, self._database, self._outbox = file, database, outbox
        self._places, self._changed = tuple(places), changed

    async def load(self) -> None:
        """Read what was changed, also by another process."""
        async with self._database.read() as connection:
            await self._read(connection)

    async def session(self, now: datetime) -> Week | None:
        """The week that it is, by the programme as it stands in the database."""
        await self.load()
        return week(self.programme, now)

    async def covered(self, now: datetime) -> Sequence[int]:
        """The chapters that the sessions so far have come to the end of."""
        await self.load()
        return self.programme.covered(now)

    async def change(self, how: Callable[[Changes], Changes], now: datetime) -> list[Due]:
        """Change the programme and what is owed, both or neither; what it will post from now on.

        UserError says what would be right where a change makes no sense.
        """
        async with self._database.write() as connection:
            await self._read(connection)
            try:
                changes = how(self.changes)
                programme, misfits = fitted(self._file, changes)
            except ProgrammeError as problem:
                raise UserError(escape(str(problem))) from problem
            known = [each.part for each in self.misfits]
            for each in misfits:
                if each.part not in known:
                    raise UserError(escape(each.why))
            values = {"changes": changes.to_json(), "revision": self.revision + 1, "at": now.isoformat()}
            row = insert(connection, programmes).values(series=self._file.key, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["series"], set_=values))
            due = await self._owe(programme, now, connection)
            await self._outbox.add(self._news(programme, now), now, within=connection)
        self.programme, self.changes, self.revision = programme, changes, self.revision + 1
        self.misfits = misfits
        self._changed()
        return due

    async def tidy(self, now: datetime) -> None:
        """Forget the changes that no longer fit the file."""
        await self.change(lambda changes: without(changes, self.misfits), now)

    async def materialise(self, now: datetime) -> None:
        """Owe everything of the next weeks, as the programme now stands in the database."""
        async with self._database.write() as connection:
            await self._read(connection)
            await self._owe(self.programme, now, connection)

    def session_of(self, owed: Owed) -> Occurrence | None:
        """The session that a row of the outbox is about; None when it is no longer held."""
        return _held(self.programme, date.fromisoformat(json.loads(owed.payload)["date"]))

    def due(self, owed: Owed) -> Due | None:
        """What a row of the outbox stands for by the plan; None when its session is no longer held."""
        said, session = json.loads(owed.payload), self.session_of(owed)
        if session is None or owed.kind == CHANGED:
            return None
        return Due(
            kind=owed.kind,
            occurrence=session,
            at=owed.due,
            valid_until=owed.until,
            anew=bool(said["anew"]),
            expired=False,
        )

    def _news(self, programme: Programme, now: datetime) -> list[Owed]:
        """What a change has to say in threads that are open: sessions moved, called off, or held after all."""
        old, found = self.programme, dict[date, datetime | None]()
        for session in old.between(now, now + AHEAD):
            opening, then = old.opening(session), _held(programme, session.date)
            if opening and opening.at <= now and (then is None or then.starts != session.starts):
                found[session.date] = session.starts
        for session in programme.between(now, now + AHEAD):
            opening, off = programme.opening(session), old.series.skip | old.cancelled.keys()
            again = (old.paused or session.date in off) and not _held(old, session.date)
            if again and opening and opening.at <= now:
                found[session.date] = None
        return [
            Owed(
                series=f"{programme.key}-changes",
                occurrence=f"{day}_{self.revision + 1}",
                kind=CHANGED,
                place=f"{place.platform}:{place.id}",
                due=now,
                until=now + NEWS,
                payload=json.dumps({"date": day.isoformat(), "anew": False, "was": was and was.isoformat()}),
            )
            for place in self._places
            for day, was in found.items()
        ]

    async def _read(self, connection: AsyncConnection) -> None:
        found = await connection.execute(select(programmes).where(programmes.c.series == self._file.key))
        row = found.one_or_none()
        if row is not None and row.revision != self.revision:
            self.changes = Changes.from_json(row.changes)
            self.programme, self.misfits = fitted(self._file, self.changes)
            self.revision = row.revision
            for each in self.misfits:
                log.warning("a change no longer fits the programme and is left out: %s (%s)", each.what, each.why)

    async def _owe(self, programme: Programme, now: datetime, connection: AsyncConnection) -> list[Due]:
        """Add what is to be said, take back what no longer is."""
        due = [*programme.standing(now), *programme.upcoming(now, now + AHEAD)]
        places = [f"{place.platform}:{place.id}" for place in self._places]
        rows = [self.owed(each, place, programme) for place in places for each in due]
        await self._outbox.add(rows, now, within=connection)
        await self._outbox.withdraw(now, series=programme.key, keep={row.parts for row in rows}, within=connection)
        return [each for each in due if each.at > now]

    def owed(self, due: Due, place: str, programme: Programme | None = None) -> Owed:
        """The row of the outbox that stands for it, of the programme in force unless another is given."""
        occurrence, kind = due.key
        return Owed(
            series=(programme or self.programme).key,
            occurrence=occurrence,
            kind=kind,
            place=place,
            due=due.at,
            until=due.valid_until,
            payload=json.dumps({"date": due.occurrence.key, "anew": due.anew}),
        )


def _held(programme: Programme, day: date) -> Occurrence | None:
    """The session of a date, if it is held."""
    session = programme.series.on(day)
    return session if session and programme.held(session) else None

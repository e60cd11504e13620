"""What a host can do: `bot.steering.Steering` over the programme in force.

What a change rests on is looked at inside the change, where the programme is as the database has it: another
process may have changed it since.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot import dates
from bot.agenda import AHEAD, Agenda
from bot.chapters import Chapters
from bot.dates import LONGEST, Unread
from bot.desk import Desk, Pins, Threads, WeekThread
from bot.errors import UserError
from bot.programme import Changes, Programme, Rhythm
from bot.room import A_DAY, NOTHING, Room
from bot.steering import Coming, Line, Planned, Reminder, said
from bot.values import Choice, code, moment
from scheduler.deliveries import Deliveries
from scheduler.offsets import FARTHEST
from scheduler.owed import State
from scheduler.series import Occurrence
from scheduler.zones import instant

MOST = 1000
"""Rows: eight weeks of them, in a dozen places."""


class Host:
    """Fulfils `bot.steering.Steering`. `calendar` is the address of the feed."""

    def __init__(
        self,
        agenda: Agenda,
        deliveries: Deliveries,
        threads: Threads,
        platforms: Mapping[str, Pins],
        *,
        calendar: str,
    ) -> None:
        self._agenda, self._rows, self._room = agenda, deliveries, Room(agenda)
        self.calendar = calendar
        self.deliveries = Desk(agenda, deliveries)
        self.chapters = Chapters(agenda, self._change)
        self.thread = WeekThread(agenda, deliveries, threads, platforms)

    @property
    def group(self) -> str:
        """What the group is called."""
        return self._programme.group

    @property
    def host(self) -> str:
        """Who opens the door."""
        return self._programme.host

    @property
    def zone(self) -> str:
        """Whose clocks the group follows."""
        return self._programme.series.zone

    @property
    def revision(self) -> int:
        """How often the programme was changed."""
        return self._agenda.revision

    @property
    def paused(self) -> date | None:
        """From when on nobody meets."""
        return self._programme.paused

    @property
    def misfits(self) -> Sequence[str]:
        """Changes that are left out."""
        return [f"{each.what}: {each.why}" for each in self._agenda.misfits]

    @property
    def reminders(self) -> Sequence[Reminder]:
        """What goes out around a session, and what was turned off."""
        on = [Reminder(kind=each.kind, offset=str(each.at)) for each in self._programme.plan.notices]
        off = (kind for kind, offset in self._agenda.changes.reminders.items() if offset is None)
        return [*on, *(Reminder(kind=kind, offset=None) for kind in off)]

    async def load(self) -> None:
        """Read what was changed, also by another process."""
        await self._agenda.load()

    def current(self, now: datetime) -> Planned | None:
        """The session that is on, or else the next one."""
        found = self._programme.current(now)
        return found and self._planned(found, now)

    def next(self, now: datetime) -> Planned | None:
        """The next session to start."""
        found = self._programme.next(now)
        return found and self._planned(found, now)

    def on(self, day: date, now: datetime) -> Planned:
        """The session to come that is held on a day, or else was planned for it."""
        programme = self._programme
        dawn, dusk = (instant(each, time.min, programme.series.clocks) for each in (day, day + A_DAY))
        held = programme.between(dawn - timedelta.resolution, dusk - timedelta.resolution)
        return self._planned(self._room.to_come(held[0] if held else programme.series.on(day), day, now), now)

    def plan(self, now: datetime, weeks: int) -> Sequence[Planned]:
        """From the current session on, with the dates on which nobody meets."""
        programme, until = self._programme, now + timedelta(weeks=weeks)
        found = [self._planned(each, now) for each in programme.between(now - programme.length, until)]
        for day in programme.series.skip | programme.cancelled.keys():
            off = self._off(day)
            # A holiday after the last session is nobody's business.
            if now < off.starts <= until and (off.state == "cancelled" or programme.next(off.starts)):
                found.append(off)
        return sorted(found, key=lambda each: each.starts)

    async def coming(self) -> Sequence[Coming]:
        """What is owed and not posted yet: by the outbox, which knows what was posted early or dropped."""
        rows = await self._rows.list(State.OWED, State.LEASED, series=self._programme.key, limit=MOST)
        found: dict[tuple[str, str], Coming] = {}  # once, in however many places it is said
        for row in rows:
            due = self._agenda.due(row.owed)
            if due is not None:
                title, starts = self._programme.meeting(due.occurrence).title, due.occurrence.starts
                coming = Coming(at=row.try_at, kind=due.kind, title=title, starts=starts)
                found.setdefault((row.owed.occurrence, due.kind), coming)
        return list(found.values())

    def ahead(self, starts: datetime, now: datetime) -> Sequence[Coming]:
        """What will be posted for the session that starts then, too far ahead to be owed yet."""
        programme, since = self._programme, max(now + AHEAD, starts - FARTHEST)
        found = programme.upcoming(since, max(since, starts + FARTHEST))
        return [
            Coming(at=each.at, kind=each.kind, title=programme.meeting(each.occurrence).title, starts=starts)
            for each in found
            if each.occurrence.starts == starts
        ]

    async def day(self, text: str, now: datetime, line: Line) -> date:
        """The day that was typed; UserError asks whether a guess is right."""
        try:
            return dates.day(text, now, self.zone)
        except Unread:
            found = await asyncio.to_thread(dates.proposal, text, now, self.zone)
            if found is None:
                raise
        again = line(found.date().isoformat())
        raise UserError(
            f"Do you mean {said(found.date())} by {code(text[:LONGEST])}? If so, write {code(again)}. "
            f"What I read without asking: {dates.DAY_FORMS}.",
            [Choice(label="yes, that is what I mean", command=again)],
        )

    async def when(self, text: str, now: datetime, line: Line) -> datetime:
        """The moment that was typed, by the group's clocks; UserError asks whether a guess is right."""
        try:
            return dates.when(text, now, self.zone).astimezone(self._programme.series.clocks)
        except Unread:
            found = await asyncio.to_thread(dates.proposal, text, now, self.zone)
            if found is None:
                raise
        raise dates.asking(text, found, self.zone, line)

    async def skip(self, session: str, now: datetime) -> Sequence[Coming]:
        """Nobody meets; the chapter waits for the next session."""
        day = date.fromisoformat(session)

        def how(changes: Changes) -> Changes:
            return changes.skipping(self._by_key(day, now).date)

        return await self._change(how, now)

    async def cancel(self, session: str, now: datetime) -> Sequence[Coming]:
        """The same, and calendars say so."""
        day = date.fromisoformat(session)

        def how(changes: Changes) -> Changes:
            return changes.cancelling(self._by_key(day, now).date)

        return await self._change(how, now)

    async def move(self, session: str, to: datetime, now: datetime) -> Sequence[Coming]:
        """A session is held at another time."""
        day = date.fromisoformat(session)

        def how(changes: Changes) -> Changes:
            found = self._by_key(day, now)
            if to == found.starts:
                raise UserError(f"The session is held {moment(to, self.zone)} already: nothing is changed.")
            self._room.check_room(to, now, found)
            self._room.check_held(to, found.date)
            return changes.moving(found.date, self._wall(to))

        return await self._change(how, now)

    async def add(self, at: datetime, now: datetime) -> Sequence[Coming]:
        """A session more, or one that was skipped or cancelled is held after all."""

        def how(changes: Changes) -> Changes:
            wall = self._wall(at)
            self._room.check_room(at, now, None)
            self._room.check_free(wall.date())
            self._room.check_held(at, wall.date())
            return changes.adding(wall)

        return await self._change(how, now)

    async def set(
        self,
        first: date | None,
        now: datetime,
        *,
        at: time | None = None,
        zone: str | None = None,
        every_weeks: int | None = None,
    ) -> Sequence[Coming]:
        """Another rhythm from a day on, which is its first; None is the next session's."""

        def how(changes: Changes) -> Changes:
            following = self._programme.next(now)
            if first is None and following is None:
                raise UserError(f"{NOTHING} Say which day the first one is on.")
            day = first or (following and following.date)
            start = self._room.start(day, now)
            for each in self._room.giving_way(start, now):
                changes = changes.skipping(each)
            return changes.setting(Rhythm(first=start, at=at, zone=zone, every_weeks=every_weeks))

        return await self._change(how, now)

    async def pause(self, since: date | None, now: datetime) -> Sequence[Coming]:
        """Nobody meets from that day on; None is at once."""

        def how(changes: Changes) -> Changes:
            if changes.paused:
                raise UserError(f"The programme pauses already, from {said(changes.pauses[-1][0])} on.")
            return changes.pausing(self._room.start(since, now))

        return await self._change(how, now)

    async def resume(self, since: date | None, now: datetime) -> Sequence[Coming]:
        """They meet again from that day on; None is at once."""

        def how(changes: Changes) -> Changes:
            if not changes.paused:
                raise UserError("The programme does not pause, so there is nothing to resume.")
            return changes.resuming(self._room.start(since, now))

        return await self._change(how, now)

    async def remind(self, kind: str, offset: str | None, now: datetime) -> Sequence[Coming]:
        """A kind of message at another time, or off."""
        return await self._change(lambda changes: changes.reminding(kind, offset), now)

    async def tidy(self, now: datetime) -> Sequence[Coming]:
        """Forget the changes that no longer fit the file."""
        await self._agenda.tidy(now)
        return await self.coming()

    @property
    def _programme(self) -> Programme:
        return self._agenda.programme

    def _planned(self, session: Occurrence, now: datetime) -> Planned:
        meeting = self._programme.meeting(session)
        return Planned(
            number=session.number,
            key=session.key,
            starts=session.starts,
            title=meeting.title,
            state="on" if session.starts <= now else "planned",
            moved=session.moved,
            guest=meeting.guest,
            note=meeting.note,
            reading=meeting.reading,
        )

    def _off(self, day: date) -> Planned:
        """A date on which nobody meets."""
        programme = self._programme
        called_off = programme.cancelled.get(day)
        starts = called_off or instant(day, programme.series.at, programme.series.clocks)
        state: Literal["cancelled", "skipped"] = "cancelled" if called_off else "skipped"
        return Planned(number=None, key=day.isoformat(), starts=starts, title="", state=state)

    async def _change(self, how: Callable[[Changes], Changes], now: datetime) -> Sequence[Coming]:
        await self._agenda.change(how, now)
        return await self.coming()

    def _by_key(self, day: date, now: datetime) -> Occurrence:
        return self._room.to_come(self._programme.series.on(day), day, now)

    def _wall(self, at: datetime) -> datetime:
        """The wall time where the group meets, which stays when the clocks' rules change."""
        clocks = self._programme.series.clocks
        local = at.astimezone(clocks)
        wall = local.replace(tzinfo=None, fold=0)
        # What the clocks show twice, and is meant the second time, is said with its offset.
        return wall if instant(wall.date(), wall.time(), clocks) == at else local

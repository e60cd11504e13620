"""Whether there is room for what a host wants: a session to come, a free day, one session in a week.

Each look is at the programme in force, inside the change that rests on it; UserError says what would be right.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.agenda import Agenda
from bot.errors import UserError
from bot.programme import Programme
from bot.steering import said
from bot.values import escape, moment
from scheduler.errors import SeriesError
from scheduler.series import Occurrence
from scheduler.zones import instant

LATE = timedelta(days=60)
"""A session that is moved by more than this is not looked for."""
NEAR = timedelta(weeks=60)
A_DAY = timedelta(days=1)
NOTHING = "No session is planned from now on."

_MINUTE = timedelta(minutes=1)


class Room:
    """What there is room for in the programme of an agenda."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda

    @property
    def _programme(self) -> Programme:
        return self._agenda.programme

    def to_come(self, session: Occurrence | None, day: date, now: datetime) -> Occurrence:
        """The session, if it is held and has not begun; else UserError names the nearest that are so."""
        if session is None or not self._programme.held(session):
            raise UserError(f"There is no session on {said(day)}. {self._nearest(day, now)}")
        if session.starts > now:
            return session
        begun = "is over" if session.starts + self._programme.length <= now else "has begun"
        raise UserError(f"The session of {said(day)} {begun}. {self._nearest(day, now)}")

    def _nearest(self, day: date, now: datetime) -> str:
        """The sessions to come just before and just after a day."""
        programme = self._programme
        at = max(instant(day, time.min, programme.series.clocks), now.astimezone(UTC))
        before = programme.between(max(now, at - NEAR), at) or programme.between(now, min(at, now + NEAR))
        after = programme.next(at)
        days = [said(each.local.date()) for each in (*before[-1:], *([after] if after else []))]
        return f"The nearest to come: {' and '.join(days)}." if days else NOTHING

    def check_room(self, at: datetime, now: datetime, session: Occurrence | None) -> None:
        """A session may start then: it is to come, and no other one is on that day or runs into it."""
        programme = self._programme
        if at <= now:
            raise UserError(f"{self._moment(at)} is over: take a time that is to come.")
        reach = programme.length + A_DAY
        day = at.astimezone(programme.series.clocks).date()
        for other in programme.between(at - reach, at + reach):
            if session and other.date == session.date:
                continue
            starts = self._moment(other.starts)
            if other.local.date() == day:
                raise UserError(
                    f"There is a session on {said(day)} already: {starts}. Take another day, or move or skip that "
                    "one first."
                )
            if abs(other.starts - at) < programme.length:
                raise UserError(
                    f"That overlaps the session {starts}: a session takes {programme.length // _MINUTE} minutes. "
                    "Take another time."
                )

    def check_free(self, day: date) -> None:
        """No session of that date is held on another day: two cannot have the date for their name."""
        session = self._programme.series.on(day)
        if session and self._programme.held(session):
            raise UserError(
                f"The session of {said(day)} is held {self._moment(session.starts)}: move that one back, or take "
                "another day."
            )

    def check_held(self, at: datetime, day: date) -> None:
        """The session of that date, held then, is still one of the programme."""
        programme, series = self._programme, self._programme.series
        held = at.astimezone(series.clocks).date()
        for since, until in self._agenda.changes.pauses:
            if since <= held and until is None:
                raise UserError(f"The programme pauses from {said(since)} on: resume it first.")
            if until and since <= held < until:
                raise UserError(
                    f"The programme pauses from {said(since)} on, and resumes on {said(until)}: take another day."
                )
        planned = replace(series, skip=frozenset(), moved={}, extra={}).on(day)
        moved, extra = ({day: at}, {}) if planned else ({}, {day: at})
        try:
            so = replace(
                series, skip=series.skip - {day}, moved={**series.moved, **moved}, extra={**series.extra, **extra}
            )
        except SeriesError as problem:
            raise UserError(escape(str(problem))) from problem
        new = replace(programme, series=so)
        if not new.between(at - timedelta.resolution, at):
            *_, last = new.sessions()
            raise UserError(
                f"Nothing is left to read on {self._moment(at)}: the last session of the plan would be "
                f"{self._moment(last.starts)}. Take an earlier time."
            )

    def giving_way(self, first: date, now: datetime) -> list[date]:
        """The session that a new rhythm takes the place of in its first week: one is held in a week."""
        series = self._programme.series
        monday = first - first.weekday() * A_DAY
        since, until = (instant(day, time.min, series.clocks) for day in (monday, first))
        there = self._programme.between(since - timedelta.resolution, until - timedelta.resolution)
        for each in there:
            if each.starts <= now:
                raise UserError(
                    f"That week had its session on {said(each.local.date())}: let the new rhythm begin on "
                    f"{said(first + 7 * A_DAY)}."
                )
        return [each.date for each in there]

    def start(self, day: date | None, now: datetime) -> date:
        """The day, if no session of it or of a later day has begun; None is the first such."""
        series = self._programme.series
        begun = [each.date + A_DAY for each in series.between(now - LATE, now)]
        earliest = max([now.astimezone(series.clocks).date(), *begun])
        if day is not None and day < earliest:
            raise UserError(f"From {said(day)} on is too late: take {said(earliest)} or a later day.")
        return day or earliest

    def _moment(self, at: datetime) -> str:
        return moment(at, self._programme.series.zone)

"""What admins change while the group is on its way: a value beside the file, kept as JSON.

The file stays the host's. Each verb gives new Changes; `changed(programme, changes)` refuses what makes no sense.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from bot.programme.meetings import Meetings, from_plain, to_plain
from bot.programme.plan import Programme, ProgrammeError
from scheduler.errors import PlanError, SeriesError
from scheduler.offsets import offset
from scheduler.series import Dates, Series
from scheduler.zones import START, instant


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """A new rhythm from a date on, which is its first; None leaves a thing as it was. Earlier sessions stay."""

    first: date
    at: time | None = None
    zone: str | None = None
    every_weeks: int | None = None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """All changes so far. Datetimes are wall times where the group meets."""

    skip: frozenset[date] = frozenset()
    cancel: frozenset[date] = frozenset()
    moved: Dates = field(default_factory=dict[date, datetime], hash=False)
    extra: Dates = field(default_factory=dict[date, datetime], hash=False)
    reminders: Mapping[str, str | None] = field(default_factory=dict[str, str | None], hash=False)
    """Offsets as they are written, `-24h`; None is off."""
    rhythms: tuple[Rhythm, ...] = ()
    pauses: tuple[tuple[date, date | None], ...] = ()
    """Each from a date on until the one on which it went on."""
    meetings: Meetings | None = None
    """What the sessions are about, where that was changed: then this list counts, and the file's does not."""
    group: str | None = None
    host: str | None = None
    begins: date | None = None
    """The first date, for a plan that was written for another year; dates of its own then count no more."""
    opened: Dates = field(default_factory=dict[date, datetime], hash=False)
    """Threads that were opened by hand: by the session's date, when."""

    def __post_init__(self) -> None:
        for name in ("moved", "extra", "reminders", "opened"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def skipping(self, day: date) -> "Changes":
        """Nobody meets on that date."""
        bare = self._free(day)
        return replace(bare, skip=bare.skip | {day})

    def cancelling(self, day: date) -> "Changes":
        """The session of that date is called off, and calendars say so."""
        bare = self._free(day)
        return replace(bare, cancel=bare.cancel | {day})

    def moving(self, day: date, to: datetime) -> "Changes":
        """The session of that date is held at another time."""
        bare = self._free(day)
        if day in bare.extra:
            return replace(bare, extra={**bare.extra, day: to})
        return replace(bare, moved={**bare.moved, day: to})

    def adding(self, at: datetime) -> "Changes":
        """A session more; on a date that was skipped or cancelled it is held after all."""
        bare = self._free(at.date())
        return replace(bare, extra={**bare.extra, at.date(): at})

    def reminding(self, kind: str, at: str | None) -> "Changes":
        """A kind of message at another time, or off."""
        return replace(self, reminders={**self.reminders, kind: at})

    def opening(self, day: date, at: datetime) -> "Changes":
        """The thread of that date's session opens then, and not at its time."""
        return replace(self, opened={**self.opened, day: at})

    def beginning(self, day: date | None) -> "Changes":
        """The plan begins on that date, whenever it was written for; None is when the file says."""
        return replace(self, begins=day)

    def setting(self, rhythm: Rhythm) -> "Changes":
        """Another rhythm from a date on; it replaces those that were to begin later."""
        kept = (each for each in self.rhythms if each.first < rhythm.first)
        return replace(self, rhythms=(*kept, rhythm))

    def pausing(self, day: date) -> "Changes":
        """Nobody meets from that date on."""
        return self if self.paused else replace(self, pauses=(*self.pauses, (day, None)))

    def resuming(self, day: date) -> "Changes":
        """They meet again from that date on, where they had stopped reading."""
        closed = (*self.pauses[:-1], (self.pauses[-1][0], day)) if self.paused else self.pauses
        kept = ((since, until) for since, until in closed if until is None or since < until)
        return replace(self, pauses=tuple(kept))

    @property
    def paused(self) -> bool:
        """Whether the programme pauses, or will."""
        return bool(self.pauses) and self.pauses[-1][1] is None

    def to_json(self) -> str:
        """As a table keeps it."""
        plain = {
            "skip": _texts(self.skip),
            "cancel": _texts(self.cancel),
            "moved": _moments(self.moved),
            "extra": _moments(self.extra),
            "reminders": dict(self.reminders),
            "rhythms": [
                {
                    "first": each.first.isoformat(),
                    "at": each.at and each.at.isoformat(),
                    "zone": each.zone,
                    "every_weeks": each.every_weeks,
                }
                for each in self.rhythms
            ],
            "opened": _moments(self.opened),
            "meetings": None if self.meetings is None else to_plain(self.meetings),
            "begins": self.begins and self.begins.isoformat(),
            "group": self.group,
            "host": self.host,
            "pauses": [[since.isoformat(), until and until.isoformat()] for since, until in self.pauses],
        }
        return json.dumps(plain)

    @classmethod
    def from_json(cls, text: str) -> "Changes":
        """What `to_json` wrote; `{}` is no change."""
        plain: dict[str, Any] = {"rhythms": (), "pauses": (), "reminders": {}, **json.loads(text)}
        meetings = plain.get("meetings")
        return cls(
            skip=_days(plain.get("skip", ())),
            cancel=_days(plain.get("cancel", ())),
            moved=_dates(plain.get("moved", {})),
            extra=_dates(plain.get("extra", {})),
            reminders=plain["reminders"],
            rhythms=tuple(
                Rhythm(
                    first=date.fromisoformat(each["first"]),
                    at=time.fromisoformat(each["at"]) if each["at"] else None,
                    zone=each["zone"],
                    every_weeks=each["every_weeks"],
                )
                for each in plain["rhythms"]
            ),
            opened=_dates(plain.get("opened", {})),
            meetings=None if meetings is None else from_plain(meetings),
            begins=date.fromisoformat(plain["begins"]) if plain.get("begins") else None,
            group=plain.get("group"),
            host=plain.get("host"),
            pauses=tuple(
                (date.fromisoformat(since), date.fromisoformat(until) if until else None)
                for since, until in plain["pauses"]
            ),
        )

    def _free(self, day: date) -> "Changes":
        """Without what was decided for a date; an added session stays known, for the time it has."""
        moved = {each: when for each, when in self.moved.items() if each != day}
        return replace(self, skip=self.skip - {day}, cancel=self.cancel - {day}, moved=moved)


def changed(programme: Programme, changes: Changes) -> Programme:
    """The programme of the file with the changes; ProgrammeError says what would be right."""
    try:
        series = programme.series
        if changes.begins is not None:
            series = Series(changes.begins, series.at, series.zone, series.every_weeks)
        for rhythm in changes.rhythms:
            series = _from(series, rhythm)
        series, cancelled = _excepted(series, changes)
        series = _paused(series, changes.pauses)
        moments = {kind: offset(at) if at is not None else None for kind, at in changes.reminders.items()}
        new = replace(
            programme,
            group=changes.group or programme.group,
            host=programme.host if changes.host is None else changes.host,
            meetings=programme.meetings if changes.meetings is None else changes.meetings,
            series=series,
            plan=programme.plan.adjusted(moments),
            cancelled=cancelled,
            paused=changes.pauses[-1][0] if changes.paused else None,
            opened=changes.opened,
        )
        if changes.meetings is not None and series.until is not None:
            _check_end(new, series.until)
        return new
    except (SeriesError, PlanError) as problem:
        raise ProgrammeError(str(problem)) from problem


def _check_end(programme: Programme, until: date) -> None:
    planned = len(programme.meetings)
    held = sum(1 for _ in programme.sessions(planned))
    if held < planned:
        raise ProgrammeError(f"The series ends on {until}: that leaves room for {held} of {planned} sessions.")


def _from(series: Series, rhythm: Rhythm) -> Series:
    """The series in another rhythm from a date on: what was planned before it stays, at its instant."""
    first = rhythm.first
    dawn = instant(first, time.min, series.clocks)
    # A session planned before can have been moved past the first date of the new rhythm.
    latest = max([dawn, *(_instant(series, when) for when in (*series.moved.values(), *series.extra.values()))])
    earlier = [each for each in series.between(START, latest + timedelta(days=1)) if each.date < first]
    at, every = rhythm.at or series.at, rhythm.every_weeks or series.every_weeks
    bare = Series(first, at, rhythm.zone or series.zone, every, until=series.until)
    skipped = {_in_week(bare, day) for day in series.skip}
    return replace(
        bare,
        skip=frozenset(day for day in skipped if day and (day != first or first in series.skip)),
        moved={day: _instant(series, when) for day, when in series.moved.items() if bare.on(day)},
        extra={
            **{each.date: each.starts for each in earlier},
            **{
                day: _instant(series, when)
                for day, when in series.extra.items()
                if day >= first and bare.on(day) is None
            },
        },
    )


def _in_week(series: Series, day: date) -> date | None:
    """The date of a bare series in the week of a day, from Monday on: a week that is skipped stays skipped."""
    monday = day - timedelta(days=day.weekday())
    week = (monday + timedelta(days=number) for number in range(7))
    return day if series.on(day) else next((each for each in week if series.on(each)), None)


def _excepted(series: Series, changes: Changes) -> tuple[Series, Dates]:
    """The series with the dates that admins changed, and when what they cancelled would have started."""
    skip, moved, extra = set(series.skip), dict(series.moved), dict(series.extra)
    bare = replace(series, skip=frozenset(), moved={}, extra={})
    off = {*changes.skip, *changes.cancel}
    added = {day: when for day, when in changes.extra.items() if day not in off}
    for day, when in (*changes.moved.items(), *added.items()):
        skip.discard(day)
        planned = bare.on(day)
        if planned and planned.starts == _instant(series, when):  # held as it is planned
            moved.pop(day, None)
        else:
            away = planned is None and (day in extra or day in changes.extra)
            (extra if away else moved)[day] = when
    cancelled: dict[date, datetime] = {}
    begins = {each.first for each in changes.rhythms}
    for day in sorted(off):
        when = moved.pop(day, None) or extra.pop(day, None) or changes.extra.get(day)
        planned = bare.on(day)
        if not planned and not when and begins and day >= min(begins):
            # Called off before the rhythm changed: the week stays without a session, if it has another date.
            other = _in_week(bare, day)
            skip |= {other} - begins if other else set()
            continue
        if planned or not when:
            skip.add(day)
        if day in changes.cancel and (when or planned):
            cancelled[day] = _instant(series, when) if when else planned.starts if planned else START
    return replace(series, skip=frozenset(skip), moved=moved, extra=extra), cancelled


def _paused(series: Series, pauses: Iterable[tuple[date, date | None]]) -> Series:
    """The series without the sessions that would be held in a pause which is over."""
    skip, moved, extra = set(series.skip), dict(series.moved), dict(series.extra)
    for since, until in ((since, until) for since, until in pauses if until):
        dawn, dusk = (instant(day, time.min, series.clocks) - timedelta.resolution for day in (since, until))
        for session in series.between(dawn, dusk):
            if extra.pop(session.date, None) is None:
                moved.pop(session.date, None)
                skip.add(session.date)
    return replace(series, skip=frozenset(skip), moved=moved, extra=extra)


def _instant(series: Series, when: datetime) -> datetime:
    return instant(when.date(), when.time(), series.clocks) if when.utcoffset() is None else when


def _texts(days: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def _moments(dates: Dates) -> dict[str, str]:
    return {day.isoformat(): when.isoformat() for day, when in sorted(dates.items())}


def _dates(plain: Mapping[str, str]) -> Dates:
    return {date.fromisoformat(day): datetime.fromisoformat(when) for day, when in plain.items()}

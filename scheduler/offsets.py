"""A moment told from another one, as a host writes it: `-24h`, `-7d`, `+1d 10:00`, `+Sat 10:00`.

Hours and minutes pass by the clock: `-24h` is 24 hours before, also in a night of which the wall shows 23.
Days are those of the calendar: `-7d` is the same wall time a week before, whatever the clocks did in between.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from scheduler.errors import PlanError
from scheduler.zones import instant

FARTHEST = timedelta(days=56)
"""An offset longer than the eight weeks that are planned ahead would never be looked at in time."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Elapsed:
    """So much later by the clock, or earlier when negative; in whole minutes."""

    by: timedelta

    def moment(self, start: datetime, clocks: tzinfo) -> datetime:
        """Told from a moment in UTC, in UTC; the place does not matter."""
        return start + self.by

    @property
    def reach(self) -> timedelta:
        """How far from where it is told it can lie at most."""
        return abs(self.by)

    def __str__(self) -> str:
        hours, minutes = divmod(self.reach // timedelta(minutes=1), 60)
        parts = f"{hours}h" * bool(hours) + f"{minutes}min" * bool(minutes or not hours)
        return f"{'-' if self.by < timedelta() else '+'}{parts}"


@dataclass(frozen=True)
class Days:
    """So many dates later or earlier, at a wall time: that of the moment it is told from, unless given."""

    days: int
    at: time | None = None

    def moment(self, start: datetime, clocks: tzinfo) -> datetime:
        """Told from a moment in UTC, in UTC; the calendar is that of those clocks."""
        local = start.astimezone(clocks)
        return instant(local.date() + timedelta(days=self.days), self.at or local.time(), clocks)

    @property
    def reach(self) -> timedelta:
        """How far from where it is told it can lie at most: the time of day and a gap may add a day each."""
        return timedelta(days=abs(self.days) + 2)

    def __str__(self) -> str:
        return f"{'-' if self.days < 0 else '+'}{abs(self.days)}d{f' {self.at:%H:%M}' if self.at else ''}"


@dataclass(frozen=True)
class Weekday:
    """The first such weekday and wall time after the moment it is told from, or the last before it."""

    weekday: int  # 0 is Monday, as in datetime
    at: time
    before: bool = False

    def moment(self, start: datetime, clocks: tzinfo) -> datetime:
        """Told from a moment in UTC, in UTC; the calendar is that of those clocks."""
        week = -7 if self.before else 7
        today = start.astimezone(clocks).date()
        day = today + timedelta(days=(self.weekday - today.weekday()) % week)
        found = instant(day, self.at, clocks)
        there = found < start if self.before else found > start
        return found if there else instant(day + timedelta(days=week), self.at, clocks)

    @property
    def reach(self) -> timedelta:
        """How far from where it is told it can lie at most: a week, and what a gap may add."""
        return timedelta(days=9)

    def __str__(self) -> str:
        return f"{'-' if self.before else '+'}{DAYS[self.weekday]} {self.at:%H:%M}"


Offset = Elapsed | Days | Weekday

_CLOCK = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
_ELAPSED = re.compile(r"(?=.)(?:(?P<hours>\d{1,4})h)?(?:(?P<minutes>\d{1,5})min)?", re.ASCII)
_DAYS = re.compile(rf"(?P<days>\d{{1,3}})d(?: {_CLOCK})?", re.ASCII)
_WEEKDAY = re.compile(rf"(?P<day>[a-z]{{3}}) {_CLOCK}", re.ASCII)
_USAGE = "Write -24h, -90min or -7d for before, +1d 10:00 or +Sat 10:00 for after."


def offset(text: str) -> Offset:
    """What a host wrote; each offset's `str` reads back as itself."""
    words = " ".join(text.replace("−", "-").casefold().split())
    found = _read(words[1:], before=words[0] == "-") if words[:1] in {"-", "+"} else None
    if found is None:
        raise PlanError(f"I cannot read {text[:40]!r} as a time around a session. {_USAGE}")
    if found.reach > FARTHEST:
        raise PlanError(f"{text[:40]} is too far from its session: the most is {FARTHEST.days - 2} days.")
    return found


def _read(words: str, *, before: bool) -> Offset | None:
    sign = -1 if before else 1
    if match := _ELAPSED.fullmatch(words):
        return Elapsed(sign * timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0)))
    if match := _DAYS.fullmatch(words):
        return Days(sign * int(match["days"]), _clock(match) if match["hour"] else None)
    if (match := _WEEKDAY.fullmatch(words)) and match["day"].title() in DAYS:
        return Weekday(DAYS.index(match["day"].title()), _clock(match), before)
    return None


def _clock(match: re.Match[str]) -> time:
    return time(int(match["hour"]), int(match["minute"]))

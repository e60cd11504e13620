"""The beat of a series: its planned dates, counted from 0, and the instant each of them means.

Counting instead of walking: the thousandth date costs what the first does.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.zones import LATEST, instant

Day = date
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """Every `period` from `first` until a last date, at `at` on those clocks."""

    first: date
    at: time
    clocks: ZoneInfo
    period: timedelta
    last: int

    @classmethod
    def every(cls, weeks: int, first: date, at: time, clocks: ZoneInfo, until: date | None) -> "Rule":
        """The rule that plans no date after `until`."""
        period = timedelta(weeks=weeks)
        return cls(first, at, clocks, period, (min(until or LATEST, LATEST) - first) // period)

    def date(self, position: int) -> Day:
        """The planned date of that position."""
        return self.first + position * self.period

    def start(self, position: int) -> datetime:
        """When that date's session starts, in UTC."""
        return instant(self.date(position), self.at, self.clocks)

    def position(self, day: Day) -> int:
        """Of the last planned date not after that day; -1 before the first."""
        return max(-1, min(self.last, (day - self.first) // self.period))

    def plans(self, day: Day) -> bool:
        """Whether the day is a planned date."""
        return day >= self.first and self.date(self.position(day)) == day

    def reached(self, moment: datetime) -> int:
        """The position of the last start not after that moment; -1 before the first."""
        day = moment.astimezone(self.clocks).date()
        position = self.position(day)
        # The wall shows the day before once clocks were put back over midnight, and a gap moves a start past it.
        while (
            position < self.last and self.date(position + 1) - day <= A_DAY and self.start(position + 1) <= moment
        ):
            position += 1
        while position >= 0 and day - self.date(position) <= A_DAY and self.start(position) > moment:
            position -= 1
        return position

    def near(self, day: Day) -> list[Day]:
        """The one or two planned dates nearest to a day."""
        before = self.position(day)
        return [self.date(each) for each in (before, before + 1) if 0 <= each <= self.last]

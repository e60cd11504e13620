"""A weekly session in wall time: when each one really starts, whatever the clocks do in between.

A series keeps what its people agreed on: a date, a time on the wall, a place's clocks. Every planned date gives
one session: a time that the clocks skip moves forward by the gap, one that they show twice means the first.
Instants are worked out anew each time, so a new time zone database moves what is still to come and nothing else.

    series = Series(date(2026, 11, 25), time(18, 30), "Australia/Sydney", skip=frozenset({date(2026, 12, 23)}))
    series.between(now, now + timedelta(weeks=8))
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from heapq import merge
from math import lcm
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.checks import check_collisions, check_exceptions, check_rule
from scheduler.rule import Rule
from scheduler.zones import END, instant, utc, zone

APART = timedelta(hours=3)
"""Sessions that start closer together than this share an evening."""

Day = date
Dates = Mapping[date, datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One session that is held."""

    starts: datetime
    """The instant, in UTC."""
    local: datetime
    """The same in the series' zone, as the clock on the wall will show it."""
    date: Day
    """The local date it was planned for, which it keeps when it is moved."""
    number: int
    """Its place, from 1, among the sessions in the order they are held: a skipped week pushes the rest."""
    moved: bool

    @property
    def key(self) -> str:
        """What it is called for good, like `2026-11-25`."""
        return self.date.isoformat()


@dataclass(frozen=True)
class Series:
    """A session every `every_weeks` weeks from `first`, at `at` on the clocks of `zone`.

    `skip` are planned dates on which nobody meets. `moved` says when a planned date's session is held instead,
    `extra` when one is held whose date was not planned. A datetime without a zone is wall time there. `until` is
    the last date that may be planned. What makes no sense is refused, with a SeriesError that says what would.
    """

    first: date
    at: time
    zone: str
    every_weeks: int = 1
    skip: frozenset[date] = frozenset()
    moved: Dates = field(default_factory=dict[date, datetime], hash=False)
    _: KW_ONLY
    extra: Dates = field(default_factory=dict[date, datetime], hash=False)
    until: date | None = None

    def __post_init__(self) -> None:
        # Copies that nobody can change behind the checks.
        object.__setattr__(self, "skip", frozenset(self.skip))
        object.__setattr__(self, "moved", MappingProxyType(dict(self.moved)))
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))
        check_rule(self.first, self.at, self.every_weeks, self.until)
        check_exceptions(self._rule, self.skip, self.moved, self.extra)
        check_collisions(self._rule, self._away, self._placed)

    def between(self, after: datetime, until: datetime) -> list[Occurrence]:
        """The sessions with after < `starts` ≤ until, in the order they are held."""
        return list(self._held(utc(after), utc(until)))

    def next(self, after: datetime) -> Occurrence | None:
        """The first session that starts after that moment, or None."""
        return next(self._held(utc(after), END), None)

    def on(self, day: date) -> Occurrence | None:
        """The session planned for that date, whenever it is held; None if it is not."""
        for starts, placed in self._placed:
            if placed == day:
                return self._by_hand(starts, day)
        return self._by_rule(self._rule.position(day)) if self._rule.plans(day) and day not in self.skip else None

    def overlap(self, other: "Series", apart: timedelta = APART) -> tuple[Occurrence, Occurrence] | None:
        """The first session here and the one there that start less than `apart` from each other, or None."""
        # Two years show every change of the clocks, twice both rhythms every way they can meet.
        weeks = timedelta(weeks=max(106, 2 * lcm(self.every_weeks, other.every_weeks)))
        both = datetime.combine(max(self.first, other.first), time.min, UTC)
        edges = [both, both + weeks, *(starts for starts, _ in (*self._placed, *other._placed))]
        for mine in self.between(min(edges) - timedelta(days=2), max(edges) + timedelta(days=2)):
            for theirs in other.between(mine.starts - apart, mine.starts + apart):
                if abs(mine.starts - theirs.starts) < apart:
                    return mine, theirs
        return None

    @cached_property
    def clocks(self) -> ZoneInfo:
        """The zone itself."""
        return zone(self.zone)

    @cached_property
    def _rule(self) -> Rule:
        return Rule.every(self.every_weeks, self.first, self.at, self.clocks, self.until)

    @cached_property
    def _away(self) -> list[date]:
        """The planned dates that are not held as the rule says, sorted."""
        return sorted({*self.skip, *self.moved})

    @cached_property
    def _placed(self) -> list[tuple[datetime, date]]:
        """Start and date of each session that is held where somebody put it, sorted."""
        return sorted(
            (instant(when.date(), when.time(), self.clocks) if when.utcoffset() is None else utc(when), day)
            for day, when in (*self.moved.items(), *self.extra.items())
        )

    def _held(self, after: datetime, until: datetime) -> Iterator[Occurrence]:
        positions = range(self._rule.reached(after) + 1, self._rule.reached(until) + 1)
        away = set(self._away)
        by_rule = (self._by_rule(each) for each in positions if not away or self._rule.date(each) not in away)
        if not self._placed:
            return by_rule
        by_hand = (self._by_hand(starts, day) for starts, day in self._placed if after < starts <= until)
        return merge(by_rule, by_hand, key=lambda occurrence: occurrence.starts)

    def _by_rule(self, position: int) -> Occurrence:
        day = self._rule.date(position)
        starts = self._rule.start(position)
        return self._occurrence(day, starts, position + 1 - bisect_right(self._away, day))

    def _by_hand(self, starts: datetime, day: date) -> Occurrence:
        position = self._rule.reached(starts)
        return self._occurrence(day, starts, position + 1 - bisect_right(self._away, self._rule.date(position)))

    def _occurrence(self, day: date, starts: datetime, ruled: int) -> Occurrence:
        """`ruled`: how many sessions the rule has held when this one starts; those placed by hand come on top."""
        return Occurrence(
            starts=starts,
            local=starts.astimezone(self.clocks),
            date=day,
            number=ruled + bisect_right(self._placed, (starts, date.max)),
            moved=day in self.moved,
        )

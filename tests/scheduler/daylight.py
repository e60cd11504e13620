"""Every way clocks change in 2026 and 2027, read from the time zone database: for the scan and its benchmark.

What is right is worked out from the offsets on both sides of a switch, not with `fold`: another road to the same.
"""

import re
import zoneinfo
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

YEARS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
HALF_HOURS = tuple(time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30))
DATABASES = ("system", "package")


@dataclass(frozen=True, kw_only=True)
class Switch:
    """Clocks of a zone going from one offset to another at an instant."""

    zone: str
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def day(self) -> date:
        """The local date on which the clocks are changed."""
        return (self.at + self.before).date()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A weekly session of whose dates one lies beside a switch."""

    switch: Switch
    day: date
    at: time

    @cached_property
    def instants(self) -> list[datetime]:
        """All the moments at which the wall shows that date and time: one, two in a fold, none in a gap."""
        wall = datetime.combine(self.day, self.at, UTC)
        early, late = wall - self.switch.before, wall - self.switch.after
        return sorted({each for each in (early, late) if each + self._offset(each) == wall})

    @property
    def right(self) -> datetime:
        """The first of those moments; in a gap, as much after it as the time was inside."""
        wall = datetime.combine(self.day, self.at, UTC)
        return self.instants[0] if self.instants else wall - self.switch.before

    def _offset(self, moment: datetime) -> timedelta:
        return self.switch.before if moment < self.switch.at else self.switch.after


Rule = tuple[Switch, ...]
"""The switches of all zones that change their clocks alike; one zone stands for them."""


def rules() -> list[Rule]:
    """Every rule of the database that is being read."""
    found: dict[tuple[tuple[datetime, timedelta, timedelta], ...], Rule] = {}
    for name in sorted(zoneinfo.available_timezones(), key=lambda name: ("/" not in name, name)):
        switches = tuple(_switches(name))
        if switches:
            found.setdefault(tuple((each.at, each.before, each.after) for each in switches), switches)
    return list(found.values())


def cases(found: Iterable[Rule]) -> Iterator[Case]:
    """Every switch of every rule × the day before, of and after × every half hour."""
    for switch in (switch for rule in found for switch in rule):
        for days in (-1, 0, 1):
            for at in HALF_HOURS:
                yield Case(switch=switch, day=switch.day + timedelta(days=days), at=at)


def _switches(name: str) -> Iterator[Switch]:
    zone = ZoneInfo(name)

    def offset(moment: datetime) -> timedelta:
        return moment.astimezone(zone).utcoffset() or timedelta()

    moment, end = YEARS
    before = offset(moment)
    while moment < end:
        # No zone changes its clocks twice in a week, in these years.
        later = min(moment + timedelta(weeks=1), end)
        after = offset(later)
        if before != after:
            low, high = moment, later
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            yield Switch(zone=name, at=high.replace(second=0, microsecond=0), before=before, after=after)
        moment, before = later, after


@contextmanager
def database(name: str) -> Generator[str | None]:
    """Read zones from this machine's database or the tzdata package, and say its version; None if not there."""
    kept = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=kept if name == "system" else ())
    ZoneInfo.clear_cache()
    try:
        yield _system(kept) if name == "system" else _package()
    finally:
        zoneinfo.reset_tzpath(to=kept)
        ZoneInfo.clear_cache()


def _system(paths: tuple[str, ...]) -> str | None:
    for path in map(Path, paths):
        if (path / "Europe" / "Berlin").exists():
            source = path / "tzdata.zi"
            line = source.read_text(encoding="utf-8").partition("\n")[0] if source.exists() else ""
            found = re.search(r"version (\w+)", line)
            return found[1] if found else "unknown"
    return None


def _package() -> str | None:
    try:
        import tzdata
    except ModuleNotFoundError:
        return None
    return tzdata.IANA_VERSION

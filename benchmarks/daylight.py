"""Weekly sessions beside every change of the clocks in 2026 and 2027: the series, and APScheduler's triggers.

    .venv/bin/python -m benchmarks.daylight [--database system|package] [--series N]

First what becomes of each case of tests/scheduler/test_dst_scan.py: a trigger is asked as by a process that runs
since ten days before. Then how long N series take, to be made and to say their sessions of eight weeks.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from time import perf_counter
from typing import Protocol

import apscheduler
from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger
from apscheduler.triggers.cron import CronTrigger

from scheduler.series import Series
from tests.scheduler.daylight import DATABASES, HALF_HOURS, Case, cases, database, rules

FIRST = date(2026, 11, 25)
TEN_DAYS = timedelta(days=10)
A_MOMENT = timedelta(milliseconds=1)
"""How late a process wakes."""
OUTCOMES = ("at its time", "moved past a gap", "twice", "at another time", "left out: in a gap", "left out: valid")


class Weekly(Protocol):
    """A session every week from a date, as one library has it."""

    def between(self, after: datetime, until: datetime) -> list[datetime]:
        """The instants with after < instant ≤ until."""
        ...


class Ours:
    """`scheduler.series`."""

    def __init__(self, first: date, at: time, zone: str) -> None:
        self._series = Series(first, at, zone)

    def between(self, after: datetime, until: datetime) -> list[datetime]:
        """Of the occurrences, the start."""
        return [each.starts for each in self._series.between(after, until)]


class Triggered:
    """A trigger, asked for one time after the other as APScheduler does."""

    def __init__(self, trigger: CronTrigger | CalendarIntervalTrigger) -> None:
        self._trigger = trigger

    def between(self, after: datetime, until: datetime) -> list[datetime]:
        """What the trigger gives from `after` on."""
        return [each for each in takewhile(lambda each: each <= until, self._fires(after)) if each > after]

    def _fires(self, now: datetime) -> Iterator[datetime]:
        previous: datetime | None = None
        while (fires := self._trigger.get_next_fire_time(previous, now)) is not None:
            moment = fires.astimezone(UTC)
            yield moment
            previous, now = fires, max(now, moment + A_MOMENT)


def cron(first: date, at: time, zone: str) -> Weekly:
    """`CronTrigger`, with the weekday by name."""
    return Triggered(CronTrigger(day_of_week=f"{first:%a}".lower(), hour=at.hour, minute=at.minute, timezone=zone))


def calendar(first: date, at: time, zone: str) -> Weekly:
    """`CalendarIntervalTrigger`, from the first date on."""
    return Triggered(
        CalendarIntervalTrigger(weeks=1, hour=at.hour, minute=at.minute, start_date=first, timezone=zone)
    )


WAYS: dict[str, Callable[[date, time, str], Weekly]] = {
    "`Series`": Ours,
    "`CronTrigger`": cron,
    "`CalendarIntervalTrigger`": calendar,
}


def outcome(case: Case, way: Callable[[date, time, str], Weekly]) -> str:
    """What becomes of the case's week."""
    weekly = way(case.day - timedelta(weeks=1), case.at, case.switch.zone)
    half = timedelta(days=3, hours=12)
    found = weekly.between(case.right - TEN_DAYS, case.right + TEN_DAYS)
    found = [each for each in found if abs(each - case.right) < half]
    if not found:
        return "left out: valid" if case.instants else "left out: in a gap"
    if len(found) > 1:
        return "twice"
    if found != [case.right]:
        return "at another time"
    return "at its time" if case.instants else "moved past a gap"


def scan(tried: list[Case]) -> None:
    """Print what becomes of the cases."""
    print(f"| of {len(tried):,} cases | {' | '.join(OUTCOMES)} |\n|---|{'--:|' * len(OUTCOMES)}")
    for name, way in WAYS.items():
        counts = Counter(outcome(case, way) for case in tried)
        print(f"| {name} | {' | '.join(f'{counts[each]:,}' for each in OUTCOMES)} |")


def clock(count: int, zones: list[str]) -> None:
    """Print how long it takes to make `count` of each and to find eight weeks of sessions, soon and far away."""
    print(f"| {count:,} series | s to make | s for eight weeks | µs a session | µs a session, 26 years later |")
    print("|---|--:|--:|--:|--:|")
    for name, way in WAYS.items():
        started = perf_counter()
        made = [
            way(FIRST + timedelta(days=each % 7), HALF_HOURS[each % 48], zones[each % len(zones)])
            for each in range(count)
        ]
        ready = perf_counter() - started
        soon, each_soon = eight_weeks(made, datetime(2026, 12, 8, tzinfo=UTC))
        # A hundredth will do: one of the ways walks there.
        _, each_far = eight_weeks(made[: count // 100], datetime(2052, 12, 8, tzinfo=UTC))
        print(f"| {name} | {ready:.2f} | {soon:.2f} | {each_soon * 1e6:.0f} | {each_far * 1e6:.0f} |")


def eight_weeks(made: list[Weekly], begin: datetime) -> tuple[float, float]:
    """Seconds in all, and for each session found."""
    started = perf_counter()
    found = sum(len(each.between(begin, begin + timedelta(weeks=8))) for each in made)
    seconds = perf_counter() - started
    return seconds, seconds / found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="system")
    parser.add_argument("--series", type=int, default=10_000)
    arguments = parser.parse_args()
    with database(arguments.database) as version:
        if version is None:
            raise SystemExit(f"There is no {arguments.database} time zone database here.")
        found = rules()
        python = sys.version.split()[0]
        print(f"tzdata {version}: {len(found)} rules, {sum(map(len, found))} switches in 2026 and 2027.")
        print(f"Python {python}, APScheduler {apscheduler.version}.\n")
        scan(list(cases(found)))
        print()
        clock(arguments.series, [switches[0].zone for switches in found])


if __name__ == "__main__":
    main()

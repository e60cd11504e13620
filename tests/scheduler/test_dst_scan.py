"""Every way clocks change in 2026 and 2027, against the series: exactly one session a week, at its wall time.

The number of cases is the database's. In tzdata 2025b, 30 rules with 4 switches each make 17,280. In 2026f there
are 16,704: Vancouver, Edmonton and Winnipeg no longer change their clocks, each a rule of its own with one switch;
Morocco has its last in 2026, Havana keeps summer time over a winter, and Chisinau changes with its neighbours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.series import Series
from tests.scheduler.daylight import DATABASES, Case, Rule, cases, database, rules

KNOWN = {"2025b": (30, 120, 17_280), "2026f": (32, 116, 16_704)}
"""Rules, switches and cases by the version of the database."""
A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What one database gives to be tried."""

    version: str
    rules: list[Rule]
    cases: list[Case]


@pytest.fixture(params=DATABASES, scope="module")
def scan(request: pytest.FixtureRequest) -> Iterator[Scan]:
    """The zones of this machine, then those of the package."""
    with database(request.param) as version:
        if version is None:
            pytest.skip(f"there is no {request.param} time zone database here")
        found = rules()
        yield Scan(version=version, rules=found, cases=list(cases(found)))


def test_the_cases_are_all_there(scan: Scan) -> None:
    """As many rules, switches and cases as the database is known to have; in one not known yet, many."""
    switches = sum(map(len, scan.rules))
    seen = (len(scan.rules), switches, len(scan.cases))
    assert seen == KNOWN.get(scan.version, (len(scan.rules), switches, switches * 3 * 48))
    assert len(scan.rules) >= 25
    assert len(scan.cases) >= 10_000


def test_one_session_a_week_whatever_the_clocks_do(scan: Scan) -> None:
    """In the weeks around each case: each date once, in order, at the wall time asked for except in a gap."""
    for case in scan.cases:
        series = Series(case.day - A_WEEK, case.at, case.switch.zone)
        held = series.between(case.right - 1.5 * A_WEEK, case.right + 1.5 * A_WEEK)
        assert [(each.date - case.day, each.number) for each in held] == [
            (-A_WEEK, 1),
            (0 * A_WEEK, 2),
            (A_WEEK, 3),
        ]
        assert held[1].starts == case.right, case
        gap = timedelta() if case.instants else case.switch.after - case.switch.before
        for each, late in zip(held, (timedelta(), gap, timedelta()), strict=True):
            wanted = (datetime.combine(each.date, case.at) + late).isoformat()
            assert each.local.isoformat().startswith(wanted), case


def second(case: Case) -> datetime:
    """The second time in a repeated hour; backward out of a gap."""
    return datetime.combine(case.day, case.at.replace(fold=1), ZoneInfo(case.switch.zone)).astimezone(UTC)


def walking(case: Case) -> datetime:
    """Seven times 24 hours after the week before."""
    return datetime.combine(case.day - A_WEEK, case.at, ZoneInfo(case.switch.zone)).astimezone(UTC) + A_WEEK


def test_the_scan_catches_other_rules(scan: Scan) -> None:
    """Rules that people write in earnest are found out: by every gap and fold, or by most cases."""
    caught = [case for case in scan.cases if second(case) != case.right]
    assert caught == [case for case in scan.cases if len(case.instants) != 1]
    assert len(caught) > 200
    assert sum(walking(case) != case.right for case in scan.cases) > len(scan.cases) / 2

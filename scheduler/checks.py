"""What a series refuses when it is made, and what would be right: sentences for the host."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from scheduler.errors import SeriesError
from scheduler.rule import Rule
from scheduler.zones import EARLIEST, LATEST

MOST_WEEKS = 52
"""Between two sessions; more is a slip of the hand."""


def check_rule(first: date, at: time, every_weeks: int, until: date | None) -> None:
    """A first date, a wall time, a rhythm and an end that go together."""
    check_days("first", [first])
    if at.tzinfo is not None:
        raise SeriesError(f"at is a time on the wall, {at:%H:%M}: leave its zone out, the series has one.")
    if not 1 <= every_weeks <= MOST_WEEKS:
        raise SeriesError(f"every_weeks is {every_weeks}: it must be from 1, for every week, to {MOST_WEEKS}.")
    if until is None:
        return
    check_days("until", [until])
    if until < first:
        raise SeriesError(
            f"The series ends on {say(until)}, before it begins: until must be {say(first)} or later."
        )


def check_exceptions(
    rule: Rule, skip: Collection[date], moved: Mapping[date, datetime], extra: Mapping[date, datetime]
) -> None:
    """Exceptions to dates that there are, one for each."""
    for what, days in (("skip", skip), ("moved", moved)):
        check_days(what, days)
        for day in sorted(days):
            if not rule.plans(day):
                near = " and ".join(map(say, rule.near(day)))
                raise SeriesError(f"{what}: {say(day)} is no date of this series; the nearest: {near}.")
    check_days("extra", extra)
    for what, sessions in (("moved", moved), ("extra", extra)):
        check_days(f"{what} to", [when.date() for when in sessions.values()])
    for day in sorted(moved):
        if day in skip:
            raise SeriesError(f"{say(day)} is both skipped and moved: take it out of skip or out of moved.")
    for day in sorted(extra):
        if rule.plans(day):
            raise SeriesError(
                f"extra: {say(day)} is a date of this series already; move it, or take it out of skip."
            )


def check_collisions(rule: Rule, away: Collection[date], placed: Sequence[tuple[datetime, date]]) -> None:
    """Never two sessions on one local date: a week's thread could not tell them apart."""
    taken: dict[date, date] = {}
    for starts, day in placed:
        held = starts.astimezone(rule.clocks).date()
        if other := taken.get(held) or _held_by_rule(rule, away, held):
            raise SeriesError(
                f"{say(day)} cannot be held on {say(held)}: the session of {say(other)} is held there. "
                "Choose another day, or move or skip that one."
            )
        taken[held] = day


def _held_by_rule(rule: Rule, away: Collection[date], held: date) -> date | None:
    """The planned date whose session is on that local date: itself, or the day before when a gap moved it."""
    for day in (held, held - timedelta(days=1)):
        if rule.plans(day) and day not in away:
            starts = rule.start(rule.position(day))
            if starts.astimezone(rule.clocks).date() == held:
                return day
    return None


def check_days(what: str, days: Iterable[date]) -> None:
    """Dates without a time, in years that a calendar has use for."""
    for day in days:
        if isinstance(day, datetime):
            raise SeriesError(f"{what}: {day} must be a date without a time, {day.date()}.")
        if not EARLIEST <= day <= LATEST:
            raise SeriesError(f"{what}: {day} must be in one of the years {EARLIEST.year} to {LATEST.year}.")


def say(day: date) -> str:
    """`Wed 2026-11-25`: the weekday shows a slip at once."""
    return f"{day:%a} {day}"

"""What the tests of this folder share: a group that meets on Wednesdays in Sydney, and times as text."""

from datetime import UTC, date, datetime, time

from scheduler.series import Series

WEDNESDAY = date(2026, 11, 25)
SYDNEY = Series(WEDNESDAY, time(18, 30), "Australia/Sydney")


def wall(text: str) -> datetime:
    """A time on the wall, in whichever zone."""
    return datetime.fromisoformat(text)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

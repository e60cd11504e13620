"""A member's days by the clocks on their wall, whatever those do in between."""

from datetime import date, datetime, time, timedelta

from scheduler.zones import instant, zone


def today(now: datetime, name: str) -> date:
    """The date on that wall."""
    return now.astimezone(zone(name)).date()


def begins(day: date, name: str) -> datetime:
    """When a day begins there."""
    return instant(day, time(), zone(name))


def ends(day: date, name: str) -> datetime:
    """When it ends: as the next one begins."""
    return begins(day + timedelta(days=1), name)


def at(day: date, clock: time, name: str) -> datetime:
    """When the wall shows that time; one that the clocks skip comes after the gap, of two it is the first."""
    return instant(day, clock, zone(name))

"""Places and their clocks: zones by their IANA names, and which instant a wall time means there.

A wall time that the clocks skip moves forward by the gap (02:30 becomes 03:30); one that they show twice means the
first. Both are what Python's `fold=0` arithmetic does, so a wall time is always exactly one instant.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from scheduler.errors import SeriesError, UnknownZone

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
"""The calendar of this package: far enough for any group, and no sum with a few weeks in it can overflow."""
START, END = (datetime.combine(day, time.min, UTC) for day in (EARLIEST, LATEST))

# As the database writes it: neither `right/…` (which counts leap seconds) nor a file beside the zones.
_NAME = re.compile(r"[A-Z][A-Za-z0-9+_-]{1,30}(/[A-Z][A-Za-z0-9+_-]{1,30}){0,2}")
_LONGEST_GUESS = 60

_ABBREVIATIONS = {
    "Z": ("UTC",),
    "GMT": ("UTC", "Europe/London", "Africa/Accra"),
    "BST": ("Europe/London", "Asia/Dhaka"),
    "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "WET": ("Europe/Lisbon",),
    "MET": ("Europe/Berlin", "Europe/Paris"),
    "CET": ("Europe/Berlin", "Europe/Paris", "Africa/Algiers"),
    "EET": ("Europe/Athens", "Europe/Kyiv", "Africa/Cairo"),
    "MSK": ("Europe/Moscow",),
    "EST": ("America/New_York", "America/Toronto", "America/Panama"),
    "CST": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    "MST": ("America/Denver", "America/Phoenix"),
    "PST": ("America/Los_Angeles", "America/Vancouver", "Asia/Manila"),
    "HST": ("Pacific/Honolulu",),
    "PKT": ("Asia/Karachi",),
    "SGT": ("Asia/Singapore",),
    "JST": ("Asia/Tokyo",),
    "KST": ("Asia/Seoul",),
    "AEST": ("Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane"),
    "ACST": ("Australia/Adelaide", "Australia/Darwin"),
    "AWST": ("Australia/Perth",),
    "NZST": ("Pacific/Auckland",),
}
# Summer's name for the same clocks; the database itself adds the likes of EST5EDT.
_SUMMER = re.compile(r"(?P<stem>[A-Z]{1,2})(?:DT|ST[0-9]{1,2}[A-Z]DT)|(?P<europe>[CEW]E)ST")


def zone(name: str) -> ZoneInfo:
    """The zone of that name, like `Australia/Sydney`."""
    if places := _meant(name):
        # Some load all the same: EST is New York's winter all year.
        why = "is an abbreviation: it does not say whose clocks to follow when they change"
        raise UnknownZone(name, why, places)
    if _NAME.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones is no zone
            pass
    near = _nearest(name) if len(name) <= _LONGEST_GUESS else ()
    raise UnknownZone(name, "is no zone that I know", near or ("Europe/Berlin", "Australia/Sydney", "UTC"))


def instant(day: date, at: time, where: tzinfo | None) -> datetime:
    """The one moment, in UTC, that a wall time of a day means there."""
    return datetime.combine(day, at.replace(fold=0) if at.fold else at, where).astimezone(UTC)


def utc(moment: datetime) -> datetime:
    """A moment in UTC, kept inside the calendar; refuses one that does not say where it is."""
    if moment.utcoffset() is None:
        text = moment.isoformat()
        raise SeriesError(
            f"{text} is a wall time, not a moment: say whose clocks, for example {text}+00:00 for UTC."
        )
    return min(max(moment, START), END).astimezone(UTC)


def _meant(name: str) -> tuple[str, ...]:
    """The places that an abbreviation may stand for: EST, and EDT and EST5EDT as well."""
    short = name.strip().upper()
    if match := _SUMMER.fullmatch(short):
        short = f"{match['stem']}ST" if match["stem"] else f"{match['europe']}T"
    return _ABBREVIATIONS.get(short, ())


def _nearest(wanted: str) -> tuple[str, ...]:
    """Up to three names that it may have been meant for: the city counts as much as the whole name."""
    typed = "_".join(wanted.casefold().split())
    names = sorted(name for name in available_timezones() if _NAME.fullmatch(name) and not _meant(name))
    cities = _by(names, city=True)
    if typed in cities:
        return tuple(cities[typed][:3])
    whole = _by(names, city=False)
    found = [
        name
        for guess in get_close_matches(typed, [*whole, *cities], n=3, cutoff=0.75)
        for name in (whole.get(guess) or cities[guess])
    ]
    return tuple(dict.fromkeys(found))[:3]


def _by(names: Iterable[str], *, city: bool) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for name in names:
        table.setdefault((name.rpartition("/")[2] if city else name).casefold(), []).append(name)
    return table

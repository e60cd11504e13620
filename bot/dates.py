"""Dates and times that admins type: a few strict forms, and never a silent guess.

`when` and `day` read the forms below; a date that cannot be gets a sentence, and text in no such form is Unread.
For that `proposal` makes a guess, in English, German or Spanish: it is slow, so the caller runs it in a thread,
and it is only ever a question (`asking`) that the person answers.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.values import Choice, code, moment
from scheduler.errors import SeriesError
from scheduler.offsets import DAYS
from scheduler.zones import EARLIEST, LATEST, instant, utc, zone

LONGEST = 64
"""Characters: a date is short, and a long text makes dateparser slow."""
LANGUAGES = ["en", "de", "es"]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FULL_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
FULL_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FORMS = "`2026-11-25 18:30`, `Wed 18:30`, `25 Nov 18:30` or `25 Nov 2026 18:30`"
DAY_FORMS = "`2026-11-25`, `Wed`, `25 Nov` or `25 Nov 2026`"

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)"
_ISO = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_SAID = r"(?:(?P<weekday>[a-z]{3,9}),? )?(?P<day>\d{1,2}) (?P<name>[a-z]{3,9})(?: (?P<year>\d{4}))?"
_FORMS = (
    re.compile(rf"{_ISO}(?:[ t]{_CLOCK}(?::00)?(?P<offset>z|[+-]\d\d:\d\d)?)?", re.ASCII),
    re.compile(rf"{_SAID}(?:,? {_CLOCK})?", re.ASCII),
    re.compile(rf"(?P<weekday>[a-z]{{3,9}})(?:,? {_CLOCK})?", re.ASCII),
)
_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b.*", re.ASCII)
# The last is no zone, but the sentence about it says which place to name.
_PLACE = re.compile(
    r" \(?(?P<zone>UTC|[A-Za-z][A-Za-z0-9+_-]*(?:/[A-Za-z0-9+_-]+){1,2}|(?<=:\d\d )[A-Z]{2,5})\)?$"
)
# As Discord writes a moment; we write one so, with how long it is until then.
_STAMP = re.compile(r"<t:(-?\d{1,12})(?::[tTdDfFsSR])?>(?: ?\(<t:\1:R>\))?", re.ASCII)

NEAR = timedelta(days=183)
"""A date without a year that is over means the next one only if that is as near as this."""


class Unread(UserError):
    """Not in one of our forms: what a proposal may be made of."""


@dataclass(frozen=True)
class _Typed:
    """What was typed, taken apart: parts are None where they were left out."""

    day: date | None
    weekday: int | None
    at: time | None
    offset: str | None
    whole: bool  # whether the year was there


def when(text: str, now: datetime, group: str) -> datetime:
    """The moment that was typed, by the clocks of `group` unless it names a zone; in that zone."""
    words, where = _split(text, group, FORMS)
    if stamp := _STAMP.fullmatch(words):
        return _stamped(int(stamp[1])).astimezone(where)
    typed = _taken_apart(words, now.astimezone(where).date(), FORMS)
    if typed.at is None:
        raise UserError(f"At what time? {code(words)} is only a day: write {FORMS}.")
    if typed.offset:
        return _with_offset(typed, where)
    if typed.day is None:
        today = now.astimezone(where).date()
        day = today + timedelta(days=((typed.weekday or 0) - today.weekday()) % 7)
        if _instant(day, typed.at, where) <= now:
            day += timedelta(weeks=1)
        return _instant(day, typed.at, where).astimezone(where)
    found = _instant(typed.day, typed.at, where)
    if found <= now and not typed.whole:
        found = _instant(_next_year(typed.day, now.astimezone(where).date()), typed.at, where)
    return found.astimezone(where)


def day(text: str, now: datetime, group: str) -> date:
    """The day that was typed; a weekday or a date without a year is the next such, which may be today."""
    words, where = _split(text, group, DAY_FORMS)
    if stamp := _STAMP.fullmatch(words):
        return _stamped(int(stamp[1])).astimezone(where).date()
    today = now.astimezone(where).date()
    typed = _taken_apart(words, today, DAY_FORMS)
    if typed.at is not None:
        raise UserError(f"I only need the day, without a time: write {DAY_FORMS}.")
    if typed.day is None:
        return today + timedelta(days=((typed.weekday or 0) - today.weekday()) % 7)
    return _next_year(typed.day, today) if typed.day < today and not typed.whole else typed.day


def written(at: datetime, group: str) -> str:
    """A moment as `when` reads it back, whatever the day: `2026-11-25 18:30 Australia/Sydney`."""
    local = at.astimezone(ZoneInfo(group))
    # What the clocks show twice is told apart by the offset.
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        return local.isoformat(" ", "minutes")
    return f"{local:%Y-%m-%d %H:%M} {group}"


def proposal(text: str, now: datetime, group: str) -> datetime | None:
    """A guess at free text, to be confirmed, or None. Slow (some milliseconds): run it in a thread."""
    words = " ".join(text.split())
    # A time has a digit in it; without one, "may" would become a date.
    if not 3 <= len(words) <= LONGEST or not any(sign.isdigit() for sign in words):
        return None
    # Half a second of imports that no other command needs.
    import dateparser

    clocks = zone(group)
    try:
        found = dateparser.parse(
            words,
            languages=LANGUAGES,
            settings={
                "RELATIVE_BASE": now.astimezone(clocks).replace(tzinfo=None),
                "PREFER_DATES_FROM": "future",
                "RETURN_AS_TIMEZONE_AWARE": False,
                "DATE_ORDER": "DMY",
            },
        )
    except (ValueError, OverflowError):
        return None
    if found is None or not EARLIEST < found.date() < LATEST:
        return None
    at = instant(found.date(), time(found.hour, found.minute), clocks)
    # "tonight at 8" comes out as this very minute: then it understood nothing.
    return at.astimezone(clocks) if at - now >= timedelta(minutes=1) else None


def asking(text: str, found: datetime, group: str, command: Callable[[str], str]) -> UserError:
    """The question whether a proposal is what was meant; `command` makes the line to confirm it, from the date."""
    line = command(written(found, group))
    return UserError(
        f"Do you mean {moment(found, group)} by {code(text[:LONGEST])}? If so, write {code(line)}. "
        f"What I read without asking: {FORMS}.",
        [Choice(label="yes, that is what I mean", command=line)],
    )


def _split(text: str, group: str, forms: str) -> tuple[str, ZoneInfo]:
    """The words without the zone at their end, and whose clocks they mean."""
    words = " ".join(text.split())
    if len(words) > LONGEST:
        raise UserError(f"That is too long for a date: write {forms}.")
    found = _PLACE.search(words)
    try:
        return (words[: found.start()], zone(found["zone"])) if found else (words, zone(group))
    except SeriesError as problem:
        raise UserError(_plain(str(problem))) from problem


def _taken_apart(words: str, today: date, forms: str) -> _Typed:
    match = next((match for form in _FORMS if (match := form.fullmatch(words.casefold()))), None)
    if match is None:
        raise _strange(words, forms)
    parts = {"year": None, "month": None, "name": None, "weekday": None, "day": None, "offset": None}
    parts |= match.groupdict()
    weekday = _named(parts["weekday"], DAYS, FULL_DAYS, forms)
    month = int(parts["month"]) if parts["month"] else _named(parts["name"], MONTHS, FULL_MONTHS, forms, first=1)
    found = None
    if parts["day"] and month is not None:
        found = _date(int(parts["year"] or _year(today, month, int(parts["day"]))), month, int(parts["day"]))
    if found and weekday is not None and found.weekday() != weekday:
        raise UserError(f"{_said(found)} is a {FULL_DAYS[found.weekday()]}: which of the two do you mean?")
    return _Typed(day=found, weekday=weekday, at=_time(match), offset=parts["offset"], whole=bool(parts["year"]))


def _strange(words: str, forms: str) -> UserError:
    if not words:
        return UserError(f"Which date? Write {forms}.")
    if not (slashes := _SLASHES.fullmatch(words)):
        return Unread(f"I cannot read {code(words)} as a date: write {forms}.")
    first, second, year = (int(number) for number in slashes.groups())
    ways = [(month, day) for month, day in ((second, first), (first, second)) if 1 <= month <= 12]
    possible = list(dict.fromkeys(way for way in ways if 1 <= way[1] <= 31))
    isos = [f"`{year}-{month:02}-{day:02}`" for month, day in possible]
    if len(possible) > 1:
        both = " or ".join(f"{day} {FULL_MONTHS[month - 1]}" for month, day in possible)
        return UserError(f"{code(words)} could be {both}: write {' or '.join(isos)}.")
    return UserError(f"I read no dates like {code(words)}: write {isos[0] if isos else forms}.")


def _named(
    name: str | None, short: tuple[str, ...], full: tuple[str, ...], forms: str, *, first: int = 0
) -> int | None:
    """The number of a weekday or a month by its name, in three letters or in full."""
    if name is None:
        return None
    for number, (three, whole) in enumerate(zip(short, full, strict=True), first):
        if name in (three.casefold(), whole.casefold()):
            return number
    raise Unread(f"I know no day or month {code(name)}: write {forms}.")


def _year(today: date, month: int, day: int) -> int:
    """The year of a date without one: that of today, but for 29 February the next that has it."""
    if (month, day) != (2, 29):
        return today.year
    return next(year for year in range(today.year, today.year + 9) if isleap(year) and date(year, 2, 29) >= today)


def _date(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise UserError(f"There is no month {month}: ISO dates are year, month, day, as in `2026-11-25`.")
    if not EARLIEST.year <= year <= LATEST.year:
        raise UserError(f"The year {year} is out of reach: it must be from {EARLIEST.year} to {LATEST.year}.")
    if month == 2 and day > 29:
        raise UserError(f"February has 29 days at most, so there is no {day}: check the day.")
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise UserError(f"{FULL_MONTHS[month - 1]} {year} has {days} days, so there is no {day}: check the day.")
    return date(year, month, day)


def _stamped(seconds: int) -> datetime:
    """The minute of a moment as Discord writes it."""
    try:
        found = datetime.fromtimestamp(seconds, UTC).replace(second=0)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None or not EARLIEST < found.date() < LATEST:
        raise UserError(f"That moment is out of reach: it must be from {EARLIEST.year} to {LATEST.year}.")
    return found


def _time(match: re.Match[str]) -> time | None:
    if match["hour"] is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 23 or minute > 59:
        raise UserError(f"There is no {match['hour']}:{match['minute']} on a clock: it goes from 00:00 to 23:59.")
    return time(hour, minute)


def _next_year(day: date, today: date) -> date:
    """The same day a year later, if it is near enough to be meant."""
    leap = (day.month, day.day) == (2, 29)
    if leap or (later := day.replace(year=day.year + 1)) - today > NEAR:
        raise UserError(f"{_said(day)} is over: if you mean another year, write it too.")
    return later


def _with_offset(typed: _Typed, where: ZoneInfo) -> datetime:
    try:
        return utc(datetime.fromisoformat(f"{typed.day}T{typed.at}{(typed.offset or '').upper()}")).astimezone(
            where
        )
    except ValueError as problem:
        raise UserError(f"{code(typed.offset or '')} is no offset: write one like `+11:00`, or `Z`.") from problem


def _instant(day: date, at: time, where: ZoneInfo) -> datetime:
    """The one instant of a wall time; a time that the clocks skip, or show twice, is a question."""
    found = instant(day, at, where)
    local = found.astimezone(where)
    clock = f"{at:%H:%M}"
    if local.time() != at:
        raise UserError(
            f"On {_said(day)} the clocks of {where.key} skip {clock}: do you mean `{day} {local:%H:%M}`?"
        )
    second = local.replace(fold=1).astimezone(UTC)
    if second != found:
        ways = " or ".join(f"`{written(each, where.key)}`" for each in (found, second))
        raise UserError(f"On {_said(day)} the clocks of {where.key} show {clock} twice: write {ways}.")
    return found


def _said(day: date) -> str:
    return f"{day.day} {FULL_MONTHS[day.month - 1]} {day.year}"


def _plain(sentence: str) -> str:
    """A sentence of the scheduler as CommonMark: names in quotes are shown as they are."""
    return re.sub(r"'([^']*)'", lambda found: code(found[1]), sentence)

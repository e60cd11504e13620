"""One table of a programme file, read key by key: each value has its type and bounds, and each error its line."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from bot.programme.lines import Path
from bot.programme.plan import ProgrammeError

LONGEST = 300
"""Characters of a line of text in the file."""
MOST_ITEMS = 60
"""Of a list: more would not fit a post."""

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True)
class Source:
    """The file's name, and where in it things stand."""

    name: str
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of a value; of the nearest one around it where it has none."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def error(self, path: Path, sentence: str) -> ProgrammeError:
        """The sentence, at that value's line."""
        return ProgrammeError(f"{self.name}:{self.line(path)}: {sentence}")


@dataclass(frozen=True)
class Table:
    """The values of a table, and the way to it."""

    source: Source
    path: Path
    values: dict[str, Any]

    def error(self, key: str, sentence: str, *more: str | int) -> ProgrammeError:
        """The sentence, at the line of a key or of something in its value."""
        return self.source.error((*self.path, key, *more), sentence)

    def only(self, *names: str) -> "Table":
        """The table itself, unless it has a key that is not among the names."""
        for key in self.values:
            if key not in names:
                near = get_close_matches(key, names, n=1, cutoff=0.5)
                meant = f"Did you mean {near[0]}? " if near else ""
                raise self.error(key, f"I know no key {_shown(key)} here. {meant}There are: {', '.join(names)}.")
        return self

    def get(self, key: str) -> Any:
        """A value as it is, or None."""
        return self.values.get(key)

    def text(self, key: str, default: str | None = "") -> str:
        """A line of text; without a default it has to be there."""
        value = self.get(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise self.source.error(self.path, f'{key} is missing: write {key} = "…".')
        return self._text(key, value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of lines of text."""
        return tuple(self._text(key, each, number) for number, each in enumerate(self._list(key)))

    def yes(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.error(key, f"{key} must be true or false, not {_shown(value)}.")
        return default if value is None else value

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.get(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise self.source.error(self.path, f"{key} is missing: write {key} = {low}, or more, to {high}.")
        return self._whole(key, value, low, high)

    def wholes(self, key: str, low: int, high: int) -> tuple[int, ...]:
        """A list of whole numbers within bounds."""
        return tuple(self._whole(key, each, low, high, number) for number, each in enumerate(self._list(key)))

    def day(self, key: str) -> date | None:
        """A date."""
        value = self.get(key)
        return None if value is None else self._day(key, value)

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates, each once."""
        found = [self._day(key, each, number) for number, each in enumerate(self._list(key))]
        for number, each in enumerate(found):
            if each in found[:number]:
                raise self.error(key, f"{key} has {each} twice: take one of them out.", number)
        return tuple(found)

    def clock(self, key: str) -> time | None:
        """A time on the wall."""
        value = self.get(key)
        if value is None or (isinstance(value, time) and not value.second and not value.microsecond):
            return value
        if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
            return time.fromisoformat(value)
        raise self.error(key, f'{key} must be a time from "00:00" to "23:59", in quotes, not {_shown(value)}.')

    def moments(self, key: str) -> dict[date, datetime]:
        """A table from dates to the wall times that count instead."""
        inner = self.table(key)
        found: dict[date, datetime] = {}
        for name, value in inner.values.items():
            day = inner._day(name, name)
            found[day] = inner._moment(name, value)
        return found

    def table(self, key: str, *, needed: bool = False) -> "Table":
        """A table in this one; an empty one when it is not there."""
        value = self.get(key)
        if value is None and needed:
            raise self.source.error(self.path, f"The table [{key}] is missing.")
        if value is not None and not isinstance(value, dict):
            raise self.error(
                key, f"{key} must be a table: write [{key}] on a line of its own, and its keys below."
            )
        return Table(self.source, (*self.path, key), value or {})

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of a list of them."""
        value = self.get(key)
        if not isinstance(value, list | None) or not all(isinstance(each, dict) for each in value or ()):
            raise self.error(key, f"{key} must be tables: write [[{key}]] above the keys of each.")
        for number, each in enumerate(value or ()):
            yield Table(self.source, (*self.path, key, number), each)

    def _list(self, key: str) -> list[Any]:
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.error(key, f"{key} must be a list: put it in brackets, [{_shown(value)}].")
        if len(value) > MOST_ITEMS:
            raise self.error(key, f"{key} has {len(value)} items: the most is {MOST_ITEMS}.")
        return value

    def _text(self, key: str, value: Any, *more: int) -> str:
        if not isinstance(value, str):
            raise self.error(key, f'{key} must be text in quotes: write "{value}".'[:200], *more)
        line = " ".join(value.split())
        if not line:
            raise self.error(key, f"{key} is empty: write something, or take it out.", *more)
        if len(line) > LONGEST:
            raise self.error(key, f"{key} has {len(line):,} characters: the most is {LONGEST}.", *more)
        return line

    def _whole(self, key: str, value: Any, low: int, high: int, *more: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.error(
                key, f"{key} must be a whole number from {low} to {high}, not {_shown(value)}.", *more
            )
        return value

    def _day(self, key: str, value: Any, *more: int) -> date:
        if isinstance(value, datetime):
            raise self.error(key, f"{key} must be a date without a time, {value.date()}.", *more)
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self.error(key, impossible(text) or f"{_shown(value)} is no date: write one like 2026-11-25.", *more)

    def _moment(self, key: str, value: Any) -> datetime:
        if isinstance(value, datetime):
            return value
        example = f'"{key} 19:00"'
        if isinstance(value, date):
            raise self.error(key, f"{key} needs a time as well: write {example}.")
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", value, re.ASCII):
            try:
                return datetime.fromisoformat(value)
            except ValueError as problem:
                wrong = impossible(value[:10]) or f"{value[11:]} is no time: the day ends at 23:59."
                raise self.error(key, wrong) from problem
        raise self.error(key, f"{_shown(value)} is no date with a time: write {example}.")


def impossible(text: str) -> str:
    """What is wrong with the first date in a text that the calendar does not have; empty if it has them all."""
    for year, month, day in _DAY.findall(text):
        if not 1 <= int(month) <= 12:
            return f"{year}-{month}-{day} is no date: the month must be from 01 to 12."
        days = monthrange(max(int(year), 1), int(month))[1]
        if not 1 <= int(day) <= days:
            return f"{year}-{month}-{day} is no date: that month has {days} days."
    return ""


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def listed(names: Iterable[object]) -> str:
    """`a, b and c`."""
    *most, last = map(str, names)
    return f"{', '.join(most)} and {last}" if most else last

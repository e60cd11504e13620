"""Where things stand in a TOML text, which `tomllib` does not tell: the line of every key, table and array item.

Only for text that `tomllib` has read: of what is well-formed, the shape alone has to be followed.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

Path = tuple[str | int, ...]
"""The way to a value: `("sessions", 2, "chapters", 0)`."""

_BLANK = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_KEY = re.compile(r"""(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_.\-]|[ \t])+""")
# Three quotes first; such a string may end in one or two quotes of its own. Any other value ends at a sign.
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.S,
)
_PLAIN = re.compile(r"[^,\]}#\n]*")


def lines(text: str) -> Mapping[Path, int]:
    """The line, from 1, of every value by the way to it."""
    return _Walk(text.replace("\r\n", "\n")).found


class _Walk:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self._newlines = [place for place, sign in enumerate(text) if sign == "\n"]
        self.found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        while self._skip():
            table = self._header() if self._sees("[") else self._pair(table)

    def _header(self) -> Path:
        many = self._sees("[[")
        start = self.at
        self.at += 2 if many else 1
        *above, last = self._key()
        path = (*self._inside(tuple(above)), last)
        if many:
            self._mark(path, start)
            number = self._counts.get(path, 0)
            self._counts[path] = number + 1
            path += (number,)
        self.at += 2 if many else 1
        self._mark(path, start)
        return path

    def _inside(self, names: tuple[str, ...]) -> Path:
        """Names as they are written in a header; one that means a list of tables means its last one."""
        path: Path = ()
        for name in names:
            path += (name,)
            if path in self._counts:
                path += (self._counts[path] - 1,)
        return path

    def _pair(self, table: Path) -> Path:
        start = self.at
        path = (*table, *self._key())
        for length in range(len(table) + 1, len(path) + 1):
            self._mark(path[:length], start)
        self.at += 1  # the equals sign
        self._skip()
        self._value(path)
        return table

    def _value(self, path: Path) -> None:
        if self._sees("["):
            self._list(path)
        elif self._sees("{"):
            self.at += 1
            while self._skip() and not self._sees("}"):
                self._pair(path)
            self.at += 1
        else:
            shape = _STRING if self.text[self.at] in "\"'" else _PLAIN
            match = shape.match(self.text, self.at)
            self.at = match.end() if match else self.at + 1

    def _list(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self._skip() and not self._sees("]"):
            self._mark((*path, number), self.at)
            self._value((*path, number))
            number += 1
        self.at += 1

    def _key(self) -> list[str]:
        match = _KEY.match(self.text, self.at)
        written = match[0] if match else ""
        self.at += max(len(written), 1)
        names: list[str] = []
        inner: Any = tomllib.loads(f"{written} = 0")
        while isinstance(inner, dict):
            ((name, inner),) = inner.items()
            names.append(name)
        return names

    def _skip(self) -> bool:
        """Go past blanks, commas and comments; whether anything follows."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _sees(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def _mark(self, path: Path, at: int) -> None:
        self.found.setdefault(path, bisect_left(self._newlines, at) + 1)

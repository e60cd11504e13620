"""Rows of a text file: a CSV in UTF-8, with commas, semicolons or tabs, or one of MovieLens's first files.

What is wrong with it is a `BadRatings` with the line. A file is what its first line says, whatever its name.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadRatings

USERS, FILMS = ("user", "userid", "user_id"), ("title", "item", "movie", "film")
NUMBERED = ("movieid", "movie_id")  # of a list of films
"""What the columns of a CSV may be called."""
PIPED = ("u.item", "u.genre")
HEAD = 65_536  # bytes that are looked at to tell what a file is
SEPARATORS = ",;\t"
UNREAD = "it cannot be read as text"


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a file is written."""

    separator: str
    headed: bool  # a CSV: UTF-8, its first line names the columns

    @property
    def decimal_comma(self) -> bool:
        """Whether a number may be written 4,5."""
        return self.separator == ";"


def form(file: Path) -> Form:
    """How the file is written; BadRatings where it is neither a CSV nor MovieLens's."""
    if file.name in PIPED:
        return Form(separator="|", headed=False)
    try:
        with file.open("rb") as opened:
            head = opened.read(HEAD)
    except OSError as problem:
        raise BadRatings(file, f"{UNREAD} ({problem.strerror})") from problem
    if b"\0" in head:
        line = head.partition(b"\0")[0].count(b"\n") + 1
        raise BadRatings(file, f"line {line}: {UNREAD}")
    first = next(
        (line for line in head.decode("latin-1").removeprefix("\xef\xbb\xbf").splitlines() if line.strip()), ""
    )
    separator = max(SEPARATORS, key=first.count)
    names = {name.strip().strip('"').casefold() for name in first.split(separator)}
    if file.suffix.casefold() == ".csv" or (names & set(USERS) and names & {*FILMS, *NUMBERED}):
        return Form(separator=separator, headed=True)
    if "\t" in first or not first:
        return Form(separator="\t", headed=False)
    raise BadRatings(
        file,
        "line 1: this is neither a CSV with the columns user,title,rating nor MovieLens's u.data, which has tabs "
        "between its columns",
    )


def rows(file: Path, fewest: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line that each begins in, of so many columns at the fewest. Empty lines are passed over."""
    how = form(file)
    line = 0
    try:
        with file.open(encoding="utf-8-sig" if how.headed else "latin-1", newline="") as text:
            quoting = csv.QUOTE_MINIMAL if how.headed else csv.QUOTE_NONE
            reader = csv.reader(text, delimiter=how.separator, quoting=quoting)
            for row in reader:
                begins, line = line + 1, reader.line_num
                if begins < line and any("\n" in cell or "\r" in cell for cell in row):
                    raise BadRatings(file, f"line {begins}: a quote is left open")
                if row and len(row) < fewest:
                    raise BadRatings(file, f"line {begins}: {columns(len(row))}, {fewest} expected")
                if row:
                    yield begins, row
    except UnicodeDecodeError as problem:
        raise BadRatings(file, f"line {_no_utf8(file)}: {UNREAD}: save the file as UTF-8") from problem
    except csv.Error as problem:
        raise BadRatings(file, f"line {line + 1}: a quote is left open, or {problem}") from problem
    except OSError as problem:
        raise BadRatings(file, f"{UNREAD} ({problem.strerror})") from problem


def columns(number: int) -> str:
    """`1 column`, `3 columns`."""
    return f"{number} column{'' if number == 1 else 's'}"


def _no_utf8(file: Path) -> int:
    """The first line that is not UTF-8."""
    with file.open("rb") as opened:
        for number, line in enumerate(opened, 1):
            try:
                line.decode("utf-8-sig")
            except UnicodeDecodeError:
                return number
    return 1

"""Who rated what: MovieLens files of both generations, read once and checked at the door.

- a folder with `u.data` and `u.item` (MovieLens 100K, 1998), or a rating file like `u1.base` beside its `u.item`;
- a folder with `ratings.csv` and `movies.csv` (every newer set), or that `ratings.csv` itself;
- one CSV of your own with the columns `user,title,rating`, or with counts (`likes`, `clicks`) for ratings, or with
  neither: then each line is one like.

Films are told apart by title: the 1682 numbers of MovieLens 100K are 1664 films. Who rates a film twice has rated
it once, by the mean. Two numbers of one title in MovieLens 100K are two films in that, as they are in the lecture.
"""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import implicit
from engine.delimited import FILMS, NUMBERED, USERS, columns, form, rows
from engine.errors import BadRatings

LOWEST, HIGHEST = 0.5, 5.0
RATINGS, COUNTS = ("rating", "stars"), ("count", "likes", "clicks", "plays", "views")
"""What the columns of a CSV may be called."""
GLANCE = 1000  # lines that tell whether a file holds ratings
MOST_AT_ONCE = 1e9
LONGEST_NAME = 300
"""Characters of a title or a user's name: the longest title of any MovieLens set has about 160."""

Film = tuple[str, tuple[str, ...]]
"""Title and genres."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratings:
    """Ratings as rows into the model's tables, which count from 1: row 0 is `#na#`, nobody and nothing."""

    path: Path
    users: tuple[str, ...]
    titles: tuple[str, ...]
    genres: tuple[tuple[str, ...], ...]  # one tuple a title
    user_rows: NDArray[np.int64]  # (n,) of 1..len(users)
    title_rows: NDArray[np.int64]  # (n,) of 1..len(titles)
    stars: NDArray[np.float32]  # (n,) of 0.5..5
    md5: str
    notes: tuple[str, ...] = ()  # what was made of the file, as sentences

    def __post_init__(self) -> None:
        lengths = {len(self.user_rows), len(self.title_rows), len(self.stars)}
        for wrong, sentence in (
            (len(self.stars) == 0, "there is no rating in it"),
            (len(lengths) > 1, "users, films and ratings differ in number"),
            (len(self.titles) != len(self.genres), "titles and genres differ in number"),
            (
                not np.all((self.stars >= LOWEST) & (self.stars <= HIGHEST)),
                f"a rating is outside {LOWEST} to {HIGHEST:g}",
            ),
            (_outside(self.user_rows, len(self.users)), "a rating is by nobody of the list"),
            (_outside(self.title_rows, len(self.titles)), "a rating is of no film of the list"),
            (unfit(self.users), "a user's name is empty, too long or there twice"),
            (unfit(self.titles), "a title is empty, too long or there twice"),
        ):
            if wrong:
                raise BadRatings(self.path, sentence)

    def __len__(self) -> int:
        return len(self.stars)

    def counts(self) -> NDArray[np.int64]:
        """How often each title was rated, (titles,)."""
        return np.bincount(self.title_rows, minlength=len(self.titles) + 1)[1:]

    def means(self) -> NDArray[np.float64]:
        """The mean rating of each title, (titles,); 0 where nobody rated it."""
        sums = np.bincount(self.title_rows, weights=self.stars, minlength=len(self.titles) + 1)[1:]
        return sums / np.maximum(self.counts(), 1)


def read(path: Path, parts: Sequence[str] = ()) -> Ratings:
    """The ratings at `path`, a folder or a file; or `parts`, rating files of that folder, read in turn."""
    folder = path if path.is_dir() else path.parent
    files = [_there(folder / part) for part in parts] or [_only_file(path)]
    gathered = _Gathered(path)
    for file in files:
        gathered.add(file, _entries(file, folder))
    if parts:
        gathered.kinds.add("each")
    digest = hashlib.md5(b"".join(file.read_bytes() for file in files), usedforsecurity=False)
    return gathered.ratings(digest.hexdigest())


def glance(path: Path) -> Path:
    """The file of ratings at `path`, once its beginning has been read; BadRatings says what is wrong with it."""
    folder = path if path.is_dir() else path.parent
    file = _only_file(path)
    gathered = _Gathered(path)
    gathered.add(file, islice(_entries(file, folder), GLANCE))
    gathered.ratings("")
    return file


def length(path: Path, part: str) -> int:
    """How many ratings one file of the folder holds."""
    file = _there((path if path.is_dir() else path.parent) / part)
    return sum(1 for _ in rows(file)) - form(file).headed


@dataclass(frozen=True)
class Entry:
    """One line of a file."""

    line: int
    user: str
    film: Film
    key: str  # what tells the film from others of its title
    number: str
    counted: bool  # the number is a count, no stars


@dataclass(frozen=True)
class _Gathered:
    """Ratings while they are read: names in the order met, numbered from 0."""

    path: Path
    users: dict[str, int] = field(default_factory=dict[str, int])
    genres: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    titles: dict[str, int] = field(default_factory=dict[str, int])
    user_numbers: "array[int]" = field(default_factory=lambda: array("q"))
    title_numbers: "array[int]" = field(default_factory=lambda: array("q"))
    keys: dict[str, int] = field(default_factory=dict[str, int])
    key_numbers: "array[int]" = field(default_factory=lambda: array("q"))
    stars: "array[float]" = field(default_factory=lambda: array("f"))
    kinds: set[str] = field(default_factory=set[str])  # "stars", "counts"; "each": what is there twice stays

    def add(self, file: Path, entries: Iterable[Entry]) -> None:
        for each in entries:
            title, genres = each.film
            for what, name in (("user's name", each.user), ("title", title)):
                if not 0 < len(name) <= LONGEST_NAME:
                    raise BadRatings(file, f"line {each.line}: a {what} is {'too long' if name else 'empty'}")
            low, high = (0.0, MOST_AT_ONCE) if each.counted else (LOWEST, HIGHEST)
            self.stars.append(_number(file, each.line, each.number, low, high))
            self.kinds.add("counts" if each.counted else "stars")
            self.user_numbers.append(self.users.setdefault(each.user, len(self.users)))
            self.key_numbers.append(self.keys.setdefault(each.key, len(self.keys)))
            self.title_numbers.append(self.titles.setdefault(title, len(self.titles)))
            if genres != self.genres.setdefault(title, genres):
                self.genres[title] = tuple(dict.fromkeys(self.genres[title] + genres))

    def ratings(self, md5: str) -> Ratings:
        if {"stars", "counts"} <= self.kinds:
            raise BadRatings(self.path, "one of its files has ratings and another has counts")
        numeric = all(user.isdecimal() for user in self.users)
        users = sorted(self.users, key=int if numeric else None)
        titles = sorted(self.titles)
        people, films, stars, notes = self._once()
        return Ratings(
            path=self.path,
            users=tuple(users),
            titles=tuple(titles),
            genres=tuple(self.genres[title] for title in titles),
            user_rows=_sorted_rows(self.users, users)[people],
            title_rows=_sorted_rows(self.titles, titles)[films],
            stars=stars.astype(np.float32),
            md5=md5,
            notes=notes,
        )

    def _once(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], tuple[str, ...]]:
        """People, films and stars, each pair once: the mean of ratings, the sum of counts; and notes on it."""
        people, films = np.array(self.user_numbers, dtype=np.int64), np.array(self.title_numbers, dtype=np.int64)
        stars, notes = np.array(self.stars, dtype=np.float64), list[str]()
        counted = "counts" in self.kinds
        if "each" not in self.kinds:
            keys = people * len(self.keys) + np.array(self.key_numbers, dtype=np.int64)
            _, first, places = np.unique(keys, return_index=True, return_inverse=True)
            if repeated := len(keys) - len(first):
                notes.append(
                    f"{repeated:,} of {len(keys):,} lines repeat a user and a film: "
                    f"such {'counts are added up' if counted else 'ratings count once, by their mean'}."
                )
                sums = np.bincount(places, weights=stars).astype(np.float64)
                stars = sums if counted else sums / np.bincount(places)
                # In the order in which pairs were first met.
                order = np.argsort(first)
                people, films, stars = people[first[order]], films[first[order]], stars[order]
        if counted and len(stars):
            stars = implicit.stars(stars)
            notes.append("Counts were turned into stars: the middle is 3, more is up to 5.")
        return people, films, stars, tuple(notes)


def _entries(file: Path, folder: Path) -> Iterator[Entry]:
    return _csv_entries(file, folder) if form(file).headed else _tabbed_entries(file, folder)


def _tabbed_entries(file: Path, folder: Path) -> Iterator[Entry]:
    """User, film, rating, time; the films are named in `u.item`, with a flag for each line of `u.genre`."""
    genres = {row[1]: row[0] for _, row in rows(_there(folder / "u.genre"), 2)}
    films: dict[str, Film] = {}
    for _, row in rows(_there(folder / "u.item"), 5):
        flagged = (genres.get(str(place), "") for place, flag in enumerate(row[5:]) if flag == "1")
        films[row[0]] = row[1].strip(), tuple(genre for genre in flagged if genre not in ("", "unknown"))
    for line, row in rows(file, 3):
        yield Entry(line, row[0].strip(), _film(file, line, films, row[1]), row[1], row[2], counted=False)


def _csv_entries(file: Path, folder: Path) -> Iterator[Entry]:
    """`userId,movieId,rating` with the films in `movies.csv`, or `user,title,rating`; and any other columns."""
    lines = rows(file)
    _, header = next(lines, (0, [""]))
    places = {name.strip().lower(): place for place, name in enumerate(header)}

    def place(names: Sequence[str]) -> int | None:
        return next((places[name] for name in names if name in places), None)

    user, title, numbered = place(USERS), place(FILMS), place(NUMBERED)
    rating, count = place(RATINGS), place(COUNTS)
    film, number = numbered if title is None else title, count if rating is None else rating
    # Only a user and a film: each line is one like.
    if user is None or film is None or (number is None and len(header) > len({user, film})):
        raise BadRatings(
            file, "line 1: the columns should be user,title,rating (or likes) or userId,movieId,rating"
        )
    comma = form(file).decimal_comma
    films = None if title is not None else _csv_films(_there(folder / "movies.csv"))
    for line, row in lines:
        if len(row) < len(header):
            raise BadRatings(file, f"line {line}: {columns(len(row))} where the first line has {len(header)}")
        name = row[film].strip()
        known = (name, ()) if films is None else _film(file, line, films, name)
        given = "1" if number is None else row[number].strip()
        given = given.replace(",", ".") if comma else given
        yield Entry(line, row[user].strip(), known, known[0], given, counted=rating is None)


def _csv_films(file: Path) -> dict[str, Film]:
    lines = rows(file, 3)
    next(lines, None)
    return {
        row[0]: (row[1].strip(), () if row[2].startswith("(") else tuple(filter(None, row[2].split("|"))))
        for _, row in lines
    }


def _number(file: Path, line: int, text: str, low: float, high: float) -> float:
    what = "rating" if low else "count"
    try:
        number = float(text)
    except ValueError:
        raise BadRatings(file, f"line {line}: {what} {text[:40]!r} is not a number") from None
    if not low <= number <= high:
        raise BadRatings(file, f"line {line}: {what} {text} is outside {low:g} to {high:g}")
    return number


def _film(file: Path, line: int, films: dict[str, Film], number: str) -> Film:
    if number not in films:
        raise BadRatings(file, f"line {line}: film {number} is not in the list of films")
    return films[number]


def _only_file(path: Path) -> Path:
    for file in (path, path / "u.data", path / "ratings.csv"):
        if file.is_file():
            return file
    raise BadRatings(path, "neither u.data nor ratings.csv is there" if path.is_dir() else "there is no such file")


def _there(file: Path) -> Path:
    if not file.is_file():
        raise BadRatings(file, "there is no such file")
    return file


def _sorted_rows(numbers: dict[str, int], ordered: Sequence[str]) -> NDArray[np.int64]:
    """Number as met → row in the ordered list, counted from 1."""
    rows = np.empty(len(ordered), dtype=np.int64)
    rows[[numbers[name] for name in ordered]] = np.arange(1, len(ordered) + 1)
    return rows


def _outside(rows: NDArray[np.int64], last: int) -> bool:
    return bool(np.any((rows < 1) | (rows > last)))


def unfit(names: Sequence[str]) -> bool:
    """Whether a name is empty, too long or there twice."""
    return len(set(names)) < len(names) or not all(0 < len(name) <= LONGEST_NAME for name in names)

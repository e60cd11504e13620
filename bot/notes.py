# ruff: noqa: D102 - the members of a small Protocol say it by name and type
"""The notebook as the commands see it: what a page holds, what may be done with it, how it is typed and said.

A page is one session in one place. `bot/notebook/` keeps it, the programme knows the sessions (`Week`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from bot.addresses import Address
from bot.errors import UserError
from bot.values import Person, Place, clean

HIGHEST = 999  # of what is numbered in one week
State = Literal["open", "answered", "skipped", "done"]
"""Of a question."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A page of the web that somebody brought, with what they said about it."""

    address: str
    note: str
    author: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `askers` asked it in these words; `votes` counts them and everybody else who wants to know."""

    number: int
    text: str
    author: str
    state: State
    answered_by: str
    answer: str
    askers: int
    votes: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The section a session is at, and since when."""

    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Poll:
    """How the vote on the catch-up stands: votes by a slot's start, and what won (None: nobody had voted)."""

    votes: Mapping[datetime, int]
    closed: bool
    winner: datetime | None


class Slot(Protocol):
    """A time offered for the catch-up: the instant, and the zone the group thinks in."""

    @property
    def starts(self) -> datetime: ...
    @property
    def zone(self) -> str: ...


class Session(Protocol):
    """One session of the programme: what the notebook's page is called, and what the group agreed to do."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def starts(self) -> datetime: ...
    @property
    def homework(self) -> Sequence[str]: ...
    @property
    def slots(self) -> Sequence[Slot]: ...


@dataclass(frozen=True, kw_only=True)
class Between:
    """The page while no session is planned: what people bring then is kept too."""

    key: str = "loose"
    title: str = "the time between sessions"
    starts: datetime = datetime(9999, 12, 31, tzinfo=UTC)
    homework: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()


class Week(Protocol):
    """The programme, as the members' commands need it."""

    async def session(self, now: datetime) -> Session | None:
        """The session whose week it is; None where nothing is planned."""
        ...


class Links(Protocol):
    """A running list for each session, in the order of bringing; each page once."""

    async def add(
        self, place: Place, session: str, person: Person, address: Address, note: str, at: datetime
    ) -> tuple[Link, bool]:
        """Keep a link; False where the page was in the list, under whoever brought it first."""
        ...

    async def of(self, place: Place, session: str) -> Sequence[Link]: ...


class Questions(Protocol):
    """The questions of each session by number; None is said of a number that there is not."""

    async def ask(
        self, place: Place, session: str, person: Person, text: str, at: datetime
    ) -> tuple[Question, bool]:
        """Keep a question; False where it had been asked."""
        ...

    async def vote(self, place: Place, session: str, person: Person, number: int) -> tuple[Question, bool] | None:
        """Count one who wants the answer; False where they were counted."""
        ...

    async def settle(
        self,
        place: Place,
        session: str,
        number: int,
        state: State,
        at: datetime,
        *,
        by: str = "",
        answer: str = "",
    ) -> Question | None: ...
    async def of(self, place: Place, session: str, states: Sequence[State] = ()) -> Sequence[Question]: ...


class Homework(Protocol):
    """Who has done which item: counts for the group, ticks for oneself."""

    async def tick(self, place: Place, session: str, person: Person, number: int, at: datetime) -> bool: ...
    async def untick(self, place: Place, session: str, person: Person, number: int) -> bool: ...
    async def counts(self, place: Place, session: str) -> Mapping[int, int]: ...
    async def mine(self, place: Place, session: str, person: Person) -> Sequence[int]: ...


class Marks(Protocol):
    """Where each session is just now."""

    async def put(self, place: Place, session: str, text: str, at: datetime) -> None: ...
    async def of(self, place: Place, session: str) -> Mark | None: ...


class Catchup(Protocol):
    """The vote on when to catch up; one vote for each person and slot."""

    async def vote(
        self, place: Place, session: str, person: Person, slot: datetime, at: datetime
    ) -> Literal["new", "again", "closed"]: ...
    async def unvote(
        self, place: Place, session: str, person: Person, slot: datetime
    ) -> Literal["gone", "none", "closed"]: ...
    async def close(
        self, place: Place, session: str, slots: Sequence[datetime], at: datetime
    ) -> tuple[datetime | None, bool]:
        """Close the vote and pick the winner; False where it was closed, and what won then stays."""
        ...

    async def of(self, place: Place, session: str) -> Poll: ...


class Notebook(Protocol):
    """What the group leaves behind in a week; a page of it is one session in one place."""

    @property
    def links(self) -> Links: ...
    @property
    def blogs(self) -> Links: ...
    @property
    def questions(self) -> Questions: ...
    @property
    def homework(self) -> Homework: ...
    @property
    def marks(self) -> Marks: ...
    @property
    def catchup(self) -> Catchup: ...
    async def of(self, person: Person) -> Mapping[str, Sequence[str]]:
        """All that is kept of one person, by kind, as text."""
        ...

    async def forget(self, person: Person) -> int:
        """Erase what is one person's, take their name off what the group needs; how many entries."""
        ...


def number(text: str) -> int:
    """`3` and `#3` → 3."""
    plain = text.removeprefix("#")
    if not plain.isdecimal() or not 1 <= int(plain[:9]) <= HIGHEST:
        raise ValueError(f"from 1 to {HIGHEST}")
    return int(plain)


def line(text: str, limit: int, what: str) -> str:
    """The text in one line; UserError where that is too long."""
    flat = " ".join(clean(text).split())
    if len(flat) > limit:
        raise UserError(f"That {what} has {len(flat):,} characters; I keep up to {limit:,}. Say it shorter?")
    return flat


def lines(text: str, limit: int, what: str) -> str:
    """The text with its lines, one empty one between two at most; UserError where that is too long."""
    rows = "\n".join(row.rstrip() for row in clean(text).split("\n"))
    kept = re.sub(r"\n{3,}", "\n\n", rows).strip("\n")
    if len(kept) > limit:
        raise UserError(f"That {what} has {len(kept):,} characters; I keep up to {limit:,}. Say it shorter?")
    return kept


def spans(numbers: Iterable[int]) -> str:
    """1, 2, 3, 5 → `1–3 and 5`; 1, 2 → `1 and 2`."""
    runs: list[list[int]] = []
    for each in sorted(numbers):
        if runs and runs[-1][-1] == each - 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    parts = [part for run in runs for part in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run))]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)

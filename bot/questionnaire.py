"""The questionnaires as the commands see them: an item, an asking of it, what a member and the group do with it.

`bot/questions/` keeps all that. An item is known by the hash of its text, so its history outlives renumbering.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from typing import Literal, Protocol

from bot.values import Person, clean, code, escape, plural

Kind = Literal["recall", "task"]
"""Something to remember, or something to do."""
Grade = Literal["again", "hard", "good", "easy"]
"""How well somebody says they knew an answer."""
GRADES: tuple[Grade, ...] = ("again", "hard", "good", "easy")
Mode = Literal["quiz", "due", "cram"]
"""What is asked in a quiz: what is due and what is new, what is due, or all again without counting."""
ENOUGH_VOTES = 2
"""For an answer to be the group's without a host: two besides the one who wrote it."""
LEAST_PEOPLE = 4
"""Of fewer, nothing is told to anybody: it could be guessed who they are."""

LONGEST = 1_000
"""Characters of a question, and of an answer."""
CUT = "…"
"""The last of so many where a file had more."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A question as a file has it: CommonMark, with its place in the chapter."""

    chapter: int
    number: int
    text: str
    kind: Kind
    stated: bool = False
    """Whether the file itself says the kind."""
    answer: str = ""
    show: str = ""
    """The command that shows the answer live, without its prefix."""

    @property
    def asks(self) -> bool:
        """Whether it says anything: marks alone, all alike, are no question."""
        return any(sign.isalnum() for sign in self.text)

    @property
    def same(self) -> str:
        """A hash, equal for two ways to write one question: case, blanks, markup and the last marks aside."""
        plain = unicodedata.normalize("NFKC", clean(self.text)).casefold()
        plain = " ".join(re.sub(r"[*_`\\]|\]\([^)]*\)|\[", "", plain).split())
        return sha256(re.sub(r"[\s?!.:…]+$", "", plain).encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What one file, or one chapter of it, holds. `headed`: there was a heading for questions at least."""

    name: str
    chapter: int
    drafts: tuple[Draft, ...]
    research: int = 0
    """Items for further research: they are counted, and not asked."""
    headed: bool = True
    trouble: str = ""
    """Why its file could not be read, in CommonMark."""

    @property
    def summary(self) -> str:
        """`chapter 8: 31 questions (4 without a question mark), 4 further research`, to compare with the book."""
        where = f"chapter {self.chapter}" if self.chapter else self.name
        count = len(self.drafts)
        if not count:
            hint = "0 questions; import the full notebook" if self.headed else "no questionnaire"
            return f"{where}: {hint}"
        plain = sum("?" not in draft.text for draft in self.drafts)
        aside = f" ({plain} without a question mark)" if plain else ""
        further = f", {self.research} further research" if self.research else ""
        cut = sum(_is_cut(draft.text) or _is_cut(draft.answer) for draft in self.drafts)
        shorter = f", {cut:,} cut to {LONGEST:,} characters" if cut else ""
        return f"{where}: {plural(count, 'question')}{aside}{further}{shorter}"


def _is_cut(text: str) -> bool:
    return len(text) == LONGEST and text.endswith(CUT)


_SPAN = re.compile(r"(`+[^`]+`+)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


def worded(text: str) -> str:
    """A question or an answer from a file as CommonMark that is safe to show: code, lines and bullets stay."""
    return "\n".join(f"- {_safe(line[2:])}" if line.startswith("- ") else _safe(line) for line in text.split("\n"))


def _safe(line: str) -> str:
    parts = _SPAN.split(line)
    parts[1::2] = [code(part.strip("`")) for part in parts[1::2]]
    parts[::2] = [_kept(_EMPHASIS.sub(r"\2", _LINK.sub(r"\1", part))) for part in parts[::2]]
    return "".join(parts)


def _kept(part: str) -> str:
    """Escaped, with the blanks at its ends, which stand between it and code."""
    before, after = part[:1].isspace() * " ", part[-1:].isspace() * " "
    return f"{before}{escape(part)}{after}" if part.strip() else before


_ORDERS = re.compile(
    r"[\W_]*(?:add|build|change|complete|create|draw|download|experiment|fit|implement|modify|plot|refactor"
    r"|reimplement|rewrite|run|train|try|write)\b",
    re.I,
)


def kind_of(text: str) -> Kind:
    """What its first word says: an order to make something is a task."""
    return "task" if _ORDERS.match(text) else "recall"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question that is kept. Its number is for good; `origin` is the file it came from, `""` our own."""

    number: int
    chapter: int
    text: str
    kind: Kind
    answer: str
    show: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a member answered; empty where they gave up. `chosen`: the group's answer, as a host marked it."""

    number: int
    item: int
    author: str
    text: str
    votes: int
    shared: bool
    chosen: bool
    mine: bool = False

    @property
    def good(self) -> bool:
        """Whether it is the group's answer, by the host or by votes."""
        return self.chosen or self.votes >= ENOUGH_VOTES


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """A quiz that somebody is at, wherever they go on with it. `item` is None once nothing is left."""

    mode: Mode
    item: Item | None
    shown: bool
    """Whether the answer was shown, so that it can be graded."""
    done: int
    left: int
    missed: int


@dataclass(frozen=True, kw_only=True)
class Graded:
    """What a grade did. `due`: when it comes back; None where the grade was not counted, and `why`.

    `sitting`: how a quiz goes on that was at this question; None where none was.
    """

    due: datetime | None
    why: Literal["", "today", "cram", "unseen"]
    sitting: Sitting | None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What an import did with one sheet."""

    sheet: Sheet
    new: int
    renumbered: int
    gone: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a member stands in one chapter."""

    chapter: int
    questions: int
    seen: int
    due: int
    known: float
    """How many of those seen would be recalled now, by expectation."""
    tasks: int
    done: int


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One question as the host sees it: how many answered it, and how many of them ever missed it."""

    item: Item
    people: int
    missed: int


@dataclass(frozen=True, kw_only=True)
class Daily:
    """A member's reminder: the time on their wall, and whose clocks; `paused` after too many were ignored."""

    clock: time
    zone: str
    paused: bool


class Quiz(Protocol):
    """The questions, and what each member and the group do with them."""

    async def chapters(self) -> Mapping[int, Mapping[Kind, int]]:
        """How many questions of each kind there are in each chapter."""
        ...

    async def covered(self, now: datetime) -> Sequence[int]:
        """The chapters that the group has come to, as far as there are questions; all where there is no plan."""
        ...

    async def item(self, number: int) -> Item | None:
        """The question of that number; None where there is none."""
        ...

    async def tasks(self, person: Person, chapters: Sequence[int]) -> Sequence[tuple[Item, bool]]:
        """What there is to do, and whether this member has done it."""
        ...

    async def sitting(self, person: Person) -> Sitting | None:
        """The quiz that somebody is at; None where they are at none."""
        ...

    async def begin(
        self, person: Person, mode: Mode, chapters: Sequence[int], count: int, now: datetime
    ) -> Sitting | None:
        """Begin a quiz in the place of another; None where there is nothing to ask."""
        ...

    async def stop(self, person: Person) -> bool:
        """Break a quiz off; False where there was none."""
        ...

    async def answer(self, person: Person, item: Item, text: str, now: datetime) -> None:
        """Keep an answer, for the member alone; an empty one, of somebody who gave up, replaces none."""
        ...

    async def answers(self, person: Person, item: Item) -> Sequence[Answer]:
        """A member's own answer, and what others share: the group's own first."""
        ...

    async def share(self, person: Person, item: Item, *, shared: bool) -> bool:
        """Let others see an answer, or no longer; False where there is none to share."""
        ...

    async def good(self, person: Person, answer: int) -> Answer | None:
        """Count one who finds an answer good, once, and not its author; None: nobody shares one of that number."""
        ...

    async def accept(self, answer: int, *, chosen: bool) -> Answer | None:
        """Mark an answer as the group's, in the place of another; None: nobody shares one of that number."""
        ...

    async def grade(self, person: Person, item: Item, grade: Grade, now: datetime) -> Graded:
        """Count how well somebody knew it: once a day, and only after the answer was shown to them."""
        ...

    async def later(self, person: Person, item: Item) -> Sitting | None:
        """Leave out the question that a quiz is at; None where none is at it. Nothing is counted."""
        ...

    async def due(self, person: Person, now: datetime) -> int:
        """How many questions are due before the member's day ends."""
        ...

    async def progress(self, person: Person, now: datetime) -> Sequence[Standing]:
        """Where a member stands, chapter by chapter."""
        ...

    async def deck(self, person: Person, chapters: Sequence[int]) -> Sequence[tuple[Item, str]]:
        """What a member has answered or been asked, with the answers to learn from: theirs and the group's."""
        ...

    async def keep(self, sheets: Sequence[Sheet], now: datetime) -> Sequence[Kept]:
        """Keep the questions of files; the same ones again change nothing."""
        ...

    async def take(self, name: str, data: bytes, now: datetime) -> Sequence[Kept]:
        """Keep the questions of one file, or of a zip of files; UserError says what is wrong with it."""
        ...

    async def add(self, chapter: int, text: str, answer: str, now: datetime) -> tuple[Item, bool]:
        """Keep a question that the group wrote, and whether it is new; the same one again only gets the answer."""
        ...

    async def post(self, item: Item | None, chapters: Sequence[int], now: datetime) -> Item | None:
        """Put a question to the group: the one given, or the next of these chapters; None where there is none."""
        ...

    async def leave_out(self, item: Item, *, out: bool) -> None:
        """Ask a question no more, or again."""
        ...

    async def set_kind(self, item: Item, kind: Kind) -> None:
        """Make a question one to recall, or a task: its first word may have said the wrong thing."""
        ...

    async def pause(self, *, paused: bool, now: datetime) -> bool:
        """Put no questions to the group for a while, or again; False where it was so."""
        ...

    async def paused(self) -> bool:
        """Whether the group is asked nothing for a while."""
        ...

    async def counted(self) -> Sequence[Counted]:
        """How the questions went, those that at least four people have answered, in the order of the book."""
        ...

    async def people(self) -> Mapping[int, int]:
        """How many people have answered anything in each chapter, where they are at least four."""
        ...

    async def code(self, person: Person, now: datetime) -> str:
        """A code by which another account of the same person joins this one; it holds for ten minutes."""
        ...

    async def join(self, person: Person, code: str, now: datetime) -> bool:
        """Be the person who asked for that code, with all that both had; False where the code does not hold."""
        ...

    async def daily(self, person: Person) -> Daily | None:
        """A member's reminder; None where they want none."""
        ...

    async def remind(self, person: Person, daily: Daily | None, now: datetime) -> None:
        """Remind a member at that time from now on, or not at all."""
        ...

    async def of(self, person: Person) -> Mapping[str, Sequence[str]]:
        """All that is kept of one person, by kind, as text."""
        ...

    async def forget(self, person: Person) -> int:
        """Erase it, on all accounts that were joined; the group's answers stay without the name."""
        ...

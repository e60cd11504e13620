"""The questionnaires as the commands see them: an item, an asking of it, what a member and the group do with it.

`bot/questions/` keeps all that. An item is known by the hash of its text, so its history outlives renumbering.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from bot.values import clean, plural

Kind = Literal["recall", "task"]
"""Something to remember, or something to do."""
Grade = Literal["again", "hard", "good", "easy"]
"""How well somebody says they knew an answer."""
GRADES: tuple[Grade, ...] = ("again", "hard", "good", "easy")

LONGEST = 1_000
"""Characters of a question, and of an answer."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A question as a file has it: CommonMark, with its place in the chapter."""

    chapter: int
    number: int
    text: str
    kind: Kind
    answer: str = ""
    show: str = ""
    """The command that shows the answer live, without its prefix."""

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
        return f"{where}: {plural(count, 'question')}{aside}{further}"


_ORDERS = re.compile(
    r"[\W_]*(?:add|build|change|complete|create|draw|download|experiment|fit|implement|modify|plot|refactor"
    r"|reimplement|rewrite|run|train|try|write)\b",
    re.I,
)


def kind_of(text: str) -> Kind:
    """What its first word says: an order to make something is a task."""
    return "task" if _ORDERS.match(text) else "recall"

"""Questions in Markdown: how they are found in a reader's own notebook, and in a group's own file.

A heading "Questionnaire" opens it, "Further Research" a list that is only counted, any other heading closes both.
In the book every item is literally numbered `1.`, so the numbers are ours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.questionnaire import CUT, LONGEST, Draft, Kind, Sheet, kind_of
from bot.values import clean

NUMBERED = re.compile(r" {0,2}\d+[.)]\s+(.*)")
PAIRED = re.compile(r"\s*(?:[-*+]\s+)?(?:\*\*|__)?(?:Q|Question)\s*\d*(?:\*\*|__)?:(?:\*\*|__)?\s*(.*)", re.I)
DASHED = re.compile(r"[-*+]\s+(.*)")
"""How an item may begin."""

_HEADING = re.compile(r"#{1,6}\s*(.*)")
_QUESTIONS = re.compile(r"questionnaire\b", re.I)
_RESEARCH = re.compile(r"further research\b", re.I)
_CHAPTER = re.compile(r"(?:chapter|ch\.?)\s*(\d{1,3})\b", re.I)
_BULLET = re.compile(r"\s*(?:[-*+]|\s\d+[.)])\s+(.*)")
_ANSWER = re.compile(r"\s*(?:[-*+]\s+)?(?:\*\*|__)?(?:A|Answer)\s*\d*(?:\*\*|__)?:(?:\*\*|__)?\s*(.*)", re.I)
_FENCE = re.compile(r"\s*(`{3,}(?=[^`]*$)|~{3,})")
_CROSS = re.compile(r"<<([\w:-]+)>>")
_CODE = re.compile(r"((?<!`)`+[^`]+`+)")
_NAMES = (
    "a|abbr|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i"
    "|iframe|img|ins|kbd|li|mark|ol|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|summary|sup"
    "|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|video"
)
_GIVEN = r"""\s+(?:[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+)|open|reversed|controls|hidden)"""
TAG = re.compile(rf"</?(?:{_NAMES})(?:{_GIVEN})*\s*/?>|<!--(?:(?!<!--).)*?-->", re.S | re.I)
"""A tag of HTML, or a comment: `a<b and c>d` is none."""

Mode = Literal["", "questions", "research"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A question as it was found; `kind` where the file says it."""

    text: str
    answer: str = ""
    kind: Kind | None = None
    show: str = ""


@dataclass
class _Item:
    lines: list[str]
    answer: list[str] = field(default_factory=list[str])

    @property
    def entry(self) -> Entry:
        """The item as it stands."""
        return Entry(text="\n".join(self.lines), answer=" ".join(self.answer))


class Listing:
    """Reads cells one after the other. `anywhere`: items count outside of a questionnaire, too."""

    def __init__(
        self, name: str, chapter: int, *, anywhere: bool = False, begins: re.Pattern[str] = NUMBERED
    ) -> None:
        self._name, self.chapter, self._begins = name, chapter, begins
        self._mode: Mode = "questions" if anywhere else ""
        self._anywhere = anywhere
        self._items: dict[int, list[_Item]] = {}
        self._research, self._headed = 0, False

    def cell(self, text: str) -> None:
        """One cell, or all of a file: what stands in it before its first item belongs to none."""
        item: _Item | None = None
        fence = ""
        for line in clean(text).split("\n"):
            if fence:
                if line.strip().startswith(fence):
                    fence = ""
                elif item and line.strip():
                    _add_code(item, line)
            elif opened := _FENCE.match(line):
                fence = opened[1]
            elif heading := _HEADING.match(line):
                self._head(heading[1])
                item = None
            elif not self._mode:
                continue
            elif found := self._begins.match(line):
                item = self._begin(found[1])
            elif item and line.strip():
                _go_on(item, line)

    def sheets(self) -> list[Sheet]:
        """What was found, a sheet for each chapter."""
        chapters = self._items or {self.chapter: []}
        return [
            Sheet(
                name=self._name,
                chapter=chapter,
                drafts=drafts(chapter, (item.entry for item in items)),
                research=self._research,
                headed=self._headed,
            )
            for chapter, items in sorted(chapters.items())
        ]

    def _head(self, words: str) -> None:
        if found := _CHAPTER.search(words):
            self.chapter = int(found[1])
        if _QUESTIONS.match(words):
            self._mode, self._headed = "questions", True
        elif _RESEARCH.match(words):
            self._mode = "research"
        else:
            self._mode = "questions" if self._anywhere else ""

    def _begin(self, text: str) -> _Item | None:
        if self._mode == "research":
            self._research += 1
            return None
        labelled = PAIRED.fullmatch(text)
        item = _Item([labelled[1] if labelled else text])
        self._items.setdefault(self.chapter, []).append(item)
        return item


def drafts(chapter: int, entries: Iterable[Entry]) -> tuple[Draft, ...]:
    """Questions with their answers, numbered; one that is there twice counts once, with what either says of it."""
    found: dict[str, Draft] = {}
    for entry in entries:
        text = _cut(tidy(entry.text))
        draft = Draft(
            chapter=chapter,
            number=len(found) + 1,
            text=text,
            kind=entry.kind or kind_of(text),
            stated=entry.kind is not None,
            answer=_cut(tidy(entry.answer)),
            show=entry.show,
        )
        if not draft.asks:
            continue
        first = found.setdefault(draft.same, draft)
        stated = first if first.stated else draft
        found[draft.same] = replace(
            first,
            answer=first.answer or draft.answer,
            show=first.show or draft.show,
            kind=stated.kind if stated.stated else first.kind,
            stated=stated.stated,
        )
    return tuple(found.values())


def tidy(text: str) -> str:
    """Without HTML and the book's cross-references, which lead nowhere outside of it; code stays as it is."""
    parts = _CODE.split(clean(text))
    parts[::2] = [TAG.sub("", _CROSS.sub(r"“\1” in the notebook", part)) for part in parts[::2]]
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def coded(text: str, marks: re.Pattern[str] = TAG) -> str:
    """What looks like a tag, and is meant as text, as code: so it stays."""
    parts = _CODE.split(text)
    parts[::2] = [marks.sub(r"`\g<0>`", part) for part in parts[::2]]
    return "".join(parts)


def _cut(text: str) -> str:
    """At most as long as a platform can show."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + CUT


def _add_code(item: _Item, line: str) -> None:
    """A line of a block of code, as code of its own."""
    said = f"`{' '.join(line.replace('`', chr(39)).split())}`"
    (item.answer or item.lines).append(said)


def _go_on(item: _Item, line: str) -> None:
    if answer := _ANSWER.match(line):
        item.answer.append(answer[1])
    elif item.answer:
        item.answer.append(line.strip())
    elif bullet := _BULLET.match(line):
        item.lines.append(f"- {bullet[1]}")
    else:
        item.lines[-1] = f"{item.lines[-1].rstrip()} {line.strip()}"

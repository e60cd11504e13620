"""Numbered questions in Markdown: the rules by which a questionnaire is found in a reader's own notebook.

A heading "Questionnaire" opens it, "Further Research" a list that is only counted, any other heading closes both.
In the book every item is literally numbered `1.`, so the numbers are ours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from bot.questionnaire import CUT, LONGEST, Draft, Sheet, kind_of
from bot.values import clean

_HEADING = re.compile(r"#{1,6}\s*(.*)")
_QUESTIONS = re.compile(r"questionnaire\b", re.I)
_RESEARCH = re.compile(r"further research\b", re.I)
_CHAPTER = re.compile(r"(?:chapter|ch\.?)\s*(\d{1,3})\b", re.I)
_ITEM = re.compile(r" {0,2}\d+[.)]\s+(.*)")
_BULLET = re.compile(r"\s+(?:[-*+]|\d+[.)])\s+(.*)")
_ANSWER = re.compile(r"\s*(?:A|Answer):\s*(.*)", re.I)
_CROSS = re.compile(r"<<([\w:-]+)>>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.S)
_CODE = re.compile(r"(`+[^`]+`+)")

Mode = Literal["", "questions", "research"]


@dataclass
class _Item:
    lines: list[str]
    answer: list[str] = field(default_factory=list[str])


class Listing:
    """Reads cells one after the other. `anywhere`: numbered items count outside of a questionnaire, too."""

    def __init__(self, name: str, chapter: int, *, anywhere: bool = False) -> None:
        self._name, self.chapter = name, chapter
        self._mode: Mode = "questions" if anywhere else ""
        self._anywhere = anywhere
        self._items: dict[int, list[_Item]] = {}
        self._research, self._headed = 0, False

    def cell(self, text: str) -> None:
        """One cell, or all of a file: what stands in it before its first item belongs to none."""
        item: _Item | None = None
        for line in clean(text).split("\n"):
            if heading := _HEADING.match(line):
                self._head(heading[1])
                item = None
            elif not self._mode:
                continue
            elif found := _ITEM.match(line):
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
                drafts=tuple(drafts(chapter, (("\n".join(i.lines), " ".join(i.answer)) for i in items))),
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
        item = _Item([text])
        self._items.setdefault(self.chapter, []).append(item)
        return item


def drafts(chapter: int, items: Iterable[tuple[str, str]]) -> Iterable[Draft]:
    """Questions with their answers, numbered; one that is there twice counts once."""
    seen: set[str] = set()
    for text, answer in items:
        tidied = _cut(tidy(text))
        draft = Draft(
            chapter=chapter,
            number=len(seen) + 1,
            text=tidied,
            kind=kind_of(tidied),
            answer=_cut(tidy(answer)),
        )
        if tidied and draft.same not in seen:
            seen.add(draft.same)
            yield draft


def tidy(text: str) -> str:
    """Without HTML and the book's cross-references, which lead nowhere outside of it; code stays as it is."""
    parts = _CODE.split(clean(text))
    parts[::2] = [_TAG.sub("", _CROSS.sub(r"“\1” in the notebook", part)) for part in parts[::2]]
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _cut(text: str) -> str:
    """At most as long as a platform can show."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + CUT


def _go_on(item: _Item, line: str) -> None:
    if answer := _ANSWER.match(line):
        item.answer.append(answer[1])
    elif item.answer:
        item.answer.append(line.strip())
    elif bullet := _BULLET.match(line):
        item.lines.append(f"- {bullet[1]}")
    else:
        item.lines[-1] = f"{item.lines[-1].rstrip()} {line.strip()}"

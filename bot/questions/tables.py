"""Questions in a table: CSV as spreadsheets write it, with commas, semicolons or tabs."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from bot.errors import UserError
from bot.questionnaire import Kind, Sheet
from bot.questions.listing import Entry, drafts, tidy
from bot.values import code, escape, plural

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
HEAD = "question,answer,chapter"
_HEADS = {"front": "question", "back": "answer"}
_KINDS: Mapping[str, Kind] = {"recall": "recall", "task": "task"}
_SAID = re.compile(r"sep=([,;\t|])\s*", re.I)
"""The line by which a spreadsheet is told how cells are separated."""
_CHAPTER = re.compile(r"(?:chapter|ch)?\.?\s*([0-9]{1,3})(?:\.0+)?", re.I)


def table(name: str, chapter: int, text: str) -> list[Sheet]:
    """The questions of a CSV whose first line names the columns; `chapter` is that of rows without one."""
    begins, separator, head = _head(name, text)
    found: list[tuple[int, Entry]] = []
    for line, row in records(name, text, separator):
        if line <= begins:
            continue
        if any(cell.strip() for cell in row[len(head) :]):
            raise UserError(
                f"{code(name)}, line {line}: there are {plural(len(row), 'cell')} under "
                f"{plural(len(head), 'head')}. A text with a {SEPARATORS[separator]} in it stands in quotes."
            )
        cells = dict(zip(head, row, strict=False))
        entry = Entry(
            text=cells.get("question", ""),
            answer=cells.get("answer", ""),
            kind=_KINDS.get(cells.get("kind", "").strip().casefold()),
            show=cells.get("show", "").strip().lstrip("!"),
        )
        found.append((_chapter(name, line, cells.get("chapter", "")) or chapter, entry))
    return grouped(name, found)


def records(name: str, text: str, separator: str, *, comments: bool = False) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line it begins in; a cell in quotes may go over several lines.

    `comments`: a row that begins with # is none.
    """
    line = begins = 0
    between = True

    def lines() -> Iterator[str]:
        nonlocal line, begins, between
        for each in StringIO(text, newline=""):
            line += 1
            if between and comments and each.startswith("#"):
                continue
            begins = line if between else begins
            between = False
            yield each

    try:
        for row in csv.reader(lines(), delimiter=separator, strict=True):
            between = True
            if any(cell.strip() for cell in row):
                yield begins, row
    except csv.Error as problem:
        raise UserError(
            f"{code(name)}, line {begins}: I cannot read on ({escape(str(problem))}). Quotes around a cell are "
            f"closed at its end, and it has at most {csv.field_size_limit():,} characters."
        ) from problem


def grouped(name: str, entries: Iterable[tuple[int, Entry]]) -> list[Sheet]:
    """A sheet for each chapter; UserError where there are no questions."""
    chapters: dict[int, list[Entry]] = {}
    for chapter, entry in entries:
        chapters.setdefault(chapter, []).append(entry)
    sheets = [Sheet(name=name, chapter=each, drafts=drafts(each, chapters[each])) for each in sorted(chapters)]
    found = [sheet for sheet in sheets if sheet.drafts]
    if not found:
        raise UserError(f"{code(name)} holds {plural(0, 'question')}: a row for each is what I look for.")
    return found


def _head(name: str, text: str) -> tuple[int, str, list[str]]:
    """The head's line, how its cells are separated, and their names."""
    separators = "".join(SEPARATORS)
    for number, line in enumerate(StringIO(text, newline=None), 1):
        if said := _SAID.fullmatch(line):
            separators = said[1]
        elif line.strip():
            for separator in separators:
                head = [_HEADS.get(cell, cell) for cell in _cells(line, separator)]
                if "question" in head:
                    return number, separator, head
            raise UserError(
                f"{code(name)}, line {number}: I know the columns by a first line such as {code(HEAD)} (also "
                f"{code('kind')} and {code('show')}) or {code('front,back')}. This one is {code(line[:60])}."
            )
    raise UserError(f"{code(name)} holds {plural(0, 'question')}: it is empty. Its first line is {code(HEAD)}.")


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [tidy(cell).casefold() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:  # no head is that long
        return []


def _chapter(name: str, line: int, text: str) -> int:
    said = text.strip()
    found = _CHAPTER.fullmatch(said)
    if said and not found:
        raise UserError(
            f"{code(name)}, line {line}: {code(said[:20])} is no chapter. Write its number, up to 999, or nothing."
        )
    return int(found[1]) if found else 0

"""A reader's own files → questions: notebooks, Markdown, CSV, Anki's text; one, a folder of them, or a zip.

What comes in is not trusted: sizes are limited, also those that a zip only claims. UserError says what is wrong
with a file, and what would be right; of many files, those that can be read are.
"""

import codecs
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, cast

from bot.errors import UserError
from bot.questionnaire import Sheet
from bot.questions import anki
from bot.questions.listing import DASHED, NUMBERED, PAIRED, Listing
from bot.questions.packed import ZIP, Read, packed
from bot.questions.tables import table
from bot.values import code, plural

MOST_BYTES = 20_000_000
"""Of one file: a notebook with its pictures has five million."""
MOST_UNPACKED = 100_000_000
"""Of all the files of one import: the book's have a third of that."""
MOST_FILES = 500
MOST_SAID = 3
"""Broken files that a refusal tells of."""

_LEADING = re.compile(r"(\d{1,3})(?!\d)")
_SKIPPED = re.compile(r"app_|.*_edit|.*-checkpoint\.", re.I)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a table begins that a spreadsheet saved as "Unicode text"."""


def read(path: Path) -> list[Sheet]:
    """All the questions at a path: a file, a zip or a folder."""
    try:
        if path.is_dir():
            files = {each.relative_to(path).as_posix(): each for each in sorted(path.rglob("*")) if each.is_file()}
            return several({name: partial(_bytes, each, MOST_BYTES) for name, each in files.items()}, path.name)
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    return sheets(path.name, _bytes(path, MOST_UNPACKED))


def sheets(name: str, data: bytes) -> list[Sheet]:
    """The questions of one file, or of a zip of files. Its name is a hint: what it is, is seen from its bytes."""
    if data.startswith(ZIP):
        return several(packed(name, data, MOST_BYTES), name)
    return _one(name, data)


def several(files: Mapping[str, Read], name: str) -> list[Sheet]:
    """The questions of many files, by the number that their names begin with; others are left out.

    A file that cannot be read is a sheet that says why. UserError where nothing came of them but that.
    """
    meant = {path: each for path, each in files.items() if wanted(path)}
    if len(meant) > MOST_FILES:
        raise UserError(f"{code(name)} holds {len(meant):,} files; I read up to {MOST_FILES:,}.")
    numbered = {path: found for path in meant if (found := _chapter(path)) is not None}
    if not numbered and len(meant) == 1:
        ((path, only),) = meant.items()
        return _one(path, only())
    if not numbered:
        raise UserError(
            f"In {code(name)} no file has a number first, as in `08_collab.ipynb`: nothing is imported."
        )
    found, broken, left = list[Sheet](), list[Sheet](), MOST_UNPACKED
    for path in sorted(numbered, key=lambda path: (numbered[path], path)):
        try:
            data = meant[path]()
            left -= len(data)
            found += _one(path, data) if left >= 0 else []
        except UserError as problem:
            broken.append(Sheet(name=path, chapter=numbered[path], drafts=(), trouble=problem.text))
        if left < 0:
            raise UserError(
                f"{code(name)} holds more than I read ({MOST_UNPACKED:,} bytes in all): nothing is imported."
            )
    if broken and not any(sheet.drafts for sheet in found):
        raise UserError(_all_broken(broken))
    # Of a chapter that is there twice, such as without its prose, the fuller one counts.
    best: dict[int, Sheet] = {}
    for sheet in found:
        if sheet.chapter not in best or len(sheet.drafts) > len(best[sheet.chapter].drafts):
            best[sheet.chapter] = sheet
    return [*(best[chapter] for chapter in sorted(best)), *broken]


def wanted(path: str) -> bool:
    """Whether a file of a folder may hold questions, by its name; what is hidden, or a copy, is not meant."""
    name = PurePosixPath(path).name
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(path).parts)
    return not hidden and name.casefold().endswith(tuple(_READERS)) and not _SKIPPED.match(name)


def _chapter(path: str) -> int | None:
    found = _LEADING.match(PurePosixPath(path).name)
    return int(found[1]) if found else None


def _all_broken(broken: list[Sheet]) -> str:
    more = len(broken) - MOST_SAID
    rest = [f"And {plural(more, 'file')} more."] if more > 0 else []
    return " ".join([*(sheet.trouble for sheet in broken[:MOST_SAID]), *rest, "Nothing is imported."])


def _bytes(path: Path, most: int) -> bytes:
    try:
        if (size := path.stat().st_size) > most:
            raise UserError(f"{code(path.name)} has {size:,} bytes; I read up to {most:,}.")
        return path.read_bytes()
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _unreadable(path: Path, problem: OSError) -> UserError:
    return UserError(f"{code(str(path))} cannot be read ({problem.strerror or problem}).")


def _one(path: str, data: bytes) -> list[Sheet]:
    name = PurePosixPath(path).name
    if len(data) > MOST_BYTES:
        raise UserError(f"{code(name)} is too large: I read up to {MOST_BYTES:,} bytes of a file.")
    reader = _READERS.get(PurePosixPath(name).suffix.casefold())
    if reader is None:
        raise UserError(f"{code(name)} is no {', '.join(_READERS)} or zip: I don't know how to read it.")
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UserError(
            f"{code(name)} is not UTF-8 text: take a notebook, Markdown, Anki's text, or CSV saved as UTF-8."
        ) from problem
    return reader(name, _chapter(name) or 0, text)


def _notebook(name: str, chapter: int, text: str) -> list[Sheet]:
    try:
        book = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UserError(
            f"{code(name)} is no notebook: it is not JSON. Download the file itself again."
        ) from problem
    cells = cast("dict[str, Any]", book).get("cells") if isinstance(book, dict) else None
    if not isinstance(cells, list):
        raise UserError(f"{code(name)} is no notebook of version 4: it has no cells.")
    listing = Listing(name, chapter)
    for cell in cast("list[Any]", cells):
        source = cast("dict[str, Any]", cell).get("source", "") if isinstance(cell, dict) else ""
        lines = cast("list[Any]", source) if isinstance(source, list) else [source]
        if isinstance(cell, dict) and cast("dict[str, Any]", cell).get("cell_type") == "markdown":
            listing.cell("".join(line for line in lines if isinstance(line, str)))
    (sheet,) = listing.sheets()[-1:] or [Sheet(name=name, chapter=chapter, drafts=())]
    return [sheet]


def _markdown(name: str, chapter: int, text: str) -> list[Sheet]:
    """Items of a questionnaire; where there are none, what is marked as question and answer, or any numbered."""
    tries = ((NUMBERED, False), (PAIRED, True), (NUMBERED, True), (DASHED, False))
    for begins, anywhere in tries:
        listing = Listing(name, chapter, anywhere=anywhere, begins=begins)
        listing.cell(text)
        found = [sheet for sheet in listing.sheets() if sheet.drafts]
        if found:
            return found
    raise UserError(
        f"{code(name)} holds {plural(0, 'question')}. In Markdown and plain text one is a numbered line, such as "
        "`1. Why a bias?`, with `A: …` in a line below it if you like; or two lines, `Q: …` and `A: …`. "
        "A heading such as `# Chapter 8` says the chapter."
    )


def _text(name: str, chapter: int, text: str) -> list[Sheet]:
    return (anki.notes if anki.is_notes(text) else _markdown)(name, chapter, text)


_READERS: Mapping[str, Callable[[str, int, str], list[Sheet]]] = {
    ".ipynb": _notebook,
    ".md": _markdown,
    ".csv": table,
    ".txt": _text,
}

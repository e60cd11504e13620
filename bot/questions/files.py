"""A reader's own files → questions: notebooks, Markdown, CSV, Anki's text; one, a folder of them, or a zip.

What comes in is not trusted: sizes are limited, also those that a zip only claims. UserError says what is wrong
with a file, and what would be right.
"""

import csv
import html
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO, StringIO
from pathlib import Path, PurePosixPath
from typing import Any, cast

from bot.errors import UserError
from bot.questionnaire import Draft, Sheet, kind_of
from bot.questions.listing import Listing, drafts, tidy
from bot.values import code, plural

MOST_BYTES = 20_000_000
"""Of one file: a notebook with its pictures has five million."""
MOST_UNPACKED = 100_000_000
"""Of all the files of one import: the book's have a third of that."""
MOST_FILES = 500
ENDINGS = (".ipynb", ".md", ".csv", ".txt")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip begins: with a file, or with its end where it is empty."""

_LEADING = re.compile(r"(\d{1,3})")
_SKIPPED = re.compile(r"app_|.*_edit", re.I)
_TAG_CHAPTER = re.compile(r"(?:ch|chapter)[-_:]?(\d{1,3})", re.I)
_SEPARATOR = re.compile(r"^#separator:\s*(\w+)", re.I | re.M)
_NO_HTML = re.compile(r"^#html:\s*false", re.I | re.M)
_TOKEN = re.compile(r"<[^<>]+>")
_SEPARATORS = {"comma": ",", "semicolon": ";", "pipe": "|"}
_BREAK = re.compile(r"<(?:br|/div|/p)\b[^>]*>", re.I)


def read(path: Path) -> list[Sheet]:
    """All the questions at a path: a file, a zip or a folder."""
    try:
        if path.is_dir():
            files = (each for each in sorted(path.rglob("*")) if each.is_file() and wanted(each.name))
            return several({each.relative_to(path).as_posix(): _bytes(each) for each in files}, path.name)
        return sheets(path.name, _bytes(path))
    except OSError as problem:
        raise UserError(f"{code(str(path))} cannot be read ({problem.strerror or problem}).") from problem


def sheets(name: str, data: bytes) -> list[Sheet]:
    """The questions of one file, or of a zip of files. Its name is a hint: what it is, is seen from its bytes."""
    if len(data) > MOST_BYTES and not data.startswith(ZIP):
        raise UserError(f"{code(name)} has {len(data):,} bytes; I read up to {MOST_BYTES:,}.")
    if data.startswith(ZIP):
        return several(_unpacked(name, data), name)
    return _one(name, data)


def several(files: Mapping[str, bytes], name: str) -> list[Sheet]:
    """The questions of many files, by the number that their names begin with; others are left out."""
    numbered = {path: found for path in files if (found := _LEADING.match(PurePosixPath(path).name))}
    if not numbered and len(files) == 1:
        return _one(*next(iter(files.items())))
    if not numbered:
        raise UserError(
            f"In {code(name)} no file has a number first, as in `08_collab.ipynb`: nothing is imported."
        )
    order = sorted(numbered, key=lambda path: (int(numbered[path][1]), path))
    found = [sheet for path in order for sheet in _one(path, files[path])]
    # Of a chapter that is there twice, such as without its prose, the fuller one counts.
    best: dict[int, Sheet] = {}
    for sheet in found:
        if sheet.chapter not in best or len(sheet.drafts) > len(best[sheet.chapter].drafts):
            best[sheet.chapter] = sheet
    return [best[chapter] for chapter in sorted(best)]


def wanted(name: str) -> bool:
    """Whether a file of a folder may hold questions, by its name."""
    stem = PurePosixPath(name).name
    return stem.casefold().endswith(ENDINGS) and not _SKIPPED.match(stem)


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MOST_UNPACKED:
        raise UserError(f"{code(path.name)} has {path.stat().st_size:,} bytes; I read up to {MOST_UNPACKED:,}.")
    return path.read_bytes()


def _unpacked(name: str, data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            inside = [each for each in packed.infolist() if not each.is_dir() and wanted(each.filename)]
            if len(inside) > MOST_FILES:
                raise UserError(f"{code(name)} holds {len(inside):,} files; I read up to {MOST_FILES:,}.")
            for each in inside:
                with packed.open(each) as opened:  # what it claims of its size may not be so
                    content = opened.read(min(MOST_BYTES, left) + 1)
                left -= len(content)
                if len(content) > MOST_BYTES or left < 0:
                    raise UserError(
                        f"{code(name)} unpacks to more than I read ({MOST_BYTES:,} bytes for a file, "
                        f"{MOST_UNPACKED:,} for all): nothing is imported."
                    )
                found[each.filename] = content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as problem:
        raise UserError(f"{code(name)} is no zip that I can unpack ({problem}).") from problem
    return found


def _one(name: str, data: bytes) -> list[Sheet]:
    stem = PurePosixPath(name).name
    leading = _LEADING.match(stem)
    chapter = int(leading[1]) if leading else 0
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UserError(
            f"{code(stem)} is not UTF-8 text: take a notebook, Markdown, CSV or Anki's text."
        ) from problem
    ending = PurePosixPath(stem).suffix.casefold()
    if ending == ".ipynb":
        return _notebook(stem, chapter, text)
    if ending == ".csv":
        return _rows(stem, chapter, csv.reader(StringIO(text)))
    if ending == ".txt":
        return _anki(stem, chapter, text)
    if ending == ".md":
        return _markdown(stem, chapter, text)
    raise UserError(f"{code(stem)} is no {', '.join(ENDINGS)} or zip: I don't know how to read it.")


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
    listing = Listing(name, chapter)
    listing.cell(text)
    found = listing.sheets()
    if not any(sheet.drafts for sheet in found):
        listing = Listing(name, chapter, anywhere=True)
        listing.cell(text)
        found = listing.sheets()
    return found


def _rows(name: str, chapter: int, rows: Iterable[list[str]]) -> list[Sheet]:
    """A table with a head (question, answer, chapter, kind, show), or without one: chapter, question, answer."""
    try:
        every = [row for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as problem:
        raise UserError(f"{code(name)} is no CSV that I can read ({problem}).") from problem
    head = [cell.strip().casefold() for cell in every[0]] if every else []
    if "question" in head:
        every = every[1:]
    else:
        head = ["chapter", "question", "answer"] if every and len(every[0]) > 2 else ["question", "answer"]
    found = [dict(zip(head, row, strict=False)) for row in every]
    return _grouped(name, ((_number(row.get("chapter", "")) or chapter, row) for row in found))


def _anki(name: str, chapter: int, text: str) -> list[Sheet]:
    """Front, back and tags between tabs, as Anki exports notes; a tag such as `ch8` is the chapter."""
    lines = [line for line in text.split("\n") if line.strip()]
    said = _SEPARATOR.search(text)
    separator = _SEPARATORS.get(said[1].casefold() if said else "", "\t")
    plain = _NO_HTML.search(text)
    rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter=separator)
    found: list[tuple[int, dict[str, str]]] = []
    for front, back, *tags in ([*row, "", ""] for row in rows if row):
        tagged = _TAG_CHAPTER.search(" ".join(tags))
        sides = (_BREAK.sub("\n", front), _BREAK.sub(" ", back))
        question, answer = sides if plain else map(_unescaped, sides)
        found.append((int(tagged[1]) if tagged else chapter, {"question": question, "answer": answer}))
    return _grouped(name, found)


def _unescaped(field: str) -> str:
    """HTML as text: `&amp;` is &; what looks like a tag, once its tags are gone, is code."""
    return _TOKEN.sub(r"`\g<0>`", html.unescape(tidy(field)))


def _grouped(name: str, rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[Sheet]:
    chapters: dict[int, list[Mapping[str, str]]] = {}
    for chapter, row in rows:
        if tidy(row.get("question", "")):
            chapters.setdefault(chapter, []).append(row)
    if not chapters:
        raise UserError(f"{code(name)} holds {plural(0, 'question')}: a line for each is what I look for.")
    return [
        Sheet(name=name, chapter=chapter, drafts=tuple(_told(chapter, found)))
        for chapter, found in sorted(chapters.items())
    ]


def _told(chapter: int, rows: Iterable[Mapping[str, str]]) -> Iterator[Draft]:
    """Questions of a table, which may say of each what kind it is, and what shows its answer."""
    aside = {tidy(row["question"]): row for row in rows}
    for draft in drafts(chapter, ((text, row.get("answer", "")) for text, row in aside.items())):
        row = aside.get(draft.text, {})
        said = row.get("kind", "").strip().casefold()
        kind = said if said in ("recall", "task") else kind_of(draft.text)
        yield Draft(
            chapter=chapter,
            number=draft.number,
            text=draft.text,
            kind="task" if kind == "task" else "recall",
            answer=draft.answer,
            show=row.get("show", "").strip().lstrip("!"),
        )


def _number(text: str) -> int:
    found = _LEADING.search(text)
    return int(found[1]) if found else 0

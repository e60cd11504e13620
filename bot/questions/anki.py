"""Questions as Anki exports notes: text with a head of `#key:value` lines, then front, back and tags."""

import html
import re
from collections.abc import Mapping
from io import StringIO

from bot.errors import UserError
from bot.questionnaire import Sheet
from bot.questions.listing import TAG, Entry, coded, tidy
from bot.questions.tables import grouped, records
from bot.values import code

_SAID = re.compile(
    r"#(separator|html|columns|notetype|deck|tags|if matches|(?:guid|notetype|deck|tags) column):([^\r\n]*)", re.I
)
_SEPARATORS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}
_COLUMNS = ("guid column", "notetype column", "deck column", "tags column")
"""What a column may hold besides a note's own fields."""
_CHAPTER = re.compile(r"(?<![a-z])(?:ch|chapter)[-_: ]?(\d{1,3})(?!\d)", re.I)
_BREAK = re.compile(r"<(?:br|/div|/p)\b[^>]*>", re.I)
_TOKEN = re.compile(rf"{TAG.pattern}|<[/!]?[a-z][^<>\s]*>", re.I | re.S)


def is_notes(text: str) -> bool:
    """Whether a text looks like Anki's: it begins with Anki's own head, or with cells between tabs."""
    for line in StringIO(text):
        if _SAID.match(line) or "\t" in line.strip():
            return True
        if line.strip() and not line.startswith("#"):
            return False
    return False


def notes(name: str, chapter: int, text: str) -> list[Sheet]:
    """The questions of notes; a tag such as `ch8`, or else a deck, says the chapter."""
    said = _head(text)
    aside = {key: int(value) - 1 for key in _COLUMNS if (value := said.get(key, "").strip()).isdecimal()}
    plain = said.get("html", "").strip().casefold() == "false"
    found: list[tuple[int, Entry]] = []
    for _, row in records(name, text, _separator(name, said.get("separator", "tab")), comments=True):
        fields = [cell for place, cell in enumerate(row) if place not in aside.values()]
        front, back, *rest = [*fields, "", ""]
        columns = [aside[key] for key in ("tags column", "deck column") if aside.get(key, len(row)) < len(row)]
        words = [*(row[place] for place in columns), said.get("tags", ""), said.get("deck", "")]
        tagged = _CHAPTER.search(" ".join(words if "tags column" in aside else [*rest, *words]))
        question, answer = map(coded if plain else _text, (front, back))
        found.append((int(tagged[1]) if tagged else chapter, Entry(text=question, answer=answer)))
    return grouped(name, found)


def _head(text: str) -> Mapping[str, str]:
    """What the lines at the top say."""
    said: dict[str, str] = {}
    for line in StringIO(text):
        if line.strip() and not line.startswith("#"):
            break
        if found := _SAID.match(line):
            said[found[1].casefold()] = found[2]
    return said


def _separator(name: str, said: str) -> str:
    word = said.strip().casefold()
    if word in _SEPARATORS:
        return _SEPARATORS[word]
    sign = word or said[:1]
    if sign not in _SEPARATORS.values():
        known = ", ".join(each.capitalize() for each in _SEPARATORS if each.isalpha())
        raise UserError(f"{code(name)} separates its fields by {code(said[:20])}: I know {known}.")
    return sign


def _text(field: str) -> str:
    """HTML as text: `&amp;` is &; what looks like a tag, once its tags are gone, is code."""
    return coded(html.unescape(tidy(_BREAK.sub("\n", field))), _TOKEN)

"""Numbers as people type them: a list, two vectors, a shape. All is checked here, once."""

import math
import re

from engine.errors import BadNumbers
from engine.matrices import MINUS_SIGNS

MOST, MOST_SHOWN = 50, 12
"""Numbers in a vector, as many as the model has factors; and in what is drawn, as many as can be read."""
LARGEST = 1_000_000

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_SPLIT = re.compile(r"0\d+", re.ASCII)
_PARTED = re.compile(r"\]\s*[,;·*x]?\s*\[|\s*;\s*|\s+(?:vs\.?|and|·)\s+", re.IGNORECASE)
VECTORS = "Write two vectors, for example [1.7, 0.1, -1.9] [1.6, 0.1, -1.8]."


def listed(text: str, *, most: int = MOST, low: float = -LARGEST) -> tuple[float, ...]:
    """`2, 1, 0.1` or `2 1 0.1` or `[2, 1, 0.1]` → (2.0, 1.0, 0.1)."""
    found = text.translate(MINUS_SIGNS).strip().removeprefix("[").removesuffix("]").replace(",", " ").split()
    if not found:
        raise BadNumbers("There are no numbers. Write some with spaces between, for example 2 1 0.1.")
    if len(found) > most:
        raise BadNumbers(f"{len(found)} numbers are too many: I take up to {most}.")
    return tuple(_number(word, low) for word in found)


def two_vectors(text: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """`[0.98, 0.9] [0.9, 0.8]`, or with `;` or `vs` between → the two, of one length."""
    parts = [part for part in _PARTED.split(text.translate(MINUS_SIGNS).strip()) if part.strip(" []")]
    if len(parts) != 2:
        counted = {0: "There is no vector.", 1: "That is one vector."}.get(
            len(parts), f"Those are {len(parts)} vectors."
        )
        raise BadNumbers(f"{counted} {VECTORS}")
    first, second = (listed(part) for part in parts)
    if len(first) != len(second):
        raise BadNumbers(
            f"The first vector has {_count(len(first))}, the second {_count(len(second))}: both need as many."
        )
    return first, second


def shape(text: str) -> tuple[int, ...]:
    """`20x30`, `20×30`, `20, 30` or `(20, 30)` → (20, 30)."""
    found = re.fullmatch(
        r"[(\[]?\s*(\d{1,9})(?:\s*[x×*, ]\s*(\d{1,9}))?\s*,?\s*[)\]]?", text.strip(), re.IGNORECASE
    )
    if found is None:
        raise BadNumbers(f"A shape is written like 20x30, or 20 for one row of numbers; not {text[:40]!r}.")
    return tuple(int(side) for side in found.groups() if side is not None)


def _number(word: str, low: float) -> float:
    if not _NUMBER.fullmatch(word):
        raise BadNumbers(f"{word[:20]!r} is not a number. Write 2 or -0.5, for example.")
    if _SPLIT.fullmatch(word):  # the rest of 1,000: without this it would be 1 and 0
        raise BadNumbers(
            f"{word[:20]!r} begins with 0. A comma parts numbers here: write 1000, and 0.05, without one."
        )
    value = float(word)
    if not math.isfinite(value) or not low <= value <= LARGEST:
        raise BadNumbers(f"{word[:20]!r} is out of range: numbers here run from {low:,.0f} to {LARGEST:,}.")
    return value


def _count(number: int) -> str:
    return f"{number} number" if number == 1 else f"{number} numbers"

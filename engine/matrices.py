"""Small matrices the way people write them: from text to numbers, and from numbers to text."""

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from engine.errors import BadKernel

Matrix: TypeAlias = tuple[tuple[float, ...], ...]

LARGEST_SIZE = 7  # a 9×9 grid of numbers can no longer be read in a chat
LARGEST_WEIGHT = 1000  # beyond it a result says nothing about the picture any more
LARGEST_DIVISOR = 256  # the 5×5 Gaussian's; a larger one is harder to read than decimals

HOW = "Write it as [[-1,0,1],[-2,0,2],[-1,0,1]] or as -1 0 1; -2 0 2; -1 0 1."
SQUARES = {size * size: size for size in range(2, LARGEST_SIZE + 1)}
BARE = re.compile(
    r"\s*(?:(\d{1,2})\s*[x×]\s*(\d{1,2})\s*:)?([^\[\]]*)", re.DOTALL
)  # the numbers, after a size or not
NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:/(\d+(?:\.\d*)?))?", re.ASCII)
MINUS_SIGNS = str.maketrans("−–", "--")  # what our own pictures print, and what phones make of a hyphen


def parse(text: str) -> Matrix:
    """Read a square matrix: nested brackets, rows parted by `;`, or its 4, 9, 16, 25, 36 or 49 numbers in a row.

    Numbers may be simple fractions (`1/9`), and `3x3:` may stand before them. Raises BadKernel, which says which
    row is wrong and what would be right.
    """
    plain = text.translate(MINUS_SIGNS).strip()
    rows = _bare(plain) or [row.replace(",", " ").split() for row in _rows(plain)]
    if not any(rows):
        raise BadKernel(f"The kernel is empty. {HOW}")
    if len(rows) > LARGEST_SIZE:
        raise BadKernel(f"{len(rows)} rows are too many: a kernel has 1 to {LARGEST_SIZE}.")
    for place, row in enumerate(rows, start=1):
        if len(row) != len(rows):
            raise BadKernel(
                f"Row {place} has {_count(len(row), 'number')}: "
                f"a kernel of {_count(len(rows), 'row')} needs {len(rows)} in every row."
            )
    return tuple(tuple(_number(word, place) for word in row) for place, row in enumerate(rows, start=1))


def written(value: float) -> str:
    """The number as we print it: whole where it is whole, two decimals at most, a true minus sign."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown.replace("-", "−")


def whole(weights: Sequence[Sequence[float]]) -> tuple[list[list[str]], int]:
    """The weights as short texts, and the number they are all divided by.

    A blur is 1 2 1 over 16, not 0.0625 0.125 0.0625; but 0.5 stays 0.5, and 0.123 has no small divisor.
    """
    exact = [[Fraction(value).limit_denominator(LARGEST_DIVISOR) for value in row] for row in weights]
    divisor = math.lcm(*(value.denominator for row in exact for value in row))
    pairs = [pair for row, near in zip(weights, exact, strict=True) for pair in zip(row, near, strict=True)]
    short = all(round(value, 1) == value for value, _ in pairs)
    close = all(math.isclose(value, near, abs_tol=1e-9) for value, near in pairs)
    if short or not close or divisor > LARGEST_DIVISOR:
        return [[written(value) for value in row] for row in weights], 1
    return [[written(int(value * divisor)) for value in row] for row in exact], divisor


def _bare(text: str) -> list[list[str]]:
    """The words of each row, where all stand in one row, or each in a row of its own; else nothing."""
    found = BARE.fullmatch(text)
    if found is None or not found[3].strip():
        return []
    parts = [part.replace(",", " ").split() for part in found[3].strip().removesuffix(";").split(";")]
    words = [word for part in parts for word in part]
    sized = found[1] is not None
    if not (sized or len(parts) == 1 or all(len(part) == 1 for part in parts)) or (len(words) == 1 and not sized):
        return []
    if sized and found[1] != found[2]:
        raise BadKernel(f"A kernel is square: {found[1]}×{found[2]} is not. {HOW}")
    size = int(found[1]) if sized else SQUARES.get(len(words), 0)
    if size > LARGEST_SIZE:
        raise BadKernel(f"{size} rows are too many: a kernel has 1 to {LARGEST_SIZE}.")
    if sized and len(words) != size * size:
        raise BadKernel(f"{size}×{size} are {size * size} numbers; I count {len(words)}.")
    if not size:
        if len(parts) > 1 or ";" in text:
            return []
        *fewer, last = (str(count) for count in SQUARES)
        raise BadKernel(
            f"{len(words)} numbers make no square: a kernel has {', '.join(fewer)} or {last}, "
            "or its rows are parted by ; as in -1 0 1; -2 0 2; -1 0 1."
        )
    return [words[start : start + size] for start in range(0, len(words), size)]


def _rows(text: str) -> list[str]:
    """The text of each row."""
    if not text.startswith("["):
        return text.removesuffix(";").split(";")
    inside = text.removeprefix("[").removesuffix("]")
    nested = inside.strip().startswith("[")
    rows = re.findall(r"\[([^\[\]]*)\]", inside) if nested else inside.split(";")
    left = re.sub(r"\[[^\[\]]*\]", "", inside) if nested else ""
    if not text.endswith("]") or left.strip(" ,;\n") or any(bracket in row for row in rows for bracket in "[]"):
        raise BadKernel(f"The brackets do not match. {HOW}")
    return rows


def _number(word: str, place: int) -> float:
    """One number or fraction of row `place`."""
    match = NUMBER.fullmatch(word)
    if match is None:
        raise BadKernel(f"Row {place}: {word[:20]!r} is not a number. Write -1, 0.5 or 1/9, for example.")
    above, below = float(match[1]), float(match[2] or 1)
    if below == 0:
        raise BadKernel(f"Row {place}: {word[:20]!r} divides by zero. Write 1/9, for example.")
    # Also where a long row of digits became infinite: infinity is beyond the limit, too.
    if not abs(above / below) <= LARGEST_WEIGHT:
        raise BadKernel(
            f"Row {place}: {word[:20]!r} is too large. Weights run from -{LARGEST_WEIGHT} to {LARGEST_WEIGHT}."
        )
    return above / below


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

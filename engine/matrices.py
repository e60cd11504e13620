"""Small matrices the way people write them: from text to numbers, and from numbers to text."""

import math
import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from engine.errors import BadKernel

Matrix: TypeAlias = tuple[tuple[float, ...], ...]

LARGEST_SIZE = 7  # a 9×9 grid of numbers can no longer be read in a chat
LARGEST_WEIGHT = 1000  # beyond it a result says nothing about the picture any more
LARGEST_DIVISOR = 256  # the 5×5 Gaussian's; a larger one is harder to read than decimals

WHY_SIZE = "more cannot be read in a chat"
WHY_WEIGHT = "beyond, a sum says nothing about the picture any more"
HOW = "Write it as [[-1,0,1],[-2,0,2],[-1,0,1]] or as -1 0 1; -2 0 2; -1 0 1."
SQUARES = {size * size: size for size in range(2, LARGEST_SIZE + 1)}
BARE = re.compile(
    r"\s*(?:(\d{1,2})\s*[x×]\s*(\d{1,2})\s*:)?([^\[\]]*)", re.DOTALL
)  # the numbers, after a size or not
_FIGURES = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
NUMBER = re.compile(rf"({_FIGURES})(?:/({_FIGURES}))?", re.ASCII)
VULGAR = {sign: unicodedata.normalize("NFKC", sign).replace("\u2044", "/") for sign in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
FLAT = re.compile(r"\[([^\[\];]*)\]")  # a list without rows
CALLED = re.compile(r"(?:\w+\.)?(?:tensor|array)\(\s*(\[.*\])\s*,?\s*\)", re.DOTALL | re.IGNORECASE)
MINUS_SIGNS = str.maketrans("−–", "--")  # what our own pictures print, and what phones make of a hyphen


def parse(text: str) -> Matrix:
    """Read a square matrix: nested brackets, rows parted by `;`, or its 4, 9, 16, 25, 36 or 49 numbers in a row.

    Numbers may be simple fractions (`1/9`, `½`) and powers of ten (`1e-3`); `3x3:` may stand before them, and
    `tensor(…)` or `array(…)` around them. Raises BadKernel, which says which row is wrong and what would be right.
    """
    plain = text.translate(MINUS_SIGNS).strip()
    try:
        return _read(plain)
    except BadKernel as problem:
        if re.search(r"\d,\d", plain) and re.search(r"\d\s+[-+.\d]", plain):
            raise BadKernel(f"{problem} A comma parts two numbers: one half is 0.5 or 1/2.") from problem
        raise


def number(text: str) -> float:
    """One number: whole, decimal, a fraction or a power of ten; ValueError says what it is instead."""
    match = NUMBER.fullmatch(_spelt(text.translate(MINUS_SIGNS).strip()))
    if match is None:
        raise ValueError("is not a number")
    below = float(match[2] or 1)
    if below == 0:
        raise ValueError("divides by zero")
    return float(match[1]) / below


def _spelt(word: str) -> str:
    """`½` as `1/2`."""
    return word[:-1] + VULGAR[word[-1]] if word[-1:] in VULGAR and word[:-1] in {"", "+", "-"} else word


def _read(plain: str) -> Matrix:
    called = CALLED.fullmatch(plain)
    plain = called[1] if called else plain
    flat = FLAT.fullmatch(plain)
    if flat and len(flat[1].replace(",", " ").split()) > 1:
        plain = flat[1]
    rows = _bare(plain) or [row.replace(",", " ").split() for row in _rows(plain)]
    if not any(rows):
        raise BadKernel(f"The kernel is empty. {HOW}")
    if len(rows) > LARGEST_SIZE:
        raise BadKernel(_many(len(rows)))
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


def whole(weights: Sequence[Sequence[float]], largest: int = LARGEST_DIVISOR) -> tuple[list[list[str]], int]:
    """The weights as short texts, and the number they are all divided by, `largest` at most.

    A blur is 1 2 1 over 16, not 0.0625 0.125 0.0625; but 0.5 stays 0.5, and 0.123 has no small divisor.
    """
    exact = [[Fraction(value).limit_denominator(largest) for value in row] for row in weights]
    divisor = math.lcm(*(value.denominator for row in exact for value in row))
    pairs = [pair for row, near in zip(weights, exact, strict=True) for pair in zip(row, near, strict=True)]
    short = all(round(value, 1) == value for value, _ in pairs)
    # Of any number some such fraction is nearer than 1/largest²: that alone makes it none.
    close = all(
        math.isclose(value, near, rel_tol=0, abs_tol=min(1e-9, 1e-4 / largest**2)) for value, near in pairs
    )
    if short or not close or divisor > largest:
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
        raise BadKernel(_many(size))
    if sized and len(words) != size * size:
        raise BadKernel(f"{size}×{size} are {size * size} numbers; I count {len(words)}.")
    if not size:
        if len(parts) > 1 or ";" in text:
            return []
        if len(words) == math.isqrt(len(words)) ** 2 > LARGEST_SIZE**2:
            raise BadKernel(_many(math.isqrt(len(words))))
        *fewer, last = (str(count) for count in SQUARES)
        raise BadKernel(
            f"{len(words)} numbers make no square: a kernel has {', '.join(fewer)} or {last}, "
            "or its rows are parted by ; on one line, as in -1 0 1; -2 0 2; -1 0 1."
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
    try:
        value = number(word)
    except ValueError as problem:
        raise BadKernel(f"Row {place}: {word[:20]!r} {problem}. Write -1, 0.5 or 1/9, for example.") from problem
    # Also where a long row of digits became infinite: infinity is beyond the limit, too.
    if not abs(value) <= LARGEST_WEIGHT:
        raise BadKernel(
            f"Row {place}: {word[:20]!r} is too large. "
            f"Weights run from -{LARGEST_WEIGHT} to {LARGEST_WEIGHT}: {WHY_WEIGHT}."
        )
    return value


def _many(rows: int) -> str:
    return f"{rows} rows are too many: a kernel has 1 to {LARGEST_SIZE}, as {WHY_SIZE}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

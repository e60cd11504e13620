"""Tables as HTML and as aligned text. Their cells are plain text and numbers, never markup."""

import math
from collections.abc import Sequence
from html import escape as as_html
from itertools import zip_longest
from unicodedata import combining, east_asian_width

from bot.values import Cell, Table, clean

DECIMALS = 4  # more would be noise: a model's figures differ from training to training in the third
MANY = 10_000  # from here on the digits of a column are grouped; below, 1994 is a year as often as a count


def table_html(table: Table) -> str:
    """A `<table>`; columns of numbers have the class `number`."""
    kinds = [' class="number"' if right else "" for right in aligned(table)]
    heads = (
        f'<th scope="col"{kind}>{as_html(name)}</th>' if name else "<td></td>"
        for name, kind in zip(table.columns, kinds, strict=True)
    )
    rows = (
        "".join(f"<td{kind}>{as_html(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        for row in shown(table)
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table>"


def table_text(table: Table) -> str:
    """Columns aligned for a monospaced font, a rule below their names."""
    lines = [[flat(name) for name in table.columns], *shown(table)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(table.columns))]
    right = aligned(table)
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join(padded(*cell) for cell in zip(line, widths, right, strict=True)).rstrip() for line in lines
    )


def shown(table: Table) -> list[tuple[str, ...]]:
    """The rows as text: within a column of numbers, every float has as many decimals as the longest needs."""
    columns = [_column(column) for column in _columns(table)]
    return list(zip_longest(*columns))


def aligned(table: Table) -> list[bool]:
    """Which columns hold numbers, and so stand to the right."""
    return [_is_numbers(column) for column in _columns(table)]


def _columns(table: Table) -> list[list[Cell]]:
    return [[row[place] for row in table.rows] for place in range(len(table.columns))]


def _column(cells: Sequence[Cell]) -> list[str]:
    floats = [cell for cell in cells if isinstance(cell, float)]
    common = max(map(_decimals, floats), default=0) if _is_numbers(cells) else None
    # All of a column or none: 7,056 stands above 14,112.
    grouped = any(isinstance(cell, int) and abs(cell) >= MANY for cell in cells)
    return [flat(cell) if isinstance(cell, str) else _number(cell, common, grouped) for cell in cells]


def _is_numbers(cells: Sequence[Cell]) -> bool:
    """Whether the column holds numbers; empty cells do not count."""
    filled = [cell for cell in cells if cell != ""]
    return bool(filled) and not any(isinstance(cell, str) for cell in filled)


def _number(value: float, decimals: int | None, grouped: bool) -> str:
    if isinstance(value, int):
        text = f"{value:,}" if grouped else str(value)
    elif not math.isfinite(value):
        text = "–" if math.isnan(value) else f"{value:g}".replace("inf", "∞")
    elif abs(value) >= 1e15:
        text = f"{value:.{DECIMALS}g}"
    else:
        # Adding zero makes a plain zero of what rounds to a negative one.
        text = f"{round(value, DECIMALS) + 0.0:.{_decimals(value) if decimals is None else decimals}f}"
    return text.replace("-", "−")


def _decimals(value: float) -> int:
    """How many decimals the number needs, at most four."""
    return len(f"{value:.{DECIMALS}f}".rstrip("0").partition(".")[2]) if math.isfinite(value) else 0


def flat(text: str) -> str:
    """The text in one line, without what nobody sees."""
    return " ".join(clean(text).split())


def padded(text: str, places: int, right: bool) -> str:
    """The text with blanks up to so many places, before it or after it."""
    gap = " " * (places - width(text))
    return gap + text if right else text + gap


def width(text: str) -> int:
    """The places a text takes in a terminal: two for a Chinese sign, none for an accent on its own."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)

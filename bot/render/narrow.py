"""A table on a phone: aligned where its columns can be made to fit, else a list with an item for each row."""

import re
from collections.abc import Callable, Iterable, Sequence

from bot.render.splitting import split
from bot.render.tables import aligned, flat, padded, shown, width
from bot.values import Table, plural

WIDE = 44
"""Signs in a line of code on a phone."""
LEAST = 24
"""A column of text narrower than this says too little."""
KEPT = 0.6
"""Of a column's widest text at least so much is shown."""
PARTS = 2
"""Messages that a list may take."""
GAP = "  "
PAIR = 2
NUMBER = "number"
"""The name of a column that only tells rows apart."""


Plainly = Callable[[str], str]
_Items = tuple[list[str], list[str]]


def narrow(table: Table, room: int, plainly: Plainly) -> list[str]:
    """Blocks of at most `room` characters; `plainly` makes markup of plain text; what is left out is counted."""
    names, rows = [flat(name) for name in table.columns], shown(table)
    widths = _widths([names, *rows], aligned(table))
    if widths is None:
        told, items = _items(names, rows, aligned(table), plainly)
        fitting = [each for each in items if len(each) <= room]
        return split(_cut(fitting, (PARTS * room) * 9 // 10, head=told, beside=len(rows) - len(fitting)), room)
    lines = [_line(line, widths, aligned(table)) for line in [names, *rows]]
    lines.insert(1, GAP.join("─" * each for each in widths))
    return [_cut(lines[2:], room, head=["```", *lines[:2]], end="\n```")]


def _widths(lines: Sequence[Sequence[str]], numbers: Sequence[bool]) -> list[int] | None:
    """How wide each column is, the widest of text made narrower; None where that would say too little."""
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    over = sum(widths) + len(GAP) * (len(widths) - 1) - WIDE
    if over <= 0:
        return widths
    texts = [place for place, number in enumerate(numbers) if not number]
    widest = max(texts, key=lambda place: widths[place], default=None)
    if widest is None or widths[widest] - over < max(LEAST, KEPT * widths[widest]):
        return None
    widths[widest] -= over
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    """One line of the code block; three ticks would end it."""
    fitted = (
        padded(_shortened(text, places), places, number)
        for text, places, number in zip(cells, widths, right, strict=True)
    )
    return re.sub("`{3,}", lambda ticks: "'" * len(ticks[0]), GAP.join(fitted).rstrip())


def _shortened(text: str, places: int) -> str:
    if width(text) <= places:
        return text
    while width(text) > places - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _items(
    names: Sequence[str], rows: Sequence[Sequence[str]], figures: Sequence[bool], plainly: Plainly
) -> _Items:
    """An item for each row: `- 3 · **Wed 9 Dec 2026** · dead · tries 4`; a line above says the names left out.

    A number that comes first is plain, and what follows it is bold. Names stay beside figures and what comes after
    those; of two columns the second has none: `- **year** · 1996`.
    """
    numbered = len(names) > PAIR and figures[0] and not figures[1]
    bold = 1 if numbered else 0
    end = next((place for place in range(bold + 1, len(names)) if figures[place]), len(names))
    plain = [place < end and not _counts(row[place] for row in rows) for place in range(len(names))]
    named = [not (each or len(names) == PAIR) for each in plain]
    named[0] = not numbered or names[0] != NUMBER

    def item(row: Sequence[str]) -> str:
        filled = [place for place, cell in enumerate(row) if cell]
        telling = bold if row[bold] else next(iter(filled), 0)
        parts = [
            plainly(f"{names[place]} {row[place]}".strip() if _is_named(place, row[place]) else row[place])
            for place in filled
        ]
        marked = [f"**{part}**" if place == telling else part for place, part in zip(filled, parts, strict=True)]
        return f"- {' · '.join(marked) or '–'}"

    def _is_named(place: int, cell: str) -> bool:
        return cell.isdecimal() if place == bold else named[place]

    left_out = any(names[place] and not named[place] for place in range(1, len(names)))
    told = [f"-# {' · '.join(plainly(name) for name in names if name)}"] if left_out and len(names) > PAIR else []
    return told, [item(row) for row in rows]


def _counts(cells: Iterable[str]) -> bool:
    """Whether there is a figure among them, such as `4.44 ± 0.48`, which says nothing without its name."""
    return any(re.match(r"[−+-]?\d", cell) for cell in cells)


def _cut(rows: Sequence[str], room: int, *, head: Sequence[str] = (), end: str = "", beside: int = 0) -> str:
    """As many rows as there is room for, and how many there are beside them, with those left out before."""
    left = room - sum(len(line) + 1 for line in head) - len(end) - len(f"\n\nand {len(rows):,} rows more")
    taken: list[str] = []
    for row in rows:
        left -= len(row) + 1
        if left < 0:
            break
        taken.append(row)
    more = len(rows) - len(taken) + beside
    shown = "\n".join([*head, *taken]) + end if taken else ""
    return f"{shown}\n\nand {plural(more, 'row')} more".lstrip() if more else shown

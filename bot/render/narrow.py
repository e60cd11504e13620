"""A table on a phone: aligned where its columns can be made to fit, else a list with an item for each row."""

import re
from collections.abc import Callable, Sequence

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


def narrow(table: Table, room: int, plainly: Callable[[str], str]) -> list[str]:
    """Blocks of at most `room` characters; `plainly` makes markup of plain text; what is left out is counted."""
    names, rows = [flat(name) for name in table.columns], shown(table)
    widths = _widths([names, *rows], aligned(table))
    if widths is None:
        items = (_item(names, row, plainly) for row in rows)
        fitting = [each for each in items if len(each) <= room]
        return split(_cut(fitting, (PARTS * room) * 9 // 10, beside=len(rows) - len(fitting)), room)
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


def _item(names: Sequence[str], row: Sequence[str], plainly: Callable[[str], str]) -> str:
    """`- **3** · when Wed 9 Dec 2026 · state dead`; of two columns the second has no name: `- **year** · 1996`."""
    filled = [(name, cell) for name, cell in zip(names, row, strict=True) if cell]
    if not filled:
        return "- –"
    (name, head), *others = filled
    title = f"{name} {head}" if head.isdecimal() else head
    if len(names) == PAIR:
        others = [("", cell) for _, cell in others]
    return " · ".join([f"- **{plainly(title)}**", *(plainly(f"{name} {cell}".strip()) for name, cell in others)])


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

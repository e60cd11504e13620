"""Where the names of points go: beside their points, over no other name and no other point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from engine.plots import pieces

WAYS = ((1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1), (0, -1), (0, 1), (1, -2), (1, 2), (-1, -2), (-1, 2))
"""Right of the point first, as one reads; y counts downwards."""
FINER = ((2, -1), (2, 1), (-2, -1), (-2, 1), (1, -4), (1, 4), (-1, -4), (-1, 4))
FAR = 40  # from here on there is room for more ways between those
STEPS = (4, 10, 18, 28, 40, 56, 76, 100, 130, 165, 205, 250, 300)
NEAR = 16  # a name this close needs no line to its point

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Label:
    """A name in its place: its box, and the line that leads to its point where it stands apart (start, end)."""

    text: str
    box: Box
    line: tuple[tuple[float, float], tuple[float, float]] | None


def placed(
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    area: Box,
    *,
    size: int,
    radius: float,
    bold: Sequence[bool] = (),
    keep_clear: Sequence[Box] = (),
) -> list[Label | None]:
    """A place for the text of every point; None for one that finds none (or has no text).

    Every label lies inside `area`, clear of all points, of `keep_clear`, of the other labels and of the lines to
    their points. What finds room close to its point takes it; the rest moves away step by step, earlier points
    first.
    """
    dots = [(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    boxes: list[Box] = [*keep_clear]
    lines: list[Box] = []
    labels: list[Label | None] = [None] * len(points)
    heavy = bold or [False] * len(points)
    for step in STEPS:
        for at, (point, text) in enumerate(zip(points, texts, strict=True)):
            if not text or labels[at] is not None:
                continue
            others = [*boxes, *lines, *dots[:at], *dots[at + 1 :]]
            wide = pieces.measured(text, size, heavy[at])
            tries = _tries(point, text, wide, size, radius + step)
            found = next((label for label in tries if _fits(label, area, others, boxes)), None)
            if found is not None:
                labels[at] = found
                boxes.append(found.box)
                lines += [_around(spot) for spot in _along(found)]
    return labels


def _tries(point: tuple[float, float], text: str, wide: float, size: int, step: float) -> Iterator[Label]:
    """Boxes around the point, a step away."""
    x, y = point
    high = size * 1.1
    for right, down in (*WAYS, *FINER) if step > FAR else WAYS:
        length = hypot(right, down)
        over, below = right * step / length, down * step / length
        left = x + over if right > 0 else x + over - wide if right < 0 else x - wide / 2
        top = y + below - high / 4 if down > 0 else y + below - high * 3 / 4 if down < 0 else y - high / 2
        box = (left, top, left + wide, top + high)
        end = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
        yield Label(text, box, (point, end) if hypot(end[0] - x, end[1] - y) > NEAR else None)


def _fits(label: Label, area: Box, others: Sequence[Box], taken: Sequence[Box]) -> bool:
    left, top, right, bottom = label.box
    inside = area[0] <= left and area[1] <= top and right <= area[2] and bottom <= area[3]
    if not inside or any(_meet(label.box, other) for other in others):
        return False
    return not any(_meet(_around(spot), other) for spot in _along(label) for other in taken)


def _along(label: Label) -> Iterator[tuple[float, float]]:
    """Spots on the label's line, 6 pixels apart, its ends left out."""
    if label.line is None:
        return
    (x, y), (end_x, end_y) = label.line
    count = int(hypot(end_x - x, end_y - y) // 6)
    for number in range(2, count):
        share = number / count
        yield x + (end_x - x) * share, y + (end_y - y) * share


def _around(spot: tuple[float, float]) -> Box:
    return spot[0] - 1, spot[1] - 1, spot[0] + 1, spot[1] + 1


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

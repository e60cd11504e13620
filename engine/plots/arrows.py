"""Vectors as arrows between named points: king − man + woman."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matplotlib.patches import Rectangle

from engine.plots import labels, pieces, style
from engine.plots.charts import Chart
from engine.plots.pieces import INSIDE, LEFT, RIGHT

TOP, BOTTOM = 122, 570
EDGE = 60


def arrows(
    *,
    title: str,
    x_label: str,
    y_label: str,
    points: Sequence[Mapping[str, Any]],
    arrows: Sequence[tuple[Sequence[float], Sequence[float]]],
) -> bytes:
    """Named points `{"x": …, "y": …, "label": …}` (with `mark`, bold), and arrows from (x, y) to (x, y).

    Alt text: "Arrows: from man to woman leads the same way as from king to the sum, beside which stands queen."
    """
    chart = Chart(BOTTOM + 44 + style.MARGIN)
    size = max(style.BODY, pieces.fitting([title], INSIDE, style.TITLE, bold=True))
    chart.text(LEFT, style.FIRST, title, size, bold=True, width=INSIDE)
    chart.text(LEFT, 108, f"↑ {y_label}", style.SMALL, colour=style.QUIET, width=INSIDE)
    chart.text(RIGHT, BOTTOM + 36, f"{x_label} →", style.SMALL, colour=style.QUIET, anchor="right", width=INSIDE)
    frame = Rectangle((LEFT, TOP), INSIDE, BOTTOM - TOP, facecolor="#FFFFFF", edgecolor=style.RULE, linewidth=1.5)
    chart.axes.add_patch(frame)

    xs, ys = ([point[side] for point in points] for side in ("x", "y"))
    across = (RIGHT - LEFT - 2 * EDGE) / ((max(xs) - min(xs)) or 1)
    up = (BOTTOM - TOP - 2 * EDGE) / ((max(ys) - min(ys)) or 1)

    def place(x: float, y: float) -> tuple[float, float]:
        return LEFT + EDGE + (x - min(xs)) * across, BOTTOM - EDGE - (y - min(ys)) * up

    for start, end in arrows:
        if tuple(start) != tuple(end):
            look = {"arrowstyle": "-|>,head_length=1.6,head_width=0.8", "color": style.SERIES[1], "linewidth": 3}
            chart.axes.annotate("", place(*end), place(*start), arrowprops={**look, "shrinkA": 9, "shrinkB": 9})
    spots = [place(point["x"], point["y"]) for point in points]
    for point, (x, y) in zip(points, spots, strict=True):
        colour = style.SERIES[1] if point.get("mark", False) else style.SERIES[0]
        chart.axes.plot([x], [y], "o", color=colour, markersize=14)
    bold = [bool(point.get("mark", False)) for point in points]
    texts = [str(point["label"]) for point in points]
    field = (LEFT + 4, TOP + 4, RIGHT - 4, BOTTOM - 4)
    lines = [spot for start, end in arrows for spot in _along(place(*start), place(*end))]
    names = labels.placed(spots, texts, field, size=style.SMALL, radius=9, bold=bold, keep_clear=lines)
    for label, heavy in zip(names, bold, strict=True):
        if label is not None:
            chart.text(label.box[0], label.box[3] - style.SMALL * 0.28, label.text, style.SMALL, bold=heavy)
    return chart.png()


def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[labels.Box]:
    """Small boxes that follow an arrow, so that no name stands on it."""
    for number in range(40):
        share = number / 40
        x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        yield x - 6, y - 6, x + 6, y + 6

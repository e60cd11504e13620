"""Losses over epochs, as lines: what a model learns from, what was held back, and what the book printed."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from matplotlib.patches import Rectangle

from engine.plots import pieces, style
from engine.plots.charts import Chart
from engine.plots.pieces import INSIDE, LEFT, RIGHT

TOP, BOTTOM, HEIGHT = 150, 580, 684
NAMES = 380  # room at the right for the names of the lines
MEASURE = "mean squared error on ratings held back; dashed, on those learnt from"
GAP = 34  # between two names below each other
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


def losses(
    *, title: str, epochs: int, lines: Sequence[Mapping[str, Any]], marks: Sequence[Mapping[str, Any]] = ()
) -> bytes:
    """A line for each list of losses, its last figure and its name at its end, over epochs 1 to `epochs`.

    A line is `{"name": …, "values": […], "run": 0 or 1, "held": whether on ratings held back}`: what was held
    back is drawn through, what is learnt from is dashed; the run gives the colour. `marks` are single figures to
    compare with, `{"name": …, "value": …}`, drawn as dotted lines across. Values that are no number leave a gap; a
    first one far above all others lies outside, because what one wants to see is what happens later.

    Alt text: "Losses over 5 epochs: on ratings held back 0.93, 0.86, 0.83, 0.82, 0.81; …"
    """
    chart = Chart(HEIGHT)
    size = max(style.BODY, pieces.fitting([title], INSIDE, style.TITLE, bold=True))
    chart.text(LEFT, style.FIRST, title, size, bold=True, width=INSIDE)
    chart.text(LEFT, 106, MEASURE, style.SMALL, colour=style.QUIET)

    ticks = _ticks(_within([line["values"] for line in lines], [mark["value"] for mark in marks]))
    texts = [f"{tick:.2f}" for tick in ticks]
    start = LEFT + max(pieces.measured(text, style.SMALL) for text in texts) + 16
    end = RIGHT - NAMES

    def x(epoch: float) -> float:
        # A single epoch stands in the middle.
        return start + (end - start) * ((epoch - 1) / (epochs - 1) if epochs > 1 else 0.5)

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - ticks[0]) / (ticks[-1] - ticks[0])

    for tick, text in zip(ticks, texts, strict=True):
        chart.axes.hlines(round(y(tick)), start, end, colors=style.RULE, linewidth=1, antialiased=False)
        chart.text(start - 12, y(tick) + 9, text, style.SMALL, colour=style.QUIET, anchor="right")
    for epoch in _epochs(epochs):
        chart.text(x(epoch), BOTTOM + 36, str(epoch), style.SMALL, colour=style.QUIET, anchor="center")
    chart.text((start + end) / 2, BOTTOM + 68, "epoch", style.SMALL, colour=style.QUIET, anchor="center")

    # Half a dot may stand out of it.
    frame = Rectangle((0, TOP - 6), style.WIDTH, BOTTOM - TOP + 12, transform=chart.axes.transData)
    names: list[tuple[float, str]] = []
    for mark in marks:
        chart.axes.hlines(y(mark["value"]), start, end, colors=style.TEXT, linewidth=2.5, linestyles=(0, (1, 2)))
        names.append((y(mark["value"]), f"{mark['value']:.3f} {mark['name']}"))
    for line in lines:
        colour = (style.BELOW, style.ABOVE)[line["run"] % 2]
        points = [(x(at), y(value)) for at, value in enumerate(line["values"], 1) if math.isfinite(value)]
        if points:
            (drawn,) = chart.axes.plot(
                [point[0] for point in points],
                [point[1] for point in points],
                color=colour,
                linewidth=5 if line["held"] else 3,
                linestyle="-" if line["held"] else (0, (4, 2)),
                marker="o",
                markersize=10 if line["held"] else 7,
            )
            drawn.set_clip_path(frame)
            names.append((max(points[-1][1], TOP), f"{line['values'][-1]:.3f} {line['name']}"))
    for place, (wanted, name) in zip(_apart([each[0] for each in names]), names, strict=True):
        chart.axes.plot([end + 8, end + 26], [wanted, place], color=style.RULE, linewidth=2)
        chart.text(end + 32, place + 9, name, style.SMALL, width=RIGHT - end - 32)
    return chart.png()


def _within(lines: Sequence[Sequence[float]], marks: Sequence[float]) -> list[float]:
    """The values that the picture has room for: all of them, but for first ones twice as high as any other."""
    values = [value for line in lines for value in line if math.isfinite(value)] + list(marks)
    later = [value for line in lines for value in line[1:] if math.isfinite(value)]
    return [value for value in values if value <= 2 * max(later)] if later else values


def _ticks(values: Sequence[float]) -> list[float]:
    """Three to seven round figures around all values."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    step = next((step for step in STEPS if (high - low) / step <= 5), (high - low) / 5)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(at * step, 4) for at in range(first, max(last, first + 2) + 1)]


def _epochs(epochs: int) -> list[int]:
    """The epochs that have their number below the axis: all, or about ten of them, the last among them."""
    every = math.ceil(epochs / 10)
    return [epoch for epoch in range(1, epochs + 1) if (epochs - epoch) % every == 0]


def _apart(places: Sequence[float]) -> list[float]:
    """Places for names, as near to the wanted ones as can be without one lying on another."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = list(places)
    for _ in range(50):  # pushes pairs apart until none overlaps; four names are settled in a few rounds
        for above, below in pairwise(order):
            lack = GAP - (moved[below] - moved[above])
            if lack > 0:
                moved[above], moved[below] = moved[above] - lack / 2, moved[below] + lack / 2
    return moved

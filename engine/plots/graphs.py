"""Graphs of functions with dots on them: what one makes of a few numbers, and of all between."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.plots import pieces, style
from engine.plots.charts import Chart
from engine.plots.pieces import INSIDE, LEFT, RIGHT

TOP, HEIGHT = 128, 440
NAME = 190  # room for the curves' names, at the right
APART = 30  # from one name to the next


def graphs(
    *,
    title: str,
    x_label: str,
    y_label: str,
    lines: Sequence[Mapping[str, Any]],
    low: float,
    high: float,
    ticks: Sequence[float] = (),
) -> bytes:
    """Curves over a common axis; each of `lines` is `{"name": …, "points": [[x, y], …], "dots": [[x, y], …]}`.

    `low` and `high` are the ends of the vertical axis, `ticks` the numbers written below the horizontal one.

    Alt text: "Curves from likes to stars: the plain sigmoid gives 109, 5 and 50 likes 5.000, 4.973 and 5.000
    stars; by z-score they get 4.127, 1.950 and 2.891."
    """
    chart = Chart(TOP + HEIGHT + 84 + style.MARGIN)
    size = max(style.BODY, pieces.fitting([title], INSIDE, style.TITLE, bold=True))
    chart.text(LEFT, style.FIRST, title, size, bold=True, width=INSIDE)
    chart.text(LEFT, 104, y_label, style.SMALL, colour=style.QUIET, width=INSIDE)
    named = any(line["name"] for line in lines)
    levels = {level: f"{level:g}".replace("-", "−") for level in _levels(low, high)}
    gutter = 24 + max(pieces.measured(text, style.SMALL) for text in levels.values())
    left, right, bottom = LEFT + gutter, RIGHT - NAME * named - 16 * (not named), TOP + HEIGHT
    every = [point for line in lines for point in line["points"]]
    start, end = min(point[0] for point in every), max(point[0] for point in every)
    across = (right - left) / ((end - start) or 1)
    up = HEIGHT / ((high - low) or 1)

    def place(point: Sequence[float]) -> tuple[float, float]:
        return left + (point[0] - start) * across, bottom - (point[1] - low) * up

    for level, text in levels.items():
        _, y = place((start, level))
        chart.axes.hlines([y], [left], [right], colors=style.RULE, linewidth=1.5, antialiased=False)
        chart.text(left - 12, y + 8, text, style.SMALL, colour=style.QUIET, anchor="right")
    _below(chart, [(place((tick, low))[0], f"{tick:g}".replace("-", "−")) for tick in ticks], bottom)
    chart.text(
        (left + right) / 2,
        bottom + 72,
        x_label,
        style.SMALL,
        colour=style.QUIET,
        anchor="center",
        width=right - left,
    )

    ends: list[tuple[float, str, str]] = []
    for number, line in enumerate(lines):
        colour = style.SERIES[number % len(style.SERIES)]
        drawn = [place(point) for point in line["points"]]
        chart.axes.plot([x for x, _ in drawn], [y for _, y in drawn], color=colour, linewidth=4)
        for x, y in map(place, line["dots"]):
            chart.axes.plot(
                [x], [y], "o", color=colour, markersize=15, markeredgecolor=style.CARD, markeredgewidth=2
            )
        ends.append((drawn[-1][1], line["name"], colour))
    baseline = TOP - APART
    # The names stand at the ends of their curves, pushed apart downwards where these meet.
    for number, (y, name, colour) in enumerate(sorted(ends)):
        rest = len(ends) - number - 1
        baseline = max(baseline + APART, min(y + 8, bottom + 8 - rest * APART))
        chart.text(right + 14, baseline, name, style.SMALL, colour=colour, bold=True, width=RIGHT - right - 14)
    return chart.png()


def _levels(low: float, high: float) -> list[float]:
    """The numbers beside the vertical axis: both ends, and whole steps between."""
    step = (high - low) / 4 if high - low <= 1 else 1 if high - low <= 6 else (high - low) / 4
    steps = int((high - low) / step + 1e-9)
    levels = [round(low + step * number, 6) for number in range(steps + 1)]
    return levels if abs(levels[-1] - high) < step / 3 else [*levels, high]


def _below(chart: Chart, ticks: Sequence[tuple[float, str]], bottom: float) -> None:
    """The numbers below the horizontal axis; one that would touch an earlier one is left out."""
    taken: list[tuple[float, float]] = []
    for x, text in ticks:
        half = pieces.measured(text, style.SMALL) / 2 + 8
        chart.axes.vlines([x], [bottom], [bottom + 8], colors=style.QUIET, linewidth=2, antialiased=False)
        if all(x + half < begin or x - half > end for begin, end in taken):
            chart.text(x, bottom + 34, text, style.SMALL, colour=style.QUIET, anchor="center")
            taken.append((x - half, x + half))

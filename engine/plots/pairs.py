"""Two values beside each other for every label: what one measure says, and what another does."""

from collections.abc import Sequence

from engine.plots import pieces, style
from engine.plots.charts import Chart
from engine.plots.pieces import INSIDE, LEFT, RIGHT

HEAD, PITCH = 128, 104  # where the first label's line begins, and from there to the next
THICK = 22
NAMES = 150  # room for a label, at the left


def paired_bars(
    *,
    title: str,
    labels: Sequence[str],
    first: Sequence[float],
    second: Sequence[float],
    names: tuple[str, str],
    places: int = 3,
) -> bytes:
    """For each label two bars from a common zero, their values at their ends; `names` say whose they are.

    Alt text: "Bars: 2 is 0.881 by sigmoid and 0.659 by softmax, 1 is 0.731 and 0.242, 0.1 is 0.525 and 0.099."
    """
    chart = Chart(HEAD + (PITCH - 26) * len(labels) + style.MARGIN)
    size = max(style.BODY, pieces.fitting([title], INSIDE, style.TITLE, bold=True))
    chart.text(LEFT, style.FIRST, title, size, bold=True, width=INSIDE)
    _legend(chart, names)

    texts = [[_written(value, places) for value in values] for values in (first, second)]
    room = 12 + max(pieces.measured(text, style.SMALL, bold=True) for row in texts for text in row)
    left = LEFT + min(NAMES, 24 + max(pieces.measured(label) for label in labels))
    low, high = min([0.0, *first, *second]), max([0.0, *first, *second])
    start, end = left + room * (low < 0), RIGHT - room * (high > 0)
    unit = (end - start) / ((high - low) or 1)
    zero = round(start - low * unit)
    for place, label in enumerate(labels):
        top = HEAD + place * (PITCH - 26)
        chart.text(LEFT, top + 38, label, width=left - LEFT - 16)
        for line, values in enumerate((first, second)):
            value, y = values[place], top + 4 + line * (THICK + 4)
            tip = round(zero + value * unit)
            chart.axes.barh(
                [y + THICK / 2], [tip - zero], THICK, zero, color=style.SERIES[line], antialiased=False
            )
            gap, anchor = (-8, "right") if value < 0 else (8, "left")
            chart.text(tip + gap, y + 20, texts[line][place], style.SMALL, bold=True, anchor=anchor)
        chart.axes.vlines([zero], [top], [top + 2 * THICK + 8], colors=style.QUIET, linewidth=2, antialiased=False)
    return chart.png()


def _legend(chart: Chart, names: tuple[str, str]) -> None:
    """A patch of each colour with its name."""
    x: float = LEFT
    wide = [pieces.measured(name, style.SMALL) for name in names]
    free = INSIDE - 2 * 34 - 44
    room = free if sum(wide) <= free else max(free / 2, free - min(wide))
    for line, name in enumerate(names):
        chart.axes.barh([94], [24], THICK, x, color=style.SERIES[line], antialiased=False)
        chart.text(x + 34, 102, name, style.SMALL, colour=style.QUIET, width=room)
        x += 34 + min(room, pieces.measured(name, style.SMALL)) + 44


def _written(value: float, places: int) -> str:
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "−")

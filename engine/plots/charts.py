"""Charts by matplotlib, as `Figure`s on the Agg canvas, in the style of all our pictures.

A figure here is measured in pixels: 72 dots an inch make a point a pixel, and the axes cover all of it.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from engine.plots import pieces, style
from engine.plots.pieces import INSIDE, LEFT, RIGHT

HEAD, PITCH = 122, 74  # where the first bar's label begins, and from there to the next
THICK = 22


def bars(
    *, title: str, labels: Sequence[str], values: Sequence[float], value_label: str, notes: Sequence[str] = ()
) -> bytes:
    """Horizontal bars, each below its label, its value at its end; a quiet note stands at the right.

    The label has a line of its own, so that a long title fits. Above zero bars grow to the right in orange,
    below zero to the left in blue.

    Alt text: "Closest to Terminator, The (1984) by cosine similarity: Terminator 2: Judgment Day (1991) 0.73
    (295 ratings), Aliens (1986) 0.69 (284 ratings), …"
    """
    notes = notes or [""] * len(values)
    chart = Chart(HEAD + PITCH * len(values) + style.MARGIN - 16)
    size = max(style.BODY, pieces.fitting([title], INSIDE, style.TITLE, bold=True))
    chart.text(LEFT, style.FIRST, title, size, bold=True, width=INSIDE)
    chart.text(LEFT, 102, value_label, style.SMALL, colour=style.QUIET, width=INSIDE)

    texts = _figures(values)
    room = 12 + max((pieces.measured(text, style.SMALL, bold=True) for text in texts), default=0)
    low, high = min([0.0, *values]), max([0.0, *values])
    # A side that bars grow to keeps room for the figures at their ends.
    start, end = LEFT + room * (low < 0), RIGHT - room * (high > 0)
    unit = (end - start) / ((high - low) or 1)
    zero = round(start - low * unit)
    tips = [round(zero + value * unit) for value in values]
    tops = [HEAD + place * PITCH for place in range(len(values))]
    chart.axes.barh(
        [top + 41 + THICK / 2 for top in tops],
        [tip - zero for tip in tips],
        THICK,
        zero,
        color=[style.BELOW if value < 0 else style.ABOVE for value in values],
        antialiased=False,
    )
    # The zero line stands beside the bars only: through the labels it would be read as an I.
    chart.axes.vlines(
        [zero] * len(tops),
        [top + 36 for top in tops],
        [top + 68 for top in tops],
        colors=style.QUIET,
        linewidth=2,
        antialiased=False,
    )
    for top, tip, label, value, text, note in zip(tops, tips, labels, values, texts, notes, strict=True):
        aside = min(pieces.measured(note, style.SMALL), INSIDE / 2)
        chart.text(LEFT, top + 30, label, width=INSIDE - aside - 24 * bool(note))
        chart.text(RIGHT, top + 30, note, style.SMALL, colour=style.QUIET, anchor="right", width=aside)
        gap, anchor = (-8, "right") if value < 0 else (8, "left")
        chart.text(tip + gap, top + 61, text, style.SMALL, bold=True, anchor=anchor)
    return chart.png()


class Chart:
    """A figure in the making, `style.WIDTH` wide; y counts pixels from the top."""

    def __init__(self, height: int) -> None:
        self.figure = Figure(figsize=(style.WIDTH / 72, height / 72), dpi=72, facecolor=style.CARD)
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, style.WIDTH), ylim=(height, 0))
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int = style.BODY,
        *,
        colour: str = style.TEXT,
        bold: bool = False,
        anchor: str = "left",
        width: float = float("inf"),
    ) -> None:
        """One line with its baseline at y, shortened with … where `width` ends; what it says is no formula."""
        self.axes.text(
            x,
            y,
            pieces.shortened(words, width, size, bold),
            color=colour,
            fontsize=size,
            family="DejaVu Sans",
            weight="bold" if bold else "normal",
            horizontalalignment=anchor,
            verticalalignment="baseline",
            parse_math=False,
        )

    def png(self) -> bytes:
        """The finished picture."""
        self.canvas.draw()
        drawn = np.asarray(self.canvas.buffer_rgba())  # (height, width, 4)
        return pieces.png(Image.fromarray(np.ascontiguousarray(drawn[:, :, :3])))


def _figures(values: Sequence[float]) -> list[str]:
    """Whole numbers as they are, all others with two decimals, so that they stand below each other."""
    places = 0 if all(float(value).is_integer() for value in values) else 2
    return [f"{round(value, places) + 0.0:.{places}f}".replace("-", "−") for value in values]

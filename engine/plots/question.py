"""A window of a picture and a kernel, without what they make: to be guessed."""

from collections.abc import Sequence

from engine.matrices import whole, written
from engine.plots import pieces, scales, style
from engine.plots.pieces import INSIDE, LEFT, Card

PANEL, TOP, GAP = 276, 134, 50


def question(
    *,
    pixels: Sequence[Sequence[float]],
    weights: Sequence[Sequence[float]],
    row: int,
    col: int,
    image: Sequence[Sequence[float]],
    asked: str,
    kernel: str = "kernel",
) -> bytes:
    """The whole picture with the window marked; its pixels × the weights, and what is asked.

    Alt text: "The window at (7, 10) of the drawn 3, its pixels times the weights of topedge; the sum is left out."
    """
    size = len(weights)
    cell, middle = PANEL // size, TOP + PANEL // 2 + 14
    lines = pieces.wrapped([asked], INSIDE)
    card = Card(TOP + PANEL + 60 + len(lines) * style.LINE)
    card.title(f"{kernel} at row {row}, column {col}")

    first, left = row - (size - 1) // 2, col - (size - 1) // 2
    scale = card.map(LEFT, TOP, PANEL, scales.ink(image))
    x, y = LEFT + left * scale, TOP + first * scale
    card.mark((x, y, x + size * scale, y + size * scale))

    second, third = LEFT + PANEL + GAP, LEFT + 2 * (PANEL + GAP)
    card.text(second, TOP - 14, "pixels", colour=style.QUIET)
    card.cells(second, TOP, cell, scales.ink(pixels), [[written(value) for value in line] for line in pixels])
    card.text(third - GAP / 2, middle, "×", 42, colour=style.QUIET, anchor="m")
    numbers, divisor = whole(weights)
    card.text(third, TOP - 14, "weights" + (f" ÷ {divisor}" if divisor != 1 else ""), colour=style.QUIET)
    limit = max(abs(value) for line in weights for value in line)
    card.cells(third, TOP, cell, scales.signed(weights, limit), numbers)
    for place, line in enumerate(lines):
        card.text(LEFT, TOP + PANEL + 54 + place * style.LINE, line, bold=True, width=INSIDE)
    return card.png()

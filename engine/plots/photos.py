"""A photo and what a kernel makes of it, side by side: too many pixels for numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import photos
from engine.convolution import convolve
from engine.matrices import written
from engine.plots import maps, pieces, scales, style, walks
from engine.plots.pieces import INSIDE, LEFT, RIGHT, Card

SIDE = 2 * photos.SIDE  # every pixel of a large photo is two by two, and none is left out
TOP = 132
STRONG = 99.5  # per cent of the sums lie within the colours; a few strong edges do not make the rest pale


def photo_map(
    *,
    photo: str,
    weights: Sequence[Sequence[float]],
    kernel: str = "kernel",
    notes: Sequence[str] = (),
    scale: maps.Scale | None = None,
    add: float = 0,
    steps: Mapping[str, Any] | None = None,
) -> bytes:
    """The photo in grey, the kernel's sums beside it, and what the colours mean.

    `photo` is what `photos.encoded` wrote; the sums are worked out here, with `steps` (stride, padding, mode and
    dilation) and plus `add`. Without a `scale` (see `kernel_map`) one is chosen: a kernel whose weights add up to
    more than 0 makes a picture again, and is shown as one, in ink: with a sum of 1, from 0 to 255. Any other is
    blue below zero, white at zero and orange above. Padding, the windows' middles and what no window touches are
    drawn on the photo, as in `kernel_map`.

    Alt text: "The photo in grey, 168×224, and beside it what topedge makes of it: blue below zero, orange above."
    """
    pixels = photos.decoded(photo)
    output = convolve(pixels, weights, **(steps or {})) + add
    whole = walks.padded(pixels, steps or {})
    rows, columns = whole.shape
    below = TOP + round(SIDE * rows / max(rows, columns)) + 16
    lines = pieces.wrapped(notes, INSIDE)
    card = Card(below + 50 + (len(lines) * style.LINE + 13 if lines else 0) + style.MARGIN)
    card.title(f"{kernel} on a photo")

    card.text(LEFT, TOP - 16, f"input {pixels.shape[0]}×{pixels.shape[1]}")
    per_pixel = card.map(LEFT, TOP, SIDE, scales.ink(whole))
    walks.walk(card, LEFT, TOP, per_pixel, whole.shape, [len(weights)], steps or {})
    card.bar(LEFT, below, SIDE, scales.ink(np.arange(256)), [(0, "0 white"), (1, "255 black")])

    total = float(np.sum(weights))
    colours, bar, ticks = maps.shown(output, scale) if scale else _shown(output, total)
    left = RIGHT - SIDE
    card.text(left, TOP - 16, f"output {output.shape[0]}×{output.shape[1]}")
    card.map(left, TOP, min(SIDE, round(SIDE * max(output.shape) / max(rows, columns))), colours)
    card.bar(left, below, SIDE, bar, ticks)
    card.lines(LEFT, below + 100, lines, INSIDE)
    return card.png()


def _shown(output: NDArray[np.float64], total: float) -> maps.Shown:
    """The output's colours, those of its bar (256, 3), and the bar's labels, which say where it goes on beyond."""
    lowest, highest = float(output.min()), float(output.max())
    if total > 1e-9:
        high = 255 * total
        ticks = [(0.0, _end(0, "≤" * (lowest < 0))), (1.0, _end(high, "≥" * (highest > high)))]
        return scales.ink(output, 0, high), scales.ink(np.arange(256)), ticks
    limit = float(np.percentile(np.abs(output), STRONG, method="higher")) or max(-lowest, highest)
    ticks = [(0.5, "0"), (0.0, _end(-limit, "≤" * (lowest < -limit))), (1.0, _end(limit, "≥" * (highest > limit)))]
    return scales.signed(output, limit), scales.signed(np.linspace(-limit, limit, 256), limit), ticks


def _end(value: float, sign: str) -> str:
    return f"{sign} {written(value)}".strip()

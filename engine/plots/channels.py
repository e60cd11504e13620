"""A picture in colour, taken apart into red, green and blue, and what a kernel makes of each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import photos
from engine.layers import convolve_channels
from engine.plots import maps, pieces, style, walks
from engine.plots.grids import over, signed_cells
from engine.plots.pieces import INSIDE, LEFT, Card

NAMES = ("red", "green", "blue")
GAP, TOP = 24, 130
PANEL = (INSIDE - 3 * GAP) // 4


def channels(*, colours: str, title: str = "", notes: Sequence[str] = ()) -> bytes:
    """The picture, and its red, its green and its blue light beside it.

    `colours` is what `photos.encoded` wrote of a picture in colour.

    Alt text: "The test card and its three channels: red, green and blue light, each 64×64 numbers from 0 to 255."
    """
    picture = photos.decoded_colours(colours)
    lines = pieces.wrapped(notes, INSIDE)
    high = _high(picture)
    card = Card(TOP + high + 76 + (len(lines) * style.LINE + 20 if lines else 0) + style.MARGIN)
    card.title(title or "channels")
    _row(card, picture, f"{picture.shape[0]}×{picture.shape[1]}")
    card.lines(LEFT, TOP + high + 116, lines, INSIDE)
    return card.png(exact=True)


def channel_maps(
    *,
    colours: str,
    weights: Sequence[Sequence[float]],
    groups: int = 3,
    kernel: str = "kernel",
    scale: maps.Scale = "sym",
    add: float = 0,
    notes: Sequence[str] = (),
    steps: Mapping[str, Any] | None = None,
) -> bytes:
    """The channels, and below them the kernel's sums: one map of each, or with one group one map of their sum.

    Padding, the windows' middles and what no window touches are drawn on the picture, as in `kernel_map`.

    Alt text: "topedge over red, green and blue by themselves: three maps of 62×62 sums, from −765 to 765."
    """
    picture = photos.decoded_colours(colours)
    stack = np.tile(np.array(weights, dtype=np.float64), (groups, 3 // groups, 1, 1))
    outputs = convolve_channels(picture.transpose(2, 0, 1), stack, groups=groups, **(steps or {})) + add
    lines = pieces.wrapped(notes, INSIDE)
    walk = steps or {}
    whole = np.stack([walks.padded(picture[..., place], walk) for place in range(len(NAMES))], axis=2)
    high = _high(whole)
    below = TOP + high + 130
    card = Card(below + max(high, 150) + 76 + (len(lines) * style.LINE + 20 if lines else 0) + style.MARGIN)
    card.title(f"{kernel} on three channels")
    per_pixel = _row(card, whole, f"{picture.shape[0]}×{picture.shape[1]}")
    walks.walk(card, LEFT, TOP, per_pixel, whole.shape[:2], [len(weights)], walk)
    cell = min(50, 150 // len(weights))
    card.text(LEFT, below - 16, "kernel" + over(weights), style.SMALL, width=PANEL)
    card.cells(LEFT, below, cell, *signed_cells(weights))
    shown, bar, ticks = maps.shown(np.concatenate(outputs), scale)
    rows = outputs.shape[1]
    for place in range(len(outputs)):
        left = LEFT + (place + 1) * (PANEL + GAP)
        label = f"of {NAMES[place]}" if groups == len(NAMES) else "sum of the three"
        card.text(left, below - 16, label, style.SMALL, width=PANEL)
        card.map(left, below, PANEL, shown[place * rows : (place + 1) * rows])
    card.bar(LEFT + PANEL + GAP, below + max(high, 150) + 16, 3 * PANEL + 2 * GAP, bar, ticks)
    card.lines(LEFT, below + max(high, 150) + 116, lines, INSIDE)
    return card.png(exact=True)


def _row(card: Card, picture: NDArray[np.uint8], size: str) -> float:
    """The picture and its three channels, each in its light, with a bar below; how wide one pixel is."""
    card.text(LEFT, TOP - 16, size, style.SMALL)
    scale = card.map(LEFT, TOP, PANEL, picture)
    for place, name in enumerate(NAMES):
        left = LEFT + (place + 1) * (PANEL + GAP)
        light = np.zeros((*picture.shape[:2], 3), dtype=np.uint8)
        light[..., place] = picture[..., place]
        card.text(left, TOP - 16, name, style.SMALL)
        card.map(left, TOP, PANEL, light)
        bar = np.zeros((256, 3), dtype=np.uint8)
        bar[:, place] = np.arange(256)
        card.bar(left, TOP + _high(picture) + 12, PANEL, bar, [(0, "0"), (1, "255")])
    return scale


def _high(picture: NDArray[np.uint8]) -> int:
    """How high a panel is."""
    rows, columns = picture.shape[:2]
    return max(1, round(PANEL * rows / max(rows, columns)))

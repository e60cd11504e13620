"""Where a window goes: the picture in its padding, the middle of every window, and what none touches."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.convolution import framed
from engine.plots import style
from engine.plots.pieces import Card
from engine.sizes import centres, visits

APART = 6  # dots closer than that, in pixels, would hide the picture
LARGER = ((20, 3), (12, 2))  # the least radius of dots so far apart: on small pixels they would not be seen


def padded(pixels: NDArray[Any], steps: Mapping[str, Any]) -> NDArray[Any]:
    """The picture in its padding."""
    return framed(pixels, int(steps.get("padding", 0)), str(steps.get("mode", "zeros")))


def walk(
    card: Card,
    x: int,
    y: int,
    scale: float,
    shape: tuple[int, ...],
    sizes: Sequence[int],
    steps: Mapping[str, Any],
) -> None:
    """Over the padded picture drawn at (x, y): a frame around the picture, hatches over what no window touches.

    With a stride, a dot marks every window's middle, where dots can be told apart. `shape` is that of the padded
    picture, `sizes` are the kernels' sides.
    """
    padding, stride = int(steps.get("padding", 0)), int(steps.get("stride", 1))
    dilation = int(steps.get("dilation", 1))
    seen = np.zeros(shape, dtype=np.bool_)
    for size in sizes:
        seen |= np.logical_and.outer(*(np.array(visits(n, size, stride, 0, dilation)) > 0 for n in shape))
    card.hatch(x, y, scale, ~seen)
    if padding:
        edges = (padding, padding, shape[1] - padding, shape[0] - padding)
        left, up, right, down = (round(edge * scale) for edge in edges)
        card.draw.rectangle((x + left, y + up, x + right, y + down), outline=style.MARK, width=2)
    apart = stride * scale
    if stride > 1 and apart >= APART:
        least = next((radius for far, radius in LARGER if apart >= far), 1)
        for size in dict.fromkeys(sizes):
            rows, columns = (centres(n, size, stride, 0, dilation) for n in shape)
            card.dots(x, y, scale, [(row, col) for row in rows for col in columns], least)

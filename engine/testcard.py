"""A test card of our own, in colour: bars, a grey wedge, a ring, slanted stripes and checkers."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

SIDE = 64
BARS = (
    (255, 255, 255),
    (255, 255, 0),
    (0, 255, 255),
    (0, 255, 0),
    (255, 0, 255),
    (255, 0, 0),
    (0, 0, 255),
    (0, 0, 0),
)
FINE = 8  # the ring and the stripes are drawn this many times larger, then averaged


@cache
def card() -> NDArray[np.uint8]:
    """The card, (64, 64, 3), in light: 255 is full, read-only."""
    made = np.full((SIDE, SIDE, 3), 255, dtype=np.uint8)
    made[:16] = np.repeat(np.array(BARS, dtype=np.uint8), SIDE // len(BARS), axis=0)
    made[16:24] = np.round(np.linspace(0, 255, SIDE)).astype(np.uint8)[:, np.newaxis]
    down, across = (np.mgrid[: 40 * FINE, : 40 * FINE] + 0.5) / FINE  # the lower left 40×40
    far = np.hypot(down - 20, across - 20)
    ring = (far > 11) & (far < 16)
    stripes = (far < 8) & ((down + across) % 6 < 3)
    covered = (ring | stripes).reshape(40, FINE, 40, FINE).mean(axis=(1, 3))  # (40, 40)
    made[24:, :40] = np.rint(255 * (1 - covered)).astype(np.uint8)[..., np.newaxis]
    rows, columns = np.mgrid[:SIDE, :SIDE]
    for top, size in ((26, 4), (40, 2), (52, 1)):
        dark = ((rows - top) // size + (columns - 42) // size) % 2 == 0
        here = (rows >= top) & (rows < top + (12 if size > 1 else 10)) & (columns >= 42) & (columns < 62)
        made[dark & here] = 0
    made.setflags(write=False)  # it is shared by everybody who asks
    return made

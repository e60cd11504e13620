"""From numbers to colours, by two scales that are always the same.

**Ink**, white paper to black, for pictures. **Signed** for anything that may be negative: blue below zero, white
at zero, orange above, equally dark at equal distance. Blue and orange stay apart for every common kind of
colour-blindness.
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.plots.style import TEXT

STEPS = 64  # of ink, and of each sign: all three fit into one palette of 256, letters included
INK_STOPS = ("#FFFFFF", "#141414")
# Both arms have the same lightness (OKLab 1, 0.93, 0.86, 0.78, 0.68, 0.57) and colourfulness at every stop.
BELOW_STOPS = ("#FFFFFF", "#D8EAFF", "#B0D5FF", "#80BCFF", "#4A9CF1", "#2479CC")
ABOVE_STOPS = ("#FFFFFF", "#FCE2D4", "#F8C4A8", "#F3A173", "#E07937", "#BA5702")


def rgb(colour: str) -> tuple[int, int, int]:
    """`#RRGGBB` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ink(values: ArrayLike, low: float = 0, high: float = 255) -> NDArray[np.uint8]:
    """Colours (…, 3) on the ink scale: `low` is paper, `high` is black."""
    share = (np.asarray(values, dtype=np.float64) - low) / ((high - low) or 1)
    return _ramp(INK_STOPS)[np.rint((STEPS - 1) * share.clip(0, 1)).astype(int)]


def signed(values: ArrayLike, limit: float) -> NDArray[np.uint8]:
    """Colours (…, 3) on the signed scale from −limit to limit; exactly zero is exactly white."""
    share = (np.asarray(values, dtype=np.float64) / (limit or 1)).clip(-1, 1)
    both = np.concatenate([_ramp(BELOW_STOPS)[:0:-1], _ramp(ABOVE_STOPS)])  # white in the middle
    return both[STEPS - 1 + np.rint((STEPS - 1) * share).astype(int)]


def on(colour: ArrayLike) -> str:
    """Text that can be read on that colour: dark or white, whichever has more contrast."""
    light = float((np.asarray(colour) / 255) ** 2.2 @ (0.2126, 0.7152, 0.0722))
    return TEXT if light > 0.209 else "#FFFFFF"  # where both have a contrast of 4.06


@cache
def _ramp(stops: tuple[str, ...]) -> NDArray[np.uint8]:
    """Colours (STEPS, 3) through the stops."""
    places, anchors = np.linspace(0, 1, STEPS), np.linspace(0, 1, len(stops))
    channels = [np.interp(places, anchors, channel) for channel in zip(*map(rgb, stops), strict=True)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)

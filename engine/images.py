"""Pictures of our own, so that nothing has to be downloaded. High values are ink.

Two handwritten digits, 28×28, are drawn as strokes of a pen. In the 3, nineteen pixels are then set to the values
that the lecture reads out, so its sums come out to the digit: 762 at (5, 7), 583 at (4, 8), −29 at (8, 18). Beside
them there are the test card and every letter and digit in print.
"""

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine import testcard
from engine.errors import UnknownImage

SIDE = 28
PEAK = 254  # three such pixels make 762, the largest sum the lecture meets
PEN = 2.8  # the width of a stroke, in pixels
FINE = 16  # drawn this many times larger, then averaged: that is where the grey edges come from

# Each stroke is a few points (column, row) that the pen is led along, with the corners rounded.
STROKES = {
    "3": (
        ((4.7, 7.0), (8.5, 6.8), (12.5, 6.7), (14.6, 6.6), (18.4, 7.7), (15.6, 10.4), (14.2, 12.2), (10.6, 13.0)),
        ((10.6, 13.0), (14.4, 13.0), (17.8, 14.8), (17.6, 19.2), (13.4, 22.2), (8.4, 21.9), (4.8, 20.0)),
    ),
    "7": (
        ((5.6, 7.3), (9.5, 7.0), (14.0, 6.8), (18.6, 6.5)),
        ((18.6, 6.5), (17.4, 10.0), (14.4, 14.2), (12.2, 18.2), (11.2, 22.6)),
    ),
}
NAMES = tuple(STROKES)
CARD = "card"
PRINTED = "letter:"  # before a character that is meant in print, as letter:3
LUMA = (0.299, 0.587, 0.114)  # of red, green and blue (ITU-R 601)

# (first row, first column): the lecture's pixels from there on.
PINS = {
    "3": {
        (4, 6): ((0, 0, 0), (142, 155, 246), (254, 254, 254)),
        (5, 9): ((182,),),
        (7, 17): ((254, 75, 0), (254, 153, 0), (247, 53, 0)),
    },
    "7": {},
}


def image(name: str) -> NDArray[np.uint8]:
    """The picture of that name, (rows, columns), read-only."""
    wanted = name.strip()
    if wanted in STROKES:
        return _drawn(wanted)
    if wanted.casefold() == CARD:
        return _grey_card()
    printed = wanted[len(PRINTED) :] if wanted.casefold().startswith(PRINTED) else wanted
    if len(printed) == 1 and printed.isalnum():
        from engine.letters import letter  # here, as our own drawings need no Pillow

        found = letter(printed)
        if found is None:
            raise UnknownImage(name[:40], [*NAMES, CARD, "any letter or digit"], unprinted=True)
        return found
    raise UnknownImage(name[:40], [*NAMES, CARD, "any letter or digit"])


def colours(name: str) -> NDArray[np.uint8]:
    """The picture in red, green and blue light, (rows, columns, 3): paper is 255 in all three, as in a file."""
    if name.strip().casefold() == CARD:
        return testcard.card()
    return 255 - image(name)[..., np.newaxis].repeat(3, axis=2)


@cache
def _grey_card() -> NDArray[np.uint8]:
    """The test card in ink."""
    grey = np.rint(255 - testcard.card() @ np.array(LUMA)).astype(np.uint8)
    grey.setflags(write=False)
    return grey


@cache
def _drawn(wanted: str) -> NDArray[np.uint8]:
    """The handwritten digit, (28, 28)."""
    covered = np.zeros((SIDE * FINE, SIDE * FINE), dtype=np.bool_)
    for stroke in STROKES[wanted]:
        path = _rounded(np.array(stroke))
        for start, end in pairwise(path):
            _ink(covered, start, end)
    shares = covered.reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3))  # (28, 28), 0..1
    pixels = np.rint(PEAK * shares).astype(np.uint8)
    for (row, col), values in PINS[wanted].items():
        pixels[row : row + len(values), col : col + len(values[0])] = values
    pixels.setflags(write=False)  # it is shared by everybody who asks
    return pixels


def _rounded(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The path (n, 2) with its corners cut three times (Chaikin); the ends stay where they are."""
    for _ in range(3):
        before, after = points[:-1], points[1:]
        cut = np.stack([0.75 * before + 0.25 * after, 0.25 * before + 0.75 * after], axis=1)  # (n−1, 2, 2)
        points = np.concatenate([points[:1], cut.reshape(-1, 2), points[-1:]])
    return points


def _ink(covered: NDArray[np.bool_], start: NDArray[np.float64], end: NDArray[np.float64]) -> None:
    """Mark every fine cell within half a pen of the line from `start` to `end`."""
    reach = PEN / 2
    low = np.floor((np.minimum(start, end) - reach) * FINE).astype(int)
    high = np.ceil((np.maximum(start, end) + reach) * FINE).astype(int)
    x = (np.arange(low[0], high[0]) + 0.5) / FINE - start[0]  # (columns,)
    y = ((np.arange(low[1], high[1]) + 0.5) / FINE - start[1])[:, np.newaxis]  # (rows, 1)
    along, across = end - start
    share = np.clip((x * along + y * across) / (along**2 + across**2), 0, 1)  # (rows, columns)
    near = (x - share * along) ** 2 + (y - share * across) ** 2 <= reach**2
    covered[low[1] : high[1], low[0] : high[0]] |= near

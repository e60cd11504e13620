"""A picture that moves: a window slides over the pixels, and its sums become the output.

All frames share one fixed palette, and only what changes is drawn anew: each number once, as a tile, which is then
copied to where it is needed. So 64 frames take a third of a second.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine import photos
from engine.convolution import convolve, framed
from engine.matrices import written
from engine.plots import moving, pieces, scales, style
from engine.plots.grids import Grid, limit, over, signed_cells
from engine.plots.pieces import LEFT, RIGHT, Card
from engine.steps import places

LEAST = 9  # the smallest type that can be read: cells with longer numbers have their colour only
TOP, SIDE = 130, 300  # of the two pictures
BELOW, PANEL, GAP = TOP + SIDE + 66, 182, 44  # of the arithmetic
HEIGHT = BELOW + PANEL + 36
PRODUCTS = LEFT + 2 * (PANEL + GAP)
SUM = LEFT + 3 * (PANEL + GAP) - 20
MIDDLE = (style.WIDTH - 200) // 2  # what stands between the two pictures
STEP, END = 260, 3000  # milliseconds

Indexed = NDArray[np.uint8]


def slide(
    *,
    pixels: Grid | str,
    weights: Grid,
    kernel: str = "kernel",
    image: str = "",
    steps: Mapping[str, Any] | None = None,
) -> bytes:
    """The window slides over the picture, as a GIF: pixels × weights = products, the sum, and the output so far.

    `pixels` may be a photo as `photos.encoded` writes it. `steps` are stride, padding, mode and dilation. Of more
    than 64 places some are shown, and the output is filled up to each of them.

    Alt text: "topedge slides over the 3 in 64 of 676 steps; at each its nine products and their sum, up to 762."
    """
    walk: dict[str, Any] = {"stride": 1, "padding": 0, "mode": "zeros", "dilation": 1} | dict(steps or {})
    stride, padding, dilation = (int(walk[name]) for name in ("stride", "padding", "dilation"))
    picture = np.array(photos.decoded(pixels) if isinstance(pixels, str) else pixels, dtype=np.float64)
    output = convolve(picture, weights, **walk)
    padded = framed(picture, padding, str(walk["mode"]))
    kept = np.array(weights, dtype=np.float64)
    size, spread = len(kept), dilation * (len(kept) - 1) + 1
    most = limit(output)
    cell, step = PANEL // size, SIDE / max(output.shape)
    tiles = Tiles(cell, kept)
    equals = "≈" if tiles.rounded else "="
    base, scale = _still(padded, kept, kernel, image, picture.shape, padding, output.shape, equals)
    sums = _indexed(scales.signed(output, most))  # (rows, columns)
    shown = places(output)
    frames = np.empty((len(shown), *base.shape), dtype=np.uint8)
    filled, done = base.copy(), 0
    for number, (row, col) in enumerate(shown, start=1):
        frame, now = frames[number - 1], row * output.shape[1] + col + 1
        reached = now if number < len(shown) else output.size  # in the end, all of it
        for place in range(done, reached):
            _fill(filled, sums, *divmod(place, output.shape[1]), step)
        done = max(done, reached)
        frame[:] = filled
        top, left = row * stride, col * stride
        part = padded[top : top + spread : dilation, left : left + spread : dilation]
        for x, values, ink in ((LEFT, part, True), (PRODUCTS, part * kept + 0.0, False)):
            for (r, c), value in np.ndenumerate(values):
                _paste(frame, tiles.get(float(value), ink=ink), x + c * cell, BELOW + r * cell)
        total = _label(written(float(output[row, col])), 60, RIGHT - SUM, bold=True)
        _paste(frame, total, SUM, BELOW + (PANEL - len(total)) // 2)
        count = _label(f"{now:,} of {output.size:,}", style.SMALL, 200, colour=style.QUIET, anchor="m")
        _paste(frame, count, MIDDLE, TOP + SIDE // 2 + 10)
        _frame(frame, TOP + top * scale, LEFT + left * scale, spread * scale)
        _frame(frame, TOP + row * step, RIGHT - SIDE + col * step, step)
    return moving.written(frames, _palette(), [*[STEP] * (len(shown) - 1), END])


def _still(
    padded: NDArray[np.float64],
    weights: NDArray[np.float64],
    kernel: str,
    image: str,
    shape: tuple[int, ...],
    padding: int,
    sums: tuple[int, ...],
    equals: str,
) -> tuple[Indexed, float]:
    """All that does not move, in the palette, and how wide a pixel of the input is."""
    card = Card(HEIGHT)
    card.title(f"{kernel} slides over the {image}" if image else f"{kernel} slides")
    card.text(LEFT, TOP - 16, f"input {shape[0]}×{shape[1]}" + (f", padding {padding}" if padding else ""))
    scale = card.map(LEFT, TOP, SIDE, scales.ink(padded))
    if padding:
        edges = (padding, padding, padding + shape[1], padding + shape[0])
        left, up, right, down = (round(edge * scale) for edge in edges)
        card.draw.rectangle((LEFT + left, TOP + up, LEFT + right, TOP + down), outline=style.MARK, width=2)
    card.text(RIGHT - SIDE, TOP - 16, f"output {sums[0]}×{sums[1]}")
    card.map(RIGHT - SIDE, TOP, SIDE, np.full((*sums, 3), scales.rgb(style.CARD), dtype=np.uint8))
    card.text(style.WIDTH / 2, TOP + SIDE // 2 - 30, "→", 64, colour=style.QUIET, anchor="m")
    labels = ("pixels", "weights" + over(weights.tolist()), "products")
    for place, (label, sign) in enumerate(zip(labels, ("", "×", equals), strict=True)):
        x = LEFT + place * (PANEL + GAP)
        card.text(x, BELOW - 14, label, style.SMALL, colour=style.QUIET, width=PANEL)
        card.text(x - GAP / 2, BELOW + PANEL // 2 + 12, sign, 36, colour=style.QUIET, anchor="m")
    x, cell = LEFT + PANEL + GAP, PANEL // len(weights)
    card.cells(x, BELOW, cell, *signed_cells(weights.tolist()))
    card.text(SUM, BELOW - 14, "sum", style.SMALL, colour=style.QUIET)
    return _indexed(np.asarray(card.image)), scale


def _fill(frame: Indexed, sums: Indexed, row: int, col: int, step: float) -> None:
    """Colour one cell of the output."""
    down, across = (slice(round(at * step), round((at + 1) * step)) for at in (row, col))
    frame[TOP : TOP + SIDE, RIGHT - SIDE : RIGHT][down, across] = sums[row, col]


def _frame(frame: Indexed, top: float, left: float, side: float) -> None:
    """What is pointed at: a line in the mark's colour between two white ones."""
    up, down, start, end = round(top), round(top + side) - 1, round(left), round(left + side) - 1
    white, mark = (_nearest(scales.rgb(colour)) for colour in ("#FFFFFF", style.MARK))
    for out, index in ((3, white), (2, mark), (1, mark), (0, white)):
        across, along = slice(start - out, end + out + 1), slice(up - out, down + out + 1)
        frame[up - out, across] = frame[down + out, across] = index
        frame[along, start - out] = frame[along, end + out] = index


def _paste(frame: Indexed, tile: Indexed, x: int, y: int) -> None:
    frame[y : y + tile.shape[0], x : x + tile.shape[1]] = tile


@cache
def _palette() -> NDArray[np.uint8]:
    """Every step of ink and of both signs, and the plain colours: 195 in all."""
    ink = scales.ink(np.linspace(0, 255, scales.STEPS))
    signed = scales.signed(np.linspace(-1, 1, 2 * scales.STEPS - 1), 1)
    plain = np.array(
        [scales.rgb(each) for each in (style.CARD, style.QUIET, style.RULE, style.MARK)], dtype=np.uint8
    )
    return np.concatenate([plain, ink, signed, np.array([scales.rgb(style.TEXT)], dtype=np.uint8)])


@cache
def _nearest(colour: tuple[int, int, int]) -> int:
    """The place in the palette that is closest; what is in it is found exactly."""
    return int(((_palette().astype(int) - colour) ** 2).sum(axis=1).argmin())


@cache
def _sorted_palette() -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """The palette's colours as single numbers in order, and where each stands."""
    packed = _packed(_palette())
    order = np.argsort(packed, kind="stable")
    return packed[order], order.astype(np.uint8)


def _packed(colours: NDArray[np.uint8]) -> NDArray[np.int32]:
    return colours.astype(np.int32) @ np.array((1 << 16, 1 << 8, 1), dtype=np.int32)


def _indexed(colours: NDArray[np.uint8]) -> Indexed:
    """Colours (rows, columns, 3) as places in the palette; the few that are not in it take the nearest."""
    packed = _packed(colours)
    known, order = _sorted_palette()
    at = np.searchsorted(known, packed).clip(max=len(known) - 1)
    indices = order[at]
    other = known[at] != packed
    found, where = np.unique(packed[other], return_inverse=True)
    blends = [_nearest((int(each) >> 16, int(each) >> 8 & 255, int(each) & 255)) for each in found]
    indices[other] = np.array(blends, dtype=np.uint8)[where]
    return indices


class Tiles:
    """Cells with a number in them, each drawn once: pixels in ink, products by sign."""

    def __init__(self, cell: int, weights: NDArray[np.float64]) -> None:
        self._cell, self._strongest = cell, 255 * limit(weights)
        room, most = cell - max(4, cell // 7), min(style.BODY, cell // 2)
        pixels = pieces.fitting(["255"], room, most)
        self.decimals = next((each for each in (2, 1) if _fitting(weights, each, room, pixels)), 0)
        products = _fitting(weights, self.decimals, room, pixels)
        self.rounded = bool((weights % 1).any() and self.decimals < 2 and products)
        self._sizes = {True: products or pixels, False: products}
        self._made: dict[tuple[float, bool], Indexed] = {}

    def get(self, value: float, *, ink: bool) -> Indexed:
        """The cell, (cell + 1, cell + 1), with its rule around it, and its number where that can be read."""
        if (value, ink) not in self._made:
            colour = scales.ink(value) if ink else scales.signed(value, self._strongest)
            red, green, blue = (int(part) for part in colour)
            image = Image.new("RGB", (self._cell + 1, self._cell + 1), (red, green, blue))
            draw = ImageDraw.Draw(image)
            draw.rectangle((0, 0, self._cell, self._cell), outline=style.RULE)
            if size := self._sizes[ink]:
                baseline = round((self._cell + pieces.FIGURE_HEIGHT * size) / 2)
                words = written(value if ink else round(value, self.decimals))
                draw.text((self._cell / 2, baseline), words, scales.on(colour), pieces.font(size), anchor="ms")
            self._made[value, ink] = _indexed(np.asarray(image))
        return self._made[value, ink]


def _fitting(weights: NDArray[np.float64], decimals: int, room: int, most: int) -> int:
    """The type size at which every product fits with so many decimals; 0 where it could not be read."""
    whole = not (weights % 1).any()
    texts = [f"{255 * value:.{0 if whole else decimals}f}".replace("-", "−") for value in weights.ravel()]
    widest = max(pieces.measured(text, 100) for text in texts) / 100
    return min(most, int(room / widest)) if room / widest >= LEAST else 0


def _label(
    words: str, size: int, wide: int, *, bold: bool = False, colour: str = style.TEXT, anchor: str = "l"
) -> Indexed:
    """One line on the card."""
    image = Image.new("RGB", (wide, round(size * 1.5)), style.CARD)
    face, x = pieces.font(pieces.fitting([words], wide, size, bold), bold), wide / 2 if anchor == "m" else 0
    ImageDraw.Draw(image).text((x, image.height * 0.72), words, colour, face, anchor=f"{anchor}s")
    return _indexed(np.asarray(image))

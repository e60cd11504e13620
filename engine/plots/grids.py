"""Pictures made of cells: one window's products, the catalogue, numbers over pixels.

Every function takes plain data (what JSON can hold) and returns a PNG. Pixels are ink; weights, products and
outputs are blue and orange by sign.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine import photos
from engine.convolution import framed
from engine.matrices import whole, written
from engine.plots import pieces, scales, style
from engine.plots.pieces import INSIDE, LEFT, RIGHT, Card

Grid = Sequence[Sequence[float]]

HEAD = 84  # where a picture begins below its title
MOST = 40  # rows and columns of numbers: beyond, nobody can read them


def window(
    *,
    pixels: Grid,
    weights: Grid,
    products: Grid,
    total: float,
    row: int,
    col: int,
    image: Grid | str,
    kernel: str = "kernel",
    notes: Sequence[str] = (),
    steps: Mapping[str, Any] | None = None,
) -> bytes:
    """One place of the kernel: pixels × weights = products, their sum, and where on the picture that is.

    `image` is the whole picture: its pixels, or a photo as `photos.encoded` writes it. `steps` are the padding and
    its mode, which are shown around it, the stride, and the dilation, by which the window is spread.

    Alt text: "The kernel topedge at row 5, column 7: the pixels 0 0 0, 142 155 246, 254 254 254 times the weights
    −1 −1 −1, 0 0 0, 1 1 1 are 0 0 0, 0 0 0, 254 254 254; the sum is 762."
    """
    gap, panel, top, thumbnail = 50, 276, 134, 240  # three panels and two signs fill the card
    below, answer = top + panel + 42, LEFT + thumbnail + 44
    size, cell = len(weights), min(panel // len(weights), 138)
    walk = steps or {}
    dilation, padding = int(walk.get("dilation", 1)), int(walk.get("padding", 0))
    spread = dilation * (size - 1) + 1
    first, left = row - dilation * ((size - 1) // 2), col - dilation * ((size - 1) // 2)
    where = f"rows {_span(first, spread)} × columns {_span(left, spread)}, counted from 0"
    if dilation > 1:
        where += f", every {'second' if dilation == 2 else 'third' if dilation == 3 else f'{dilation}th'} cell"
    lines = pieces.wrapped([where, *notes], RIGHT - answer)
    card = Card(below + max(thumbnail, 84 + len(lines) * style.LINE) + style.MARGIN)
    card.title(f"{kernel} at row {written(row)}, column {written(col)}")

    panels = (
        ("", "pixels", scales.ink(pixels), texts(pixels)),
        ("×", "weights" + over(weights), *signed_cells(weights)),
        ("=", "products", scales.signed(products, limit(products)), texts(products)),
    )
    for place, (sign, label, colours, numbers) in enumerate(panels):
        x = LEFT + place * (panel + gap)
        card.text(x, top - 14, label, colour=style.QUIET)
        card.cells(x, top, cell, colours, numbers)
        card.text(x - gap / 2, top + cell * size // 2 + 14, sign, 42, colour=style.QUIET, anchor="m")

    whole_picture = photos.decoded(image) if isinstance(image, str) else image
    padded = framed(np.array(whole_picture, dtype=np.float64), padding, str(walk.get("mode", "zeros")))
    scale = card.map(LEFT, below, thumbnail, scales.ink(padded))
    x, y = LEFT + (left + padding) * scale, below + (first + padding) * scale
    card.mark((x, y, x + spread * scale, y + spread * scale))
    card.text(answer, below + 46, f"sum = {written(total)}", 54, bold=True, width=RIGHT - answer)
    card.lines(answer, below + 106, lines, RIGHT - answer)
    return card.png()


def catalogue(*, kernels: Sequence[Mapping[str, Any]], title: str = "") -> bytes:
    """All kernels as small number grids with their names: each is `{"name": …, "weights": …}`.

    Alt text: "26 kernels, each a small grid of numbers with its name below: identity, topedge, …"
    """
    head = HEAD if title else style.MARGIN
    # The fewest columns with which the picture is no taller than a forum shows it.
    heights = {c: head + -(-len(kernels) // c) * (INSIDE // c + 24) + 12 for c in range(3, 9)}
    columns = next((c for c, height in heights.items() if height < style.TALLEST), 8)
    column = INSIDE // columns
    pitch, side = column + 24, column - 40
    size = pieces.fitting([kernel["name"] for kernel in kernels], column - 14, most=style.SMALL)
    card = Card(heights[columns])
    card.title(title)
    for place, kernel in enumerate(kernels):
        weights = kernel["weights"]
        cell = side // max(3, len(weights))
        middle, y = LEFT + place % columns * column + column // 2, head + place // columns * pitch
        inset = (side - cell * len(weights)) // 2
        card.cells(middle - cell * len(weights) // 2, y + inset, cell, *signed_cells(weights))
        card.text(middle, y + side + size + 6, kernel["name"], size, anchor="m")
        divisor = over(weights).strip()
        card.text(middle, y + side + 2 * size + 6, divisor, size - 2, colour=style.QUIET, anchor="m")
    return card.png()


def numbers(*, pixels: Sequence[Sequence[int]], row: int = 0, col: int = 0, title: str = "") -> bytes:
    """The pixels as ink with their numbers on top; `row` and `col` say where the slice begins.

    Alt text: "Rows 5 to 9, columns 0 to 19 as numbers, 0 is paper and 255 ink: row 5: 0 0 0 12 99 …"
    """
    values = np.array(pixels, dtype=np.int64)
    if values.min() < 0 or values.max() > 255 or max(values.shape) > MOST:
        raise ValueError(f"numbers are drawn for pixels from 0 to 255, at most {MOST}×{MOST} of them")
    rows, columns = values.shape
    gutter, head = 40, HEAD if title else style.MARGIN
    cell = min(96, (INSIDE - gutter) // columns)
    tiled = _tiles(cell)[values].swapaxes(1, 2).reshape(rows * cell, columns * cell)  # (height, width)
    left, top = (style.WIDTH + gutter - columns * cell) // 2, head + 36
    card = Card(top + rows * cell + style.MARGIN, "L")
    card.title(title)
    card.image.paste(Image.fromarray(tiled), (left, top))
    card.draw.rectangle((left - 1, top - 1, left + columns * cell, top + rows * cell), outline=style.RULE)
    size = min(style.SMALL, cell // 2 + 3)
    for place in range(columns):
        middle = left + (place + 0.5) * cell
        card.text(middle, top - 12, str(col + place), size, colour=style.QUIET, anchor="m")
    for place in range(rows):
        baseline = round(top + (place + 0.5) * cell + pieces.FIGURE_HEIGHT * size / 2)
        card.text(left - 10, baseline, str(row + place), size, colour=style.QUIET, anchor="r")
    return card.png()


@lru_cache(maxsize=8)
def _tiles(cell: int) -> NDArray[np.uint8]:
    """The 256 possible cells, (256, cell, cell): grey with the number on top. Drawn once per size."""
    size = pieces.fitting(["255"], cell - max(3, cell // 8), most=cell // 2)
    sheet = Image.new("L", (cell, cell * 256))
    draw = ImageDraw.Draw(sheet)
    for value, colour in enumerate(scales.ink(np.arange(256))):
        top = value * cell
        draw.rectangle((0, top, cell, top + cell), int(colour[0]))
        baseline = round(top + (cell + pieces.FIGURE_HEIGHT * size) / 2)
        # Zeros step back: what matters is where the ink is.
        shade = style.RULE if value == 0 else scales.on(colour)
        draw.text((cell / 2, baseline), str(value), shade, pieces.font(size), anchor="ms")
    return np.asarray(sheet).reshape(256, cell, cell)


def _span(first: int, length: int) -> str:
    """`4–6`, `−1–1`."""
    return f"{written(first)}–{written(first + length - 1)}"


def signed_cells(weights: Grid) -> tuple[pieces.Colours, list[list[str]]]:
    """The colours of a kernel's cells, and its numbers."""
    return scales.signed(weights, limit(weights)), whole(weights)[0]


def texts(values: Grid) -> list[list[str]]:
    """Its numbers, as they are printed."""
    return [[written(value) for value in line] for line in values]


def limit(values: Grid | NDArray[np.float64]) -> float:
    """The largest distance from zero."""
    return float(np.abs(values).max())


def over(weights: Grid) -> str:
    """What its numbers are all divided by, where that is not 1."""
    divisor = whole(weights)[1]
    return f" ÷ {divisor}" if divisor != 1 else ""

"""Pictures made of cells: one window's products, a whole map, the catalogue, numbers over pixels.

Every function takes plain data (what JSON can hold) and returns a PNG. Pixels are ink; weights, products and
outputs are blue and orange by sign.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine import photos
from engine.matrices import whole, written
from engine.plots import pieces, scales, style
from engine.plots.pieces import INSIDE, LEFT, RIGHT, Card

Grid = Sequence[Sequence[float]]
Scale = Literal["sym", "auto", "clip", "abs", "relu"]

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
) -> bytes:
    """One place of the kernel: pixels × weights = products, their sum, and where on the picture that is.

    `image` is the whole picture: its pixels, or a photo as `photos.encoded` writes it.

    Alt text: "The kernel topedge at row 5, column 7: the pixels 0 0 0, 142 155 246, 254 254 254 times the weights
    −1 −1 −1, 0 0 0, 1 1 1 are 0 0 0, 0 0 0, 254 254 254; the sum is 762."
    """
    gap, panel, top, thumbnail = 50, 276, 134, 240  # three panels and two signs fill the card
    below, answer = top + panel + 42, LEFT + thumbnail + 44
    size, cell = len(weights), min(panel // len(weights), 138)
    first, left = row - (size - 1) // 2, col - (size - 1) // 2
    where = f"rows {first}–{first + size - 1} × columns {left}–{left + size - 1}, counted from 0"
    lines = pieces.wrapped([where, *notes], RIGHT - answer)
    card = Card(below + max(thumbnail, 84 + len(lines) * style.LINE) + style.MARGIN)
    card.title(f"{kernel} at row {row}, column {col}")

    panels = (
        ("", "pixels", scales.ink(pixels), _texts(pixels)),
        ("×", "weights" + _over(weights), *_signed(weights)),
        ("=", "products", scales.signed(products, _limit(products)), _texts(products)),
    )
    for place, (sign, label, colours, numbers) in enumerate(panels):
        x = LEFT + place * (panel + gap)
        card.text(x, top - 14, label, colour=style.QUIET)
        card.cells(x, top, cell, colours, numbers)
        card.text(x - gap / 2, top + cell * size // 2 + 14, sign, 42, colour=style.QUIET, anchor="m")

    whole_picture = photos.decoded(image) if isinstance(image, str) else image
    scale = card.map(LEFT, below, thumbnail, scales.ink(whole_picture))
    x, y = LEFT + left * scale, below + first * scale
    card.mark((x, y, x + size * scale, y + size * scale))
    card.text(answer, below + 46, f"sum = {written(total)}", 54, bold=True, width=RIGHT - answer)
    card.lines(answer, below + 106, lines, RIGHT - answer)
    return card.png()


def kernel_map(
    *,
    pixels: Grid,
    weights: Grid,
    output: Grid,
    kernel: str = "kernel",
    image: str = "",
    scale: Scale = "sym",
    notes: Sequence[str] = (),
) -> bytes:
    """The whole picture: input, kernel, output, and what its colours mean.

    `scale` says how the output is shown: `sym` blue–white–orange with zero white; in ink, `auto` from smallest to
    largest, `clip` cut to 0–255, `abs` without signs, `relu` without what is negative.

    Alt text: "The picture 3, 28×28, the kernel topedge and its output, 26×26: from −762 (blue) over 0 (white) to
    762 (orange)."
    """
    top, side = 140, 350
    lines = pieces.wrapped(notes, INSIDE)
    card = Card(top + side + 84 + len(lines) * style.LINE + style.MARGIN)
    card.title(f"{kernel} on the {image}" if image else kernel)

    card.text(LEFT, top - 16, f"input {_size(pixels)}")
    card.map(LEFT, top, side, scales.ink(pixels))
    paper_to_ink = scales.ink(np.arange(256))
    card.bar(LEFT, top + side + 16, side, paper_to_ink, [(0, "0 paper"), (1, "255 ink")])

    colours, bar, ticks = _shown(output, scale)
    card.text(RIGHT - side, top - 16, f"output {_size(output)}")
    card.map(RIGHT - side, top, side, colours)
    card.bar(RIGHT - side, top + side + 16, side, bar, ticks)

    cell = min(62, 186 // len(weights))
    x, y = (style.WIDTH - cell * len(weights)) // 2, top + (side - cell * len(weights)) // 2
    card.cells(x, y, cell, *_signed(weights))
    card.text(style.WIDTH / 2, y - 16, "kernel" + _over(weights), colour=style.QUIET, anchor="m")
    card.lines(LEFT, top + side + 124, lines, INSIDE)
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
        card.cells(middle - cell * len(weights) // 2, y + inset, cell, *_signed(weights))
        card.text(middle, y + side + size + 6, kernel["name"], size, anchor="m")
        over = _over(weights).strip()
        card.text(middle, y + side + 2 * size + 6, over, size - 2, colour=style.QUIET, anchor="m")
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


def _shown(values: Grid, scale: Scale) -> tuple[pieces.Colours, pieces.Colours, list[tuple[float, str]]]:
    """The output's colours, those of its bar (256, 3), and the bar's labels: where (0 to 1) and what."""
    output = np.array(values, dtype=np.float64)
    if scale == "sym":
        limit = _limit(output)
        extremes = [value for value in (output.min(), output.max()) if value]
        ticks = [(0.5 + 0.5 * float(value) / (limit or 1), written(value)) for value in (0.0, *extremes)]
        return scales.signed(output, limit), scales.signed(np.linspace(-limit, limit, 256), limit), ticks
    if scale in {"abs", "relu"}:
        output = np.abs(output) if scale == "abs" else np.maximum(output, 0)
    low = float(output.min()) if scale == "auto" else 0.0
    high = 255.0 if scale == "clip" else float(output.max())
    ticks = [(0.0, written(low)), (1.0, written(high))]
    if low < 0 < high:
        ticks.append((-low / (high - low), "0"))
    return scales.ink(output, low, high), scales.ink(np.arange(256)), ticks


def _signed(weights: Grid) -> tuple[pieces.Colours, list[list[str]]]:
    """The colours of a kernel's cells, and its numbers."""
    return scales.signed(weights, _limit(weights)), whole(weights)[0]


def _size(values: Grid) -> str:
    return f"{len(values)}×{len(values[0])}"


def _texts(values: Grid) -> list[list[str]]:
    return [[written(value) for value in line] for line in values]


def _limit(values: Grid | NDArray[np.float64]) -> float:
    """The largest distance from zero."""
    return float(np.abs(values).max())


def _over(weights: Grid) -> str:
    divisor = whole(weights)[1]
    return f" ÷ {divisor}" if divisor != 1 else ""

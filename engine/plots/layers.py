"""Pictures about a layer: which cells its windows visit, its matrix, its shape, and what one output looks at."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.plots import pieces, scales, style
from engine.plots.pieces import INSIDE, LEFT, RIGHT, Card
from engine.products import taps
from engine.sizes import output_size, visits

LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
TINTS = (
    *("#F3A173", "#80BCFF", "#7CC9B8", "#D9B3E6", "#E8D06E"),
    *("#A8B8C8", "#F2A7B5", "#B9D48B", "#C9A58A"),
)
HEAD = 96
CHANNELS = {1: ("#8C8C8C",), 3: ("#D64545", "#3F9E4D", "#3A6FD0")}  # grey; red, green and blue


def size(*, n: int, k: int, steps: Mapping[str, int] | None = None) -> bytes:
    """A side of n cells, and below it every window with the cells that it visits; what none visits is hatched.

    Alt text: "A row of 28 cells and below it the 13 windows of k=3 s=2, with the cells that each visits; hatched:
    27."
    """
    walk = {"stride": 1, "padding": 0, "dilation": 1} | dict(steps or {})
    padding = walk["padding"]
    count, counts = output_size(n, k, **walk), visits(n + 2 * padding, k, walk["stride"], 0, walk["dilation"])
    gutter = 70
    cell = min(40, (INSIDE - gutter) // (n + 2 * padding))
    line = max(3, min(cell, (style.TALLEST - HEAD - 150) // count))
    top, left = HEAD + 56, LEFT + gutter
    height = top + cell + 24 + count * line + 34 + style.MARGIN
    card = Card(height)
    case = f"k={k}, s={walk['stride']}, p={padding}, d={walk['dilation']}"
    card.title(f"{_many(n, 'cell')}, {case}: {_many(count, 'window')}")
    row = np.full((1, n + 2 * padding), 0)
    row[0, padding : padding + n] = 1
    colours = np.where(
        row[..., np.newaxis] == 1, np.array(scales.rgb("#FFFFFF")), np.array(scales.rgb(style.RULE))
    )
    card.text(LEFT, top + cell * 0.7, "cells", style.SMALL, colour=style.QUIET)
    for place in range(n + 2 * padding):
        x = left + place * cell
        red, green, blue = (int(part) for part in colours[0, place])
        card.draw.rectangle((x, top, x + cell, top + cell), (red, green, blue), style.QUIET)
    card.hatch(left, top, cell, np.array([counts]) == 0)
    small = min(style.SMALL, cell)
    for place in range(0, n, math.ceil((pieces.measured(str(n), small) + 8) / cell)):
        x = left + (padding + place + 0.5) * cell
        card.text(x, top - 10, str(place), small, colour=style.QUIET, anchor="m")
    begin = top + cell + 24
    for number in range(count):
        y = begin + number * line
        for tap in range(k):
            at = left + (number * walk["stride"] + tap * walk["dilation"]) * cell
            middle = tap == (k - 1) // 2
            fill = style.MARK if middle else "#7CC9B8"
            card.draw.rectangle((at, y, at + cell - 1, y + max(1, line - 2)), fill)
        if line >= 22 or number in {0, count - 1}:
            card.text(
                left - 14,
                y + max(line * 0.8, 10),
                str(number),
                min(style.SMALL, max(line, 18)),
                colour=style.QUIET,
                anchor="r",
            )
    card.text(
        left,
        begin + count * line + 34,
        "one line for each window; its middle is dark",
        style.SMALL,
        colour=style.QUIET,
    )
    return card.png()


def matrix(*, n: int, k: int, full: bool = False, steps: Mapping[str, int] | None = None) -> bytes:
    """The convolution as a matrix: in full with a letter for each weight, or as the pattern of what is not 0.

    Alt text: "The matrix of a 2×2 kernel over 3×3 pixels, equal weights in equal colours: 4×9, 16 of 36 entries."
    """
    found = taps(n, k, **(steps or {}))
    rows, columns = found.shape
    filled = int((found >= 0).sum())
    return _in_full(found, n, k) if full else _pattern(found, f"{rows:,}×{columns:,}, {filled:,} not 0")


def _tints(count: int) -> NDArray[np.uint8]:
    """As many colours as there are weights, the first ones plain, then around the circle again, lighter."""
    colours = np.array([scales.rgb(TINTS[place % len(TINTS)]) for place in range(count)], dtype=np.float64)
    lighter = (np.arange(count) // len(TINTS))[:, np.newaxis] * 0.25
    return np.rint(colours + (255 - colours) * lighter.clip(max=0.75)).astype(np.uint8)


def _in_full(found: NDArray[np.int64], n: int, k: int) -> bytes:
    """Kernel, picture as a column, matrix: with letters."""
    rows, columns = found.shape
    tints = np.concatenate([_tints(k * k), np.array([scales.rgb("#E4E4E4")], dtype=np.uint8)])
    letters = [*LETTERS[: k * k], "0"]
    cell = min(62, (INSIDE - 20) // columns, (style.TALLEST - HEAD - 260) // rows)
    side = min(cell, 160 // max(n, k))
    top = HEAD + 40
    below = top + max(n, k) * side + 70
    card = Card(below + rows * cell + 76)
    card.title(f"A {k}×{k} kernel over {n}×{n} pixels, as one matrix")
    kernel = np.arange(k * k).reshape(k, k)
    card.text(LEFT, top - 14, "kernel", style.SMALL, colour=style.QUIET)
    card.cells(LEFT, top, side, tints[kernel], [[letters[value] for value in line] for line in kernel.tolist()])
    x = LEFT + k * side + 90
    names = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    pixels = [[names[row * n + col] for col in range(n)] for row in range(n)]
    white = np.full((n, n, 3), 255, dtype=np.uint8)
    card.text(x, top - 14, "pixels, read row by row", style.SMALL, colour=style.QUIET)
    card.cells(x, top, side, white, pixels)
    if x + n * side + 330 < RIGHT:
        first = np.argwhere(found[0] >= 0).ravel().tolist()
        said = " + ".join(f"{letters[found[0, place]]}{names[place]}" for place in first)
        card.text(x + n * side + 60, top + 24, "first output", style.SMALL, colour=style.QUIET)
        wide = RIGHT - x - n * side - 60
        card.text(x + n * side + 60, top + 64, f"{said} + bias", style.SMALL, width=wide)
    left = (style.WIDTH - columns * cell) // 2
    for place in range(columns):
        card.text(
            left + (place + 0.5) * cell,
            below - 10,
            names[place],
            min(style.SMALL, cell // 2 + 6),
            colour=style.QUIET,
            anchor="m",
        )
    card.cells(left, below, cell, tints[found], [[letters[value] for value in line] for line in found.tolist()])
    words = f"{_many(rows, 'row')}, one for each output; {_many(columns, 'column')}, one for each pixel"
    card.text(style.WIDTH / 2, below + rows * cell + 44, words, style.SMALL, colour=style.QUIET, anchor="m")
    return card.png()


def _pattern(found: NDArray[np.int64], words: str) -> bytes:
    """Every entry as a dot of its weight's colour, and the upper left corner enlarged."""
    rows, columns = found.shape
    top, large, part = HEAD + 34, 560, 60
    tints = np.concatenate([_darker(int(found.max()) + 1), np.array([(255, 255, 255)], dtype=np.uint8)])
    scale = large / max(rows, columns)
    high, wide = max(1, round(rows * scale)), max(1, round(columns * scale))
    card = Card(top + high + 60)
    card.title(words)
    card.text(LEFT, top - 14, f"all of it, {rows:,}×{columns:,}", style.SMALL)
    if scale >= 1:
        card.map(LEFT, top, large, tints[found])
        return card.png()
    pattern = np.full((high, wide, 3), 255, dtype=np.uint8)
    where = np.argwhere(found >= 0)  # a dot is not lost, as it would be if pixels were left out
    pattern[(where[:, 0] * high // rows), (where[:, 1] * wide // columns)] = tints[found[found >= 0]]
    card.image.paste(Image.fromarray(pattern), (LEFT, top))
    card.draw.rectangle((LEFT - 1, top - 1, LEFT + wide, top + high), outline=style.RULE)
    corner = found[:part, :part]
    x = RIGHT - 320
    card.text(x, top - 14, f"its upper left {corner.shape[0]}×{corner.shape[1]}", style.SMALL)
    card.map(x, top, 320, tints[corner])
    card.mark((LEFT, top, LEFT + part * scale, top + part * scale))
    return card.png()


def _darker(count: int) -> NDArray[np.uint8]:
    """The tints, dark enough for single dots."""
    return np.rint(_tints(count) * 0.72).astype(np.uint8)


def shape(*, channels: int, filters: int, k: int, n: int, size: int) -> bytes:
    """A layer: the channels, a kernel with a slice for each of them for every filter, and a map of each.

    Alt text: "3 channels, 4 filters with a 3×3 slice for each channel, and the 4 maps that they make."
    """
    row = max(64, min(110, 460 // filters))
    top = HEAD + 44
    high = max(filters * row, channels * 100)
    card = Card(top + high + 90)
    weights = filters * channels * k * k
    biases = _many(filters, "bias", "biases")
    card.title(f"{filters}×{channels}×{k}×{k} weights + {biases} = {weights + filters} parameters")
    colours = CHANNELS.get(channels, TINTS)
    card.text(LEFT, top - 16, f"in: {channels}×{n}×{n}", style.SMALL, width=206)
    inside = 84
    for place in range(channels):
        y = top + (high - channels * 100) // 2 + place * 100
        card.draw.rectangle((LEFT, y, LEFT + inside, y + inside), colours[place], style.QUIET)
    middle, grid, step = 250, min(row - 22, 66), 100
    slices = f", {channels} slices each" if channels > 1 else ""
    card.text(middle, top - 16, _many(filters, "filter") + slices, style.SMALL)
    card.text(RIGHT, top - 16, f"out: {filters}×{size}×{size}", style.SMALL, anchor="r")
    side = min(row - 12, inside)
    for number in range(filters):
        y = top + (high - filters * row) // 2 + number * row + (row - grid) // 2
        for place in range(channels):
            x = middle + place * step
            cell = grid / k
            for line in range(k + 1):
                at = round(line * cell)
                card.draw.line((x, y + at, x + grid, y + at), colours[place], 3)
                card.draw.line((x + at, y, x + at, y + grid), colours[place], 3)
            if place < channels - 1:
                card.text(x + grid + (step - grid) / 2, y + grid / 2 + 10, "+", 28, colour=style.QUIET, anchor="m")
        x = middle + channels * step
        card.text(x, y + grid / 2 + 10, "+ bias  =", style.SMALL, colour=style.QUIET)
        up = y + (grid - side) // 2
        card.draw.rectangle((RIGHT - side, up, RIGHT, up + side), "#FFFFFF", style.QUIET)
        card.text(RIGHT - side / 2, up + side / 2 + 10, str(number + 1), 28, anchor="m")
    words = f"each filter adds up what its slices give: {_many(filters, 'map')}" + (
        f", not {filters * channels}" if channels > 1 else ""
    )
    card.text(LEFT, top + high + 54, words, style.SMALL, colour=style.QUIET, width=INSIDE)
    return card.png()


def _many(number: int, noun: str, many: str = "") -> str:
    return f"{number} {noun if number == 1 else many or f'{noun}s'}"

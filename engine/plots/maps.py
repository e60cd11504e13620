"""Whole pictures slid over by kernels: one kernel, two side by side, or some in a row.

Every function takes plain data (what JSON can hold) and returns a PNG. Pictures are ink; weights and sums are blue
and orange by sign, unless another scale is asked for.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine import photos
from engine.convolution import convolve, framed
from engine.matrices import written
from engine.plots import pieces, scales, style
from engine.plots.grids import Grid, limit, over, signed_cells
from engine.plots.pieces import INSIDE, LEFT, RIGHT, Card
from engine.sizes import centres, visits

Scale = Literal["sym", "auto", "clip", "abs", "relu"]
Shown = tuple[pieces.Colours, pieces.Colours, list[tuple[float, str]]]

LEGIBLE = 7  # a larger kernel is shown in colours alone


def kernel_map(
    *,
    pixels: Grid,
    weights: Grid,
    output: Grid,
    kernel: str = "kernel",
    image: str = "",
    scale: Scale = "sym",
    notes: Sequence[str] = (),
    steps: Mapping[str, Any] | None = None,
) -> bytes:
    """The whole picture: input, kernel, output, and what its colours mean.

    `scale` says how the output is shown: `sym` blue–white–orange with zero white; in ink, `auto` from smallest to
    largest, `clip` cut to 0–255, `abs` without signs, `relu` without what is negative. `steps` are stride,
    padding, mode and dilation: the padding is drawn around the input, with a stride a dot marks every window's
    centre, and cells that no window touches are hatched.

    Alt text: "The picture 3, 28×28, the kernel topedge and its output, 26×26: from −762 (blue) over 0 (white) to
    762 (orange)."
    """
    top, side = 140, 350
    lines = pieces.wrapped(notes, INSIDE)
    card = Card(top + side + 84 + len(lines) * style.LINE + style.MARGIN)
    card.title(f"{kernel} on the {image}" if image else kernel)

    card.text(LEFT, top - 16, f"input {size(pixels)}")
    _input(card, LEFT, top, side, np.array(pixels, dtype=np.float64), [len(weights)], steps)
    paper_to_ink = scales.ink(np.arange(256))
    card.bar(LEFT, top + side + 16, side, paper_to_ink, [(0, "0 paper"), (1, "255 ink")])

    colours, bar, ticks = shown(output, scale)
    card.text(RIGHT - side, top - 16, f"output {size(output)}")
    card.map(RIGHT - side, top, side, colours)
    card.bar(RIGHT - side, top + side + 16, side, bar, ticks)

    cell = min(62, 186 // len(weights))
    x, y = (style.WIDTH - cell * len(weights)) // 2, top + (side - cell * len(weights)) // 2
    card.cells(x, y, cell, *signed_cells(weights))
    card.text(style.WIDTH / 2, y - 16, "kernel" + over(weights), colour=style.QUIET, anchor="m")
    card.lines(LEFT, top + side + 124, lines, INSIDE)
    return card.png()


def pair(
    *,
    pixels: Grid | str,
    kernels: Sequence[Mapping[str, Any]],
    image: str = "",
    scale: Scale = "sym",
    notes: Sequence[str] = (),
    steps: Mapping[str, Any] | None = None,
) -> bytes:
    """Two kernels over one picture, side by side, in the same colours: each is name, weights and what it adds.

    The picture is its pixels, or a photo as `photos.encoded` writes it; the sums are worked out here. `scale` and
    `steps` are as in `kernel_map`.

    Alt text: "topedge and bottomsobel on the 3, side by side: from −762 to 762, and from −1016 to 1016."
    """
    top, side, small = 260, 380, 150
    lines = pieces.wrapped(notes, INSIDE)
    picture = _picture(pixels)
    outputs = [convolve(picture, each["weights"], **(steps or {})) + each.get("add", 0) for each in kernels]
    below = top + max(_high(output, side) for output in outputs)
    card = Card(below + 84 + len(lines) * style.LINE + style.MARGIN)
    names = " and ".join(each["name"] for each in kernels)
    card.title(f"{names} on the {image}" if image else names)
    _input(card, (style.WIDTH - small) // 2, 86, small, picture, [len(each["weights"]) for each in kernels], steps)
    both, bar, ticks = shown(np.concatenate([output.ravel() for output in outputs])[np.newaxis], scale)
    parts = np.split(both[0], [outputs[0].size])
    for each, left, output, part in zip(kernels, (LEFT, RIGHT - side), outputs, parts, strict=True):
        weights = each["weights"]
        cell = small // max(3, len(weights))
        x = LEFT if left == LEFT else RIGHT - cell * len(weights)
        card.cells(x, 86 + (small - cell * len(weights)) // 2, cell, *signed_cells(weights))
        card.map(left, top, side, part.reshape(*output.shape, 3))
        own = _ticks(output, max(map(limit, outputs))) if scale == "sym" else ticks
        card.bar(left, below + 16, side, bar, own)
        _beside(card, left, x, cell * len(weights), each["name"], over(weights))
    card.lines(LEFT, below + 124, lines, INSIDE)
    return card.png()


def _beside(card: Card, left: int, x: int, wide: int, name: str, divisor: str) -> None:
    """A kernel's name, between it and the picture in the middle."""
    room = (style.WIDTH - 150) // 2 - LEFT - wide - 32
    inner, anchor = (x + wide + 16, "l") if left == LEFT else (x - 16, "r")
    card.text(inner, 166, name, max(16, pieces.fitting([name], room, style.SMALL)), anchor=anchor, width=room)
    card.text(inner, 200, divisor.strip(), style.SMALL, colour=style.QUIET, anchor=anchor)


def stages(
    *,
    pixels: Grid | str,
    kernels: Sequence[Mapping[str, Any]],
    equivalent: Grid,
    image: str = "",
    notes: Sequence[str] = (),
) -> bytes:
    """Kernels one after the other: what each makes of what came before, and the one kernel that does all of it.

    The picture is its pixels, or a photo as `photos.encoded` writes it; each kernel is name and weights.

    Alt text: "blur, then outline on the 3: after each stage its output, and the one 5×5 kernel that does both."
    """
    gap, top = 24, 130
    panel = (INSIDE - gap * len(kernels)) // (len(kernels) + 1)
    output = _picture(pixels)
    high = _high(output, panel)
    below, small = top + high + 100, min(panel, 210)
    lines = pieces.wrapped(notes, INSIDE)
    card = Card(below + small + 24 + (len(lines) * style.LINE + 24 if lines else 0) + style.MARGIN)
    title = " | ".join(each["name"] for each in kernels)
    card.title(f"{title} on the {image}" if image else title)
    card.text(LEFT, top - 16, f"input {output.shape[0]}×{output.shape[1]}", style.SMALL)
    card.map(LEFT, top, panel, scales.ink(output))
    card.text(LEFT, below - 14, f"all in one{over(equivalent)}", style.SMALL, width=panel)
    _weights(card, LEFT, below, small, equivalent)
    for place, each in enumerate(kernels, start=1):
        left = LEFT + place * (panel + gap)
        output = convolve(output, each["weights"])
        extent = limit(output)
        card.text(left, top - 16, f"{place}: {output.shape[0]}×{output.shape[1]}", style.SMALL)
        card.map(left, top, panel, scales.signed(output, extent))
        span = f"{written(float(output.min()))} to {written(float(output.max()))}"
        fitted = max(16, pieces.fitting([span], panel, style.SMALL))
        card.text(left, top + high + 34, span, fitted, colour=style.QUIET, width=panel)
        label = f"{place}: {each['name']}{over(each['weights'])}"
        card.text(left, below - 14, label, max(16, pieces.fitting([label], panel, style.SMALL)), width=panel)
        _weights(card, left, below, small, each["weights"])
    card.lines(LEFT, below + small + 54, lines, INSIDE)
    return card.png()


def _weights(card: Card, x: int, y: int, side: int, weights: Grid) -> None:
    """A kernel in its cells, with numbers where they can be read."""
    if len(weights) <= LEGIBLE:
        card.cells(x, y, side // max(3, len(weights)), *signed_cells(weights))
    else:
        card.map(x, y, side, scales.signed(weights, limit(weights)))


def _high(values: NDArray[np.float64], side: int) -> int:
    """How high a map is, its longer side `side` long."""
    rows, columns = values.shape
    return round(side * rows / max(rows, columns))


def _picture(pixels: Grid | str) -> NDArray[np.float64]:
    """The pixels, also of a photo."""
    return np.array(photos.decoded(pixels) if isinstance(pixels, str) else pixels, dtype=np.float64)


def _input(
    card: Card,
    x: int,
    top: int,
    side: int,
    pixels: NDArray[np.float64],
    sizes: Sequence[int],
    walk: Mapping[str, Any] | None,
) -> None:
    """The picture in its padding, with what the windows of kernels of those sizes visit."""
    steps = walk or {}
    padding, stride = int(steps.get("padding", 0)), int(steps.get("stride", 1))
    dilation = int(steps.get("dilation", 1))
    whole = framed(pixels, padding, str(steps.get("mode", "zeros")))
    colours = scales.ink(whole)
    scale = card.map(x, top, side, colours)
    seen = np.zeros(whole.shape, dtype=np.bool_)
    for k in sizes:
        seen |= np.logical_and.outer(*(np.array(visits(n, k, stride, 0, dilation)) > 0 for n in whole.shape))
    card.hatch(x, top, scale, ~seen)
    if padding:
        edges = (padding, padding, padding + pixels.shape[1], padding + pixels.shape[0])
        left, up, right, down = (round(edge * scale) for edge in edges)
        card.draw.rectangle((x + left, top + up, x + right, top + down), outline=style.MARK, width=2)
    if stride > 1:
        for k in dict.fromkeys(sizes):
            rows, cols = (centres(n, k, stride, 0, dilation) for n in whole.shape)
            card.dots(x, top, scale, [(row, col) for row in rows for col in cols])


def shown(values: Grid | NDArray[np.float64], scale: Scale) -> Shown:
    """The output's colours, those of its bar (256, 3), and the bar's labels: where (0 to 1) and what."""
    output = np.array(values, dtype=np.float64)
    if scale == "sym":
        most = limit(output)
        bar = scales.signed(np.linspace(-most, most, 256), most)
        return scales.signed(output, most), bar, _ticks(output, most)
    if scale in {"abs", "relu"}:
        output = np.abs(output) if scale == "abs" else np.maximum(output, 0)
    low = float(output.min()) if scale == "auto" else 0.0
    high = 255.0 if scale == "clip" else float(output.max())
    ticks = [(0.0, written(low)), (1.0, written(high))]
    if low < 0 < high:
        ticks.append((-low / (high - low), "0"))
    return scales.ink(output, low, high), scales.ink(np.arange(256)), ticks


def _ticks(output: NDArray[np.float64], most: float) -> list[tuple[float, str]]:
    """Zero, and the extremes."""
    extremes = [value for value in (output.min(), output.max()) if value]
    return [(0.5 + 0.5 * float(value) / (most or 1), written(value)) for value in (0.0, *extremes)]


def size(values: Grid) -> str:
    """Rows × columns."""
    return f"{len(values)}×{len(values[0])}"

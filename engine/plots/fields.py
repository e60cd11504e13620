"""What one output cell of some layers looks at, traced back layer by layer."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine import images
from engine.plots import pieces, scales, style
from engine.plots.pieces import INSIDE, LEFT, RIGHT, Card
from engine.sizes import Layer, output_size, traced

ACROSS = 5  # maps in a row of the picture: with more, their cells could not be told apart
TOP, GAP, BELOW = 146, 60, 56  # above the maps, between two of them, and below each for its words
LARGEST = 300  # a map's side


def field(*, n: int, layers: Sequence[Mapping[str, int]]) -> bytes:
    """What one output cell looks at, traced back layer by layer to the pixels of the 3.

    Alt text: "One cell of the last map, traced back layer by layer to 7×7 of the 28×28 pixels."
    """
    found = [Layer(**layer) for layer in layers]
    sides = [n]
    for layer in found:
        sides.append(output_size(sides[-1], layer.k, layer.stride, layer.padding, layer.dilation))
    spans = traced(found, (sides[-1] - 1) // 2)[::-1]  # of the input first
    rows = -(-len(sides) // ACROSS)
    across = -(-len(sides) // rows)
    indent = GAP if rows > 1 else 0  # a second row begins with an arrow, too
    panel = min(LARGEST, (INSIDE - indent - GAP * (across - 1)) // across)
    card = Card(TOP + rows * (panel + BELOW) + (rows - 1) * GAP + 44)
    card.title(_title(spans[0], n, len(found)))
    for place, (side, span) in enumerate(zip(sides, spans, strict=True)):
        x = LEFT + indent + place % across * (panel + GAP)
        y = TOP + place // across * (panel + BELOW + GAP)
        room = min(panel + GAP - 8, RIGHT - x)
        name = f"{'input' if place == 0 else f'map {place}'} {side}×{side}"
        card.text(x, y - 16, name, max(16, pieces.fitting([name], room, style.SMALL)), width=room)
        scale = card.map(x, y, panel, _cells(n, side, first=place == 0, span=span))
        low, high = max(span[0], 0), min(span[1], side)
        card.mark((x + low * scale, y + low * scale, x + high * scale, y + high * scale))
        words = f"{span[1] - span[0]}×{span[1] - span[0]}" + (", padded" if span[0] < 0 or span[1] > side else "")
        size = max(16, pieces.fitting([words], room, style.SMALL))
        card.text(x, y + panel + 38, words, size, colour=style.QUIET, width=room)
        if place:
            _step(card, x - GAP / 2, y + panel / 2, found[place - 1])
    return card.png()


def _title(span: tuple[int, int], n: int, layers: int) -> str:
    """How much it looks at, and how much of that there is."""
    field, seen = span[1] - span[0], min(span[1], n) - max(span[0], 0)
    after = f"{layers} {'layer' if layers == 1 else 'layers'}"
    if seen == field:
        return f"One cell after {after} looks at {field}×{field} pixels"
    return f"One cell after {after}: {field}×{field} cells, {seen}×{seen} pixels"


def _step(card: Card, x: float, y: float, layer: Layer) -> None:
    """From map to map: the layer's kernel and stride over an arrow."""
    said = f"k{layer.k}" + (f" s{layer.stride}" if layer.stride > 1 else "")
    card.text(x, y + 10, "→", 34, colour=style.QUIET, anchor="m")
    card.text(x, y - 26, said, max(14, pieces.fitting([said], GAP - 4, 20)), colour=style.QUIET, anchor="m")


def _cells(n: int, side: int, *, first: bool, span: tuple[int, int]) -> pieces.Colours:
    """The cells of a map: the 3 as the input where it fits, else a faint checker; the span is tinted."""
    rows, cols = np.mgrid[:side, :side]
    if first and n == images.SIDE:
        colours = scales.ink(images.image("3")).astype(np.float64)
    else:
        colours = np.where(((rows + cols) % 2)[..., np.newaxis] == 1, 255.0, 238.0) * np.ones(3)
    inside = (rows >= span[0]) & (rows < span[1]) & (cols >= span[0]) & (cols < span[1])
    tint = np.array(scales.rgb("#7CC9B8"), dtype=np.float64)
    colours[inside] = 0.5 * colours[inside] + 0.5 * tint
    return np.rint(colours).astype(np.uint8)

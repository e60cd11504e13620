"""A picture that moves: kernels before they learned anything, on the way, and after; and how the loss fell."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from engine.matrices import written
from engine.plots import pieces, scales, style
from engine.plots.moving import gif
from engine.plots.pieces import INSIDE, LEFT, RIGHT, Card

CELL = 66
SIDE = 3 * CELL
TOP = 124  # of the kernels
CURVE, DEEP = TOP + SIDE + 96, 176  # where the loss is drawn, and how high
REST, STEP, END = 1500, 140, 3000  # milliseconds: before, each moment on the way, after


def learned(
    *,
    title: str,
    moments: Sequence[Mapping[str, Any]],
    before: Sequence[str],
    after: Sequence[str],
    wanted: Sequence[Sequence[float]] | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """Kernels that learn, as a GIF. Each moment is `{"step": …, "loss": …, "kernels": […]}`.

    `before` and `after` are a line for each kernel; `wanted` is what a single one should become. The numbers stand
    in the first and the last frame: between them nobody reads.

    Alt text: "Four kernels from random numbers to what 690 steps made of them, and their loss, from 2.3 to 0.01."
    """
    limit = max(
        abs(value) for moment in moments for kernel in moment["kernels"] for row in kernel for value in row
    )
    lines = pieces.wrapped(notes, INSIDE)
    frames: list[Image.Image] = []
    for place, moment in enumerate(moments):
        still = place in {0, len(moments) - 1}
        card = Card(CURVE + DEEP + 74 + len(lines) * style.LINE)
        card.title(title)
        below = before if place == 0 else after if still else [""] * len(moment["kernels"])
        _kernels(card, moment["kernels"], below, limit, still=still)
        if wanted is not None:
            _teacher(card, wanted, limit)
        _curve(card, moments, place)
        card.text(RIGHT, CURVE - 22, f"step {moment['step']} · loss {_figure(moment['loss'])}", anchor="r")
        card.text(LEFT, CURVE - 22, "loss", colour=style.QUIET)
        card.lines(LEFT, CURVE + DEEP + 74, lines, INSIDE)
        frames.append(card.image)
    return gif(frames, [REST, *[STEP] * (len(frames) - 2), END])


def _kernels(
    card: Card, kernels: Sequence[Sequence[Sequence[float]]], lines: Sequence[str], limit: float, *, still: bool
) -> None:
    gap = (INSIDE - 4 * SIDE) // 3
    for place, (kernel, line) in enumerate(zip(kernels, lines, strict=True)):
        x = LEFT + place * (SIDE + gap)
        texts = [[written(round(value, 2)) if still else "" for value in row] for row in kernel]
        card.text(x, TOP - 14, f"kernel {place + 1}" if len(kernels) > 1 else "learned", colour=style.QUIET)
        card.cells(x, TOP, CELL, scales.signed(kernel, limit), texts)
        card.text(x, TOP + SIDE + 32, line, style.SMALL, width=SIDE + gap - 8)


def _teacher(card: Card, wanted: Sequence[Sequence[float]], limit: float) -> None:
    """The kernel that a single one should become, at its side."""
    x = LEFT + 2 * (SIDE + (INSIDE - 4 * SIDE) // 3)
    card.text(x, TOP - 14, "made by hand", colour=style.QUIET)
    texts = [[written(value) for value in row] for row in wanted]
    card.cells(x, TOP, CELL, scales.signed(wanted, max(limit, 1)), texts)


def _curve(card: Card, moments: Sequence[Mapping[str, Any]], now: int) -> None:
    """The loss up to now, both ways in powers of ten; what is still to come is grey."""
    logs = [math.log10(max(moment["loss"], 1e-12)) for moment in moments]
    low, high = math.floor(min(logs)), math.ceil(max(logs))
    left = LEFT + 96
    farthest = math.log10(moments[-1]["step"] + 1)

    def point(step: float, log: float) -> tuple[float, float]:
        share = math.log10(step + 1) / farthest
        return left + share * (RIGHT - left), CURVE + (high - log) / ((high - low) or 1) * DEEP

    every = max(1, -(-(high - low) // 4))
    for power in range(low, high + 1, every):
        y = point(0, power)[1]
        card.draw.line((left, y, RIGHT, y), fill=style.RULE)
        card.text(left - 10, y + 9, _figure(10.0**power), style.SMALL, colour=style.QUIET, anchor="r")
    for step in (0, 1, 10, 100, moments[-1]["step"]):
        x, anchor = (RIGHT, "r") if step == moments[-1]["step"] else (point(step, low)[0], "m")
        card.text(x, CURVE + DEEP + 30, str(step), style.SMALL, colour=style.QUIET, anchor=anchor)
    points = [point(moment["step"], log) for moment, log in zip(moments, logs, strict=True)]
    card.draw.line(points, fill=style.RULE, width=3, joint="curve")
    card.draw.line(points[: now + 1], fill=style.MARK, width=5, joint="curve")
    x, y = points[now]
    card.draw.ellipse((x - 7, y - 7, x + 7, y + 7), fill=style.MARK)


def _figure(value: float) -> str:
    """`2.31`, `0.0215`, `1.2e−10`."""
    return f"{value:.3g}".replace("e-0", "e-").replace("-", "−")

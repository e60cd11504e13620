"""A kernel by name, with an angle, or written out by hand; and what can be made of kernels."""

import difflib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from engine import matrices, turning
from engine.catalogue import CATALOGUE, Kernel
from engine.errors import BadKernel, UnknownKernel

__all__ = ["CATALOGUE", "Kernel", "adjusted", "chain", "equivalent", "find", "kernel", "parse"]

MOST_STAGES = 4  # more panels than that would be too small to read
LARGEST_ANGLE = 360
AMOUNTS = ("unsharp", "unsharpmask")  # what stands behind their colon is no angle
ANGLE = re.compile(r"(.*?[^\s:])\s*:\s*(-?\d{1,6}(?:\.\d{1,6})?)\s*°?", re.DOTALL)
WRITTEN = re.compile(  # how numbers begin; no name does
    rf"[-+−–.\d\[{''.join(matrices.VULGAR)}]|(?:\w+\.)?(?:tensor|array)\(", re.IGNORECASE
)
BEHIND = re.compile(r"(.*\S)\s+([A-Za-z][^\W\d]\S*)", re.DOTALL)  # a word behind numbers
MOST_STRAY = 4  # words behind a kernel that are looked through
SIDES = ("topsobel", "bottomsobel", "leftsobel", "rightsobel")


def find(name: str) -> Kernel:
    """The catalogue's kernel of that name; case, spaces, colons, hyphens and underscores do not matter."""
    wanted = _key(name)
    if wanted in _BY_KEY:
        return _BY_KEY[wanted]
    if wanted in turning.LINES:
        return turning.line(wanted, turning.LINES[wanted], 0)
    if wanted == "sobel":
        which = f"There is no one sobel: take {', '.join(SIDES)}, or one with an angle, as sobel:45."
        raise UnknownKernel(name[:40], SIDES, which=which)
    # No cutoff: even a far-off word is answered with names that work. Six, as aliases share a kernel.
    close = difflib.get_close_matches(wanted, _BY_KEY, n=6, cutoff=0)
    raise UnknownKernel(name[:40], list(dict.fromkeys(_BY_KEY[key].name for key in close))[:4])


def parse(text: str) -> Kernel:
    """A kernel written out: `[[-1,0,1],[-2,0,2],[-1,0,1]]`, rows parted by `;`, or nine numbers in a row."""
    return Kernel(name="custom", weights=matrices.parse(text), source="written by hand")


def kernel(text: str) -> Kernel:
    """The kernel that was meant: written out when it looks like numbers, else by name, perhaps with an angle."""
    text = text.strip()
    if WRITTEN.match(text) or ";" in text:
        behind = BEHIND.fullmatch(text)
        if behind is None:
            return parse(text)
        kernel(behind[1])  # what is wrong further up is said first
        word = behind[2][:20]
        raise BadKernel(f"I know the kernel of these numbers, but not {word!r} behind them.", stray=word)
    try:
        return _named(text)
    except UnknownKernel as unknown:
        name, word = _begun(text)
        close = difflib.get_close_matches(_key(text), _BY_KEY, n=1, cutoff=0.85)
        if not word or close not in ([], [_key(name)]):  # a slip in a longer name
            raise
        raise UnknownKernel(name, stray=word) from unknown


def _begun(text: str) -> tuple[str, str]:
    """The kernel that the text begins with, and the word behind it that is no part of it; or nothing."""
    words = text.split()
    for end in range(len(words) - 1, max(0, len(words) - 1 - MOST_STRAY), -1):
        with suppress(UnknownKernel, BadKernel):
            name = " ".join(words[:end])
            _named(name)
            return name, words[end][:20]
    return "", ""


def _named(text: str) -> Kernel:
    angled = ANGLE.fullmatch(text)
    if angled is None:
        return find(text)
    name, angle = _key(angled[1]), float(angled[2])
    if name in AMOUNTS:
        return turning.unsharp(angle)
    if not abs(angle) <= LARGEST_ANGLE:
        raise BadKernel(f"An angle runs from -{LARGEST_ANGLE} to {LARGEST_ANGLE} degrees, not {angle:g}.")
    if name in turning.LINES:
        return turning.line(name, turning.LINES[name], angle)
    if name in turning.TURNED:
        return replace(turning.turned(find(turning.TURNED[name]), angle), name=f"{name}:{angle:g}")
    return turning.turned(find(angled[1]), angle)


def chain(text: str) -> tuple[Kernel, ...]:
    """The kernels of a chain, `blur | outline`, in their order."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) > MOST_STAGES:
        raise BadKernel(
            f"{len(parts)} kernels in a row are too many to show: {MOST_STAGES} at most, or they get too small."
        )
    if len(parts) > 1 and not all(parts):
        raise BadKernel("Between two | stands a kernel, as in blur | outline.")
    return tuple(map(kernel, parts))


def equivalent(stages: Sequence[Kernel]) -> Kernel:
    """The one kernel that does what the stages do one after the other: their full convolution with each other."""
    weights = np.ones((1, 1))
    for stage in stages:
        size = len(weights) + stage.size - 1
        longer = np.zeros((size, size))
        for (row, col), value in np.ndenumerate(stage.array):
            longer[row : row + len(weights), col : col + len(weights)] += value * weights
        weights = longer
    plain = tuple(tuple(float(value) for value in row) for row in weights)
    return Kernel(name=" | ".join(stage.name for stage in stages), weights=plain, source="worked out")


def adjusted(kernel: Kernel, *, divisor: float = 1, normalise: bool = False, flip: bool = False) -> Kernel:
    """The kernel divided, brought to a sum of 1 (of its sizes, where it adds up to 0), and turned by 180°."""
    if divisor == 0:
        raise BadKernel("div=0 divides by zero. Write div=16, for example.")
    said: list[str] = []
    with np.errstate(over="ignore"):  # infinity is beyond the limit, too
        array = kernel.array / divisor
    if divisor != 1:
        said.append(f"÷ {divisor:g}")
    if normalise:
        total = kernel.sum / divisor or float(np.abs(array).sum())
        if total == 0:
            raise BadKernel("A kernel of zeros cannot be normalised: its weights add up to 0, signs aside, too.")
        array = array / total
        said.append("normalised")
    limit = matrices.LARGEST_WEIGHT
    if said and float(np.abs(array).max()) > limit:
        raise BadKernel(
            f"{said[-1].capitalize()}, a weight would be too large: "
            f"they run from -{limit} to {limit}, and {matrices.WHY_WEIGHT}."
        )
    same = not flip or np.array_equal(array, array[::-1, ::-1])
    if flip:
        array = array[::-1, ::-1]
        said.append("flipped")
    if not said:
        return kernel
    weights = tuple(tuple(float(value) + 0.0 for value in row) for row in array)
    made = turning.known(", ".join([kernel.name, *said]), weights, kernel.source)
    if made.naming or not same or divisor < 0 or (normalise and kernel.sum < 0):
        return made
    # Divided, a weight keeps its sign, and so its meaning; what is said of a sum of 1 holds no longer.
    return replace(made, high=kernel.high, naming="" if kernel.sum else kernel.naming)


def _key(name: str) -> str:
    return name.casefold().translate({ord(mark): None for mark in " -_:"})


_BY_KEY = {_key(name): row for row in CATALOGUE.values() for name in (row.name, *row.aliases)}

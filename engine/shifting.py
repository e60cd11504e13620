"""The sums of a convolution as shifted copies of the picture, one for each weight, added up. Quick, and exact.

Bytes times whole weights are added up as 16- or 32-bit integers, which takes a quarter or half of the time of
doubles and loses nothing; so are weights that are whole when multiplied by 16 or 256, as a blur's are. Some rows
at a time, so that they stay in a core's own cache. A kernel that is a column times a row, in whole numbers, goes
over the picture twice, once with each: 10 weights instead of 25.

Of a small picture neither the copies nor the sums take time, but the calls do. One product of matrices needs a
handful of them: as many rows of the picture as the kernel has lie side by side in memory already, and times a band
of the weights, moved on by one cell from column to column, they are a row of sums. What is thought about a kernel
is kept for the next picture: mostly the same few are asked for.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 1 << 14  # numbers worked on at once
BAND = 1 << 18  # products in a band's matrix product, most of them with 0: above, the copies are quicker
KEPT = 32  # kernels; their bands take 2 MB each at most
SCALES = (1, 16, 256)  # powers of two: dividing by them is exact
Array = NDArray[Any]
Tap = tuple[int, int, Any]  # how far down, how far across, and the weight


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """The kind of numbers to work with, the weights as such, and what the sums are to be divided by."""

    dtype: Any
    weights: Array
    scale: int


def plan(pixels: Array, weights: NDArray[np.float64]) -> Plan:
    """The cheapest numbers in which no sum can be wrong."""
    return _planned(weights.tobytes(), len(weights), pixels.dtype == np.uint8)


@lru_cache(maxsize=KEPT)
def _planned(packed: bytes, size: int, in_bytes: bool) -> Plan:
    weights = np.frombuffer(packed).reshape(size, size)
    if in_bytes:
        for scale in SCALES:
            scaled = weights * scale
            largest = 255 * float(np.abs(scaled).sum())
            if largest < 1 << 31 and not (scaled % 1).any():
                dtype = np.int16 if largest < 1 << 15 else np.int32
                return Plan(dtype=dtype, weights=scaled.astype(dtype), scale=scale)
    return Plan(dtype=np.float64, weights=weights, scale=1)


def fits_band(padded: Array, size: int, shape: tuple[int, int]) -> bool:
    """Whether the picture is so small that `banded` is the quicker way to the sums."""
    return size * padded.shape[1] * shape[0] * shape[1] <= BAND


def banded(
    padded: NDArray[np.float64], weights: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """The same sums (rows, columns), at stride and dilation 1, as one product of matrices."""
    (rows, columns), size, wide = shape, len(weights), padded.shape[1]
    step = padded.itemsize
    slabs = np.ndarray((rows, size * wide), np.float64, padded, 0, (wide * step, step))
    return slabs @ _band(weights.tobytes(), size, wide, columns)


@lru_cache(maxsize=KEPT)
def _band(packed: bytes, size: int, wide: int, columns: int) -> NDArray[np.float64]:
    band = np.zeros((size * wide, columns))
    step = band.itemsize
    for row, line in enumerate(np.frombuffer(packed).reshape(size, size)):
        # Down one cell and on one column: the same weights along a diagonal.
        place = row * wide * columns * step
        np.ndarray((columns, size), np.float64, band, place, ((columns + 1) * step, columns * step))[:] = line
    return band


def shifted(padded: Array, plan: Plan, shape: tuple[int, int], stride: int, dilation: int) -> NDArray[np.float64]:
    """The sums (rows, columns) of the weights slid over the padded picture, in numbers of the plan's kind."""
    sums = np.empty(shape)
    rows, columns = shape
    parts = _passes(plan, dilation) if stride == 1 and plan.dtype != np.float64 else None
    height = max(1, BLOCK // columns)
    if parts is None:
        taps = _all_taps(plan, dilation)
        work = np.empty((2, min(height, rows), columns), dtype=plan.dtype)
        for top in range(0, rows, height):
            part = sums[top : top + height]
            _add(padded[top * stride :], taps, work[:, : len(part)], stride)
            _store(work[0, : len(part)], plan.scale, part)
        return sums
    down, across = parts
    more = dilation * (len(plan.weights) - 1)
    work = np.empty((2, min(height, rows), columns), dtype=plan.dtype)
    wide = np.empty((2, min(height, rows) + more, columns), dtype=plan.dtype)
    for top in range(0, rows, height):
        part = sums[top : top + height]
        _add(padded[top:], across, wide[:, : len(part) + more], 1)
        _add(wide[0], down, work[:, : len(part)], 1)
        _store(work[0, : len(part)], plan.scale, part)
    return sums


@lru_cache(maxsize=KEPT)
def _all_taps(plan: Plan, dilation: int) -> list[Tap]:
    return _taps(plan.weights, dilation)


@lru_cache(maxsize=KEPT)
def _passes(plan: Plan, dilation: int) -> tuple[list[Tap], list[Tap]] | None:
    """The taps of the column and of the row that the weights are a product of, where they are one."""
    factors = _factors(plan)
    return factors and (_taps(factors[0], dilation), _taps(factors[1], dilation))


def _taps(weights: Array, dilation: int) -> list[Tap]:
    """The weights that are not 0, and how far each is shifted."""
    return [
        (row * dilation, col * dilation, value)
        for row, line in enumerate(weights.tolist())
        for col, value in enumerate(line)
        if value
    ]


def _add(padded: Array, taps: list[Tap], work: Array, stride: int) -> None:
    """Add the shifted copies up in the first of the two arrays."""
    total, product = work
    rows, columns = total.shape
    high, wide = stride * (rows - 1) + 1, stride * (columns - 1) + 1
    if not taps:
        total[:] = 0
    for place, (row, col, weight) in enumerate(taps):
        seen = padded[row : row + high : stride, col : col + wide : stride]
        if place == 0:
            np.multiply(seen, weight, out=total)
        elif weight == 1:
            np.add(total, seen, out=total)
        elif weight == -1:
            np.subtract(total, seen, out=total)
        else:
            np.multiply(seen, weight, out=product)
            np.add(total, product, out=total)


def _store(total: Array, scale: int, out: NDArray[np.float64]) -> None:
    """The sums as doubles."""
    if scale == 1:
        out[:] = total
    else:
        np.multiply(total, 1 / scale, out=out)


def _factors(plan: Plan) -> tuple[Array, Array] | None:
    """The weights as a column times a row, where whole numbers do, and where that saves something."""
    weights = plan.weights
    if not weights.any():
        return None
    first = weights[int(np.flatnonzero(weights.any(axis=1))[0])].astype(np.int64)
    row = first // np.gcd.reduce(first)
    place = int(np.flatnonzero(row)[0])
    column = weights[:, place].astype(np.int64) // row[place]
    if np.count_nonzero(row) + np.count_nonzero(column) >= np.count_nonzero(weights):
        return None
    if not np.array_equal(np.outer(column, row), weights):
        return None
    return column[:, np.newaxis].astype(plan.dtype), row[np.newaxis].astype(plan.dtype)

"""Sliding a kernel over a picture.

At every place the kernel's weights are multiplied with the pixels below them and the products added up. The
kernel is not turned first: that is what deep learning calls convolution (torch's `conv2d`, the book), and
mathematics calls cross-correlation. True convolution turns it by 180°: use `Kernel.flipped`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import shifting
from engine.catalogue import Kernel
from engine.errors import InputError, OutsideImage
from engine.matrices import Matrix
from engine.sizes import centres, output_size

MAX_PADDING = 64  # a wider frame shows nothing new, and its memory grows by the square


@dataclass(frozen=True, kw_only=True)
class Mode:
    """A way to fill the frame of padding around a picture."""

    numpy: str  # what numpy.pad calls it
    example: str  # two cells around a row that reads a b c d
    elsewhere: str  # its other names


# "reflect" means two things: torch and OpenCV's REFLECT_101 do not repeat the edge, scipy's `reflect` does.
# Ours is torch's. scipy's `mirror` is the same thing, so it is the same here; for the repeated edge we take the
# one name that nobody uses otherwise: numpy's and MATLAB's `symmetric`.
MODES: Mapping[str, Mode] = MappingProxyType(
    {
        "zeros": Mode(numpy="constant", example="0 0 | a b c d | 0 0", elsewhere="numpy, torch, OpenCV constant"),
        "replicate": Mode(numpy="edge", example="a a | a b c d | d d", elsewhere="numpy edge, scipy nearest"),
        "reflect": Mode(
            numpy="reflect", example="c b | a b c d | c b", elsewhere="torch reflect, OpenCV reflect101"
        ),
        "mirror": Mode(numpy="reflect", example="c b | a b c d | c b", elsewhere="scipy's name for reflect"),
        "symmetric": Mode(numpy="symmetric", example="b a | a b c d | d c", elsewhere="what scipy calls reflect"),
        "wrap": Mode(numpy="wrap", example="c d | a b c d | a b", elsewhere="torch circular"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Window:
    """One place of the kernel on the picture: its pixels, their products with the weights, and the sum.

    `rows` and `cols` are Python slices (first, one past the last); `row` and `col` are the centre: in an even
    kernel, the cell before the middle.
    """

    row: int
    col: int
    rows: tuple[int, int]
    cols: tuple[int, int]
    pixels: Matrix
    products: Matrix
    sum: float


def convolve(
    image: ArrayLike,
    kernel: ArrayLike | Kernel,
    *,
    stride: int = 1,
    padding: int = 0,
    mode: str = "zeros",
    dilation: int = 1,
) -> NDArray[np.float64]:
    """Slide `kernel` over `image` and return the sums: (H, W) → (rows, columns) by `output_size`.

    A step that would leave the picture is not taken, so a last row or column may stay unvisited (torch does the
    same). `mode` says what the `padding` around the picture holds: one of MODES.
    """
    pixels, weights = _matrix(image, "image", keep=np.uint8), _weights(kernel)  # (H, W), (k, k)
    rows, columns = (output_size(side, len(weights), stride, padding, dilation) for side in pixels.shape)
    padded = framed(pixels, padding, mode)
    if stride == dilation == 1 and shifting.fits_band(padded, len(weights), (rows, columns)):
        return shifting.banded(np.ascontiguousarray(padded, np.float64), weights, (rows, columns))
    plan = shifting.plan(pixels, weights)
    return shifting.shifted(padded.astype(plan.dtype, copy=False), plan, (rows, columns), stride, dilation)


def window(
    image: ArrayLike,
    kernel: ArrayLike | Kernel,
    row: int,
    col: int,
    *,
    stride: int = 1,
    padding: int = 0,
    mode: str = "zeros",
    dilation: int = 1,
) -> Window:
    """The kernel with its centre at (row, col), counted from 0; an even kernel's centre is before the middle."""
    pixels, weights = _matrix(image, "image"), _weights(kernel)
    size = len(weights)
    for name, place, side in zip(("row", "column"), (row, col), pixels.shape, strict=True):
        there = centres(side, size, stride, padding, dilation)
        if place not in there:
            raise OutsideImage(_outside(name, place, there, size, stride))
    padded = framed(pixels, padding, mode)
    before, spread = dilation * ((size - 1) // 2), dilation * (size - 1) + 1
    top, left = row - before, col - before
    down, across = top + padding, left + padding
    part = padded[down : down + spread : dilation, across : across + spread : dilation]  # (k, k)
    products = part * weights  # (k, k)
    return Window(
        row=row,
        col=col,
        rows=(top, top + spread),
        cols=(left, left + spread),
        pixels=_values(part),
        products=_values(products),
        sum=float(products.sum()),
    )


def _outside(name: str, place: int, there: range, size: int, stride: int) -> str:
    if there[0] < place < there[-1]:
        return (
            f"{name.capitalize()} {place} is passed over: with stride {stride} the centre's {name} is "
            f"{there[0]}, {there[1]} and so on, up to {there[-1]}."
        )
    return (
        f"{name.capitalize()} {place} is outside: with a {size}×{size} kernel "
        f"the centre's {name} runs from {there[0]} to {there[-1]}."
    )


def slice_window(
    image: ArrayLike,
    kernel: ArrayLike | Kernel,
    rows: tuple[int, int],
    cols: tuple[int, int],
    *,
    stride: int = 1,
    padding: int = 0,
    mode: str = "zeros",
    dilation: int = 1,
) -> Window:
    """The kernel on a slice as one types it in Python: `rows=(4, 7)` is rows 4, 5 and 6."""
    pixels, weights = _matrix(image, "image"), _weights(kernel)
    size = dilation * (len(weights) - 1) + 1
    for name, (first, end), side in zip(("rows", "cols"), (rows, cols), pixels.shape, strict=True):
        if end - first != size:
            raise OutsideImage(
                f"{name}={first}:{end} is {max(end - first, 0)} long: the kernel needs {size}, "
                f"as in {name}={first}:{first + size}."
            )
        if first < 0 or end > side:
            raise OutsideImage(
                f"{name}={first}:{end} is outside: slices of {size} run from "
                f"{name}=0:{size} to {name}={side - size}:{side}."
            )
    before = dilation * ((len(weights) - 1) // 2)
    steps: dict[str, Any] = {"stride": stride, "padding": padding, "mode": mode, "dilation": dilation}
    return window(pixels, kernel, rows[0] + before, cols[0] + before, **steps)


def framed(pixels: NDArray[Any], padding: int, mode: str) -> NDArray[Any]:
    """The picture in its frame of padding."""
    if mode not in MODES:
        raise InputError(f"I don't know the mode {mode[:40]!r}. I have: {', '.join(MODES)}.")
    if padding == 0:
        return pixels
    if padding > MAX_PADDING:
        raise InputError(f"padding {padding} is too large: it ends at {MAX_PADDING}.")
    # As in torch: what lies beyond the far edge would have to be invented.
    widest = min(pixels.shape) - (MODES[mode].numpy == "reflect")
    if MODES[mode].numpy in {"reflect", "symmetric", "wrap"} and padding > widest:
        raise InputError(f"padding {padding} is too large: with mode {mode} it ends at {widest} here.")
    # A plain string would match none of numpy.pad's overloads, which take literals.
    fill: Any = MODES[mode].numpy
    return np.pad(pixels, padding, mode=fill)


def _weights(kernel: ArrayLike | Kernel) -> NDArray[np.float64]:
    weights = kernel.array if isinstance(kernel, Kernel) else _matrix(kernel, "kernel")
    if weights.shape[0] != weights.shape[1]:
        raise ValueError(f"a kernel is square: (k, k), not {weights.shape}")
    return weights


def _matrix(values: ArrayLike, name: str, keep: type | None = None) -> NDArray[Any]:
    """The values as floats, so that no uint8 can wrap around; what is of the kind to `keep` stays so."""
    matrix = np.asarray(values)
    if matrix.dtype != keep:
        matrix = matrix.astype(np.float64, copy=False)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ValueError(f"the {name} is a matrix: (rows, columns), not {matrix.shape}")
    return matrix


def _values(matrix: NDArray[np.float64]) -> Matrix:
    """Plain numbers; a negative zero (0 × −1) is zero."""
    return tuple(tuple(float(value) + 0.0 for value in row) for row in matrix)

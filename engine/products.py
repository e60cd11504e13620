"""A convolution as one product of matrices: a row for every window, its weights at its pixels, 0 elsewhere."""

import numpy as np
from numpy.typing import NDArray

from engine.sizes import output_size


def taps(n: int, k: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> NDArray[np.int64]:
    """Which weight meets which pixel: (outputs, n·n), the weight's place 0 … k·k−1, or −1 where there is none.

    The picture is square and read row by row, and so are the outputs. What lies in the padding is 0 and has no
    column.
    """
    size = output_size(n, k, stride, padding, dilation)
    matrix = np.full((size * size, n * n), -1)
    places = np.arange(size) * stride - padding
    for tap_row, tap_col in np.ndindex(k, k):
        rows, cols = places + tap_row * dilation, places + tap_col * dilation
        fits = np.logical_and.outer((rows >= 0) & (rows < n), (cols >= 0) & (cols < n)).ravel()
        pixels = np.add.outer(rows * n, cols).ravel()
        matrix[np.flatnonzero(fits), pixels[fits]] = tap_row * k + tap_col
    return matrix

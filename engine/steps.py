"""Which steps of a sliding window are worth showing: all of a few, some of many."""

import numpy as np
from numpy.typing import NDArray

MOST = 64  # steps: a longer film is not watched to its end
ACROSS = 12  # places shown of a row, when there are more than MOST in all


def places(output: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The output cells that are shown, row by row: all of them, or some evenly spread where there is something.

    When only some are, the film ends where the sum is highest.
    """
    rows, columns = output.shape
    if output.size <= MOST:
        return [(row, col) for row in range(rows) for col in range(columns)]
    strong = np.abs(output) > 0 if output.any() else np.ones(output.shape, dtype=np.bool_)
    busy_rows, busy_columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    first, last = int(busy_columns[0]), int(busy_columns[-1])
    across = _spread(np.arange(first, last + 1), ACROSS)
    down = _spread(busy_rows, (MOST - 1) // len(across))
    row, col = np.unravel_index(int(output.argmax()), output.shape)
    return [*((int(r), int(c)) for r in down for c in across), (int(row), int(col))]


def _spread(values: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """So many of the values at most, evenly, the first and the last among them."""
    count = min(len(values), most)
    return values[np.rint(np.linspace(0, len(values) - 1, count)).astype(int)]

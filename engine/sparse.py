"""Who rated what, as a matrix that is nearly empty: multiplied with tables without ever being written out.

A product with a table is a sum of its rows, person by person; torch adds rows faster than anything that numpy has
(0.5 ms where a gather and `np.add.reduceat` take 36: 100,000 ratings, 104 columns). Imports torch, so only
training loads this module.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import embedding_bag

Floats = NDArray[np.float64]


class Sparse:
    """Values at places (row, column) of a matrix of `shape`; places that occur twice add up."""

    def __init__(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], values: Floats, shape: tuple[int, int]
    ) -> None:
        order = np.argsort(rows, kind="stable")
        self.shape = shape
        self.counts = np.bincount(rows, minlength=shape[0]).astype(np.float64)  # (rows,) places in each
        self.totals = np.bincount(rows, weights=values, minlength=shape[0])  # (rows,) their sum
        self._columns = torch.from_numpy(columns[order])  # (n,)
        self._values = torch.from_numpy(values[order].astype(np.float32))  # (n,)
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
        self._starts = torch.from_numpy(starts[:-1])  # (rows,)

    def __matmul__(self, table: Floats) -> Floats:
        """The product with a dense table, (columns, d) → (rows, d)."""
        return self._sums(table, self._values)

    def pattern(self, table: Floats) -> Floats:
        """The same with 1 in place of every value."""
        return self._sums(table, None)

    def _sums(self, table: Floats, weights: torch.Tensor | None) -> Floats:
        # Single precision for the rows that are added, at most some thousands; double for what is made of them.
        rows = torch.from_numpy(np.ascontiguousarray(table, dtype=np.float32))
        sums = embedding_bag(self._columns, rows, self._starts, mode="sum", per_sample_weights=weights)
        return sums.numpy().astype(np.float64)


def leading(there: Sparse, back: Sparse, rank: int, seed: int, rounds: int = 5) -> tuple[Floats, Floats, Floats]:
    """Singular vectors of the 0/1 pattern and their sizes: (rows, rank), (rank,) and (columns, rank).

    By subspace iteration; `back` is the transpose of `there`. Each 1 is divided by the fourth roots of its row's
    and its column's number of ones: else a few busy rows are most of what is seen. Ten columns more than asked
    for, as the last of a subspace are not yet exact.
    """
    rows, columns = (np.maximum(matrix.counts, 1)[:, None] ** -0.25 for matrix in (there, back))

    def forth(table: Floats) -> Floats:
        return rows * there.pattern(columns * table)

    width = min(rank + 10, *there.shape)
    basis = np.random.default_rng(seed).standard_normal((there.shape[1], width))
    for _ in range(rounds):
        basis, _ = np.linalg.qr(columns * back.pattern(rows * np.linalg.qr(forth(basis))[0]))
    left, sizes, right = np.linalg.svd(forth(basis), full_matrices=False)
    rank = min(rank, int(np.count_nonzero(sizes > 1e-6 * sizes[0])))
    return left[:, :rank], sizes[:rank], basis @ right[:rank].T

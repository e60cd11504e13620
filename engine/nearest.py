"""The best of very many rows for some queries: a product in blocks, and no more sorting than is needed.

Most of a block is worse than the tenth best so far. One comparison with that throws it away; what is left, a few
numbers a block, is sorted. The product itself is then nearly all there is to do.
"""

import numpy as np
from numpy.typing import NDArray

Single = NDArray[np.float32]
BLOCK, SCORES = 8192, 2**21
"""Rows at first, whose scores are all sorted; and how many scores at a time after that."""


def best(rows: Single, queries: Single, count: int) -> tuple[NDArray[np.int64], Single]:
    """The `count` rows with the largest dot product for each query, best first, and the products: (q, count) each.

    `rows` is (n, d), `queries` (q, d); of equal products the first row is taken.
    """
    count = min(count, len(rows))
    every = np.arange(len(queries))[:, None]
    found = np.zeros((len(queries), 0), dtype=np.int64)
    products = np.zeros((len(queries), 0), dtype=np.float32)
    size = max(BLOCK, SCORES // max(len(queries), 1))
    for start in (0, *range(BLOCK, len(rows), size)):
        scores = queries @ rows[start : start + (size if start else BLOCK)].T  # (q, b)
        if products.shape[1] < count:
            places = np.broadcast_to(np.arange(start, start + scores.shape[1]), scores.shape)
        else:
            # A row that is as good comes later, so it does not count.
            query, place = np.nonzero(scores > products[:, -1:])
            if not len(query):
                continue
            scores, places = _gathered(query, scores[query, place], place + start, len(queries))
        products, found = np.hstack([products, scores]), np.hstack([found, places])
        order = np.argsort(-products, axis=1, kind="stable")[:, :count]
        products, found = products[every, order], found[every, order]
    return found, products


def _gathered(
    query: NDArray[np.int64], scores: Single, places: NDArray[np.int64], queries: int
) -> tuple[Single, NDArray[np.int64]]:
    """Scattered scores as a table with as many columns as the busiest query has, the rest −∞."""
    counts = np.bincount(query, minlength=queries)
    column = np.arange(len(query)) - np.repeat(np.cumsum(counts) - counts, counts)
    table = np.full((queries, int(counts.max())), -np.inf, dtype=np.float32)
    rows = np.zeros(table.shape, dtype=np.int64)
    table[query, column] = scores
    rows[query, column] = places
    return table, rows

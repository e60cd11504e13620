"""The best of very many: as sorting all of them."""

import numpy as np
import pytest

from engine import nearest


@pytest.mark.parametrize(
    ("rows", "queries", "count"),
    [(5, 3, 10), (nearest.BLOCK, 1, 1), (3 * nearest.BLOCK + 7, 4, 10), (20_000, 40, 50), (400_000, 1, 10)],
    ids=["fewer-than-asked", "one", "blocks", "many", "one-of-many"],
)
def test_it_is_sorting_everything(rows: int, queries: int, count: int) -> None:
    """Whole numbers, so that many products are equal: the same rows in the same order, the first ones first."""
    chance = np.random.default_rng(1)
    table = chance.integers(-3, 4, (rows, 6)).astype(np.float32)
    asked = chance.integers(-3, 4, (queries, 6)).astype(np.float32)
    found, products = nearest.best(table, asked, count)
    every = asked @ table.T
    expected = np.argsort(-every, axis=1, kind="stable")[:, :count]
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(products, np.take_along_axis(every, expected, axis=1))

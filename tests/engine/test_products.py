"""A convolution is a product of matrices: the same sums, and the chapter's counts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.convolution import convolve
from engine.products import taps


@given(
    n=st.integers(1, 8),
    k=st.integers(1, 4),
    stride=st.integers(1, 3),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 2),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_product_is_the_map(n: int, k: int, stride: int, padding: int, dilation: int, seed: int) -> None:
    """Weights at their places, times the picture read row by row, are what convolve gives."""
    if n + 2 * padding < dilation * (k - 1) + 1:
        return
    random = np.random.default_rng(seed)
    image, weights = random.integers(0, 256, (n, n)), random.integers(-9, 10, (k, k))
    found = taps(n, k, stride, padding, dilation)
    matrix = np.where(found >= 0, weights.ravel()[found], 0)
    expected = convolve(image, weights, stride=stride, padding=padding, dilation=dilation)
    assert np.array_equal(matrix @ image.ravel(), expected.ravel())


def test_the_toy() -> None:
    """3×3 pixels, a 2×2 kernel α β γ δ: the four rows of the chapter."""
    letters = np.array([*"αβγδ", "0"])
    assert ["".join(letters[row]) for row in taps(3, 2)] == ["αβ0γδ0000", "0αβ0γδ000", "000αβ0γδ0", "0000αβ0γδ"]


def test_the_lectures_size() -> None:
    """676×784 with 6084 entries that are not 0: 1.148 per cent."""
    found = taps(28, 3)
    filled = int((found >= 0).sum())
    assert (found.shape, filled) == ((676, 784), 6084)
    assert round(100 * filled / found.size, 3) == 1.148

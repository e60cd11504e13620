"""The quick ways to the sums are exact: bytes give what doubles give, whatever the kernel and however it walks."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import kernels
from engine.convolution import convolve
from engine.shifting import Plan, fits_band, plan, shifted

SEVEN = ";".join(["3 1 -4 1 -5 9 -2"] * 7)


@given(
    kernel=st.sampled_from(
        [*sorted(kernels.CATALOGUE), SEVEN, "motion7:30", "[[0]]", "0 0; 0 0", "1000 -1000; 1 0.1"]
    ),
    sides=st.tuples(st.integers(95, 130), st.integers(95, 200)),
    stride=st.integers(1, 3),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_bytes_give_what_doubles_give(
    kernel: str, sides: tuple[int, int], stride: int, padding: int, dilation: int, seed: int
) -> None:
    """To the last bit where weights are whole or a blur's; always to a millionth of a millionth."""
    found, image = kernels.kernel(kernel), np.random.default_rng(seed).integers(0, 256, sides, dtype=np.uint8)
    steps: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    ours, doubles = convolve(image, found, **steps), convolve(image.astype(float), found, **steps)
    assert np.allclose(ours, doubles, rtol=1e-12, atol=1e-9)
    if plan(image, found.array).scale == 1:
        assert np.array_equal(ours, doubles)


@given(
    kernel=st.sampled_from([*sorted(kernels.CATALOGUE), SEVEN, "motion7:30", "[[0]]", "1000 -1000; 1 0.1"]),
    sides=st.tuples(st.integers(7, 24), st.integers(7, 24)),
    padding=st.integers(0, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_small_picture_has_the_same_sums(kernel: str, sides: tuple[int, int], padding: int, seed: int) -> None:
    """As one product of matrices, and as copies that are added up."""
    found, image = kernels.kernel(kernel), np.random.default_rng(seed).integers(0, 256, sides, dtype=np.uint8)
    padded = np.pad(image.astype(float), padding)
    shape = tuple(side - len(found.array) + 1 for side in padded.shape)
    assert fits_band(padded, len(found.array), shape)
    added = shifted(padded, Plan(dtype=np.float64, weights=found.array, scale=1), shape, 1, 1)
    assert np.allclose(convolve(image, found, padding=padding), added, rtol=1e-12, atol=1e-9)
    if not (found.array % 1).any():
        assert np.array_equal(convolve(image, found, padding=padding), added)


@pytest.mark.parametrize(
    ("kernel", "dtype", "scale"),
    [
        ("topedge", np.int16, 1),
        ("blur", np.int16, 16),
        ("gaussian5", np.int32, 256),
        ("boxblur", np.float64, 1),
        ("[[1000]]", np.int32, 1),
        ("motion:30", np.float64, 1),
    ],
)
def test_the_cheapest_numbers_that_cannot_be_wrong(kernel: str, dtype: type, scale: int) -> None:
    """16 bits where 255 times all weights fit, 32 where they do not, doubles for thirds."""
    made = plan(np.zeros((100, 100), dtype=np.uint8), kernels.kernel(kernel).array)
    assert (made.dtype, made.scale) == (dtype, scale)
    assert plan(np.zeros((100, 100)), kernels.kernel(kernel).array).dtype == np.float64


def test_the_extremes_fit() -> None:
    """White times the largest weights of either sign, in every kind of number."""
    white = np.full((100, 100), 255, dtype=np.uint8)
    for weights in (np.full((7, 7), 1000), np.full((7, 7), -1000), np.full((3, 3), 14), np.full((3, 3), -14.5)):
        assert (convolve(white, weights) == 255 * weights.sum()).all()

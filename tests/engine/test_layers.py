"""Several channels, sizes, receptive fields and parameter counts: torch as the oracle, the chapter's numbers."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.convolution import convolve
from engine.errors import InputError
from engine.layers import convolve_channels
from engine.sizes import Layer, centres, formula, output_size, parameters, receptive_field, traced, visits


@settings(deadline=None)  # torch's first call takes its time
@given(
    sides=st.tuples(st.integers(5, 9), st.integers(5, 9)),
    groups=st.integers(1, 3),
    inside=st.integers(1, 2),
    outside=st.integers(1, 2),
    size=st.integers(1, 3),
    stride=st.integers(1, 3),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 2),
    seed=st.integers(0, 2**32 - 1),
)
def test_torch_agrees(
    sides: tuple[int, int],
    groups: int,
    inside: int,
    outside: int,
    size: int,
    stride: int,
    padding: int,
    dilation: int,
    seed: int,
) -> None:
    """Any number of channels, maps and groups, with a bias: what torch's conv2d computes."""
    random = np.random.default_rng(seed)
    image = random.integers(0, 256, (inside * groups, *sides))
    weights, bias = (
        random.integers(-9, 10, (outside * groups, inside, size, size)),
        random.integers(-9, 10, outside * groups),
    )
    options: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    pixels, kernels, biases = (torch.tensor(each, dtype=torch.float64) for each in (image, weights, bias))
    assert np.array_equal(
        convolve_channels(image, weights, bias, **options),
        torch.nn.functional.conv2d(pixels[np.newaxis], kernels, biases, **options).numpy()[0],
    )


def test_four_filters_on_colour_make_four_maps() -> None:
    """Not twelve: each filter has a slice for every channel, and the three products are added up."""
    image, weights = np.ones((3, 5, 5)), np.arange(4 * 3 * 9).reshape(4, 3, 3, 3)
    maps = convolve_channels(image, weights)
    assert maps.shape == (4, 3, 3)
    assert np.array_equal(maps[:, 0, 0], weights.sum(axis=(1, 2, 3)))
    assert convolve_channels(image, np.ones((12, 1, 3, 3)), groups=3).shape == (12, 3, 3)


def test_groups_that_do_not_divide_are_refused() -> None:
    """Three channels in two groups: a sentence; a shape that is none: a ValueError."""
    with pytest.raises(InputError, match=r"groups=2 does not divide 3 channels into 2 maps\."):
        convolve_channels(np.ones((3, 5, 5)), np.ones((2, 1, 3, 3)), groups=2)
    with pytest.raises(ValueError, match="3 slices"):
        convolve_channels(np.ones((3, 5, 5)), np.ones((2, 1, 3, 3)))
    with pytest.raises(ValueError, match="are wanted"):
        convolve_channels(np.ones((5, 5)), np.ones((2, 1, 3, 3)))


@pytest.mark.parametrize(
    ("inside", "outside", "k", "total"),
    [
        (1, 4, 3, 40),
        (4, 8, 3, 296),
        (8, 16, 3, 1168),
        (16, 32, 3, 4640),
        (32, 2, 3, 578),
        (3, 4, 3, 112),
        (3, 3, 3, 84),
    ],
)
def test_parameters(inside: int, outside: int, k: int, total: int) -> None:
    """The chapter's counts, weights and biases: 40, 296, 1168, 4640, 578; 112 for four filters on RGB."""
    assert sum(parameters(inside, outside, k)) == total
    layer = torch.nn.Conv2d(inside, outside, k)
    assert sum(each.numel() for each in layer.parameters()) == total


def test_the_whole_small_net() -> None:
    """1 → 4 → 8 → 16 → 32 → 2 has 6722 parameters; its second and third layer multiply equally often."""
    widths = (1, 4, 8, 16, 32, 2)
    layers = [parameters(a, b, 3) for a, b in pairwise(widths)]
    assert sum(map(sum, layers)) == 6722
    assert 14 * 14 * layers[1][0] == 7 * 7 * layers[2][0] == 56_448


@given(
    n=st.integers(1, 20),
    k=st.integers(1, 5),
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 3),
)
def test_visits_are_what_a_convolution_of_ones_feels(
    n: int, k: int, stride: int, padding: int, dilation: int
) -> None:
    """A cell is visited as often as its value counts in the sum of all outputs; centres are as many as outputs."""
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    if n + 2 * padding < dilation * (k - 1) + 1:
        return
    size = output_size(n, k, **options)
    felt: list[float] = []
    for cell in range(n):
        row = np.zeros((1, n))
        row[0, cell] = 1
        column = np.zeros((k, k))
        column[(k - 1) // 2] = 1
        framed = np.pad(row, ((0, 0), (padding, padding)))
        tall = np.vstack([framed] * (dilation * (k - 1) + 1))
        felt.append(convolve(tall, column, stride=stride, dilation=dilation).sum())
    assert visits(n, k, **options) == felt
    assert len(centres(n, k, **options)) == size


def test_what_stride_two_never_visits() -> None:
    """28 cells, a kernel of 3, stride 2: 13 places, and the last cell is in none of them."""
    counts = visits(28, 3, stride=2)
    assert (counts[-1], counts[-2], counts[0], counts[2]) == (0, 1, 1, 2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "⌊(28 + 2·0 − 3) / 1⌋ + 1 = 26"),
        ({"padding": 1, "stride": 2}, "⌊(28 + 2·1 − 3) / 2⌋ + 1 = 14"),
        ({"dilation": 2}, "⌊(28 + 2·0 − (2·(3 − 1) + 1)) / 1⌋ + 1 = 24"),
    ],
)
def test_the_formula_is_filled_in(options: dict[str, int], said: str) -> None:
    """With the numbers of the case, and what comes out."""
    assert formula(28, 3, **options) == said


def test_receptive_fields() -> None:
    """Two 3×3 layers of stride 2 look at 7×7; traced back to the cells, the padding included."""
    two = [Layer(stride=2, padding=1)] * 2
    assert receptive_field(two) == (7, 4)
    assert traced(two, 3) == [(3, 4), (5, 8), (9, 16)]
    assert receptive_field([Layer(), Layer()]) == (5, 1)
    assert receptive_field([Layer(dilation=2)]) == (5, 1)

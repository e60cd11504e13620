"""Kernels with an angle, kernels in a row, kernels divided and turned over; and the shorter ways to write one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import images
from engine.convolution import convolve, slice_window, window
from engine.errors import BadKernel, OutsideImage, UnknownKernel
from engine.kernels import CATALOGUE, adjusted, chain, equivalent, kernel

BLUR = ((1.0, 2.0, 1.0), (2.0, 4.0, 2.0), (1.0, 2.0, 1.0))


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("sobel:0", "rightsobel"),
        ("sobel:90", "topsobel"),
        ("sobel: 180°", "leftsobel"),
        ("Sobel:-90", "bottomsobel"),
        ("sobel:top", "topsobel"),
        ("topedge:90", "verticaledge"),
        ("topedge:180", "bottomedge"),
        ("prewitt:360", "topedge"),
        ("outline:45", "outline"),
        ("motion:0", "motionblur"),
        ("motion:-45", "motiondiag"),
    ],
)
def test_an_angle_leads_to_a_kernel_of_the_catalogue(typed: str, same: str) -> None:
    """Turned against the clock from OpenCV's sobel x; what comes out is named, with its two traditions."""
    found = kernel(typed)
    assert np.allclose(found.array, CATALOGUE[same].array)
    assert found.name == same or f"The same weights as {same}." in found.naming


def test_sobel_at_45_degrees() -> None:
    """The ring of eight weights moves on by one cell; the sentence says where ink has to be."""
    found = kernel("sobel:45")
    assert found.weights == ((0, 1, 2), (-1, 0, 1), (-2, -1, 0))
    assert "Paper at the lower left and ink at the upper right" in found.high


@given(
    st.sampled_from([each.name for each in CATALOGUE.values() if each.size == 3 and each.name != "unsharp"]),
    st.integers(-8, 8),
)
def test_turning_keeps_the_weights(name: str, steps: int) -> None:
    """Eight steps are a full turn, and a quarter turn is numpy's."""
    found = kernel(f"{name}:{45 * steps}")
    assert sorted(np.ravel(found.array)) == sorted(np.ravel(CATALOGUE[name].array))
    if steps % 2 == 0:
        assert np.array_equal(found.array, np.rot90(CATALOGUE[name].array, steps // 2))


@given(st.sampled_from(["motion", "motion5", "motion7"]), st.integers(-360, 360))
def test_a_line_adds_up_to_one(name: str, angle: int) -> None:
    """At every angle; it is the same turned by 180°, and its opposite ends are equal."""
    array = kernel(f"{name}:{angle}").array
    assert array.sum() == pytest.approx(1)
    assert np.allclose(array, array[::-1, ::-1])


@pytest.mark.parametrize(
    "text",
    [
        "1 2 1 2 4 2 1 2 1",
        "1,2,1,2,4,2,1,2,1",
        "1;2;1;2;4;2;1;2;1",
        "3x3: 1,2,1 2,4,2 1,2,1",
        "3×3:1 2 1;2 4 2;1 2 1",
        "1 2 1; 2 4 2; 1 2 1",
        "[[1,2,1],[2,4,2],[1,2,1]]",
    ],
)
def test_the_ways_to_write_nine_numbers(text: str) -> None:
    """In a row, one to a row, after their size, in three rows, in brackets."""
    assert kernel(text).weights == BLUR


@pytest.mark.parametrize(("count", "size"), [(4, 2), (16, 4), (25, 5), (36, 6), (49, 7)])
def test_as_many_numbers_as_a_square_has(count: int, size: int) -> None:
    """4 to 49 numbers in a row are a kernel of 2 to 7 rows; fractions count."""
    assert kernel(" ".join(["1/9"] * count)).size == size


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2 3 4 5", "5 numbers make no square: a kernel has 4, 9, 16, 25, 36 or 49"),
        ("3x2: 1 2 3 4 5 6", "A kernel is square: 3×2 is not."),
        ("3x3: 1 2 3", "3×3 are 9 numbers; I count 3."),
        ("9x9: 1", "9 rows are too many: a kernel has 1 to 7, as more cannot be read in a chat."),
        ("1 2 x 4", "Row 2: 'x' is not a number"),
        ("sobel:30", "turns by steps of 45°"),
        ("gaussian5:45", "Only 3×3 kernels are turned: gaussian5 has 5×5."),
        ("unsharp:45", "unsharp takes an amount, no angle: up to 10"),
        ("sobel:9999", "An angle runs from -360 to 360 degrees, not 9999."),
        ("blur | | outline", "Between two | stands a kernel"),
        ("blur|blur|blur|blur|blur", "5 kernels in a row are too many to show: 4 at most, or they get too small."),
    ],
)
def test_what_is_wrong_is_put_right(text: str, sentence: str) -> None:
    """The sentence says what would be right."""
    with pytest.raises(BadKernel) as caught:
        chain(text)
    assert sentence in str(caught.value)


def test_an_unknown_name_with_an_angle_is_answered_with_near_ones() -> None:
    """As without an angle."""
    with pytest.raises(UnknownKernel, match="The nearest: topedge"):
        kernel("topegde:45")


@given(st.lists(st.sampled_from(sorted(CATALOGUE)), min_size=1, max_size=4))
def test_a_chain_is_one_kernel(names: list[str]) -> None:
    """Whatever the stages, the equivalent kernel gives what they give one after the other."""
    found, last = chain(" | ".join(names)), images.image("3").astype(float)
    for each in found:
        last = convolve(last, each)
    assert np.allclose(convolve(images.image("3"), equivalent(found)), last)


def test_blur_then_outline() -> None:
    """The 5×5 kernel that does both: 20/16 in its middle, and a sum of 0."""
    both = equivalent(chain("blur | outline"))
    assert (both.size, both.weights[2][2], both.sum) == (5, 1.25, 0)


def test_dividing_normalising_and_flipping() -> None:
    """div=16 makes a blur of 1 2 1 …, so does normalise; flip turns topedge to −762 at (5, 7)."""
    raw = kernel("1 2 1 2 4 2 1 2 1")
    for made in (adjusted(raw, divisor=16), adjusted(raw, normalise=True)):
        assert made.weights == CATALOGUE["blur"].weights
    assert adjusted(CATALOGUE["topedge"], normalise=True).weights[2] == (1 / 6, 1 / 6, 1 / 6)
    flipped = adjusted(CATALOGUE["topedge"], flip=True)
    assert window(images.image("3"), flipped, 5, 7).sum == -762
    assert flipped.name == "topedge, flipped"
    assert adjusted(raw) is raw
    with pytest.raises(BadKernel, match="div=0 divides by zero"):
        adjusted(raw, divisor=0)
    with pytest.raises(BadKernel, match="cannot be normalised"):
        adjusted(kernel("0 0 0 0"), normalise=True)


@given(
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 3),
    mode=st.sampled_from(["zeros", "replicate", "reflect", "symmetric", "wrap"]),
    size=st.integers(1, 4),
)
def test_a_window_is_one_cell_of_the_map_however_it_walks(
    stride: int, padding: int, dilation: int, mode: str, size: int
) -> None:
    """With stride, padding, mode and dilation: every window is where the map has its sum, and slices agree."""
    picture = images.image("3")[3:14, 4:17]
    weights = np.arange(size * size).reshape(size, size) - 3
    steps = {"stride": stride, "padding": padding, "dilation": dilation}
    sums = convolve(picture, weights, mode=mode, **steps)
    before, spread = dilation * ((size - 1) // 2) - padding, dilation * (size - 1) + 1
    for row, col in product(*map(range, sums.shape)):
        here = window(picture, weights, before + row * stride, before + col * stride, mode=mode, **steps)
        assert here.sum == sums[row, col]
        assert here.rows == (row * stride - padding, row * stride - padding + spread)
        if here.rows[0] >= 0 and here.rows[1] <= 11 and here.cols[0] >= 0 and here.cols[1] <= 13:
            assert slice_window(picture, weights, here.rows, here.cols, mode=mode, **steps) == here


def test_a_place_that_is_passed_over_is_said() -> None:
    """With stride 2 the centres are 1, 3, 5 …; with padding they begin outside."""
    topedge, three = CATALOGUE["topedge"], images.image("3")
    with pytest.raises(
        OutsideImage, match="Row 4 is passed over: with stride 2 the centre's row is 1, 3 and so on"
    ):
        window(three, topedge, 4, 7, stride=2)
    with pytest.raises(OutsideImage, match="runs from -1 to 28"):
        window(three, topedge, -2, 7, padding=2)

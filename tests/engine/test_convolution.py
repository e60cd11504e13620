"""Convolution: the lecture's numbers, torch as the oracle, and windows that agree with the map."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import images, kernels
from engine.convolution import MODES, Window, convolve, slice_window, window
from engine.errors import InputError, OutsideImage
from engine.sizes import output_size
from tests.engine.lecture import ROWS

TOPEDGE = kernels.find("topedge")
THREE = images.image("3")


@pytest.mark.parametrize(
    ("name", "high", "low"),
    [
        ("identity", 155, 153),
        ("topedge", 762, -29),
        ("bottomedge", -762, 29),
        ("verticaledge", 104, -755),
        ("leftedge", 13, -474),
        ("diag1", 267, 71),
        ("diag2", 163, 332),
        ("topsobel", -1016, 51),
        ("bottomsobel", 1016, -51),
        ("leftsobel", -208, 1009),
        ("rightsobel", 208, -1009),
        ("outline", 90, 341),
        ("laplacian4", 22, -230),
        ("laplacian8", -90, -341),
        ("sharpen", 133, 383),
        ("emboss", 1021, -631),
        ("boxblur", 145, 115.1),
        ("blur", 150.75, 117.3),
    ],
)
def test_the_lectures_two_windows(name: str, high: float, low: float) -> None:
    """Every kernel gives the sums that a learner can work out from the printed pixels, at (5, 7) and (8, 18)."""
    kernel = kernels.find(name)
    assert window(ROWS, kernel, 5, 7).sum == pytest.approx(high, abs=0.05)
    assert window(ROWS, kernel, 8, 18).sum == pytest.approx(low, abs=0.05)


def test_where_the_lectures_map_is_highest_and_lowest() -> None:
    """On the printed rows topedge is 762 at (5, 5) to (5, 13), and −762 at (7, 9) to (7, 12) and (8, 5)."""
    sums = convolve(ROWS, TOPEDGE)
    high, low = ({(int(r) + 1, int(c) + 1) for r, c in np.argwhere(sums == value)} for value in (762, -762))
    assert (sums.max(), sums.min()) == (762, -762)
    assert high == {(5, col) for col in range(5, 14)}
    assert low == {*((7, col) for col in range(9, 13)), (8, 5)}


@pytest.mark.parametrize(("row", "col", "total"), [(5, 7, 762), (5, 8, 762), (4, 8, 583), (8, 18, -29), (1, 1, 0)])
def test_our_own_three_gives_the_same_sums(row: int, col: int, total: int) -> None:
    """Our drawing agrees with the lecture wherever the lecture reads out a sum."""
    assert window(THREE, TOPEDGE, row, col).sum == total
    assert convolve(THREE, TOPEDGE)[row - 1, col - 1] == total


def test_true_convolution_turns_the_sign() -> None:
    """With the kernel flipped, (5, 7) gives −762."""
    assert window(THREE, TOPEDGE.flipped, 5, 7).sum == -762


MODE_OF_TORCH = {
    "zeros": "constant",
    "replicate": "replicate",
    "reflect": "reflect",
    "mirror": "reflect",
    "wrap": "circular",
}


@settings(deadline=None)  # torch's first call takes its time
@given(
    sides=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    size=st.integers(1, 7),
    stride=st.integers(1, 3),
    padding=st.integers(0, 4),
    dilation=st.integers(1, 3),
    mode=st.sampled_from(sorted(MODE_OF_TORCH)),
    seed=st.integers(0, 2**32 - 1),
)
def test_torch_agrees(
    sides: tuple[int, int], size: int, stride: int, padding: int, dilation: int, mode: str, seed: int
) -> None:
    """Any size, stride, padding, mode and dilation: what torch computes we compute, what it refuses we refuse."""
    random = np.random.default_rng(seed)
    image, weights = random.integers(0, 256, sides), random.integers(-9, 10, (size, size))

    def theirs() -> NDArray[np.float64]:
        pixels = torch.tensor(image[np.newaxis, np.newaxis], dtype=torch.float64)  # (1, 1, H, W)
        framed = torch.nn.functional.pad(pixels, (padding,) * 4, mode=MODE_OF_TORCH[mode])
        kernel = torch.tensor(weights[np.newaxis, np.newaxis], dtype=torch.float64)  # (1, 1, k, k)
        return torch.nn.functional.conv2d(framed, kernel, stride=stride, dilation=dilation).numpy()[0, 0]

    try:
        expected = theirs()
    except RuntimeError:
        with pytest.raises(InputError):
            convolve(image, weights, stride=stride, padding=padding, mode=mode, dilation=dilation)
    else:
        sums = convolve(image, weights, stride=stride, padding=padding, mode=mode, dilation=dilation)
        assert np.array_equal(sums, expected)
        assert sums.shape == tuple(output_size(side, size, stride, padding, dilation) for side in sides)


MODE_OF_NUMPY: dict[str, Any] = {
    "zeros": "constant",
    "replicate": "edge",
    "reflect": "reflect",
    "mirror": "reflect",
    "symmetric": "symmetric",
    "wrap": "wrap",
}


@given(
    sides=st.tuples(st.integers(7, 12), st.integers(7, 12)),
    size=st.integers(1, 7),
    stride=st.integers(1, 3),
    padding=st.integers(0, 6),
    mode=st.sampled_from(sorted(MODE_OF_NUMPY)),
    seed=st.integers(0, 2**32 - 1),
)
def test_numpys_padding_and_torchs_sums_agree(
    sides: tuple[int, int], size: int, stride: int, padding: int, mode: str, seed: int
) -> None:
    """Every mode, `symmetric` as well, which torch has not: with wide frames, and on bytes."""
    assert MODE_OF_NUMPY.keys() == MODES.keys()
    random = np.random.default_rng(seed)
    image = random.integers(0, 256, sides, dtype=np.uint8)
    weights = random.integers(-9, 10, (size, size))
    framed = torch.tensor(np.pad(image, padding, mode=MODE_OF_NUMPY[mode])[np.newaxis, np.newaxis] * 1.0)
    kernel = torch.tensor(weights[np.newaxis, np.newaxis] * 1.0)
    expected = torch.nn.functional.conv2d(framed, kernel, stride=stride).numpy()[0, 0]
    assert np.array_equal(convolve(image, weights, stride=stride, padding=padding, mode=mode), expected)


SOURCE: dict[str, Callable[[int, int], int]] = {
    "replicate": lambda place, n: min(max(place, 0), n - 1),
    "reflect": lambda place, n: (n - 1) - abs((n - 1) - place % (2 * n - 2)),
    "mirror": lambda place, n: (n - 1) - abs((n - 1) - place % (2 * n - 2)),
    "symmetric": lambda place, n: min(place % (2 * n), 2 * n - 1 - place % (2 * n)),
    "wrap": lambda place, n: place % n,
}


@pytest.mark.parametrize("mode", SOURCE)
@given(sides=st.tuples(st.integers(7, 9), st.integers(7, 9)), padding=st.integers(0, 6))
def test_a_frame_holds_what_arithmetic_says(mode: str, sides: tuple[int, int], padding: int) -> None:
    """Which cell stands in each cell of the frame, counted without anybody's padding."""
    image = np.arange(sides[0] * sides[1]).reshape(sides)
    down, across = ([SOURCE[mode](place - padding, n) for place in range(n + 2 * padding)] for n in sides)
    assert np.array_equal(convolve(image, [[1]], padding=padding, mode=mode), image[down][:, across])


@given(
    sides=st.tuples(st.integers(7, 12), st.integers(7, 12)),
    size=st.integers(1, 7),
    seed=st.integers(0, 2**32 - 1),
)
def test_flipped_it_is_a_true_convolution(sides: tuple[int, int], size: int, seed: int) -> None:
    """As mathematics has it, which is how polynomials are multiplied: rows end to end, with room between them."""
    random = np.random.default_rng(seed)
    image, weights = random.integers(0, 256, sides), random.integers(-9, 10, (size, size))
    wide = sides[1] + size - 1
    flat = [np.pad(each, ((0, 0), (0, wide - each.shape[1]))).ravel() for each in (image, weights)]
    whole = np.resize(np.convolve(flat[0], flat[1]), ((sides[0] + size - 1), wide))
    text = ";".join(" ".join(map(str, row)) for row in weights.tolist())
    found = kernels.kernel(text if size > 1 else f"[[{text}]]")
    expected = whole[size - 1 : sides[0], size - 1 : sides[1]]
    for turned in (found.flipped, kernels.adjusted(found, flip=True)):
        assert np.array_equal(convolve(image, turned), expected)


@pytest.mark.parametrize("name", MODES)
def test_a_mode_does_what_its_example_shows(name: str) -> None:
    """The `a b c d` rows in MODES are what padding with two cells gives, in letters."""
    letters = {letter: place for place, letter in enumerate("0abcd")}
    row = np.array([[letters[letter] for letter in "abcd"]] * 4)
    sums = convolve(row, [[1]], padding=2, mode=name)
    shown = ["0abcd"[int(value)] for value in sums[3]]
    assert MODES[name].example == f"{' '.join(shown[:2])} | {' '.join(shown[2:6])} | {' '.join(shown[6:])}"


@pytest.mark.parametrize(
    ("n", "options", "size"),
    [
        (28, {"k": 3}, 26),
        (28, {"k": 3, "padding": 1}, 28),
        (28, {"k": 3, "padding": 1, "stride": 2}, 14),
        (14, {"k": 3, "padding": 1, "stride": 2}, 7),
        (7, {"k": 3, "padding": 1, "stride": 2}, 4),
        (4, {"k": 3, "padding": 1, "stride": 2}, 2),
        (2, {"k": 3, "padding": 1, "stride": 2}, 1),
        (5, {"k": 4, "padding": 2}, 6),
        (5, {"k": 3, "padding": 1, "stride": 2}, 3),
        (4, {"k": 3}, 2),
        (28, {"k": 5, "padding": 2, "stride": 2}, 14),
        (28, {"k": 3, "dilation": 2}, 24),
        (28, {"k": 3, "padding": 2, "dilation": 2}, 28),
        (28, {"k": 3, "stride": 2}, 13),
    ],
    ids=str,
)
def test_output_sizes(n: int, options: dict[str, int], size: int) -> None:
    """The check table: sizes are floored, so with stride 2 the last of 28 rows is never visited."""
    assert output_size(n, **options) == size


def test_pixels_never_wrap_around() -> None:
    """Bytes become floats first: 3 × 254 is 762, not 250."""
    assert THREE.dtype == np.uint8
    assert convolve(THREE, TOPEDGE).dtype == np.float64
    assert convolve(np.full((3, 3), 254, np.uint8), np.ones((3, 3), np.uint8)) == 9 * 254


@given(size=st.integers(1, 7), seed=st.integers(0, 2**32 - 1))
def test_a_window_is_one_cell_of_the_map(size: int, seed: int) -> None:
    """Window, slice and map agree everywhere; an even kernel is named by the cell before its middle."""
    random = np.random.default_rng(seed)
    image, weights = random.integers(0, 256, (9, 8)), random.integers(-9, 10, (size, size))
    sums = convolve(image, weights)
    for top, left in np.ndindex(sums.shape):
        here = window(image, weights, top + (size - 1) // 2, left + (size - 1) // 2)
        assert here.sum == sums[top, left]
        assert (here.rows, here.cols) == ((top, top + size), (left, left + size))
        assert slice_window(image, weights, here.rows, here.cols) == here


def test_the_window_of_the_lecture() -> None:
    """Rows 4:7 × columns 6:9 is the window around (5, 7), with its pixels and products in plain numbers."""
    here = slice_window(THREE, TOPEDGE, (4, 7), (6, 9))
    assert here == Window(
        row=5,
        col=7,
        rows=(4, 7),
        cols=(6, 9),
        pixels=((0, 0, 0), (142, 155, 246), (254, 254, 254)),
        products=((0, 0, 0), (0, 0, 0), (254, 254, 254)),
        sum=762,
    )
    assert "-0.0" not in repr(here)


@pytest.mark.parametrize(
    ("row", "col", "sentence"),
    [
        (27, 7, "Row 27 is outside: with a 3×3 kernel the centre's row runs from 1 to 26."),
        (0, 7, "Row 0 is outside"),
        (5, 27, "Column 27 is outside: with a 3×3 kernel the centre's column runs from 1 to 26."),
        (5, -1, "Column -1 is outside"),
    ],
)
def test_a_place_outside_is_answered_with_the_range(row: int, col: int, sentence: str) -> None:
    """The message says which number is wrong and from where to where it may run."""
    with pytest.raises(OutsideImage) as caught:
        window(THREE, TOPEDGE, row, col)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "cols", "sentence"),
    [
        ((4, 8), (6, 9), "rows=4:8 is 4 long: the kernel needs 3, as in rows=4:7."),
        ((4, 7), (9, 6), "cols=9:6 is 0 long: the kernel needs 3, as in cols=9:12."),
        ((26, 29), (6, 9), "rows=26:29 is outside: slices of 3 run from rows=0:3 to rows=25:28."),
        ((-3, 0), (6, 9), "rows=-3:0 is outside"),
    ],
)
def test_a_slice_that_does_not_fit_is_put_right(
    rows: tuple[int, int], cols: tuple[int, int], sentence: str
) -> None:
    """The message says what was wrong with the slice, and shows one that works."""
    with pytest.raises(OutsideImage) as caught:
        slice_window(THREE, TOPEDGE, rows, cols)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"stride": 0}, "stride 0 is too small: it starts at 1."),
        ({"padding": -1}, "padding -1 is too small: it starts at 0."),
        ({"dilation": 0}, "dilation 0 is too small: it starts at 1."),
        ({"padding": 65}, "padding 65 is too large: it ends at 64."),
        ({"padding": 28, "mode": "reflect"}, "padding 28 is too large: with mode reflect it ends at 27 here."),
        ({"padding": 29, "mode": "symmetric"}, "it ends at 28 here."),
        ({"mode": "mirrored"}, "I don't know the mode 'mirrored'. I have: zeros, replicate, reflect"),
        ({"dilation": 14}, "The kernel spans 29 cells and the picture only 28: it needs a padding of at least 1."),
    ],
    ids=str,
)
def test_an_option_that_cannot_be_is_put_right(options: dict[str, Any], sentence: str) -> None:
    """The message names the option and its limit."""
    with pytest.raises(InputError) as caught:
        convolve(THREE, TOPEDGE, **options)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("kernel", [[1, 2, 3], [[1, 2, 3]], [[]]], ids=["flat", "oblong", "empty"])
def test_what_is_not_a_square_is_not_a_kernel(kernel: list[float]) -> None:
    """A slip in a script is a ValueError with the shape in it."""
    with pytest.raises(ValueError, match=r"not \("):
        convolve(THREE, kernel)

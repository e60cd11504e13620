"""Our own drawn digits: they carry the lecture's pixels, and look like what they are."""

import numpy as np
import pytest

from engine import images, kernels
from engine.convolution import convolve
from engine.errors import UnknownImage
from tests.engine.lecture import ROWS


@pytest.mark.parametrize("name", images.NAMES)
def test_a_digit_is_a_small_picture_in_ink(name: str) -> None:
    """28×28 bytes, ink up to 254, paper all around, and shared: nobody can write on it."""
    picture = images.image(name)
    assert (picture.shape, picture.dtype, picture.max()) == ((28, 28), np.uint8, 254)
    assert not picture[:5].any()
    assert not picture[24:].any()
    assert not picture[:, :3].any()
    assert not picture[:, 21:].any()
    assert images.image(f" {name}") is picture or np.array_equal(images.image(f" {name}"), picture)
    with pytest.raises(ValueError, match="read-only"):
        picture[0, 0] = 1


def test_the_three_carries_the_pixels_that_are_read_out() -> None:
    """Nineteen pixels are the lecture's own."""
    three, lecture = images.image("3")[:10, :20], np.array(ROWS)
    pinned = [(slice(4, 7), slice(6, 9)), (slice(5, 6), slice(9, 10)), (slice(7, 10), slice(17, 20))]
    assert sum(three[place].size for place in pinned) == 19
    assert all(np.array_equal(three[place], lecture[place]) for place in pinned)


def test_the_three_looks_like_the_lectures() -> None:
    """Over the printed rows our drawing follows the lecture's (correlation above 0.95) without copying it."""
    three, lecture = images.image("3")[5:10, :20], np.array(ROWS)[5:]
    assert np.corrcoef(three.ravel(), lecture.ravel())[0, 1] > 0.95
    assert (three != lecture).sum() > 30


def test_762_is_the_most_there_is() -> None:
    """Three pixels of 254 make 762: nowhere in the 3 or the 7 does the top-edge map go beyond."""
    for name in images.NAMES:
        sums = convolve(images.image(name), kernels.find("topedge"))
        assert (sums.max(), sums.min()) == (762, -762)


def test_the_seven_has_one_long_bar_on_top() -> None:
    """Unlike the 3, the 7 has all its highest top edges in one bar."""
    rows, columns = np.nonzero(convolve(images.image("7"), kernels.find("topedge")) == 762)
    assert np.ptp(rows) <= 1
    assert np.ptp(columns) >= 8


def test_an_unknown_picture_is_answered_with_those_there_are() -> None:
    """The message names them."""
    with pytest.raises(UnknownImage, match=r"I don't know the picture '8'. I have: 3, 7."):
        images.image("8")

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
    """The message names them; a character that the face does not have is none."""
    for name in ("88", "", "letter:", "letter:AB", "?", "\u8a9e"):
        with pytest.raises(UnknownImage, match=r"I have: 3, 7, card, any letter or digit\."):
            images.image(name)


def test_a_letter_that_the_font_lacks_is_said_to_be_missing() -> None:
    """Which letter, and that it is the font's lack, not a misspelt name."""
    for name in ("\u6f22", "letter:\u6f22"):
        with pytest.raises(UnknownImage, match=r"My font has no \w\. I have: 3, 7"):
            images.image(name)


@pytest.mark.parametrize("name", ["A", "g", "8", "Ä", "Ω", "letter:3", "LETTER:7", " x "])
def test_any_letter_or_digit_is_a_picture(name: str) -> None:
    """28×28, ink up to 255, none of it cut off at the edge."""
    picture = images.image(name)
    assert (picture.shape, picture.dtype, picture.max()) == ((28, 28), np.uint8, 255)
    assert not picture[[0, -1]].any()
    assert not picture[:, [0, -1]].any()


def test_a_printed_digit_is_not_the_drawn_one() -> None:
    """`letter:3` is the 3 in print; a lone 3 stays the lecture's."""
    assert not np.array_equal(images.image("letter:3"), images.image("3"))


def test_the_test_card_has_every_colour_and_every_grey() -> None:
    """64×64; its bars are the eight corners of colour, its wedge runs from dark to light; grey is by luma."""
    colours, grey = images.colours("card"), images.image("Card")
    assert (colours.shape, grey.shape) == ((64, 64, 3), (64, 64))
    assert len({tuple(colour) for colour in colours[0].tolist()}) == 8
    assert (np.diff(grey[20].astype(int)) <= 0).all()
    assert (grey[0, 0], grey[0, 63], grey[0, 40]) == (0, 255, round(255 - 0.299 * 255))


def test_a_drawing_in_colour_is_the_same_three_times() -> None:
    """Paper is full light in red, green and blue."""
    colours = images.colours("3")
    assert np.array_equal(colours[..., 0], 255 - images.image("3"))
    assert (colours == colours[..., :1]).all()

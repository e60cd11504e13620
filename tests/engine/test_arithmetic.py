"""The lecture's sums, to the digit, and what cannot be summed."""

import numpy as np
import pytest

from engine.arithmetic import Arithmetic
from engine.errors import BadNumbers

SUMS = Arithmetic()


def rounded(values: object, places: int = 3) -> list[float]:
    """The values with so many decimals."""
    return np.round(np.array(values), places).tolist()


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("[0.98, 0.9, -0.9] [0.9, 0.8, -0.6]", 2.142),
        ("[-0.99, -0.3, 0.8] [0.9, 0.8, -0.6]", -1.611),
        ("0.98 0.9 −0.9 ; 0.9 0.8 −0.6", 2.142),
        ("[0.98,0.9,-0.9],[0.9,0.8,-0.6]", 2.142),
        ("(1 2) · (3 4)".replace("(", "[").replace(")", "]"), 11),
        ("1 2 vs 3 4", 11),
        ("[1e2] [.5]", 50),
    ],
    ids=["skywalker", "casablanca", "minus", "comma", "point", "vs", "exponent"],
)
def test_a_dot_product_is_the_books(text: str, total: float) -> None:
    """The book's two toys, and every way to write two vectors."""
    found = SUMS.dot(text)
    assert found.sum == pytest.approx(total)
    assert sum(found.products) == pytest.approx(total)


def test_the_lectures_distance() -> None:
    """Euclid 0.1414, cosine 0.99999; a vector of zeros has a distance, and no direction."""
    found = SUMS.distance("[1.7, 0.1, -1.9] [1.6, 0.1, -1.8]")
    assert round(found.euclidean, 4) == 0.1414
    assert found.cosine is not None
    assert round(found.cosine, 5) == 0.99999
    nothing = SUMS.distance("[0, 0] [3, 4]")
    assert (nothing.euclidean, nothing.cosine) == (5, None)


@pytest.mark.filterwarnings("error")
def test_a_sigmoid_far_out_warns_nobody() -> None:
    """A count of 0 lies two million deviations below these two: e to that is more than a number holds."""
    found = SUMS.likes("1000000 999999")
    assert found.curves["zscore"][0] == (0, 1)


def test_sigmoid_and_softmax_of_the_spreadsheet() -> None:
    """Of 2, 1 and 0.1: the sigmoids do not add up to 1, the softmaxes do; large numbers do not overflow."""
    found = SUMS.squashed("2 1 0.1")
    assert rounded(found.sigmoid, 4) == [0.8808, 0.7311, 0.5250]
    assert rounded(found.softmax, 4) == [0.6590, 0.2424, 0.0986]
    assert sum(found.softmax) == pytest.approx(1)
    with np.errstate(all="raise", under="ignore"):
        assert SUMS.squashed("1000000 -1000000").softmax == (1, 0)


def test_likes_become_stars_in_four_ways() -> None:
    """The lecture's 109, 5 and 50 likes, with their mean and standard deviation."""
    found = SUMS.likes("109 5 50")
    assert (round(found.mean, 3), round(found.deviation, 3)) == (54.667, 42.586)
    assert {name: rounded(stars) for name, stars in found.stars.items()} == {
        "sigmoid": [5.0, 4.973, 5.0],
        "zscore": [4.127, 1.95, 2.891],
        "log": [3.921, 1.812, 3.367],
        "rank": [4.333, 1.667, 3.0],
    }


@pytest.mark.parametrize("text", ["7", "0 0 0", "5 5", "5 5 5"])
def test_equal_counts_are_average(text: str) -> None:
    """Where nothing differs, every method that compares gives 3."""
    found = SUMS.likes(text)
    assert {round(stars, 6) for name in ("zscore", "log", "rank") for stars in found.stars[name]} == {3}


def test_the_curves_go_through_the_dots() -> None:
    """Along each curve stars never fall, and lie between 1 and 5."""
    for points in SUMS.likes("109 5 50").curves.values():
        stars = [y for _, y in points]
        assert stars == sorted(stars)
        assert 1 <= stars[0] <= stars[-1] <= 5


def test_king_minus_man_plus_woman() -> None:
    """(1, 8, 8) − (1, 7, 0) + (9, 7, 0) = (9, 8, 8), nearest to queen; the words of the sum are left out."""
    found = SUMS.analogy([(1, "king"), (-1, "Man"), (1, "woman")])
    assert found.sum == (9, 8, 8)
    assert found.nearest[0][0] == "queen"
    assert found.nearest[0][2] == (9, 7, 8)
    assert not {"king", "man", "woman"} & {word for word, _, _ in found.nearest}


def test_words_that_cancel_out_have_no_direction() -> None:
    """King − king is refused, and so is a word without a vector."""
    with pytest.raises(BadNumbers, match="no direction"):
        SUMS.analogy([(1, "king"), (-1, "king")])
    with pytest.raises(BadNumbers, match="Did you mean woman"):
        SUMS.analogy([(1, "king"), (1, "womn")])


@pytest.mark.parametrize(("text", "count"), [("20x30", 600), ("20 × 30", 600), ("(1665, 50)", 83_250), ("7", 7)])
def test_parameters_are_counted_and_drawn(text: str, count: int) -> None:
    """The lecture's 20 × 30 are 600 numbers around 0, spread by 0.01, and always the same."""
    found = SUMS.parameters(text)
    assert found.count == count
    assert found.spread == 0.01
    assert -0.06 < found.lowest <= found.mean <= found.highest < 0.06
    assert found == SUMS.parameters(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no numbers"),
        ("nan", "'nan' is not a number"),
        ("1 inf", "'inf' is not a number"),
        ("1 two", "'two' is not a number"),
        ("1e400", "out of range"),
        ("1_000", "is not a number"),
        ("٣", "is not a number"),
        (" ".join(["1"] * 13), "13 numbers are too many"),
    ],
)
def test_numbers_that_are_none_are_said(text: str, said: str) -> None:
    """Not a number, infinite, too many, none at all: a sentence with what would be right."""
    with pytest.raises(BadNumbers, match=said):
        SUMS.squashed(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no vector"),
        ("[1, 2]", "That is one vector"),
        ("[1] [2] [3]", "Those are 3 vectors"),
        ("[1, 2] [3]", "first vector has 2 numbers, the second 1 number"),
        ("[1, x] [3, 4]", "'x' is not a number"),
        ("[" + "1 " * 51 + "] [1]", "51 numbers are too many"),
    ],
)
def test_vectors_that_do_not_fit_are_said(text: str, said: str) -> None:
    """One vector, three, two of different lengths, something else among the numbers."""
    with pytest.raises(BadNumbers, match=said):
        SUMS.dot(text)


def test_counts_and_shapes_out_of_range_are_said() -> None:
    """Nobody has −5 likes; a table has sides, and an end."""
    with pytest.raises(BadNumbers, match="from 0 to"):
        SUMS.likes("-5 3")
    for text in ("x", "2x", "1x2x3", "-3", "2.5"):
        with pytest.raises(BadNumbers, match="written like 20x30"):
            SUMS.parameters(text)
    for text in ("0x5", "100001", "99999x99999", "999999999"):
        with pytest.raises(BadNumbers, match="10 million numbers at most"):
            SUMS.parameters(text)

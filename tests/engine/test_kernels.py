"""Kernels: the catalogue's promises, names however they are typed, and matrices written out by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import kernels, matrices
from engine.errors import BadKernel, UnknownKernel
from engine.kernels import CATALOGUE, Kernel
from engine.matrices import Matrix

SUMS = {
    **dict.fromkeys(("identity", "diag1", "diag2", "sharpen", "emboss", "boxblur", "blur", "gaussian5"), 1),
    **dict.fromkeys(("motionblur", "motiondiag", "unsharp"), 1),
}


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_kernel_says_what_it_is(name: str) -> None:
    """A kernel has a sentence on high values and a source; its sum is exactly 1 or 0."""
    kernel = CATALOGUE[name]
    assert kernel.high.endswith(".")
    assert kernel.source
    assert kernel.sum == SUMS.get(name, 0)
    assert kernel.array.shape == (kernel.size, kernel.size)


@pytest.mark.parametrize(
    "kernel", [kernel for kernel in CATALOGUE.values() if kernel.opposite], ids=lambda kernel: kernel.name
)
def test_an_opposite_is_the_kernel_with_its_signs_turned(kernel: Kernel) -> None:
    """Opposites name each other, and their weights add up to nothing everywhere."""
    opposite = CATALOGUE[kernel.opposite]
    assert opposite.opposite == kernel.name
    assert not (kernel.array + opposite.array).any()


def test_every_pair_of_opposites_is_known() -> None:
    """No two kernels are each other's negative without saying so."""
    for kernel in CATALOGUE.values():
        turned = [other.name for other in CATALOGUE.values() if np.array_equal(other.array, -kernel.array)]
        assert turned == ([kernel.opposite] if kernel.opposite else [])


def test_no_name_is_used_twice() -> None:
    """A name or alias, however it is spaced, means one kernel."""
    names = [name for kernel in CATALOGUE.values() for name in (kernel.name, *kernel.aliases)]
    plain = [name.replace(" ", "") for name in names]
    assert len(plain) == len(set(plain))
    assert all(kernels.find(name) for name in names)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("topedge", "topedge"),
        ("Top Edge", "topedge"),
        ("TOP-EDGE", "topedge"),
        ("top_edge", "topedge"),
        ("prewitt", "topedge"),
        ("Prewitt vertical", "verticaledge"),
        ("sobel x", "rightsobel"),
        ("Gaussian blur", "blur"),
        ("central difference", "centraldiff"),
        ("roberts", "roberts1"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, name: str) -> None:
    """Case, spaces, hyphens and underscores do not matter, and other traditions' names are known."""
    assert kernels.find(typed).name == name
    assert kernels.kernel(typed).name == name


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    """A slip of the finger and an ambiguous name both bring the kernels that were probably meant."""
    with pytest.raises(UnknownKernel, match=r"the kernel 'topege'\. The nearest: topedge"):
        kernels.find("topege")
    with pytest.raises(UnknownKernel) as caught:
        kernels.find("sobel")
    assert set(caught.value.near) == {"topsobel", "bottomsobel", "leftsobel", "rightsobel"}


@pytest.mark.parametrize(
    ("typed", "name", "stray"),
    [
        ("topedge filp", "topedge", "filp"),
        ("Top Edge filp", "Top Edge", "filp"),
        ("topedge rgb stride", "topedge", "rgb"),
        ("topedge A", "topedge", "A"),
        ("sobel:45 grayscale", "sobel:45", "grayscale"),
    ],
)
def test_what_stands_behind_a_kernel_is_named(typed: str, name: str, stray: str) -> None:
    """A name that is known, and a word behind it: the word is what is wrong, not the name."""
    with pytest.raises(UnknownKernel) as caught:
        kernels.kernel(typed)
    assert (caught.value.name, caught.value.stray) == (name, stray)
    assert str(caught.value) == f"I know the kernel {name!r}, but not {stray!r} behind it."


def test_a_slip_in_a_name_of_two_words_is_a_slip() -> None:
    """Of `gaussian blurr` the second word is no stray one, though there is a kernel called gaussian."""
    with pytest.raises(UnknownKernel, match=r"I don't know the kernel 'gaussian blurr'\. The nearest: blur"):
        kernels.kernel("gaussian blurr")


def test_a_sobel_needs_a_side() -> None:
    """`sobel` alone is none; those that there are are named, and an angle."""
    said = "There is no one sobel: take topsobel, bottomsobel, leftsobel, rightsobel, or one with an angle"
    with pytest.raises(UnknownKernel, match=said):
        kernels.kernel("sobel")


def test_lines_have_a_name_without_an_angle() -> None:
    """They lie along the row then; five and seven cells are in no catalogue."""
    assert kernels.kernel("motion7").weights[3] == (1 / 7,) * 7
    assert kernels.kernel("motion5").sum == 1
    assert kernels.kernel("Motion 3").naming == "The same weights as motionblur."


@pytest.mark.parametrize("amount", [0.5, 1, 2])
def test_unsharp_takes_an_amount(amount: float) -> None:
    """Unsharp = identity + a · (identity − blur), and it says so, with its a."""
    identity, blur = CATALOGUE["identity"].array, CATALOGUE["blur"].array
    made = kernels.kernel(f"unsharp:{amount}")
    assert np.allclose(made.array, identity + amount * (identity - blur))
    assert f"identity + a·(identity − blur) with a = {amount:g}" in made.naming


@pytest.mark.parametrize("typed", ["", "?", "x" * 5000, "x y " * 2000])
def test_any_word_is_answered_in_a_line(typed: str) -> None:
    """Nonsense brings names that work, and is not repeated at length."""
    with pytest.raises(UnknownKernel) as caught:
        kernels.find(typed)
    assert caught.value.near
    assert len(str(caught.value)) < 200


def test_the_two_naming_traditions_are_said_out_loud() -> None:
    """The book's top edge has the signs of setosa's bottom sobel, and each of them says so."""
    book, setosa = CATALOGUE["topedge"], CATALOGUE["bottomsobel"]
    assert np.array_equal(np.sign(book.array), np.sign(setosa.array))
    assert "setosa" in book.naming
    assert "top edge" in setosa.naming
    assert "left edge" in CATALOGUE["rightsobel"].naming


def test_the_books_left_edge_is_one_sided() -> None:
    """It is −1 1 0, not −1 0 1; the two diagonals add up to 1. Each says so."""
    assert CATALOGUE["leftedge"].weights[0] == (-1, 1, 0)
    assert "−1 1 0" in CATALOGUE["leftedge"].naming
    assert all("add up to 1" in CATALOGUE[name].naming for name in ("diag1", "diag2"))


def test_unsharp_is_the_picture_and_what_a_blur_takes_away() -> None:
    """Unsharp = identity + (identity − blur)."""
    identity, blur = CATALOGUE["identity"].array, CATALOGUE["blur"].array
    assert np.allclose(CATALOGUE["unsharp"].array, identity + (identity - blur))


@pytest.mark.parametrize(
    ("name", "separable"),
    [
        ("topedge", True),
        ("blur", True),
        ("gaussian5", True),
        ("rightsobel", True),
        ("outline", False),
        ("diag1", False),
    ],
)
def test_a_column_times_a_row(name: str, separable: bool) -> None:
    """Separable kernels are those of rank 1."""
    assert CATALOGUE[name].separable is separable


def test_flipping_topedge_turns_its_signs() -> None:
    """Turned by 180°, the top edge looks for bottom edges; an uneven kernel turns both ways."""
    topedge = CATALOGUE["topedge"]
    assert np.array_equal(topedge.flipped.array, -topedge.array)
    assert kernels.parse("1 2; 3 4").flipped.weights == ((4, 3), (2, 1))
    assert topedge.flipped.flipped.weights == topedge.weights


@pytest.mark.parametrize(
    ("total", "words"),
    [
        ("topedge", "flat areas vanish"),
        ("0 0; 0 0", "All weights are 0"),
        ("blur", "keep their brightness"),
        ("[[2.5]]", "by 2.5"),
    ],
)
def test_the_sum_is_explained(total: str, words: str) -> None:
    """What the sum of the weights does to a flat area is said in a sentence."""
    assert words in kernels.kernel(total).sum_means


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("[[-1,0,1],[-2,0,2],[-1,0,1]]", ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))),
        (" [ [ -1 , 0 ] ,\n [ .5 , +2. ] ] ", ((-1, 0), (0.5, 2))),
        ("-1 0 1; -2 0 2; -1 0 1", ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))),
        ("1,2;3,4;", ((1, 2), (3, 4))),
        ("[1 2; 3 4]", ((1, 2), (3, 4))),
        ("−1 –2; 3 4", ((-1, -2), (3, 4))),
        ("[[1/9]]", ((1 / 9,),)),
        ("[0,1,0,1,-4,1,0,1,0]", ((0, 1, 0), (1, -4, 1), (0, 1, 0))),
        ("[[-1. 0. 1.]\n [-2. 0. 2.]\n [-1. 0. 1.]]", ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))),
        ("tensor([[-1.,  0.],\n        [ 2.,  1e-3]])", ((-1, 0), (2, 0.001))),
        ("np.array([[1, 2], [3, 4]])", ((1, 2), (3, 4))),
        ("½ -¼; 1/-8 1e1", ((0.5, -0.25), (-0.125, 10))),
        ("-1/4 1; 0 3/1.5", ((-0.25, 1), (0, 2))),
        (";".join(["1 2 3 4 5 6 7"] * 7), ((1, 2, 3, 4, 5, 6, 7),) * 7),
    ],
    ids=[
        "brackets",
        "spaces",
        "rows",
        "commas",
        "matlab",
        "minus-signs",
        "one",
        "flat",
        "numpy",
        "torch",
        "array",
        "signs",
        "fractions",
        "seven",
    ],
)
def test_a_kernel_written_out_is_read(text: str, weights: Matrix) -> None:
    """Brackets or semicolons, commas or spaces, decimals or fractions, and the minus signs of phones."""
    assert kernels.kernel(text).weights == weights
    assert kernels.kernel(text).name == "custom"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2 3; 4 5; 7 8 9", "Row 2 has 2 numbers: a kernel of 3 rows needs 3 in every row."),
        ("[[1,2,3]]", "Row 1 has 3 numbers: a kernel of 1 row needs 1 in every row."),
        ("1 2;", "Row 1 has 2 numbers: a kernel of 1 row needs 1 in every row."),
        ("1 a; 3 4", "Row 1: 'a' is not a number. Write -1, 0.5 or 1/9, for example."),
        ("1 2; 3 1e5", "Row 2: '1e5' is too large"),
        ("1 nan; 3 4", "'nan' is not a number"),
        ("1 __import__('os'); 3 4", "is not a number"),
        ("1/0 2; 3 4", "Row 1: '1/0' divides by zero"),
        (
            "1 2; 3 1000.5",
            "Row 2: '1000.5' is too large. Weights run from -1000 to 1000: beyond, a sum says nothing",
        ),
        ("1 2; 3 -9/0.001", "Row 2: '-9/0.001' is too large"),
        (f"[[{'9' * 400}/{'9' * 400}]]", "is too large"),
        ("1½ 2; 3 4", "Row 1: '1½' is not a number"),
        ("0,5 1; 1 0,5", "A comma parts two numbers: one half is 0.5 or 1/2."),
        (" ".join(["1"] * 64), "8 rows are too many"),
        ("1 2 3", "or its rows are parted by ; on one line, as in -1 0 1; -2 0 2; -1 0 1."),
        ("[1,2,3]", "3 numbers make no square"),
        ("1 2 1 2 4 2 1 2 1 filp", "I know the kernel of these numbers, but not 'filp' behind them."),
        (";".join(["1"] * 8), "8 rows are too many: a kernel has 1 to 7, as more cannot be read in a chat."),
        ("[[1,2],[3,4]", "The brackets do not match. Write it as"),
        ("[1,2],[3,4]", "The brackets do not match"),
        ("[[1,2] x [3,4]]", "The brackets do not match"),
        ("[[]]", "The kernel is empty. Write it as [[-1,0,1],[-2,0,2],[-1,0,1]] or as -1 0 1; -2 0 2; -1 0 1."),
        (";", "The kernel is empty"),
        ("[", "The brackets do not match"),
    ],
)
def test_a_wrong_kernel_is_put_right(text: str, sentence: str) -> None:
    """The message names the row and says what would be right."""
    with pytest.raises(BadKernel) as caught:
        kernels.kernel(text)
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 200


@given(st.text(alphabet="[]();, -−+./0123456789ex\n", max_size=60))
def test_whatever_is_typed_is_a_kernel_or_a_sentence(text: str) -> None:
    """Any text of figures and brackets is read or refused, and what is read keeps to the limits."""
    try:
        kernel = kernels.kernel(text)
    except (BadKernel, UnknownKernel):
        return
    assert 1 <= kernel.size <= 7
    assert np.abs(kernel.array).max() <= 1000


@pytest.mark.parametrize(
    ("value", "text"),
    [(762.0, "762"), (-29, "−29"), (150.75, "150.75"), (115.1111, "115.11"), (-0.001, "0"), (1e6, "1000000")],
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    """No needless decimals, a true minus, and no negative zero."""
    assert matrices.written(value) == text


@pytest.mark.parametrize(
    ("weights", "texts", "divisor"),
    [
        ("1/16 1/8; 1/4 0", [["1", "2"], ["4", "0"]], 16),
        ("1/9", [["1"]], 9),
        ("-1 0; 2 1", [["−1", "0"], ["2", "1"]], 1),
        ("0.5 0.1; 1 1", [["0.5", "0.1"], ["1", "1"]], 1),
        ("0.123 0; 0 1", [["0.12", "0"], ["0", "1"]], 1),
    ],
)
def test_weights_are_written_over_a_common_divisor(weights: str, texts: list[list[str]], divisor: int) -> None:
    """A blur reads 1 2 1 ÷ 16; decimals that are short, or fit no small divisor, stay decimals."""
    assert matrices.whole(matrices.parse(weights)) == (texts, divisor)


@pytest.mark.parametrize(
    ("typed", "changes", "same"),
    [
        ("topedge", {"flip": True}, "bottomedge"),
        ("topedge", {"divisor": -1}, "bottomedge"),
        ("bottomsobel", {"flip": True}, "topsobel"),
        ("1 2 1 2 4 2 1 2 1", {"normalise": True}, "blur"),
        ("blur", {"flip": True}, "blur"),
    ],
)
def test_a_kernel_that_became_another_says_so(typed: str, changes: dict[str, Any], same: str) -> None:
    """Turned or divided, it is told as the one whose weights it has by now: that one's names, and its meaning."""
    made, known = kernels.adjusted(kernels.kernel(typed), **changes), CATALOGUE[same]
    assert made.naming == f"The same weights as {same}. {known.naming}".strip()
    assert made.high == known.high


@pytest.mark.parametrize(
    ("typed", "changes", "high", "naming"),
    [
        ("topedge", {"divisor": 2}, CATALOGUE["topedge"].high, CATALOGUE["topedge"].naming),
        ("diag1", {"divisor": 2}, CATALOGUE["diag1"].high, ""),
        ("leftedge", {"flip": True}, "", ""),
        ("motion:30", {"flip": True}, "Much ink along a line at 30°.", ""),
        ("0 0; 0 0", {"flip": True}, "", ""),
        ("verticaledge", {"flip": True}, "Paper at the right and ink at the left: an edge that way.", ""),
    ],
)
def test_a_changed_kernel_keeps_what_still_holds(
    typed: str, changes: dict[str, Any], high: str, naming: str
) -> None:
    """Divided, signs mean the same, but a sum of 1 is none any more; turned over, they do not."""
    made = kernels.adjusted(kernels.kernel(typed), **changes)
    assert (made.high, made.naming) == (high, naming)

"""The window in motion: the right places, the right sums, small and quick."""

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine import images, kernels, photos, plots
from engine.convolution import convolve
from engine.plots import scales, style
from engine.plots.pieces import RIGHT
from engine.plots.sliding import BELOW, PANEL, PRODUCTS, SIDE, TOP, Tiles
from engine.steps import MOST, places
from tests.engine.test_moving import frames
from tests.photos import file, noise

STEEP = ";".join(["1 2 3 4 3 2 1"] * 7)
SEVEN = ";".join(["1 -1 0 2.5 -3 40 -1000"] * 7)
CARD, MARK = scales.rgb(style.CARD), scales.rgb(style.MARK)


def data(kernel: str, image: str = "3", **steps: Any) -> dict[str, Any]:
    """What the drawing is given."""
    found = kernels.kernel(kernel)
    pixels = images.image(image).tolist()
    return {"pixels": pixels, "weights": found.weights, "kernel": found.name, "image": image, "steps": steps}


def marks(frame: NDArray[np.uint8], left: int) -> tuple[int, int]:
    """Where the mark begins in a picture of the frame: row and column, in pixels."""
    part = frame[TOP - 4 : TOP + SIDE + 4, left - 4 : left + SIDE + 4]
    rows, columns = np.nonzero((part == MARK).all(axis=2))
    return int(rows.min()) - 4, int(columns.min()) - 4


@pytest.mark.parametrize(
    "given",
    [
        data("topedge"),
        data("gaussian5", "A", stride=3, padding=2),
        data(SEVEN, "card", stride=2, padding=16, mode="wrap", dilation=3),
        data("[[1]]", "card"),
        data("[[0]]"),
        data("roberts", "7", stride=8),
        data("topedge") | {"pixels": [[1, 2], [3, 4]], "weights": [[1, 2], [3, 4]]},
        data("topedge") | {"pixels": photos.read(file(noise(224, 224), "PNG")).encoded},
    ],
    ids=["lecture", "five", "seven", "one", "zero", "two", "smallest", "noise"],
)
def test_a_film_is_short_and_small_and_the_same_again(given: dict[str, Any]) -> None:
    """At most 64 frames and 2 MB, one width, no taller than a forum shows, nothing in the margin."""
    made = plots.draw("slide", given)
    assert made == plots.draw("slide", given)
    assert len(made) < 2_000_000
    with Image.open(io.BytesIO(made)) as film:
        assert 1 <= getattr(film, "n_frames", 1) <= MOST
        assert film.width == style.WIDTH
        assert film.height <= style.TALLEST
        edge = np.array(film.convert("RGB"))
    edge[26:-26, 26:-26] = CARD
    assert (edge == CARD).all()


def test_every_place_of_a_small_output_is_shown_in_turn() -> None:
    """16 places: the mark walks by rows, cell after cell; nothing of the output is shown before its turn."""
    seen = frames(plots.draw("slide", data("topedge") | {"pixels": np.eye(6).tolist()}))
    assert len(seen) == 16
    for place, frame in enumerate(seen):
        row, col = divmod(place, 4)
        down, across = marks(frame, RIGHT - SIDE)
        assert abs(down - row * SIDE / 4) <= 3
        assert abs(across - col * SIDE / 4) <= 3
        later = frame[TOP + SIDE - 20, RIGHT - 20]
        assert (tuple(later) == CARD) == (place < 15)


def test_the_last_frame_has_the_whole_map_and_its_highest_place() -> None:
    """Of 676 places 61 are shown; in the end every cell has its sum's colour, and the mark is on 762."""
    seen = frames(plots.draw("slide", data("topedge")))
    sums = convolve(images.image("3"), kernels.find("topedge"))
    row, col = np.unravel_index(int(sums.argmax()), sums.shape)
    down, across = marks(seen[-1], RIGHT - SIDE)
    assert abs(down - row * SIDE / 26) <= 4
    assert abs(across - col * SIDE / 26) <= 4
    middles = [round((place + 0.5) * SIDE / 26) for place in range(26)]
    shown = np.array([[seen[-1][TOP + y, RIGHT - SIDE + x] for x in middles] for y in middles])
    colours = scales.signed(sums, 762)
    assert (shown == colours).all(axis=2).mean() > 0.98  # all but what the mark covers


def test_places_are_spread_where_something_is() -> None:
    """Empty rows and columns are passed over; small outputs are shown whole."""
    sums = convolve(images.image("3"), kernels.find("topedge"))
    some = places(sums)
    assert len(some) <= MOST
    assert all(np.abs(sums[row]).any() for row, _ in some)
    assert some[:-1] == sorted(some[:-1])
    assert places(np.zeros((8, 8))) == [(row, col) for row in range(8) for col in range(8)]
    assert len(places(np.zeros((100, 100)))) <= MOST


def test_it_is_a_gif_that_rests() -> None:
    """It plays three times and has no comment in it."""
    with Image.open(io.BytesIO(plots.draw("slide", data("blur")))) as film:
        assert (film.format, film.info["loop"]) == ("GIF", 2)
        assert "comment" not in film.info


@pytest.mark.parametrize(
    ("kernel", "divisor"),
    [(SEVEN, 1), (STEEP, 9), (STEEP, 0.9), ("gaussian5", 1), ("motion7:30", 1), ("boxblur", 1), ("topedge", 1)],
    ids=["thousands", "ninths", "large-ninths", "five", "motion", "thirds", "lecture"],
)
def test_numbers_stay_in_their_cells(kernel: str, divisor: float) -> None:
    """Beside the rules between the products, no cell has anything but its colour."""
    given = data(kernel)
    weights = np.array(given["weights"]) / divisor
    last = frames(plots.draw("slide", given | {"weights": weights.tolist()}))[-1]
    cell = PANEL // len(weights)
    for row, col in np.ndindex(weights.shape):
        top, left = BELOW + row * cell, PRODUCTS + col * cell
        for side in (left + 1, left + cell - 1):
            assert len(np.unique(last[top + 1 : top + cell, side], axis=0)) == 1, (row, col)


def test_large_cells_have_all_decimals_and_small_ones_are_rounded() -> None:
    """28.22 in a cell of a 3×3 kernel, 28 in one of a 7×7; none where no number could be read."""
    boxblur = Tiles(PANEL // 3, np.full((3, 3), 1 / 9))
    assert (boxblur.decimals, boxblur.rounded) == (2, False)
    ninths = Tiles(PANEL // 7, np.full((7, 7), 4 / 9))
    assert (ninths.decimals, ninths.rounded) == (0, True)
    one, other = (Tiles(PANEL // 7, np.full((7, 7), weight)).get(40.0, ink=False) for weight in (4 / 9, 1000))
    assert len(np.unique(one)) > len(np.unique(other)) == 2  # the colour and its rule

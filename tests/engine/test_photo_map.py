"""A photo beside what a kernel makes of it: the colours and places that the drawing promises."""

import io
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine import images, kernels, photos, plots
from engine.convolution import window
from engine.plots import scales, style
from engine.plots.photos import SIDE, TOP
from engine.plots.pieces import LEFT, RIGHT
from tests.photos import file, noise

CARD, WHITE = scales.rgb(style.CARD), scales.rgb("#FFFFFF")
LOWEST, HIGHEST = scales.rgb(scales.BELOW_STOPS[-1]), scales.rgb(scales.ABOVE_STOPS[-1])
BAND = np.repeat(np.array([0, 200, 0], dtype=np.uint8), 8)[:, np.newaxis].repeat(24, axis=1)  # ink in the middle
SMALLEST, LARGEST = np.array([[7]], dtype=np.uint8), photos.read(file(noise(224, 224), "PNG")).pixels


def data(pixels: NDArray[np.uint8], kernel: str, notes: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the drawing is given, by way of JSON."""
    found = kernels.kernel(kernel)
    given = {"photo": photos.encoded(pixels), "weights": found.weights, "kernel": found.name, "notes": notes}
    return json.loads(json.dumps(given))


def drawn(pixels: NDArray[np.uint8], kernel: str) -> NDArray[np.uint8]:
    """The picture's pixels, (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(plots.draw("photo_map", data(pixels, kernel)))).convert("RGB"))


def colour(picture: NDArray[np.uint8], row: int, col: int) -> tuple[int, ...]:
    """The colour of one place."""
    return tuple(picture[row, col].tolist())


@pytest.mark.parametrize("kernel", ["topedge", "blur", "emboss", "[[0]]", "[[-1]]", "gaussian5"])
@pytest.mark.parametrize(
    "pixels", [BAND, BAND.T, LARGEST, LARGEST[:, :10]], ids=["wide", "high", "large", "narrow"]
)
def test_a_picture_stays_within_its_margin_and_its_size(pixels: NDArray[np.uint8], kernel: str) -> None:
    """Whatever the shape and the kernel: the same bytes again, 150 kB at most, and nothing is cut off."""
    notes = ("Much ink nearby, the nearest counting most. " * 3,)
    png = plots.draw("photo_map", data(pixels, kernel, notes))
    assert plots.draw("photo_map", data(pixels, kernel, notes)) == png
    assert len(png) < 150_000
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).copy()
    assert picture.shape[1] == style.WIDTH
    margin = style.MARGIN - 10
    picture[margin:-margin, margin:-margin] = CARD
    assert (picture == CARD).all()


@pytest.mark.parametrize(
    ("steps", "marked"),
    [
        ({}, False),
        ({"stride": 8}, True),
        ({"stride": 3, "padding": 4}, True),
        ({"dilation": 2, "padding": 2}, True),
    ],
    ids=str,
)
def test_how_the_window_walks_is_drawn_on_the_picture(steps: dict[str, int], marked: bool) -> None:
    """Windows' middles, what none touches and the padding, on a photo and on a picture in colour."""
    mark = scales.rgb(style.MARK)
    photo = data(LARGEST, "topedge") | {"steps": steps}
    colour_data = {"colours": photos.encoded(images.colours("card")), "weights": photo["weights"], "steps": steps}
    for plot, given in (("photo_map", photo), ("channel_maps", colour_data)):
        picture = np.asarray(Image.open(io.BytesIO(plots.draw(plot, given))).convert("RGB"))
        assert bool((picture == mark).all(axis=2).any()) == marked, plot


def test_what_no_window_touches_is_hatched_on_a_photo() -> None:
    """With steps of 8 a kernel of 3 leaves five of eight columns out: marked, but for a dot in each window."""
    white = np.zeros((224, 224), dtype=np.uint8)
    png = plots.draw("photo_map", data(white, "topedge") | {"steps": {"stride": 8}})
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))[TOP : TOP + SIDE, LEFT : LEFT + SIDE]
    marked = (picture == scales.rgb(style.MARK)).all(axis=2)
    per_pixel = SIDE // 224
    window, beside = marked[: 3 * per_pixel, : 3 * per_pixel], marked[:, 3 * per_pixel : 8 * per_pixel]
    assert 0.25 < beside.mean() < 0.45  # three lines of nine
    assert window[per_pixel : 2 * per_pixel, per_pixel : 2 * per_pixel].any()
    assert not window[0, 0]


def test_edges_are_blue_and_orange_and_flat_is_white() -> None:
    """Where the band of ink begins is orange, where it ends is blue, each at its strongest; between, white."""
    picture, pixel = drawn(BAND, "topedge"), SIDE / 24  # the output's row r is the input's row r + 1
    left, middle = LEFT + SIDE // 2, RIGHT - SIDE // 2
    rows = [round(TOP + (row + 0.5) * pixel) for row in (3, 6.5, 11, 15, 20)]
    assert [colour(picture, row, middle) for row in rows] == [WHITE, HIGHEST, WHITE, LOWEST, WHITE]
    assert colour(picture, rows[0], left) == WHITE
    assert colour(picture, rows[2], left) == tuple(scales.ink(200).tolist())


def test_what_keeps_brightness_is_shown_as_a_picture() -> None:
    """A kernel of one weight, 2: the scale ends at 510, so 200 looks as it did; a negative one is blue."""
    place = (round(TOP + SIDE * 12 / 24), RIGHT - SIDE // 2)
    assert colour(drawn(BAND, "[[2]]"), *place) == tuple(scales.ink(200).tolist())
    assert colour(drawn(BAND, "[[-2]]"), *place) == LOWEST


def test_a_single_strong_pixel_does_not_make_the_rest_pale() -> None:
    """All steps but one are of 10, one is of 255: steps of 10 still have the strongest colour."""
    steps = np.tile(np.repeat(np.array([0, 10], dtype=np.uint8), 4), (64, 8))
    steps[30, 30] = 255
    picture = drawn(steps, "[[0,0,0],[0,-1,1],[0,0,0]]")[TOP : TOP + SIDE, RIGHT - SIDE : RIGHT]
    assert (picture == HIGHEST).all(axis=2).mean() > 0.1
    assert (picture == LOWEST).all(axis=2).mean() > 0.1


@pytest.mark.parametrize("pixels", [SMALLEST, LARGEST[:1], LARGEST[:, :2]], ids=["one", "row", "two-columns"])
def test_the_thinnest_pictures_can_be_drawn(pixels: NDArray[np.uint8]) -> None:
    """A single pixel, a single row, two columns."""
    assert drawn(pixels, "[[1]]").shape[1] == style.WIDTH


def test_a_window_shows_where_it_is_on_a_photo() -> None:
    """The thumbnail is the photo, from its text as from its numbers."""
    topedge = kernels.kernel("topedge")
    here = window(BAND, topedge, 8, 12)
    given = {"pixels": here.pixels, "weights": topedge.weights, "products": here.products, "total": here.sum}
    given |= {"row": 8, "col": 12}
    written = plots.draw("window", given | {"image": photos.encoded(BAND)})
    assert written == plots.draw("window", given | {"image": BAND.tolist()})

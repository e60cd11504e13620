"""The pictures: plain data in, a small and repeatable PNG out, with the colours and places they promise."""

import hashlib
import io
import json
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine import images, kernels, photos, plots
from engine.convolution import convolve, window
from engine.plots import pieces, scales, style
from tests.engine.charted import CHARTS
from tests.engine.drawings import DRAWINGS

CARD, WHITE, MARK = scales.rgb(style.CARD), (255, 255, 255), scales.rgb(style.MARK)
LOWEST, HIGHEST = scales.rgb(scales.BELOW_STOPS[-1]), scales.rgb(scales.ABOVE_STOPS[-1])
MOVING = {"slide", "learned"}  # films have tests of their own
LONG = "Very Long Engagement That Never Ends, Or: How I Learned to Stop Worrying and Love the $Bomb$ (1964)"


def of_window(kernel: str, row: int, col: int) -> tuple[str, dict[str, Any]]:
    """The data of a window on our 3."""
    found, three = kernels.kernel(kernel), images.image("3")
    here = window(three, found, row, col)
    data = {"pixels": here.pixels, "weights": found.weights, "products": here.products, "total": here.sum}
    return "window", data | {
        "row": row,
        "col": col,
        "image": three.tolist(),
        "kernel": found.name,
        "notes": [found.high],
    }


def of_map(kernel: str, digit: str = "3", scale: str = "sym", **options: Any) -> tuple[str, dict[str, Any]]:
    """The data of a whole map."""
    found, picture = kernels.kernel(kernel), images.image(digit)
    data = {
        "pixels": picture.tolist(),
        "weights": found.weights,
        "output": convolve(picture, found, **options).tolist(),
    }
    notes = [found.high, found.sum_means, found.naming]
    return "kernel_map", data | {"kernel": found.name, "image": digit, "scale": scale, "notes": notes}


def of_bars(*values: float, note: str = "") -> tuple[str, dict[str, Any]]:
    """The data of bars, one of them with an endless name."""
    labels = [LONG, *("Aliens (1986)" for _ in values[1:])]
    data = {"title": f"Closest to {LONG}", "labels": labels, "values": values, "value_label": LONG}
    return "bars", data | {"notes": [note] * len(values)}


ALL_KERNELS = [{"name": kernel.name, "weights": kernel.weights} for kernel in kernels.CATALOGUE.values()]
SEVEN_BY_SEVEN = ";".join(["1 -1 0 2.5 -3 40 -1000"] * 7)
LOSSES: list[dict[str, Any]] = [
    {"name": "wd=0 held back", "values": [0.93, 0.87, 0.89], "run": 0, "held": True},
    {"name": "wd=0 learnt from", "values": [1.3, 0.84, 0.293], "run": 0, "held": False},
    {"name": LONG, "values": [0.92, 0.86, 0.88], "run": 1, "held": True},
    {"name": "wd=0.1 learnt from", "values": [1.3, float("inf"), 0.49], "run": 1, "held": False},
]
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "window-lecture": of_window("topedge", 5, 7),
    "window-corner": of_window("topedge", 26, 26),
    "window-blur": of_window("blur", 5, 7),
    "window-two": of_window("roberts", 0, 0),
    "window-five": of_window("gaussian5", 8, 18),
    "window-seven": of_window(SEVEN_BY_SEVEN, 8, 8),
    "map-lecture": of_map("topedge"),
    "map-seven": of_map("emboss", "7"),
    "map-auto": of_map("emboss", scale="auto"),
    "map-clip": of_map("sharpen", scale="clip"),
    "map-abs": of_map("bottomsobel", scale="abs"),
    "map-relu": of_map("bottomsobel", scale="relu"),
    "map-stride": of_map("gaussian5", stride=2, padding=2),
    "map-large": of_map(SEVEN_BY_SEVEN, padding=20),
    "map-flat": of_map("[[0]]"),
    "catalogue": ("kernel_catalogue", {"kernels": ALL_KERNELS, "title": "Every kernel there is"}),
    "catalogue-few": ("kernel_catalogue", {"kernels": ALL_KERNELS[:4]}),
    "photo": (
        "photo_map",
        {"photo": photos.encoded(images.image("3")), "weights": [[0, -1], [1, 0]], "notes": [LONG]},
    ),
    "question": (
        "question",
        {
            "pixels": [[0, 0, 0], [142, 155, 246], [254, 254, 254]],
            "weights": kernels.kernel("topedge").weights,
            "row": 5,
            "col": 7,
            "image": images.image("3").tolist(),
            "kernel": "topedge",
            "asked": "Is the sum of the products positive, zero or negative?",
        },
    ),
    "numbers-all": ("numbers", {"pixels": images.image("3").tolist(), "title": LONG}),
    "numbers-few": ("numbers", {"pixels": [[0, 128], [254, 255]], "row": 26, "col": 26}),
    "bars-above": of_bars(0.734, 0.69, 0.5, note="295 ratings"),
    "bars-below": of_bars(-0.53, -0.391, note="mean 1.4 from 19 ratings"),
    "bars-both": of_bars(583, -120, 0, note=LONG),
    "losses": ("losses", {"title": LONG, "epochs": 3, "lines": LOSSES}),
    "losses-so-far": (
        "losses",
        {
            "title": "dot",
            "epochs": 20,
            "lines": [{"name": "held back", "values": [0.9], "run": 0, "held": True}],
            "marks": [{"name": "the book", "value": 0.9}],
        },
    ),
    "losses-one-epoch": ("losses", {"title": "dot", "epochs": 1, "lines": LOSSES[:2]}),
    "losses-none": ("losses", {"title": "dot", "epochs": 5, "lines": []}),
    "bars-ten": of_bars(*np.linspace(5, 4, 10).tolist()),
    **DRAWINGS,
    **CHARTS,
}


@cache
def png(name: str) -> bytes:
    """The picture, drawn once for all tests."""
    return plots.draw(*PICTURES[name])


def drawn(name: str) -> NDArray[np.uint8]:
    """The picture's pixels, (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(png(name))).convert("RGB"))


def places(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.intp]:
    """Where a colour is, (n, 2): row, column."""
    return np.argwhere((picture == colour).all(axis=2))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small_and_the_same_again(name: str) -> None:
    """One width, under 75,000 bytes, redrawn to the same bytes from its data as JSON, with no text chunk in it."""
    plot, data = PICTURES[name]
    assert plots.draw(plot, json.loads(json.dumps(data))) == png(name)
    assert len(png(name)) < 75_000
    with Image.open(io.BytesIO(png(name))) as picture:
        assert (picture.format, picture.width) == ("PNG", style.WIDTH)
        assert not picture.info


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_cut_off(name: str) -> None:
    """Around every picture runs a margin of plain card, however long its texts: no label leaves the canvas."""
    picture, margin = drawn(name), style.MARGIN - 10
    inside = picture[margin:-margin, margin:-margin]
    frame = np.ones(picture.shape[:2], dtype=bool)
    frame[margin:-margin, margin:-margin] = False
    assert (picture[frame] == CARD).all()
    assert (inside != CARD).any()


def test_another_process_draws_the_same_bytes() -> None:
    """Neither the hash seed nor the order of drawing leaves a trace."""
    program = (
        "import hashlib; from tests.engine.test_plots import PICTURES, png\n"
        "for name in reversed(PICTURES): print(name, hashlib.sha256(png(name)).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    theirs = dict(line.split() for line in run.stdout.splitlines())
    assert theirs == {name: hashlib.sha256(png(name)).hexdigest() for name in PICTURES}


def test_words_do_not_wait_for_pictures() -> None:
    """Naming the plots loads not even numpy; kernels and images load no Pillow; grids load no matplotlib."""
    program = """
import sys
from engine import plots
print(sorted({"numpy", "PIL", "matplotlib"} & set(sys.modules)), list(plots.PLOTS) and plots.VERSION)
from engine import convolution, images, kernels
images.image("3")
print(sorted({"PIL", "matplotlib"} & set(sys.modules)))
plots.draw("numbers", {"pixels": [[1]]})
print("matplotlib" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.splitlines() == [f"[] {style.VERSION}", "[]", "False"]


def test_the_list_of_plots() -> None:
    """Every plot of the list can be drawn and has a pattern for its alt text; no other exists."""
    assert {plot for plot, _ in PICTURES.values()} == set(plots.PLOTS) - MOVING
    assert len(plots.PLOTS) == len(list(plots.PLOTS))
    assert all("Alt text:" in (plots.PLOTS[plot].__doc__ or "") for plot in plots.PLOTS)
    assert plots.VERSION == style.VERSION >= 1
    with pytest.raises(KeyError):
        plots.draw("pie", {})


def test_zero_is_neutral() -> None:
    """Zero is white, equal distances from it are equally dark, and beyond the limit the colour stays."""
    scale = scales.signed([-900, -762, -381, 0, 381, 762, 900], 762).astype(int)
    assert tuple(scale[3]) == WHITE
    assert (tuple(scale[1]), tuple(scale[5])) == (LOWEST, HIGHEST)
    assert np.array_equal(scale[0], scale[1])
    grey = scale @ (0.2126, 0.7152, 0.0722)
    assert np.allclose(grey, grey[::-1], atol=16)
    assert (np.diff(grey[1:4]) > 0).all()
    assert np.array_equal(scales.signed([[0, 0]], 0), [[WHITE, WHITE]])


@pytest.mark.parametrize(
    "eye",
    [
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ],
    ids=["protanopia", "deuteranopia", "tritanopia"],
)
def test_the_signs_stay_apart_for_every_eye(eye: list[list[float]]) -> None:
    """To colour-blind eyes (Machado, Oliveira and Fernandes 2009) below and above zero still differ clearly."""
    values = np.array([0.3, 0.6, 1.0])
    below, above = (scales.signed(sign * values, 1) / 255 for sign in (-1, 1))
    seen = [(colours**2.2 @ np.array(eye).T).clip(0, 1) ** (1 / 2.2) for colours in (below, above)]
    assert (np.linalg.norm(seen[0] - seen[1], axis=1) > 0.2).all()


@pytest.mark.parametrize("value", range(0, 256, 5))
def test_numbers_can_be_read_on_their_ink(value: int) -> None:
    """The figure on a cell has a contrast (WCAG) of at least 4, in ink and in both signs."""

    def light(colour: Any) -> float:
        parts = np.asarray(colour) / 255
        return float(
            np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)
        )

    for cell in (scales.ink(value), scales.signed(value, 255), scales.signed(-value, 255)):
        one, other = sorted((light(cell), light(scales.rgb(scales.on(cell)))))
        assert (other + 0.05) / (one + 0.05) >= 4


def test_the_window_shows_where_it_is() -> None:
    """The mark in the small picture lies around rows 4 to 6 and columns 6 to 8; panels are coloured by sign."""
    picture = drawn("window-lecture")
    scale, rows, columns = 240 / 28, *np.ptp(places(picture, MARK), axis=0)
    assert abs(rows - 3 * scale) < 8
    assert abs(columns - 3 * scale) < 8
    top, left = places(picture, MARK).min(axis=0)
    below = picture.shape[0] - style.MARGIN - 240
    assert abs(top + 3 - (below + 4 * scale)) < 2
    assert abs(left + 3 - (style.MARGIN + 6 * scale)) < 2
    weights = picture[:, 362:640]
    assert places(weights, LOWEST)[:, 0].max() < places(weights, HIGHEST)[:, 0].min()


def test_the_map_shows_the_sums() -> None:
    """In the output every cell has its sum's colour: (5, 7) the highest, (7, 10) the lowest, the corner white."""
    plot, data = PICTURES["map-lecture"]
    picture, sums = drawn("map-lecture"), np.array(data["output"])
    left, top, side = style.WIDTH - style.MARGIN - 350, 140, 350
    middles = [(place + 0.5) * side / 26 for place in range(26)]
    seen = np.array([[picture[round(top + y), round(left + x)] for x in middles] for y in middles])
    assert np.abs(seen.astype(int) - scales.signed(sums, 762)).max() <= 8  # rare colours take the nearest
    assert tuple(seen[4, 6]) == HIGHEST
    assert (seen[sums == -762] == LOWEST).all()
    assert (seen[sums == 0] == WHITE).all()
    assert plot == "kernel_map"


def test_zero_is_in_the_middle_of_the_colour_bar() -> None:
    """Left of the middle the bar is blue, right of it orange, and the middle itself is white."""
    bar = drawn("map-lecture")[515, style.WIDTH - style.MARGIN - 350 : style.WIDTH - style.MARGIN].astype(int)
    assert (bar[174] == 255).all()
    assert (bar[:160, 2] > bar[:160, 0]).all()
    assert (bar[190:, 0] > bar[190:, 2]).all()


@pytest.mark.parametrize("name", ["map-auto", "map-clip", "map-abs", "map-relu"])
def test_the_other_scales_are_in_ink(name: str) -> None:
    """Away from the symmetric scale the output is grey; only `auto` draws zero as something other than paper."""
    output = drawn(name)[140:490, style.WIDTH - style.MARGIN - 350 : style.WIDTH - style.MARGIN]
    assert (np.ptp(output, axis=2) == 0).all()
    assert (tuple(output[0, 0]) == WHITE) is (name != "map-auto")


def test_numbers_stand_on_their_pixels() -> None:
    """The overlay has one cell per pixel, each in its ink; the zero is quiet."""
    picture, three = drawn("numbers-all"), images.image("3")
    cell, left, top = 31, (style.WIDTH + 40 - 28 * 31) // 2, 84 + 36
    corners = picture[top + 1 : top + 28 * cell : cell, left + 1 : left + 28 * cell : cell]
    assert np.array_equal(corners, scales.ink(three))
    zero = picture[top : top + cell, left : left + cell]
    assert zero.min() >= scales.rgb(style.RULE)[0]


@pytest.mark.parametrize("pixels", [[[0, 256]], [[-1]], [[0] * 41]], ids=["bright", "negative", "wide"])
def test_numbers_that_cannot_be_drawn_are_refused(pixels: list[list[int]]) -> None:
    """Nothing wraps around silently, and nothing is drawn too small to read."""
    with pytest.raises(ValueError, match="from 0 to 255, at most 40×40"):
        plots.draw("numbers", {"pixels": pixels})


def test_bars_grow_from_zero() -> None:
    """Positive bars are orange to the right of zero, negative ones blue to its left, by the same measure."""
    picture = drawn("bars-both")
    above, below = (places(picture, scales.rgb(colour)) for colour in (style.ABOVE, style.BELOW))
    assert below[:, 1].max() < above[:, 1].min()
    long, short = np.ptp(above[:, 1]), np.ptp(below[:, 1])
    assert long / short == pytest.approx(583 / 120, rel=0.02)


def test_a_text_that_is_too_long_ends_in_an_ellipsis() -> None:
    """What fits is left alone; what does not is shortened to what does, and lines break between words."""
    assert pieces.shortened("Aliens", 500) == "Aliens"
    short = pieces.shortened(LONG, 500)
    assert short.endswith("…")
    assert LONG.startswith(short.removesuffix("…"))
    assert 440 < pieces.measured(short) <= 500
    assert pieces.shortened(LONG, 0) == "…"
    assert " ".join(pieces.wrapped([LONG], 300)) == LONG
    assert all(pieces.measured(line) <= 300 for line in pieces.wrapped([LONG], 300))

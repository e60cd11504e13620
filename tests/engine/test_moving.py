"""Pictures that move: every frame is what was drawn, and the file is the same again."""

import io
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine import plots
from engine.plots import scales, style
from engine.plots.moving import PLAYS, gif

START = [[0.1, -0.2, 0.3], [0.0, 0.25, -0.1], [0.3, 0.05, -0.3]]
END = [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]


def frames(data: bytes) -> list[NDArray[np.uint8]]:
    """The frames as they are seen, (height, width, 3)."""
    image, seen = Image.open(io.BytesIO(data)), list[NDArray[np.uint8]]()
    for place in range(getattr(image, "n_frames", 1)):
        image.seek(place)
        seen.append(np.asarray(image.convert("RGB")))
    return seen


def still(colours: Sequence[Sequence[tuple[int, int, int]]]) -> Image.Image:
    """A little picture."""
    return Image.fromarray(np.array(colours, dtype=np.uint8))


@cache
def learned(kernels: int = 1) -> bytes:
    """Kernels on their way from START to END."""
    shares = [0, 0.2, 0.6, 1]
    moments = [
        {
            "step": step,
            "loss": 10.0 ** (-3 * share),
            "kernels": [((1 - share) * np.array(START) + share * np.array(END)).tolist()] * kernels,
        }
        for step, share in zip((0, 1, 20, 400), shares, strict=True)
    ]
    return plots.draw(
        "learned",
        {
            "title": "Kernels learn",
            "moments": moments,
            "before": ["diag1 0.50"] * kernels,
            "after": ["topedge 1.00"] * kernels,
            "wanted": END if kernels == 1 else None,
            "notes": ["A note."],
        },
    )


def test_each_frame_is_seen_as_it_was_drawn() -> None:
    """Also where a colour comes back, and where a frame is the same as the one before."""
    red, green, blue = (200, 0, 0), (0, 200, 0), (0, 0, 200)
    drawn = [
        still([[red, green], [blue, blue]]),
        still([[green, green], [blue, blue]]),
        still([[red, green], [blue, red]]),
        still([[red, green], [blue, red]]),
        still([[blue, red], [green, blue]]),
    ]
    data = gif(drawn, [100, 200, 300, 400, 500])
    image = Image.open(io.BytesIO(data))
    assert image.format == "GIF"
    assert image.info["loop"] == PLAYS - 1
    seen = frames(data)
    assert [frame.tolist() for frame in seen] == [np.asarray(each).tolist() for each in drawn]


def test_many_colours_take_the_nearest() -> None:
    """More than a palette holds: the commonest stay exact, no pixel is far from what it was."""
    x, y = np.meshgrid(np.arange(64), np.arange(64))
    ramp = np.stack([x * 4, y * 4, x * 0], axis=2).astype(np.uint8)
    ramp[:, :32] = (246, 246, 246)
    data = gif([Image.fromarray(ramp), Image.fromarray(ramp[::-1].copy())], [100, 100])
    first = frames(data)[0]
    assert (first[:, :32] == 246).all()


@pytest.mark.parametrize("kernels", [1, 4])
def test_kernels_learn_in_a_picture(kernels: int) -> None:
    """As wide as every picture, the same bytes again; the last frame has the strongest colours."""
    data = learned(kernels)
    learned.cache_clear()
    assert learned(kernels) == data
    assert len(data) <= 300_000
    seen = frames(data)
    assert len(seen) == 4
    assert {frame.shape[1] for frame in seen} == {style.WIDTH}
    assert max(frame.shape[0] for frame in seen) <= style.TALLEST
    lowest, highest = scales.rgb(scales.BELOW_STOPS[-1]), scales.rgb(scales.ABOVE_STOPS[-1])
    for colour in (lowest, highest):
        area = [int((frame == colour).all(axis=2).sum()) for frame in seen]
        assert area[-1] > area[0]


def test_what_changes_is_the_kernels_and_the_curve() -> None:
    """Title and notes stand still."""
    first, last = frames(learned(4))[0], frames(learned(4))[-1]
    moved = (first != last).any(axis=(1, 2))
    assert not moved[:100].any()
    assert not moved[-60:].any()
    assert moved[120:320].any()

"""Frames to a GIF: one palette for all of them, and of each frame only what is new in it."""

import io
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.plots import pieces

SAME = 255  # the palette's last place: as in the frame before
PLAYS = 3  # then it rests on its last frame: what moves for ever disturbs whoever reads beside it


def gif(frames: Sequence[Image.Image], milliseconds: Sequence[int]) -> bytes:
    """The frames, each shown for so long; without a date or a name: the same frames are the same bytes."""
    width, height = frames[0].size
    sheet = Image.new("RGB", (width, height * len(frames)))
    for place, frame in enumerate(frames):
        sheet.paste(frame, (0, place * height))
    paletted = pieces.paletted(sheet)
    palette = np.array(paletted.getpalette(), dtype=np.int32).reshape(-1, 3)  # the commonest colour first
    shown = np.asarray(paletted).reshape(len(frames), height, width)
    if len(palette) > SAME:  # the rarest colour gives up its place
        nearest = ((palette[:SAME] - palette[SAME]) ** 2).sum(axis=1).argmin()
        shown = np.where(shown == SAME, np.uint8(nearest), shown)
    return written(shown, palette.astype(np.uint8), milliseconds)


def written(shown: NDArray[np.uint8], palette: NDArray[np.uint8], milliseconds: Sequence[int]) -> bytes:
    """Frames (n, height, width) of places in a palette (up to 255, 3) to a GIF."""
    news = [shown[0], *(np.where(now == before, np.uint8(SAME), now) for before, now in pairwise(shown))]
    small: list[Image.Image] = []
    for frame in news:
        image = Image.fromarray(frame)
        image.putpalette(palette[:SAME].tobytes().ljust(3 * (SAME + 1), b"\0"))
        image.info["transparency"] = SAME
        small.append(image)
    buffer = io.BytesIO()
    small[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=small[1:],
        duration=list(milliseconds),
        loop=PLAYS - 1,
        disposal=1,
        transparency=SAME,
        optimize=False,
    )
    return buffer.getvalue()

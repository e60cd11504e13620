"""Any letter or digit as a small picture, set in DejaVu Sans, which comes with matplotlib."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.plots import style

SIDE = 28
NOWHERE = "\U0010fffe"  # a character that no face has: it is set as the box for what is missing
SIZE = 26  # type size: capitals are 19 pixels high, and a g still fits


@cache
def letter(character: str) -> NDArray[np.uint8] | None:
    """The character in ink, (28, 28), read-only; None where the face does not have it."""
    face = ImageFont.truetype(style.face(), SIZE, layout_engine=ImageFont.Layout.BASIC)
    pixels = _set(face, character)
    if np.array_equal(pixels, _set(face, NOWHERE)):
        return None
    pixels.setflags(write=False)
    return pixels


def _set(face: ImageFont.FreeTypeFont, character: str) -> NDArray[np.uint8]:
    """The character in the middle of its square."""
    image = Image.new("L", (SIDE, SIDE), 0)
    left, top, right, bottom = face.getbbox(character)
    place = ((SIDE - (right - left)) // 2 - left, (SIDE - (bottom - top)) // 2 - top)
    ImageDraw.Draw(image).text(place, character, 255, face)
    return np.array(image)

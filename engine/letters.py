"""Any letter or digit as a small picture, set in DejaVu Sans, which comes with matplotlib."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.plots import style

SIDE = 28
SIZE = 26  # type size: capitals are 19 pixels high, and a g still fits


@cache
def letter(character: str) -> NDArray[np.uint8] | None:
    """The character in ink, (28, 28), read-only; None where the face does not have it."""
    face = ImageFont.truetype(style.face(), SIZE, layout_engine=ImageFont.Layout.BASIC)
    image = Image.new("L", (SIDE, SIDE), 0)
    missing = bytes(face.getmask("\U0010fffe"))
    if bytes(face.getmask(character)) == missing:
        return None
    left, top, right, bottom = face.getbbox(character)
    place = ((SIDE - (right - left)) // 2 - left, (SIDE - (bottom - top)) // 2 - top)
    ImageDraw.Draw(image).text(place, character, 255, face)
    pixels = np.array(image)
    pixels.setflags(write=False)
    return pixels

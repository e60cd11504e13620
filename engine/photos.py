"""Pictures that people bring: read with care, turned to ink as our own drawings are, and made small.

A file from outside is hostile until read: only the formats named here are opened, and its size is looked at before
anything is unpacked. What is kept of it are grey pixels; its colours, place and camera are not.
"""

import base64
import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.errors import BadPhoto

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST_FILE = 8 * 1024 * 1024  # bytes
LARGEST = 8_000_000  # pixels: 32 MB unpacked
SIDE = 224  # what networks for photographs are fed with; drawn twice as large, two of them fill a card
COLOUR_SIDE = 128  # three channels side by side have 300 pixels each

# Pillow refuses twice as many by itself, from the header: WebP's decoder takes its memory before we could ask.
Image.MAX_IMAGE_PIXELS = LARGEST // 2

# What Pillow raises over damaged files, and only over those.
DAMAGE = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)

# One at a time: unpacked, a large one takes 100 MB, and Python's list of warnings is shared by all threads.
_ONE = Lock()


@dataclass(frozen=True, kw_only=True, eq=False)
class Photo:
    """A picture somebody brought: `pixels` (rows, columns) from 0, white, to 255, black, at most SIDE each way.

    `shape` is how many rows and columns there were, upright. `colours` (rows, columns, 3) is red, green and blue
    light, 255 is full, at most COLOUR_SIDE each way. `encoded` is what drawings take: see `encoded`.
    """

    pixels: NDArray[np.uint8]
    colours: NDArray[np.uint8]
    shape: tuple[int, int]

    @property
    def encoded(self) -> str:
        """The pixels as text."""
        return encoded(self.pixels)


def read(data: bytes) -> Photo:
    """The picture in a file: PNG, JPEG, WebP or the first frame of a GIF; BadPhoto says why it cannot be used.

    It is turned as its EXIF says, laid on white where it is transparent, and becomes grey by ITU-R 601 (0.299 red,
    0.587 green, 0.114 blue). A large one is made smaller: each pixel is the mean of those it stands for.
    """
    if len(data) > LARGEST_FILE:
        raise BadPhoto(
            f"The picture is too large a file: I take up to {LARGEST_FILE // 1024**2} MB, a good photo's size."
        )
    with _ONE, warnings.catch_warnings(action="ignore"):  # of what is odd in a file, nobody here can change
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                flat = _flat(_upright(image))
                grey, colours = flat.convert("L"), _colours(flat)
        except Image.DecompressionBombError as problem:
            raise BadPhoto(
                f"The picture has too many pixels: I take up to {LARGEST // 1_000_000} million, as in 3200×2500. "
                f"Unpacked, more need too much memory, and I show {SIDE}×{SIDE} of them."
            ) from problem
        except DAMAGE as problem:
            raise BadPhoto("I read pictures as PNG, JPEG, WebP or GIF: this is none, or is damaged.") from problem
        small = _small(grey, SIDE)
    pixels = 255 - np.asarray(small, dtype=np.uint8)
    pixels.setflags(write=False)
    return Photo(pixels=pixels, colours=colours, shape=(grey.height, grey.width))


def encoded(pixels: NDArray[np.uint8]) -> str:
    """Pixels as text that JSON can hold: base64 of a PNG, grey or in colour, without loss.

    That is what a drawing is given: it holds the pixels and nothing else of the file, and has 68,000 characters at
    most, where the sums written out would have ten times as many. Drawings work the sums out again.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def decoded(text: str) -> NDArray[np.uint8]:
    """The pixels that `encoded` wrote."""
    with Image.open(io.BytesIO(base64.b64decode(text)), formats=("PNG",)) as image:
        return np.asarray(image.convert("L"))


def decoded_colours(text: str) -> NDArray[np.uint8]:
    """The colours (rows, columns, 3) that `encoded` wrote."""
    with Image.open(io.BytesIO(base64.b64decode(text)), formats=("PNG",)) as image:
        return np.asarray(image.convert("RGB"))


def _upright(image: Image.Image) -> Image.Image:
    """The picture unpacked, and turned the way it is looked at, unless the note that says which way is damaged."""
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except DAMAGE:
        return image


def _colours(image: Image.Image) -> NDArray[np.uint8]:
    """Small, as numbers."""
    colours = np.array(_small(image, COLOUR_SIDE), dtype=np.uint8)
    colours.setflags(write=False)
    return colours


def _flat(image: Image.Image) -> Image.Image:
    """On white, in red, green and blue: of CMYK, Pillow makes grey in a way of its own."""
    if image.mode.startswith("I"):  # 16 bits: Pillow's own conversion would cut them off at 255
        values = np.asarray(image).astype(np.float64) / 257
        return Image.fromarray(np.rint(values.clip(0, 255)).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _small(image: Image.Image, side: int) -> Image.Image:
    """No larger than `side` each way, in the same shape."""
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX)

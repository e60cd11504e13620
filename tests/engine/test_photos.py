"""Pictures from outside: whatever Pillow can write is read rightly, and whatever is no picture is refused."""

import base64
import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine import InputError, photos
from engine.errors import BadPhoto
from tests.photos import file, noise

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
INK = {RED: 255 - 76, GREEN: 255 - 150, BLUE: 255 - 29, WHITE: 0}  # 255 − (0.299, 0.587 and 0.114 of 255)


def coloured(*rows: tuple[tuple[int, ...], ...], mode: str = "RGB") -> Image.Image:
    """A picture of those pixels."""
    image = Image.new(mode, (len(rows[0]), len(rows)))
    image.putdata([pixel for row in rows for pixel in row])
    return image


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds nearly nothing."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 99)),
    ]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def webp_bomb(side: int) -> bytes:
    """A WebP whose canvas is so large: its decoder takes the memory before it looks for pixels."""
    canvas = struct.pack("<I", side - 1)[:3] * 2
    chunk = b"VP8X" + struct.pack("<I", 10) + b"\x00\0\0\0" + canvas
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_colours_become_ink(kind: str) -> None:
    """Grey is 0.299 red, 0.587 green and 0.114 blue, and black is 255, as in our own drawings."""
    options = {"lossless": True} if kind == "WEBP" else {}
    photo = photos.read(file(coloured((RED, GREEN), (BLUE, WHITE)), kind, **options))
    assert photo.pixels.tolist() == [[INK[RED], INK[GREEN]], [INK[BLUE], INK[WHITE]]]
    assert photo.shape == (2, 2)
    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0, 0] = 1


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (0, 1)), (3, (1, 1)), (4, (1, 0)), (5, (0, 0)), (6, (0, 1)), (7, (1, 1)), (8, (1, 0))],
)
def test_a_camera_held_askew_is_set_right(orientation: int, corner: tuple[int, int]) -> None:
    """A JPEG of 16 rows and 32 columns, black in one corner, is turned as its EXIF says; so are its sides."""
    image = Image.new("RGB", (32, 16), "white")
    image.paste("black", (0, 0, 16, 8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "a maker"
    photo = photos.read(file(image, "JPEG", exif=exif, quality=95, subsampling=0))
    assert photo.shape == ((16, 32) if orientation < 5 else (32, 16))
    height, width = (side // 2 for side in photo.shape)
    quarters = photo.pixels.reshape(2, height, 2, width).mean(axis=(1, 3))
    assert np.unravel_index(quarters.argmax(), (2, 2)) == corner
    assert sorted(quarters.ravel().round(-1).tolist()) == [0, 0, 0, 260]


def test_what_is_transparent_lies_on_white() -> None:
    """Half-transparent black is half as dark; a colour below full transparency is not seen."""
    clear = coloured(((0, 0, 0, 255), (0, 0, 0, 128)), ((255, 0, 0, 0), (255, 0, 0, 255)), mode="RGBA")
    assert photos.read(file(clear, "PNG")).pixels.tolist() == [[255, 128], [0, INK[RED]]]
    palette = coloured((RED, GREEN)).quantize(2)
    index = palette.get_flattened_data()[0]
    assert photos.read(file(palette, "GIF", transparency=index)).pixels.tolist() == [[0, INK[GREEN]]]
    grey = Image.fromarray(np.array([[0, 100]], dtype=np.uint8))
    assert photos.read(file(grey, "PNG", transparency=0)).pixels.tolist() == [[0, 155]]


def test_a_film_is_its_first_frame() -> None:
    """Of an animated GIF or WebP, the first."""
    first, second = coloured((RED, WHITE)), coloured((WHITE, RED))
    for kind, options in (("GIF", {}), ("WEBP", {"lossless": True})):
        film = file(first, kind, save_all=True, append_images=[second], **options)
        assert photos.read(film).pixels.tolist() == [[INK[RED], 0]]


def test_print_colours() -> None:
    """A CMYK JPEG: black ink is black, no ink is white, and cyan is as light as cyan is on a screen."""
    for cmyk, ink in (((0, 0, 0, 255), 255), ((0, 0, 0, 0), 0), ((255, 0, 0, 0), 255 - 179)):
        pixels = photos.read(file(Image.new("CMYK", (16, 16), cmyk), "JPEG", quality=95)).pixels
        assert abs(pixels.astype(int) - ink).max() <= 2


def test_sixteen_bits() -> None:
    """65,535 is white and half of it is grey: nothing is cut off at 255."""
    deep = Image.fromarray(np.array([[0, 257, 256 * 128, 65535]], dtype=np.uint16))
    assert deep.mode == "I;16"
    assert photos.read(file(deep, "PNG")).pixels.tolist() == [[255, 254, 127, 0]]


def test_one_bit() -> None:
    """Black and white are that."""
    assert photos.read(file(Image.fromarray(np.array([[False, True]])), "PNG")).pixels.tolist() == [[255, 0]]


@pytest.mark.parametrize(
    ("shape", "small"),
    [
        ((1, 1), (1, 1)),
        ((224, 224), (224, 224)),
        ((225, 100), (224, 100)),
        ((2, 300), (1, 224)),
        ((300, 2), (224, 1)),
        ((1, 3000), (1, 224)),
        ((600, 800), (168, 224)),
    ],
)
def test_a_large_picture_is_made_smaller(shape: tuple[int, int], small: tuple[int, int]) -> None:
    """The longer side is 224 at most, the shape is kept, no side is lost, and nothing is made larger."""
    photo = photos.read(file(noise(*shape), "PNG"))
    assert (photo.shape, photo.pixels.shape) == (shape, small)


def test_a_smaller_pixel_is_the_mean_of_those_it_stands_for() -> None:
    """448 columns become 224: every second pixel black, every second white, makes an even grey."""
    stripes = np.tile(np.array([0, 255], dtype=np.uint8), (448, 224))
    assert set(photos.read(file(Image.fromarray(stripes), "PNG")).pixels.ravel().tolist()) <= {127, 128}


OTHERS = {
    "empty": b"",
    "text": b"just text, in a file called picture.png",
    "signature": b"\x89PNG\r\n\x1a\n",
    "pdf": b"%PDF-1.7\n",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    **{f"cut {kind}": file(noise(40, 40), kind)[:500] for kind in photos.FORMATS},
    **{kind: file(noise(40, 40), kind) for kind in ("BMP", "TIFF", "ICO", "EPS")},
}


@pytest.mark.parametrize("data", OTHERS.values(), ids=list(OTHERS))
def test_what_is_no_picture_is_refused_with_what_would_be_one(data: bytes) -> None:
    """Text, cut files and formats that nobody asked for: one sentence, which names the four."""
    with pytest.raises(InputError, match=r"PNG, JPEG, WebP or GIF"):
        photos.read(data)


@pytest.mark.parametrize(
    "data",
    [bomb(50_000, 50_000), bomb(10_000, 9_000), bomb(4_000, 2_001), webp_bomb(16_384), webp_bomb(3_000)],
    ids=["huge", "large", "too-large", "webp-huge", "webp-large"],
)
def test_a_bomb_is_refused_by_its_header(data: bytes) -> None:
    """The number of pixels is looked at before any is unpacked."""
    with pytest.raises(BadPhoto, match=r"up to 8 million"):
        photos.read(data)


def test_eight_million_pixels_are_not_too_many() -> None:
    """As many as we say."""
    assert photos.read(file(Image.new("1", (4000, 2000)), "PNG")).pixels.shape == (112, 224)


def test_a_heavy_file_is_not_even_opened() -> None:
    """More than 8 MB, whatever it holds."""
    small = file(noise(4, 4), "PNG")
    assert photos.read(small.ljust(photos.LARGEST_FILE, b"\0")).shape == (4, 4)
    with pytest.raises(BadPhoto, match=r"up to 8 MB"):
        photos.read(small.ljust(photos.LARGEST_FILE + 1, b"\0"))


def test_a_damaged_note_does_not_spoil_a_picture() -> None:
    """EXIF that is none is passed over."""
    photo = photos.read(file(noise(16, 16), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40))
    assert photo.shape == (16, 16)


SAMPLES = [
    file(noise(9, 14), "PNG"),
    file(noise(9, 14).quantize(8), "PNG", transparency=1),
    file(noise(9, 14), "JPEG"),
    file(
        noise(9, 14),
        "JPEG",
        progressive=True,
        exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0",
    ),
    file(noise(9, 14), "WEBP"),
    file(noise(9, 14), "GIF"),
]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_damage_is_met_by_a_picture_or_a_sentence(sample: bytes, draw: st.DataObject) -> None:
    """Whatever bytes are changed, it is read, or refused as theirs: it is never an error of ours."""
    damaged = bytearray(sample)
    place = st.integers(0, len(sample) - 1)
    for at, byte in draw.draw(st.lists(st.tuples(place, st.integers(0, 255)), min_size=1, max_size=6)):
        damaged[at] = byte
    try:
        photo = photos.read(bytes(damaged[: draw.draw(st.integers(len(sample) // 2, len(sample)))]))
    except BadPhoto:
        return
    assert max(photo.pixels.shape) <= photos.SIDE


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 224), (224, 224)])
def test_pixels_travel_as_a_short_text(rows: int, columns: int) -> None:
    """They come back as they were, in 68,000 characters at most, even where they are noise."""
    photo = photos.read(file(noise(rows, columns), "PNG"))
    assert np.array_equal(photos.decoded(photo.encoded), photo.pixels)
    assert len(photo.encoded) <= 68_000


def test_nothing_but_pixels_is_kept() -> None:
    """What the file said of its maker and its place does not travel along."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    data = file(noise(8, 8), "JPEG", exif=exif, comment=b"SECRETCOMMENT")
    assert data.count(b"SECRET") == 2
    travels = base64.b64decode(photos.read(data).encoded)
    with Image.open(io.BytesIO(travels)) as kept:
        info: dict[Any, Any] = kept.info
        assert (kept.mode, info) == ("L", {})
    assert b"SECRET" not in travels


def test_colours_are_kept_apart_from_the_ink() -> None:
    """Red, green and blue light as in the file, white where it is transparent, at most 128 each way, read-only."""
    photo = photos.read(file(coloured((RED, GREEN), (BLUE, WHITE)), "PNG"))
    assert photo.colours.tolist() == [[list(RED), list(GREEN)], [list(BLUE), list(WHITE)]]
    clear = coloured(((9, 9, 9, 0), (9, 8, 7, 255)), mode="RGBA")
    assert photos.read(file(clear, "PNG")).colours.tolist() == [[[255, 255, 255], [9, 8, 7]]]
    large = photos.read(file(noise(300, 600), "PNG"))
    assert (large.colours.shape, large.pixels.shape) == ((64, 128, 3), (112, 224))
    assert np.array_equal(photos.decoded_colours(photos.encoded(large.colours)), large.colours)
    with pytest.raises(ValueError, match="read-only"):
        photo.colours[0, 0] = 1

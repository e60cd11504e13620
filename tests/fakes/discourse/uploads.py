"""Uploads: equal bytes are one file; pictures are measured, bounded, and large PNGs may come back as JPEGs."""

import hashlib
import io
import struct

from PIL import Image, UnidentifiedImageError

from tests.fakes.discourse import shapes
from tests.fakes.discourse.routing import Answer, Call, route
from tests.fakes.discourse.state import State, missing
from tests.fakes.discourse.values import Problem, Upload

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PNG = b"\x89PNG\r\n\x1a\n"
PICTURES = ("png", "jpg", "jpeg", "gif", "webp", "heic", "heif")
CONVERT = 75_000
"""A PNG smaller than this stays one; a JPEG has to save as much."""
PURPOSES = ("avatar", "profile_background", "card_background", "custom_emoji", "composer")


@route("POST", "/uploads", "uploads/create")
def create(call: Call) -> Answer:
    """Take a file in."""
    call.member()
    purpose = call.params.text("upload_type") or call.params.text("type")
    if purpose is None:
        raise Problem(400, "param is missing or the value is empty: upload_type", kind="invalid_parameters")
    if purpose not in PURPOSES:
        raise Problem(
            400, "You supplied invalid parameters to the request: upload_type", kind="invalid_parameters"
        )
    file = call.params.file("file")
    if file is None:
        raise Problem(400, "param is missing or the value is empty: file", kind="invalid_parameters")
    return Answer(body=shapes.upload(call.state, store(call.state, file.name, file.data)))


def store(state: State, name: str, data: bytes) -> Upload:
    """The upload of these bytes, as it was the first time."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    allowed = state.settings["authorized_extensions"].split("|")
    if extension not in allowed and "*" not in allowed:
        raise Problem(
            422,
            f"Sorry, that kind of file is not authorized (authorized extensions: {', '.join(allowed)}).",
        )
    width = height = None
    if extension in PICTURES:
        width, height = _measured(data)
        if width * height > state.settings["max_image_megapixels"] * 1_000_000:
            raise Problem(422, "Sorry, the image you are trying to upload has too many pixels.")
        data, extension = _converted(state, data, extension)
        most = state.settings["max_image_size_kb"]
        if len(data) > most * 1024:
            raise Problem(422, f"Sorry, the file you are trying to upload is too big (maximum size is {most} KB).")
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    if sha1 not in state.uploads:
        state.uploads[sha1] = Upload(
            id=state.next_id("upload"),
            sha1=sha1,
            name=name,
            data=data,
            extension=extension,
            width=width,
            height=height,
            short=_base62(int(sha1, 16)),
        )
    return state.uploads[sha1]


def _measured(data: bytes) -> tuple[int, int]:
    """Width and height, from a PNG's own header or by decoding."""
    if data.startswith(PNG) and data[12:16] == b"IHDR" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.size
    except UnidentifiedImageError:
        raise Problem(
            422, "Sorry, we couldn't determine the size of the image. Maybe your image is corrupted?"
        ) from None


def _converted(state: State, data: bytes, extension: str) -> tuple[bytes, str]:
    """The picture as it will be kept: a big PNG becomes a JPEG where that is far smaller."""
    quality = state.settings["png_to_jpg_quality"]
    if extension != "png" or quality >= 100 or len(data) < CONVERT or not data.startswith(PNG):
        return data, extension
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        picture.convert("RGB").save(out, "JPEG", quality=quality)
    smaller = out.getvalue()
    if len(smaller) < 0.7 * len(data) and len(data) - len(smaller) > CONVERT:
        return smaller, "jpeg"
    return data, extension


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = LETTERS[digit] + digits
    return digits


@route("GET", "/uploads/short-url/{short:[0-9A-Za-z]+}.{kind:\\w+}", "uploads/show_short", plain=True)
def short(call: Call) -> Answer:
    """The file by the name that posts call it by: here, or wherever the forum keeps its files."""
    found = next((each for each in call.state.uploads.values() if each.short == call.text["short"]), None)
    if found is None:
        raise missing()
    if call.state.files_at:
        where = f"{call.state.files_at}/original/1X/{found.sha1}.{found.extension}"
        return Answer(status=302, kind="text/html", body="", headers={"Location": where})
    return Answer(body=found.data, kind=_kind(found))


@route("GET", "/uploads/default/original/1X/{sha1:[0-9a-f]+}.{kind:\\w+}", "uploads/show", plain=True)
def original(call: Call) -> Answer:
    """The file itself."""
    found = call.state.uploads.get(call.text["sha1"])
    if found is None:
        raise missing()
    return Answer(body=found.data, kind=_kind(found))


def _kind(upload: Upload) -> str:
    kind = {"jpg": "jpeg"}.get(upload.extension, upload.extension)
    return f"image/{kind}" if upload.extension in PICTURES else "application/octet-stream"

"""A zip of a reader's files, each unpacked when it is read. Nothing that a zip claims is believed."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO

from bot.errors import UserError
from bot.values import code, escape

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How one begins: with a file, or with its end where it is empty."""

Read = Callable[[], bytes]

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)
"""What the library raises where bytes are not what they should be."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others unpack all at once, whatever becomes of it."""


def packed(name: str, data: bytes, most: int) -> Mapping[str, Read]:
    """The files in a zip, by their paths. Of none are more bytes unpacked than `most`, and one that shows it."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _BROKEN as problem:
        raise UserError(f"{code(name)} is no zip that I can unpack ({escape(str(problem))}).") from problem
    inside = (each for each in archive.infolist() if each.filename and not each.is_dir())
    return {each.filename.replace("\\", "/"): partial(_unpacked, archive, each, most) for each in inside}


def _unpacked(archive: zipfile.ZipFile, each: zipfile.ZipInfo, most: int) -> bytes:
    try:
        if each.compress_type not in _METHODS:
            raise NotImplementedError("packed in a way that few programs know")
        with archive.open(each) as opened:
            return opened.read(most + 1)
    except _BROKEN as problem:
        said = escape(str(problem))
        raise UserError(f"{code(each.filename)} cannot be taken out of the zip ({said}).") from problem

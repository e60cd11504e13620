"""What a page sends as a person's post."""

import asyncio
import base64
import binascii
import json
import re
from typing import Any

from aiohttp import web

from bot.platforms.files import KINDS, MOST_BYTES, may_hold_questions
from bot.platforms.web.guard import Rejected
from bot.values import File, clean

PATIENCE = 10.0  # seconds for a post to arrive
FILE_PATIENCE = 60.0  # for one with a file
IMPORT = ["questionnaire", "import"]
"""The one command that takes a file."""
MAX_TEXT = 10_000  # signs in a person's post: a long essay, and what markdown-it reads in a third of a second
LONGEST_NAME = 255
MAX_PICTURE = 3 * 1024 * 1024  # bytes; the page makes them smaller, 900 pixels each way at most
PNG = b"\x89PNG\r\n\x1a\n"

_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
_LONGEST = MAX_PICTURE * 4 // 3 + 64 * 1024  # as base64, and the text
_LONGEST_FILED = MOST_BYTES * 4 // 3 + 64 * 1024


async def said(request: web.Request) -> tuple[str, str]:
    """The text and the key of a post sent to us."""
    return _said(_object(await _read(request)))


async def pictured(request: web.Request) -> tuple[str, str, bytes]:
    """The same of a post with a picture, and the picture."""
    try:
        data = _object(await _read(request.clone(client_max_size=_LONGEST)))
    except web.HTTPRequestEntityTooLarge:
        raise _too_large() from None
    text, key = _said(data)
    try:
        picture = base64.b64decode(data.get("picture", ""), validate=True)
    except (TypeError, ValueError, binascii.Error) as problem:
        raise Rejected(400, "A picture is sent as a PNG in base64.") from problem
    if not picture.startswith(PNG):
        raise Rejected(422, "A picture is sent as a PNG.")
    if len(picture) > MAX_PICTURE:
        raise _too_large()
    return text, key, picture


async def filed(request: web.Request, prefix: str) -> tuple[str, str, File]:
    """The same of a post with a file, and the file."""
    try:
        body = await _read(request.clone(client_max_size=_LONGEST_FILED), FILE_PATIENCE)
    except web.HTTPRequestEntityTooLarge:
        raise _file_too_large() from None
    return await asyncio.to_thread(_filed, body, prefix)  # so much JSON takes its time


def _filed(body: bytes, prefix: str) -> tuple[str, str, File]:
    data = _object(body)
    text, key = _said(data)
    try:
        name, file = data["file"]["name"], base64.b64decode(data["file"]["data"], validate=True)
    except (TypeError, LookupError, ValueError, binascii.Error) as problem:
        raise Rejected(400, "A file is sent with its name, in base64.") from problem
    if not isinstance(name, str) or not may_hold_questions(name) or len(name) > LONGEST_NAME:
        raise Rejected(422, f"I read questions from files that end in {', '.join(KINDS)}: this one does not.")
    if not any(_imports(line, prefix) for line in text.splitlines()):
        line = f"{prefix}{' '.join(IMPORT)}"
        raise Rejected(422, f"A file goes with {line} and with nothing else: write that, or remove the file.")
    if len(file) > MOST_BYTES:
        raise _file_too_large()
    return text, key, File(name=clean(name), data=file)


def _imports(line: str, prefix: str) -> bool:
    said = line.strip()
    return said.startswith(prefix) and said.removeprefix(prefix).casefold().split()[:2] == IMPORT


async def _read(request: web.BaseRequest, patience: float = PATIENCE) -> bytes:
    try:
        return await asyncio.wait_for(request.read(), patience)
    except TimeoutError:
        raise Rejected(408, "The post did not arrive in time.") from None
    except web.RequestPayloadError:
        raise Rejected(400, "The post could not be read: send it as plain JSON.") from None


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
        _ = data["text"], data["key"]
    except (ValueError, RecursionError, TypeError, LookupError) as problem:
        raise Rejected(400, 'A post is {"text": "…", "key": "…"}.') from problem
    return data


def _said(data: dict[str, Any]) -> tuple[str, str]:
    text, key = data["text"], data["key"]
    if not isinstance(text, str) or not isinstance(key, str) or not _KEY.fullmatch(key):
        raise Rejected(400, "A post has a text, and a key of 8 to 64 letters and digits that a retry repeats.")
    text = clean(text).strip("\n").rstrip()
    if not text:
        raise Rejected(422, "There is nothing in this post.")
    if len(text) > MAX_TEXT:
        raise Rejected(422, f"A post has at most {MAX_TEXT:,} signs; this one has {len(text):,}.")
    return text, key


def _too_large() -> Rejected:
    return Rejected(413, f"A picture has at most {MAX_PICTURE // 1024**2} MB.")


def _file_too_large() -> Rejected:
    return Rejected(413, f"A file has at most {MOST_BYTES // 1_000_000} MB.")

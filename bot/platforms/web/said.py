"""What a page sends as a person's post."""

import asyncio
import base64
import binascii
import json
import re
from typing import Any

from aiohttp import web

from bot.platforms.web.guard import Rejected
from bot.values import clean

PATIENCE = 10.0  # seconds for a post to arrive
MAX_TEXT = 10_000  # signs in a person's post: a long essay, and what markdown-it reads in a third of a second
MAX_PICTURE = 3 * 1024 * 1024  # bytes; the page makes them smaller, 900 pixels each way at most
PNG = b"\x89PNG\r\n\x1a\n"

_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
_LONGEST = MAX_PICTURE * 4 // 3 + 64 * 1024  # as base64, and the text


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


async def _read(request: web.BaseRequest) -> bytes:
    try:
        return await asyncio.wait_for(request.read(), PATIENCE)
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

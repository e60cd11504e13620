"""Addresses that programs call, and no browser: another server says there that something happened.

They share the thread's port and names, and nothing else of it: who calls proves it in its own way, which the door
itself knows. A browser is told from a program by the headers that no page can leave out or make up.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.platforms.web.guard import Rejected

MAX_BODY = 1024 * 1024  # what the longest call of a forum takes (`bot.platforms.discourse.hook`)
PATIENCE = 10.0  # seconds for that to arrive
TYPES = frozenset({"application/json", "application/x-www-form-urlencoded"})
"""What senders call their JSON."""

Door = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, str, bytes]]]
"""Takes a request's headers and body; its answer is a status, a content type and a body."""


def way_in(door: Door, patience: float = PATIENCE) -> Callable[[web.Request], Awaitable[web.Response]]:
    """What serves a door: it is handed what is short enough, arrived in time, and came from no browser."""

    async def answer(request: web.Request) -> web.Response:
        _check(request)
        status, kind, body = await door(request.headers, await _body(request, patience))
        return web.Response(status=status, headers={"Content-Type": kind}, body=body)

    return answer


def _check(request: web.Request) -> None:
    """Refuse what should not even be read."""
    if "Origin" in request.headers or any(name.lower().startswith("sec-fetch-") for name in request.headers):
        raise Rejected(403, "Browsers have no business here.")
    if request.content_type not in TYPES:
        raise Rejected(415, "This address takes application/json.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Rejected(415, "This address takes nothing compressed.")
    if (request.content_length or 0) > MAX_BODY:
        raise _too_long()


async def _body(request: web.Request, patience: float) -> bytes:
    # The application's own limit, which request.read() keeps to, is the one for posts of the thread.
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > MAX_BODY:
                    raise _too_long()
    except TimeoutError:
        raise Rejected(408, "The request did not arrive in time.") from None
    except web.RequestPayloadError:
        raise Rejected(400, "The request broke off.") from None
    return bytes(body)


def _too_long() -> Rejected:
    return Rejected(413, f"That is too long: at most {MAX_BODY // 1024} kB.")

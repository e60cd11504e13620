"""What a request must be before anything reads it, and what every answer carries.

A page on another site can make this browser send requests to 127.0.0.1, and a name that points there can make it
believe they are its own. Hence: the host by name, the origin of whatever changes something, JSON and nothing else.
"""

import logging
import secrets
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.errors import PlatformError

MAX_BODY = 64 * 1024  # a post has at most 10,000 signs, of up to four bytes each, six when escaped
ANY = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "study-group-bot",
}
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: f"That is too long: at most {MAX_BODY // 1024} kB.",
}
# Every kind that a slip of ours can have; what is not an Exception (a cancelled task) passes.
_SLIPS = (ArithmeticError, AttributeError, ImportError, LookupError, OSError, RuntimeError, TypeError, ValueError)

log = logging.getLogger(__name__)


class Rejected(Exception):
    """The request cannot be served: a status, and a sentence that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status, self.sentence = status, sentence
        super().__init__(sentence)


def guard(hosts: Collection[str], origins: Collection[str], doors: Collection[str] = ()) -> list[Middleware]:
    """The checks in their order. `hosts` and `origins` are read at each request: the port is known only late.

    `doors` are the addresses that check for themselves what changes something (`bot.platforms.web.doors`).
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Host", "").lower() not in hosts:
            raise Rejected(421, "The thread is not at this name. Set PUBLIC_URL to the address you use.")
        if request.method not in SAFE and request.path not in doors:
            _check_unsafe(request, origins)
        return await handler(request)

    return [_sentences, check]


async def protect(_request: web.Request, response: web.StreamResponse) -> None:
    """Put on every answer, errors and streams included, what browsers should hold back."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


def names(host: str, port: int, public_url: str) -> tuple[set[str], set[str]]:
    """The hosts by which this machine's browsers may call us, and the origins of our own page."""
    own = () if host in ANY else (f"[{host}]" if ":" in host else host,)
    local = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]", *own)}
    if port == 80:
        local |= {name.removesuffix(":80") for name in local}
    public = urlsplit(public_url)
    hosts = {name.lower() for name in local} | ({public.netloc.lower()} if public.netloc else set())
    origins = {f"http://{name}" for name in hosts}
    return hosts, origins | ({f"{public.scheme}://{public.netloc}".lower()} if public.netloc else set())


def _check_unsafe(request: web.Request, origins: Collection[str]) -> None:
    """Refuse what another site's page sends. Programs send neither header; browsers always send the first."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if site != "same-origin" or (origin is not None and origin.lower() not in origins):
        raise Rejected(403, "Only the thread's own page may write here.")
    if request.content_type != "application/json":
        raise Rejected(415, "Posts are sent as application/json.")


@web.middleware
async def _sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Make one JSON sentence of every error."""
    try:
        return await handler(request)
    except Rejected as problem:
        return _sentence(problem.status, problem.sentence)
    except web.HTTPException as problem:
        headers = {"Allow": problem.headers["Allow"]} if "Allow" in problem.headers else None
        return _sentence(problem.status, _SENTENCES.get(problem.status, f"{problem.reason}."), headers)
    except PlatformError:
        log.exception("%s %s could not be served", request.method, request.path)
        return _sentence(503, "The thread cannot be reached just now; trying again in a moment may help.")
    except ConnectionError:  # whoever asked has gone
        return _sentence(400, "The request broke off.")
    except _SLIPS:
        reference = secrets.token_hex(4)
        log.exception("%s %s failed", request.method, request.path, extra={"reference": reference})
        return _sentence(500, f"Something went wrong on the bot's side, not yours. It is logged as {reference}.")


def _sentence(status: int, sentence: str, headers: dict[str, Any] | None = None) -> web.Response:
    return web.json_response({"error": sentence}, status=status, headers=headers)

"""Long polling of the message bus, to the letter of what a real server was seen to send."""

import asyncio
import json
import re
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from tests.fakes.discourse import limits
from tests.fakes.discourse.door import identify
from tests.fakes.discourse.params import Params
from tests.fakes.discourse.state import State
from tests.fakes.discourse.values import Problem, Seen

PATH = re.compile(r"/message-bus/(?P<client>[\w-]+)/poll(\.json)?")
HEADERS = {
    "cache-control": "must-revalidate, private, max-age=0",
    "pragma": "no-cache",
    "expires": "0",
}
JSON = "application/json; charset=utf-8"
SEPARATOR = "\r\n|\r\n"


async def poll(
    state: State, request: web.Request, seen: Seen, params: Params, client: str, closing: asyncio.Event
) -> web.StreamResponse:
    """Answer a poll: at once when there is something to say or `dlp` asks for it, else later."""
    reader = _reader(state, seen)
    if reader is None and state.settings["login_required"]:
        seen.status = 403
        return web.Response(status=403, headers=HEADERS)
    wanted = _wanted(params)
    seen.status = 200
    at_once = seen.query.get("dlp") == "t" or state.poll_seconds <= 0
    chunked = not at_once and request.headers.get("Dont-Chunk") != "true" and request.version >= (1, 1)
    if chunked:
        return await _stream(state, request, wanted, reader, closing)
    answer = state.bus.answer(wanted, reader)
    if not answer and not at_once:
        answer = await _next(state, wanted, reader, closing, _deadline(state))
    return web.Response(text=json.dumps(answer, separators=(",", ":")), headers={**HEADERS, "Content-Type": JSON})


def _reader(state: State, seen: Seen) -> int | None:
    """Who polls. A scoped key, a wrong one and an empty budget make a stranger of them, without a word."""
    try:
        visitor = identify(state, seen)
        if visitor.key is not None:
            limits.api(state)
    except Problem:
        return None
    if visitor.user is None or visitor.key is None or visitor.key.scopes is not None:
        return None
    seen.user = visitor.user.username
    return visitor.user.id


def _wanted(params: Params) -> dict[str, int]:
    return {
        name: int(str(value))
        for name, value in params.values.items()
        if name.startswith("/") and re.fullmatch(r"-?\d+", str(value))
    }


def _deadline(state: State) -> float:
    return asyncio.get_running_loop().time() + state.poll_seconds


async def _next(
    state: State, wanted: dict[str, int], reader: int | None, closing: asyncio.Event, deadline: float
) -> list[dict[str, Any]]:
    """What comes next on the channels; nothing when the time is over first."""
    loop = asyncio.get_running_loop()
    with state.bus.waiting() as event:
        while not closing.is_set() and (left := deadline - loop.time()) > 0:
            answer = state.bus.answer(wanted, reader)
            if answer:
                return answer
            event.clear()
            try:
                await asyncio.wait_for(event.wait(), left)
            except TimeoutError:
                break
    return []


async def _stream(
    state: State, request: web.Request, wanted: dict[str, int], reader: int | None, closing: asyncio.Event
) -> web.StreamResponse:
    """Piece after piece until the time is over, the first at once."""
    headers = CIMultiDict[str](HEADERS)
    headers.add("Content-Type", JSON)
    headers.add("Content-Type", "text/plain; charset=utf-8")
    headers.add("X-Content-Type-Options", "nosniff")
    response = web.StreamResponse(headers=headers)
    response.enable_chunked_encoding()
    response.force_close()
    await response.prepare(request)
    deadline = _deadline(state)
    answer = state.bus.answer(wanted, reader)
    await _write(response, answer)
    while asyncio.get_running_loop().time() < deadline and not closing.is_set():
        _advance(state, wanted, answer)
        answer = await _next(state, wanted, reader, closing, deadline)
        await _write(response, answer)
    return response


def _advance(state: State, wanted: dict[str, int], answer: list[dict[str, Any]]) -> None:
    """A stream goes on behind what it has said."""
    for each in answer:
        if each["channel"] == "/__status":
            wanted.update(each["data"])
        else:
            wanted[each["channel"]] = each["message_id"]


async def _write(response: web.StreamResponse, answer: list[dict[str, Any]]) -> None:
    text = json.dumps(answer, separators=(",", ":")).replace(SEPARATOR, "\r\n||\r\n")
    await response.write(f"{text}{SEPARATOR}".encode())

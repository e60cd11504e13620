"""The fake forum as a server on this machine: HTTP in, HTTP out, and the ways in which both go wrong."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.fakes.discourse import limits, routes_bus
from tests.fakes.discourse.door import enter
from tests.fakes.discourse.faults import Fault, strike
from tests.fakes.discourse.params import File, Params, nested
from tests.fakes.discourse.routes_topics import run_timers
from tests.fakes.discourse.routing import Answer
from tests.fakes.discourse.state import State
from tests.fakes.discourse.trouble import instead
from tests.fakes.discourse.values import Seen

BIGGEST = 64 * 2**20


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where the forum answers; the port may be used again once it has stopped."""

    url: str
    port: int


@asynccontextmanager
async def serve(state: State, *, port: int = 0, prefix: str = "") -> AsyncGenerator[Server]:
    """Show the forum at `http://127.0.0.1:port/prefix` for as long as the block runs."""
    front = Front(state, prefix)
    app = web.Application(client_max_size=BIGGEST)
    app.router.add_route("*", "/{path:.*}", front.answer)
    app.on_response_prepare.append(front.date)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    bound: int = runner.addresses[0][1]
    state.url = f"http://127.0.0.1:{bound}{prefix}"
    try:
        yield Server(url=state.url, port=bound)
    finally:
        front.closing.set()
        state.bus.wake()
        await runner.cleanup()


class Front:
    """Reads requests, lets faults strike, writes answers."""

    def __init__(self, state: State, prefix: str) -> None:
        self.state, self.prefix, self.closing = state, prefix, asyncio.Event()

    async def date(self, request: web.Request, response: web.StreamResponse) -> None:
        """Date every answer by the forum's own clock."""
        response.headers["Date"] = format_datetime(self.state.now(), usegmt=True)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        seen, params = await self._read(request)
        self.state.requests.append(seen)
        if not request.path.startswith(f"{self.prefix}/"):
            return self._written(seen, Answer(status=404, body="<h1>Not Found</h1>", kind="text/html"))
        if refused := limits.address(self.state, request.remote or ""):
            headers = {"Retry-After": str(int(refused.wait)), "Discourse-Rate-Limit-Error-Code": refused.code}
            text = "Slow down, you're making too many requests.\n"
            return self._written(seen, Answer(status=429, body=text, kind="text/plain", headers=headers))
        run_timers(self.state)
        fault = strike(self.state.faults, seen.method, seen.path)
        seen.fault = fault.what if fault else ""
        if fault and not fault.commits:
            return await self._failed(request, seen, fault, None)
        if found := routes_bus.PATH.fullmatch(seen.path):
            return await routes_bus.poll(self.state, request, seen, params, found["client"], self.closing)
        answer = enter(self.state, seen, params, f"{request.scheme}://{request.host}{self.prefix}")
        return await self._failed(request, seen, fault, answer) if fault else self._written(seen, answer)

    async def _read(self, request: web.Request) -> tuple[Seen, Params]:
        query = nested(request.query.items())
        form, content = await _body(request)
        seen = Seen(
            method=request.method,
            path=request.path.removeprefix(self.prefix),
            query=query,
            form=form,
            json=content,
            headers=request.headers,
            at=self.state.now(),
        )
        return seen, Params({**query, **seen.body})

    async def _failed(
        self, request: web.Request, seen: Seen, fault: Fault, done: Answer | None
    ) -> web.StreamResponse:
        """The fault in the place of the answer."""
        if fault.what.startswith("hang"):
            await self.closing.wait()
        answer = instead(fault, done)
        if answer is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.what.startswith("truncated"):
            return await _half(request, answer)
        return self._written(seen, answer)

    def _written(self, seen: Seen, answer: Answer) -> web.Response:
        seen.status = answer.status
        if answer.kind == "application/json" and not isinstance(answer.body, bytes):
            text = "" if answer.body is None else json.dumps(answer.body, ensure_ascii=False)
            answer = replace(answer, body=text)
        body = answer.body if isinstance(answer.body, bytes) else str(answer.body).encode()
        kind = answer.kind if answer.kind.startswith("image/") else f"{answer.kind}; charset=utf-8"
        return web.Response(status=answer.status, body=body, headers={"Content-Type": kind, **answer.headers})


async def _half(request: web.Request, answer: Answer) -> web.StreamResponse:
    """The first half of the answer; then the connection is cut."""
    body = json.dumps(answer.body).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _body(request: web.Request) -> tuple[dict[str, Any] | None, Any]:
    """The body as a form, or as JSON; neither where there is none."""
    kind = request.content_type
    if kind == "multipart/form-data":
        return nested([(name, _field(value)) for name, value in (await request.post()).items()]), None
    data = await request.read()
    if not data:
        return None, None
    if kind == "application/json":
        return None, _json(data)
    return nested(parse_qsl(data.decode(errors="replace"), keep_blank_values=True)), None


def _field(value: Any) -> Any:
    if isinstance(value, web.FileField):
        with value.file as file:
            return File(name=value.filename, data=file.read())
    return value


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None

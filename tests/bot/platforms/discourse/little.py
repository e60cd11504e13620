"""A little forum: a real server that answers what a test says, and keeps what it was asked."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.platforms.discourse.http import LARGEST

KEY = "0123456789abcdef"
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request as it arrived. Header names are in small letters."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """What it carried, as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Say:
    """An answer: JSON, or text where there is some."""

    plain: Any = None
    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])

    async def __call__(self, _request: web.Request) -> web.StreamResponse:
        """Say it."""
        text = self.text if self.plain is None else json.dumps(self.plain)
        return web.Response(status=self.status, text=text, headers=self.headers)


async def hang(_request: web.Request) -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    raise AssertionError


async def reset(request: web.Request) -> web.StreamResponse:
    """Break the connection off."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


BROKEN: dict[str, Answering] = {
    "502": Say(status=502, text="<html>Bad Gateway</html>"),
    "no answer": hang,
    "a reset": reset,
    "no JSON": Say(text="<html>Sign in</html>"),
    "half of it": Say(text='{"id": '),
    "too deep": Say(text="[" * 100_000),
    "too much": Say(text="x" * (LARGEST + 1)),
}
"""Answers that are of no use, and leave open whether anything was done."""


class Little:
    """Answers one after the other, whatever is asked; the last one for ever."""

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[Seen] = []
        self._answers: deque[Answering] = deque()

    def says(self, *answers: Answering) -> None:
        """From now on answers these."""
        self._answers = deque(answers)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Note what is asked, and answer."""
        self.seen.append(
            Seen(
                method=request.method,
                path=request.path,
                query={name: request.query.getall(name) for name in request.query},
                headers={name.lower(): value for name, value in request.headers.items()},
                body=await request.read(),
            )
        )
        answer = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
        return await answer(request)


@asynccontextmanager
async def little() -> AsyncGenerator[Little]:
    """Run one."""
    forum = Little()
    app = web.Application(client_max_size=20_000_000)
    app.router.add_route("*", "/{path:.*}", forum.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        forum.url = f"http://{host}:{port}"
        yield forum
    finally:
        await runner.cleanup()


class QuickClock:
    """Real time, but sleeping takes none of it: it is only written down."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._loop = asyncio.get_running_loop()

    def monotonic(self) -> float:
        """Seconds, those slept included."""
        return self._loop.time() + sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        """Pretend to have waited so long."""
        self.slept.append(seconds)
        await asyncio.sleep(0)

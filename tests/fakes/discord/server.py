"""The fake Discord as a server on this machine: REST, the gateway and the files, and how all of it goes wrong."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from aiohttp import web

from tests.fakes.discord import polls, trouble
from tests.fakes.discord.door import enter
from tests.fakes.discord.faults import REST, Fault, strike
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.routing import Answer
from tests.fakes.discord.site import Site
from tests.fakes.discord.state import State
from tests.fakes.discord.values import Seen

API, GATEWAY, FILES = "/api/v10", "/gw", "/attachments/{id:\\d+}/{name}"
BIGGEST = 64 * 2**20


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where Discord answers; the port may be used again once it has stopped."""

    url: str
    api: str
    gateway: str
    port: int
    _gateway: Gateway

    def drop(self) -> asyncio.Task[None]:
        """Cut every gateway socket, without a word. As with the others, one may wait for it or not."""
        return self._gateway.soon(self._gateway.drop())

    def reconnect(self) -> asyncio.Task[None]:
        """Ask every client to reconnect and resume (op 7)."""
        return self._gateway.soon(self._gateway.reconnect())

    def invalidate(self, *, resumable: bool = False) -> asyncio.Task[None]:
        """Declare every session invalid (op 9)."""
        return self._gateway.soon(self._gateway.invalidate(resumable=resumable))

    def close_with(self, code: int) -> asyncio.Task[None]:
        """Close every gateway socket with a code."""
        return self._gateway.soon(self._gateway.close_with(code))


@asynccontextmanager
async def serve(site: Site, *, port: int = 0) -> AsyncGenerator[Server]:
    """Show Discord at `http://127.0.0.1:port` for as long as the block runs."""
    gateway = Gateway(site)
    front = Front(site, gateway)
    app = web.Application(client_max_size=BIGGEST)
    app.router.add_get(GATEWAY, gateway.connect)
    app.router.add_get(FILES, front.file)
    app.router.add_route("*", API + "/{path:.*}", front.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handle_signals=False)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    await listener.start()
    bound: int = runner.addresses[0][1]
    site.url, site.gateway = f"http://127.0.0.1:{bound}", f"ws://127.0.0.1:{bound}{GATEWAY}"
    try:
        yield Server(url=site.url, api=site.url + API, gateway=site.gateway, port=bound, _gateway=gateway)
    finally:
        front.closing.set()
        await gateway.drop()
        await runner.cleanup()


class Front:
    """Reads requests, lets faults strike, writes answers."""

    def __init__(self, state: State, gateway: Gateway) -> None:
        self.state, self.gateway, self.closing = state, gateway, asyncio.Event()

    async def file(self, request: web.Request) -> web.Response:
        """An attachment, for whoever has its address; deleted messages take theirs along."""
        number = int(request.match_info["id"])
        standing = [each for each in self.state.tables.messages.values() if not each.deleted]
        files = [*self.state.tables.uploads, *(file for message in standing for file in message.attachments)]
        for each in files:
            if each.id == number:
                return web.Response(body=each.data, headers={"Content-Type": each.content_type})
        return web.Response(status=404, text="This content is no longer available.")

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        if request.transport is not None:
            self.gateway.warm.add(request.transport)
        seen = await self._read(request)
        self.state.requests.append(seen)
        polls.settle(self.state)
        fault = strike(self.state.faults, REST, f"{seen.method} {seen.path}")
        if fault is None:
            return self._written(seen, enter(self.state, seen))
        seen.fault = fault.what
        return await self._failed(request, seen, fault)

    async def _failed(self, request: web.Request, seen: Seen, fault: Fault) -> web.StreamResponse:
        """The fault in the place of the answer, or before it."""
        if fault.what == "slow before":
            await self._wait(fault.wait)
        done = enter(self.state, seen) if fault.commits else None
        if fault.what == "slow":
            await self._wait(fault.wait)
        if fault.what.startswith("hang"):
            await self.closing.wait()
        answer = trouble.instead(fault, done)
        if answer is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.what.startswith("truncated"):
            return await _half(request, answer)
        return self._written(seen, answer)

    async def _wait(self, seconds: float) -> None:
        """Wait, but not longer than the server runs."""
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return

    def _written(self, seen: Seen, answer: Answer) -> web.Response:
        seen.status, seen.answer, seen.answer_headers = answer.status, answer.body, answer.headers
        if answer.status == 204:
            return web.Response(status=204, headers=dict(answer.headers))
        return web.Response(
            status=answer.status,
            body=_bytes(answer),
            headers={"Content-Type": answer.kind, **answer.headers},
        )

    async def _read(self, request: web.Request) -> Seen:
        files: dict[str, tuple[str, bytes]] = {}
        form = request.content_type == "multipart/form-data"
        if form:
            body = None
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    with value.file as file:
                        files[name] = (value.filename, file.read())
                elif name == "payload_json":
                    body = _json(cast("str", value).encode())
        else:
            body = _json(await request.read())
        return Seen(
            method=request.method,
            path=request.path.removeprefix(API),
            query=dict(request.query),
            body=body,
            headers=request.headers.copy(),
            at=self.state.now(),
            files=files,
            form=form,
        )


def _bytes(answer: Answer) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    if answer.kind == "application/json":
        return json.dumps(answer.body, ensure_ascii=False).encode()
    return str(answer.body).encode()


async def _half(request: web.Request, answer: Answer) -> web.StreamResponse:
    """The first half of the answer; then the connection is cut."""
    body = _bytes(answer)
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _json(data: bytes) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None

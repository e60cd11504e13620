"""The bus over a real connection, and what a real bus sent.

Its answers, as bytes, are looked for beside the project or where SHARED points.
"""

import asyncio
import os
import random
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from aiohttp import web

from bot.platforms.discourse.budget import Budget, Priority
from bot.platforms.discourse.bus import Bus
from bot.platforms.discourse.http import Http
from bot.platforms.discourse.wake import Wake
from tests.bot.platforms.discourse.little import KEY, Little, QuickClock, Say
from tests.house import ROOT


async def listen(http: Http, channels: dict[str, int], turns: int, *, own: bool = False) -> tuple[list[Wake], Bus]:
    """Listen through a real client until so many requests were answered."""
    wakes, clock = list[Wake](), Stop(turns)
    bus = Bus(http, client_id="c0ffee", clock=clock)
    for channel, last in channels.items():
        bus.watch(channel, last, own=own)
    with pytest.raises(asyncio.CancelledError):
        await bus.run(wakes.append)
    return wakes, bus


class Stop(QuickClock):
    """Ends whoever sleeps for the n-th time."""

    def __init__(self, sleeps: int) -> None:
        super().__init__()
        self._left = sleeps

    async def sleep(self, seconds: float) -> None:
        """Pretend to have waited."""
        self._left -= 1
        if self._left == 0:
            raise asyncio.CancelledError
        await super().sleep(seconds)


async def test_a_request_is_held_open(forum: Little, http: Http) -> None:
    """A request is a form that a forum may hold for longer than it may be silent otherwise; each one counts."""

    async def slowly(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.6)  # the client gives up ordinary requests after 0.4
        return web.json_response([{"message_id": 5, "channel": "/latest", "data": {}}])

    forum.says(Say(plain=[{"message_id": -1, "channel": "/__status", "data": {"/latest": 4}}]), slowly)
    wakes, bus = await listen(http, {"/latest": -1}, 2)
    assert [wake.kind for wake in wakes] == ["latest"]
    assert bus.channels == {"/latest": 5}
    first = forum.seen[0]
    assert (first.method, first.path) == ("POST", "/forum/message-bus/c0ffee/poll")
    assert first.headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(first.body.decode())) == {"/latest": "-1", "__seq": "1"}
    assert first.headers["x-silence-logger"] == "true"


async def test_a_loaded_bus_stops_nobody_else(forum: Little, http: Http, budget: Budget) -> None:
    """When only the bus asks to be left alone, replies go on."""
    forum.says(Say(status=429, text="Server too busy", headers={"Retry-After": "120"}))
    _, bus = await listen(http, {"/latest": -1}, 1)
    assert "429" in bus.problem
    assert len(forum.seen) == 1
    await budget.take(Priority.REPLY, patience=0.0)


def wire() -> dict[str, bytes]:
    """Answers of a real bus, by the number of the capture."""
    for place in filter(None, [os.environ.get("SHARED"), str(ROOT.parent / "shared")]):  # noqa: TID251
        folder = Path(place) / "contracts" / "discourse-messagebus-wire"
        if folder.is_dir():
            return {path.name[:2]: path.read_bytes() for path in sorted(folder.glob("*.http"))}
    return {}


@asynccontextmanager
async def replaying(*answers: bytes) -> AsyncGenerator[str]:
    """A server that sends these bytes, one answer per connection."""
    left = deque(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        writer.write(left.popleft() if left else b"")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        host, port = server.sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.close()
        await server.wait_closed()


Outcome = tuple[dict[str, int], list[tuple[str, int | None]], dict[str, int]]
WIRE: dict[str, Outcome] = {
    "01": ({"/latest": -1}, [], {"/latest": 0}),
    "02": ({"/latest": 1}, [("latest", 12)], {"/latest": 2}),
    "03": ({"/latest": -3}, [("latest", 11), ("latest", 12)], {"/latest": 2}),
    "04": ({"/latest": 99}, [("reset", None)], {"/latest": 2}),
    "05": ({"/notification/7": 0}, [("hidden", None)], {"/notification/7": 3}),
    "06": ({"/notification/7": 2}, [("notification", None)], {"/notification/7": 3}),
    "07": (
        {"/latest": 2},
        [("gap", None), ("latest", 6), ("latest", 7), ("latest", 8), ("latest", 9), ("latest", 10)],
        {"/latest": 11},
    ),
    "08": ({"/latest": 11}, [], {"/latest": 11}),
    "10": ({"/latest": 12}, [("latest", 78)], {"/latest": 13}),
    "11": ({"/latest": 13}, [], {"/latest": 13}),
}


@pytest.mark.parametrize("number", WIRE)
async def test_the_answers_of_a_real_bus(number: str) -> None:
    """What a real bus sent is understood byte for byte."""
    captured = wire()
    if not captured:
        pytest.skip("no captures of a real bus beside the project (shared/contracts/discourse-messagebus-wire)")
    asked, wakes, after = WIRE[number]
    async with replaying(captured[number]) as url:
        http = client(url)
        heard, bus = await listen(http, asked, 1, own=number in ("05", "06"))
        await http.close()
    assert [(wake.kind, wake.topic_id) for wake in heard] == wakes
    assert (bus.channels, bus.problem, bus.anonymous) == (after, "", number == "05")


async def test_an_answer_in_pieces_is_no_end() -> None:
    """A forum that sends pieces though asked for one is a problem that is told, and asked again."""
    captured = wire()
    if not captured:
        pytest.skip("no captures of a real bus beside the project (shared/contracts/discourse-messagebus-wire)")
    async with replaying(captured["09"], captured["10"]) as url:
        http = client(url)
        heard, bus = await listen(http, {"/latest": 12}, 2)
        await http.close()
    assert [wake.topic_id for wake in heard] == [78]
    assert bus.problem == ""


def client(url: str) -> Http:
    """A client of a forum."""
    clock = QuickClock()
    chance = random.Random(7)  # noqa: S311 - for waiting times
    return Http(url, key=KEY, username="sgbot", budget=Budget(clock), clock=clock, chance=chance)

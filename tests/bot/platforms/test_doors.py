"""The addresses that other servers post to: for programs alone, with a limit of their own on size and time."""

import asyncio
import io
import json
import zlib
from collections.abc import AsyncGenerator, Mapping

import pytest
from aiohttp import web

from bot.database import Database
from bot.platforms.web import guard
from bot.platforms.web.doors import MAX_BODY, way_in
from tests.bot.platforms.contract import DEADLINE
from tests.bot.platforms.site import Site, bare

PATH = "/hooks/test"
JSON = {"Content-Type": "application/json"}


class Ear:
    """A door that keeps what it is handed."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.headers: Mapping[str, str] = {}

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str, bytes]:
        """Take a request."""
        self.headers = headers
        self.heard.append(body)
        return 202, "text/plain; charset=utf-8", b"heard"


@pytest.fixture
def ear() -> Ear:
    """What stands behind the door."""
    return Ear()


@pytest.fixture
async def site(database: Database, ear: Ear) -> AsyncGenerator[Site]:
    """A thread with a door."""
    made = Site(database, doors={PATH: ear})
    await made.start()
    yield made
    await made.close()


async def knock(
    site: Site, headers: Mapping[str, str], body: object = b"{}", method: str = "POST"
) -> tuple[int, str]:
    """Call the door; the status and what was said."""
    async with site.client.request(method, site.web.url + PATH, data=body, headers=headers) as response:
        return response.status, await response.text()


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/X-WWW-Form-urlencoded"]
)
async def test_a_program_is_let_in(site: Site, ear: Ear, kind: str) -> None:
    """Headers and bytes arrive as they were sent, whatever form the sender calls them; so does the answer."""
    assert await knock(site, {"Content-Type": kind, "X-Event": "ping"}, b'{"a=1&') == (202, "heard")
    assert (ear.heard, ear.headers["x-event"]) == ([b'{"a=1&'], "ping")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://{host}"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"sec-fetch-mode": "no-cors"},
    ],
    ids=str,
)
async def test_no_browser_is_let_in(site: Site, ear: Ear, headers: dict[str, str]) -> None:
    """What only browsers send is refused, the thread's own page included."""
    sent = JSON | {name: value.format(host=bare(site.web)) for name, value in headers.items()}
    assert await knock(site, sent) == (403, '{"error": "Browsers have no business here."}')
    assert ear.heard == []


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
async def test_other_types_are_refused(site: Site, ear: Ear, kind: str) -> None:
    """What is called neither JSON nor a form is not read."""
    status, said = await knock(site, {"Content-Type": kind})
    assert (status, list(json.loads(said)), ear.heard) == (415, ["error"], [])


async def test_nothing_compressed_is_taken(site: Site, ear: Ear) -> None:
    """A signature is over the bytes as they were sent, and a small body may unpack to a large one."""
    status, said = await knock(site, JSON | {"Content-Encoding": "deflate"}, zlib.compress(b"{}"))
    assert (status, list(json.loads(said)), ear.heard) == (415, ["error"], [])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_post_is_taken(site: Site, ear: Ear, method: str) -> None:
    """Any other method is told the right one."""
    async with site.client.request(method, site.web.url + PATH, headers=JSON) as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")
    assert ear.heard == []


async def test_a_foreign_name_leads_to_no_door(site: Site, ear: Ear) -> None:
    """Under a name that is not ours, there is no door either."""
    assert (await knock(site, JSON | {"Host": "evil.example"}))[0] == 421
    assert ear.heard == []


async def test_the_public_name_leads_to_the_door(database: Database, ear: Ear) -> None:
    """Behind a proxy, other servers call PUBLIC_URL."""
    site = Site(database, doors={PATH: ear}, public_url="https://group.example/")
    web = await site.start()
    local = f"http://127.0.0.1:{web._runner.addresses[0][1]}{PATH}"  # pyright: ignore[reportPrivateUsage] - url hides it
    async with site.client.post(local, data=b"{}", headers=JSON | {"Host": "group.example"}) as response:
        assert response.status == 202
    await site.close()


async def pieces(size: int) -> AsyncGenerator[bytes]:
    """So many bytes, without saying beforehand how many."""
    for start in range(0, size, 50_000):
        yield b" " * min(50_000, size - start)


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in pieces"])
async def test_a_door_has_a_limit_of_its_own(site: Site, ear: Ear, announced: bool) -> None:
    """More than a post of the thread may have is let in, one byte more than its own limit is not."""
    assert MAX_BODY > guard.MAX_BODY

    def body(size: int) -> object:
        return io.BytesIO(b" " * size) if announced else pieces(size)

    assert (await knock(site, JSON, body(MAX_BODY)))[0] == 202
    assert [len(heard) for heard in ear.heard] == [MAX_BODY]
    assert await knock(site, JSON, body(MAX_BODY + 1)) == (413, '{"error": "That is too long: at most 1024 kB."}')
    assert len(ear.heard) == 1


async def test_what_says_that_it_is_too_long_is_not_waited_for(site: Site, ear: Ear) -> None:
    """The announced length is enough to refuse it."""
    host, _, port = bare(site.web).rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {PATH} HTTP/1.1\r\nHost: {bare(site.web)}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {MAX_BODY + 1}\r\n\r\n{{".encode())
    async with asyncio.timeout(DEADLINE):
        assert (await reader.readline()).split()[1] == b"413"
    writer.close()
    assert ear.heard == []


async def test_a_door_does_not_wait_for_ever(ear: Ear) -> None:
    """A body that does not come to its end in time is given up, and never handed over."""
    hosts: set[str] = set()
    app = web.Application(middlewares=guard.guard(hosts, (), (PATH,)))
    app.add_routes([web.post(PATH, way_in(ear, patience=0.05))])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    hosts.add(f"127.0.0.1:{port}")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 9\r\n\r\n{{".encode())
    async with asyncio.timeout(DEADLINE):
        assert (await reader.readline()).split()[1] == b"408"
    writer.close()
    await runner.cleanup()
    assert ear.heard == []


async def test_a_body_that_breaks_off_is_not_handed_over(site: Site, ear: Ear) -> None:
    """A sender that goes away in the middle leaves nothing behind, and the next is served."""
    host, _, port = bare(site.web).rpartition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {PATH} HTTP/1.1\r\nHost: {bare(site.web)}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 9\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await knock(site, JSON))[0] == 202
    assert ear.heard == [b"{}"]


async def test_a_door_is_guarded_like_everything_else(site: Site) -> None:
    """Its answers carry what every answer carries."""
    async with site.client.post(site.web.url + PATH, data=b"{}", headers=JSON) as response:
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


async def test_a_door_opens_nothing_else(site: Site) -> None:
    """The thread's own posts are checked as before."""
    status, _ = await site.send(b"{}", {"Origin": "http://evil.example"})
    assert status == 403
    assert (await site.send(b"{}", {"Content-Type": "application/x-www-form-urlencoded"}))[0] == 415
    async with site.client.post(f"{site.web.url}{PATH}/further", data=b"{}") as response:
        assert response.status == 415


async def test_there_is_no_door_unless_one_is_made(database: Database) -> None:
    """Without a forum, its address is not there."""
    site = Site(database)
    await site.start()
    assert (await knock(site, JSON))[0] == 404
    await site.close()

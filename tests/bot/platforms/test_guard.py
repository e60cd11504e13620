"""What the local thread lets in, and what each of its answers carries."""

import json
import re
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from bot.database import Database
from bot.errors import StartError
from bot.platforms import web as package
from bot.platforms.web import PLACE
from bot.platforms.web.guard import MAX_BODY
from bot.platforms.web.said import MAX_TEXT
from bot.values import Image, Reply
from tests.bot.platforms.site import Site, bare

STATIC = Path(package.__file__).parent / "static"
POST = {"text": "!help", "key": "0123456789abcdef"}


async def get(site: Site, path: str, **headers: str) -> tuple[int, aiohttp.ClientResponse, str]:
    """GET an address exactly as it is written."""
    target = URL(site.web.url + path, encoded=True)
    async with site.client.get(target, headers=headers) as response:
        return response.status, response, await response.text()


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
async def test_the_machine_knows_its_own_names(site: Site, host: str) -> None:
    """By the names of this machine, with the right port, the thread is there."""
    port = bare(site.web).rpartition(":")[2]
    assert (await get(site, "/posts", Host=host.format(port=port)))[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "0.0.0.0:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1:{port}.evil.example",
    ],
)
async def test_a_foreign_name_is_misdirected(site: Site, host: str) -> None:
    """A name that somebody else points at this machine gets nothing, not even a static file."""
    port = bare(site.web).rpartition(":")[2]
    for path in ("/", "/posts", "/static/app.js", "/nothing"):
        status, _, text = await get(site, path, Host=host.format(port=port))
        assert (status, list(json.loads(text))) == (421, ["error"])


async def test_a_public_address_is_known_by_its_name(database: Database) -> None:
    """Behind a proxy the thread is at PUBLIC_URL, and its page may write from there."""
    site = Site(database, public_url="https://group.example/")
    web = await site.start()
    assert web.url == "https://group.example/"
    local = f"http://127.0.0.1:{web._runner.addresses[0][1]}"  # pyright: ignore[reportPrivateUsage] - url hides it
    async with site.client.get(f"{local}/posts", headers={"Host": "group.example"}) as response:
        assert response.status == 200
    headers = {"Host": "group.example", "Origin": "https://group.example"}
    async with site.client.post(f"{local}/posts", json=POST, headers=headers) as response:
        assert response.status == 201
    headers["Origin"] = "https://evil.example"
    async with site.client.post(f"{local}/posts", json=POST, headers=headers) as response:
        assert response.status == 403
    await site.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://{host}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://{host}", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
async def test_another_sites_page_cannot_write(site: Site, headers: dict[str, str]) -> None:
    """What a foreign page makes the browser send is refused, and not kept."""
    sent = {name: value.format(host=bare(site.web)) for name, value in headers.items()}
    assert await site.send(POST, sent) == (403, {"error": "Only the thread's own page may write here."})
    assert await site.thread() == []


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://{host}", "Sec-Fetch-Site": "same-origin"}], ids=str)
async def test_our_own_page_and_programs_write(site: Site, headers: dict[str, str]) -> None:
    """The thread's own page may write, and so may a program, which sends no origin."""
    sent = {name: value.format(host=bare(site.web)) for name, value in headers.items()}
    assert (await site.send(POST, sent))[0] == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
async def test_only_json_is_taken(site: Site, kind: str) -> None:
    """What a form can send without asking is not taken."""
    status, said = await site.send(POST, {"Content-Type": kind})
    assert (status, said) == (415, {"error": "Posts are sent as application/json."})


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        pytest.param(b" " * (MAX_BODY + 1), 413, "at most 64 kB", id="large"),
        pytest.param(b"{", 400, "A post is", id="broken"),
        pytest.param(b"\xff\xfe\x00", 400, "A post is", id="not text"),
        pytest.param(b"[" * 60_000, 400, "A post is", id="deep"),
        pytest.param(b"[]", 400, "A post is", id="a list"),
        pytest.param(b'{"text": "a"}', 400, "A post is", id="no key"),
        pytest.param(b'{"text": 1, "key": "12345678"}', 400, "has a text", id="a number"),
        pytest.param(b'{"text": "a", "key": "short"}', 400, "a key of 8 to 64", id="a short key"),
        pytest.param(b'{"text": "a", "key": "with space"}', 400, "a key of 8 to 64", id="an odd key"),
        pytest.param(b'{"text": "\\u200b \\n", "key": "12345678"}', 422, "nothing in this post", id="empty"),
        pytest.param(
            json.dumps({"text": "a" * (MAX_TEXT + 1), "key": "12345678"}).encode(),
            422,
            "at most 10,000 signs; this one has 10,001",
            id="long",
        ),
    ],
)
async def test_a_bad_post_gets_one_sentence(site: Site, body: bytes, status: int, sentence: str) -> None:
    """Whatever is wrong with a post is said in one sentence, and nothing is kept."""
    got, said = await site.send(body)
    assert (got, list(said)) == (status, ["error"])
    assert sentence in said["error"]
    assert await site.thread() == []


@pytest.mark.parametrize(
    "path", ["/posts?after=x", "/posts?before=-1", f"/posts?after={9**20}", "/events?after=1.5"]
)
async def test_a_bad_number_gets_one_sentence(site: Site, path: str) -> None:
    """A post's number has digits, and not too many of them."""
    status, _, text = await get(site, path)
    assert (status, json.loads(text)["error"].endswith("is the number of a post.")) == (400, True)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/static/",
        "/static/index.html",
        "/static/..%2fguard.py",
        "/static/../guard.py",
        "/pictures/x.png",
    ],
)
async def test_there_is_nothing_else(site: Site, path: str) -> None:
    """Only what the page loads is served; no path leads out of the folder."""
    status, _, text = await get(site, path)
    assert (status, json.loads(text)) == (404, {"error": "There is nothing at this address."})


async def test_a_wrong_method_names_the_right_one(site: Site) -> None:
    """An address that is read only says so."""
    async with site.client.post(f"{site.web.url}/complete", json={}) as response:
        assert response.status == 405
        assert "GET" in response.headers["Allow"]
        assert list(await response.json()) == ["error"]


@pytest.mark.parametrize("path", ["/", "/static/style.css", "/posts", "/events", "/nothing", "/complete?line=!"])
async def test_every_answer_is_guarded(site: Site, path: str) -> None:
    """No answer may be framed, sniffed, or load anything from elsewhere; errors and streams included."""
    async with site.client.get(site.web.url + path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "aiohttp" not in response.headers["Server"]


async def test_a_slip_of_ours_shows_no_traceback(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """An error nobody foresaw is logged with a reference, and the page gets that and no more."""
    await site.web.post(PLACE, Reply(text="a", images=(Image(plot="unheard of", data={}, alt="x"),)), key="1")
    (post,) = await site.thread()
    status, _, text = await get(site, post["pictures"][0]["src"])
    assert status == 500
    reference = json.loads(text)["error"].rpartition(" ")[2].rstrip(".")
    assert "KeyError" not in text
    assert [getattr(record, "reference", "") for record in caplog.records] == [reference]
    assert (await get(site, "/posts"))[0] == 200


async def test_a_store_that_fails_is_said(
    site: Site, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """While the database cannot be used the page is told to try again; the rest of it still stands."""
    async with database.write() as connection:
        await connection.exec_driver_sql("ALTER TABLE posts RENAME TO elsewhere")
    status, said = await site.send(POST)
    assert (status, "trying again" in said["error"]) == (503, True)
    assert (await get(site, "/"))[0] == 200
    assert "could not be served" in caplog.text


async def test_further_pages_are_served_as_they_are(database: Database) -> None:
    """What the application adds keeps its status, its type and its bytes, behind the same guard."""

    async def ready() -> tuple[int, str, bytes]:
        return 503, "text/plain; version=0.0.4; charset=utf-8", b"FIX database\n"

    site = Site(database, pages={"/readyz": ready})
    await site.start()
    status, response, text = await get(site, "/readyz")
    assert (status, text) == (503, "FIX database\n")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert (await get(site, "/readyz", Host="evil.example"))[0] == 421
    await site.close()


async def test_the_page_is_sent_once(site: Site) -> None:
    """A browser that has the newest file is told so; after a change it gets the new one."""
    for path in ("/", "/static/app.js", "/static/icon.svg"):
        status, response, _ = await get(site, path)
        tag = response.headers["ETag"]
        assert (status, response.headers["Cache-Control"]) == (200, "no-cache")
        assert (await get(site, path, **{"If-None-Match": tag}))[0] == 304
        assert (await get(site, path, **{"If-None-Match": '"another"'}))[0] == 200


async def test_the_page_names_its_thread(database: Database) -> None:
    """Title, welcome and examples are handed in, and are text."""
    site = Site(database, title="Kernels & <friends>", welcome="**Hello**", examples=("!kernel <b>",), prefix="!")
    await site.start()
    _, _, text = await get(site, "/")
    assert "<title>Kernels &amp; &lt;friends&gt;</title>" in text
    assert "<p><strong>Hello</strong></p>" in text
    assert ">!kernel &lt;b&gt;</button>" in text
    await site.close()


def test_the_page_needs_nothing_from_elsewhere() -> None:
    """No file asks another host, none has a script or a style in its markup, and one place takes HTML."""
    source = {path.name: path.read_text(encoding="utf-8") for path in STATIC.iterdir()}
    for name, text in source.items():
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), name
        assert not re.search(r"""<script(?![^>]* src=)|<style|\bstyle="|\son\w+=""", text), name
        assert not re.search(r"eval\(|document\.write|insertAdjacentHTML|outerHTML", text), name
    assert [name for name, text in source.items() if "innerHTML" in text] == ["thread.js"]


async def test_a_host_that_is_none_is_one_clear_line(database: Database) -> None:
    """An address that this machine does not have is named when the bot starts."""
    site = Site(database, host="203.0.113.1", port=8000)
    with pytest.raises(StartError, match=r"203\.0\.113\.1:8000 cannot be listened at"):
        await site.start()
    await site.close()

"""Who is let into the fake forum, what scopes admit to, and what goes wrong on the way."""

import asyncio
import hashlib
import hmac
from email.utils import parsedate_to_datetime

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.discourse import Fault, Hook, Site, forge, serve
from tests.fakes.discourse.conftest import Forum
from tests.fakes.discourse.faults import AFTER, BEFORE

LONG = "A sentence that is long enough to be a post, number {}."
SIGNING = "what both sides of a hook know"


async def test_who_one_is(forum: Forum) -> None:
    """Every answer to a key says whose it is, by which route, and when by the forum's clock."""
    me = await forum.ask("GET", "/session/current.json")
    assert (me.body["current_user"]["username"], me.headers["X-Discourse-Username"]) == ("bot", "bot")
    assert me.headers["X-Discourse-Route"] == "session/current"
    assert parsedate_to_datetime(me.headers["Date"]) == forum.clock.at
    assert (await forum.anybody("GET", "/session/current.json")).status == 404


async def test_wrong_keys(forum: Forum) -> None:
    """A key that is unknown, revoked, another's or a suspended user's is a 403."""
    site = forum.site
    old = site.key(forum.bot)
    site.revoke(old)
    for key, name in (("0" * 64, "bot"), (old, "bot"), (forum.key, "ada"), (site.key(), "nobody")):
        refused = await forum.ask("GET", "/posts.json", key=key, name=name)
        assert (refused.status, refused.body["error_type"]) == (403, "invalid_access")
    assert (await forum.ask("GET", "/session/current.json", key=site.key(), name="ada")).status == 200
    site.suspend(forum.bot)
    assert (await forum.ask("GET", "/posts.json")).status == 403


async def test_strangers_do_not_write(forum: Forum) -> None:
    """Without a key there is nothing to write, and on a closed forum nothing to read."""
    assert (await forum.anybody("POST", "/posts.json", json={"raw": LONG})).status == 403
    assert (await forum.anybody("GET", "/t/1.json")).status == 200
    forum.site.settings["login_required"] = True
    assert (await forum.anybody("GET", "/t/1.json")).status == 403
    assert (await forum.anybody("GET", "/site/basic-info.json")).body["login_required"] is True


async def test_scopes(forum: Forum) -> None:
    """A scoped key does what its scopes say; it may always ask for them."""
    key = forum.site.key(forum.bot, scopes=("topics:write", "global:read"))
    assert (await forum.ask("GET", "/notifications.json", key=key)).status == 200
    body = {"raw": LONG.format(1), "topic_id": forum.topic.id}
    made = await forum.ask("POST", "/posts.json", key=key, json=body)
    assert made.status == 200
    path, body = f"/posts/{made.body['id']}.json", {"post": {"raw": LONG.format(2)}}
    assert (await forum.ask("PUT", path, key=key, json=body)).status == 403
    assert (await forum.ask("PUT", path, json=body)).status == 200
    poor = forum.site.key(forum.bot, scopes=("posts:edit",))
    assert (await forum.ask("GET", "/posts.json", key=poor)).status == 403
    scopes = (await forum.ask("GET", "/session/scopes.json", key=poor)).body["scopes"]
    assert [(each["resource"], each["action"]) for each in scopes] == [("posts", "edit")]


async def test_the_silenced_only_whisper(forum: Forum) -> None:
    """A silenced account opens nothing and answers nothing, but for messages."""
    message = forum.site.message(forum.ada, [forum.bot], "A word", "between us")
    forum.site.silence(forum.bot)
    body = {"title": "A topic by who is silenced", "raw": LONG.format(1), "category": forum.site.general.id}
    assert (await forum.ask("POST", "/posts.json", json=body)).status == 403
    assert (await forum.reply(LONG.format(1))).status == 422
    assert (await forum.reply(LONG.format(1), message)).status == 200


async def test_read_only(forum: Forum) -> None:
    """In read-only mode one reads, and the 503 says why one may not write."""
    forum.site.read_only = True
    refused = await forum.reply(LONG.format(1))
    assert (refused.status, refused.body["error_type"]) == (503, "read_only")
    assert (await forum.ask("GET", "/posts.json")).headers["Discourse-Readonly"] == "true"


async def test_bodies_in_three_forms(forum: Forum) -> None:
    """A create may be JSON, a form or multipart; what is missing is a 400."""
    for n, form in enumerate((False, True)):
        forum.clock.move(seconds=10)
        fields = {"raw": LONG.format(n), "topic_id": str(forum.topic.id)}
        data = aiohttp.FormData(fields, default_to_multipart=form)
        assert (await forum.ask("POST", "/posts.json", data=data)).status == 200
    missing = await forum.ask("POST", "/posts.json", json={"topic_id": 1})
    assert (missing.status, missing.body["error_type"]) == (400, "invalid_parameters")
    assert (await forum.ask("GET", "/posts")).status == 404
    assert (await forum.ask("GET", "/posts", headers={"Accept": "application/json"})).status == 200


async def test_a_forum_in_a_folder(forum: Forum) -> None:
    """With a prefix everything hangs off it, redirects included."""
    forum.topic.external_id = "here"
    async with serve(forum.site, prefix="/forum") as server:
        async with forum.http.get(f"{server.url}/t/external_id/here.json") as response:
            assert response.url.path == f"/forum/t/{forum.topic.slug}/{forum.topic.id}.json"
            assert response.status == 200
        async with forum.http.get(f"{server.url.removesuffix('/forum')}/t/1.json") as response:
            assert response.status == 404


async def test_a_restart_forgets_nothing(forum: Forum) -> None:
    """A forum that was stopped goes on at the same port where it was; meanwhile nobody answers."""
    async with serve(forum.site) as server:
        pass
    with pytest.raises(aiohttp.ClientConnectorError):
        await forum.http.get(f"{server.url}/srv/status")
    async with serve(forum.site, port=server.port) as again, forum.http.get(f"{again.url}/t/1.json") as response:
        assert (await response.json())["title"] == "Chapter 9: convolutions"


STATUSES = {"elsewhere": 302, "html": 200, "not json": 200, "429 late": 429, "503 read only": 503}


@pytest.mark.parametrize("what", [*BEFORE, *AFTER])
async def test_faults(forum: Forum, what: str) -> None:
    """A fault strikes the requests it names, as often as it says; one after the commit has the work done."""
    forum.site.faults.append(Fault(what=what, method="POST", path="/posts.json", after=1))
    assert (await forum.reply(LONG.format(1))).status == 200
    forum.clock.move(seconds=10)
    status: int | None = None
    try:
        async with asyncio.timeout(0.2):
            status = (await forum.reply(LONG.format(2))).status
    except (TimeoutError, aiohttp.ClientError, ValueError):
        pass
    expected = STATUSES.get(what) or (int(what[:3]) if what[:3].isdigit() else None)
    assert status == (None if what == "not json" else expected)
    assert len(forum.site.posts(forum.topic)) == (3 if what in AFTER else 2)
    assert forum.site.requests[-1].fault == what
    assert (await forum.ask("GET", "/posts.json")).status == 200


async def test_the_same_text_after_a_lost_answer(forum: Forum) -> None:
    """After an answer that got lost, the same request again is the same post."""
    forum.site.faults.append(Fault(what="reset after commit", method="POST", path="/posts.json"))
    with pytest.raises(aiohttp.ClientError):
        await forum.reply(LONG.format(1))
    assert (await forum.reply(LONG.format(1))).status == 200
    assert len(forum.site.posts(forum.topic)) == 2


async def test_an_unknown_fault_is_refused() -> None:
    """A test that names a fault that there is not, hears of it; so does one with such a setting."""
    with pytest.raises(ValueError, match="no such fault"):
        Fault(what="flood")
    with pytest.raises(ValueError, match="no such settings"):
        Site(settings={"min_post_lenght": 1})


async def test_hooks_are_signed(forum: Forum) -> None:
    """A hook gets its events in order, signed over the bytes; a test may forge, repeat and turn them round."""
    got: list[tuple[str, bool]] = []

    async def take(request: web.Request) -> web.Response:
        right = "sha256=" + hmac.new(SIGNING.encode(), await request.read(), hashlib.sha256).hexdigest()
        signed = request.headers.get("X-Discourse-Event-Signature") == right
        assert request.headers["X-Discourse-Instance"] == forum.server.url
        got.append((request.headers["X-Discourse-Event"], signed))
        return web.Response(status=200 if signed else 403)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    forum.site.hooks.append(Hook(url=url, secret=SIGNING, events=("post_created", "post_edited")))
    post = forum.site.say(forum.ada, "a word", topic=forum.topic)
    forum.site.change(post, "another word")
    sent = list(forum.site.outgoing)
    assert await forum.site.ring_hooks() == [200, 200]
    forum.site.outgoing += [forge(sent[0], secret=SIGNING[1:]), *reversed(sent)]
    assert await forum.site.ring_hooks() == [403, 200, 200]
    assert got == [
        ("post_created", True),
        ("post_edited", True),
        ("post_created", False),
        ("post_edited", True),
        ("post_created", True),
    ]
    await runner.cleanup()
    forum.site.outgoing += sent
    assert await forum.site.ring_hooks() == [0, 0]

"""The forum's webhook wakes us when the forum calls, once per news, and nobody else can."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discourse.hook import EVENTS, MAX_BODY, REMEMBERED, Hook
from bot.platforms.discourse.wake import Wake
from bot.platforms.web import doors
from tests.bot.platforms.discourse.calls import SECRET, START, Hands, signature

FORUM = "https://forum.example/talk"
POST = {
    "id": 123,
    "topic_id": 7,
    "version": 1,
    "updated_at": "2026-11-25T07:00:00.000Z",
    "raw": "!recommend",
    "username": "ada",
    "topic_archetype": "regular",
}
CREATED = Wake(channel="hook", kind="post_created", topic_id=7, post_id=123, version=1)


class Line:
    """A hook, and a forum that calls it. `woken` are the wake-ups that came of it."""

    def __init__(self, instance: str = FORUM) -> None:
        self.clock = Hands()
        self.woken: list[Wake] = []
        self.hook = Hook(SECRET, clock=self.clock, wake=self.woken.append, instance=instance)

    async def send(
        self, body: bytes, event: str = "post_created", *, secret: str = SECRET, **more: str
    ) -> tuple[int, Any]:
        """Call with these bytes; the status and what was said. `more` are further headers, or others."""
        headers = {
            "X-Discourse-Instance": FORUM,
            "X-Discourse-Event": event,
            "X-Discourse-Event-Signature": signature(body, secret),
        } | {name.replace("_", "-"): value for name, value in more.items()}
        status, kind, said = await self.hook(headers, body)
        assert kind == "application/json; charset=utf-8"
        return status, json.loads(said)

    async def post(self, event: str = "post_created", **fields: Any) -> tuple[int, Any]:
        """Call because of a post."""
        return await self.send(written(**fields), event)


def written(**fields: Any) -> bytes:
    """A post as the forum tells of it."""
    return json.dumps({"post": POST | fields}).encode()


@pytest.fixture
def line() -> Line:
    """A new hook."""
    return Line()


@pytest.mark.parametrize("event", sorted(EVENTS))
async def test_a_post_wakes_us(line: Line, event: str) -> None:
    """Whatever happened to a post: its number, its topic's and its version, and nothing of what it says."""
    assert await line.post(event) == (200, {"ok": True})
    assert line.woken == [Wake(channel="hook", kind=event, topic_id=7, post_id=123, version=1)]
    assert line.hook.heard == START
    assert not line.hook.rejected


async def test_a_private_message_stays_private(line: Line) -> None:
    """Of a message that we perhaps may not read, nothing but numbers goes on."""
    await line.post(topic_archetype="private_message", raw="between us", topic_title="hush")
    assert line.woken == [CREATED]
    assert "between us" not in repr(line.woken)


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("ping", {"ping": "OK"}),
        ("user_created", {"user": {"id": 1}}),
        ("topic_created", {"topic": {"id": 7}}),
        ("", {"post": POST}),
        ("post_created", {"topic": {"id": 7}}),
        ("post_created", {"post": {**POST, "id": None}}),
        ("post_created", {"post": {**POST, "id": 0}}),
        ("post_created", {"post": {**POST, "id": 2**63}}),
        ("post_created", {"post": [POST]}),
    ],
    ids=["ping", "user", "topic", "no event", "no post", "no number", "zero", "no forum's number", "a list"],
)
async def test_what_is_no_news_is_taken_kindly(line: Line, event: str, body: Any) -> None:
    """A ping and what we have no use for: the forum hears that it arrived, and nobody is woken."""
    assert await line.send(json.dumps(body).encode(), event) == (200, {"ok": True})
    assert line.woken == []
    assert line.hook.heard == START


BODY = written()


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "sha256=",
        signature(BODY, "another secret"),
        signature(BODY + b" "),
        signature(BODY)[:-1],
        signature(BODY) + "0",
        signature(BODY) + "\n",
        signature(BODY).removeprefix("sha256="),
        signature(BODY).replace("sha256", "sha1"),
        signature(BODY)[:-1] + "é",
        "sha256=" + "٣" * 64,
        "sha256=" + "\udcff" * 64,
    ],
    ids=ascii,
)
async def test_who_cannot_sign_is_refused(line: Line, forged: str) -> None:
    """Any signature but the right one gets the same sentence, wakes nobody, and is counted."""
    status, said = await line.send(BODY, X_Discourse_Event_Signature=forged)
    assert (status, said) == (403, {"error": "The signature is missing or wrong."})
    assert (line.woken, line.hook.heard, dict(line.hook.rejected)) == ([], None, {"signature": 1})


async def test_a_signature_is_needed(line: Line) -> None:
    """A call without the header is no better than a wrong one."""
    status, _, _ = await line.hook({"X-Discourse-Event": "post_created"}, BODY)
    assert (status, line.woken) == (403, [])


async def test_headers_are_known_by_any_case(line: Line) -> None:
    """A proxy may write them in small letters, and the digits of the signature in capitals."""
    digits = signature(BODY).removeprefix("sha256=").upper()
    headers = {"x-discourse-event": "post_created", "X-DISCOURSE-EVENT-SIGNATURE": f"sha256={digits}"}
    assert (await line.hook(headers, BODY))[0] == 200
    assert line.woken == [CREATED]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b'"post"', b"[" * 100_000, b'{"a":' * 50_000, b"9" * 5_000],
    ids=["empty", "broken", "not text", "a list", "a text", "deep list", "deep object", "endless number"],
)
async def test_what_is_no_json_object_is_refused(line: Line, body: bytes) -> None:
    """However rightly it is signed."""
    assert await line.send(body) == (400, {"error": "The body is not a JSON object."})
    assert (line.woken, dict(line.hook.rejected)) == ([], {"json": 1})


async def test_what_is_too_long_is_not_read(line: Line) -> None:
    """A call up to the limit is taken, one more byte is not; the web server's own limit is no lower."""
    longest = BODY + b" " * (MAX_BODY - len(BODY))
    assert await line.send(longest + b" ") == (413, {"error": "That is too long: at most 1024 kB."})
    assert (line.woken, dict(line.hook.rejected)) == ([], {"size": 1})
    assert (await line.send(longest))[0] == 200
    assert line.woken == [CREATED]
    assert doors.MAX_BODY >= MAX_BODY


async def test_the_longest_post_fits(line: Line) -> None:
    """32,000 signs, as typed and as HTML, each written in the longest way JSON knows."""
    long = "\N{GRINNING FACE}" * 32_000
    assert (await line.post(raw=long, cooked=f"<p>{long}</p>"))[0] == 200
    assert line.woken == [CREATED]


@pytest.mark.parametrize("instance", ["https://forum.example", "https://evil.example/talk", "", "forum"])
async def test_another_forum_is_refused(line: Line, instance: str) -> None:
    """Two forums that share a secret are told apart."""
    status, said = await line.send(BODY, X_Discourse_Instance=instance)
    assert (status, said) == (403, {"error": "This is another forum's webhook."})
    assert (line.woken, dict(line.hook.rejected)) == ([], {"instance": 1})


@pytest.mark.parametrize("ours", ["https://forum.example/talk/", "http://FORUM.example/talk"])
async def test_the_forum_is_known_by_its_address(ours: str) -> None:
    """A slash, capitals and the scheme make no difference."""
    line = Line(ours)
    await line.post()
    assert line.woken == [CREATED]


async def test_the_same_call_wakes_once(line: Line) -> None:
    """The forum's second delivery of the same bytes, whatever its headers now say, is taken and wakes nobody."""
    await line.post()
    for event in sorted(EVENTS):
        assert await line.send(BODY, event) == (200, {"ok": True})
    assert line.woken == [CREATED]


async def test_the_same_news_in_other_words_wakes_once(line: Line) -> None:
    """A retry is written anew: what counts is the event, the post, its version and when it was changed."""
    await line.post(topic_posts_count=3)
    await line.post(topic_posts_count=4)
    assert line.woken == [CREATED]


@pytest.mark.parametrize(
    ("version", "updated"),
    [(2, "2026-11-25T07:05:00.000Z"), (1, "2026-11-25T07:01:00.000Z"), (2, "2026-11-25T07:00:00.000Z")],
    ids=["edited", "edited in the first minutes", "a version more"],
)
async def test_an_edit_is_news_and_what_it_overtook_is_not(line: Line, version: int, updated: str) -> None:
    """A newer state wakes after an older one, but not the other way round."""
    edited = {"version": version, "updated_at": updated}
    await line.post()
    await line.post("post_edited", **edited)
    assert [wake.kind for wake in line.woken] == ["post_created", "post_edited"]
    late = Line()
    await late.post("post_edited", **edited)
    await late.post()
    assert [wake.kind for wake in late.woken] == ["post_edited"]


async def test_fewer_versions_can_be_newer(line: Line) -> None:
    """A moderator who takes revisions away leaves a lower version, changed later: that is news."""
    await line.post(version=5)
    await line.post("post_edited", version=1, updated_at="2026-11-25T08:00:00.000Z")
    assert [wake.version for wake in line.woken] == [5, 1]


async def test_posts_do_not_overtake_each_other(line: Line) -> None:
    """What is newer is so for its own post alone."""
    await line.post(id=2, updated_at="2026-11-25T09:00:00.000Z")
    await line.post(id=1)
    assert [wake.post_id for wake in line.woken] == [2, 1]


async def test_the_memory_has_an_end(line: Line) -> None:
    """The oldest calls are forgotten, the newest thousand are not, however many come."""
    for number in range(1, REMEMBERED + 2):
        await line.post(id=number)
    line.woken.clear()
    await line.post(id=2)
    assert line.woken == []
    await line.post(id=1)
    assert [wake.post_id for wake in line.woken] == [1]


async def test_a_flood_of_forgeries_is_a_line_a_minute(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    """The first is told at once, the others are counted and told together; no line holds a secret."""
    for _ in range(500):
        await line.send(BODY, secret="guess")  # noqa: S106 - a forger's
        line.clock.passed += 0.1
    await line.send(b"{")
    line.clock.passed += 60
    await line.send(BODY, secret="guess")  # noqa: S106 - a forger's
    told = [record.getMessage().rpartition(": ")[2] for record in caplog.records]
    assert told == ["signature 1", "json 1, signature 500"]
    assert all(record.levelno == logging.WARNING for record in caplog.records)
    assert dict(line.hook.rejected) == {"signature": 501, "json": 1}
    assert SECRET not in caplog.text + repr(line.hook)


def test_a_hook_needs_a_secret() -> None:
    """Without one, everybody could sign."""
    with pytest.raises(ValueError, match="secret"):
        Hook("", clock=Hands(), wake=lambda _: None, instance=FORUM)


HEADERS = st.sampled_from(
    ["X-Discourse-Event-Signature", "x-discourse-event", "X-Discourse-Instance", "X-Discourse-Event-Id"]
)
VALUES = (
    st.text(max_size=80)
    | st.sampled_from(["post_created", FORUM, signature(BODY), signature(b""), signature(BODY, "")])
    | st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256={}".format)
)


@given(st.dictionaries(HEADERS | st.text(max_size=8), VALUES), st.binary(max_size=64) | st.just(BODY))
async def test_nobody_else_can_wake_us(headers: Mapping[str, str], body: bytes) -> None:
    """Any bytes under any headers get a proper answer, and wake nobody unless rightly signed."""
    line = Line()
    status, _, said = await line.hook(headers, body)
    assert status in (200, 400, 403, 413)
    assert isinstance(json.loads(said), dict)
    signed = signature(body) in headers.values()
    assert signed or status == 403
    assert signed or not line.woken


STRANGE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
EDGES = st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "\ud800", "2026-11-25"])


@given(st.dictionaries(st.sampled_from(sorted(POST)), STRANGE | EDGES), st.sampled_from(sorted(EVENTS)))
async def test_no_signed_post_is_too_strange(fields: dict[str, Any], event: str) -> None:
    """Whatever the forum signs, the answer is 200, and a wake-up names a post that could be there."""
    line = Line()
    assert (await line.post(event, **fields))[0] == 200
    assert all(wake.post_id is not None and 0 < wake.post_id < 2**63 for wake in line.woken)
    assert line.woken or "id" in fields

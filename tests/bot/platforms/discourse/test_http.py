"""The client: what it sends, how it waits, what it tries again, and what it never gives away."""

import asyncio
import random
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.errors import PlatformError, Refused, Retryable
from bot.platforms.discourse.bodies import json_body, multipart_body
from bot.platforms.discourse.budget import Budget, Priority
from bot.platforms.discourse.errors import (
    Busy,
    DiscourseError,
    Forbidden,
    Invalid,
    Missing,
    ReadOnly,
    Unreachable,
)
from bot.platforms.discourse.http import Http
from tests.bot.platforms.discourse.little import (
    BROKEN,
    KEY,
    Answering,
    Little,
    QuickClock,
    Say,
    little,
    reset,
)

REPLY, POLL, CHORE = Priority
BODY = json_body({"raw": "Grüße *an* alle", "topic_id": 7})
OK = Say(plain={"id": 1})


async def test_every_request_is_signed(forum: Little, http: Http) -> None:
    """Key, name and what we can read go with each request; paths hang off the forum's folder."""
    forum.says(OK)
    assert await http.get("/t/5/posts.json", {"post_ids[]": [1, 2]}, priority=POLL) == {"id": 1}
    await http.post("/posts.json", BODY, priority=REPLY)
    await http.put("/posts/1.json", BODY, priority=REPLY)
    await http.delete("/posts/1.json", priority=CHORE)
    assert [(seen.method, seen.path) for seen in forum.seen] == [
        ("GET", "/forum/t/5/posts.json"),
        ("POST", "/forum/posts.json"),
        ("PUT", "/forum/posts/1.json"),
        ("DELETE", "/forum/posts/1.json"),
    ]
    assert forum.seen[0].query == {"post_ids[]": ["1", "2"]}
    assert forum.seen[1].body == '{"raw":"Grüße *an* alle","topic_id":7}'.encode()
    for seen in forum.seen:
        assert seen.headers["api-key"] == KEY
        assert seen.headers["api-username"] == "sgbot"
        assert seen.headers["accept"] == "application/json"
        assert "cookie" not in seen.headers
        assert "discourse-present" not in seen.headers


async def test_the_newest_answer_is_kept(forum: Little, http: Http) -> None:
    """Whom the forum took us for and what its clock said can be read afterwards, also after a refusal."""
    date = {"Date": "Wed, 25 Nov 2026 07:00:00 GMT"}
    forum.says(Say(status=403, headers={"X-Discourse-Username": "sgbot", **date}))
    assert http.last is None
    with pytest.raises(Forbidden):
        await http.get("/session/current.json", priority=CHORE)
    assert http.last is not None
    assert (http.last.username, http.last.status) == ("sgbot", 403)
    assert http.last.server_time == datetime(2026, 11, 25, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "kind", "above"),
    [
        (400, Invalid, Refused),
        (401, Forbidden, Refused),
        (403, Forbidden, Refused),
        (404, Missing, Refused),
        (409, Invalid, Refused),
        (410, Missing, Refused),
        (413, Invalid, Refused),
        (422, Invalid, Refused),
        (429, Busy, Retryable),
        (500, Unreachable, Retryable),
        (502, Unreachable, Retryable),
        (503, Unreachable, Retryable),
    ],
)
async def test_each_refusal_has_its_error(
    forum: Little, http: Http, status: int, kind: type[DiscourseError], above: type[PlatformError]
) -> None:
    """A status of the forum is one of our errors, which says what was asked and the forum's first sentence."""
    forum.says(Say(status=status, plain={"errors": ["Das geht nicht.", "Wirklich nicht."]}))
    with pytest.raises(kind, match=rf"GET /posts/1.json: {status}: Das geht nicht\.") as refused:
        await http.get("/posts/1.json", priority=POLL)
    assert isinstance(refused.value, above)
    assert not refused.value.ambiguous
    if isinstance(refused.value, Invalid):
        assert (refused.value.status, len(refused.value.errors)) == (status, 2)


async def test_a_forum_that_only_reads_asks_to_wait(forum: Little, http: Http) -> None:
    """503 with `read_only` did nothing for sure, and names a time; it is not tried again at once."""
    forum.says(Say(status=503, plain={"errors": ["Read only."], "error_type": "read_only"}))
    with pytest.raises(ReadOnly) as refused:
        await http.post("/posts.json", BODY, priority=REPLY)
    assert (refused.value.after, refused.value.ambiguous, len(forum.seen)) == (30.0, False, 1)


LIMITS = {
    "the header wins": (
        Say(
            status=429,
            plain={"error_type": "rate_limit", "extras": {"wait_seconds": 50}},
            headers={"Retry-After": "25", "Discourse-Rate-Limit-Error-Code": "admin_api_key_rate_limit"},
        ),
        26.0,
        True,
    ),
    "JSON": (Say(status=429, plain={"error_type": "rate_limit", "extras": {"wait_seconds": 50}}), 51.0, False),
    "JSON without a time": (Say(status=429, plain={"errors": ["Slow down"]}), 11.0, False),
    "a header that is no number": (Say(status=429, text="x", headers={"Retry-After": "soon"}), 11.0, True),
    "an address limit": (
        Say(
            status=429,
            text="Slow down, too many requests",
            headers={"Retry-After": "9", "Discourse-Rate-Limit-Error-Code": "ip_10_secs_limit"},
        ),
        10.0,
        True,
    ),
    "text": (Say(status=429, text="Slow down, too many requests"), 11.0, True),
    "the web server's page": (Say(status=429, text="<html><h1>429 Too Many Requests</h1></html>"), 15.0, True),
    "more than a day": (Say(status=429, text="x", headers={"Retry-After": "9" * 30}), 86_400.0, True),
}


@pytest.mark.parametrize(("answer", "after", "everybody"), LIMITS.values(), ids=LIMITS)
async def test_all_shapes_of_too_many(
    forum: Little, http: Http, budget: Budget, answer: Say, after: float, everybody: bool
) -> None:
    """Each shape of 429 says how long to wait, and a limit on all we ask makes everybody rest."""
    forum.says(answer)
    with pytest.raises(Busy) as busy:
        await http.post("/posts.json", BODY, priority=CHORE)
    assert (busy.value.after, len(forum.seen)) == (after, 1)
    if everybody:
        with pytest.raises(Busy) as resting:
            await budget.take(REPLY, patience=1.0)
        assert resting.value.after == pytest.approx(after, abs=1.0)
    else:
        await budget.take(REPLY, patience=0.0)


async def test_a_reply_waits_a_moment(forum: Little, http: Http, clock: QuickClock) -> None:
    """When the gap between posts is what it takes, a reply waits for it and sends the same bytes again."""
    short = Say(status=429, plain={"extras": {"wait_seconds": 4}}, headers={"Retry-After": "4"})
    forum.says(short, OK)
    assert await http.post("/posts.json", BODY, priority=REPLY) == {"id": 1}
    assert clock.slept == [5.0]
    assert forum.seen[0].body == forum.seen[1].body


async def test_a_reply_waits_no_minute(forum: Little, http: Http, budget: Budget) -> None:
    """A long wait is handed to whoever asked, be it the forum's or our own; nothing is sent meanwhile."""
    forum.says(Say(status=429, text="Slow down", headers={"Retry-After": "40"}), OK)
    with pytest.raises(Busy) as busy:
        await http.post("/posts.json", BODY, priority=REPLY)
    assert busy.value.after == 41.0
    with pytest.raises(Busy) as again:
        await http.post("/posts.json", BODY, priority=REPLY)
    assert again.value.after == pytest.approx(41.0, abs=1.0)
    assert len(forum.seen) == 1
    await http.get("/posts.json", priority=POLL)  # which waits as long as it takes
    assert sum(budget.taken.values()) == 2


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
async def test_writing_is_tried_three_times_with_the_same_bytes(
    forum: Little, http: Http, clock: QuickClock, answer: Answering
) -> None:
    """What breaks off is asked again after a random wait, byte for byte; then nobody knows whether it was done."""
    forum.says(answer)
    with pytest.raises(Unreachable) as failed:
        await http.post("/posts.json", BODY, priority=REPLY)
    assert failed.value.ambiguous
    assert len(forum.seen) == 3
    assert len({seen.body for seen in forum.seen}) == 1
    assert len(clock.slept) == 2
    assert 0 <= clock.slept[0] <= 2
    assert 0 <= clock.slept[1] <= 4


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
async def test_reading_is_tried_twice(forum: Little, http: Http, answer: Answering) -> None:
    """A read that breaks off once succeeds; twice is a failure, and harmless."""
    forum.says(answer, OK)
    assert await http.get("/posts/1.json", priority=POLL) == {"id": 1}
    forum.says(answer)
    with pytest.raises(Unreachable) as failed:
        await http.get("/posts/1.json", priority=POLL)
    assert not failed.value.ambiguous
    assert len(forum.seen) == 4 or answer is reset  # the library replaces a kept connection that was closed


async def test_nothing_is_tried_again_when_the_forum_has_forgotten(forum: Little, http: Http) -> None:
    """After a hundred seconds the same bytes would make a second post: then there is no other try."""
    clock = SlowClock()
    late = Http(
        forum.url,
        key=KEY,
        username="sgbot",
        budget=Budget(clock),
        clock=clock,
        chance=random.Random(7),  # noqa: S311 - for waiting times
        timeout=60,
    )

    async def after_a_while(_request: web.Request) -> web.StreamResponse:
        clock.passed += 60
        return web.Response(status=502)

    forum.says(after_a_while)
    with pytest.raises(Unreachable) as failed:
        await late.post("/posts.json", BODY, priority=REPLY)
    assert failed.value.ambiguous
    assert len(forum.seen) == 2
    await late.close()


async def test_a_try_whose_turn_comes_too_late_is_left_out(forum: Little) -> None:
    """A chore that waits for its turn until the forum has forgotten its first try is not sent again."""
    clock = SlowClock()
    budget = Budget(clock, per_minute=1)
    late = Http(
        forum.url,
        key=KEY,
        username="sgbot",
        budget=budget,
        clock=clock,
        chance=random.Random(7),  # noqa: S311 - for waiting times
        timeout=60,
    )

    async def and_rest(_request: web.Request) -> web.StreamResponse:
        budget.rest(110)
        return web.Response(status=502)

    forum.says(and_rest)
    with pytest.raises(Busy) as failed:
        await late.post("/posts.json", BODY, priority=CHORE)
    assert failed.value.ambiguous
    assert len(forum.seen) == 1
    await late.close()


async def test_doubt_is_not_forgotten(forum: Little, http: Http) -> None:
    """When the first try broke off, a later refusal does not mean that nothing was done."""
    forum.says(Say(status=502), Say(status=422, plain={"errors": ["Body is too similar"]}))
    with pytest.raises(Invalid) as refused:
        await http.post("/posts.json", BODY, priority=REPLY)
    assert refused.value.ambiguous
    forum.says(Say(status=422, plain={"errors": ["Body is too short"]}))
    with pytest.raises(Invalid) as refused:
        await http.post("/posts.json", BODY, priority=REPLY)
    assert not refused.value.ambiguous


async def test_a_connection_that_never_was_has_done_nothing(clock: QuickClock, budget: Budget) -> None:
    """Where nobody listens nothing was done: that is told apart from silence."""
    async with little() as gone:
        url = gone.url
    http = Http(url, key=KEY, username="sgbot", budget=budget, clock=clock, chance=random.Random(7))  # noqa: S311
    with pytest.raises(Unreachable) as failed:
        await http.post("/posts.json", BODY, priority=REPLY)
    assert not failed.value.ambiguous
    assert len(clock.slept) == 2
    await http.close()


def test_a_file_is_the_same_bytes_again() -> None:
    """A form with a file is encoded without chance, and its name cannot break out of its header."""
    one, two = (
        multipart_body(
            {"type": "composer"}, filename='a"\r\nX: é.png', content_type="image/png", content=b"\x89PNG"
        )
        for _ in range(2)
    )
    assert one == two
    assert b'filename="a---X--\xc3\xa9.png"' in one.content


async def test_many_at_once_share_one_client(forum: Little, http: Http, budget: Budget) -> None:
    """Requests run beside each other, and each takes its turn from the budget."""
    forum.says(OK)
    await asyncio.gather(*(http.get(f"/posts/{each}.json", priority=POLL) for each in range(20)))
    assert len({seen.path for seen in forum.seen}) == 20
    assert budget.taken[POLL] == 20


class SlowClock:
    """Time passes when a test says so, and when somebody sleeps."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Let them pass."""
        self.passed += seconds
        await asyncio.sleep(0)

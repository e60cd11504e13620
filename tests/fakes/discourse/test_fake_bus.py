"""The fake's message bus, held against what a real one was seen to send."""

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from tests.fakes.discourse import openapi
from tests.fakes.discourse.bus import BACKLOG, Bus
from tests.fakes.discourse.conftest import Forum

POLL = "/message-bus/0123abc/poll"
CAPTURED: dict[str, Any] = {"topic_id": 11, "message_type": "latest", "payload": {"category_id": 5}}


def told(answer: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Channel and number of each message; of a status what it says."""
    return [
        (each["channel"], each["data"] if each["channel"] == "/__status" else each["message_id"])
        for each in answer
    ]


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (-1, [("/__status", {"/latest": 2})]),
        (1, [("/latest", 2)]),
        (0, [("/latest", 1), ("/latest", 2)]),
        (-2, [("/latest", 2)]),
        (-3, [("/latest", 1), ("/latest", 2)]),
        (-9, [("/latest", 1), ("/latest", 2)]),
        (99, [("/__status", {"/latest": 2})]),
        (2, []),
    ],
    ids=["from now", "since 1", "from 0", "last one", "last two", "more than all", "ahead", "nothing new"],
)
def test_positions(position: int, expected: list[Any]) -> None:
    """Captures 1 to 4 and 8: what a position is answered with."""
    bus = Bus()
    bus.publish("/latest", CAPTURED)
    bus.publish("/latest", CAPTURED)
    assert told(bus.answer({"/latest": position}, None)) == expected


def test_a_channel_that_never_spoke() -> None:
    """Capture 1: its position is 0."""
    assert told(Bus().answer({"/latest": -1}, None)) == [("/__status", {"/latest": 0})]


def test_who_may_not_read_is_told_where_it_stands() -> None:
    """Captures 5 and 6: the stranger's position advances in silence, the reader gets the message."""
    bus = Bus()
    bus.publish("/notification/7", {"unread_notifications": 1}, frozenset({7}))
    assert told(bus.answer({"/notification/7": 0}, None)) == [("/__status", {"/notification/7": 1})]
    assert told(bus.answer({"/notification/7": 0}, 7)) == [("/notification/7", 1)]


def test_what_was_forgotten_is_not_mentioned() -> None:
    """Capture 7: after a trim the numbers simply jump; a channel keeps a hundred by itself."""
    bus = Bus()
    for n in range(11):
        bus.publish("/latest", {"topic_id": n})
    bus.trim("/latest", 5)
    assert told(bus.answer({"/latest": 2}, None)) == [("/latest", n) for n in range(7, 12)]
    for n in range(BACKLOG + 1):
        bus.publish("/latest", {"topic_id": n})
    assert len(bus.answer({"/latest": 0}, None)) == BACKLOG
    bus.reset()
    assert told(bus.answer({"/latest": 112}, None)) == [("/__status", {"/latest": 0})]


async def test_a_poll_that_is_answered_at_once(forum: Forum) -> None:
    """With dlp=t the answer comes at once, from a form or from JSON, with the headers that were captured."""
    form = await forum.ask("POST", f"{POLL}?dlp=t", data={"/latest": "-1", "__seq": "1"})
    assert told(form.body) == [("/__status", {"/latest": 1})]
    assert form.headers["Content-Type"] == "application/json; charset=utf-8"
    assert form.headers["cache-control"] == "must-revalidate, private, max-age=0"
    found = await forum.ask("POST", f"{POLL}?dlp=t", json={"/latest": 0})
    assert found.body[0]["data"]["topic_id"] == forum.topic.id
    assert (await forum.ask("POST", f"{POLL}?dlp=t", json={"/latest": 1})).text == "[]"


def capture(name: str) -> tuple[set[str], str]:
    """The names of the headers and the body that a real server sent."""
    try:
        path = next(openapi.contract("discourse-messagebus-wire").glob(f"{name}_*.http"))
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    head, _, body = path.read_bytes().decode().partition("\r\n\r\n")
    return {line.split(":")[0].lower() for line in head.splitlines()[1:]}, body.rstrip("\n")


@pytest.mark.parametrize(
    ("name", "messages", "body"),
    [
        ("01", 0, {"data": {"/latest": "-1"}}),
        ("02", 2, {"data": {"/latest": "1", "__seq": "2"}}),
        ("03", 2, {"json": {"/latest": -3}}),
        ("04", 2, {"data": {"/latest": "99"}}),
        ("08", 2, {"data": {"/latest": "2"}}),
    ],
)
async def test_as_it_was_captured(forum: Forum, name: str, messages: int, body: dict[str, Any]) -> None:
    """The same messages and the same poll make the same answer, to the letter, under the same headers."""
    headers, expected = capture(name)
    forum.site.bus.reset()
    for n in range(messages):
        payload = {"category_id": 5, "archetype": "regular"}
        forum.site.bus.publish("/latest", {"topic_id": 11 + n, "message_type": "latest", "payload": payload})
    answer = await forum.ask("POST", f"{POLL}?dlp=t", **body)
    assert answer.text == expected
    assert headers <= {header.lower() for header in answer.headers}


async def test_pieces_as_they_were_captured(forum: Forum) -> None:
    """Capture 9: the chunks on the wire are the same, frame for frame."""
    headers, expected = capture("09")
    for n in range(11):
        forum.site.bus.publish("/test", {"topic_id": n})
    forum.site.poll_seconds = 0.3
    forum.site.bus.total = 11
    later = partial(forum.site.bus.publish, "/test", {"topic_id": 77})
    asyncio.get_running_loop().call_later(0.05, later)
    reader, writer = await asyncio.open_connection("127.0.0.1", forum.server.port)
    writer.write(
        f"POST {POLL} HTTP/1.1\r\nHost: forum\r\nContent-Type: application/json\r\n"
        'Content-Length: 12\r\n\r\n{"/test":11}'.encode()
    )
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    # "/test" is two letters shorter than "/latest": 0x50 bytes where the capture has 0x52.
    assert body.strip() == expected.strip().replace("/latest", "/test").replace("52\r\n", "50\r\n")
    assert headers <= {line.split(":")[0].lower() for line in head.splitlines()[1:]}


async def test_a_poll_that_waits(forum: Forum) -> None:
    """Captures 10 and 11: without chunks the answer is the next message, or nothing when the time is over."""
    forum.site.poll_seconds = 5
    later = partial(forum.site.say, forum.ada, "something new", topic=forum.topic)
    asyncio.get_running_loop().call_later(0.05, later)
    found = await forum.ask("POST", POLL, data={"/latest": "1"}, headers={"Dont-Chunk": "true"})
    assert told(found.body) == [("/latest", 2)]
    forum.site.poll_seconds = 0.05
    nothing = await forum.ask("POST", POLL, data={"/latest": "2"}, headers={"Dont-Chunk": "true"})
    assert nothing.text == "[]"


async def test_a_poll_in_pieces(forum: Forum) -> None:
    """Capture 9: first an empty piece, then each message, at the end an empty one; two types of content."""
    forum.site.poll_seconds = 0.3
    headers = {"Api-Key": forum.key, "Api-Username": "bot"}
    async with forum.http.post(forum.server.url + POLL, data={"/latest": "1"}, headers=headers) as response:
        assert len(response.headers.getall("Content-Type")) == 2
        assert response.headers["Transfer-Encoding"] == "chunked"
        pieces = [await response.content.readuntil(b"\r\n|\r\n")]
        forum.site.say(forum.ada, "something new", topic=forum.topic)
        pieces.append(await response.content.readuntil(b"\r\n|\r\n"))
        pieces.append(await response.content.read())
    texts = [piece.decode().removesuffix("\r\n|\r\n") for piece in pieces]
    assert [told(json.loads(text)) for text in texts] == [[], [("/latest", 2)], []]


async def test_a_strangers_poll(forum: Forum) -> None:
    """A scoped key and an empty budget make a stranger of the caller, who hears nothing of it."""
    forum.site.present(forum.bot)
    forum.site.say(forum.ada, "a word for @bot", topic=forum.topic)
    channel = f"/notification/{forum.bot.id}"
    wanted = {channel: "0"}
    assert told((await forum.ask("POST", f"{POLL}?dlp=t", data=wanted)).body) == [(channel, 1)]
    scoped = forum.site.key(forum.bot, scopes=("global:read",))
    status = [("/__status", {channel: 1})]
    assert told((await forum.ask("POST", f"{POLL}?dlp=t", key=scoped, data=wanted)).body) == status
    forum.site.settings["max_admin_api_reqs_per_minute"] = 1
    assert told((await forum.ask("POST", f"{POLL}?dlp=t", data=wanted)).body) == status
    forum.site.settings["login_required"] = True
    assert (await forum.anybody("POST", f"{POLL}?dlp=t", data=wanted)).status == 403


async def test_who_is_notified_live(forum: Forum) -> None:
    """Live notifications go to who was present within thirty days; a request is presence only if it says so."""
    channel = f"/notification-alert/{forum.bot.id}"

    async def heard() -> int:
        forum.site.say(forum.ada, "a word for @bot", topic=forum.topic)
        return forum.site.bus.last(channel)

    await forum.ask("GET", "/posts.json")
    assert await heard() == 0
    await forum.ask("GET", "/posts.json", headers={"Discourse-Present": "true"})
    assert await heard() == 1
    forum.clock.move(days=31)
    assert await heard() == 1


async def test_channels_of_a_topic(forum: Forum) -> None:
    """A topic's channel tells of replies, edits and deletions, not of its beginning; messages are not for all."""
    channel = f"/topic/{forum.topic.id}"
    assert forum.site.bus.last(channel) == 0
    post = forum.site.say(forum.ada, "one more", topic=forum.topic)
    forum.site.change(post, "one more, changed")
    forum.site.delete(post)
    found = forum.site.bus.answer({channel: 0}, None)
    assert [each["data"]["type"] for each in found] == ["created", "revised", "deleted"]
    message = forum.site.message(forum.ada, [forum.bot], "A word", "between us")
    forum.site.say(forum.ada, "and another", topic=message)
    private = f"/topic/{message.id}"
    assert told(forum.site.bus.answer({private: 0}, None)) == [("/__status", {private: 1})]
    assert told(forum.site.bus.answer({private: 0}, forum.bot.id)) == [(private, 1)]
    forum.site.read_only = True
    assert forum.site.bus.last("/site/read-only") == 1

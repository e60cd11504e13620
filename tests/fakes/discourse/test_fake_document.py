"""The fake against the forum's official API document: its answers loosely, and what the judge of requests says."""

import io
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.fakes.discourse import openapi, undocumented
from tests.fakes.discourse.conftest import Forum

LONG = "A sentence that is long enough to be a post, number {}."

pytestmark = pytest.mark.usefixtures("document")

READS = (
    "/posts.json",
    "/posts/{post}.json",
    "/t/{topic}.json",
    "/t/{topic}/posts.json?post_ids[]={post}",
    "/t/{message}.json",
    "/notifications.json",
    "/groups/admins/members.json",
    "/categories.json",
    "/c/{category}/show.json",
    "/c/general/{category}.json",
    "/latest.json",
    "/tags.json",
    "/site.json",
    "/site/basic-info.json",
    "/u/ada.json",
    "/topics/private-messages/bot.json",
)


def file(data: bytes, **fields: str) -> aiohttp.FormData:
    """A multipart body with a picture."""
    form = aiohttp.FormData(fields)
    form.add_field("file", data, filename="plot.png", content_type="image/png")
    return form


def png() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (3, 2)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("path", READS)
async def test_what_is_read_has_the_documented_shape(forum: Forum, path: str) -> None:
    """Each answer has the required fields, of the documented types, but for the table of known errors."""
    site = forum.site
    site.user("eve", admin=True)
    site.tag("week-1")
    forum.topic.tags = ("week-1",)
    reply = site.say(forum.ada, "a word for @bot", topic=forum.topic, reply_to=1)
    message = site.message(forum.ada, [forum.bot], "A word", "between us")
    path = path.format(post=reply.id, topic=forum.topic.id, message=message.id, category=site.general.id)
    answer = await forum.ask("GET", path)
    assert answer.status == 200
    assert openapi.differences("GET", site.requests[-1].path, answer.body) == []
    assert openapi.problems(site.requests[-1]) == []


async def test_what_is_written_has_the_documented_shape(forum: Forum) -> None:
    """The same holds for the answers to writes, and the requests are as documented."""
    forum.bot.trust = 4
    topic = f"/t/{forum.topic.id}"
    writes: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/posts.json", {"json": {"raw": LONG.format(1), "topic_id": forum.topic.id}}),
        ("PUT", "/posts/2.json", {"json": {"post": {"raw": LONG.format(2), "edit_reason": "more"}}}),
        ("PUT", f"{topic}/status.json", {"json": {"status": "pinned", "enabled": "true"}}),
        ("POST", f"{topic}/timer.json", {"json": {"time": "2026-11-26", "status_type": "close"}}),
        ("PUT", f"/t/-/{forum.topic.id}.json", {"json": {"topic": {"title": "Chapter 10: more of the same"}}}),
        ("PUT", "/notifications/mark-read.json", {"json": {"id": 1}}),
        ("POST", "/uploads.json", {"data": file(png(), upload_type="composer", type="composer")}),
    ]
    for method, path, more in writes:
        answer = await forum.ask(method, path, **more)
        assert answer.status == 200, (path, answer.text)
        assert openapi.differences(method, path, answer.body) == []
        assert openapi.problems(forum.site.requests[-1]) == []


def test_a_lack_is_noticed() -> None:
    """A field that is missing or of another type is a difference."""
    assert openapi.differences("GET", "/posts.json", {}) == ["latest_posts is missing"]
    assert openapi.differences("GET", "/posts.json", {"latest_posts": 1}) == ["latest_posts is 1, not array"]
    found = openapi.differences("GET", "/posts.json", {"latest_posts": [{}]})
    assert "latest_posts.*.username is missing" in found
    assert not [each for each in found if "reply_to_post_number" in each]


@pytest.mark.parametrize(
    ("method", "path", "more", "said"),
    [
        ("GET", "/post.json", {}, ["no such endpoint"]),
        ("PUT", "/posts.json", {"json": {}}, ["no such endpoint"]),
        ("GET", "/posts.json?before=x", {}, ["before is 'x', not integer"]),
        ("GET", "/posts.json?after=1", {}, ["no such parameter: after"]),
        ("POST", "/posts.json", {"json": {"topic_id": "1", "raw": "x"}}, ["topic_id is '1', not integer"]),
        ("POST", "/posts.json", {"data": {"topic_id": "1", "raw": "x"}}, []),
        ("POST", "/posts.json", {"json": {"topic_id": 1}}, ["raw is missing"]),
        ("PUT", "/posts/1.json", {"json": {"post": {"text": "x"}}}, ["no such parameter: post.text"]),
        ("PUT", "/posts/1.json", {"json": {"post": {"raw": "x", "original_text": "y"}}}, []),
        (
            "PUT",
            "/t/1/status.json",
            {"json": {"status": "open", "enabled": "true"}},
            ["status is 'open', none of closed, pinned, pinned_globally, archived, visible"],
        ),
        ("GET", "/t/1/posts.json?post_ids[]=1&post_ids[]=2&include_raw=true", {}, []),
        ("GET", "/t/1/posts.json?post_ids[]=x", {}, ["post_ids is 'x', not integer"]),
        ("POST", "/uploads.json", {"data": {"upload_type": "composer"}}, ["the body has to be multipart"]),
        ("POST", "/message-bus/abc/poll?dlp=t", {"data": {"/latest": "-1", "__seq": "1"}}, []),
        ("GET", "/session/current.json?x=1", {}, ["no such parameter: x"]),
    ],
)
async def test_the_judge_of_requests(
    forum: Forum, method: str, path: str, more: dict[str, Any], said: list[str]
) -> None:
    """A request with another path, parameter, type or form than documented is told so."""
    await forum.ask(method, path, **more)
    assert [each.split(": ", 1)[1] for each in openapi.problems(forum.site.requests[-1])] == said


async def test_headers_are_documented_too(forum: Forum) -> None:
    """Where the document asks for key and name, both have to be there."""
    await forum.anybody("GET", "/t/1.json")
    assert len(openapi.problems(forum.site.requests[-1])) == 2


def test_no_exception_outlives_the_document() -> None:
    """Each entry of the tables names an endpoint that the document has, or lacks, as the entry says."""
    paths = openapi.document()["paths"]
    for method, template, _ in undocumented.LIES:
        assert method.lower() in paths[template]
    for method, template in undocumented.PARAMETERS:
        assert method.lower() in paths[template]
    assert all(reason for reason in undocumented.LIES.values())

"""Uploads and polls of the fake forum."""

import io
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.fakes.discourse import Problem
from tests.fakes.discourse.conftest import Answered, Forum
from tests.fakes.discourse.polls import open_results

LIST = "* Goodfellow\n* Bishop\n* Murphy"
POLL = "What next?\n\n[poll name=week1 type={kind} results={results} {more}]\n{list}\n[/poll]"


def picture(width: int = 30, height: int = 20, *, noise: bool = False) -> bytes:
    """A PNG; with noise it is large, and like a photograph."""
    image = Image.new("RGB", (width, height))
    if noise:
        image = Image.effect_noise((width // 8, height // 8), 90).convert("RGB").resize((width, height))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


async def send(forum: Forum, data: bytes, name: str = "plot.png", **fields: str) -> Answered:
    """Upload a file."""
    form = aiohttp.FormData({"upload_type": "composer"} | fields)
    form.add_field("file", data, filename=name, content_type="application/octet-stream")
    return await forum.ask("POST", "/uploads.json", data=form)


async def test_equal_bytes_are_one_upload(forum: Forum) -> None:
    """A picture is measured by its bytes; the same ones are the same upload, and can be fetched."""
    first, again = await send(forum, picture()), await send(forum, picture(), "other.png")
    assert (first.body["width"], first.body["height"], first.body["extension"]) == (30, 20, "png")
    assert (first.body["id"], first.body["short_url"]) == (again.body["id"], again.body["short_url"])
    assert (await send(forum, picture(31))).body["id"] != first.body["id"]
    async with forum.http.get(forum.server.url + first.body["url"]) as response:
        assert await response.read() == picture()


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("plan.ics", b"BEGIN:VCALENDAR", 422),
        ("broken.png", b"no picture at all", 422),
        ("huge.png", picture(1)[:16] + b"\x00\x00\x40\x00\x00\x00\x40\x00" + picture(1)[24:], 422),
        ("photo.jpg", picture(), 200),
    ],
    ids=["kind", "broken", "pixels", "jpg"],
)
async def test_what_may_be_uploaded(forum: Forum, name: str, data: bytes, status: int) -> None:
    """Only pictures, whole ones, and of a bounded size."""
    assert (await send(forum, data, name)).status == status


async def test_a_file_is_fetched_by_its_short_name(forum: Forum) -> None:
    """As posts call it; where files are kept at another host, one is sent on there."""
    forum.site.settings["authorized_extensions"] += "|md"
    made = await send(forum, b"1. Why?", "notes.md")
    address = forum.server.url + made.body["short_path"]
    async with forum.http.get(address) as response:
        assert (response.status, await response.read()) == (200, b"1. Why?")
    forum.site.files_at = "https://bucket.example.net"
    async with forum.http.get(address, allow_redirects=False) as response:
        assert response.status == 302
        assert response.headers["Location"].startswith("https://bucket.example.net/")
    async with forum.http.get(f"{forum.server.url}/uploads/short-url/none.md") as response:
        assert response.status == 404


async def test_large_files_are_refused(forum: Forum) -> None:
    """Above max_image_size_kb a file is a 422; without a purpose or a file it is a 400."""
    forum.site.settings |= {"max_image_size_kb": 50, "png_to_jpg_quality": 100}
    assert (await send(forum, picture(400, 400, noise=True))).status == 422
    assert (await send(forum, picture(), upload_type="anything")).status == 400
    assert (await forum.ask("POST", "/uploads.json", data={"upload_type": "composer"})).status == 400


async def test_a_large_png_comes_back_as_a_jpeg(forum: Forum) -> None:
    """The extension that is returned may be another than the one that was sent."""
    made = await send(forum, picture(900, 900, noise=True))
    assert made.body["extension"] == "jpeg"
    assert made.body["short_url"].endswith(".jpeg")
    assert (made.body["thumbnail_width"], made.body["thumbnail_height"]) == (500, 500)


def poll(kind: str = "regular", results: str = "always", more: str = "") -> str:
    """A post with a poll."""
    return POLL.format(list=LIST, kind=kind, results=results, more=more)


async def test_votes(forum: Forum) -> None:
    """Everybody has one vote, the last; a closed poll takes none."""
    post = forum.site.say(forum.ada, poll(more="public=true"), topic=forum.topic)
    shown = (await forum.ask("GET", f"/posts/{post.id}.json")).body["polls"][0]
    ids = {option["html"]: option["id"] for option in shown["options"]}

    async def vote(*names: str) -> Answered:
        body = {"post_id": post.id, "poll_name": "week1", "options": [ids[name] for name in names]}
        return await forum.ask("PUT", "/polls/vote.json", json=body)

    assert (await vote("Bishop", "Murphy")).status == 422
    await vote("Bishop")
    assert (await vote("Murphy")).body["poll"]["voters"] == 1
    forum.site.vote(forum.ada, post, "week1", ["Murphy"])
    found = (await forum.ask("GET", f"/posts/{post.id}.json")).body
    assert [option["votes"] for option in found["polls"][0]["options"]] == [0, 0, 2]
    assert found["polls_votes"] == {"week1": [ids["Murphy"]]}
    who = await forum.ask("GET", f"/polls/voters.json?post_id={post.id}&poll_name=week1")
    assert [user["username"] for user in who.body["voters"][ids["Murphy"]]] == ["bot", "ada"]
    body: dict[str, Any] = {"post_id": post.id, "poll_name": "week1", "status": "closed"}
    assert (await forum.ask("PUT", "/polls/toggle_status.json", json=body)).status == 422
    post.polls["week1"].closed = True
    assert (await vote("Bishop")).status == 422


async def test_results_that_are_not_for_all(forum: Forum) -> None:
    """Before one votes, or before the end, there are no counts; at its time a poll closes."""
    first = forum.site.say(forum.ada, poll(results="on_vote"), topic=forum.topic)
    second = forum.site.say(
        forum.ada, poll(results="on_close", more="close=2026-11-25T08:00:00Z"), topic=forum.topic
    )

    async def counted(number: int) -> bool:
        options = (await forum.ask("GET", f"/posts/{number}.json")).body["polls"][0]["options"]
        return all("votes" in option for option in options)

    assert not await counted(first.id)
    assert open_results(forum.site, first, first.polls["week1"], forum.ada)
    forum.site.vote(forum.bot, first, "week1", ["Bishop"])
    assert await counted(first.id)
    assert not await counted(second.id)
    forum.clock.move(hours=1)
    assert await counted(second.id)


def test_a_poll_with_votes_stands(forum: Forum) -> None:
    """Within five minutes an edit of a poll deletes its votes, later it is refused; the text around is free."""
    post = forum.site.say(forum.ada, poll(), topic=forum.topic)
    forum.site.vote(forum.bot, post, "week1", ["Bishop"])
    forum.site.change(post, "So: " + poll())
    assert post.polls["week1"].votes
    forum.site.change(post, poll(results="on_close"))
    assert not post.polls["week1"].votes
    forum.site.vote(forum.bot, post, "week1", ["Bishop"])
    forum.clock.move(minutes=5)
    with pytest.raises(Problem, match="cannot change a poll"):
        forum.site.change(post, poll())


@pytest.mark.parametrize(
    "raw",
    [
        "[poll]\n[/poll]",
        "[poll]\n* a\n* a\n[/poll]",
        "[poll]\n* a\n[/poll]\n\n[poll]\n* b\n[/poll]",
        "[poll type=multiple max=4]\n* a\n* b\n[/poll]",
        "[poll]\n" + "\n".join(f"* option {n}" for n in range(21)) + "\n[/poll]",
    ],
    ids=["empty", "twice", "names", "range", "many"],
)
def test_polls_that_cannot_be(forum: Forum, raw: str) -> None:
    """A poll without a sense is refused; in code it is no poll."""
    with pytest.raises(Problem) as refused:
        forum.site.say(forum.ada, raw, topic=forum.topic)
    assert refused.value.status == 422
    assert forum.site.say(forum.ada, f"```\n{raw}\n```", topic=forum.topic).polls == {}

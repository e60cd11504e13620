"""A picture on a post of the local thread: kept with it, shown with it, and handed over with it."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pixels

from bot.database import Database
from bot.platforms.web.said import MAX_PICTURE, MAX_TEXT
from bot.values import Incoming
from tests.bot.platforms.contract import Desk
from tests.bot.platforms.site import Site

EVIL = {"Origin": "http://evil.example"}


def png(side: int = 28) -> bytes:
    """A picture of chance."""
    out = io.BytesIO()
    Pixels.fromarray(np.random.default_rng(1).integers(0, 255, (side, side), dtype=np.uint8)).save(out, "PNG")
    return out.getvalue()


PICTURE = png()


@pytest.fixture
async def site(database: Database) -> Any:
    """A thread that is being served."""
    made = Site(database)
    await made.start()
    yield made
    await made.close()


async def send(
    site: Site, picture: object, *, headers: dict[str, str] | None = None, **more: Any
) -> tuple[int, Any]:
    """POST a post with a picture, as the page does; what is not bytes is sent as it is."""
    said = base64.b64encode(picture).decode() if isinstance(picture, bytes) else picture
    body = json.dumps({"text": "!kernel topedge", "key": "12345678", "picture": said} | more)
    sent = {"Content-Type": "application/json"} | (headers or {})
    async with site.client.post(
        f"{site.web.url}/posts/pictured", data=io.BytesIO(body.encode()), headers=sent
    ) as response:
        return response.status, await response.json()


async def test_a_picture_is_shown_and_handed_over(site: Site) -> None:
    """It stands on the post, is served as the PNG it was, and the handler has its bytes."""
    desk = Desk()
    await site.start(desk)
    status, post = await send(site, PICTURE)
    assert status == 201
    assert [(each["src"], each["alt"]) for each in post["pictures"]] == [
        (f"/posts/{post['id']}/picture", "The picture on this post.")
    ]
    incoming = await desk.next()
    assert (incoming.text, incoming.attached) == ("!kernel topedge", PICTURE)
    async with site.client.get(site.web.url + post["pictures"][0]["src"]) as response:
        assert (response.status, response.content_type) == (200, "image/png")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert await response.read() == PICTURE


async def test_a_picture_outlives_a_restart(site: Site) -> None:
    """What was not answered is handed over again, with it; a post sent twice is one, with its first picture."""
    await site.start(Desk(down=True))
    first = await send(site, PICTURE)
    assert await send(site, png(8)) == (200, first[1])
    desk = Desk()
    await site.start(desk)
    assert (await desk.next()).attached == PICTURE


async def test_a_post_without_a_picture_has_none(site: Site) -> None:
    """Neither for the handler nor at its address."""
    handed: list[Incoming] = []

    async def handler(incoming: Incoming) -> None:
        handed.append(incoming)

    await site.start(handler)
    said = await site.say("!help")
    (post,) = await site.thread()
    assert post["pictures"] == []
    for number in (said.id, "999"):
        async with site.client.get(f"{site.web.url}/posts/{number}/picture") as response:
            assert response.status == 404
    assert [incoming.attached for incoming in handed] == [b""]


@pytest.mark.parametrize(
    ("picture", "more", "status", "sentence"),
    [
        pytest.param(b"GIF89a", {}, 422, "sent as a PNG", id="another kind"),
        pytest.param(b"<svg onload=alert(1)>", {}, 422, "sent as a PNG", id="markup"),
        pytest.param(b"", {}, 422, "sent as a PNG", id="nothing"),
        pytest.param("%%%", {}, 400, "in base64", id="no base64"),
        pytest.param(7, {}, 400, "in base64", id="a number"),
        pytest.param(None, {}, 400, "in base64", id="null"),
        pytest.param(b"\x89PNG\r\n\x1a\n".ljust(MAX_PICTURE + 1), {}, 413, "at most 3 MB", id="large"),
        pytest.param(PICTURE, {"text": ""}, 422, "nothing in this post", id="no text"),
        pytest.param(PICTURE, {"text": "a" * (MAX_TEXT + 1)}, 422, "at most 10,000 signs", id="a long text"),
        pytest.param(PICTURE, {"key": "short"}, 400, "a key of 8 to 64", id="a short key"),
    ],
)
async def test_what_is_no_picture_gets_one_sentence(
    site: Site, picture: object, more: dict[str, Any], status: int, sentence: str
) -> None:
    """And nothing is kept."""
    got, said = await send(site, picture, **more)
    assert got == status
    assert sentence in said["error"]
    assert await site.thread() == []


async def test_a_body_without_end_is_not_read(site: Site) -> None:
    """More than a picture and a text can have is refused by its size."""
    assert await send(site, "A" * (6 * 1024 * 1024)) == (413, {"error": "A picture has at most 3 MB."})


async def test_another_sites_page_cannot_send_one(site: Site) -> None:
    """As with any post."""
    assert (await send(site, PICTURE, headers=EVIL))[0] == 403
    assert await site.thread() == []

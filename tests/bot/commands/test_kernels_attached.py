"""A kernel over the picture on the post: sums as by hand, nothing kept, clear words where it fails."""

import json
from collections.abc import AsyncGenerator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from bot.app import LOCAL, THREAD, App
from bot.dispatch import Dispatch, Refusal
from bot.platforms.in_memory import InMemory, Network
from bot.values import Incoming, Reply
from engine import InputError
from tests.bot.conftest import incoming
from tests.photos import file, noise

GREY = Image.fromarray(np.array([[250, 240, 230, 0], [200, 190, 180, 0], [100, 50, 5, 0]], dtype=np.uint8))
# As ink: 5 15 25 255, 55 65 75 255, 155 205 250 255.


async def asked(app: App, line: str, attached: bytes = b"") -> Reply:
    """The answer to a line with that picture attached, not drawn."""
    dispatch = Dispatch(registry=app.registry, theirs=(InputError,))
    reply = await dispatch.answer(incoming(line, direct=True), app.context(LOCAL, THREAD, attached))
    assert reply is not None
    return reply


async def test_a_window_is_worked_out_as_by_hand(app: App) -> None:
    """−5 −15 −25 + 155 + 205 + 250 = 565, by the centre and by slices."""
    for place in ("at=1,1", "rows=0:3 cols=0:3"):
        reply = await asked(app, f"!kernel topedge {place}", file(GREY, "PNG"))
        assert "the attached picture, 3×4 pixels (rows × columns), at (1, 1)" in reply.text
        lines = reply.text.split("```text\n")[1].replace("−", "-").split("\n")
        assert lines[0].split() == ["5", "15", "25", "-1", "-1", "-1", "-5", "-15", "-25"]
        assert lines[2].split() == ["155", "205", "250", "1", "1", "1", "155", "205", "250"]
        assert "add up to **565**" in reply.text
        assert reply.images[0].data["total"] == 565


async def test_the_whole_picture(app: App) -> None:
    """3×4 pixels make two sums: 565, and −15 −25 −255 + 205 + 250 + 255 = 415."""
    reply = await asked(app, "!kernel topedge", file(GREY, "PNG"))
    assert "3×4 pixels (rows × columns) → 1×2 sums, from 415 to 565. The highest is at (1,1)" in reply.text
    assert "the highest at (1,1)." in reply.images[0].alt
    assert "flat areas vanish" in reply.text


async def test_the_size_is_said(app: App) -> None:
    """A large picture is made smaller, and the answer says so, for all of it and for a window."""
    large = file(noise(300, 600), "JPEG")
    said = "112×224 pixels (rows × columns, made smaller from 300×600)"
    assert f"{said} → 110×222 sums" in (await asked(app, "!kernel topedge", large)).text
    assert said in (await asked(app, "!kernel topedge at=110,222", large)).text
    assert "runs from 1 to 110" in (await asked(app, "!kernel topedge at=111,222", large)).text


@pytest.mark.parametrize(
    ("line", "attached", "over"),
    [
        ("!kernel topedge", True, "the attached picture"),
        ("!kernel topedge image=attached", True, "the attached picture"),
        ("!kernel topedge image=Attached", True, "the attached picture"),
        ("!kernel topedge image=3", True, "our own 3"),
        ("!kernel topedge image=7 at=5,7", True, "our own 7"),
        ("!kernel topedge", False, "our own 3"),
    ],
)
async def test_which_picture_is_meant(app: App, line: str, attached: bool, over: str) -> None:
    """An explicit picture beats the attached one, the attached one beats the 3; what is offered keeps to it."""
    picture = file(GREY, "PNG") if attached else b""
    reply = await asked(app, line, picture)
    assert f"over {over}" in reply.text
    for choice in reply.choices:
        assert f"over {over}" in (await asked(app, choice.command, picture)).text


@pytest.mark.parametrize(
    ("line", "attached", "said"),
    [
        ("!kernel topedge image=attached", b"", "There is no picture on this post."),
        ("!kernel topedge", b"some text", "PNG, JPEG, WebP or GIF"),
        (
            "!kernel topedge",
            file(noise(1, 1), "PNG"),
            "has 1×1 pixels (rows × columns): a kernel of 3×3 does not fit",
        ),
        ("!kernel topedge", file(noise(2, 300), "PNG"), "made smaller from 2×300): a kernel of 3×3 does not fit"),
        ("!kernel topedge at=0,1", file(GREY, "PNG"), "runs from 1 to 1"),
        ("!kernel topedge image=55", file(GREY, "PNG"), "I have: 3, 7, card, any letter or digit"),
    ],
    ids=["none", "text", "one-pixel", "strip", "outside", "unknown"],
)
async def test_what_cannot_be_is_said_in_a_sentence(app: App, line: str, attached: bytes, said: str) -> None:
    """The sentence names what was wrong and what would be right."""
    reply = await asked(app, line, attached)
    assert isinstance(reply, Refusal)
    assert said in reply.text.replace("\\", "")


async def test_a_picture_that_is_not_asked_for_is_not_read(app: App) -> None:
    """A file that is no picture does not spoil an answer about the 3, nor another command."""
    assert not isinstance(await asked(app, "!kernel topedge image=3", b"some text"), Refusal)
    assert not isinstance(await asked(app, "!kernels", b"some text"), Refusal)


async def test_what_travels_to_the_drawing_is_small(app: App) -> None:
    """Under 70,000 characters of JSON even for noise, for all of it and for a window; not to be kept."""
    for line in ("!kernel topedge", "!kernel gaussian5 at=100,100"):
        reply = await asked(app, line, file(noise(500, 500), "PNG"))
        (image,) = reply.images
        assert len(json.dumps(dict(image.data))) < 70_000
        assert not image.kept
        assert not Reply.from_json(reply.to_json()).images[0].kept


@pytest.fixture
async def platform(app: App) -> "AsyncGenerator[InMemory]":
    """A platform whose every post has the picture GREY on it, with the bot behind it."""
    made = InMemory(Network())

    async def handle(post: Incoming) -> None:
        await app.handle(replace(post, attached=file(GREY, "PNG")), made)

    await made.listen(handle)
    yield made
    await made.close()


@pytest.mark.parametrize("place", ["", " at=1,1"])
async def test_a_post_with_a_picture_is_answered_and_no_drawing_stays(
    app: App, platform: InMemory, place: str
) -> None:
    """From the post to the drawn answer; of drawings on disk there is that of the 3, and no other."""
    (reply,) = await platform.ask(f"!kernel topedge{place}")
    assert "565" in reply.text
    assert reply.images[0].png.startswith(b"\x89PNG")
    folder = app.settings.folder / "pictures"
    assert list(folder.glob("*")) == []
    await platform.ask(f"!kernel topedge image=3{' at=5,7' if place else ''}")
    assert len(list(folder.glob("*.png"))) == 1


def test_a_picture_is_not_written_out() -> None:
    """Neither a post nor what a command is given shows the bytes in a log."""
    assert "secret" not in repr(replace(incoming("!kernel topedge"), attached=b"secret"))

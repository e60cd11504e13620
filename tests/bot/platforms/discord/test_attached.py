"""What is attached to a message, to the one it answers or to a slash command, and what is said of it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.platforms.discord.attachments import DRAWN, MOST_BYTES
from tests.bot.platforms.discord.scenes import seen, until
from tests.bot.platforms.discord.test_same import World, world
from tests.bot.questions.sheets import chapter
from tests.fakes.discord import Message
from tests.fakes.discord.permissions import MANAGE_GUILD
from tests.photos import file, noise

CAT = ("cat.png", "image/png", file(noise(5, 6), "PNG"))
OVER = "over the attached picture: 5×6 pixels"
LEFT_OUT = "is left out: I read PNG, JPEG, WebP and GIF."


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[World]:
    """A server with the whole bot in it."""
    async with world(tmp_path / "world") as made:
        yield made


async def answered(here: World, asked: Message) -> Message:
    """The bot's answer to a message."""
    site = here.site

    def found() -> list[Message]:
        return [
            each for each in site.messages(here.home) if each.author is site.bot and each.reference == asked.id
        ]

    await until(found)
    return found()[0]


@pytest.mark.parametrize("beside", [{}, {"image": "attached"}])
async def test_a_slash_command_takes_a_picture(here: World, beside: dict[str, str]) -> None:
    """It has a field for it; named or not, the answer is about that picture."""
    used = here.site.slash(
        here.home, here.site.user("ada"), "kernel", {"kernel": "topedge", "picture": CAT, **beside}
    )
    await until(lambda: seen(used))
    ((said, private),) = seen(used)
    assert OVER in said
    assert not private


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (("cat.heic", "image/heic", b"a cat"), f"`cat.heic` {LEFT_OUT}"),
        (("cat.png", "image/png", bytes(MOST_BYTES + 1)), "too large a file"),
    ],
    ids=["kind", "size"],
)
async def test_a_slash_command_says_what_it_does_not_take(
    here: World, picture: tuple[str, str, bytes], said: str
) -> None:
    """The same checks as of a message."""
    used = here.site.slash(here.home, here.site.user("ada"), "kernel", {"kernel": "topedge", "picture": picture})
    await until(lambda: seen(used))
    assert said in seen(used)[0][0]


async def test_a_slash_command_imports_a_file(here: World) -> None:
    """For the host's eyes; the field has to be filled in."""
    questions = ("13_convolutions.ipynb", "application/octet-stream", chapter(13, 40))
    host = here.site.user("host", permissions=MANAGE_GUILD)
    used = here.site.slash(here.home, host, "questionnaire import", {"file": questions})
    await until(lambda: seen(used))
    ((said, private),) = seen(used)
    assert "chapter 13: 40 questions, 2 further research: 40 new" in said
    assert private


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.bmp", "image/bmp"), ("a.heic", "image/heic"), ("a.svg", "image/svg+xml"), ("a.pdf", "application/pdf")],
)
async def test_a_picture_that_is_not_read_is_not_passed_over_in_silence(here: World, name: str, kind: str) -> None:
    """The answer is about our own 3, and says why; so does the one to whom the picture was answered."""
    ada = here.site.user("ada")
    asked = here.site.say(here.home, ada, "!kernel topedge", attachments=[(name, kind, b"?")])
    said = (await answered(here, asked)).content
    assert "our own 3" in said
    assert f"`{name}` {LEFT_OUT}" in said
    again = here.site.say(here.home, ada, "!kernel topedge image=attached", reply_to=asked)
    assert f"`{name}` {LEFT_OUT}" in (await answered(here, again)).content


async def test_nothing_is_said_of_it_where_it_is_not_meant(here: World) -> None:
    """Another picture is named, or the command takes none."""
    ada = here.site.user("ada")
    for line in ("!kernel topedge image=7", "!kernels"):
        asked = here.site.say(here.home, ada, line, attachments=[("a.pdf", "application/pdf", b"?")])
        assert LEFT_OUT not in (await answered(here, asked)).content


async def test_our_own_drawings_are_no_material_and_it_is_said(here: World) -> None:
    """Who answers one goes on with the 3."""
    ada = here.site.user("ada")
    first = await answered(here, here.site.say(here.home, ada, "!kernel topedge"))
    assert first.attachments
    said = (await answered(here, here.site.say(here.home, ada, "!kernel outline", reply_to=first))).content
    assert "our own 3" in said
    assert DRAWN in said

"""`!slide`: what is said beside the film."""

import pytest

from bot.app import App
from bot.dispatch import Refusal
from tests.bot.commands.test_kernels_attached import asked
from tests.photos import file, noise


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("topedge", "28×28 pixels → 26×26, 676 steps, sums from −762 to 762."),
        ("topedge", " 61 of these steps are shown, the one with the highest sum last."),
        ("sobel:45 image=A stride=3", "→ 9×9, 81 steps"),
        ("blur pad=1 stride=4 mode=replicate", "→ 7×7, 49 steps"),
        ("topedge flip", "topedge, flipped"),
        ("1 2 1 2 4 2 1 2 1 div=16 stride=8", "→ 4×4, 16 steps"),
    ],
)
async def test_the_steps_are_counted(app: App, line: str, said: str) -> None:
    """How many there are, their sums, and whether all are shown; the picture moves."""
    reply = await app.ask(f"!slide {line}", draw=False)
    assert said in reply.text
    (image,) = reply.images
    assert image.kind == "gif"
    assert image.kept


async def test_an_attached_picture_slides_and_is_not_kept(app: App) -> None:
    """It goes out with the answer only."""
    reply = await asked(app, "!slide topedge stride=4", file(noise(60, 80), "PNG"))
    assert "the attached picture: 60×80 pixels (rows × columns) → 15×20" in reply.text
    assert not reply.images[0].kept


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("topegde", "The nearest: topedge"),
        ("blur | outline", "One kernel slides at a time: `!kernel blur | outline` shows a chain."),
        ("topedge stride=9", "`stride` is a whole number from 1 to 8"),
        ("topedge image=55", "I have: 3, 7, card"),
        ("topedge dilation=0", "`dilation` is a whole number from 1 to 6"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(app: App, line: str, said: str) -> None:
    """The sentence says what would be right."""
    reply = await app.ask(f"!slide {line}", draw=False)
    assert isinstance(reply, Refusal)
    assert said in reply.text


async def test_a_picture_that_is_too_small(app: App) -> None:
    """The kernel's size and the picture's are named."""
    reply = await asked(app, "!slide topedge", file(noise(2, 9), "PNG"))
    assert isinstance(reply, Refusal)
    assert "a kernel of 3×3 does not fit" in reply.text

"""`!learn`: kernels learn in a process of their own, and the answer says honestly what became of them."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.settings import Settings
from bot.values import Reply


@pytest.fixture
async def app() -> AsyncGenerator[App]:
    """A bot without a database."""
    async with App(Settings()) as made:
        yield made


class Said:
    """What a command said on the way."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def __call__(self, reply: Reply) -> None:
        """Hear it."""
        self.texts.append(reply.text)


async def test_topedge_is_learned(app: App) -> None:
    """Random numbers on the left, −1, 0 and 1 on the right; how far it is is said on the way."""
    said = Said()
    reply = await app.ask("!learn", draw=False, progress=said)
    assert "−1.000 −1.000 −1.000" in reply.text
    assert "→   0.000  0.000  0.000" in reply.text
    assert "±0.333" in reply.text
    assert said.texts[0].startswith("Learning topedge, seed 1: it begins")
    assert said.texts[-1].startswith("Learning topedge, seed 1: step 400 of 400")
    (image,) = reply.images
    assert (image.plot, image.kind) == ("learned", "gif")
    assert [choice.command for choice in reply.choices] == [
        "!learn task=topedge seed=2",
        "!kernel [[-1,-1,-1],[0,0,0],[1,1,1]]",
    ]


async def test_digits_are_learned(app: App) -> None:
    """How many are read, and what each kernel is most like before and after, with what chance would give."""
    reply = await app.ask("!learn task=digits seed=3", draw=False)
    assert reply.table is not None
    assert [row[0] for row in reply.table.rows] == ["1", "2", "3", "4"]
    assert all(isinstance(score, float) and 0 <= score <= 1 for row in reply.table.rows for score in row[2::2])
    assert "0.5 is chance" in reply.text
    assert "CC BY 4.0" in reply.text
    assert len(reply.text) + 60 * len(reply.table.rows) < 1_900  # one message on Discord, as it takes a place
    assert all(len(choice.command) <= 90 for choice in reply.choices)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!learn task=cats", "topedge or digits"),
        ("!learn seed=-1", "0 to 9999"),
        ("!learn seed=x", "0 to 9999"),
        ("!learn cats", "kernels or topedge or digits"),
        ("!learn digits task=topedge", "are two tasks"),
    ],
)
async def test_what_cannot_be_learned_is_said_before_it_begins(app: App, line: str, said: str) -> None:
    """With what would be right."""
    reply = await app.ask(line)
    assert isinstance(reply, Refusal)
    assert said in reply.text


class Quick:
    """A worker whose lessons have one moment."""

    async def run(self, _task: str, _tell: Callable[[Any], Awaitable[None]], /, **given: Any) -> Mapping[str, Any]:
        """What it was given, and a kernel."""
        kernel = [[-1.0, -1.0, -1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
        like = [{"name": "topedge", "score": 1.0}]
        moments = [{"step": 0, "loss": 1.0, "kernels": [kernel]}]
        return {**given, "moments": moments, "before": like, "after": like, "right": (0.1, 0.9)}


async def test_the_last_seed_has_no_next(app: App) -> None:
    """What an answer offers can be done."""
    vars(app)["workers"] = Quick()
    reply = await app.ask("!learn seed=9999", draw=False)
    assert [choice.command for choice in reply.choices] == ["!kernel [[-1,-1,-1],[0,0,0],[1,1,1]]"]


@pytest.mark.parametrize(
    ("line", "task"),
    [
        ("", "topedge"),
        ("kernels", "topedge"),
        ("topedge", "topedge"),
        ("Digits", "digits"),
        ("digits seed=3", "digits"),
        ("kernels task=digits", "digits"),
        ("digits task=digits", "digits"),
    ],
)
async def test_the_task_may_be_a_bare_word(app: App, line: str, task: str) -> None:
    """With or without task=."""
    vars(app)["workers"] = Quick()
    reply = await app.ask(f"!learn {line}", draw=False)
    assert not isinstance(reply, Refusal), reply.text
    assert reply.choices[0].command.startswith(f"!learn task={task} ")

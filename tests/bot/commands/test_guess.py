"""`!guess`: first the question, then the arithmetic; for one pair of eyes."""

import re
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.app import LOCAL, App
from bot.commands.guess import KERNELS, SIGNS, told
from bot.dispatch import Refusal
from bot.settings import Settings
from bot.values import Image, Reply

BOB = replace(LOCAL, id="bob")


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    """A bot with a database of its own."""
    async with App(Settings(database_url=f"sqlite:///{tmp_path / 'group.db'}")) as made:
        yield made


def right(image: Image) -> float:
    """The sum of what a question shows."""
    return float((np.array(image.data["pixels"]) * np.array(image.data["weights"])).sum())


def sign(value: float) -> str:
    """In the words of a guess."""
    return "zero" if abs(value) < 1e-9 else "positive" if value > 0 else "negative"


async def ask(app: App, line: str) -> Reply:
    """The answer, which is no refusal."""
    reply = await app.ask(line, draw=False)
    assert not isinstance(reply, Refusal), reply.text
    return reply


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("positive", "positive"),
        ("Neg", "negative"),
        ("+", "positive"),
        ("minus", "negative"),
        ("zero", "zero"),
        ("0", 0.0),
        ("-762", -762.0),
        ("12.5", 12.5),
    ],
)
def test_a_guess_is_a_sign_or_a_sum(typed: str, meant: str | float) -> None:
    """As people type it."""
    assert told(typed) == meant


@pytest.mark.parametrize("typed", ["", "left", "nan", "inf", "1e99", "7,5,5"])
def test_what_is_neither_is_no_guess(typed: str) -> None:
    """It is asked for again."""
    with pytest.raises(ValueError):  # noqa: PT011 - its text is nobody's
        told(typed)


async def test_a_question_says_nothing_of_its_answer(app: App) -> None:
    """It shows pixels and weights; the picture is given nothing else, and only the asker sees it."""
    for number in range(30):
        reply = await ask(app, f"!guess question={number}")
        (image,) = reply.images
        assert reply.private
        assert image.plot == "question"
        assert not {"products", "total"} & image.data.keys()
        assert [choice.command for choice in reply.choices] == [
            f"!guess {each} question={number}" for each in SIGNS
        ]
        assert np.any(np.array(image.data["pixels"]) * np.array(image.data["weights"]))
        assert image.data["kernel"] in KERNELS


async def test_every_sign_is_as_likely(app: App) -> None:
    """Whoever always says positive is wrong two times in three; the same number asks the same."""
    signs = Counter[str]()
    for number in range(150):
        (image,) = (await ask(app, f"!guess question={number}")).images
        signs[sign(right(image))] += 1
    assert min(signs[each] for each in SIGNS) >= 30
    first, again = [await ask(app, "!guess question=149") for _ in range(2)]
    assert first == again


async def test_a_right_sign_is_right(app: App) -> None:
    """The answer shows the arithmetic, to be added up by anybody, and how one is doing."""
    for count in range(1, 6):
        (image,) = (await ask(app, "!guess")).images
        total = right(image)
        reply = await ask(app, f"!guess {sign(total)}")
        assert reply.text.startswith("**Right**")
        assert f"Right {count} of {count} times so far" in reply.text
        assert reply.private
        said = re.search(r"```text\n(.*) = (.*)\n```", reply.text)
        assert said is not None
        left, result = (part.replace("−", "-") for part in said.groups())
        terms = re.findall(r"(-?) ?([\d.]+)(?:·([\d.]+))?", left)
        assert sum(float(f"{minus}{value}") * float(times or 1) for minus, value, times in terms) == total
        assert float(result) == total
        assert reply.images[0].data["total"] == total


async def test_a_wrong_guess_is_told_kindly(app: App) -> None:
    """What it is instead; a wrong sum with the right sign is told so. It is counted once."""
    (image,) = (await ask(app, "!guess")).images
    total = right(image)
    wrong = next(each for each in SIGNS if each != sign(total))
    reply = await ask(app, f"!guess {wrong}")
    assert reply.text.startswith(f"**Not {wrong}**: the sum is ")
    assert "Right 0 of 1 times" in reply.text
    number = reply.images[0].data
    assert number["total"] == total
    reply = await app.ask("!guess negative", draw=False)
    assert isinstance(reply, Refusal)
    assert "No question of yours waits" in reply.text


async def test_the_sum_itself_can_be_guessed(app: App) -> None:
    """Then no button gives it away; near the sum is not the sum, but its sign is right."""
    (image,) = (asked := await ask(app, "!guess sum question=1")).images
    assert not asked.choices
    total = right(image)
    assert (await ask(app, f"!guess {total:g} question=1")).text.startswith("**Right**")
    off = total + 1 if total > 0 else total - 1
    reply = await ask(app, f"!guess {off:g} question=1")
    assert "it is not" in reply.text
    assert ("so your sign is right" in reply.text) == (total != 0)


async def test_everybody_can_be_asked_and_each_is_answered_alone(app: App) -> None:
    """A public question carries its number on its buttons; no answer to it is public, and none is counted."""
    asked = await ask(app, "!guess public")
    assert not asked.private
    reply = await app.ask(asked.choices[0].command, person=BOB, draw=False)
    assert reply.private
    assert "so far" not in reply.text
    assert "This guess is not counted: no question waits for one of yours." in reply.text
    assert asked.poll == SIGNS
    assert not (await ask(app, "!guess public sum")).poll
    assert not (await ask(app, "!guess")).poll


async def test_a_guess_at_another_question_is_told_not_to_count(app: App) -> None:
    """And which one waits; nor does a second one at the same question count."""
    waits = (await ask(app, "!guess")).choices[0].command.rpartition(" ")[2]
    other = "question=7" if waits != "question=7" else "question=8"
    reply = await ask(app, f"!guess 5 {other}")
    assert f"not counted: the question that waits for yours is another, `!guess {waits}`." in reply.text
    assert "so far" not in reply.text
    first = await ask(app, f"!guess 5 {waits}")
    assert "not counted" not in first.text
    assert "of 1 times so far" in first.text
    again = await ask(app, f"!guess 6 {waits}")
    assert "not counted: no question waits" in again.text
    assert "of 1 times so far" in again.text


async def test_there_is_always_something_to_add_up(app: App) -> None:
    """Ink lies below weights that are not 0: no answer is `0 = 0`."""
    for number in range(200):
        reply = await ask(app, f"!guess 1 question={number}")
        assert "\n0 = 0\n" not in reply.text


async def test_what_is_kept_can_be_seen_and_erased(app: App) -> None:
    """By whom it is about."""
    await ask(app, "!guess")
    await ask(app, "!guess 1")
    kept = await ask(app, "!mydata")
    assert kept.table is not None
    assert [row[0] for row in kept.table.rows] == ["guesses"]
    assert "`!forget guesses` erases it" in kept.text
    assert (await ask(app, "!forget guesses")).text == "Done: 1 guess of yours erased."
    assert (await ask(app, "!mydata")).table is None


@pytest.mark.parametrize("line", ["!guess left question=1", "!guess positive question=-1", "!guess question=x"])
async def test_what_is_no_guess_is_said(app: App, line: str) -> None:
    """With what would be one."""
    reply = await app.ask(line)
    assert isinstance(reply, Refusal)

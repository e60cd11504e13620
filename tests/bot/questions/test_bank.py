"""Our own questions: enough of them, each once, and every number in an answer is one that the bot works out."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.questionnaire import LONGEST, Draft
from bot.questions.bank import bank
from engine.card import Settings
from engine.convolution import convolve, output_size
from engine.kernels import kernel
from engine.models import DotProductBias

BOLD = re.compile(r"\*\*([^*]+)\*\*")

SUMS: dict[str, Callable[[], float]] = {
    "2.590": lambda: round(float(np.dot([0.98, 0.9, -0.9], [0.99, 0.9, -0.9])), 3),
    "0.1414": lambda: round(float(np.linalg.norm(np.subtract([1.7, 0.1, -1.9], [1.6, 0.1, -1.8]))), 4),
    "133,059": lambda: sum(each.numel() for each in DotProductBias(943, 1664, Settings(factors=50)).parameters()),
    "14": lambda: output_size(28, 3, stride=2, padding=1),
    "676": lambda: convolve(np.zeros((28, 28)), kernel("topedge")).size,
    "784": lambda: np.zeros((28, 28)).size,
    "6,084": lambda: matrix_of_a_convolution(28, 3),
    "40": lambda: convolution_parameters(1, 4),
    "112": lambda: convolution_parameters(3, 4),
    "5": lambda: 28 - output_size(output_size(28, 3), 3) + 1,
}
"""What can be worked out by other means than the commands."""


def matrix_of_a_convolution(side: int, size: int) -> int:
    """How many entries of the matrix are not fixed at zero: those that a kernel of ones fills."""
    rows = []
    for cell in range(side * side):
        picture = np.zeros(side * side)
        picture[cell] = 1
        rows.append(convolve(picture.reshape(side, side), np.ones((size, size))).ravel())
    return int(np.count_nonzero(rows))


def convolution_parameters(channels: int, filters: int) -> int:
    """As torch has it."""
    from torch.nn import Conv2d

    return sum(each.numel() for each in Conv2d(channels, filters, 3).parameters())


def numbered() -> list[Draft]:
    """The questions whose answers have numbers in bold."""
    return [draft for draft in bank() if BOLD.search(draft.answer)]


def test_there_are_enough_and_none_twice() -> None:
    """Sixty at least, on both chapters, of both kinds, short enough for every platform."""
    assert len(bank()) >= 60
    assert len({draft.same for draft in bank()}) == len(bank())
    assert {draft.chapter for draft in bank()} == {8, 13}
    assert {draft.kind for draft in bank()} == {"recall", "task"}
    assert all(len(draft.text) <= 300 and len(draft.answer) <= LONGEST for draft in bank())
    assert all(draft.answer for draft in bank() if draft.kind == "recall")


@pytest.mark.parametrize("draft", numbered(), ids=lambda draft: f"{draft.chapter}.{draft.number}")
async def test_a_number_is_what_the_bot_shows(app: App, draft: Draft) -> None:
    """The command beside an answer prints its numbers; sums are worked out here, too."""
    shown = ""
    if draft.show:
        reply = await app.ask(f"!{draft.show}", draw=False)
        assert not isinstance(reply, Refusal)
        cells = " ".join(str(cell) for row in (reply.table.rows if reply.table else ()) for cell in row)
        shown = f"{reply.text} {cells} ".replace("-", "−")
    for number in BOLD.findall(draft.answer):
        if draft.show:
            assert re.search(rf"(?<![\d.,−]){re.escape(number)}(?![\d]|[.,]\d)", shown), (number, shown)
        if number in SUMS or not draft.show:
            assert SUMS[number]() == float(number.replace(",", ""))


def test_every_sum_is_used() -> None:
    """Nothing is worked out that no answer says."""
    said = {number for draft in numbered() for number in BOLD.findall(draft.answer)}
    assert said >= set(SUMS)


@pytest.mark.parametrize("draft", bank(), ids=lambda draft: f"{draft.chapter}.{draft.number}")
def test_each_stands_alone(draft: Draft) -> None:
    """Nobody sees which question came before: none goes on from that one."""
    assert not re.search(r"^(And|But)\b|\bsuch an? (plot|layer|kernel)\b|\bhas one\b", draft.text)


@pytest.mark.parametrize("line", sorted({draft.show for draft in bank() if draft.show}))
async def test_what_is_shown_can_be_shown(app: App, line: str) -> None:
    """Every command beside a question runs."""
    assert not isinstance(await app.ask(f"!{line}", draw=False), Refusal)

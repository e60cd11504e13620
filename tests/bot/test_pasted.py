"""Numbers pasted over several lines are one line again; nothing else is read on."""

import pytest

from bot.app import registry
from bot.parse import Call, parse

ROWS = "[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]"


def kernel(post: str) -> str:
    """What `!kernel` is given for its kernel."""
    call = parse(post, registry(), "!")
    assert isinstance(call, Call)
    return call.arguments["kernel"]


@pytest.mark.parametrize(
    ("post", "text"),
    [
        pytest.param(f"!kernel {ROWS}", ROWS, id="one-line"),
        pytest.param("Look:\n!kernel [[-1, 0, 1],\n [-2, 0, 2],\n [-1, 0, 1]]\nthanks", ROWS, id="python"),
        pytest.param(
            "!kernel tensor([[-1., 0.],\n        [ 2., 1.]])", "tensor([[-1., 0.], [ 2., 1.]])", id="torch"
        ),
        pytest.param("!kernel [[-1 0]\n [ 2 1]]", "[[-1 0] [ 2 1]]", id="numpy"),
        pytest.param("!kernel [\n[−1, 0],\n[2, 1]\n]", "[ [-1, 0], [2, 1] ]", id="a-bracket-a-line"),
        pytest.param("!kernel [[1, 0],\n[0, 1]] image=7 flip", "[[1, 0], [0, 1]]", id="options-behind"),
        pytest.param("!kernel\n```python\n[[1, 0],\n [0, 1]]\n```", "[[1, 0], [0, 1]]", id="code"),
        pytest.param("!kernel\n```\nnp.array([[1, 0],\n [0, 1]])\n```\n", "np.array([[1, 0], [0, 1]])", id="call"),
        pytest.param("!kernel [[1, 0],\n> [0, 1]]", "[[1, 0],", id="a-quote-is-not-read"),
        pytest.param("!kernel [[1, 0],\nand so on", "[[1, 0],", id="nor-are-words"),
        pytest.param("!kernel topedge\n[[1, 0]]", "topedge", id="nor-what-nothing-is-open-for"),
        pytest.param("!kernel [[1,\n" + "2,\n" * 200 + "3]]", "[[1,", id="nor-a-whole-book"),
    ],
)
def test_a_kernel_over_several_lines(post: str, text: str) -> None:
    """While its brackets are open and there are but numbers, or in the block of code right below."""
    assert kernel(post) == text


def test_the_options_behind_are_read() -> None:
    """What stands behind the last bracket is as on one line."""
    call = parse("!kernel [[1, 0],\n[0, 1]] image=7 flip", registry(), "!")
    assert isinstance(call, Call)
    assert (call.arguments["image"], call.arguments["flip"]) == ("7", True)

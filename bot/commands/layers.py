"""`!conv`: sizes, shapes, the matrix behind it, code for it, and what one output looks at."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated

from bot.actions import CONV, chosen, only
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.sums.layers import MOST_LAYERS, Case, matrix, shape, size
from bot.sums.networks import field, snippet
from bot.sums.questions import questions
from bot.values import Reply, code

WIDTHS = f"1 to {MOST_LAYERS} whole numbers from 1 to 4096"


def widths(text: str) -> tuple[int, ...]:
    """`4,8,16` → (4, 8, 16)."""
    words = re.split(r"[\s,]+", text.strip(" ,"))
    if len(words) > MOST_LAYERS or not all(re.fullmatch(r"\d{1,4}", word, re.ASCII) for word in words):
        raise ValueError(WIDTHS)
    found = tuple(map(int, words))
    if not all(1 <= each <= 4096 for each in found):
        raise ValueError(WIDTHS)
    return found


@command(
    "conv",
    group="convolutions",
    examples=(
        "conv",
        "conv size 28 k=3 p=1 s=2",
        "conv size 28 s=2",
        "conv shape channels=3 filters=4",
        "conv shape filters=4,8,16,32,2 p=1 s=2",
        "conv matrix 3x3 k=2",
        "conv matrix 28",
        "conv code topedge",
        "conv code edges p=1 s=2",
        "conv rf 3s2p1 3s2p1",
    ),
)
async def conv(
    ctx: Context,
    action: Annotated[
        str, Arg(help="questions, size, shape, matrix, code or rf (the receptive field)", actions=CONV)
    ] = "",
    *,
    n: Annotated[int | None, Arg(help="the picture's side", low=1, high=4096)] = None,
    k: Annotated[int | None, Arg(help="the kernel's side", low=1, high=11)] = None,
    p: Annotated[int, Arg(help="the padding", low=0, high=64)] = 0,
    s: Annotated[int, Arg(help="the stride", low=1, high=16)] = 1,
    d: Annotated[int, Arg(help="the dilation", low=1, high=16)] = 1,
    channels: Annotated[int, Arg(help="how many channels go in: 1 for grey, 3 for colour", low=1, high=4096)] = 1,
    filters: Annotated[
        tuple[int, ...] | None,
        Arg(help="how many filters; for several layers 4,8,16", read=widths, shape="4,8,16"),
    ] = None,
    groups: Annotated[int, Arg(help="into how many groups the channels are split", low=1, high=4096)] = 1,
    kernel: Annotated[
        str, Arg(help="the kernel for the code, or edges for the book's four", complete="kernels")
    ] = "",
    layers: Annotated[str, Arg(help="a word for each layer, such as 3s2p1 3s2p1")] = "",
) -> Reply:
    """Answer the questions about a layer: those that came up, sizes, shapes, matrix, code, field.

    One window is nine products and their sum; the whole map is a product of matrices, with a large, sparse matrix
    whose rows share the same weights (`conv matrix`). For each map that it makes, a layer has one kernel with a
    slice for every channel, and one bias: four filters on RGB make 4 maps, not 12, and have 112 parameters
    (`conv shape`).
    Weights are learned, from random numbers on. PyTorch has the shapes N×C×H×W for pictures and out×in×k×k for
    weights; sizes are rounded down, so with a stride the last row may never be visited (`conv size`).
    """
    word, _, rest = action.strip().partition(" ")
    chose = chosen("conv", word, CONV)
    rest = rest.strip()
    usual = {"p": (p, 0), "s": (s, 1), "d": (d, 1), "channels": (channels, 1), "groups": (groups, 1)}
    usual |= {
        "n": (n, None),
        "k": (k, None),
        "filters": (filters, None),
        "kernel": (kernel, ""),
        "layers": (layers, ""),
    }
    only("conv", chose, CONV, [name for name, (value, default) in usual.items() if value != default])
    side = _side(rest) if chose in {"size", "matrix"} and rest else None
    if side and n:
        raise UserError(f"The picture's side is given twice: {side} and n={n}.")
    toy = chose == "matrix" and not (side or n)
    case = Case(
        n=side or n or (3 if toy else 28),
        k=k or (2 if toy else 3),
        p=p,
        s=s,
        d=d,
        channels=channels,
        filters=filters or (4,),
        groups=groups,
    )
    if chose == "questions":
        return questions(ctx)
    if chose == "code":
        return snippet(ctx, case, rest or kernel.strip() or "topedge")
    if chose == "rf":
        return field(ctx, case, rest or layers.strip())
    if chose == "shape" and rest:
        raise UserError("A layer's shape is told by options: `conv shape n=28 channels=3 filters=4 k=3`.")
    answers: Mapping[str, Callable[[Context, Case], Reply]] = {"size": size, "shape": shape, "matrix": matrix}
    return answers[chose](ctx, case)


def _side(text: str) -> int:
    found = re.fullmatch(r"(\d{1,4})(?:\s*[x×]\s*(\d{1,4}))?", text, re.IGNORECASE)
    if found is None or (found[2] and found[1] != found[2]) or not 1 <= int(found[1]) <= 4096:
        raise UserError(f"{code(text[:40])} is no side of a square picture: write 28, or 28x28; up to 4096.")
    return int(found[1])

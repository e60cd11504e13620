"""`!conv`: sizes, shapes, the matrix behind it, code for it, and what one output looks at."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated

from bot.actions import CONV, chosen, only
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.sums.layers import Case, matrix, shape, size
from bot.sums.networks import field, snippet
from bot.sums.questions import questions
from bot.sums.stacks import LIMITS, MOST_LAYERS, stack
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
        "conv rf layers=5 s=2 p=1",
    ),
)
async def conv(
    ctx: Context,
    action: Annotated[
        str, Arg(help="questions, size, shape, matrix, code or rf (the receptive field)", actions=CONV)
    ] = "",
    *,
    n: Annotated[int | None, Arg(help="the picture's side", low=1, high=4096)] = None,
    k: Annotated[int | None, Arg(help="the kernel's side, or kernel=", low=1, high=11)] = None,
    p: Annotated[int | None, Arg(help="the padding, or pad=", low=0, high=64, also=("pad",))] = None,
    s: Annotated[int | None, Arg(help="the stride, or stride=", low=1, high=16, also=("stride",))] = None,
    d: Annotated[int | None, Arg(help="the dilation, or dilation=", low=1, high=16, also=("dilation",))] = None,
    channels: Annotated[
        int | None, Arg(help="how many channels go in: 1 for grey, 3 for colour", low=1, high=4096)
    ] = None,
    filters: Annotated[
        tuple[int, ...] | None,
        Arg(help="how many filters; for several layers 4,8,16", read=widths, shape="4,8,16"),
    ] = None,
    groups: Annotated[
        int | None, Arg(help="into how many groups the channels are split", low=1, high=4096)
    ] = None,
    kernel: Annotated[
        str, Arg(help="the kernel for the code, or edges for the book's four", complete="kernels")
    ] = "",
    layers: Annotated[str, Arg(help="how many layers, all alike; or a word for each, such as 3s2p1 3s2p1")] = "",
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
    if word[:1].isdecimal():  # a picture's side alone
        word, rest = "size", action.strip()
    chose = chosen("conv", word, CONV)
    rest = rest.strip()
    if kernel and chose != "code":
        k, kernel = _kernel_side(k, kernel), ""
    steps = {name: value for name, value in {"k": k, "s": s, "p": p, "d": d}.items() if value is not None}
    others = {"n": n, "channels": channels, "filters": filters, "groups": groups, "layers": layers or None}
    named = {"kernel": kernel} if kernel else {}
    only("conv", chose, CONV, [*steps, *(name for name, value in others.items() if value is not None), *named])
    side = _side(rest) if chose in {"size", "matrix"} and rest else None
    if side and n:
        raise UserError(f"The picture's side is given twice: {side} and n={n}.")
    toy = chose == "matrix" and not (side or n)
    case = Case(
        n=side or n or (3 if toy else 28),
        k=k or (2 if toy else 3),
        p=p or 0,
        s=s or 1,
        d=d or 1,
        channels=channels or 1,
        filters=filters or (4,),
        groups=groups or 1,
    )
    if chose == "questions":
        return questions(ctx)
    if chose == "code":
        return snippet(ctx, case, rest or kernel.strip() or "topedge")
    if chose == "rf":
        return field(ctx, case.n, stack(rest, layers, steps), rest)
    if chose == "shape" and rest:
        raise UserError("A layer's shape is told by options: `conv shape n=28 channels=3 filters=4 k=3`.")
    answers: Mapping[str, Callable[[Context, Case], Reply]] = {"size": size, "shape": shape, "matrix": matrix}
    return answers[chose](ctx, case)


def _side(text: str) -> int:
    found = re.fullmatch(r"(\d{1,4})(?:\s*[x×]\s*(\d{1,4}))?", text, re.IGNORECASE)
    if found is None or (found[2] and found[1] != found[2]) or not 1 <= int(found[1]) <= 4096:
        raise UserError(f"{code(text[:40])} is no side of a square picture: write 28, or 28x28; up to 4096.")
    return int(found[1])


def _kernel_side(k: int | None, text: str) -> int:
    """`kernel=3`, which is `k=3` wherever no kernel is named."""
    low, high = LIMITS["k"]
    if k is not None:
        raise UserError("`k` is given twice: `kernel=` is the same here.")
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not low <= int(text) <= high:
        raise UserError(f"`kernel` is the kernel's side here, from {low} to {high}, not {code(text[:40])}.")
    return int(text)

"""The answers about layers in use: code that runs, and what one output of several layers looks at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.context import Context
from bot.errors import UserError
from bot.sums.layers import DRAWN, MOST_LAYERS, Case
from bot.sums.numbers import number, plain
from bot.values import Choice, Image, Reply, code, escape, plural

EDGES = ("topedge", "leftedge", "diag1", "diag2")  # the book's stack of four
LAYER = re.compile(r"(\d{1,2})(?:s(\d))?(?:p(\d{1,2}))?(?:d(\d))?")


def snippet(ctx: Context, case: Case, text: str) -> Reply:
    """Three lines of PyTorch that do it, as they can be pasted."""
    demo = ctx.kernels
    found = [demo.kernel(name) for name in EDGES] if text.casefold() == "edges" else [demo.kernel(text)]
    k, size = found[0].size, demo.size(case.n, found[0].size, **case.walk)
    listed = ", ".join(_listed(plain(each.weights)) for each in found)
    options = {"stride": (case.s, 1), "padding": (case.p, 0), "dilation": (case.d, 1)}
    said = "".join(f", {name}={value}" for name, (value, usual) in options.items() if value != usual)
    batch = 64 if len(found) > 1 else 1
    lines = [
        "import torch",
        f"kernels = torch.tensor([{listed}]).reshape({len(found)}, 1, {k}, {k})  # out, in, rows, columns",
        f"maps = torch.conv2d(torch.rand({batch}, 1, {case.n}, {case.n}), kernels{said})"
        f"  # {batch}×{len(found)}×{size}×{size}",
    ]
    names = ", ".join(each.name for each in found)
    return Reply(
        text="\n".join(["```python", *lines, "```"])
        + f"\n\n{escape(names)}: {batch}×1×{case.n}×{case.n} and {len(found)}×1×{k}×{k} make "
        f"{batch}×{len(found)}×{size}×{size}. PyTorch does not turn the kernel over (scipy's `convolve2d` does). "
        "In a network, `nn.Conv2d` holds such kernels as parameters and learns them from random numbers on.",
        choices=(Choice(label="the sizes", command=f"{ctx.prefix}conv size {case.n} {replace(case, k=k).typed}"),),
    )


def _listed(weights: Sequence[Sequence[float]]) -> str:
    return "[" + ", ".join(f"[{', '.join(_literal(value) for value in row)}]" for row in weights) + "]"


def _literal(value: float) -> str:
    """A number that makes a tensor of floats."""
    return f"{value:.0f}." if value == int(value) else repr(round(value, 6))


def field(ctx: Context, case: Case, text: str) -> Reply:
    """What one cell after some layers looks at."""
    demo = ctx.kernels
    layers = _layers(text, case)
    sides = [case.n]
    for layer in layers:
        walk = {name: value for name, value in layer.items() if name != "k"}
        sides.append(demo.size(sides[-1], layer["k"], **walk))
    field, jump = demo.field(layers)
    path = " → ".join(f"{side}×{side}" for side in sides)
    each = [demo.field(layers[:count])[0] for count in range(1, len(layers) + 1)]
    return Reply(
        text=f"One cell after {plural(len(layers), 'layer')} looks at **{field}×{field}** pixels: "
        f"{' → '.join(f'{size}×{size}' for size in (1, *each))}, layer by layer. Its neighbour looks at as many, "
        f"{plural(jump, 'pixel')} further on.\n\nSizes: {path}. "
        f"Each layer adds d·(k − 1) times the strides before it.",
        images=_drawn_field(layers, sides, field),
        choices=(Choice(label="with a stride of 2, twice", command=f"{ctx.prefix}conv rf 3s2p1 3s2p1"),)
        if field != 7
        else (),
    )


def _drawn_field(layers: Sequence[Mapping[str, int]], sides: Sequence[int], field: int) -> tuple[Image, ...]:
    if max(sides) > DRAWN or len(layers) > 4:
        return ()
    told = f"{number(sides[0])}×{number(sides[0])}"
    data: dict[str, Any] = {"n": sides[0], "layers": [dict(layer) for layer in layers]}
    return (
        Image(
            plot="conv_field",
            data=data,
            alt=f"One cell of the last map, traced back layer by layer to {field}×{field} of the {told} pixels.",
        ),
    )


def _layers(text: str, case: Case) -> list[dict[str, int]]:
    """`3s2p1 3s2p1`, or `2` layers as the options say."""
    alike = {"k": case.k, "stride": case.s, "padding": case.p, "dilation": case.d}
    words = re.split(r"[\s,]+", text.strip().casefold()) if text else ["2"]
    if len(words) == 1 and words[0].isdecimal() and int(words[0]) <= MOST_LAYERS:
        return [alike] * max(1, int(words[0]))
    if len(words) > MOST_LAYERS:
        raise UserError(f"{len(words)} layers are too many: {MOST_LAYERS} at most.")
    found = [LAYER.fullmatch(word) for word in words]
    for word, match in zip(words, found, strict=True):
        if match is None or not 1 <= int(match[1]) <= 11 or match[2] == "0" or match[4] == "0":
            raise UserError(
                f"{code(word[:20])} is no layer: write the kernel's side, then s, p and d, as in 3s2p1 3s2p1; "
                f"or how many layers, up to {MOST_LAYERS}, with k=, s=, p=."
            )
    return [
        {
            "k": int(match[1]),
            "stride": int(match[2] or 1),
            "padding": int(match[3] or 0),
            "dilation": int(match[4] or 1),
        }
        for match in found
        if match is not None
    ]

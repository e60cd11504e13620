"""The answers about layers in use: code that runs, and what one output of several layers looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.context import Context
from bot.demo import Kernel, Matrix
from bot.errors import UserError
from bot.sums.layers import DRAWN, Case
from bot.sums.stacks import MOST_LAYERS, Layer, written
from bot.values import Choice, Image, Reply, code, escape, plural

EDGES = ("topedge", "leftedge", "diag1", "diag2")  # the book's stack of four
LEGIBLE = 7  # rows of a kernel that are printed


def snippet(ctx: Context, case: Case, text: str) -> Reply:
    """Three lines of PyTorch that do it, as they can be pasted."""
    demo = ctx.kernels
    found = [demo.kernel(name) for name in EDGES] if text.casefold() == "edges" else [_one(ctx, text)]
    k, size = found[0].size, demo.size(case.n, found[0].size, **case.walk)
    numbers, divisor = [each.weights for each in found], 1
    if len(found) == 1:
        numbers[0], divisor = demo.whole(found[0])
    over = f" / {divisor}" if divisor != 1 else ""
    listed = ", ".join(map(_listed, numbers))
    options = {"stride": (case.s, 1), "padding": (case.p, 0), "dilation": (case.d, 1)}
    said = "".join(f", {name}={value}" for name, (value, usual) in options.items() if value != usual)
    batch = 64 if len(found) > 1 else 1
    lines = [
        "import torch",
        f"kernels = torch.tensor([{listed}]).reshape({len(found)}, 1, {k}, {k}){over}  # out, in, rows, columns",
        f"maps = torch.conv2d(torch.rand({batch}, 1, {case.n}, {case.n}), kernels{said})"
        f"  # {batch}×{len(found)}×{size}×{size}",
    ]
    names = ", ".join(each.name for each in found)
    chained = " One kernel does what they do one after the other." if "|" in names else ""
    return Reply(
        text="\n".join(["```python", *lines, "```"])
        + f"\n\n{escape(names)}: {batch}×1×{case.n}×{case.n} and {len(found)}×1×{k}×{k} make "
        f"{batch}×{len(found)}×{size}×{size}.{chained} PyTorch does not turn the kernel over (scipy's "
        "`convolve2d` does). In a network, `nn.Conv2d` holds such kernels as parameters and learns them from "
        "random numbers on.",
        choices=(Choice(label="the sizes", command=f"{ctx.prefix}conv size {case.n} {replace(case, k=k).typed}"),),
    )


def _one(ctx: Context, text: str) -> Kernel:
    """The kernel; of a chain, the one that does the same."""
    stages = ctx.kernels.chain(text)
    if len(stages) == 1:
        return stages[0]
    same = ctx.kernels.equivalent(stages)
    if same.size > LEGIBLE:
        raise UserError(
            f"One kernel does what these {len(stages)} do, but it is {same.size}×{same.size}, and I print up to "
            f"{LEGIBLE}×{LEGIBLE}: {code(f'{ctx.prefix}kernel {text[:100]}')} shows it."
        )
    return same


def _listed(weights: Matrix) -> str:
    return "[" + ", ".join(f"[{', '.join(_literal(value) for value in row)}]" for row in weights) + "]"


def _literal(value: float) -> str:
    """A number that makes a tensor of floats: nine digits are all that these hold."""
    return f"{value:.0f}." if value == int(value) else f"{value:.9g}"


def field(ctx: Context, n: int, layers: Sequence[Layer], text: str = "") -> Reply:
    """What one cell after some layers looks at; `text` is how they were written."""
    demo, walked = ctx.kernels, [layer.walked for layer in layers]
    sides = [n]
    for layer in layers:
        sides.append(demo.size(sides[-1], layer.k, **layer.walk))
    field, jump = demo.field(walked)
    first, end = demo.traced(walked, (sides[-1] - 1) // 2)
    seen = min(end, n) - max(first, 0)
    each = [demo.field(walked[:count])[0] for count in range(1, len(layers) + 1)]
    grown = " → ".join(f"{size}×{size}" for size in (1, *each))
    padded = (
        f" In the middle of the map that is {_of_picture(seen, n)}; the rest, "
        f"{100 * (1 - seen**2 / field**2):.0f} % of what it looks at, is padding."
        if seen < field
        else ""
    )
    kernels = " and ".join(dict.fromkeys(f"{layer.k}×{layer.k}" for layer in layers))
    beside = (
        "It has no neighbour: the last map is 1×1."
        if sides[-1] == 1
        else f"Its neighbour looks at as many, {plural(jump, 'pixel')} further on."
    )
    return Reply(
        text=f"Read as {plural(len(layers), 'layer')} of {kernels}: {code(written(layers))}.\n\n"
        f"One cell after {'it' if len(layers) == 1 else 'them'} looks at **{field}×{field}** "
        f"{'cells' if padded else 'pixels'}: {grown}, layer by layer.{padded} {beside}\n\n"
        f"Sizes: {' → '.join(f'{side}×{side}' for side in sides)}. "
        "Each layer adds d·(k − 1) times the strides before it.",
        images=_drawn_field(walked, sides, field, seen),
        choices=_other_fields(ctx, field, text),
    )


def _of_picture(seen: int, n: int) -> str:
    return f"all of the {n}×{n} pixels" if seen == n else f"{seen}×{seen} of the {n}×{n} pixels"


def _other_fields(ctx: Context, field: int, text: str) -> tuple[Choice, ...]:
    """As many layers, where a number alone was taken for a kernel's side; and the book's two."""
    choices: list[Choice] = []
    if text.isdecimal() and 1 < int(text) <= MOST_LAYERS:
        choices.append(Choice(label=f"{text} layers of 3×3", command=f"{ctx.prefix}conv rf layers={text}"))
    if field != 7:
        choices.append(Choice(label="with a stride of 2, twice", command=f"{ctx.prefix}conv rf 3s2p1 3s2p1"))
    return tuple(choices)


def _drawn_field(
    layers: Sequence[Mapping[str, int]], sides: Sequence[int], field: int, seen: int
) -> tuple[Image, ...]:
    if max(sides) > DRAWN:
        return ()
    told = f"{field}×{field} cells, {_of_picture(seen, sides[0])} and padding around them"
    return (
        Image(
            plot="conv_field",
            data={"n": sides[0], "layers": [dict(layer) for layer in layers]},
            alt="One cell of the last map, traced back layer by layer to "
            f"{_of_picture(seen, sides[0]) if seen == field else told}.",
        ),
    )

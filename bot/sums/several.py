"""The answers about more than one kernel: two side by side, and some in a row."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from bot.demo import Kernel, Matrix
from bot.sums.maps import extremes
from bot.sums.numbers import columns, fence, number, plain, size
from bot.sums.sources import Source, called, explicit, titled
from bot.sums.task import Task, typed
from bot.values import Choice, Image, Reply, escape

LEGIBLE = 9  # rows of a kernel that are written out
COUNTS = {2: "Two", 3: "Three", 4: "Four"}


def side_by_side(ctx: Context, first: Task, second: Task) -> Reply:
    """Two kernels over one picture, in the same colours."""
    source, tasks = first.source, (first, second)
    pixels = ctx.kernels.pixels(source)
    outputs = [ctx.kernels.output(source, task.kernel, add=task.add, **task.steps) for task in tasks]
    names = " and ".join(task.called for task in tasks)
    relation = _related(first, second)
    ranges = [f"from {number(low)} to {number(high)}" for low, high in map(extremes, outputs)]
    lines = [
        f"- **{escape(task.called)}**: {size(output)} sums, {span}. "
        + " ".join(each for each in (task.about, task.kernel.naming) if each)
        for task, output, span in zip(tasks, outputs, ranges, strict=True)
    ]
    walked = dict.fromkeys(said for task in tasks for said in task.walked(ctx.kernels, pixels))
    told = sorted(walked, key=lambda said: not said.startswith("Size"))  # the sizes first
    return Reply(
        text=f"**{escape(names)}** over {called(source)}, side by side in the same colours. {relation}\n\n"
        + "\n".join(lines)
        + f"\n\n{' '.join(told)}",
        images=(
            Image(
                plot="kernel_pair",
                data=_picture(source, pixels)
                | {
                    "kernels": [
                        {"name": task.called, "weights": plain(task.kernel.weights), "add": task.add}
                        for task in tasks
                    ],
                    "notes": [relation] if relation else [],
                }
                | ({} if first.walks_plainly else {"steps": first.steps})
                | ({"scale": first.scale} if first.scale else {}),
                kept=isinstance(source, str),
                alt=f"{names} over {called(source)}, side by side in the same colours: {' and '.join(ranges)}.",
            ),
        ),
        choices=tuple(choice for task in tasks for choice in task.again(ctx, task.called)),
    )


def in_a_row(ctx: Context, kernels: Sequence[Kernel], source: Source) -> Reply:
    """Kernels one after the other, and the one kernel that does what they do."""
    pixels = ctx.kernels.pixels(source)
    outputs: list[Matrix] = [pixels]
    for kernel in kernels:
        outputs.append(ctx.kernels.slid(outputs[-1], kernel))
    same = ctx.kernels.equivalent(kernels)
    sizes = " → ".join(size(output) for output in outputs)
    names = ", then ".join(kernel.name for kernel in kernels)
    low, high = extremes(outputs[-1])
    told = f"one {same.size}×{same.size} kernel does the same"
    return Reply(
        text=f"**{escape(names)}** over {called(source)}: {sizes}, from {number(low)} to {number(high)}. "
        f"{COUNTS[len(kernels)]} convolutions are one: {told} in one step, to the digit.{_written(ctx, same)}\n\n"
        "That is why networks put something bent, such as ReLU, between their layers: without it, a stack of "
        "layers could do no more than one.",
        images=(
            Image(
                plot="kernel_stages",
                data=_picture(source, pixels)
                | {
                    "kernels": [{"name": kernel.name, "weights": plain(kernel.weights)} for kernel in kernels],
                    "equivalent": plain(same.weights),
                    "notes": ["The kernel on the left alone gives the last map, to the digit."],
                },
                kept=isinstance(source, str),
                alt=f"{names} over {called(source)}, with the output after each stage; {told}.",
            ),
        ),
        # A choice is a command by itself: no picture would be attached to it.
        choices=tuple(
            Choice(label=kernel.name[:80], command=f"{ctx.prefix}kernel {typed(kernel)}{explicit(ctx, source)}")
            for kernel in {kernel.name: kernel for kernel in kernels}.values()
        )
        if isinstance(source, str)
        else (),
    )


def _picture(source: Source, pixels: Matrix) -> dict[str, Any]:
    """The picture as a drawing takes it."""
    return {"pixels": plain(pixels) if isinstance(source, str) else source.encoded, "image": titled(source)}


def _written(ctx: Context, kernel: Kernel) -> str:
    """Its numbers, where they can be read; else what they are like."""
    if kernel.size > LEGIBLE:
        low, high = extremes(kernel.weights)
        return (
            f" Its {kernel.size**2} weights are too many to read: they run from {number(low)} to {number(high)} "
            f"and add up to {number(kernel.sum)}."
        )
    texts, divisor = ctx.kernels.fractions(kernel.weights)
    over = f", all ÷ {divisor}" if divisor != 1 else ""
    return f" Its weights{over}:\n\n{fence(columns(texts))}"


def _related(first: Task, second: Task) -> str:
    """Where the weights are the same, opposites, or alike in sign; and where one kernel is the other turned."""
    one, other = first.kernel, second.kernel
    if one.size != other.size:
        return ""
    pairs = [
        (a, b)
        for row, beside in zip(one.weights, other.weights, strict=True)
        for a, b in zip(row, beside, strict=True)
    ]
    signs = {(a > 0) - (a < 0) == (b > 0) - (b < 0) for a, b in pairs}
    turned = {(a > 0) - (a < 0) == (b < 0) - (b > 0) for a, b in pairs}
    if all(a == b for a, b in pairs):
        said = "Their weights are the same."
    elif all(a == -b for a, b in pairs):
        said = "They are opposites: every weight has its sign turned."
    elif signs == {True}:
        said = "Their weights have the same signs in every cell."
    else:
        said = "Their weights have opposite signs in every cell." if turned == {True} else ""
    if first.raw.weights == second.raw.weights and first.flip != second.flip:
        plainly, over = ("left", "right") if second.flip else ("right", "left")
        said = (
            f"On the {plainly} as deep learning does it (cross-correlation: the kernel is not turned), on the "
            f"{over} as mathematics does (convolution: turned by 180° first). {said}"
        )
    return said.strip()

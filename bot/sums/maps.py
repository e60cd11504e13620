"""The answers about whole pictures: one kernel, two side by side, some in a row, and each channel by itself."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from bot.demo import Kernel, Matrix
from bot.errors import UserError
from bot.sums.numbers import fence, grid, number, plain, size
from bot.sums.sources import Source, called, explicit, extent, titled
from bot.sums.task import Task, typed
from bot.values import Choice, Image, Reply, escape

LEGIBLE = 7  # rows of a kernel that are written out


def whole(ctx: Context, task: Task) -> Reply:
    """One kernel over all of a picture."""
    kernel, source = task.kernel, task.source
    pixels = ctx.kernels.pixels(source)
    if not isinstance(source, str) and kernel.size > min(len(pixels), len(pixels[0])) + 2 * task.pad:
        raise UserError(
            f"The attached picture has {extent(pixels, source)}: "
            f"a kernel of {kernel.size}×{kernel.size} does not fit."
        )
    output = ctx.kernels.output(source, kernel, add=task.add, **task.steps)
    low, high = extremes(output)
    centre = _highest(ctx, task, pixels, output)
    sums = f"{extent(pixels, source)} → {size(output)} sums, from {number(low)} to {number(high)}."
    where = (
        ""
        if isinstance(source, str)
        else f" The highest is at ({centre}): with `at={centre}` and the same picture I work it out."
    )
    text = (
        f"**{escape(kernel.name)}** over {called(source)}: {sums}{where}\n\n{fence(grid(kernel.weights))}\n\n"
        + " ".join(each for each in (task.about, kernel.said, kernel.naming) if each)
        + "\n\n"
        + " ".join(task.walked(ctx.kernels, pixels))
    )
    return Reply(
        text=text,
        images=(_drawn_map(task, pixels, output, centre),),
        # A choice is a command by itself: no picture would be attached to it.
        choices=(
            Choice(
                label=f"the window at {centre}",
                command=f"{ctx.prefix}kernel {task.typed} at={centre}{explicit(ctx, source)}",
            ),
        )
        if isinstance(source, str)
        else (),
    )


def _drawn_map(task: Task, pixels: Matrix, output: Matrix, centre: str) -> Image:
    kernel, source = task.kernel, task.source
    low, high = extremes(output)
    told = f"the sums run from {number(low)} to {number(high)}, the highest at ({centre})."
    shared: dict[str, Any] = {
        "kernel": kernel.name,
        "weights": plain(kernel.weights),
        "notes": [task.about] if task.about else [],
    }
    shared |= {"scale": task.scale} if task.scale else {}
    shared |= {} if task.walks_plainly else {"steps": task.steps}
    if isinstance(source, str):
        return Image(
            plot="kernel_map",
            data=shared | {"image": titled(source), "pixels": plain(pixels), "output": plain(output)},
            alt=f"Three panels: {called(source)}, the kernel {kernel.name}, and its output"
            f"{' on a scale with zero in the middle' if task.scale in {None, 'sym'} else ''}; {told}",
        )
    return Image(
        plot="photo_map",
        data=shared | {"photo": source.encoded} | ({"add": task.add} if task.add else {}),
        kept=False,
        alt=f"Two panels: the attached picture in grey, and what the kernel {kernel.name} makes of it; {told}",
    )


def in_colour(ctx: Context, task: Task, groups: int) -> Reply:
    """The kernel over red, green and blue: three maps, or with one group their sum."""
    kernel, source = task.kernel, task.source
    red = ctx.kernels.channels(source)[0]
    outputs = ctx.kernels.maps(source, kernel, groups=groups, add=task.add, **task.steps)
    spans = [extremes(output) for output in outputs]
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    said = (
        f"each channel by itself (groups=3): {len(outputs)} maps of {size(outputs[0])} sums"
        if groups > 1
        else f"all channels in one group: their sums are added up, 1 map of {size(outputs[0])}"
    )
    weights, _ = ctx.kernels.parameters(3, groups, kernel.size, groups)
    told = f"{said}, from {number(low)} to {number(high)}"
    return Reply(
        text=f"**{escape(kernel.name)}** over {called(source)}, 3×{size(red)}, {told}.\n\n"
        f"{fence(grid(kernel.weights))}\n\n"
        "Channels are light: 0 is none, 255 is full, so paper is high here and ink low. "
        f"The layer's weights have the shape {groups}×{3 // groups}×{kernel.size}×{kernel.size}: "
        f"{weights} numbers. " + " ".join(task.walked(ctx.kernels, red)),
        images=(
            Image(
                plot="channel_maps",
                data={
                    "colours": ctx.kernels.encoded(source),
                    "weights": plain(kernel.weights),
                    "kernel": kernel.name,
                    "groups": groups,
                    "scale": task.scale or "sym",
                    "add": task.add,
                    "steps": task.steps,
                },
                kept=isinstance(source, str),
                alt=f"The picture, its red, green and blue, and below them {kernel.name} over {told}.",
            ),
        ),
    )


def side_by_side(ctx: Context, first: Task, second: Task) -> Reply:
    """Two kernels over one picture, in the same colours."""
    source = _ours(first.source, "Two kernels are compared")
    tasks = (first, second)
    outputs = [ctx.kernels.output(source, task.kernel, add=task.add, **task.steps) for task in tasks]
    lines = [
        f"- **{escape(task.kernel.name)}**: from {number(extremes(output)[0])} to {number(extremes(output)[1])}. "
        + " ".join(each for each in (task.about, task.kernel.naming) if each)
        for task, output in zip(tasks, outputs, strict=True)
    ]
    names = " and ".join(task.kernel.name for task in tasks)
    relation = _related(first.kernel, second.kernel)
    ranges = " and ".join(f"from {number(low)} to {number(high)}" for low, high in map(extremes, outputs))
    return Reply(
        text=f"**{escape(names)}** over {called(source)}, side by side in the same colours. {relation}\n\n"
        + "\n".join(lines),
        images=(
            Image(
                plot="kernel_pair",
                data={
                    "pixels": plain(ctx.kernels.pixels(source)),
                    "image": titled(source),
                    "kernels": [
                        {"name": task.kernel.name, "weights": plain(task.kernel.weights), "output": plain(output)}
                        for task, output in zip(tasks, outputs, strict=True)
                    ],
                    "notes": [relation] if relation else [],
                },
                alt=f"{names} over {called(source)}, side by side in the same colours: {ranges}.",
            ),
        ),
        choices=tuple(
            Choice(
                label=f"{task.kernel.name}"[:80], command=f"{ctx.prefix}kernel {task.typed}{explicit(ctx, source)}"
            )
            for task in tasks
        ),
    )


def in_a_row(ctx: Context, kernels: Sequence[Kernel], image: Source) -> Reply:
    """Kernels one after the other, and the one kernel that does what they do."""
    source = _ours(image, "A chain is shown")
    pixels = ctx.kernels.pixels(source)
    outputs: list[Matrix] = [pixels]
    for kernel in kernels:
        outputs.append(ctx.kernels.slid(outputs[-1], kernel))
    same = ctx.kernels.equivalent(kernels)
    sizes = " → ".join(size(output) for output in outputs)
    names = ", then ".join(kernel.name for kernel in kernels)
    low, high = extremes(outputs[-1])
    told = f"one {same.size}×{same.size} kernel does the same"
    shown = f"\n\n{fence(grid(same.weights))}" if same.size <= LEGIBLE else ""
    return Reply(
        text=f"**{escape(names)}** over {called(source)}: {sizes}, from {number(low)} to {number(high)}. "
        f"Two convolutions are one: {told} in one step, to the digit.{shown}\n\n"
        "That is why networks put something bent, such as ReLU, between their layers: without it, a stack of "
        "layers could do no more than one.",
        images=(
            Image(
                plot="kernel_stages",
                data={
                    "pixels": plain(pixels),
                    "image": titled(source),
                    "kernels": [
                        {"name": kernel.name, "weights": plain(kernel.weights), "output": plain(output)}
                        for kernel, output in zip(kernels, outputs[1:], strict=True)
                    ],
                    "equivalent": plain(same.weights),
                    "notes": ["The kernel on the left alone gives the last map, to the digit."],
                },
                alt=f"{names} over {called(source)}, with the output after each stage; {told}.",
            ),
        ),
        choices=tuple(
            Choice(label=kernel.name[:80], command=f"{ctx.prefix}kernel {typed(kernel)}{explicit(ctx, source)}")
            for kernel in {kernel.name: kernel for kernel in kernels}.values()
        ),
    )


def extremes(output: Matrix) -> tuple[float, float]:
    """The lowest and the highest number."""
    return min(map(min, output)), max(map(max, output))


def _highest(ctx: Context, task: Task, pixels: Matrix, output: Matrix) -> str:
    """The centre of the first window with the highest sum."""
    high = extremes(output)[1]
    row, col = next((r, c) for r, line in enumerate(output) for c, value in enumerate(line) if value == high)
    down, across = (ctx.kernels.centres(n, task.kernel.size, **task.walk) for n in (len(pixels), len(pixels[0])))
    return f"{down[row]},{across[col]}"


def _ours(source: Source, what: str) -> str:
    if isinstance(source, str):
        return source
    raise UserError(f"{what} over our own pictures only: `image=3`, `image=7`, a letter, a digit or `image=card`.")


def _related(first: Kernel, second: Kernel) -> str:
    """Where two kernels are the same, opposites, or the same but for a factor."""
    pairs = [
        (a, b)
        for one, other in zip(first.weights, second.weights, strict=False)
        for a, b in zip(one, other, strict=False)
    ]
    if first.size != second.size:
        return ""
    signs = {(a > 0) - (a < 0) == (b > 0) - (b < 0) for a, b in pairs}
    turned = {(a > 0) - (a < 0) == (b < 0) - (b > 0) for a, b in pairs}
    if all(a == b for a, b in pairs):
        return "They are the same."
    if all(a == -b for a, b in pairs):
        return "They are opposites: every sign is turned."
    if signs == {True}:
        return "Their signs are the same in every cell."
    return "Their signs are opposite in every cell." if turned == {True} else ""

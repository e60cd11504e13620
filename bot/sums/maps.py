"""The answers about whole pictures: one kernel, two side by side, some in a row, and each channel by itself."""

from typing import Any

from bot.context import Context
from bot.demo import Matrix
from bot.errors import UserError
from bot.sums.numbers import fence, grid, number, plain, size
from bot.sums.sources import called, extent, titled
from bot.sums.task import Task
from bot.values import Image, Reply, escape

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
        f"**{escape(task.called)}** over {called(source)}: {sums}{where}\n\n{fence(grid(kernel.weights))}\n\n"
        + " ".join(each for each in (task.about, kernel.said, kernel.naming) if each)
        + "\n\n"
        + " ".join(task.walked(ctx.kernels, pixels))
    )
    return Reply(
        text=text,
        images=(_drawn_map(task, pixels, output, centre),),
        choices=task.again(ctx, f"the window at {centre}", f" at={centre}"),
    )


def _drawn_map(task: Task, pixels: Matrix, output: Matrix, centre: str) -> Image:
    kernel, source = task.kernel, task.source
    low, high = extremes(output)
    told = f"the sums run from {number(low)} to {number(high)}, the highest at ({centre})."
    shared: dict[str, Any] = {
        "kernel": task.called,
        "weights": plain(kernel.weights),
        "notes": [task.about] if task.about else [],
    }
    shared |= {"scale": task.scale} if task.scale else {}
    shared |= {} if task.walks_plainly else {"steps": task.steps}
    if isinstance(source, str):
        return Image(
            plot="kernel_map",
            data=shared | {"image": titled(source), "pixels": plain(pixels), "output": plain(output)},
            alt=f"Three panels: {called(source)}, the kernel {task.called}, and its output"
            f"{' on a scale with zero in the middle' if task.scale in {None, 'sym'} else ''}; {told}",
        )
    return Image(
        plot="photo_map",
        data=shared | {"photo": source.encoded} | ({"add": task.add} if task.add else {}),
        kept=False,
        alt=f"Two panels: the attached picture in grey, and what the kernel {task.called} makes of it; {told}",
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
        text=f"**{escape(task.called)}** over {called(source)}, 3×{size(red)}, {told}.\n\n"
        f"{fence(grid(kernel.weights))}\n\n"
        "Channels are light: 0 is none, 255 is full, so paper is high here and ink low. "
        f"The layer's weights have the shape {groups}×{3 // groups}×{kernel.size}×{kernel.size}: "
        f"{weights} numbers. "
        + (f"add={number(task.add)} is added to every sum. " if task.add else "")
        + " ".join(task.walked(ctx.kernels, red)),
        images=(
            Image(
                plot="channel_maps",
                data={
                    "colours": ctx.kernels.encoded(source),
                    "weights": plain(kernel.weights),
                    "kernel": task.called,
                    "groups": groups,
                    "scale": task.scale or "sym",
                    "add": task.add,
                    "steps": task.steps,
                },
                kept=isinstance(source, str),
                alt=f"The picture, its red, green and blue, and below them {task.called} over {told}.",
            ),
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

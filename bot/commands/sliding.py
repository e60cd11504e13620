"""The window in motion."""

from typing import Annotated, Literal

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.sums.maps import extremes
from bot.sums.numbers import number, plain, size
from bot.sums.sources import Picture, called, explicit, extent, source, titled
from bot.sums.task import Task
from bot.values import Choice, Image, Reply, code, escape, plural


@command(
    "slide",
    group="convolutions",
    examples=("slide topedge", "slide sobel:45 image=A stride=3", "slide blur pad=1 stride=4 mode=replicate"),
)
async def slide(
    ctx: Context,
    kernel: Annotated[str, Arg(help="a kernel's name, or its numbers as [[…],[…],[…]]", complete="kernels")],
    *,
    image: Picture = "",
    stride: Annotated[int, Arg(help="how far the window moves each time", low=1, high=8)] = 1,
    pad: Annotated[int, Arg(help="how many cells of padding are put around the picture", low=0, high=16)] = 0,
    dilation: Annotated[int, Arg(help="how far apart the weights lie", low=1, high=6)] = 1,
    mode: Annotated[
        Literal["zeros", "replicate", "reflect", "mirror", "symmetric", "wrap"],
        Arg(help="what stands in the padding"),
    ] = "zeros",
    div: Annotated[float, Arg(help="what all weights are divided by", low=-1000, high=1000)] = 1,
    flip: Annotated[bool, Arg(help="turn the kernel by 180° first: a true convolution")] = False,
) -> Reply:
    """Let the window slide over a picture, as a GIF: the products and their sum at each step.

    It takes the kernels and pictures that `!kernel` takes. Up to 64 steps are shown, one after the other. Where
    there are more, some are, evenly spread over the part where something happens, and the output is filled in
    between; the last of them is the one with the highest sum. It plays three times and rests on the last one.
    """
    if "|" in kernel:
        raise UserError(f"One kernel slides at a time: {code(f'{ctx.prefix}kernel {kernel}')} shows a chain.")
    where = await source(ctx, image)
    raw = ctx.kernels.kernel(kernel)
    task = Task(
        kernel=raw, raw=raw, source=where, stride=stride, pad=pad, dilation=dilation, mode=mode, div=div, flip=flip
    ).of(ctx, raw)
    pixels = ctx.kernels.pixels(where)
    if task.kernel.size > min(len(pixels), len(pixels[0])) + 2 * pad:
        raise UserError(
            f"{called(where).capitalize()} has {extent(pixels, where)}: "
            f"a kernel of {raw.size}×{raw.size} does not fit."
        )
    output = ctx.kernels.output(where, task.kernel, **task.steps)
    low, high = extremes(output)
    total = len(output) * len(output[0])
    told = f"{plural(total, 'step')}, sums from {number(low)} to {number(high)}"
    shown = ctx.kernels.shown(output)
    some = f" {shown} of these steps are shown, the one with the highest sum last." if shown < total else ""
    ours = isinstance(where, str)
    return Reply(
        text=f"**{escape(task.kernel.name)}** slides over {called(where)}: "
        f"{extent(pixels, where)} → {size(output)}, {told}.{some}\n\n"
        + " ".join(task.walked(ctx.kernels, pixels)),
        images=(
            Image(
                plot="slide",
                data={
                    "pixels": plain(pixels) if ours else where.encoded,
                    "weights": plain(task.kernel.weights),
                    "kernel": task.kernel.name,
                    "image": titled(where),
                    "steps": task.steps,
                },
                kind="gif",
                kept=ours,
                alt=f"{task.kernel.name} slides over {called(where)}, {told}: at each step the window's pixels, "
                f"their products with the weights, and the sum, which fills a cell of the output.{some}",
            ),
        ),
        # A choice is a command by itself: no picture would be attached to it.
        choices=(
            Choice(
                label=f"all of {task.kernel.name}"[:80],
                command=f"{ctx.prefix}kernel {task.typed}{explicit(ctx, where)}",
            ),
        )
        if ours
        else (),
    )

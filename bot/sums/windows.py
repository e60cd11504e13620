"""The answer about one window, worked out in full."""

from bot.context import Context
from bot.demo import Kernel, Window
from bot.sums.numbers import fence, grid, number, plain
from bot.sums.sources import called, extent
from bot.sums.task import Task
from bot.values import Image, Reply, escape


def one_window(ctx: Context, task: Task, window: Window) -> Reply:
    """The pixels × the weights = the products, in text and as a picture."""
    kernel, source = task.kernel, task.source
    ours = isinstance(source, str)
    pixels = ctx.kernels.pixels(source)
    total = number(window.sum)
    over = called(source) if ours else f"{called(source)}, {extent(pixels, source)},"
    rows, cols = (", ".join(number(n) for n in range(*each, task.dilation)) for each in (window.rows, window.cols))
    return Reply(
        text=f"**{escape(kernel.name)}** over {over} at ({number(window.row)}, {number(window.col)}): "
        f"rows {rows} × columns {cols}. The products add up to **{total}**.{task.added(window.sum)}\n\n"
        f"{fence(worked_out(kernel, window))}",
        images=(
            Image(
                plot="window",
                data={
                    "kernel": kernel.name,
                    "image": plain(pixels) if ours else source.encoded,
                    "pixels": plain(window.pixels),
                    "weights": plain(kernel.weights),
                    "products": plain(window.products),
                    "total": window.sum,
                    "row": window.row,
                    "col": window.col,
                    "notes": [f"with add={number(task.add)}: {number(window.sum + task.add)}"] if task.add else [],
                }
                | ({} if task.walks_plainly else {"steps": task.steps}),
                kept=ours,
                alt=f"The window at ({number(window.row)}, {number(window.col)}) times the kernel {kernel.name}: "
                f"the products add up to {total}.",
            ),
        ),
        choices=task.again(ctx, f"all of {kernel.name}"),
    )


def worked_out(kernel: Kernel, window: Window) -> list[str]:
    """The pixels × the weights = the products, line by line, and the sum below."""
    parts = [grid(each) for each in (window.pixels, kernel.weights, window.products)]
    middle = (kernel.size - 1) // 2
    lines: list[str] = []
    for row, cells in enumerate(zip(*parts, strict=True)):
        times, equals = (" × ", " = ") if row == middle else ("   ", "   ")
        lines.append(cells[0] + times + cells[1] + equals + cells[2])
    return [*lines, f"{'sum = ' + number(window.sum):>{len(lines[0])}}"]

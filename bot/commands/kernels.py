"""Kernels: a small square of numbers slid over a picture, and one of its windows worked out in full."""

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context, Kernel, Matrix, Photo, Window
from bot.errors import UserError
from bot.values import Choice, Image, Reply, Table, code, escape


def position(text: str) -> tuple[int, int]:
    """`5,7` → (5, 7)."""
    found = re.fullmatch(r"\(?\s*(\d{1,4})\s*,\s*(\d{1,4})\s*\)?", text)
    if found is None:
        raise ValueError
    return int(found[1]), int(found[2])


def span(text: str) -> tuple[int, int]:
    """`4:7` → (4, 7), which is 4, 5 and 6 as in Python."""
    found = re.fullmatch(r"(\d{1,4}):(\d{1,4})", text)
    if found is None:
        raise ValueError
    return int(found[1]), int(found[2])


ATTACHED = "attached"  # what image= calls the picture on the post, or on the post it answers

Picture = Annotated[
    str,
    Arg(
        help=f"our own drawn 3 or 7, or {ATTACHED}; without it, the attached picture if there is one, else the 3",
        complete="images",
    ),
]


@command(
    "kernel",
    group="convolutions",
    examples=(
        "kernel topedge",
        "kernel topedge at=5,7",
        "kernel topedge rows=7:10 cols=17:20",
        "kernel outline image=7",
        "kernel [[0,-1,0],[-1,5,-1],[0,-1,0]]",
    ),
)
async def kernel(
    ctx: Context,
    kernel: Annotated[str, Arg(help="a kernel's name, or its numbers as [[…],[…],[…]]", complete="kernels")],
    *,
    at: Annotated[
        tuple[int, int] | None, Arg(help="the window's centre: row,column", read=position, shape="5,7")
    ] = None,
    rows: Annotated[
        tuple[int, int] | None, Arg(help="the window's rows, as a slice", read=span, shape="4:7")
    ] = None,
    cols: Annotated[
        tuple[int, int] | None, Arg(help="the window's columns, as a slice", read=span, shape="6:9")
    ] = None,
    image: Picture = "",
) -> Reply:
    """Slide a kernel over a picture, or work out one window of it.

    At every place the nine weights are multiplied with the nine pixels below them and the products added up. The
    kernel is not turned over first: what deep learning calls convolution is cross-correlation. Rows and columns
    count from 0, `at` is the centre of the window, `rows=4:7` means rows 4, 5 and 6. Pixels run from 0 for paper
    to 255 for ink. The 3 is our own drawing and agrees with the lecture's at the 19 pixels that are read out
    there.

    Attach a picture of your own, or answer a post that has one: the kernel goes over that instead. A PNG, JPEG,
    WebP or GIF of up to 8 MB and 8 million pixels will do. It becomes grey, white 0 and black 255, and no larger
    than 224 pixels each way; it is not kept.
    """
    chosen = ctx.kernels.kernel(kernel)
    if at is not None and (rows or cols):
        raise UserError("Give either `at`, or `rows` and `cols`: both name one window.")
    if (rows is None) != (cols is None):
        raise UserError("A window needs both `rows` and `cols`, for example `rows=4:7 cols=6:9`.")
    source = await _source(ctx, image.strip())
    if at is not None:
        return _one_window(ctx, chosen, source, ctx.kernels.window(source, chosen, *at))
    if rows is not None and cols is not None:
        return _one_window(ctx, chosen, source, ctx.kernels.slice(source, chosen, rows, cols))
    return _whole(ctx, chosen, source) if isinstance(source, str) else _whole_photo(ctx, chosen, source)


@command("kernels", group="convolutions", examples=("kernels",))
async def kernels(ctx: Context) -> Reply:
    """List the kernels there are, and what a high value of each means.

    A kernel whose weights add up to 0 makes flat areas vanish; one whose weights add up to 1 keeps their
    brightness.
    """
    known = list(ctx.kernels.catalogue.values())
    return Reply(
        text=f"{len(known)} kernels. {code(ctx.prefix + 'kernel topedge')} slides one over a picture.",
        table=Table(
            columns=("kernel", "also", "sum", "a high value means"),
            rows=tuple((each.name, ", ".join(each.aliases), round(each.sum, 2), each.high) for each in known),
        ),
        images=(
            Image(
                plot="kernel_catalogue",
                data={
                    "kernels": [{"name": each.name, "weights": _plain(each.weights)} for each in known],
                    "title": f"{len(known)} kernels",
                },
                alt=f"The weights of {len(known)} kernels as small grids of numbers: "
                f"{', '.join(each.name for each in known)}.",
            ),
        ),
    )


async def _source(ctx: Context, image: str) -> str | Photo:
    """The picture that is meant: the name of ours, or the attached one, read beside the event loop."""
    if image.casefold() == ATTACHED and not ctx.attached:
        raise UserError(
            "There is no picture on this post. Attach a PNG, JPEG, WebP or GIF to the command, or answer a post "
            f"that has one. Without {code(f'image={ATTACHED}')} I take our own 3."
        )
    if ctx.attached and image.casefold() in {"", ATTACHED}:
        return await asyncio.to_thread(ctx.kernels.photo, ctx.attached)
    return image or "3"


def _whole(ctx: Context, kernel: Kernel, image: str) -> Reply:
    pixels, output = ctx.kernels.pixels(image), ctx.kernels.output(image, kernel)
    low, high, centre = _extremes(kernel, output)
    about = _about(kernel)
    explicit = f" image={image}" if image != "3" or ctx.attached else ""
    again = f"{ctx.prefix}kernel {_typed(kernel)} at={centre}{explicit}"
    size = f"{_size(pixels)} pixels → {_size(output)} sums"
    return Reply(
        text=f"**{escape(kernel.name)}** over our own {escape(image)}: {size}, "
        f"from {_number(low)} to {_number(high)}.\n\n{_fence(_grid(kernel.weights))}\n\n"
        + " ".join(each for each in (about, kernel.naming) if each),
        images=(
            Image(
                plot="kernel_map",
                data={
                    "kernel": kernel.name,
                    "image": image,
                    "pixels": _plain(pixels),
                    "weights": _plain(kernel.weights),
                    "output": _plain(output),
                    "notes": [about] if about else [],
                },
                alt=f"Three panels: the drawn {image}, the kernel {kernel.name}, and its output on a scale with "
                f"zero in the middle; the sums run from {_number(low)} to {_number(high)}, "
                f"the highest at ({centre}).",
            ),
        ),
        choices=(Choice(label=f"the window at {centre}", command=again),),
    )


def _whole_photo(ctx: Context, kernel: Kernel, photo: Photo) -> Reply:
    pixels = ctx.kernels.pixels(photo)
    if kernel.size > min(len(pixels), len(pixels[0])):
        raise UserError(
            f"The attached picture has {_shrunk(pixels, photo)}: "
            f"a kernel of {kernel.size}×{kernel.size} does not fit."
        )
    output = ctx.kernels.output(photo, kernel)
    low, high, centre = _extremes(kernel, output)
    about = _about(kernel)
    size = f"{_shrunk(pixels, photo)} → {_size(output)} sums"
    return Reply(
        text=f"**{escape(kernel.name)}** over the attached picture: {size}, "
        f"from {_number(low)} to {_number(high)}. The highest is at ({centre}): "
        f"with {code(f'at={centre}')} and the same picture I work it out.\n\n{_fence(_grid(kernel.weights))}\n\n"
        + " ".join(each for each in (about, kernel.naming) if each),
        images=(
            Image(
                plot="photo_map",
                data={
                    "kernel": kernel.name,
                    "photo": photo.encoded,
                    "weights": _plain(kernel.weights),
                    "notes": [about] if about else [],
                },
                kept=False,
                alt=f"Two panels: the attached picture in grey, and what the kernel {kernel.name} makes of it; "
                f"the sums run from {_number(low)} to {_number(high)}, the highest at ({centre}).",
            ),
        ),
    )


def _extremes(kernel: Kernel, output: Matrix) -> tuple[float, float, str]:
    """The lowest and the highest sum, and the centre of the first window that has the highest."""
    low, high = min(map(min, output)), max(map(max, output))
    best = next((row, col) for row, line in enumerate(output) for col, value in enumerate(line) if value == high)
    before = (kernel.size - 1) // 2
    return low, high, f"{best[0] + before},{best[1] + before}"


def _about(kernel: Kernel) -> str:
    return " ".join(each for each in (kernel.high, kernel.sum_means) if each)


def _one_window(ctx: Context, kernel: Kernel, image: str | Photo, window: Window) -> Reply:
    total = _number(window.sum)
    ours = isinstance(image, str)
    pixels = ctx.kernels.pixels(image)
    over = f"our own {escape(image)}" if ours else f"the attached picture, {_shrunk(pixels, image)},"
    whole = f"{ctx.prefix}kernel {_typed(kernel)} image={image}"
    rows, cols = (", ".join(str(n) for n in range(*each)) for each in (window.rows, window.cols))
    return Reply(
        text=f"**{escape(kernel.name)}** over {over} at ({window.row}, {window.col}): "
        f"rows {rows} × columns {cols}. The products add up to **{total}**.\n\n"
        f"{_fence(_worked_out(kernel, window))}",
        images=(
            Image(
                plot="window",
                data={
                    "kernel": kernel.name,
                    "image": _plain(pixels) if ours else image.encoded,
                    "pixels": _plain(window.pixels),
                    "weights": _plain(kernel.weights),
                    "products": _plain(window.products),
                    "total": window.sum,
                    "row": window.row,
                    "col": window.col,
                },
                kept=ours,
                alt=f"The window at ({window.row}, {window.col}) times the kernel {kernel.name}: "
                f"the products add up to {total}.",
            ),
        ),
        # A choice is a command by itself: no picture would be attached to it.
        choices=(Choice(label=f"all of {kernel.name}", command=whole),) if ours else (),
    )


def _worked_out(kernel: Kernel, window: Window) -> list[str]:
    """The pixels × the weights = the products, line by line, and the sum below."""
    parts = [_grid(each) for each in (window.pixels, kernel.weights, window.products)]
    middle = (kernel.size - 1) // 2
    lines: list[str] = []
    for row, cells in enumerate(zip(*parts, strict=True)):
        times, equals = (" × ", " = ") if row == middle else ("   ", "   ")
        lines.append(cells[0] + times + cells[1] + equals + cells[2])
    return [*lines, f"{'sum = ' + _number(window.sum):>{len(lines[0])}}"]


def _grid(numbers: Matrix) -> list[str]:
    """Rows of numbers, every column as wide as the widest number."""
    written = [[_number(value) for value in row] for row in numbers]
    width = max(len(text) for row in written for text in row)
    return [" ".join(f"{text:>{width}}" for text in row) for row in written]


def _fence(lines: Sequence[str]) -> str:
    return "\n".join(["```text", *lines, "```"])


def _number(value: float) -> str:
    """Whole numbers without a point, others with up to four decimals, and a true minus sign."""
    return (
        f"{round(value, 4) + 0.0:g}".replace("-", "−") if abs(value) < 1e5 else f"{value:,.0f}".replace("-", "−")
    )


def _typed(kernel: Kernel) -> str:
    """The kernel as one would type it."""
    if kernel.name != "custom":
        return kernel.name
    return "[" + ",".join(f"[{','.join(f'{value:.15g}' for value in row)}]" for row in kernel.weights) + "]"


def _size(numbers: Matrix) -> str:
    return f"{len(numbers)}×{len(numbers[0])}"


def _shrunk(pixels: Matrix, photo: Photo) -> str:
    """How large it is, and how large it was if it is smaller now."""
    now, was = _size(pixels), f"{photo.shape[0]}×{photo.shape[1]}"
    return f"{now} pixels (rows × columns{f', made smaller from {was}' if now != was else ''})"


def _plain(numbers: Matrix) -> list[list[float]]:
    return [list(row) for row in numbers]

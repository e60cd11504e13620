"""What a picture is made of: the numbers over its pixels, and its red, green and blue by themselves."""

from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.demo import Matrix
from bot.errors import UserError
from bot.sums.maps import extremes
from bot.sums.numbers import fence, grid, number, size
from bot.sums.places import Pair, span
from bot.sums.sources import DRAWN, Picture, called, explicit, extent, source, titled
from bot.values import Choice, Image, Reply, Table, code

MOST = 40  # rows and columns of numbers: beyond, nobody can read them
WIDE, HIGH = 20, 12  # what fits a post as text
LECTURE = (
    "The lecture's 3 is from chapter 4, MNIST basics. Ours is our own drawing, with the same numbers where the "
    "lecture reads them out."
)


@command(
    "pixels",
    group="convolutions",
    examples=("pixels", "pixels 3 rows=5:10 cols=0:20", "pixels A", "pixels card rows=16-24 cols=0-15"),
)
async def pixels(
    ctx: Context,
    image: Picture = "",
    *,
    rows: Annotated[Pair | None, Arg(help="which rows, as a slice", read=span, shape="5:10")] = None,
    cols: Annotated[Pair | None, Arg(help="which columns, as a slice", read=span, shape="0:20")] = None,
) -> Reply:
    """Show a picture as the numbers it is made of.

    An image is a matrix: one number for every pixel, from 0 for paper to 255 for ink; rows and columns count
    from 0. Which end is dark is a choice: files and screens mostly have 255 for white; the digits that networks
    learn from have 255 for ink, and all of our pictures do. `rows=4:7` means rows 4, 5 and 6.
    """
    where = await source(ctx, image)
    whole = ctx.kernels.pixels(where)
    down, across = _slice("rows", rows, len(whole)), _slice("cols", cols, len(whole[0]))
    part = [list(line[across[0] : across[1]]) for line in whole[down[0] : down[1]]]
    low, high = extremes(whole)
    inked = sum(value > 0 for line in whole for value in line)
    count = len(whole) * len(whole[0])
    cut = f"{_cut('Row', down)} × {_cut('column', across)}"
    partly = count > len(part) * len(part[0])
    first = any(asked is None and n > MOST for asked, n in ((rows, len(whole)), (cols, len(whole[0]))))
    more = f" These are the first ones, as more than {MOST} cannot be read; `rows=` and `cols=` show others."
    words = fence(grid(part)) if len(part[0]) <= WIDE and len(part) <= HIGH else ""
    ours = isinstance(where, str)
    return Reply(
        text=f"{called(where).capitalize()}: {extent(whole, where)} = {count:,} numbers, from {number(low)} to "
        f"{number(high)}; {inked:,} of them are not 0. 0 is paper, 255 ink. {cut}:"
        + (f"\n\n{words}" if words else " see the picture.")
        + (more if first else "")
        + (f"\n\n{LECTURE}" if where == DRAWN[0] and not partly else ""),
        images=(
            Image(
                plot="numbers",
                data={
                    "pixels": [[int(value) for value in line] for line in part],
                    "row": down[0],
                    "col": across[0],
                    "title": f"{titled(where)}: {size(part)} of {size(whole)} numbers"
                    if partly
                    else f"{titled(where)}: {size(whole)} numbers",
                },
                kept=ours,
                alt=f"{cut} of {called(where)} as numbers over their pixels, 0 is paper and 255 ink.",
            ),
        ),
        choices=(
            Choice(
                label="topedge over it",
                command=f"{ctx.prefix}kernel topedge{explicit(ctx, where)}",
            ),
        )
        if ours
        else (),
    )


def _cut(noun: str, part: Pair) -> str:
    """`Rows 5–9`, `column 3`."""
    first, end = part
    return f"{noun} {first}" if end - first == 1 else f"{noun}s {first}–{end - 1}"


def _slice(name: str, asked: Pair | None, side: int) -> Pair:
    """What is shown of a side."""
    if asked is None:
        return 0, min(side, MOST)
    first, end = asked
    if first >= end:
        why = "is empty" if first == end else "runs backwards"
        raise UserError(f"{code(f'{name}={first}:{end}')} {why}: {code(f'{name}=4:7')} is 4, 5 and 6.")
    if not 0 <= first < end <= side:
        raise UserError(f"{code(f'{name}={first}:{end}')} is outside: {name} run from 0 to {side - 1}.")
    if end - first > MOST:
        raise UserError(f"{end - first} {name} of numbers cannot be read: {MOST} at most.")
    return asked


@command("channels", group="convolutions", examples=("channels", "channels 3"))
async def channels(ctx: Context, image: Picture = "") -> Reply:
    """Take a picture apart into red, green and blue.

    A picture in colour is three matrices of the same size. Their numbers are light, 0 for none and 255 for full,
    as in the file. A grey one has three times the same. Without a picture it is the test card.
    """
    where = await source(ctx, image or ("" if ctx.attached else "card"))
    apart = ctx.kernels.channels(where)
    rows, cols = len(apart[0]), len(apart[0][0])
    ours = isinstance(where, str)
    again = f" image={where}" if ours else ""
    return Reply(
        text=f"{called(where).capitalize()}: 3×{rows}×{cols} = {3 * rows * cols:,} numbers, channels × rows × "
        "columns. 0 is no light, 255 full light. A layer that looks at it has three slices in every kernel, one "
        "for each channel, and adds up what they give: so four kernels make 4 maps, not 12.",
        table=Table(
            columns=("channel", "mean", "lowest", "highest"),
            rows=tuple(_row(name, values) for name, values in zip(("red", "green", "blue"), apart, strict=True)),
        ),
        images=(
            Image(
                plot="channels",
                data={"colours": ctx.kernels.encoded(where), "title": f"{titled(where)}: 3×{rows}×{cols}"},
                kept=ours,
                alt=f"{called(where)} and beside it its red, its green and its blue light, {rows}×{cols} each.",
            ),
        ),
        choices=(
            Choice(label="topedge over each", command=f"{ctx.prefix}kernel topedge rgb{again}"),
            Choice(label="and their sum", command=f"{ctx.prefix}kernel topedge rgb groups=1{again}"),
            Choice(label="4 filters on RGB", command=f"{ctx.prefix}conv shape channels=3 filters=4"),
        )
        if ours
        else (),
    )


def _row(name: str, values: Matrix) -> tuple[str, float, int, int]:
    numbers = [value for line in values for value in line]
    return name, round(sum(numbers) / len(numbers), 1), int(min(numbers)), int(max(numbers))

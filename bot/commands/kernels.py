"""Kernels: a small square of numbers slid over a picture, and one of its windows worked out in full."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.sums.maps import in_colour, whole
from bot.sums.numbers import number, plain
from bot.sums.places import Pair, position, span
from bot.sums.several import in_a_row, side_by_side
from bot.sums.sources import Picture, source
from bot.sums.task import Task
from bot.sums.windows import one_window
from bot.values import Choice, Image, Reply, Table, code

MODES = {  # scipy's "reflect" is our symmetric, and no synonym: torch's is ours
    "constant": "zeros",
    "edge": "replicate",
    "nearest": "replicate",
    "reflect101": "reflect",
    "circular": "wrap",
}
OWN = ("flip", "normalise", "div", "add")
CHANGE = re.compile(r"\s+(?:(flip|normali[sz]e)|(div|add)\s?=\s?(\S+))(?=\s|$)", re.IGNORECASE)
COMPARED = re.compile(r"\s+vs\.?\s+", re.IGNORECASE)
PLACED = re.compile(  # a window written behind the kernel: topedge at 5,7, or topedge 0:3,0:3
    r"(?P<kernel>.+?)\s+(?P<at>at\s+)?[(\[]?"
    r"(?:(?P<centre>-?\d{1,4}\s*,\s*-?\d{1,4})|(?P<rows>\d{1,4}:\d{1,4})\s*,\s*(?P<cols>\d{1,4}:\d{1,4}))[)\]]?",
    re.IGNORECASE,
)


@command(
    "kernel",
    group="convolutions",
    examples=(
        "kernel topedge",
        "kernel topedge at=5,7",
        "kernel sobel:45 image=card",
        "kernel 1 2 1 2 4 2 1 2 1 div=16",
        "kernel blur | outline",
        "kernel topedge vs sobel:bottom",
        "kernel topedge rows=7:10 cols=17:20",
        "kernel topedge stride=3 image=7",
        "kernel topedge pad=2 mode=reflect scale=abs",
        "kernel topedge rgb image=card",
        "kernel [[0,-1,0],[-1,5,-1],[0,-1,0]] image=A",
    ),
)
async def kernel(
    ctx: Context,
    kernel: Annotated[
        str, Arg(help="a name, sobel:45, or numbers as [[…],[…],[…]]; a | b is a chain", complete="kernels")
    ],
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
    stride: Annotated[int, Arg(help="how far the window moves each time", low=1, high=8)] = 1,
    pad: Annotated[int, Arg(help="how many cells of padding are put around the picture", low=0, high=16)] = 0,
    dilation: Annotated[int, Arg(help="how far apart the weights lie", low=1, high=6)] = 1,
    mode: Annotated[
        Literal["zeros", "replicate", "reflect", "mirror", "symmetric", "wrap"],
        Arg(help="what stands in the padding", synonyms=MODES),
    ] = "zeros",
    scale: Annotated[
        Literal["sym", "auto", "clip", "abs", "relu"] | None,
        Arg(help="how sums become colours: by sign, from least to most, cut to 0–255, without signs, ReLU"),
    ] = None,
    div: Annotated[float, Arg(help="what all weights are divided by", low=-1000, high=1000)] = 1,
    add: Annotated[float, Arg(help="what is added to every sum, as a layer's bias is", low=-1000, high=1000)] = 0,
    groups: Annotated[
        int | None, Arg(help="with rgb: 3 maps, one of each, or 1, their sum", low=1, high=3)
    ] = None,
    normalise: Annotated[
        bool, Arg(help="bring the weights to a sum of 1; where it is 0, that of their sizes", also=("normalize",))
    ] = False,
    flip: Annotated[bool, Arg(help="turn the kernel by 180° first: a true convolution")] = False,
    rgb: Annotated[bool, Arg(help="slide over red, green and blue instead of grey")] = False,
    compare: Annotated[
        str, Arg(help="a second kernel, and its own flip, div and so on", complete="kernels", joint="vs", own=OWN)
    ] = "",
) -> Reply:
    """Slide a kernel over a picture, or work out one window of it.

    At every place the nine weights are multiplied with the nine pixels below them and the products added up. The
    kernel is not turned over first: what deep learning calls convolution is cross-correlation; `flip` gives the
    other one. Rows and columns count from 0, `at` is the centre of the window, `rows=4:7` means rows 4, 5 and 6.
    Pixels run from 0 for paper to 255 for ink; sums keep their size and sign, and nothing is cut off unless
    `scale=clip` asks for it. The 3 is our own drawing and agrees with the lecture's at the 19 pixels that are read
    out there.

    A kernel is a name (`!kernels` lists them), a name with an angle (`sobel:45`, `motion7:30`), or numbers from
    -1000 to 1000, up to 7×7, as more cannot be read in a chat: rows in brackets (over several lines, too) or
    parted by `;` on one line, or all 9, 25 or 49 in a row; `1/9` and `1e-3` are numbers, too. `blur | outline`
    slides one after the other and shows the one kernel that does both.

    `a vs b` shows two side by side. Behind `vs`, the words `flip`, `normalise`, `div=` and `add=` belong to the
    second, before it to the first: `topedge vs topedge flip` is cross-correlation beside convolution. All other
    options are for both.

    `mode` says what the padding holds. Beside a row that reads a b c d it is: zeros `0 0 | a b c d | 0 0`
    (elsewhere constant); replicate `a a | a b c d | d d` (numpy edge, scipy nearest); reflect
    `c b | a b c d | c b`, without the edge itself (torch reflect, scipy mirror: `mirror` is the same here);
    symmetric `b a | a b c d | d c`, with the edge: what scipy calls reflect, so that word means two things; wrap
    `c d | a b c d | a b` (torch circular). `constant`, `edge`, `nearest` and `circular` are understood, too.

    Attach a picture of your own, or answer a post that has one: the kernel goes over that instead. A PNG, JPEG,
    WebP or GIF of up to 8 MB and 8 million pixels will do. It becomes grey, white 0 and black 255, and no larger
    than 224 pixels each way (128 with `rgb`), so that two fit side by side; it is not kept.
    """
    asked = _Asked(at=at, slices=(rows, cols), rgb=rgb, groups=groups, second=compare.strip())
    _no_place(ctx, kernel)
    first, asked = _two(kernel, asked)
    stages = ctx.kernels.chain(first)
    _agree(asked, chain=len(stages) > 1)
    where = await source(ctx, image)
    task = Task(
        kernel=stages[0],
        raw=stages[0],
        source=where,
        stride=stride,
        pad=pad,
        dilation=dilation,
        mode=mode,
        add=add,
        scale=scale,
        div=div,
        normalise=normalise,
        flip=flip,
    )
    if len(stages) > 1:
        if task.options or scale:
            raise UserError("A chain is shown without options, so that one kernel can stand for all of it.")
        return in_a_row(ctx, stages, where)
    if asked.second:
        return side_by_side(ctx, task.of(ctx, stages[0]), _second(ctx, task, asked.second))
    task = task.of(ctx, stages[0])
    if rgb:
        return in_colour(ctx, task, groups or 3)
    return _grey(ctx, task, asked)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Which of the answers was asked for."""

    at: Pair | None
    slices: tuple[Pair | None, Pair | None]
    rgb: bool
    groups: int | None
    second: str

    @property
    def one(self) -> bool:
        """Whether it is about one window."""
        return self.at is not None or None not in self.slices


def _no_place(ctx: Context, kernel: str) -> None:
    """A window is named by options; whoever writes it behind the kernel is told how."""
    found = PLACED.fullmatch(kernel.strip())
    if found is None or not (found["at"] or re.fullmatch(r"[^\W\d][^|;]*", found["kernel"])):
        return
    if COMPARED.search(kernel):
        return
    place = f"at={found['centre']}" if found["centre"] else f"rows={found['rows']} cols={found['cols']}"
    line = f"{ctx.prefix}kernel {found['kernel']} {place.replace(', ', ',')}"
    raise UserError(f"A window is named by an option: {code(line)}.", [Choice(label=place[:80], command=line)])


def _two(kernel: str, asked: _Asked) -> tuple[str, _Asked]:
    """`topedge vs outline`, or the second by `compare=`."""
    first, *others = COMPARED.split(kernel)
    if len(others) + bool(asked.second) > 1:
        raise UserError("Two kernels are compared at a time, as in `topedge vs sobel:bottom`.")
    if first.casefold().endswith((" vs", " vs.")):
        raise UserError("Behind `vs` stands a second kernel, as in `topedge vs sobel:bottom`.")
    return first, replace(asked, second=others[0]) if others else asked


def _second(ctx: Context, task: Task, text: str) -> Task:
    """The second kernel with changes of its own: `topedge flip`, `outline div=8`."""
    own: dict[str, Any] = {name: kernel.options[name].default for name in OWN}
    for flag, name, value in CHANGE.findall(text):
        param = kernel.spellings[(flag or name).casefold()]
        own[param.name] = param.value(value or "yes")
    return replace(task, **own).of(ctx, ctx.kernels.kernel(CHANGE.sub("", text)))


def _agree(asked: _Asked, *, chain: bool) -> None:
    """Refuse what cannot be asked for together."""
    rows, cols = asked.slices
    if asked.at is not None and (rows or cols):
        raise UserError("Give either `at`, or `rows` and `cols`: both name one window.")
    if (rows is None) != (cols is None):
        raise UserError("A window needs both `rows` and `cols`, for example `rows=4:7 cols=6:9`.")
    more = {"a chain": chain, "two kernels": bool(asked.second), "`rgb`": asked.rgb}
    named = [name for name, given in more.items() if given]
    if named and asked.one:
        left = {"a chain": "the other kernels", "two kernels": "the second kernel"}.get(named[0], named[0])
        raise UserError(f"One window is worked out for one kernel in grey: leave out {left}, or the window.")
    if len(named) > 1:
        raise UserError(f"I show either {named[0]} or {named[1]}, not both at once.")
    if asked.groups is not None and (not asked.rgb or asked.groups == 2):
        raise UserError("`groups` is 3 or 1, beside `rgb`: three maps, or the sum of the three channels.")


def _grey(ctx: Context, task: Task, asked: _Asked) -> Reply:
    rows, cols = asked.slices
    if asked.at is not None:
        return one_window(ctx, task, ctx.kernels.window(task.source, task.kernel, *asked.at, **task.steps))
    if rows is not None and cols is not None:
        return one_window(ctx, task, ctx.kernels.slice(task.source, task.kernel, rows, cols, **task.steps))
    return whole(ctx, task)


@command("kernels", group="convolutions", examples=("kernels",))
async def kernels(ctx: Context) -> Reply:
    """List the kernels there are, and what a high value of each means.

    A kernel whose weights add up to 0 makes flat areas vanish; one whose weights add up to 1 keeps their
    brightness. The book's pictures are dark where numbers are high, setosa's *Image Kernels* bright: so the same
    weights carry opposite names, and the book's top edge has the signs of setosa's bottom sobel. Every 3×3 kernel
    but unsharp can be turned by steps of 45° against the clock: `sobel:0` is OpenCV's sobel x, `topedge:90` the
    vertical edge. A line has any angle and 3, 5 or 7 cells: `motion:30`, `motion5:45`, `motion7:30`.
    `unsharp:0.5` is identity + 0.5·(identity − blur).
    """
    known = list(ctx.kernels.catalogue.values())
    return Reply(
        text=f"{len(known)} kernels. {code(ctx.prefix + 'kernel topedge')} slides one over a picture. With an "
        "angle there are more: `sobel:45`, `motion:30`, `motion5:45`, `motion7:30`; and `unsharp:0.5`. High "
        "values are ink here, as in the book; where setosa paints them white, the same signs carry the opposite "
        "name.",
        table=Table(
            columns=("kernel", "also", "sum", "a high value means"),
            rows=tuple((each.name, ", ".join(each.aliases), round(each.sum, 2), each.high) for each in known),
        ),
        images=(
            Image(
                plot="kernel_catalogue",
                data={
                    "kernels": [{"name": each.name, "weights": plain(each.weights)} for each in known],
                    "title": f"{len(known)} kernels",
                },
                alt=f"The weights of {number(len(known))} kernels as small grids of numbers: "
                f"{', '.join(each.name for each in known)}.",
            ),
        ),
    )

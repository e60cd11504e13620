"""The answers about a layer as a whole: its sizes, its shapes and parameters, and its matrix."""

from dataclasses import dataclass

from bot.context import Context
from bot.errors import UserError
from bot.sums.numbers import left_over, passing, spans
from bot.sums.stacks import MOST_LAYERS
from bot.values import Choice, Image, Reply, Table, code, plural

DRAWN = 64  # cells of a side that can be told apart
FULL = 40  # pixels that a matrix drawn in full may have: with more its letters could not be read
LARGEST_MATRIX = 40  # the side of a picture whose matrix is drawn: 1600 columns


@dataclass(frozen=True, kw_only=True)
class Case:
    """The layer that is asked about."""

    n: int
    k: int
    p: int
    s: int
    d: int
    channels: int
    filters: tuple[int, ...]
    groups: int

    @property
    def walk(self) -> dict[str, int]:
        """As the demo takes it."""
        return {"stride": self.s, "padding": self.p, "dilation": self.d}

    @property
    def typed(self) -> str:
        """As one would type it."""
        usual = {"p": (self.p, 0), "s": (self.s, 1), "d": (self.d, 1)}
        return f"k={self.k}" + "".join(
            f" {name}={value}" for name, (value, least) in usual.items() if value != least
        )


def size(ctx: Context, case: Case) -> Reply:
    """How large the output is, and what is passed over."""
    demo, n = ctx.kernels, case.n
    side = demo.size(n, case.k, **case.walk)
    visits = demo.visits(n, case.k, **case.walk)
    missed = [cell for cell, count in enumerate(visits) if not count]
    lie = "Cell {} of a side lies" if len(missed) == 1 else "Cells {} of a side lie"
    why = (
        "PyTorch rounds down and says nothing, other tools call such a stride invalid"
        if left_over(visits)
        else f"{passing(case.s, case.d)}, and PyTorch says nothing"
    )
    never = f" {lie.format(spans(missed))} in no window: {why}." if missed else " Every cell is visited."
    again = [n]
    while len(again) < MOST_LAYERS and again[-1] > 1 and _fits(again[-1], case):
        again.append(demo.size(again[-1], case.k, **case.walk))
        if again[-1] == again[-2]:
            break
    chain = f" Layer after layer: {' → '.join(map(str, again))}." if len(again) > 2 else ""
    same = f" p={case.k // 2} keeps the size at stride 1." if case.k % 2 and case.d == 1 else ""
    return Reply(
        text=f"{n}×{n} → **{side}×{side}**: `{demo.formula(n, case.k, **case.walk)}`.{never}{chain}\n\n"
        f"The formula is ⌊(n + 2p − k) / s⌋ + 1; with a dilation, d·(k − 1) + 1 stands for k.{same}",
        images=(
            Image(
                plot="conv_size",
                data={"n": n, "k": case.k, "steps": case.walk},
                alt=f"A row of {n} cells and below it the {side} windows of {case.typed}, with the cells that "
                f"each visits{'; hatched: ' + spans(missed) if missed else ''}.",
            ),
        )
        if n + 2 * case.p <= DRAWN
        else (),
        choices=(Choice(label="as a matrix", command=f"{ctx.prefix}conv matrix {n} {case.typed}"),)
        if n <= LARGEST_MATRIX
        else (),
    )


def _fits(n: int, case: Case) -> bool:
    return n + 2 * case.p >= case.d * (case.k - 1) + 1


def shape(ctx: Context, case: Case) -> Reply:
    """Shapes and parameters, layer by layer."""
    demo = ctx.kernels
    inside, n, total, first = case.channels, case.n, 0, ""
    rows: list[tuple[str | int, ...]] = []
    for place, outside in enumerate(case.filters, start=1):
        if inside % case.groups or outside % case.groups:
            raise UserError(f"groups={case.groups} does not divide {inside} channels into {outside} maps.")
        side = demo.size(n, case.k, **case.walk)
        weights, biases = demo.parameters(inside, outside, case.k, case.groups)
        shape = f"{outside}×{inside // case.groups}×{case.k}×{case.k}"
        rows.append(
            (
                place,
                f"{inside}×{n}×{n}",
                shape,
                f"{outside}×{side}×{side}",
                weights + biases,
                side * side * weights,
            )
        )
        total += weights + biases
        first = first or _told(case, inside, outside, weights, side)
        inside, n = outside, side
    many = len(rows) > 1
    drawn = not many and case.channels <= 4 and case.filters[0] <= 6 and case.groups == 1
    return Reply(
        text=(f"**{total:,} parameters** in {plural(len(rows), 'layer')}." if many else first)
        + f"\n\nOne bias for each map is counted. PyTorch: {code(_layer(case))}.{_book(case) if many else ''}",
        table=Table(
            columns=("layer", "in", "weights", "out", "parameters", "multiplications"),
            rows=tuple(rows),
        ),
        images=(
            Image(
                plot="conv_shape",
                data={"channels": case.channels, "filters": case.filters[0], "k": case.k, "n": case.n, "size": n},
                alt=f"{plural(case.channels, 'channel')}, {plural(case.filters[0], 'filter')} with a "
                f"{case.k}×{case.k} slice for each channel, and the {plural(case.filters[0], 'map')} they make.",
            ),
        )
        if drawn
        else (),
    )


def _book(case: Case) -> str:
    """Why the book's count of multiplications is another one."""
    if case.s == 1:
        return ""
    return (
        " Multiplications are weights × places of the output. The book counts the input's places, 14·14·288 = "
        "7·7·1152 = 56,448, as if the stride were 1; either way, twice the filters make up for fewer places."
    )


def _told(case: Case, inside: int, outside: int, weights: int, size: int) -> str:
    make = "makes" if outside == 1 else "make"
    maps = (
        f"{plural(outside, 'filter')} on {plural(inside, 'channel')} {make} **{plural(outside, 'map')}** "
        f"of {size}×{size}"
    )
    if inside > 1 and case.groups == 1:
        maps += f", not {inside * outside}: each filter has {inside} slices, whose products are added up"
    elif case.groups > 1:
        maps += f": in {case.groups} groups, each looks at {plural(inside // case.groups, 'channel')} only"
    biases = plural(outside, "bias", "biases")
    return f"{maps}. {weights:,} weights + {biases} = **{weights + outside:,} parameters**."


def _layer(case: Case) -> str:
    """The layer as PyTorch has it; several as their first."""
    options = {"stride": (case.s, 1), "padding": (case.p, 0), "dilation": (case.d, 1), "groups": (case.groups, 1)}
    said = "".join(f", {name}={value}" for name, (value, usual) in options.items() if value != usual)
    return f"nn.Conv2d({case.channels}, {case.filters[0]}, {case.k}{said})"


def matrix(ctx: Context, case: Case) -> Reply:
    """The convolution as one product of matrices."""
    if case.n > LARGEST_MATRIX:
        raise UserError(
            f"The matrix of a {case.n}×{case.n} picture has {case.n**2:,} columns: I draw up to "
            f"n={LARGEST_MATRIX}."
        )
    demo, n, k = ctx.kernels, case.n, case.k
    side = demo.size(n, k, **case.walk)
    rows, columns = side * side, n * n
    if rows > LARGEST_MATRIX**2:
        raise UserError(f"With so much padding the matrix has {rows:,} rows: I draw up to {LARGEST_MATRIX**2:,}.")
    filled = sum(demo.visits(n, k, **case.walk)) ** 2
    share = f"{100 * filled / (rows * columns):.3f}".rstrip("0").rstrip(".")
    counts = f"{rows:,}×{columns:,}, {filled:,} of {rows * columns:,} entries are not 0 ({share} %)"
    return Reply(
        text=f"A {k}×{k} kernel over {n}×{n} pixels is one product of matrices: **{counts}**.\n\n"
        f"Read the picture row by row into one column of {columns:,} numbers; every row of the matrix is a "
        f"window, with the same {k * k} weights at its pixels and 0 elsewhere. The product is the map, row by "
        f"row; one bias is added to all {rows:,}. One window alone is not a product of matrices: it is "
        f"{k * k} products and their sum.",
        images=(
            Image(
                plot="conv_matrix",
                data={"n": n, "k": k, "steps": case.walk, "full": columns <= FULL and k * k <= 24},
                alt=f"The matrix of a {k}×{k} kernel over {n}×{n} pixels, equal weights in one colour: {counts}.",
            ),
        ),
        choices=(Choice(label="in full for 3×3", command=f"{ctx.prefix}conv matrix 3 k=2"),)
        if columns > FULL
        else (Choice(label="for 28×28", command=f"{ctx.prefix}conv matrix 28 k=3"),),
    )

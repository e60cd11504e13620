"""The lecture's sums on numbers of your own: dot product, sigmoid, softmax, likes as stars, parameters, shapes."""

import re
from typing import Annotated, Literal

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.figures import bracketed, plain, signed
from bot.insight import Squashed
from bot.values import Choice, Image, Reply, Table, code, plural

GROUP = "sums"
TOYS = ("[0.98, 0.9, -0.9] [0.9, 0.8, -0.6]", "[-0.99, -0.3, 0.8] [0.9, 0.8, -0.6]")
"""The book's: The Last Skywalker, then Casablanca, each with a user who likes new science fiction."""
DRAWN = 12

Numbers = Annotated[str, Arg(help="up to 12 numbers, like 2 1 0.1")]


@command("dot", group=GROUP, examples=tuple(f"dot {toy}" for toy in TOYS))
async def dot(ctx: Context, vectors: Annotated[str, Arg(help="two vectors, like [1, 2] [3, 4]")]) -> Reply:
    """Multiply two vectors place by place, and add up: the dot product.

    The book's first example has three factors: science fiction, action, old. For The Last Skywalker and a user
    who likes new science fiction the sum is 2.142, for Casablanca and the same user −1.611.
    """
    found = ctx.arithmetic.dot(vectors)
    rows = tuple(
        (number, plain(a), plain(b), signed(product, 4))
        for number, (a, b, product) in enumerate(zip(found.first, found.second, found.products, strict=True), 1)
    )
    pairs = [f"{bracketed(a)} · {bracketed(b)}" for a, b in zip(found.first, found.second, strict=True)]
    sums = " + ".join(pairs)
    short = f"{sums} = " if len(rows) <= 6 else f"The sum of {len(rows)} products is "
    return Reply(
        text=f"{short}**{signed(found.sum)}**",
        table=Table(columns=("place", "first", "second", "product"), rows=rows),
        images=(
            Image(
                plot="bars",
                data={
                    "title": f"Dot product: {signed(found.sum)}",
                    "labels": pairs,
                    "values": [round(product, 3) for product in found.products],
                    "value_label": "what each place adds to the sum",
                },
                alt=f"Bar chart of {plural(len(rows), 'product')}, which add up to {signed(found.sum)}.",
            ),
        )
        if len(rows) <= DRAWN
        else (),
    )


@command("sigmoid", group=GROUP, examples=("sigmoid 2 1 0.1", "sigmoid -3 0 3"))
async def sigmoid(ctx: Context, numbers: Numbers) -> Reply:
    """Squeeze every number between 0 and 1, each by itself, beside softmax.

    σ(x) = 1 / (1 + e⁻ˣ). The results need not add up to 1: a sigmoid answers yes or no to each number alone, a
    softmax chooses one of them.
    """
    return _squashed(ctx.arithmetic.squashed(numbers), "sigmoid")


@command("softmax", group=GROUP, examples=("softmax 2 1 0.1", "softmax -3 0 3"))
async def softmax(ctx: Context, numbers: Numbers) -> Reply:
    """Share out 1 among numbers, more to the larger ones, beside sigmoid.

    eˣ of each, divided by the sum of all eˣ. Adding the same to every number changes nothing.
    """
    return _squashed(ctx.arithmetic.squashed(numbers), "softmax")


def _squashed(found: Squashed, asked: Literal["sigmoid", "softmax"]) -> Reply:
    columns = {"sigmoid": found.sigmoid, "softmax": found.softmax}
    said = ", ".join(f"{value:.3f}" for value in columns[asked])
    names = [plain(number) for number in found.numbers]
    total = sum(found.sigmoid)
    return Reply(
        text=f"{asked} of {', '.join(names)}: **{said}**. By softmax they add up to 1, by sigmoid to {total:.3f}.",
        table=Table(
            columns=("x", "sigmoid", "softmax"),
            rows=tuple(
                (name, f"{one:.4f}", f"{other:.4f}")
                for name, one, other in zip(names, found.sigmoid, found.softmax, strict=True)
            ),
        ),
        images=(
            Image(
                plot="paired_bars",
                data={
                    "title": "Sigmoid and softmax",
                    "labels": names,
                    "first": [round(value, 4) for value in found.sigmoid],
                    "second": [round(value, 4) for value in found.softmax],
                    "names": ["sigmoid", "softmax"],
                },
                alt=f"Paired bars: {asked} makes {said} of {', '.join(names)}; "
                f"by softmax they add up to 1, by sigmoid to {total:.3f}.",
            ),
        ),
    )


@command("likes", group=GROUP, examples=("likes 109 5 50", "likes 109 5 50 method=log"))
async def likes(
    ctx: Context,
    counts: Annotated[str, Arg(help="up to 12 counts of likes, like 109 5 50")],
    *,
    method: Annotated[
        Literal["all", "sigmoid", "zscore", "log", "rank"], Arg(help="one way only, or all")
    ] = "all",
) -> Reply:
    """Turn counts of likes into stars from 1 to 5, in four ways.

    A plain sigmoid fails: of 5 likes it makes 4.973 stars and of 50 and 109 the same 5.000. So subtract the mean
    and divide by the standard deviation first (zscore), take logarithms before that (log), or look at the order
    alone (rank: the share below, equals half). Then 1 + 4 · σ. A count says how many liked something, not how
    much: that stays lost.
    """
    found = ctx.arithmetic.likes(counts)
    chosen = [name for name in found.stars if method in ("all", name)]
    names = [plain(count) for count in found.counts]
    said = "; ".join(f"{name} {', '.join(f'{stars:.3f}' for stars in found.stars[name])}" for name in chosen)
    return Reply(
        text=f"{', '.join(names)} likes as stars. Their mean is {found.mean:.3f}, their standard deviation "
        f"{found.deviation:.3f}.",
        table=Table(
            columns=("likes", *chosen),
            rows=tuple(
                (name, *(f"{found.stars[way][at]:.3f}" for way in chosen)) for at, name in enumerate(names)
            ),
        ),
        images=(
            Image(
                plot="graphs",
                data={
                    "title": f"{', '.join(names)} likes as stars",
                    "x_label": "likes",
                    "y_label": "stars",
                    "low": 1,
                    "high": 5,
                    "ticks": [*dict.fromkeys(found.counts), 0],
                    "lines": [
                        {
                            "name": way,
                            "points": [[round(x, 3), round(y, 4)] for x, y in found.curves[way]],
                            "dots": [
                                [x, round(y, 4)] for x, y in zip(found.counts, found.stars[way], strict=True)
                            ],
                        }
                        for way in chosen
                    ],
                },
                alt=f"Curves from likes to stars with dots at {', '.join(names)}: {said}.",
            ),
        ),
    )


@command("params", group=GROUP, examples=("params", "params 20x30"))
async def params(
    ctx: Context,
    shape: Annotated[str, Arg(help="rows × columns, like 20x30; without it, the model's tables")] = "",
) -> Reply:
    """Count a table of parameters, or those of the loaded model.

    A parameter is a number that training changes. A new table is drawn from a normal distribution around 0 with a
    spread of 0.01: small, so that nothing is decided, and not 0, so that no two factors are the same.
    """
    if not shape.strip():
        return _model(ctx)
    found = ctx.arithmetic.parameters(shape)
    size = " × ".join(map(str, found.shape))
    noun = "parameter" if found.count == 1 else "parameters"
    return Reply(
        text=f"{size} = **{found.count:,}** {noun}, drawn from normal(0, {found.spread:g}).",
        table=Table(
            columns=("of one draw", "value"),
            rows=(
                ("mean", signed(found.mean, 5)),
                ("standard deviation", signed(found.deviation, 5)),
                ("lowest", signed(found.lowest, 4)),
                ("highest", signed(found.highest, 4)),
            ),
        ),
    )


def _model(ctx: Context) -> Reply:
    sizes = {name: (_shape(shape), _count(shape)) for name, shape in ctx.insight.shapes.items()}
    total = sum(count for _, count in sizes.values())
    factors = sum(count for name, (_, count) in sizes.items() if name.endswith("factors"))
    return Reply(
        text=f"The loaded model has **{total:,}** parameters: {factors:,} factors and {total - factors:,} biases. "
        "Row 0 of every table is `#na#`, for nobody or no film.",
        table=Table(
            columns=("table", "shape", "parameters"),
            rows=tuple((name, shape, f"{count:,}") for name, (shape, count) in sizes.items()),
        ),
    )


@command(
    "shape", group=GROUP, examples=("shape movie_bias", "shape movie_bias guess=1665", "shape user_factors show")
)
async def shape(
    ctx: Context,
    name: Annotated[str, Arg(help="user_factors, movie_factors, user_bias or movie_bias")],
    *,
    guess: Annotated[str, Arg(help="what you think it is, like 20x30 or 20")] = "",
    show: Annotated[bool, Arg(help="tell it without a guess")] = False,
) -> Reply:
    """Ask you first for the shape of one of the model's tables, then tell it.

    Guess before you look: what one has guessed, one remembers.
    """
    table = _table(ctx, name)
    real = ctx.insight.shapes[table]
    if show:
        return Reply(text=f"{code(table)} has the shape **{_shape(real)}**. {_reason(ctx, table)}")
    again = f"{ctx.prefix}shape {table}"
    if not guess.strip():
        return Reply(
            text=f"What is the shape of {code(table)}? The data has {plural(len(ctx.films.users), 'user')} and "
            f"{plural(len(ctx.films.titles), 'title')}, the model {ctx.insight.factor_count} factors. "
            f"Guess first: {code(again + ' guess=…')}.",
            choices=(
                Choice(label="guess", command=f"{again} guess=", ask="the shape, like 20x30 or 20"),
                Choice(label="show it", command=f"{again} show"),
            ),
        )
    sides = tuple(int(side) for side in re.findall(r"\d+", guess)[:4] if len(side) < 10)
    if not sides:
        raise UserError(f"A shape is one or two numbers, like 20x30 or 20; not {code(guess[:40])}.")
    if sides == real:
        return Reply(text=f"Yes: {code(table)} has the shape **{_shape(real)}**. {_reason(ctx, table)}")
    return Reply(
        text=f"Not {_shape(sides)}. {_hint(ctx, real, sides)}",
        choices=(
            Choice(label="guess again", command=f"{again} guess=", ask="the shape, like 20x30 or 20"),
            Choice(label="show it", command=f"{again} show"),
        ),
    )


def _table(ctx: Context, name: str) -> str:
    """The table that is meant, under the book's, the library's or a plainer name."""
    key = re.sub(r"[\W_]", "", name.casefold()).removesuffix("weight").removesuffix("s")
    meant = {"user": "user_factors", "u": "user_factors", "movie": "movie_factors", "i": "movie_factors"}
    meant |= {"item": "movie_factors", "film": "movie_factors", "ubia": "user_bias", "ibia": "movie_bias"}
    meant |= {re.sub(r"_", "", each).removesuffix("s"): each for each in ctx.insight.shapes}
    if key not in meant:
        known = list(ctx.insight.shapes)
        raise UserError(
            f"The model has no table {code(name[:40])}. It has {', '.join(map(code, known))}.",
            [Choice(label=each, command=f"{ctx.prefix}shape {each}") for each in known],
        )
    return meant[key]


def _reason(ctx: Context, table: str) -> str:
    """Where its sides come from."""
    noun, names = ("user", ctx.films.users) if table.startswith("user") else ("title", ctx.films.titles)
    rows = f"One row for each of {plural(len(names), noun)}, and row 0 for `#na#`"
    return rows + (
        f"; {ctx.insight.factor_count} factors in each." if table.endswith("factors") else "; one bias each."
    )


def _hint(ctx: Context, real: tuple[int, ...], guess: tuple[int, ...]) -> str:
    """What is missing, without telling all."""
    if len(guess) != len(real):
        return f"It has {plural(len(real), 'side')}, not {len(guess)}."
    if guess == real[::-1]:
        return "The other way round: rows come first."
    if guess[0] == real[0] - 1:
        return "One short: there is also a row 0, `#na#`, for what the model has never seen."
    if real[0] == len(ctx.films.titles) + 1 and guess[0] in (1682, 1683):
        return "So many ids there are, but some titles stand under two of them: count titles."
    if guess[0] == real[0]:
        return "The rows are right; how many numbers does each have?"
    return "Too few rows." if guess[0] < real[0] else "Too many rows."


def _shape(sides: tuple[int, ...]) -> str:
    return " × ".join(map(str, sides))


def _count(sides: tuple[int, ...]) -> int:
    total = 1
    for side in sides:
        total *= side
    return total

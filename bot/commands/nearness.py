"""How near two films, words or vectors are, and what a sum of them is near to."""

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.figures import bracketed, percent, plain, signed
from bot.insight import Analogy, FilmsApart, VectorsApart
from bot.titles import exact, named, short
from bot.values import Choice, Image, Reply, Table, code, escape

GROUP = "the model's inside"
DRAWN = 10  # places of a vector that find room in a picture
WRITTEN = 6  # and in a line
MOST = 5  # terms of a sum


@command(
    "distance",
    group=GROUP,
    examples=(
        "distance Terminator vs Terminator 2",
        "distance Terminator vs English Patient",
        "distance [1.7, 0.1, -1.9] [1.6, 0.1, -1.8]",
    ),
)
async def distance(
    ctx: Context,
    pair: Annotated[str, Arg(help="two films with vs between them, or two vectors like [1, 2] [3, 4]")],
) -> Reply:
    """Say how far two films, or two vectors, are apart: Euclid and cosine.

    Euclid adds up the squared differences and takes the root: 0 is the same point. Cosine is the dot product
    divided by both lengths: 1 is the same direction, 0 nothing in common, −1 the opposite. Both put films in the
    same order only where all vectors have one length.

    For films both are averaged over five trainings, as in `similar`. "Closer than" counts the pairs of all films
    with 20 ratings or more: rare films lie near the origin, and so near each other. The factors are those of the
    first training.
    """
    if pair.startswith("[") or re.fullmatch(r"[\d\s.,;+-]+", pair):
        return _vectors_apart(ctx.arithmetic.distance(pair))
    first, second = _two_films(ctx, pair)
    if first == second:
        raise UserError(f"**{escape(first)}** has no distance to itself. Name two films.")
    return _films_apart(ctx, first, second, await asyncio.to_thread(ctx.insight.apart, first, second))


def _vectors_apart(apart: VectorsApart) -> Reply:
    squares = " + ".join(f"({plain(a)} − {bracketed(b)})²" for a, b in zip(apart.first, apart.second, strict=True))
    cosine = "undefined: a vector of zeros has no direction" if apart.cosine is None else signed(apart.cosine, 5)
    labels = [f"place {number}" for number in range(1, len(apart.first) + 1)]
    picture = Image(
        plot="paired_bars",
        data={
            "title": "Two vectors, place by place",
            "labels": labels,
            "first": list(apart.first),
            "second": list(apart.second),
            "names": ["the first", "the second"],
            "places": 2,
        },
        alt=f"Paired bars of two vectors; their distance is {apart.euclidean:.4f}, their cosine {cosine}.",
    )
    return Reply(
        text=f"Euclid: √({squares}) = **{apart.euclidean:.4f}**"
        if len(apart.first) <= WRITTEN
        else f"Euclid: the root of {len(apart.first)} squared differences is **{apart.euclidean:.4f}**",
        table=Table(
            columns=("measure", "value"),
            rows=(("Euclid (0: the same point)", f"{apart.euclidean:.4f}"), ("cosine (1: one direction)", cosine)),
        ),
        images=(picture,) if len(labels) <= DRAWN else (),
    )


def _films_apart(ctx: Context, first: str, second: str, apart: FilmsApart) -> Reply:
    kinds = [("agree", each) for each in apart.agree] + [("differ", each) for each in apart.differ]
    low, high = apart.spread
    agreeing, differing = (
        ", ".join(str(each[0]) for each in group) or "none" for group in (apart.agree, apart.differ)
    )
    return Reply(
        text=f"**{escape(first)}** and **{escape(second)}**: the cosine is {signed(apart.cosine, 2)} "
        f"({signed(low, 2)} to {signed(high, 2)} in single trainings), the distance {apart.euclidean:.2f}. "
        f"They agree most in factors {agreeing}, and differ most in {differing}.",
        table=Table(
            columns=("measure", "value", "closer than"),
            rows=(
                ("Euclid", f"{apart.euclidean:.3f}", f"{percent(apart.nearer_by_euclidean)} of pairs"),
                ("cosine", signed(apart.cosine), f"{percent(apart.nearer_by_cosine)} of pairs"),
            ),
        ),
        images=(
            Image(
                plot="paired_bars",
                data={
                    "title": "Where they agree, and where they differ",
                    "labels": [f"{number} {kind}" for kind, (number, _, _) in kinds],
                    "first": [round(mine, 3) for _, (_, mine, _) in kinds],
                    "second": [round(other, 3) for _, (_, _, other) in kinds],
                    "names": [first, second],
                    "places": 2,
                },
                alt=f"Paired bars of factors: {first} and {second} agree most in {agreeing}, and differ most in "
                f"{differing}.",
            ),
        ),
        choices=(
            Choice(label="both on the map", command=f"{ctx.prefix}map movies mark={first}; {second}"),
            Choice(label=f"factors of {first}", command=f"{ctx.prefix}factors {first}"),
        ),
    )


def _two_films(ctx: Context, pair: str) -> tuple[str, str]:
    """The two titles around the ` vs `, `;` or comma that leaves a film on both sides."""
    marks = [*re.finditer(r"\s+vs\.?\s+", pair, re.IGNORECASE), *re.finditer(r"\s*;\s*|,\s+|\s+and\s+", pair)]
    parts = [(pair[: mark.start()].strip(), pair[mark.end() :].strip()) for mark in marks]
    parts = [each for each in parts if all(each)]
    if not parts:
        raise UserError(
            f"Name two films with `vs` between them: {code(ctx.prefix + 'distance Terminator vs Terminator 2')}."
        )
    one, two = next((each for each in parts if exact(ctx, each[0]) and exact(ctx, each[1])), parts[0])
    first = named(ctx, one, lambda each: f"distance {each} vs {two}").title
    return first, named(ctx, two, lambda each: f"distance {first} vs {each}").title


@command(
    "analogy",
    group=GROUP,
    examples=(
        "analogy king - man + woman",
        "analogy Terminator 2 - Terminator + Alien",
        "analogy prince - boy + girl",
    ),
)
async def analogy(
    ctx: Context,
    sum: Annotated[str, Arg(help="words, or films, with + and - between: king - man + woman")],  # noqa: A002 - its name
) -> Reply:
    """Add and subtract words or films, and list what is nearest to the result.

    The words are a dozen with three axes that can be read: gender, age, royalty, each from 0 to 9, made by hand.
    Vectors that are learnt from text have hundreds of axes, and nobody named them. Films are added as directions
    (each of length 1), averaged over five trainings and weighed by n / (n + 20) as in `similar`. What stands in
    the sum is left out of the list, as is the custom: it would often come first.
    """
    terms = _terms(sum)
    known = set(ctx.arithmetic.words)
    words = [name for _, name in terms if name.casefold() in known]
    if len(words) * 2 > len(terms):
        return _words(ctx.arithmetic.analogy(terms), sum)
    return await _films(ctx, terms)


def _terms(text: str) -> list[tuple[int, str]]:
    """`king - man + woman` → (1, king), (−1, man), (1, woman)."""
    text = text.strip()
    pieces = re.split(r"\s+([+-])\s+", text)
    if len(pieces) == 1:  # without spaces: words only, as a film's title may hold a hyphen
        pieces = re.split(r"\s*([+-])\s*", text)
    names = [piece.strip() for piece in pieces[::2]]
    if not 2 <= len(names) <= MOST or not all(names):
        raise UserError(
            f"Write 2 to {MOST} words or films with + and - between, with spaces around: `king - man + woman`."
        )
    signs = [1, *(1 if mark == "+" else -1 for mark in pieces[1::2])]
    return list(zip(signs, names, strict=True))


def _words(found: Analogy, asked: str) -> Reply:
    first = found.nearest[0]
    lines = [f"{'−' if sign < 0 else '+'} {word:<12} {_vector(vector)}" for sign, word, vector in found.terms]
    lines.append(f"= {'':<12} {_vector(found.sum)}")
    shown = found.nearest[:5]
    return Reply(
        text=f"Nearest to {code(asked)} is **{first[0]}** {_vector(first[2])}, with a cosine of "
        f"{signed(first[1])}. The axes are {', '.join(found.axes)}.\n\n```text\n" + "\n".join(lines) + "\n```",
        table=Table(
            columns=("word", "cosine", "vector"),
            rows=tuple((word, signed(cosine), _vector(vector)) for word, cosine, vector in shown),
        ),
        images=(_arrows(found, asked),),
    )


def _arrows(found: Analogy, asked: str) -> Image:
    """The two axes that differ most, and arrows: in a − b + c from b to c, and the same from a."""
    nearest, cosine, place = found.nearest[0]
    vectors = [vector for _, _, vector in found.terms] + [found.sum, place]
    spreads = [max(each) - min(each) for each in zip(*vectors, strict=True)]
    x, y = sorted(sorted(range(len(spreads)), key=lambda axis: -spreads[axis])[:2])
    points = [{"x": vector[x], "y": vector[y], "label": word} for _, word, vector in found.terms]
    points.append({"x": place[x], "y": place[y], "label": nearest})
    points.append({"x": found.sum[x], "y": found.sum[y], "label": "the sum", "mark": True})
    signs = [sign for sign, _, _ in found.terms]
    corners = [[vector[x], vector[y]] for vector in vectors]
    arrows = [[corners[1], corners[2]], [corners[0], corners[3]]] if signs == [1, -1, 1] else []
    return Image(
        plot="arrows",
        data={
            "title": asked,
            "x_label": found.axes[x],
            "y_label": found.axes[y],
            "points": points,
            "arrows": arrows,
        },
        alt=f"Words as points, {found.axes[x]} to the right and {found.axes[y]} upwards: the sum {asked} stands "
        f"nearest to {nearest}, with a cosine of {signed(cosine)}.",
    )


async def _films(ctx: Context, terms: list[tuple[int, str]]) -> Reply:
    titles: dict[str, int] = {}
    for place, (sign, name) in enumerate(terms):
        title = named(ctx, name, lambda each, place=place: "analogy " + _written(terms, place, each)).title
        if title in titles:
            raise UserError(f"**{escape(title)}** stands in the sum twice.")
        titles[title] = sign
    found = await asyncio.to_thread(ctx.insight.analogy, titles, 5)
    if not found:
        raise UserError("No other film has 20 ratings or more.")
    asked = _written([(sign, title) for title, sign in titles.items()])
    return Reply(
        text=f"The films nearest to {escape(asked)}, by cosine, weighed by their ratings:",
        table=Table(columns=("film", "cosine"), rows=tuple((title, signed(cosine, 2)) for title, cosine in found)),
        images=(
            Image(
                plot="bars",
                data={
                    "title": _written([(sign, short(title)) for title, sign in titles.items()]),
                    "labels": [title for title, _ in found],
                    "values": [round(cosine, 2) for _, cosine in found],
                    "value_label": "cosine with the sum",
                },
                alt=f"Bar chart: {found[0][0]} comes first for {asked}, with cosine {signed(found[0][1], 2)}.",
            ),
        ),
    )


def _written(terms: list[tuple[int, str]], place: int = -1, instead: str = "") -> str:
    """The terms as one types them; the one at `place` is another."""
    names = [instead if at == place else name for at, (_, name) in enumerate(terms)]
    marks = ["", *(" + " if sign > 0 else " - " for sign, _ in terms[1:])]
    return "".join(mark + name for mark, name in zip(marks, names, strict=True))


def _vector(values: Sequence[float]) -> str:
    return f"({', '.join(map(plain, values))})"

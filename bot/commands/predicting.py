"""One prediction of the lecture's model, as the sum it is and step by step."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.figures import bracketed, signed
from bot.insight import Match
from bot.titles import exact, known_ratings, named
from bot.values import Choice, Image, Reply, Table, code, escape, plural

GROUP = "the model's inside"
USUAL, FILM = "196", "Star Wars (1977)"  # the first user in MovieLens 100K's list of ratings, its most rated film

User = Annotated[str, Arg(help="a user of the data by number; or me, as without it", shape="196")]
MODEL_NAMES = ("dotbias", "dotproductbias", "embeddingdotbias")
ME = "me"


@command(
    "predict",
    group=GROUP,
    aliases=("match",),
    examples=(
        "predict Terminator",
        "predict Terminator user=196",
        "predict English Patient user=405",
        "predict user=181 movie=Fargo",
    ),
)
async def predict(
    ctx: Context,
    title: Annotated[str, Arg(help="the film's title; or give movie= instead", complete="titles")] = "",
    *,
    user: User = "",
    movie: Annotated[str, Arg(help="the film, named by an option", complete="titles")] = "",
) -> Reply:
    """Work out what a user, or you, would give to a film: the whole sum.

    Every factor of the user is multiplied with the same factor of the film, and the products are added up: the dot
    product. Both biases are added to that; a sigmoid makes a share of it, which is stretched over the range of
    stars. Without `user` it is you, folded in from your ratings of other films; without any it is the average
    user, the mean of all. The numbers are those of the lecture's model: the model that recommends has a newcomer
    and stars of its own.
    """
    if bool(title) == bool(movie):
        example = code(f"{ctx.prefix}match user=196 movie=Fargo")
        raise UserError(f"I need {'one film' if title else 'a film'}, for example {example}.")
    film = named(ctx, title or movie, lambda each: f"predict {each}" + (f" user={user}" if user else ""))
    match, who = await _match(ctx, film.title, user)
    strongest = sorted(range(len(match.products)), key=lambda at: -abs(match.products[at]))[:5]
    rest = match.dot - sum(match.products[at] for at in strongest)
    others = len(match.products) - len(strongest)
    parts = [
        *((f"factor {at + 1}", match.products[at]) for at in strongest),
        *([(f"the other {plural(others, 'factor')}", rest)] if others else []),
        ("the user's bias", match.user_bias),
        ("the film's bias", match.movie_bias),
    ]
    parts.append(("together", match.activation))
    return Reply(
        text=f"**{escape(film.title)}** for {who}: **{match.stars:.2f} stars**.\n\n```text\n"
        + "\n".join(_sum(match))
        + "\n```",
        table=Table(
            columns=("part of the sum", "value"), rows=tuple((name, signed(value)) for name, value in parts)
        ),
        images=(
            Image(
                plot="bars",
                data={
                    "title": film.title,
                    "labels": [name for name, _ in parts],
                    "values": [round(value, 3) for _, value in parts],
                    "value_label": f"what each part adds, before the sigmoid; {match.stars:.2f} stars",
                },
                alt=f"Bar chart of the sum: a dot product of {signed(match.dot)}, the user's bias of "
                f"{signed(match.user_bias)} and the film's of {signed(match.movie_bias)} make "
                f"{signed(match.activation)}, which is {match.stars:.2f} stars.",
            ),
        ),
        choices=(Choice(label="step by step", command=_walk(ctx, film.title, user or ME)),),
    )


@command(
    "walk",
    group=GROUP,
    examples=("walk dotbias", "walk dotbias movie=Fargo user=405", "walk EmbeddingDotBias movie=Toy Story"),
)
async def walk(
    ctx: Context,
    model: Annotated[
        str, Arg(help="which model: dotbias, the one that is loaded; and the film, if you like", complete="walks")
    ],
    *,
    movie: Annotated[str, Arg(help="the film; else Star Wars, or whichever is first", complete="titles")] = "",
    user: Annotated[
        str, Arg(help="a user of the data by number, or me; else 196, or whoever is first", shape="196")
    ] = "",
) -> Reply:
    """Step one prediction through the model's layers, with the shapes.

    Look-up, product, sum, biases, sigmoid: the numbers are those of `predict`.
    """
    name, typed = _model_and_film(model)
    if not name:
        raise UserError(
            f"The loaded model is `dotbias`, the dot product with biases: {code(ctx.prefix + 'walk dotbias')}. "
            f"I cannot walk through {code(model[:40])}.",
            (Choice(label="walk dotbias", command=f"{ctx.prefix}walk dotbias"),),
        )
    user = user or (USUAL if USUAL in ctx.films.users else ctx.films.users[0])
    if typed and movie:
        raise UserError(f"Which film: {code(typed[:60])} or {code(movie[:60])}?")
    movie = typed or movie or (FILM if exact(ctx, FILM) else ctx.films.titles[0])
    film = named(ctx, movie, lambda each: f"walk dotbias movie={each} user={user}")
    match, who = await _match(ctx, film.title, user)
    shapes, size = ctx.insight.shapes, ctx.insight.factor_count
    row = "folded in" if match.user_row is None else f"row {match.user_row}"
    steps = (
        (
            "1 look up",
            f"user_factors {_shape(shapes['user_factors'])}, {row}",
            size,
            _some(match.user_factors),
        ),
        (
            "",
            f"movie_factors {_shape(shapes['movie_factors'])}, row {match.movie_row}",
            size,
            _some(match.movie_factors),
        ),
        ("2 multiply", "place by place", size, _some(match.products)),
        ("3 sum", "over the factors", 1, signed(match.dot)),
        ("4 biases", f"user_bias {_shape(shapes['user_bias'])}, {row}", 1, signed(match.user_bias)),
        (
            "",
            f"movie_bias {_shape(shapes['movie_bias'])}, row {match.movie_row}",
            1,
            signed(match.movie_bias),
        ),
        ("", "added to the sum", 1, signed(match.activation)),
        ("5 sigmoid", f"1 / (1 + e^{bracketed(-match.activation, 3)})", 1, f"{match.share:.3f}"),
        (
            "6 range",
            f"{match.low:g} + ({match.high:g} − {match.low:g}) · {match.share:.3f}",
            1,
            f"{match.stars:.2f}",
        ),
    )
    return Reply(
        text=f"`DotProductBias` for {who} and **{escape(film.title)}**: **{match.stars:.2f} stars**. "
        "Row 0 of every table is `#na#`, nobody or no film.",
        table=Table(columns=("step", "from", "numbers", "values"), rows=steps),
        choices=(
            Choice(label="its source", command=f"{ctx.prefix}source DotProductBias.forward"),
            Choice(
                label="the sum in full",
                command=f"{ctx.prefix}predict {film.title}" + (f" user={user}" if match.user_row else ""),
            ),
        ),
    )


def _model_and_film(text: str) -> tuple[str, str]:
    """`dot bias Fargo` → the model as one word, and what is left; the model is empty where it is none of ours."""
    words = text.split()
    for length in (3, 2, 1):
        name = re.sub(r"[\W_]", "", "".join(words[:length]).casefold())
        if name in MODEL_NAMES:
            return name, " ".join(words[length:])
    return "", ""


async def _match(ctx: Context, title: str, user: str) -> tuple[Match, str]:
    """The prediction, and for whom it is."""
    name = user.strip().casefold().removeprefix("user").strip()
    if name and (name != ME or name in ctx.films.users):
        return ctx.insight.match(title, name), f"user {escape(name)} of the data"
    mine: Mapping[str, float] = {
        name: stars for name, stars in (await known_ratings(ctx)).items() if name != title
    }
    who = f"you, from your {plural(len(mine), 'other rating')}" if mine else "the average user"
    return ctx.insight.match(title, mine), who


def _walk(ctx: Context, title: str, user: str) -> str:
    return f"{ctx.prefix}walk dotbias movie={title} user={user}"


def _sum(match: Match) -> list[str]:
    """The prediction in four lines."""
    total = f"{signed(match.dot)} + {bracketed(match.user_bias, 3)} + {bracketed(match.movie_bias, 3)}"
    return [
        f"dot product of {len(match.products)} factors = {signed(match.dot)}",
        f"with both biases: {total} = {signed(match.activation)}",
        f"sigmoid: 1 / (1 + e^{bracketed(-match.activation, 3)}) = {match.share:.3f}",
        f"stars: {match.low:g} + ({match.high:g} − {match.low:g}) · {match.share:.3f} = {match.stars:.2f}",
    ]


def _some(values: Sequence[float]) -> str:
    """The first three, and a sign that there are more."""
    return " ".join(signed(value, 2) for value in values[:3]) + (" …" if len(values) > 3 else "")


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(f"{side:,}".replace(",", "") for side in shape)

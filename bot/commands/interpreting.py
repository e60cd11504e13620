"""The model's inside: what it adds for a film or a user, and the factors it found."""

from typing import Annotated, Literal

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.figures import percent, signed
from bot.insight import Leaning
from bot.titles import exact, named
from bot.values import Choice, Image, Reply, Table, code, escape, plural

GROUP = "the model's inside"
DRAWN = 10  # bars of a list: more make a picture that a forum shows too small

OptionalTitle = Annotated[str, Arg(help="the film's title; or give factor= instead", complete="titles")]


def an_end(text: str) -> str:
    """`low`, `lowest`, `hi` → low or high; ValueError says where a number goes."""
    word, _, over = text.casefold().partition(" ")
    match = [end for end in ("low", "high") if end.startswith(word) or word.startswith(end)]
    if len(match) != 1 or over:
        raise ValueError(f"how many is written `count={over}`" if over.isdigit() else "")
    return match[0]


@command("bias", group=GROUP, examples=("bias low", "bias high count=10", "bias low users count=3"))
async def bias(
    ctx: Context,
    end: Annotated[Literal["low", "high"], Arg(help="which end of the list: low or high", read=an_end)],
    *,
    users: Annotated[bool, Arg(help="of the data's users instead of its films")] = False,
    count: Annotated[int, Arg(help="how many", low=1, high=20)] = 5,
) -> Reply:
    """List the films, or the users, with the lowest or the highest bias.

    The bias is what the model adds whoever watches, or whatever is watched. A film of low bias is disliked even by
    people whose taste it meets; one of high bias pleases even those whose taste it does not. A user of low bias
    rates harshly, one of high bias generously. Users are those of the data, by number: nobody of this group.
    """
    found = ctx.insight.biases(end, users=users, count=count)
    names = [f"user {each.name}" if users else each.name for each in found]
    word = {"low": "lowest", "high": "highest"}[end]
    what = "users" if users else "films"
    columns = ("user", "bias", "expected mean") if users else ("film", "bias", "mean rating", "ratings")
    also = (
        "The model file keeps no ratings of single users: the mean is what it expects of them over all films"
        + (" that have 20 ratings or more." if ctx.insight.well_known else ".")
        if users
        else "The mean is that of the film's ratings."
    )
    return Reply(
        text=f"The {plural(len(found), what[:-1])} with the {word} bias. {also}",
        table=Table(
            columns=columns, rows=tuple(_leaning(name, each) for name, each in zip(names, found, strict=True))
        ),
        images=(
            Image(
                plot="bars",
                data={
                    "title": f"The {word} biases of {what}",
                    "labels": names[:DRAWN],
                    "values": [round(each.bias, 3) for each in found[:DRAWN]],
                    "value_label": "what the model adds, before the sigmoid",
                    "notes": [_mean(each) for each in found[:DRAWN]],
                },
                alt=f"Bar chart: {names[0]} has the {word} bias of all {what}, {signed(found[0].bias)}; "
                f"the last drawn has {signed(found[:DRAWN][-1].bias)}.",
            ),
        ),
        choices=tuple(
            Choice(label=f"{what} of {other} bias", command=f"{ctx.prefix}bias {other}{' users' if users else ''}")
            for other in ("low", "high")
            if other != end
        ),
    )


@command(
    "factors", group=GROUP, examples=("factors Terminator", "factors Toy Story count=12", "factors factor=12")
)
async def factors(
    ctx: Context,
    title: OptionalTitle = "",
    *,
    count: Annotated[int, Arg(help="how many factors", low=1, high=12)] = 8,
    factor: Annotated[int | None, Arg(help="show the films at both ends of this factor", low=1, high=512)] = None,
) -> Reply:
    """Show a film's strongest factors, or the films at both ends of one factor.

    A film is a row of numbers, one for each factor. Nobody gave the factors a meaning: training finds them, and
    another training would find others. The films at the ends of one are all there is to guess from.
    """
    if factor is not None:
        if title:
            raise UserError("Give either a film or `factor=`: the one lists its factors, the other films.")
        return _ends(ctx, factor)
    if not title:
        raise UserError(f"I need a film, for example {code(ctx.prefix + 'factors Terminator')}.")
    if title in map(str, range(1, ctx.insight.factor_count + 1)) and not exact(ctx, title):  # 7 is Se7en
        line = f"{ctx.prefix}factors factor={title}"
        raise UserError(f"A factor is named by an option: {code(line)}.", [Choice(label=line, command=line)])
    film = named(ctx, title, lambda each: f"factors {each}")
    found = ctx.insight.factors(film.title, count)
    strongest = found[0]
    return Reply(
        text=f"The {plural(len(found), 'factor')} of **{escape(film.title)}** that are furthest from 0, of "
        f"{ctx.insight.factor_count}. None has a given meaning.",
        table=Table(
            columns=("factor", "value", "films with less"),
            rows=tuple((each.number, round(each.value, 3), percent(each.percentile)) for each in found),
        ),
        images=(
            Image(
                plot="bars",
                data={
                    "title": film.title,
                    "labels": [f"factor {each.number}" for each in found],
                    "values": [round(each.value, 3) for each in found],
                    "value_label": "factors without a given meaning",
                    "notes": [f"{percent(each.percentile)} of films have less" for each in found],
                },
                alt=f"Bar chart: factor {strongest.number} is the strongest of {film.title}, "
                f"{signed(strongest.value)}, and {percent(strongest.percentile)} of films have less.",
            ),
        ),
        choices=tuple(
            Choice(label=f"the ends of factor {each.number}", command=f"{ctx.prefix}factors factor={each.number}")
            for each in found[:3]
        ),
    )


def _ends(ctx: Context, factor: int) -> Reply:
    """The films with most and least of one factor."""
    low, high = ctx.insight.ends(factor, 5)
    rows = [*high, *reversed(low)]
    return Reply(
        text=f"Factor {factor}: the films with most of it, then those with least, of all"
        + (" with 20 ratings or more. " if ctx.insight.well_known else ". ")
        + "What do they have in common? Nobody has named it.",
        table=Table(columns=("film", "value"), rows=tuple((title, round(value, 3)) for title, value in rows)),
        images=(
            Image(
                plot="bars",
                data={
                    "title": f"Both ends of factor {factor}",
                    "labels": [title for title, _ in rows],
                    "values": [round(value, 3) for _, value in rows],
                    "value_label": "a factor without a given meaning",
                },
                alt=f"Bar chart: {high[0][0]} has most of factor {factor}, {signed(high[0][1])}, "
                f"and {low[0][0]} least, {signed(low[0][1])}.",
            ),
        ),
    )


def _leaning(name: str, each: Leaning) -> tuple[str | int | float, ...]:
    row = (name, round(each.bias, 3), round(each.mean, 2))
    return row if each.count is None else (*row, each.count)


def _mean(each: Leaning) -> str:
    return f"expected mean {each.mean:.2f}" if each.count is None else f"mean {each.mean:.2f} of {each.count:,}"

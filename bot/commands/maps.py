"""Maps of the model: its films, or the users of its data, on two principal components."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.figures import percent
from bot.insight import Map
from bot.titles import exact, named, short
from bot.values import Choice, Image, Reply, Table, code, escape, plural

GROUP = "the model's inside"
TOP, CLUSTERS = 50, 4
MARKED = 10  # names that can be pointed at on one map
FAR_APART = ("Terminator, The (1984)", "English Patient, The (1996)")
"""The two films whose distance the lecture points at."""


def two_axes(text: str) -> tuple[int, int]:
    """`1,3` → (1, 3)."""
    found = re.fullmatch(r"\(?\s*(\d{1,3})\s*[,x×]\s*(\d{1,3})\s*\)?", text)
    if found is None:
        raise ValueError
    if found[1] == found[2]:
        raise ValueError("two different axes")
    return int(found[1]), int(found[2])


def what_to_draw(text: str) -> str:
    """`movies`, `films`, `users` or `people`, or how one of them begins."""
    words = {"movies": "movies", "films": "movies", "users": "users", "people": "users"}
    found = {what for word, what in words.items() if word.startswith(text.casefold())}
    if len(found) != 1:
        raise ValueError
    return found.pop()


@command(
    "map",
    group=GROUP,
    examples=(
        "map movies",
        "map movies axes=1,2 top=20",
        "map movies mark=Terminator; Fargo",
        "map users",
        "map users clusters=3 mark=196",
    ),
)
async def draw_map(
    ctx: Context,
    what: Annotated[
        Literal["movies", "users"], Arg(help="what to draw: movies or users", read=what_to_draw)
    ] = "movies",
    *,
    top: Annotated[int, Arg(help="how many of the most rated movies", low=2, high=60)] = TOP,
    axes: Annotated[
        tuple[int, int] | None,
        Arg(help="which two components; 1,3 for movies and 1,2 for users", read=two_axes, shape="1,3"),
    ] = None,
    mark: Annotated[
        str, Arg(help="titles, or numbers of users, to point at, with ; between", complete="titles")
    ] = "",
    clusters: Annotated[int, Arg(help="how many groups of users", low=1, high=6)] = CLUSTERS,
) -> Reply:
    """Draw the films, or the users of the data, where the model puts them.

    Fifty factors cannot be drawn: principal components turn them so that the first few hold as much of the
    differences as they can. How much that is stands at the axes. The components are those of the 1000 most rated
    films. The axes are 1 and 3, as in the book, whose caption says "the two strongest": on 1 and 2 the lecture's
    own observation, that Terminator and The English Patient lie far apart, is gone. The most rated film is always
    on the right and above, so that no map is mirrored. A name that finds no room is left out; `mark` comes first.

    Users are those of the data, by number, and nobody of this group. They are put into clusters (k-means on all
    factors) with the genres that each rates above what all users do, as the model sees it.
    """
    if what == "users":
        if top != TOP:
            raise UserError("All users are drawn: `top` is for movies.")
        return await _users(ctx, clusters, axes or (1, 2), mark)
    if clusters != CLUSTERS:
        raise UserError(f"`clusters` are of users: {code(f'{ctx.prefix}map users clusters={clusters}')}.")
    return await _movies(ctx, top, axes or (1, 3), mark)


async def _movies(ctx: Context, top: int, axes: tuple[int, int], mark: str) -> Reply:
    titles = _titles(ctx, mark)
    asked, top = top, min(top, len(ctx.films.titles))
    found = await asyncio.to_thread(ctx.insight.film_map, top=top, axes=axes, mark=titles)
    right, left = (sorted(found.points, key=lambda point: sign * point.x)[:3] for sign in (-1, 1))
    above, below = (sorted(found.points, key=lambda point: sign * point.y)[:3] for sign in (-1, 1))
    rows = tuple(
        (f"axis {axis} {end}", "; ".join(short(point.name) for point in points))
        for axis, end, points in (
            (axes[0], "→", right),
            (axes[0], "←", left),
            (axes[1], "↑", above),
            (axes[1], "↓", below),
        )
    )
    other = 3 if axes == (1, 2) else 2
    top_too = f" top={asked}" if asked != TOP else ""
    mark_too = f" mark={'; '.join(titles)}" if titles else ""
    return Reply(
        text=f"The {plural(top, 'most rated film')} on components {axes[0]} and {axes[1]}. {_held(found)}"
        + _why(ctx, found, top),
        table=Table(columns=("end", "films there"), rows=rows),
        images=(
            _picture(
                found,
                title=f"The {plural(top, 'most rated film')}",
                points=[
                    {
                        "x": round(point.x, 4),
                        "y": round(point.y, 4),
                        "label": short(point.name),
                        "mark": point.name in titles,
                    }
                    for point in found.points
                ],
                alt=f"Map of {plural(len(found.points), 'film')}: {short(right[0].name)} is furthest right, "
                f"{short(left[0].name)} left, {short(above[0].name)} above and {short(below[0].name)} "
                "below.",
            ),
        ),
        choices=(
            Choice(
                label=f"on components 1 and {other}",
                command=f"{ctx.prefix}map movies axes=1,{other}{top_too}{mark_too}",
            ),
        ),
    )


async def _users(ctx: Context, clusters: int, axes: tuple[int, int], mark: str) -> Reply:
    names = [name.casefold().removeprefix("user").strip() for name in re.split(r"[;,]", mark) if name.strip()]
    _few(len(names))
    found = await asyncio.to_thread(ctx.insight.user_map, clusters=clusters, axes=axes, mark=names)
    notes = [
        f"{plural(each.size, 'user')}: {', '.join(each.genres) or 'no genre in particular'}"
        for each in found.clusters
    ]
    where = {point.name: found.clusters[point.group].name for point in found.points}
    marked = " ".join(f"User {escape(name)} is in {where[name]}." for name in names)
    first = found.clusters[0]
    return Reply(
        text=f"The {plural(len(found.points), 'user')} of the data on components {axes[0]} and {axes[1]}, in "
        f"{plural(clusters, 'cluster')}; nobody of this group is among them. {_held(found)} The genres are those "
        f"that a cluster rates above what all users do, as the model expects it. {marked}".rstrip(),
        table=Table(
            columns=("cluster", "users", "favourite genres"),
            rows=tuple((each.name, each.size, ", ".join(each.genres) or "none") for each in found.clusters),
        ),
        images=(
            _picture(
                found,
                title=f"{plural(len(found.points), 'user')} of the data",
                points=[
                    {"x": round(point.x, 3), "y": round(point.y, 3), "group": point.group}
                    | ({"mark": True, "label": f"user {point.name}"} if point.name in names else {})
                    for point in found.points
                ],
                clusters=[
                    {"name": each.name, "x": each.x, "y": each.y, "note": note}
                    for each, note in zip(found.clusters, notes, strict=True)
                ],
                alt=f"Map of {plural(len(found.points), 'user')} as dots, with the letters of "
                f"{plural(clusters, 'cluster')}; the largest, {first.name}, has {first.size} users who favour "
                f"{', '.join(first.genres) or 'no genre'}.",
            ),
        ),
    )


def _picture(
    found: Map, *, title: str, points: Sequence[Mapping[str, object]], alt: str, clusters: object = ()
) -> Image:
    first, second = (
        f"component {axis}: {100 * share:.1f} % of the variance"
        for axis, share in zip(found.axes, found.shares, strict=True)
    )
    data = {"title": title, "x_label": first, "y_label": second, "points": points, "clusters": clusters or []}
    return Image(plot="scatter", data=data, alt=alt)


def _held(found: Map) -> str:
    """How much of the differences one sees."""
    first, second = (f"{100 * share:.1f} %" for share in found.shares)
    three = f"{100 * found.first_three:.1f} %"
    return f"The components hold {first} and {second} of the variance; the first three together {three}."


def _why(ctx: Context, found: Map, top: int) -> str:
    """What the lecture's two films have to do with the choice of axes, where both are on the map."""
    here = found.nearer(*FAR_APART)
    if here is None or set(found.axes) not in ({1, 3}, {1, 2}):
        return ""
    other = (1, 2) if 3 in found.axes else (1, 3)
    there = ctx.insight.film_map(top=top, axes=other, mark=()).nearer(*FAR_APART)
    if there is None:
        return ""
    return (
        f" Of all pairs on this map {percent(here)} are closer together than Terminator and The English Patient; "
        f"on components {other[0]} and {other[1]} it would be {percent(there)}. The book draws 1 and 3."
    )


def _titles(ctx: Context, mark: str) -> list[str]:
    """The films to point at: with `;` between, or commas where every piece is a film."""
    pieces = [piece.strip() for piece in mark.split(";") if piece.strip()]
    if len(pieces) == 1 and not exact(ctx, pieces[0]):
        apart = [piece.strip() for piece in re.split(r",\s+", pieces[0])]
        pieces = apart if all(exact(ctx, piece) for piece in apart) else pieces
    _few(len(pieces))
    return [named(ctx, piece, lambda each: f"map movies mark={each}").title for piece in pieces]


def _few(count: int) -> None:
    if count > MARKED:
        raise UserError(f"`mark` points at up to {MARKED} names, not {count}.")

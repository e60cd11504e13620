"""From what a person types to a film, for every command that takes one: sure, or asking back."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated

from bot.command import Arg
from bot.context import Context, Film
from bot.errors import UserError
from bot.values import Choice, code, escape

EXACT = 100.0  # the score of a name that is a film's own

Title = Annotated[str, Arg(help="the film's title; the year and a leading The may be left out", complete="titles")]


def named(ctx: Context, query: str, again: Callable[[str], str]) -> Film:
    """The film that was meant; UserError offers the nearest ones, each with the command that asks `again`."""
    found = ctx.films.find(query)
    if found.title is not None:
        return ctx.films.film(found.title)
    choices = [Choice(label=title, command=ctx.prefix + again(title)) for title in found.near]
    nearest = ", ".join(f"*{escape(title)}*" for title in found.near)
    if found.known:
        raise UserError(f"Which film is {code(query[:80])}? Did you mean {nearest}?", choices)
    raise UserError(f"I don't know a film called {code(query[:80])}. The nearest I have: {nearest}.", choices)


def an_example(ctx: Context) -> str:
    """A film to give as an example: the usual one, or whichever the model has."""
    usual = ctx.films.find("Terminator").title
    return "Terminator" if usual else short(ctx.films.titles[0])


def short(title: str) -> str:
    """`Terminator, The (1984)` → `Terminator`, for pictures."""
    name = re.sub(r"\s*\(\d{4}\)$", "", title)
    return re.sub(r", (The|A|An|La|Le|Les|Il|El|Das|Der|Die|L')$", "", name) or title


def exact(ctx: Context, name: str) -> bool:
    """Whether that is a film's name as it stands, and not only close to one."""
    found = ctx.films.find(name)
    return found.title is not None and found.score >= EXACT


async def known_ratings(ctx: Context) -> Mapping[str, float]:
    """The person's ratings of films that the loaded model has."""
    known = set(ctx.films.titles)
    return {title: stars for title, stars in (await ctx.ratings.of(ctx.person)).items() if title in known}

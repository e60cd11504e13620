"""Getting to know somebody's taste: a list of films to rate at once, or sliders for kinds of film."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.predictions import bars, chosen, unled
from bot.titles import known_ratings
from bot.values import Choice, Reply, Table, code, escape, plural

PAGE, PAGES = 10, 10
PICK, STARS = "Rate a film that you know", "How many stars?"
MIDDLE, ENDS = 3.0, (1.0, 5.0)

_ANSWER = re.compile(r"([^\s=:,;]+)\s*[=:]\s*(\d+(?:[.,]\d+)?(?![\d=:])|[^\s=:,;]+)")
_UNSEEN = re.compile(r"(?:\b\d+\s*[=:]\s*)?\b(?:not[ -]seen|unseen|never[ -]seen|none)\b", re.I)
"""What need not be said: `not seen`, or `3=unseen`."""

Said = Annotated[
    str,
    Arg(
        help="films of the list, 1=4 7=2.5; or sliders, musical=5 new=2; or where to go on, from 11",
        long=True,
    ),
]


@command(
    "taste",
    group="films",
    examples=("taste", "taste from 11", "taste 1=4 3=2.5", "taste musical=5 action=1 new=2"),
)
async def taste(ctx: Context, said: Said = "") -> Reply:
    """Tell the bot your taste: rate what you know of a list of films, or set sliders.

    The list is the same for everybody: each film in it is one that many know and that says most about what the
    earlier ones left open. Not having seen a film is fine: leave it out. After five answers a prediction is off by
    0.98 stars instead of 1.02, after ten by 0.96. Only you see your ratings.

    A slider is a genre, or `new`, from 1 (not for me) over 3 (as most people) to 5 (love it). At its end it means
    leaning that way as one person of forty does. Sliders are for trying out: nothing of them is kept.
    """
    start = re.fullmatch(r"(?:from\s+)?(\d{1,4})", said.strip(), re.I)
    if not said.strip() or start:
        return await _asked(ctx, int(start[1]) if start else None)
    if film := re.fullmatch(r"stars\s+(\d{1,4})", said.strip(), re.I):
        return _stars(ctx, int(film[1]))
    known, unseen = _UNSEEN.subn("", said)
    if unseen and not known.strip(" ,;."):
        return await _asked(ctx, None, further=True)
    given = _given(ctx, known)
    if all(name.isdecimal() for name in given):
        return await _rated(ctx, {int(name): stars for name, stars in given.items()})
    if any(name.isdecimal() for name in given):
        raise UserError("Numbers of films and sliders don't go together: give the one, then the other.")
    return _wished(ctx, given)


async def _asked(ctx: Context, start: int | None, *, further: bool = False) -> Reply:
    """A page of films to rate; without a start the first with one they have not rated, or `further` the next."""
    films = ctx.films.questions(PAGE * PAGES)
    if start is None:
        mine = await known_ratings(ctx)
        open_ = next((place for place, title in enumerate(films) if title not in mine), 0)
        start = open_ // PAGE * PAGE + 1
        start += PAGE if further and start + PAGE <= len(films) else 0
    if not 1 <= start <= len(films):
        raise UserError(f"The list has films 1 to {len(films)}: {code(f'{ctx.prefix}taste from 11')}.")
    page = films[start - 1 : start - 1 + PAGE]
    rows = tuple(
        (number, title, ", ".join(ctx.films.film(title).genres)) for number, title in enumerate(page, start)
    )
    last = start + len(page) - 1
    asked = f"Number = stars, such as {start}=4 {last}=2.5"
    choices = [Choice(label="rate those I know", command=f"{ctx.prefix}taste", ask=asked)]
    if last < len(films):
        choices.append(Choice(label="other films", command=f"{ctx.prefix}taste from {last + 1}"))
    choices += _menu(ctx, dict(enumerate(page, start)))
    return Reply(
        text=f"Which of these do you know? {code(f'{ctx.prefix}taste {start}=4 {last}=2.5')} rates number {start} "
        f"with 4 stars and number {last} with 2.5; leave out what you have not seen.",
        table=Table(columns=("number", "film", "genres"), rows=rows),
        choices=tuple(choices),
    )


def _menu(ctx: Context, films: Mapping[int, str]) -> list[Choice]:
    """Films to pick one of, by their numbers in the list; the stars are asked for then."""
    return [
        Choice(label=f"{number} · {title}", command=f"{ctx.prefix}taste stars {number}", menu=PICK)
        for number, title in films.items()
    ]


def _stars(ctx: Context, number: int) -> Reply:
    """The stars to pick from, for one film."""
    films = ctx.films.questions(PAGE * PAGES)
    _there(number, films)
    line = f"{ctx.prefix}taste {number}="
    return Reply(
        text=f"How many stars for *{escape(films[number - 1])}*? {code(f'{line}4')} gives it four.",
        choices=tuple(
            Choice(
                label=f"{'★' * int(stars)}{'½' if stars % 1 else ''} {stars:g}",
                command=f"{line}{stars:g}",
                menu=STARS,
            )
            for stars in (half / 2 for half in range(10, 0, -1))
        ),
        private=True,
    )


def _there(number: int, films: Sequence[str]) -> None:
    if not 1 <= number <= len(films):
        raise UserError(f"There is no film {number} in the list; it has 1 to {len(films)}.")


async def _rated(ctx: Context, given: Mapping[int, float]) -> Reply:
    """The ratings are kept, and what they change is shown."""
    films = ctx.films.questions(PAGE * PAGES)
    for number, stars in given.items():
        _there(number, films)
        if not 0.5 <= stars <= 5 or stars * 2 != round(stars * 2):
            raise UserError(f"A rating is a number of half stars from 0.5 to 5, not {code(f'{stars:g}')}.")
    for number, stars in given.items():
        await ctx.ratings.rate(ctx.person, films[number - 1], stars, ctx.now)
    mine = await known_ratings(ctx)
    best = ctx.films.recommend(mine, count=3)
    open_ = next(
        (place + 1 for place, title in enumerate(films) if place >= max(given) and title not in mine), None
    )
    more = (Choice(label="more films", command=f"{ctx.prefix}taste from {open_}"),) if open_ is not None else ()
    first = (max(given) - 1) // PAGE * PAGE
    page = enumerate(films[first : first + PAGE], first + 1)
    unrated = {number: title for number, title in page if title not in mine}
    return Reply(
        text=f"Noted: {', '.join(f'*{escape(films[number - 1])}* {stars:g}' for number, stars in given.items())}. "
        f"I know {plural(len(mine), 'rating')} of yours now. "
        + (f"{unled(best)}You might like:" if best else "There is no film left to recommend."),
        table=chosen(best, personal=True) if best else None,
        choices=(Choice(label="recommend", command=f"{ctx.prefix}recommend"), *more, *_menu(ctx, unrated)),
        private=True,
    )


def _wished(ctx: Context, given: Mapping[str, float]) -> Reply:
    """What suits sliders."""
    names = {_slider(name): name for name in ctx.films.sliders}
    given = {_slider(name): value for name, value in given.items()}
    for name, value in given.items():
        if name not in names:
            known = ", ".join(each.casefold() for each in names.values())
            raise UserError(f"I have no slider {code(name[:40])}. There are: {known}.")
        if not ENDS[0] <= value <= ENDS[1]:
            raise UserError(f"A slider runs from 1 to 5, not to {code(f'{value:g}')}.")
    wanted = {names[name]: (value - MIDDLE) / (ENDS[1] - MIDDLE) for name, value in given.items()}
    best = ctx.films.recommend({}, count=5, wishes=wanted)
    told = ", ".join(f"{names[name]} {value:g}" for name, value in given.items())
    return Reply(
        text=f"For somebody with the sliders {told} (3 is as most people):",
        table=chosen(best, personal=False),
        images=(
            bars(
                title=f"For {told}",
                rows=[(each.title, round(each.stars, 2), each.count) for each in best],
                label="predicted stars",
                alt=f"Bar chart: {best[0].title} comes first with {best[0].stars:.2f} predicted stars for {told}; "
                f"of {plural(len(best), 'film')} the last has {best[-1].stars:.2f}.",
            ),
        )
        if best
        else (),
        choices=(Choice(label="rate films instead", command=f"{ctx.prefix}taste"),),
    )


def _slider(name: str) -> str:
    """A slider's name as it is looked up: musical and musicals, Sci-Fi and scifi are one."""
    return re.sub(r"s$", "", re.sub(r"[\W_]", "", name.casefold()))


def _given(ctx: Context, said: str) -> dict[str, float]:
    """The pairs of name and number."""
    found: dict[str, float] = {}
    for name, number in _ANSWER.findall(said):
        try:
            found[name.casefold()] = float(number.replace(",", "."))
        except ValueError:
            right = "stars: `1=4`, `3=2.5`" if name.isdecimal() else "a slider's: `musical=5`, from 1 to 5"
            raise UserError(f"{code(number[:20])} is no number of {right}.") from None
    if not found or _ANSWER.sub("", said).strip(" ,;"):
        raise UserError(
            f"I read pairs: {code(f'{ctx.prefix}taste 1=4 3=2.5')} for films of the list, "
            f"{code(f'{ctx.prefix}taste musical=5 new=2')} for sliders."
        )
    return found

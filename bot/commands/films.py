"""Films: what is close to one, what somebody may like, and the ratings they gave."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from bot.command import Arg, command
from bot.context import Context, Prediction
from bot.errors import UserError
from bot.predictions import bars, chosen
from bot.titles import Title, exact, known_ratings, named
from bot.values import Choice, Reply, Table, code, escape, plural

MEASURES = {"cosine": "cosine similarity", "euclidean": "euclidean distance"}
CANDIDATES = 20  # films that are alike, of which the nearest are shown
KNOWN = 20  # ratings: with fewer, a film is recommended only where none has so many
Count = Annotated[int, Arg(help="how many films", low=1, high=20)]
Minimum = Annotated[int, Arg(help="leave out films with fewer ratings", low=0, high=1000)]
Liked = Annotated[
    str, Arg(help="films you like, with commas between", complete="titles", shape="A, B", several=True)
]
Stars = Annotated[float | None, Arg(help="your rating, in half stars; 0 takes it back", low=0, high=5)]


@command(
    "similar",
    group="films",
    examples=(
        "similar Terminator",
        "similar Toy Story count=3",
        "similar Silence of the Lambs metric=euclidean",
        "similar Silence of the Lambs every=yes",
    ),
)
async def similar(
    ctx: Context,
    title: Title,
    *,
    count: Count = 5,
    metric: Annotated[Literal["cosine", "euclidean"], Arg(help="how closeness is measured")] = "cosine",
    min: Minimum = KNOWN,  # noqa: A002 - the option people type
    every: Annotated[
        bool, Arg(help="look among all films, as the lecture does, not among the 20 most alike")
    ] = False,
) -> Reply:
    """List the films closest to one you name.

    Closeness is measured between the films' embeddings of 50 factors, averaged over five trainings of the model,
    because two trainings agree on only a third of a list. The order also weighs a film by n / (n + 20), n being
    its number of ratings, so that no film nobody knows comes out on top. Cosine is 1 for the same direction, 0
    for nothing in common; euclidean is a distance by Pythagoras, 0 for the same point. Cosine is not Pythagoras:
    it compares directions, whatever the lengths.

    The films that are put in this order are the 20 that are most alike, because of what people liked and of whom
    they were seen by: likeness is the mean of the cosine and of another one, between who has seen the films. It is
    not in the book, and it finds more of what somebody goes on to like. `every=yes` takes all films instead.
    """
    film = named(ctx, title, lambda each: f"similar {each}")
    candidates = None if every else CANDIDATES
    near = ctx.films.similar(film.title, count=count, metric=metric, minimum=min, candidates=candidates)
    if not near:
        raise UserError(f"No other film has {plural(min, 'rating')} or more. Try a smaller `min`.")
    rows = tuple((each.title, round(each.score, 2), each.count) for each in near)
    first, measure = near[0], MEASURES[metric]
    return Reply(
        text=f"The films closest to **{escape(film.title)}**, by {measure}, weighed by their ratings:",
        table=Table(columns=("film", metric, "ratings"), rows=rows),
        images=(
            bars(
                title=f"Closest to {film.title}",
                rows=rows,
                label=measure,
                alt=f"Bar chart: {first.title} comes first for {film.title}, with {metric} {first.score:.2f}; "
                f"the order weighs {metric} by the number of ratings, and the last of {plural(len(near), 'film')} "
                f"has {near[-1].score:.2f}.",
            ),
        ),
    )


@command(
    "recommend",
    group="films",
    examples=("recommend", "recommend like=Star Wars, Fargo", "recommend new count=10", "recommend by=stars"),
)
async def recommend(
    ctx: Context,
    *,
    like: Liked = "",
    new: Annotated[bool, Arg(help="for a newcomer, as if you had rated nothing")] = False,
    by: Annotated[
        Literal["choice", "stars"],
        Arg(help="what the list is ordered by: what you would choose, or the book's way"),
    ] = "choice",
    count: Count = 5,
) -> Reply:
    """Recommend films to you, from the ratings you gave.

    Which film to show and how many stars it would get are two questions. The order follows what people choose who
    rated as you did (a weight between each two films); the stars, and how far they may be off, come from a
    factorisation that knows how sure it is. Each answer of yours counts at once. "Because of" names the films of
    yours that weighed most; "newcomer" is what somebody would get of whom nothing is known.

    `by=stars` is the lecture's way: the films stay as they are, your embedding is the one that fits your ratings
    best, and the highest predicted rating comes first. `!taste` gets to know you.
    """
    if like and new:
        raise UserError("`like` and `new` exclude each other: films you like, or nothing known of you.")
    mine = {} if new or like else await known_ratings(ctx)
    liked = titles(ctx, like)
    ratings = mine or dict.fromkeys(liked, 5.0)
    choose = ctx.films.recommend if by == "choice" else ctx.films.lecture_recommend
    films = choose(ratings, count=count)
    if not films:
        raise UserError(f"The model knows no film with {KNOWN} ratings or more that you have not rated.")
    table = chosen(films, personal=bool(ratings)) if by == "choice" else _by_stars(films)
    return Reply(
        text=_rare(films) + _for_whom(ctx, mine=mine, liked=liked),
        table=table,
        images=(
            bars(
                title="For you" if ratings else "For the average newcomer",
                rows=tuple((each.title, round(each.stars, 2), each.count) for each in films),
                label="predicted stars"
                + (", in the order of what you would choose" if by == "choice" and ratings else ""),
                alt=f"Bar chart: {films[0].title} comes first with {films[0].stars:.2f} predicted stars; "
                f"of {plural(len(films), 'film')} the last has {films[-1].stars:.2f}.",
            ),
        ),
        choices=() if ratings else (Choice(label="tell me your taste", command=f"{ctx.prefix}taste"),),
    )


@command(
    "rate",
    group="films",
    examples=("rate Terminator 4.5", "rate Toy Story stars=4", "rate Fargo 5"),
)
async def rate(ctx: Context, title: Title, *, stars: Stars = None) -> Reply:
    """Rate a film, from half a star to five.

    The last number of the line is the rating, or write `stars=`. Rating a film again changes your rating;
    `stars=0` takes it back. Only you see your ratings: `!ratings` lists them. `!train` learns from them as well,
    once there are five, but without your name.
    """
    name, given = _title_and_stars(ctx, title, stars)
    film = named(ctx, name, lambda each: f"rate {each} stars={given:g}")
    if given == 0:
        before = await ctx.ratings.unrate(ctx.person, film.title)
        if before is None:
            raise UserError(f"You had not rated **{escape(film.title)}**.")
        return Reply(text=f"**{escape(film.title)}**: your {before:g} stars are taken back.", private=True)
    others = {title: value for title, value in (await known_ratings(ctx)).items() if title != film.title}
    guess = ctx.films.predict(film.title, others).stars
    before = await ctx.ratings.rate(ctx.person, film.title, given, ctx.now)
    was = "" if before in (None, given) else f" (it was {before:g})"
    source = f"your {plural(len(others), 'other rating')}" if others else "the average user"
    return Reply(
        text=f"**{escape(film.title)}**: {given:g} stars, noted{was}. My guess was {guess:.2f}, from "
        f"{source}. "
        f"{code(ctx.prefix + 'recommend')} now knows {plural(len(others) + 1, 'rating')} of yours.",
        private=True,
    )


@command("ratings", group="films", examples=("ratings",))
async def ratings(ctx: Context) -> Reply:
    """List the ratings you gave, for your eyes only."""
    mine = await ctx.ratings.of(ctx.person)
    if not mine:
        return Reply(
            text=f"You have not rated a film yet. {code(ctx.prefix + 'rate Terminator 4.5')} does.", private=True
        )
    mean = sum(mine.values()) / len(mine)
    return Reply(
        text=f"You have given {plural(len(mine), 'rating')}, {mean:.2f} stars on average. "
        f"{code(ctx.prefix + 'rate Title stars=0')} takes one back, "
        f"{code(ctx.prefix + 'forget ratings')} all of them.",
        table=Table(columns=("film", "stars"), rows=tuple(mine.items())),
        private=True,
    )


@command("forget", group="films", examples=("forget ratings", "forget notes", "forget guesses", "forget quiz"))
async def forget(
    ctx: Context,
    what: Annotated[
        Literal["ratings", "notes", "guesses", "quiz"], Arg(help="what to erase: ratings, notes, guesses or quiz")
    ],
) -> Reply:
    """Erase your ratings, your part in the notebook or the questionnaire, or your guesses, for good.

    What the group still needs stays without your name: a question, a link, an answer that is the group's.
    """
    if what == "guesses":
        gone = await ctx.guesses.forget(ctx.person)
        return Reply(text=f"Done: {plural(gone, 'guess', 'guesses')} of yours erased.", private=True)
    if what != "ratings":
        gone = await (ctx.quiz if what == "quiz" else ctx.notebook).forget(ctx.person)
        return Reply(
            text=f"Done: {plural(gone, 'entry', 'entries')} of yours erased or made nameless.", private=True
        )
    gone = await ctx.ratings.forget(ctx.person)
    return Reply(
        text=f"Done: {plural(gone, 'rating')} of yours erased. Nothing of them is left here.", private=True
    )


@command("movie", group="films", aliases=("film",), examples=("movie Terminator", "movie English Patient"))
async def movie(ctx: Context, title: Title) -> Reply:
    """Show what is known about one film.

    The bias is what the model adds for the film itself, whoever watches: high for films that please even people
    whose taste they do not match.
    """
    film = named(ctx, title, lambda each: f"movie {each}")
    near = ctx.films.similar(film.title, count=3, metric="cosine", minimum=20)
    others = {name: value for name, value in (await known_ratings(ctx)).items() if name != film.title}
    stars = ctx.films.predict(film.title, others).stars
    who = "you, from your other ratings" if others else "the average user"
    rows = (
        ("year", str(film.year or "unknown")),
        ("genres", ", ".join(film.genres) or "none given"),
        ("ratings", f"{film.count:,}"),
        ("mean rating", f"{film.mean:.2f}"),
        ("bias", f"{round(film.bias, 3) + 0.0:.3f}".replace("-", "−")),
        ("rank by bias", f"{film.bias_rank:,} of {len(ctx.films.titles):,}"),
        (f"predicted for {who}", f"{stars:.2f}"),
    )
    return Reply(
        text=f"**{escape(film.title)}**",
        table=Table(columns=("", "value"), rows=rows),
        choices=tuple(Choice(label=each.title, command=f"{ctx.prefix}movie {each.title}") for each in near),
    )


def titles(ctx: Context, text: str) -> list[str]:
    """The films of a list with commas, each once; a title may hold one too (`The Good, the Bad and the Ugly`)."""
    parts = [part.strip(' "') for part in re.split(r";|,(?!\d{3}\b)", text) if part.strip(' "')]
    if text.strip() and not parts:
        raise UserError("`like` is films you like, with commas between: `like=Star Wars, Fargo`.")
    found: list[str] = []
    while parts:
        whole = next((n for n in range(len(parts), 1, -1) if exact(ctx, ", ".join(parts[:n]))), 1)
        name = ", ".join(parts[:whole])
        rest = "".join(f", {part}" for part in parts[whole:])
        before = "".join(f"{title}, " for title in found)
        film = named(ctx, name, lambda each, before=before, rest=rest: f"recommend like={before}{each}{rest}")
        found.append(film.title)
        parts = parts[whole:]
    return list(dict.fromkeys(found))


def _title_and_stars(ctx: Context, text: str, stars: float | None) -> tuple[str, float]:
    """The film and the rating: `stars=` if given, else the last number of the line."""
    if stars is None:
        name, _, last = text.rpartition(" ")
        try:
            stars = float(last.replace(",", "."))
        except ValueError:
            stars = None
        if stars is None or not name or (not 0 <= stars <= 5 and ctx.films.find(text).title is not None):
            film = ctx.films.find(text).title or "Fargo"
            raise UserError(f"How many stars? For example {code(f'{ctx.prefix}rate {film} 4.5')}.")
        whole, part = ctx.films.find(text).title, ctx.films.find(name).title
        if whole is not None and whole != part:  # "Terminator 2": two stars, or the second film?
            raise UserError(
                f"Is {code(text[:60])} the film, or {code(last)} your rating? Write the rating as `stars=`.",
                [Choice(label=f"{part}: {stars:g} stars", command=f"{ctx.prefix}rate {part} stars={stars:g}")]
                if part
                else [],
            )
        text = name
    if not 0 <= stars <= 5 or stars * 2 != round(stars * 2):
        raise UserError(f"A rating is a number of half stars from 0.5 to 5, not {code(f'{stars:g}')}.")
    return text, stars


def _by_stars(films: Sequence[Prediction]) -> Table:
    return Table(
        columns=("film", "stars", "ratings"),
        rows=tuple((each.title, round(each.stars, 2), each.count) for each in films),
    )


def _rare(films: Sequence[Prediction]) -> str:
    """Said where the data is so small that no film of it is well known."""
    most = max(each.count for each in films)
    return f"No film here has more than {plural(most, 'rating')}: take the stars lightly. " if most < KNOWN else ""


def _for_whom(ctx: Context, *, mine: Mapping[str, float], liked: Sequence[str]) -> str:
    if liked:
        return f"For somebody who likes {', '.join(f'*{escape(title)}*' for title in liked)}:"
    if mine:
        return f"For you, from your {plural(len(mine), 'rating')}:"
    return (
        "For the average newcomer: the mean of all users' embeddings, who may be nobody in particular. "
        f"{code(ctx.prefix + 'rate Terminator 4.5')} makes it yours."
    )

"""How soon the model knows somebody it has never seen, beside what else one could do.

    .venv/bin/python -m benchmarks.newcomers DIR

DIR is MovieLens 100K. Each person is a newcomer once: the model learns from the other four fifths of the people.
Half of the newcomer's ratings may be answers, the other half is predicted; both halves are the same for every row.
A list is gone through in its order until so many films were found that they know; `shown` is how many that took.
The error is the root of the mean squared error over all held-out ratings, predictions clipped to 1 to 5.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.bayes import BayesSettings, fit
from engine.onboarding import questions
from engine.posterior import Beliefs, Floats
from engine.ratings import Ratings, read

ANSWERS = (0, 1, 3, 5, 10, 20)
FOLDS = 5
DAMPING = 5.0  # ratings of the mean that a film's or a person's own are weighed against
Rows = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Newcomer:
    """Somebody's ratings, in two halves: what they may answer, and what is to be predicted."""

    known: dict[int, float]
    films: Rows
    stars: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """What one fold's model was taught, and its newcomers."""

    beliefs: Beliefs
    counts: NDArray[np.int32]  # (films,)
    means: Floats  # (films,) damped
    deviations: Floats  # (films,) of the stars of each film
    people: int
    newcomers: list[Newcomer]


def worlds(ratings: Ratings, settings: BayesSettings, folds: Sequence[int] = range(FOLDS)) -> list[World]:
    """One for each of these folds of the people."""
    chance = np.random.default_rng(0)
    users, items, stars = ratings.user_rows - 1, ratings.title_rows - 1, ratings.stars.astype(np.float64)
    fold = chance.permutation(len(ratings.users)) % FOLDS
    answers = chance.random(len(stars)) < 0.5
    made: list[World] = []
    for number in folds:
        inside = fold[users] != number
        films = len(ratings.titles)
        model = fit(users[inside], items[inside], stars[inside], (len(ratings.users), films), settings)
        learnt = np.unique(users[inside])
        counts = np.bincount(items[inside], minlength=films)
        centre = stars[inside].mean()
        totals = np.bincount(items[inside], weights=stars[inside] - centre, minlength=films)
        squares = np.bincount(items[inside], weights=(stars[inside] - centre) ** 2, minlength=films)
        newcomers: list[Newcomer] = []
        for person in np.flatnonzero(fold == number):
            own = np.flatnonzero(users == person)
            known, asked = own[answers[own]], own[~answers[own]]
            given = dict(zip(items[known].tolist(), stars[known].tolist(), strict=True))
            newcomers.append(Newcomer(known=given, films=items[asked], stars=stars[asked]))
        made.append(
            World(
                beliefs=model.beliefs(learnt),
                counts=counts.astype(np.int32),
                means=centre + totals / (counts + DAMPING),
                deviations=np.sqrt(squares / np.maximum(counts, 1)),
                people=len(learnt),
                newcomers=newcomers,
            )
        )
    return made


def entropies(world: World) -> Floats:
    """How undecided people are about a film, near enough: the logarithm of its deviation."""
    return np.log1p(world.deviations)


LISTS: dict[str, Callable[[World], Rows]] = {
    "the most rated first": lambda world: np.argsort(-world.counts, kind="stable"),
    "ratings × variance": lambda world: np.argsort(-world.counts * world.deviations**2, kind="stable"),
    "log ratings × deviation": lambda world: np.argsort(-np.log1p(world.counts) * entropies(world), kind="stable"),
    "ours (`questions`)": lambda world: questions(world.beliefs, world.counts, world.people, 300),
}


def bayes(world: World, films: Rows, stars: Floats) -> Floats:
    """What the model expects of somebody with these answers, for every film."""
    return world.beliefs.stars(world.beliefs.person(films, stars).mean)


def offset(world: World, films: Rows, stars: Floats) -> Floats:
    """Each film's mean, moved by how strict the person is."""
    return world.means + np.sum(stars - world.means[films]) / (len(films) + DAMPING)


def measured(
    made: list[World], order: Callable[[World], Rows], predict: Callable[[World, Rows, Floats], Floats]
) -> list[tuple[float, float]]:
    """For each number of answers: the error, and how many films were shown for them."""
    squared, shown, ratings, people = np.zeros(len(ANSWERS)), np.zeros(len(ANSWERS)), 0, 0
    for world in made:
        places = order(world)
        for newcomer in world.newcomers:
            hits = [place for place, film in enumerate(places.tolist()) if film in newcomer.known]
            ratings, people = ratings + len(newcomer.films), people + 1
            for at, most in enumerate(ANSWERS):
                answered = places[hits[:most]]
                shown[at] += (hits[most - 1] + 1 if len(hits) >= most else len(places)) if most else 0
                stars = np.array([newcomer.known[film] for film in answered.tolist()])
                guess = np.clip(predict(world, answered, stars)[newcomer.films], 1, 5)
                squared[at] += np.sum((guess - newcomer.stars) ** 2)
    return [
        (float(error), float(seen)) for error, seen in zip(np.sqrt(squared / ratings), shown / people, strict=True)
    ]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR")
    options = parser.parse_args()
    made = worlds(read(options.data), BayesSettings())
    held = sum(len(each.films) for world in made for each in world.newcomers)
    print(f"{held} ratings held out; error (films shown) after so many answers:\n")
    print("| list | " + " | ".join(map(str, ANSWERS)) + " |\n|---|" + "--:|" * len(ANSWERS))
    for name, order in LISTS.items():
        cells = [f"{error:.4f} ({seen:.0f})" for error, seen in measured(made, order, bayes)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    cells = [f"{error:.4f} ({seen:.0f})" for error, seen in measured(made, LISTS["the most rated first"], offset)]
    print(f"| the most rated first, film's mean and a shrunk offset | {' | '.join(cells)} |")
    world = made[0]
    started = time.perf_counter()
    questions(world.beliefs, world.counts, world.people, 100)
    print(
        f"\nA list of 100 questions: {(time.perf_counter() - started) * 1e3:.1f} ms, so each a hundredth of that."
    )
    films, stars = np.arange(10), np.full(10, 4.0)
    took: list[float] = []
    for _ in range(200):
        started = time.perf_counter()
        world.beliefs.person(films, stars)
        took.append(time.perf_counter() - started)
    print(f"Folding in ten ratings: {np.median(took) * 1e3:.3f} ms.")


if __name__ == "__main__":
    main()

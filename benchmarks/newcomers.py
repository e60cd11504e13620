"""How fast the model that recommends gets to know somebody: which films to ask about first.

    .venv/bin/python -m benchmarks.newcomers DIR

DIR is MovieLens 100K. Five times a fifth of the people is left out of training. Half of each one's ratings may
be answers, taken in the order of a list that is the same for everybody; the other half is the test, the same for
every list. RMSE of predictions clipped to 1 to 5; in brackets, how many films had to be shown for so many answers.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.bayes import BayesSettings, fit
from engine.onboarding import questions
from engine.posterior import Beliefs
from engine.ratings import read
from engine.sides import film_sides

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
ANSWERS = (0, 1, 3, 5, 10, 20, 10_000)
FOLDS = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Fold:
    """A model that has not met some people, and what those people gave: films and stars, answers and test."""

    beliefs: Beliefs
    counts: Rows  # (films,) ratings of each by the people met
    stars: Floats  # (films, 6) how often each was given 0 to 5 stars
    met: int
    strangers: Sequence[tuple[Rows, Floats, Rows, Floats]]


def folds(data: Path, seed: int = 1, settings: BayesSettings | None = None) -> list[Fold]:
    """The five folds."""
    ratings = read(data)
    users, items, stars = ratings.user_rows - 1, ratings.title_rows - 1, ratings.stars.astype(np.float64)
    shape, sides = (len(ratings.users), len(ratings.titles)), film_sides(ratings.titles, ratings.genres)
    chance = np.random.default_rng(seed)
    order = chance.permutation(shape[0])
    found: list[Fold] = []
    for part in range(FOLDS):
        strangers = order[part::FOLDS]
        rows = np.flatnonzero(~np.isin(users, strangers))
        met, numbers = np.unique(users[rows], return_inverse=True)
        model = fit(numbers, items[rows], stars[rows], (len(met), shape[1]), settings, sides)
        given = np.zeros((shape[1], 6))
        np.add.at(given, (items[rows], np.rint(stars[rows]).astype(np.int64)), 1)
        halves: list[tuple[Rows, Floats, Rows, Floats]] = []
        for stranger in strangers:
            own = chance.permutation(np.flatnonzero(users == stranger))
            told, kept = own[: len(own) // 2], own[len(own) // 2 :]
            halves.append((items[told], stars[told], items[kept], stars[kept]))
        found.append(
            Fold(
                beliefs=model.beliefs(),
                counts=np.bincount(items[rows], minlength=shape[1]),
                stars=given,
                met=len(met),
                strangers=halves,
            )
        )
    return found


def popular(fold: Fold) -> Rows:
    """The most rated first."""
    return np.argsort(-fold.counts, kind="stable")


def helf(fold: Fold) -> Rows:
    """Harmonic mean of how often a film is rated, in logarithms, and how much opinions differ (Rashid 2008)."""
    shares = fold.stars / np.maximum(fold.counts[:, None], 1)
    entropy = -np.sum(shares * np.log(np.where(shares > 0, shares, 1)), axis=1) / np.log(5)
    often = np.log(np.maximum(fold.counts, 1)) / np.log(fold.met)
    return np.argsort(-2 * often * entropy / np.maximum(often + entropy, 1e-9), kind="stable")


def design(fold: Fold) -> Rows:
    """Ours."""
    return np.array(questions(fold.beliefs, fold.counts, fold.met, len(fold.counts)))


def varied(fold: Fold) -> Rows:
    """Ours, as if everybody had seen everything: the most telling, if it can be answered."""
    even = replace(fold, counts=np.ones_like(fold.counts), met=1)
    return design(even)


LISTS = {"popularity": popular, "HELF": helf, "ours": design, "ours, popularity left out": varied}


def errors(
    given: Sequence[Fold], name: str, answers: Sequence[int] = ANSWERS
) -> Mapping[int, tuple[float, float]]:
    """RMSE after so many answers, and how many films were shown until then, on average."""
    squares, shown, count = np.zeros(len(answers)), np.zeros(len(answers)), 0
    for fold in given:
        place = np.empty(len(fold.counts), dtype=np.int64)
        order = LISTS[name](fold)
        place[order] = np.arange(len(order))
        for films, stars, kept, truth in fold.strangers:
            first = np.argsort(place[films])
            count += len(kept)
            for at, number in enumerate(answers):
                some = first[:number]
                person = fold.beliefs.person(films[some], stars[some])
                squares[at] += np.sum((np.clip(fold.beliefs.stars(person.mean)[kept], 1, 5) - truth) ** 2)
                shown[at] += place[films[some]].max() + 1 if len(some) else 0
    people = sum(len(fold.strangers) for fold in given)
    rmse = np.sqrt(squares / count)
    return {number: (float(rmse[at]), float(shown[at] / people)) for at, number in enumerate(answers)}


def main() -> None:
    """Print the table, and how long the next question takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR")
    given = folds(parser.parse_args().data)
    print(f"| RMSE after | {' | '.join(str(number) for number in ANSWERS[:-1])} | half of theirs |")
    print(f"|---|{'---|' * len(ANSWERS)}")
    for name in LISTS:
        found = errors(given, name)
        cells = [f"{found[0][0]:.4f}", *(f"{rmse:.4f} ({shown:.0f})" for rmse, shown in list(found.values())[1:])]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    fold = given[0]
    started = time.perf_counter()
    questions(fold.beliefs, fold.counts, fold.met, 200)
    each = (time.perf_counter() - started) * 1e3 / 200
    films, stars, *_ = fold.strangers[0]
    started = time.perf_counter()
    for _ in range(1000):
        fold.beliefs.person(films[:10], stars[:10])
    print(
        f"\nA question takes {each:.2f} ms to find, ten answers {time.perf_counter() - started:.3f} ms to fold in."
    )


if __name__ == "__main__":
    main()

"""Which ten films to show: ours, what is popular, and what is predicted highest, on the splits ua and ub.

    .venv/bin/python -m benchmarks.ranking DIR             # on ua.test and ub.test
    .venv/bin/python -m benchmarks.ranking DIR --inside    # on ten a person, held back inside the bases

DIR is MovieLens 100K. All films that somebody has not rated in training are ranked; relevant are those that they
gave 4 or 5 stars in the test. Settings were chosen by the second form, which sees no test rating.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import bayes, ease
from engine.posterior import likely
from engine.ratings import Ratings
from engine.sides import ease_sides, film_sides
from engine.split import divide

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """What to learn from, and what to find."""

    ratings: Ratings
    train: Rows
    test: Rows

    def arrays(self) -> tuple[Rows, Rows, Floats, tuple[int, int]]:
        """Users, items and stars to learn from, and how many of each there are."""
        rated = self.ratings
        users, items = rated.user_rows[self.train] - 1, rated.title_rows[self.train] - 1
        return users, items, rated.stars[self.train].astype(np.float64), (len(rated.users), len(rated.titles))

    def found(self, scores: Floats) -> tuple[float, float, float, float]:
        """Recall, NDCG, hits and coverage of the first ten."""
        users, items, _, shape = self.arrays()
        scores = scores.copy()
        scores[users, items] = -np.inf
        loved = self.test[np.flatnonzero(self.ratings.stars[self.test] >= 4)]
        relevant = np.zeros(shape, dtype=bool)
        relevant[self.ratings.user_rows[loved] - 1, self.ratings.title_rows[loved] - 1] = True
        top = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        hits = np.take_along_axis(relevant, top, axis=1)
        number: Rows = np.count_nonzero(relevant, axis=1)
        asked = number > 0
        discounts = 1 / np.log2(np.arange(2, 12))
        ideal = np.cumsum(discounts)[np.minimum(number, 10) - 1]
        gains = np.sum(hits * discounts, axis=1)
        gain = np.mean(gains[asked] / ideal[asked])
        recall = np.mean(hits.sum(axis=1)[asked] / number[asked])
        return (
            float(recall),
            float(gain),
            float(np.mean(np.sum(hits, axis=1)[asked] > 0)),
            len(np.unique(top)) / shape[1],
        )


def popular(task: Task) -> Floats:
    """How often each film was rated."""
    _, items, _, shape = task.arrays()
    return np.tile(np.bincount(items, minlength=shape[1]).astype(np.float64), (shape[0], 1))


def predicted(task: Task) -> tuple[Floats, Floats]:
    """Predicted stars of everybody for every film, and their variance with the noise."""
    users, items, stars, shape = task.arrays()
    model = bayes.fit(users, items, stars, shape, sides=film_sides(task.ratings.titles, task.ratings.genres))
    every = np.indices(shape).reshape(2, -1)
    return model.stars(*every).reshape(shape), model.variances(*every).reshape(shape) + model.noise


def weights(task: Task) -> ease.Weights:
    """Our weights."""
    sides = ease_sides(task.ratings.titles, task.ratings.genres)
    return ease.fit(*task.arrays(), sides=sides)


def summed(task: Task) -> Floats:
    """Our weights times what each person said."""
    users, items, stars, shape = task.arrays()
    found = weights(task)
    rows = [np.flatnonzero(users == user) for user in range(shape[0])]
    return np.array([found.scores(items[row], stars[row]) for row in rows])


def ours(task: Task) -> Floats:
    """The same, and how likely four stars are."""
    stars, doubts = predicted(task)
    return likely(summed(task), stars, doubts)


METHODS: dict[str, Callable[[Task], Floats]] = {
    "popularity": popular,
    "highest predicted stars": lambda task: predicted(task)[0],
    "EASE": summed,
    "ours: EASE × likely to please": ours,
}


def tasks(data: Path, *, inside: bool) -> list[Task]:
    """The two splits, or ten ratings of each person held back inside each training part."""
    found: list[Task] = []
    for name in ("ua", "ub"):
        ratings, split = divide(data, f"{name}.base:{name}.test")
        train, test = split.train, split.valid
        if inside:
            shuffled = np.random.default_rng(0).permutation(train)
            order = shuffled[np.argsort(ratings.user_rows[shuffled], kind="stable")]
            users = ratings.user_rows[order]
            rank = np.arange(len(order)) - np.searchsorted(users, users)
            counts = np.bincount(users)[users]
            held = (rank < 10) & (counts >= 20)
            train, test = order[~held], order[held]
        found.append(Task(ratings=ratings, train=train, test=test))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR")
    parser.add_argument("--inside", action="store_true")
    options = parser.parse_args()
    given = tasks(options.data, inside=options.inside)
    print("| method | Recall@10 | NDCG@10 | hit@10 | coverage | s |\n|---|---|---|---|---|---|")
    for name, method in METHODS.items():
        started = time.process_time()
        rows = [task.found(method(task)) for task in given]
        seconds = (time.process_time() - started) / len(given)
        print(
            f"| {name} | {' | '.join(f'{each:.3f}' for each in np.mean(rows, axis=0))} | {seconds:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

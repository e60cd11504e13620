"""Ratings of a small group alone: the model that recommends, beside damped biases and the overall mean.

    .venv/bin/python -m benchmarks.groups DIR

DIR is MovieLens 100K. So many people are drawn, and what they gave to the 200 most rated films; four fifths are
learnt from, the rest is the test. RMSE over 20 draws, clipped to 1 to 5.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.bayes import fit
from engine.ratings import Ratings, read

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
SIZES = (8, 20, 50, 150)
FILMS, DRAWS = 200, 20
DAMPING = 5.0
Method = Callable[[Rows, Rows, Floats, tuple[int, int]], Floats]
"""From users, films, stars and the shape: stars for all pairs."""


def mean(users: Rows, items: Rows, stars: Floats, shape: tuple[int, int]) -> Floats:
    """The same for everybody."""
    return np.full(shape, stars.mean())


def damped(users: Rows, items: Rows, stars: Floats, shape: tuple[int, int]) -> Floats:
    """A bias a film, then a bias a person, each drawn towards 0 by five ratings (as lenskit's)."""
    centre = stars.mean()
    film = np.bincount(items, stars - centre, shape[1]) / (np.bincount(items, minlength=shape[1]) + DAMPING)
    left = stars - centre - film[items]
    person = np.bincount(users, left, shape[0]) / (np.bincount(users, minlength=shape[0]) + DAMPING)
    return centre + person[:, None] + film


def ours(users: Rows, items: Rows, stars: Floats, shape: tuple[int, int]) -> Floats:
    """`engine.bayes` as it is."""
    model = fit(users, items, stars, shape)
    return model.stars(*np.indices(shape).reshape(2, -1)).reshape(shape)


METHODS: dict[str, Method] = {"overall mean": mean, "damped biases": damped, "ours": ours}


def errors(ratings: Ratings, people: int, draws: int = DRAWS) -> dict[str, float]:
    """RMSE of each method for groups of so many."""
    films = np.argsort(-ratings.counts(), kind="stable")[:FILMS]
    place = np.full(len(ratings.titles), -1)
    place[films] = np.arange(FILMS)
    users, items, stars = ratings.user_rows - 1, place[ratings.title_rows - 1], ratings.stars.astype(np.float64)
    squares, count = dict.fromkeys(METHODS, 0.0), 0
    for draw in range(draws):
        chance = np.random.default_rng(draw)
        group = chance.choice(len(ratings.users), people, replace=False)
        rows = chance.permutation(np.flatnonzero(np.isin(users, group) & (items >= 0)))
        numbers = np.searchsorted(np.sort(group), users[rows])
        cut = len(rows) // 5
        test, train = slice(None, cut), slice(cut, None)
        count += cut
        for name, method in METHODS.items():
            table = method(numbers[train], items[rows][train], stars[rows][train], (people, FILMS))
            found = np.clip(table[numbers[test], items[rows][test]], 1, 5)
            squares[name] += float(np.sum((found - stars[rows][test]) ** 2))
    return {name: (square / count) ** 0.5 for name, square in squares.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR")
    ratings = read(parser.parse_args().data)
    print(f"| people | {' | '.join(METHODS)} |\n|---|{'---|' * len(METHODS)}")
    for people in SIZES:
        print(
            f"| {people} | {' | '.join(f'{each:.4f}' for each in errors(ratings, people).values())} |", flush=True
        )


if __name__ == "__main__":
    main()

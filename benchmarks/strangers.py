"""How well people the model has never met are predicted, after 0, 1, 3, 5, 10, 20 and all of their answers.

    python -m benchmarks.strangers DIR

DIR is a MovieLens folder. Five times a fifth of the people is left out of training; half of their ratings may be
told, in random order, and the other half is the same test for every row. RMSE; predictions are not clipped.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.card import Settings
from engine.foldin import FLOOR, FoldIn, sigmoid, with_one
from engine.ratings import Ratings, read
from engine.training import fit, one_thread

Floats = NDArray[np.float64]
Method = Callable[[FoldIn, Floats, Floats], Floats]
TOLD = (0, 1, 3, 5, 10, 20, 10_000)
NOISE = 0.81  # the model's own mean squared error on ratings held back


def ours(fold_in: FoldIn, films: Floats, stars: Floats) -> Floats:
    """Tangent at what the average person would give."""
    return fold_in.person(films, stars)


def at_the_ratings(fold_in: FoldIn, films: Floats, stars: Floats) -> Floats:
    """Tangent at the ratings themselves: they are mapped back through the sigmoid one by one."""
    share = (stars - fold_in.low) / (fold_in.high - fold_in.low)
    slope = (fold_in.high - fold_in.low) * share * (1 - share)
    sides = with_one(films)
    weights = slope**2 / fold_in.noise
    target = np.log(share / (1 - share)) - fold_in.activation(fold_in.mean, films)
    precision = fold_in.precision + sides.T @ (sides * weights[:, None])
    return fold_in.mean + np.linalg.solve(precision, sides.T @ (weights * target))


def newton(fold_in: FoldIn, films: Floats, stars: Floats) -> Floats:
    """The tangent drawn anew at the last answer, five times: what the one step comes near to."""
    person = fold_in.mean
    sides = with_one(films)
    for _ in range(5):
        share = sigmoid(fold_in.activation(person, films))
        slope = (fold_in.high - fold_in.low) * share * (1 - share)
        surprise = stars - fold_in.stars(person, films)
        precision = fold_in.precision + sides.T @ (sides * (slope**2 / fold_in.noise)[:, None])
        pull = sides.T @ (slope * surprise / fold_in.noise) - fold_in.precision @ (person - fold_in.mean)
        person = person + np.linalg.solve(precision, pull)
    return person


def bias_only(fold_in: FoldIn, films: Floats, stars: Floats) -> Floats:
    """The average person, more or less generous: nothing but the bias moves."""
    spread = np.full(len(fold_in.mean), FLOOR)
    spread[-1] = np.linalg.inv(fold_in.precision)[-1, -1]
    plain = FoldIn(
        mean=fold_in.mean, precision=np.diag(1 / spread), noise=fold_in.noise, low=fold_in.low, high=fold_in.high
    )
    return plain.person(films, stars)


METHODS: dict[str, Method] = {
    "ours": ours,
    "tangent at the ratings": at_the_ratings,
    "Newton, 5 steps": newton,
    "bias only": bias_only,
}


def fold(
    ratings: Ratings, strangers: NDArray[np.int64], chance: np.random.Generator, errors: dict[str, list[Floats]]
) -> int:
    """Train without the strangers, meet them; errors by method, one row of squares for each number told."""
    met = np.flatnonzero(~np.isin(ratings.user_rows, strangers))
    with one_thread():
        model, _ = fit(ratings, met, Settings())
    tables = {name: values.detach().double().numpy() for name, values in model.named_parameters()}
    people = np.column_stack([tables["user_factors"], tables["user_bias"]])[np.unique(ratings.user_rows[met])]
    films = np.column_stack([tables["movie_factors"], tables["movie_bias"]])
    fold_in = FoldIn.of(people, noise=NOISE, low=0.0, high=5.5)
    asked = 0
    for stranger in strangers:
        own = chance.permutation(np.flatnonzero(ratings.user_rows == stranger))
        told, kept = own[: len(own) // 2], own[len(own) // 2 :]
        asked += len(kept)
        for name, method in METHODS.items():
            for at, known in enumerate(TOLD):
                some = told[:known]
                stars = ratings.stars[some].astype(np.float64)
                person = method(fold_in, films[ratings.title_rows[some]], stars) if len(some) else fold_in.mean
                wrong = fold_in.stars(person, films[ratings.title_rows[kept]]) - ratings.stars[kept]
                errors.setdefault(name, [np.zeros(1) for _ in TOLD])[at] += np.sum(wrong**2)
    return asked


def main() -> None:
    """Five folds, and a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    ratings = read(asked.data)
    chance = np.random.default_rng(asked.seed)
    order = chance.permutation(len(ratings.users)) + 1
    errors: dict[str, list[Floats]] = {}
    count = sum(fold(ratings, order[part::5], chance, errors) for part in range(5))
    print(f"{len(order)} people, {count:,} ratings of theirs to predict.\n")
    print(f"| RMSE after | {' | '.join(str(told) for told in TOLD[:-1])} | half of theirs |")
    print(f"|---|{'---|' * len(TOLD)}")
    for name, squares in errors.items():
        print(f"| {name} | {' | '.join(f'{(float(square[0]) / count) ** 0.5:.4f}' for square in squares)} |")
    films = chance.normal(0, 0.5, (20, 51))
    fold_in = FoldIn.of(chance.normal(0, 0.3, (943, 51)), noise=NOISE, low=0.0, high=5.5)
    stars = chance.uniform(1, 5, 20)
    began = time.perf_counter()
    for _ in range(1000):
        fold_in.person(films, stars)
    print(f"\nOne person with 20 ratings takes {(time.perf_counter() - began) * 1e3:.0f} µs.")


if __name__ == "__main__":
    main()

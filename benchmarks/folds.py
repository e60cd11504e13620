"""The model that recommends on the canonical splits, its settings chosen without a look at what is tested.

    .venv/bin/python -m benchmarks.folds DIR            # errors with the settings we ship
    .venv/bin/python -m benchmarks.folds DIR --choose   # errors with each fold's own choice of settings

DIR is MovieLens 100K. A choice is made inside the training part of one split: a tenth of it is held back, a few
values of each setting are tried one after the other, and the best stays. The ratings that the split is then
measured on are in none of it. Errors are of predictions clipped to 1 to 5; seconds are of one thread.
"""

import argparse
import math
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bayes import BayesSettings, fit
from engine.ratings import Ratings
from engine.sides import film_sides
from engine.split import divide

SPLITS = ("r42", *(f"u{number}.base:u{number}.test" for number in range(1, 6)))
LARGE = BayesSettings(factors=12, sweeps=30, tastes=40)
GRID: dict[str, tuple[Any, ...]] = {
    "tastes": (10, 20, 40, 60),
    "ridge": (30.0, 100.0, 300.0),
    "pseudo": (10.0, 30.0, 100.0),
    "factors": (6, 8, 12, 16),
}


def error(
    ratings: Ratings, train: NDArray[np.int64], test: NDArray[np.int64], settings: BayesSettings, *, sides: bool
) -> tuple[float, float]:
    """Mean squared error on `test` after learning from `train`, and seconds."""
    users, items, stars = ratings.user_rows - 1, ratings.title_rows - 1, ratings.stars.astype(np.float64)
    known = film_sides(ratings.titles, ratings.genres) if sides else None
    started = time.process_time()
    shape = len(ratings.users), len(ratings.titles)
    model = fit(users[train], items[train], stars[train], shape, settings, known)
    seconds = time.process_time() - started
    predicted = np.clip(model.stars(users[test], items[test]), 1, 5)
    return float(np.mean((predicted - stars[test]) ** 2)), seconds


def chosen(ratings: Ratings, train: NDArray[np.int64], *, sides: bool) -> BayesSettings:
    """The settings that do best on a tenth of the training part, held back."""
    shuffled = np.random.default_rng(0).permutation(train)
    held, rest = shuffled[: len(train) // 10], shuffled[len(train) // 10 :]
    best = LARGE
    least, _ = error(ratings, rest, held, best, sides=sides)
    for name, values in GRID.items():
        for value in values:
            tried = replace(best, **{name: value})
            if tried != best:
                found, _ = error(ratings, rest, held, tried, sides=sides)
                if found < least:
                    best, least = tried, found
    return best


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR")
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    forms = {
        "8 sweeps, ratings only": (BayesSettings(sweeps=8), False),
        "as shipped": (BayesSettings(), True),
        "ratings only": (BayesSettings(), False),
        "ratings only, larger": (LARGE, False),
        "genres and years, larger": (LARGE, True),
    }
    if options.choose:
        forms = {"each fold's own choice, ratings only": (None, False), "the same, genres and years": (None, True)}
    print(
        "| settings | r42 MSE | u1 | u2 | u3 | u4 | u5 | mean u1–u5 | s |\n|---|---|---|---|---|---|---|---|---|"
    )
    for name, (settings, sides) in forms.items():
        errors: list[float] = []
        seconds: list[float] = []
        for split_name in SPLITS:
            ratings, split = divide(options.data, split_name)
            used = settings or chosen(ratings, split.train, sides=sides)
            if settings is None:
                print(f"<!-- {split_name}: {asdict(used)} -->", flush=True)
            squared, took = error(ratings, split.train, split.valid, used, sides=sides)
            errors.append(squared if split_name == "r42" else math.sqrt(squared))
            seconds.append(took)
        shown = " | ".join(f"{each:.4f}" for each in [*errors, float(np.mean(errors[1:]))])
        print(f"| {name} | {shown} | {np.mean(seconds):.2f} |", flush=True)


if __name__ == "__main__":
    main()

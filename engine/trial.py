"""A training for looking at: a fifth of the ratings held back, the error on both parts after each epoch.

Nothing is kept of it. Run in a process of its own, so what it is given, tells and returns is plain JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.card import Settings
from engine.errors import FileError, InputError
from engine.experiments import Epoch, experiment
from engine.joining import Person, joined
from engine.printed import printed
from engine.ratings import Ratings, read
from engine.split import Split, r42
from engine.training import MOVIELENS_100K, steps

Tell = Callable[[dict[str, Any]], None]
Curve = dict[str, list[float]]


def run(
    *, tell: Tell, data: str, runs: Sequence[Mapping[str, Any]], people: Sequence[Person] = ()
) -> dict[str, Any]:
    """Train once for each of `runs` on the ratings at `data`, and on `people`'s of films that are in it.

    A run is `{"model": …, "factors": …, "epochs": …, "weight_decay": …}`. Told on the way: the share that is
    `done`, and `curves`, the mean squared errors of each epoch so far. InputError says what is wrong with `data`.
    """
    try:
        ratings = read(Path(data))
        split = r42(ratings)
    except FileError as problem:
        # Members read it: the name of the file says enough, and where it lies is the host's business.
        raise InputError(f"I cannot train on {problem.path.name}: {problem.reason}.") from problem
    before, people_before = len(ratings), len(ratings.users)
    ratings = joined(ratings, people)
    joiners = np.arange(before, len(ratings))
    split = replace(split, train=np.concatenate([split.train, joiners]))
    settings = [_settings(each) for each in runs]
    lengths = [steps(len(split.train), each) for each in settings]
    curves: list[Curve] = [{"train": [], "valid": []} for _ in runs]
    for number, (each, how) in enumerate(zip(runs, settings, strict=True)):
        before_it = sum(lengths[:number])

        def news(
            done: int, _: int, epochs: tuple[Epoch, ...], at: int = number, before_it: int = before_it
        ) -> None:
            curves[at] = _curve(epochs)
            tell({"done": (before_it + done) / sum(lengths), "curves": curves})

        curves[number] = _curve(experiment(ratings, split, each["model"], how, news).epochs)
    return {
        "curves": curves,
        "train": len(split.train),
        "valid": len(split.valid),
        "members": len(ratings.users) - people_before,
        "members_ratings": len(joiners),
        "notes": list(ratings.notes),
        "film_means": film_means(ratings, split),
        "printed": [_printed(ratings, each) for each in runs],
    }


def film_means(ratings: Ratings, split: Split) -> float:
    """The mean squared error of whoever always guesses the film's mean: what a model has to beat."""
    rows, stars = ratings.title_rows[split.train], ratings.stars[split.train].astype(np.float64)
    size, overall = len(ratings.titles) + 1, stars.mean()
    # One rating of the overall mean for each film: who has no rating has that mean.
    means = (np.bincount(rows, stars, size) + overall) / (np.bincount(rows, minlength=size) + 1)
    return float(np.mean((means[ratings.title_rows[split.valid]] - ratings.stars[split.valid]) ** 2))


def _settings(run: Mapping[str, Any]) -> Settings:
    return Settings(factors=run["factors"], epochs=run["epochs"], weight_decay=run["weight_decay"])


def _curve(epochs: Sequence[Epoch]) -> Curve:
    return {"train": [each.loss for each in epochs], "valid": [each.valid for each in epochs]}


def _printed(ratings: Ratings, run: Mapping[str, Any]) -> dict[str, Any] | None:
    """The book's figures for such a model, where it was trained on the book's data."""
    found = printed(run["model"], run["weight_decay"]) if ratings.md5 == MOVIELENS_100K else None
    return found and asdict(found)

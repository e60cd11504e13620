"""Which ratings train a model and which check it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadRatings
from engine.ratings import Ratings, length, read

HELD_BACK = 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """Positions in a list of ratings: `train` to learn from, `valid` to be measured on, none in both."""

    name: str
    train: NDArray[np.int64]
    valid: NDArray[np.int64]


def divide(data: Path, name: str = "r42") -> tuple[Ratings, Split]:
    """The ratings at `data` and their split: `r42`, the lecture's, or `BASE:TEST`, two files of the folder."""
    if name == "r42":
        ratings = read(data)
        return ratings, r42(ratings)
    base, colon, test = name.partition(":")
    if not (base and colon and test):
        raise BadRatings(data, f"the split {name!r} is neither r42 nor two rating files as BASE:TEST")
    ratings = read(data, (base, test))
    positions = np.arange(len(ratings))
    first = length(data, base)
    # The card names the files, not where they were.
    label = f"{Path(base).name}:{Path(test).name}"
    return ratings, _checked(ratings, Split(name=label, train=positions[:first], valid=positions[first:]))


def r42(ratings: Ratings) -> Split:
    """What fastai's `RandomSplitter(seed=42)` holds back: the first fifth of a shuffle with torch's generator."""
    import torch

    order = torch.randperm(len(ratings), generator=torch.Generator().manual_seed(42)).numpy()
    cut = int(HELD_BACK * len(ratings))
    return _checked(ratings, Split(name="r42", train=order[cut:], valid=order[:cut]))


def _checked(ratings: Ratings, split: Split) -> Split:
    if not (len(split.train) and len(split.valid)):
        raise BadRatings(
            ratings.path,
            f"{len(ratings)} {'rating is' if len(ratings) == 1 else 'ratings are'} too few to learn from some and "
            "check on others",
        )
    return split

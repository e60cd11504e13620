"""From counts of likes to stars: the lecture's question, whose model wants ratings from 1 to 5.

Every method ends between 1 and 5. They differ in what they do first: nothing, so that a sigmoid makes every count
above ten the same; subtract the mean and divide by the standard deviation; the same with logarithms, for counts
that differ by factors; or look at the order alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.foldin import sigmoid

Floats = NDArray[np.float64]
LOWEST, HIGHEST = 1.0, 5.0
STEPS = 161  # points of a curve


@dataclass(frozen=True, kw_only=True)
class Likes:
    """Counts, and the stars each method makes of them, method → stars in the counts' order.

    `mean` and `deviation` are the counts' own. `curves` hold method → (count, stars) along all counts from 0 on.
    """

    counts: tuple[float, ...]
    mean: float
    deviation: float
    stars: Mapping[str, tuple[float, ...]]
    curves: Mapping[str, tuple[tuple[float, float], ...]]


def stars(counts: Sequence[float]) -> Likes:
    """The stars for `counts` by every method."""
    all_counts = np.array(counts, dtype=np.float64)
    along = np.linspace(0, max(float(all_counts.max()), 1.0) * 1.05, STEPS)
    return Likes(
        counts=tuple(all_counts.tolist()),
        mean=float(all_counts.mean()),
        deviation=float(all_counts.std()),
        stars={name: tuple(method(all_counts, all_counts).tolist()) for name, method in METHODS.items()},
        curves={
            name: tuple(zip(along.tolist(), method(all_counts, along).tolist(), strict=True))
            for name, method in METHODS.items()
        },
    )


def plain(_counts: Floats, at: Floats) -> Floats:
    """A sigmoid stretched over 1 to 5, of the counts as they are."""
    return _between(sigmoid(at))


def zscore(counts: Floats, at: Floats) -> Floats:
    """The same, of how many standard deviations (of these counts alone, so divided by n) lie from their mean."""
    # Equal counts have no spread; rounding gives their logarithms one of 1e-16.
    spread = counts.std() if np.ptp(counts) else 1.0
    return _between(sigmoid((at - counts.mean()) / spread))


def log(counts: Floats, at: Floats) -> Floats:
    """The same again, of the logarithms of one more than each count."""
    return zscore(np.log1p(counts), np.log1p(at))


def rank(counts: Floats, at: Floats) -> Floats:
    """The share of counts below, those that are equal half; so the middle one gets 3."""
    below = (counts < at[:, None]).sum(axis=1) + (counts == at[:, None]).sum(axis=1) / 2
    return _between(below / len(counts))


def _between(share: Floats) -> Floats:
    """0 to 1 → 1 to 5."""
    return LOWEST + (HIGHEST - LOWEST) * share


METHODS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "sigmoid": plain,
    "zscore": zscore,
    "log": log,
    "rank": rank,
}

"""What can be seen of points in many dimensions: their strongest directions, their groups, their distances."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESTARTS, ROUNDS = 8, 100
"""Of k-means: it ends in the nearest valley, so it begins several times, and the best end counts."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Components:
    """The principal components of a cloud of points: where it spreads most, then most of what is left."""

    mean: Floats  # (F,)
    axes: Floats  # (components, F), unit vectors, at right angles to each other
    shares: Floats  # (components,) of the variance, falling; all of them add up to 1

    def project(self, rows: Floats) -> Floats:
        """The points on the components, (n, F) → (n, components)."""
        return (rows - self.mean) @ self.axes.T


def components(rows: Floats, positive: Floats) -> Components:
    """The principal components of `rows` (n, F), each with the sign that puts `positive` (F,) on its right side.

    An axis points either way with equal right: without a rule, a map would be mirrored from one training to the
    next.
    """
    mean = rows.mean(axis=0)
    _, strengths, axes = np.linalg.svd(rows - mean, full_matrices=False)
    signs = np.where(axes @ (positive - mean) < 0, -1.0, 1.0)
    variances = strengths**2
    return Components(mean=mean, axes=axes * signs[:, None], shares=variances / (variances.sum() or 1.0))


def clusters(rows: Floats, count: int, seed: int = 0) -> NDArray[np.intp]:
    """Which of `count` groups each point of `rows` (n, F) belongs to, (n,), by k-means; 0 is the largest group."""
    chance = np.random.default_rng(seed)
    ends = [_k_means(rows, count, chance) for _ in range(RESTARTS)]
    groups = min(ends, key=lambda end: end[1])[0]
    sizes = np.bincount(groups, minlength=count)
    ranks = np.argsort(np.argsort(-sizes, kind="stable"), kind="stable")
    return ranks[groups]


def distances(points: Floats) -> Floats:
    """From every point of (n, F) to every other, (n, n)."""
    squares = (points**2).sum(axis=1)
    return np.sqrt(np.maximum(squares[:, None] + squares - 2 * points @ points.T, 0))


def cosines(points: Floats) -> Floats:
    """Between the directions of all points of (n, F), (n, n); a point in the origin has none: 0."""
    units = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return units @ units.T


def pairs(square: Floats) -> Floats:
    """Each pair of a symmetric matrix (n, n) once, (n (n − 1) / 2,)."""
    return square[np.triu_indices(len(square), 1)]


def _k_means(rows: Floats, count: int, chance: np.random.Generator) -> tuple[NDArray[np.intp], float]:
    """One run: the groups, and the sum of squared distances to their middles."""
    middles = _spread(rows, count, chance)
    groups = np.full(len(rows), -1)
    for _ in range(ROUNDS):
        squares = _squares(rows, middles)
        nearest = squares.argmin(axis=1)
        if np.array_equal(nearest, groups):
            break
        groups = nearest
        # A group that lost all its points keeps its middle, and may win some back.
        middles = np.stack(
            [
                rows[groups == group].mean(axis=0) if (groups == group).any() else middles[group]
                for group in range(count)
            ]
        )
    return groups, float(_squares(rows, middles)[np.arange(len(rows)), groups].sum())


def _spread(rows: Floats, count: int, chance: np.random.Generator) -> Floats:
    """Points to begin with that lie apart (k-means++): the farther from those chosen, the likelier the next."""
    chosen = [rows[chance.integers(len(rows))]]
    while len(chosen) < count:
        squares = _squares(rows, np.stack(chosen)).min(axis=1)
        total = squares.sum()
        chosen.append(rows[chance.choice(len(rows), p=squares / total if total else None)])
    return np.stack(chosen)


def _squares(rows: Floats, middles: Floats) -> Floats:
    """Squared distances, (n, F) and (k, F) → (n, k)."""
    return ((rows[:, None] - middles) ** 2).sum(axis=2)

"""Which film next: a film's score is a weighted sum of what somebody made of the others (EASE, Steck 2019).

Whom to show what is another question than how many stars they would give: the best predicted is often what nobody
watches. So learn to fill in a row of the table itself. Let X (people, films) hold what each made of each film, 0
where they said nothing. Find weights B with nothing on the diagonal, so that a film does not explain itself:

    minimise  |X − X B|² + |F − F B|² + λ |B|²      subject to  B_jj = 0

F are pretended people, `sides` times one for each genre and period who likes nothing else: films hardly rated are
then at least like those of their kind. With G = XᵀX + FᵀF + λ I, the normal equations are G B = G − λ I − diag(γ),
one multiplier for each diagonal entry; hence, with P = G⁻¹,

    B = I − P diag(1 / P_jj),   that is   B_ij = −P_ij / P_jj   for i ≠ j.

Somebody new needs no training: their row times B. Stars become a share of 1 by a sigmoid, of which the person's
own mean moves the middle (half of the way): 3 stars from somebody strict are praise. Of somebody with few ratings
the mean is drawn to everybody's. Who sees a film and dislikes it did choose to see it, so it counts a little, too;
but a film to which the disliked ones draw more than the liked ones is one to leave out.

Most weights are nearly nothing. The largest are kept, on average `kept` a film, and each column is solved for
again on what is left of it, G_SS b = G_Sj: no worse than all weights, at a twentieth of the size.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
BLOCK = 512  # people at a time: their rows are written out in full only so many at once
LIKED = 3.0  # stars from which on a film was liked
FIRM = 10.0  # ratings at which somebody's own mean counts half, when films are looked for
LARGEST = 6000  # films; the inverse takes their square in memory. Of more, those rated least get no weights


@dataclass(frozen=True, kw_only=True)
class EaseSettings:
    """How to fit; chosen on ratings held back inside the training parts (benchmarks.ranking)."""

    penalty: float = 200.0  # λ
    slope: float = 1.0  # of the sigmoid, per star
    middle: float = 2.5  # the stars that count half
    lean: float = 0.5  # how far a person's own mean moves the middle
    sides: float = 20.0
    kept: int = 150  # weights a film


@dataclass(frozen=True, kw_only=True, eq=False)
class Weights:
    """The weights B, row by row: film i speaks of `columns[starts[i]:starts[i + 1]]`, in rising order."""

    centre: float  # the mean of all ratings
    starts: NDArray[np.int64]  # (films + 1,)
    columns: NDArray[np.int32]  # (n,)
    values: NDArray[np.float16]  # (n,)

    def scores(self, films: Rows, stars: Floats) -> Floats:
        """How much each film is for somebody who gave these stars, (films,): comparable for one person only.

        Nothing is above 0 to which the films they disliked draw them more than those they liked.
        """
        said, liked = self._said(stars), stars >= LIKED
        drawn, away = self._summed(films[liked], said[liked]), self._summed(films[~liked], said[~liked])
        return np.where(drawn > away, drawn + away, np.minimum(drawn + away, 0))

    def pulls(self, films: Rows, stars: Floats, film: int) -> Floats:
        """How much each rating draws to one film, (ratings,); nothing from a film that was not liked."""
        weights = np.array([self.between(int(each), film) for each in films], dtype=np.float64)
        return np.where(stars >= LIKED, weights * self._said(stars), 0.0)

    def between(self, one: int, other: int) -> float:
        """The weight of one film for another; 0 where none was kept."""
        columns = self.columns[self.starts[one] : self.starts[one + 1]]
        place = int(np.searchsorted(columns, other))
        there = place < len(columns) and columns[place] == other
        return float(self.values[self.starts[one] + place]) if there else 0.0

    def row(self, film: int) -> Floats:
        """What one film says of all others, (films,)."""
        dense = np.zeros(len(self.starts) - 1)
        span = slice(self.starts[film], self.starts[film + 1])
        dense[self.columns[span]] = self.values[span]
        return dense

    def _summed(self, films: Rows, said: Floats) -> Floats:
        """The films' rows, each times what was said of it, added up: (films,)."""
        total = np.zeros(len(self.starts) - 1)
        for film, share in zip(films, said, strict=True):
            span = slice(self.starts[film], self.starts[film + 1])
            total[self.columns[span]] += self.values[span] * share
        return total

    def _said(self, stars: Floats) -> Floats:
        """Ratings as shares of 1, by a mean that a few ratings do not move far."""
        mean = (float(np.sum(stars)) + FIRM * self.centre) / (len(stars) + FIRM)
        return mapped(stars, mean, self.centre)


def mapped(stars: Floats, mean: "float | Floats", centre: float, settings: EaseSettings | None = None) -> Floats:
    """Stars as a share of 1, by a sigmoid whose middle follows the person's own `mean`."""
    settings = settings or EaseSettings()
    middle = settings.middle + settings.lean * (np.asarray(mean) - centre)
    return 1 / (1 + np.exp(-settings.slope * (stars - middle)))


def gram(
    users: Rows, items: Rows, stars: Floats, shape: tuple[int, int], sides: Floats | None, settings: EaseSettings
) -> Floats:
    """G = XᵀX + FᵀF + λ I, (films, films); ratings given twice count by their mean."""
    keys, places = np.unique(users * shape[1] + items, return_inverse=True)
    given = np.bincount(places, weights=stars) / np.bincount(places)
    people, films = np.divmod(keys, shape[1])
    means = np.bincount(people, weights=given, minlength=shape[0]) / np.maximum(
        np.bincount(people, minlength=shape[0]), 1
    )
    said = mapped(given, means[people], float(np.mean(stars)), settings)
    total = np.zeros((shape[1], shape[1]))
    ends = np.searchsorted(people, np.arange(0, shape[0] + BLOCK, BLOCK))
    for first, (start, end) in enumerate(pairwise(ends)):
        block = np.zeros((BLOCK, shape[1]))
        block[people[start:end] - first * BLOCK, films[start:end]] = said[start:end]
        total += block.T @ block
    if sides is not None:
        total += settings.sides * sides @ sides.T
    total[np.diag_indices_from(total)] += settings.penalty
    return total


def dense(squares: Floats) -> Floats:
    """All weights B from G, (films, films)."""
    inverse = np.linalg.inv(squares)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def fit(
    users: Rows,
    items: Rows,
    stars: Floats,
    shape: tuple[int, int],
    sides: Floats | None = None,
    settings: EaseSettings | None = None,
) -> Weights:
    """Learn from ratings; rows count from 0, `shape` counts people and films, `sides` is of `ease_sides`."""
    settings = settings or EaseSettings()
    counts = np.bincount(items, minlength=shape[1])
    known = np.sort(np.argsort(-counts, kind="stable")[:LARGEST])
    place = np.full(shape[1], -1)
    place[known] = np.arange(len(known))
    chosen = place[items] >= 0
    squares = gram(
        users[chosen],
        place[items[chosen]],
        stars[chosen],
        (shape[0], len(known)),
        None if sides is None else sides[known],
        settings,
    )
    weights = sparse(squares, dense(squares), settings.kept)
    rows, columns = np.nonzero(weights)
    starts = np.concatenate([[0], np.cumsum(np.bincount(known[rows], minlength=shape[1]))])
    return Weights(
        centre=float(np.mean(stars)),
        starts=starts.astype(np.int64),
        columns=known[columns].astype(np.int32),
        values=weights[rows, columns].astype(np.float16),
    )


def sparse(squares: Floats, weights: Floats, kept: int) -> Floats:
    """The largest weights, `kept` a film on average, each column solved for again with only those."""
    sizes = np.abs(weights)
    number = min(kept * len(weights), sizes.size)
    keep = (sizes >= np.partition(sizes.ravel(), -number)[-number]) & (sizes > 0)
    solved = np.zeros_like(weights)
    for column in range(len(weights)):
        own = np.flatnonzero(keep[:, column])
        if len(own):
            solved[own, column] = np.linalg.solve(squares[np.ix_(own, own)], squares[own, column])
    return solved

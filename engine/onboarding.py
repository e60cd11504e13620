"""Getting to know somebody: which films to ask about first, and what a few wishes say.

A good question is about a film that the person has probably seen and that divides people in the ways that matter.
With A the covariance of what is believed of a person, φ = (q, 1) a film, π its share among all ratings, one rating
of film i leaves

    A' = A − A φ φᵀ A / (noise + φᵀ A φ)

and lowers the doubt about what they think of everything, Σ_j π_j φ_jᵀ A φ_j = tr(A M), by φᵀ A M A φ / (noise +
φᵀ A φ). That times the chance that they have seen it, the share of people who rated it, is what a question is
worth. `questions` takes the best one, believes it was answered as far as it is likely to be, and goes on: a fixed
list, the same for everybody, in which no film says what an earlier one said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.posterior import Beliefs, Floats

STRONG = 2.0
"""Standard deviations that a slider at its end stands for: about one person of forty leans that far."""
VAGUE = 0.5
"""Standard deviations by which what somebody says of their taste may be off."""


def questions(beliefs: Beliefs, counts: NDArray[np.int32], people: int, count: int) -> NDArray[np.int64]:
    """The rows of the films to ask a newcomer about, the most telling first, (count,)."""
    seen = counts / people  # (films,) the chance that somebody knows it
    told = np.column_stack([beliefs.means[:, :-1], np.ones(len(counts))])  # φ, (films, d)
    matters = (told * (counts / counts.sum())[:, None]).T @ told  # M, (d, d)
    spread, chosen = beliefs.spread, np.zeros(0, dtype=np.int64)
    for _ in range(min(count, len(counts))):
        worth = seen * gains(spread, told, matters, beliefs.noise)
        worth[chosen] = -1
        best = int(np.argmax(worth))
        chosen = np.append(chosen, best)
        # Somebody who may not know it has told us that much less.
        row = told[best]
        spread = np.linalg.inv(np.linalg.inv(spread) + seen[best] * np.outer(row, row) / beliefs.noise)
    return chosen


def gains(spread: Floats, told: Floats, matters: Floats, noise: float) -> Floats:
    """By how much one rating of each film would lower the doubt about all of them, (films,), in squared stars."""
    moved = told @ spread  # (films, d)
    return np.sum((moved @ matters) * moved, axis=1) / (noise + np.sum(moved * told, axis=1))


def wished(beliefs: Beliefs, directions: Floats, wishes: Floats) -> Beliefs:
    """The same films for somebody with `wishes` (n,), each from −1 to 1 along a row of `directions` (n, d).

    A direction is what a kind of film has more of than the usual film has; what a person makes of it differs by
    √(aᵀ S a) stars. A wish of 1 is heard as lying two such deviations up, give or take half of one.
    """
    deviations = np.sqrt(np.sum((directions @ beliefs.spread) * directions, axis=1))  # (n,)
    asked = deviations > 0
    directions, deviations = directions[asked], deviations[asked]
    if not len(deviations):
        return beliefs
    across = beliefs.spread @ directions.T  # (d, n)
    doubt = directions @ across + np.diag((VAGUE * deviations) ** 2)
    gain = np.linalg.solve(doubt, across.T).T  # (d, n)
    return replace(
        beliefs,
        newcomer=beliefs.newcomer + gain @ (STRONG * deviations * wishes[asked]),
        spread=beliefs.spread - gain @ across.T,
    )


def directions(
    beliefs: Beliefs,
    counts: NDArray[np.int32],
    genres: Sequence[Sequence[str]],
    years: Floats,
    wanted: Mapping[str, float],
) -> tuple[Floats, Floats]:
    """What the sliders in `wanted` (a genre, or `new`) point along, (n, d), and how far each is pushed, (n,)."""
    weights = counts / counts.sum()
    told = np.column_stack([beliefs.means[:, :-1], np.ones(len(counts))])
    usual = weights @ told
    rows: list[Floats] = []
    for name in wanted:
        if name == "new":
            away = (years - weights @ years) * weights
            rows.append(away @ told / max(np.sqrt(away @ (years - weights @ years)), 1.0))
            continue
        share = weights * np.array([name in each for each in genres])
        rows.append(share @ told / share.sum() - usual)
    return np.array(rows).reshape(len(rows), told.shape[1]), np.array(list(wanted.values()), dtype=np.float64)

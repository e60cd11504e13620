"""Biased matrix factorisation by variational Bayes: no learning rate, no weight decay, and it says how sure it is.

A rating of person u for film i is

    r = m + p_u·q_i + b_u + c_i + noise,      z_u = (p_u, b_u) ~ N(W f_u, S),      y_i = (q_i, c_i) ~ N(V g_i, T),

m the mean of all ratings, noise ~ N(0, s²), f and g what is known of a person or a film apart from the stars.
The joint posterior has no closed form, but each side has one when the other is given. Mean field: look for the
best approximation of the form ∏ N(z_u) ∏ N(y_i), best meaning closest in the sense of Kullback and Leibler. The
best factor is then known to be exp(E[log p(r, z, y)]), the expectation over the other side. With φ_i = (q_i, 1):

    log p = −Σ (r − m − φ_i·z_u − c_i)² / 2s² − ½ (z_u − W f_u)ᵀ S⁻¹ (z_u − W f_u) + ...

    precision_u = S⁻¹ + Σ E[φ_i φ_iᵀ] / s²          E[φφᵀ] = E[φ] E[φ]ᵀ + cov(φ)
    mean_u = precision_u⁻¹ (S⁻¹ W f_u + Σ (E[φ_i] (r − m) − E[c_i φ_i]) / s²)       sums over what u rated

and the same for films with the roles exchanged. Because the covariances enter the other side's sums, a film with
three ratings does not pretend to be known. Priors and noise are refitted in each sweep (empirical Bayes):

    W = ridge regression of the means on f;   S = mean of (z − Wf)(z − Wf)ᵀ + cov(z), with a few pseudo-people;
    s² = mean of E[(r − m − φ·z − c)²], from the sums at hand: no second walk over the ratings.

S lets factors that are of no use shrink away, so `factors` is an upper bound. One sweep costs one sparse product a
side ((factors + 2)² / 2 columns) and one small inverse for each person and film.

f and g are 1, log(1 + how often rated) and `tastes` singular vectors of the 0/1 matrix of who rated what: what
people choose to see says what they like (the idea of SVD++, in closed form). Films may have `sides` of their own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.posterior import Beliefs, Floats, Moments, doubt
from engine.sparse import Sparse, leading

Rows = NDArray[np.int64]
START_SPREAD = 0.1  # variance of factors and biases before anything is known, in squared stars
LEAST_NOISE = 1e-6  # where all ratings are the same, the noise must not become 0


@dataclass(frozen=True, kw_only=True)
class BayesSettings:
    """How to fit. No value matters much; benchmarks.folds shows how they were chosen, apart from the tests."""

    factors: int = 8
    sweeps: int = 20
    tastes: int = 20
    ridge: float = 100.0  # on the weights of what is known apart from the stars
    pseudo: float = 30.0  # people and films of START_SPREAD added when a spread is refitted
    seed: int = 42


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """The people or the films: what is believed of each, and the prior they share."""

    means: Floats  # (n, d)
    covariances: Floats  # (n, d, d)
    expected: Floats  # (n, d) the prior's means
    spread: Floats  # (d, d) the prior's covariance


@dataclass(frozen=True, kw_only=True, eq=False)
class Bayes:
    """A fitted model. Rows count from 0."""

    centre: float
    noise: float
    people: Side
    films: Side

    def stars(self, users: Rows, items: Rows) -> Floats:
        """What is expected for pairs, (n,); nothing keeps it inside 1 to 5."""
        p, q = self.people.means[users], self.films.means[items]
        return self.centre + np.sum(p[:, :-1] * q[:, :-1], axis=1) + p[:, -1] + q[:, -1]

    def variances(self, users: Rows, items: Rows) -> Floats:
        """How sure that is, (n,); with `noise` added, how far a rating will lie from it."""
        people, films = self.people, self.films
        return doubt(people.means[users], people.covariances[users], films.means[items], films.covariances[items])

    def beliefs(self, people: Rows | None = None) -> Beliefs:
        """The films, and the people (or these rows of them) as one distribution: where somebody new begins."""
        chosen = slice(None) if people is None else people
        means = self.people.means[chosen]
        spread = np.atleast_2d(np.cov(means.T, bias=True)) + self.people.covariances[chosen].mean(axis=0)
        return Beliefs(
            centre=self.centre,
            noise=self.noise,
            means=self.films.means,
            covariances=self.films.covariances,
            newcomer=means.mean(axis=0),
            spread=spread,
        )


def fit(
    users: Rows,
    items: Rows,
    stars: Floats,
    shape: tuple[int, int],
    settings: BayesSettings | None = None,
    sides: Floats | None = None,
) -> Bayes:
    """Learn from ratings; `shape` counts people and films, `sides` (films, s) says what films are like."""
    settings = settings or BayesSettings()
    centre = float(np.mean(stars))
    errors = np.asarray(stars, dtype=np.float64) - centre
    by_user = Sparse(users, items, errors, shape)
    by_item = Sparse(items, users, errors, (shape[1], shape[0]))
    known = _known(by_user, by_item, settings, sides)
    dimension = settings.factors + 1
    chance = np.random.default_rng(settings.seed)
    people, films = (_start(count, dimension) for count in shape)
    films.means[:, :-1] = chance.normal(0, 0.3, (shape[1], settings.factors))  # else all factors would be the same
    squared = float(np.sum(errors**2))
    noise = max(0.6 * squared / len(errors), LEAST_NOISE)
    for _ in range(settings.sweeps):
        people, _, _ = _updated(people, films, by_user, known[0], noise, settings)
        films, square, linear = _updated(films, people, by_item, known[1], noise, settings)
        # Σ E[(x − φ·y − b)²] over ratings, film by film; what is left are the people's own biases.
        second = films.covariances + films.means[:, :, None] * films.means[:, None, :]
        bias = people.means[:, -1]
        own = by_user.counts * (bias**2 + people.covariances[:, -1, -1]) - 2 * by_user.totals * bias
        rest = squared + float(np.sum(square * second) - 2 * np.sum(linear * films.means) + np.sum(own))
        noise = max(rest / len(errors), LEAST_NOISE)
    return Bayes(centre=centre, noise=noise, people=people, films=films)


def _start(count: int, dimension: int) -> Side:
    nothing = np.zeros((count, dimension))
    return Side(
        means=nothing.copy(),
        covariances=np.zeros((count, dimension, dimension)),
        expected=nothing,
        spread=START_SPREAD * np.eye(dimension),
    )


def _updated(
    side: Side, other: Side, ratings: Sparse, known: Floats, noise: float, settings: BayesSettings
) -> tuple[Side, Floats, Floats]:
    """The side believed anew, given the other; and its sums Σ E[φφᵀ] (n, d, d) and Σ E[φ] x − E[cφ] (n, d)."""
    count, dimension = side.means.shape
    told = Moments.of(other.means, other.covariances)
    upper = np.triu_indices(dimension)
    sums = ratings.pattern(np.hstack([told.square[:, upper[0], upper[1]], told.cross]))
    square = np.empty((count, dimension, dimension))
    square[:, upper[0], upper[1]] = square[:, upper[1], upper[0]] = sums[:, : len(upper[0])]
    linear = ratings @ told.side - sums[:, len(upper[0]) :]
    prior = np.linalg.inv(side.spread)
    covariances = np.linalg.inv(prior + square / noise).astype(np.float64, copy=False)
    means = (covariances @ (side.expected @ prior + linear / noise)[:, :, None])[:, :, 0]
    penalty = np.diag(np.r_[1e-9, np.full(known.shape[1] - 1, settings.ridge)])  # none on the constant
    expected = known @ np.linalg.solve(known.T @ known + penalty, known.T @ means)
    away = means - expected
    scatter = away.T @ away + covariances.sum(axis=0) + settings.pseudo * START_SPREAD * np.eye(dimension)
    spread = scatter / (count + settings.pseudo)
    return Side(means=means, covariances=covariances, expected=expected, spread=spread), square, linear


def _known(
    by_user: Sparse, by_item: Sparse, settings: BayesSettings, sides: Floats | None
) -> tuple[Floats, Floats]:
    """What is known of people and films apart from the stars, (people, f) and (films, g), in like units."""
    both: list[Floats] = []
    left, _, right = leading(by_user, by_item, settings.tastes, settings.seed)
    for ratings, vectors in ((by_user, left), (by_item, right)):
        activity = np.log1p(ratings.counts)[:, None]
        both.append(np.hstack([np.ones_like(activity), vectors * np.sqrt(len(vectors)), standard(activity)]))
    if sides is not None:
        both[1] = np.hstack([both[1], standard(sides)])
    return both[0], both[1]


def standard(columns: Floats) -> Floats:
    """Columns with mean 0 and variance 1; those that are the same everywhere are left out."""
    away = columns - columns.mean(axis=0)
    deviations = away.std(axis=0)
    return away[:, deviations > 0] / deviations[deviations > 0]

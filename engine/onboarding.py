"""Meeting somebody new: which films to show them first, and sliders instead of films.

One look at a grid is worth more than one question at a time, as most films are not known to whom they are shown.
So the order is made once, before anybody answers, and the same for everybody ("not seen" is an answer, too).

Which film next? Before any answer, a person's vector z = (factors, bias) is normal with covariance S. An answer
to film i, with φ = (q, 1) and noise variance s, shrinks it: S' = S − S φ φᵀ S / (s + φᵀ S φ). What counts is how
unsure we are about what people watch: the mean of φ_jᵀ S φ_j over films j, weighted by how often each is rated.
With W = Σ w_j φ_j φ_jᵀ, an answer lowers that by φᵀ S W S φ / (s + φᵀ S φ), and comes only with the chance that
the film is known, taken from how often it is rated. The film with the largest product is next (greedy); films
chosen before count as answered with that chance.

Sliders (action? musicals? how new?) have no answers to films behind them. But films have genres and years, and a
ridge regression of the films' vectors on these says which way in the space of factors a genre lies. A slider is a
wish: that films of that kind please more (or less) than others that are like them otherwise. At its end, it is by
two standard deviations of how people differ in that. Wishes are folded in as answers are, with their own noise.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.posterior import Beliefs, Moments, Person

Floats = NDArray[np.float64]
KNOWN = 0.6
"""What somebody has seen and rates, of what everybody would: a film that all people rated is known to most."""
FULL, VAGUE = 2.0, 0.5
"""What a slider at its end says, and how far off that may be: in standard deviations of how people differ."""
NEW = "new"
"""The slider that is no genre: 1 is new films, −1 old ones."""


def questions(beliefs: Beliefs, counts: NDArray[np.int64], people: int, number: int = 30) -> tuple[int, ...]:
    """The films to ask about, the most telling first: rows from 0. `counts` of ratings are by so many `people`."""
    phi = np.column_stack([beliefs.means[:, :-1], np.ones(len(beliefs.means))])  # (films, d)
    known = KNOWN * counts / max(people, 1)
    weighted = (phi * counts[:, None]).T @ phi / counts.sum()  # W
    # To whom we ask, what we do not know of the film itself is noise.
    own = beliefs.covariances
    noise = (
        beliefs.noise + np.trace(beliefs.spread[:-1, :-1] @ own[:, :-1, :-1], axis1=1, axis2=2) + own[:, -1, -1]
    )
    spread, asked = beliefs.spread, np.zeros(len(phi), dtype=bool)
    order: list[int] = []
    for _ in range(min(number, len(phi))):
        reached = phi @ spread  # (films, d)
        unsure = np.sum(reached * phi, axis=1)
        gain = known * np.sum((reached @ weighted) * reached, axis=1) / (noise + unsure)
        best = int(np.argmax(np.where(asked, -np.inf, gain)))
        asked[best] = True
        order.append(best)
        spread = spread - known[best] * np.outer(reached[best], reached[best]) / (noise[best] + unsure[best])
    return tuple(order)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sliders:
    """Kinds of films, and where in the space of factors each lies."""

    names: tuple[str, ...]
    beliefs: Beliefs
    lies: Floats  # (names, d) how films of that kind differ from the usual film

    @classmethod
    def of(cls, beliefs: Beliefs, kinds: tuple[str, ...], sides: Floats, ridge: float = 20.0) -> "Sliders":
        """From `engine.sides.film_sides`: a column for each of the kinds, then the year and one more."""
        flags, year = sides[:, : len(kinds)], sides[:, len(kinds)]
        apart = (year - year.mean()) / max(float(year.std()), 1e-9)
        design = np.column_stack([np.ones(len(sides)), flags, apart])
        penalty = np.diag([1e-9, *np.full(len(kinds) + 1, ridge)])
        found = np.linalg.solve(design.T @ design + penalty, design.T @ beliefs.means)
        lies = found[1:].astype(np.float64)
        lies[:, -1] = 0  # of two films that differ in their kind alone, nothing but the factors matters
        return cls(names=(*kinds, NEW), beliefs=beliefs, lies=lies)

    def person(self, wishes: Mapping[str, float], films: NDArray[np.int64], stars: Floats) -> Person:
        """Who has these wishes, each from −1 (rather not) to 1 (gladly), and gave these stars."""
        for name, wish in wishes.items():
            if name not in self.names:
                raise InputError(f"There is no slider {name}: there are {', '.join(self.names)}.")
            if not -1 <= wish <= 1:
                raise InputError(f"A slider runs from −1 to 1: {wish:g} for {name} does not.")
        beliefs = self.beliefs
        told = Moments.of(beliefs.means[films], beliefs.covariances[films])
        lies = self.lies[[self.names.index(name) for name in wishes]]  # (wishes, d)
        differ = np.sqrt(np.maximum(np.sum((lies @ beliefs.spread) * lies, axis=1), 1e-12))
        target = FULL * differ * np.array(list(wishes.values()), dtype=np.float64)
        square = np.concatenate([told.square, lies[:, :, None] * lies[:, None, :]])
        pulls = np.concatenate(
            [
                told.side * (stars - beliefs.centre)[:, None] - told.cross - told.square @ beliefs.newcomer,
                lies * target[:, None],
            ]
        )
        noise = np.concatenate([np.full(len(films), beliefs.noise), (VAGUE * differ) ** 2])
        covariance = np.linalg.inv(np.linalg.inv(beliefs.spread) + np.sum(square / noise[:, None, None], axis=0))
        moved = (pulls / noise[:, None]) @ covariance
        return Person(mean=beliefs.newcomer + moved.sum(axis=0), covariance=covariance, moved=moved)

"""Answers from a trained model, with numpy alone: what is like this film, what would you like, and why.

Stars come from `engine.posterior`, with how sure they are; which films to show from `engine.ease` and how likely
they are to please. Titles are exact here; `find` turns what a person types into one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine import artifact, chooser
from engine.artifact import Artifact
from engine.card import Card
from engine.ease import Weights
from engine.errors import InputError, UnknownTitle
from engine.lecture import Lecture
from engine.names import split_year
from engine.onboarding import Sliders, questions
from engine.posterior import Beliefs, Person, likely
from engine.ratings import HIGHEST, LOWEST
from engine.sides import film_sides, kinds
from engine.titles import Found, TitleIndex

SHIPPED = Path(__file__).parent / "data" / "movielens-100k.safetensors"
TRUSTED = 20
CANDIDATES = 20  # films that are alike, put in the order of a measure
"""Ratings at which a film's own factors count half: with fewer they are mostly chance, and the same for every seed
only when weighed down (a third of a plain top ten has fewer, and another training names others)."""

REASONS = 3
MOST_QUESTIONS = 200
Metric = Literal["cosine", "euclidean"]
"""The lecture's two, and the one that reads best: see `Recommender.similar`."""


@dataclass(frozen=True, kw_only=True)
class Film:
    """One film: what the data says of it, and the bias the model learnt (rank 1 is the highest)."""

    title: str
    year: int | None
    genres: tuple[str, ...]
    count: int
    mean: float
    bias: float
    bias_rank: int


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A film near another. `score` is for showing: the mean cosine (or distance) over the trainings.

    `weighted` is what the list is ordered by: the score, weighed by how often the film was rated.
    """

    title: str
    score: float
    weighted: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One rating behind a prediction: its share in the film being shown, and by how many stars it moved it."""

    title: str
    share: float
    stars: float


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """The stars that somebody would give to a film, and how many have rated it.

    `sd` is how unsure the stars are (a standard deviation; a single rating lies further off), `average` what the
    average newcomer would give, `why` the ratings that weighed most. The lecture's model knows only the stars.
    """

    title: str
    stars: float
    count: int
    sd: float = 0.0
    average: float = 0.0
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Taste:
    """Somebody's ratings, and what follows from them for every film."""

    films: NDArray[np.int64]  # (ratings,) rated, from 0
    person: Person
    stars: NDArray[np.float64]  # (titles,) expected
    variances: NDArray[np.float64]  # (titles,) of that
    scores: NDArray[np.float64]  # (titles,) what the list is ordered by
    given: NDArray[np.float64]  # (ratings,)


@dataclass(frozen=True, eq=False)
class Recommender:
    """A loaded model that answers. Row 0 of the tables, `#na#`, never shows."""

    model: Artifact

    @property
    def card(self) -> Card:
        """Data, training and metrics, for an about page."""
        return self.model.card

    @property
    def titles(self) -> tuple[str, ...]:
        """All titles, in the order of the alphabet."""
        return self.model.titles

    @property
    def users(self) -> tuple[str, ...]:
        """The names of the people in the data: numbers, in MovieLens."""
        return self.model.users

    def find(self, query: str) -> Found:
        """The film that somebody means."""
        return self._index.find(query)

    def complete(self, text: str, limit: int = 25) -> tuple[str, ...]:
        """Titles that begin with what was typed so far, the most rated first."""
        return self._index.complete(text, limit)

    def film(self, title: str) -> Film:
        """What is known of one film."""
        at, biases = self._place(title), self.lecture.films[:, -1]
        return Film(
            title=title,
            year=split_year(title)[1],
            genres=self.model.genres[at],
            count=int(self.model.counts[at]),
            mean=float(self.model.means[at]),
            bias=float(biases[at]),
            bias_rank=1 + int(np.count_nonzero(biases > biases[at])),
        )

    def similar(
        self,
        title: str,
        *,
        count: int = 5,
        metric: Metric = "cosine",
        minimum: int = TRUSTED,
        candidates: int | None = CANDIDATES,
    ) -> tuple[Neighbour, ...]:
        """The films nearest to one, of those with at least `minimum` ratings.

        Each training finds its own axes, so vectors cannot be averaged, but cosines and distances can. Ordered by
        the mean cosine × n/(n + 20), or the mean distance ÷ n/(n + 20), where n is the number of ratings.

        Which films are put in that order: the `candidates` of the highest likeness × n/(n + 20), or all films.
        Likeness is the average of that cosine and of the one of who has seen a film. With them, ten films hold
        another one that somebody likes who liked the first more often (`benchmarks.likeness`).
        """
        at = self._place(title)
        trust = self.model.counts / (self.model.counts + TRUSTED)
        alike = self._alike @ self._alike[at]
        fit = np.flatnonzero(self.model.counts >= minimum)
        fit = fit[fit != at]
        if candidates is not None:
            fit = fit[np.argsort(-(alike * trust)[fit], kind="stable")[: max(candidates, count)]]
        if metric == "euclidean":
            factors = self.lecture.ensemble
            scores = np.linalg.norm(factors - factors[:, at : at + 1], axis=2).mean(axis=0)
            weighted = scores / trust
            order = np.argsort(weighted[fit], kind="stable")
        else:
            scores = self.lecture.directions @ self.lecture.directions[at]
            weighted = scores * trust
            order = np.argsort(-weighted[fit], kind="stable")
        return tuple(
            Neighbour(
                title=self.titles[row],
                score=float(scores[row]),
                weighted=float(weighted[row]),
                count=int(self.model.counts[row]),
            )
            for row in fit[order[: max(count, 0)]]
        )

    def recommend(
        self,
        ratings: Mapping[str, float],
        *,
        count: int = 5,
        minimum: int = TRUSTED,
        wishes: Mapping[str, float] | None = None,
    ) -> tuple[Prediction, ...]:
        """The films to show somebody with these ratings and `wishes`, each with its stars and why.

        Without ratings it is the average newcomer's list by stars, and what the wishes add to them once more.
        `lecture_recommend` is the lecture's.
        """
        taste = self.taste(ratings, wishes)
        return tuple(self._prediction(row, taste) for row in self._best(taste.scores, taste.films, minimum, count))

    def predict(self, title: str, ratings: Mapping[str, float]) -> Prediction:
        """What somebody with these ratings would give to one film."""
        return self._prediction(self._place(title), self.taste(ratings))

    def lecture_recommend(
        self, ratings: Mapping[str, float], *, count: int = 5, minimum: int = TRUSTED
    ) -> tuple[Prediction, ...]:
        """The films that somebody with these ratings would rate highest, as the lecture's model has it."""
        own = self._checked(ratings)
        stars = self.lecture.stars(own)
        return tuple(self._plain(row, stars) for row in self._best(stars, list(own), minimum, count))

    def lecture_predict(self, title: str, ratings: Mapping[str, float]) -> Prediction:
        """What somebody with these ratings would give to one film, as the lecture's model has it."""
        return self._plain(self._place(title), self.lecture.stars(self._checked(ratings)))

    def taste(self, ratings: Mapping[str, float], wishes: Mapping[str, float] | None = None) -> Taste:
        """What ratings, and sliders from −1 to 1, say about every film."""
        own = self._checked(ratings)
        films, given = np.array(list(own), dtype=np.int64), np.array(list(own.values()), dtype=np.float64)
        beliefs = self.beliefs
        person = self._sliders.person(wishes, films, given) if wishes else beliefs.person(films, given)
        stars, variances = beliefs.stars(person.mean), beliefs.variances(person)
        drawn = self.weights.scores(films, given)
        if drawn.any():
            scores = likely(drawn, stars, variances + beliefs.noise)
        else:
            scores = stars + (
                stars - self._newcomer
            )  # what wishes add counts twice: others like the best films, too
        return Taste(films=films, given=given, person=person, stars=stars, variances=variances, scores=scores)

    def questions(self, count: int = 30, known: Collection[str] = ()) -> tuple[str, ...]:
        """The films to show somebody new, all at once, the most telling first; without those `known`."""
        left = [self.titles[row] for row in self._questions if self.titles[row] not in known]
        return tuple(left[: max(count, 0)])

    @property
    def sliders(self) -> tuple[str, ...]:
        """What somebody may wish for apart from films: each genre, and `new`."""
        return self._sliders.names

    @cached_property
    def _questions(self) -> tuple[int, ...]:
        return questions(self.beliefs, self.model.counts.astype(np.int64), len(self.users), MOST_QUESTIONS)

    @cached_property
    def _sliders(self) -> Sliders:
        sides = film_sides(self.titles, self.model.genres)
        return Sliders.of(self.beliefs, kinds(self.model.genres), sides)

    def _best(
        self, scores: NDArray[np.float64], own: "NDArray[np.int64] | list[int]", minimum: int, count: int
    ) -> NDArray[np.int64]:
        """The rows of highest score, of films with `minimum` ratings, or of all where no film has so many."""
        order = np.argsort(-scores, kind="stable")
        enough = self.model.counts >= minimum
        fit = order[(enough[order] | (not enough.any())) & ~np.isin(order, own)]
        return fit[: max(count, 0)]

    def _prediction(self, at: int, taste: Taste) -> Prediction:
        low, high = self.card.lowest, self.card.highest
        return Prediction(
            title=self.titles[at],
            stars=float(np.clip(taste.stars[at], low, high)),
            count=int(self.model.counts[at]),
            sd=float(np.sqrt(taste.variances[at])),
            average=float(np.clip(self._newcomer[at], low, high)),
            why=self._why(at, taste),
        )

    def _why(self, at: int, taste: Taste) -> tuple[Reason, ...]:
        """The ratings that weighed most: in the film being shown, or, where none did, in its stars."""
        shares = self.weights.pulls(taste.films, taste.given, at)
        total = float(np.sum(np.maximum(shares, 0)))
        shares = np.maximum(shares, 0) / total if total > 0 else np.zeros(len(shares))
        moved = self.beliefs.pulls(taste.person, at)[: len(shares)]  # wishes come after the ratings
        order = np.lexsort((-np.abs(moved), -shares))[:REASONS]
        return tuple(
            Reason(title=self.titles[taste.films[row]], share=float(shares[row]), stars=float(moved[row]))
            for row in order
        )

    def _plain(self, at: int, stars: NDArray[np.float64]) -> Prediction:
        return Prediction(title=self.titles[at], stars=float(stars[at]), count=int(self.model.counts[at]))

    def _checked(self, ratings: Mapping[str, float]) -> dict[int, float]:
        """Ratings by film, from 0, once all of them are known to be possible."""
        for title, stars in ratings.items():
            if not LOWEST <= stars <= HIGHEST:
                raise InputError(f"A rating runs from {LOWEST} to {HIGHEST:g}: {stars:g} for {title} does not.")
        return {self._place(title): stars for title, stars in ratings.items()}

    def _place(self, title: str) -> int:
        """Where the title stands in the list, from 0."""
        at = self._places.get(title)
        if at is None:
            found = self.find(title)
            raise UnknownTitle(title, (found.title,) if found.title else found.near)
        return at

    @cached_property
    def _places(self) -> dict[str, int]:
        return {title: at for at, title in enumerate(self.titles)}

    @cached_property
    def _index(self) -> TitleIndex:
        return TitleIndex(self.titles, self.model.counts.tolist())

    @cached_property
    def lecture(self) -> Lecture:
        """The lecture's model."""
        return Lecture(self.model)

    @cached_property
    def beliefs(self) -> Beliefs:
        """What is believed of the films, and of people as they come."""
        return chooser.beliefs(self.model)

    @cached_property
    def weights(self) -> Weights:
        """How much each film speaks for another."""
        return chooser.weights(self.model)

    @cached_property
    def _newcomer(self) -> NDArray[np.float64]:
        """What the average newcomer would give, (titles,)."""
        return self.beliefs.stars(self.beliefs.newcomer)

    @cached_property
    def _alike(self) -> NDArray[np.float32]:
        """Two kinds of unit vectors in one row: a dot product is the mean of the two cosines."""
        kinds = (self.lecture.directions, chooser.unit(self.model.tastes))
        return np.hstack(kinds) / np.sqrt(np.float32(len(kinds)))


def load(path: Path | str | None = None) -> Recommender:
    """The recommender of the model file at `path`, or of the one that comes with the bot."""
    return Recommender(artifact.load(SHIPPED if path is None else Path(path)))

"""Answers from a trained model, with numpy alone: what is like this film, what would you like.

Titles are exact here; `find` turns what a person types into one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine import artifact
from engine.artifact import Artifact
from engine.card import Card
from engine.errors import InputError, UnknownTitle
from engine.foldin import FoldIn
from engine.names import split_year
from engine.ratings import HIGHEST, LOWEST
from engine.titles import Found, TitleIndex

SHIPPED = Path(__file__).parent / "data" / "movielens-100k.safetensors"
TRUSTED = 20
"""Ratings at which a film's own factors count half: with fewer they are mostly chance, and the same for every seed
only when weighed down (a third of a plain top ten has fewer, and another training names others)."""

Metric = Literal["cosine", "euclidean"]


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
class Prediction:
    """The stars that somebody would give to a film, and how many have rated it."""

    title: str
    stars: float
    count: int


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
        at = self._place(title)
        return Film(
            title=title,
            year=split_year(title)[1],
            genres=self.model.genres[at],
            count=int(self.model.counts[at]),
            mean=float(self.model.means[at]),
            bias=float(self._films[at, -1]),
            bias_rank=1 + int(np.count_nonzero(self._films[:, -1] > self._films[at, -1])),
        )

    def similar(
        self, title: str, *, count: int = 5, metric: Metric = "cosine", minimum: int = TRUSTED
    ) -> tuple[Neighbour, ...]:
        """The films nearest to one, of those with at least `minimum` ratings.

        Each training finds its own axes, so vectors cannot be averaged, but cosines and distances can. Ordered by
        the mean cosine × n/(n + 20), or the mean distance ÷ n/(n + 20), where n is the number of ratings.
        """
        at = self._place(title)
        trust = self.model.counts / (self.model.counts + TRUSTED)
        if metric == "cosine":
            scores = self._directions @ self._directions[at]
            weighted = scores * trust
            order = np.argsort(-weighted, kind="stable")
        else:
            factors = self._ensemble
            scores = np.linalg.norm(factors - factors[:, at : at + 1], axis=2).mean(axis=0)
            weighted = scores / trust
            order = np.argsort(weighted, kind="stable")
        fit = order[(order != at) & (self.model.counts[order] >= minimum)]
        return tuple(
            Neighbour(
                title=self.titles[row],
                score=float(scores[row]),
                weighted=float(weighted[row]),
                count=int(self.model.counts[row]),
            )
            for row in fit[: max(count, 0)]
        )

    def recommend(
        self, ratings: Mapping[str, float], *, count: int = 5, minimum: int = TRUSTED
    ) -> tuple[Prediction, ...]:
        """The films that somebody with these ratings would rate highest; without ratings, the average person."""
        stars = self._stars(ratings)
        own = [self._place(title) for title in ratings]
        order = np.argsort(-stars, kind="stable")
        fit = order[(self.model.counts[order] >= minimum) & ~np.isin(order, own)]
        return tuple(self._prediction(row, stars) for row in fit[: max(count, 0)])

    def predict(self, title: str, ratings: Mapping[str, float]) -> Prediction:
        """What somebody with these ratings would give to one film."""
        return self._prediction(self._place(title), self._stars(ratings))

    def _prediction(self, at: int, stars: NDArray[np.float64]) -> Prediction:
        return Prediction(title=self.titles[at], stars=float(stars[at]), count=int(self.model.counts[at]))

    def _stars(self, ratings: Mapping[str, float]) -> NDArray[np.float64]:
        """Stars for every title, (titles,)."""
        for title, stars in ratings.items():
            if not LOWEST <= stars <= HIGHEST:
                raise InputError(f"A rating runs from {LOWEST} to {HIGHEST:g}: {stars:g} for {title} does not.")
        own = self._films[[self._place(title) for title in ratings]]
        person = self._fold_in.person(own, np.array(list(ratings.values()), dtype=np.float64))
        return self._fold_in.stars(person, self._films)

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
    def _films(self) -> NDArray[np.float64]:
        """Factors and bias side by side, (titles, F + 1), without `#na#`."""
        return np.column_stack([self.model.movie_factors, self.model.movie_bias]).astype(np.float64)[1:]

    @cached_property
    def _fold_in(self) -> FoldIn:
        settings = self.card.settings
        people = np.column_stack([self.model.user_factors, self.model.user_bias]).astype(np.float64)[1:]
        # The model's error on ratings it had not seen is how far a rating lies from its prediction.
        return FoldIn.of(people, noise=self.card.metrics.mse, low=settings.low, high=settings.high)

    @cached_property
    def _ensemble(self) -> NDArray[np.float32]:
        """Film factors of every training, (trainings, titles, F), without `#na#`."""
        return self.model.ensemble[:, 1:].astype(np.float32)

    @cached_property
    def _directions(self) -> NDArray[np.float32]:
        """All trainings' unit vectors in one row, (titles, trainings · F): a dot product is the mean cosine."""
        lengths = np.linalg.norm(self._ensemble, axis=2, keepdims=True)
        units = self._ensemble / np.maximum(lengths, np.finfo(np.float32).tiny) / np.sqrt(np.float32(len(lengths)))
        return np.ascontiguousarray(units.transpose(1, 0, 2).reshape(len(self.titles), -1))


def load(path: Path | str | None = None) -> Recommender:
    """The recommender of the model file at `path`, or of the one that comes with the bot."""
    return Recommender(artifact.load(SHIPPED if path is None else Path(path)))

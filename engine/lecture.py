"""The lecture's model answers: factors and biases of one training, stars by a stretched sigmoid.

What recommends is better at its task (`engine.recommender`); this is what the book has, to the digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.artifact import Artifact
from engine.foldin import FoldIn


@dataclass(frozen=True, eq=False)
class Lecture:
    """The trained tables, and people who were not there. Row 0, `#na#`, never shows."""

    model: Artifact

    def stars(self, ratings: Mapping[int, float]) -> NDArray[np.float64]:
        """Stars for every film by somebody with these `ratings` (film from 0 → stars), (titles,).

        Without ratings it is the average user, whose vector is the mean of all.
        """
        own = self.films[list(ratings)]
        person = self._fold_in.person(own, np.array(list(ratings.values()), dtype=np.float64))
        return self._fold_in.stars(person, self.films)

    @cached_property
    def films(self) -> NDArray[np.float64]:
        """Factors and bias side by side, (titles, F + 1), without `#na#`."""
        return np.column_stack([self.model.movie_factors, self.model.movie_bias]).astype(np.float64)[1:]

    @cached_property
    def people(self) -> NDArray[np.float64]:
        """The same of the people in the data, (users, F + 1)."""
        return np.column_stack([self.model.user_factors, self.model.user_bias]).astype(np.float64)[1:]

    @cached_property
    def ensemble(self) -> NDArray[np.float32]:
        """Film factors of every training, (trainings, titles, F), without `#na#`."""
        return self.model.ensemble[:, 1:].astype(np.float32)

    @cached_property
    def directions(self) -> NDArray[np.float32]:
        """All trainings' unit vectors in one row, (titles, trainings · F): a dot product is the mean cosine."""
        lengths = np.linalg.norm(self.ensemble, axis=2, keepdims=True)
        units = self.ensemble / np.maximum(lengths, np.finfo(np.float32).tiny) / np.sqrt(np.float32(len(lengths)))
        return np.ascontiguousarray(units.transpose(1, 0, 2).reshape(len(self.model.titles), -1))

    @cached_property
    def _fold_in(self) -> FoldIn:
        settings = self.model.card.settings
        # The model's error on ratings it had not seen is how far a rating lies from its prediction.
        return FoldIn.of(self.people, noise=self.model.card.metrics.mse, low=settings.low, high=settings.high)

"""The lecture's model, looked into: its biases and factors, one prediction as a sum, two films beside each other.

Everything here is of the dot product with biases (`engine/models.py`), factors counted from 1. What a factor means
nobody has said: training finds them, and another training finds others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine import blueprint, geometry, maps
from engine.blueprint import Layer
from engine.errors import InputError, UnknownTitle, UnknownUser
from engine.foldin import FoldIn, sigmoid
from engine.maps import Map
from engine.printed import BOOK_DECAY, Printed, printed
from engine.recommender import TRUSTED, Recommender

Floats = NDArray[np.float64]
End = Literal["low", "high"]


@dataclass(frozen=True, kw_only=True)
class Leaning:
    """A film or a user by bias.

    `mean` is a film's mean rating; of a user what the model expects, over films with 20 ratings or more.
    `count` is how many ratings the film has; of users the model file does not say it.
    """

    name: str
    bias: float
    mean: float
    count: int | None


@dataclass(frozen=True, kw_only=True)
class Match:
    """One prediction as a sum: stars = low + (high − low) · σ(Σ products + user bias + movie bias).

    The rows say where in the model's tables the numbers stand; `user_row` is None for somebody folded in.
    """

    title: str
    user: str
    movie_row: int
    user_row: int | None
    movie_factors: tuple[float, ...]  # (F,)
    user_factors: tuple[float, ...]  # (F,)
    products: tuple[float, ...]  # (F,)
    dot: float
    user_bias: float
    movie_bias: float
    activation: float  # dot + both biases
    share: float  # its sigmoid, from 0 to 1
    low: float
    high: float
    stars: float


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One factor of a film, and how many of 100 films have less of it."""

    number: int
    value: float
    percentile: float


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Two films beside each other, by the mean over all trainings.

    `nearer_by_*`: of 100 pairs of films, how many are less alike. `spread` is the lowest and the highest cosine
    that one training gives. `agree` and `differ`: factors of the first training, the strongest first, with both
    films' values; where they agree the product is what makes the cosine, where they differ the difference makes
    the distance.
    """

    euclidean: float
    cosine: float
    spread: tuple[float, float]
    nearer_by_euclidean: float
    nearer_by_cosine: float
    agree: tuple[tuple[int, float, float], ...]
    differ: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, eq=False)
class Insight:
    """A loaded model, looked into."""

    films: Recommender

    @property
    def factor_count(self) -> int:
        """How many factors a film and a user have."""
        return self.films.card.settings.factors

    @property
    def well_known(self) -> bool:
        """Whether films have 20 ratings or more; where none have, lists are of all films."""
        return int(np.count_nonzero(self.films.model.counts >= TRUSTED)) > 1

    def layers(self, model: str) -> tuple[Layer, ...]:
        """What a model is made of, for the loaded data: `dot`, `dotbias`, `nn` or `bayes`, what recommends."""
        films, card = self.films, self.films.card
        users, titles, factors = len(films.users), len(films.titles), card.settings.factors
        match model:
            case "bayes":
                return blueprint.bayes(titles, card.chooser.factors, card.chooser.weights)
            case "nn":
                return blueprint.nn(users, titles)
            case "dot":
                return blueprint.dot(users, titles, factors)
            case _:
                return blueprint.dotbias(users, titles, factors)

    def printed(self, model: str) -> Printed | None:
        """The book's figures of a model, as it trains that last."""
        return printed(model, BOOK_DECAY.get(model, 0.0))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The tables of the model by name; row 0 of each is `#na#`, nobody or no film."""
        model = self.films.model
        names = ("user_factors", "movie_factors", "user_bias", "movie_bias")
        return {name: getattr(model, name).shape for name in names}

    def biases(self, end: End, *, users: bool = False, count: int = 5) -> tuple[Leaning, ...]:
        """The films (or users) that the model adds least or most for, whoever rates (or whatever is rated)."""
        rows = self._people if users else self._movies
        order = np.argsort(rows[:, -1] if end == "low" else -rows[:, -1], kind="stable")[: max(count, 0)]
        return tuple(self._person(at) if users else self._film(at) for at in order)

    def match(self, title: str, who: str | Mapping[str, float]) -> Match:
        """What a user of the data would give to a film, or somebody with such ratings (none: the average)."""
        at = self._place(title)
        row = None if isinstance(who, Mapping) else self._user(who)
        user = self._folded(who) if isinstance(who, Mapping) else self._people[self._user(who)]
        products = user[:-1] * self._movies[at, :-1]
        low, high = self.films.card.settings.low, self.films.card.settings.high
        activation = float(products.sum() + user[-1] + self._movies[at, -1])
        share = float(sigmoid(np.array(activation)))
        return Match(
            title=title,
            user="" if isinstance(who, Mapping) else who,
            movie_row=at + 1,
            user_row=None if row is None else row + 1,
            movie_factors=tuple(self._movies[at, :-1].tolist()),
            user_factors=tuple(user[:-1].tolist()),
            products=tuple(products.tolist()),
            dot=float(products.sum()),
            user_bias=float(user[-1]),
            movie_bias=float(self._movies[at, -1]),
            activation=activation,
            share=share,
            low=low,
            high=high,
            stars=low + (high - low) * share,
        )

    def factors(self, title: str, count: int = 8) -> tuple[Factor, ...]:
        """A film's strongest factors, of either sign."""
        at = self._place(title)
        values = self._movies[:, :-1]
        order = np.argsort(-np.abs(values[at]), kind="stable")[: max(count, 0)]
        return tuple(
            Factor(
                number=int(number) + 1,
                value=float(values[at, number]),
                percentile=100 * float((values[:, number] < values[at, number]).mean()),
            )
            for number in order
        )

    def ends(
        self, number: int, count: int = 5
    ) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
        """The films with least and with most of a factor, of those with 20 ratings or more."""
        if not 1 <= number <= self.factor_count:
            raise InputError(f"The model has factors 1 to {self.factor_count}, no factor {number}.")
        column = self._movies[:, number - 1]
        known = self._known[np.argsort(column[self._known], kind="stable")]
        low, high = (
            [(self.films.titles[at], float(column[at])) for at in end[:count]] for end in (known, known[::-1])
        )
        return tuple(low), tuple(high)

    def apart(self, first: str, second: str, count: int = 3) -> Apart:
        """Two films beside each other. Pairs are those of all films with 20 ratings or more.

        A film with few ratings lies near the origin, so near to every other such film: pairs of those would make
        any two well-known films look far apart.
        """
        one, two = self._place(first), self._place(second)
        trainings = self.films.model.ensemble[:, 1:].astype(np.float64)
        euclidean = [float(np.linalg.norm(factors[one] - factors[two])) for factors in trainings]
        cosine = [float(geometry.cosines(factors[[one, two]])[0, 1]) for factors in trainings]
        mine, other = self._movies[one, :-1], self._movies[two, :-1]
        products, gaps = mine * other, np.abs(mine - other)
        agree = [at for at in np.argsort(-products, kind="stable")[:count] if products[at] > 0]
        differ = [at for at in np.argsort(-gaps, kind="stable")[:count] if gaps[at] > 0]
        distances, cosines = self._all_pairs
        mean_distance, mean_cosine = float(np.mean(euclidean)), float(np.mean(cosine))
        return Apart(
            euclidean=mean_distance,
            cosine=mean_cosine,
            spread=(min(cosine), max(cosine)),
            nearer_by_euclidean=100 * float((distances > mean_distance).mean()),
            nearer_by_cosine=100 * float((cosines < mean_cosine).mean()),
            agree=tuple((int(at) + 1, float(mine[at]), float(other[at])) for at in agree),
            differ=tuple((int(at) + 1, float(mine[at]), float(other[at])) for at in differ),
        )

    def analogy(self, terms: Mapping[str, int], count: int = 5) -> tuple[tuple[str, float], ...]:
        """Films nearest to a sum of films, title → +1 or −1, by mean cosine; the films of the sum are left out.

        Ordered as `similar` is: the cosine weighed by n / (n + 20), n being the film's number of ratings.
        """
        places = [self._place(title) for title in terms]
        signs = np.array(list(terms.values()), dtype=np.float64)
        scores = np.zeros(len(self.films.titles))
        for factors in self.films.model.ensemble[:, 1:].astype(np.float64):
            units = factors / np.maximum(np.linalg.norm(factors, axis=1, keepdims=True), np.finfo(np.float64).tiny)
            total = signs @ units[places]
            scores += units @ total / max(float(np.linalg.norm(total)), np.finfo(np.float64).tiny)
        scores /= len(self.films.model.ensemble)
        counts = self.films.model.counts
        order = np.argsort(-scores * counts / (counts + TRUSTED), kind="stable")
        fit = [at for at in order if at not in places and counts[at] >= TRUSTED]
        return tuple((self.films.titles[at], float(scores[at])) for at in fit[: max(count, 0)])

    def film_map(self, *, top: int, axes: tuple[int, int], mark: Sequence[str]) -> Map:
        """The most rated films on two components (`maps.of_films`)."""
        return maps.of_films(self.films, top=top, axes=axes, mark=mark)

    def user_map(self, *, clusters: int, axes: tuple[int, int], mark: Sequence[str]) -> Map:
        """The users of the data on two components, in clusters (`maps.of_users`)."""
        return maps.of_users(self.films, clusters=clusters, axes=axes, mark=mark)

    def _film(self, at: int) -> Leaning:
        model = self.films.model
        return Leaning(
            name=self.films.titles[at],
            bias=float(self._movies[at, -1]),
            mean=float(model.means[at]),
            count=int(model.counts[at]),
        )

    def _person(self, at: int) -> Leaning:
        stars = self._fold_in.stars(self._people[at], self._movies[self._known])
        bias = float(self._people[at, -1])
        return Leaning(name=self.films.users[at], bias=bias, mean=float(stars.mean()), count=None)

    def _place(self, title: str) -> int:
        at = self._places.get(title)
        if at is None:
            found = self.films.find(title)
            raise UnknownTitle(title, (found.title,) if found.title else found.near)
        return at

    def _user(self, name: str) -> int:
        at = self._users.get(name)
        if at is None:
            raise UnknownUser(name, self.films.users)
        return at

    def _folded(self, ratings: Mapping[str, float]) -> Floats:
        """The vector of somebody who is not in the data, (F + 1,)."""
        rows = self._movies[[self._place(title) for title in ratings]]
        return self._fold_in.person(rows, np.array(list(ratings.values()), dtype=np.float64))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {title: at for at, title in enumerate(self.films.titles)}

    @cached_property
    def _users(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.films.users)}

    @cached_property
    def _movies(self) -> Floats:
        """Factors and bias side by side, (titles, F + 1), without `#na#`."""
        model = self.films.model
        return np.column_stack([model.movie_factors, model.movie_bias]).astype(np.float64)[1:]

    @cached_property
    def _people(self) -> Floats:
        """The same of users, (users, F + 1)."""
        model = self.films.model
        return np.column_stack([model.user_factors, model.user_bias]).astype(np.float64)[1:]

    @cached_property
    def _known(self) -> NDArray[np.intp]:
        """Films with 20 ratings or more, or all where there are none."""
        rows = np.flatnonzero(self.films.model.counts >= TRUSTED)
        return rows if len(rows) > 1 else np.arange(len(self.films.titles))

    @cached_property
    def _fold_in(self) -> FoldIn:
        settings, noise = self.films.card.settings, self.films.card.metrics.mse
        return FoldIn.of(self._people, noise=noise, low=settings.low, high=settings.high)

    @cached_property
    def _all_pairs(self) -> tuple[Floats, Floats]:
        """Mean distance and mean cosine of every pair of known films, each (pairs,)."""
        trainings = self.films.model.ensemble[:, 1:].astype(np.float64)[:, self._known]
        every_distance = np.mean([geometry.distances(factors) for factors in trainings], axis=0)
        every_cosine = np.mean([geometry.cosines(factors) for factors in trainings], axis=0)
        return geometry.pairs(every_distance), geometry.pairs(every_cosine)

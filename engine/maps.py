"""Maps of the model: its films, or its users, on two of their principal components.

Fifty factors cannot be drawn. The components turn them so that the first few hold as much of the differences as
they can; how much that is stands beside every map.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from engine import geometry
from engine.errors import InputError, UnknownTitle, UnknownUser
from engine.foldin import sigmoid
from engine.recommender import TRUSTED, Recommender

Floats = NDArray[np.float64]

RATED = 1000
"""How many films the components are of, as in the lecture: rare films lie near the middle, and say little."""
FAVOURITES = 3
ENOUGH = 5  # films that a genre needs to be a favourite
LEAST = 1e-6  # of lift: below is the rounding of sums, where all users are in one group


@dataclass(frozen=True, kw_only=True)
class Point:
    """A film or a user on the map; `group` is the cluster's number from 0, where there are clusters."""

    name: str
    x: float
    y: float
    group: int = 0


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A group of users who lie close together, and the genres they rate above what all users do."""

    name: str
    size: int
    genres: tuple[str, ...]
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Map:
    """Points on two components, with what these hold of the variance, and what the first three do."""

    points: tuple[Point, ...]
    axes: tuple[int, int]  # from 1
    shares: tuple[float, float]
    first_three: float
    clusters: tuple[Cluster, ...] = ()

    def nearer(self, first: str, second: str) -> float | None:
        """Of 100 pairs of points on this map, how many are closer than these two; None when one is not on it."""
        names = [point.name for point in self.points]
        if first not in names or second not in names:
            return None
        away = geometry.distances(np.array([(point.x, point.y) for point in self.points]))
        return 100 * float((geometry.pairs(away) < away[names.index(first), names.index(second)]).mean())


def of_films(
    films: Recommender, *, top: int = 50, axes: tuple[int, int] = (1, 3), mark: Sequence[str] = ()
) -> Map:
    """The `top` most rated films and those in `mark`, on components of the 1000 most rated.

    The most rated film of all is on the right, and above.
    """
    factors = films.model.movie_factors[1:].astype(np.float64)  # (titles, F)
    places = {title: at for at, title in enumerate(films.titles)}
    for title in mark:
        if title not in places:
            found = films.find(title)
            raise UnknownTitle(title, (found.title,) if found.title else found.near)
    order = np.argsort(-films.model.counts, kind="stable")
    found = geometry.components(factors[order[:RATED]], positive=factors[order[0]])
    _check(axes, len(found.axes))
    shown = list(dict.fromkeys([*order[: max(top, 1)].tolist(), *(places[title] for title in mark)]))
    drawn = found.project(factors[shown])[:, [axis - 1 for axis in axes]]
    points = [
        Point(name=films.titles[at], x=float(x), y=float(y)) for at, (x, y) in zip(shown, drawn, strict=True)
    ]
    return _map(points, axes, found)


def of_users(
    films: Recommender, *, clusters: int = 4, axes: tuple[int, int] = (1, 2), mark: Sequence[str] = ()
) -> Map:
    """All users of the data, in groups; to the right and above are those who lean to the most rated film.

    Users of the data, and nobody else: a member's ratings never come near this.
    """
    for name in mark:
        if name not in films.users:
            raise UnknownUser(name, films.users)
    model = films.model
    people = model.user_factors[1:].astype(np.float64)  # (users, F)
    favourite = model.movie_factors[1:].astype(np.float64)[int(np.argmax(model.counts))]
    found = geometry.components(people, positive=people.mean(axis=0) + favourite)
    _check(axes, len(found.axes))
    if not 1 <= clusters <= min(len(people), len(ascii_uppercase)):
        raise InputError(
            f"{len(people)} users can be put into 1 to {min(len(people), 26)} clusters, not {clusters}."
        )
    groups = geometry.clusters(people, clusters)
    drawn = found.project(people)[:, [axis - 1 for axis in axes]]
    liked = _favourites(films, groups, clusters)
    points = [
        Point(name=name, x=float(x), y=float(y), group=int(group))
        for name, (x, y), group in zip(films.users, drawn, groups, strict=True)
    ]
    middles = [drawn[groups == group].mean(axis=0) for group in range(clusters)]
    described = tuple(
        Cluster(
            name=ascii_uppercase[group],
            size=int((groups == group).sum()),
            genres=liked[group],
            x=float(middle[0]),
            y=float(middle[1]),
        )
        for group, middle in enumerate(middles)
    )
    return _map(points, axes, found, described)


def _map(
    points: Sequence[Point], axes: tuple[int, int], found: geometry.Components, clusters: tuple[Cluster, ...] = ()
) -> Map:
    first, second = (float(found.shares[axis - 1]) for axis in axes)
    three = float(found.shares[:3].sum())
    return Map(points=tuple(points), axes=axes, shares=(first, second), first_three=three, clusters=clusters)


def _check(axes: tuple[int, int], count: int) -> None:
    if count < 2:
        raise InputError("A map has two axes: that takes two users and two films or more.")
    if axes[0] == axes[1] or not all(1 <= axis <= count for axis in axes):
        right, wrong = f"1,{min(count, 3)}", f"{axes[0]},{axes[1]}"
        raise InputError(f"A map has two different axes from 1 to {count}, for example {right}; not {wrong}.")


def _favourites(films: Recommender, groups: NDArray[np.intp], count: int) -> list[tuple[str, ...]]:
    """For each group the genres it would rate above the rest, most so first.

    From what the model expects of every user for every film with 20 ratings or more: a genre's mean in the group,
    less its mean over all users, less by how much the group rates anything higher (else a generous group would
    like every genre best).
    """
    model = films.model
    known = np.flatnonzero(model.counts >= TRUSTED)
    known = known if len(known) else np.arange(len(films.titles))
    names = sorted({genre for at in known for genre in model.genres[at]})
    belongs = np.array([[genre in model.genres[at] for genre in names] for at in known], dtype=np.float64)
    enough = belongs.sum(axis=0) >= min(ENOUGH, len(known)) if names else np.zeros(0, dtype=bool)
    activation = (
        model.user_factors[1:].astype(np.float64) @ model.movie_factors[1:][known].astype(np.float64).T
        + model.user_bias[1:, None]
        + model.movie_bias[1:][known]
    )
    stars = sigmoid(activation)  # (users, films): a share is enough to compare by
    unusual = stars - stars.mean(axis=0)
    liked: list[tuple[str, ...]] = []
    for group in range(count):
        lift = unusual[groups == group].mean(axis=0)  # (films,)
        by_genre = (lift - lift.mean()) @ belongs / np.maximum(belongs.sum(axis=0), 1) if names else np.zeros(0)
        order = [at for at in np.argsort(-by_genre, kind="stable") if enough[at] and by_genre[at] > LEAST]
        liked.append(tuple(names[at] for at in order[:FAVOURITES]))
    return liked

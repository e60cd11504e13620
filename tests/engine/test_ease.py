"""Films by weights between films: against the normal equations solved one by one, and on MovieLens."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking import ours, tasks
from engine import ease
from engine.ease import EaseSettings, Weights
from engine.sides import ease_sides, film_sides, kinds, years

PEOPLE, FILMS = 40, 12
SETTINGS = EaseSettings(penalty=2.0, kept=FILMS)


def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A third of all pairs, with whole stars; one film is rated by nobody."""
    chance = np.random.default_rng(3)
    users, items = np.nonzero(chance.random((PEOPLE, FILMS)) < 1 / 3)
    kept = items != 7
    users, items = users[kept], items[kept]
    return users, items, chance.integers(1, 6, len(users)).astype(float)


def table() -> np.ndarray:
    """X, written out by loops."""
    users, items, stars = drawn()
    x = np.zeros((PEOPLE, FILMS))
    for user, item, given in zip(users, items, stars, strict=True):
        mean = stars[users == user].mean()
        x[user, item] = 1 / (1 + np.exp(-(given - 2.5 - 0.5 * (mean - stars.mean()))))
    return x


def test_weights_are_the_normal_equations() -> None:
    """Each column is a ridge regression of one film on all others: that is what no diagonal means."""
    x = table()
    weights = ease.fit(*drawn(), (PEOPLE, FILMS), settings=SETTINGS)
    for film in range(FILMS):
        others = np.delete(np.arange(FILMS), film)
        own = x[:, others]
        expected = np.linalg.solve(own.T @ own + 2 * np.eye(FILMS - 1), own.T @ x[:, film])
        found = [weights.between(int(other), film) for other in others]
        np.testing.assert_allclose(found, expected, atol=1e-3)  # half precision
        assert weights.between(film, film) == 0


def test_few_weights_are_fitted_again() -> None:
    """Of the weights only the largest stay, and each column is the best that those alone can do."""
    x = table()
    squares = x.T @ x + 2 * np.eye(FILMS)
    every = ease.dense(squares)
    few = ease.sparse(squares, every, 4)
    assert np.count_nonzero(few) == 4 * FILMS
    assert np.abs(every[few != 0]).min() >= np.abs(every[few == 0]).max()
    for film in range(FILMS):
        own = np.flatnonzero(few[:, film])
        if len(own):
            fitted = np.linalg.solve(x[:, own].T @ x[:, own] + 2 * np.eye(len(own)), x[:, own].T @ x[:, film])
            np.testing.assert_allclose(few[own, film], fitted)


def test_scores_are_a_row_times_the_weights() -> None:
    """Scores, what each rating adds to one, and a film's own row all say the same of liked films."""
    weights = ease.fit(*drawn(), (PEOPLE, FILMS), settings=SETTINGS)
    films, stars = np.array([0, 3, 5]), np.array([5.0, 3.0, 4.0])
    scores = weights.scores(films, stars)
    for film in range(FILMS):
        total = weights.pulls(films, stars, film).sum()
        assert scores[film] == pytest.approx(total if total > 0 else min(total, 0))
    np.testing.assert_allclose(weights.row(3), [weights.between(3, film) for film in range(FILMS)])
    nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    assert not weights.scores(*nothing).any()
    assert len(weights.pulls(*nothing, 2)) == 0


@pytest.mark.parametrize("stars", [0.5, 1.0, 2.0, 2.5])
def test_disliked_films_draw_to_nothing(stars: float) -> None:
    """However many, and with no other rating beside them; where one film was liked, it alone speaks."""
    weights = ease.fit(*drawn(), (PEOPLE, FILMS), settings=SETTINGS)
    films = np.array([0, 3, 5, 9])
    assert np.all(weights.scores(films, np.full(4, stars)) <= 0)
    mixed = np.array([5.0, stars, stars, stars])
    for film in np.flatnonzero(weights.scores(films, mixed) > 0):
        pulls = weights.pulls(films, mixed, int(film))
        assert pulls[0] > 0
        assert not pulls[1:].any()


def test_a_film_that_nobody_rated_has_no_weights_without_sides() -> None:
    """Nothing is known of it; told its genre, it leans on its kind."""
    data = (*drawn(), (PEOPLE, FILMS))
    assert not ease.fit(*data, settings=SETTINGS).row(7).any()
    sides = np.zeros((FILMS, 2))
    sides[[7, 2], 0] = 1
    told = ease.fit(*data, settings=SETTINGS, sides=sides)
    assert told.between(2, 7) > max(told.between(other, 7) for other in range(FILMS) if other != 2)


def test_ratings_given_twice_count_once() -> None:
    """By their mean."""
    users, items, stars = drawn()
    twice = (np.append(users, users[0]), np.append(items, items[0]), np.append(stars, stars[0]))
    one = ease.gram(users, items, stars - stars.mean() + 3, (PEOPLE, FILMS), None, SETTINGS)
    other = ease.gram(*twice[:2], twice[2] - twice[2].mean() + 3, (PEOPLE, FILMS), None, SETTINGS)
    assert np.abs(one - other).max() < 0.05


def test_the_smallest_data() -> None:
    """One person and one film: no weight, no fault."""
    weights = ease.fit(np.array([0]), np.array([0]), np.array([4.0]), (1, 1))
    assert isinstance(weights, Weights)
    assert weights.scores(np.array([0]), np.array([4.0])).tolist() == [0.0]


def test_sides() -> None:
    """Genres in the order of the alphabet, then the year; a film of no known year is of the usual time."""
    titles, genres = ("A (1950)", "B (1990)", "C (1996)", "D"), (("War",), ("Action", "War"), (), ("Action",))
    assert kinds(genres) == ("Action", "War")
    assert years(titles).tolist() == [1950, 1990, 1996, 1990]
    assert film_sides(titles, genres)[:, :2].tolist() == [[0, 1], [1, 1], [0, 0], [1, 0]]
    unit = ease_sides(titles, genres)
    np.testing.assert_allclose(np.sum(unit**2, axis=1), [2, 2, 1, 2])
    assert np.all(np.isfinite(film_sides(("X", "Y"), ((), ()))))


def test_the_figures_on_movielens(movielens: Path) -> None:
    """NDCG@10 on ua and ub; popularity has 0.13, implicit's ALS 0.27."""
    found = [task.found(ours(task))[1] for task in tasks(movielens, inside=False)]
    assert np.mean(found) >= 0.335

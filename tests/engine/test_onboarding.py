"""Somebody new: the most telling films, against brute force; sliders; and how fast they are known."""

from pathlib import Path

import numpy as np
import pytest

import engine
from benchmarks.newcomers import errors, folds
from engine.bayes import BayesSettings
from engine.errors import InputError
from engine.onboarding import KNOWN, questions
from engine.posterior import Beliefs

FILMS, FACTORS = 15, 3


def drawn() -> tuple[Beliefs, np.ndarray]:
    """Films that are known exactly, and how often each was rated."""
    chance = np.random.default_rng(4)
    root = chance.normal(size=(FACTORS + 1, FACTORS + 1))
    beliefs = Beliefs(
        centre=3.5,
        noise=0.7,
        means=chance.normal(0, 0.7, (FILMS, FACTORS + 1)),
        covariances=np.zeros((FILMS, FACTORS + 1, FACTORS + 1)),
        newcomer=np.zeros(FACTORS + 1),
        spread=root @ root.T / 5,
    )
    return beliefs, chance.integers(1, 40, FILMS)


def test_the_first_question_is_the_most_telling() -> None:
    """Of all films it lowers most what we do not know about what people watch: each film tried, by fold-in."""
    beliefs, counts = drawn()

    def unsure(covariance: np.ndarray) -> float:
        phi = np.column_stack([beliefs.means[:, :-1], np.ones(FILMS)])
        return float(sum(n * each @ covariance @ each for n, each in zip(counts, phi, strict=True)) / counts.sum())

    before = unsure(beliefs.spread)
    gains = [
        KNOWN * counts[film] / 40 * (before - unsure(beliefs.person(np.array([film]), np.array([4.0])).covariance))
        for film in range(FILMS)
    ]
    assert questions(beliefs, counts, 40, 1) == (int(np.argmax(gains)),)


def test_questions_are_different_films() -> None:
    """Each once, as many as asked for or as there are, and the shorter list begins the longer."""
    beliefs, counts = drawn()
    every = questions(beliefs, counts, 40, 100)
    assert sorted(every) == list(range(FILMS))
    assert questions(beliefs, counts, 40, 5) == every[:5]
    assert questions(beliefs, counts, 40, 0) == ()


def test_the_shipped_questions(films: engine.Recommender) -> None:
    """Well-known films that divide people; those already rated are not asked about."""
    asked = films.questions(24)
    assert len(set(asked)) == 24
    assert min(films.film(title).count for title in asked) >= 100
    assert films.questions(3, known=asked[:2])[0] == asked[2]
    genres = {genre for title in asked for genre in films.film(title).genres}
    assert len(genres) >= 10


def test_sliders_move_the_list(films: engine.Recommender) -> None:
    """Who wishes for musicals is shown more of them, who turns them down fewer; no wish changes nothing."""
    assert {"Action", "Musical", "new"} <= set(films.sliders)

    def stars(genre: str, wishes: dict[str, float]) -> float:
        taste = films.taste({}, wishes)
        rows = [row for row, title in enumerate(films.titles) if genre in films.film(title).genres]
        return float(np.mean(taste.stars[rows]) - np.mean(taste.stars))

    for genre in ("Action", "Musical", "Horror"):
        assert stars(genre, {genre: 1.0}) > stars(genre, {}) + 0.05 > stars(genre, {genre: -1.0}) + 0.1
    new = films.recommend({}, count=10, wishes={"new": 1.0})
    old = films.recommend({}, count=10, wishes={"new": -1.0})
    years = [np.mean([films.film(each.title).year or 0 for each in listed]) for listed in (new, old)]
    assert years[0] > years[1] + 5
    liked = {"Fargo (1996)": 5.0}
    assert films.recommend(liked, wishes={}) == films.recommend(liked)
    assert films.recommend(liked, wishes={"War": 1.0})[0].why[0].title == "Fargo (1996)"


@pytest.mark.parametrize("wishes", [{"Westerns": 1.0}, {"Action": 1.5}, {"new": float("nan")}])
def test_a_slider_that_is_none_is_refused(films: engine.Recommender, wishes: dict[str, float]) -> None:
    """With a sentence."""
    with pytest.raises(InputError, match=r"There is no slider|A slider runs"):
        films.recommend({}, wishes=wishes)


def test_newcomers_are_known_soon(movielens: Path) -> None:
    """The mean user is 1.02 off, after five answers 0.978, after ten 0.953: all people, each left out once."""
    found = errors(folds(movielens, settings=BayesSettings(sweeps=8)), "ours", (0, 5, 10))
    assert found[5][0] <= 0.980
    assert found[10][0] <= 0.960 < found[0][0]

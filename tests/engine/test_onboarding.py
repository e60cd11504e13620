"""What to ask a newcomer, and what wishes say, against the long way round."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.newcomers import LISTS, bayes, measured, offset, worlds
from engine.bayes import BayesSettings
from engine.onboarding import STRONG, VAGUE, directions, gains, questions, wished
from engine.posterior import Beliefs
from engine.ratings import read

FILMS, FACTORS = 30, 3


@pytest.fixture
def beliefs() -> Beliefs:
    """Thirty films made up by chance; a person has three factors and a bias."""
    chance = np.random.default_rng(1)
    root = chance.normal(0, 0.3, (FACTORS + 1, FACTORS + 1))
    return Beliefs(
        centre=3.5,
        noise=0.7,
        means=chance.normal(0, 0.5, (FILMS, FACTORS + 1)),
        covariances=np.zeros((FILMS, FACTORS + 1, FACTORS + 1)),
        newcomer=chance.normal(0, 0.1, FACTORS + 1),
        spread=root @ root.T + 0.05 * np.eye(FACTORS + 1),
    )


@pytest.fixture
def counts() -> np.ndarray:
    """How often each film was rated, by a hundred people."""
    return np.random.default_rng(2).integers(1, 90, FILMS).astype(np.int32)


def test_what_a_question_is_worth_is_the_doubt_it_takes_away(beliefs: Beliefs, counts: np.ndarray) -> None:
    """The same as the posterior's variances say, film by film, weighed by how often each is rated."""
    told = np.column_stack([beliefs.means[:, :-1], np.ones(FILMS)])
    share = counts / counts.sum()
    worth = gains(beliefs.spread, told, (told * share[:, None]).T @ told, beliefs.noise)
    before = np.sum(share * np.sum((told @ beliefs.spread) * told, axis=1))
    for film in range(FILMS):
        covariance = beliefs.person(np.array([film]), np.array([4.0])).covariance
        after = np.sum(share * np.sum((told @ covariance) * told, axis=1))
        assert worth[film] == pytest.approx(before - after, abs=1e-12)


def test_no_film_is_asked_about_twice(beliefs: Beliefs, counts: np.ndarray) -> None:
    """However long the list; and the first question is the one that is worth most."""
    order = questions(beliefs, counts, 100, FILMS + 5)
    assert sorted(order) == list(range(FILMS))
    told = np.column_stack([beliefs.means[:, :-1], np.ones(FILMS)])
    matters = (told * (counts / counts.sum())[:, None]).T @ told
    assert order[0] == np.argmax(counts / 100 * gains(beliefs.spread, told, matters, beliefs.noise))


def test_wishes_are_one_more_observation(beliefs: Beliefs) -> None:
    """As if somebody had been heard to say a·z = so much, give or take: the joint distribution, conditioned."""
    along = np.random.default_rng(3).normal(size=(2, FACTORS + 1))
    wishes = np.array([1.0, -0.5])
    after = wished(beliefs, along, wishes)
    deviations = np.sqrt(np.diag(along @ beliefs.spread @ along.T))
    precision = np.linalg.inv(beliefs.spread) + along.T @ np.diag((VAGUE * deviations) ** -2) @ along
    heard = along @ beliefs.newcomer + STRONG * deviations * wishes
    mean = np.linalg.solve(
        precision,
        np.linalg.solve(beliefs.spread, beliefs.newcomer) + along.T @ np.diag((VAGUE * deviations) ** -2) @ heard,
    )
    assert after.newcomer == pytest.approx(mean)
    assert after.spread == pytest.approx(np.linalg.inv(precision))


def test_who_likes_a_kind_of_film_is_expected_to_like_those(beliefs: Beliefs, counts: np.ndarray) -> None:
    """And who wants new films, the newer ones; without a wish nothing moves."""
    genres = [("War",) if row % 3 == 0 else ("Drama",) for row in range(FILMS)]
    years = np.arange(1950, 1950 + FILMS, dtype=np.float64)
    for name, likes in (("War", np.arange(FILMS) % 3 == 0), ("new", years > np.average(years, weights=counts))):
        for push in (1.0, -1.0):
            along, how_far = directions(beliefs, counts, genres, years, {name: push})
            more = beliefs.stars(wished(beliefs, along, how_far).newcomer) - beliefs.stars(beliefs.newcomer)
            difference = np.average(more[likes], weights=counts[likes]) - np.average(
                more[~likes], weights=counts[~likes]
            )
            assert np.sign(difference) == push
    nothing = wished(beliefs, *directions(beliefs, counts, genres, years, {}))
    assert nothing.newcomer is beliefs.newcomer


def test_a_newcomer_is_known_after_a_few_answers(movielens: Path) -> None:
    """Of one fold of the people: nearer after five answers, and after ten, than by film means and an offset."""
    made = worlds(read(movielens), BayesSettings(), folds=[0])
    ours = [error for error, _ in measured(made, LISTS["ours (`questions`)"], bayes)]
    plain = [error for error, _ in measured(made, LISTS["the most rated first"], offset)]
    assert ours[3] < 0.980 < plain[3]
    assert ours[4] < 0.960 < plain[4]

"""Members' ratings as data: nobody is in it by name, by place, or by a row of their own."""

import numpy as np
import pytest

from engine.errors import BadRatings
from engine.joining import alone, mixed
from engine.training import build

PEOPLE = [{f"Film {film}": 1.0 + (at * film) % 5 for film in range(6 + at)} for at in range(8)]


def test_nobody_is_recognised_by_their_row() -> None:
    """Mean and covariance, which is what newcomers are predicted from, stay; no row does. The same every time."""
    rows = np.random.default_rng(1).normal(size=(8, 5)).astype(np.float32)
    ratings = alone(PEOPLE)
    turned = mixed(rows, ratings)
    np.testing.assert_allclose(turned.mean(axis=0), rows.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(np.cov(turned.T), np.cov(rows.T), atol=1e-5)
    assert np.abs(turned[:, None] - rows[None]).max(axis=2).min() > 0.05
    np.testing.assert_array_equal(mixed(rows, alone(PEOPLE[::-1])), turned)


def test_a_model_of_members_alone_says_what_its_users_are() -> None:
    """Mixtures; and it is told where it learnt."""
    made = build(None, people=PEOPLE, seeds=1)
    assert made.card.data == "the group's own ratings"
    assert made.card.notes == (
        "The users are mixtures of members, with the same mean and spread, and none is anybody.",
    )
    assert made.users == tuple(str(number) for number in range(1, 9))


@pytest.mark.parametrize("people", [[{}], PEOPLE[:2]], ids=["none", "two"])
def test_too_few_are_no_data(people: list[dict[str, float]]) -> None:
    """Said as of any data that cannot be used."""
    with pytest.raises(BadRatings, match="it takes 3 members"):
        alone(people)

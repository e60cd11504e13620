"""The model and its gradient by hand, against PyTorch's own."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.card import Settings
from engine.models import DotProductBias, Table

SETTINGS = Settings(factors=5)


def model(users: int = 6, titles: int = 9, settings: Settings = SETTINGS, seed: int = 0) -> DotProductBias:
    """A model with opinions: weights of ordinary size, where a wrong term would show."""
    made = DotProductBias(users, titles, settings, torch.Generator().manual_seed(seed))
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(80)
    return made


def test_the_lectures_model_has_133059_numbers() -> None:
    """943 people and 1664 films of 50 factors and a bias, and a row of each for `#na#`: 133,059 numbers."""
    lecture = DotProductBias(943, 1664, Settings())
    shapes = {name: tuple(parameter.shape) for name, parameter in lecture.named_parameters()}
    assert shapes == {
        "user_factors": (944, 50),
        "movie_factors": (1665, 50),
        "user_bias": (944,),
        "movie_bias": (1665,),
    }
    assert sum(parameter.numel() for parameter in lecture.parameters()) == 133_059


def test_nobody_starts_with_an_opinion() -> None:
    """First weights are small, so that every first prediction is about the middle of the range."""
    fresh = DotProductBias(943, 1664, Settings(), torch.Generator().manual_seed(1))
    assert 0.008 < float(fresh.movie_factors.detach().std()) < 0.01
    assert float(fresh.movie_factors.detach().abs().max()) <= 0.02
    stars = fresh(torch.arange(1, 900), torch.arange(1, 900))
    assert torch.allclose(stars, torch.tensor(2.75), atol=0.1)


def test_forward_is_the_sum_of_the_lecture() -> None:
    """Stars are the stretched sigmoid of dot product plus both biases, here summed one by one."""
    made = model().requires_grad_(False)
    user, movie = 3, 7
    p, q = made.user_factors[user].tolist(), made.movie_factors[movie].tolist()
    total = sum(a * b for a, b in zip(p, q, strict=True)) + float(made.user_bias[user] + made.movie_bias[movie])
    expected = 5.5 / (1 + np.exp(-total))
    assert float(made(torch.tensor([user]), torch.tensor([movie]))) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("users", "movies"),
    [
        pytest.param([1, 2, 3, 4], [5, 6, 7, 8], id="all-different"),
        pytest.param([2, 2, 2, 5], [1, 4, 9, 9], id="repeated-rows-add-up"),
        pytest.param([6], [9], id="batch-of-one"),
        pytest.param([0, 3], [0, 0], id="na"),
    ],
)
@pytest.mark.parametrize("settings", [SETTINGS, replace(SETTINGS, low=1.0, high=4.0)], ids=["0-to-5.5", "1-to-4"])
def test_the_gradient_by_hand_is_autograds(users: list[int], movies: list[int], settings: Settings) -> None:
    """One table and a few products give what autograd finds through the model, for every number in it."""
    made = model(settings=settings)
    table = Table(made)
    stars = torch.linspace(1, 5, len(users))
    loss = torch.mean((made(torch.tensor(users), torch.tensor(movies)) - stars) ** 2)
    loss.backward()
    squared = table.descend(torch.tensor([users, [movie + table.users for movie in movies]]), stars)
    oracle = [
        parameter.grad for parameter in (made.user_factors, made.movie_factors, made.user_bias, made.movie_bias)
    ]
    factors, biases = table.gradient[:, :-1], table.gradient[:, -1]
    ours = [factors[: table.users], factors[table.users :], biases[: table.users], biases[table.users :]]
    for expected, found in zip(oracle, ours, strict=True):
        assert expected is not None
        torch.testing.assert_close(found, expected)
    torch.testing.assert_close(squared.mean(), loss)


def test_a_table_goes_there_and_back() -> None:
    """What `write_to` puts into a model is what a table of that model holds."""
    table, other = Table(model(seed=1)), model(seed=2)
    table.write_to(other)
    assert torch.equal(Table(other).rows, table.rows)

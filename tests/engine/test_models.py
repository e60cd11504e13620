"""The model and its gradient by hand, against PyTorch's own."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine import blueprint
from engine.blueprint import embedding_size
from engine.card import Settings
from engine.errors import UnknownTitle, UnknownUser
from engine.models import DotProduct, DotProductBias, EmbeddingNN, Table, create_params

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


def test_the_neural_model_has_the_librarys_sizes() -> None:
    """944 people get 74 numbers each, 1665 films 102; then layers of 100 and 50."""
    assert (embedding_size(944), embedding_size(1665), embedding_size(10**6)) == (74, 102, 600)
    network = EmbeddingNN(943, 1664, Settings(), torch.Generator().manual_seed(1))
    shapes = [tuple(parameter.shape) for parameter in network.parameters() if parameter.ndim == 2]
    assert shapes == [(944, 74), (1665, 102), (100, 176), (50, 100), (1, 50)]
    stars = network.eval()(torch.tensor([3]), torch.tensor([5])).detach()
    assert stars.shape == (1,), "a batch of one keeps its batch"
    assert 0 < float(stars) < 5.5


def test_the_blueprints_are_the_models() -> None:
    """What is told of a model's shapes, without torch, is what is built."""
    built = (
        (blueprint.dot(9, 12, 5), DotProduct(9, 12, SETTINGS)),
        (blueprint.dotbias(9, 12, 5), DotProductBias(9, 12, SETTINGS)),
        (blueprint.nn(943, 1664), EmbeddingNN(943, 1664, SETTINGS)),
    )
    for layers, model in built:
        told, there = sum(each.numbers for each in layers), sum(each.numel() for each in model.parameters())
        assert told == there
        shapes = [tuple(each.shape) for each in model.parameters() if each.ndim == 2]
        assert [each.shape for each in layers if len(each.shape) == 2 and "norm" not in each.name] == shapes


def test_create_params() -> None:
    """20 × 30 are 600 numbers to learn, all near zero."""
    made = create_params(20, 30, generator=torch.Generator().manual_seed(0))
    assert (made.shape, made.numel(), made.requires_grad) == ((20, 30), 600, True)
    assert float(made.detach().abs().max()) <= 0.02


def test_weights_and_biases_by_row() -> None:
    """As in the library: factors and biases of some films, or of some users."""
    made = model()
    assert torch.equal(made.weight([3, 1]), made.movie_factors[[3, 1]])
    assert torch.equal(made.weight([2], movies=False), made.user_factors[[2]])
    assert torch.equal(made.bias([3]), made.movie_bias[[3]])
    assert torch.equal(made.bias([2], movies=False), made.user_bias[[2]])


def test_weights_and_biases_by_name() -> None:
    """As the lecture asks for them: by title, or by a user's name; one that is nobody's is told."""
    made = model(2, 3).called(["7", "12"], ["Alien", "Fargo", "Up"])
    assert torch.equal(made.weight(["Up", "Alien"]), made.movie_factors[[3, 1]])
    assert torch.equal(made.bias(["12"], movies=False), made.user_bias[[2]])
    with pytest.raises(UnknownTitle, match="Alien 5"):
        made.weight(["Alien 5"])
    with pytest.raises(UnknownUser, match="2 users, 7 to 12"):
        made.bias(["13"], movies=False)
    with pytest.raises(UnknownUser, match="names nobody"):
        model().bias(["13"], movies=False)


@pytest.mark.parametrize("ranged", [True, False], ids=["range", "plain"])
def test_the_gradient_of_a_plain_dot_product_is_autograds(ranged: bool) -> None:
    """Without biases, and without a range, the same table serves; its last column stays 0."""
    made = DotProduct(6, 9, SETTINGS, torch.Generator().manual_seed(0), ranged=ranged)
    with torch.no_grad():
        made.user_factors.mul_(80)
        made.movie_factors.mul_(80)
    users, movies, stars = torch.tensor([1, 2, 2]), torch.tensor([5, 6, 5]), torch.tensor([1.0, 4.0, 5.0])
    torch.mean((made(users, movies) - stars) ** 2).backward()
    table = Table(made)
    table.descend(torch.stack([users, movies + table.users]), stars)
    oracle = torch.cat([made.user_factors.grad, made.movie_factors.grad])  # pyright: ignore[reportCallIssue, reportArgumentType] - there is a gradient now
    torch.testing.assert_close(table.gradient[:, :-1], oracle)
    assert not table.gradient[:, -1].any()
    before = made.user_factors.detach().clone()
    table.write_to(made)
    assert torch.equal(made.user_factors.detach(), before)


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

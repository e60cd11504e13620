"""Training: the schedule, the optimiser against PyTorch's, the same bytes twice, the lecture's figures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import engine
from engine.artifact import Artifact
from engine.card import Settings
from engine.models import DotProductBias, Table
from engine.ratings import read
from engine.split import divide
from engine.training import Adam, build, fit, one_cycle, one_thread, train

QUICK = Settings(factors=4, epochs=3, batch=32, learning_rate=0.03)


@pytest.mark.parametrize(
    ("done", "rate", "momentum"),
    [
        pytest.param(0.0, 0.0002, 0.95, id="start"),
        pytest.param(0.125, 0.0026, 0.90, id="half-way-up"),
        pytest.param(0.25, 0.005, 0.85, id="top"),
        pytest.param(0.625, 0.002500025, 0.90, id="half-way-down"),
        pytest.param(1.0, 5e-8, 0.95, id="end"),
    ],
)
def test_one_cycle(done: float, rate: float, momentum: float) -> None:
    """A quarter of the way up from a 25th, then down to a 100,000th; momentum mirrors it."""
    assert one_cycle(done, 0.005) == pytest.approx((rate, momentum))


def test_adam_is_pytorchs() -> None:
    """With steady rate and momentum the steps are those of `torch.optim.AdamW`."""
    model = DotProductBias(8, 8, QUICK, torch.Generator().manual_seed(3))
    table = Table(model)
    ours = Adam(table, weight_decay=0.1)
    weights = table.rows.clone().requires_grad_()
    oracle = torch.optim.AdamW([weights], lr=0.01, betas=(0.9, 0.99), eps=1e-5, weight_decay=0.1)
    chance = torch.Generator().manual_seed(4)
    for _ in range(30):
        table.gradient.copy_(torch.randn(table.rows.shape, generator=chance))
        weights.grad = table.gradient.clone()
        ours.step(0.01, 0.9)
        oracle.step()
    torch.testing.assert_close(table.rows, weights.detach())


def test_an_epoch_takes_each_rating_once(made: Path) -> None:
    """Where nothing is learnt, each epoch's loss is the mean over all ratings: none drawn twice or left out."""
    ratings = read(made)
    still = replace(QUICK, learning_rate=0.0, batch=17)
    everything = np.arange(len(ratings))
    model, losses = fit(ratings, everything, still)
    with torch.no_grad():
        predicted = model(torch.from_numpy(ratings.user_rows), torch.from_numpy(ratings.title_rows)).numpy()
    expected = float(np.mean((predicted - ratings.stars) ** 2))
    assert losses == pytest.approx([expected] * still.epochs, rel=1e-5)


def test_training_learns_what_was_put_in(small: Artifact) -> None:
    """Half the people love the even films, the other half the odd ones: the model finds out."""
    assert small.card.metrics.rmse < 0.75  # guessing the mean is 1.3 off
    assert small.card.metrics.rmse == pytest.approx(small.card.metrics.mse**0.5)
    assert small.card.losses[-1] < small.card.losses[0] / 3


def test_the_same_seed_gives_the_same_file(made: Path, tmp_path: Path) -> None:
    """Two builds are one and the same file, whatever the number of threads; another seed gives another."""
    threads = torch.get_num_threads()
    build(made, seeds=1, settings=QUICK).save(tmp_path / "one")
    try:
        torch.set_num_threads(2)
        build(made, seeds=1, settings=QUICK).save(tmp_path / "two")
        assert torch.get_num_threads() == 2, "the caller's threads are given back"
    finally:
        torch.set_num_threads(threads)
    build(made, seeds=1, settings=replace(QUICK, seed=43)).save(tmp_path / "three")
    one, two, three = ((tmp_path / name).read_bytes() for name in ("one", "two", "three"))
    assert one == two
    assert one != three


def test_progress_runs_to_the_end(made: Path) -> None:
    """Progress only goes forward, ends at the total, and says which training and epoch it is."""
    news: list[tuple[int, int, str]] = []

    def progress(done: int, total: int, message: str) -> None:
        news.append((done, total, message))

    build(made, seeds=2, settings=QUICK, progress=progress)
    done = [each[0] for each in news]
    assert done == sorted(set(done))
    assert {each[1] for each in news} == {done[-1]}
    assert news[0][2] == "training 1 of 3, epoch 2 of 3"
    assert news[-1][2] == "training 3 of 3, epoch 3 of 3"


def test_a_card_for_data_of_ones_own(small: Artifact, made: Path) -> None:
    """Other data than MovieLens comes without its citation, and no card holds a path."""
    assert small.card.citation == ""
    assert (small.card.data, small.card.split, small.card.seeds) == (made.name, "r42", (42, 43))
    assert str(made.parent) not in str(small.card)


def test_similarity_needs_a_training(made: Path) -> None:
    """No seeds is refused before anything is trained."""
    with pytest.raises(ValueError, match="at least one"):
        build(made, seeds=0)


def test_the_shipped_model_can_be_made_again(movielens: Path, films: engine.Recommender) -> None:
    """Training anew on the lecture's split gives the shipped weights, and an error like the lecture's."""
    shipped = films.model
    ratings, split = divide(movielens, shipped.card.split)
    with one_thread():
        trained = train(ratings, split, shipped.card.settings)
    assert 0.80 < trained.metrics.mse < 0.825
    assert trained.metrics.mse == pytest.approx(shipped.card.metrics.mse, abs=2e-3)
    assert ratings.md5 == shipped.card.md5
    assert ratings.titles == shipped.titles
    # Another processor may sum in another order, and 6250 steps carry that a little further.
    for name in ("user_factors", "movie_factors", "user_bias", "movie_bias"):
        np.testing.assert_allclose(getattr(trained, name), getattr(shipped, name), atol=0.02)

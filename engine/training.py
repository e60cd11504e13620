"""Training the lecture's model as the lecture does, and the file that is shipped.

Five epochs of 64 ratings at a time, each rating once an epoch; the learning rate rises to 0.005 and falls again
while momentum does the opposite (one cycle); weight decay 0.1, apart from the gradient. The same seed gives the
same model.
"""

import math
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine import bayes, chooser, ease
from engine.artifact import Artifact
from engine.card import Card, Chooser, Metrics, Settings
from engine.models import DotProductBias, Table
from engine.ratings import Ratings
from engine.sides import ease_sides, film_sides
from engine.sparse import Sparse, leading
from engine.split import Split, divide

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and what is going on."""

STEPS_BETWEEN_NEWS = 50
TASTES = 20  # numbers a film that say who rated it, for likeness
SQUARE_MEMORY = 0.99  # how slowly Adam forgets the size of past gradients
EPSILON = 1e-5  # fastai's, a thousand times the usual: a row seen for the first time does not leap

MOVIELENS_100K = "6e47046882bad158b0efbb84cd5cb987"
CITATION = (
    "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. "
    "ACM Transactions on Interactive Intelligent Systems 5, 4, Article 19. https://doi.org/10.1145/2827872"
)
LICENCE = (
    "Learned from MovieLens data (GroupLens, University of Minnesota): for research, with acknowledgement, no "
    "endorsement implied, no commercial use without their permission, and the data may not be passed on. "
    "This file holds no rating."
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Trained:
    """One trained model, and how it did."""

    user_factors: NDArray[np.float32]  # (users + 1, factors)
    movie_factors: NDArray[np.float32]  # (titles + 1, factors)
    user_bias: NDArray[np.float32]  # (users + 1,)
    movie_bias: NDArray[np.float32]  # (titles + 1,)
    metrics: Metrics
    losses: tuple[float, ...]


def train(
    ratings: Ratings, split: Split, settings: Settings | None = None, progress: Progress | None = None
) -> Trained:
    """Train on `split.train`, measure on `split.valid`."""
    settings = settings or Settings()
    with one_thread():
        model, losses = fit(ratings, split.train, settings, progress)
        metrics = measure(model, ratings, split.valid)
    return Trained(
        user_factors=model.user_factors.detach().numpy(),
        movie_factors=model.movie_factors.detach().numpy(),
        user_bias=model.user_bias.detach().numpy(),
        movie_bias=model.movie_bias.detach().numpy(),
        metrics=metrics,
        losses=losses,
    )


def build(
    data: Path,
    *,
    valid: str = "r42",
    seeds: int = 5,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Artifact:
    """The model to ship: the lecture's, measured on ratings it has not seen, and `seeds` more for similarity.

    Those learn from every rating, as nothing is measured with them: the more ratings, the steadier the neighbours.
    """
    if seeds < 1:
        raise ValueError("similarity needs at least one training")
    settings = settings or Settings()
    ratings, split = divide(data, valid)
    everything = np.arange(len(ratings))
    own, more = steps(len(split.train), settings), steps(len(ratings), settings)
    total = own + seeds * more

    def news(before: int, training: int) -> Progress:
        def passed_on(done: int, _: int, message: str) -> None:
            if progress:
                progress(before + done, total, f"training {training} of {seeds + 1}, {message}")

        return passed_on

    primary = train(ratings, split, settings, news(0, 1))
    ensemble: list[NDArray[np.float16]] = []
    with one_thread():
        for number in range(seeds):
            seeded = replace(settings, seed=settings.seed + number)
            model, _ = fit(ratings, everything, seeded, news(own + number * more, number + 2))
            ensemble.append(model.movie_factors.detach().numpy().astype(np.float16))
    with one_thread():
        choosing, tables = choice(ratings, split)
    return Artifact(
        titles=ratings.titles,
        genres=ratings.genres,
        users=ratings.users,
        counts=ratings.counts().astype(np.int32),
        means=ratings.means().astype(np.float32),
        user_factors=primary.user_factors,
        movie_factors=primary.movie_factors,
        user_bias=primary.user_bias,
        movie_bias=primary.movie_bias,
        ensemble=np.stack(ensemble),
        card=_card(ratings, split, settings, primary, seeds, choosing),
        **tables,
    )


def choice(ratings: Ratings, split: Split) -> tuple[Chooser, dict[str, NDArray[Any]]]:
    """What recommends: fitted to all ratings, measured with another fit to `split.train` alone."""
    users, items, stars = ratings.user_rows - 1, ratings.title_rows - 1, ratings.stars.astype(np.float64)
    shape = len(ratings.users), len(ratings.titles)
    known = film_sides(ratings.titles, ratings.genres)
    told, held = split.train, split.valid
    checked = bayes.fit(users[told], items[told], stars[told], shape, sides=known)
    metrics = errors(checked.stars(users[held], items[held]), ratings.stars[held])
    whole = bayes.fit(users, items, stars, shape, sides=known)
    weights = ease.fit(users, items, stars, shape, ease_sides(ratings.titles, ratings.genres))
    seen = Sparse(users, items, stars, shape), Sparse(items, users, stars, (shape[1], shape[0]))
    _, sizes, vectors = leading(*seen, TASTES, seed=0)
    choosing = Chooser(
        factors=whole.films.means.shape[1] - 1,
        centre=whole.centre,
        noise=whole.noise,
        tastes=len(sizes),
        weights=len(weights.values),
        metrics=metrics,
    )
    return choosing, chooser.tables(whole.beliefs(), vectors * sizes, weights)


def fit(
    ratings: Ratings, chosen: NDArray[np.int64], settings: Settings, progress: Progress | None = None
) -> tuple[DotProductBias, tuple[float, ...]]:
    """A model that has learnt from the `chosen` ratings, and the mean loss of each epoch."""
    generator = torch.Generator().manual_seed(settings.seed)
    model = DotProductBias(len(ratings.users), len(ratings.titles), settings, generator)
    table = Table(model)
    adam = Adam(table, settings.weight_decay)
    pairs = torch.from_numpy(np.stack([ratings.user_rows, ratings.title_rows + table.users])[:, chosen])  # (2, n)
    stars = torch.from_numpy(ratings.stars[chosen])  # (n,)
    total = steps(len(chosen), settings)
    step = 0
    losses: list[float] = []
    for epoch in range(1, settings.epochs + 1):
        order = torch.randperm(len(stars), generator=generator)
        squared = 0.0
        for batch in order.split(settings.batch):
            squared += float(table.descend(pairs[:, batch], stars[batch]).sum())
            adam.step(*one_cycle(step / total, settings.learning_rate))
            step += 1
            if progress and (step % STEPS_BETWEEN_NEWS == 0 or step == total):
                progress(step, total, f"epoch {epoch} of {settings.epochs}")
        losses.append(squared / len(stars))
    table.write_to(model)
    return model, tuple(losses)


def steps(count: int, settings: Settings) -> int:
    """How many steps it takes to train on so many ratings."""
    return settings.epochs * math.ceil(count / settings.batch)


def measure(model: DotProductBias, ratings: Ratings, chosen: NDArray[np.int64]) -> Metrics:
    """The model's errors on the `chosen` ratings, its predictions taken as they are."""
    with torch.no_grad():
        predicted = model(
            torch.from_numpy(ratings.user_rows[chosen]), torch.from_numpy(ratings.title_rows[chosen])
        )
    return errors(predicted.numpy(), ratings.stars[chosen])


def errors(predicted: NDArray[Any], stars: NDArray[np.float32]) -> Metrics:
    """How far predictions are from the stars that were given."""
    away = predicted.astype(np.float64) - stars
    mse = float(np.mean(away**2))
    return Metrics(mse=mse, rmse=math.sqrt(mse), mae=float(np.mean(np.abs(away))))


def one_cycle(done: float, top: float) -> tuple[float, float]:
    """Learning rate and momentum after the share `done` of all steps: up for a quarter, then down."""
    if done < 0.25:
        return _cosine(done / 0.25, top / 25, top), _cosine(done / 0.25, 0.95, 0.85)
    return _cosine((done - 0.25) / 0.75, top, top / 1e5), _cosine((done - 0.25) / 0.75, 0.85, 0.95)


def _cosine(done: float, start: float, end: float) -> float:
    return start + (end - start) * (1 - math.cos(math.pi * done)) / 2


class Adam:
    """Adam over a whole table, in place, with weight decay apart from the gradient."""

    def __init__(self, table: Table, weight_decay: float) -> None:
        self._table, self._decay = table, weight_decay
        self._mean = torch.zeros_like(table.rows)
        self._square = torch.zeros_like(table.rows)
        self._scale = torch.empty_like(table.rows)
        self._steps = 0

    def step(self, learning_rate: float, momentum: float) -> None:
        """One step along the table's gradient; early averages, which begin at zero, are scaled up."""
        self._steps += 1
        rows, gradient = self._table.rows, self._table.gradient
        self._mean.lerp_(gradient, 1 - momentum)
        self._square.mul_(SQUARE_MEMORY).addcmul_(gradient, gradient, value=1 - SQUARE_MEMORY)
        torch.mul(self._square, 1 / (1 - SQUARE_MEMORY**self._steps), out=self._scale).sqrt_().add_(EPSILON)
        rows.mul_(1 - learning_rate * self._decay)
        rows.addcdiv_(self._mean, self._scale, value=-learning_rate / (1 - momentum**self._steps))


@contextmanager
def one_thread() -> Generator[None]:
    """Sums in one order, so that the same seed gives the same bytes; the tables are too small to share anyway."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _card(
    ratings: Ratings, split: Split, settings: Settings, primary: Trained, seeds: int, choosing: Chooser
) -> Card:
    """The card; data that is not MovieLens comes without its citation."""
    path = ratings.path.resolve()
    name = "MovieLens 100K" if ratings.md5 == MOVIELENS_100K else path.stem if path.is_file() else path.name
    is_movielens = name.lower().startswith(("movielens", "ml-"))
    return Card(
        model="dotbias",
        data=name,
        md5=ratings.md5,
        ratings=len(ratings),
        split=split.name,
        settings=settings,
        metrics=primary.metrics,
        losses=primary.losses,
        seeds=tuple(settings.seed + number for number in range(seeds)),
        chooser=choosing,
        notes=ratings.notes,
        citation=CITATION if is_movielens else "",
        licence=LICENCE
        if is_movielens
        else "The terms of the data it was trained on apply. This file holds no rating.",
    )

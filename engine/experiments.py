"""Trainings to learn from: each of the lecture's models, with the error on ratings held back after each epoch.

What is shipped is made by `engine.training`; here a member changes a setting and sees what it does. A model with a
dot product learns in one table with its gradient by hand, the neural one by autograd and one fused step for all.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import numpy as np
import torch
from torch import Tensor, nn

from engine.card import Metrics, Settings
from engine.models import DotProduct, DotProductBias, EmbeddingNN, Table
from engine.printed import BOOK_DECAY
from engine.ratings import Ratings
from engine.split import Split
from engine.training import EPSILON, SQUARE_MEMORY, Adam, errors, one_cycle, one_thread, steps

Kind = Literal["dot", "range", "dotbias", "nn"]
"""Dot product alone; with a range; with biases, too; linear layers on embeddings."""
KINDS: tuple[Kind, ...] = get_args(Kind)
QUICK: dict[Kind, Settings] = {
    "dotbias": Settings(factors=16, batch=256, learning_rate=0.01, weight_decay=0.15),
    "nn": Settings(batch=384, learning_rate=0.01, weight_decay=0.2),
}
"""As good in fewer and larger steps; found, as the book's values were, by looking at the ratings held back."""
NEWS_A_EPOCH = 10
MEASURED_AT_ONCE = 20_000


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """How far a training is: mean squared errors, on the ratings it learns from and on those held back."""

    number: int
    loss: float
    valid: float


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A training that came to its end."""

    kind: Kind
    settings: Settings
    epochs: tuple[Epoch, ...]
    metrics: Metrics
    weights: int  # numbers that were learnt


News = Callable[[int, int, tuple[Epoch, ...]], None]
"""Called with steps done, steps in all, and the epochs behind us; what it raises ends the training."""


class Learner(Protocol):
    """Something that learns from batches."""

    def step(self, users: Tensor, movies: Tensor, stars: Tensor, rate: float, momentum: float) -> Tensor:
        """Learn from one batch, (B,) each; returns its squared errors, (B,)."""
        ...

    def model(self) -> nn.Module:
        """The model as learnt so far, fit to predict."""
        ...


def experiment(
    ratings: Ratings, split: Split, kind: Kind, settings: Settings | None = None, news: News | None = None
) -> Experiment:
    """Train one model on `split.train`; after each epoch measure it on `split.valid`."""
    settings = settings or Settings(weight_decay=BOOK_DECAY[kind])
    generator = torch.Generator().manual_seed(settings.seed)
    learner = _learner(kind, ratings, settings, generator)
    users, movies = (torch.from_numpy(rows[split.train]) for rows in (ratings.user_rows, ratings.title_rows))
    stars = torch.from_numpy(ratings.stars[split.train])
    total, done = steps(len(stars), settings), 0
    between = max(1, total // settings.epochs // NEWS_A_EPOCH)
    behind: tuple[Epoch, ...] = ()
    with one_thread():
        metrics = Metrics(mse=math.nan, rmse=math.nan, mae=math.nan)
        for number in range(1, settings.epochs + 1):
            squared = torch.zeros(())
            for batch in torch.randperm(len(stars), generator=generator).split(settings.batch):
                cycle = one_cycle(done / total, settings.learning_rate)
                squared += learner.step(users[batch], movies[batch], stars[batch], *cycle).sum()
                done += 1
                if news and done % between == 0 and done % (total // settings.epochs):
                    news(done, total, behind)
            metrics = measured(learner.model(), ratings, split)
            behind = (*behind, Epoch(number=number, loss=float(squared) / len(stars), valid=metrics.mse))
            if news:
                news(done, total, behind)
    weights = sum(parameter.numel() for parameter in learner.model().parameters())
    return Experiment(kind=kind, settings=settings, epochs=behind, metrics=metrics, weights=weights)


def measured(model: nn.Module, ratings: Ratings, split: Split) -> Metrics:
    """The model's errors on the ratings held back, its predictions taken as they are."""
    with torch.no_grad():
        parts = [
            model(torch.from_numpy(ratings.user_rows[part]), torch.from_numpy(ratings.title_rows[part])).numpy()
            for part in np.split(split.valid, range(MEASURED_AT_ONCE, len(split.valid), MEASURED_AT_ONCE))
        ]
    return errors(np.concatenate(parts), ratings.stars[split.valid])


def _learner(kind: Kind, ratings: Ratings, settings: Settings, generator: torch.Generator) -> Learner:
    size = len(ratings.users), len(ratings.titles)
    if kind == "nn":
        return _Network(EmbeddingNN(*size, settings, generator), settings)
    if kind == "dotbias":
        return _Dot(DotProductBias(*size, settings, generator), settings)
    return _Dot(DotProduct(*size, settings, generator, ranged=kind == "range"), settings)


class _Dot:
    """A dot product in one table."""

    def __init__(self, model: DotProduct | DotProductBias, settings: Settings) -> None:
        self._model, self._table = model, Table(model)
        self._adam = Adam(self._table, settings.weight_decay)

    def step(self, users: Tensor, movies: Tensor, stars: Tensor, rate: float, momentum: float) -> Tensor:
        squared = self._table.descend(torch.stack([users, movies + self._table.users]), stars)
        self._adam.step(rate, momentum)
        return squared

    def model(self) -> nn.Module:
        self._table.write_to(self._model)
        return self._model


class _Network:
    """Layers, by autograd."""

    def __init__(self, model: EmbeddingNN, settings: Settings) -> None:
        self._model = model
        # As in fastai, biases and what normalises do not decay.
        plain = [each for each in model.parameters() if each.ndim == 1]
        decayed = [each for each in model.parameters() if each.ndim > 1]
        groups = [
            {"params": decayed, "weight_decay": settings.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
        self._adam = torch.optim.AdamW(groups, eps=EPSILON, betas=(0.9, SQUARE_MEMORY), fused=True)

    def step(self, users: Tensor, movies: Tensor, stars: Tensor, rate: float, momentum: float) -> Tensor:
        if len(stars) == 1:  # one rating has no spread to be normalised by
            return torch.zeros(1)
        self._model.train()
        for group in self._adam.param_groups:
            group["lr"], group["betas"] = rate, (momentum, SQUARE_MEMORY)
        squared = (self._model(users, movies) - stars) ** 2
        self._adam.zero_grad(set_to_none=True)
        squared.mean().backward()
        self._adam.step()
        return squared.detach()

    def model(self) -> nn.Module:
        return self._model.eval()

"""The lecture's models, from scratch: what a person likes times what a film is, plus how both lean.

    DotProduct        user · movie, with or without a range
    DotProductBias    range(user · movie + user bias + movie bias): fastai's EmbeddingDotBias
    EmbeddingNN       range(layers(user beside movie)): fastai's of the same name

where `range` is a sigmoid stretched over 0 to 5.5. Row 0 of every table is `#na#`: nobody, no film.
Imports torch: only training and the learning demos load this module.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding

from engine.blueprint import HIDDEN, embedding_size
from engine.card import Settings
from engine.errors import UnknownTitle, UnknownUser

SPREAD = 0.01
"""Standard deviation of the first weights, cut off at two of them: nobody starts with an opinion."""


def sigmoid_range(x: Tensor, low: float, high: float) -> Tensor:
    """A sigmoid from `low` to `high`."""
    return torch.sigmoid(x) * (high - low) + low


def create_params(*size: int, generator: torch.Generator | None = None) -> nn.Parameter:
    """Weights to learn, (*size): normal around 0 and cut off at two deviations, as in fastai's embeddings."""
    limit = 2 * SPREAD
    return nn.Parameter(
        nn.init.trunc_normal_(torch.empty(*size), std=SPREAD, a=-limit, b=limit, generator=generator)
    )


class DotProduct(nn.Module):
    """Factors for each user and film, and nothing else: the lecture's first."""

    def __init__(
        self,
        users: int,
        titles: int,
        settings: Settings,
        generator: torch.Generator | None = None,
        *,
        ranged: bool = True,
    ) -> None:
        super().__init__()
        self.low, self.high, self.ranged = settings.low, settings.high, ranged
        self.user_factors = create_params(users + 1, settings.factors, generator=generator)  # (944, 50)
        self.movie_factors = create_params(titles + 1, settings.factors, generator=generator)  # (1665, 50)

    def forward(self, users: Tensor, movies: Tensor) -> Tensor:
        """Stars for pairs of rows, (B,) and (B,) → (B,)."""
        dot = (self.user_factors[users] * self.movie_factors[movies]).sum(dim=1)  # (B, F) → (B,)
        return sigmoid_range(dot, self.low, self.high) if self.ranged else dot


class DotProductBias(nn.Module):
    """Factors and a bias for each user and film."""

    def __init__(
        self, users: int, titles: int, settings: Settings, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        self.low, self.high = settings.low, settings.high

        self.user_factors = create_params(
            users + 1, settings.factors, generator=generator
        )  # (944, 50) for MovieLens 100K
        self.movie_factors = create_params(titles + 1, settings.factors, generator=generator)  # (1665, 50)
        self.user_bias = create_params(users + 1, generator=generator)  # (944,)
        self.movie_bias = create_params(titles + 1, generator=generator)  # (1665,)
        self._names: dict[str, Sequence[str]] = {"users": (), "titles": ()}

    def forward(self, users: Tensor, movies: Tensor) -> Tensor:
        """Stars for pairs of rows, (B,) and (B,) → (B,)."""
        dot = (self.user_factors[users] * self.movie_factors[movies]).sum(dim=1)  # (B, F) → (B,)
        return sigmoid_range(dot + self.user_bias[users] + self.movie_bias[movies], self.low, self.high)

    def called(self, users: Sequence[str], titles: Sequence[str]) -> "DotProductBias":
        """The model with names for its rows, in their order from row 1 on."""
        self._names = {"users": users, "titles": titles}
        return self

    def weight(self, which: Sequence[int | str] | Tensor, *, movies: bool = True) -> Tensor:
        """The factors of some films, or of some users, by row or by name, (n, F)."""
        return (self.movie_factors if movies else self.user_factors).detach()[self._rows(which, movies)]

    def bias(self, which: Sequence[int | str] | Tensor, *, movies: bool = True) -> Tensor:
        """The biases of some films, or of some users, by row or by name, (n,)."""
        return (self.movie_bias if movies else self.user_bias).detach()[self._rows(which, movies)]

    def _rows(self, which: Sequence[int | str] | Tensor, movies: bool) -> Tensor:
        """Rows of the tables; UnknownTitle or UnknownUser where a name is nobody's."""
        if isinstance(which, Tensor):
            return which
        names = self._names["titles" if movies else "users"]
        places = {name: row for row, name in enumerate(names, 1)}
        for name in which:
            if isinstance(name, str) and name not in places:
                raise UnknownTitle(name) if movies else UnknownUser(name, names)
        return torch.tensor([places[each] if isinstance(each, str) else each for each in which])


class EmbeddingNN(nn.Module):
    """Embeddings side by side through linear layers: what goes with what is learnt, too."""

    def __init__(
        self,
        users: int,
        titles: int,
        settings: Settings,
        generator: torch.Generator | None = None,
        layers: Sequence[int] = HIDDEN,
    ) -> None:
        super().__init__()
        self.low, self.high = settings.low, settings.high
        sizes = embedding_size(users + 1), embedding_size(titles + 1)
        self.user_factors = create_params(users + 1, sizes[0], generator=generator)  # (944, 74)
        self.movie_factors = create_params(titles + 1, sizes[1], generator=generator)  # (1665, 102)
        steps: list[nn.Module] = []
        for inward, outward in pairwise((sum(sizes), *layers)):  # 176 → 100 → 50
            # What the normalisation adds makes a bias idle.
            steps += [_linear(inward, outward, generator, bias=False), nn.ReLU(), nn.BatchNorm1d(outward)]
        self.layers = nn.Sequential(*steps, _linear(layers[-1], 1, generator, bias=True))

    def forward(self, users: Tensor, movies: Tensor) -> Tensor:
        """Stars for pairs of rows, (B,) and (B,) → (B,)."""
        both = torch.cat([embedding(users, self.user_factors), embedding(movies, self.movie_factors)], dim=1)
        return sigmoid_range(self.layers(both).squeeze(dim=1), self.low, self.high)  # (B, 176) → (B, 1) → (B,)


def _linear(inward: int, outward: int, generator: torch.Generator | None, *, bias: bool) -> nn.Linear:
    """PyTorch's first weights, drawn from our generator."""
    layer = nn.Linear(inward, outward, bias=bias)
    limit = inward**-0.5
    for parameter in layer.parameters():
        nn.init.uniform_(parameter, -limit, limit, generator=generator)
    return layer


class Table:
    """A dot product's tables as one, with its gradient by hand: four times as fast as autograd.

    A row is factors and bias side by side, users first, then films: (users + 1 + titles + 1, factors + 1). Seen
    from the film, the user's row with 1 for its bias is what the film's row is multiplied with; and vice versa.
    """

    def __init__(self, model: "DotProduct | DotProductBias") -> None:
        self.users = len(model.user_factors)
        self.low, self.high = model.low, model.high
        self.biased = isinstance(model, DotProductBias)
        self.ranged = isinstance(model, DotProductBias) or model.ranged
        # Without biases the last column is 0 and stays 0.
        biases = [model.user_bias, model.movie_bias] if isinstance(model, DotProductBias) else [torch.zeros(1)] * 2
        users, movies = (
            torch.cat([factors, bias[:, None].expand(len(factors), 1)], dim=1)
            for factors, bias in zip((model.user_factors, model.movie_factors), biases, strict=True)
        )
        self.rows = torch.cat([users, movies]).detach()  # (R, F + 1)
        self.gradient = torch.zeros_like(self.rows)

    def descend(self, pairs: Tensor, stars: Tensor) -> Tensor:
        """Write the gradient of the batch's mean squared error into `gradient`; return the squared errors, (B,).

        `pairs` is (2, B): rows of users, and rows of films counted from where the films begin in this table.
        """
        sides = self.rows[pairs]  # (2, B, F + 1)
        user, movie = sides[0], sides[1]
        product = user * movie
        # The biases are added, not multiplied.
        activation = product[:, :-1].sum(dim=1) + user[:, -1] + movie[:, -1]  # (B,)
        if self.ranged:
            share = torch.sigmoid(activation)
            error = share * (self.high - self.low) + self.low - stars
            # d mean(error²) / d activation, with sigmoid' = s (1 − s).
            slope = (2 / len(stars) * (self.high - self.low)) * error * share * (1 - share)
        else:
            error = activation - stars
            slope = 2 / len(stars) * error
        other = sides.flip(0)
        other[:, :, -1] = float(self.biased)
        other *= slope[:, None]
        self.gradient.zero_()
        self.gradient.index_add_(0, pairs.reshape(-1), other.reshape(-1, other.shape[-1]))
        return error * error

    def write_to(self, model: "DotProduct | DotProductBias") -> None:
        """Copy the rows back into the model's tables."""
        users, movies = self.rows[: self.users], self.rows[self.users :]
        with torch.no_grad():
            model.user_factors.copy_(users[:, :-1])
            model.movie_factors.copy_(movies[:, :-1])
            if isinstance(model, DotProductBias):
                model.user_bias.copy_(users[:, -1])
                model.movie_bias.copy_(movies[:, -1])

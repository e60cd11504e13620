"""The lecture's model, from scratch: what a person likes times what a film is, plus how both lean.

stars = range(user · movie + user bias + movie bias), where `range` is a sigmoid stretched over 0 to 5.5.
Imports torch: only training and the learning demos load this module.
"""

import torch
from torch import Tensor, nn

from engine.card import Settings

SPREAD = 0.01
"""Standard deviation of the first weights, cut off at two of them: nobody starts with an opinion."""


def sigmoid_range(x: Tensor, low: float, high: float) -> Tensor:
    """A sigmoid from `low` to `high`."""
    return torch.sigmoid(x) * (high - low) + low


class DotProductBias(nn.Module):
    """Factors and a bias for each user and film. Row 0 of every table is `#na#`: nobody, no film."""

    def __init__(
        self, users: int, titles: int, settings: Settings, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        self.low, self.high = settings.low, settings.high

        def small(*shape: int) -> nn.Parameter:
            start = torch.empty(*shape)
            limit = 2 * SPREAD
            return nn.Parameter(nn.init.trunc_normal_(start, std=SPREAD, a=-limit, b=limit, generator=generator))

        self.user_factors = small(users + 1, settings.factors)  # (944, 50) for MovieLens 100K
        self.movie_factors = small(titles + 1, settings.factors)  # (1665, 50)
        self.user_bias = small(users + 1)  # (944,)
        self.movie_bias = small(titles + 1)  # (1665,)

    def forward(self, users: Tensor, movies: Tensor) -> Tensor:
        """Stars for pairs of rows, (B,) and (B,) → (B,)."""
        dot = (self.user_factors[users] * self.movie_factors[movies]).sum(dim=1)  # (B, F) → (B,)
        return sigmoid_range(dot + self.user_bias[users] + self.movie_bias[movies], self.low, self.high)


class Table:
    """The model's four tables as one, with its gradient by hand: four times as fast as autograd.

    A row is factors and bias side by side, users first, then films: (users + 1 + titles + 1, factors + 1). Seen
    from the film, the user's row with 1 for its bias is what the film's row is multiplied with; and vice versa.
    """

    def __init__(self, model: DotProductBias) -> None:
        self.users = len(model.user_bias)
        self.low, self.high = model.low, model.high
        users = torch.cat([model.user_factors, model.user_bias[:, None]], dim=1)
        movies = torch.cat([model.movie_factors, model.movie_bias[:, None]], dim=1)
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
        share = torch.sigmoid(activation)
        error = share * (self.high - self.low) + self.low - stars
        # d mean(error²) / d activation, with sigmoid' = s (1 − s).
        slope = (2 / len(stars) * (self.high - self.low)) * error * share * (1 - share)
        other = sides.flip(0)
        other[:, :, -1] = 1
        other *= slope[:, None]
        self.gradient.zero_()
        self.gradient.index_add_(0, pairs.reshape(-1), other.reshape(-1, other.shape[-1]))
        return error * error

    def write_to(self, model: DotProductBias) -> None:
        """Copy the rows back into the model's four tables."""
        users, movies = self.rows[: self.users], self.rows[self.users :]
        with torch.no_grad():
            for parameter, values in (
                (model.user_factors, users[:, :-1]),
                (model.user_bias, users[:, -1]),
                (model.movie_factors, movies[:, :-1]),
                (model.movie_bias, movies[:, -1]),
            ):
                parameter.copy_(values)

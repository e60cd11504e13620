"""What each model is made of: its tables and layers, with their shapes, for so many users and titles.

Without torch, so that looking is light; `engine.models` builds the same. Row 0 of every table is `#na#`.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

HIDDEN = (100, 50)
"""The neural model's layers."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One table or layer: what it is called, the shape of what is learnt in it, and what it does."""

    name: str
    shape: tuple[int, ...]
    does: str

    @property
    def numbers(self) -> int:
        """How many numbers are learnt in it."""
        return math.prod(self.shape)


def embedding_size(categories: int) -> int:
    """How many numbers fastai gives each of so many categories: 74 for 944, 102 for 1665."""
    return min(600, round(1.6 * categories**0.56))


def dot(users: int, titles: int, factors: int) -> tuple[Layer, ...]:
    """The dot product alone."""
    return (
        Layer(name="user_factors", shape=(users + 1, factors), does="a row for each user"),
        Layer(name="movie_factors", shape=(titles + 1, factors), does="a row for each film; both are multiplied"),
    )


def dotbias(users: int, titles: int, factors: int) -> tuple[Layer, ...]:
    """The dot product with biases."""
    return (
        *dot(users, titles, factors),
        Layer(name="user_bias", shape=(users + 1,), does="added, then a sigmoid from 0 to 5.5"),
        Layer(name="movie_bias", shape=(titles + 1,), does="added, too"),
    )


def nn(users: int, titles: int) -> tuple[Layer, ...]:
    """The neural model."""
    sizes = embedding_size(users + 1), embedding_size(titles + 1)
    layers = [
        Layer(name="user_factors", shape=(users + 1, sizes[0]), does="a row for each user"),
        Layer(name="movie_factors", shape=(titles + 1, sizes[1]), does="a row for each film, beside the user's"),
    ]
    for number, (inward, outward) in enumerate(pairwise((sum(sizes), *HIDDEN)), 1):
        layers += [
            Layer(name=f"linear {number}", shape=(outward, inward), does=f"{inward} → {outward}, then ReLU"),
            Layer(name=f"norm {number}", shape=(2, outward), does="a spread and a mean for each"),
        ]
    last = HIDDEN[-1]
    return (
        *layers,
        Layer(name="linear 3", shape=(1, last), does=f"{last} → 1"),
        Layer(name="its bias", shape=(1,), does="added, then a sigmoid from 0 to 5.5"),
    )


def bayes(titles: int, factors: int, weights: int) -> tuple[Layer, ...]:
    """What recommends: beliefs about films and people, and weights between films."""
    own = factors + 1
    return (
        Layer(name="film means", shape=(titles, own), does="factors and bias of each film"),
        Layer(name="film covariances", shape=(titles, own * (own + 1) // 2), does="how unsure those are"),
        Layer(name="newcomer", shape=(own,), does="the average person"),
        Layer(name="newcomer's spread", shape=(own, own), does="how people differ from that"),
        Layer(name="noise", shape=(1,), does="how far a rating lies from what is expected"),
        Layer(name="weights", shape=(weights,), does="how much one film speaks for another (EASE)"),
    )

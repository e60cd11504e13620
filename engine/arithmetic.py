"""The lecture's sums on numbers that somebody types: dot product, sigmoid, softmax, distance, likes, analogies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import likes, vectors, words
from engine.errors import BadNumbers
from engine.foldin import sigmoid
from engine.likes import Likes
from engine.words import Analogy

SEED, SPREAD = 42, 0.01
LARGEST_SIDE = 100_000


@dataclass(frozen=True, kw_only=True)
class Dot:
    """Two vectors, multiplied place by place and added up."""

    first: tuple[float, ...]
    second: tuple[float, ...]
    products: tuple[float, ...]
    sum: float


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Two vectors' distance, and the cosine of the angle between them; None where one of them is zero."""

    first: tuple[float, ...]
    second: tuple[float, ...]
    euclidean: float
    cosine: float | None


@dataclass(frozen=True, kw_only=True)
class Squashed:
    """Numbers through a sigmoid, each by itself, and through a softmax, all together."""

    numbers: tuple[float, ...]
    sigmoid: tuple[float, ...]
    softmax: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """A table of parameters as it is before training: normal around 0; what one draw of it looks like."""

    shape: tuple[int, ...]
    count: int
    spread: float
    mean: float
    deviation: float
    lowest: float
    highest: float


class Arithmetic:
    """Sums behind one door. Text comes in as people type it; BadNumbers says what is wrong with it."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words that `analogy` knows."""
        return tuple(words.VECTORS)

    @property
    def methods(self) -> tuple[str, ...]:
        """The ways from likes to stars."""
        return tuple(likes.METHODS)

    def dot(self, text: str) -> Dot:
        """The dot product of two vectors."""
        first, second = vectors.two_vectors(text)
        products = tuple(a * b for a, b in zip(first, second, strict=True))
        return Dot(first=first, second=second, products=products, sum=float(np.sum(products)))

    def distance(self, text: str) -> Apart:
        """How far two vectors are apart, by both measures."""
        first, second = vectors.two_vectors(text)
        one, two = np.array(first), np.array(second)
        lengths = float(np.linalg.norm(one) * np.linalg.norm(two))
        cosine = float(one @ two) / lengths if lengths else None
        return Apart(first=first, second=second, euclidean=float(np.linalg.norm(one - two)), cosine=cosine)

    def squashed(self, text: str) -> Squashed:
        """The numbers through sigmoid and softmax."""
        given = np.array(vectors.listed(text, most=vectors.MOST_SHOWN))
        # Less the largest, so that no exponential overflows; the shares stay the same.
        powers = np.exp(given - given.max())
        return Squashed(
            numbers=tuple(given.tolist()),
            sigmoid=tuple(sigmoid(given.clip(-700, 700)).tolist()),
            softmax=tuple((powers / powers.sum()).tolist()),
        )

    def likes(self, text: str) -> Likes:
        """Counts of likes as stars from 1 to 5, by every method."""
        return likes.stars(vectors.listed(text, most=vectors.MOST_SHOWN, low=0))

    def analogy(self, terms: Sequence[tuple[int, str]]) -> Analogy:
        """The words nearest to a sum of words, each with its sign."""
        return words.analogy(terms)

    def parameters(self, text: str) -> Parameters:
        """A new table of the shape that is written as 20x30."""
        shape = vectors.shape(text)
        if any(not 1 <= side <= LARGEST_SIDE for side in shape) or np.prod(shape, dtype=np.float64) > 1e7:
            raise BadNumbers(f"A table here has sides from 1 to {LARGEST_SIDE:,} and 10 million numbers at most.")
        drawn = np.random.default_rng(SEED).normal(0, SPREAD, shape)
        return Parameters(
            shape=shape,
            count=drawn.size,
            spread=SPREAD,
            mean=float(drawn.mean()),
            deviation=float(drawn.std()),
            lowest=float(drawn.min()),
            highest=float(drawn.max()),
        )

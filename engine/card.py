"""What a model says about itself: the data it has seen, how it was trained, how well it does."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to train: the lecture's values (fastbook chapter 8)."""

    factors: int = 50
    epochs: int = 5
    batch: int = 64
    learning_rate: float = 5e-3  # the top of the one-cycle schedule
    weight_decay: float = 0.1
    low: float = 0.0
    # A sigmoid never reaches its ends, so 5 stars must lie inside.
    high: float = 5.5
    seed: int = 42


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """How far predictions are from ratings held back. Predictions as the model gives them, not clipped to 1..5."""

    mse: float
    rmse: float
    mae: float

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Metrics":
        """As the card's."""
        fields = Fields(values)
        return cls(**{name: fields.get(name, float) for name in ("mse", "rmse", "mae")})


@dataclass(frozen=True, kw_only=True)
class Chooser:
    """What recommends, beside the lecture's model: `engine.bayes` for stars, `engine.ease` for what to show."""

    factors: int
    centre: float  # the mean of all ratings
    noise: float  # variance of a rating around what is expected
    tastes: int  # numbers a film that say who rated it
    weights: int  # between films
    metrics: Metrics  # of another fit, which has not seen the ratings held back

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Chooser":
        """As the card's."""
        fields = Fields(values)
        return cls(
            factors=fields.get("factors", int),
            centre=fields.get("centre", float),
            noise=fields.get("noise", float),
            tastes=fields.get("tastes", int),
            weights=fields.get("weights", int),
            metrics=Metrics.from_json(fields.get("metrics", dict)),
        )


@dataclass(frozen=True, kw_only=True)
class Card:
    """The facts of one trained model. It holds no rating, no date and no path."""

    model: str  # the kind: "dotbias"
    data: str
    md5: str  # of the rating file, or of several one after the other
    ratings: int
    split: str
    settings: Settings
    metrics: Metrics
    losses: tuple[float, ...]  # mean training loss of each epoch
    seeds: tuple[int, ...]  # of the trainings that similarity is averaged over
    chooser: Chooser
    citation: str
    licence: str
    notes: tuple[str, ...] = ()  # what was made of the data, as sentences

    @property
    def lowest(self) -> float:
        """The fewest stars that are said; the lecture's range, where it is wider, is there for its sigmoid."""
        return max(self.settings.low, 0.5)

    @property
    def highest(self) -> float:
        """The most."""
        return min(self.settings.high, 5.0)

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Card":
        """The card that `to_json` gave; `ValueError` names the field that is not what it should be."""
        fields = Fields(values)
        settings = Fields(fields.get("settings", dict))
        usual = Settings()
        return cls(
            model=fields.get("model", str),
            data=fields.get("data", str),
            md5=fields.get("md5", str),
            ratings=fields.get("ratings", int),
            split=fields.get("split", str),
            settings=Settings(**{name: settings.get(name, type(value)) for name, value in asdict(usual).items()}),
            metrics=Metrics.from_json(fields.get("metrics", dict)),
            losses=fields.all("losses", float),
            seeds=fields.all("seeds", int),
            chooser=Chooser.from_json(fields.get("chooser", dict)),
            citation=fields.get("citation", str),
            licence=fields.get("licence", str),
            notes=fields.all("notes", str),
        )


class Fields:
    """Values out of a JSON object, each of the kind that is expected there."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def get(self, name: str, kind: type[T]) -> T:
        """One value; `ValueError` names it when it is of another kind, or a number that is not finite."""
        return self._checked(name, self._values.get(name), kind)

    def all(self, name: str, kind: type[T]) -> tuple[T, ...]:
        """A list of values of one kind."""
        values: list[Any] = self.get(name, list)
        return tuple(self._checked(name, value, kind) for value in values)

    @staticmethod
    def _checked(name: str, value: object, kind: type[T]) -> T:
        # Not isinstance: True is an int there.
        if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
            raise ValueError(f"its {name} is not as it should be")
        return value

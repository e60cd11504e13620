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
    citation: str
    licence: str

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Card":
        """The card that `to_json` gave; `ValueError` names the field that is not what it should be."""
        fields = Fields(values)
        settings, metrics = Fields(fields.get("settings", dict)), Fields(fields.get("metrics", dict))
        usual = Settings()
        return cls(
            model=fields.get("model", str),
            data=fields.get("data", str),
            md5=fields.get("md5", str),
            ratings=fields.get("ratings", int),
            split=fields.get("split", str),
            settings=Settings(**{name: settings.get(name, type(value)) for name, value in asdict(usual).items()}),
            metrics=Metrics(**{name: metrics.get(name, float) for name in ("mse", "rmse", "mae")}),
            losses=fields.all("losses", float),
            seeds=fields.all("seeds", int),
            citation=fields.get("citation", str),
            licence=fields.get("licence", str),
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

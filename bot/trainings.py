# ruff: noqa: D102 - the members of a small Protocol say it by name and type
"""What the commands see of a training that members ask for."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.values import Person

Who = Literal["members", "admins", "off"]
LEAST = 5
"""Films that a member has to have rated before a training learns from them: with fewer they are easily guessed."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training: which model, and how."""

    model: str
    factors: int
    epochs: int
    weight_decay: float


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The mean squared error after each epoch so far, on what the model learns from and on what was held back."""

    train: tuple[float, ...] = ()
    valid: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class State:
    """How far a training is: the share that is done, and a curve for each run."""

    done: float
    curves: tuple[Curve, ...]


@dataclass(frozen=True, kw_only=True)
class Printed:
    """The book's figures after its last epoch, for such a model at that weight decay."""

    weight_decay: float
    train: float
    valid: float


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What a training came to; of one that was stopped, as far as it went, and by whom."""

    state: State
    train: int = 0  # ratings learnt from
    valid: int = 0  # ratings held back
    members: int = 0
    members_ratings: int = 0
    notes: tuple[str, ...] = ()  # what was made of the data, as sentences
    film_means: float = 0.0  # the error of always guessing the film's mean
    printed: tuple[Printed | None, ...] = ()
    stopped_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Current:
    """The training that is under way: who asked for it, and what it is."""

    person: Person
    runs: tuple[Run, ...]


class Trainings(Protocol):
    """Trains for members, one training at a time."""

    @property
    def who(self) -> Who: ...
    @property
    def data(self) -> str:
        """What there is to train on, by name; empty where there is nothing."""
        ...

    @property
    def current(self) -> Current | None: ...
    async def run(
        self, person: Person, runs: Sequence[Run], tell: Callable[[State], Awaitable[None]]
    ) -> Trained | None:
        """Train; None where another training is under way. UserError says what is wrong with the data."""
        ...

    async def stop(self, by: str) -> None:
        """Stop the training that is under way, if there is one."""
        ...

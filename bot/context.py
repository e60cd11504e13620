"""What a command may use, as small Protocols: it knows neither the platform nor the engine behind them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, Protocol

from bot.demo import Kernels
from bot.insight import Arithmetic, Inside, Insight, Sources
from bot.notes import Notebook, Week
from bot.questionnaire import Quiz
from bot.shelf import Shelf
from bot.steering import Steering
from bot.trainings import Trainings
from bot.values import File, Guessed, Person, Place, Reply, Trouble

Progress = Callable[[Reply], Awaitable[None]]
"""Shows how far a command is, in the post where its answer will stand."""


async def unshown(_reply: Reply) -> None:
    """Show nobody how far a command is."""


class Film(Protocol):
    """One film of the catalogue."""

    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def genres(self) -> tuple[str, ...]: ...
    @property
    def count(self) -> int: ...
    @property
    def mean(self) -> float: ...
    @property
    def bias(self) -> float: ...
    @property
    def bias_rank(self) -> int: ...


class Neighbour(Protocol):
    """A film close to another: the plain score, and how many ratings it rests on."""

    @property
    def title(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def count(self) -> int: ...


class Reason(Protocol):
    """One rating behind a prediction: its share in the film being shown, and the stars it moved it by."""

    @property
    def title(self) -> str: ...
    @property
    def share(self) -> float: ...
    @property
    def stars(self) -> float: ...


class Prediction(Protocol):
    """What somebody would probably give a film, give or take `sd`; and what the average newcomer would."""

    @property
    def title(self) -> str: ...
    @property
    def stars(self) -> float: ...
    @property
    def count(self) -> int: ...
    @property
    def sd(self) -> float: ...
    @property
    def average(self) -> float: ...
    @property
    def why(self) -> Sequence[Reason]: ...


class Found(Protocol):
    """What a typed title led to: the title when there is no doubt, else the nearest ones.

    `known` says whether the nearest ones may be meant, or are only the nearest there are.
    """

    @property
    def title(self) -> str | None: ...
    @property
    def near(self) -> tuple[str, ...]: ...
    @property
    def score(self) -> float: ...
    @property
    def known(self) -> bool: ...


class Metrics(Protocol):
    """How far the model's predictions are from ratings held back, in stars."""

    @property
    def mse(self) -> float: ...
    @property
    def rmse(self) -> float: ...
    @property
    def mae(self) -> float: ...


class Card(Protocol):
    """What a model says about itself."""

    @property
    def model(self) -> str: ...
    @property
    def data(self) -> str: ...
    @property
    def ratings(self) -> int: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def seeds(self) -> Sequence[int]: ...
    @property
    def citation(self) -> str: ...
    @property
    def licence(self) -> str: ...


class Films(Protocol):
    """The loaded recommendation model."""

    @property
    def titles(self) -> Sequence[str]: ...
    @property
    def users(self) -> Sequence[str]: ...
    @property
    def card(self) -> Card: ...

    def find(self, query: str) -> Found: ...
    def film(self, title: str) -> Film: ...
    def similar(
        self,
        title: str,
        *,
        count: int,
        metric: Literal["cosine", "euclidean"],
        minimum: int,
        candidates: int | None = 20,
    ) -> Sequence[Neighbour]: ...
    def recommend(
        self,
        ratings: Mapping[str, float],
        *,
        count: int,
        minimum: int = 20,
        wishes: Mapping[str, float] | None = None,
    ) -> Sequence[Prediction]: ...
    def lecture_recommend(
        self, ratings: Mapping[str, float], *, count: int, minimum: int = 20
    ) -> Sequence[Prediction]: ...
    @property
    def sliders(self) -> Sequence[str]: ...
    def questions(self, count: int = 30) -> Sequence[str]: ...
    def predict(self, title: str, ratings: Mapping[str, float]) -> Prediction: ...


class Ratings(Protocol):
    """The members' own ratings: title → stars, oldest first."""

    async def rate(self, person: Person, title: str, stars: float, at: datetime) -> float | None:
        """Keep a rating; what it was before, if it was rated."""
        ...

    async def unrate(self, person: Person, title: str) -> float | None:
        """Take one rating back; what it was."""
        ...

    async def of(self, person: Person) -> Mapping[str, float]: ...
    async def forget(self, person: Person) -> int:
        """Erase all of a person's ratings; how many there were."""
        ...


class Workers(Protocol):
    """What takes seconds or minutes of computing, in a process of its own."""

    async def run(
        self, task: str, tell: Callable[[Mapping[str, Any]], Awaitable[None]], /, **given: Any
    ) -> Mapping[str, Any]:
        """The result of the task of that name; `tell` hears what it says on the way.

        UserError if it takes too long, or too many wait.
        """
        ...


class Guesses(Protocol):
    """What members were asked to guess, and how they are doing: each for themselves."""

    async def ask(self, person: Person, at: datetime) -> int:
        """The number of their next question, which waits for their guess from now on."""
        ...

    async def waiting(self, person: Person) -> int | None:
        """The question that waits for their guess."""
        ...

    async def guess(self, person: Person, question: int, *, right: bool, at: datetime) -> Guessed:
        """Count a guess, if that question waits for it; how they are doing since."""
        ...

    async def of(self, person: Person) -> Guessed: ...
    async def forget(self, person: Person) -> int: ...


class Troubles(Protocol):
    """What does not work just now."""

    @property
    def all(self) -> Sequence[Trouble]: ...


class Help(Protocol):
    """What can be asked, in words."""

    def index(self, person: Person) -> Reply: ...
    def page(self, name: str, person: Person) -> Reply: ...


@dataclass(frozen=True, kw_only=True)
class Context:
    """All that a command is given besides its parameters. Parts are made when they are first asked for.

    `place` is where the group is at home on the platform, whichever of its threads the command stood in: what is
    kept for the group is kept for that place. `attached`: the picture on the post, or on the post it answers;
    `file`: one that may hold questions.
    `progress`: a command that takes more than a second calls it before it begins, and as often as it likes; not
    every call is shown, and none is once the answer is there.
    """

    person: Person
    place: Place
    now: datetime
    prefix: str
    parts: "Parts"
    attached: bytes = field(default=b"", repr=False)
    file: File | None = None
    progress: Progress = field(default=unshown, repr=False)

    @cached_property
    def films(self) -> Films:
        """The model as it is when first asked for: an answer is of one model, whatever is loaded meanwhile."""
        return self.parts.films

    @cached_property
    def insight(self) -> Insight:
        return self.parts.inside.insight

    @property
    def arithmetic(self) -> Arithmetic:
        return self.parts.inside.arithmetic

    @property
    def sources(self) -> Sources:
        return self.parts.inside.sources

    @property
    def kernels(self) -> Kernels:
        return self.parts.kernels

    @property
    def ratings(self) -> Ratings:
        return self.parts.ratings

    @property
    def help(self) -> Help:
        return self.parts.help

    @property
    def notebook(self) -> Notebook:
        return self.parts.notebook

    @property
    def week(self) -> Week:
        return self.parts.week

    @property
    def quiz(self) -> Quiz:
        return self.parts.quiz

    @property
    def steering(self) -> Steering:
        return self.parts.steering

    @property
    def troubles(self) -> Troubles:
        return self.parts.troubles

    @property
    def trainings(self) -> Trainings:
        return self.parts.trainings

    @property
    def shelf(self) -> Shelf:
        return self.parts.shelf

    @property
    def workers(self) -> Workers:
        return self.parts.workers

    @property
    def guesses(self) -> Guesses:
        return self.parts.guesses


class Parts(Protocol):
    """Where a Context finds its parts (`bot.app.App`)."""

    @property
    def films(self) -> Films: ...
    @property
    def inside(self) -> Inside: ...
    @property
    def kernels(self) -> Kernels: ...
    @property
    def ratings(self) -> Ratings: ...
    @property
    def help(self) -> Help: ...
    @property
    def notebook(self) -> Notebook: ...
    @property
    def week(self) -> Week: ...
    @property
    def quiz(self) -> Quiz: ...
    @property
    def troubles(self) -> Troubles: ...
    @property
    def workers(self) -> Workers: ...
    @property
    def guesses(self) -> Guesses: ...
    @property
    def steering(self) -> Steering: ...
    @property
    def trainings(self) -> Trainings: ...
    @property
    def shelf(self) -> Shelf: ...

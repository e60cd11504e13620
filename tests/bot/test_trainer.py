"""One training at a time, and none that cannot be stopped."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.app import App
from bot.errors import UserError
from bot.health import examine
from bot.settings import Settings
from bot.trainer import Trainer
from bot.trainings import LEAST, Curve, Run, State
from tests.bot.conftest import ANN, ROOT

RUN = Run(model="dotbias", factors=2, epochs=2, weight_decay=0.1)
DEADLINE = 60.0


class Everybody:
    """The members' ratings, as far as a training sees them."""

    async def of_everybody(self, least: int) -> Sequence[Mapping[str, float]]:
        """One member, with just enough."""
        return [{f"Film {number}": 4.0 for number in range(least)}]


class Ear:
    """Hears how far a training is."""

    def __init__(self) -> None:
        self.heard: list[State] = []
        self.something = asyncio.Event()

    async def __call__(self, state: State) -> None:
        """Hear it."""
        self.heard.append(state)
        self.something.set()


def trainer(task: str) -> Trainer:
    """A trainer whose process does what tests.bot.work says."""
    return Trainer(Path("ratings"), "members", Everybody(), tasks={"train": f"tests.bot.work:{task}"})


async def begun(made: Trainer, ear: Ear) -> asyncio.Task[object]:
    """A training under way."""
    task = asyncio.create_task(made.run(ANN, [RUN], ear))
    async with asyncio.timeout(DEADLINE):
        await ear.something.wait()
    return task  # pyright: ignore[reportReturnType] - a Task of something narrower


async def test_the_result_comes_back() -> None:
    """With the curves, and the members that were learnt from."""
    ear, made = Ear(), trainer("trained")
    trained = await made.run(ANN, [RUN], ear)
    assert trained is not None
    assert trained.state.curves == (Curve(train=(1.0, 0.5), valid=(1.0, 0.75)),)
    assert (trained.members_ratings, trained.stopped_by) == (LEAST, "")
    assert ear.heard == [State(done=0.5, curves=(Curve(train=(1.0,), valid=(1.0,)),))]
    assert made.current is None


async def test_one_at_a_time() -> None:
    """The second one gets nothing, at once; when the first is over, the next has its turn."""
    ear, made = Ear(), trainer("training")
    first = await begun(made, ear)
    assert made.current is not None
    assert made.current.person == ANN
    assert await made.run(ROOT, [RUN], Ear()) is None
    await made.stop("Root")
    await first
    again = await begun(made, Ear())
    await made.stop("Root")
    await again


async def test_a_training_that_is_stopped_keeps_what_it_had() -> None:
    """Its process is gone when `stop` returns; whoever asked gets the curves so far."""
    ear, made = Ear(), trainer("training")
    task = asyncio.create_task(made.run(ANN, [RUN], ear))
    async with asyncio.timeout(DEADLINE):
        await ear.something.wait()
        await made.stop("Root")
        trained = await task
    assert trained is not None
    assert trained.stopped_by == "Root"
    assert trained.state == ear.heard[-1]
    await made.stop("nobody")  # with nothing under way nothing happens


async def test_whoever_asked_may_be_gone() -> None:
    """Cancelled from outside, as at the end of a platform, the training is over too."""
    made = trainer("training")
    task = await begun(made, Ear())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert made.current is None


async def test_doctor_looks_into_the_ratings(settings: Settings, tmp_path: Path) -> None:
    """Where RATINGS names something, its beginning has to be ratings."""
    good, empty, zeros = (tmp_path / name for name in ("good.csv", "empty.csv", "zeros.csv"))
    good.write_text("user,title,rating\nAnn,Up,4\n", encoding="utf-8")
    empty.touch()
    with zeros.open("wb") as file:
        file.truncate(100_000_000)
    async with App(settings) as app:
        assert "ratings" not in app.examination
    for path, well in ((good, True), (empty, False), (zeros, False), (tmp_path / "absent", False)):
        async with App(settings.model_copy(update={"ratings": path})) as app:
            (finding,) = await examine({"ratings": app.examination["ratings"]})
            assert finding.good == well
            assert str(path) in finding.said


async def test_what_is_wrong_with_the_data_is_said() -> None:
    """And the next training may begin."""
    made = trainer("no_ratings")
    with pytest.raises(UserError, match=r"ratings\.csv: line 3"):
        await made.run(ANN, [RUN], Ear())
    assert made.current is None

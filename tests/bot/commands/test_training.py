"""`!train` and `!compare`: who may, what is shown on the way, what is said at the end."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.losses import Losses
from bot.platforms.in_memory import PERSON, InMemory
from bot.settings import Settings
from bot.trainer import Trainer
from bot.trainings import LEAST, Curve, Printed, Run, State, Trained
from bot.values import Person, Reply
from tests.bot.conftest import NOW

BOB = Person(platform="test", id="bob", name="Bob *the* builder")
ADMIN = Person(platform="test", id="ada", name="Ada", is_admin=True)
DEADLINE = 60.0


async def ask(app: App, line: str, person: Person = BOB) -> Reply:
    """The answer in words and numbers."""
    return await app.ask(line, draw=False, person=person)


def training(app: App, task: str, settings: Settings | None = None) -> None:
    """Let what the bot trains with do what tests.bot.work says."""
    who = (settings or app.settings).training
    app.trainings = Trainer(Path("ml-100k"), who, app.ratings, tasks={"train": f"tests.bot.work:{task}"})


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Ratings of films that the shipped model has, too."""
    lines = [
        f"u{user},{'Fargo (1996)' if film else 'Dave (1993)'},{4 + film}" for user in range(20) for film in (0, 1)
    ]
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["user,title,rating", *lines]), encoding="utf-8")
    return path


async def test_a_training_from_the_ratings_to_the_picture(settings: Settings, films: Path) -> None:
    """In a process of its own, with the group's own ratings among them; the answer stands in one post."""
    async with App(settings.model_copy(update={"ratings": films})) as app:
        for title in ("Fargo (1996)", "Dave (1993)", *app.films.titles[:LEAST]):
            await app.ratings.rate(BOB, title, 5.0, NOW)
        platform = InMemory()
        await platform.listen(lambda incoming: app.handle(incoming, platform))
        (reply,) = await platform.ask("!train factors=2 epochs=2")
    assert "learnt from 34 ratings, 2 ratings of 1 member of this group among them" in reply.text
    assert "measured on 8 held back" in reply.text
    assert "book" not in reply.text, "these are no ratings of the book's"
    assert reply.table is not None
    assert [row[0] for row in reply.table.rows] == ["1", "2"]
    assert reply.images[0].png.startswith(b"\x89PNG")


async def test_the_answer_stands_beside_the_book(app: App) -> None:
    """The difference is said, and how much of it is chance."""
    training(app, "trained")
    reply = await ask(app, "!train epochs=2")
    assert "Mean squared error **0.7500**." in reply.text
    assert r"2 of 9 lines repeat a \*user\* and a film." in reply.text
    assert "The book prints 0.8000 for wd 0.1, 50 factors and 5 epochs: here it is 0.0500 lower." in reply.text
    assert reply.table is not None
    assert reply.table.rows[-1] == ("the book", "0.5000", "0.8000")


def test_what_fastai_does_unasked_is_said() -> None:
    """The book's figure without weight decay is one of 0.01."""
    run = Run(model="range", factors=50, epochs=5, weight_decay=0.0)
    trained = Trained(
        state=State(done=1.0, curves=(Curve(train=(0.3,), valid=(0.89,)),)),
        printed=(Printed(weight_decay=0.01, train=0.378, valid=0.8776),),
    )
    said = Losses(title="range", runs=(run,), names=("range",)).words(trained)
    assert "prints 0.8776 for wd 0.01 (fastai's, where none is set): here it is 0.0124 higher" in said


async def test_two_trainings_side_by_side(app: App) -> None:
    """What is given twice names them; the table has both, epoch by epoch."""
    training(app, "trained")
    reply = await ask(app, "!compare wd=0 wd=0.1 epochs=2")
    assert reply.table is not None
    assert reply.table.columns == (
        *("epoch", "wd=0: learnt from", "wd=0: held back"),
        *("wd=0.1: learnt from", "wd=0.1: held back"),
    )
    assert len(reply.table.rows) == 2
    assert "- **wd=0.1**: mean squared error **0.7500**." in reply.text
    assert [line["run"] for line in reply.images[0].data["lines"]] == [0, 0, 1, 1]
    models = await ask(app, "!compare model=dot, model=dotbias wd=0")
    assert "**model=dotbias**" in models.text


@pytest.mark.parametrize(
    "line",
    [
        *("!compare wd=0", "!compare wd=0 wd=0.0", "!compare wd=0 wd=0.1 wd=0.2", "!compare wd=0 wd=nan"),
        *("!compare hello", "!compare wd=", "!compare model=x model=dot", "!train epochs=0", "!train wd=2"),
        *("!train factors=9999", "!train model=gpt", "!train wd=nan", "!train now"),
    ],
)
async def test_what_cannot_be_trained_is_a_sentence(app: App, line: str) -> None:
    """Before anything begins."""
    training(app, "trained")
    reply = await ask(app, line)
    assert isinstance(reply, Refusal)
    assert "Something went wrong" not in reply.text


async def test_bad_data_is_a_sentence(settings: Settings, tmp_path: Path) -> None:
    """It names the line; the films go on being recommended."""
    bad = tmp_path / "bad.csv"
    bad.write_text("user,title,rating\nann,Fargo,4\nann,<b>Dave</b>,many\n", encoding="utf-8")
    async with App(settings.model_copy(update={"ratings": bad})) as app:
        reply = await ask(app, "!train")
        assert isinstance(reply, Refusal)
        assert "bad.csv: line 3: rating 'many' is not a number" in reply.text.replace("\\", "")
        assert str(tmp_path) not in reply.text
        assert (await ask(app, "!similar Terminator")).table is not None


async def test_without_ratings_it_says_where_to_get_some(app: App) -> None:
    """And what goes without."""
    reply = await ask(app, "!train")
    assert "https://grouplens.org" in reply.text
    assert "RATINGS" in reply.text
    assert (await ask(app, "!compare")).text == reply.text


@pytest.mark.parametrize(
    ("who", "person", "may"),
    [
        *(("members", BOB, True), ("admins", BOB, False), ("admins", ADMIN, True), ("off", ADMIN, False)),
    ],
)
async def test_who_may_train(settings: Settings, who: str, person: Person, may: bool) -> None:
    """The setting TRAINING says it."""
    async with App(settings.model_copy(update={"training": who})) as app:
        training(app, "trained")
        for line in ("!train", "!compare"):
            assert isinstance(await ask(app, line, person), Refusal) != may


class Ear:
    """Is shown how far a training is."""

    def __init__(self) -> None:
        self.shown: list[Reply] = []
        self.curves = asyncio.Event()

    async def __call__(self, reply: Reply) -> None:
        """See it."""
        self.shown.append(reply)
        if reply.images:
            self.curves.set()


async def begun(app: App, line: str) -> tuple[asyncio.Task[Reply], Ear]:
    """A training that BOB asked for, with its first losses shown."""
    training(app, "training")
    ear = Ear()
    task = asyncio.create_task(app.ask(line, draw=False, person=BOB, progress=ear))
    async with asyncio.timeout(DEADLINE):
        await ear.curves.wait()
    return task, ear


async def test_the_losses_are_shown_on_the_way(app: App) -> None:
    """First a word, then the curves so far, which are not kept as pictures; and how to stop."""
    task, ear = await begun(app, "!train")
    await ask(app, "!train stop")
    await task
    assert "reading `ml-100k`" in ear.shown[0].text
    assert "50%, 1 of 5 epochs done" in ear.shown[-1].text
    assert "`!train stop`" in ear.shown[-1].text
    assert not ear.shown[-1].images[0].kept


async def test_whoever_asked_may_stop_it(app: App) -> None:
    """The answer has what there was until then."""
    task, _ = await begun(app, "!train")
    stopped = await ask(app, "!train stop")
    assert "Stopped: dot product with biases, 50 factors, wd 0.1" in stopped.text
    reply = await task
    assert r"stopped by Bob \*the\* builder at 50%" in reply.text
    assert reply.table is not None
    assert reply.table.rows == (("1", "1.0000", "1.0000"),)
    assert "Nothing is being trained" in (await ask(app, "!train stop")).text


async def test_one_at_a_time_and_only_an_admin_stops_anothers(app: App) -> None:
    """Others are told who trains what, may not stop it, and get every other answer meanwhile."""
    task, _ = await begun(app, "!compare wd=0 wd=0.1")
    eve = replace(BOB, id="eve", name="Eve")
    busy = await ask(app, "!train", eve)
    assert r"training for Bob \*the\* builder just now" in busy.text
    assert isinstance(await ask(app, "!train stop", eve), Refusal)
    assert (await ask(app, "!similar Terminator", eve)).table is not None
    assert not isinstance(await ask(app, "!train stop", ADMIN), Refusal)
    assert "stopped by Ada" in (await task).text


async def test_it_stops_with_the_bot(settings: Settings) -> None:
    """At once, and the post says so."""
    async with App(settings) as app:
        task, _ = await begun(app, "!train")
    assert "stopped by a restart" in (await task).text


async def test_forgotten_ratings_are_not_learnt_from(app: App) -> None:
    """Only who has rated five films or more is learnt from, and nobody who had their ratings erased."""
    for title in app.films.titles[:LEAST]:
        await app.ratings.rate(BOB, title, 4.0, NOW)
        await app.ratings.rate(ADMIN, title, 3.0, NOW)
    await app.ratings.rate(PERSON, "Fargo (1996)", 5.0, NOW)
    training(app, "trained")
    assert "10 ratings of 2 members" in (await ask(app, "!train")).text
    await ask(app, "!forget ratings")
    assert "5 ratings of 1 member " in (await ask(app, "!train")).text

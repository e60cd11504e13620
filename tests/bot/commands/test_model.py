"""`!model`: which model answers, and another one."""

from pathlib import Path

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.models import SHIPPED
from bot.settings import Settings
from bot.values import Person, Reply
from engine.artifact import Artifact
from engine.training import build
from tests.bot.conftest import NOW

BOB = Person(platform="test", id="bob", name="Bob")


def value(reply: Reply, name: str) -> object:
    """One value of the reply's table."""
    assert reply.table is not None, reply.text
    return next(row[1] for row in reply.table.rows if row[0] == name)


async def test_status_says_which_model_answers(app: App) -> None:
    """For the admin's eyes, with where others may be loaded from."""
    reply = await app.ask("!model", draw=False)
    assert reply.private
    assert value(reply, "in use") == "the model that ships with the bot"
    assert value(reply, "since") == "the start"
    assert "`python -m bot train` makes one" in reply.text


async def test_another_model_answers_without_a_restart(app: App, small: Artifact, tmp_path: Path) -> None:
    """The films, the about page and the status are the new one's; the choice offers what there is to load."""
    small.save(tmp_path / "own.safetensors")
    (choice,) = (await app.ask("!model", draw=False)).choices
    assert choice.command == "!model load own.safetensors"
    loaded = await app.ask(choice.command, draw=False)
    assert "`own.safetensors` answers from now on, until the next start" in loaded.text
    assert value(loaded, "films") == "40"
    about = await app.ask("!about", draw=False, person=BOB)
    assert (value(about, "from"), value(about, "films")) == ("own.safetensors", "40")
    assert value(await app.ask("!movie Part 3", draw=False, person=BOB), "genres") == "Drama, War"
    assert not isinstance(await app.ask("!model reload", draw=False), Refusal)


async def test_a_group_whose_films_have_few_ratings_is_answered(app: App, tmp_path: Path) -> None:
    """Eight people's ratings: no film has twenty, so all of them are recommended, mapped and walked through."""
    lines = [f"p{person},Film {film},{1 + person * film % 5}" for person in range(8) for film in range(12)]
    (tmp_path / "own.csv").write_text("\n".join(["user,title,rating", *lines]) + "\n", encoding="utf-8")
    build(tmp_path / "own.csv", seeds=1).save(tmp_path / "own.safetensors")
    await app.ask("!model load own.safetensors", draw=False)
    recommended = await app.ask("!recommend", draw=False)
    assert recommended.table is not None, recommended.text
    assert len(recommended.table.rows) == 5
    assert "No film here has more than 8 ratings: take the stars lightly." in recommended.text
    noted = await app.ask("!taste 1=4", draw=False)
    assert noted.table is not None
    assert noted.table.rows
    leaning = await app.ask("!bias low users", draw=False)
    assert "what it expects of them over all films." in leaning.text
    assert "rate Film 0 4.5" in (await app.ask("!recommend new", draw=False)).text
    assert "The 12 most rated films" in (await app.ask("!map movies", draw=False)).text
    assert "for user p0 of the data and **Film 0**" in (await app.ask("!walk dotbias", draw=False)).text


async def test_a_model_of_one_film(app: App, tmp_path: Path) -> None:
    """Once it is rated there is nothing left to recommend, and that is said instead of an empty table."""
    lines = [f"p{person},Solaris,{1 + person % 5}" for person in range(10)]
    (tmp_path / "own.csv").write_text("\n".join(["user,title,rating", *lines]) + "\n", encoding="utf-8")
    build(tmp_path / "own.csv", seeds=1).save(tmp_path / "own.safetensors")
    await app.ask("!model load own.safetensors", draw=False)
    noted = await app.ask("!taste 1=5", draw=False)
    assert noted.text.endswith("There is no film left to recommend.")
    assert noted.table is None


async def test_a_bad_file_changes_nothing(app: App, tmp_path: Path) -> None:
    """A sentence; the films are the same."""
    (tmp_path / "own.safetensors").write_bytes(b"")
    reply = await app.ask("!model load own.safetensors", draw=False)
    assert isinstance(reply, Refusal)
    assert "I go on with `the model that ships with the bot`" in reply.text
    assert isinstance(await app.ask("!model load ../../../etc/passwd", draw=False), Refusal)
    assert isinstance(await app.ask("!model load", draw=False), Refusal)
    assert (await app.ask("!similar Terminator", draw=False)).table is not None


async def test_the_group_is_learnt_from_without_a_restart(settings: Settings, tmp_path: Path) -> None:
    """With the data that there is: films that only a member knows are known, and it says of how many members."""
    lines = [f"p{person},Film {film},{1 + person * film % 5}" for person in range(8) for film in range(8)]
    (tmp_path / "own.csv").write_text("\n".join(["user,title,rating", *lines]) + "\n", encoding="utf-8")
    async with App(settings.model_copy(update={"ratings": tmp_path / "own.csv"})) as app:
        nobody = await app.ask("!model refit", draw=False)
        assert "Nobody has rated 5 films or more yet" in nobody.text
        for title in ("Film 1", "Film 2", "Film 3", "Solaris (1972)", "Stalker (1979)"):
            await app.ratings.rate(BOB, title, 5.0, NOW)
        done = await app.ask("!model refit", draw=False)
        assert "Learnt anew, from the ratings of 1 member as well. `group.safetensors` answers" in done.text
        assert "5 ratings of this group were learnt from, too: of 1, without names." in done.text
        assert value(done, "users in the data") == "8"
        assert value(await app.ask("!movie Solaris", draw=False, person=BOB), "ratings") == "1"


async def test_what_cannot_be_learnt_from_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    """A sentence that names the line, and not where the file lies."""
    (tmp_path / "own.csv").write_text("user,title,rating\nAnn,Up,many\n", encoding="utf-8")
    async with App(settings.model_copy(update={"ratings": tmp_path / "own.csv"})) as app:
        for title in app.films.titles[:5]:
            await app.ratings.rate(BOB, title, 5.0, NOW)
        refused = await app.ask("!model refit", draw=False)
        assert isinstance(refused, Refusal)
        assert "I cannot learn anew, for own.csv: line 2" in refused.text.replace("\\", "")
        assert str(tmp_path) not in refused.text
        assert app.shelf.current.name == SHIPPED


async def test_members_may_look_and_not_change(app: App) -> None:
    """To load is for admins, and where models lie is not for others' eyes."""
    for line in ("!model load own.safetensors", "!model reload", "!model refit"):
        assert "for the group's admins" in (await app.ask(line, draw=False, person=BOB)).text
    seen = await app.ask("!model", draw=False, person=BOB)
    assert value(seen, "mean squared error on ratings held back") == "0.8119"
    assert value(seen, "mean squared error of what recommends") == value(
        await app.ask("!about", draw=False, person=BOB), "mean squared error of what recommends"
    )
    assert app.shelf.folder not in seen.text


@pytest.mark.parametrize(
    ("name", "numbers", "said"),
    [
        ("dotbias", "133,059", "It is loaded: 0.8119 mean squared error on ratings held back of MovieLens 100K"),
        ("dot", "130,450", "`!train model=dot` trains it"),
        ("nn", "262,637", "The book prints 0.8649 on MovieLens 100K, with wd 0.1"),
        ("bayes", "", "It is loaded: 0.7"),
    ],
)
async def test_what_each_model_is_made_of(name: str, numbers: str, said: str, app: App) -> None:
    """Layers, shapes, parameters and figures."""
    reply = await app.ask(f"!model {name}", draw=False, person=BOB)
    assert said in reply.text
    assert reply.table is not None
    assert not numbers or reply.table.rows[-1][2] == numbers
    assert [each.command for each in reply.choices] == [
        f"!model {each}" for each in ("dotbias", "dot", "nn", "bayes") if each != name
    ]


async def test_figures_of_different_data_are_not_compared(app: App, small: Artifact, tmp_path: Path) -> None:
    """It is said of which ratings each error is."""
    small.save(tmp_path / "own.safetensors")
    loaded = await app.ask("!model load own.safetensors", draw=False)
    assert f"on ratings held back of {small.card.data}; that of the one before was 0.8119" in loaded.text
    assert "0.8119 on those of MovieLens 100K. Those are different ratings" in loaded.text
    again = await app.ask("!model reload", draw=False)
    assert "different ratings" not in again.text

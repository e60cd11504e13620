"""`!model`: which model answers, and another one."""

from pathlib import Path

from bot.app import App
from bot.dispatch import Refusal
from bot.values import Person, Reply
from engine.artifact import Artifact
from engine.training import build

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


async def test_members_may_not(app: App) -> None:
    """It is for admins."""
    for line in ("!model", "!model load own.safetensors", "!model reload"):
        assert "for the group's admins" in (await app.ask(line, draw=False, person=BOB)).text

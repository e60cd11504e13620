"""`python -m bot train` on data of one's own: a whole model, or a sentence and the file that was there before."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import engine
from bot.errors import StartError
from bot.train import MODELS, SHOWN, sentences, train
from tests.house import ROOT

HEADER = "user,title,rating\n"
OLD = b"the model that was there before"


def pairs(users: int, films: int, stars: str = "") -> str:
    """Ratings by so many users of so many films each."""
    rows = [(user, film) for user in range(users) for film in range(films)]
    return HEADER + "".join(f"u{user},Film {film},{stars or 1 + (user + film) % 5}\n" for user, film in rows)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(pairs(6, 6), id="few"),
        pytest.param(pairs(6, 6, "4"), id="all-the-same"),
        pytest.param(pairs(1, 9), id="one-user"),
        pytest.param(pairs(9, 1), id="one-film"),
        pytest.param(pairs(4, 4) + "u0,Film 0,1\nu0,Film 0,5\n", id="the-same-pair-again"),
        pytest.param(pairs(4, 4).replace("\n", ",7\n").replace("rating,7", "rating,time"), id="with-times"),
    ],
)
def test_odd_ratings_make_a_model_that_answers(text: str, tmp_path: Path) -> None:
    """It finds, predicts and recommends without a figure that is none."""
    file, out = tmp_path / "ratings.csv", tmp_path / "model.safetensors"
    file.write_text(text, encoding="utf-8")
    train(file, out=out, valid="r42", quiet=True)
    films = engine.load(out)
    title = films.find("Film 0").title
    assert title == "Film 0"
    assert np.isfinite(films.predict(title, {title: 5.0}).stars)
    for each in films.recommend({title: 5.0}, minimum=0):
        assert np.isfinite(each.stars)
    films.similar(title, minimum=0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "line 1", id="0-bytes"),
        pytest.param(pairs(1, 1), "too few", id="one-rating"),
        pytest.param(pairs(3, 3) + "ann,Film,nan\n", "line 11", id="nan"),
        pytest.param(pairs(3, 3) + "ann,Film,9\n", "line 11", id="outside"),
        pytest.param(pairs(3, 3) + 'ann,"Film,5\n', "line 1[12]", id="an-open-quote"),
    ],
)
def test_bad_ratings_leave_the_old_model(text: str, said: str, tmp_path: Path) -> None:
    """One line that names the file and the line in it."""
    file, out = tmp_path / "ratings.csv", tmp_path / "model.safetensors"
    file.write_text(text, encoding="utf-8")
    out.write_bytes(OLD)
    with pytest.raises(StartError, match=rf"ratings\.csv: .*{said}"):
        train(file, out=out, valid="r42", quiet=True)
    assert out.read_bytes() == OLD


PEOPLE = [{"Film 1": 5.0, "Film 2": 1.0, "Solaris (1972)": 4.5}, {"Film 1": 4.0, "Stalker (1979)": 5.0}]


def test_members_are_learnt_from(tmp_path: Path) -> None:
    """With the data: films that only they know are there, they themselves are not; and it is said."""
    file, out = tmp_path / "ratings.csv", tmp_path / "model.safetensors"
    file.write_text(pairs(8, 8), encoding="utf-8")
    report = train(file, out=out, valid="r42", quiet=True, people=PEOPLE)
    films = engine.load(out)
    assert len(films.titles) == 10
    assert (films.film("Solaris (1972)").count, films.film("Film 1").count) == (1, 10)
    assert films.card.ratings == report["ratings"] == 69
    assert films.users == tuple(f"u{number}" for number in range(8))
    assert np.isfinite(films.predict("Stalker (1979)", {"Solaris (1972)": 5.0}).stars)
    assert report["notes"] == ["5 ratings of this group were learnt from, too: of 2, without names."]
    assert "5 ratings of this group" in sentences(report)


def test_members_alone_are_enough(tmp_path: Path) -> None:
    """Eight people are numbers, in an order that does not tell who they are."""
    out = tmp_path / "model.safetensors"
    people = [{f"Film {film}": 1.0 + (at * film) % 5 for film in range(6 + at)} for at in range(8)]
    train(None, out=out, valid="r42", quiet=True, people=people)
    films = engine.load(out)
    assert films.card.data == "the group's own ratings"
    assert films.users == tuple(str(number) for number in range(1, 9))
    again = tmp_path / "again.safetensors"
    train(None, out=again, valid="r42", quiet=True, people=people[::-1])
    assert again.read_bytes() == out.read_bytes()


def test_without_data_it_says_where_to_get_some(tmp_path: Path) -> None:
    """As `!train` does."""
    with pytest.raises(StartError, match=r"https://grouplens\.org.*--members"):
        train(None, out=tmp_path / "model.safetensors", valid="r42", quiet=True)


@pytest.mark.parametrize("model", MODELS)
def test_each_model_is_reported_in_sentences(model: str, tmp_path: Path) -> None:
    """What the bot answers from is written; the others are trained to be looked at, which is said."""
    file, out = tmp_path / "ratings.csv", tmp_path / "model.safetensors"
    file.write_text(pairs(12, 12), encoding="utf-8")
    report = train(file, model=model, out=out, valid="r42", quiet=True)
    assert report["model"] == model
    assert set(report["valid"]) == {"mse", "rmse", "mae"}
    said = sentences(report)
    assert f"Trained {model} on 144 ratings by 12 users of 12 films, in " in said
    assert "{" not in said
    assert out.exists() == (model not in SHOWN)
    assert ("No file is written" in said) == (model in SHOWN)
    assert ("dotbias has a mean squared error of" in said) == (model not in SHOWN)


@pytest.fixture
def training(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A training under way, on enough ratings to last for a minute; the file to come exists already."""
    (tmp_path / "ratings.csv").write_text(pairs(600, 500), encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(OLD)
    command = [sys.executable, "-m", "bot", "train", "--data", "ratings.csv", "--out", "model.safetensors"]
    with subprocess.Popen(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said = ""
        while "epoch" not in said:
            said += process.stderr.read(1)
            assert said.count("\n") < 20
        yield process
        process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
def test_an_interrupted_training_leaves_the_old_model(
    how: signal.Signals, training: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Whole, and without half a file beside it; Ctrl+C says so."""
    training.send_signal(how)
    _, said = training.communicate(timeout=60)
    assert (tmp_path / "model.safetensors").read_bytes() == OLD
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.safetensors", "ratings.csv"]
    if how is signal.SIGINT:
        assert training.returncode == 130
        assert "interrupted, so model.safetensors is as it was before" in said
        assert "Traceback" not in said

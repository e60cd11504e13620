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
from bot.train import train
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

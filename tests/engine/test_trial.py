"""A training to look at: its curves, who else is learnt from, and what comes of bad data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import trial
from engine.errors import InputError
from engine.joining import joined
from engine.printed import printed
from engine.ratings import read
from engine.split import divide
from engine.trial import film_means

QUICK = {"model": "dotbias", "factors": 3, "epochs": 2, "weight_decay": 0.1}
FILM = "Part 0, The (1950)"
HEADER = "user,title,rating\n"


def run(data: Path, *runs: dict[str, Any], **given: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The result, and what was told."""
    told: list[dict[str, Any]] = []
    result = trial.run(tell=told.append, data=str(data), runs=runs or (QUICK,), **given)
    return result, told


def test_each_run_has_its_curves(made: Path) -> None:
    """Train and valid loss of each epoch; what is told only grows, and ends at the whole."""
    result, told = run(made, QUICK, QUICK | {"epochs": 3, "weight_decay": 0.0})
    assert [len(curve[part]) for curve in result["curves"] for part in ("train", "valid")] == [2, 2, 3, 3]
    done = [each["done"] for each in told]
    assert done == sorted(done)
    assert done[-1] == 1
    assert (result["train"], result["valid"]) == (1200, 300)
    assert result["printed"] == [None, None], "the book says nothing of these ratings"


def test_members_are_learnt_from_and_not_measured_on(made: Path) -> None:
    """Their ratings of films that are in the data come to what is learnt from; the ratings held back stay."""
    people = [{FILM: 5.0, "Unheard Of (1999)": 1.0}, {"Unheard Of (1999)": 2.0}]
    result, _ = run(made, people=people)
    assert (result["members"], result["members_ratings"]) == (1, 1)
    assert (result["train"], result["valid"]) == (1201, 300)


def test_members_have_no_name(made: Path) -> None:
    """They come after the data's own people, as a number that no file can give to somebody."""
    ratings = read(made)
    more = joined(ratings, [{FILM: 5.0}, {FILM: 0.5}])
    assert more.users == (*ratings.users, " 1", " 2")
    assert more.titles[more.title_rows[-1] - 1] == FILM
    assert more.user_rows[-2:].tolist() == [len(ratings.users) + 1, len(ratings.users) + 2]
    assert more.stars[-2:].tolist() == [5.0, 0.5]
    assert len(joined(ratings, [])) == len(ratings)


def test_guessing_the_mean_of_each_film(made: Path) -> None:
    """Against a loop: a film's mean, drawn to the overall mean by one rating."""
    ratings, split = divide(made)
    overall = ratings.stars[split.train].mean()
    errors: list[float] = []
    for at in split.valid:
        same = split.train[ratings.title_rows[split.train] == ratings.title_rows[at]]
        guess = (ratings.stars[same].sum() + overall) / (len(same) + 1)
        errors.append(float(guess - ratings.stars[at]) ** 2)
    assert film_means(ratings, split) == pytest.approx(np.mean(errors), rel=1e-5)


@pytest.mark.parametrize(
    ("model", "decay", "valid"),
    [("dotbias", 0.0, 0.8926), ("dotbias", 0.05, 0.8926), ("dotbias", 0.2, 0.8231), ("nn", 0.02, 0.8675)],
)
def test_the_books_figures(model: str, decay: float, valid: float) -> None:
    """Those of the same model with the nearest weight decay."""
    found = printed(model, decay)
    assert found is not None
    assert found.valid == valid
    assert printed("another", decay) is None


def test_the_lectures_data_has_the_books_figures(movielens: Path) -> None:
    """Where the ratings are the book's, its figures come along."""
    result, _ = run(movielens, QUICK | {"epochs": 1, "factors": 1})
    assert result["printed"][0]["valid"] == 0.8231


def constant() -> str:
    """Everybody gives everything four stars."""
    return HEADER + "".join(f"u{user},Film {film},4\n" for user in range(4) for film in range(4))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(constant(), id="all-the-same"),
        pytest.param(HEADER + "".join(f"ann,Film {film},{1 + film % 5}\n" for film in range(9)), id="one-user"),
        pytest.param(HEADER + "".join(f"u{user},Film,{1 + user % 5}\n" for user in range(9)), id="one-film"),
        pytest.param(
            HEADER + "".join(f"ann,Film {n % 5},{1 + n // 2}\n" for n in range(10)), id="the-same-pair-again"
        ),
    ],
)
def test_odd_ratings_train_all_the_same(text: str, tmp_path: Path) -> None:
    """No figure is missing or infinite."""
    file = tmp_path / "ratings.csv"
    file.write_text(text, encoding="utf-8")
    result, _ = run(file)
    (curve,) = result["curves"]
    assert np.isfinite([*curve["train"], *curve["valid"], result["film_means"]]).all()


def test_what_was_made_of_the_data_is_said(tmp_path: Path) -> None:
    """Pairs that are there twice count once."""
    file = tmp_path / "ratings.csv"
    file.write_text(HEADER + "".join(f"ann,Film {at % 6},{1 + at % 5}\n" for at in range(9)), encoding="utf-8")
    result, _ = run(file)
    assert result["train"] + result["valid"] == 6
    assert result["notes"][0].startswith("3 of 9 lines repeat a user and a film")


def written(text: str) -> Callable[[Path], None]:
    """Writes a file with that text."""

    def write(file: Path) -> None:
        file.write_text(text, encoding="utf-8")

    return write


def zeros(file: Path) -> None:
    """Write 100 MB of nothing at all."""
    with file.open("wb") as opened:
        opened.truncate(100_000_000)


def nothing(_file: Path) -> None:
    """Write no file."""


def noise(file: Path) -> None:
    """Write bytes that are no text."""
    file.write_bytes(np.random.default_rng(1).bytes(100_000))


@pytest.mark.parametrize(
    ("write", "said"),
    [
        pytest.param(written(""), "line 1", id="0-bytes"),
        pytest.param(written(HEADER), "no rating", id="no-rating"),
        pytest.param(written(HEADER + "ann,Film,4\n"), "too few", id="one-rating"),
        pytest.param(written(HEADER + "ann,Film,4\nbob,Film,nan\n"), "line 3", id="nan"),
        pytest.param(written(HEADER + "ann,Film,4\nbob,Film,five\n"), "line 3", id="no-number"),
        pytest.param(written(HEADER + "ann,Film,6\n"), "line 2", id="outside"),
        pytest.param(written(HEADER + "ann,Film\n"), "line 2", id="a-column-short"),
        pytest.param(written("a,b,c\n1,2,3\n"), "line 1", id="other-columns"),
        pytest.param(zeros, "cannot be read", id="100-mb-of-zeros"),
        pytest.param(noise, "cannot be read", id="no-text"),
        pytest.param(nothing, "there is no such file", id="nothing-there"),
    ],
)
def test_bad_data_is_a_sentence(write: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    """It names the file, but not where it lies, and the line where there is one."""
    file = tmp_path / "ratings.csv"
    write(file)
    with pytest.raises(InputError, match=said) as refused:
        run(file)
    assert str(refused.value).startswith("I cannot train on ratings.csv: ")
    assert str(tmp_path) not in str(refused.value)

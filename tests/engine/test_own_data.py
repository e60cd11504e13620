"""Data of one's own, down to the smallest: a model or a sentence, and what was there before stays."""

from pathlib import Path

import pytest

import engine
from benchmarks.groups import errors
from engine.card import Settings
from engine.errors import BadRatings, InputError
from engine.insight import Insight
from engine.ratings import read
from engine.training import build

QUICK = Settings(factors=3, epochs=2, batch=32, learning_rate=0.03)


def csv(folder: Path, *rows: tuple[str, str, float]) -> Path:
    """A file of ratings."""
    lines = ["user,title,rating", *(f"{user},{title},{stars}" for user, title, stars in rows)]
    (folder / "own.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder / "own.csv"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([("Ann", f"Film {n}", 1 + n % 5) for n in range(9)], id="one-user"),
        pytest.param([(f"P{n}", "Up (2009)", 1 + n % 5) for n in range(9)], id="one-film"),
        pytest.param([(f"P{n % 4}", f"Film {n // 4}", 4) for n in range(24)], id="all-the-same"),
        pytest.param([(f"P{n % 2}", f"Film {n // 2}", 1 + n % 5) for n in range(5)], id="five-ratings"),
    ],
)
def test_the_smallest_data_gives_a_model(tmp_path: Path, rows: list[tuple[str, str, float]]) -> None:
    """It is saved, loaded, and answers with finite numbers inside the range."""
    build(csv(tmp_path, *rows), seeds=1, settings=QUICK).save(tmp_path / "model")
    films = engine.load(tmp_path / "model")
    title = films.titles[0]
    for ratings in ({}, {title: 5.0}):
        shown = films.recommend(ratings, minimum=0, count=100)
        assert len(shown) == len(films.titles) - len(ratings)
        for each in (*shown, films.predict(title, ratings)):
            assert 0.5 <= each.stars <= 5
            assert 0 <= each.sd < 3
    assert films.recommend({}, count=100) == films.recommend({}, minimum=0, count=100)  # none is known well
    near = films.similar(title, minimum=0, count=100)
    assert len(near) == len(films.titles) - 1
    assert all(abs(each.score) <= 1.001 for each in near)
    assert set(films.questions(50)) == set(films.titles)
    assert films.recommend({}, wishes={"new": 1.0}, minimum=0)


@pytest.mark.parametrize(
    ("people", "said"),
    [(9, "takes two users and two films or more"), (2, "from 1 to 2, for example 1,2; not 1,3")],
)
def test_what_is_too_small_for_a_map_is_said(tmp_path: Path, people: int, said: str) -> None:
    """One film has no two axes; of two films there are two."""
    rows = [
        (f"P{n}", f"Film {film}", 1.0 + n % 5) for n in range(people) for film in range(1 if people > 2 else 3)
    ]
    build(csv(tmp_path, *rows), seeds=1, settings=QUICK).save(tmp_path / "model")
    films = Insight(engine.load(tmp_path / "model"))
    with pytest.raises(InputError, match=said):
        films.film_map(top=50, axes=(1, 3), mark=())
        films.user_map(clusters=1, axes=(1, 3), mark=())


def test_where_all_stars_are_the_same_so_are_predictions(tmp_path: Path) -> None:
    """Four stars everywhere are four stars for anybody."""
    rows = [(f"P{n % 4}", f"Film {n // 4}", 4.0) for n in range(24)]
    build(csv(tmp_path, *rows), seeds=1, settings=QUICK).save(tmp_path / "model")
    films = engine.load(tmp_path / "model")
    assert [round(each.stars, 2) for each in films.recommend({}, minimum=0, count=6)] == [4.0] * 6


@pytest.mark.parametrize("count", [1, 4])
def test_too_little_is_said(tmp_path: Path, count: int) -> None:
    """Of fewer than five ratings none can be held back."""
    with pytest.raises(BadRatings, match="too few to learn from"):
        build(csv(tmp_path, *((f"P{n}", "Up", 3.0) for n in range(count))), seeds=1, settings=QUICK)


@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_training_that_breaks_off_leaves_the_old_file(tmp_path: Path, made: Path, after: int) -> None:
    """Whenever it is interrupted: what stood there before is there, to the byte, and nothing beside it."""
    out = tmp_path / "model"
    out.write_bytes(b"what was there")
    heard: list[str] = []

    def stop(done: int, total: int, message: str) -> None:
        heard.append(message)
        if len(heard) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(made, seeds=1, settings=QUICK, progress=stop).save(out)
    assert len(heard) == after
    assert out.read_bytes() == b"what was there"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_group_of_eight_is_no_worse_off_than_with_biases(movielens: Path) -> None:
    """With 375 ratings there is little to learn but biases, and nothing is lost by trying."""
    found = errors(read(movielens), 8, draws=12)
    assert found["ours"] <= found["damped biases"] < found["overall mean"]

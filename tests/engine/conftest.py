"""Ratings and models for the engine's tests: made up by seed, shipped, or the real data where it is there."""

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.artifact import Artifact

ROOT = Path(__file__).parents[2]
PEOPLE, FILMS = 60, 40


@pytest.fixture(scope="session")
def movielens() -> Path:
    """MovieLens 100K, which may not be passed on and so is not in the project."""
    folder = ROOT.parent / "shared" / "data" / "ml-100k"
    if not (folder / "u.data").is_file():
        pytest.skip("MovieLens 100K is not beside the project (shared/data/ml-100k)")
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small set as CSV: half of the people love the even films, the other half the odd ones."""
    chance = np.random.default_rng(5)
    folder = tmp_path_factory.mktemp("made")
    films = ["movieId,title,genres", *(f'{100 + n},"Part {n}, The (19{50 + n})",Drama|War' for n in range(FILMS))]
    ratings = ["userId,movieId,rating,timestamp"]
    for person in range(PEOPLE):
        for film in sorted(chance.choice(FILMS, size=25, replace=False)):
            loved = 4.5 if person % 2 == film % 2 else 2.0
            stars = min(5.0, max(0.5, loved + chance.choice([-0.5, 0.0, 0.5])))
            ratings.append(f"{person + 1},{100 + film},{stars},0")
    (folder / "movies.csv").write_text("\n".join(films) + "\n", encoding="utf-8")
    (folder / "ratings.csv").write_text("\n".join(ratings) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small(made: Path) -> Artifact:
    """A model of the made-up ratings."""
    from engine.card import Settings
    from engine.training import build

    return build(made, seeds=2, settings=Settings(factors=4, epochs=20, batch=32, learning_rate=0.03))


@pytest.fixture(scope="session")
def films() -> engine.Recommender:
    """The model that ships with the bot."""
    return engine.load()

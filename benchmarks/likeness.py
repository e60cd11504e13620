"""Measures of similar films: what they find, and how many rarities they show.

    .venv/bin/python -m benchmarks.likeness DIR

DIR is MovieLens 100K. Trained on ua.base and ub.base; for three films that somebody liked there (4 stars or more),
is one that they liked in the test among the ten closest of those they had not rated? Rare is the share of films of
fewer than 20 ratings among the ten closest. All measures give the same list every time.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranking import Task, tasks, weights
from engine.card import Settings
from engine.chooser import unit
from engine.recommender import CANDIDATES
from engine.sparse import Sparse, leading
from engine.training import TASTES, fit, one_thread

Single = NDArray[np.float32]
ASKED, TRAININGS = 3, 3


def measures(task: Task) -> dict[str, Single]:
    """How close each film is to each, (films, films): the lists' order."""
    users, items, stars, shape = task.arrays()
    counts = np.bincount(items, minlength=shape[1])
    trust = (counts / (counts + 20)).astype(np.float32)
    loved = np.zeros(shape, dtype=np.float32)
    loved[users[stars >= 4], items[stars >= 4]] = 1
    seen = Sparse(users, items, stars, shape), Sparse(items, users, stars, (shape[1], shape[0]))
    _, sizes, vectors = leading(*seen, TASTES, seed=0)
    trained: list[Single] = []
    with one_thread():
        for seed in range(TRAININGS):
            lecture, _ = fit(task.ratings, task.train, Settings(seed=seed))
            trained.append(unit(lecture.movie_factors.detach().numpy()[1:]))
    cosine = np.mean([each @ each.T for each in trained], axis=0)
    tastes = unit(vectors * sizes)
    likeness = (cosine + tastes @ tastes.T) * trust
    rows = weights(task)
    return {
        "cosine, one training, as it is": trained[0] @ trained[0].T,
        "cosine × n/(n + 20)": cosine * trust,
        "EASE weights × n/(n + 20)": np.array([rows.row(film) for film in range(shape[1])], np.float32) * trust,
        "liked together × n/(n + 20)": unit(loved.T) @ unit(loved.T).T * trust,
        "likeness × n/(n + 20)": likeness,
        "`!similar`: of the 20 most alike, cosine × n/(n + 20)": among(likeness, cosine * trust),
    }


def among(alike: Single, order: Single) -> Single:
    """Closeness by `order` among each film's candidates; the others are far."""
    alike = alike.copy()
    np.fill_diagonal(alike, -np.inf)
    near = np.argsort(-alike, axis=1, kind="stable")[:, :CANDIDATES]
    closeness = np.full_like(order, -np.inf)
    np.put_along_axis(closeness, near, np.take_along_axis(order, near, axis=1), axis=1)
    return closeness


def found(task: Task, closeness: Single) -> tuple[float, float]:
    """Hits, and the share of rarities."""
    users, items, stars, shape = task.arrays()
    counts = np.bincount(items, minlength=shape[1])
    closeness = closeness.copy()
    np.fill_diagonal(closeness, -np.inf)
    order = np.argsort(-closeness, axis=1, kind="stable")
    rated = task.ratings
    liked = task.test[np.flatnonzero(rated.stars[task.test] >= 4)]
    chance = np.random.default_rng(0)
    hits: list[bool] = []
    for user in np.unique(rated.user_rows[liked]) - 1:
        held = rated.title_rows[liked[np.flatnonzero(rated.user_rows[liked] - 1 == user)]] - 1
        own, loved = items[users == user], items[(users == user) & (stars >= 4)]
        for film in chance.choice(loved, min(ASKED, len(loved)), replace=False):
            near = order[film][~np.isin(order[film], own)][:10]
            hits.append(bool(np.isin(near, held).any()))
    return float(np.mean(hits)), float(np.mean(counts[order[:, :10]] < 20))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR")
    given = tasks(parser.parse_args().data, inside=False)
    every = [measures(task) for task in given]
    print("| measure | hit@10 | rare |\n|---|---|---|")
    for name in every[0]:
        pairs = [found(task, each[name]) for task, each in zip(given, every, strict=True)]
        print(f"| {name} | {' | '.join(f'{each:.3f}' for each in np.mean(pairs, axis=0))} |", flush=True)


if __name__ == "__main__":
    main()

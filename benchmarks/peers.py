"""Other libraries on the same splits, in turn with ours: errors, what to show, and time.

    python -m venv PEERS; PEERS/bin/pip install torch==2.13.0 fastai scikit-surprise implicit lenskit cornac
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PEERS/bin/python -m benchmarks.peers DIR [--without fastai]

DIR is MovieLens 100K. Whatever is not installed is left out, and said. Seconds are process time.
"""

import argparse
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.ranking import Task, ours, tasks
from engine.bayes import BayesSettings, fit
from engine.card import Settings
from engine.experiments import QUICK, Kind, experiment
from engine.sides import film_sides
from engine.split import divide

Floats = NDArray[np.float64]
Rater = Callable[[Task], Floats]
"""Learns, and predicts stars for the test, (test,)."""


def of_bayes(settings: BayesSettings, *, sides: bool = True) -> Rater:
    """The model that recommends."""

    def run(task: Task) -> Floats:
        users, items, stars, shape = task.arrays()
        known = film_sides(task.ratings.titles, task.ratings.genres) if sides else None
        model = fit(users, items, stars, shape, settings, known)
        return model.stars(task.ratings.user_rows[task.test] - 1, task.ratings.title_rows[task.test] - 1)

    return run


def surprise(task: Task) -> Floats:
    """SVD with its defaults."""
    library = import_module("surprise")
    users, items, stars, _ = task.arrays()
    rows = list(zip(users.tolist(), items.tolist(), stars.tolist(), [None] * len(users), strict=True))
    data = library.Dataset(library.Reader(rating_scale=(1, 5)))
    model = library.SVD(random_state=0).fit(data.construct_trainset(rows))
    asked = zip(task.ratings.user_rows[task.test] - 1, task.ratings.title_rows[task.test] - 1, strict=True)
    return np.array([model.predict(int(user), int(item)).est for user, item in asked])


def lenskit(task: Task) -> Floats:
    """Biased factorisation by least squares, with its defaults."""
    pandas, library = import_module("pandas"), import_module("lenskit.data")
    users, items, stars, _ = task.arrays()
    frame = pandas.DataFrame({"user_id": users, "item_id": items, "rating": stars})
    data = library.from_interactions_df(frame.groupby(["user_id", "item_id"], as_index=False).mean())
    model = import_module("lenskit.als").BiasedMFScorer()
    model.train(data)
    asked_users = task.ratings.user_rows[task.test] - 1
    asked = task.ratings.title_rows[task.test] - 1
    found = np.full(len(asked), stars.mean())
    for user in np.unique(asked_users):
        rows = np.flatnonzero(asked_users == user)
        scores = model(int(user), library.ItemList(item_ids=asked[rows])).scores()
        found[rows] = np.where(np.isnan(scores), stars.mean(), scores)
    return found


def cornac(task: Task) -> Floats:
    """MF with the values that do best (20 factors, 60 rounds, rate 0.01, penalty 0.1)."""
    users, items, stars, _ = task.arrays()
    data = import_module("cornac.data").Dataset.from_uir(
        list(zip(users.tolist(), items.tolist(), stars.tolist(), strict=True)), seed=0
    )
    settings = {"k": 20, "max_iter": 60, "learning_rate": 0.01, "lambda_reg": 0.1, "seed": 0, "num_threads": 1}
    model = import_module("cornac.models").MF(**settings)
    model.fit(data)
    people = np.array([data.uid_map.get(user, -1) for user in (task.ratings.user_rows[task.test] - 1).tolist()])
    films = np.array([data.iid_map.get(item, -1) for item in (task.ratings.title_rows[task.test] - 1).tolist()])
    p, q, b, c = model.u_factors, model.i_factors, model.u_biases, model.i_biases
    found = model.global_mean + b[people] + np.where(films >= 0, c[films], 0)
    return found + np.where(films >= 0, np.sum(p[people] * q[films], axis=1), 0)


def fastai(task: Task) -> Floats:
    """`collab_learner` as in the book, with each rating once an epoch (its default draws with replacement)."""
    pandas, library = import_module("pandas"), import_module("fastai.collab")
    ratings, learnt = task.ratings, len(task.train)
    everybody = np.concatenate([task.train, task.test])
    frame = pandas.DataFrame(
        {
            "user": ratings.user_rows[everybody],
            "title": ratings.title_rows[everybody],
            "rating": ratings.stars[everybody],
        }
    )
    import_module("fastai.torch_core").set_seed(42)
    rows = library.TabularCollab(
        frame,
        [import_module("fastai.tabular.core").Categorify],
        ["user", "title"],
        y_names=["rating"],
        y_block=import_module("fastai.data.block").TransformBlock(),
        splits=(list(range(learnt)), list(range(learnt, len(frame)))),
    )
    loaders = rows.dataloaders(bs=64, dl_type=import_module("fastai.tabular.core").TabDataLoader, num_workers=0)
    learner = library.collab_learner(loaders, n_factors=50, y_range=(0, 5.5))
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(5, 5e-3, wd=0.1)
        predicted, _ = learner.get_preds(ds_idx=1)
    return predicted.numpy().reshape(-1).astype(np.float64)


def implicit(task: Task) -> Floats:
    """Scores of alternating least squares on who rated what (the best of the published settings tried)."""
    users, items, _, shape = task.arrays()
    seen = import_module("scipy.sparse").csr_matrix(
        (np.ones(len(users), dtype=np.float32), (users, items)), shape=shape
    )
    settings = {"factors": 32, "alpha": 5, "regularization": 0.1, "random_state": 0, "num_threads": 1}
    model = import_module("implicit.als").AlternatingLeastSquares(**settings)
    model.fit(seen, show_progress=False)
    return np.asarray(model.user_factors @ model.item_factors.T, dtype=np.float64)


RATERS: dict[str, tuple[str, Rater]] = {
    "ours, smallest": ("", of_bayes(BayesSettings(factors=4, sweeps=5, tastes=10), sides=False)),
    "ours, ratings only": ("", of_bayes(BayesSettings(), sides=False)),
    "ours": ("", of_bayes(BayesSettings())),
    "surprise SVD": ("surprise", surprise),
    "lenskit BiasedMF": ("lenskit", lenskit),
    "cornac MF, tuned": ("cornac", cornac),
    "fastai collab_learner": ("fastai", fastai),
}
RANKERS: dict[str, tuple[str, Rater]] = {"ours": ("", ours), "implicit ALS": ("implicit", implicit)}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR")
    parser.add_argument("--without", action="append", default=[], metavar="LIBRARY")
    options = parser.parse_args()
    torch.set_num_threads(1)

    def there(name: str) -> bool:
        found = not name or (name not in options.without and find_spec(name) is not None)
        if not found:
            print(f"({name} is not installed, or left out)")
        return found

    given: list[Task] = []
    for name in ("r42", "u1.base:u1.test"):
        ratings, split = divide(options.data, name)
        given.append(Task(ratings=ratings, train=split.train, test=split.valid))
    seconds: dict[str, float] = {}
    print("| stars | r42 MSE | u1 RMSE | s (r42) |\n|---|---|---|---|")
    for name, (library, rater) in RATERS.items():
        if there(library):
            cells: list[str] = []
            for task in given:
                started = time.process_time()
                found = np.clip(rater(task), 1, 5)
                seconds.setdefault(name, time.process_time() - started)
                mse = float(np.mean((found - task.ratings.stars[task.test]) ** 2))
                cells.append(f"{mse if task is given[0] else mse**0.5:.4f}")
            print(f"| {name} | {' | '.join(cells)} | {seconds[name]:.2f} |", flush=True)
    lessons: tuple[tuple[Kind, Settings], ...] = (
        ("dotbias", Settings()),
        ("dotbias", QUICK["dotbias"]),
        ("nn", QUICK["nn"]),
    )
    for kind, settings in lessons:
        ratings, split = divide(options.data)
        started = time.process_time()
        found = experiment(ratings, split, kind, settings)
        taken = time.process_time() - started
        print(
            f"| the lecture's {kind}, batches of {settings.batch} | {found.metrics.mse:.4f} | | {taken:.2f} |",
            flush=True,
        )
    print("\n| what to show | Recall@10 | NDCG@10 | hit@10 | coverage | s |\n|---|---|---|---|---|---|")
    for name, (library, ranker) in RANKERS.items():
        if there(library):
            started = time.process_time()
            rows = [task.found(ranker(task)) for task in tasks(options.data, inside=False)]
            taken = (time.process_time() - started) / 2
            cells = [f"{each:.3f}" for each in np.mean(rows, axis=0)]
            print(f"| {name} | {' | '.join(cells)} | {taken:.2f} |", flush=True)


if __name__ == "__main__":
    main()

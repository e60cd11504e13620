"""`python -m bot train`: the engine's trainings with a progress bar, and the file that one of them leaves."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.errors import StartError
from bot.values import plural
from engine.card import Metrics, Settings
from engine.errors import FileError
from engine.experiments import Epoch, Kind, experiment
from engine.joining import Person, gathered
from engine.printed import BOOK_DECAY
from engine.training import build

MODELS = ("dotbias", "dot", "nn", "bayes", "all")
"""Of these dotbias and bayes stand in the file, whichever is named: the bot answers from both."""
SHOWN: dict[str, Kind] = {"dot": "dot", "nn": "nn"}
"""Models of the lecture that are trained to be looked at alone."""
GET_DATA = (
    "There is nothing to train on. MovieLens is to be had at https://grouplens.org/datasets/movielens/100k/: "
    "unpack it and name its folder by --data or RATINGS. Any CSV with the columns user,title,rating (or likes) "
    "will do, too; and --members learns from the group's own ratings."
)


def train(
    data: Path | None, *, model: str = "dotbias", out: Path, valid: str, quiet: bool, people: Sequence[Person] = ()
) -> dict[str, Any]:
    """Train on `data` and on `people`'s ratings, and write `out`; returns the metrics and the seconds it took."""
    if data is None and not people:
        raise StartError(GET_DATA)
    started = time.monotonic()
    try:
        if model in SHOWN:
            report = _shown(data, SHOWN[model], valid, quiet, people)
        else:
            report = _filed(data, model, out, valid, quiet, people)
    except FileError as problem:
        raise StartError(str(problem)) from problem
    return report | {"seconds": round(time.monotonic() - started, 1)}


def sentences(report: Mapping[str, Any]) -> str:
    """What `train` returned, for a person to read."""
    ratings, users = plural(report["ratings"], "rating"), plural(report["users"], "user")
    films = plural(report["items"], "film")
    lines = [
        f"Trained {report['model']} on {ratings} by {users} of {films}, in {report['seconds']} seconds.",
        *(f"On the ratings held back, {name} {_errors(each)}." for name, each in report["models"].items()),
        *report["notes"],
    ]
    if report["file"]:
        name = Path(report["file"]).name
        lines.append(
            f"Written to {report['file']}: `!model load {name}` or MODEL_PATH has the bot answer from it."
        )
    else:
        lines.append("No file is written: the bot answers from dotbias and bayes, which `--model all` trains.")
    return "\n".join(lines)


def _filed(
    data: Path | None, model: str, out: Path, valid: str, quiet: bool, people: Sequence[Person]
) -> dict[str, Any]:
    """Both models that the bot answers from, in one file."""
    if out.is_dir() or not out.name:
        raise StartError(f"--out {out} is a folder: name the file that the model is to be written to.")
    with _bar(quiet) as bar:

        def progress(done: int, total: int, message: str) -> None:
            bar.total = total
            bar.set_description_str(message, refresh=False)
            bar.update(done - bar.n)

        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            made = build(data, valid=valid, progress=progress, people=people)
            made.save(out)
        except OSError as problem:
            raise StartError(f"{out} cannot be written ({problem.strerror}).") from problem
    card = made.card
    models = {"dotbias": _rounded(card.metrics), "bayes": _rounded(card.chooser.metrics)}
    return {
        "model": model,
        "ratings": card.ratings,
        "users": len(made.users),
        "items": len(made.titles),
        "valid": models["bayes" if model == "bayes" else "dotbias"],
        "models": models,
        "recommending": {"mse": models["bayes"]["mse"]},
        "notes": list(card.notes),
        "file": str(out),
    }


def _shown(data: Path | None, kind: Kind, valid: str, quiet: bool, people: Sequence[Person]) -> dict[str, Any]:
    """One of the lecture's other models, of which nothing is kept."""
    ratings, split, listed = gathered(data, valid, people)
    settings = Settings(weight_decay=BOOK_DECAY[kind])
    with _bar(quiet) as bar:

        def news(done: int, total: int, behind: tuple[Epoch, ...]) -> None:
            bar.total = total
            bar.set_description_str(f"epoch {min(len(behind) + 1, settings.epochs)} of {settings.epochs}")
            bar.update(done - bar.n)

        trained = experiment(ratings, split, kind, settings, news)
    valid_errors = _rounded(trained.metrics)
    return {
        "model": kind,
        "ratings": len(ratings),
        "users": listed,
        "items": len(ratings.titles),
        "valid": valid_errors,
        "models": {kind: valid_errors},
        "notes": list(ratings.notes),
        "file": None,
    }


def _bar(quiet: bool) -> "tqdm[Any]":
    return tqdm(total=0, unit=" steps", disable=quiet, dynamic_ncols=True, delay=0.5)


def _rounded(metrics: Metrics) -> dict[str, float]:
    return {"mse": round(metrics.mse, 4), "rmse": round(metrics.rmse, 4), "mae": round(metrics.mae, 4)}


def _errors(each: Mapping[str, float]) -> str:
    return f"has a mean squared error of {each['mse']:.4f} (RMSE {each['rmse']:.4f}, MAE {each['mae']:.4f} stars)"

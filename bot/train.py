"""`python -m bot train`: the engine's training with a progress bar, and the file it leaves."""

import time
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.errors import StartError
from engine.errors import FileError
from engine.training import build


def train(data: Path, *, out: Path, valid: str, quiet: bool) -> dict[str, Any]:
    """Train on `data`, save to `out`; returns the metrics that are stored, and the seconds it took."""
    started = time.monotonic()
    if out.is_dir() or not out.name:
        raise StartError(f"--out {out} is a folder: name the file that the model is to be written to.")
    with tqdm(total=0, unit=" steps", disable=quiet, dynamic_ncols=True, delay=0.5) as bar:

        def progress(done: int, total: int, message: str) -> None:
            bar.total = total
            bar.set_description_str(message, refresh=False)
            bar.update(done - bar.n)

        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            model = build(data, valid=valid, progress=progress)
            model.save(out)
        except FileError as problem:
            raise StartError(str(problem)) from problem
        except OSError as problem:
            raise StartError(f"{out} cannot be written ({problem.strerror}).") from problem
    metrics = model.card.metrics
    return {
        "model": model.card.model,
        "ratings": model.card.ratings,
        "users": len(model.users),
        "items": len(model.titles),
        "seconds": round(time.monotonic() - started, 1),
        "valid": {"mse": round(metrics.mse, 4), "rmse": round(metrics.rmse, 4), "mae": round(metrics.mae, 4)},
        "recommending": {"mse": round(model.card.chooser.metrics.mse, 4)},
        "notes": list(model.card.notes),
        "file": str(out),
    }

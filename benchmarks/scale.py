"""How cost grows: training on made-up ratings, from 100 thousand to 20 million, and the ten best of a million.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 .venv/bin/python -m benchmarks.scale [--most MILLIONS]

Each size runs in a process of its own, so that its memory can be told; seconds are process time. People and films
grow with the square root of the ratings; how often a film is rated falls off as in MovieLens.
"""

import argparse
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import torch

from engine import bayes, nearest

SIZES = (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 20_000_000)
ROWS, FACTORS, BATCH, TOP = 1_000_000, 50, 256, 10
SETTINGS = bayes.BayesSettings()


def train(count: int) -> str:
    """One row of the table: fit to so many ratings."""
    chance = np.random.default_rng(0)
    scale = math.sqrt(count / 100_000)
    people, films = int(943 * scale), int(1682 * scale)
    users = (people * chance.random(count) ** 1.7).astype(np.int64)
    items = (films * chance.random(count) ** 2.5).astype(np.int64)
    p, q = chance.normal(0, 0.5, (people, 5)), chance.normal(0, 0.5, (films, 5))
    stars = 3.5 + np.sum(p[users] * q[items], axis=1) + chance.normal(0, 0.9, count)
    held = count // 20
    torch.set_num_threads(1)
    started = time.process_time()
    model = bayes.fit(users[held:], items[held:], stars[held:], (people, films), SETTINGS)
    seconds = time.process_time() - started
    error = model.stars(users[:held], items[:held]) - stars[:held]
    mse = float(np.mean(error**2))
    return (
        f"| {count:,} | {people:,} | {films:,} | {seconds:.1f} | {seconds / count * 1e6:.1f} "
        f"| {_peak():.0f} | {mse:.3f} |"
    )


def top() -> None:
    """One query and many, ours beside torch's blocked product."""
    chance = np.random.default_rng(0)
    rows = chance.standard_normal((ROWS, FACTORS), dtype=np.float32)
    tensor = torch.from_numpy(rows)

    def blocked(queries: np.ndarray) -> None:
        """Torch: a product for each block, its best, and the best of those."""
        asked = torch.from_numpy(queries)
        parts = [torch.topk(asked @ block.T, TOP, dim=1) for block in tensor.split(65_536)]
        torch.topk(torch.cat([part.values for part in parts], dim=1), TOP, dim=1)

    print("\n| ten best of 1,000,000 × 50 | ours, ms | torch, ms | ratio |\n|---|---|---|---|")
    for number in (1, BATCH):
        queries = chance.standard_normal((number, FACTORS), dtype=np.float32)
        ours, theirs = _paired(
            lambda asked=queries: nearest.best(rows, asked, TOP), lambda asked=queries: blocked(asked)
        )
        print(f"| {number} at a time | {ours * 1e3:.0f} | {theirs * 1e3:.0f} | {ours / theirs:.2f} |", flush=True)


def _paired(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of both, taken in turn."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(7):
        for run, times in zip((one, other), seconds, strict=True):
            started = time.perf_counter()
            run()
            times.append(time.perf_counter() - started)
    return float(np.median(seconds[0])), float(np.median(seconds[1]))


def _peak() -> float:
    """The most memory this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=float, default=20, metavar="MILLIONS", help="of ratings (20)")
    parser.add_argument("--one", type=int, metavar="RATINGS", help="only this size, without a heading")
    options = parser.parse_args()
    if options.one:
        print(train(options.one))
        return
    print("| ratings | people | films | seconds | µs a rating | peak MB | MSE (noise 0.81) |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for count in SIZES:
        if count <= options.most * 1e6:
            command = [sys.executable, "-m", "benchmarks.scale", "--one", str(count)]
            print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="", flush=True)
    top()


if __name__ == "__main__":
    main()

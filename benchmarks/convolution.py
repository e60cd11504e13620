"""How long a convolution takes, ours beside those of torch, scipy and OpenCV.

    .venv/bin/python -m benchmarks.convolution --peers DIR

scipy and OpenCV are no part of the project: install them into an environment of their own, for example
`python -m venv /tmp/peers; /tmp/peers/bin/pip install scipy opencv-python-headless`, and name its folder of
packages. All take the same bytes and give the same sums as doubles; torch is also asked for singles, which is
what it is made for. In turns, so that a busy machine hits all alike.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine import kernels
from engine.convolution import convolve

SIDES = (28, 64, 224, 512, 1024, 2048, 4096)
KERNELS = {"topedge": "topedge", "blur": "blur", "5×5": "gaussian5", "7×7": ";".join(["3 1 -4 1 -5 9 -2"] * 7)}
ALONE = 224  # from this side on torch has all its threads
SPEND = 0.15  # seconds for each, at least five runs

Run = Callable[[], Any]


def peers(image: NDArray[np.uint8], weights: NDArray[np.float64]) -> dict[str, Run]:
    """The same convolution by each of the others."""
    made: dict[str, Run] = {}
    for name, kind in (("torch", torch.float64), ("torch, singles", torch.float32)):
        kernel = torch.tensor(weights, dtype=kind)[None, None]

        def run(kernel: torch.Tensor = kernel, kind: torch.dtype = kind) -> Any:
            return torch.conv2d(torch.from_numpy(image).to(kind)[None, None], kernel)[0, 0].numpy()

        made[name] = run
    try:
        ndimage, cv2 = importlib.import_module("scipy.ndimage"), importlib.import_module("cv2")
    except ImportError:
        return made
    before, after = (len(weights) - 1) // 2, len(weights) // 2
    inside = slice(before, len(image) - after)
    made["scipy"] = lambda: ndimage.correlate(image, weights, output=np.float64)[inside, inside]
    made["OpenCV"] = lambda: cv2.filter2D(image, cv2.CV_64F, weights, anchor=(before, before))[inside, inside]
    return made


def seconds(runs: dict[str, Run]) -> dict[str, float]:
    """The best of each, in turns: what a busy machine adds is nobody's time."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    started = time.perf_counter()
    while time.perf_counter() - started < SPEND * len(runs) or len(times["ours"]) < 5:
        for name, run in runs.items():
            begin = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - begin)
    return {name: min(values) for name, values in times.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default="", help="a folder of packages with scipy and cv2 in it")
    sys.path.append(parser.parse_args().peers)  # last, so that everything else stays the project's own
    random, header, threads = np.random.default_rng(0), True, torch.get_num_threads()
    for side in SIDES:
        image = random.integers(0, 256, (side, side), dtype=np.uint8)
        # On small pictures a second thread only waits, and everybody else with it.
        torch.set_num_threads(1 if side < ALONE else threads)
        for label, name in KERNELS.items():
            kernel = kernels.kernel(name)
            runs: dict[str, Run] = {"ours": lambda image=image, kernel=kernel: convolve(image, kernel)}
            runs |= peers(image, kernel.array)
            for other, run in runs.items():
                tolerance = 1e-3 if "singles" in other else 1e-9
                if not np.allclose(run(), runs["ours"](), atol=tolerance, rtol=1e-5):
                    raise SystemExit(f"{other} gives other sums")
            found = seconds(runs)
            if header:
                print(f"| picture | kernel | {' | '.join(f'{each}, ms' for each in found)} | ours ÷ the best |")
                print("|---|---|" + "--:|" * (len(found) + 1))
                header = False
            best = min(value for other, value in found.items() if other != "ours")
            cells = " | ".join(f"{1000 * value:.3g}" for value in found.values())
            print(f"| {side}×{side} | {label} | {cells} | {found['ours'] / best:.2f} |", flush=True)


if __name__ == "__main__":
    main()

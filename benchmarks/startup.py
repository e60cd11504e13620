"""From process start to the first answer, with memory, beside what Python and torch cost on the same machine.

    .venv/bin/python -m benchmarks.startup

Every row is a whole process, started and waited for; the rows take turns, so that a busy machine hits all alike.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def commands(out: Path) -> dict[str, list[str]]:
    """What is measured: a name, and the command line."""
    ask = [sys.executable, "-m", "bot", "ask"]
    return {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`import torch`": [sys.executable, "-c", "import torch"],
        "text: `!movie Fargo` (reads your ratings)": [*ask, "!movie Fargo"],
        "text: `!similar Terminator`": [*ask, "!similar Terminator"],
        "text: `!kernel topedge at=5,7`": [*ask, "!kernel topedge at=5,7"],
        "picture: `!kernel topedge at=5,7`": [*ask, "!kernel topedge at=5,7", "--out", str(out)],
        "picture: `!similar Terminator`": [*ask, "!similar Terminator", "--out", str(out)],
    }


def measure(command: list[str], folder: Path, *, fresh: bool) -> tuple[float, float]:
    """Seconds and megabytes (peak resident) of one process; `fresh` forgets the pictures kept before."""
    if fresh:
        for picture in (folder / "pictures").glob("*.png"):
            picture.unlink()
    environment = {"PATH": "/usr/bin:/bin", "DATABASE_URL": f"sqlite:///{folder}/bench.db", "HOME": str(folder)}
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    scale = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
    return seconds, usage.ru_maxrss * scale / 1e6


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        rows: dict[str, list[tuple[float, float]]] = {name: [] for name in commands(folder)}
        for turn in range(runs + 1):  # the first turn fills the file cache and the bytecode
            for name, command in commands(folder / "out").items():
                measured = measure(command, folder, fresh=True)
                if turn:
                    rows[name].append(measured)
    bare, torch = (statistics.median(s for s, _ in rows[name]) for name in list(rows)[:2])
    print(f"Median of {runs} processes each (least to most), Python {sys.version.split()[0]}.\n")
    print("| process | seconds | × `pass` | × `import torch` | peak MB |\n|---|---|---|---|---|")
    for name, measured in rows.items():
        seconds = sorted(second for second, _ in measured)
        middle, size = statistics.median(seconds), statistics.median(megabytes for _, megabytes in measured)
        print(
            f"| {name} | {middle:.2f} ({seconds[0]:.2f} to {seconds[-1]:.2f}) | {middle / bare:.0f} "
            f"| {middle / torch:.2f} | {size:.0f} |"
        )


if __name__ == "__main__":
    main()

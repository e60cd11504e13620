"""Thousands of simulated histories: what goes wrong with the delivery, and with each idea of it left out.

    .venv/bin/python -m benchmarks.simulation [--seeds 3000] [--only ours]

A history is twelve posts, three workers and everything that can happen to them (tests/scheduler/simulation.py).
Lost and doubled are posts; dead are letters that an admin has to look at; shared is a row handed to two workers at
once, late one that nobody took up for four minutes after a crash, unfenced a request begun without enough of the
lease left.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from tests.scheduler.histories import run
from tests.scheduler.mutants import MUTANTS, NoLookBack, random_key
from tests.scheduler.simulation import PLATFORMS, POSTS, Variant

WRONG = ("lost", "doubled", "dead", "shared", "late", "unfenced")
VARIANTS: dict[str, Callable[[Variant], Variant]] = {
    "ours": lambda variant: variant,
    "neither key nor look-back": lambda variant: replace(variant, pump=NoLookBack, mark=random_key),
    **{name: change for name, (_, change) in MUTANTS.items()},
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3_000)
    parser.add_argument("--only", choices=VARIANTS, action="append")
    asked = parser.parse_args()
    print(f"{asked.seeds:,} histories of {POSTS} posts each.\n")
    print(f"| variant | platform | {' | '.join(WRONG)} | ms a history |\n|---|---|{'---|' * len(WRONG)}---|")
    for name in asked.only or VARIANTS:
        for platform in PLATFORMS:
            begun = time.perf_counter()
            wrong, _ = run(asked.seeds, VARIANTS[name](Variant(platforms=(platform,))))
            total = Counter[str]()
            for what, count in wrong.items():
                total[what.split()[0]] += count
            milliseconds = 1000 * (time.perf_counter() - begun) / asked.seeds
            figures = " | ".join(f"{total[what]:,}" for what in WRONG)
            print(f"| {name} | {platform} | {figures} | {milliseconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()

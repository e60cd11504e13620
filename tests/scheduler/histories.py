"""Many histories, on two processors."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.scheduler.simulation import Variant, simulate

TOGETHER = 50


def run(seeds: int, variant: Variant) -> tuple[Counter[str], Counter[str]]:
    """What went wrong in that many histories, and what was done to them."""
    wrong, faults = Counter[str](), Counter[str]()
    starts = range(0, seeds, TOGETHER)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        chunks = (range(start, min(seeds, start + TOGETHER)) for start in starts)
        for each_wrong, each_faults in pool.map(_chunk, chunks, [variant] * len(starts)):
            wrong += each_wrong
            faults += each_faults
    return wrong, faults


def _chunk(seeds: Iterable[int], variant: Variant) -> tuple[Counter[str], Counter[str]]:
    wrong, faults = Counter[str](), Counter[str]()
    for seed in seeds:
        verdict = simulate(seed, variant)
        faults += verdict.faults
        for what, count in (+verdict.wrong).items():
            wrong[f"{what} (seed {seed})"] += count
    return wrong, faults

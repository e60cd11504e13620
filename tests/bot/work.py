"""Work for the tests of `bot.workers`, as a task is written."""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from engine.errors import InputError

Tell = Callable[[dict[str, Any]], None]


def add(*, tell: Tell, numbers: list[int]) -> dict[str, Any]:
    """Add numbers, and say each sum on the way."""
    total = 0
    for number in numbers:
        sys.stdout.write("as a library might\n")
        total += number
        tell({"sum": total})
    return {"sum": total, "process": os.getpid()}


def endless(*, tell: Tell) -> dict[str, Any]:
    """Work that never ends."""
    tell({"process": os.getpid()})
    while True:
        time.sleep(60)


def refuse(*, tell: Tell) -> dict[str, Any]:
    """Say what is wrong with what was asked."""
    raise InputError("There are *no* ratings.")


def fail(*, tell: Tell) -> dict[str, Any]:
    """Break."""
    raise ValueError("a fault of ours")


def vanish(*, tell: Tell) -> dict[str, Any]:
    """End as a process does that the system ends."""
    sys.stdout.flush()
    os._exit(9)


def trained(*, tell: Tell, data: str, runs: list[Any], people: list[dict[str, float]]) -> dict[str, Any]:
    """Train, after a fashion."""
    tell({"done": 0.5, "curves": [{"train": [1.0], "valid": [1.0]} for _ in runs]})
    return {
        "curves": [{"train": [1.0, 0.5], "valid": [1.0, 0.75]} for _ in runs],
        "train": 80,
        "valid": 20,
        "members": len(people),
        "members_ratings": sum(map(len, people)),
        "notes": ["2 of 9 lines repeat a *user* and a film."],
        "film_means": 1.5,
        "printed": [{"weight_decay": 0.1, "train": 0.5, "valid": 0.8} for _ in runs],
    }


def training(*, tell: Tell, data: str, runs: list[Any], people: list[dict[str, float]]) -> dict[str, Any]:
    """Train for ever."""
    tell({"done": 0.5, "curves": [{"train": [1.0], "valid": [1.0]} for _ in runs]})
    return endless(tell=lambda told: None)


def no_ratings(*, tell: Tell, **given: Any) -> dict[str, Any]:
    """Say what is wrong with the ratings."""
    raise InputError("ratings.csv: line 3: rating 'x' is not a number")

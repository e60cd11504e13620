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

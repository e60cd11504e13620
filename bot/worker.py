"""One piece of work in a process of its own: `python -m bot.worker`, started by `bot.workers`.

The first line of stdin says what to do: `{"task": "module:function", "given": {…}}`. Each line of stdout is one
of `{"told": …}`, on the way, and at last `{"result": …}` or `{"refused": "a sentence"}`. Stdin stays open for as
long as somebody waits: when it ends, so do we.
"""

import json
import os
import sys
import threading
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any

from engine.errors import InputError

POLITE = 10  # how much less of the machine we want than those who answer


def main() -> None:
    """Do what stdin says."""
    os.nice(POLITE)
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    module, _, name = job["task"].partition(":")
    out = sys.stdout

    def say(kind: str, value: Any) -> None:
        try:
            print(json.dumps({kind: value}), file=out, flush=True)
        except BrokenPipeError:
            os._exit(1)  # whoever waited is gone

    def tell(told: Any) -> None:
        say("told", told)

    with redirect_stdout(sys.stderr):  # what a library prints is no answer of ours
        work = getattr(import_module(module), name)
        try:
            result = work(tell=tell, **job["given"])
        except InputError as problem:
            say("refused", str(problem))
        else:
            say("result", result)


def _end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()

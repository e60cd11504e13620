"""The model that answers, learnt anew: from a file of ratings and from members', or from members' alone.

Run in a process of its own, so what it is given, tells and returns is plain JSON.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.errors import FileError, InputError
from engine.joining import Person
from engine.training import build

Tell = Callable[[dict[str, Any]], None]


def run(*, tell: Tell, data: str, people: Sequence[Person], out: str) -> dict[str, Any]:
    """Learn from the ratings at `data`, where it is not empty, and from `people`'s; write the file `out`, whole.

    Told on the way: the share that is `done`. InputError says what is wrong with the data, or with the file.
    """

    def progress(done: int, total: int, _: str) -> None:
        tell({"done": done / total})

    try:
        made = build(Path(data) if data else None, people=people, progress=progress)
        made.save(Path(out))
    except FileError as problem:
        # Members read it: the name of the file says enough, and where it lies is the host's business.
        raise InputError(f"I cannot learn anew, for {problem.path.name}: {problem.reason}.") from problem
    return {"ratings": made.card.ratings, "films": len(made.titles)}

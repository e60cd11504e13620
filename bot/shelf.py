# ruff: noqa: D102 - the members of a small Protocol say it by name and type
"""What the commands see of the model files: which one answers, and how another takes its place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """A model in use: what it is called, and since when it answers (None: since the start)."""

    name: str
    since: datetime | None


class Shelf(Protocol):
    """The models that there are. Whatever goes wrong, the one that answers goes on answering."""

    @property
    def current(self) -> Shelved: ...
    @property
    def folder(self) -> str: ...
    @property
    def files(self) -> tuple[str, ...]:
        """The model files in the folder, by name."""
        ...

    async def load(self, name: str, now: datetime) -> None:
        """Answer from that file of the folder from now on; UserError says why not."""
        ...

    async def reload(self, now: datetime) -> None:
        """Read the file that answers again; UserError says why it cannot be."""
        ...

    async def refit(self, tell: Callable[[float], Awaitable[None]], now: datetime) -> int:
        """Learn anew from the members' ratings, too, and answer from that; of how many members it was.

        `tell` hears the share that is done. UserError says why it cannot be.
        """
        ...

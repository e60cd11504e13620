# ruff: noqa: D102 - the members of a small Protocol say it by name and type
"""What a platform with a network in between keeps of what it heard and said. `bot.ledger` keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A post that was read: its version, its command line (only a hash of it is kept), and when it was written.

    `revised`: it was done with once, and its command is another one since.
    """

    post: str
    version: int
    line: str
    at: datetime
    revised: bool = False


@dataclass(frozen=True, kw_only=True)
class Written:
    """A part of something the bot says. `fresh`: it was never sent; `post` is None until it arrived."""

    part: int
    body: str
    thread: str | None = None
    post: str | None = None
    fresh: bool = False


class Ledger(Protocol):
    """The books of one platform: whatever is written down outlives the process."""

    async def cursor(self, name: str) -> int | None:
        """How far was read; None before the first time."""
        ...

    async def cursors(self, begin: str, most: int) -> list[str]:
        """The names that begin so, of those that were read furthest."""
        ...

    async def hear(self, posts: Sequence[Heard], *, name: str = "", cursor: int | None = None) -> list[Heard]:
        """Write down what was read, and how far, both or neither; those that are new, or whose command changed."""
        ...

    async def waiting(self) -> list[Heard]:
        """What the handler has not returned for, the oldest first; their lines are not kept."""
        ...

    async def done(self, post: Heard) -> None: ...
    async def intend(self, place: str, key: str, bodies: Sequence[str], at: datetime) -> list[Written]:
        """Write down what is about to be said; where that was done before, it is what was said then."""
        ...

    async def wrote(self, place: str, key: str, part: int, thread: str, post: str) -> None: ...
    async def said(self, place: str, key: str) -> list[Written]:
        """What was said under a key, part by part; nothing where it never was."""
        ...

    async def key(self, post: str) -> str | None:
        """The key of a post of ours; None for anybody else's, or where it is not known."""
        ...

    async def under(self, post: str) -> list[tuple[str, str, int]]:
        """Place, key and part of all that was written down under a post's id."""
        ...

    async def gone(self, post: str) -> None:
        """A post of ours is no longer there: its key is free."""
        ...

    async def forget(self, place: str, key: str) -> None:
        """What was to be said there was refused: nothing of it is kept."""
        ...

    async def prune(self, before: datetime) -> int: ...

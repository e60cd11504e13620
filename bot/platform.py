"""What the bot asks of a place where people talk, and what such a place can carry.

A platform is handed in, never subclassed from. Every one, the fakes included, passes
`tests/bot/platforms/contract.py`.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.values import Incoming, Person, Place, PostRef, Reply

Handler = Callable[[Incoming], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one post of a platform may hold.

    `pace`: the least seconds between two edits that only say how far a command is.
    """

    text: int
    images: int
    image_bytes: int
    choices: int
    pace: float = 2.0


class Platform(Protocol):
    """A place where people talk.

    Callers rely on this: a post is handed over again, at the next start at the latest, until the handler returned
    for it; so what a crash interrupts, or a `Retryable` error, is not lost. A `key` used twice makes one post.
    What an `unfinished` reply answers is not answered yet: it is edited until it is the answer.
    Errors are `bot.errors.Retryable` or `bot.errors.Refused` and nothing else.
    """

    @property
    def name(self) -> str:
        """The name in `Place.platform`: "web", "discourse", "discord"."""
        ...

    @property
    def limits(self) -> Limits:
        """What one post may hold."""
        ...

    async def listen(self, handler: Handler) -> None:
        """Hand every new post to `handler`, from those left unanswered last time on; returns once listening."""
        ...

    async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
        """Write a post, once per `key`, as the answer to `to` where the platform can show that."""
        ...

    async def tell(self, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write to one person alone, once per `key`; Unsendable where they take nothing from us."""
        ...

    async def open(self, place: Place, title: str, reply: Reply, *, key: str) -> PostRef:
        """Open the week's thread under `place`, once per `key`; `find` finds it there.

        It is a thread of its own where the platform has such, else a post with its title; `PostRef.place` is where
        the week is talked about from then on.
        """
        ...

    async def edit(self, post: PostRef, reply: Reply) -> None:
        """Put `reply` in the place of an earlier post of ours."""
        ...

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Keep an earlier post of ours in sight, or let it go again; twice is once."""
        ...

    async def find(self, place: Place, key: str) -> PostRef | None:
        """The post written under `key`, if there is one."""
        ...

    async def votes(self, post: PostRef) -> Sequence[Collection[Person]]:
        """Who voted for each choice of a post of ours, in their order; empty where no votes are kept."""
        ...

    def address(self, post: PostRef) -> str:
        """Where a browser finds the post; empty where none does."""
        ...

    async def close(self) -> None:
        """Stop listening; posts in flight are finished."""
        ...


@dataclass(frozen=True, kw_only=True)
class Event:
    """A session, as an entry of a platform's own calendar. `where` says where people meet; all texts are plain."""

    key: str
    title: str
    text: str
    starts: datetime
    ends: datetime
    where: str = ""


@runtime_checkable
class Calendar(Protocol):
    """What a platform that has a calendar of its own can do, too."""

    async def keep(self, events: Sequence[Event]) -> None:
        """Make the calendar hold these, and of ours to come no others; twice is once."""
        ...

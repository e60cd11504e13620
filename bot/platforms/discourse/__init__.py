"""The group's Discourse forum: a topic for each week in its category, a nested reply for each command.

Whatever is said is written down first (`bot.correspondence`), with the key it is said under in a comment that
nobody sees; topics carry the key as their external id, which the forum itself keeps unique. So a try that broke
off is found again, and said once.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.correspondence import Ledger
from bot.platform import Handler, Limits
from bot.platforms.discourse.admins import Admins
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Priority, WallClock
from bot.platforms.discourse.listening import FINISH, HORIZON, Listener, Report
from bot.platforms.discourse.places import NAME, TOPIC, category, where
from bot.platforms.discourse.reading import Reader
from bot.platforms.discourse.uploads import Uploads
from bot.platforms.discourse.values import Post, User
from bot.platforms.discourse.wake import Wake
from bot.platforms.discourse.weeks import Weeks
from bot.platforms.discourse.writing import Writer
from bot.platforms.tasks import Tasks
from bot.values import Person, Place, PostRef, Reply

CHANGED = frozenset({"revised", "recovered", "post_edited", "post_recovered"})
"""What may have happened to a post that was read before."""
UNINTERESTING = frozenset(
    {"acted", "deleted", "destroyed", "liked", "post_destroyed", "read", "rebaked", "stats", "unliked"}
)
STRANGER = "its message bus takes us for a stranger, as it does with a key that has scopes: we look by ourselves"
WATCHED = 5  # topics whose edits we hear of at once; those of others wait for a mention


@dataclass(frozen=True, kw_only=True)
class Home:
    """Where the group is at home on the forum, and how it likes things there."""

    category: int
    tags: tuple[str, ...] = ()
    close_old: bool = False
    """Close last week's topic when it is unpinned."""
    admin_group: str = ""
    ignored: frozenset[str] = frozenset()
    """Other bots, by their names in lower case."""


class Bus(Protocol):
    """What wakes us between two looks (`bot.platforms.discourse.bus`)."""

    @property
    def problem(self) -> str:
        """Why the last request failed, if it did."""
        ...

    @property
    def anonymous(self) -> bool:
        """Whether the forum takes us for a stranger there."""
        ...

    def watch(self, channel: str, last_id: int = -1, *, own: bool = False) -> None:
        """Hear of a channel, too; `own`: everything on it is for us."""
        ...

    def unwatch(self, channel: str) -> None:
        """Hear of it no more."""
        ...

    async def run(self, wake: Callable[[Wake], None]) -> None:
        """Wake whenever something is new, until cancelled."""
        ...


class Discourse:
    """Fulfils `bot.platform.Platform`. `line` finds the first command of a text, empty where there is none.

    `url` is the forum's address; `report` is told what does not work, and when it does again.
    """

    name = NAME
    limits = Limits(
        text=20_000, images=10, image_bytes=4_000_000, choices=20, pace=10.0
    )  # of 60 requests a minute

    def __init__(
        self,
        api: Api,
        ledger: Ledger,
        clock: WallClock,
        home: Home,
        *,
        url: str,
        prefix: str,
        line: Callable[[str], str],
        report: Report,
        every: float = 20.0,
        bus: Bus | None = None,
    ) -> None:
        self.api, self._clock, self._home, self._bus, self._url = api, clock, home, bus, url.rstrip("/")
        self._prefix, self._line, self._report = prefix, line, report
        self._me: User | None = None
        self._tasks = Tasks()
        self._hearing: list[asyncio.Task[None]] = []
        self._watched: list[str] = []
        self._listener = Listener(
            api,
            ledger,
            Admins(api, clock, home.admin_group, report=report),
            clock,
            reader=self._reader,
            ours=self._approved,
            report=report,
            every=every,
        )
        self._writer = Writer(
            api,
            ledger,
            clock,
            Uploads(api, self.limits.image_bytes),
            me=self._who,
            asked=self._listener.post,
            tags=home.tags,
            line=line,
            report=report,
        )
        self._weeks = Weeks(api, close_old=home.close_old, report=report)

    async def listen(self, handler: Handler) -> None:
        """Hand over what was written since the last time, and everything from now on."""
        self._tasks.start(self._listener.run(handler), "listening to the forum")
        if self._bus:
            self._hearing.append(asyncio.create_task(self._bus.run(self.wake), name="the forum's bus"))

    def wake(self, wake: Wake) -> None:
        """Look: the bus, or a webhook, says that there is something. What it is, the forum itself tells."""
        if wake.kind in UNINTERESTING:
            return
        if wake.post_id is not None and wake.kind in CHANGED:
            self._listener.wake(wake.post_id)
        elif wake.channel.startswith("/notification"):
            self._listener.wake_aside()
        else:
            self._listener.wake()

    async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
        """Write a reply, once per key: nested under `to`; to its author alone, if it is private."""
        post = await self._writer.post(place, reply, key=key, to=to)
        self._watch(post.place)
        return post

    async def tell(self, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write into a conversation with one person, which is begun where there is none; once per key."""
        post = await self._writer.tell(category(self._home.category), person, reply, key=key)
        self._watch(post.place)
        return post

    async def open(self, place: Place, title: str, reply: Reply, *, key: str) -> PostRef:
        """Open a topic in a category (a topic stands for its own), once per key."""
        post = await self._writer.open(place, title, reply, key=key)
        await self._weeks.close_by_itself(post, self._clock.now())
        self._watch(post.place)
        return post

    async def edit(self, post: PostRef, reply: Reply) -> None:
        """Put `reply` in the place of an earlier post of ours."""
        await self._writer.edit(post, reply)

    async def find(self, place: Place, key: str) -> PostRef | None:
        """The post written under `key`: by our own books, else by the forum's."""
        return await self._writer.find(place, key)

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Pin the topic that a post of ours opened, or unpin it."""
        await self._writer.key_of(post)
        await self._weeks.pin(post, pinned=pinned)

    async def votes(self, post: PostRef) -> Sequence[Collection[Person]]:
        """Who voted for each choice of a poll of ours, in the order of the choices."""
        return await self._weeks.votes(post)

    def address(self, post: PostRef) -> str:
        """The post's permanent address."""
        return f"{self._url}/p/{post.id}" if post.id.isdecimal() else ""

    async def close(self) -> None:
        """Stop listening; answers in flight are finished."""
        for task in self._hearing:
            task.cancel()
        await asyncio.gather(*self._hearing, return_exceptions=True)
        await self._listener.close()
        await self._tasks.finish(FINISH)
        await self.api.close()

    async def _who(self) -> User:
        if self._me is None:
            self._me = await self.api.me(priority=Priority.REPLY)
            if self._bus:
                self._bus.watch("/latest")
                self._bus.watch(f"/notification/{self._me.id}", own=True)
        return self._me

    async def _approved(self, posts: Sequence[Post]) -> None:
        await self._writer.approved(posts)

    async def _reader(self) -> Reader:
        me = await self._who()
        if self._bus:
            stranger = STRANGER if self._bus.anonymous else ""
            self._report("being woken by the forum", self._bus.problem or stranger)
        return Reader(
            me=me.id,
            username=me.username,
            categories=(self._home.category,),
            ignored=self._home.ignored,
            prefix=self._prefix,
            line=self._line,
            horizon=self._clock.now() - HORIZON,
        )

    def _watch(self, place: Place) -> None:
        """Hear of edits in the topics that were last written in."""
        if self._bus is None or where(place)[0] != TOPIC or place.id in self._watched:
            return
        self._watched.append(place.id)
        self._bus.watch(f"/{place.id}")
        for old in self._watched[:-WATCHED]:
            self._bus.unwatch(f"/{old}")
        self._watched = self._watched[-WATCHED:]


__all__ = ["Discourse", "Home", "category"]

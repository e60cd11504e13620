"""What the scenarios share: a clerk who answers commands as the bot does, and waiting for what will come."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.database import Database
from bot.errors import PlatformError, Unsendable
from bot.values import Incoming, Person, Reply
from tests.bot.platforms.discourse.forum import SPEED, Forum, first_line
from tests.fakes.discourse import Post, Site, serve

DEADLINE = 60.0  # seconds of the wall after which something that should happen will not
BRIEF = {"min_post_length": 5, "unique_posts_mins": 0}
"""What a forum with a bot in it sets, and people who say the same thing twice."""


def plain_answer(_incoming: Incoming, line: str) -> Reply:
    """An answer that names its question."""
    return Reply(text=f"The answer to {line[1:]}")


class Clerk:
    """A handler that answers each command once, as `bot.app` does: what is unsendable is given up."""

    def __init__(self, forum: Forum, answer: Callable[[Incoming, str], Reply] | None = None) -> None:
        self.forum = forum
        self.handed: list[Incoming] = []
        self.given_up: list[str] = []
        self.problems: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        self._answer = answer or plain_answer
        self._settled: set[str] = set()

    async def __call__(self, incoming: Incoming) -> None:
        """Answer a post; a new command has its answer put in the place of the first."""
        self.handed.append(incoming)
        await self.open.wait()
        number, line = incoming.post.id, first_line(incoming.text)
        if not line or (number in self._settled and not incoming.revised):
            return
        try:
            await self._post(incoming, self._answer(incoming, line))
        except PlatformError as problem:
            self.problems.append(str(problem))
            if not isinstance(problem, Unsendable):
                raise
            self.given_up.append(number)
        self._settled.add(number)

    async def _post(self, incoming: Incoming, reply: Reply) -> None:
        platform, place = self.forum.platform, incoming.post.place
        assert platform is not None
        key = f"re/{incoming.post.id}{'/private' if reply.private else ''}"
        found = await platform.find(place, key) if incoming.revised else None
        if found:
            await platform.edit(found, reply)
        else:
            await platform.post(place, reply, key=key, to=incoming.post)

    @property
    def texts(self) -> list[str]:
        """What was handed over."""
        return [each.text for each in self.handed]

    @property
    def people(self) -> list[Person]:
        """Who was said to have written it."""
        return [each.person for each in self.handed]


@asynccontextmanager
async def playing(
    database: Database,
    *,
    settings: dict[str, Any] | None = None,
    pages: str = "new",
    tags: str = "objects",
    labels: tuple[str, ...] = (),
    speed: int = SPEED,
    **home: Any,
) -> AsyncGenerator[Forum]:
    """A forum in which short commands may be said; `labels` are the tags of its weeks."""
    site = Site(settings=BRIEF | (settings or {}), pages=pages, tags=tags)
    async with serve(site) as server:
        forum = Forum(database, server, site, tags=labels, speed=speed, **home)
        try:
            yield forum
        finally:
            await forum.stop()


@asynccontextmanager
async def unserved(database: Database) -> AsyncGenerator[Forum]:
    """A forum whose server has stopped: a test starts it again at the same port, `forum.server.port`."""
    async with playing(database) as forum:
        pass
    try:
        yield forum
    finally:
        await forum.stop()


async def until(claim: Callable[[], object], seconds: float = DEADLINE) -> None:
    """Wait for what will come; TimeoutError if it does not."""
    async with asyncio.timeout(seconds):
        while not claim():  # noqa: ASYNC110 - the forum's state is looked at, it says nothing
            await asyncio.sleep(0.003)


async def quiet(forum: Forum, seconds: float = 300.0) -> None:
    """Let so many of the forum's seconds pass."""
    await forum.clock.sleep(seconds)


def answers(forum: Forum, post: str | int) -> list[Post]:
    """The bot's answers to a post that stand below it."""
    asked = forum.site.all_posts[int(post)]
    return [each for each in forum.ours() if each.topic is asked.topic and each.reply_to == asked.number]

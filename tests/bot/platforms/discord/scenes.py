"""What the scenarios share: a clerk who answers commands as the bot does, and waiting for what will come."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.database import Database
from bot.errors import PlatformError, StartError, Unsendable
from bot.platforms.discord import Discord
from bot.values import Incoming, PostRef, Reply
from tests.bot.platforms.discord.group import DEADLINE, Guild, first_line, long_ago, until
from tests.fakes.discord import Interaction, Limits, Message, Site, serve

Answer = Callable[[Incoming, str], Reply | Awaitable[Reply]]
QUICK = 20.0
"""How many times as quick as the wall's a clock is on which nothing is measured."""
HEARTBEAT = 41.25  # seconds between two, as Discord asks for them
OURS = ("the connection to Discord", "listening to Discord", "answer to ", "Discord's ")
"""How the names of the platform's tasks begin."""


def plain_answer(_incoming: Incoming, line: str) -> Reply:
    """An answer that names its question."""
    return Reply(text=f"The answer to {line[1:]}")


class Clerk:
    """A handler that answers each command once, as `bot.answering` does: what is unsendable is given up."""

    def __init__(self, guild: Guild, answer: Answer | None = None) -> None:
        self.guild = guild
        self.handed: list[Incoming] = []
        self.given_up: list[str] = []
        self.problems: list[PlatformError] = []
        self.open = asyncio.Event()
        self.open.set()
        self._answer: Answer = answer or plain_answer
        self._settled: set[str] = set()

    async def __call__(self, incoming: Incoming) -> None:
        """Answer a post; a new command has its answer put in the place of the first."""
        self.handed.append(incoming)
        await self.open.wait()
        number, line = incoming.post.id, first_line(incoming.text)
        if not line or (number in self._settled and not incoming.revised):
            return
        reply = self._answer(incoming, line)
        try:
            await self._post(incoming, reply if isinstance(reply, Reply) else await reply)
        except PlatformError as problem:
            self.problems.append(problem)
            if not isinstance(problem, Unsendable):
                raise
            self.given_up.append(number)
        self._settled.add(number)

    async def _post(self, incoming: Incoming, reply: Reply) -> None:
        platform, place = self.guild.platform, incoming.post.place
        assert platform is not None
        key = reply.running or f"re/{incoming.post.id}{'/private' if reply.private else ''}"
        found = await platform.find(place, key) if incoming.revised or reply.running else None
        if found is not None:
            try:
                await platform.edit(found, reply)
            except Unsendable:
                pass
            else:
                return
        await platform.post(place, reply, key=key, to=incoming.post)

    @property
    def texts(self) -> list[str]:
        """What was handed over."""
        return [each.text for each in self.handed]


@asynccontextmanager
async def playing(
    database: Database,
    *,
    kind: str = "text",
    tags: Iterable[str] = (),
    speed: float = 1.0,
    role: bool = False,
    **limits: Any,
) -> AsyncGenerator[Guild]:
    """A server with the group's channel; `role`: one that may be mentioned is set up; a forum wants its `tags`."""
    site = Site(now=long_ago, limits=Limits(heartbeat=HEARTBEAT / speed, **limits))
    number = site.role("readers").id if role else None
    async with serve(site) as server:
        guild = Guild(database, server, site, kind=kind, tags=tags, speed=speed, role=number)
        try:
            yield guild
        finally:
            await guild.stop()


@asynccontextmanager
async def patient(database: Database, *, speed: float = QUICK, **more: Any) -> AsyncGenerator[Guild]:
    """The same on a quick clock, on which Discord's three seconds would be over at once: they do not count."""
    async with playing(database, speed=speed, acknowledge=timedelta(minutes=5), **more) as guild:
        yield guild


@asynccontextmanager
async def unserved(database: Database, *, speed: float = 1.0) -> AsyncGenerator[Guild]:
    """A Discord that is down: a test starts it again at the same port, `guild.server.port`."""
    async with playing(database, speed=speed) as guild:
        pass
    try:
        yield guild
    finally:
        await guild.stop()


async def connected(guild: Guild, answer: Answer | None = None) -> Clerk:
    """Start the bot, and wait until it is there, and has read what there was."""
    clerk = Clerk(guild, answer)
    platform = await guild.start(clerk)
    await until(lambda: platform.connection.present and platform.current)
    return clerk


async def crash(guild: Guild) -> None:
    """Kill the bot in the midst of what it does: nothing is finished, and nothing is given back."""
    await asyncio.sleep(0)  # a task that never began would complain of it
    platform, guild.platform = guild.platform, None
    killed = [each for each in asyncio.all_tasks() if each.get_name().startswith(OURS)]
    for task in killed:
        task.cancel()
    await asyncio.gather(*killed, return_exceptions=True)
    if platform is not None and platform.connection.logged_in:
        await platform.client.close()  # its sockets die with a process


async def quiet(guild: Guild, seconds: float = 60.0) -> None:
    """Let so many of the guild's seconds pass."""
    await guild.clock.sleep(seconds)


async def doubted(platform: Discord | None) -> str:
    """What a check says that fails."""
    assert platform is not None
    try:
        said = await platform.check()
    except StartError as problem:
        return str(problem)
    raise AssertionError(f"the check says {said!r}")


def seen(used: Interaction) -> list[tuple[str, bool]]:
    """What was said in response to an interaction, and whether only the asker sees it."""
    standing = [each for each in used.messages if not each.deleted and not each.loading]
    return [(each.content, each.ephemeral) for each in standing]


def thinks(used: Interaction) -> bool:
    """Whether the asker looks at "thinking…"."""
    return any(each.loading and not each.deleted for each in used.messages)


def answers(guild: Guild, asked: PostRef) -> list[Message]:
    """The bot's answers to a message."""
    return [each for each in guild.ours() if each.reference == int(asked.id)]


def dials(guild: Guild) -> list[datetime]:
    """When the gateway was dialled, by the guild's clock."""
    return [each.opened_at for each in guild.site.connections]


def gaps(moments: list[datetime]) -> list[timedelta]:
    """The time between each of them and the next."""
    return [later - earlier for earlier, later in pairwise(moments)]


async def known(guild: Guild, key: str) -> PostRef:
    """Wait until the bot has written down what it said under a key."""
    assert guild.platform is not None
    async with asyncio.timeout(DEADLINE):
        while (found := await guild.platform.find(guild.place, key)) is None:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
    return found


async def settled(guild: Guild) -> None:
    """Wait until no message waits for its answer any more."""
    async with asyncio.timeout(DEADLINE):
        while await guild.ledger.waiting():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)


def asked_for(guild: Guild, method: str, path: str) -> int:
    """How many requests there were to a path that ends so."""
    return sum(each.method == method and each.path.endswith(path) for each in guild.site.requests)


__all__ = [
    "Answer",
    "Clerk",
    "answers",
    "asked_for",
    "connected",
    "crash",
    "dials",
    "doubted",
    "gaps",
    "known",
    "patient",
    "plain_answer",
    "playing",
    "quiet",
    "seen",
    "settled",
    "thinks",
    "unserved",
    "until",
]

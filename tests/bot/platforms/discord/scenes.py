"""What the scenarios share: a clerk who answers commands as the bot does, and waiting for what will come."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.database import Database
from bot.errors import PlatformError, StartError, Unsendable
from bot.platforms.discord import Discord
from bot.values import Incoming, PostRef, Reply
from tests.bot.platforms.discord.group import Guild, first_line, long_ago, until
from tests.fakes.discord import Limits, Message, Site, serve

Answer = Callable[[Incoming, str], Reply | Awaitable[Reply]]
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
    database: Database, *, kind: str = "text", speed: float = 1.0, role: bool = False, **limits: Any
) -> AsyncGenerator[Guild]:
    """A server with the group's channel; `role`: one that may be mentioned is set up."""
    site = Site(now=long_ago, limits=Limits(heartbeat=HEARTBEAT / speed, **limits))
    number = site.role("readers").id if role else None
    async with serve(site) as server:
        guild = Guild(database, server, site, kind=kind, speed=speed, role=number)
        try:
            yield guild
        finally:
            await guild.stop()


@asynccontextmanager
async def unserved(database: Database, *, speed: float = 1.0) -> AsyncGenerator[Guild]:
    """A Discord that is down: a test starts it again at the same port, `guild.server.port`."""
    async with playing(database, speed=speed) as guild:
        pass
    try:
        yield guild
    finally:
        await guild.stop()


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


def answers(guild: Guild, asked: PostRef) -> list[Message]:
    """The bot's answers to a message."""
    return [each for each in guild.ours() if each.reference == int(asked.id)]


def dials(guild: Guild) -> list[datetime]:
    """When the gateway was dialled, by the guild's clock."""
    return [each.opened_at for each in guild.site.connections]


def gaps(moments: list[datetime]) -> list[timedelta]:
    """The time between each of them and the next."""
    return [later - earlier for earlier, later in pairwise(moments)]


def asked_for(guild: Guild, method: str, path: str) -> int:
    """How many requests there were to a path that ends so."""
    return sum(each.method == method and each.path.endswith(path) for each in guild.site.requests)


__all__ = [
    "Clerk",
    "answers",
    "asked_for",
    "crash",
    "dials",
    "doubted",
    "gaps",
    "plain_answer",
    "playing",
    "quiet",
    "unserved",
    "until",
]

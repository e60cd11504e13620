"""A server with a group in it, and the bot's platform over it: what the scenarios of this folder play on."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bot.app import registry
from bot.command import Param
from bot.database import Database
from bot.lease import Lease
from bot.ledger import Ledger
from bot.parse import lines
from bot.platform import Handler
from bot.platforms.discord import Discord, channel
from bot.platforms.discord.address import point
from bot.values import Place, PostRef
from tests.fakes.discord import Channel, Message, Server, Site, User

log = logging.getLogger(__name__)

START = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
DEADLINE = 60.0  # seconds of the wall after which something that should happen will not
REST = re.compile(r"\n(?:\n|```|-# )")
"""Where a reply's own text ends."""


def long_ago() -> datetime:
    """When the server was made: before anything in it."""
    return START - timedelta(days=30)


class Quick:
    """A clock that runs faster than the wall's, and can be set ahead."""

    def __init__(self, speed: float = 1.0) -> None:
        self._zero, self._speed, self._start = time.monotonic(), speed, START
        self.ahead = timedelta()

    def monotonic(self) -> float:
        """Seconds since it was made."""
        return (time.monotonic() - self._zero) * self._speed + self.ahead.total_seconds()

    def now(self) -> datetime:
        """The wall clock."""
        return self._start + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(seconds / self._speed)


def first_line(text: str) -> str:
    """The first command of ours in a text, as `bot.app` finds it."""
    known = registry()
    found = next((each for each in lines(text, "!") if known.get(each.word)), None)
    return f"!{found.word} {found.rest}".strip() if found else ""


async def nothing(_param: Param, _typed: str) -> Sequence[str]:
    """What a parameter may be, where nobody knows."""
    return []


class Guild:
    """Fulfils `tests.bot.platforms.contract.Bench`: ada, who runs the group, and the bot in its channel."""

    def __init__(
        self,
        database: Database,
        server: Server,
        site: Site,
        *,
        kind: str = "text",
        tags: Iterable[str] = (),
        speed: float = 1.0,
        role: int | None = None,
    ) -> None:
        self.site, self.server, self.database = site, server, database
        self.clock = Quick(speed)
        site.follow(self.clock.now)
        self.home: Channel = site.channel("reading-group", kind, tags=tags, tagged=bool(tags))
        self.ada = site.user("ada")
        self.ledger, self.role = Ledger(database, "discord"), role
        self.troubles: dict[str, str] = {}
        self.told: list[str] = []
        self.platform: Discord | None = None
        self.complete: Callable[..., Any] = nothing
        self.holder = ""
        """Who the next process is to the lease; empty for a new one each time."""
        self._started = 0

    @property
    def place(self) -> Place:
        """The group's channel."""
        return channel(self.home.id)

    def made(self, *, token: str = "", lease: Lease | None = None) -> Discord:
        """A new platform."""
        point(self.server.api, self.server.gateway)
        self._started += 1
        return Discord(
            token or self.site.token,
            self.ledger,
            lease or Lease(self.database, "discord/test", self.holder or f"process {self._started}"),
            self.clock,
            Random(1),  # noqa: S311 - a test's chance
            home=self.home.id,
            role=self.role,
            prefix="!",
            commands=registry(),
            line=first_line,
            complete=self.complete,
            report=self._report,
        )

    async def start(self, handler: Handler) -> Discord:
        """A new platform over the same server, listening; the one before is closed."""
        await self.stop()
        self.platform = self.made()
        await self.platform.listen(handler)
        return self.platform

    async def stop(self) -> None:
        """Close the platform."""
        if self.platform:
            await self.platform.close()
            self.platform = None

    async def say(
        self, text: str, *, by: User | None = None, where: Channel | None = None, **more: Any
    ) -> PostRef:
        """Write a message as a person does."""
        place = where or self.home
        message = self.site.say(place, by or self.ada, text, **more)
        return PostRef(place=channel(place.id), id=str(message.id))

    async def shown(self) -> list[str]:
        """The text of the bot's messages, in their order."""
        return [REST.split(each.content)[0] for each in self.ours()]

    async def letters(self) -> list[str]:
        """The bot's direct messages to Ada."""
        said = self.site.messages(self.site.direct_to_bot(self.ada))
        return [REST.split(each.content)[0] for each in said if each.author is self.site.bot]

    async def files(self) -> list[str]:
        """The tables and texts attached to the bot's messages."""
        attached = [each for message in self.ours() for each in message.attachments]
        return [each.data.decode() for each in attached if each.name.endswith((".txt", ".csv"))]

    async def pinned(self) -> list[str]:
        """The names of the threads below the messages that are pinned, the newest pin first."""
        return [each.thread.name if each.thread else each.content for each in self.site.pins(self.home)]

    def ours(self) -> list[Message]:
        """The bot's messages in the channel and its threads."""
        places = [self.home, *self.site.threads(self.home)]
        found = {each.id: each for place in places for each in self.site.messages(place)}
        return [
            found[number]
            for number in sorted(found)
            if found[number].author is self.site.bot and found[number].content
        ]

    def _report(self, what: str, sentence: str) -> None:
        log.info("%s: %s", what, sentence or "works again")
        self.told.append(f"{what}: {sentence}")
        if sentence:
            self.troubles[what] = sentence
        else:
            self.troubles.pop(what, None)


async def until(claim: Callable[[], object], seconds: float = DEADLINE) -> None:
    """Wait for what will come; TimeoutError if it does not."""
    async with asyncio.timeout(seconds):
        while not claim():  # noqa: ASYNC110 - the server's state is looked at, it says nothing
            await asyncio.sleep(0.005)

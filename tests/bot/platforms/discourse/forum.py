"""A forum with a group in it, and the bot's platform over it: what the scenarios of this folder play on.

Time runs a thousand times as fast as on the wall, for the bot and for the forum alike: its minute takes 60 ms.
"""

import asyncio
import logging
import re
import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bot.app import registry
from bot.database import Database
from bot.ledger import Ledger
from bot.parse import lines
from bot.platform import Handler
from bot.platforms.discourse import Discourse, Home, category
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Budget
from bot.platforms.discourse.bus import Bus
from bot.platforms.discourse.http import Http
from bot.platforms.discourse.places import topic
from bot.values import Place, PostRef
from tests.fakes.discourse import Post, Server, Site, Topic, User, serve

log = logging.getLogger(__name__)

SPEED = 1_000
START = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
REST = re.compile(r"\n\n(?:\||→|\*|!\[|`{3,}text|\[[\w.]+\|attachment\]|_That is|<!-- sg:)")
"""Where a reply's own text ends."""
BLOCK = re.compile(r"\n(?P<marks>`{3,})text\n(?P<text>.*?\n)(?P=marks)\n", re.S)
LINK = re.compile(r"\[[\w.]+\|attachment\]\(upload://(?P<short>\w+)\.\w+\)")
"""How a file stands in a post."""
TITLE = " · our study group"


class Quick:
    """A clock whose second is a thousandth of one, if no other speed is said."""

    def __init__(self, speed: int = SPEED) -> None:
        self._zero, self._speed = time.monotonic(), speed
        self.ahead = timedelta()

    def monotonic(self) -> float:
        """Seconds since it was made."""
        return (time.monotonic() - self._zero) * self._speed

    def now(self) -> datetime:
        """The wall clock."""
        return START + timedelta(seconds=self.monotonic()) + self.ahead

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(seconds / self._speed)


def first_line(text: str) -> str:
    """The first command of ours in a text, as `bot.app` finds it."""
    known = registry()
    found = next((each for each in lines(text, "!") if known.get(each.word)), None)
    return f"!{found.word} {found.rest}".strip() if found else ""


class Forum:
    """Fulfils `tests.bot.platforms.contract.Bench`: ada and the bot in a topic of the group's category."""

    def __init__(self, database: Database, server: Server, site: Site, *, speed: int = SPEED, **home: Any) -> None:
        self.site, self.server, self.clock = site, server, Quick(speed)
        site.now = lambda: START - timedelta(days=30)
        site.poll_seconds = 0.05
        self.database, self.ledger = database, Ledger(database, "discourse")
        self.ada = site.user("ada", trust=2)
        self.bot = site.user("bot", trust=2, groups=("bots",))
        self.category = site.category("Study", moderators="bots")
        self.topic = site.begin(
            self.ada, "Chapter 8: the talk", "Here we go, with chapter eight.", category=self.category
        )
        self.key = site.key(self.bot)
        site.now = self.clock.now
        self.home = Home(category=self.category.id, **home)
        self.troubles: dict[str, str] = {}
        self.told: list[str] = []
        self.platform: Discourse | None = None
        self.timeout, self.every, self.limit = 20.0, 20.0, 60

    @property
    def place(self) -> Place:
        """The topic."""
        return topic(self.topic.id)

    @property
    def weeks(self) -> Place:
        """The category."""
        return category(self.category.id)

    def made(self, *, bus: bool = False, url: str = "", key: str = "") -> Discourse:
        """A new platform."""
        budget = Budget(self.clock, per_minute=self.limit)
        http = Http(
            url or self.server.url,
            key=key or self.key,
            username="bot",
            budget=budget,
            clock=self.clock,
            chance=Random(1),  # noqa: S311 - a test's chance
            timeout=self.timeout,
        )
        return Discourse(
            Api(http),
            self.ledger,
            self.clock,
            self.home,
            url=self.server.url,
            prefix="!",
            line=first_line,
            report=self._report,
            every=self.every,
            bus=Bus(http, client_id="0123456789abcdef", clock=self.clock) if bus else None,
        )

    async def start(self, handler: Handler, *, bus: bool = False) -> Discourse:
        """A new platform over the same forum, listening; the one before is closed."""
        await self.stop()
        self.platform = self.made(bus=bus)
        await self.platform.listen(handler)
        return self.platform

    async def stop(self) -> None:
        """Close the platform."""
        if self.platform:
            await self.platform.close()
            self.platform = None

    async def say(self, text: str, **more: Any) -> PostRef:
        """Write a post as a person does."""
        post = self.site.say(more.pop("by", self.ada), text, topic=more.pop("topic", self.topic), **more)
        return PostRef(place=topic(post.topic.id), id=str(post.id))

    async def shown(self) -> list[str]:
        """The text of the bot's posts, in their order."""
        return [REST.split(f"{each.raw}")[0] for each in self.ours()]

    async def letters(self) -> list[str]:
        """What the bot wrote to Ada alone."""
        mine = {self.ada.id, self.bot.id}
        return [
            REST.split(each.raw)[0] for each in self.ours() if each.topic.private and each.topic.allowed == mine
        ]

    async def files(self) -> list[str]:
        """What the bot's posts hold as code or, where the forum takes such files, as an attachment."""
        found: list[str] = []
        for post in self.ours():
            if block := BLOCK.search(post.raw):
                found.append(block["text"])
            if link := LINK.search(post.raw):
                found += [each.data.decode() for each in self.site.uploads.values() if each.short == link["short"]]
        return found

    async def pinned(self) -> list[str]:
        """The titles of the topics that are pinned, the newest first."""
        pinned = [each.title.removesuffix(TITLE) for each in self.site.topics.values() if each.pinned_at]
        return pinned[::-1]

    def ours(self) -> list[Post]:
        """The bot's posts that people wrote or could have written."""
        return [
            each
            for each in self.site.all_posts.values()
            if each.user is self.bot and each.kind == 1 and each.deleted_at is None
        ]

    def weekly(self) -> list[Topic]:
        """The topics that the bot began."""
        return [each for each in self.site.topics.values() if each.user is self.bot]

    def _report(self, what: str, sentence: str) -> None:
        if sentence or what in self.troubles:
            log.info("%s: %s", what, sentence or "works again")
        self.told.append(f"{what}: {sentence}")
        if sentence:
            self.troubles[what] = sentence
        else:
            self.troubles.pop(what, None)


__all__ = ["Forum", "Quick", "User", "serve"]

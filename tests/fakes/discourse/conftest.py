"""A forum for the checks of the fake: its clock is set by hand, so that a minute's limit takes no minute."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.fakes.discourse import Post, Server, Site, Topic, User, openapi, serve


@dataclass(kw_only=True)
class Hands:
    """A clock that stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 25, 7, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.at

    def move(self, **by: float) -> None:
        """Move it on."""
        self.at += timedelta(**by)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came back."""

    status: int
    body: Any
    text: str
    headers: Any


@dataclass(kw_only=True)
class Forum:
    """A forum that is up, with a person, a bot and a topic; requests are the bot's."""

    site: Site
    clock: Hands
    server: Server
    http: aiohttp.ClientSession
    ada: User
    bot: User
    topic: Topic
    key: str

    async def ask(
        self, method: str, path: str, *, key: str | None = None, name: str = "bot", **more: Any
    ) -> Answered:
        """Ask as the bot, with its key or another."""
        headers = {"Api-Key": key or self.key, "Api-Username": name} | more.pop("headers", {})
        return await self.anybody(method, path, headers=headers, **more)

    async def anybody(self, method: str, path: str, **more: Any) -> Answered:
        """Ask without a key."""
        more.setdefault("allow_redirects", False)
        async with self.http.request(method, self.server.url + path, **more) as response:
            text = await response.text()
            body = await response.json() if response.content_type == "application/json" and text else None
            return Answered(status=response.status, body=body, text=text, headers=response.headers)

    async def reply(self, raw: str, topic: Topic | None = None, **more: Any) -> Answered:
        """Write into a topic."""
        body = {"raw": raw, "topic_id": (topic or self.topic).id, **more}
        return await self.ask("POST", "/posts.json", json=body)

    def first(self, topic: Topic | None = None) -> Post:
        """The first post of a topic."""
        return self.site.posts(topic or self.topic)[0]


@pytest.fixture
def clock() -> Hands:
    """The forum's clock."""
    return Hands()


@pytest.fixture
async def forum(clock: Hands) -> AsyncGenerator[Forum]:
    """A forum with its defaults."""
    site = Site(now=clock)
    ada, bot = site.user("ada"), site.user("bot")
    topic = site.begin(ada, "Chapter 9: convolutions", "What does a kernel of size three see?")
    async with serve(site) as server, aiohttp.ClientSession() as http:
        yield Forum(
            site=site, clock=clock, server=server, http=http, ada=ada, bot=bot, topic=topic, key=site.key(bot)
        )


@pytest.fixture
def document() -> None:
    """The official API document, which is not part of the project."""
    try:
        openapi.document()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))

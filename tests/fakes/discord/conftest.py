"""A Discord for the checks of the fake, with a stock client of discord.py in it."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord
import pytest
from discord.ext import commands

from tests.fakes.discord import Channel, Server, Site, User, openapi, serve
from tests.fakes.discord.client import Quick, pointed, started

INTENTS = discord.Intents(
    guilds=True, messages=True, message_content=True, polls=True, guild_scheduled_events=True
)


class Bot(Quick, commands.Bot):
    """A stock bot that writes down what it hears."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("intents", INTENTS)
        super().__init__(command_prefix="!", allowed_mentions=discord.AllowedMentions.none(), **options)
        self.heard: list[tuple[str, Any]] = []

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Write an event down, and go on."""
        self.heard.append((event, args))
        super().dispatch(event, *args, **kwargs)

    def all_heard(self, event: str) -> list[Any]:
        """What an event was called with, each time."""
        return [args[0] if args else None for name, args in self.heard if name == event]

    async def on_command_error(self, context: Any, exception: Exception) -> None:
        """Written down already."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> int:
        """Discord's own code; 0 where there is none."""
        return self.body.get("code", 0) if isinstance(self.body, dict) else 0


@dataclass(kw_only=True)
class Group:
    """A reading group that is up: a channel, a person, and a bot that is ready."""

    site: Site
    server: Server
    bot: Bot
    reading: Channel
    ada: User
    there: discord.TextChannel = field(repr=False)

    async def ask(self, method: str, path: str, **more: Any) -> Answered:
        """Ask as the bot, past discord.py, which would not let some things through."""
        headers = {"Authorization": f"Bot {self.site.token}"} | more.pop("headers", {})
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, self.server.api + path, headers=headers, **more) as response,
        ):
            plain = response.content_type == "application/json"
            body = await response.json() if plain else await response.text()
            return Answered(status=response.status, body=body, headers=response.headers)

    def sees(self, channel: Channel) -> discord.TextChannel:
        """A channel as the bot has it."""
        found = self.bot.get_channel(channel.id)
        assert isinstance(found, discord.TextChannel)
        return found


@pytest.fixture
def site() -> Site:
    """A guild with the channel "reading" and ada."""
    made = Site()
    made.channel("reading")
    made.user("ada")
    return made


@pytest.fixture
async def server(site: Site) -> AsyncGenerator[Server]:
    """The site, shown, and discord.py pointed at it."""
    async with serve(site) as shown:
        with pointed(shown):
            yield shown


@pytest.fixture
async def group(site: Site, server: Server) -> AsyncGenerator[Group]:
    """A bot that is ready in the site."""
    bot = Bot()
    async with started(bot, site.token):
        reading = next(each for each in site.tables.channels.values() if each.name == "reading")
        ada = next(each for each in site.tables.users.values() if each.name == "ada")
        there = bot.get_channel(reading.id)
        assert isinstance(there, discord.TextChannel)
        yield Group(site=site, server=server, bot=bot, reading=reading, ada=ada, there=there)


@pytest.fixture(autouse=True)
def judged(request: pytest.FixtureRequest) -> Generator[None]:
    """Whatever a client sent in a test, and was answered, is as the official document has it, if it is there."""
    yield
    site: Any = request.node.funcargs.get("site")
    try:
        openapi.document()
    except FileNotFoundError:
        return
    assert [each for seen in getattr(site, "requests", []) for each in openapi.problems(seen)] == []


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py's waits between its tries take no time; the fake's are shorter than those."""
    real = asyncio.sleep

    async def sleep(seconds: float, result: Any = None) -> Any:
        return await real(0 if seconds > 0.25 else seconds, result)

    monkeypatch.setattr(asyncio, "sleep", sleep)

"""Stock discord.py, pointed at the fake.

with pointed(server): …                    every client made and started in the block talks to the fake
class MyBot(Quick, commands.Bot): …        ready in a moment: nothing waits out of politeness
async with started(client, token): …       logged in, ready, and closed at the end
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.fakes.discord.server import Server

GENEROUS = 30.0


@contextmanager
def pointed(server: Server) -> Generator[None]:
    """Point discord.py at a server, and back where it pointed before."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api, URL(server.gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


class Quick(discord.Client):
    """A client that is ready at once: it neither spaces its IDENTIFYs nor waits for more guilds."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("intents", discord.Intents.default())
        options.setdefault("guild_ready_timeout", 0.03)
        super().__init__(**options)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Five seconds, usually."""


@asynccontextmanager
async def started(client: discord.Client, token: str) -> AsyncGenerator[asyncio.Task[None]]:
    """Run a client until the block ends; the block begins when it is ready. What ends it is raised here."""
    running = asyncio.create_task(client.start(token), name="discord client")
    try:
        await ready(client, running)
        yield running
    finally:
        await client.close()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, discord.DiscordException):
            await running


async def ready(client: discord.Client, running: asyncio.Task[None]) -> None:
    """Wait until the client is ready and has its guild, or its end says why it never has."""
    async with asyncio.timeout(GENEROUS):
        while not client.is_ready() or any(guild.unavailable for guild in client.guilds):
            if running.done():
                running.result()
                raise RuntimeError("the client ended before it was ready")
            await asyncio.sleep(0.005)

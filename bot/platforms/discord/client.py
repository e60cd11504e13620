"""The library's client, with as little in its memory as it can do with, and with our ears."""

import logging
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

import aiohttp
import discord
from discord import app_commands
from discord.http import Route

BETWEEN = 5.0  # seconds
ONCE = re.compile(r"(/channels/\d+/threads|/guilds/\d+/scheduled-events)$")
"""The ends of paths that make something which Discord knows no nonce for."""

log = logging.getLogger(__name__)


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        ...


class Ears(Protocol):
    """Who is told what the gateway says."""

    async def prepare(self) -> None:
        """Logged in, not yet connected: what has to be there before the first event."""
        ...

    def present(self) -> None:
        """Connected, afresh or again: what was missed can be read now."""
        ...

    def away(self) -> None:
        """No longer connected."""
        ...

    def beat(self) -> None:
        """Something came, if only an answer to a heartbeat."""
        ...

    async def message(self, message: discord.Message) -> None:
        """Somebody wrote, or changed what they wrote."""
        ...

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Somebody used a command, pressed something, or sent a form."""
        ...


def intents() -> discord.Intents:
    """What we ask to be told: servers with their channels and threads, messages, and what they say."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = wanted.message_content = True
    return wanted


class Client(discord.Client):
    """One connection. Nobody is mentioned unless a call asks for it; no messages and no members are kept."""

    def __init__(self, ears: Ears, wanted: discord.Intents, clock: Clock) -> None:
        super().__init__(
            intents=wanted,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            enable_debug_events=True,
            max_ratelimit_timeout=30.0,
            guild_ready_timeout=0.1,
            http_trace=_once(),
        )
        self.tree = app_commands.CommandTree(self)
        self._ears, self._clock = ears, clock
        # The one place through which all requests go; the library has no hook for it.
        vars(self.http)["request"] = _readable(self.http.request)

    async def setup_hook(self) -> None:
        """Between login and gateway."""
        await self._ears.prepare()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Discord wants five seconds between two new sessions."""
        if not initial:
            await self._clock.sleep(BETWEEN)

    async def on_ready(self) -> None:
        """A new session; it may be the hundredth."""
        self._ears.present()

    async def on_resumed(self) -> None:
        """The session went on."""
        self._ears.present()

    async def on_disconnect(self) -> None:
        """The connection broke; the library dials again by itself."""
        self._ears.away()

    async def on_socket_raw_receive(self, _said: str | bytes) -> None:
        """Whatever came."""
        self._ears.beat()

    async def on_message(self, message: discord.Message) -> None:
        """A new message."""
        await self._ears.message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A changed one; a link's preview that has arrived comes this way, too."""
        if payload.message.edited_at is not None:
            await self._ears.message(payload.message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A slash command, a button or a form."""
        await self._ears.interaction(interaction)

    async def on_error(self, event: str, /, *_args: Any, **_more: Any) -> None:
        """An error of ours in one event harms no other."""
        log.error("%s failed", event, exc_info=sys.exc_info())


def _once() -> aiohttp.TraceConfig:
    """Keeps the library from making again what may have been made: whoever asked for it looks first."""

    async def ended(_session: Any, _context: Any, seen: aiohttp.TraceRequestEndParams) -> None:
        if seen.method == "POST" and seen.response.status >= 500 and ONCE.search(seen.url.path):
            seen.response.close()
            raise aiohttp.ClientPayloadError(f"status {seen.response.status}: it may have been done")

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return trace


def _readable(request: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Some proxy's page in the place of an answer is an error; the library would take it for one."""

    async def readable(route: Route, **more: Any) -> Any:
        said = await request(route, **more)
        if isinstance(said, str) and said:
            raise aiohttp.ClientPayloadError(f"{route.method} {route.path} is answered with a page")
        return said

    return readable

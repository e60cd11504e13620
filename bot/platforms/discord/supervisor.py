"""Keeps the connection: logs in, dials, and begins anew whenever the library gives up.

The library ends for good when its first dial fails or when an event cannot be read, and then still calls itself
ready; and it dials without a pause when the gateway hangs up at once. So the task that runs it is watched, dials
are spaced and counted, and only one process at a time speaks for a token.
"""

import asyncio
import logging
import math
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from random import Random
from typing import Any, Protocol

import discord
from discord.gateway import KeepAliveHandler
from discord.http import Route

from bot.errors import PlatformError, Retryable
from bot.platforms.discord.client import Client, Clock
from bot.platforms.discord.errors import spoken

TICK = 20.0  # seconds between two looks at the lease and at the connection
SURE = 35.0  # seconds after its renewal in which the lease is ours, whatever the database says
SILENCE = 120.0  # seconds without a word, or an answered heartbeat, after which the line is dead
SPAN, DAY = 120.0, 86_400.0  # seconds over which dials are counted
LONGEST_PACE = 30.0  # seconds between two dials; more, and the library would give up waiting
MANY = 5  # dials within SPAN that an admin should know of
MOST_DIALS = 900  # a day; after a thousand Discord takes the token away
SPARE = 5  # sessions of the day that are left to whoever needs to look
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0  # seconds between two beginnings
AFTER_EXHAUSTION = 3_600.0

PORTAL = "https://discord.com/developers/applications"
BAD_TOKEN = f"Discord does not know DISCORD_TOKEN: copy it anew from {PORTAL}, Bot, Reset Token"
BAD_INTENT = f"Discord grants no message content: at {PORTAL}, Bot, switch on Message Content Intent, then restart"

Report = Callable[[str, str], None]
log = logging.getLogger(__name__)


class Lease(Protocol):
    """The right to speak for the token (`bot.lease`)."""

    async def take(self, now: datetime) -> datetime | None:
        """Take or renew it; else until when somebody else has it."""
        ...

    async def give_back(self) -> None:
        """Let the next one begin at once."""
        ...


class Exhausted(Exception):
    """Dialled too often today."""


class Supervisor:
    """Runs one client until closed.

    `report` is told what does not work, and when it does again; `lost`, that the line is dead.
    """

    def __init__(
        self,
        client: Client,
        token: str,
        *,
        lease: Lease,
        clock: Clock,
        chance: Random,
        report: Report,
        lost: Callable[[], None],
    ) -> None:
        self._client, self._token, self._lease = client, token, lease
        self._clock, self._chance, self._report, self._lost = clock, chance, report, lost
        self._closing = asyncio.Event()
        self._dials: deque[float] = deque()
        self._heard: float | None = None
        self._away = clock.monotonic()
        self._sure = -math.inf
        self._logged_in = self.present = False
        self.final = ""
        """Why nothing more is tried: what an admin has to change."""
        self.trouble = ""
        """What was last said of the connection; empty while it is there."""
        # The one place where the library dials; it has no hook for it.
        vars(client.http)["ws_connect"] = self._paced(client.http.ws_connect)

    @property
    def age(self) -> float | None:
        """Seconds since the gateway last said anything; None before it did."""
        return None if self._heard is None else self._clock.monotonic() - self._heard

    @property
    def logged_in(self) -> bool:
        """Whether requests can be made."""
        return self._logged_in and not self.final

    def beat(self) -> None:
        """The gateway said something."""
        self._heard = self._clock.monotonic()

    def arrived(self) -> None:
        """Connected."""
        self.present = True
        self._tell("")

    def left(self) -> None:
        """No longer connected."""
        if self.present:
            self.present, self._away = False, self._clock.monotonic()

    async def run(self) -> None:
        """Stay connected until closed, or until only an admin can help."""
        wait = FIRST_WAIT
        while not self._closing.is_set():
            begun = self._clock.monotonic()
            task = asyncio.create_task(self._once(), name="Discord's connection")
            await self._unless_closing(task)
            problem = None if task.cancelled() else task.exception()
            await self._hang_up()
            if self._closing.is_set():
                return
            if self._is_final(problem):
                return
            if self._clock.monotonic() - begun > LONGEST_WAIT:
                wait = FIRST_WAIT
            said = spoken(problem) if problem else "it ended without a word"
            log.warning("the connection to Discord: %s; it begins anew", said, exc_info=_unforeseen(problem))
            self._tell(f"broke off ({said[:200]})")
            await self._rest(AFTER_EXHAUSTION if isinstance(problem, Exhausted) else self._jitter(wait))
            wait = min(2 * wait, LONGEST_WAIT)

    async def close(self) -> None:
        """Hang up for good, and let another process begin."""
        self._closing.set()
        if self._logged_in:
            await self._client.close()
        await self._lease.give_back()

    async def _once(self) -> None:
        """One life of a connection: returns or raises at its end."""
        await self._hold()
        if not self._logged_in:
            await self._log_in()
        await self._spare_sessions()
        task = asyncio.create_task(self._client.connect(), name="Discord's gateway")
        self._heard = self._clock.monotonic()
        try:
            while not task.done():
                await self._first_of(task, self._clock.sleep(TICK))
                await self._look(task)
            await task
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _look(self, task: asyncio.Task[None]) -> None:
        """Whether we may stay on the line, and whether there is one."""
        if task.done():
            return
        if not await self._still_ours():
            raise PlatformError("another process speaks for this token now")
        if (self.age or 0.0) > SILENCE:
            raise PlatformError(f"not a word for {SILENCE:g} seconds")
        now = self._clock.monotonic()
        if not self.present and now - self._away > SILENCE:
            self._tell("dials, and does not get through")
        recent = sum(each > now - SPAN for each in self._dials)
        self._report("dialling", f"{recent} times within {SPAN:g} seconds" if recent >= MANY else "")

    async def _still_ours(self) -> bool:
        """Renew the lease; a database that is away for a moment does not take it from us."""
        now = self._clock.monotonic()
        try:
            other = await self._lease.take(self._clock.now())
        except Retryable as problem:
            if now > self._sure:
                raise
            log.warning("the lease could not be renewed: %s", problem)
            return True
        self._sure = now + SURE
        return other is None

    async def _hold(self) -> None:
        """Wait until nobody else speaks for the token."""
        while (until := await self._lease.take(self._clock.now())) is not None:
            self.trouble = f"another process speaks for the token, at least until {until:%H:%M:%S} UTC: I wait"
            self._report("token", self.trouble)
            await self._clock.sleep(TICK)
        self._sure = self._clock.monotonic() + SURE
        self._report("token", "")

    async def _log_in(self) -> None:
        try:
            await self._client.login(self._token)
            self._logged_in = True
        finally:
            if not self._logged_in:
                await self._client.http.close()  # every try makes a session, over a connector that closes with it
                self._client.http.connector = discord.utils.MISSING

    async def _spare_sessions(self) -> None:
        """Leave some of the sessions that Discord allows a day."""
        said: Any = await self._client.http.request(Route("GET", "/gateway/bot"))
        limit = said["session_start_limit"]
        if limit["remaining"] <= SPARE:
            raise Exhausted(f"of {limit['total']} sessions a day {limit['remaining']} are left")

    def _paced(self, dial: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Dialling, with longer and longer pauses while the line is cut at once."""

        async def paced(url: str, *, compress: int = 0) -> Any:
            now = self._clock.monotonic()
            while self._dials and self._dials[0] < now - DAY:
                self._dials.popleft()
            if len(self._dials) >= MOST_DIALS:
                raise Exhausted(f"dialled {MOST_DIALS} times within a day")
            recent = sum(each > now - SPAN for each in self._dials)
            if recent > 1:
                await self._clock.sleep(self._jitter(min(2.0 ** (recent - 1), LONGEST_PACE)))
            self._dials.append(self._clock.monotonic())
            return await dial(url, compress=compress)

        return paced

    def _is_final(self, problem: BaseException | None) -> bool:
        match problem:
            case discord.LoginFailure() | discord.HTTPException(status=401):
                self.final = BAD_TOKEN
            case discord.PrivilegedIntentsRequired():
                self.final = BAD_INTENT
            case discord.ConnectionClosed(code=4004):
                self.final = BAD_TOKEN
            case discord.ConnectionClosed(code=code):
                self.final = f"Discord closed the connection for good (code {code})"
            case _:
                return False
        self._tell(self.final)
        return True

    async def _hang_up(self) -> None:
        """What a broken connection leaves behind: its sockets, and the threads that keep them alive."""
        self._lost()
        # The library forgets a socket that it was just dialling: its thread knows it.
        mine = vars(self._client)["_connection"]
        threads = [each for each in threading.enumerate() if isinstance(each, KeepAliveHandler)]
        for each in {self._client.ws, *(thread.ws for thread in threads)}:
            # The library's annotation leaves out that there is none before the first dial.
            socket: Any = each
            if socket is not None and vars(socket)["_connection"] is mine:
                await socket.close(code=4000)

    async def _unless_closing(self, task: asyncio.Task[None]) -> None:
        closing = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({task, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (task, closing):
                each.cancel()
            await asyncio.wait({task, closing})

    async def _rest(self, seconds: float) -> None:
        await self._unless_closing(asyncio.create_task(self._clock.sleep(seconds)))  # type: ignore[arg-type]

    async def _first_of(self, task: asyncio.Task[None], other: Awaitable[None]) -> None:
        """Wait for either; the task goes on."""
        alarm = asyncio.ensure_future(other)
        try:
            await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            alarm.cancel()

    def _tell(self, said: str) -> None:
        self.trouble = said
        self._report("connection", said)

    def _jitter(self, seconds: float) -> float:
        return self._chance.uniform(0.5, 1.0) * seconds


def _unforeseen(problem: BaseException | None) -> BaseException | None:
    """What deserves a traceback: a network that is not there does not."""
    return None if isinstance(problem, PlatformError | discord.DiscordException | OSError) else problem

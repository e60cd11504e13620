"""A process that delivers until it is killed."""

import asyncio
import gc
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote

import aiohttp

from scheduler.errors import Refused, Retryable
from scheduler.outbox import Outbox
from scheduler.owed import Owed
from scheduler.ports import Pace
from scheduler.pump import Pump
from tests.fakes.clock import RealClock
from tests.scheduler import databases
from tests.scheduler.mutants import MarkFirst, NoLookBack

# Everything is thirty times as fast as in production, in the same proportions to the server's memory for keys.
PACE = Pace(
    lease=timedelta(seconds=2),
    timeout=timedelta(seconds=0.5),
    first=timedelta(seconds=0.2),
    longest=timedelta(seconds=1),
    idle=timedelta(seconds=0.25),
    lanes=2,
)
PUMPS: dict[str, type[Pump]] = {"ours": Pump, "no look-back": NoLookBack, "mark first": MarkFirst}


class HttpSender:
    """Posts to a `tests.fakes.destination`."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, f"{url}/posts"

    async def send(self, owed: Owed) -> str:
        """Post it."""
        return (await self._ask("POST", self._url, json={"key": owed.key, "text": owed.payload})) or ""

    async def find(self, owed: Owed) -> str | None:
        """Look for it."""
        return await self._ask("GET", f"{self._url}?key={quote(owed.key)}")

    async def _ask(self, method: str, url: str, json: object = None) -> str | None:
        try:
            async with self._session.request(method, url, json=json) as response:
                if response.status == 429:
                    raise Retryable("429", after=float(response.headers["Retry-After"]))
                if response.status >= 500:
                    raise Retryable(str(response.status))
                if response.status == 404:
                    return None
                if not response.ok:
                    raise Refused(str(response.status))
                return (await response.json())["id"]
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise Retryable(repr(problem)) from problem


def work(database: str, url: str, pump: str, seed: int) -> None:
    """Deliver what the database owes, to that server, until killed."""
    gc.freeze()
    asyncio.run(_work(database, url, pump, seed))


async def _work(name: str, url: str, kind: str, seed: int) -> None:
    database = databases.postgresql(name) if name.startswith("postgresql") else databases.sqlite(Path(name))
    outbox, clock = Outbox(database), RealClock()

    async def refused(place: str, reason: str) -> None:
        raise AssertionError(f"{place} refused: {reason}")

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PACE.timeout.total_seconds())) as session:
        random = Random(seed)  # noqa: S311 - spreads the waits
        pump = PUMPS[kind](outbox, HttpSender(session, url), clock, random, refused=refused, pace=PACE)
        delivering = asyncio.create_task(pump.run())
        while not delivering.done():
            await clock.sleep(PACE.idle.total_seconds())
            if await outbox.rescue(clock.now(), PACE.lease):
                pump.wake()
        await delivering

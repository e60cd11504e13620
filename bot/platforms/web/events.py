"""Server-sent events: new and changed posts, what is pinned, and that the week is another, as they happen.

An open page holds a bell. Ringing it says only that there is something to read; what it is comes from the store,
from the last post that page has seen. So no queue can overflow, a slow page holds up nobody, and a dropped
connection loses nothing: the browser says where it was (`Last-Event-ID`), and reading goes on from there.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from bot.errors import PlatformError
from bot.platforms.web.thread import Post, Store

PINNED, WEEK = "pinned", "week"

Show = Callable[[Sequence[Post]], Awaitable[list[dict[str, Any]]]]
Pins = Callable[[], Awaitable[list[dict[str, Any]]]]


class Bell:
    """One open page: whether there is something new for it, and which posts it has were changed.

    `news` are the events besides posts; a page that has just come knows none of them.
    """

    def __init__(self) -> None:
        self.changed: set[int] = set()
        self.news: set[str] = {PINNED, WEEK}
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake who waits."""
        self._rung.set()

    async def rung(self, seconds: float) -> bool:
        """Wait until it is rung, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bells:
    """The bells of all open pages."""

    def __init__(self) -> None:
        self.closed = False
        self._bells: set[Bell] = set()

    @contextmanager
    def held(self) -> Generator[Bell]:
        """A bell, as long as a page is open."""
        bell = Bell()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    def ring(self, changed: int | None = None, *, news: str | None = None) -> None:
        """Tell every page that there is something to read; `changed` is an older post that was edited."""
        for bell in self._bells:
            bell.changed |= set() if changed is None else {changed}
            bell.news |= set() if news is None else {news}
            bell.ring()

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self.ring()


class Stream:
    """What one open page is sent."""

    def __init__(
        self,
        response: web.StreamResponse,
        *,
        store: Store,
        show: Show,
        pins: Pins,
        working: Collection[int],
        last: int,
        heartbeat: float,
    ) -> None:
        self._response, self._store, self._show, self._pins = response, store, show, pins
        self._working, self._last, self._heartbeat = working, last, heartbeat
        self._shown: list[int] | None = None

    async def run(self, bells: Bells) -> None:
        """Send until the page goes away or the bells are closed."""
        with bells.held() as bell:
            try:
                await self._catch_up(bell)
                while not bells.closed:
                    await self._news(bell)
                    if not bells.closed and not await bell.rung(self._heartbeat):
                        await self._response.write(b": still here\n\n")
            except (ConnectionError, PlatformError):
                return  # the page comes back by itself, and says where it was

    async def _catch_up(self, bell: Bell) -> None:
        """Where the page was: a changed post has no number of its own, so the last ones are sent again."""
        await self._response.write(b"retry: 1000\n\n")
        newest = await self._store.latest()
        end = newest[-1].id if newest else 0
        if self._last > end:
            await self._send("another", None)  # the page is of a thread that is gone
            self._last = end
        bell.changed |= {post.id for post in newest if post.edited and post.id <= self._last}

    async def _news(self, bell: Bell) -> None:
        changed, bell.changed = sorted(bell.changed), set()
        news, bell.news = bell.news, set()
        if PINNED in news:
            await self._send(PINNED, await self._pins())
        if WEEK in news:
            await self._send(WEEK, None)
        while posts := await self._store.after(self._last):
            for shown in await self._show(posts):
                await self._send("post", shown, number=shown["id"])
            self._last = posts[-1].id
        found = [await self._store.get(number) for number in changed]
        for shown in await self._show([post for post in found if post is not None]):
            await self._send("post", shown)
        working = sorted(self._working)
        if working != self._shown:
            await self._send("working", working)
            self._shown = working

    async def _send(self, event: str, data: Any, number: int | None = None) -> None:
        head = f"id: {number}\n" if number is not None else ""
        await self._response.write(f"{head}event: {event}\ndata: {json.dumps(data)}\n\n".encode())

"""A real little server to post to, over HTTP, that knows a key for a while and has bad moments.

    POST /posts {"key", "text"}     201 {"id"}; a key it still knows: 200 with the earlier id
    GET  /posts?key=                200 {"id"} or 404

Now and then it answers 502 although it stored the post, 503 without having stored it, or 429 with Retry-After.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from types import TracebackType
from typing import Self

from aiohttp import web


@dataclass(frozen=True, kw_only=True)
class Moods:
    """How often it has which bad moment, and how long it takes to answer, in seconds."""

    stored_but_502: float = 0.03
    too_many: float = 0.03
    not_now: float = 0.03
    answer: tuple[float, float] = (0.02, 0.15)
    retry_after: float = 0.2


@dataclass
class Destination:
    """The server. `window`: for how many seconds it knows a key."""

    random: Random
    window: float = 6.0
    moods: Moods = field(default_factory=Moods)
    posts: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    answers: Counter[str] = field(default_factory=Counter[str])
    url: str = ""

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/posts", self._post)
        app.router.add_get("/posts", self._find)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        _, port = self._runner.addresses[0][:2]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self._runner.cleanup()

    @property
    def copies(self) -> Counter[str]:
        """How often each key was posted."""
        return Counter(key for key, _ in self.posts)

    async def _post(self, request: web.Request) -> web.Response:
        key = (await request.json())["key"]
        drawn, moods = self.random.random(), self.moods
        await asyncio.sleep(self.random.uniform(*moods.answer) / 2)
        if drawn < moods.too_many:
            return self._answer("429", 429, headers={"Retry-After": str(moods.retry_after)})
        if drawn < moods.too_many + moods.not_now:
            return self._answer("503", 503)
        known = self._known(key)
        if known is None:
            self.posts.append((key, asyncio.get_running_loop().time()))
        number = len(self.posts) if known is None else known
        await asyncio.sleep(self.random.uniform(*moods.answer) / 2)
        if drawn > 1 - moods.stored_but_502:
            return self._answer("502 after storing", 502)
        return self._answer("known" if known else "stored", 200 if known else 201, body={"id": str(number)})

    async def _find(self, request: web.Request) -> web.Response:
        keys = [key for key, _ in self.posts]
        if request.query["key"] not in keys:
            return self._answer("not there", 404)
        return self._answer("found", 200, body={"id": str(keys.index(request.query["key"]) + 1)})

    def _known(self, key: str) -> int | None:
        """The number of a post of that key which is young enough to be known."""
        since = asyncio.get_running_loop().time() - self.window
        return next(
            (number for number, post in enumerate(self.posts, 1) if post[0] == key and post[1] > since), None
        )

    def _answer(
        self, what: str, status: int, *, body: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> web.Response:
        self.answers[what] += 1
        return web.json_response(body, status=status, headers=headers)

"""The addresses of the local thread, and what each answers."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from aiohttp import web

from bot.platforms.web.events import Bells, Stream
from bot.platforms.web.guard import Rejected
from bot.platforms.web.page import File as Served
from bot.platforms.web.page import files
from bot.platforms.web.said import filed, pictured, said
from bot.platforms.web.thread import Post, Store, View, picture_key
from bot.values import File, Image, clean

MAX_LINE = 1_000  # no longer line is completed
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}

Complete = Callable[[str], Awaitable[Sequence[str]]]
Picture = Callable[[Image], Awaitable[bytes]]
Page = Callable[[], Awaitable[tuple[int, str, bytes]]]
"""A further page: its status, its content type, its body."""
Week = Callable[[], Awaitable[Mapping[str, Any]]]
"""What the side column shows, as plain JSON."""


class Thread(Protocol):
    """What the routes ask of the platform."""

    @property
    def bells(self) -> Bells:
        """The open pages."""
        ...

    @property
    def working(self) -> Mapping[int, object]:
        """The posts that are being answered."""
        ...

    async def said(
        self, text: str, key: str, picture: bytes = b"", *, file: File | None = None
    ) -> tuple[Post, bool]:
        """Keep a person's post and hand it over, with its picture or file if it has one; whether it is new."""
        ...


class Routes:
    """Answers requests."""

    def __init__(
        self,
        thread: Thread,
        store: Store,
        view: View,
        *,
        index: Served,
        prefix: str,
        complete: Complete,
        picture: Picture,
        week: Week | None,
        heartbeat: float,
    ) -> None:
        self._thread, self._store, self._view = thread, store, view
        self._index, self._complete, self._picture, self._heartbeat = index, complete, picture, heartbeat
        self._week_now, self._prefix = week, prefix
        self._files = files()

    def table(self, pages: Mapping[str, Page]) -> list[web.RouteDef]:
        """Every address, with the further pages handed in."""
        return [
            web.get("/", self._page),
            web.get("/static/{name}", self._static),
            web.get("/posts", self._posts),
            web.post("/posts", self._say),
            web.post("/posts/pictured", self._say_pictured),
            web.post("/posts/filed", self._say_filed),
            web.get(r"/posts/{number:[0-9]{1,15}}/picture", self._brought),
            web.get(r"/posts/{number:[0-9]{1,15}}/file", self._given),
            web.get("/events", self._events, allow_head=False),
            web.get("/complete", self._completions),
            web.get("/week", self._week),
            web.get(r"/pictures/{key:[0-9a-f]{64}}.{kind:png|gif}", self._drawn),
            *(web.get(path, _further(page)) for path, page in pages.items()),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        return self._index.response(request)

    async def _static(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return file.response(request)

    async def _posts(self, request: web.Request) -> web.Response:
        after = _number(request.query, "after")
        before = _number(request.query, "before")
        posts = await (self._store.latest(before) if after is None else self._store.after(after))
        return web.json_response({"posts": await self._show(posts)})

    async def _say(self, request: web.Request) -> web.Response:
        return await self._kept(*await self._thread.said(*await said(request)))

    async def _say_pictured(self, request: web.Request) -> web.Response:
        return await self._kept(*await self._thread.said(*await pictured(request)))

    async def _say_filed(self, request: web.Request) -> web.Response:
        text, key, file = await filed(request, self._prefix)
        return await self._kept(*await self._thread.said(text, key, file=file))

    async def _kept(self, post: Post, new: bool) -> web.Response:
        (shown,) = await self._show([post])
        return web.json_response(shown, status=201 if new else 200)

    async def _brought(self, request: web.Request) -> web.Response:
        picture = await self._store.picture(int(request.match_info["number"]))
        if not picture:
            raise Rejected(404, "There is no picture on this post.")
        return web.Response(body=picture, content_type="image/png", headers=FOREVER)

    async def _given(self, request: web.Request) -> web.Response:
        post = await self._store.get(int(request.match_info["number"]))
        file = post.reply.file if post and post.reply else None
        if file is None:
            raise Rejected(404, "There is no file on this post.")
        kept = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return web.Response(text=file.text, content_type="text/plain", headers=kept)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        last = _number(request.headers, "Last-Event-ID")
        if last is None:
            last = _number(request.query, "after") or 0
        headers = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        stream = Stream(
            response,
            store=self._store,
            show=self._show,
            pins=self._pins,
            working=self._thread.working,
            last=last,
            heartbeat=self._heartbeat,
        )
        await stream.run(self._thread.bells)
        return response

    async def _completions(self, request: web.Request) -> web.Response:
        line = clean(request.query.get("line", ""))
        return web.json_response(list(await self._complete(line)) if len(line) <= MAX_LINE else [])

    async def _week(self, _request: web.Request) -> web.Response:
        if self._week_now is None:
            raise Rejected(404, "There is no programme.")
        return web.json_response(dict(await self._week_now()))

    async def _drawn(self, request: web.Request) -> web.Response:
        number = _number(request.query, "post")
        post = await self._store.get(number) if number is not None else None
        images = post.reply.images if post and post.reply else ()
        image = next((each for each in images if picture_key(each) == request.match_info["key"]), None)
        if image is None or image.kind != request.match_info["kind"]:
            raise Rejected(404, "No post of the thread shows this picture.")
        drawn = await self._picture(image)
        if not drawn:
            raise Rejected(503, "This picture cannot be drawn just now.")
        return web.Response(body=drawn, content_type=f"image/{image.kind}", headers=FOREVER)

    async def _pins(self) -> list[dict[str, Any]]:
        return self._view.pinned(await self._store.pinned())

    async def _show(self, posts: Sequence[Post]) -> list[dict[str, Any]]:
        # A page of long posts takes longer to render than the event loop should be held.
        return await asyncio.to_thread(self._view.posts, posts) if posts else []


def _number(values: Mapping[str, str], name: str) -> int | None:
    """A post's number; None where none is given."""
    text = values.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Rejected(400, f"{name} is the number of a post.")
    return int(text)


def _further(page: Page) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        status, kind, body = await page()
        return web.Response(status=status, headers={"Content-Type": kind}, body=body)

    return answer

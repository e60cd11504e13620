"""A local thread on a free port with a small real handler behind it, and what a browser would say to it."""

import asyncio
import io
import itertools
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from PIL import Image as Pixels

from bot.database import Database
from bot.platforms.web import PLACE, Web
from bot.posts import Posts
from bot.values import Choice, Image, Incoming, Person, PostRef, Reply, Table
from tests.bot.conftest import NOW
from tests.bot.platforms.contract import DEADLINE

YOU = Person(platform="web", id="local", name="You", is_admin=True)
TITLES = ("Terminator, The (1984)", "Terminator 2: Judgment Day (1991)", "Toy Story (1995)")
COMMANDS = ("!help", "!similar", "!slow")
BARS = Image(plot="bars", data={"values": [0.73, 0.62]}, alt="Terminator 2 is closest.")
BLANK = Image(plot="blank", data={}, alt="What cannot be drawn.")
SIMILAR = Reply(
    text="The films closest to **Terminator, The (1984)**:",
    table=Table(
        columns=("film", "cosine", "ratings"),
        rows=(("Terminator 2: Judgment Day (1991)", 0.73, 295), ("Aliens (1986)", 0.62, 284)),
    ),
    images=(BARS,),
    choices=(Choice(label="Terminator 2", command="!similar Terminator 2: Judgment Day (1991)"),),
)


async def complete(line: str) -> Sequence[str]:
    """Command names, then titles."""
    command, space, title = line.partition(" ")
    if not space:
        return [each for each in COMMANDS if each.startswith(command)]
    return [f"{command} {each}" for each in TITLES if each.casefold().startswith(title.casefold())]


async def picture(image: Image) -> bytes:
    """A real PNG for the bars; nothing for the blank; a slip for anything else."""
    if image.plot == "blank":
        return b""
    colour = {"bars": (74, 156, 241)}[image.plot]
    png = io.BytesIO()
    Pixels.new("RGB", (800, 400), colour).save(png, "PNG")
    return png.getvalue()


class Site:
    """One web thread over a database; `start` again is a restart."""

    place = PLACE

    def __init__(self, database: Database, **settings: Any) -> None:
        self.posts = Posts(database)
        self.go_on = asyncio.Event()  # what "!slow" waits for
        self.handed: list[str] = []
        self.settings: dict[str, Any] = {"port": 0, "examples": COMMANDS} | settings
        self._keys = (f"test-key-{number}" for number in itertools.count())
        self.web = self._made()
        self.client = aiohttp.ClientSession()

    async def start(self, handler: Any = None) -> Web:
        """A new platform over the same posts, listening."""
        await self.web.close()
        self.web = self._made()
        await self.web.listen(handler or self.answer)
        return self.web

    async def say(self, text: str) -> PostRef:
        """Write a post as the page does."""
        status, post = await self.send({"text": text, "key": next(self._keys)})
        assert status == 201
        return PostRef(place=PLACE, id=str(post["id"]))

    async def shown(self) -> list[str]:
        """What the bot wrote, as the page gets it."""
        return [post["text"] for post in await self.thread() if post["bot"]]

    async def letters(self) -> list[str]:
        """The same: there is but one person."""
        return await self.shown()

    async def files(self) -> list[str]:
        """What the page's links to save lead to."""
        found: list[str] = []
        for post in await self.thread():
            if "file" in post:
                async with self.client.get(f"{self.web.url}{post['file']['src']}") as response:
                    assert (
                        response.headers["Content-Disposition"] == f'attachment; filename="{post["file"]["name"]}"'
                    )
                    found.append(await response.text())
        return found

    async def pinned(self) -> list[str]:
        """What the page names at its top."""
        async with self.events() as events:
            return [pin["title"] for pin in (await events.next("pinned")).data]

    async def thread(self, query: str = "") -> list[dict[str, Any]]:
        """The posts that the page gets."""
        async with self.client.get(f"{self.web.url}/posts{query}") as response:
            return (await response.json())["posts"]

    async def send(self, data: Any, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """POST something as JSON; bytes are sent as they are."""
        sent = {"Content-Type": "application/json"} | dict(headers or {})
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        async with self.client.post(f"{self.web.url}/posts", data=body, headers=sent) as response:
            return response.status, await response.json()

    async def answer(self, incoming: Incoming) -> None:
        """A small bot: similar films, one slow command, silence for the rest."""
        self.handed.append(incoming.text)
        if incoming.text == "!slow":
            await self.go_on.wait()
        if incoming.text.startswith(("!similar", "!slow")):
            await self.web.post(PLACE, SIMILAR, key=f"re/{incoming.post.id}", to=incoming.post)

    @asynccontextmanager
    async def events(self, last: int = 0, query: str = "") -> "AsyncGenerator[Events]":
        """The stream of a page that has seen the posts up to `last`."""
        headers = {"Last-Event-ID": str(last)} if last else {}
        async with self.client.get(f"{self.web.url}/events{query}", headers=headers) as response:
            assert response.content_type == "text/event-stream"
            yield Events(response)

    async def close(self) -> None:
        """Let everything go."""
        self.go_on.set()
        await self.client.close()
        await self.web.close()

    def _made(self) -> Web:
        return Web(self.posts, complete=complete, picture=picture, now=lambda: NOW, person=YOU, **self.settings)


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    name: str
    data: Any
    id: str = ""


class Events:
    """Reads a stream as a browser does."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self, name: str = "") -> Event:
        """The next event, of that name if one is given."""
        while True:
            fields = await self.block()
            if "event" in fields and name in ("", fields["event"]):
                return Event(fields["event"], json.loads(fields["data"]), fields.get("id", ""))

    async def block(self) -> dict[str, str]:
        """The fields up to the next blank line; a comment's field has no name. Empty at the end of the stream."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(DEADLINE):
            while line := (await self._response.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        return fields


def bare(web: Web) -> str:
    """The host and port that a request names."""
    return web.url.removeprefix("http://")


__all__ = ["BARS", "BLANK", "SIMILAR", "Event", "Events", "Site", "bare"]

"""Nothing that was written is missed, and nothing is answered twice.

What the gateway tells and what is read back after it was silent (`missed`) go one way: into the books first, by
the message's number, and then to the handler until it returns. How far a channel was read is written down together
with what was read; while there may be a gap behind us, what is told live does not count as read up to there.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import discord

from bot.correspondence import Heard, Ledger
from bot.errors import PlatformError, Retryable
from bot.platform import Handler
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import as_ours
from bot.platforms.discord.flood import Flood, busy
from bot.platforms.discord.missed import DIRECT, HORIZON, Missed, Places, name_of
from bot.platforms.discord.reading import Reader, version
from bot.platforms.discord.supervisor import Report
from bot.platforms.tasks import Tasks
from bot.values import File

KEPT = timedelta(days=7)
FIRST_WAIT, LONGEST_WAIT = 2.0, 120.0  # seconds between tries
FINISH = 10.0  # seconds that answers in flight are given at the end
SOON, TYPING = 1.5, 9.0  # seconds until "is typing…" shows, and for which it does

log = logging.getLogger(__name__)


class Line(Places, Protocol):
    """What the listener needs of the connection."""

    async def rights(self, message: discord.Message) -> discord.Permissions | None:
        """What its author may do on the server; None where there is none."""
        ...

    async def picture(self, message: discord.Message) -> bytes:
        """The picture on a message, or on the one it answers; empty without one."""
        ...

    async def file(self, message: discord.Message) -> File | None:
        """The file on a message that may hold questions."""
        ...


class Listener:
    """Hands messages over. `reader` gives who we are and where; `line` is the connection."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        *,
        line: Line,
        reader: Callable[[], Reader],
        flood: Flood,
        report: Report,
    ) -> None:
        self._ledger, self._clock, self._line, self._reader = ledger, clock, line, reader
        self._flood = flood
        self.missed = Missed(ledger, clock, places=line, reader=reader, report=report)
        self._queue: asyncio.Queue[discord.Message] = asyncio.Queue()
        self._turn = asyncio.Lock()
        self._found: dict[str, discord.Message] = {}
        self._newest: dict[str, Heard] = {}
        self._closing = asyncio.Event()
        self._tasks = Tasks()

    def hear(self, message: discord.Message) -> None:
        """The gateway tells of a message, new or changed."""
        self._queue.put_nowait(message)

    def asked(self, post: str) -> discord.Message | None:
        """The message of that id that is being answered."""
        return next((each for each in self._found.values() if str(each.id) == post), None)

    async def run(self, handler: Handler) -> None:
        """Take in what comes in its order, and beside it what was missed, until cancelled."""

        async def take(messages: Sequence[discord.Message], *, name: str, cursor: int) -> None:
            await self._take(messages, handler, name=name, cursor=cursor, live=False)

        async with asyncio.TaskGroup() as both:
            both.create_task(self._take_in(handler), name="listening to Discord, live")
            both.create_task(self.missed.run(take), name="listening to Discord, back")

    async def _take_in(self, handler: Handler) -> None:
        while True:
            message = await self._queue.get()
            try:
                await self._hear(message, handler)
            except PlatformError as problem:
                # Those behind it may be luckier.
                self.missed.fail(problem)
                self._tasks.start(self._hear_later(message, handler), f"answer to message {_post(message)}")

    async def _hear_later(self, message: discord.Message, handler: Handler) -> None:
        """Try again until it is taken in, or we are closed: then the next start reads it back."""
        wait = FIRST_WAIT
        while not self._closing.is_set():
            await self._nap(wait)
            wait = min(2 * wait, LONGEST_WAIT)
            try:
                await self._hear(message, handler)
            except PlatformError as problem:
                self.missed.fail(problem)
            else:
                self.missed.again()
                return

    async def begin(self, handler: Handler) -> None:
        """Hand over what the last process left."""
        await self._ledger.prune(self._clock.now() - KEPT)
        for heard in await self._ledger.waiting():
            self._start(heard, handler)

    async def close(self) -> None:
        """Answers in flight are finished; those that wait are left to the next start."""
        self._closing.set()
        await self._tasks.finish(FINISH)

    async def _hear(self, message: discord.Message, handler: Handler) -> None:
        reader, parent = self._reader(), await self._line.parent(message.channel)
        horizon = self._clock.now() - HORIZON
        if reader.ignore(message, horizon, parent=parent):
            return
        name, cursor, first = "", None, False
        if message.edited_at is None and message.guild is None:
            name = f"{DIRECT}{message.channel.id}"
            before = await self._ledger.cursor(name)
            first, unread = before is None, before or discord.utils.time_snowflake(horizon)
            cursor = message.id if self.missed.current and not first else unread
        elif message.edited_at is None and reader.here(message, parent) and self.missed.current:
            name, cursor = name_of(message.channel.id), message.id
        await self._take([message], handler, name=name, cursor=cursor, live=True)
        if first:  # who writes for the first time may have written while we were away
            self.missed.again()

    async def _take(
        self,
        messages: Sequence[discord.Message],
        handler: Handler,
        *,
        name: str,
        cursor: int | None,
        live: bool,
    ) -> None:
        reader = self._reader()
        posts = {_post(each): each for each in messages}
        heard = [
            Heard(post=post, version=version(each), line=reader.command(each), at=each.created_at)
            for post, each in posts.items()
        ]
        async with self._turn:  # of two versions of a message the newer one comes last
            for news in await self._ledger.hear(heard, name=name, cursor=cursor):
                message = posts[news.post]
                if live and self._too_much(message, reader):
                    await self._ledger.done(news)
                    continue
                self._found[news.post] = message
                self._start(news, handler)

    def _too_much(self, message: discord.Message, reader: Reader) -> bool:
        if not (reader.command(message) or reader.direct(message)):
            return False
        seconds = self._flood.wait(message.author.id, message.channel.id)
        if seconds and self._flood.tell(message.author.id, message.channel.id, seconds):
            self._tasks.start(self._say_busy(message, seconds), f"answer to message {_post(message)}")
        return bool(seconds)

    async def _say_busy(self, message: discord.Message, seconds: int) -> None:
        try:
            with as_ours("say that it is too much"):
                await message.reply(busy(seconds), delete_after=seconds)
        except PlatformError as problem:
            log.info("%s", problem)

    def _start(self, heard: Heard, handler: Handler) -> None:
        running = heard.post in self._newest
        self._newest[heard.post] = heard
        if not running:
            self._tasks.start(self._answer(heard.post, handler), f"answer to message {heard.post}")

    async def _answer(self, post: str, handler: Handler) -> None:
        """Hand it over until the handler returns, nobody waits any more, or we are closed."""
        wait = FIRST_WAIT
        try:
            while not self._closing.is_set():
                heard = self._newest[post]
                try:
                    await self._hand_over(heard, handler)
                    await self._ledger.done(heard)
                except PlatformError as problem:
                    log.warning("message %s is not answered yet: %s", post, problem)
                    after = problem.after if isinstance(problem, Retryable) else None
                    await self._nap(max(after or wait, FIRST_WAIT))
                    wait = min(2 * wait, LONGEST_WAIT)
                    continue
                if self._newest[post] is heard:
                    return
                # It was changed while its answer was on the way.
                self._newest[post] = replace(self._newest[post], revised=True)
        finally:
            self._newest.pop(post, None)
            self._found.pop(post, None)

    async def _hand_over(self, heard: Heard, handler: Handler) -> None:
        message = self._found.get(heard.post) or await self._fetch(heard.post)
        if message is None:
            return  # deleted since: nobody waits for an answer
        self._found[heard.post] = message
        reader = self._reader()
        if not (reader.command(message) or reader.direct(message)):
            await handler(reader.incoming(message, None, revised=heard.revised))
            return
        typing = asyncio.create_task(self._type(message), name="typing")
        try:
            command = bool(reader.command(message))
            attached = await self._line.picture(message) if command else b""
            rights = await self._line.rights(message) if command else None
            incoming = reader.incoming(message, rights, revised=heard.revised, attached=attached)
            # Large ones are fetched for those alone who may import them.
            file = await self._line.file(message) if incoming.person.is_admin else None
            await handler(replace(incoming, file=file))
        finally:
            typing.cancel()
            await asyncio.wait({typing})

    async def _fetch(self, post: str) -> discord.Message | None:
        number, _, message = post.partition("/")
        try:
            with as_ours(f"read message {message}"):
                return await (await self._line.channel(int(number))).fetch_message(int(message))
        except Retryable:
            raise
        except PlatformError:
            return None

    async def _type(self, message: discord.Message) -> None:
        """Show that an answer is being made, if it takes long."""
        await self._clock.sleep(SOON)
        while True:
            try:
                with as_ours("show that we type"):
                    await message.channel.typing()
            except PlatformError:
                return
            await self._clock.sleep(TYPING)

    async def _nap(self, seconds: float) -> None:
        waits = [asyncio.ensure_future(self._closing.wait()), asyncio.ensure_future(self._clock.sleep(seconds))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()


def _post(message: discord.Message) -> str:
    return f"{message.channel.id}/{message.id}"

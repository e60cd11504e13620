"""Nothing that was written is missed, and nothing is answered twice.

What the gateway tells and what is read back after it was silent go one way: into the books first, by the message's
number, and then to the handler until it returns. How far a channel was read is written down together with what was
read; while there may be a gap behind us, what is told live does not count as read up to there.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import discord

from bot.correspondence import Heard, Ledger
from bot.errors import PlatformError, Retryable
from bot.platform import Handler
from bot.platforms.discord.attachments import Picture, file, picture_on
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import as_ours
from bot.platforms.discord.flood import Flood, busy
from bot.platforms.discord.reading import Reader, version
from bot.platforms.discord.supervisor import Report
from bot.platforms.tasks import Tasks

HORIZON = timedelta(hours=24)
"""What is older, nobody waits for any more."""
KEPT = timedelta(days=7)
LATEST = 50  # messages of a channel that are read back in any case: they may have been changed meanwhile
MOST = 1_000  # of a channel after a gap
ARCHIVED = 25  # threads that were closed meanwhile
FIRST_WAIT, LONGEST_WAIT = 2.0, 120.0  # seconds between tries
FINISH = 10.0  # seconds that answers in flight are given at the end
SOON, TYPING = 1.5, 9.0  # seconds until "is typing…" shows, and for which it does
SINCE = "since"
"""The cursor that says where the very first start was: what is older was never meant for us."""

log = logging.getLogger(__name__)


class Line(Protocol):
    """What the listener needs of the connection."""

    async def channel(self, number: int) -> discord.PartialMessageable:
        """Any channel, thread or direct conversation."""
        ...

    async def rights(self, message: discord.Message) -> discord.Permissions | None:
        """What its author may do on the server; None where there is none."""
        ...

    async def parent(self, channel: Any) -> int | None:
        """The channel that a thread is of; None for what is no thread."""
        ...

    async def watched(self, archived: int) -> Sequence[Any]:
        """The group's channel, if one can write in it, and its threads, with so many of the closed ones."""
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
        self._flood, self._report = flood, report
        self._queue: asyncio.Queue[discord.Message | None] = asyncio.Queue()
        self._gap, self._reading = True, False
        self._found: dict[str, discord.Message] = {}
        self._newest: dict[str, Heard] = {}
        self._closing = asyncio.Event()
        self._tasks = Tasks()

    @property
    def current(self) -> bool:
        """Whether all that was written is read."""
        return not self._gap and not self._reading

    def hear(self, message: discord.Message) -> None:
        """The gateway tells of a message, new or changed."""
        self._queue.put_nowait(message)

    def catch_up(self) -> None:
        """Read what was missed, now that we are connected."""
        self._queue.put_nowait(None)

    def lose(self) -> None:
        """From now on something may be missed."""
        self._gap = True

    def asked(self, post: str) -> discord.Message | None:
        """The message of that id that is being answered."""
        return next((each for each in self._found.values() if str(each.id) == post), None)

    async def run(self, handler: Handler) -> None:
        """Take in what comes, in its order, until cancelled."""
        while True:
            item, wait = await self._queue.get(), FIRST_WAIT
            while problem := await self._take_in(item, handler):
                self._gap = True
                self._report("listening", str(problem))
                await self._clock.sleep(max(wait, getattr(problem, "after", None) or 0.0))
                wait = min(2 * wait, LONGEST_WAIT)
            self._report("listening", "")
            if wait > FIRST_WAIT and item is not None:
                self.catch_up()

    async def _take_in(self, item: discord.Message | None, handler: Handler) -> PlatformError | None:
        """A message, or all that was missed; what went wrong."""
        try:
            if item is None:
                await self._catch_up(handler)
            else:
                await self._hear(item, handler)
        except PlatformError as problem:
            return problem
        return None

    async def mark(self, now: datetime) -> None:
        """At the very first start: what is older was never meant for us."""
        if await self._ledger.cursor(SINCE) is None:
            await self._ledger.hear([], name=SINCE, cursor=discord.utils.time_snowflake(now))

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
        if reader.ignore(message, self._clock.now() - HORIZON, parent=parent):
            return
        new = message.edited_at is None
        counts = new and reader.here(message, parent) and not self._gap
        name, cursor = (_name(message.channel.id), message.id) if counts else ("", None)
        await self._take([message], handler, name=name, cursor=cursor, live=True)

    async def _catch_up(self, handler: Handler) -> None:
        reader, horizon = self._reader(), self._clock.now() - HORIZON
        since = await self._ledger.cursor(SINCE) or discord.utils.time_snowflake(self._clock.now())
        oldest = max(since, discord.utils.time_snowflake(horizon))
        self._gap, self._reading = False, True  # a gap that opens meanwhile has a catch-up of its own
        try:
            for channel in await self._line.watched(ARCHIVED):
                if isinstance(channel, discord.Thread) and (channel.last_message_id or channel.id) <= oldest:
                    continue  # of a year's threads most have nothing new
                cursor = await self._ledger.cursor(_name(channel.id))
                messages = await self._read(channel.id, max(oldest, cursor or 0), oldest)
                parent = await self._line.parent(channel)
                wanted = [each for each in messages if not reader.ignore(each, horizon, parent=parent)]
                newest = max([cursor or 0, oldest, *(each.id for each in messages)])
                await self._take(wanted, handler, name=_name(channel.id), cursor=newest, live=False)
        except PlatformError:
            self._gap = True
            raise
        finally:
            self._reading = False

    async def _read(self, number: int, cursor: int, oldest: int) -> list[discord.Message]:
        """The messages after the cursor, and the latest ones before it, oldest first."""
        channel, found = await self._line.channel(number), dict[int, discord.Message]()
        with as_ours(f"read channel {number}"):
            async for message in channel.history(limit=LATEST):
                found[message.id] = message
            if len(found) == LATEST and min(found) > cursor:
                async for message in channel.history(limit=MOST, after=discord.Object(cursor), oldest_first=True):
                    found[message.id] = message
        return [found[number] for number in sorted(found) if number > oldest]

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
        for news in await self._ledger.hear(heard, name=name, cursor=cursor):
            message = posts[news.post]
            if live and await self._too_much(message, reader):
                await self._ledger.done(news)
                continue
            self._found[news.post] = message
            self._start(news, handler)

    async def _too_much(self, message: discord.Message, reader: Reader) -> bool:
        if not (reader.command(message) or reader.direct(message)):
            return False
        seconds = self._flood.wait(message.author.id, message.channel.id)
        if seconds and self._flood.tell(message.author.id, message.channel.id):
            try:
                with as_ours("say that it is too much"):
                    await message.reply(busy(seconds), delete_after=seconds)
            except PlatformError as problem:
                log.info("%s", problem)
        return bool(seconds)

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
            found = await picture_on(message) if command else Picture()
            rights = await self._line.rights(message) if command else None
            incoming = reader.incoming(message, rights, revised=heard.revised)
            # Large ones are fetched for those alone who may import them.
            questions = await file(message.attachments) if incoming.person.is_admin else None
            await handler(replace(incoming, attached=found.data, unread=found.unread, file=questions))
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


def _name(channel: int) -> str:
    return f"channel/{channel}"


def _post(message: discord.Message) -> str:
    return f"{message.channel.id}/{message.id}"

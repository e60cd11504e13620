"""Listening that loses nothing: a cursor over all posts is the truth, everything else only says "look now".

What is read is written down, in the transaction that moves the cursor; it is handed over until the handler
returned for it, also by the next process. Numbers are given when a post is written and seen when it is stored, so
a lower one can appear after a higher one: each look reaches back a little, and what is known is passed over.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.correspondence import Heard, Ledger
from bot.errors import PlatformError, Retryable
from bot.platform import Handler
from bot.platforms.discourse.admins import Admins
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.attachments import attached
from bot.platforms.discourse.budget import Priority, WallClock
from bot.platforms.discourse.errors import Forbidden, Missing
from bot.platforms.discourse.manners import Manners
from bot.platforms.discourse.reading import Found, Reader
from bot.platforms.discourse.values import Post
from bot.platforms.tasks import Tasks

HORIZON = timedelta(hours=24)
"""How old a post may be to be answered: after a long outage, nobody waits for last month's answers."""
KEPT = timedelta(days=7)
"""How long a post that is done with is known by its number."""
OVERLAP = 40  # numbers that each look reaches back
PAGE = 50  # numbers that one request covers, by either way of counting: one is enough until ten have come
EMPTY = 20  # pages without a post in a row after which the first look of all gives up
BREATH = 3.0  # seconds between two looks, whoever calls: twenty a minute leave enough for answers
STALE = 60.0  # seconds after which a post is read again before it is answered
ASIDE = 60.0  # seconds between two looks at private messages and mentions
FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0  # seconds between tries
FINISH = 20.0  # seconds that answers in flight are given at the end

EDITED = "Others may edit posts on this forum, so an edited one steers nothing: write the command in a new post."
"""The forum does not tell who changed a post last. At first its author's changes make no new version."""

POSTS, PRIVATE = "posts", "private"
Page = Callable[[int | None], Awaitable[Sequence[Post]]]
Report = Callable[[str, str], None]
"""Told what is wrong, in a sentence; an empty one when it is over."""

log = logging.getLogger(__name__)


class Listener:
    """Reads, writes down and hands over.

    `reader` gives who we are and what is too old by now; `ours` is told of the posts of our own that were read.
    """

    def __init__(
        self,
        api: Api,
        ledger: Ledger,
        admins: Admins,
        clock: WallClock,
        *,
        reader: Callable[[], Awaitable[Reader]],
        ours: Callable[[Sequence[Post]], Awaitable[None]],
        report: Report,
        every: float,
    ) -> None:
        self._api, self._ledger, self._admins, self._clock = api, ledger, admins, clock
        self._reader, self._ours, self._report, self._every = reader, ours, report, every
        self._manners = Manners(clock)
        self._found: dict[str, Found] = {}
        self._topics: dict[int, tuple[int | None, bool]] = {}
        self._newest: dict[str, Heard] = {}
        self._failing: set[str] = set()
        self._look_at: set[int] = set()
        self._bell, self._closing = asyncio.Event(), asyncio.Event()
        self._aside: float | None = None
        self._tasks = Tasks()

    def wake(self, post: int | None = None) -> None:
        """Look now; at that very post, if one is named: it may have been changed."""
        if post is not None:
            self._look_at.add(post)
        self._bell.set()

    def wake_aside(self) -> None:
        """Look now, at private messages and mentions too."""
        self._aside = None
        self._bell.set()

    async def post(self, number: str) -> Found:
        """A post that was handed over, or else as it is now."""
        found = self._found.get(number)
        return found or Found(
            post=await self._api.post(int(number), priority=Priority.REPLY),
            read=self._clock.monotonic(),
            private=False,
        )

    async def run(self, handler: Handler) -> None:
        """Listen until closed. Whatever goes wrong is reported, and tried again."""
        wait, started = FIRST_WAIT, False
        while not self._closing.is_set():
            self._bell.clear()
            try:
                reader = await self._reader()
                if not started:
                    await self._take_up(reader, handler)
                    started = True
                await self._look(reader, handler)
            except PlatformError as problem:
                self._report("listening", str(problem))
                after = problem.after if isinstance(problem, Retryable) else None
                await self._rest(max(wait, after or 0.0))
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                self._report("listening", "")
                wait = FIRST_WAIT
                await self._rest(self._every)

    async def close(self) -> None:
        """Hand over nothing more; answers in flight are finished, those that wait are left to the next start."""
        self._closing.set()
        self._bell.set()
        await self._tasks.finish(FINISH)

    async def _take_up(self, reader: Reader, handler: Handler) -> None:
        """Hand over what the last process left."""
        await self._ledger.prune(reader.horizon - KEPT)
        for heard in await self._ledger.waiting():
            self._start(heard, handler)

    async def _look(self, reader: Reader, handler: Handler) -> None:
        while self._look_at:
            number = self._look_at.pop()
            try:
                await self._read_one(number, reader, handler)
            except Retryable:
                self._look_at.add(number)
                raise
        await self._read(POSTS, self._posts, reader, handler)
        now = self._clock.monotonic()
        if self._aside is None or now - self._aside >= ASIDE:
            await self._read(PRIVATE, self._private, reader, handler)
            await self._mentions(reader, handler)
            self._aside = now

    async def _posts(self, before: int | None) -> Sequence[Post]:
        return await self._api.posts_before(before, priority=Priority.POLL)

    async def _private(self, before: int | None) -> Sequence[Post]:
        return await self._api.private_posts(before, priority=Priority.POLL)

    async def _read(self, name: str, page: Page, reader: Reader, handler: Handler) -> None:
        """Read everything since the last look, newest first, and take it in, oldest first."""
        cursor = await self._ledger.cursor(name)
        posts = await _since(page, cursor, reader.horizon)
        if posts:
            highest = max(max(posts), cursor or 0)
            found = [posts[number] for number in sorted(posts)]
            await self._take(found, reader, handler, name=name, cursor=highest, private=name == PRIVATE)

    async def _mentions(self, reader: Reader, handler: Handler) -> None:
        """Look at each post that a new notification is about: it may be anywhere, or be an edit."""
        cursor = await self._ledger.cursor("notifications")
        notices = [
            each
            for each in await self._api.notifications(priority=Priority.POLL)
            if each.id > (cursor or 0) and each.post_id and (each.created_at or reader.horizon) >= reader.horizon
        ]
        for notice in sorted(notices, key=lambda each: each.id):
            await self._read_one(notice.post_id, reader, handler)
        if notices:
            await self._ledger.hear([], name="notifications", cursor=max(each.id for each in notices))

    async def _read_one(self, number: int, reader: Reader, handler: Handler) -> None:
        try:
            post, private = await self._placed(await self._api.post(number, priority=Priority.POLL))
        except Missing:
            return
        except Forbidden:
            await self._api.scopes()  # refused as well, if it is the key and not the post
            return
        await self._take([post], reader, handler, private=private)

    async def _placed(self, post: Post) -> tuple[Post, bool]:
        """The post with its category, which one read by itself does not say; whether it is a private message."""
        if post.topic_id not in self._topics:
            topic = await self._api.topic(post.topic_id, priority=Priority.POLL)
            self._topics[post.topic_id] = topic.category_id, topic.private
        category, private = self._topics[post.topic_id]
        return replace(post, category_id=category), private

    async def _take(
        self,
        posts: Sequence[Post],
        reader: Reader,
        handler: Handler,
        *,
        private: bool,
        name: str = "",
        cursor: int | None = None,
    ) -> None:
        await self._ours([post for post in posts if post.user_id == reader.me])
        wanted = {str(post.id): post for post in posts if not reader.ignore(post, private=private)}
        heard = [
            Heard(post=number, version=reader.version(post), line=reader.command(post), at=reader.at(post))
            for number, post in wanted.items()
        ]
        if not heard and cursor is None:
            return
        for news in await self._ledger.hear(heard, name=name, cursor=cursor):
            post = wanted[news.post]
            if self._too_much(post, reader, private=private):
                await self._ledger.done(news)
                continue
            self._found[news.post] = Found(post=post, read=self._clock.monotonic(), private=private)
            self._start(news, handler)

    def _too_much(self, post: Post, reader: Reader, *, private: bool) -> bool:
        command = reader.command(post)
        if not (command or reader.direct(post, private=private)):
            return False  # not for us to answer
        if not self._manners.enough(post.user_id, command):
            return False
        log.warning("%s had answers enough for now: if it is a bot, name it among those to ignore", post.username)
        return True

    def _start(self, heard: Heard, handler: Handler) -> None:
        running = heard.post in self._newest
        self._newest[heard.post] = heard
        if not running:
            self._tasks.start(self._answer(heard.post, handler), f"answer to post {heard.post}")

    async def _answer(self, number: str, handler: Handler) -> None:
        """Hand it over until the handler returns, nobody waits any more, or we are closed."""
        wait = FIRST_WAIT
        try:
            while not self._closing.is_set():
                heard = self._newest[number]
                try:
                    await self._hand_over(heard, handler)
                    await self._ledger.done(heard)
                except PlatformError as problem:
                    self._failing.add(number)
                    self._report("answering", str(problem))
                    after = problem.after if isinstance(problem, Retryable) else None
                    await self._nap(wait if after is None else max(after, FIRST_WAIT))
                    wait = min(2 * wait, LONGEST_WAIT) if after is None else wait
                    continue
                self._failing.discard(number)
                if not self._failing:
                    self._report("answering", "")
                if self._newest[number] is heard:
                    return
                # It was changed while its answer was on the way.
                self._newest[number] = replace(self._newest[number], revised=True)
        finally:
            self._failing.discard(number)
            self._newest.pop(number, None)
            self._found.pop(number, None)

    async def _hand_over(self, heard: Heard, handler: Handler) -> None:
        reader, found = await self._reader(), self._found.get(heard.post)
        if found is None or self._clock.monotonic() - found.read > STALE:
            try:
                read = await self._api.post(int(heard.post), priority=Priority.REPLY)
                post, private = await self._placed(read)
            except Missing:
                return  # taken away since: nobody waits for an answer
            found = self._found[heard.post] = Found(post=post, read=self._clock.monotonic(), private=private)
        post = found.post
        if reader.ignore(post, private=found.private):
            return
        is_admin = bool(reader.command(post)) and await self._admins.is_admin(post)
        doubt = EDITED if is_admin and post.version > 1 else ""
        is_admin = is_admin and not doubt
        incoming = reader.incoming(
            post, private=found.private, is_admin=is_admin, doubt=doubt, revised=heard.revised
        )
        # Files are fetched for those alone who may import them.
        await handler(replace(incoming, file=await attached(self._api, post.raw) if is_admin else None))

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or until somebody says to look: a busy forum's bus and webhook say so all the time."""
        await self._nap(min(seconds, BREATH))
        await self._until(self._bell, max(0.0, seconds - BREATH))

    async def _nap(self, seconds: float) -> None:
        await self._until(self._closing, seconds)

    async def _until(self, event: asyncio.Event, seconds: float) -> None:
        waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self._clock.sleep(seconds))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()


async def _since(page: Page, cursor: int | None, horizon: datetime) -> dict[int, Post]:
    """The posts after a cursor, and some before it, by number; all that are young enough where there is none.

    A server counts a page by numbers and leaves out what we may not see, or by the posts that we may: so a page
    can be short or empty though there are older posts, and the step is by numbers either way.
    """
    floor = 0 if cursor is None else cursor - OVERLAP
    found: dict[int, Post] = {}
    before: int | None = None
    empty = 0
    while cursor is not None or empty < EMPTY:
        posts = {post.id: post for post in await page(before)}
        new = [post for number, post in posts.items() if number not in found]
        found |= posts
        if new:
            before, empty = min(posts), 0
        elif before is None:
            break
        else:
            before, empty = before - PAGE, empty + 1
        if before <= floor or (new and all((post.created_at or horizon) < horizon for post in new)):
            break
    return {number: post for number, post in found.items() if number > floor}

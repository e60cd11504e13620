"""From a post that a platform hands over to its one reply."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from bot.context import Context
from bot.dispatch import Dispatch
from bot.errors import PlatformError, Retryable, Unsendable
from bot.inbox import Inbox
from bot.platform import Platform
from bot.progress import Progress
from bot.unfinished import Unfinished
from bot.values import Incoming, Person, Place, PostRef, Reply

STOPPED = "I was stopped in the middle of this. If no answer comes within a few minutes, please ask again."

log = logging.getLogger(__name__)


class Answering:
    """Answers posts. `context` is what a command may use; `showcase` is shown every post, with or without one.

    `unfinished` remembers which answers have begun: `recall` them before the first post, then `excuse` those that
    nobody finishes.
    """

    def __init__(
        self,
        inbox: Inbox,
        unfinished: Unfinished,
        dispatch: Dispatch,
        context: Callable[[Person, Place, bytes], Context],
        *,
        showcase: Callable[[Incoming], Awaitable[None]],
        now: Callable[[], datetime],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inbox, self._unfinished, self._dispatch, self._context = inbox, unfinished, dispatch, context
        self._showcase, self._now, self._timer = showcase, now, timer
        self._turns: defaultdict[tuple[Place, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._broken: dict[PostRef, tuple[str, asyncio.Lock]] = {}

    async def recall(self, platforms: Iterable[str]) -> None:
        """Which answers an earlier process began and did not finish."""
        for platform in platforms:
            found = await self._unfinished.on(platform)
            self._broken |= {post: (key, asyncio.Lock()) for post, key in found}

    async def excuse(self, platform: Platform) -> None:
        """Say below what has begun that it was broken off, where it is not taken up just now."""
        for post, (key, turn) in list(self._broken.items()):
            if post.place.platform != platform.name:
                continue
            async with turn:
                if post not in self._broken:  # finished meanwhile
                    continue
                try:
                    if found := await platform.find(post.place, key):
                        await platform.edit(found, Reply(text=STOPPED, unfinished=True))
                except Retryable as problem:
                    log.info("the next start excuses what was broken off: %s", problem)
                    continue
                except PlatformError as problem:
                    log.info("what was broken off stays as it is: %s", problem)
                await self._unfinished.done(post)

    async def handle(self, incoming: Incoming, platform: Platform) -> None:
        """Answer a post once: a crash at any line leaves it to be handed over again, under the same key.

        A post whose command is another one by now gets another answer in the place of the first. What can never be
        posted is given up; any other PlatformError leaves the post open, for the platform to hand it over again.
        """
        broken = self._broken.get(incoming.post)
        async with broken[1] if broken else nullcontext():
            await self._answer(incoming, platform, resumed=broken is not None)
            self._broken.pop(incoming.post, None)

    async def _answer(self, incoming: Incoming, platform: Platform, *, resumed: bool) -> None:
        earlier = await self._inbox.settled(incoming.post)
        if earlier and not incoming.revised:
            return
        await self._showcase(incoming)
        progress = Progress(
            platform,
            incoming.post,
            key=_key(incoming.post),
            begin=self._unfinished.begin,
            draw=self._dispatch.drawn,
            timer=self._timer,
        )
        context = self._context(incoming.person, incoming.post.place, incoming.attached)
        sent: PostRef | None = None
        try:
            context = replace(context, file=incoming.file, unread=incoming.unread, progress=progress)
            reply = await self._dispatch.answer(incoming, context)
            if reply:
                again = resumed or progress.begun or (earlier is not None and earlier.reply is not None)
                shown = None if reply.private else progress.post
                sent = await self._posted(reply, incoming.post, platform, shown=shown, again=again)
        except PlatformError as problem:
            post = {"platform": platform.name, "post": incoming.post.id}
            log.warning("an answer could not be posted: %s", problem, extra=post)
            if not isinstance(problem, Unsendable):
                raise
        if resumed or progress.begun:
            await self._unfinished.done(incoming.post)
        await self._inbox.settle(incoming.post, sent, self._now())

    async def _posted(
        self, reply: Reply, to: PostRef, platform: Platform, *, shown: PostRef | None, again: bool
    ) -> PostRef:
        """Post an answer; of two that bring a running post up to date, the second waits for the first."""
        if not reply.running:
            return await self._put(reply, to, platform, found=shown, again=again)
        async with self._turns[to.place, reply.running]:
            return await self._put(reply, to, platform, found=None, again=again)

    async def _put(
        self, reply: Reply, to: PostRef, platform: Platform, *, found: PostRef | None, again: bool
    ) -> PostRef:
        """The newest state of a running post, or a newer answer, is put in its place."""
        key = reply.running or _key(to, private=reply.private)
        if found is None and (reply.running or again):
            found = await platform.find(to.place, key)
        if found is not None:
            try:
                await platform.edit(found, reply)
            except Unsendable as problem:
                # Deleted by somebody, or too old to be changed: it is written anew.
                log.info("a post of ours could not be changed, so there is a new one: %s", problem)
            else:
                return found
        return await platform.post(to.place, reply, key=key, to=to)


def _key(to: PostRef, *, private: bool = False) -> str:
    """An answer for one person's eyes is never put in the place of one that everybody saw."""
    return f"re/{to.id}{'/private' if private else ''}"

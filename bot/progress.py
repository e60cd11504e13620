"""How far a command is, shown in the post where its answer will stand."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.errors import PlatformError, Retryable
from bot.platform import Platform
from bot.values import PostRef, Reply

PATIENCE = 1.0  # seconds: what is answered within them needs no word before
LONG = 60.0  # seconds without a try, where a platform refused one

log = logging.getLogger(__name__)


class Progress:
    """Fulfils `bot.context.Progress` for the answer to one post, which is written under `key`.

    The first word is a post, the later ones edit it, at the platform's own pace: one that comes too early is
    dropped. It is the command's answer that matters, so an error of the platform is logged and stops nothing.
    What is for one person's eyes alone is not shown before it is whole. `begin` is told before the first word.
    """

    def __init__(
        self,
        platform: Platform,
        to: PostRef,
        *,
        key: str,
        begin: Callable[[PostRef, str], Awaitable[None]],
        draw: Callable[[Reply], Awaitable[Reply]],
        timer: Callable[[], float],
    ) -> None:
        self._platform, self._to, self._key = platform, to, key
        self._begin, self._draw, self._timer = begin, draw, timer
        self._next = timer() + PATIENCE
        self.post: PostRef | None = None
        """Where it is shown. After a crash that is the post of the earlier try."""
        self.begun = False
        """Whether there was anything to show: then an earlier try may have shown it."""

    async def __call__(self, reply: Reply) -> None:
        """Show it, unless the last word is too young."""
        self.begun = True
        if reply.private or self._timer() < self._next:
            return
        wait = self._platform.limits.pace
        try:
            await self._shown(await self._draw(replace(reply, unfinished=True)))
        except PlatformError as problem:
            log.info("how far a command is could not be shown: %s", problem)
            wait = max(wait, (problem.after or 0.0) if isinstance(problem, Retryable) else LONG)
        self._next = self._timer() + wait

    async def _shown(self, reply: Reply) -> None:
        if self.post is None:
            await self._begin(self._to, self._key)
            self.post = await self._platform.post(self._to.place, reply, key=self._key, to=self._to)
        else:
            await self._platform.edit(self.post, reply)

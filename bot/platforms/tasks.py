"""Background tasks that are kept, named and heard.

The event loop holds its tasks only weakly: one that nobody keeps can vanish half-way, and its error with it.
"""

import asyncio
import logging
from collections.abc import Awaitable

log = logging.getLogger(__name__)


class Tasks:
    """The tasks of one platform; an error in one is logged and harms no other."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Awaitable[None], name: str) -> None:
        """Run `work` beside everything else."""
        task = asyncio.create_task(_run(work), name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def finish(self, seconds: float) -> None:
        """Wait for what is running, at most so long; what still runs then is cancelled."""
        if not self._running:
            return
        _done, late = await asyncio.wait(self._running, timeout=seconds)
        for task in late:
            log.warning("%s was not finished within %g seconds", task.get_name(), seconds)
            task.cancel()
        if late:
            await asyncio.wait(late)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)


async def _run(work: Awaitable[None]) -> None:
    await work

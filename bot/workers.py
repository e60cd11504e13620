"""What takes seconds or minutes of computing: in a process of its own, so that it holds up no answer.

A process can be ended at any moment, which a thread cannot; it leaves nothing behind.
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.errors import UserError
from bot.values import escape

SECONDS = 60.0  # of work, without waiting for a turn: a lesson takes three, loading torch included
WAITING = 4  # pieces of work that may wait for their turn: the last of them for some minutes at worst
LONGEST = 16 * 1024 * 1024  # bytes of one line that a process says
ROOT = Path(__file__).resolve().parents[1]

log = logging.getLogger(__name__)

Told = Mapping[str, Any]
"""Plain JSON, as the work says it."""


class WorkFailed(RuntimeError):
    """A process ended without a result: ours, logged."""


class Workers:
    """Fulfils `bot.context.Workers`: runs one piece of work after the other.

    `tasks`: what can be done, by name, as `module:function`. Each is called with what is given by name and a
    function `tell`; it tells plain JSON on the way, and returns its result as such.
    """

    def __init__(
        self,
        tasks: Mapping[str, str],
        *,
        seconds: float = SECONDS,
        waiting: int = WAITING,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tasks, self._seconds, self._most, self._timer = tasks, seconds, waiting, timer
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    async def run(self, task: str, tell: Callable[[Told], Awaitable[None]], /, **given: Any) -> Told:
        """The result; `tell` hears what is told on the way. Cancelled, or out of time, the process is ended.

        UserError if it takes too long, if too many wait already, and if the work itself says what is wrong.
        """
        job = {"task": self._tasks[task], "given": given}
        async with self._next(), self._process(job) as lines:
            left = self._seconds
            while True:
                began = self._timer()
                try:
                    line = await asyncio.wait_for(lines.readline(), left)
                except TimeoutError:
                    log.warning("work was ended: it took too long", extra={"task": task})
                    raise UserError(
                        f"That took longer than the {self._seconds:.0f} seconds I give it, so I stopped. "
                        "With less to do it will end in time."
                    ) from None
                left -= self._timer() - began  # to show how far it is costs it nothing
                said = json.loads(line) if line.endswith(b"\n") else None
                match said:
                    case {"told": told}:
                        await tell(told)
                    case {"result": result}:
                        return result
                    case {"refused": str(sentence)}:
                        raise UserError(escape(sentence))
                    case _:
                        raise WorkFailed(f"{task} ended without a result: what it wrote to stderr says why")

    @asynccontextmanager
    async def _next(self) -> AsyncGenerator[None]:
        """Wait for a turn."""
        if self._waiting >= self._most:
            raise UserError(
                f"{self._waiting} others wait for me to compute something for them already. "
                "Please ask again in a minute."
            )
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def _process(self, job: Mapping[str, Any]) -> AsyncGenerator[asyncio.StreamReader]:
        """A process at work on it; it does not outlive this."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            limit=LONGEST,
            start_new_session=True,  # Ctrl+C is for us: we end it
        )
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            yield process.stdout
        finally:
            if process.returncode is None:
                process.kill()
            await asyncio.shield(process.wait())

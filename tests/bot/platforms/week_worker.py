"""A bot in a process of its own, to be killed: its clock is this machine's, set ahead by what a file says.

    python -m tests.bot.platforms.week_worker AHEAD_FILE

Everything else comes from the environment, as for `python -m bot run`.
"""

import asyncio
import logging
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.settings import read

log = logging.getLogger(__name__)

LOOK = 0.05  # seconds between two looks at the file


class SetAhead:
    """The clock of this machine, so many seconds ahead."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def ahead(self) -> float:
        """By how much."""
        return float(self._file.read_text(encoding="utf-8"))

    def now(self) -> datetime:
        """The wall clock."""
        return datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        """The machine's own."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long, by the machine's own."""
        await asyncio.sleep(seconds)


async def main(clock: SetAhead) -> None:
    """Run the bot; once it runs, and whenever the clock is set, look as the alarm does at such a time."""
    async with App(read(), clock) as app:
        running = asyncio.Event()

        async def follow() -> None:
            await running.wait()
            ahead = clock.ahead
            await app.weekly.look()
            while True:
                await asyncio.sleep(LOOK)
                if clock.ahead != ahead:
                    ahead = clock.ahead
                    await app.weekly.look()

        def ready(address: str) -> None:
            log.info("%s", address)
            running.set()

        following = asyncio.create_task(follow())
        await app.serve(ready)
        following.cancel()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    asyncio.run(main(SetAhead(Path(sys.argv[1]))))

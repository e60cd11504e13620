"""Time that passes only when everybody waits: an hour of waiting takes no longer than a second of it.

virtually(test)     runs a coroutine function of a Clock to its end, and returns what it returns
"""

import asyncio
import selectors
import time
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


class _Skipping(selectors.DefaultSelector):
    """Instead of waiting, says that so much time has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Nothing is ever ready: there are no sockets here."""
        if timeout is None:
            raise RuntimeError("everybody waits, and nobody for a time")
        if timeout > 0:
            self.passed += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time. Nothing in it may wait for a thread, a socket or a process."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._skipping.passed


class VirtualClock:
    """The clock of a virtual loop. `set_by` sets its hands, as an administrator does; monotonic time goes on."""

    def __init__(self, start: datetime = START) -> None:
        self._start, self._loop = start, asyncio.get_running_loop()
        self._zero = self._loop.time()

    def now(self) -> datetime:
        """The wall clock."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._loop.time() - self._zero

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(seconds)

    def set_by(self, change: timedelta) -> None:
        """Set the wall clock."""
        self._start += change


class RealClock:
    """The clocks of this machine, for processes that are really killed and for measurements."""

    def now(self) -> datetime:
        """The wall clock."""
        return datetime.fromtimestamp(time.time(), UTC)

    def monotonic(self) -> float:
        """Seconds that only ever go forward."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(seconds)

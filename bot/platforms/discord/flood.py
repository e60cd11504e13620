"""How much is answered at once: some commands of one person, more of a whole channel; then a word of patience."""

import math
from collections import defaultdict, deque
from collections.abc import Hashable

from bot.platforms.discord.client import Clock

SPAN = 30.0  # seconds over which we count
PERSON = 8  # commands of one person
CHANNEL = 25  # of everybody in one channel


class Flood:
    """Counts commands. What a restart forgets, is counted anew."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recent: defaultdict[Hashable, deque[float]] = defaultdict(deque)
        self._told: dict[Hashable, float] = {}

    def wait(self, person: int, channel: int) -> int:
        """Seconds until one more is answered; 0 for now, and then it is counted."""
        now = self._clock.monotonic()
        keys = ((("person", person), PERSON), (("channel", channel), CHANNEL))
        waits = [self._wait(key, most, now) for key, most in keys]
        if any(waits):
            return max(waits)
        for key, _ in keys:
            self._recent[key].append(now)
        return 0

    def tell(self, person: int, channel: int) -> bool:
        """Whether to say so: once to a person, and once in a channel, within the span."""
        now, keys = self._clock.monotonic(), (("person", person), ("channel", channel))
        self._told = {key: at for key, at in self._told.items() if at > now - SPAN}
        if any(key in self._told for key in keys):
            return False
        self._told |= dict.fromkeys(keys, now)
        return True

    def _wait(self, key: Hashable, most: int, now: float) -> int:
        recent = self._recent[key]
        while recent and recent[0] <= now - SPAN:
            recent.popleft()
        return math.ceil(recent[0] + SPAN - now) if len(recent) >= most else 0


def busy(seconds: int) -> str:
    """What somebody is told who asks too much at once."""
    return f"One moment, please: that is more than I answer at once. In {seconds} seconds I am there again."

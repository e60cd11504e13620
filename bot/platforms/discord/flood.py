"""How much is answered at once: some commands of one person, more of a whole channel; then a word of patience.

What only its asker sees takes no room in the channel. Whether a press is answered so is known when it is answered:
until then it holds its place, and who finds the channel full of such waits until they are decided.
"""

import asyncio
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
        self._undecided: defaultdict[int, dict[str, float]] = defaultdict(dict)
        self._decided = asyncio.Event()
        self._told: dict[tuple[int, int], float] = {}

    def wait(self, person: int, channel: int) -> int:
        """Seconds until one more is answered; 0 for now, and then it is counted."""
        seconds = max(self._wait(("person", person), PERSON), self._wait(("channel", channel), CHANNEL))
        if not seconds:
            self._count(person, channel)
        return seconds

    async def admit(self, person: int, channel: int, name: str, *, private: bool) -> int:
        """The same for a press of that name. Unless it is `private` from the start, `decide` has to follow."""
        while not (seconds := self._wait(("person", person), PERSON)):
            if private:
                self._recent["person", person].append(self._clock.monotonic())
                return 0
            full = self._wait(("channel", channel), CHANNEL)
            if not full:
                self._undecided[channel][name] = self._count(person, channel)
                return 0
            if not self._undecided[channel]:
                return full
            await self._until_decided(full)
        return seconds

    def decide(self, channel: int, name: str, *, private: bool) -> None:
        """It is answered, or never will be; `private`: nobody but the asker saw that."""
        at = self._undecided[channel].pop(name, None)
        recent = self._recent["channel", channel]
        if private and at in recent:
            recent.remove(at)
        self._decided.set()
        self._decided = asyncio.Event()

    def tell(self, person: int, channel: int, seconds: int) -> bool:
        """Whether to say so: to a person once in a channel, until the seconds are over."""
        now = self._clock.monotonic()
        self._told = {key: until for key, until in self._told.items() if until > now}
        if (person, channel) in self._told:
            return False
        self._told[person, channel] = now + seconds
        return True

    def _count(self, person: int, channel: int) -> float:
        now = self._clock.monotonic()
        for key in (("person", person), ("channel", channel)):
            self._recent[key].append(now)
        return now

    def _wait(self, key: Hashable, most: int) -> int:
        recent, now = self._recent[key], self._clock.monotonic()
        while recent and recent[0] <= now - SPAN:
            recent.popleft()
        return math.ceil(recent[0] + SPAN - now) if len(recent) >= most else 0

    async def _until_decided(self, seconds: float) -> None:
        waits = [asyncio.ensure_future(self._decided.wait()), asyncio.ensure_future(self._clock.sleep(seconds))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()


def busy(seconds: int) -> str:
    """What somebody is told who asks too much at once."""
    return (
        f"One moment, please: that is more than I answer at once. Send it again in {seconds} seconds; "
        "what comes before that is not answered."
    )

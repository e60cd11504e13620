"""How much of one person is answered: two bots that answer each other would never end by themselves.

A bot that nobody told us of looks like a person. So somebody who speaks to us and says nothing that we understand
is told so a few times, and nobody has more answers than anybody can read.
"""

from collections import defaultdict, deque

from bot.platforms.discourse.budget import Clock

SPAN = 900.0  # seconds over which we count
COMMANDS = 60
REPEATED = 10  # times the same command
CHATTER = 3  # posts for us without a command in them


class Manners:
    """Counts the posts of each person that want an answer. What a restart forgets, is counted anew."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answered: defaultdict[int, deque[tuple[float, str]]] = defaultdict(deque)

    def enough(self, person: int, command: str) -> bool:
        """Whether one more post of theirs, with that command or none, is one too many; if not, it is counted."""
        now, recent = self._clock.monotonic(), self._answered[person]
        while recent and recent[0][0] + SPAN <= now:
            recent.popleft()
        same = sum(each == command for _, each in recent)
        if same >= (REPEATED if command else CHATTER) or len(recent) >= COMMANDS:
            return True
        recent.append((now, command))
        return False

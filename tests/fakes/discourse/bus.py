"""The message bus: channels with a short memory, and the rules of who is told what.

`answer` is one look at the bus, as a poll has it; `waiting` is an event that the next message sets.
The captures of a real server decide each case (test_fake_bus.py).
"""

import asyncio
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

BACKLOG = 100


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message. `readers` are the user ids that may read it; None is everybody."""

    global_id: int
    message_id: int
    channel: str
    data: Any
    readers: frozenset[int] | None = None

    def json(self) -> dict[str, Any]:
        """As the wire has it."""
        return {
            "global_id": self.global_id,
            "message_id": self.message_id,
            "channel": self.channel,
            "data": self.data,
        }


@dataclass(kw_only=True)
class Channel:
    """A channel: the id of its last message, and its last messages."""

    last: int = 0
    backlog: deque[Message] = field(default_factory=lambda: deque[Message](maxlen=BACKLOG))


class Bus:
    """Every channel of a forum. Ids rise by one in each channel."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.total = 0
        self._waiting: set[asyncio.Event] = set()

    def publish(self, channel: str, data: Any, readers: frozenset[int] | None = None) -> Message:
        """Say something on a channel."""
        into = self.channels.setdefault(channel, Channel())
        into.last += 1
        self.total += 1
        message = Message(global_id=self.total, message_id=into.last, channel=channel, data=data, readers=readers)
        into.backlog.append(message)
        for event in self._waiting:
            event.set()
        return message

    def last(self, channel: str) -> int:
        """The id of the channel's last message, 0 before the first."""
        return self.channels[channel].last if channel in self.channels else 0

    def trim(self, channel: str, keep: int) -> None:
        """Forget all but the last `keep` messages; nobody is told."""
        kept = list(self.channels[channel].backlog)
        self.channels[channel].backlog = deque(kept[len(kept) - keep :] if keep else (), maxlen=BACKLOG)

    def reset(self) -> None:
        """Forget everything: ids start again at 1, as after a restored backup."""
        self.channels.clear()
        self.total = 0

    def answer(self, wanted: Mapping[str, int], reader: int | None) -> list[dict[str, Any]]:
        """The messages after each position that the reader may see, and the positions to adopt instead."""
        found: list[Message] = []
        status: dict[str, int] = {}
        for channel, position in wanted.items():
            last = self.last(channel)
            if position == -1 or position > last:
                status[channel] = last
                continue
            since = position if position >= 0 else max(last + position + 1, 0)
            after = [each for each in self._backlog(channel) if each.message_id > since]
            visible = [each for each in after if _may(each, reader)]
            found += visible
            if after and not visible:
                status[channel] = last
        answer = [each.json() for each in sorted(found, key=lambda each: each.global_id)]
        if status:
            answer.append({"global_id": -1, "message_id": -1, "channel": "/__status", "data": status})
        return answer

    @contextmanager
    def waiting(self) -> Generator[asyncio.Event]:
        """An event that the next message sets."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            yield event
        finally:
            self._waiting.discard(event)

    def wake(self) -> None:
        """End everybody's waiting, for a server that stops."""
        for event in self._waiting:
            event.set()

    def _backlog(self, channel: str) -> tuple[Message, ...]:
        return tuple(self.channels[channel].backlog) if channel in self.channels else ()


def _may(message: Message, reader: int | None) -> bool:
    return message.readers is None or reader in message.readers

"""The forum's message bus: one request at a time is held open until something happens on a channel.

It brings wake-ups and no more. The forum keeps the last hundred messages of a channel and does not say when some
are gone; so a jump in their numbers is a wake-up of its own. Numbers of messages for others are jumped over, too.

When the key does not reach so far, or all requests of the minute are used up, the forum still answers, but as to a
stranger. The one sign of it is a channel of our own on which the count goes on and nothing is said: `anonymous`.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, cast

from bot.errors import Retryable
from bot.platforms.discourse.bodies import Body, form_body
from bot.platforms.discourse.budget import Clock, Priority
from bot.platforms.discourse.errors import DiscourseError
from bot.platforms.discourse.fields import Fields
from bot.platforms.discourse.wake import GAP, HIDDEN, RESET, Wake

log = logging.getLogger(__name__)

STATUS = "/__status"
HELD = 30.0  # seconds; the forum holds a request for 25
AFTER_NEWS = 3.0  # seconds; the forum's own pages wait 0.1, but ours pay for every request
AFTER_SILENCE = 0.1
IDLE = 15.0  # seconds from one request to the next, where the forum does not hold them
LONGEST = 180.0
HEADERS = {"Dont-Chunk": "true", "X-SILENCE-LOGGER": "true"}


class Poster(Protocol):
    """What the bus asks of `Http`."""

    async def post(
        self,
        path: str,
        body: Body | None = None,
        *,
        priority: Priority,
        headers: Mapping[str, str] | None = None,
        tries: int = 1,
        held: float = 0.0,
    ) -> Any:
        """Ask."""
        ...


class Bus:
    """One per process; `client_id` is any random name. `problem` says why the last request failed, if it did."""

    def __init__(self, http: Poster, *, client_id: str, clock: Clock) -> None:
        self._http, self._clock = http, clock
        self._path = f"/message-bus/{client_id}/poll"
        self._last: dict[str, int] = {}
        self._own = set[str]()
        self._sequence = self._failures = 0
        self._running = False
        self.problem = ""
        self.anonymous = False

    @property
    def channels(self) -> Mapping[str, int]:
        """Those that are watched, each with the number of its newest message; negative where none is known."""
        return dict(self._last)

    def watch(self, channel: str, last_id: int = -1, *, own: bool = False) -> None:
        """Ask for what comes after a message, or from now on; at the latest half a minute from now.

        `own`: everything on the channel is for us. Watching it already changes nothing.
        """
        self._last.setdefault(channel, last_id)
        if own:
            self._own.add(channel)

    def unwatch(self, channel: str) -> None:
        """Ask no longer."""
        self._last.pop(channel, None)
        self._own.discard(channel)

    async def run(self, wake: Callable[[Wake], None]) -> None:
        """Listen until cancelled. Whatever the forum does, it goes on asking, more and more slowly."""
        if self._running:
            raise RuntimeError("the bus is being listened to already")
        self._running = True
        try:
            while True:
                await self._clock.sleep(await self._turn(wake) if self._last else IDLE)
        finally:
            self._running = False

    async def _turn(self, wake: Callable[[Wake], None]) -> float:
        """One request; the seconds to wait until the next."""
        began, before = self._clock.monotonic(), self.channels
        try:
            messages = await self._poll()
        except DiscourseError as error:
            return self._failed(error)
        self._failures, self.problem = 0, ""
        for each in dict.fromkeys(self._read(messages)):
            wake(each)
        if self._last != before:
            return AFTER_NEWS
        return max(AFTER_SILENCE, began + IDLE - self._clock.monotonic())

    async def _poll(self) -> list[Any]:
        self._sequence += 1
        body = form_body({**self._last, "__seq": self._sequence})
        messages = await self._http.post(
            self._path, body, priority=Priority.POLL, headers=HEADERS, tries=1, held=HELD
        )
        return cast("list[Any]", messages) if isinstance(messages, list) else []

    def _failed(self, error: DiscourseError) -> float:
        self._failures += 1
        if not self.problem:
            log.warning("the forum's bus is silent, and we look by ourselves: %s", error)
        self.problem = str(error)
        if not isinstance(error, Retryable):
            return LONGEST
        return max(error.after or 0.0, IDLE if self._failures <= 2 else min(IDLE * self._failures, LONGEST))

    def _read(self, messages: list[Any]) -> Iterable[Wake]:
        for each in map(Fields, messages):
            channel, number = each.text("channel"), each.maybe("message_id")
            if channel == STATUS:
                yield from self._adopt(each.inner("data"))
            elif channel in self._last and number is not None and number > self._last[channel]:
                known, self._last[channel] = self._last[channel], number
                if channel in self._own:
                    self.anonymous = False
                if known >= 0 and number > known + 1:
                    yield Wake(channel=channel, kind=GAP)
                yield _wake(channel, each.inner("data"))

    def _adopt(self, counts: Fields) -> Iterable[Wake]:
        """Where the forum says that a channel stands, whatever we thought."""
        for channel in list(self._last):
            number, known = counts.maybe(channel), self._last[channel]
            if number is None or number == known:
                continue
            self._last[channel] = number
            if 0 <= number < known:
                yield Wake(channel=channel, kind=RESET)
            elif known >= 0:
                self.anonymous |= channel in self._own
                yield Wake(channel=channel, kind=HIDDEN)


def _wake(channel: str, data: Fields) -> Wake:
    room, _, number = channel.strip("/").partition("/")
    of_topic = int(number) if room in ("topic", "polls") and number.isascii() and number.isdecimal() else None
    reload = "reload_topic" if "reload_topic" in data else room
    return Wake(
        channel=channel,
        kind=data.text("type") or data.text("message_type") or reload,
        topic_id=of_topic if of_topic is not None else data.maybe("topic_id"),
        post_id=data.maybe("id") if room == "topic" else data.maybe("post_id"),
        version=data.maybe("version"),
    )

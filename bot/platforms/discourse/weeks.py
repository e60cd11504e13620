"""A week's topic as the forum keeps it: pinned while it is the week, closed after; and its polls."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from bot.errors import PlatformError, Refused, Unsendable
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Priority
from bot.platforms.discourse.errors import Missing
from bot.platforms.discourse.places import NAME, TOPIC, number_of
from bot.values import Person, PostRef

AT_LAST = timedelta(weeks=8)
"""After so long a week is over, whatever the group's rhythm."""

log = logging.getLogger(__name__)


class Weeks:
    """`close_old`: a topic that is unpinned is also closed. `report` is told what we have no right to."""

    def __init__(self, api: Api, *, close_old: bool, report: Callable[[str, str], None]) -> None:
        self._api, self._close_old, self._report = api, close_old, report

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Pin the topic of the post, or unpin it; twice is once. To be pinned, it is opened again if need be."""
        number = number_of(post.place, TOPIC)
        try:
            topic = await self._api.topic(number, priority=Priority.CHORE)
        except Missing as problem:
            raise Unsendable(f"topic {number} is no longer there") from problem
        if self._close_old and topic.closed == pinned:
            await self._status(number, "closed", enabled=not pinned)
        if topic.pinned != pinned:
            await self._status(number, "pinned", enabled=pinned)

    async def close_by_itself(self, post: PostRef, now: datetime) -> None:
        """Let the forum close the topic in the end, in case nobody else does; few accounts may ask for that."""
        if not self._close_old:
            return
        try:
            await self._api.timer(number_of(post.place, TOPIC), "close", now + AT_LAST)
        except PlatformError as problem:
            log.info(
                "the forum sets no timer for us (%s): last week's topic is closed when the next one opens", problem
            )

    async def votes(self, post: PostRef) -> Sequence[Collection[Person]]:
        """Who voted for each option of the post's first poll, in their order."""
        if not post.id.isdecimal():
            return ()  # it waits for a moderator
        found = await self._api.post(int(post.id), priority=Priority.CHORE)
        if not found.polls:
            return ()
        poll = found.polls[0]
        voters = await self._api.voters(found.id, poll.name)
        return [
            [Person(platform=NAME, id=str(each.id), name=each.username) for each in voters.get(option.id, ())]
            for option in poll.options
        ]

    async def _status(self, topic: int, status: str, *, enabled: bool) -> None:
        try:
            await self._api.status(topic, status, enabled)
        except Refused as problem:
            said = f"I may not make a topic {status} here ({problem}): put me into the category's moderating group"
            self._report("running the topics", said)
            raise Refused(said) from problem
        self._report("running the topics", "")

"""A word a day to each member who wants one, at their time by their clocks, where something is due.

The day is written down once it was looked after, and the message has a key made of the day: so nobody is told
twice, whatever stops the bot in between. Who leaves seven unanswered is left in peace.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.errors import PlatformError, Retryable
from bot.platform import Platform
from bot.questions import Questions, days
from bot.questions.people import Reminder
from bot.values import Choice, Reply, code, plural

PATIENCE = 7
"""Reminders without an answer, after which there are no more."""
LATE = timedelta(hours=6)
"""After its time: so late nobody is told any more that day."""
EVERY = timedelta(minutes=1)
"""So often it is looked whose time has come."""

log = logging.getLogger(__name__)


class Reminders:
    """Tells members what is due, on the platform where they asked for it."""

    def __init__(
        self, questions: Questions, platforms: Mapping[str, Platform], *, now: Callable[[], datetime], prefix: str
    ) -> None:
        self._questions, self._platforms = questions, platforms
        self._now, self._prefix = now, prefix

    async def look(self) -> None:
        """Remind everybody whose time has come today and who was not reminded yet."""
        now = self._now()
        for each in await self._questions.members.reminders():
            await self._remind(each, now)

    async def _remind(self, reminder: Reminder, now: datetime) -> None:
        day = days.today(now, reminder.daily.zone)
        at = days.at(day, reminder.daily.clock, reminder.daily.zone)
        if now < at or (reminder.told is not None and reminder.told >= day):
            return
        people, member = self._questions.members, reminder.member
        due = await self._questions.waiting(member, now, reminder.daily.zone)
        platform = self._platforms.get(reminder.person.platform)
        if not due or platform is None or now - at > LATE:
            await people.told(member, day, ignored=reminder.ignored)
            return
        ignored = await self._ignored(reminder)
        if ignored >= PATIENCE:
            await people.told(member, day, ignored=ignored, paused=True)
            return
        try:
            await platform.tell(reminder.person, self._said(due, ignored), key=f"daily/{day}/{member}")
        except Retryable as problem:
            log.warning("a reminder waits: %s", problem, extra={"platform": platform.name})
        except PlatformError as problem:
            log.warning("a reminder is not taken: %s", problem, extra={"platform": platform.name})
            await people.told(member, day, ignored=reminder.ignored)
        else:
            await people.told(member, day, at=now, ignored=ignored)

    async def _ignored(self, reminder: Reminder) -> int:
        """How many were left one after the other without anything done, until now."""
        if reminder.asked is None:
            return 0
        latest = await self._questions.latest(reminder.member)
        return 0 if latest is not None and latest >= reminder.asked else reminder.ignored + 1

    def _said(self, due: int, ignored: int) -> Reply:
        last = (
            " If this one stays unanswered like the last six, I pause until you ask for it again."
            if ignored == PATIENCE - 1
            else ""
        )
        return Reply(
            text=f"**{plural(due, 'question')} due today.** {code(self._prefix + 'due')} asks you, one at a time, "
            f"and you can stop whenever you like.{last} {code(self._prefix + 'daily off')} ends these reminders.",
            choices=(
                Choice(label="ask me", command=f"{self._prefix}due"),
                Choice(label="no more reminders", command=f"{self._prefix}daily off"),
            ),
            private=True,
        )

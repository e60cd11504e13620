"""The next sessions as entries of the platforms' own calendars, where they have one."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.agenda import Agenda
from bot.errors import PlatformError, Retryable
from bot.platform import Calendar, Event, Platform
from bot.programme import Programme
from bot.values import clean
from scheduler.ports import Clock
from scheduler.series import Occurrence

AHEAD = 4
"""Sessions: as many as a list of events can hold before it is nothing but ours."""
AGAIN = 300.0  # seconds after which a platform that failed is tried again

log = logging.getLogger(__name__)


class Diary:
    """Keeps the calendars in step with the programme in force."""

    def __init__(self, agenda: Agenda, platforms: Mapping[str, Platform], *, now: Callable[[], datetime]) -> None:
        self._agenda, self._now = agenda, now
        self._calendars = {name: each for name, each in platforms.items() if isinstance(each, Calendar)}
        self._bell = asyncio.Event()

    def wake(self) -> None:
        """The plan may have changed."""
        self._bell.set()

    async def run(self, clock: Clock) -> None:
        """Keep them in step until cancelled."""
        while self._calendars:
            await self._bell.wait()
            self._bell.clear()
            if not await self.keep():
                await clock.sleep(AGAIN)
                self._bell.set()

    async def keep(self) -> bool:
        """Bring every calendar up to date; False where it is worth another try soon."""
        await self._agenda.load()
        events, good = entries(self._agenda.programme, self._now()), True
        for name, calendar in self._calendars.items():
            try:
                await calendar.keep(events)
            except PlatformError as problem:
                # What is refused is asked for again when the plan is next looked at, an hour later at most.
                good = good and not isinstance(problem, Retryable)
                log.warning("the calendar of %s is not up to date: %s", name, problem)
        return good


def entries(programme: Programme, now: datetime) -> list[Event]:
    """The next sessions that are held."""
    found: list[Event] = []
    session = programme.next(now)
    while session is not None and len(found) < AHEAD:
        found.append(_entry(programme, session))
        session = programme.next(session.starts)
    return found


def _entry(programme: Programme, session: Occurrence) -> Event:
    meeting = programme.meeting(session)
    said = [
        f"Session {session.number}" + (f" with {meeting.guest}" if meeting.guest else ""),
        *(f"To read: {section}" for section in meeting.reading),
        meeting.note,
    ]
    return Event(
        key=f"{programme.key}/{session.key}",
        title=_line(f"{programme.group}: {meeting.title}"),
        text="\n".join(_line(each) for each in said if each),
        starts=session.starts,
        ends=session.starts + programme.length,
    )


def _line(text: str) -> str:
    return " ".join(clean(text).split())

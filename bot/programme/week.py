"""The week a group is in, from the end of one session to the end of the next: what its notebook has a page for.

The homework and the catch-up of such a week come from the session before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.programme.plan import Programme
from scheduler.series import Occurrence

AFTERWARDS = timedelta(days=7)
"""How long the last session has a week after it, to catch up in."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A time to catch up, and the zone in which the group thinks."""

    starts: datetime
    zone: str


@dataclass(frozen=True, kw_only=True)
class Week:
    """What there is to do in a week, and the session at its end; `key` is the session's."""

    key: str
    title: str
    starts: datetime
    homework: tuple[str, ...]
    slots: tuple[Slot, ...]


def week(programme: Programme, now: datetime) -> Week | None:
    """The week that it is; None when nothing more is planned."""
    session = programme.current(now)
    if session is None:
        return _afterwards(programme, now)
    before = programme.before(session)
    return Week(
        key=session.key,
        title=programme.meeting(session).title,
        starts=session.starts,
        homework=programme.homework(session),
        slots=tuple(_slots(programme, before)),
    )


def _afterwards(programme: Programme, now: datetime) -> Week | None:
    held = programme.between(now - AFTERWARDS - programme.length, now)
    if not held:
        return None
    last = held[-1]
    meeting = programme.meeting(last)
    return Week(
        key=f"{last.key}-after",
        title=f"After {meeting.title}",
        starts=last.starts + AFTERWARDS,
        homework=meeting.homework,
        slots=tuple(_slots(programme, last)),
    )


def _slots(programme: Programme, session: Occurrence | None) -> Iterator[Slot]:
    for at in programme.catchups(session) if session else ():
        yield Slot(starts=at, zone=programme.series.zone)

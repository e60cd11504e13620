"""The programme as a calendar feed: one event for each session, so that moved and skipped weeks need no rules.

An event keeps its UID for good, wherever its session is moved. Its SEQUENCE is the revision of the programme: a
number that whoever stores the changes raises with each of them.
"""

from datetime import datetime, timedelta, tzinfo

from icalendar import Calendar, Event

from bot.programme import Programme
from bot.values import clean
from scheduler.series import Occurrence

AHEAD = timedelta(weeks=26)
"""How far a plan without an end is shown."""
MOST_SESSIONS = 500
A_YEAR = timedelta(days=366)


def calendar(programme: Programme, now: datetime, revision: int = 0, *, url: str = "") -> bytes:
    """The feed, in UTF-8: every session of the plan, and those that were cancelled; `url` is the group's page."""
    feed = Calendar()
    feed.add("prodid", "-//Study Group Bot//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.calendar_name = _line(programme.group)
    feed.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    sessions = _sessions(programme, now)
    for session in sessions:
        meeting = programme.meeting(session)
        event = _event(programme, session.key, session.starts, now, revision)
        event.add("summary", _line(f"{programme.group}: {meeting.title}"))
        event.add("description", _description(programme, session))
        event.add("status", "CONFIRMED")
        if url:
            event.add("url", url)
        feed.add_component(event)
    for day, starts in sorted(programme.cancelled.items()):
        event = _event(programme, day.isoformat(), starts, now, revision)
        event.add("summary", _line(f"{programme.group}: cancelled"))
        event.add("status", "CANCELLED")
        feed.add_component(event)
    days = [session.local.date() for session in sessions] or [now.date()]
    feed.add_missing_timezones(days[0] - A_YEAR, days[-1] + A_YEAR)
    return feed.to_ical()


def _sessions(programme: Programme, now: datetime) -> list[Occurrence]:
    if programme.meetings:
        return list(programme.sessions(MOST_SESSIONS))
    return programme.between(now - AHEAD, now + AHEAD)


def _event(programme: Programme, key: str, starts: datetime, now: datetime, revision: int) -> Event:
    event = Event()
    event.add("uid", f"{key}.{programme.key}@study-group-bot")
    event.add("sequence", revision)
    event.add("dtstamp", now)
    event.add("dtstart", _wall(starts, programme.series.clocks))
    event.add("dtend", _wall(starts + programme.length, programme.series.clocks))
    return event


def _wall(moment: datetime, clocks: tzinfo) -> datetime:
    """The moment by those clocks; in UTC where they show it for the second time, which a calendar cannot say."""
    local = moment.astimezone(clocks)
    return moment if local.fold else local


def _description(programme: Programme, session: Occurrence) -> str:
    meeting = programme.meeting(session)
    parts = [
        f"Session {session.number}" + (f" with {meeting.guest}" if meeting.guest else ""),
        *(f"To read: {section}" for section in meeting.reading),
        meeting.note,
    ]
    return "\n".join(_line(part) for part in parts if part)


def _line(text: str) -> str:
    return " ".join(clean(text).split())

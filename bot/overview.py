"""The week at a glance, as plain JSON: what the local thread's sidebar shows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.messages import message
from bot.programme import Programme
from scheduler.due import Due
from scheduler.owed import Entry, State
from scheduler.series import Occurrence

MOST_SESSIONS = 60  # of a plan without an end


def overview(
    programme: Programme,
    now: datetime,
    counts: Mapping[State, int],
    recent: Sequence[tuple[Entry, Due | None]],
) -> dict[str, Any]:
    """The week, the plan and the deliveries; `recent` are rows of the outbox, each with what it stands for."""
    current = programme.current(now)
    return {
        "group": programme.group,
        "zone": programme.series.zone,
        "session": current and _session(programme, current, now),
        "plan": [*_plan(programme, current, now)],
        "deliveries": {
            "counts": {name: counts.get(State(name), 0) for name in ("done", "owed", "expired", "dead")},
            "recent": [_delivery(programme, entry, due) for entry, due in recent],
        },
        "calendar": "/calendar.ics",
    }


def _session(programme: Programme, session: Occurrence, now: datetime) -> dict[str, Any]:
    meeting = programme.meeting(session)
    return {
        "key": session.key,
        "title": meeting.title,
        "starts": _text(session.starts),
        "ends": _text(session.starts + programme.length),
        "number": session.number,
        "reading": list(meeting.reading),
        "guest": meeting.guest,
        "on_now": session.starts <= now < session.starts + programme.length,
    }


def _plan(programme: Programme, current: Occurrence | None, now: datetime) -> list[dict[str, Any]]:
    rows = [
        {
            "number": session.number,
            "date": session.key,
            "starts": _text(session.starts),
            "title": programme.meeting(session).title,
            "state": _state(session, current, now),
            "moved": session.moved,
        }
        for session in programme.sessions(MOST_SESSIONS)
    ]
    away = dict.fromkeys(programme.series.skip, "skipped") | dict.fromkeys(programme.cancelled, "cancelled")
    rows += [
        {"number": None, "date": day.isoformat(), "starts": None, "title": "", "state": state, "moved": False}
        for day, state in away.items()
    ]
    return sorted(rows, key=lambda row: str(row["starts"] or row["date"]))


def _state(session: Occurrence, current: Occurrence | None, now: datetime) -> str:
    if current is None or session.starts < current.starts:
        return "held"
    if session.key != current.key:
        return "later"
    return "now" if session.starts <= now else "next"


def _delivery(programme: Programme, entry: Entry, due: Due | None) -> dict[str, Any]:
    at = entry.settled or entry.try_at
    return {
        "kind": entry.owed.kind,
        "title": message(programme, due).title if due else "",
        "at": _text(at),
        "state": str(entry.state),
        "error": entry.error or "",
    }


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

"""Scheduled events of the guild."""

from datetime import datetime
from typing import Any

from tests.fakes.discord import permissions, shapes, telling
from tests.fakes.discord.permissions import in_guild
from tests.fakes.discord.routing import NOTHING, Answer, Call, route
from tests.fakes.discord.rules import Wrong, refuse
from tests.fakes.discord.values import JSON, Event, Problem

ALL = "/guilds/{guild}/scheduled-events"
ONE = ALL + "/{event}"
SCHEDULED, ACTIVE, COMPLETED, CANCELLED = 1, 2, 3, 4
NEXT = {SCHEDULED: (ACTIVE, CANCELLED), ACTIVE: (COMPLETED,)}
EXTERNAL = 3
PARTS = ("by_weekday", "by_n_weekday", "by_month", "by_month_day", "by_year_day")
RECURRENCE: JSON = dict.fromkeys(("start", "end", "frequency", "interval", "count", *PARTS))


def _event(call: Call) -> Event:
    call.guild()
    found = call.state.tables.events.get(call.number("event"))
    if found is None:
        raise Problem(404, 10070, "Unknown Guild Scheduled Event")
    return found


def _may(call: Call, permission: int) -> None:
    call.guild()
    if not in_guild(call.state.guild, call.state.bot) & permission:
        raise Problem(403, 50013, "Missing Permissions")


@route("GET", ALL)
def listed(call: Call) -> Answer:
    """Those that are scheduled or active."""
    call.guild()
    return Answer(body=[_body(call, each) for each in call.state.tables.events.values()])


def _body(call: Call, which: Event) -> JSON:
    counted = call.seen.query.get("with_user_count") in ("1", "true")
    return shapes.event(call.state, which) | ({"user_count": 0} if counted else {})


@route("GET", ONE)
def get(call: Call) -> Answer:
    """One of them."""
    return Answer(body=_body(call, _event(call)))


@route("POST", ALL)
def create(call: Call) -> Answer:
    """A new one; that takes CREATE_EVENTS (30038 when there are a hundred)."""
    _may(call, permissions.CREATE_EVENTS)
    state, body = call.state, call.body
    if len(state.tables.events) >= state.limits.events:
        raise Problem(400, 30038, "Maximum number of uncompleted guild scheduled events reached (100)")
    for name in ("name", "privacy_level", "scheduled_start_time", "entity_type"):
        if body.get(name) is None:
            raise Problem(400, 50035, "Invalid Form Body", {name: "This field is required"})
    starts = _moment(body["scheduled_start_time"])
    if starts is None or starts <= state.now():
        wrong = {"scheduled_start_time": "Cannot schedule event in the past."}
        raise Problem(400, 50035, "Invalid Form Body", wrong)
    made = Event(id=state.next_id(), name=body["name"], starts_at=starts, creator=state.bot)
    _set(made, body)
    state.tables.events[made.id] = made
    telling.event(state, made, "CREATE")
    return Answer(body=shapes.event(state, made))


@route("PATCH", ONE)
def change(call: Call) -> Answer:
    """Change one: own ones with CREATE_EVENTS, others' with MANAGE_EVENTS."""
    found = _event(call)
    own = found.creator is call.state.bot
    _may(call, permissions.CREATE_EVENTS if own else permissions.MANAGE_EVENTS)
    status = call.body.get("status")
    if status is not None and status != found.status and status not in NEXT.get(found.status, ()):
        raise Problem(400, 180000, "Cannot update a finished event")
    _set(found, call.body)
    found.status = status or found.status
    telling.event(call.state, found, "UPDATE")
    if found.status in (COMPLETED, CANCELLED):
        del call.state.tables.events[found.id]
    return Answer(body=shapes.event(call.state, found))


@route("DELETE", ONE)
def delete(call: Call) -> Answer:
    """Remove one."""
    found = _event(call)
    own = found.creator is call.state.bot
    _may(call, permissions.CREATE_EVENTS if own else permissions.MANAGE_EVENTS)
    del call.state.tables.events[found.id]
    telling.event(call.state, found, "DELETE")
    return NOTHING


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _set(which: Event, body: JSON) -> None:
    """Take over what is given, if the event is whole with it."""
    location = (body.get("entity_metadata") or {}).get("location", which.location)
    starts = _moment(body["scheduled_start_time"]) if "scheduled_start_time" in body else which.starts_at
    ends = _moment(body["scheduled_end_time"]) if "scheduled_end_time" in body else which.ends_at
    kind = body.get("entity_type", which.kind)
    text = body.get("description", which.description)
    refuse(_wrong(body.get("name", which.name), text, kind, location, starts, ends))
    if starts is not None:
        which.starts_at = starts
    which.name, which.description = body.get("name", which.name), text
    which.kind, which.location, which.ends_at = kind, location, ends
    if "recurrence_rule" in body:
        which.recurrence = body["recurrence_rule"] and RECURRENCE | body["recurrence_rule"]


def _wrong(
    name: str, text: str | None, kind: int, location: str | None, starts: datetime | None, ends: datetime | None
) -> Wrong:
    if not 1 <= len(name) <= 100:
        yield "name", "Must be between 1 and 100 in length."
    if text and len(text) > 1000:
        yield "description", "Must be 1000 or fewer in length."
    if kind == EXTERNAL:
        if not location:
            yield "entity_metadata.location", "This field is required"
        if ends is None:
            yield "scheduled_end_time", "This field is required"
    if location and len(location) > 100:
        yield "entity_metadata.location", "Must be 100 or fewer in length."
    if starts and ends and ends <= starts:
        yield "scheduled_end_time", "The event has to end after it begins."

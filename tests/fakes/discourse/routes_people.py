"""Accounts: who I am and what my key may do, other people, groups, notifications."""

from typing import Any

from tests.fakes.discourse import rights, shapes
from tests.fakes.discourse.routing import Answer, Call, route
from tests.fakes.discourse.scopes import described
from tests.fakes.discourse.state import State, missing
from tests.fakes.discourse.values import NOTIFICATION_TYPES, Group, Notification, User

PAGE = 60


@route("GET", "/session/current", "session/current")
def current(call: Call) -> Answer:
    """Whoever asks, as the web client knows them; nothing for strangers."""
    user, state = call.user, call.state
    if user is None:
        raise missing()
    unread = [each for each in _mine(state, user) if not each.read]
    body = shapes.person(user) | {
        "unread_notifications": sum(each.kind != 6 for each in unread),
        "unread_high_priority_notifications": sum(each.kind == 6 for each in unread),
        "admin": user.admin,
        "moderator": user.moderator,
        "staff": user.staff,
        "trust_level": user.trust,
        "can_create_topic": not user.silenced,
        "notification_channel_position": state.bus.last(f"/notification/{user.id}"),
        "groups": _groups(state, user),
        **({"silenced_till": "3026-01-01T00:00:00.000Z"} if user.silenced else {}),
    }
    return Answer(body={"current_user": body})


@route("GET", "/session/scopes", "session/scopes")
def scopes(call: Call) -> Answer:
    """What the key may do; none for a key that may do everything."""
    if call.key is None:
        raise missing()
    return Answer(body={"scopes": described(call.key.scopes or ())})


@route("GET", "/u/{name:[^/]+}", "users/show")
@route("GET", "/users/{name:[^/]+}", "users/show")
def show(call: Call) -> Answer:
    """Somebody's profile."""
    state, user = call.state, call.state.by_name(call.text["name"])
    if user is None:
        raise missing()
    body = shapes.person(user) | {
        "last_posted_at": None,
        "last_seen_at": shapes.maybe(user.seen_at),
        "created_at": shapes.stamp(user.created_at),
        "ignored": False,
        "muted": False,
        "can_ignore_user": not user.staff,
        "can_mute_user": not user.staff,
        "can_send_private_messages": True,
        "can_send_private_message_to_user": True,
        "trust_level": user.trust,
        "moderator": user.moderator,
        "admin": user.admin,
        "title": None,
        "badge_count": 0,
        "custom_fields": {},
        "time_read": 0,
        "recent_time_read": 0,
        "primary_group_id": None,
        "primary_group_name": None,
        "groups": _groups(state, user),
        "can_edit": call.user is user,
    }
    return Answer(body={"user_badges": [], "user": body})


@route("GET", "/groups", "groups/index")
def groups(call: Call) -> Answer:
    """All groups."""
    found = [_group(call.state, each) for each in call.state.groups.values()]
    return Answer(body={"groups": found, "total_rows_groups": len(found), "load_more_groups": "/groups?page=1"})


@route("GET", "/groups/{name:[\\w.-]+}", "groups/show")
def group(call: Call) -> Answer:
    """One group."""
    return Answer(body={"group": _group(call.state, _named(call)), "extras": {"visible_group_names": []}})


@route("GET", "/groups/{name:[\\w.-]+}/members", "groups/members")
def members(call: Call) -> Answer:
    """Who is in a group."""
    state = call.state
    limit, offset = min(call.params.number("limit") or 50, 1000), call.params.number("offset") or 0
    found = rights.members(state, _named(call))
    more = {"title": None, "timezone": "Etc/UTC"}
    rows = [
        shapes.person(user)
        | more
        | {
            "last_posted_at": None,
            "last_seen_at": shapes.maybe(user.seen_at),
            "added_at": shapes.stamp(user.created_at),
        }
        for user in found[offset : offset + limit]
    ]
    meta = {"total": len(found), "limit": limit, "offset": offset}
    return Answer(body={"members": rows, "owners": [], "meta": meta})


@route("GET", "/notifications", "notifications/index")
def notifications(call: Call) -> Answer:
    """What one was told, the newest first."""
    user, state, params = call.member(), call.state, call.params
    wanted = {
        NOTIFICATION_TYPES.get(name, 0) for name in (params.text("filter_by_types") or "").split(",") if name
    }
    found = [each for each in _mine(state, user) if not wanted or each.kind in wanted]
    if params.flag("recent"):
        limit = min(params.number("limit") or 15, 50)
        return Answer(body={"notifications": [shapes.notification(state, each) for each in found[:limit]]})
    offset = params.number("offset") or 0
    limit = min(params.number("limit") or PAGE, PAGE)
    page = found[offset : offset + limit]
    body = {
        "notifications": [shapes.notification(state, each) for each in page],
        "total_rows_notifications": len(found),
        "seen_notification_id": max((each.id for each in found if each.read), default=0),
        "load_more_notifications": f"/notifications?offset={offset + limit}&username={user.username}",
    }
    return Answer(body=body)


@route("PUT", "/notifications/mark-read", "notifications/mark_read")
def mark_read(call: Call) -> Answer:
    """Mark one notification as read, those of some types, or all."""
    user, number = call.member(), call.params.number("id")
    types = {
        NOTIFICATION_TYPES.get(name, 0) for name in (call.params.text("dismiss_types") or "").split(",") if name
    }
    for each in _mine(call.state, user):
        if (number is None or each.id == number) and (not types or each.kind in types):
            each.read = True
    return Answer(body={"success": "OK"})


def _mine(state: State, user: User) -> list[Notification]:
    """Somebody's notifications, the newest first, without those of posts that are gone."""
    return [
        each
        for each in reversed(state.notifications)
        if each.user is user and each.post.deleted_at is None and each.post.topic.deleted_at is None
    ]


def _groups(state: State, user: User) -> list[dict[str, Any]]:
    return [
        _group(state, each)
        for each in state.groups.values()
        if each.name != "everyone" and rights.belongs(user, each)
    ]


def _group(state: State, each: Group) -> dict[str, Any]:
    return {
        "id": each.id,
        "automatic": each.automatic,
        "name": each.name,
        "display_name": each.name,
        "full_name": None,
        "user_count": len(rights.members(state, each)),
        "mentionable_level": 99 if each.mentionable else 0,
        "messageable_level": 99,
        "visibility_level": 0,
        "primary_group": False,
    }


def _named(call: Call) -> Group:
    found = next(
        (each for each in call.state.groups.values() if each.name.lower() == call.text["name"].lower()), None
    )
    if found is None:
        raise missing()
    return found

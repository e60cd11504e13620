"""Threads: they begin, at a message or on their own, they are archived, locked and pinned."""

from tests.fakes.discord import permissions, telling
from tests.fakes.discord.state import State
from tests.fakes.discord.values import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    HAS_THREAD,
    JSON,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    THREAD_PINNED,
    Channel,
    Message,
    Problem,
    User,
)

DURATIONS = (60, 1440, 4320, 10080)


def begin(state: State, parent: Channel, by: User, name: str, message: Message | None = None) -> Channel:
    """A new thread; at a message it has the message's id: 160004 if there is one already."""
    if not 1 <= len(name) <= 100:
        raise Problem(400, 50035, "Invalid Form Body", {"name": "Must be between 1 and 100 in length."})
    if message is not None and message.id in state.tables.channels:
        raise Problem(400, 160004, "A thread has already been created for this message")
    thread = Channel(
        id=message.id if message else state.next_id(),
        name=name,
        kind=ANNOUNCEMENT_THREAD if parent.kind == ANNOUNCEMENT else PUBLIC_THREAD,
        created_at=state.now(),
        parent=parent,
        owner=by,
    )
    thread.members[by.id] = state.now()
    state.tables.channels[thread.id] = thread
    telling.channel(state, thread, "CREATE")
    if message is not None:
        message.thread, message.flags = thread, message.flags | HAS_THREAD
        telling.posted(state, message, "MESSAGE_UPDATE")
    return thread


def settings(thread: Channel, body: JSON) -> None:
    """How long it stays listed, and how slow it is."""
    duration = body.get("auto_archive_duration")
    if duration is not None:
        if duration not in DURATIONS:
            raise Problem(
                400, 50035, "Invalid Form Body", {"auto_archive_duration": f"Value must be one of {DURATIONS}."}
            )
        thread.auto_archive = duration
    if body.get("rate_limit_per_user") is not None:
        thread.slow_seconds = body["rate_limit_per_user"]


def may_tag(forum: Channel, given: list[str | int]) -> None:
    """Refuse a post of a forum with other tags than it has, more than five, or none where it wants one."""
    known = {each.id for each in forum.tags}
    if not given and forum.flags & REQUIRE_TAG:
        raise Problem(400, 40067, "A tag is required to create a forum post in this channel")
    if len(given) > 5:
        raise Problem(400, 50035, "Invalid Form Body", {"applied_tags": "Must be 5 or fewer in length."})
    if any(int(each) not in known for each in given):
        raise Problem(404, 10087, "Unknown tag")


def tag(thread: Channel, given: list[str | int]) -> None:
    """Tag a forum's post."""
    if thread.parent is not None:
        may_tag(thread.parent, given)
    thread.applied = tuple(int(each) for each in given)


def archive(state: State, thread: Channel, archived: bool, locked: bool | None = None) -> None:
    """Archive or open a thread."""
    if thread.archived != archived:
        thread.archived, thread.archived_at = archived, state.now()
    if locked is not None:
        thread.locked = locked


def edit(state: State, thread: Channel, body: JSON) -> None:
    """A bot's PATCH: 50083 while it is archived, unless it is opened by the same request."""
    rights = state.rights(state.bot, thread)
    manages = rights.may(permissions.MANAGE_THREADS)
    others = set(body) - {"archived", "locked"}
    if thread.archived and others and body.get("archived") is not False:
        raise Problem(400, 50083, "Thread is archived")
    mine = thread.owner is state.bot and set(body) <= {"name", "archived", "auto_archive_duration", "applied_tags"}
    opening = body == {"archived": False} and not thread.locked
    if not (manages or mine or opening) or (thread.locked and not manages):
        raise Problem(403, 50013, "Missing Permissions")
    if "name" in body:
        if not 1 <= len(body["name"] or "") <= 100:
            raise Problem(400, 50035, "Invalid Form Body", {"name": "Must be between 1 and 100 in length."})
        thread.name = body["name"]
    if "flags" in body:
        _pin(state, thread, bool(body["flags"] & THREAD_PINNED))
    if "applied_tags" in body:
        tag(thread, body["applied_tags"])
    settings(thread, body)
    archive(state, thread, body.get("archived", thread.archived), body.get("locked"))
    telling.channel(state, thread, "UPDATE")


def _pin(state: State, thread: Channel, pinned: bool) -> None:
    """A forum has one pinned post."""
    if thread.parent is None or not thread.parent.is_forum:
        raise Problem(400, 50035, "Invalid Form Body", {"flags": "Only posts of a forum can be pinned."})
    others = [each for each in state.all_threads(thread.parent) if each.pinned and each is not thread]
    if pinned and others:
        raise Problem(400, 30047, "Maximum number of pinned threads in a forum channel has been reached (1)")
    thread.flags = THREAD_PINNED if pinned else 0


def may_post(state: State, thread: Channel) -> None:
    """Refuse the bot in a locked thread, unless it manages threads: 160005."""
    if thread.locked and not state.rights(state.bot, thread).may(permissions.MANAGE_THREADS):
        raise Problem(400, 160005, "Thread is locked")

"""Channels and threads: begun, changed, listed."""

from datetime import datetime

from tests.fakes.discord import permissions, posting, shapes, telling, threads
from tests.fakes.discord.routes_messages import shown
from tests.fakes.discord.routing import NOTHING, Answer, Call, need, route
from tests.fakes.discord.values import JSON, Channel, Problem


@route("POST", "/channels/{channel}/messages/{message}/threads")
def at_message(call: Call) -> Answer:
    """A thread at a message, with its id: 160004 if there is one."""
    state, parent = call.state, call.channel(permissions.CREATE_PUBLIC_THREADS)
    need(state, parent, permissions.READ_MESSAGE_HISTORY)
    if parent.is_thread or parent.recipient:
        raise Problem(400, 50024, "Cannot execute action on this channel type")
    thread = threads.begin(state, parent, state.bot, call.body.get("name") or "", call.message(parent))
    threads.settings(thread, call.body)
    return Answer(status=201, body=shapes.channel(state, thread))


@route("POST", "/channels/{channel}/threads")
def alone(call: Call) -> Answer:
    """A thread on its own, or, in a forum, with its first message in the same call."""
    state, parent = call.state, call.channel()
    if parent.is_thread or parent.recipient:
        raise Problem(400, 50024, "Cannot execute action on this channel type")
    if parent.is_forum:
        return _post(call, parent)
    need(state, parent, permissions.CREATE_PUBLIC_THREADS)
    thread = threads.begin(state, parent, state.bot, call.body.get("name") or "")
    threads.settings(thread, call.body)
    return Answer(status=201, body=shapes.channel(state, thread))


def _post(call: Call, forum: Channel) -> Answer:
    """A forum's post: the thread has the id of its first message."""
    state, body = call.state, call.body
    need(state, forum, permissions.SEND_MESSAGES)
    said: JSON = body.get("message") or {}
    if not said:
        wrong = {"message": "This field is required"}
        raise Problem(400, 50035, "Invalid Form Body", wrong)
    new = posting.draft(state, said, call.seen.files)
    if new.attachments:
        need(state, forum, permissions.ATTACH_FILES)
    threads.may_tag(forum, body.get("applied_tags") or [])
    thread = threads.begin(state, forum, state.bot, body.get("name") or "")
    threads.settings(thread, body)
    threads.tag(thread, body.get("applied_tags") or [])
    first = posting.put(state, thread, state.bot, new, number=thread.id)
    return Answer(status=201, body=shapes.channel(state, thread) | {"message": shown(state, first)})


@route("PATCH", "/channels/{channel}")
def change(call: Call) -> Answer:
    """Change a thread, or with MANAGE_CHANNELS a channel."""
    state, channel = call.state, call.channel()
    if channel.is_thread:
        threads.edit(state, channel, call.body)
    else:
        need(state, channel, permissions.MANAGE_CHANNELS)
        channel.name = call.body.get("name", channel.name)
        channel.topic = call.body.get("topic", channel.topic)
        telling.channel(state, channel, "UPDATE")
    return Answer(body=shapes.channel(state, channel))


@route("DELETE", "/channels/{channel}")
def delete(call: Call) -> Answer:
    """Delete a thread or a channel."""
    state, channel = call.state, call.channel()
    need(state, channel, permissions.MANAGE_THREADS if channel.is_thread else permissions.MANAGE_CHANNELS)
    body = shapes.channel(state, channel)
    state.drop_channel(channel)
    telling.channel(state, channel, "DELETE")
    return Answer(body=body)


@route("GET", "/guilds/{guild}/threads/active")
def active(call: Call) -> Answer:
    """All threads of the guild that are not archived and that the bot sees."""
    call.guild()
    state = call.state
    found = [each for each in state.all_threads() if not each.archived and state.rights(state.bot, each).bits]
    return Answer(body=_listed(call, found[::-1], more=False))


@route("GET", "/channels/{channel}/threads/archived/public")
def archived(call: Call) -> Answer:
    """A channel's archived threads, the last archived first."""
    state, parent = call.state, call.channel(permissions.READ_MESSAGE_HISTORY)
    found = [each for each in state.all_threads(parent) if each.archived]
    found.sort(key=lambda each: (each.archived_at or each.created_at, each.id), reverse=True)
    if "before" in call.seen.query:
        before = datetime.fromisoformat(call.seen.query["before"])
        found = [each for each in found if (each.archived_at or each.created_at) < before]
    limit = call.asked("limit", 50)
    return Answer(body=_listed(call, found[:limit], more=len(found) > limit))


def _listed(call: Call, found: list[Channel], *, more: bool) -> JSON:
    state = call.state
    mine = [each for each in found if state.bot.id in each.members]
    return {
        "threads": [shapes.channel(state, each) for each in found],
        "members": [shapes.thread_member(each, state.bot) for each in mine],
        "has_more": more,
    }


@route("PUT", "/channels/{channel}/thread-members/{user:@me|\\d+}")
def join(call: Call) -> Answer:
    """Follow a thread, or have somebody follow it."""
    state, thread = call.state, call.channel()
    thread.members.setdefault(_who(call), state.now())
    return NOTHING


@route("DELETE", "/channels/{channel}/thread-members/{user:@me|\\d+}")
def leave(call: Call) -> Answer:
    """Follow a thread no longer."""
    thread = call.channel()
    thread.members.pop(_who(call), None)
    return NOTHING


def _who(call: Call) -> int:
    number = call.state.bot.id if call.text["user"] == "@me" else call.number("user")
    if number not in call.state.tables.users:
        raise Problem(404, 10013, "Unknown User")
    return number

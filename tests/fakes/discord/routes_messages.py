"""Messages: said, read, edited, deleted, pinned."""

from datetime import datetime

from tests.fakes.discord import permissions, posting, shapes, shapes_messages, telling, threads
from tests.fakes.discord.posting import Draft
from tests.fakes.discord.routing import NOTHING, Answer, Call, need, route
from tests.fakes.discord.state import MESSAGE_CONTENT, State
from tests.fakes.discord.values import DM, FORUM, JSON, Channel, Message, Problem

PINS = 250


def sending(channel: Channel) -> int:
    """The permission that writing in a channel takes."""
    return permissions.SEND_MESSAGES_IN_THREADS if channel.is_thread else permissions.SEND_MESSAGES


def shown(state: State, which: Message) -> JSON:
    """A message as REST shows it to the bot: without the content it was not granted."""
    body = shapes_messages.message(state, which)
    granted = state.application_flags & (MESSAGE_CONTENT | MESSAGE_CONTENT << 1)
    own = which.author is state.bot or state.bot in which.mentioned or which.channel.kind == DM
    return body if granted or own else shapes_messages.hidden(body)


def may_send(state: State, channel: Channel, new: Draft) -> None:
    """Refuse what the bot may not send there."""
    if channel.recipient is not None and not channel.recipient.dms:
        raise Problem(403, 50007, "Cannot send messages to this user")
    need(state, channel, sending(channel))
    if new.attachments:
        need(state, channel, permissions.ATTACH_FILES)
    if new.embeds:
        need(state, channel, permissions.EMBED_LINKS)
    if new.poll:
        need(state, channel, permissions.SEND_POLLS)
    if new.reply_to and not state.rights(state.bot, channel).may(permissions.READ_MESSAGE_HISTORY):
        raise Problem(403, 160002, "Cannot reply without permission to read message history")
    threads.may_post(state, channel)


@route("POST", "/channels/{channel}/messages")
def create(call: Call) -> Answer:
    """Say something; the same nonce within some minutes is the same message."""
    state, channel = call.state, call.channel()
    if channel.kind == FORUM:
        raise Problem(400, 50008, "Cannot send messages in a non-text channel")
    if channel.recipient is None:
        need(state, channel, sending(channel))
    earlier = posting.repeated(state, channel, call.body)
    if earlier is not None:
        return Answer(body=_with_nonce(state, earlier))
    new = posting.draft(state, call.body, call.seen.files)
    new.reply_to = _replied(state, channel, call.body.get("message_reference"))
    may_send(state, channel, new)
    return Answer(body=_with_nonce(state, posting.put(state, channel, state.bot, new)))


def _with_nonce(state: State, which: Message) -> JSON:
    body = shown(state, which)
    return body if which.nonce is None else body | {"nonce": which.nonce}


def _replied(state: State, channel: Channel, given: JSON | None) -> Message | None:
    """The message that is replied to."""
    if not given:
        return None
    found = state.tables.messages.get(int(given.get("message_id") or 0))
    if found is None or found.deleted or found.channel is not channel or found.ephemeral:
        if given.get("fail_if_not_exists", True):
            raise Problem(400, 50035, "Invalid Form Body", {"message_reference": "Unknown message"})
        return None
    return found


@route("GET", "/channels/{channel}/messages")
def history(call: Call) -> Answer:
    """Messages, newest first; without READ_MESSAGE_HISTORY there are none."""
    state, channel = call.state, call.channel()
    limit = call.asked("limit", 50)
    if not 1 <= limit <= 100:
        raise Problem(400, 50035, "Invalid Form Body", {"limit": "int value should be between 1 and 100."})
    if not state.rights(state.bot, channel).may(permissions.READ_MESSAGE_HISTORY):
        return Answer(body=[])
    found = _window(call, state.all_messages(channel), limit)
    return Answer(body=[shown(state, each) for each in reversed(found)])


def _window(call: Call, found: list[Message], limit: int) -> list[Message]:
    query = call.seen.query
    if "around" in query:
        at = call.asked("around", 0)
        earlier = [each for each in found if each.id <= at][-(limit // 2 + 1) :]
        return earlier + [each for each in found if each.id > at][: limit - len(earlier)]
    if "after" in query:
        return [each for each in found if each.id > call.asked("after", 0)][:limit]
    if "before" in query:
        found = [each for each in found if each.id < call.asked("before", 0)]
    return found[-limit:]


@route("GET", "/channels/{channel}/messages/{message}")
def get(call: Call) -> Answer:
    """One message."""
    channel = call.channel(permissions.READ_MESSAGE_HISTORY)
    return Answer(body=shown(call.state, call.message(channel)))


@route("PATCH", "/channels/{channel}/messages/{message}")
def edit(call: Call) -> Answer:
    """Edit an own message: 50005 for others', 50083 in an archived thread."""
    state, channel = call.state, call.channel()
    found = call.message(channel)
    if found.author is not state.bot:
        raise Problem(403, 50005, "Cannot edit a message authored by another user")
    if channel.archived:
        raise Problem(400, 50083, "Thread is archived")
    if call.seen.files:
        need(state, channel, permissions.ATTACH_FILES)
    posting.change(state, found, call.body, call.seen.files)
    return Answer(body=shown(state, found))


@route("DELETE", "/channels/{channel}/messages/{message}")
def delete(call: Call) -> Answer:
    """Delete a message; those of others with MANAGE_MESSAGES only."""
    state, channel = call.state, call.channel()
    found = call.message(channel)
    if found.author is not state.bot:
        need(state, channel, permissions.MANAGE_MESSAGES)
    if channel.archived:
        raise Problem(400, 50083, "Thread is archived")
    posting.remove(state, found)
    return NOTHING


@route("POST", "/channels/{channel}/typing")
def typing(call: Call) -> Answer:
    """The bot types."""
    found = call.channel()
    need(call.state, found, sending(found))
    call.state.typing.append((call.state.now(), found))
    return NOTHING


@route("GET", "/channels/{channel}/messages/pins")
def pins(call: Call) -> Answer:
    """Pinned messages, the last pinned first."""
    state, channel = call.state, call.channel(permissions.READ_MESSAGE_HISTORY)
    limit = call.asked("limit", 50)
    found = pinned(state, channel)
    if "before" in call.seen.query:
        before = datetime.fromisoformat(call.seen.query["before"])
        found = [each for each in found if each.pinned_at and each.pinned_at < before]
    items = [
        {"pinned_at": shapes.written(each.pinned_at), "message": shown(state, each)} for each in found[:limit]
    ]
    return Answer(body={"items": items, "has_more": len(found) > limit})


def pinned(state: State, channel: Channel) -> list[Message]:
    """A channel's pins, the last pinned first."""
    found = [each for each in state.all_messages(channel) if each.pinned]
    return sorted(found, key=lambda each: (each.pinned_at or each.created_at, each.id), reverse=True)


@route("PUT", "/channels/{channel}/messages/pins/{message}")
def pin(call: Call) -> Answer:
    """Pin a message: 30003 when there are too many."""
    state, channel = call.state, call.channel(permissions.PIN_MESSAGES)
    found = call.message(channel)
    if channel.archived:
        raise Problem(400, 50083, "Thread is archived")
    if not found.pinned and len(pinned(state, channel)) >= PINS:
        raise Problem(400, 30003, f"Maximum number of pins reached for the channel ({PINS})")
    _pin(state, found, True)
    return NOTHING


@route("DELETE", "/channels/{channel}/messages/pins/{message}")
def unpin(call: Call) -> Answer:
    """Unpin a message."""
    channel = call.channel(permissions.PIN_MESSAGES)
    if channel.archived:
        raise Problem(400, 50083, "Thread is archived")
    _pin(call.state, call.message(channel), False)
    return NOTHING


def _pin(state: State, which: Message, pinned: bool) -> None:
    if which.pinned == pinned:
        return
    which.pinned, which.pinned_at = pinned, state.now() if pinned else None
    if pinned:
        which.channel.last_pin = which.pinned_at
    telling.posted(state, which, "MESSAGE_UPDATE")
    telling.pinned(state, which.channel)

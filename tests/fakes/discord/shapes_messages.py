"""Messages as Discord writes them."""

from tests.fakes.discord.shapes import channel, member, user, written
from tests.fakes.discord.state import State
from tests.fakes.discord.values import JSON, Attachment, Interaction, Message, Poll


def attachment(state: State, which: Attachment) -> JSON:
    """A file of a message; its address is on this server, and signed, as Discord's are."""
    url = f"{state.url}/attachments/{which.id}/{which.name}?ex=0&is=0&hm=0"
    body: JSON = {
        "id": str(which.id),
        "filename": which.name,
        "size": len(which.data),
        "url": url,
        "proxy_url": url,
        "content_type": which.content_type,
    }
    return body | ({"description": which.description} if which.description is not None else {})


def poll(which: Poll, me: int) -> JSON:
    """A poll, with what was voted so far."""
    counts = [
        {
            "id": number,
            "count": len(which.votes.get(number, [])),
            "me_voted": me in which.votes.get(number, []),
        }
        for number in which.answers
    ]
    return {
        "question": {"text": which.question},
        "answers": [{"answer_id": number, "poll_media": {"text": text}} for number, text in which.answers.items()],
        "expiry": written(which.expires_at),
        "allow_multiselect": which.multiple,
        "layout_type": 1,
        "results": {"is_finalized": which.closed, "answer_counts": counts},
    }


def basic(state: State, which: Message) -> JSON:
    """A message without the one it refers to."""
    body: JSON = {
        "id": str(which.id),
        "type": which.kind,
        "channel_id": str(which.channel.id),
        "author": user(which.author),
        "content": which.content,
        "timestamp": written(which.created_at),
        "edited_timestamp": written(which.edited),
        "tts": which.tts,
        "mention_everyone": which.everyone,
        "mentions": [user(each) for each in which.mentioned],
        "mention_roles": [str(each.id) for each in which.mentioned_roles],
        "attachments": [attachment(state, each) for each in which.attachments],
        "embeds": which.embeds,
        "components": which.components,
        "pinned": which.pinned,
        "flags": which.flags,
    }
    if which.poll:
        body["poll"] = poll(which.poll, state.bot.id)
    if which.thread:
        body["thread"] = channel(state, which.thread)
    if which.interaction:
        body |= _answering(state, which.interaction)
    if which.reference is not None:
        body["message_reference"] = {
            "type": 0,
            "channel_id": str(which.channel.id),
            "message_id": str(which.reference),
            "guild_id": str(state.guild.id),
        }
        if which.channel.recipient:
            del body["message_reference"]["guild_id"]
    return body


def message(state: State, which: Message) -> JSON:
    """A message as REST shows it."""
    body = basic(state, which)
    if which.reference is not None:
        found = state.tables.messages.get(which.reference)
        body["referenced_message"] = basic(state, found) if found and not found.deleted else None
    return body


def told(state: State, which: Message) -> JSON:
    """A message as the gateway shows it: with the guild, and with what author and mentioned are in it."""
    body = message(state, which)
    if which.channel.recipient is None:
        body["guild_id"] = str(state.guild.id)
        body["member"] = member(which.author)
        for shown, who in zip(body["mentions"], which.mentioned, strict=True):
            shown["member"] = member(who)
    return body


def _answering(state: State, which: Interaction) -> JSON:
    body: JSON = {
        "application_id": str(state.application_id),
        "webhook_id": str(state.application_id),
        "interaction_metadata": {
            "id": str(which.id),
            "type": which.kind,
            "user": user(which.user),
            "authorizing_integration_owners": {"0": str(state.guild.id)},
        },
    }
    if which.kind == 3 and which.message:
        body["interaction_metadata"]["interacted_message_id"] = str(which.message.id)
    if which.kind == 5:
        body["interaction_metadata"]["triggering_interaction_metadata"] = {
            "id": str(which.id),
            "type": 2,
            "user": user(which.user),
            "authorizing_integration_owners": {"0": str(state.guild.id)},
        }
    return body


def hidden(body: JSON) -> JSON:
    """A message's event for whoever may not read content."""
    lack: JSON = {"content": "", "attachments": [], "embeds": [], "components": []}
    without = {name: value for name, value in body.items() if name != "poll"}
    if without.get("referenced_message"):
        without["referenced_message"] = without["referenced_message"] | lack
    return without | lack

"""Interactions: somebody acts, the bot has three seconds to say something, and then fifteen minutes to go on."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.fakes.discord import posting, rules, rules_commands, rules_components, shapes, shapes_messages
from tests.fakes.discord.posting import Draft, Files
from tests.fakes.discord.state import State
from tests.fakes.discord.telling import tell
from tests.fakes.discord.values import (
    COMPLETING,
    COMPONENTS_V2,
    EPHEMERAL,
    JSON,
    LOADING,
    SUBMITTED,
    Acknowledged,
    Channel,
    Interaction,
    Message,
    Modal,
    Problem,
    User,
)

PONG, MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
NAMES: Mapping[int, str] = {
    MESSAGE: "message",
    DEFERRED: "deferred",
    DEFERRED_UPDATE: "deferred update",
    UPDATE: "update",
    CHOICES: "choices",
    MODAL: "modal",
}


def begin(
    state: State, kind: int, user: User, channel: Channel, data: JSON, message: Message | None = None
) -> Interaction:
    """Somebody has acted: every session of the bot hears of it."""
    made = Interaction(
        id=state.next_id(),
        kind=kind,
        token=secrets.token_urlsafe(48),
        user=user,
        channel=channel,
        data=data,
        at=state.now(),
        message=message,
    )
    state.tables.interactions[made.id] = made
    tell(state, "INTERACTION_CREATE", _told(state, made))
    return made


def _told(state: State, which: Interaction) -> JSON:
    body: JSON = {
        "id": str(which.id),
        "application_id": str(state.application_id),
        "type": which.kind,
        "token": which.token,
        "version": 1,
        "data": which.data,
        "channel_id": str(which.channel.id),
        "channel": shapes.partial_channel(state, which.channel, which.user),
        "locale": which.user.locale,
        "entitlements": [],
        "app_permissions": str(state.rights(state.bot, which.channel).bits),
        "attachment_size_limit": state.limits.file,
    }
    if which.message is not None:
        body["message"] = shapes_messages.message(state, which.message)
    if which.channel.recipient is not None:
        return body | {
            "user": shapes.user(which.user),
            "context": 1,
            "authorizing_integration_owners": {"0": "0"},
        }
    return body | {
        "guild_id": str(state.guild.id),
        "guild": {"id": str(state.guild.id), "features": [], "locale": "en-US"},
        "guild_locale": "en-US",
        "member": shapes.interaction_member(state, which.user, which.channel),
        "context": 0,
        "authorizing_integration_owners": {"0": str(state.guild.id)},
    }


def by_token(state: State, token: str) -> Interaction:
    """The interaction of a token that still holds: 10015 if there never was one, 50027 after its time."""
    for each in state.tables.interactions.values():
        if each.token == token:
            if state.now() - each.at > state.limits.token:
                raise Problem(401, 50027, "Invalid Webhook Token")
            return each
    raise Problem(404, 10015, "Unknown Webhook")


def respond(state: State, which: Interaction, body: JSON, files: Files) -> Message | None:
    """The first response: 10062 when it is late, 40060 when it is the second."""
    if which.acknowledged is not None:
        raise Problem(400, 40060, "Interaction has already been acknowledged.")
    if state.now() - which.at > state.limits.acknowledge:
        raise Problem(404, 10062, "Unknown interaction")
    kind, data = body.get("type"), body.get("data") or {}
    _fits(which, kind)
    message: Message | None = None
    if kind == MESSAGE:
        message = _first(state, which, _draft(state, data, files))
    elif kind == DEFERRED:
        flags = (data.get("flags") or 0) & EPHEMERAL | LOADING
        message = _first(state, which, Draft(flags=flags))
        which.placeholder = True
    elif kind in (UPDATE, DEFERRED_UPDATE):
        which.original = message = which.message
        if kind == UPDATE and message is not None:
            posting.change(state, message, data, files)
    elif kind == CHOICES:
        which.choices = _choices(data)
    else:
        which.modal = _modal(which, data)
    which.acknowledged = Acknowledged(kind=NAMES[int(kind or 0)], at=state.now())
    return message


def _fits(which: Interaction, kind: Any) -> None:
    """Refuse a response of a type that this interaction does not take."""
    completing = which.kind == COMPLETING
    allowed = kind in NAMES and completing == (kind == CHOICES)
    if kind in (UPDATE, DEFERRED_UPDATE) and which.message is None:
        allowed = False
    if kind == MODAL and which.kind == SUBMITTED:
        allowed = False
    if not allowed:
        values = [CHOICES] if completing else sorted(set(NAMES) - {CHOICES})
        raise Problem(400, 50035, "Invalid Form Body", {"type": f"Value must be one of {values}."})


def _draft(state: State, data: JSON, files: Files) -> Draft:
    made = posting.draft(state, data, files)
    return replace(made, flags=made.flags | (data.get("flags") or 0) & EPHEMERAL)


def _first(state: State, which: Interaction, new: Draft) -> Message:
    made = posting.put(state, which.channel, state.bot, new, which)
    which.original = made
    which.messages.append(made)
    return made


def _choices(data: JSON) -> list[JSON]:
    given: list[JSON] = data.get("choices") or []
    if len(given) > 25:
        raise Problem(400, 50035, "Invalid Form Body", {"data.choices": "Must be 25 or fewer in length."})
    for at, each in enumerate(given):
        rules.refuse(rules_commands.choice(each, f"data.choices.{at}"))
    return given


def _modal(which: Interaction, data: JSON) -> Modal:
    rules.refuse(rules_components.modal(data))
    fields = tuple(
        each["custom_id"]
        for _, each in rules_components.walk(data["components"])
        if each.get("type") in rules_components.FIELDS
    )
    return Modal(
        custom_id=data["custom_id"],
        title=data["title"],
        components=rules_components.numbered(data["components"]),
        fields=fields,
        interaction=which,
    )


def follow(state: State, which: Interaction, body: JSON, files: Files) -> Message:
    """A followup. The first one after a deferral takes the placeholder's place, and keeps its visibility."""
    if which.acknowledged is None:
        raise Problem(404, 10015, "Unknown Webhook")
    if which.placeholder and which.original is not None and not which.original.deleted:
        if (body.get("flags") or 0) & COMPONENTS_V2:
            wrong = {"flags": "A deferred response cannot become IS_COMPONENTS_V2 by a followup."}
            raise Problem(400, 50035, "Invalid Form Body", wrong)
        rules.refuse(rules.message(body))
        posting.draft(state, body, files)
        return _fill(state, which, which.original, body, files)
    made = posting.put(state, which.channel, state.bot, _draft(state, body, files), which)
    which.messages.append(made)
    return made


def _fill(state: State, which: Interaction, message: Message, body: JSON, files: Files) -> Message:
    """What the bot was thinking about appears; it counts as new, not as edited, and pings."""
    which.placeholder = False
    message.flags &= ~LOADING
    posting.change(state, message, body, files, quiet=True)
    message.mentions_sent = [
        *([state.guild.everyone] if message.everyone else []),
        *message.mentioned_roles,
        *message.mentioned,
    ]
    return message


def original(which: Interaction) -> Message:
    """The first response: 10008 if there is none, or if it is gone."""
    if which.original is None or which.original.deleted:
        raise Problem(404, 10008, "Unknown Message")
    return which.original


def change(state: State, which: Interaction, message: Message, body: JSON, files: Files) -> Message:
    """Edit a response; a deferred one appears by that."""
    if which.placeholder and message is which.original:
        if (body.get("flags") or 0) & COMPONENTS_V2:
            message.flags |= COMPONENTS_V2
        return _fill(state, which, message, body, files)
    posting.change(state, message, body, files)
    return message


def pressable(message: Message, custom_id: str) -> JSON | None:
    """The button or select of a message, if it can be used."""
    for _, each in rules_components.walk(message.components):
        if each.get("custom_id") == custom_id and not each.get("disabled"):
            return each
    return None

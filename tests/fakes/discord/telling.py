"""Who is told what: every session that asked for the kind of event, if the bot may see the channel."""

from collections.abc import Iterator

from tests.fakes.discord import permissions, sessions, shapes, shapes_messages
from tests.fakes.discord.sessions import Session
from tests.fakes.discord.state import State
from tests.fakes.discord.values import JSON, Channel, Event, Message, Role, User


def tell(state: State, name: str, data: JSON, intent: int = 0) -> None:
    """An event to all sessions that want it."""
    for session in state.sessions.values():
        if session.wants(intent):
            session.owe(name, data)


def guild(state: State) -> JSON:
    """The field that says which guild."""
    return {"guild_id": str(state.guild.id)}


def posted(state: State, which: Message, name: str = "MESSAGE_CREATE") -> None:
    """A message is there, or has changed."""
    body = shapes_messages.told(state, which)
    if name == "MESSAGE_CREATE" and which.nonce is not None:
        body["nonce"] = which.nonce
    for session in _readers(state, which.channel, which):
        readable = (
            session.wants(sessions.MESSAGE_CONTENT)
            or which.author is state.bot
            or state.bot in which.mentioned
            or which.channel.recipient is not None
        )
        session.owe(name, body if readable else shapes_messages.hidden(body))


def removed(state: State, which: Message) -> None:
    """A message was deleted."""
    for session in _readers(state, which.channel, which):
        session.owe("MESSAGE_DELETE", {"id": str(which.id), **_where(state, which.channel)})


def _readers(state: State, channel: Channel, which: Message | None = None) -> Iterator[Session]:
    """The sessions that hear of a channel's messages. What only one person sees, the gateway does not tell."""
    if which is not None and which.ephemeral:
        return
    direct = channel.recipient is not None
    if not state.rights(state.bot, channel).may(permissions.VIEW_CHANNEL):
        return
    for session in state.sessions.values():
        if session.wants(sessions.DIRECT_MESSAGES if direct else sessions.GUILD_MESSAGES):
            yield session


def _where(state: State, channel: Channel) -> JSON:
    return {"channel_id": str(channel.id)} | ({} if channel.recipient else guild(state))


def pinned(state: State, channel: Channel) -> None:
    """A channel's pins changed."""
    body = _where(state, channel) | {"last_pin_timestamp": shapes.written(channel.last_pin)}
    if state.rights(state.bot, channel).bits:
        tell(state, "CHANNEL_PINS_UPDATE", body, sessions.GUILDS)


def channel(state: State, which: Channel, what: str) -> None:
    """A channel or thread: CREATE, UPDATE or DELETE."""
    if which.recipient is not None:
        return
    body = shapes.channel(state, which)
    if which.is_thread:
        if not state.rights(state.bot, which).bits:
            return
        if what == "CREATE":
            body["newly_created"] = True
        if what == "DELETE":
            body = {name: body[name] for name in ("id", "guild_id", "parent_id", "type")}
    tell(state, f"{'THREAD' if which.is_thread else 'CHANNEL'}_{what}", body, sessions.GUILDS)


def role(state: State, which: Role, what: str = "CREATE") -> None:
    """A role is there, or has changed."""
    tell(state, f"GUILD_ROLE_{what}", guild(state) | {"role": shapes.role(which)}, sessions.GUILDS)


def member(state: State, who: User, what: str = "ADD") -> None:
    """Somebody came, or changed; of oneself everybody hears."""
    intent = sessions.GUILDS if who is state.bot and what == "UPDATE" else sessions.MEMBERS
    tell(state, f"GUILD_MEMBER_{what}", guild(state) | shapes.full_member(who), intent)


def left(state: State, who: User) -> None:
    """Somebody is no longer in the guild."""
    tell(state, "GUILD_MEMBER_REMOVE", guild(state) | {"user": shapes.user(who)}, sessions.MEMBERS)


def event(state: State, which: Event, what: str) -> None:
    """A scheduled event: CREATE, UPDATE or DELETE."""
    tell(state, f"GUILD_SCHEDULED_EVENT_{what}", shapes.event(state, which), sessions.SCHEDULED_EVENTS)


def voted(state: State, which: Message, who: User, answer: int, what: str) -> None:
    """A vote: ADD or REMOVE."""
    direct = which.channel.recipient is not None
    body = _where(state, which.channel) | {
        "user_id": str(who.id),
        "message_id": str(which.id),
        "answer_id": answer,
    }
    if state.rights(state.bot, which.channel).bits:
        intent = sessions.DIRECT_POLLS if direct else sessions.GUILD_POLLS
        tell(state, f"MESSAGE_POLL_VOTE_{what}", body, intent)

"""Messages come, change and go: the same for the bot, for people, and for answers to interactions."""

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tests.fakes.discord import mentions, rules, telling
from tests.fakes.discord.rules_components import numbered
from tests.fakes.discord.state import State
from tests.fakes.discord.values import (
    JSON,
    SUPPRESS_EMBEDS,
    Attachment,
    Channel,
    Interaction,
    Message,
    Poll,
    Problem,
    User,
)

Files = Mapping[str, tuple[str, bytes]]


@dataclass(kw_only=True)
class Draft:
    """A message before it is one."""

    content: str = ""
    embeds: list[JSON] = field(default_factory=list[JSON])
    components: list[JSON] = field(default_factory=list[JSON])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    poll: Poll | None = None
    reply_to: Message | None = None
    nonce: str | int | None = None
    flags: int = 0
    tts: bool = False
    allowed: JSON | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.content.strip() or self.embeds or self.components or self.attachments or self.poll)


def draft(state: State, body: JSON, files: Files) -> Draft:
    """A message as the bot sends one: 40005, 50006, 50035."""
    rules.refuse(rules.message(body))
    made = Draft(
        content=(body.get("content") or "").strip(),
        embeds=[_embed(each) for each in body.get("embeds") or []],
        components=numbered(body.get("components") or []),
        attachments=attached(state, body.get("attachments") or [], files, ()),
        poll=_poll(state, body.get("poll")),
        nonce=body.get("nonce"),
        flags=(body.get("flags") or 0) & rules.SETTABLE,
        tts=bool(body.get("tts")),
        allowed=body.get("allowed_mentions"),
    )
    if made.empty:
        raise Problem(400, 50006, "Cannot send an empty message")
    return made


def _embed(given: JSON) -> JSON:
    return {"type": "rich", **{name: value for name, value in given.items() if value is not None}}


def _poll(state: State, given: JSON | None) -> Poll | None:
    if not given:
        return None
    answers = {at: each["poll_media"]["text"] for at, each in enumerate(given["answers"], 1)}
    return Poll(
        question=given["question"]["text"],
        answers=answers,
        expires_at=state.now() + timedelta(hours=given.get("duration", 24)),
        multiple=bool(given.get("allow_multiselect")),
    )


def attached(state: State, listed: list[JSON], files: Files, kept: tuple[Attachment, ...]) -> list[Attachment]:
    """The files of a message: those it keeps, then the new ones, with what is said about each."""
    if len(files) > rules.FILES:
        raise Problem(400, 50035, "Invalid Form Body", {"files": f"Must be {rules.FILES} or fewer in length."})
    sizes = [len(data) for _, data in files.values()]
    if any(size > state.limits.file for size in sizes) or sum(sizes) > state.limits.request:
        raise Problem(413, 40005, "Request entity too large")
    said = {str(each.get("id")): each for each in listed}
    unknown = set(said) - {_index(name) for name in files} - {str(each.id) for each in kept}
    if unknown:
        raise Problem(400, 50035, "Invalid Form Body", {"attachments": f"No file for {sorted(unknown)}"})
    made = [each for each in kept if str(each.id) in said]
    for name, (filename, data) in files.items():
        about = said.get(_index(name), {})
        filename = _safe(about.get("filename") or filename)
        made.append(
            Attachment(
                id=state.next_id(),
                name=filename,
                content_type=mimetypes.guess_type(filename)[0] or "application/octet-stream",
                data=data,
                description=about.get("description"),
                spoiler=filename.startswith("SPOILER_"),
            )
        )
    return made


def _index(name: str) -> str:
    return name.removeprefix("files[").removesuffix("]")


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)


def repeated(state: State, channel: Channel, body: JSON) -> Message | None:
    """The message that the same nonce has made a little earlier; 404 if it is gone again."""
    nonce = body.get("nonce")
    if not body.get("enforce_nonce") or nonce is None:
        return None
    since = state.now() - state.limits.nonce
    for each in state.tables.messages.values():
        if (
            each.channel is channel
            and each.author is state.bot
            and str(each.nonce) == str(nonce)
            and each.created_at >= since
        ):
            if each.deleted:
                raise Problem(404, 10008, "Unknown Message")
            return each
    return None


def put(
    state: State,
    channel: Channel,
    author: User,
    new: Draft,
    interaction: Interaction | None = None,
    number: int | None = None,
) -> Message:
    """Put a message into a channel, and tell of it. A forum's first message has its thread's number."""
    text = mentions.spoken(new.content, new.components)
    pinged = mentions.ping(state, author, channel, text, new.allowed, new.reply_to)
    made = Message(
        id=number or state.next_id(),
        channel=channel,
        author=author,
        content=new.content,
        created_at=state.now(),
        kind=_kind(new, interaction),
        attachments=new.attachments,
        embeds=new.embeds,
        components=new.components,
        poll=new.poll,
        reference=new.reply_to.id if new.reply_to else None,
        nonce=new.nonce,
        flags=new.flags,
        tts=new.tts,
        mentioned=pinged.users,
        mentioned_roles=pinged.roles,
        everyone=pinged.everyone,
        interaction=interaction,
    )
    made.mentions_sent = [
        *([state.guild.everyone] if pinged.everyone else []),
        *pinged.roles,
        *pinged.users,
    ]
    state.tables.messages[made.id] = made
    if not made.ephemeral:
        _arrived(state, channel, author, made)
        telling.posted(state, made)
    return made


def _kind(new: Draft, interaction: Interaction | None) -> int:
    if interaction is not None and interaction.kind == 2 and interaction.original is None:
        return 20
    return 19 if new.reply_to or interaction is not None else 0


def _arrived(state: State, channel: Channel, author: User, made: Message) -> None:
    """What a message does to its channel: an archived thread opens, its writer follows it."""
    channel.last_message = made.id
    channel.sent += 1
    if channel.is_thread:
        channel.members.setdefault(author.id, state.now())
        if channel.archived:
            channel.archived, channel.archived_at = False, state.now()
            telling.channel(state, channel, "UPDATE")


def change(state: State, which: Message, body: JSON, files: Files, *, quiet: bool = False) -> None:
    """Edit a message: only the fields that are given change."""
    flags = which.flags & rules.COMPONENTS_V2 | (body.get("flags") or 0)
    rules.refuse(rules.message({**body, "flags": flags}))
    now = {"content": which.content, "embeds": which.embeds, "components": which.components}
    now |= {"attachments": which.attachments, "poll": which.poll} | body
    if not files and not any(now[name] for name in ("content", "embeds", "components", "attachments", "poll")):
        raise Problem(400, 50006, "Cannot send an empty message")
    if "content" in body:
        which.content = (body["content"] or "").strip()
    if "embeds" in body:
        which.embeds = [_embed(each) for each in body["embeds"] or []]
    if "components" in body:
        which.components = numbered(body["components"] or [])
    if "attachments" in body or files:
        kept = tuple(which.attachments)
        listed = body["attachments"] if "attachments" in body else [{"id": str(each.id)} for each in kept]
        which.attachments = attached(state, listed or [], files, kept)
    if body.get("flags") is not None:
        which.flags = which.flags & ~SUPPRESS_EMBEDS | body["flags"] & rules.SETTABLE
    text = mentions.spoken(which.content, which.components)
    pinged = mentions.ping(state, which.author, which.channel, text, body.get("allowed_mentions"), None)
    which.mentioned, which.mentioned_roles, which.everyone = pinged.users, pinged.roles, pinged.everyone
    if not quiet:
        which.edited = state.now()
    telling.posted(state, which, "MESSAGE_UPDATE")


def remove(state: State, which: Message) -> None:
    """Delete a message."""
    which.deleted = True
    if not which.ephemeral:
        which.channel.sent = max(0, which.channel.sent - 1)
    telling.removed(state, which)

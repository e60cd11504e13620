"""Discord as a test scripts it: an admin sets it up, people act in their clients, and one looks at it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.fakes.discord import interacting, permissions, polls, posting, routes_messages, telling, threads
from tests.fakes.discord.commands import Picker, Refused, resolve
from tests.fakes.discord.posting import Draft
from tests.fakes.discord.rules import CONTENT
from tests.fakes.discord.rules_components import SELECTS, STRING_SELECT
from tests.fakes.discord.state import REAL_TIME, Limits, State
from tests.fakes.discord.submitting import filled
from tests.fakes.discord.values import (
    COMPLETING,
    JSON,
    KINDS,
    PRESSED,
    REQUIRE_TAG,
    SLASH,
    SUBMITTED,
    THREAD_PINNED,
    Attachment,
    Channel,
    Event,
    File,
    Interaction,
    Message,
    Modal,
    Overwrite,
    Role,
    Tag,
    User,
)


class Site(State):
    """A new Discord: one guild with its owner, and the bot in it with a role of its own."""

    def __init__(self, *, now: Callable[[], datetime] = REAL_TIME, limits: Limits | None = None) -> None:
        super().__init__(now=now, limits=limits)
        self.bot_role = self.role("studybot", permissions=permissions.BOT)
        self.bot_role.bot_id = self.bot.id
        self.bot.roles.append(self.bot_role)

    # The admin's side

    def role(self, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """A new role."""
        made = Role(
            id=self.next_id(),
            name=name,
            permissions=permissions,
            mentionable=mentionable,
            position=len(self.tables.roles),
        )
        self.tables.roles[made.id] = made
        telling.role(self, made)
        return made

    def user(
        self,
        name: str,
        *,
        bot: bool = False,
        permissions: int | None = None,
        roles: Iterable[Role] = (),
        dms: bool = True,
        member: bool = True,
    ) -> User:
        """Somebody new; with `permissions` they have a role of their own that grants them."""
        if any(each.name == name for each in self.tables.users.values()):
            raise ValueError(f"there is a {name} already")
        made = self.add_user(name, bot=bot)
        made.dms, made.member, made.roles = dms, member, list(roles)
        if permissions is not None:
            made.roles.append(self.role(f"of {name}", permissions))
        if member:
            telling.member(self, made)
        return made

    def grant(self, user: User, role: Role) -> None:
        """Give somebody a role."""
        user.roles.append(role)
        telling.member(self, user, "UPDATE")

    def revoke(self, user: User, role: Role) -> None:
        """Take a role from somebody."""
        user.roles.remove(role)
        telling.member(self, user, "UPDATE")

    def leave(self, user: User) -> None:
        """Somebody leaves the guild."""
        user.member = False
        telling.left(self, user)

    def permit(self, role: Role, permissions: int) -> None:
        """Set what a role may do."""
        role.permissions = permissions
        telling.role(self, role, "UPDATE")

    def channel(self, name: str, kind: str = "text", *, tags: Iterable[str] = (), tagged: bool = False) -> Channel:
        """A new channel: text, forum (with tags; `tagged`: a post has to have one) or announcement."""
        made = Channel(
            id=self.next_id(),
            name=name,
            kind=KINDS[kind],
            created_at=self.now(),
            position=len(self.tables.channels),
            tags=tuple(Tag(id=self.next_id(), name=each) for each in tags),
            flags=REQUIRE_TAG if tagged else 0,
        )
        self.tables.channels[made.id] = made
        telling.channel(self, made, "CREATE")
        return made

    def overwrite(self, channel: Channel, target: User | Role, allow: int = 0, deny: int = 0) -> None:
        """What a channel allows and denies a member or a role."""
        made = Overwrite(target=target.id, member=isinstance(target, User), allow=allow, deny=deny)
        channel.overwrites[target.id] = made
        telling.channel(self, channel, "UPDATE")

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or thread, and all that is in it."""
        self.drop_channel(channel)
        telling.channel(self, channel, "DELETE")

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread, as a moderator does, or as time does."""
        threads.archive(self, thread, True, locked)
        telling.channel(self, thread, "UPDATE")

    def pin_thread(self, thread: Channel) -> None:
        """Pin a forum's post."""
        thread.flags |= THREAD_PINNED
        telling.channel(self, thread, "UPDATE")

    # What people do

    def thread(
        self, channel: Channel, name: str, by: User, message: Message | None = None, *, content: str = ""
    ) -> Channel:
        """Somebody begins a thread, at a message or on its own; in a forum with its first message."""
        made = threads.begin(self, channel, by, name, message)
        if channel.is_forum:
            posting.put(self, made, by, Draft(content=content or name), number=made.id)
        return made

    def say(
        self,
        channel: Channel,
        user: User,
        content: str,
        *,
        reply_to: Message | None = None,
        attachments: Sequence[File] = (),
    ) -> Message:
        """Somebody writes. Whom the text names is pinged, as far as they may."""
        self._may_write(channel, user)
        if len(content) > CONTENT:
            raise Refused(f"a client takes {CONTENT} characters")
        files = [
            Attachment(id=self.next_id(), name=name, content_type=kind, data=data)
            for name, kind, data in attachments
        ]
        new = Draft(content=content, attachments=files, reply_to=reply_to)
        if new.empty:
            raise Refused("there is nothing to say")
        return posting.put(self, channel, user, new)

    def _may_write(self, channel: Channel, user: User) -> None:
        rights = self.rights(user, channel)
        if channel.is_forum:
            raise Refused(f"{channel.name} is a forum: begin a thread there")
        if not rights.may(routes_messages.sending(channel)):
            raise Refused(f"{user.name} may not write in {channel.name}")
        if channel.locked and not rights.may(permissions.MANAGE_THREADS):
            raise Refused(f"{channel.name} is locked")

    def direct_to_bot(self, user: User) -> Channel:
        """The direct conversation of somebody with the bot."""
        return self.direct(user)

    def edit(self, message: Message, content: str) -> None:
        """Its author edits a message."""
        posting.change(self, message, {"content": content}, {})

    def delete(self, message: Message) -> None:
        """Its author, or a moderator, deletes a message."""
        posting.remove(self, message)

    def vote(self, message: Message, user: User, answer_id: int) -> None:
        """Somebody votes in a native poll."""
        polls.vote(self, message, user, answer_id)

    def withdraw(self, message: Message, user: User, answer_id: int) -> None:
        """Somebody takes a vote back."""
        polls.withdraw(self, message, user, answer_id)

    def slash(
        self, channel: Channel, user: User, path: str, values: Mapping[str, Any] | None = None
    ) -> Interaction:
        """Somebody uses a command: "name", "name sub" or "name group sub"."""
        self._may_use(channel, user)
        data = Picker(state=self, user=user, channel=channel, path=path).data(values or {})
        return interacting.begin(self, SLASH, user, channel, data)

    def _may_use(self, channel: Channel, user: User) -> None:
        if not self.rights(user, channel).may(permissions.USE_APPLICATION_COMMANDS):
            raise Refused(f"{user.name} may not use commands in {channel.name}")

    def complete(
        self, channel: Channel, user: User, path: str, values: Mapping[str, Any], *, focused: str
    ) -> Interaction:
        """Somebody types at an option; what the bot offers is in `choices` once it has answered."""
        self._may_use(channel, user)
        data = Picker(state=self, user=user, channel=channel, path=path, focused=focused).data(values)
        return interacting.begin(self, COMPLETING, user, channel, data)

    def press(self, message: Message, user: User, custom_id: str) -> Interaction:
        """Somebody presses a button."""
        part = self._part(message, user, custom_id)
        data: JSON = {"component_type": 2, "custom_id": custom_id, "id": part["id"]}
        return interacting.begin(self, PRESSED, user, message.channel, data, message)

    def select(self, message: Message, user: User, custom_id: str, values: Sequence[Any]) -> Interaction:
        """Somebody chooses from a select: values, or users, roles and channels of the site."""
        part = self._part(message, user, custom_id)
        kind = part["type"]
        known = [option["value"] for option in part.get("options") or []]
        low, high = part.get("min_values", 1), part.get("max_values", 1)
        data: JSON = {"component_type": kind, "custom_id": custom_id, "id": part["id"], "values": list(values)}
        if kind not in SELECTS or (kind == STRING_SELECT and not set(values) <= set(known)):
            raise Refused(f"{custom_id} has no {list(values)}, but {known}")
        if kind != STRING_SELECT:
            found: dict[str, JSON] = {}
            data |= {"values": [resolve(self, each, found) for each in values], "resolved": found}
        if not low <= len(values) <= high:
            raise Refused(f"{custom_id} takes from {low} to {high} values")
        return interacting.begin(self, PRESSED, user, message.channel, data, message)

    def _part(self, message: Message, user: User, custom_id: str) -> JSON:
        owner = message.interaction.user if message.interaction else None
        if message.deleted or (message.ephemeral and user is not owner):
            raise Refused(f"{user.name} does not see that message")
        part = interacting.pressable(message, custom_id)
        if part is None:
            raise Refused(f"there is nothing to press with the id {custom_id!r}")
        return part

    def submit(self, opened: Interaction | Modal, user: User, values: Mapping[str, Any]) -> Interaction:
        """Somebody fills in a modal that an interaction of theirs opened."""
        modal = opened.modal if isinstance(opened, Interaction) else opened
        if modal is None:
            raise Refused("no modal was opened")
        source = modal.interaction
        if source.user is not user:
            raise Refused(f"the modal was opened for {source.user.name}")
        data: JSON = {"custom_id": modal.custom_id, "components": filled(modal, values)}
        return interacting.begin(self, SUBMITTED, user, source.channel, data, source.message)

    # What one sees

    def messages(self, channel: Channel) -> list[Message]:
        """A channel as a reader sees it, oldest first; what only one person sees is not there."""
        polls.settle(self)
        return self.all_messages(channel)

    def pins(self, channel: Channel) -> list[Message]:
        """A channel's pinned messages, the last pinned first."""
        return routes_messages.pinned(self, channel)

    def threads(self, channel: Channel) -> list[Channel]:
        """A channel's threads, oldest first."""
        return self.all_threads(channel)

    @property
    def events(self) -> list[Event]:
        """The scheduled events."""
        return list(self.tables.events.values())

    @property
    def identifies(self) -> list[JSON]:
        """What clients identified with, one after the other."""
        return [each.identify for each in self.connections if each.identify is not None]

    async def until(self, claim: Callable[[], Any], *, seconds: float = 20.0) -> Any:
        """Wait for something to come true, and hand it back; TimeoutError if it never does."""
        async with asyncio.timeout(seconds):
            while not (found := claim()):  # noqa: ASYNC110 a claim may be about a client as well
                await asyncio.sleep(0.005)
        return found

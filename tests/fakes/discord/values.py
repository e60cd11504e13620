"""What a fake Discord is made of. Records change as Discord's do; each is the one truth about its thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

JSON = dict[str, Any]

TEXT, DM, ANNOUNCEMENT, PUBLIC_THREAD, ANNOUNCEMENT_THREAD, FORUM = 0, 1, 5, 11, 10, 15
KINDS = {"text": TEXT, "announcement": ANNOUNCEMENT, "forum": FORUM}
SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL, LOADING, SILENT = 1 << 2, 1 << 5, 1 << 6, 1 << 7, 1 << 12
COMPONENTS_V2 = 1 << 15
THREAD_PINNED, REQUIRE_TAG = 1 << 1, 1 << 4
SLASH, PRESSED, COMPLETING, SUBMITTED = 2, 3, 4, 5
"""The types of interactions."""


class Problem(Exception):
    """Discord says no: a status, its own code, a sentence, and for 50035 what is wrong with which field."""

    def __init__(
        self, status: int, code: int, message: str, errors: Mapping[str, str] | None = None, *, wait: float = 0.0
    ) -> None:
        self.status, self.code, self.message, self.wait = status, code, message, wait
        self.errors = dict(errors or {})
        super().__init__(f"{status} {code} {message} {self.errors or ''}".rstrip())


@dataclass(kw_only=True, eq=False)
class Role:
    """A role; one that was made for a bot has its id. `mention` is how a message names it."""

    id: int
    name: str
    permissions: int = 0
    mentionable: bool = False
    bot_id: int = 0
    position: int = 1

    @property
    def managed(self) -> bool:
        """Whether Discord looks after it."""
        return bool(self.bot_id)

    @property
    def mention(self) -> str:
        """How a message pings it."""
        return f"<@&{self.id}>"


@dataclass(kw_only=True, eq=False)
class User:
    """Somebody with an account, and what they are in the guild. `dms`: whether strangers may write to them."""

    id: int
    name: str
    joined_at: datetime
    bot: bool = False
    display: str | None = None
    nick: str | None = None
    locale: str = "en-US"
    roles: list[Role] = field(default_factory=list[Role], repr=False)
    dms: bool = True
    member: bool = True

    @property
    def mention(self) -> str:
        """How a message pings them."""
        return f"<@{self.id}>"


@dataclass(kw_only=True, eq=False)
class Guild:
    """The server. `everyone` is the role with the guild's own id."""

    id: int
    name: str
    owner: User
    everyone: Role


@dataclass(frozen=True, kw_only=True)
class Overwrite:
    """What a channel allows and denies a role or a member."""

    target: int
    member: bool
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A forum's tag."""

    id: int
    name: str


@dataclass(kw_only=True, eq=False)
class Channel:
    """A channel; a thread has a `parent`, a direct conversation a `recipient`."""

    id: int
    name: str
    kind: int
    created_at: datetime
    parent: "Channel | None" = field(default=None, repr=False)
    recipient: User | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict[int, Overwrite], repr=False)
    tags: tuple[Tag, ...] = ()
    applied: tuple[int, ...] = ()
    owner: User | None = field(default=None, repr=False)
    members: dict[int, datetime] = field(default_factory=dict[int, datetime], repr=False)
    archived: bool = False
    locked: bool = False
    archived_at: datetime | None = None
    auto_archive: int = 4320
    slow_seconds: int = 0
    flags: int = 0
    last_message: int | None = None
    last_pin: datetime | None = None
    sent: int = 0

    @property
    def is_thread(self) -> bool:
        """Whether it hangs on another channel."""
        return self.parent is not None

    @property
    def is_forum(self) -> bool:
        """Whether it holds posts only."""
        return self.kind == FORUM

    @property
    def mention(self) -> str:
        """How a message links to it."""
        return f"<#{self.id}>"

    @property
    def pinned(self) -> bool:
        """Whether it is its forum's pinned post."""
        return bool(self.flags & THREAD_PINNED)


File = tuple[str, str, bytes]
"""What somebody attaches: its name, what kind of file it is, and its bytes."""


@dataclass(kw_only=True, eq=False)
class Attachment:
    """A file of a message; `description` is its alternative text."""

    id: int
    name: str
    content_type: str
    data: bytes = field(repr=False)
    description: str | None = None
    spoiler: bool = False


@dataclass(kw_only=True, eq=False)
class Poll:
    """A native poll; `votes` are the ids of users by the number of the answer."""

    question: str
    answers: dict[int, str]
    expires_at: datetime
    multiple: bool = False
    closed: bool = False
    votes: dict[int, list[int]] = field(default_factory=dict[int, list[int]])


@dataclass(kw_only=True, eq=False)
class Message:
    """A message. `mentions_sent` are who was really pinged: users and roles, @everyone as that role."""

    id: int
    channel: Channel = field(repr=False)
    author: User
    content: str
    created_at: datetime
    kind: int = 0
    edited: datetime | None = None
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    embeds: list[JSON] = field(default_factory=list[JSON])
    components: list[JSON] = field(default_factory=list[JSON])
    poll: Poll | None = None
    reference: int | None = None
    pinned: bool = False
    pinned_at: datetime | None = None
    nonce: str | int | None = None
    flags: int = 0
    tts: bool = False
    thread: Channel | None = None
    mentioned: list[User] = field(default_factory=list[User])
    mentioned_roles: list[Role] = field(default_factory=list[Role])
    everyone: bool = False
    mentions_sent: list["User | Role"] = field(default_factory=list["User | Role"])
    interaction: "Interaction | None" = field(default=None, repr=False)
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it only says that the bot thinks."""
        return bool(self.flags & LOADING)


@dataclass(kw_only=True, eq=False)
class Event:
    """A scheduled event."""

    id: int
    name: str
    starts_at: datetime
    creator: User
    ends_at: datetime | None = None
    description: str | None = None
    location: str | None = None
    channel: int | None = None
    kind: int = 3
    status: int = 1
    recurrence: JSON | None = None


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """The first answer to an interaction."""

    kind: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Modal:
    """A form that the bot opened for somebody: `fields` are the custom_ids one fills in."""

    custom_id: str
    title: str
    components: list[JSON]
    fields: tuple[str, ...]
    interaction: "Interaction" = field(repr=False)


@dataclass(kw_only=True, eq=False)
class Interaction:
    """What somebody did with the bot, and what came of it.

    `messages` are the bot's responses, original first; `problem` is the last refusal of an answer of the bot's.
    """

    id: int
    kind: int
    token: str = field(repr=False)
    user: User
    channel: Channel = field(repr=False)
    data: JSON
    at: datetime
    message: Message | None = field(default=None, repr=False)
    acknowledged: Acknowledged | None = None
    messages: list[Message] = field(default_factory=list[Message])
    modal: Modal | None = None
    choices: list[JSON] | None = None
    problem: Problem | None = None
    original: Message | None = field(default=None, repr=False)
    placeholder: bool = False

    @property
    def text(self) -> str:
        """All that was said in response, line by line."""
        return "\n".join(each.content for each in self.messages)


@dataclass(kw_only=True, eq=False)
class Seen:
    """A REST request as the server saw it; `path` is what follows /api/v10. `status` is 0 while it is open.

    `body` is the JSON, or the `payload_json` of a form, whose files are in `files` by their field's name.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: Mapping[str, str]
    at: datetime
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict[str, tuple[str, bytes]])
    form: bool = False
    status: int = 0
    answer: Any = None
    answer_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status}"


@dataclass(kw_only=True, eq=False)
class Connection:
    """A gateway socket: what the client said on it, and how it ended (`closed` is a code, `closed_by` by whom)."""

    opened_at: datetime
    path: str
    identify: JSON | None = None
    resume: JSON | None = None
    session: str | None = None
    heartbeats: int = 0
    acknowledged: int = 0
    received: list[JSON] = field(default_factory=list[JSON])
    closed: int | None = None
    closed_by: str = ""
    open: bool = True

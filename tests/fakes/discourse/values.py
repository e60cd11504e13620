"""What a fake forum is made of. Records change as the forum does; each is the one truth about its thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

REGULAR, MODERATOR_ACTION, SMALL_ACTION, WHISPER = 1, 2, 3, 4
FULL, REPLY_ONLY, READ_ONLY, NOTHING = 1, 2, 3, 9
"""What a category lets somebody do; the first three numbers are the forum's own."""

NOTIFICATION_TYPES = {
    "mentioned": 1,
    "replied": 2,
    "quoted": 3,
    "edited": 4,
    "liked": 5,
    "private_message": 6,
    "posted": 9,
    "group_mentioned": 15,
    "watching_first_post": 17,
    "bookmark_reminder": 24,
    "event_reminder": 27,
    "event_invitation": 28,
}


class Problem(Exception):
    """The forum says no: the status, its sentences and its `error_type`, as the JSON answer has them."""

    def __init__(self, status: int, *errors: str, kind: str = "", action: str = "", wait: float = 0.0) -> None:
        self.status, self.errors, self.kind, self.action, self.wait = status, errors, kind, action, wait
        self.code = ""
        super().__init__(f"{status} {'; '.join(errors)}")


@dataclass(kw_only=True, eq=False)
class User:
    """Somebody with an account. `seen_at` is when they were last present, which API requests alone do not say."""

    id: int
    username: str
    trust: int = 1
    admin: bool = False
    moderator: bool = False
    created_at: datetime
    silenced: bool = False
    suspended: bool = False
    active: bool = True
    seen_at: datetime | None = None

    @property
    def staff(self) -> bool:
        """Admins and moderators."""
        return self.admin or self.moderator


@dataclass(kw_only=True, eq=False)
class Group:
    """A group that people are put into; the automatic ones are computed (`rights.members`)."""

    id: int
    name: str
    automatic: bool = False
    mentionable: bool = True
    members: set[int] = field(default_factory=set[int])


@dataclass(kw_only=True, eq=False)
class Category:
    """A category. `levels` lowers what a group's members may do there; `everyone` is the name for all."""

    id: int
    name: str
    slug: str
    moderators: str | None = None
    levels: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(kw_only=True, eq=False)
class Tag:
    """A tag."""

    id: int
    name: str


@dataclass(kw_only=True, eq=False)
class Timer:
    """What shall happen to a topic at a time."""

    kind: str
    at: datetime
    by: User


@dataclass(kw_only=True, eq=False)
class Topic:
    """A topic, or a personal message: then `allowed` are the ids of those who take part."""

    id: int
    title: str
    slug: str
    user: User
    category: Category | None
    created_at: datetime
    bumped_at: datetime
    tags: tuple[str, ...] = ()
    external_id: str | None = None
    allowed: set[int] | None = None
    closed: bool = False
    archived: bool = False
    visible: bool = True
    pinned_at: datetime | None = None
    pinned_until: datetime | None = None
    pinned_globally: bool = False
    slow_seconds: int = 0
    deleted_at: datetime | None = None
    timer: Timer | None = None
    highest: int = 0

    @property
    def private(self) -> bool:
        """Whether it is a personal message."""
        return self.allowed is not None


@dataclass(kw_only=True, eq=False)
class Poll:
    """A poll of a post; `votes` are option ids by user id."""

    name: str
    kind: str
    results: str
    options: dict[str, str]
    title: str = ""
    low: int = 1
    high: int = 1
    closes_at: datetime | None = None
    closed: bool = False
    public: bool = False
    votes: dict[int, list[str]] = field(default_factory=dict[int, list[str]])


@dataclass(kw_only=True, eq=False)
class Post:
    """A post. `late`: its id is taken, but its transaction is not yet committed, so nobody sees it."""

    id: int
    topic: Topic
    number: int
    user: User
    raw: str
    created_at: datetime
    updated_at: datetime
    last_version_at: datetime
    editor: User
    kind: int = REGULAR
    version: int = 1
    edit_reason: str | None = None
    reply_to: int | None = None
    reply_count: int = 0
    quote_count: int = 0
    hidden: bool = False
    user_deleted: bool = False
    deleted_at: datetime | None = None
    wiki: bool = False
    locked: bool = False
    via_email: bool = False
    late: bool = False
    action_code: str | None = None
    polls: dict[str, Poll] = field(default_factory=dict[str, Poll])


@dataclass(kw_only=True, eq=False)
class Queued:
    """A post that waits for a moderator's approval."""

    id: int
    user: User
    raw: str
    title: str | None
    topic_id: int | None
    category: Category | None


@dataclass(kw_only=True, eq=False)
class Upload:
    """A file; equal bytes are one upload."""

    id: int
    sha1: str
    name: str
    data: bytes
    extension: str
    width: int | None
    height: int | None
    short: str


@dataclass(kw_only=True, eq=False)
class Notification:
    """What somebody is told about a post."""

    id: int
    user: User
    kind: int
    post: Post
    by: User
    created_at: datetime
    read: bool = False


@dataclass(kw_only=True, eq=False)
class ApiKey:
    """An API key: of one user or of all (`user` is None), for everything or for some scopes."""

    text: str = field(repr=False)
    user: User | None
    scopes: tuple[str, ...] | None
    revoked: bool = False


@dataclass(kw_only=True, eq=False)
class Seen:
    """A request as the server saw it; `status` is 0 while it is open, and when no answer was given.

    `query` and `form` are nested as `post[raw]` says; `path` lacks the sub-folder but has its `.json`.
    """

    method: str
    path: str
    query: dict[str, Any]
    form: dict[str, Any] | None
    json: Any
    headers: Mapping[str, str]
    at: datetime
    status: int = 0
    user: str | None = None
    fault: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """What the body says, in whichever form it came."""
        if isinstance(self.json, dict):
            return self.json
        return self.form or {}

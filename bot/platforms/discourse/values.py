"""What the forum tells us, as frozen values; what it leaves out has a sensible default."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.platforms.discourse.fields import Fields

REGULAR = 1
"""The `post_type` of what people write; the others are notes of moderators, of the forum itself, and whispers."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a poll, and how many took it; `html` is how it is shown."""

    id: str
    html: str
    votes: int


@dataclass(frozen=True, kw_only=True)
class Poll:
    """A poll in a post."""

    name: str
    type: str
    open: bool
    voters: int
    options: tuple[Option, ...]

    @classmethod
    def of(cls, fields: Fields) -> "Poll":
        """From the forum's JSON."""
        return cls(
            name=fields.text("name"),
            type=fields.text("type"),
            open=fields.text("status") != "closed",
            voters=fields.number("voters"),
            options=tuple(
                Option(id=each.text("id"), html=each.text("html"), votes=each.number("votes"))
                for each in fields.objects("options")
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post. `number` counts within its topic; `reply_to` is the number of the post it answers.

    `archetype` is "private_message" for those, and empty where the forum did not say.
    """

    id: int
    topic_id: int
    number: int
    type: int
    user_id: int
    username: str
    name: str
    raw: str = field(repr=False)
    cooked: str = field(repr=False)
    created_at: datetime | None
    updated_at: datetime | None
    version: int
    reply_to: int | None
    topic_title: str
    topic_slug: str
    archetype: str
    category_id: int | None
    yours: bool
    hidden: bool
    deleted: bool
    via_email: bool
    auto_generated: bool
    staff: bool
    trust_level: int
    polls: tuple[Poll, ...]

    @property
    def regular(self) -> bool:
        """Whether somebody wrote it."""
        return self.type == REGULAR

    @classmethod
    def of(cls, fields: Fields) -> "Post":
        """From the forum's JSON."""
        return cls(
            id=fields.number("id"),
            topic_id=fields.number("topic_id"),
            number=fields.number("post_number"),
            type=fields.number("post_type", REGULAR),
            user_id=fields.number("user_id"),
            username=fields.text("username"),
            name=fields.text("name") or fields.text("username"),
            raw=fields.text("raw"),
            cooked=fields.text("cooked"),
            created_at=fields.instant("created_at"),
            updated_at=fields.instant("updated_at"),
            version=fields.number("version", 1),
            reply_to=fields.maybe("reply_to_post_number"),
            topic_title=fields.text("topic_title"),
            topic_slug=fields.text("topic_slug"),
            archetype=fields.text("topic_archetype"),
            category_id=fields.maybe("category_id"),
            yours=fields.flag("yours"),
            hidden=fields.flag("hidden"),
            deleted=fields.flag("user_deleted") or bool(fields.text("deleted_at")),
            via_email=fields.flag("via_email"),
            auto_generated=fields.flag("is_auto_generated"),
            staff=any(map(fields.flag, ("staff", "admin", "moderator"))),
            trust_level=fields.number("trust_level"),
            polls=tuple(map(Poll.of, fields.objects("polls"))),
        )


@dataclass(frozen=True, kw_only=True)
class Enqueued:
    """What we wrote waits for a moderator's approval; it has no post, and no number yet."""

    pending_count: int


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic; `posts` are those of its page (the first twenty), `stream` the ids of all.

    The stream is empty for topics of ten thousand posts and more.
    """

    id: int
    title: str
    slug: str
    archetype: str
    category_id: int | None
    tags: tuple[str, ...]
    external_id: str
    posts_count: int
    highest_post_number: int
    closed: bool
    archived: bool
    visible: bool
    deleted: bool
    pinned: bool
    pinned_until: datetime | None
    slow_mode_seconds: int
    can_create_post: bool
    can_pin: bool
    message_bus_last_id: int
    stream: tuple[int, ...]
    posts: tuple[Post, ...]

    @property
    def private(self) -> bool:
        """Whether it is a private message."""
        return self.archetype == "private_message"

    @classmethod
    def of(cls, fields: Fields) -> "Topic":
        """From the forum's JSON."""
        stream = fields.inner("post_stream")
        return cls(
            id=fields.number("id"),
            title=fields.text("title"),
            slug=fields.text("slug"),
            archetype=fields.text("archetype") or "regular",
            category_id=fields.maybe("category_id"),
            tags=tag_names(fields),
            external_id=fields.text("external_id"),
            posts_count=fields.number("posts_count"),
            highest_post_number=fields.number("highest_post_number"),
            closed=fields.flag("closed"),
            archived=fields.flag("archived"),
            visible="visible" not in fields or fields.flag("visible"),
            deleted=bool(fields.text("deleted_at")),
            pinned=fields.flag("pinned"),
            pinned_until=fields.instant("pinned_until"),
            slow_mode_seconds=fields.number("slow_mode_seconds"),
            can_create_post=fields.inner("details").flag("can_create_post"),
            can_pin=fields.inner("details").flag("can_pin_unpin_topic"),
            message_bus_last_id=fields.number("message_bus_last_id", -1),
            stream=stream.numbers("stream"),
            posts=tuple(map(Post.of, stream.objects("posts"))),
        )


def tag_names(fields: Fields) -> tuple[str, ...]:
    """The names of tags, which are texts on older forums and objects on newer ones."""
    return fields.texts("tags") or tuple(each.text("name") for each in fields.objects("tags"))


@dataclass(frozen=True, kw_only=True)
class User:
    """An account; ids of people are positive."""

    id: int
    username: str
    name: str
    trust_level: int
    admin: bool
    moderator: bool
    groups: tuple[str, ...]
    silenced: bool = False
    """Told of ourselves alone."""

    @classmethod
    def of(cls, fields: Fields) -> "User":
        """From the forum's JSON."""
        return cls(
            id=fields.number("id"),
            username=fields.text("username"),
            name=fields.text("name") or fields.text("username"),
            trust_level=fields.number("trust_level"),
            admin=fields.flag("admin"),
            moderator=fields.flag("moderator"),
            groups=tuple(each.text("name") for each in fields.objects("groups")),
            silenced=bool(fields.text("silenced_till")),
        )


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file the forum keeps; `short_url` stands for it in posts. What it is may have changed on the way."""

    id: int
    short_url: str
    extension: str
    width: int
    height: int
    size: int

    @classmethod
    def of(cls, fields: Fields) -> "Upload":
        """From the forum's JSON."""
        return cls(
            id=fields.number("id"),
            short_url=fields.text("short_url"),
            extension=fields.text("extension"),
            width=fields.number("width"),
            height=fields.number("height"),
            size=fields.number("filesize"),
        )


@dataclass(frozen=True, kw_only=True)
class Notification:
    """Something the forum tells us of. `post_id` is 0 where it names no post."""

    id: int
    type: int
    read: bool
    topic_id: int | None
    post_number: int | None
    post_id: int
    created_at: datetime | None

    @classmethod
    def of(cls, fields: Fields) -> "Notification":
        """From the forum's JSON."""
        return cls(
            id=fields.number("id"),
            type=fields.number("notification_type"),
            read=fields.flag("read"),
            topic_id=fields.maybe("topic_id"),
            post_number=fields.maybe("post_number"),
            post_id=fields.inner("data").number("original_post_id"),
            created_at=fields.instant("created_at"),
        )

"""What the forum says of itself, as frozen values; what it leaves out is as on a forum that nobody changed."""

from dataclasses import dataclass

from bot.platforms.discourse.fields import Fields

FULL = 1
"""The `permission` of a category in which we may begin topics; 2 is for replies, 3 for reading."""


@dataclass(frozen=True, kw_only=True)
class Category:
    """A category."""

    id: int
    name: str
    slug: str
    read_restricted: bool
    permission: int | None

    @classmethod
    def of(cls, fields: Fields) -> "Category":
        """From the forum's JSON."""
        return cls(
            id=fields.number("id"),
            name=fields.text("name"),
            slug=fields.text("slug"),
            read_restricted=fields.flag("read_restricted"),
            permission=fields.maybe("permission"),
        )


@dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """Those settings that decide what we may post. Lengths are in signs."""

    title: str
    min_post_length: int
    max_post_length: int
    min_topic_title_length: int
    max_topic_title_length: int
    max_image_size_kb: int
    authorized_extensions: tuple[str, ...]
    tagging_enabled: bool
    poll_enabled: bool

    @classmethod
    def of(cls, fields: Fields) -> "SiteSettings":
        """From the forum's JSON."""
        extensions = fields.text("authorized_extensions") or "jpg|jpeg|png|gif|heic|heif|webp"
        return cls(
            title=fields.text("title"),
            min_post_length=fields.number("min_post_length", 20),
            max_post_length=fields.number("max_post_length", 32_000),
            min_topic_title_length=fields.number("min_topic_title_length", 15),
            max_topic_title_length=fields.number("max_topic_title_length", 255),
            max_image_size_kb=fields.number("max_image_size_kb", 4096),
            authorized_extensions=tuple(extensions.split("|")),
            tagging_enabled="tagging_enabled" not in fields or fields.flag("tagging_enabled"),
            poll_enabled="poll_enabled" not in fields or fields.flag("poll_enabled"),
        )


@dataclass(frozen=True, kw_only=True)
class Site:
    """What a forum tells everybody. `version` is empty where it does not say."""

    title: str
    version: str = ""
    login_required: bool = False

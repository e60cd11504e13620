"""Everything a fake forum knows. It outlives every server that shows it."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.fakes.discourse.bus import Bus
from tests.fakes.discourse.defaults import DEFAULTS
from tests.fakes.discourse.faults import Fault
from tests.fakes.discourse.hooks import Delivery, Hook
from tests.fakes.discourse.values import (
    ApiKey,
    Category,
    Group,
    Notification,
    Post,
    Problem,
    Queued,
    Seen,
    Tag,
    Topic,
    Upload,
    User,
)

VERSION = "2026.8.0-latest"
AUTOMATIC = {"everyone": 0, "admins": 1, "moderators": 2, "staff": 3} | {
    f"trust_level_{n}": 10 + n for n in range(5)
}


def real_time() -> datetime:
    """The clock of this machine."""
    return datetime.fromtimestamp(time.time(), UTC)


class State:
    """The tables, the settings, and what was counted for the limits. All times are `now`'s."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = real_time,
        settings: Mapping[str, Any] | None = None,
        pages: str = "new",
        tags: str = "objects",
    ) -> None:
        unknown = set(settings or {}) - set(DEFAULTS)
        if unknown:
            raise ValueError(f"no such settings: {sorted(unknown)}")
        if pages not in ("new", "old") or tags not in ("objects", "strings"):
            raise ValueError("pages are new or old, tags are objects or strings")
        self.now, self.pages, self.tags_are = now, pages, tags
        self.settings: dict[str, Any] = {**DEFAULTS, **(settings or {})}
        self.overridden = frozenset(settings or {})
        self.bus = Bus()
        self.users: dict[int, User] = {}
        self.groups: dict[str, Group] = {}
        self.categories: dict[int, Category] = {}
        self.tags: dict[str, Tag] = {}
        self.topics: dict[int, Topic] = {}
        self.all_posts: dict[int, Post] = {}
        self.uploads: dict[str, Upload] = {}
        self.files_at = ""  # where else the forum keeps its files, such as a bucket
        self.notifications: list[Notification] = []
        self.queue: list[Queued] = []
        self.keys: dict[str, ApiKey] = {}
        self.approval: set[int] = set()
        self.faults: list[Fault] = []
        self.requests: list[Seen] = []
        self.hooks: list[Hook] = []
        self.outgoing: list[Delivery] = []
        self.memo: dict[str, tuple[datetime, Any]] = {}
        self.moments: dict[str, list[datetime]] = {}
        self.similar: dict[str, tuple[datetime, int]] = {}
        self.poll_seconds = 25.0
        self.url = "http://forum.example"
        self._read_only = False
        self._ids = {
            name: count(1) for name in ("user", "topic", "post", "upload", "notification", "queued", "tag")
        }
        self._ids |= {"category": count(1), "group": count(41), "delivery": count(1)}

    def next_id(self, kind: str) -> int:
        """The next number of a sequence."""
        return next(self._ids[kind])

    def skip_ids(self, kind: str, many: int) -> None:
        """Leave numbers out, as rolled back transactions do."""
        for _ in range(many):
            next(self._ids[kind])

    @property
    def read_only(self) -> bool:
        """Whether the forum refuses to write, as during a backup."""
        return self._read_only

    @read_only.setter
    def read_only(self, value: bool) -> None:
        self._read_only = value
        self.bus.publish("/site/read-only", value)

    def by_name(self, username: str) -> User | None:
        """The user of that name, whatever its case."""
        return next((user for user in self.users.values() if user.username.lower() == username.lower()), None)

    def topic(self, number: int) -> Topic:
        """The topic with that id, deleted or not."""
        if number not in self.topics:
            raise missing()
        return self.topics[number]

    def post(self, number: int) -> Post:
        """The post with that id, deleted or not."""
        if number not in self.all_posts:
            raise missing()
        return self.all_posts[number]

    def posts(self, topic: Topic) -> list[Post]:
        """A topic's posts in their order: not the deleted ones, nor those that are still to appear."""
        return [
            each
            for each in self.all_posts.values()
            if each.topic is topic and each.deleted_at is None and not each.late
        ]

    def numbered(self, topic: Topic, number: int | None) -> Post | None:
        """A topic's post by its number."""
        return next(
            (each for each in self.all_posts.values() if each.topic is topic and each.number == number), None
        )


def missing() -> Problem:
    """The answer to whatever is not there, or may not be seen."""
    return Problem(404, "The requested URL or resource could not be found.", kind="not_found")


def forbidden(text: str = "You are not permitted to view the requested resource.") -> Problem:
    """The answer to whoever has no right to."""
    return Problem(403, text, kind="invalid_access")

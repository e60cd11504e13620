"""A post of the forum → what the bot is told of it, or why it is not told."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.platforms.discourse.places import NAME, topic
from bot.platforms.discourse.values import Post
from bot.platforms.words import as_commands, mentioned
from bot.values import Incoming, Person, PostRef


@dataclass(frozen=True, kw_only=True)
class Found:
    """A post as it was read, when by the clock that only goes forward, and whether it is a private message."""

    post: Post
    read: float
    private: bool


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who we are, where we listen, and whom we never answer.

    `line` finds the first command of a text, empty where there is none. Only the posts of `categories`, private
    messages, and posts that mention us are for us.
    """

    me: int
    username: str
    categories: Collection[int]
    ignored: Collection[str]
    prefix: str
    line: Callable[[str], str]
    horizon: datetime
    """What was written before then, nobody waits for any more."""

    def ignore(self, post: Post, *, private: bool = False) -> str:
        """Why the post is none of our business; empty if it is."""
        if post.user_id == self.me:
            return "ours"
        if post.user_id <= 0 or post.username.casefold() in self.ignored:
            return "a bot's"  # two that answer each other never end
        if not post.regular:
            return "not written by anybody"
        if post.hidden or post.deleted:
            return "taken away"
        if post.auto_generated:
            return "an automatic reply"
        if self.at(post) < self.horizon:
            return "too old"
        here = private or post.category_id in self.categories
        return "" if here or mentioned(post.raw, self.username) else "elsewhere"

    def at(self, post: Post) -> datetime:
        """When it was written; at the horizon where the forum does not say."""
        return post.created_at or self.horizon

    def version(self, post: Post) -> int:
        """A number that rises with every change: the forum's own stays as it is in the first minutes."""
        changed = post.updated_at or self.at(post)
        return int(changed.timestamp() * 1000)

    def text(self, post: Post) -> str:
        """What was written, with lines that speak to us by name made commands."""
        return as_commands(post.raw, username=self.username, prefix=self.prefix)

    def command(self, post: Post) -> str:
        """The line of its command; empty where it has none."""
        return self.line(self.text(post))

    def direct(self, post: Post, *, private: bool) -> bool:
        """Whether nobody but us is spoken to."""
        return private or mentioned(post.raw, self.username)

    def incoming(self, post: Post, *, private: bool, is_admin: bool, doubt: str, revised: bool) -> Incoming:
        """The post as every platform hands it over."""
        person = Person(platform=NAME, id=str(post.user_id), name=post.username, is_admin=is_admin, doubt=doubt)
        return Incoming(
            post=PostRef(place=topic(post.topic_id), id=str(post.id)),
            person=person,
            text=self.text(post),
            at=self.at(post),
            direct=self.direct(post, private=private),
            revised=revised,
        )

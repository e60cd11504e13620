"""Discord and Discourse as far as a key goes: what each does with a post that it has already.

Discord knows a nonce for three minutes, and answers with the earlier message. Discourse knows the `external_id` of
a topic for ever, and refuses a reply with the text of one less than five minutes old. Both can be asked for a post
by the mark in its text, whatever its age.
"""

from dataclasses import dataclass, field
from datetime import timedelta

NONCE = timedelta(minutes=3).total_seconds()
UNIQUE_POSTS = timedelta(minutes=5).total_seconds()
FOR_EVER = float("inf")


class Taken(Exception):
    """422: there is such a post. The answer does not say which."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post of the bot: what it says, and the mark it carries."""

    id: str
    says: str
    mark: str
    at: float


@dataclass
class Place:
    """A channel, a forum: the posts in it, and for how long it knows a key."""

    posts: list[Post] = field(default_factory=list[Post])

    def window(self, kind: str) -> float:
        """For how many seconds the key of such a post is known."""
        raise NotImplementedError

    def receive(self, says: str, mark: str, kind: str, at: float) -> str:
        """A request to post has come in."""
        for post in self.posts:
            if post.mark == mark and at - post.at <= self.window(kind):
                return self.known(post)
        self.posts.append(Post(id=str(len(self.posts) + 1), says=says, mark=mark, at=at))
        return self.posts[-1].id

    def known(self, post: Post) -> str:
        """What is answered to a key that is known."""
        raise NotImplementedError

    def look(self, mark: str) -> str | None:
        """A request to look for a post has come in."""
        return next((post.id for post in self.posts if post.mark == mark), None)


class DiscordPlace(Place):
    """`nonce` with `enforce_nonce`."""

    def window(self, kind: str) -> float:
        """The past few minutes."""
        return NONCE

    def known(self, post: Post) -> str:
        """The earlier message."""
        return post.id


class DiscoursePlace(Place):
    """`external_id` for topics, `unique_posts_mins` for replies."""

    def window(self, kind: str) -> float:
        """A topic's is an index in the database."""
        return FOR_EVER if kind == "topic" else UNIQUE_POSTS

    def known(self, post: Post) -> str:
        """422."""
        raise Taken

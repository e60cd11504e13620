"""The thread as the page sees it: what it asks of the store, and how a post becomes JSON."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.render import html, table_html, words
from bot.values import Choice, Image, Person, Reply, escape

MAX_NAME = 60  # signs by which a post without a title is called
BROUGHT = "The picture on this post."


class Post(Protocol):
    """One post: the bot's if it has a `reply`, else a person's `text`."""

    @property
    def id(self) -> int:
        """Its number; a later post has a higher one."""
        ...

    @property
    def text(self) -> str:
        """What was written."""
        ...

    @property
    def reply(self) -> Reply | None:
        """What the bot said."""
        ...

    @property
    def answers(self) -> int | None:
        """The number of the post it answers."""
        ...

    @property
    def at(self) -> datetime:
        """When it was written."""
        ...

    @property
    def edited(self) -> datetime | None:
        """When it was last changed."""
        ...

    @property
    def title(self) -> str:
        """Its title; most have none."""
        ...

    @property
    def pictured(self) -> bool:
        """Whether a person put a picture on it."""
        ...


class Store(Protocol):
    """Where posts are kept (`bot.posts.Posts`); its errors are `bot.errors.PlatformError`."""

    async def say(
        self, author: str, text: str, at: datetime, *, key: str, picture: bytes = b""
    ) -> tuple[Post, bool]:
        """Keep what a person wrote, and the picture on it, once per key; whether it is new."""
        ...

    async def picture(self, number: int) -> bytes:
        """The picture on a person's post; empty where there is none."""
        ...

    async def reply(
        self, reply: Reply, at: datetime, *, key: str, answers: int | None = None, title: str = ""
    ) -> Post:
        """Keep what the bot says, once per key."""
        ...

    async def edit(self, number: int, reply: Reply, at: datetime) -> Post:
        """Put `reply` in the place of an earlier one."""
        ...

    async def pin(self, number: int, *, pinned: bool) -> Post:
        """Pin a post of the bot, or unpin it."""
        ...

    async def pinned(self) -> Sequence[Post]:
        """The posts that are pinned, newest first."""
        ...

    async def get(self, number: int) -> Post | None:
        """The post of that number."""
        ...

    async def under(self, key: str) -> Post | None:
        """What the bot said under that key."""
        ...

    async def after(self, number: int) -> Sequence[Post]:
        """The next page of posts, oldest first."""
        ...

    async def latest(self, before: int | None = None) -> Sequence[Post]:
        """The newest page of posts, of those before a number if one is given; oldest first."""
        ...

    async def unanswered(self, since: datetime) -> Sequence[Post]:
        """What people wrote since then and nothing answers."""
        ...


class View:
    """Posts as JSON for the page. `prefix` starts a command, which is shown as it was typed: `M*A*S*H`."""

    def __init__(self, person: Person, prefix: str) -> None:
        self._person, self._prefix = person, prefix

    def posts(self, posts: Sequence[Post]) -> list[dict[str, Any]]:
        """Each post, ready to show: its HTML is safe."""
        return [self.post(post) for post in posts]

    def post(self, post: Post) -> dict[str, Any]:
        """One post, ready to show."""
        reply = post.reply or Reply(text=self._typed(post.text))
        return {
            "id": post.id,
            "bot": post.reply is not None,
            "name": "Bot" if post.reply is not None else self._person.name,
            "title": post.title,
            "text": post.text,
            "html": html(reply.text),
            "table": table_html(reply.table) if reply.table else None,
            "pictures": [
                *([{"src": f"/posts/{post.id}/picture", "alt": BROUGHT}] if post.pictured else []),
                *(
                    {"src": f"/pictures/{picture_key(image)}.{image.kind}?post={post.id}", "alt": image.alt}
                    for image in reply.images
                ),
            ],
            **({"file": {"name": reply.file.name, "src": f"/posts/{post.id}/file"}} if reply.file else {}),
            "choices": [_choice(choice) for choice in reply.choices],
            "answers": post.answers,
            "unfinished": reply.unfinished,
            "at": post.at.isoformat(),
            "edited": post.edited and post.edited.isoformat(),
        }

    def pinned(self, posts: Sequence[Post]) -> list[dict[str, Any]]:
        """Where each pinned post is, and what to call it: its title, else its first words."""
        return [{"id": post.id, "title": post.title or _first_words(post.text)} for post in posts]

    def _typed(self, text: str) -> str:
        return escape(text) if text.startswith(self._prefix) and "\n" not in text else text


def _first_words(text: str) -> str:
    said = " ".join(words(text[: MAX_NAME * 4]).split())
    return said if len(said) <= MAX_NAME else f"{said[: MAX_NAME - 1].rstrip()}…"


def picture_key(image: Image) -> str:
    """What the picture is known by: the same drawing of the same data has the same key."""
    said = json.dumps([image.plot, image.data], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _choice(choice: Choice) -> dict[str, str]:
    plain = {"label": choice.label, "command": choice.command}
    return plain | {"ask": choice.ask} if choice.ask else plain

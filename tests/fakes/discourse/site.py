"""The forum as a test scripts it: an admin sets it up, people act in their browsers, and one looks at it."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.discourse import hooks, polls, posting, routes_topics, shapes, telling, texts
from tests.fakes.discourse.posting import Draft
from tests.fakes.discourse.scopes import SCOPES
from tests.fakes.discourse.state import AUTOMATIC, State, real_time
from tests.fakes.discourse.values import (
    NOTHING,
    READ_ONLY,
    REPLY_ONLY,
    ApiKey,
    Category,
    Group,
    Poll,
    Post,
    Queued,
    Tag,
    Topic,
    User,
)

LONG_AGO = timedelta(days=400)


class Site(State):
    """A new forum: system (-1), discobot (-2), the automatic groups, Uncategorized and General."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = real_time,
        settings: Mapping[str, Any] | None = None,
        pages: str = "new",
        tags: str = "objects",
    ) -> None:
        super().__init__(now=now, settings=settings, pages=pages, tags=tags)
        for name, number in AUTOMATIC.items():
            self.groups[name] = Group(id=number, name=name, automatic=True, mentionable=False)
        for number, name in ((-1, "system"), (-2, "discobot")):
            created = self.now() - LONG_AGO
            self.users[number] = User(
                id=number, username=name, trust=4, admin=True, moderator=True, created_at=created
            )
        self.general = [self.category(name) for name in ("Uncategorized", "General")][1]

    # The admin's side

    def user(
        self,
        username: str,
        *,
        trust: int = 2,
        admin: bool = False,
        moderator: bool = False,
        groups: Sequence[str] = (),
    ) -> User:
        """Somebody new, put into groups, which are made where they don't exist."""
        if self.by_name(username):
            raise ValueError(f"there is a {username} already")
        user = User(
            id=self.next_id("user"),
            username=username,
            trust=trust,
            admin=admin,
            moderator=moderator,
            created_at=self.now() - LONG_AGO,
        )
        self.users[user.id] = user
        for name in groups:
            self.group(name).members.add(user.id)
        return user

    def group(self, name: str) -> Group:
        """The group of that name, made if need be."""
        if name not in self.groups:
            self.groups[name] = Group(id=self.next_id("group"), name=name)
        return self.groups[name]

    def category(
        self,
        name: str,
        *,
        moderators: str | None = None,
        reply_only_for: str | Iterable[str] = (),
        read_only_for: str | Iterable[str] = (),
        hidden_from: str | Iterable[str] = (),
    ) -> Category:
        """A new category. A moderating group switches category moderation on, unless `settings` says otherwise."""
        levels: dict[str, int] = {}
        for level, names in ((REPLY_ONLY, reply_only_for), (READ_ONLY, read_only_for), (NOTHING, hidden_from)):
            levels |= dict.fromkeys([names] if isinstance(names, str) else names, level)
        for group in [*levels, *([moderators] if moderators else [])]:
            self.group(group)
        if moderators and "enable_category_group_moderation" not in self.overridden:
            self.settings["enable_category_group_moderation"] = True
        number = self.next_id("category")
        made = Category(id=number, name=name, slug=texts.slug(name), moderators=moderators, levels=levels)
        self.categories[number] = made
        return made

    def drop_category(self, category: Category) -> None:
        """Delete a category; its topics are deleted with it."""
        for topic in self.topics.values():
            if topic.category is category:
                self.remove(topic)
        del self.categories[category.id]

    def tag(self, name: str) -> Tag:
        """A tag that everybody may use."""
        return self.tags.setdefault(name, Tag(id=self.next_id("tag"), name=name))

    def key(self, user: User | None = None, scopes: Sequence[str] | None = None) -> str:
        """An API key: of one user or of all, for everything or for these scopes alone."""
        unknown = set(scopes or ()) - set(SCOPES)
        if unknown:
            raise ValueError(f"no such scopes: {sorted(unknown)}")
        text = secrets.token_hex(32)
        self.keys[text] = ApiKey(text=text, user=user, scopes=None if scopes is None else tuple(scopes))
        return text

    def revoke(self, key: str) -> None:
        """End a key."""
        self.keys[key].revoked = True

    def silence(self, user: User) -> None:
        """Somebody may write no more."""
        user.silenced = True

    def suspend(self, user: User) -> None:
        """Somebody may not come in any more."""
        user.suspended = True

    def close(self, topic: Topic, *, enabled: bool = True) -> None:
        """Close a topic, or open it."""
        routes_topics.set_status(self, self.users[-1], topic, "closed", enabled=enabled)

    def archive(self, topic: Topic, *, enabled: bool = True) -> None:
        """Archive a topic, or take it back."""
        routes_topics.set_status(self, self.users[-1], topic, "archived", enabled=enabled)

    def slow(self, topic: Topic, seconds: int) -> None:
        """Slow mode."""
        topic.slow_seconds = seconds

    def remove(self, topic: Topic) -> None:
        """Delete a topic."""
        topic.deleted_at = self.now()
        telling.reload(self, topic)

    def hide(self, post: Post) -> None:
        """Hide a post, as flags do."""
        post.hidden = True
        telling.on_topic(self, post, "acted")

    def approve(self, queued: Queued) -> Post:
        """Let a waiting post through."""
        self.queue.remove(queued)
        topic = None if queued.topic_id is None else self.topics[queued.topic_id]
        return self._written(
            Draft(
                user=queued.user,
                raw=queued.raw,
                title=queued.title,
                topic=topic,
                category=queued.category,
                force=True,
            )
        )

    # People in their browsers

    def begin(
        self,
        user: User,
        title: str,
        raw: str,
        *,
        category: Category | None = None,
        tags: Sequence[str] = (),
        force: bool = False,
    ) -> Topic:
        """Begin a topic; `force` does without the rules."""
        where = category or self.general
        draft = Draft(user=user, raw=raw, title=title, category=where, tags=tags, force=force, browser=True)
        return self._written(draft).topic

    def message(self, user: User, to: Sequence[User], title: str, raw: str, *, force: bool = True) -> Topic:
        """Send a personal message."""
        return self._written(Draft(user=user, raw=raw, title=title, to=to, force=force, browser=True)).topic

    def say(
        self,
        user: User,
        raw: str,
        *,
        topic: Topic,
        reply_to: Post | int | None = None,
        force: bool = True,
        late: bool = False,
    ) -> Post:
        """Write into a topic. `late`: the id is taken now, but nobody sees the post until it may `appear`."""
        number = reply_to.number if isinstance(reply_to, Post) else reply_to
        return self._written(
            Draft(user=user, raw=raw, topic=topic, reply_to=number, force=force, browser=True, late=late)
        )

    def appear(self, post: Post) -> None:
        """Commit a late post."""
        posting.appear(self, post)

    def change(self, post: Post, raw: str, by: User | None = None, *, force: bool = True) -> None:
        """Edit a post."""
        posting.edit(self, by or post.user, post, raw, force=force)

    def delete(self, post: Post, by: User | None = None) -> None:
        """Delete a post; a moderator does, unless `by` says who."""
        posting.delete(self, by or self.users[-1], post, force=True)

    def vote(self, user: User, post: Post, poll: str = "poll", options: Sequence[str] = ()) -> Poll:
        """Vote for options by their texts."""
        texts = polls.find(post, poll).options
        return polls.vote(self, user, post, poll, [key for key, text in texts.items() if text in options])

    def present(self, user: User) -> None:
        """Somebody looks at the forum; from now on they are notified live."""
        user.seen_at = self.now()

    # What one sees of it

    def shown(self, topic: Topic) -> str:
        """The topic as its readers see it."""
        marks = [name for name in ("closed", "archived") if getattr(topic, name)]
        marks += ["pinned"] if shapes.pinned(self, topic) else []
        marks += ["deleted"] if topic.deleted_at else []
        marks += [f"#{name}" for name in topic.tags]
        head = topic.title + (f" ({', '.join(marks)})" if marks else "")
        return "\n\n".join([head, *(self._shown(post) for post in self.posts(topic))])

    def _shown(self, post: Post) -> str:
        target = "" if post.reply_to is None else f" → #{post.reply_to}"
        if post.action_code:
            return f"#{post.number} {post.user.username} {post.action_code}"
        raw = "(hidden)" if post.hidden else re.sub(r"\n{3,}", "\n\n", texts.COMMENT.sub("", post.raw)).strip()
        return f"#{post.number} {post.user.username}{target}\n{raw}"

    async def ring_hooks(self) -> list[int]:
        """Send what waits for the hooks, in its order; the statuses, 0 where nobody answered."""
        waiting, self.outgoing = self.outgoing, []
        return await hooks.send(waiting)

    def _written(self, draft: Draft) -> Post:
        post = posting.create(self, draft)
        if isinstance(post, Queued):
            raise ValueError("this would wait for approval: write it with force=True")
        return post

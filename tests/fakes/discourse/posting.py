"""Writing: new topics, replies and messages, edits, deletions. One call is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.fakes.discourse import limits, polls, rights, rules, telling, texts
from tests.fakes.discourse.state import State, forbidden
from tests.fakes.discourse.values import SMALL_ACTION, Category, Post, Problem, Queued, Tag, Topic, User

GONE = "The topic was closed or deleted, or you may not write there."


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody wants to write.

    `force` skips all rules; `unchecked` is the API's skip_validations; `browser` is a person, without gaps between
    posts.
    """

    user: User
    raw: str
    title: str | None = None
    category: Category | None = None
    topic: Topic | None = None
    reply_to: int | None = None
    tags: Sequence[str] = ()
    to: Sequence[User] | None = None
    external_id: str | None = None
    created_at: datetime | None = None
    force: bool = False
    unchecked: bool = False
    browser: bool = False
    late: bool = False


def create(state: State, draft: Draft) -> Post | Queued:
    """Write it, or raise what speaks against it."""
    if not draft.force:
        _permit(state, draft)
        found = _problems(state, draft)
        if found:
            raise Problem(422, *found, action="create_post")
    made = polls.read(state, draft.user, draft.raw)
    category = draft.topic.category if draft.topic else draft.category
    if category and category.id in state.approval and not draft.force and not draft.user.staff:
        queued = Queued(
            id=state.next_id("queued"),
            user=draft.user,
            raw=draft.raw,
            title=draft.title,
            topic_id=draft.topic and draft.topic.id,
            category=category,
        )
        state.queue.append(queued)
        return queued
    if not (draft.force or draft.unchecked or draft.browser):
        _count(state, draft)
    post = write(state, draft)
    post.polls = made
    rules.remember(state, post)
    if not draft.late:
        appear(state, post)
    return post


def _permit(state: State, draft: Draft) -> None:
    """Refuse a writer, not a text."""
    user = draft.user
    if draft.topic is None and draft.title is None:
        raise Problem(422, "Title can't be blank", action="create_post")
    if draft.topic is not None:
        if found := rules.slow(state, user, draft.topic):
            raise Problem(422, *found, action="create_post")
        if draft.to is not None:
            raise Problem(422, "A message cannot be made of a topic that is there.", action="create_post")
        if not rights.replies(state, user, draft.topic):
            raise Problem(422, GONE, action="create_post")
    elif draft.to is None and not rights.opens(state, user, draft.category):
        raise forbidden()


def _problems(state: State, draft: Draft) -> list[str]:
    user, private = draft.user, draft.to is not None or (draft.topic is not None and draft.topic.private)
    found: list[str] = []
    if draft.topic is None:
        found += _topic_problems(state, draft, private=private)
    if draft.unchecked:
        return found
    if not (private and _with_a_robot(state, draft)):
        found += rules.body(state, user, draft.raw, private=private)
    found += rules.similar(state, user, draft.raw, private=private)
    if draft.topic is not None:
        found += rules.turns(state, user, draft.topic)
    return found


def _topic_problems(state: State, draft: Draft, *, private: bool) -> list[str]:
    found: list[str] = []
    if not draft.unchecked:
        title = texts.tidy(draft.title or "", prettify=state.settings["title_prettify"])
        found += rules.title(state, draft.user, title, private=private)
    if not private and draft.category is None and not state.settings["allow_uncategorized_topics"]:
        found.append("Category can't be blank")
    if draft.external_id is not None:
        wanted = draft.external_id.lower()
        if any((each.external_id or "").lower() == wanted for each in state.topics.values()):
            found.append("External has already been taken")
    return found


def _with_a_robot(state: State, draft: Draft) -> bool:
    """Whether the only other one is a bot of the forum's own, to whom one may be brief."""
    ids = (
        {user.id for user in draft.to}
        if draft.to is not None
        else set((draft.topic and draft.topic.allowed) or ())
    )
    others = ids - {draft.user.id}
    return len(others) == 1 and min(others) < 0


def _count(state: State, draft: Draft) -> None:
    if draft.topic is None:
        limits.topic(state, draft.user, private=draft.to is not None)
    else:
        limits.reply(state, draft.user)


def write(state: State, draft: Draft) -> Post:
    """Put the post into its place, and the topic there first if it has none."""
    topic = draft.topic or _topic(state, draft)
    at = draft.created_at or state.now()
    topic.highest += 1
    post = Post(
        id=state.next_id("post"),
        topic=topic,
        number=topic.highest,
        user=draft.user,
        editor=draft.user,
        raw=draft.raw.rstrip(),
        created_at=at,
        updated_at=at,
        last_version_at=at,
        reply_to=draft.reply_to,
        late=draft.late,
    )
    state.all_posts[post.id] = post
    return post


def appear(state: State, post: Post) -> None:
    """Commit: from now on the post is there."""
    post.late = False
    post.topic.bumped_at = max(post.topic.bumped_at, post.created_at)
    if target := state.numbered(post.topic, post.reply_to):
        target.reply_count += 1
    telling.created(state, post)


def _topic(state: State, draft: Draft) -> Topic:
    at = draft.created_at or state.now()
    title = texts.tidy(draft.title or "", prettify=state.settings["title_prettify"])
    allowed = None if draft.to is None else {draft.user.id, *(user.id for user in draft.to)}
    topic = Topic(
        id=state.next_id("topic"),
        title=title,
        slug=texts.slug(title),
        user=draft.user,
        category=draft.category if allowed is None else None,
        created_at=at,
        bumped_at=at,
        tags=tags(state, draft.user, draft.tags, force=draft.force),
        external_id=draft.external_id,
        allowed=allowed,
    )
    state.topics[topic.id] = topic
    return topic


def tags(state: State, user: User, names: Sequence[str], *, force: bool = False) -> tuple[str, ...]:
    """The tags that the topic gets: unknown ones are made by who may, and dropped silently otherwise."""
    wanted = [texts.slug(name) for name in names][: state.settings["max_tags_per_topic"]]
    if force or user.staff or user.trust >= state.settings["trust_to_create_tag"]:
        for name in wanted:
            if name not in state.tags:
                state.tags[name] = Tag(id=state.next_id("tag"), name=name)
    return tuple(dict.fromkeys(name for name in wanted if name in state.tags))


def edit(
    state: State,
    user: User,
    post: Post,
    raw: str,
    *,
    reason: str | None = None,
    force: bool = False,
    bump: bool = True,
) -> None:
    """Change a post's text. Only what makes a new version is counted, and bumps the topic of its last post."""
    if not force:
        _may_edit(state, user, post, raw)
    raw = raw.rstrip()
    if raw == post.raw:
        return
    before, now, topic = post.raw, state.now(), post.topic
    fresh = _new_version(state, user, post, raw, reason)
    if fresh and not force:
        if topic.slow_seconds and not user.staff:
            raise Problem(422, "This topic is in slow mode: it is too late for an edit.")
        limits.edit(state, user)
    polls.change(state, post, polls.read(state, post.user, raw))
    if fresh:
        post.version += 1
        post.last_version_at, post.edit_reason = now, reason
        if bump and post.number == topic.highest:
            topic.bumped_at = max(topic.bumped_at, now)
    post.raw, post.updated_at, post.editor = raw, now, user
    telling.edited(state, post, before)


def _may_edit(state: State, user: User, post: Post, raw: str) -> None:
    if not rights.edits(state, user, post):
        raise forbidden()
    if rights.too_late(state, user, post):
        raise Problem(422, "That post was created too long ago. It can no longer be edited or deleted.")
    found = rules.body(state, user, raw, private=post.topic.private) + rules.similar(
        state, user, raw, private=post.topic.private, but=post
    )
    if found:
        raise Problem(422, *found)


def _new_version(state: State, user: User, post: Post, raw: str, reason: str | None) -> bool:
    trusted = user.trust >= 2 or user.staff
    name = "editing_grace_period_max_diff" + ("_high_trust" if trusted else "")
    fresh = state.now() <= post.last_version_at + timedelta(seconds=state.settings["editing_grace_period"])
    given = bool(reason) and reason != post.edit_reason
    return given or not fresh or user is not post.editor or _changed(post.raw, raw) > state.settings[name]


def _changed(before: str, after: str) -> int:
    """About how many characters differ: what is left between the common start and end."""
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    end = next((n for n in range(shorter - start) if before[-1 - n] != after[-1 - n]), shorter - start)
    return max(len(before), len(after)) - start - end


def delete(state: State, user: User, post: Post, *, force: bool = False) -> None:
    """Take a post away: staff for good, its author by leaving a note in its place."""
    staff = user.staff or rights.moderates(state, user, post.topic.category)
    if not force:
        if not staff and (post.user is not user or post.number == 1 or post.topic.archived):
            raise forbidden()
        limits.deletion(state, user)
    if staff:
        post.deleted_at = state.now()
        if post.number == 1:
            post.topic.deleted_at = state.now()
    else:
        post.user_deleted = True
        post.raw, post.version, post.updated_at = "(post deleted by author)", post.version + 1, state.now()
    telling.destroyed(state, post)


def small_action(state: State, user: User, topic: Topic, code: str) -> Post:
    """The line in the topic that says who closed or pinned it."""
    post = write(state, Draft(user=user, raw="", topic=topic, force=True))
    post.kind, post.action_code = SMALL_ACTION, code
    appear(state, post)
    return post

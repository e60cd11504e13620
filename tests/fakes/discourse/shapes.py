"""The forum's records as its JSON has them. What a bot has no use for is there with a plausible constant."""

from datetime import UTC, datetime
from typing import Any

from tests.fakes.discourse import polls, rights, texts
from tests.fakes.discourse.state import State
from tests.fakes.discourse.values import Category, Notification, Post, Topic, Upload, User

AVATAR = "/letter_avatar_proxy/v4/letter/x/71e660/{size}.png"
NO_FLAIR: dict[str, Any] = {
    "primary_group_name": None,
    "flair_name": None,
    "flair_url": None,
    "flair_bg_color": None,
    "flair_color": None,
    "flair_group_id": None,
}


def stamp(at: datetime) -> str:
    """An instant as the forum writes it: `2026-11-25T07:00:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def maybe(at: datetime | None) -> str | None:
    """An instant, if there is one."""
    return None if at is None else stamp(at)


def person(user: User) -> dict[str, Any]:
    """A user in short."""
    return {"id": user.id, "username": user.username, "name": user.username.title(), "avatar_template": AVATAR}


def participant(user: User, posts: int) -> dict[str, Any]:
    """Somebody who wrote in a topic."""
    roles = {"admin": user.admin, "moderator": user.moderator, "trust_level": user.trust}
    return person(user) | NO_FLAIR | roles | {"post_count": posts}


def post(state: State, each: Post, user: User | None, *, raw: bool = False) -> dict[str, Any]:
    """A post as `user` sees it."""
    topic, author = each.topic, each.user
    can_edit = user is not None and rights.edits(state, user, each) and not rights.too_late(state, user, each)
    target = state.numbered(topic, each.reply_to)
    made = each.polls and {
        "polls": polls.shown(state, each, user),
        "polls_votes": {
            name: poll.votes[user.id] for name, poll in each.polls.items() if user and user.id in poll.votes
        },
    }
    return {
        "id": each.id,
        "name": author.username.title(),
        "username": author.username,
        "avatar_template": AVATAR,
        "created_at": stamp(each.created_at),
        **({"raw": each.raw} if raw else {}),
        "cooked": texts.cooked(each.raw),
        "post_number": each.number,
        "post_type": each.kind,
        "posts_count": len(state.posts(topic)),
        "updated_at": stamp(each.updated_at),
        "reply_count": each.reply_count,
        "reply_to_post_number": each.reply_to,
        "quote_count": each.quote_count,
        "incoming_link_count": 0,
        "reads": 1,
        "readers_count": 0,
        "score": 0.0,
        "yours": each.user is user,
        "topic_id": topic.id,
        "topic_slug": topic.slug,
        "display_username": author.username.title(),
        **NO_FLAIR,
        "badges_granted": [],
        "version": each.version,
        "can_edit": can_edit,
        "can_delete": can_edit and each.number > 1,
        "can_recover": False,
        "can_see_hidden_post": True,
        "can_wiki": False,
        "user_title": None,
        "bookmarked": False,
        "actions_summary": [],
        "moderator": author.moderator,
        "admin": author.admin,
        "staff": author.staff,
        "user_id": author.id,
        "hidden": each.hidden,
        "trust_level": author.trust,
        "deleted_at": maybe(each.deleted_at),
        "user_deleted": each.user_deleted,
        "edit_reason": each.edit_reason,
        "can_view_edit_history": True,
        "wiki": each.wiki,
        "reviewable_id": 0,
        "reviewable_score_count": 0,
        "reviewable_score_pending_count": 0,
        "post_url": f"/t/{topic.slug}/{topic.id}/{each.number}",
        "mentioned_users": [
            person(called) for name in texts.mentions(each.raw) if (called := state.by_name(name)) is not None
        ],
        **({"reply_to_user": person(target.user)} if target else {}),
        **({"via_email": True, "is_auto_generated": True} if each.via_email else {}),
        **({"action_code": each.action_code} if each.action_code else {}),
        **({"locked": True} if each.locked else {}),
        **(made or {}),
    }


def listed_post(state: State, each: Post, user: User | None) -> dict[str, Any]:
    """A post in `/posts.json`."""
    topic = each.topic
    return post(state, each, user, raw=True) | {
        "topic_title": topic.title,
        "topic_html_title": topic.title,
        "category_id": topic.category and topic.category.id,
        "excerpt": each.raw[:300],
        "truncated": len(each.raw) > 300,
    }


def hook_post(state: State, each: Post) -> dict[str, Any]:
    """A post in a webhook: as the system sees it, without what depends on a reader."""
    topic = each.topic
    found = {
        key: value
        for key, value in listed_post(state, each, state.users[-1]).items()
        if key != "yours" and key != "actions_summary" and not key.startswith("can_")
    }
    return found | {
        "category_slug": topic.category and topic.category.slug,
        "topic_posts_count": len(state.posts(topic)),
        "topic_archetype": "private_message" if topic.private else "regular",
    }


def tags(state: State, names: tuple[str, ...]) -> list[Any]:
    """Tags as this version of the forum writes them."""
    if state.tags_are == "strings":
        return list(names)
    return [{"id": state.tags[name].id, "name": name, "slug": name} for name in names]


def topic_row(state: State, topic: Topic, user: User | None) -> dict[str, Any]:
    """A topic in a list."""
    posts = state.posts(topic)
    last = posts[-1] if posts else None
    return {
        "id": topic.id,
        "title": topic.title,
        "fancy_title": topic.title,
        "slug": topic.slug,
        "posts_count": len(posts),
        "reply_count": sum(each.reply_to is not None for each in posts),
        "highest_post_number": topic.highest,
        "image_url": None,
        "created_at": stamp(topic.created_at),
        "last_posted_at": last and stamp(last.created_at),
        "bumped": True,
        "bumped_at": stamp(topic.bumped_at),
        "archetype": "private_message" if topic.private else "regular",
        "unseen": False,
        "pinned": pinned(state, topic),
        "unpinned": None,
        "excerpt": posts[0].raw[:200] if posts else "",
        "visible": topic.visible,
        "closed": topic.closed,
        "archived": topic.archived,
        "bookmarked": False,
        "liked": False,
        "tags": tags(state, topic.tags),
        "tags_descriptions": {},
        "like_count": 0,
        "views": 1,
        "category_id": topic.category and topic.category.id,
        "featured_link": None,
        "pinned_globally": topic.pinned_globally,
        "has_summary": False,
        "last_poster_username": last and last.user.username,
        "posters": [
            {
                "extras": "latest",
                "description": "Original Poster",
                "user_id": topic.user.id,
                "primary_group_id": None,
            }
        ],
    }


def pinned(state: State, topic: Topic) -> bool:
    """Whether the topic stands at the top now."""
    return topic.pinned_at is not None and (topic.pinned_until is None or state.now() < topic.pinned_until)


def category(state: State, each: Category, user: User | None) -> dict[str, Any]:
    """A category in a list."""
    topics = [topic for topic in state.topics.values() if topic.category is each and topic.deleted_at is None]
    return {
        "id": each.id,
        "name": each.name,
        "color": "0088CC",
        "text_color": "FFFFFF",
        "style_type": "square",
        "emoji": None,
        "icon": None,
        "slug": each.slug,
        "topic_count": len(topics),
        "post_count": sum(len(state.posts(topic)) for topic in topics),
        "position": each.id,
        "description": None,
        "description_text": None,
        "description_excerpt": None,
        "topic_url": f"/t/about-the-{each.slug}-category/0",
        "read_restricted": rights.level(state, None, each) >= rights.NOTHING,
        "permission": rights.level(state, user, each),
        "notification_level": 1,
        "can_edit": bool(user and user.staff),
        "topic_template": None,
        "topic_title_placeholder": None,
        "has_children": False,
        "subcategory_count": None,
        "sort_order": None,
        "sort_ascending": None,
        "show_subcategory_list": False,
        "num_featured_topics": 3,
        "default_view": None,
        "subcategory_list_style": "rows_with_featured_topics",
        "default_top_period": "all",
        "default_list_filter": "all",
        "minimum_required_tags": 0,
        "navigate_to_first_post_after_read": False,
        "allow_global_tags": False,
        "required_tag_groups": [],
        "read_only_banner": None,
        "uploaded_logo": None,
        "uploaded_logo_dark": None,
        "uploaded_background": None,
        "uploaded_background_dark": None,
    }


def notification(state: State, each: Notification) -> dict[str, Any]:
    """A notification."""
    topic = each.post.topic
    return {
        "id": each.id,
        "user_id": each.user.id,
        "notification_type": each.kind,
        "read": each.read,
        "high_priority": each.kind == 6,
        "created_at": stamp(each.created_at),
        "post_number": each.post.number,
        "topic_id": topic.id,
        "slug": topic.slug,
        "fancy_title": topic.title,
        "data": {
            "topic_title": topic.title,
            "original_post_id": each.post.id,
            "original_post_type": each.post.kind,
            "original_username": each.by.username,
            "display_username": each.by.username,
            "revision_number": None,
        },
    }


def alert(state: State, each: Notification) -> dict[str, Any]:
    """A notification as the bus announces it."""
    topic = each.post.topic
    return {
        "notification_type": each.kind,
        "post_number": each.post.number,
        "topic_id": topic.id,
        "topic_title": topic.title,
        "excerpt": each.post.raw[:100],
        "username": each.by.username,
        "post_url": f"/t/{topic.slug}/{topic.id}/{each.post.number}",
    }


def upload(state: State, each: Upload) -> dict[str, Any]:
    """A file that was uploaded."""
    width, height = each.width or 0, each.height or 0
    scale = min(
        1.0, state.settings["max_image_width"] / max(width, 1), state.settings["max_image_height"] / max(height, 1)
    )
    name = f"{each.sha1}.{each.extension}"
    return {
        "id": each.id,
        "url": f"/uploads/default/original/1X/{name}",
        "original_filename": each.name,
        "filesize": len(each.data),
        "width": each.width,
        "height": each.height,
        "thumbnail_width": int(width * scale),
        "thumbnail_height": int(height * scale),
        "extension": each.extension,
        "short_url": f"upload://{each.short}.{each.extension}",
        "short_path": f"/uploads/short-url/{each.short}.{each.extension}",
        "retain_hours": None,
        "human_filesize": f"{len(each.data) / 1024:.1f} KB",
        "dominant_color": None,
    }

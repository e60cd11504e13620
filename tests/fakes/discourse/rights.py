"""Who may do what: staff, trust levels, a category's moderating group, and what the topic is like."""

from datetime import timedelta

from tests.fakes.discourse.state import AUTOMATIC, State
from tests.fakes.discourse.values import FULL, NOTHING, READ_ONLY, REPLY_ONLY, Category, Group, Post, Topic, User


def members(state: State, group: Group) -> list[User]:
    """Those in a group, the automatic groups included."""
    return [user for user in state.users.values() if user.id > 0 and belongs(user, group)]


def belongs(user: User, group: Group) -> bool:
    """Whether somebody is in a group."""
    if not group.automatic:
        return user.id in group.members
    if group.name.startswith("trust_level_"):
        return user.trust >= group.id - AUTOMATIC["trust_level_0"]
    return {
        "everyone": True,
        "admins": user.admin,
        "moderators": user.moderator,
        "staff": user.staff,
    }[group.name]


def level(state: State, user: User | None, category: Category | None) -> int:
    """What somebody may do in a category: FULL, REPLY_ONLY, READ_ONLY or NOTHING."""
    if category is None or (user and user.admin):
        return FULL
    mine = {name for name, group in state.groups.items() if name == "everyone" or (user and belongs(user, group))}
    return max((level for name, level in category.levels.items() if name in mine), default=FULL)


def moderates(state: State, user: User | None, category: Category | None) -> bool:
    """Whether somebody is in the category's moderating group, and the forum has switched that on."""
    if user is None or category is None or category.moderators is None:
        return False
    return bool(state.settings["enable_category_group_moderation"]) and belongs(
        user, state.groups[category.moderators]
    )


def sees(state: State, user: User | None, topic: Topic) -> bool:
    """Whether the topic exists for somebody."""
    if topic.allowed is not None:
        return user is not None and (user.admin or user.id in topic.allowed)
    if topic.deleted_at and not (user and (user.staff or moderates(state, user, topic.category))):
        return False
    return level(state, user, topic.category) < NOTHING


def sees_post(state: State, user: User | None, post: Post) -> bool:
    """Whether the post exists for somebody."""
    if post.late or not sees(state, user, post.topic):
        return False
    return post.deleted_at is None or bool(user and user.staff)


def readers(state: State, topic: Topic) -> frozenset[int] | None:
    """Who may read what the bus says of a topic; None is everybody."""
    if topic.allowed is None and level(state, None, topic.category) < NOTHING:
        return None
    return frozenset(user.id for user in state.users.values() if sees(state, user, topic))


def opens(state: State, user: User, category: Category | None) -> bool:
    """Whether somebody may begin a topic there."""
    return not user.silenced and level(state, user, category) == FULL


def replies(state: State, user: User, topic: Topic) -> bool:
    """Whether somebody may write into the topic."""
    if topic.deleted_at or not sees(state, user, topic):
        return False
    if topic.allowed is None and (user.silenced or level(state, user, topic.category) > REPLY_ONLY):
        return False
    return not (topic.closed or topic.archived) or governs(state, user, topic)


def governs(state: State, user: User, topic: Topic) -> bool:
    """Whether somebody may close, archive and pin the topic."""
    return user.staff or user.trust >= 4 or moderates(state, user, topic.category)


def edits(state: State, user: User, post: Post) -> bool:
    """Whether somebody may change the post at all, its age apart."""
    if post.deleted_at or post.user_deleted or not sees(state, user, post.topic):
        return False
    if user.staff or moderates(state, user, post.topic.category) or (user.trust >= 4 and not post.topic.private):
        return True
    if post.locked or post.topic.archived or user.silenced:
        return False
    if post.topic.allowed is None and level(state, user, post.topic.category) >= READ_ONLY:
        return False
    return post.user is user or (post.wiki and user.trust >= 1)


def too_late(state: State, user: User, post: Post) -> bool:
    """Whether the time in which somebody may change the post is over."""
    if user.staff or user.trust >= 4 or post.wiki or moderates(state, user, post.topic.category):
        return False
    name = "tl2_post_edit_time_limit" if user.trust >= 2 else "post_edit_time_limit"
    minutes = state.settings[name]
    return bool(minutes) and state.now() > post.created_at + timedelta(minutes=minutes)

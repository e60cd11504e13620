"""What the forum says of itself: settings, categories, tags, lists of topics."""

from typing import Any

from tests.fakes.discourse import rights, shapes
from tests.fakes.discourse.defaults import CLIENT
from tests.fakes.discourse.routing import Answer, Call, route
from tests.fakes.discourse.state import VERSION, State, missing
from tests.fakes.discourse.values import NOTIFICATION_TYPES, Category, Topic, User


@route("GET", "/srv/status", "forums/status", plain=True)
def srv_status(call: Call) -> Answer:
    """Whether the server is up."""
    return Answer(kind="text/plain", body="ok")


@route("GET", "/site", "site/site")
def site(call: Call) -> Answer:
    """Everything the web client wants to know at its start."""
    state, user = call.state, call.user
    tags = [{"id": tag.id, "name": tag.name, "slug": tag.name} for tag in state.tags.values()]
    body: dict[str, Any] = {
        "default_archetype": "regular",
        "notification_types": NOTIFICATION_TYPES,
        "post_types": {"regular": 1, "moderator_action": 2, "small_action": 3, "whisper": 4},
        "trust_levels": {"newuser": 0, "basic": 1, "member": 2, "regular": 3, "leader": 4},
        "groups": [_group(group.id, group.name, automatic=group.automatic) for group in state.groups.values()],
        "uncategorized_category_id": 1,
        "can_create_tag": bool(user) and _creates_tags(state, user),
        "can_tag_topics": bool(user),
        "can_tag_pms": False,
        "tags_filter_regexp": "[/\\?#\\[\\]@!$&'()*+,;=.%\\\\`^\\s|{}\"<>]+",
        "top_tags": tags if state.tags_are == "objects" else [tag["name"] for tag in tags],
        "categories": [shapes.category(state, each, user) for each in _categories(state, user)],
        "archetypes": [{"id": "regular", "name": "Regular Topic", "options": []}],
    }
    return Answer(body=body)


def _group(number: int, name: str, *, automatic: bool) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "automatic": automatic,
        "flair_url": None,
        "flair_bg_color": None,
        "flair_color": None,
    }


def _creates_tags(state: State, user: User | None) -> bool:
    return user is not None and (user.staff or user.trust >= state.settings["trust_to_create_tag"])


@route("GET", "/site/basic-info", "site/basic_info")
def basic_info(call: Call) -> Answer:
    """The forum's name and language."""
    settings = call.state.settings
    logos = ("logo_url", "logo_small_url", "apple_touch_icon_url", "favicon_url", "mobile_logo_url")
    body = dict.fromkeys(logos, "/images/logo.png") | {
        "title": settings["title"],
        "description": "",
        "header_primary_color": "333333",
        "header_background_color": "ffffff",
        "login_required": settings["login_required"],
        "locale": settings["default_locale"],
        "include_in_discourse_discover": False,
    }
    return Answer(body=body)


@route("GET", "/site/settings", "site/settings")
def settings(call: Call) -> Answer:
    """The settings that everybody may see."""
    return Answer(body={name: call.state.settings[name] for name in CLIENT})


@route("GET", "/about", "about/index")
def about(call: Call) -> Answer:
    """The version, the staff, some numbers."""
    state = call.state
    people = [user for user in state.users.values() if user.id > 0 and user.staff]
    body = {
        "title": state.settings["title"],
        "description": "",
        "locale": state.settings["default_locale"],
        "version": VERSION,
        "https": False,
        "can_see_about_stats": True,
        "stats": {"topics_count": len(state.topics), "posts_count": len(state.all_posts)},
        "admin_ids": [user.id for user in people if user.admin],
        "moderator_ids": [user.id for user in people if user.moderator],
    }
    return Answer(body={"users": [shapes.person(user) for user in people], "about": body})


@route("GET", "/categories", "categories/index")
def categories(call: Call) -> Answer:
    """The categories that one sees."""
    state, user = call.state, call.user
    more: dict[str, Any] = {
        "topics_day": 0,
        "topics_week": 0,
        "topics_month": 0,
        "topics_year": 0,
        "topics_all_time": 0,
        "is_uncategorized": False,
        "subcategory_ids": [],
    }
    found = [shapes.category(state, each, user) | more for each in _categories(state, user)]
    body = {"can_create_category": False, "can_create_topic": bool(user), "categories": found}
    return Answer(body={"category_list": body})


@route("GET", "/c/{id}/show", "categories/show")
def category(call: Call) -> Answer:
    """One category."""
    found = _category(call)
    group = found.moderators and call.state.groups[found.moderators].id
    more = {
        "custom_fields": {},
        "moderating_group_ids": [group] if group else [],
        "group_permissions": [
            {"permission_type": level, "group_name": name, "group_id": call.state.groups[name].id}
            for name, level in found.levels.items()
            if level <= rights.READ_ONLY
        ],
    }
    return Answer(body={"category": shapes.category(call.state, found, call.user) | more})


@route("GET", "/tags", "tags/index")
def tags(call: Call) -> Answer:
    """All tags."""
    topics = call.state.topics.values()
    found = [
        {
            "id": tag.id,
            "text": tag.name,
            "name": tag.name,
            "count": sum(tag.name in topic.tags for topic in topics),
            "pm_count": 0,
            "target_tag": None,
        }
        for tag in call.state.tags.values()
    ]
    return Answer(body={"tags": found, "extras": {"categories": []}})


@route("GET", "/latest", "list/latest")
def latest(call: Call) -> Answer:
    """The topics, the last bumped first."""
    return _list(call, [topic for topic in call.state.topics.values() if not topic.private])


@route("GET", "/c/{slug:[^/]+}/{id}", "list/category_latest")
@route("GET", "/c/{slug:[^/]+}/{id}/l/latest", "list/category_latest")
def category_topics(call: Call) -> Answer:
    """The topics of a category."""
    found = _category(call)
    return _list(call, [topic for topic in call.state.topics.values() if topic.category is found])


@route("GET", "/topics/private-messages/{name:[^/]+}", "list/private_messages")
def messages(call: Call) -> Answer:
    """One's own messages."""
    user = call.member()
    if call.text["name"].lower() != user.username.lower() and not user.admin:
        raise missing()
    owner = call.state.by_name(call.text["name"])
    topics = call.state.topics.values()
    return _list(
        call, [each for each in topics if owner and each.allowed is not None and owner.id in each.allowed]
    )


def _list(call: Call, topics: list[Topic]) -> Answer:
    state = call.state
    size, page = min(call.params.number("per_page") or 30, 100), call.params.number("page") or 0
    by_creation = call.params.text("order") == "created"
    seen = [
        each for each in topics if rights.sees(state, call.user, each) and each.visible and not each.deleted_at
    ]
    seen.sort(key=lambda each: each.created_at if by_creation else each.bumped_at, reverse=True)
    seen.sort(key=lambda each: not shapes.pinned(state, each))
    rows = [shapes.topic_row(state, each, call.user) for each in seen[page * size : (page + 1) * size]]
    users = {each.user.id: shapes.person(each.user) for each in seen}
    body: dict[str, Any] = {"can_create_topic": bool(call.user), "per_page": size, "topics": rows}
    if (page + 1) * size < len(seen):
        body["more_topics_url"] = f"{call.path}?page={page + 1}"
    return Answer(body={"users": list(users.values()), "primary_groups": [], "topic_list": body})


def _categories(state: State, user: User | None) -> list[Category]:
    return [each for each in state.categories.values() if rights.level(state, user, each) < rights.NOTHING]


def _category(call: Call) -> Category:
    found = call.state.categories.get(call.number("id"))
    if found is None or found not in _categories(call.state, call.user):
        raise missing()
    return found

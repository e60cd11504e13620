"""Topics: reading them, and their administration."""

from datetime import datetime
from typing import Any

from tests.fakes.discourse import posting, rights, rules, shapes, telling, texts
from tests.fakes.discourse.routing import Answer, Call, route
from tests.fakes.discourse.state import State, forbidden, missing
from tests.fakes.discourse.values import Post, Problem, Timer, Topic, User

CHUNK = 20
RAW_PAGE = 100
SLUG = r"[^/]*[^/\d][^/]*"
STATUSES = ("closed", "archived", "visible", "pinned", "pinned_globally")


@route("GET", "/t/external_id/{external:[\\w-]+}", "topics/show_by_external_id")
def by_external_id(call: Call) -> Answer:
    """Where the topic with that external id is."""
    wanted = call.text["external"].lower()
    for topic in call.state.topics.values():
        if (topic.external_id or "").lower() == wanted and rights.sees(call.state, call.user, topic):
            where = f"{call.root}/t/{topic.slug}/{topic.id}.json"
            return Answer(status=301, kind="text/html", body="moved", headers={"Location": where})
    raise missing()


@route("GET", "/t/{id}", "topics/show")
@route("GET", "/t/{id}/{number}", "topics/show")
@route("GET", f"/t/{{slug:{SLUG}}}/{{id}}", "topics/show")
@route("GET", f"/t/{{slug:{SLUG}}}/{{id}}/{{number}}", "topics/show")
def show(call: Call) -> Answer:
    """A topic with twenty of its posts: the first, those of `page`, or those around a number."""
    state, topic = call.state, visible(call)
    posts = _readable(state, call.user, topic)
    size = 1000 if call.params.flag("print") else CHUNK
    start = ((call.params.number("page") or 1) - 1) * size
    if "number" in call.text:
        before = [each for each in posts if each.number < call.number("number")]
        start = max(min(len(before) - 5, len(posts) - size), 0)
    if start and start >= len(posts):
        raise missing()
    body = _topic(state, call.user, topic)
    raw = call.params.flag("include_raw")
    body["post_stream"] = {
        "posts": [_in_stream(state, each, call.user, raw=raw) for each in posts[start : start + size]],
        "stream": [each.id for each in posts],
    }
    return Answer(body=body)


@route("GET", "/t/{id}/posts", "topics/posts")
def some_posts(call: Call) -> Answer:
    """The named posts of a topic; those that are not there are left out."""
    state, topic = call.state, visible(call)
    wanted = {int(each) for each in call.params.many("post_ids") if str(each).isdigit()}
    posts = _readable(state, call.user, topic)
    if wanted:
        posts = [each for each in posts if each.id in wanted]
    raw = call.params.flag("include_raw")
    stream = [_in_stream(state, each, call.user, raw=raw) for each in posts[: max(len(wanted), CHUNK)]]
    return Answer(body={"post_stream": {"posts": stream}, "id": topic.id})


@route("GET", "/t/{id}/post_ids", "topics/post_ids")
def post_ids(call: Call) -> Answer:
    """The ids of all posts of a topic."""
    posts = _readable(call.state, call.user, visible(call))
    return Answer(body={"post_ids": [each.id for each in posts]})


@route("GET", "/raw/{id}", "posts/markdown_num", plain=True)
@route("GET", "/raw/{id}/{number}", "posts/markdown_num", plain=True)
def raw(call: Call) -> Answer:
    """The raw text of a topic, or of one of its posts."""
    state, topic = call.state, visible(call)
    posts = _readable(state, call.user, topic)
    if "number" in call.text:
        found = next((each for each in posts if each.number == call.number("number")), None)
        if found is None:
            raise missing()
        return Answer(kind="text/plain", body=found.raw)
    start = ((call.params.number("page") or 1) - 1) * RAW_PAGE
    parts = [
        f"{each.user.username} | {each.updated_at:%Y-%m-%d %H:%M:%S} UTC | #{each.number}\n\n{each.raw}\n\n"
        for each in posts[start : start + RAW_PAGE]
    ]
    return Answer(kind="text/plain", body=("-" * 25 + "\n\n").join(parts))


@route("PUT", "/t/{id}/status", "topics/status")
def status(call: Call) -> Answer:
    """Close, archive, hide or pin a topic, or undo it."""
    state, user, topic = call.state, call.member(), visible(call)
    what, enabled = call.params.required("status"), call.params.flag("enabled")
    if what not in STATUSES:
        raise Problem(400, "You supplied invalid parameters to the request: status", kind="invalid_parameters")
    globally = what == "pinned_globally"
    if not (rights.governs(state, user, topic) and (not globally or user.staff or user.trust >= 4)):
        raise forbidden()
    set_status(state, user, topic, what, enabled=enabled, until=call.params.moment("until"))
    return Answer(body={"success": "OK", "topic_status_update": None})


def set_status(
    state: State, user: User, topic: Topic, what: str, *, enabled: bool, until: datetime | None = None
) -> None:
    """Put a topic into a state, or out of it; a change leaves a line in the topic."""
    if what in ("closed", "archived", "visible"):
        changed = getattr(topic, what) != enabled
        setattr(topic, what, enabled)
    else:
        changed = (topic.pinned_at is not None) != enabled or (enabled and topic.pinned_until != until)
        topic.pinned_at = state.now() if enabled else None
        topic.pinned_until = until if enabled else None
        topic.pinned_globally = enabled and what == "pinned_globally"
    if changed:
        posting.small_action(state, user, topic, f"{what}.{'enabled' if enabled else 'disabled'}")
        telling.reload(state, topic)
        if what == "closed":
            row = {"topic": shapes.topic_row(state, topic, None)}
            telling.hook(state, "topic", "topic_closed_status_updated", row)


@route("POST", "/t/{id}/timer", "topics/timer")
def timer(call: Call) -> Answer:
    """Have the forum itself close, open or delete the topic at a time; no time takes that back."""
    state, user, topic = call.state, call.member(), visible(call)
    kind, at = call.params.required("status_type"), call.params.moment("time")
    if not (user.staff or user.trust >= 4):
        raise forbidden()
    if at is not None and at <= state.now():
        raise Problem(422, "Execute at must be in the future")
    topic.timer = Timer(kind=kind, at=at, by=user) if at else None
    body = {
        "success": "OK",
        "execute_at": shapes.maybe(at),
        "duration_minutes": None,
        "based_on_last_post": call.params.flag("based_on_last_post"),
        "closed": topic.closed,
        "category_id": topic.category and topic.category.id,
    }
    return Answer(body=body)


def run_timers(state: State) -> None:
    """Do what is due."""
    for topic in state.topics.values():
        due = topic.timer
        if due is None or due.at > state.now():
            continue
        topic.timer = None
        if due.kind in ("close", "silent_close", "open"):
            set_status(state, state.users[-1], topic, "closed", enabled=due.kind != "open")
        elif due.kind == "delete":
            topic.deleted_at = state.now()


@route("PUT", f"/t/{{slug:{SLUG}}}/{{id}}", "topics/update")
def update(call: Call) -> Answer:
    """Change a topic's title, category or tags; the parameters stand by themselves or under `topic`."""
    state, user, topic = call.state, call.member(), visible(call)
    first = state.numbered(topic, 1)
    if first is None or not rights.edits(state, user, first):
        raise forbidden()
    params = call.params.below("topic") if "topic" in call.params else call.params
    if (title := params.text("title")) is not None:
        title = texts.tidy(title, prettify=state.settings["title_prettify"])
        if found := rules.title(state, user, title, private=topic.private, topic=topic):
            raise Problem(422, *found)
        topic.title, topic.slug = title, texts.slug(title)
    if (number := params.number("category_id")) is not None:
        category = state.categories.get(number)
        if category is None or not rights.opens(state, user, category):
            raise forbidden()
        topic.category = category
    if "tags" in params:
        names = [each.get("name", "") if isinstance(each, dict) else str(each) for each in params.many("tags")]
        topic.tags = posting.tags(state, user, names)
    telling.reload(state, topic)
    row = shapes.topic_row(state, topic, user)
    return Answer(
        body={"basic_topic": {name: row[name] for name in ("id", "title", "fancy_title", "slug", "posts_count")}}
    )


@route("PUT", "/t/{id}/slow_mode", "topics/set_slow_mode")
def slow_mode(call: Call) -> Answer:
    """Have everybody wait between posts."""
    user, topic = call.member(), visible(call)
    if not (user.staff or user.trust >= 4):
        raise forbidden()
    topic.slow_seconds = call.params.number("seconds") or 0
    return Answer(body={"success": "OK"})


@route("POST", "/t/{id}/notifications", "topics/set_notifications")
def notifications(call: Call) -> Answer:
    """Watch, track or mute a topic."""
    call.member()
    visible(call)
    return Answer(body={"success": "OK"})


@route("DELETE", "/t/{id}", "topics/destroy")
def destroy(call: Call) -> Answer:
    """Delete a topic."""
    user, topic = call.member(), visible(call)
    if not rights.governs(call.state, user, topic):
        raise forbidden()
    topic.deleted_at = call.state.now()
    telling.reload(call.state, topic)
    return Answer()


def visible(call: Call) -> Topic:
    """The topic that the path names, if it exists for who asks."""
    topic = call.state.topic(call.number("id"))
    if not rights.sees(call.state, call.user, topic):
        raise missing()
    return topic


def _readable(state: State, user: User | None, topic: Topic) -> list[Post]:
    return [each for each in state.posts(topic) if rights.sees_post(state, user, each)]


def _in_stream(state: State, each: Post, user: User | None, *, raw: bool) -> dict[str, Any]:
    found = shapes.post(state, each, user, raw=raw)
    return found | {"link_counts": [], "read": True}


def _topic(state: State, user: User | None, topic: Topic) -> dict[str, Any]:
    posts = state.posts(topic)
    writers = {each.user.id: each.user for each in posts}
    last = posts[-1].user if posts else topic.user
    writes = user is not None and rights.replies(state, user, topic)
    governs = user is not None and rights.governs(state, user, topic)
    timer = topic.timer and {"execute_at": shapes.stamp(topic.timer.at), "status_type": topic.timer.kind}
    row = shapes.topic_row(state, topic, user)
    for name in ("bumped", "bumped_at", "unseen", "excerpt", "liked", "last_poster_username", "posters"):
        del row[name]
    details = dict.fromkeys(DENIED, False) | dict.fromkeys(GOVERNED, governs)
    return row | {
        "timeline_lookup": [],
        "suggested_topics": [],
        "word_count": sum(len(each.raw.split()) for each in posts),
        "deleted_at": shapes.maybe(topic.deleted_at),
        "user_id": topic.user.id,
        "pinned_at": shapes.maybe(topic.pinned_at),
        "pinned_until": shapes.maybe(topic.pinned_until),
        "slow_mode_seconds": topic.slow_seconds,
        "slow_mode_enabled_until": None,
        "draft": None,
        "draft_key": f"topic_{topic.id}",
        "draft_sequence": 0,
        "current_post_number": 1,
        "deleted_by": None,
        "has_deleted": False,
        "actions_summary": [],
        "chunk_size": CHUNK,
        "bookmarked": False,
        "bookmarks": [],
        "topic_timer": timer,
        "message_bus_last_id": state.bus.last(f"/topic/{topic.id}"),
        "participant_count": len(writers),
        "show_read_indicator": False,
        "thumbnails": None,
        **({"external_id": topic.external_id} if topic.external_id else {}),
        "details": details
        | {
            "notification_level": 1,
            "can_create_post": writes,
            "can_edit": bool(posts) and user is not None and rights.edits(state, user, posts[0]),
            "can_remove_self_id": user.id if user else 0,
            "participants": [
                shapes.participant(each, sum(post.user is each for post in posts)) for each in writers.values()
            ],
            "created_by": shapes.person(topic.user),
            "last_poster": shapes.person(last),
        },
    }


GOVERNED = ("can_close_topic", "can_archive_topic", "can_pin_unpin_topic", "can_moderate_category")
DENIED = (
    *("can_move_posts", "can_delete", "can_remove_allowed_users", "can_reply_as_new_topic", "can_convert_topic"),
    *("can_review_topic", "can_split_merge_topic", "can_edit_staff_notes", "can_toggle_topic_visibility"),
)

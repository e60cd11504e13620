"""Posts: writing, changing, reading and listing them, and the polls in them."""

import hashlib
import json
from datetime import timedelta
from typing import Any, cast

from tests.fakes.discourse import polls, posting, rights, shapes, texts
from tests.fakes.discourse.params import Params
from tests.fakes.discourse.posting import Draft
from tests.fakes.discourse.routing import Answer, Call, route
from tests.fakes.discourse.rules import title as title_problems
from tests.fakes.discourse.state import State, forbidden, missing
from tests.fakes.discourse.values import REGULAR, Category, Post, Problem, Queued, User

PERMITTED = (
    *("raw", "title", "topic_id", "category", "tags", "archetype", "target_recipients", "target_usernames"),
    *("reply_to_post_number", "created_at", "embed_url", "external_id", "auto_track", "skip_validations"),
    *("import_mode", "no_bump", "whisper", "visible", "unlist_topic", "nested_post", "image_sizes", "is_warning"),
)
MEMO = timedelta(seconds=120)
PAGE = 50


@route("POST", "/posts", "posts/create")
def create(call: Call) -> Answer:
    """A topic, a reply or a message. With a key, the same request again within two minutes is the same post."""
    user, state = call.member(), call.state
    permitted = {name: call.params.values[name] for name in PERMITTED if name in call.params.values}
    text = json.dumps([user.id, permitted], sort_keys=True, default=str)
    name = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    at, known = state.memo.get(name, (None, None))
    if at is not None and state.now() < at + MEMO:
        return cast("Answer", known)
    try:
        answer = _created(call, user)
    except Problem as problem:
        if problem.action != "create_post":
            raise
        answer = Answer(status=422, body={"action": "create_post", "errors": list(problem.errors)})
    state.memo[name] = (state.now(), answer)
    return answer


def _created(call: Call, user: User) -> Answer:
    state, params = call.state, call.params
    made = posting.create(state, _draft(state, user, params))
    if isinstance(made, Queued):
        waiting = sum(each.user is user for each in state.queue)
        pending = {
            "id": made.id,
            "raw": made.raw,
            "topic_id": made.topic_id,
            "created_at": shapes.stamp(state.now()),
        }
        return Answer(
            body={"action": "enqueued", "success": True, "pending_count": waiting, "pending_post": pending}
        )
    body = shapes.post(state, made, user, raw=True) | {"draft_sequence": 0}
    return Answer(body={"action": "create_post", "post": body} if params.flag("nested_post") else body)


def _draft(state: State, user: User, params: Params) -> Draft:
    number, title = params.number("topic_id"), params.text("title")
    topic = None if number is None else state.topics.get(number)
    if number is not None and topic is None:
        raise Problem(422, posting.GONE, action="create_post")
    external = params.text("external_id")
    if external is not None and not _is_external_id(external):
        raise Problem(422, "External is invalid", action="create_post")
    return Draft(
        user=user,
        raw=params.required("raw"),
        title=title,
        topic=topic,
        reply_to=params.number("reply_to_post_number") if topic else None,
        category=_category(state, params),
        tags=_tag_names(params) if state.settings["tagging_enabled"] else (),
        to=_recipients(state, params),
        external_id=external if topic is None else None,
        created_at=params.moment("created_at"),
        unchecked=params.flag("skip_validations"),
    )


def _is_external_id(text: str) -> bool:
    return 0 < len(text) <= 50 and all(letter.isalnum() or letter in "_-" for letter in text) and text.isascii()


def _category(state: State, params: Params) -> Category | None:
    number = params.number("category")
    if number is not None and number not in state.categories:
        raise Problem(400, "You supplied invalid parameters to the request: category", kind="invalid_parameters")
    return None if number is None else state.categories[number]


def _tag_names(params: Params) -> list[str]:
    """Tags by name: plain strings as ever, or objects as the newest versions want them."""
    found: list[str] = []
    for each in params.many("tags"):
        name = cast("dict[str, Any]", each).get("name") if isinstance(each, dict) else each
        found += [name] if isinstance(name, str) and name else []
    return found


def _recipients(state: State, params: Params) -> list[User] | None:
    if params.text("archetype") != "private_message":
        return None
    names = (params.text("target_recipients") or params.text("target_usernames") or "").split(",")
    found: list[User] = []
    for name in filter(None, map(str.strip, names)):
        if user := state.by_name(name):
            found.append(user)
        elif name in state.groups:
            found += rights.members(state, state.groups[name])
        else:
            raise Problem(422, f"Sorry, the user {name} does not exist.", action="create_post")
    if not found:
        raise Problem(422, "You must select a valid user.", action="create_post")
    return found


@route("PUT", "/posts/{id}", "posts/update")
def update(call: Call) -> Answer:
    """Change a post; `original_text` has to be what stands there, if it is given."""
    user, state = call.member(), call.state
    post = visible(call)
    wanted = call.params.below("post")
    raw = wanted.required("raw")
    original = wanted.text("original_text") or wanted.text("raw_old")
    if original is not None and original.strip() != post.raw.strip():
        raise Problem(409, "That post was edited by another user and your changes can no longer be saved.")
    if call.params.flag("bypass_bump") and not (user.staff or user.trust >= 4):
        raise forbidden()
    if not rights.edits(state, user, post):
        raise forbidden()
    title = call.params.text("title") if post.number == 1 else None
    if title is not None:
        retitle(state, user, post, title)
    bump = not call.params.flag("bypass_bump")
    posting.edit(state, user, post, raw, reason=wanted.text("edit_reason"), bump=bump)
    return Answer(body={"post": shapes.post(state, post, user, raw=True) | {"draft_sequence": 0}})


def retitle(state: State, user: User, post: Post, text: str) -> None:
    """Give the first post's topic another title."""
    topic = post.topic
    title = texts.tidy(text, prettify=state.settings["title_prettify"])
    found = title_problems(state, user, title, private=topic.private, topic=topic)
    if found:
        raise Problem(422, *found)
    topic.title, topic.slug = title, texts.slug(title)


@route("DELETE", "/posts/{id}", "posts/destroy")
def destroy(call: Call) -> Answer:
    """Delete a post."""
    posting.delete(call.state, call.member(), visible(call))
    return Answer()


@route("GET", "/posts/{id}", "posts/show")
def show(call: Call) -> Answer:
    """One post with its raw text."""
    return Answer(body=shapes.post(call.state, visible(call), call.user, raw=True))


@route("GET", "/posts/by_number/{topic}/{number}", "posts/by_number")
def by_number(call: Call) -> Answer:
    """One post by its topic and its number there."""
    state = call.state
    post = state.numbered(state.topic(call.number("topic")), call.number("number"))
    if post is None or not rights.sees_post(state, call.user, post):
        raise missing()
    return Answer(body=shapes.post(state, post, call.user, raw=True))


@route("GET", "/posts/{id}/raw", "posts/markdown_id", plain=True)
def raw_text(call: Call) -> Answer:
    """A post's raw text alone."""
    return Answer(body=visible(call).raw, kind="text/plain")


@route("GET", "/posts/{id}/replies", "posts/replies")
def replies(call: Call) -> Answer:
    """The posts that reply to one."""
    state, post = call.state, visible(call)
    found = [each for each in state.posts(post.topic) if each.reply_to == post.number]
    return Answer(body=[shapes.post(state, each, call.user) for each in found])


@route("GET", "/posts", "posts/latest")
def latest(call: Call) -> Answer:
    """The newest public posts."""
    found = [post for post in _page(call) if not post.topic.private and post.topic.visible]
    body = [shapes.listed_post(call.state, post, call.user) for post in found[:PAGE]]
    return Answer(body={"latest_posts": body})


@route("GET", "/private-posts", "posts/latest")
def private(call: Call) -> Answer:
    """The newest posts of one's own messages."""
    user = call.member()
    found = [post for post in _page(call) if post.topic.allowed is not None and user.id in post.topic.allowed]
    return Answer(body={"private_posts": [shapes.listed_post(call.state, post, user) for post in found[:PAGE]]})


def _page(call: Call) -> list[Post]:
    """Visible posts before an id, newest first: a window of ids in old versions, a number of posts in new ones."""
    state, before = call.state, call.params.number("before") or 0
    posts = sorted(state.all_posts.values(), key=lambda each: -each.id)
    if state.pages == "old":
        top = before or (posts[0].id if posts else 0)
        posts = [each for each in posts if top - PAGE < each.id <= top]
    else:
        posts = [each for each in posts if each.kind == REGULAR and (not before or each.id < before)]
    return [each for each in posts if each.deleted_at is None and rights.sees_post(state, call.user, each)]


def visible(call: Call) -> Post:
    """The post that the path names, if it exists for who asks."""
    post = call.state.post(call.number("id"))
    if not rights.sees_post(call.state, call.user, post):
        raise missing()
    return post


def _polled(call: Call) -> tuple[Post, str]:
    post = call.state.post(call.params.number("post_id") or 0)
    if not rights.sees_post(call.state, call.user, post):
        raise missing()
    return post, call.params.required("poll_name")


@route("PUT", "/polls/vote", "polls/vote")
def vote(call: Call) -> Answer:
    """Vote in a poll."""
    user, (post, name) = call.member(), _polled(call)
    chosen = [str(each) for each in call.params.many("options")]
    poll = polls.vote(call.state, user, post, name, chosen)
    return Answer(body={"poll": polls.one(call.state, post, poll, user), "vote": poll.votes[user.id]})


@route("PUT", "/polls/toggle_status", "polls/toggle_status")
def toggle(call: Call) -> Answer:
    """Close a poll, or open it again."""
    user, (post, name) = call.member(), _polled(call)
    poll = polls.toggle(call.state, user, post, name, call.params.required("status"))
    return Answer(body={"poll": polls.one(call.state, post, poll, user)})


@route("GET", "/polls/voters", "polls/voters")
def voters(call: Call) -> Answer:
    """Who voted for what, in a public poll whose results one sees."""
    post, name = _polled(call)
    poll = polls.find(post, name)
    if not poll.public or not polls.open_results(call.state, post, poll, call.user):
        raise Problem(422, "You can't see the voters of this poll.")
    who = {
        option: [
            shapes.person(call.state.users[number]) for number, chosen in poll.votes.items() if option in chosen
        ]
        for option in poll.options
    }
    return Answer(body={"voters": who})

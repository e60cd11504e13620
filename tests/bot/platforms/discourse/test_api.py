"""Each endpoint: what is sent, and what becomes of the answer."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Budget, Priority
from bot.platforms.discourse.errors import Invalid, Missing, Unreachable
from bot.platforms.discourse.site import Category
from bot.platforms.discourse.values import Enqueued, Post, Upload, User
from tests.bot.platforms.discourse.little import Little, Say
from tests.bot.platforms.discourse.samples import POST, TOPIC

AT = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_reply_is_written(forum: Little, api: Api, wrapped: bool) -> None:
    """A reply names its topic and the post it answers; both forms of the forum's answer are understood."""
    forum.says(Say(plain={"action": "create_post", "post": POST} if wrapped else POST))
    post = await api.create_post("Hello <!-- sg:re/1 -->", topic_id=7, reply_to=2)
    assert isinstance(post, Post)
    assert post.id == 123
    (seen,) = forum.seen
    assert (seen.method, seen.path) == ("POST", "/forum/posts.json")
    assert seen.json == {"raw": "Hello <!-- sg:re/1 -->", "topic_id": 7, "reply_to_post_number": 2}


async def test_a_post_may_have_to_wait_for_approval(forum: Little, api: Api) -> None:
    """A forum that keeps a post for its moderators made no post yet: that is no error."""
    forum.says(Say(plain={"action": "enqueued", "success": True, "pending_count": 2, "pending_post": {"id": 9}}))
    assert await api.create_post("Hello", topic_id=7) == Enqueued(pending_count=2)


async def test_success_without_a_post_is_no_success(forum: Little, api: Api) -> None:
    """An answer without a post leaves it open whether there is one."""
    forum.says(Say(plain={}))
    with pytest.raises(Unreachable) as failed:
        await api.create_post("Hello", topic_id=7)
    assert failed.value.ambiguous


async def test_a_topic_is_begun(forum: Little, api: Api) -> None:
    """A topic has its category, its key and its tags, which newer forums take as objects."""
    forum.says(Say(plain=POST))
    await api.create_topic("Agenda", title="Week 8", category=4, tags=["week-8"], external_id="sg-8")
    await api.create_topic("Agenda", title="Week 9", category=4)
    assert forum.seen[0].json == {
        "raw": "Agenda",
        "title": "Week 8",
        "category": 4,
        "external_id": "sg-8",
        "tags": [{"name": "week-8"}],
    }
    assert forum.seen[1].json == {"raw": "Agenda", "title": "Week 9", "category": 4}


@pytest.mark.parametrize("status", [400, 422])
async def test_an_older_forum_gets_tags_as_names(forum: Little, api: Api, status: int) -> None:
    """A forum that refuses objects is sent names, and from then on at once."""
    forum.says(Say(status=status, plain={"errors": ["tags"]}), Say(plain=POST))
    await api.create_topic("Agenda", title="Week 8", category=4, tags=["week-8"])
    await api.update_topic(7, tags=["a", "b"])
    assert [seen.json["tags"] for seen in forum.seen] == [[{"name": "week-8"}], ["week-8"], ["a", "b"]]


async def test_a_title_that_is_refused_is_no_matter_of_tags(forum: Little, api: Api) -> None:
    """When names are refused as well, the forum's reason is handed on, and objects stay the way."""
    forum.says(Say(status=422, plain={"errors": ["Title has already been used"]}))
    for _ in range(2):
        with pytest.raises(Invalid, match="already been used"):
            await api.create_topic("Agenda", title="Week 8", category=4, tags=["week-8"])
    assert [seen.json["tags"] for seen in forum.seen] == [[{"name": "week-8"}], ["week-8"]] * 2


async def test_doubt_is_not_covered_by_tags(forum: Little, api: Api) -> None:
    """A refusal after a try that broke off may hide a topic that is there: nothing else is sent."""
    forum.says(Say(status=502), Say(status=422, plain={"errors": ["External has already been taken"]}))
    with pytest.raises(Invalid) as refused:
        await api.create_topic("Agenda", title="Week 8", category=4, tags=["week-8"])
    assert refused.value.ambiguous
    assert len(forum.seen) == 2


@pytest.mark.parametrize(
    ("shown", "names", "sent"),
    [
        (["x", "y"], ("x", "y"), ["a"]),
        ([{"id": 1, "name": "x"}], ("x",), [{"name": "a"}]),
        ([], (), [{"name": "a"}]),
    ],
)
async def test_a_topic_shows_how_the_forum_writes_tags(
    forum: Little, api: Api, shown: list[Any], names: tuple[str, ...], sent: list[Any]
) -> None:
    """Tags are read in both forms, and then sent in the form that the forum itself uses."""
    forum.says(Say(plain=TOPIC | {"tags": shown}))
    assert (await api.topic(7)).tags == names
    await api.update_topic(7, tags=["a"])
    assert forum.seen[-1].json == {"tags": sent}


async def test_a_topic_is_read(forum: Little, api: Api) -> None:
    """A topic holds its first posts with what was typed, and the ids of all."""
    forum.says(Say(plain=TOPIC))
    topic = await api.topic(7)
    assert (topic.id, topic.title, topic.tags, topic.stream) == (7, "Week 8", ("week-8",), (120, 123))
    assert (topic.closed, topic.pinned, topic.visible, topic.can_create_post) == (True, False, True, True)
    assert topic.posts[0].raw == "!recommend"
    assert topic.message_bus_last_id == 41
    assert forum.seen[0].query == {"include_raw": ["true"]}


async def test_posts_of_a_topic_come_in_twenties(forum: Little, api: Api) -> None:
    """Forty-one posts are three requests; none for none."""
    forum.says(Say(plain={"post_stream": {"posts": [POST]}}))
    assert len(await api.topic_posts(7, range(100, 141))) == 3
    assert [len(seen.query["post_ids[]"]) for seen in forum.seen] == [20, 20, 1]
    assert forum.seen[2].query == {"post_ids[]": ["140"], "include_raw": ["true"]}
    assert await api.topic_posts(7, []) == ()


async def test_a_topic_is_found_by_its_key(forum: Little, api: Api) -> None:
    """The forum sends us on to the topic of a key; a key it does not know is no topic."""
    forum.says(Say(status=301, headers={"Location": "/forum/t/week-8/7.json"}), Say(plain=TOPIC))
    topic = await api.topic_by_external_id("sg-8")
    assert topic is not None
    assert topic.id == 7
    assert forum.seen[0].path == "/forum/t/external_id/sg-8.json"
    forum.says(Say(status=404, plain={"errors": ["not found"], "error_type": "not_found"}))
    assert await api.topic_by_external_id("sg-9") is None


async def test_the_latest_posts(forum: Little, api: Api) -> None:
    """The newest posts, or those below an id; private ones come under another name."""
    forum.says(
        Say(plain={"latest_posts": [POST]}), Say(plain={"latest_posts": []}), Say(plain={"private_posts": [POST]})
    )
    assert [post.id for post in await api.posts_before()] == [123]
    assert await api.posts_before(150) == ()
    assert [post.id for post in await api.private_posts(150)] == [123]
    assert [(seen.path, seen.query) for seen in forum.seen] == [
        ("/forum/posts.json", {}),
        ("/forum/posts.json", {"before": ["150"]}),
        ("/forum/private-posts.json", {"before": ["150"]}),
    ]


async def test_an_edit(forum: Little, api: Api) -> None:
    """An edit sends what is new, and, where asked, why and over what."""
    forum.says(Say(plain={"post": POST}))
    assert (await api.edit_post(123, "new")).id == 123
    await api.edit_post(123, "new", reason="results", original="", quiet=True)
    assert forum.seen[0].json == {"post": {"raw": "new"}}
    assert forum.seen[1].json == {
        "post": {"raw": "new", "edit_reason": "results", "original_text": ""},
        "bypass_bump": True,
    }


async def test_an_upload(forum: Little, api: Api) -> None:
    """A picture goes as a form; what the forum made of it comes back."""
    made = {
        "id": 4,
        "short_url": "upload://x.jpeg",
        "extension": "jpeg",
        "width": 690,
        "height": 388,
        "filesize": 9,
    }
    forum.says(Say(plain=made), Say(plain=made), Say(plain={"failed": "FAILED", "message": "too large"}))
    assert await api.upload(b"\x89PNG", "plot.png") == Upload(
        id=4, short_url="upload://x.jpeg", extension="jpeg", width=690, height=388, size=9
    )
    assert forum.seen[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="upload_type"\r\n\r\ncomposer\r\n' in forum.seen[0].body
    assert b'filename="plot.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n' in forum.seen[0].body
    await api.upload(b"GIF89a", "slide.gif")
    assert b'filename="slide.gif"\r\nContent-Type: image/gif\r\n\r\nGIF89a\r\n' in forum.seen[1].body
    with pytest.raises(Invalid, match="too large"):
        await api.upload(b"\x89PNG", "plot.png")


CALLS: dict[str, tuple[Callable[[Api], Awaitable[object]], tuple[str, str, Any]]] = {
    "message": (
        lambda api: api.create_message("Hi", title="Reminder", recipients=["ada", "bob"], external_id="m1"),
        (
            "POST",
            "/forum/posts.json",
            {
                "raw": "Hi",
                "title": "Reminder",
                "archetype": "private_message",
                "external_id": "m1",
                "target_recipients": "ada,bob",
            },
        ),
    ),
    "pin": (
        lambda api: api.status(7, "pinned", True, until=AT),
        (
            "PUT",
            "/forum/t/7/status.json",
            {"status": "pinned", "enabled": "true", "until": "2026-12-01T18:30:00Z"},
        ),
    ),
    "open": (
        lambda api: api.status(7, "closed", False),
        ("PUT", "/forum/t/7/status.json", {"status": "closed", "enabled": "false"}),
    ),
    "timer": (
        lambda api: api.timer(7, "close", AT),
        ("POST", "/forum/t/7/timer.json", {"status_type": "close", "time": "2026-12-01T18:30:00Z"}),
    ),
    "no timer": (
        lambda api: api.timer(7, "close", None),
        ("POST", "/forum/t/7/timer.json", {"status_type": "close", "time": ""}),
    ),
    "title": (
        lambda api: api.update_topic(7, title="Week 8!"),
        ("PUT", "/forum/t/-/7.json", {"title": "Week 8!"}),
    ),
    "no tags": (lambda api: api.update_topic(7, tags=[]), ("PUT", "/forum/t/-/7.json", {"tags": []})),
    "poll": (
        lambda api: api.toggle_poll(123, "week8", "closed"),
        (
            "PUT",
            "/forum/polls/toggle_status.json",
            {"post_id": 123, "poll_name": "week8", "status": "closed"},
        ),
    ),
    "read": (lambda api: api.mark_read(5), ("PUT", "/forum/notifications/mark-read.json", {"id": 5})),
}


@pytest.mark.parametrize(("call", "sent"), CALLS.values(), ids=CALLS)
async def test_what_is_sent(
    forum: Little, api: Api, call: Callable[[Api], Awaitable[object]], sent: tuple[str, str, Any]
) -> None:
    """Each call is one request, of this form."""
    forum.says(Say(plain=POST))
    await call(api)
    (seen,) = forum.seen
    assert (seen.method, seen.path, seen.json) == sent


async def test_who_we_are(forum: Little, api: Api) -> None:
    """The account of the key; nobody is an error."""
    account = {"id": 9, "username": "sgbot", "trust_level": 2, "admin": False, "groups": [{"name": "bots"}]}
    forum.says(Say(plain={"current_user": account}), Say(status=404))
    assert await api.me() == User(
        id=9, username="sgbot", name="sgbot", trust_level=2, admin=False, moderator=False, groups=("bots",)
    )
    with pytest.raises(Missing):
        await api.me()


async def test_names_are_quoted(forum: Little, api: Api) -> None:
    """A name cannot lead to another address."""
    forum.says(Say(plain={"user": {"id": 5}}))
    assert (await api.user("../admin?x=ü")).id == 5
    assert forum.seen[0].path == "/forum/u/../admin?x=ü.json"
    assert forum.seen[0].query == {}


async def test_what_the_key_may_do(forum: Little, api: Api) -> None:
    """Scopes are named as `resource:action`; an unlimited key has none."""
    forum.says(
        Say(
            plain={"scopes": [{"resource": "topics", "action": "write"}, {"resource": "global", "action": "read"}]}
        ),
        Say(plain={"scopes": []}),
    )
    assert await api.scopes() == ("topics:write", "global:read")
    assert await api.scopes() == ()


async def test_all_members_of_a_group(forum: Little, api: Api) -> None:
    """All pages of a group are read, owners included, also when the forum does not say how many there are."""
    forum.says(
        Say(plain={"members": [{"id": each} for each in range(1, 201)], "owners": [], "meta": {"total": 201}}),
        Say(plain={"members": [{"id": 201}], "owners": [{"id": 500}], "meta": {"total": 201}}),
    )
    assert await api.group_members("readers") == {*range(1, 202), 500}
    assert [seen.query["offset"] for seen in forum.seen] == [["0"], ["200"]]
    forum.says(Say(plain={}))
    assert await api.group_members("nobody") == frozenset()


async def test_what_the_forum_says_of_itself(forum: Little, api: Api) -> None:
    """Settings, version, name and categories; what is not said is as on a forum that nobody changed."""
    forum.says(
        Say(plain={"min_post_length": 1, "authorized_extensions": "png|jpg", "tagging_enabled": False}),
        Say(plain={}),
        Say(plain={"title": "Readers", "login_required": True}),
        Say(plain={"about": {"title": "Readers", "version": "2026.11.0"}}),
        Say(plain={"category": {"id": 4, "name": "Study", "slug": "study", "permission": 1}}),
    )
    settings = await api.site_settings()
    assert (settings.min_post_length, settings.authorized_extensions) == (1, ("png", "jpg"))
    assert not settings.tagging_enabled
    defaults = await api.site_settings()
    assert (defaults.min_post_length, defaults.max_post_length, defaults.tagging_enabled) == (20, 32_000, True)
    info, about = await api.basic_info(), await api.about()
    assert (info.title, info.login_required, about.version) == ("Readers", True, "2026.11.0")
    assert await api.category(4) == Category(id=4, name="Study", slug="study", read_restricted=False, permission=1)


async def test_notifications(forum: Little, api: Api) -> None:
    """What the forum tells us of names the post where it can."""
    told = {"id": 1, "notification_type": 2, "topic_id": 7, "post_number": 3, "data": {"original_post_id": "123"}}
    forum.says(Say(plain={"notifications": [told, {"id": 2, "notification_type": 16}]}))
    first, second = await api.notifications()
    assert (first.topic_id, first.post_number, first.post_id, first.read) == (7, 3, 123, False)
    assert (second.type, second.topic_id, second.post_id) == (16, None, 0)


async def test_urgency_is_handed_on(forum: Little, api: Api, budget: Budget) -> None:
    """The same question may be urgent or not; by default replies are, listening less so, the rest least."""
    forum.says(Say(plain=POST))
    await api.post(1, priority=Priority.REPLY)
    await api.post(1)
    await api.create_post("Hello", topic_id=7)
    await api.me()
    assert budget.taken == {Priority.REPLY: 2, Priority.POLL: 1, Priority.CHORE: 1}

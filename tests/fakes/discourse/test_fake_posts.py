"""Writing and reading in the fake forum: what is written once, what is seen by whom, and under which number."""

from typing import Any

import pytest

from tests.fakes.discourse.conftest import Forum

LONG = "A sentence that is long enough to be a post, number {}."


async def test_the_same_request_is_one_post(forum: Forum) -> None:
    """Within two minutes the very same create gives the first post back; any other body is another post."""
    first = await forum.reply(LONG.format(1))
    forum.clock.move(seconds=119.9)
    again = await forum.reply(LONG.format(1))
    assert (first.body["id"], first.text) == (again.body["id"], again.text)
    assert len(forum.site.posts(forum.topic)) == 2
    forum.clock.move(seconds=0.1)
    assert (await forum.reply(LONG.format(1))).status == 422


async def test_a_refusal_is_remembered_too(forum: Forum) -> None:
    """A failed validation is given back as it was for two minutes, though it would succeed by now."""
    forum.site.close(forum.topic)
    assert (await forum.reply(LONG.format(1))).status == 422
    forum.site.close(forum.topic, enabled=False)
    assert (await forum.reply(LONG.format(1))).status == 422
    forum.clock.move(seconds=120)
    assert (await forum.reply(LONG.format(1))).status == 200


async def test_a_busy_answer_is_not_remembered(forum: Forum) -> None:
    """After a 429 the same request may succeed."""
    await forum.reply(LONG.format(1))
    assert (await forum.reply(LONG.format(2))).status == 429
    forum.clock.move(seconds=5)
    assert (await forum.reply(LONG.format(2))).status == 200


async def test_external_ids_are_unique(forum: Forum) -> None:
    """An external id leads to its topic in any case, and cannot be taken twice."""

    async def begin(title: str, external_id: str) -> Any:
        body = {"title": title, "raw": LONG.format(title), "category": forum.site.general.id}
        return await forum.ask("POST", "/posts.json", json=body | {"external_id": external_id})

    made = await begin("The week of the kernels", "sg-week-1")
    moved = await forum.ask("GET", "/t/external_id/SG-Week-1.json")
    assert moved.status == 301
    assert moved.headers["Location"] == (
        f"{forum.server.url}/t/the-week-of-the-kernels/{made.body['topic_id']}.json"
    )
    followed = await forum.ask("GET", "/t/external_id/sg-week-1.json", allow_redirects=True)
    assert (followed.status, followed.body["external_id"]) == (200, "sg-week-1")
    forum.clock.move(seconds=60)
    taken = await begin("Another week of the kernels", "SG-WEEK-1")
    assert (taken.status, taken.body["errors"]) == (422, ["External has already been taken"])
    assert (await begin("A third week of the kernels", "x" * 51)).status == 422
    assert (await forum.ask("GET", "/t/external_id/nobody.json")).status == 404


async def test_a_category_is_asked_for(forum: Forum) -> None:
    """A topic without a category is refused, unless the forum allows uncategorised ones."""
    body = {"title": "A topic that belongs nowhere", "raw": LONG.format(1)}
    assert (await forum.ask("POST", "/posts.json", json=body)).status == 422
    forum.site.settings["allow_uncategorized_topics"] = True
    forum.clock.move(minutes=3)
    assert (await forum.ask("POST", "/posts.json", json=body)).status == 200


@pytest.mark.parametrize("tags", [["week-1"], [{"id": 1, "name": "week-1"}]], ids=["strings", "objects"])
async def test_tags_in_two_forms(forum: Forum, tags: list[Any]) -> None:
    """Tags come as texts or as objects; those that nobody made are dropped without a word."""
    forum.site.tag("week-1")
    body = {"title": "A topic that has a tag", "raw": LONG.format(1), "category": forum.site.general.id}
    made = await forum.ask("POST", "/posts.json", json=body | {"tags": [*tags, "unheard-of"]})
    topic = await forum.ask("GET", f"/t/{made.body['topic_id']}.json")
    assert topic.body["tags"] == [{"id": 1, "name": "week-1", "slug": "week-1"}]


async def test_replies_are_nested(forum: Forum) -> None:
    """A reply names the post it answers, and whose that is; the other one counts it."""
    made = await forum.reply(LONG.format(1), reply_to_post_number=1)
    assert (made.body["reply_to_post_number"], made.body["reply_to_user"]["username"]) == (1, "ada")
    assert (await forum.ask("GET", f"/posts/{forum.first().id}.json")).body["reply_count"] == 1
    assert "bot → #1" in forum.site.shown(forum.topic)


async def test_whoever_is_called_is_told_once(forum: Forum) -> None:
    """Mention, reply and message make notifications, one for each post; words in quotes and code call nobody."""
    say, site = forum.site.say, forum.site
    mine = say(forum.bot, "My own words, @bot", topic=forum.topic)
    say(forum.ada, "@bot and a reply at once", topic=forum.topic, reply_to=mine)
    say(forum.ada, "only a reply", topic=forum.topic, reply_to=mine)
    say(forum.ada, 'see `@bot`\n[quote="bot, post:2, topic:1"]\n@bot said[/quote]', topic=forum.topic)
    say(forum.ada, "nobody at all, a@bot.example", topic=forum.topic)
    site.message(forum.ada, [forum.bot], "A word", "between us")
    found = (await forum.ask("GET", "/notifications.json")).body["notifications"]
    assert [each["notification_type"] for each in found] == [6, 3, 2, 1]
    await forum.ask("PUT", "/notifications/mark-read.json", json={"id": found[0]["id"]})
    found = (await forum.ask("GET", "/notifications.json?filter_by_types=private_message")).body["notifications"]
    assert [each["read"] for each in found] == [True]


async def test_an_edit_that_calls_somebody_tells_them(forum: Forum) -> None:
    """A mention that an edit adds notifies, one that stood there already does not."""
    post = forum.site.say(forum.ada, "nothing yet", topic=forum.topic)
    forum.site.change(post, "now for @bot")
    forum.site.change(post, "still for @bot")
    found = (await forum.ask("GET", "/notifications.json")).body["notifications"]
    assert [each["notification_type"] for each in found] == [1]


async def test_a_close_edit_makes_no_version(forum: Forum) -> None:
    """A small edit soon after is no new version; a large, a late or a reasoned one is."""
    post = forum.site.say(forum.ada, "first words", topic=forum.topic)
    forum.site.change(post, "first words, and more")
    assert post.version == 1
    forum.site.change(post, "others " * 100)
    assert post.version == 2
    forum.clock.move(minutes=5, seconds=1)
    forum.site.change(post, "others " * 101)
    assert post.version == 3


async def test_an_edit_bumps_by_a_new_version(forum: Forum) -> None:
    """A topic comes up with a new version of its last post, unless a privileged editor says otherwise."""
    post = forum.site.say(forum.bot, LONG.format(0), topic=forum.topic)

    async def edit(n: int, **more: bool) -> int:
        body = {"post": {"raw": LONG.format(n)}, **more}
        return (await forum.ask("PUT", f"/posts/{post.id}.json", json=body)).status

    forum.clock.move(minutes=1)
    assert await edit(1) == 200
    assert forum.topic.bumped_at == post.created_at
    forum.clock.move(minutes=9)
    assert await edit(2, bypass_bump=True) == 403
    forum.bot.trust = 4
    assert await edit(2, bypass_bump=True) == 200
    assert forum.topic.bumped_at == post.created_at
    forum.clock.move(minutes=9)
    assert await edit(3) == 200
    assert forum.topic.bumped_at == forum.clock.at


async def test_an_edit_may_go_back(forum: Forum) -> None:
    """A post may have its own earlier words again, but not those of another new post."""
    first, other = await forum.reply(LONG.format(1)), forum.site.say(forum.bot, LONG.format(2), topic=forum.topic)

    async def edit(number: int, raw: str) -> int:
        return (await forum.ask("PUT", f"/posts/{number}.json", json={"post": {"raw": raw}})).status

    assert await edit(first.body["id"], LONG.format(3)) == 200
    assert await edit(first.body["id"], LONG.format(1)) == 200
    assert await edit(other.id, LONG.format(1)) == 422


async def test_an_edit_conflict(forum: Forum) -> None:
    """Whoever says which text they change is told when it is another by now."""
    post = forum.site.say(forum.bot, LONG.format(1), topic=forum.topic)
    body = {"post": {"raw": LONG.format(2), "original_text": "something else"}}
    assert (await forum.ask("PUT", f"/posts/{post.id}.json", json=body)).status == 409


async def test_others_posts_are_not_ours(forum: Forum) -> None:
    """Another's post cannot be changed; the category's moderating group may."""
    body = {"post": {"raw": LONG.format(1)}}
    path = f"/posts/{forum.first().id}.json"
    assert (await forum.ask("PUT", path, json=body)).status == 403
    forum.topic.category = forum.site.category("Study", moderators="bots")
    forum.site.group("bots").members.add(forum.bot.id)
    assert (await forum.ask("PUT", path, json=body)).status == 200


async def test_what_is_deleted_is_gone(forum: Forum) -> None:
    """A deleted post or topic is 404, and in no list; the author's own deletion leaves a note."""
    post = forum.site.say(forum.ada, "gone soon", topic=forum.topic)
    forum.site.delete(post)
    assert (await forum.ask("GET", f"/posts/{post.id}.json")).status == 404
    assert post.id not in [each["id"] for each in (await forum.ask("GET", "/posts.json")).body["latest_posts"]]
    mine = forum.site.say(forum.bot, "mine, gone soon", topic=forum.topic)
    assert (await forum.ask("DELETE", f"/posts/{mine.id}.json")).text == ""
    assert (await forum.ask("GET", f"/posts/{mine.id}.json")).body["user_deleted"] is True
    forum.site.remove(forum.topic)
    assert (await forum.ask("GET", f"/t/{forum.topic.id}.json")).status == 404
    assert (await forum.reply(LONG.format(1))).status == 422


async def test_closed_and_archived(forum: Forum) -> None:
    """A closed or archived topic takes no reply, but from those who govern it."""
    for change in (forum.site.close, forum.site.archive):
        forum.clock.move(minutes=3)
        change(forum.topic)
        assert (await forum.reply(LONG.format(1))).status == 422
        change(forum.topic, enabled=False)
    forum.site.close(forum.topic)
    forum.bot.trust = 4
    forum.clock.move(minutes=3)
    assert (await forum.reply(LONG.format(1))).status == 200


async def test_approval_gives_no_post(forum: Forum) -> None:
    """Where a moderator has to agree, a create succeeds without a post."""
    forum.site.approval.add(forum.site.general.id)
    made = await forum.reply(LONG.format(1))
    assert (made.status, made.body["action"], "id" in made.body) == (200, "enqueued", False)
    assert len(forum.site.posts(forum.topic)) == 1
    assert forum.site.approve(forum.site.queue[0]).number == 2


@pytest.mark.parametrize("by", [{"read_only_for": "everyone"}, {"hidden_from": "bots"}], ids=["read", "hidden"])
async def test_categories_that_are_not_for_us(forum: Forum, by: dict[str, str]) -> None:
    """Where one may not write, a topic is a 403 and a reply a 422; where one may not look, there is nothing."""
    forum.site.group("bots").members.add(forum.bot.id)
    category = forum.site.category("Staff", **by)
    topic = forum.site.begin(forum.ada, "A topic among ourselves", LONG.format(0), category=category, force=True)
    body = {"title": "A topic of the bot's own", "raw": LONG.format(1), "category": category.id}
    assert (await forum.ask("POST", "/posts.json", json=body)).status == 403
    assert (await forum.reply(LONG.format(1), topic)).status == 422
    hidden = "hidden_from" in by
    assert (await forum.ask("GET", f"/t/{topic.id}.json")).status == (404 if hidden else 200)
    latest = (await forum.ask("GET", "/posts.json")).body["latest_posts"]
    assert (topic.id in [each["topic_id"] for each in latest]) is not hidden


async def test_messages_are_private(forum: Forum) -> None:
    """A message is seen by who takes part, in /private-posts.json and never in /posts.json."""
    site = forum.site
    message = site.message(forum.ada, [forum.bot], "A word", "between us")
    site.message(forum.ada, [site.user("bea")], "A word", "between others")
    latest = (await forum.ask("GET", "/posts.json")).body["latest_posts"]
    private = (await forum.ask("GET", "/private-posts.json")).body["private_posts"]
    assert message.id not in [each["topic_id"] for each in latest]
    assert [each["topic_id"] for each in private] == [message.id]
    assert (await forum.reply("Ten characters", message)).status == 200
    assert (await forum.ask("GET", f"/t/{message.id + 1}.json")).status == 404


@pytest.mark.parametrize("pages", ["new", "old"])
async def test_two_kinds_of_pages(forum: Forum, pages: str) -> None:
    """New forums page by number of posts; old ones by a window of ids, which may be empty."""
    forum.site.pages = pages
    forum.site.skip_ids("post", 100)
    last = [forum.site.say(forum.ada, LONG.format(n), topic=forum.topic) for n in range(60)][-1].id
    found: list[list[int]] = []
    for before in ("", f"?before={last - 50}", f"?before={last - 100}"):
        page = await forum.anybody("GET", f"/posts.json{before}")
        found.append([each["id"] for each in page.body["latest_posts"]])
    assert found[0] == list(range(last, last - 50, -1))
    if pages == "new":
        assert found[1:] == [[*range(last - 51, last - 60, -1), 1], [1]]
    else:
        assert found[1:] == [list(range(last - 50, last - 60, -1)), []]


async def test_a_lower_id_may_appear_later(forum: Forum) -> None:
    """A post whose transaction takes long has its id before it is seen, and lower than one seen earlier."""
    late = forum.site.say(forum.ada, "@bot I take my time", topic=forum.topic, late=True)
    quick = forum.site.say(forum.ada, "I am quick", topic=forum.topic)

    async def seen() -> list[int]:
        return [each["id"] for each in (await forum.ask("GET", "/posts.json")).body["latest_posts"]]

    assert (await seen())[0] == quick.id > late.id not in await seen()
    assert (await forum.ask("GET", f"/posts/{late.id}.json")).status == 404
    forum.site.appear(late)
    assert (await seen())[:2] == [quick.id, late.id]
    assert len((await forum.ask("GET", "/notifications.json")).body["notifications"]) == 1


async def test_reading_a_topic(forum: Forum) -> None:
    """Twenty posts come with a topic, all ids with it, and any of them when asked for, with raw if wanted."""
    posts = [forum.first(), *(forum.site.say(forum.ada, f"word {n}", topic=forum.topic) for n in range(24))]
    found = (await forum.ask("GET", f"/t/{forum.topic.id}.json")).body
    assert len(found["post_stream"]["posts"]) == 20
    assert found["post_stream"]["stream"] == [post.id for post in posts]
    assert "raw" not in found["post_stream"]["posts"][0]
    path = f"/t/{forum.topic.id}/posts.json?include_raw=true&post_ids[]={posts[22].id}&post_ids[]={posts[1].id}"
    some = (await forum.ask("GET", path)).body["post_stream"]["posts"]
    assert [each["raw"] for each in some] == ["word 0", "word 21"]
    assert len((await forum.ask("GET", f"/t/{forum.topic.id}.json?page=2")).body["post_stream"]["posts"]) == 5
    assert "word 23" in (await forum.ask("GET", f"/raw/{forum.topic.id}")).text
    assert (await forum.ask("GET", f"/raw/{forum.topic.id}/3")).text == "word 1"
    assert (await forum.ask("GET", f"/posts/by_number/{forum.topic.id}/3.json")).body["raw"] == "word 1"


async def test_pins_and_closes(forum: Forum) -> None:
    """Members may not pin or close; the category's moderating group may, but not globally; it leaves a line."""
    path = f"/t/{forum.topic.id}/status.json"

    async def put(status: str, enabled: str) -> int:
        return (await forum.ask("PUT", path, json={"status": status, "enabled": enabled})).status

    assert await put("pinned", "true") == 403
    forum.site.group("bots").members.add(forum.bot.id)
    forum.topic.category = forum.site.category("Study", moderators="bots")
    assert [await put("pinned", "true"), await put("closed", "true")] == [200, 200]
    assert await put("pinned_globally", "true") == 403
    shown = forum.site.shown(forum.topic)
    assert shown.splitlines()[0] == "Chapter 9: convolutions (closed, pinned)"
    assert "#3 bot closed.enabled" in shown
    assert await put("pinned", "false") == 200
    assert (await forum.ask("GET", f"/t/{forum.topic.id}.json")).body["pinned"] is False


async def test_a_timer_closes_by_itself(forum: Forum) -> None:
    """Trust level 4 may have the forum close a topic later; it does so while nobody looks."""
    body = {"time": "2026-11-25T08:00:00Z", "status_type": "close"}
    path = f"/t/{forum.topic.id}/timer.json"
    assert (await forum.ask("POST", path, json=body)).status == 403
    forum.bot.trust = 4
    assert (await forum.ask("POST", path, json=body)).body["execute_at"] == "2026-11-25T08:00:00.000Z"
    assert (await forum.ask("POST", path, json=body | {"time": "2026-11-25T06:00:00Z"})).status == 422
    forum.clock.move(hours=1)
    assert (await forum.ask("GET", f"/t/{forum.topic.id}.json")).body["closed"] is True

"""Every limit of the fake forum bites, lets go when it should, and spares whom it should."""

import pytest

from tests.fakes.discourse import Problem
from tests.fakes.discourse.conftest import Forum

LONG = "A sentence that is long enough to be a post, number {}."
TITLE = "A title that nobody has used, number {}"


async def test_sixty_requests_a_minute(forum: Forum) -> None:
    """All keys together have sixty requests a minute; the next is a JSON 429 that says how long to wait."""
    other = forum.site.key(forum.ada)
    for n in range(60):
        key, name = ((forum.key, "bot"), (other, "ada"))[n % 2]
        assert (await forum.ask("GET", "/posts.json", key=key, name=name)).status == 200
    forum.clock.move(seconds=20)
    refused = await forum.ask("GET", "/posts.json")
    assert refused.status == 429
    assert refused.body["error_type"] == "rate_limit"
    assert refused.body["extras"]["wait_seconds"] == 40
    assert refused.headers["Retry-After"] == "40"
    assert refused.headers["Discourse-Rate-Limit-Error-Code"] == "admin_api_key_rate_limit"
    assert (await forum.anybody("GET", "/posts.json")).status == 200
    forum.clock.move(seconds=40)
    assert (await forum.ask("GET", "/posts.json")).status == 200


async def test_the_limit_by_address(forum: Forum) -> None:
    """Where it is on, the limit by address answers in plain text, and refused requests count too."""
    forum.site.settings |= {"ip_limits": True, "max_reqs_per_ip_per_10_seconds": 3}
    assert [(await forum.anybody("GET", "/srv/status")).status for _ in range(4)] == [200, 200, 200, 429]
    forum.clock.move(seconds=9)
    refused = await forum.anybody("GET", "/srv/status")
    assert (refused.status, refused.body) == (429, None)
    assert refused.headers["Discourse-Rate-Limit-Error-Code"] == "ip_10_secs_limit"
    assert int(refused.headers["Retry-After"]) > 0


async def test_the_gap_between_topics(forum: Forum) -> None:
    """Fifteen seconds lie between two topics; who skips validations need not wait."""

    async def begin(n: int, **more: object) -> int:
        body = {"title": TITLE.format(n), "raw": LONG.format(n), "category": forum.site.general.id, **more}
        return (await forum.ask("POST", "/posts.json", json=body)).status

    assert [await begin(1), await begin(2)] == [200, 429]
    assert await begin(3, skip_validations=True) == 200
    forum.clock.move(seconds=15)
    assert await begin(2) == 200


async def test_twenty_topics_a_day(forum: Forum) -> None:
    """The twenty-first topic within a day has to wait for the next."""
    statuses: list[int] = []
    for n in range(21):
        forum.clock.move(seconds=60)
        body = {"title": TITLE.format(n), "raw": LONG.format(n), "category": forum.site.general.id}
        statuses.append((await forum.ask("POST", "/posts.json", json=body)).status)
    assert statuses == [200] * 20 + [429]


async def test_the_gap_between_replies(forum: Forum) -> None:
    """Five seconds lie between two replies; staff need not wait."""
    assert (await forum.reply(LONG.format(1))).status == 200
    refused = await forum.reply(LONG.format(2))
    assert (refused.status, refused.headers["Retry-After"]) == (429, "5")
    forum.bot.moderator = True
    assert (await forum.reply(LONG.format(2))).status == 200


async def test_three_replies_in_a_row(forum: Forum) -> None:
    """A fourth reply in a row is refused in another's topic, until somebody else has written."""

    async def say(n: int) -> int:
        forum.clock.move(seconds=10)
        return (await forum.reply(LONG.format(n))).status

    assert [await say(n) for n in range(4)] == [200, 200, 200, 422]
    forum.site.say(forum.ada, "Go on, please.", topic=forum.topic)
    assert await say(5) == 200


async def test_moderators_of_the_category_write_on(forum: Forum) -> None:
    """The category's moderating group may write more than three replies in a row."""
    forum.site.group("bots").members.add(forum.bot.id)
    study = forum.site.category("Study", moderators="bots")
    topic = forum.site.begin(forum.ada, "A topic in the study category", LONG.format(0), category=study)
    for n in range(5):
        forum.clock.move(seconds=10)
        assert (await forum.reply(LONG.format(n), topic)).status == 200


async def test_the_same_text_again(forum: Forum) -> None:
    """The same text within five minutes is refused, wherever; a comment in it makes it another."""
    other = forum.site.begin(forum.ada, "Another topic about kernels", LONG.format(0))
    assert (await forum.reply(LONG.format(1))).status == 200
    forum.clock.move(seconds=10)
    assert (await forum.reply(LONG.format(1), other)).body["errors"] == [
        "Body is too similar to what you recently posted"
    ]
    assert (await forum.reply(LONG.format(1) + "\n<!-- sg:2 -->", other)).status == 200
    forum.clock.move(minutes=5)
    assert (await forum.reply(LONG.format(1), other)).status == 200


@pytest.mark.parametrize(("trust", "most"), [(1, 30), (2, 45), (3, 60), (4, 90)])
async def test_edits_a_day(forum: Forum, trust: int, most: int) -> None:
    """Thirty edits a day, and more by trust; what makes no new version is not counted."""
    forum.bot.trust = trust
    post = forum.site.say(forum.bot, LONG.format(0), topic=forum.topic)
    statuses: list[int] = []
    for n in [*range(1, most + 1), most, most + 1]:
        forum.clock.move(seconds=2)
        body = {"post": {"raw": LONG.format(n), "edit_reason": f"reason {n}"}}
        statuses.append((await forum.ask("PUT", f"/posts/{post.id}.json", json=body)).status)
    assert statuses == [200] * (most + 1) + [429]
    body = {"post": {"raw": LONG.format("a word more")}}
    assert (await forum.ask("PUT", f"/posts/{post.id}.json", json=body)).status == 200


async def test_a_topic_is_a_post_too(forum: Forum) -> None:
    """A topic's first post takes its place in the gap between replies."""
    body = {"title": TITLE.format(1), "raw": LONG.format(1), "category": forum.site.general.id}
    assert (await forum.ask("POST", "/posts.json", json=body)).status == 200
    assert (await forum.reply(LONG.format(2))).headers["Retry-After"] == "5"


async def test_slow_mode_ends_edits(forum: Forum) -> None:
    """In slow mode a post may be changed for five minutes, no longer."""
    post = forum.site.say(forum.bot, LONG.format(0), topic=forum.topic)
    forum.site.slow(forum.topic, 600)

    async def edit(n: int) -> int:
        return (await forum.ask("PUT", f"/posts/{post.id}.json", json={"post": {"raw": LONG.format(n)}})).status

    assert await edit(1) == 200
    forum.clock.move(seconds=301)
    assert await edit(2) == 422


@pytest.mark.parametrize(("trust", "days"), [(1, 1), (2, 30)])
async def test_the_time_for_edits_ends(forum: Forum, trust: int, days: int) -> None:
    """A post may be changed for a day, from trust level 2 on for thirty; staff may for ever."""
    forum.bot.trust = trust
    post = forum.site.say(forum.bot, LONG.format(0), topic=forum.topic)

    async def edit(n: int) -> int:
        return (await forum.ask("PUT", f"/posts/{post.id}.json", json={"post": {"raw": LONG.format(n)}})).status

    forum.clock.move(days=days)
    assert await edit(1) == 200
    forum.clock.move(seconds=1)
    assert await edit(2) == 422
    forum.bot.admin = True
    assert await edit(2) == 200


async def test_slow_mode(forum: Forum) -> None:
    """In slow mode one waits between posts, even with skip_validations."""
    forum.site.slow(forum.topic, 600)
    assert (await forum.reply(LONG.format(1))).status == 200
    forum.clock.move(seconds=599)
    assert (await forum.reply(LONG.format(2), skip_validations=True)).status == 422
    forum.clock.move(seconds=1)
    assert (await forum.reply(LONG.format(2))).status == 200


async def test_deletions(forum: Forum) -> None:
    """Two deletions a minute, for who is no moderator."""
    posts = [forum.site.say(forum.bot, LONG.format(n), topic=forum.topic) for n in range(3)]
    statuses = [(await forum.ask("DELETE", f"/posts/{post.id}.json")).status for post in posts]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("!recommend", "Body is too short (minimum is 20 characters)"),
        ("!recommend <!-- as long as you like, it does not count -->", "Body is too short"),
        ("!recommend..................", "Body is too short"),
        ("yes :thumbsup: :thumbsup: :thumbsup:", "Body is too short"),
        ("word " * 6_401, "Body is limited to 32000 characters"),
        ("aaa aaa aaa aaa aaa aaa", "Body seems unclear"),
        ("WHAT DOES A KERNEL SEE THERE", "Body seems unclear"),
        ("Look, " + " ".join(f"@name{n}" for n in range(11)), "Sorry, you can only mention 10"),
    ],
    ids=["short", "comment", "dots", "emoji", "long", "monotonous", "shouted", "mentions"],
)
async def test_what_a_text_must_be(forum: Forum, raw: str, sentence: str) -> None:
    """A post that breaks a rule is refused with a sentence of its own, and allowed with skip_validations."""
    refused = await forum.reply(raw)
    assert (refused.status, refused.body["action"], len(refused.body["errors"])) == (422, "create_post", 1)
    assert refused.body["errors"][0].startswith(sentence)
    if not sentence.startswith("Sorry"):
        assert (await forum.reply(raw, skip_validations=True)).status == 200


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Too short", "Title is too short"),
        ("word " * 60, "Title is too long"),
        ("aaaaaaaa bbbbbbbb", "Title seems unclear"),
        (f"A {'very' * 8} long word in a title", "Title seems unclear"),
        ("Emoji :tada: and :tada: in the title", "Title can't contain more than 1 emoji"),
        ("chapter 9: convolutions", "Title has already been used"),
    ],
    ids=["short", "long", "monotonous", "long word", "emoji", "used"],
)
async def test_what_a_title_must_be(forum: Forum, title: str, sentence: str) -> None:
    """A title that breaks a rule is refused."""
    body = {"title": title, "raw": LONG.format(0), "category": forum.site.general.id}
    refused = await forum.ask("POST", "/posts.json", json=body)
    assert refused.status == 422
    assert [error[: len(sentence)] for error in refused.body["errors"]] == [sentence]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("week 12: the running week...", "Week 12: the running week"),
        ("THE RUNNING WEEK!!! WHAT NOW", "The running week! what now"),
        ("  Two   spaces in the title  ", "Two spaces in the title"),
    ],
)
async def test_titles_are_tidied(forum: Forum, sent: str, kept: str) -> None:
    """The title that is kept may be another than the one that was sent."""
    body = {"title": sent, "raw": LONG.format(0), "category": forum.site.general.id}
    made = await forum.ask("POST", "/posts.json", json=body)
    assert forum.site.topic(made.body["topic_id"]).title == kept


async def test_new_users_are_held_short(forum: Forum) -> None:
    """At trust level 0: two links, one picture, two mentions, thirty seconds between replies."""
    forum.bot.trust = 0
    for raw in (
        "Look: https://a.example https://b.example https://c.example",
        "Look: ![a](upload://a.png) ![b](upload://b.png) two pictures",
        "Look here, @ada and @bea and @cleo, this is a kernel",
    ):
        assert (await forum.reply(raw)).status == 422
    assert (await forum.reply(LONG.format(1))).status == 200
    assert (await forum.reply(LONG.format(2))).headers["Retry-After"] == "30"


def test_people_meet_the_rules_too(forum: Forum) -> None:
    """A person's post is checked unless the test forces it; the gaps are for programs alone."""
    with pytest.raises(Problem, match="too short"):
        forum.site.say(forum.ada, "!recommend", topic=forum.topic, force=False)
    with pytest.raises(Problem, match="Title is too short"):
        forum.site.begin(forum.ada, "Hi", LONG.format(0))
    assert forum.site.begin(forum.ada, "Hi", "Hello", force=True).title == "Hi"

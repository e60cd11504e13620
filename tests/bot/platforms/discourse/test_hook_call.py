"""A forum calls the running web server, and we are woken: over real sockets, from its post to our wake-up."""

import io
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

import aiohttp
import pytest

from bot.database import Database
from bot.platforms.discourse.hook import PATH, Hook
from bot.platforms.discourse.wake import Wake
from bot.platforms.web.doors import MAX_BODY
from tests.bot.platforms.discourse.calls import SECRET, Hands
from tests.bot.platforms.site import Site
from tests.fakes.discourse import Hook as Told
from tests.fakes.discourse import Site as Forum
from tests.fakes.discourse import Topic, User, forge, serve


@dataclass(frozen=True, kw_only=True)
class Line:
    """A forum with a person and a topic in it, a thread of ours, and a webhook from one to the other."""

    clock: Hands
    forum: Forum
    ada: User
    topic: Topic
    hook: Hook
    woken: list[Wake]
    site: Site


@pytest.fixture
async def line(database: Database) -> AsyncGenerator[Line]:
    """Both servers, and nothing said yet."""
    clock, woken = Hands(), list[Wake]()
    forum = Forum(now=clock.now)
    async with serve(forum, prefix="/talk"):
        hook = Hook(SECRET, clock=clock, wake=woken.append, instance=forum.url)
        site = Site(database, doors={PATH: hook})
        web = await site.start()
        ada = forum.user("ada", trust=2)
        topic = forum.begin(ada, "Chapter 8: the talk", "Here we go, with chapter eight.")
        forum.hooks.append(Told(url=web.url + PATH, secret=SECRET))
        yield Line(clock=clock, forum=forum, ada=ada, topic=topic, hook=hook, woken=woken, site=site)
        await site.close()


async def test_a_post_on_the_forum_wakes_us(line: Line) -> None:
    """Written there, known here: the numbers of the post and of its topic."""
    post = line.forum.say(line.ada, "!recommend like=Fargo, and something else", topic=line.topic)
    assert await line.forum.ring_hooks() == [200]
    assert line.woken == [
        Wake(channel="hook", kind="post_created", topic_id=line.topic.id, post_id=post.id, version=1)
    ]


async def test_a_delivery_sent_twice_wakes_once(line: Line) -> None:
    """A redelivery has the same bytes; one under a new number too."""
    line.forum.say(line.ada, "!recommend like=Fargo, and something else", topic=line.topic)
    (delivery,) = line.forum.outgoing
    line.forum.outgoing += [delivery, replace(delivery, id=delivery.id + 1)]
    assert await line.forum.ring_hooks() == [200, 200, 200]
    assert len(line.woken) == 1


async def test_deliveries_in_the_wrong_order_end_at_the_newest(line: Line) -> None:
    """A post and its edit, turned round: we look at the edit, and not again at what it replaced."""
    post = line.forum.say(line.ada, "!recommend like=Fargo, and something else", topic=line.topic)
    line.clock.passed += 30
    line.forum.change(post, "!recommend like=Aliens, and something else")
    line.forum.outgoing.reverse()
    assert await line.forum.ring_hooks() == [200, 200]
    assert [(wake.kind, wake.post_id) for wake in line.woken] == [("post_edited", post.id)]


async def test_a_forged_delivery_wakes_nobody(line: Line) -> None:
    """Signed with a guess, not signed, or changed on the way: refused, and counted."""
    line.forum.say(line.ada, "!recommend like=Fargo, and something else", topic=line.topic)
    (true,) = line.forum.outgoing
    line.forum.outgoing[:] = [
        forge(true, secret="a guess"),  # noqa: S106 - a forger's
        forge(true, secret=""),
    ]
    assert await line.forum.ring_hooks() == [403, 403]
    changed = true.body.replace(b"Fargo", b"Aliens")
    async with line.site.client.post(line.site.web.url + PATH, data=changed, headers=true.headers()) as response:
        assert response.status == 403
    assert (line.woken, dict(line.hook.rejected)) == ([], {"signature": 3})


async def test_a_program_posts_by_itself(line: Line) -> None:
    """Any sender with the secret is heard; what is not JSON, or too long, gets its status."""
    async with aiohttp.ClientSession() as client:

        async def post(body: bytes, kind: str) -> int:
            headers = replace(true, body=body).headers() | {"Content-Type": kind}
            async with client.post(line.site.web.url + PATH, data=io.BytesIO(body), headers=headers) as response:
                assert response.content_type == "application/json"
                return response.status

        line.forum.say(line.ada, "!recommend like=Fargo, and something else", topic=line.topic)
        (true,) = line.forum.outgoing
        assert await post(b"{", "application/json") == 400
        assert await post(true.body + b" " * MAX_BODY, "application/json") == 413
        assert await post(true.body, "text/plain") == 415
        assert line.woken == []
        assert await post(true.body, "application/x-www-form-urlencoded") == 200
        assert len(line.woken) == 1

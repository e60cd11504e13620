"""What the bot asks of a forum: nothing that its API does not know, and no more than it allows."""

import re
from bisect import bisect_right

import pytest

from bot.database import Database
from bot.values import Incoming, Reply
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.scenes import Clerk, answers, playing, quiet, until
from tests.bot.platforms.discourse.test_weeks import AGENDA, POLL
from tests.bot.platforms.discourse.test_writing import picture
from tests.fakes.discourse import openapi

SLOW = 100  # times as fast as the wall: requests themselves should take next to no time


def busiest(forum: Forum, seconds: float = 60.0) -> int:
    """The most requests in any minute, the held ones of the bus among them."""
    times = sorted(each.at.timestamp() for each in forum.site.requests)
    return max(bisect_right(times, start + seconds) - number for number, start in enumerate(times))


@pytest.mark.parametrize("bus", [False, True], ids=["alone", "bus"])
async def test_a_quiet_forum_costs_less_than_twenty_requests_a_minute(database: Database, bus: bool) -> None:
    """Three idle minutes, with and without the message bus: two thirds of what the forum allows are free."""
    async with playing(database, speed=SLOW) as forum:
        forum.site.poll_seconds = 25.0 / SLOW
        await forum.start(Clerk(forum), bus=bus)
        await quiet(forum, 60)
        before = len(forum.site.requests)
        await quiet(forum, 180)
        rate = (len(forum.site.requests) - before) / 3
        print(f"idle, {'with' if bus else 'without'} the bus: {rate:.1f} requests a minute")  # noqa: T201
        assert 0 < rate < 20


async def test_a_burst_of_twenty_is_answered_within_the_budget(database: Database) -> None:
    """Twenty people ask at once, each answer has its picture: all are there, in no minute over sixty requests."""
    async with playing(database, speed=SLOW // 5) as forum:  # the way of a request counts as time between two

        def drawn(incoming: Incoming, line: str) -> Reply:
            return Reply(text=line, images=(picture(incoming.person.name),))

        people = [forum.site.user(f"reader{number}") for number in range(20)]
        await forum.start(Clerk(forum, drawn))
        await quiet(forum, 60)
        start = forum.clock.now()
        asked = [await forum.say("!similar Alien", by=each) for each in people]
        await until(lambda: all(answers(forum, each.id) for each in asked), seconds=30)
        took = max(each.created_at for each in forum.ours()) - start
        print(f"twenty with pictures: {took.total_seconds():.0f} s, at most {busiest(forum)} a minute")  # noqa: T201
        assert [len(answers(forum, each.id)) for each in asked] == [1] * 20
        assert busiest(forum) <= 60
        assert took.total_seconds() < 900
        assert not [each for each in forum.site.requests if each.status == 429]


async def test_what_never_left_is_not_looked_for(database: Database) -> None:
    """A topic with a history, a budget that is spent: answers wait for their turn, and nobody reads the topic."""
    async with playing(database, speed=SLOW) as forum:
        for number in range(60):
            forum.site.say(forum.ada, f"What I read on day {number}.", topic=forum.topic)
        people = [forum.site.user(f"reader{number}") for number in range(20)]
        forum.limit = 15
        await forum.start(Clerk(forum))
        await quiet(forum, 60)
        asked = [await forum.say("!similar Alien", by=each) for each in people]
        await until(lambda: all(answers(forum, each.id) for each in asked))
        assert [len(answers(forum, each.id)) for each in asked] == [1] * 20
        assert not [each for each in forum.site.requests if re.match(r"/t/\d+/posts", each.path)]


async def test_all_that_is_asked_of_a_forum_is_in_its_api(database: Database) -> None:
    """A whole conversation, a week and its end: the official document knows every request and parameter."""
    try:
        openapi.document()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    async with playing(
        database, settings={"trust_to_create_tag": 0}, labels=("week",), close_old=True, admin_group="leaders"
    ) as forum:
        forum.site.group("leaders")

        def reply(_incoming: Incoming, line: str) -> Reply:
            return Reply(text=line[1:], private="Secret" in line, images=(picture("a"),))

        platform = await forum.start(Clerk(forum, reply), bus=True)
        asked = await forum.say("@bot similar Alien\n\nI liked it.")
        await until(lambda: answers(forum, asked.id))
        forum.site.change(forum.site.all_posts[int(asked.id)], "!similar Brazil")
        await until(lambda: "Brazil" in answers(forum, asked.id)[0].raw)
        await forum.say("!similar The Secret of NIMH")
        forum.site.message(forum.ada, [forum.bot], "A word with you", "!similar Casablanca")
        await until(lambda: sum(each.topic.private for each in forum.ours()) == 2)
        opened = await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
        await platform.pin(opened, pinned=True)
        poll = await platform.post(opened.place, POLL, key="poll/8")
        await platform.votes(poll)
        await platform.edit(opened, Reply(text="What we read this week, in another order."))
        await platform.pin(opened, pinned=False)
        await platform.find(forum.place, "nothing/8")
        await quiet(forum, 200)
        problems = [each for seen in forum.site.requests for each in openapi.problems(seen)]
        assert not problems
        paths = {f"{each.method} {each.path.partition('.json')[0]}" for each in forum.site.requests}
        assert {"POST /uploads", "POST /posts", "GET /posts", "GET /private-posts", "GET /notifications"} <= paths

"""The forum itself closes a week's topic in the end, where the account may ask for that."""

from datetime import timedelta

import pytest

from bot.database import Database
from bot.values import Reply
from tests.bot.platforms.contract import Desk
from tests.bot.platforms.discourse.forum import Forum
from tests.fakes.discourse import Site, serve

AGENDA = Reply(text="What we read this week, and what for.")


@pytest.mark.parametrize(
    ("trust", "close_old", "timed"),
    [
        pytest.param(4, True, True, id="it may"),
        pytest.param(2, True, False, id="it may not"),
        pytest.param(4, False, False, id="nobody wants it"),
    ],
)
async def test_a_topic_is_closed_in_the_end(database: Database, trust: int, close_old: bool, timed: bool) -> None:
    """Eight weeks after it was opened; without the right to it the topic is opened all the same."""
    site = Site()
    async with serve(site) as server:
        forum = Forum(database, server, site, close_old=close_old)
        forum.bot.trust = trust
        platform = await forum.start(Desk())
        await platform.open(forum.weeks, "Week 8: the talk", AGENDA, key="open/8")
        await forum.stop()
        (topic,) = forum.weekly()
        assert (topic.timer is not None) is timed
        if topic.timer:
            assert abs(topic.timer.at - topic.created_at - timedelta(weeks=8)) < timedelta(hours=1)

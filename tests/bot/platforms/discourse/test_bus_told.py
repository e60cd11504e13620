"""What goes wrong with the message bus is told, and over when it is over; what is said is heard meanwhile."""

from collections.abc import AsyncGenerator

import pytest

from bot.database import Database
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.scenes import Clerk, answers, playing, until
from tests.fakes.discourse import Fault

WOKEN = "being woken by the forum"


@pytest.fixture
async def forum(database: Database) -> AsyncGenerator[Forum]:
    """A forum that is up."""
    async with playing(database) as made:
        yield made


async def test_a_bus_that_fails_is_told_until_it_works(forum: Forum) -> None:
    """With the forum's own reason."""
    forum.site.poll_seconds = 0.1
    forum.site.faults.append(Fault(what="502 before", path="/message-bus/.*", times=1000))
    await forum.start(Clerk(forum), bus=True)
    await until(lambda: "502" in forum.troubles.get(WOKEN, ""))
    forum.site.faults.clear()
    await until(lambda: WOKEN not in forum.troubles)


async def test_a_bus_that_takes_us_for_a_stranger_is_told(forum: Forum) -> None:
    """A key with scopes is not let in there: what concerns us is said and not told to us. We look by ourselves."""
    scopes = ("topics:write", "topics:update", "posts:edit", "uploads:create", "global:read")
    forum.key = forum.site.key(forum.bot, scopes=scopes)
    clerk = Clerk(forum)
    await forum.start(clerk, bus=True)
    heard = await forum.say("!similar Alien")
    await until(lambda: answers(forum, heard.id))
    forum.site.present(forum.bot)
    asked = forum.site.message(forum.ada, [forum.bot], "A word with you", "!similar Brazil, please")
    await until(lambda: any(each.topic is asked for each in forum.ours()))
    for number in range(3):
        forum.site.message(forum.ada, [forum.bot], f"Another word, number {number}", "Only hello this time.")
    await until(lambda: "stranger" in forum.troubles.get(WOKEN, ""))

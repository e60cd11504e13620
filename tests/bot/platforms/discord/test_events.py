"""The server's list of events holds the next sessions, and follows the plan."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.database import Database
from bot.errors import Refused
from bot.platform import Event
from bot.values import Incoming
from tests.bot.platforms.discord.group import START, Guild, long_ago
from tests.fakes.discord import Fault, Site, serve

WEEK = timedelta(days=7)


def sessions(*weeks: int) -> list[Event]:
    """Sessions that many weeks from now."""
    return [
        Event(
            key=f"plan/{week}",
            title=f"Readers: chapter {week}",
            text=f"Session {week}\nTo read: {week}.1",
            starts=START + week * WEEK,
            ends=START + week * WEEK + timedelta(hours=1),
        )
        for week in weeks
    ]


async def nobody(_incoming: Incoming) -> None:
    """Nothing is asked here."""


@pytest.fixture
async def guild(database: Database) -> AsyncGenerator[Guild]:
    """A server with the bot in it."""
    site = Site(now=long_ago)
    async with serve(site) as server:
        made = Guild(database, server, site)
        await made.start(nobody)
        yield made
        await made.stop()


async def keep(guild: Guild, events: Sequence[Event]) -> None:
    """What the diary does."""
    assert guild.platform
    await guild.platform.keep(events)


def listed(guild: Guild) -> list[tuple[str, int]]:
    """The names of the events, and in how many days they are."""
    return sorted((each.name, round((each.starts_at - START) / timedelta(days=1))) for each in guild.site.events)


async def test_events_follow_the_plan(guild: Guild) -> None:
    """Made once, moved where the session moves, deleted where it is skipped."""
    plan = sessions(1, 2, 3)
    for _ in range(2):
        await keep(guild, plan)
    assert listed(guild) == [(f"Readers: chapter {week}", 7 * week) for week in (1, 2, 3)]
    first = {each.name: each.id for each in guild.site.events}
    moved = replace(plan[0], starts=plan[0].starts + timedelta(days=1), ends=plan[0].ends + timedelta(days=1))
    await keep(guild, [moved, plan[2], *sessions(4)])
    assert listed(guild) == [("Readers: chapter 1", 8), ("Readers: chapter 3", 21), ("Readers: chapter 4", 28)]
    assert {each.name: each.id for each in guild.site.events} | first == {
        **first,
        "Readers: chapter 4": max(each.id for each in guild.site.events),
    }
    assert {each.location for each in guild.site.events} == {"#reading-group"}


@pytest.mark.parametrize("what", ["lost after commit", "502 after commit"])
async def test_an_event_that_was_made_and_not_written_down_is_known_again(guild: Guild, what: str) -> None:
    """Its answer was lost: after a restart there is one all the same."""
    fault = Fault(what=what, where="POST /guilds/*/scheduled-events")
    guild.site.faults.append(fault)
    with pytest.raises(Exception, match="server's events"):
        await keep(guild, sessions(1))
    await guild.start(nobody)
    await keep(guild, sessions(1))
    assert listed(guild) == [("Readers: chapter 1", 7)]


async def test_events_of_others_stay(guild: Guild) -> None:
    """Only ours are changed."""
    await keep(guild, sessions(1))
    guild.site.events[0].creator = guild.ada
    await keep(guild, sessions(2))
    assert listed(guild) == [("Readers: chapter 1", 7), ("Readers: chapter 2", 14)]


async def test_without_the_permission_it_is_refused(guild: Guild) -> None:
    """The admin's doing, so it is not tried again and again."""
    guild.site.permit(guild.site.bot_role, guild.site.bot_role.permissions & ~(1 << 44))
    with pytest.raises(Refused, match="permission"):
        await keep(guild, sessions(1))

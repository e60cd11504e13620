"""The next sessions as entries of a calendar, in step with what admins change."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from bot.agenda import Agenda
from bot.database import Database
from bot.diary import AGAIN, AHEAD, Diary
from bot.errors import Refused, Retryable
from bot.platform import Event, Platform
from tests.bot.hosted import PLACE, Group


class Wall:
    """A calendar on the wall."""

    def __init__(self) -> None:
        self.kept: list[Sequence[Event]] = []
        self.problem: Exception | None = None
        self.asked = asyncio.Event()

    async def keep(self, events: Sequence[Event]) -> None:
        """Write them on it."""
        self.asked.set()
        if self.problem:
            raise self.problem
        self.kept.append(events)


class Waits:
    """A clock that writes down who waits how long, and lets them go at once."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Not at all."""
        self.waited.append(seconds)


def diary(group: Group, wall: Any) -> Diary:
    """A diary with one calendar, and a platform that has none."""
    platforms = {"wall": cast("Platform", wall), "board": cast("Platform", group.board)}
    return Diary(group.agenda, platforms, now=lambda: group.now)


async def test_a_calendar_follows_the_plan(database: Database) -> None:
    """The next sessions; a moved one keeps its key, a skipped one is not there."""
    group, wall = Group(database), Wall()
    assert await diary(group, wall).keep()
    before = wall.kept[-1]
    assert len(before) == AHEAD
    assert (before[0].title, before[0].text) == (
        "Readers *of* books: Chapter 1: Part *1*",
        "Session 1\nTo read: From 1.1 to 1.3",
    )
    assert before[0].ends - before[0].starts == group.agenda.programme.length
    await group.says("!session move 2 Dec to=3 Dec 19:00")
    await group.says("!session skip 9 Dec")
    assert await diary(group, wall).keep()
    after = wall.kept[-1]
    assert after[0].key == before[0].key
    assert after[0].starts > before[0].starts
    assert before[1].key not in [each.key for each in after]


@pytest.mark.parametrize(("problem", "again"), [(Retryable("busy"), [AGAIN]), (Refused("no rights"), [])])
async def test_what_fails_is_tried_again_where_that_helps(
    database: Database, problem: Exception, again: list[float]
) -> None:
    """A calendar that is busy, soon; one that refuses, when the plan is next looked at."""
    group, wall, clock = Group(database), Wall(), Waits()
    wall.problem = problem
    made = diary(group, wall)
    made.wake()
    running = asyncio.create_task(made.run(cast("Any", clock)))
    await wall.asked.wait()
    wall.problem = None
    wall.asked.clear()
    if not again:
        made.wake()
    await wall.asked.wait()
    running.cancel()
    assert clock.waited == again
    assert len(wall.kept) == 1


async def test_the_diary_is_woken_once_a_change_can_be_read(database: Database) -> None:
    """Not before: it would read the plan as it was."""
    group, seen = Group(database), list[int]()
    agenda = Agenda(
        group.agenda.programme, database, group.outbox, [PLACE], changed=lambda: seen.append(agenda.revision)
    )
    await agenda.change(lambda changes: changes, group.now)
    assert seen == [1]

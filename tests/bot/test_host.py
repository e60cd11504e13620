"""What a host can do, below the commands: over a real agenda, outbox and database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.database import Database
from bot.desk import WeekThread
from bot.errors import UserError
from bot.threads import Threads
from bot.values import PostRef
from scheduler.owed import State
from tests.bot.hosted import PLACE, Group


@pytest.fixture
async def group(database: Database) -> Group:
    """A group, a week before its first session, whose next weeks are owed."""
    made = Group(database)
    await made.agenda.materialise(made.now)
    return made


def sydney(group: Group, text: str) -> datetime:
    """A wall time of the group."""
    return datetime.fromisoformat(text).replace(tzinfo=group.agenda.programme.series.clocks)


async def test_a_verb_gives_what_will_be_posted(group: Group) -> None:
    """In the order of time, only what is to come, and the same that the outbox now owes."""
    coming = await group.steering.skip("2026-12-02", group.now)
    assert [each.at for each in coming] == sorted(each.at for each in coming)
    assert all(each.at > group.now for each in coming)
    owed = await group.rows.list(State.OWED, limit=500)
    assert sorted((each.at, each.kind) for each in coming) == sorted((row.owed.due, row.owed.kind) for row in owed)
    assert await group.steering.coming() == coming
    (dropped, *_) = await group.steering.deliveries.list(["owed"], 1)
    await group.steering.deliveries.drop(dropped.number, group.now)
    assert await group.steering.coming() == coming[1:]


async def test_a_refused_change_changes_nothing(group: Group) -> None:
    """Neither the programme nor what is owed, in memory and in the database."""
    before = [row.owed for row in await group.rows.list(State.OWED, limit=500)]
    for refused in (
        group.steering.move("2026-12-09", sydney(group, "2026-12-16 10:00"), group.now),
        group.steering.skip("2026-12-23", group.now),
        group.steering.add(sydney(group, "2026-11-01 10:00"), group.now),
        group.steering.set(None, group.now, zone="Europe/Berln"),
        group.steering.set(None, group.now, every_weeks=99),
        group.steering.pause(date(2026, 11, 1), group.now),
        group.steering.resume(None, group.now),
        group.steering.remind("remind-day", "+2h", group.now),
    ):
        with pytest.raises(UserError):
            await refused
    await group.steering.load()
    assert group.steering.revision == 0
    assert [row.owed for row in await group.rows.list(State.OWED, limit=500)] == before


async def test_a_moved_session_keeps_its_wall_time(group: Group) -> None:
    """What is kept is the time on the wall, which holds when the rules of the clocks change."""
    await group.steering.move("2026-12-09", sydney(group, "2026-12-10 19:00").astimezone(UTC), group.now)
    assert group.agenda.changes.moved == {date(2026, 12, 9): datetime.fromisoformat("2026-12-10 19:00")}


async def test_the_second_of_two_equal_hours_is_kept(group: Group) -> None:
    """The clocks show it twice, so the offset is kept too."""
    second = datetime.fromisoformat("2027-04-04T02:30+10:00")
    await group.steering.set(date(2027, 4, 4), group.now, every_weeks=2)
    await group.steering.pause(date(2026, 12, 3), group.now)
    await group.steering.resume(date(2027, 4, 4), group.now)
    await group.steering.move("2027-04-04", second, group.now)
    (moved,) = (each for each in group.steering.plan(group.now, 30) if each.moved)
    assert moved.starts == second


async def test_a_day_names_what_is_held_on_it(group: Group) -> None:
    """Before what was planned for it: that is what the plan shows."""
    await group.steering.move("2026-12-16", sydney(group, "2026-12-17 18:30"), group.now)
    await group.steering.move("2026-12-09", sydney(group, "2026-12-16 18:30"), group.now)
    assert group.steering.on(date(2026, 12, 16), group.now).key == "2026-12-09"
    assert group.steering.on(date(2026, 12, 17), group.now).key == "2026-12-16"
    assert group.steering.on(date(2026, 12, 9), group.now).key == "2026-12-09"
    await group.steering.skip("2026-12-16", group.now)
    assert group.held(3) == ["12-02 18:30", "12-16 18:30", "12-30 18:30"]


async def test_the_plan_ends_with_its_last_session(group: Group) -> None:
    """A day off after it is nobody's business, one that was cancelled is."""
    plan = group.steering.plan(group.now, 52)
    assert [each.state for each in plan].count("skipped") == 1
    await group.steering.cancel("2026-12-30", group.now)
    off = [(each.key, each.state) for each in group.steering.plan(group.now, 52) if each.number is None]
    assert off == [("2026-12-23", "skipped"), ("2026-12-30", "cancelled")]
    group.now = datetime.fromisoformat("2027-06-01T00:00Z")
    assert not group.steering.plan(group.now, 52)
    assert group.steering.current(group.now) is None
    with pytest.raises(UserError, match="No session is planned from now on"):
        await group.steering.set(None, group.now, at=time(19))


async def test_nothing_is_held_after_the_plan(group: Group) -> None:
    """Neither a session that is moved there nor one that is added: there is no chapter for it."""
    at = sydney(group, "2027-02-20 18:30")
    group.now = sydney(group, "2026-12-01 10:00")
    with pytest.raises(UserError, match=r"Nothing is left to read on .*20 Feb 2027.*Take an earlier time"):
        await group.steering.move("2027-01-20", at, group.now)
    with pytest.raises(UserError, match="Nothing is left to read"):
        await group.steering.add(at, group.now)
    await group.steering.pause(date(2027, 1, 27), group.now)
    with pytest.raises(UserError, match=r"The programme pauses from .* on: resume it first"):
        await group.steering.add(at, group.now)


async def test_a_pause_holds_from_the_next_day_that_is_free(group: Group) -> None:
    """A session that was moved forward was held, though its date is to come."""
    await group.steering.move("2026-12-09", sydney(group, "2026-12-07 18:30"), group.now)
    group.now = sydney(group, "2026-12-08 10:00")
    await group.steering.pause(None, group.now)
    assert group.steering.paused == date(2026, 12, 10)
    with pytest.raises(UserError, match="pauses already, from Thu 10 Dec 2026 on"):
        await group.steering.pause(None, group.now)


async def test_a_thread_is_not_opened_too_far_ahead(group: Group) -> None:
    """The answer says when it opens; while opening is off it says what sets it."""
    await group.steering.set(date(2027, 3, 3), group.now)
    await group.steering.pause(date(2026, 12, 1), group.now)
    await group.steering.resume(date(2027, 3, 1), group.now)
    with pytest.raises(UserError, match=r"opens on .*Thu 25 Feb 2027, 20:30.* more than 8 weeks"):
        await group.steering.thread.open(group.now)
    await group.steering.remind("open", None, group.now)
    with pytest.raises(UserError, match="turned off: the reminder `open` sets when"):
        await group.steering.thread.open(group.now)


async def test_an_early_opening_is_due_at_once(group: Group) -> None:
    """Before everything else that is owed; the pump hears of it, and it goes out under its own key."""
    (row,) = await group.steering.thread.open(group.now)
    assert (row.state, row.at) == ("owed", group.now)
    assert await group.outbox.next_due(group.now) == group.now
    (claimed,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    assert claimed.owed.key == "book/2026-12-02/open/test:thread"
    await group.outbox.settle(claimed, "1", group.now)
    await group.agenda.materialise(group.now)
    (row,) = await group.steering.thread.openings(group.now)
    assert row.state == "done"


async def test_threads_are_found_by_session(group: Group) -> None:
    """With the place that was opened, which need not be where it was announced."""
    await group.opened("2026-12-02", "11")
    (post,) = await Threads(group.database).of("book", "2026-12-02")
    assert (post.place.platform, post.place.id, post.id) == ("test", "topic", "11")
    assert await Threads(group.database).of("book", "2026-12-09") == []


async def test_a_platform_that_is_gone_cannot_pin(group: Group) -> None:
    """It is named."""
    await group.opened("2026-12-02", "11")
    thread = WeekThread(group.agenda, group.rows, Threads(group.database), {})
    with pytest.raises(UserError, match="`test` is not set up here"):
        await thread.pin(pinned=True, now=group.now)


async def test_a_delivery_says_how_it_stands(group: Group) -> None:
    """Each state has its sentence where it cannot be tried again."""
    owed = group.steering.deliveries
    await group.steering.skip("2026-12-02", group.now)
    (gone, *_) = await owed.list(["withdrawn"], 5)
    with pytest.raises(UserError, match="was taken back"):
        await owed.retry(gone.number, group.now)
    (first, *_) = await owed.list(["owed"], 5)
    assert (await owed.drop(first.number, group.now)).state == "dropped"
    with pytest.raises(UserError, match="was dropped"):
        await owed.drop(first.number, group.now)
    assert (await owed.counts())["dropped"] == 1
    assert PostRef(place=PLACE, id="1").place.platform == first.place.partition(":")[0]

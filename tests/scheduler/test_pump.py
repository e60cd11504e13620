"""The pump, step by step, in virtual time."""

import asyncio
import logging
from collections.abc import Generator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.exc import OperationalError

from scheduler.errors import Moot, Refused, Retryable, Unsendable
from scheduler.outbox import Outbox
from scheduler.owed import Entry, State
from scheduler.ports import Pace
from tests.fakes.clock import START, VirtualClock
from tests.scheduler.bench import HOUR, MINUTE, SECOND, Bench


@pytest.fixture
def bench(clock: VirtualClock) -> Generator[Bench]:
    """A pump with nothing to do."""
    bench = Bench(clock)
    yield bench
    bench.database.close()


async def test_what_falls_due_is_sent(bench: Bench) -> None:
    """At its time, once, and with the post's id kept."""
    await bench.owe("late", due=-MINUTE)
    await bench.owe("soon", due=7 * SECOND)
    await bench.run(HOUR)
    assert bench.sender.seen == [(0.0, "send late"), (7.0, "send soon")]
    entry = await bench.entry("soon")
    assert (entry.state, entry.remote, entry.settled) == (State.DONE, "post 2", START + 7 * SECOND)


async def test_an_added_row_is_sent_at_once(bench: Bench) -> None:
    """Adding wakes the pump."""
    running = asyncio.create_task(bench.pump.run())
    await bench.clock.sleep(11)
    await bench.owe("new")
    await bench.clock.sleep(1)
    assert bench.sender.seen == [(11.0, "send new")]
    running.cancel()


async def test_a_row_of_another_process_is_seen(bench: Bench) -> None:
    """Nobody woke this pump: it looks by itself twice a minute."""
    running = asyncio.create_task(bench.pump.run())
    bench.pump = bench.another()  # the one that is woken
    await bench.clock.sleep(11)
    await bench.owe("new")
    await bench.clock.sleep(30)
    assert bench.sender.seen == [(30.0, "send new")]
    running.cancel()


@pytest.mark.parametrize("change", [pytest.param(HOUR, id="forward"), pytest.param(-HOUR, id="back")])
async def test_a_clock_that_jumps_costs_half_a_minute(bench: Bench, change: timedelta) -> None:
    """Who was due in an hour is due now, or who was due now in an hour; it is seen within 30 seconds, once."""
    await bench.owe("row", due=2 * HOUR)
    running = asyncio.create_task(bench.pump.run())
    await bench.clock.sleep(1805)
    bench.clock.set_by(change)
    await bench.clock.sleep(4 * 3600)
    ((moment, _),) = bench.sender.seen
    by_the_wall = (2 * HOUR - change).total_seconds()
    assert by_the_wall <= moment <= by_the_wall + 30
    running.cancel()


async def test_a_row_in_hand_when_the_clock_jumps(bench: Bench) -> None:
    """A process dies with a row, and the clock is put back an hour: it is taken back all the same."""
    await bench.owe("row")
    await bench.outbox.claim(bench.clock.now(), Pace().lease)
    bench.clock.set_by(-HOUR)
    assert await bench.outbox.rescue(bench.clock.now(), Pace().lease) == 1


async def test_a_second_try_looks_first(bench: Bench) -> None:
    """No answer is no knowledge. If the post is there, that was it; if not, it is sent again."""
    await bench.owe("there", place="a")
    await bench.owe("not there", place="b", due=HOUR)
    bench.sender.sends = [Retryable("502"), Retryable("502")]
    bench.sender.finds = ["post 77", 0.0]
    await bench.run(2 * HOUR)
    assert bench.sender.steps == [
        *("send there", "find there"),
        *("send not there", "find not there", "send not there"),
    ]
    assert (await bench.entry("there")).remote == "post 77"


async def test_waits_grow_and_end(bench: Bench) -> None:
    """Each wait is random below a bound that doubles up to 15 minutes; the eighth failure makes a dead letter."""
    await bench.owe("row")
    bench.sender.sends = [Retryable(f"503, {number}") for number in range(1, 99)]
    await bench.run(HOUR)
    sent = [moment for moment, what in bench.sender.seen if what == "send row"]
    waits = [after - before for before, after in pairwise(sent)]
    assert len(sent) == 8
    assert all(0 < wait <= bound for wait, bound in zip(waits, [30, 60, 120, 240, 480, 900, 900], strict=True))
    assert len({round(wait) for wait in waits}) == 7
    entry = await bench.entry("row")
    assert (entry.state, entry.attempts, entry.error) == (State.DEAD, 8, "503, 8")


async def test_a_place_that_is_down_kills_no_letter(bench: Bench) -> None:
    """When not even a look is answered, nobody tried to post: hours later it is sent, as attempt two."""
    await bench.owe("row")
    bench.sender.sends = [Retryable("down")]
    bench.sender.finds = [Retryable("down") for _ in range(20)]
    await bench.run(5 * HOUR)
    entry = await bench.entry("row")
    assert (entry.state, entry.attempts) == (State.DONE, 2)
    assert bench.sender.moments[-1] > 3600
    finds = bench.sender.moments[1:21]
    assert max(after - before for before, after in pairwise(finds)) <= 900


async def test_asked_to_wait_the_whole_place_waits(bench: Bench) -> None:
    """Retry-After is kept to, with a little more so that not all come at once, and counts as no attempt."""
    await bench.owe("first", "second")
    await bench.owe("other", place="b")
    bench.sender.sends = [Retryable("429", after=40)]
    await bench.run(HOUR)
    assert bench.sender.steps == ["send first", "send other", "find first", "send first", "send second"]
    assert bench.sender.moments[1] == 0
    assert 40 < bench.sender.moments[2] <= 44
    assert (await bench.entry("first")).attempts == 1


@pytest.mark.parametrize("after", [-5.0, float("inf"), float("nan"), 1e300])
async def test_nonsense_is_not_kept_to(bench: Bench, after: float) -> None:
    """A place may not send the pump beyond the calendar, or before today."""
    await bench.owe("row")
    bench.sender.sends = [Retryable("429", after=after)]
    await bench.pump.drain()
    assert START < (await bench.entry("row")).try_at < START + 27 * HOUR


async def test_a_refusal_stops_the_place(bench: Bench) -> None:
    """An admin hears of it once; other places go on; resumed, everything that is still worth saying is sent."""
    await bench.owe("first", "second")
    await bench.owe("short", lasts=HOUR)
    await bench.owe("other", place="b")
    bench.sender.sends = [Refused("403 Forbidden")]
    await bench.run(2 * HOUR)
    assert bench.refusals == ["web: 403 Forbidden"]
    assert bench.sender.steps == ["send first", "send other"]
    assert (await bench.entry("short")).state is State.EXPIRED
    await bench.deliveries.resume("web")
    await bench.run(HOUR)
    assert bench.sender.steps[2:] == ["find first", "send first", "send second"]


async def test_what_no_place_takes_is_a_dead_letter(bench: Bench) -> None:
    """At once, with the reason; the place goes on."""
    await bench.owe("too long", "fine")
    bench.sender.sends = [Unsendable("413")]
    await bench.run(MINUTE)
    assert ((await bench.entry("too long")).state, (await bench.entry("fine")).state) == (State.DEAD, State.DONE)
    assert (await bench.entry("too long")).error == "413"


async def test_what_has_nothing_to_say_is_dropped(bench: Bench) -> None:
    """At once, with the reason; the place goes on, and nobody has to look."""
    await bench.owe("empty", "fine")
    bench.sender.sends = [Moot("no question is left")]
    await bench.run(MINUTE)
    empty = await bench.entry("empty")
    assert (empty.state, empty.error) == (State.DROPPED, "no question is left")
    assert (await bench.entry("fine")).state is State.DONE
    assert bench.refusals == []


async def test_who_dies_of_a_row_does_so_eight_times(bench: Bench) -> None:
    """A row whose every sender was never heard of again becomes a dead letter, after one more look."""
    await bench.owe("row")
    for number in range(8):
        assert len(await bench.outbox.claim(START + number * MINUTE, Pace().lease)) == 1
        await bench.outbox.rescue(START + (number + 1) * MINUTE, Pace().lease)
    bench.clock.set_by(9 * MINUTE)
    await bench.run(MINUTE)
    assert bench.sender.steps == ["find row"]
    assert (await bench.entry("row")).state is State.DEAD


async def test_an_error_nobody_foresaw_is_a_crash(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, other rows go on, and the row is taken up again when its lease is over."""
    await bench.owe("row")
    await bench.owe("other", place="b")
    bench.sender.sends = [ZeroDivisionError("a bug")]
    await bench.run(MINUTE / 2)
    assert (await bench.entry("row")).state is State.LEASED
    assert (await bench.entry("other")).state is State.DONE
    assert "s/o/row/web was not delivered" in caplog.text
    assert "a bug" in caplog.text
    await bench.clock.sleep(30)
    await bench.outbox.rescue(bench.clock.now(), Pace().lease)
    await bench.run(MINUTE)
    assert (await bench.entry("row")).state is State.DONE


@pytest.mark.parametrize(("taken", "asked"), [(44.0, 1), (46.0, 0)])
async def test_no_request_starts_on_the_last_of_a_lease(bench: Bench, taken: float, asked: int) -> None:
    """A request may take 15 seconds: with less than that of the lease left, the row is given back."""

    class Slow(Outbox):
        """Frozen for a while right after its first claim."""

        frozen = taken

        async def claim(self, now: datetime, lease: timedelta, limit: int = 1) -> list[Entry]:
            claimed = await super().claim(now, lease, limit)
            await bench.clock.sleep(self.frozen)
            self.frozen = 0.0
            return claimed

    bench.outbox = Slow(bench.database)
    await bench.owe("row")
    bench.pump = bench.another()
    await bench.pump.drain()
    assert bench.sender.steps == (["send row"] if asked else ["find row", "send row"])
    assert (await bench.entry("row")).attempts == 1


async def test_a_machine_that_slept_does_not_trust_its_lease(bench: Bench) -> None:
    """Asleep, only the wall clock goes on: by that one the lease is over."""

    class Asleep(Outbox):
        """Sleeps right after its first claim."""

        nap = HOUR

        async def claim(self, now: datetime, lease: timedelta, limit: int = 1) -> list[Entry]:
            claimed = await super().claim(now, lease, limit)
            bench.clock.set_by(self.nap)
            self.nap = timedelta()
            return claimed

    bench.outbox = Asleep(bench.database)
    await bench.owe("row", lasts=2 * HOUR)
    await bench.owe("soon void", lasts=HOUR / 2, place="b")
    bench.pump = bench.another()
    await bench.pump.drain()
    assert bench.sender.steps == ["find row", "send row"]
    assert (await bench.entry("soon void")).state is State.EXPIRED


async def test_a_sender_that_never_answers_is_given_up(bench: Bench) -> None:
    """With the lease, at the latest: then the row waits like any other that failed."""
    await bench.owe("row")
    bench.sender.sends = [9e9]
    await bench.run(HOUR)
    assert bench.sender.steps == ["send row", "find row", "send row"]
    assert 60 <= bench.sender.moments[1] <= 90
    assert (await bench.entry("row")).error is None


async def test_a_slow_place_holds_up_no_other(bench: Bench) -> None:
    """What a place is owed goes out one by one, in order; four places at once."""
    for place in "abcde":
        await bench.owe(f"{place}1", f"{place}2", place=place)
    bench.sender.sends = [10.0] * 10
    await bench.run(HOUR)
    assert bench.sender.moments == [0] * 4 + [10] * 4 + [20, 30]
    assert sorted(bench.sender.steps[:4]) == [f"send {place}1" for place in "abcd"]
    for place in "abcde":
        assert [step for step in bench.sender.steps if place in step.split()[1]] == [
            f"send {place}1",
            f"send {place}2",
        ]


async def test_stopping_finishes_what_is_underway(bench: Bench) -> None:
    """What is being sent is settled; nothing new is begun."""
    await bench.owe("first", "second")
    bench.sender.sends = [5.0]
    await bench.run(2 * SECOND)
    assert bench.clock.monotonic() == 5
    assert bench.sender.steps == ["send first"]
    assert ((await bench.entry("first")).state, (await bench.entry("second")).state) == (State.DONE, State.OWED)


async def test_a_database_that_is_away_for_a_while(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """The pump says so, and looks again."""

    class Flaky(Outbox):
        """Its first looks fail."""

        failures = 3

        async def claim(self, now: datetime, lease: timedelta, limit: int = 1) -> list[Entry]:
            if self.failures:
                self.failures -= 1
                raise OperationalError("SELECT 1", {}, OSError("no route to the database"))
            return await super().claim(now, lease, limit)

    bench.outbox = Flaky(bench.database)
    bench.pump = bench.another()
    await bench.owe("row")
    with caplog.at_level(logging.WARNING):
        await bench.run(HOUR)
    assert caplog.text.count("no route to the database") == 3
    assert bench.sender.seen == [(90.0, "send row")]


def test_a_lease_must_hold_three_requests() -> None:
    """A look, a post, and time to spare."""
    with pytest.raises(ValueError, match="too short"):
        Pace(lease=timedelta(seconds=40))

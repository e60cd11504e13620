"""What every outbox does with a row that somebody claimed, and what an admin may do about it."""

from datetime import timedelta

import pytest

from scheduler.owed import State
from tests.scheduler.outbox_contract import DAY, HOUR, LEASE, MINUTE, NOW, Desk, kinds, owed


class SettlingContract:
    """What becomes of a claimed row."""

    async def test_what_was_sent_is_done(self, desk: Desk) -> None:
        """With the post's id; nothing is left to do."""
        await desk.outbox.add([owed()], NOW)
        assert await desk.outbox.settle(await desk.claim(), "post 7", NOW + MINUTE)
        entry = await desk.only()
        assert (entry.state, entry.remote, entry.settled) == (State.DONE, "post 7", NOW + MINUTE)
        assert await desk.outbox.next_due(NOW) is None
        assert await desk.outbox.rescue(NOW + DAY, LEASE) == 0

    @pytest.mark.parametrize("write", ["retry", "pause", "release", "bury", "omit", "stop", "settle"])
    async def test_an_outdated_token_writes_nothing(self, desk: Desk, write: str) -> None:
        """Whoever wakes after the lease finds the row in other hands, and leaves it there."""
        await desk.outbox.add([owed()], NOW)
        outdated = await desk.claim()
        await desk.outbox.rescue(NOW + LEASE, LEASE)
        held = await desk.claim(LEASE)
        writes = {
            "retry": lambda: desk.outbox.retry(outdated, NOW, "late"),
            "pause": lambda: desk.outbox.pause(outdated, NOW, "late"),
            "release": lambda: desk.outbox.release(outdated),
            "bury": lambda: desk.outbox.bury(outdated, "late", NOW),
            "omit": lambda: desk.outbox.omit(outdated, "late", NOW),
            "stop": lambda: desk.outbox.stop(outdated, "late", NOW),
            "settle": lambda: desk.outbox.settle(outdated, "late", NOW),
        }
        assert await writes[write]() is (write == "stop")  # that the place refuses us is so, whoever heard it
        assert await desk.only() == held

    async def test_late_success_counts(self, desk: Desk) -> None:
        """Nobody claimed it since: that it was sent is true, although the lease is over."""
        await desk.outbox.add([owed()], NOW)
        entry = await desk.claim()
        await desk.outbox.rescue(NOW + LEASE, LEASE)
        assert await desk.outbox.settle(entry, "7", NOW + HOUR)
        assert (await desk.only()).state is State.DONE

    async def test_a_failure_waits(self, desk: Desk) -> None:
        """It is owed again at the time given, and says why; an attempt counts unless it was none."""
        await desk.outbox.add([owed()], NOW)
        await desk.outbox.retry(await desk.claim(), NOW + MINUTE, "503")
        entry = await desk.only()
        assert (entry.state, entry.try_at, entry.error) == (State.OWED, NOW + MINUTE, "503")
        assert (entry.attempts, entry.lease_until) == (1, None)
        assert await desk.outbox.claim(NOW, LEASE) == []
        await desk.outbox.retry(await desk.claim(MINUTE), NOW + 2 * MINUTE, "down", counted=False)
        assert (await desk.only()).attempts == 1

    async def test_waiting_past_the_end_expires_at_the_end(self, desk: Desk) -> None:
        """A wait that is longer than the row is worth ends when that does."""
        await desk.outbox.add([owed(lasts=MINUTE)], NOW)
        await desk.outbox.retry(await desk.claim(), NOW + HOUR, "503")
        assert await desk.outbox.next_due(NOW) == NOW + MINUTE
        assert await desk.outbox.claim(NOW + MINUTE, LEASE) == []
        assert (await desk.only()).state is State.EXPIRED

    async def test_a_pause_is_for_the_whole_place(self, desk: Desk) -> None:
        """Everything the place is owed waits, in its order, and no attempt is counted; other places do not."""
        rows = [owed("first"), owed("second", due=timedelta(seconds=5)), owed("third", due=HOUR)]
        await desk.outbox.add([*rows, owed("other", place="b"), owed("short", lasts=MINUTE / 2)], NOW)
        await desk.outbox.pause(await desk.claim(), NOW + MINUTE, "429")
        due = {entry.owed.kind: entry.try_at - NOW for entry in await desk.deliveries.list(State.OWED)}
        half = MINUTE / 2
        expected = {"other": 0 * MINUTE, "short": half, "first": MINUTE, "second": MINUTE, "third": HOUR}
        assert due == expected
        assert list(due) == list(expected)
        assert [entry.attempts for entry in await desk.deliveries.list(State.OWED)] == [0] * 5

    async def test_a_dead_letter_waits_for_an_admin(self, desk: Desk) -> None:
        """It is never claimed; sent after all, it starts anew; it may also be dropped."""
        await desk.outbox.add([owed()], NOW)
        entry = await desk.claim()
        await desk.outbox.bury(entry, "too long", NOW)
        dead = await desk.only()
        assert (dead.state, dead.error, dead.settled) == (State.DEAD, "too long", NOW)
        assert await desk.outbox.claim(NOW + MINUTE, LEASE) == []
        desk.woken.clear()
        assert await desk.deliveries.again(entry.id, NOW)
        assert desk.woken == ["added"]
        again = await desk.claim()
        assert (again.attempts, again.again) == (1, True)
        await desk.outbox.bury(again, "too long", NOW)
        assert await desk.deliveries.drop(entry.id, NOW)
        assert not await desk.deliveries.drop(entry.id, NOW)

    async def test_what_was_dropped_can_be_sent_after_all(self, desk: Desk) -> None:
        """At its time, or at once when that is over; until then it stays dropped, however often it is planned."""
        rows = [owed("now"), owed("later", due=DAY)]
        await desk.outbox.add(rows, NOW)
        now, later = await desk.deliveries.list(State.OWED)
        for each in (now, later):
            assert await desk.deliveries.drop(each.id, NOW)
        await desk.outbox.add(rows, NOW)
        assert await desk.outbox.claim(NOW, LEASE) == []
        for each in (now, later):
            assert await desk.deliveries.again(each.id, NOW + MINUTE)
        assert [each.try_at for each in await desk.deliveries.list(State.OWED)] == [NOW + MINUTE, later.try_at]
        assert kinds(await desk.outbox.claim(NOW + MINUTE, LEASE, limit=2)) == ["now"]

    async def test_again_is_for_what_failed(self, desk: Desk) -> None:
        """What waits after a failure is due now; what was never tried is not sent early."""
        await desk.outbox.add([owed("failed"), owed("later", due=DAY)], NOW)
        failed = await desk.claim()
        await desk.outbox.retry(failed, NOW + MINUTE, "503")
        later = (await desk.deliveries.list(State.OWED))[1]
        assert not await desk.deliveries.again(later.id, NOW)
        assert await desk.deliveries.again(failed.id, NOW)
        assert (await desk.claim()).id == failed.id

    async def test_a_place_that_refuses_is_stopped(self, desk: Desk) -> None:
        """It gets nothing, not what is added later either, until it is resumed; news once. The void expires."""
        await desk.outbox.add([owed("first"), owed("short", lasts=MINUTE), owed("other", place="b")], NOW)
        first, other = await desk.outbox.claim(NOW, LEASE, limit=3), "b"
        assert kinds(first) == ["first", "short", "other"]
        assert await desk.outbox.stop(first[0], "403", NOW)
        assert not await desk.outbox.stop(first[1], "403", NOW)
        await desk.outbox.release(first[2])
        await desk.outbox.add([owed("later")], NOW)
        assert [entry.owed.place for entry in await desk.outbox.claim(NOW + MINUTE, LEASE, limit=9)] == [other]
        assert await desk.outbox.next_due(NOW + MINUTE + LEASE) is None
        (stop,) = await desk.deliveries.stopped()
        assert (stop.place, stop.reason, stop.since) == ("web/thread", "403", NOW)
        assert (await desk.states())["short"] is State.EXPIRED
        assert await desk.deliveries.resume("web/thread")
        assert not await desk.deliveries.resume("web/thread")
        claimed = await desk.outbox.claim(NOW + MINUTE, LEASE, limit=9)
        assert [(entry.owed.kind, entry.attempts) for entry in claimed] == [("first", 1), ("later", 1)]


class DeskContract:
    """What an admin sees."""

    async def test_lists(self, desk: Desk) -> None:
        """By state and series: what is to come by time, what is over the newest first, no more than asked for."""
        rows = [owed(str(number), due=number * MINUTE, place=str(number)) for number in range(6)]
        await desk.outbox.add([*rows[::-1], owed("thu", series="thu", due=DAY)], NOW)
        assert kinds(await desk.deliveries.list(State.OWED)) == [*"012345", "thu"]
        for number in range(3):
            await desk.outbox.settle(await desk.claim(number * MINUTE), "7", NOW + number * MINUTE)
        assert kinds(await desk.deliveries.list(State.DONE, limit=2)) == ["2", "1"]
        assert kinds(await desk.deliveries.list(State.OWED, series="thu")) == ["thu"]
        counts = await desk.deliveries.counts()
        assert counts == dict.fromkeys(State, 0) | {State.DONE: 3, State.OWED: 4}

    async def test_what_is_long_over_is_forgotten(self, desk: Desk) -> None:
        """Settled and void. What may be planned again while it is worth saying is kept: it is not sent twice."""
        await desk.outbox.add([owed("old", place="a"), owed("worth", place="b", lasts=9 * DAY)], NOW)
        await desk.outbox.add([owed("owed", place="c", due=9 * DAY)], NOW)
        for entry in await desk.outbox.claim(NOW, LEASE, limit=2):
            await desk.outbox.settle(entry, "7", NOW)
        assert await desk.deliveries.prune(NOW) == 0
        assert await desk.deliveries.prune(NOW + DAY) == 1
        assert await desk.states() == {"worth": State.DONE, "owed": State.OWED}

"""What every outbox does, be it in SQLite, in PostgreSQL, or the list that simulations use."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from scheduler.deliveries import Deliveries
from scheduler.outbox import Outbox
from scheduler.owed import Entry, Owed, State

NOW = datetime(2026, 11, 25, 7, 0, 0, 123_457, tzinfo=UTC)
LEASE = timedelta(seconds=60)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def owed(
    kind: str = "open",
    *,
    series: str = "wed",
    occurrence: str = "2026-11-25",
    place: str = "web/thread",
    due: timedelta = timedelta(),
    lasts: timedelta = HOUR,
    payload: str = "{}",
) -> Owed:
    """Something due so long after NOW."""
    return Owed(
        series=series,
        occurrence=occurrence,
        kind=kind,
        place=place,
        due=NOW + due,
        until=NOW + due + lasts,
        payload=payload,
    )


@dataclass(frozen=True)
class Desk:
    """An outbox, from both sides, and what woke its pump."""

    outbox: Outbox
    deliveries: Deliveries
    woken: list[str]

    async def claim(self, after: timedelta = timedelta()) -> Entry:
        """The one row that can be claimed by then."""
        (entry,) = await self.outbox.claim(NOW + after, LEASE)
        return entry

    async def only(self) -> Entry:
        """The one row there is, as it is now."""
        (entry,) = await self.deliveries.list(*State)
        return entry

    async def states(self) -> dict[str, State]:
        """How each kind stands."""
        return {entry.owed.kind: entry.state for entry in await self.deliveries.list(*State)}


def kinds(entries: Sequence[Entry]) -> list[str]:
    """What the rows say."""
    return [entry.owed.kind for entry in entries]


class PlanningContract:
    """Writing down what is owed."""

    async def test_a_row_comes_back_as_it_went(self, desk: Desk) -> None:
        """To the microsecond and the letter; an instant is the same in any zone."""
        sydney = timezone(timedelta(hours=11))
        row = owed(series="Mi/Do".replace("/", " "), place='dis"cord/1', payload='{"text": "ä 🙂 \'; --"}')
        await desk.outbox.add([replace(row, due=row.due.astimezone(sydney))], NOW)
        entry = await desk.only()
        assert entry.owed == row
        assert (entry.state, entry.try_at, entry.created) == (State.OWED, NOW, NOW)
        assert (entry.attempts, entry.token, entry.again) == (0, 0, False)
        assert {entry.lease_until, entry.remote, entry.error, entry.settled} == {None}
        assert await desk.deliveries.get(entry.id) == entry
        assert await desk.deliveries.get(entry.id + 1) is None

    async def test_adding_again_changes_nothing(self, desk: Desk) -> None:
        """The same key and content, in whatever state the row is."""
        rows = [owed(kind, place=kind) for kind in ("open", "remind", "sent", "failed")]
        await desk.outbox.add(rows, NOW)
        await desk.outbox.withdraw(NOW, series="wed", kind="remind")
        entries = await desk.outbox.claim(NOW, LEASE, limit=3)
        await desk.outbox.settle(entries[1], "7", NOW)
        await desk.outbox.retry(entries[2], NOW + MINUTE, "503")
        before = await desk.deliveries.list(*State)
        await desk.outbox.add([row for row in rows if row.kind != "remind"], NOW + MINUTE)
        assert await desk.deliveries.list(*State) == before

    async def test_a_moved_session_takes_its_rows_along(self, desk: Desk) -> None:
        """What was not sent is due when the new row says, and says what that says; attempts are counted anew."""
        await desk.outbox.add([owed()], NOW)
        await desk.outbox.retry(await desk.claim(), NOW + MINUTE, "503")
        moved = owed(due=DAY, payload='{"moved": true}')
        await desk.outbox.add([moved], NOW)
        entry = await desk.only()
        assert (entry.owed, entry.try_at, entry.attempts) == (moved, moved.due, 0)
        assert entry.token == 1  # somebody may have posted it: whoever claims it next looks first

    async def test_other_words_keep_the_time(self, desk: Desk) -> None:
        """A changed payload does not cut short what a failure waits for."""
        await desk.outbox.add([owed()], NOW)
        await desk.outbox.retry(await desk.claim(), NOW + MINUTE, "503")
        await desk.outbox.add([owed(payload="[]")], NOW)
        entry = await desk.only()
        assert (entry.owed.payload, entry.try_at, entry.attempts) == ("[]", NOW + MINUTE, 1)

    async def test_a_row_on_its_way_is_moved_as_well(self, desk: Desk) -> None:
        """If it fails, it is due when the move says; if it was sent, it was sent."""
        await desk.outbox.add([owed()], NOW)
        entry = await desk.claim()
        await desk.outbox.add([owed(due=DAY)], NOW)
        assert (await desk.only()).state is State.LEASED
        assert await desk.outbox.retry(entry, NOW + MINUTE, "503")
        assert (await desk.only()).try_at == NOW + DAY
        assert await desk.outbox.settle(entry, "7", NOW)

    async def test_what_was_sent_or_dropped_stays(self, desk: Desk) -> None:
        """A move does not send again what was sent, or what an admin wanted never to be sent."""
        await desk.outbox.add([owed("sent", place="a"), owed("dropped", place="b")], NOW)
        sent, dropped = await desk.outbox.claim(NOW, LEASE, limit=2)
        await desk.outbox.settle(sent, "7", NOW)
        assert await desk.deliveries.drop(dropped.id, NOW)
        await desk.outbox.add([owed("sent", place="a", due=DAY), owed("dropped", place="b", due=DAY)], NOW)
        assert await desk.states() == {"sent": State.DONE, "dropped": State.DROPPED}

    async def test_a_later_date_revives(self, desk: Desk) -> None:
        """What expired, or died, is owed again when its session is moved to where it is worth saying."""
        await desk.outbox.add([owed("late", lasts=MINUTE), owed("dead", place="b")], NOW)
        dead = next(each for each in await desk.outbox.claim(NOW, LEASE, limit=2) if each.owed.kind == "dead")
        await desk.outbox.bury(dead, "no", NOW)
        await desk.outbox.rescue(NOW + HOUR, LEASE)
        await desk.outbox.claim(NOW + HOUR, LEASE)
        assert await desk.states() == {"late": State.EXPIRED, "dead": State.DEAD}
        await desk.outbox.add([owed("late", lasts=2 * MINUTE), owed("dead", place="b", payload="[]")], NOW + HOUR)
        assert await desk.states() == {"late": State.EXPIRED, "dead": State.DEAD}
        await desk.outbox.add([owed("late", due=DAY), owed("dead", place="b", due=DAY)], NOW + HOUR)
        entries = await desk.deliveries.list(State.OWED)
        assert [(each.attempts, each.error, each.settled, each.try_at) for each in entries] == 2 * [
            (0, None, None, NOW + DAY)
        ]

    async def test_a_skipped_session_is_owed_no_more(self, desk: Desk) -> None:
        """Withdrawn is exactly what was asked for and not sent; put back on the plan, it is owed again."""
        other = [owed(series="thu"), owed(occurrence="2026-12-02"), owed(place="b"), owed("remind", due=DAY)]
        await desk.outbox.add([owed(), *other], NOW)
        for count in (1, 0):
            assert count == await desk.outbox.withdraw(
                NOW, series="wed", occurrence="2026-11-25", kind="open", place="web/thread"
            )
        assert len(await desk.deliveries.list(State.OWED)) == 4
        (entry,) = await desk.deliveries.list(State.WITHDRAWN)
        assert (entry.owed, entry.settled) == (owed(), NOW)
        await desk.outbox.add([owed()], NOW)
        assert len(await desk.deliveries.list(State.OWED)) == 5

    async def test_all_but_the_plan_is_withdrawn(self, desk: Desk) -> None:
        """`keep` is what a new plan still owes. What is void is left, to expire where it is seen."""
        rows = [owed(occurrence=str(number)) for number in range(1200)]
        late = owed("late", due=-DAY)
        await desk.outbox.add([*rows, late], NOW)
        keep = {row.parts for row in rows[::3]}
        assert await desk.outbox.withdraw(NOW, series="wed", keep=keep) == 800
        left = await desk.deliveries.list(State.OWED, limit=2000)
        assert {entry.owed.parts for entry in left} == keep | {late.parts}

    async def test_what_is_withdrawn_on_its_way(self, desk: Desk) -> None:
        """Withdrawn it stays if it fails; if it was sent by then, that is what is kept."""
        await desk.outbox.add([owed()], NOW)
        entry = await desk.claim()
        assert await desk.outbox.withdraw(NOW, series="wed") == 1
        assert not await desk.outbox.retry(entry, NOW, "503")
        assert (await desk.only()).state is State.WITHDRAWN
        assert await desk.outbox.settle(entry, "7", NOW)
        assert (await desk.only()).state is State.DONE

    async def test_new_rows_wake(self, desk: Desk) -> None:
        """The pump of this process hears of what is added; of nothing if nothing is."""
        await desk.outbox.add([], NOW)
        assert desk.woken == []
        await desk.outbox.add([owed()], NOW)
        assert desk.woken == ["added"]

    def test_a_key_reads_in_one_way(self) -> None:
        """No part of a key but the last may hold what separates them."""
        assert owed(place="discord/1").key == "wed/2026-11-25/open/discord/1"
        with pytest.raises(ValueError, match="slash"):
            owed(series="a/b")

    def test_an_hour_without_a_zone_is_refused(self) -> None:
        """An instant is an instant."""
        with pytest.raises(ValueError, match="zone"):
            replace(owed(), until=NOW.replace(tzinfo=None))


class ClaimingContract:
    """Taking what is due."""

    async def test_the_longest_due_goes_first(self, desk: Desk) -> None:
        """In order of time, then in the order they were added; nothing early, and no more than asked for."""
        rows = [
            owed("third", place="a"),
            owed("first", place="b", due=-MINUTE),
            owed("fourth", place="c"),
            owed("early", due=timedelta(microseconds=1), place="d"),
            owed("second", place="e", due=-timedelta(microseconds=1)),
        ]
        await desk.outbox.add(rows, NOW)
        assert kinds(await desk.outbox.claim(NOW, LEASE, limit=2)) == ["first", "second"]
        assert kinds(await desk.outbox.claim(NOW, LEASE, limit=9)) == ["third", "fourth"]
        assert await desk.outbox.claim(NOW, LEASE, limit=9) == []

    async def test_a_claim_is_written_down(self, desk: Desk) -> None:
        """State, token, attempts and the end of the lease, as the row has them."""
        await desk.outbox.add([owed()], NOW)
        entry = await desk.claim()
        assert (entry.state, entry.token, entry.attempts, entry.again) == (State.LEASED, 1, 1, False)
        assert entry.lease_until == NOW + LEASE
        assert await desk.only() == entry
        await desk.outbox.release(entry)
        again = await desk.claim()
        assert (again.token, again.attempts, again.again) == (2, 1, True)

    async def test_a_place_is_posted_to_one_by_one(self, desk: Desk) -> None:
        """While a row is on its way to a place, the next for it waits; a lease that ran out holds up nobody."""
        await desk.outbox.add([owed("first"), owed("second"), owed("other", place="b")], NOW)
        first = await desk.claim()
        assert kinds(await desk.outbox.claim(NOW, LEASE, limit=9)) == ["other"]
        assert await desk.outbox.claim(NOW, LEASE) == []
        assert await desk.outbox.next_due(NOW) is None
        assert kinds(await desk.outbox.claim(NOW + LEASE, LEASE)) == ["second"]
        await desk.outbox.settle(first, "7", NOW)

    async def test_nobody_gets_a_row_twice(self, desk: Desk) -> None:
        """Eight that claim at once share sixty rows."""
        await desk.outbox.add([owed(place=f"place {number}") for number in range(60)], NOW)

        async def worker() -> list[int]:
            mine: list[int] = []
            while found := await desk.outbox.claim(NOW, LEASE, limit=3):
                mine += [entry.id for entry in found]
            return mine

        shares = await asyncio.gather(*(worker() for _ in range(8)))
        claimed = [number for share in shares for number in share]
        assert len(claimed) == len(set(claimed)) == 60

    async def test_the_void_expires_in_sight(self, desk: Desk) -> None:
        """What is no longer worth saying is not handed out, and not gone."""
        await desk.outbox.add([owed("void", lasts=MINUTE), owed("good", lasts=2 * MINUTE)], NOW)
        assert kinds(await desk.outbox.claim(NOW + MINUTE, LEASE, limit=9)) == ["good"]
        (entry,) = await desk.deliveries.list(State.EXPIRED)
        assert (entry.owed.kind, entry.settled) == ("void", NOW + MINUTE)

    async def test_when_to_look_next(self, desk: Desk) -> None:
        """The first row that can be claimed, be it late or to come."""
        assert await desk.outbox.next_due(NOW) is None
        await desk.outbox.add([owed("later", due=DAY, place="b"), owed("now", due=-MINUTE)], NOW)
        assert await desk.outbox.next_due(NOW) == NOW - MINUTE
        entry = await desk.claim()
        assert await desk.outbox.next_due(NOW) == NOW + DAY
        await desk.outbox.retry(entry, NOW + HOUR / 2, "503")
        assert await desk.outbox.next_due(NOW) == NOW + HOUR / 2

    async def test_what_is_left_lying_is_taken_back(self, desk: Desk) -> None:
        """A lease that ran out ends; one that runs does not, unless it is from before the clock was put back."""
        await desk.outbox.add([owed()], NOW)
        await desk.claim()
        assert await desk.outbox.rescue(NOW, LEASE) == 0
        assert await desk.outbox.rescue(NOW + LEASE - timedelta(microseconds=1), LEASE) == 0
        assert await desk.outbox.rescue(NOW + LEASE, LEASE) == 1
        entry = await desk.claim(LEASE)
        assert (entry.attempts, entry.again) == (2, True)
        assert await desk.outbox.rescue(NOW + LEASE - HOUR, LEASE) == 1

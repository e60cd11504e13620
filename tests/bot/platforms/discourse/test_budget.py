"""The budget of requests, in virtual time."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Coroutine

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.discourse.budget import WINDOW, Budget, Priority
from bot.platforms.discourse.errors import Busy
from tests.fakes.clock import VirtualClock, VirtualLoop

REPLY, POLL, CHORE = Priority


def virtually(test: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run it in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(test())


class Turns:
    """Who was let through, and when."""

    def __init__(self, budget: Budget, clock: VirtualClock) -> None:
        self.budget, self.clock = budget, clock
        self.log: list[tuple[float, str]] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def names(self) -> list[str]:
        """In the order in which they were let through."""
        return [name for _, name in self.log]

    def ask(self, priority: Priority, name: str = "") -> asyncio.Task[None]:
        """Somebody queues."""

        async def take() -> None:
            await self.budget.take(priority)
            self.log.append((self.clock.monotonic(), name))

        self._tasks.append(asyncio.create_task(take()))
        return self._tasks[-1]

    async def all(self) -> None:
        """Everybody had a turn, or was cancelled."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def most_in_a_minute(times: list[float]) -> int:
    """How many of them lie in the fullest 60 seconds."""
    return max(bisect_left(times, start + 60.0) - index for index, start in enumerate(times))


def test_it_starts_full() -> None:
    """The first sixty wait for nothing; the next one waits until the first is a minute old."""

    async def test() -> None:
        clock = VirtualClock()
        turns = Turns(Budget(clock), clock)
        for _ in range(61):
            turns.ask(CHORE)
        await turns.all()
        assert [at for at, _ in turns.log[:60]] == [0.0] * 60
        assert turns.log[60][0] == pytest.approx(WINDOW, abs=0.1)

    virtually(test)


def test_replies_overtake_polls_and_polls_chores() -> None:
    """When turns are scarce, the more urgent goes first, and among equals who came first."""

    async def test() -> None:
        clock = VirtualClock()
        turns = Turns(Budget(clock, per_minute=1), clock)
        await turns.budget.take(CHORE)
        for priority, name in [(CHORE, "c1"), (POLL, "p1"), (CHORE, "c2"), (REPLY, "r1"), (POLL, "p2")]:
            turns.ask(priority, name)
        await clock.sleep(WINDOW / 2)
        turns.ask(REPLY, "r2")
        await turns.all()
        assert turns.names == ["r1", "r2", "p1", "p2", "c1", "c2"]

    virtually(test)


@settings(max_examples=60, deadline=None)
@given(
    limit=st.integers(1, 8),
    people=st.lists(
        st.tuples(
            st.floats(0, 200),
            st.sampled_from(Priority),
            st.one_of(st.none(), st.floats(0, 200)),
            st.one_of(st.none(), st.floats(0, 30)),
        ),
        min_size=1,
        max_size=40,
    ),
)
def test_no_minute_holds_too_many(
    limit: int, people: list[tuple[float, Priority, float | None, float | None]]
) -> None:
    """However people come and leave, and whenever the forum asks for rest, no 60 seconds hold more than the limit.

    Nobody is forgotten, and what is counted is what was let through.
    """

    async def test() -> None:
        clock = VirtualClock()
        turns = Turns(Budget(clock, per_minute=limit), clock)
        gone = 0

        async def person(arrives: float, priority: Priority, leaves: float | None, rest: float | None) -> None:
            nonlocal gone
            await clock.sleep(arrives)
            task = turns.ask(priority)
            if rest is not None:
                turns.budget.rest(rest)
            if leaves is not None:
                await clock.sleep(leaves)
                gone += task.cancel()
            await asyncio.wait([task])

        await asyncio.gather(*(person(*each) for each in people))
        assert len(turns.log) == sum(turns.budget.taken.values()) == len(people) - gone
        assert turns.budget.waiting == 0
        if turns.log:
            assert most_in_a_minute([at for at, _ in turns.log]) <= limit

    virtually(test)


def test_who_leaves_the_queue_takes_nothing_along() -> None:
    """Of three who wait for one turn, two are cancelled: the third gets it, no later than if alone."""

    async def test() -> None:
        clock = VirtualClock()
        turns = Turns(Budget(clock, per_minute=1), clock)
        await turns.budget.take(REPLY)
        first, second = turns.ask(REPLY, "first"), turns.ask(REPLY, "second")
        turns.ask(CHORE, "third")
        await clock.sleep(10)
        first.cancel()
        second.cancel()
        await turns.all()
        assert turns.names == ["third"]
        assert turns.log[0][0] == pytest.approx(WINDOW, abs=0.1)

    virtually(test)


def test_a_turn_that_comes_too_late_goes_to_the_next() -> None:
    """Who is cancelled in the very moment of being let through gives the turn back."""

    async def test() -> None:
        clock = VirtualClock()
        turns = Turns(Budget(clock, per_minute=1), clock)
        await turns.budget.take(REPLY)
        late = turns.ask(REPLY, "late")
        turns.ask(CHORE, "next")
        await clock.sleep(WINDOW)
        for _ in range(9):  # until `late` was let through, and has not yet gone on
            if turns.budget.waiting == 2:
                await asyncio.sleep(0)
        assert not late.done()
        late.cancel()
        await turns.all()
        assert turns.names == ["next"]
        assert turns.log[0][0] == pytest.approx(WINDOW, abs=0.1)

    virtually(test)


def test_a_rest_holds_for_everybody() -> None:
    """After 429 nobody is let through for so long, those who wait included; a shorter rest changes nothing."""

    async def test() -> None:
        clock = VirtualClock()
        turns = Turns(Budget(clock), clock)
        turns.budget.rest(30)
        turns.ask(REPLY, "early")
        await clock.sleep(10)
        turns.budget.rest(40)
        turns.budget.rest(5)
        turns.ask(CHORE, "late")
        await turns.all()
        assert turns.names == ["early", "late"]
        assert turns.log[0][0] == pytest.approx(50, abs=0.1)

    virtually(test)


def test_patience_is_asked_before_the_queue() -> None:
    """Who would wait too long is told at once how long, and does not queue; places ahead of him count."""

    async def test() -> None:
        clock = VirtualClock()
        turns = Turns(Budget(clock, per_minute=2), clock)
        await turns.budget.take(REPLY)
        await clock.sleep(20)
        await turns.budget.take(REPLY)
        turns.ask(REPLY)
        turns.ask(CHORE)
        await clock.sleep(1)
        with pytest.raises(Busy) as busy:
            await turns.budget.take(REPLY, patience=59.5)
        assert busy.value.after == pytest.approx(20 + WINDOW - 21)
        assert turns.budget.waiting == 2
        await turns.budget.take(REPLY, patience=60.5)
        assert clock.monotonic() == pytest.approx(20 + WINDOW, abs=0.1)
        await turns.all()

    virtually(test)


def test_nobody_waiting_means_nobody_looks() -> None:
    """When the last one in the queue is cancelled, no task of the budget is left behind."""

    async def test() -> None:
        clock = VirtualClock()
        turns = Turns(Budget(clock, per_minute=1), clock)
        await turns.budget.take(REPLY)
        only = turns.ask(POLL)
        await clock.sleep(1)
        only.cancel()
        await turns.all()
        await clock.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    virtually(test)


def test_a_budget_of_nothing_is_a_mistake() -> None:
    """A limit below one is refused at once."""

    async def test() -> None:
        with pytest.raises(ValueError, match="too few"):
            Budget(VirtualClock(), per_minute=0)

    virtually(test)

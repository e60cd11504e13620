"""However a group changes its plans, and whoever crashes: the outbox owes what the plan says, each once."""

from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scheduler.deliveries import Deliveries
from scheduler.due import Due, standing, upcoming, weekly
from scheduler.errors import SeriesError
from scheduler.outbox import Outbox
from scheduler.owed import Entry, Key, Owed, State
from scheduler.series import Occurrence, Series
from tests.scheduler.databases import InMemory
from tests.scheduler.examples import SYDNEY, at

PLAN = weekly()
AHEAD, YEAR = timedelta(weeks=2), timedelta(weeks=52)
LEASE, HOUR = timedelta(seconds=60), timedelta(hours=1)
FARTHEST = 60
"""Hours."""
KEPT = (2 * FARTHEST + 12) * HOUR
"""What was said has to be remembered for as long as its session may still be moved: it would be said again."""
PLACES = ("discourse:7", "discord:9")
Answer = TypeVar("Answer")


def finish(work: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer of a coroutine that has nothing to wait for."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("something waits")


class Week(RuleBasedStateMachine):
    """A host who plans, time that passes, and workers that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.database = InMemory()
        self.outbox, self.deliveries = Outbox(self.database), Deliveries(self.database)
        self.now = at("2026-11-23T09:00")
        self.series: dict[str, Series] = {}
        self.held: list[Entry] = []
        self.sent = Counter[Key]()

    @initialize()
    def begin(self) -> None:
        """One group is there already."""
        self.series["wed"] = SYDNEY
        self._plan("wed")

    @rule(hour=st.integers(8, 20))
    def create(self, hour: int) -> None:
        """Another group begins, or sets another time for good."""
        self.series["thu"] = replace(SYDNEY, at=SYDNEY.at.replace(hour=hour))
        self._plan("thu")

    @rule(data=st.data(), which=st.integers(0, 3), by=st.integers(-FARTHEST, FARTHEST))
    def move(self, data: st.DataObject, which: int, by: int) -> None:
        """One session is held at another time, up to FARTHEST from where the plan has it."""
        name = self._name(data)
        day = self._session(name, which).date
        planned = replace(self.series[name], skip=frozenset(), moved={})
        (first,) = [each for each in planned.between(self.now - YEAR, self.now + YEAR) if each.date == day]
        self._change(name, moved={**self.series[name].moved, day: first.starts + by * HOUR})

    @rule(data=st.data(), which=st.integers(0, 3))
    def skip(self, data: st.DataObject, which: int) -> None:
        """One session is not held."""
        name = self._name(data)
        session = self._session(name, which)
        moved = {day: when for day, when in self.series[name].moved.items() if day != session.date}
        self._change(name, moved=moved, skip=self.series[name].skip | {session.date})

    @rule(data=st.data())
    def as_it_was(self, data: st.DataObject) -> None:
        """Every exception is taken back."""
        self._change(self._name(data), skip=frozenset(), moved={})

    @rule(data=st.data())
    def crash_in_mid_plan(self, data: st.DataObject) -> None:
        """Whoever plans dies before the end: nothing of it is there, and the next hour plans it all."""
        before = self._rows(*State)
        with pytest.raises(InterruptedError):
            finish(self._write(self._name(data), dies=True))
        assert self._rows(*State) == before

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        """And everybody plans ahead, and forgets what is long over."""
        self.now += hours * HOUR
        for name in self.series:
            self._plan(name)
        finish(self.deliveries.prune(self.now - KEPT))

    @rule(ends=st.lists(st.sampled_from(["heard", "unheard", "dies", "dies before", "slow"]), min_size=1))
    def work(self, ends: list[str]) -> None:
        """Workers take what is due, and each comes to its own end with it."""
        for entry, end in zip(finish(self.outbox.claim(self.now, LEASE, limit=len(ends))), ends, strict=False):
            if end == "slow":
                self.held.append(entry)
            elif end != "dies before":
                self._send(entry)
            if end == "heard":
                finish(self.outbox.settle(entry, "post", self.now))
            elif end == "unheard":
                finish(self.outbox.retry(entry, self.now + HOUR / 4, "502"))

    @precondition(lambda self: self.held)
    @rule(release=st.booleans())
    def wake_up(self, release: bool) -> None:
        """A slow worker comes back to a row: in time, and sends it; or too late, and gives it up."""
        entry = self.held.pop()
        assert entry.lease_until
        if entry.lease_until > self.now:
            self._send(entry)
            finish(self.outbox.settle(entry, "post", self.now))
        elif release:
            finish(self.outbox.release(entry))
        else:
            finish(self.outbox.retry(entry, self.now, "no answer"))

    @rule()
    def rescue(self) -> None:
        """What the dead left lying is taken back."""
        finish(self.outbox.rescue(self.now, LEASE))

    @invariant()
    def the_plan_is_owed(self) -> None:
        """Each message of each session that is held has one row for each place, due when the plan says or sent."""
        rows = {entry.owed.parts: entry for entry in self._rows(*State)}
        for name, series in self.series.items():
            for due in upcoming(series, PLAN, self.now, self.now + AHEAD / 2):
                for place in PLACES:
                    entry = rows[name, *due.key, place]
                    if entry.state is not State.DONE:
                        assert entry.state in (State.OWED, State.LEASED)
                        assert (entry.owed.due, entry.owed.until) == (due.at, due.valid_until)

    @invariant()
    def nothing_else_is_owed(self) -> None:
        """What will still be sent is on the plan: nothing of a skipped session, nothing of where one was."""
        planned = {owed.parts for name in self.series for owed in self._planned(name)}
        for entry in self._rows(State.OWED, State.LEASED):
            assert entry.owed.parts in planned or entry.owed.until <= self.now

    @invariant()
    def nothing_was_said_twice(self) -> None:
        """Whatever happened."""
        assert set(self.sent.values()) <= {1}

    def teardown(self) -> None:
        """Forget it."""
        self.database.close()

    def _name(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.series)))

    def _session(self, name: str, which: int) -> Occurrence:
        return self.series[name].between(self.now, self.now + YEAR)[which]

    def _send(self, entry: Entry) -> None:
        """Look if the post is there, if anybody may have made it; else make it."""
        if not (entry.again and entry.owed.parts in self.sent):
            self.sent[entry.owed.parts] += 1

    def _rows(self, *states: State) -> list[Entry]:
        return finish(self.deliveries.list(*states, limit=9999))

    def _change(self, name: str, **exceptions: Any) -> None:
        with suppress(SeriesError):  # two on one evening: the host is told, and nothing changes
            self.series[name] = replace(self.series[name], **exceptions)
            self._plan(name)

    def _planned(self, name: str) -> list[Owed]:
        series = self.series[name]
        found: list[Due] = [
            *standing(series, PLAN, self.now),
            *upcoming(series, PLAN, self.now, self.now + AHEAD),
        ]
        return [
            Owed(
                series=name,
                occurrence=due.key[0],
                kind=due.kind,
                place=place,
                due=due.at,
                until=due.valid_until,
            )
            for due in found
            for place in PLACES
        ]

    def _plan(self, name: str) -> None:
        finish(self._write(name))

    async def _write(self, name: str, *, dies: bool = False) -> None:
        rows = self._planned(name)
        async with self.database.write() as connection:
            await self.outbox.add(rows, self.now, within=connection)
            if dies:
                raise InterruptedError
            keep = {owed.parts for owed in rows}
            await self.outbox.withdraw(self.now, series=name, keep=keep, within=connection)


TestWeek = Week.TestCase
# Two cores that others use as well: how long an example takes says nothing.
TestWeek.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)

"""One contract for every outbox: SQLite, PostgreSQL, and the list that simulations use."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import ClauseElement
from sqlalchemy.dialects import sqlite

from scheduler.bell import listen
from scheduler.deliveries import Deliveries
from scheduler.outbox import CLAIM, EXPIRE, NEXT, RESCUE, Outbox
from scheduler.owed import State
from tests.fakes.clock import RealClock
from tests.scheduler import databases
from tests.scheduler.memory import MemoryOutbox
from tests.scheduler.outbox_contract import NOW, ClaimingContract, Desk, PlanningContract, owed
from tests.scheduler.settling_contract import DeskContract, SettlingContract


@pytest.fixture(params=["list", "in memory", "sqlite", "postgresql"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Desk]:
    """Each outbox in turn, with nothing in it."""
    woken: list[str] = []

    def added() -> None:
        woken.append("added")

    if request.param == "list":
        rows = MemoryOutbox(added)
        yield Desk(cast(Outbox, rows), cast(Deliveries, rows), woken)
    elif request.param == "in memory":
        memory = databases.InMemory()
        yield Desk(Outbox(memory, added), Deliveries(memory, added), woken)
        memory.close()
    else:
        if request.param == "sqlite":
            database = databases.sqlite(tmp_path / "outbox.db")
        else:
            database = databases.postgresql(request.getfixturevalue("server"))
        await database.create()
        await database.empty()
        yield Desk(Outbox(database, added), Deliveries(database, added), woken)
        await database.engine.dispose()


class TestPlanning(PlanningContract):
    """In each."""


class TestClaiming(ClaimingContract):
    """In each."""


class TestSettling(SettlingContract):
    """In each."""


class TestDesk(DeskContract):
    """In each."""


@pytest.mark.parametrize("statement", [EXPIRE, CLAIM, NEXT, RESCUE], ids=["expire", "claim", "next", "rescue"])
def test_a_look_reads_an_index(statement: ClauseElement) -> None:
    """However many rows there are: SQLite takes our partial indexes only where it sees that they fit."""
    sql = str(statement.compile(dialect=sqlite.dialect()))
    memory = databases.InMemory()
    with memory.engine.begin() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?")).all()
    memory.close()
    steps = [step for *_, step in plan]
    assert any("USING INDEX outbox_" in step for step in steps)
    assert not any(step.startswith("SCAN outbox") for step in steps)


async def test_rows_belong_to_the_change_that_made_them(database: databases.Pooled) -> None:
    """Planned in somebody's transaction, rows are there if that comes about, and only then."""
    outbox, deliveries = Outbox(database), Deliveries(database)

    async def change(fails: bool) -> None:
        async with database.write() as connection:
            await outbox.add([owed("new")], NOW, within=connection)
            await outbox.withdraw(NOW, series="wed", kind="old", within=connection)
            if fails:
                raise RuntimeError

    await outbox.add([owed("old")], NOW)
    with pytest.raises(RuntimeError):
        await change(fails=True)
    assert [entry.owed.kind for entry in await deliveries.list(State.OWED)] == ["old"]
    await change(fails=False)
    assert [entry.owed.kind for entry in await deliveries.list(State.OWED)] == ["new"]


async def test_two_plan_at_once(database: databases.Pooled) -> None:
    """The same rows in opposite orders from four sides: all are there, once, and nobody waits for ever."""
    rows = [owed(str(number)) for number in range(200)]
    sides = (rows, rows[::-1], rows[100:] + rows[:100], rows)
    await asyncio.wait_for(asyncio.gather(*(Outbox(database).add(side, NOW) for side in sides)), 60)
    assert (await Deliveries(database).counts())[State.OWED] == 200


async def test_another_process_hears_of_new_rows(server: str) -> None:
    """PostgreSQL wakes who listens when rows were added; a connection that breaks is made again."""
    here, there = databases.postgresql(server), databases.postgresql(server)
    await here.create()
    await here.empty()
    woken = asyncio.Event()
    listening = asyncio.create_task(listen(there, woken.set, Impatient()))
    try:
        await asyncio.wait_for(woken.wait(), 60)  # listening now
        woken.clear()
        await Outbox(here).add([owed()], NOW)
        await asyncio.wait_for(woken.wait(), 60)
        woken.clear()
        async with here.write() as connection:
            await connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND query LIKE 'LISTEN%%'"
            )
        await asyncio.wait_for(woken.wait(), 60)  # and again
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await here.engine.dispose()
        await there.engine.dispose()


class Impatient(RealClock):
    """Does not wait before it connects again."""

    async def sleep(self, seconds: float) -> None:
        """Let others run."""
        await asyncio.sleep(0)

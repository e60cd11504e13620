"""What the tests of the outbox share: the databases, and virtual time for whoever asks for a `clock`."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from pathlib import Path

import pytest

from tests.fakes.clock import VirtualClock, VirtualLoop
from tests.fakes.postgres import postgres
from tests.scheduler import databases


def pytest_asyncio_loop_factories(item: pytest.Function) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Choose the event loop of a test."""
    return {"virtual": VirtualLoop} if "clock" in item.fixturenames else {"real": asyncio.new_event_loop}


@pytest.fixture
async def clock() -> VirtualClock:
    """The clock of a test that takes no time, however long it waits."""
    return VirtualClock()


@pytest.fixture(scope="session")
def server() -> Generator[str]:
    """The URL of a PostgreSQL started for these tests; skips where none is installed."""
    try:
        with postgres() as url:
            yield url
    except FileNotFoundError as problem:
        pytest.skip(str(problem))


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[databases.Pooled]:
    """Each database in turn, with empty tables."""
    if request.param == "sqlite":
        made = databases.sqlite(tmp_path / "outbox.db")
    else:
        made = databases.postgresql(request.getfixturevalue("server"))
    await made.create()
    await made.empty()
    yield made
    await made.engine.dispose()

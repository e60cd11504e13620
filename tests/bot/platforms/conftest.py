"""The local thread for the tests of this folder."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.database import Database, connect
from tests.bot.platforms.site import Site
from tests.browser import chromium


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables made: a copy of it is ten times as quick as making them again."""
    path = tmp_path_factory.mktemp("empty") / "group.db"

    async def make() -> None:
        made = connect(f"sqlite:///{path}")
        async with made.write():
            pass
        await made.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def database(empty_database: Path, tmp_path: Path) -> AsyncGenerator[Database]:
    """A new database file."""
    made = connect(f"sqlite:///{shutil.copy(empty_database, tmp_path)}")
    yield made
    await made.close()


@pytest.fixture
async def site(database: Database) -> AsyncGenerator[Site]:
    """A thread that is being served, with the small bot behind it."""
    made = Site(database)
    await made.start()
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncGenerator[Browser]:
    """One browser for the tests of a file, on the event loop that they share."""
    async with chromium() as made:
        yield made

"""The local thread for the tests of this folder."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.database import Database, connect
from tests.bot.platforms.site import Site


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

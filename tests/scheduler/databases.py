"""The databases that the outbox is tried in, each with its tables and nothing in them.

In production `bot.database` hands out the connections; these do it in the same way with fewer words.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from scheduler.tables import metadata


class Pooled:
    """Connections of an asynchronous engine."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self.engine, self.url = engine, url

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction."""
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A connection to read with."""
        async with self.engine.connect() as connection:
            yield connection

    async def create(self) -> None:
        """Make the tables."""
        async with self.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)

    async def empty(self) -> None:
        """Delete every row."""
        async with self.engine.begin() as connection:
            for table in metadata.sorted_tables:
                await connection.execute(table.delete())


def sqlite(path: Path) -> Pooled:
    """A file, for any number of processes at once.

    SQLite before 3.51.3 can damage a write-ahead log that two processes write to. The bot has one writer; tests
    that start several keep the old rollback journal, which has no such fault.
    """
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction] - kept by the event
        connection.isolation_level = None  # no implicit BEGIN: ours is below
        cursor = connection.cursor()
        for pragma in ("journal_mode=DELETE", "synchronous=FULL", "busy_timeout=20000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    _begin_immediately(engine.sync_engine)
    return Pooled(engine, str(path))


def postgresql(url: str) -> Pooled:
    """A server's database."""
    return Pooled(create_async_engine(url), url)


class _AtOnce:
    """An AsyncConnection as far as the outbox needs one; whatever is awaited has already happened."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Execute it."""
        return self._connection.execute(statement, parameters)


class InMemory:
    """SQLite in memory, on the thread that asks: the real statements in virtual time."""

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool)

        @event.listens_for(self.engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction] - kept by the event
            connection.isolation_level = None

        _begin_immediately(self.engine)
        metadata.create_all(self.engine)

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction."""
        with self.engine.begin() as connection:
            yield cast(AsyncConnection, _AtOnce(connection))

    read = write

    def close(self) -> None:
        """Forget everything."""
        self.engine.dispose()


def _begin_immediately(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] - kept by the event
        connection.exec_driver_sql("BEGIN IMMEDIATE")

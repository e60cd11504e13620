"""The database: one writer, readers beside it, and the tables brought up to date before the first use.

SQLite in WAL mode with synchronous=FULL. There is exactly one connection that writes (SQLite before 3.51.3 can
damage a WAL file when two write at the same instant), each write is a BEGIN IMMEDIATE transaction (a deferred
one that reads first fails at once when somebody else wrote in between), and readers open the file read-only.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import StartError
from bot.migrations import HEAD

metadata = MetaData()

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
)


class Database:
    """Hands out connections: `async with database.write() as connection`, `database.read()`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = _engine(path, writing=True)
        self._reader = _engine(path, writing=False)
        self._ready = False
        self._upgrading = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """The one writing connection, in a transaction that commits at the end and rolls back on an error."""
        await self._up_to_date()
        async with self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A connection that cannot write."""
        await self._up_to_date()
        async with self._reader.connect() as connection:
            yield connection

    async def version(self) -> str:
        """The version of SQLite in use, for the health page."""
        return sqlite3.sqlite_version

    async def close(self) -> None:
        """Close every connection; the write-ahead log is folded into the file."""
        await self._reader.dispose()
        await self._writer.dispose()

    async def _up_to_date(self) -> None:
        if self._ready:
            return
        async with self._upgrading:
            if not self._ready:
                async with self._writer.begin() as connection:
                    await connection.run_sync(upgrade, self.path)
                self._ready = True


def connect(url: str) -> Database:
    """The database at `url` (`sqlite:///folder/file.db`); makes the folder. StartError says what is wrong."""
    if not url.startswith("sqlite:///") or not url.removeprefix("sqlite:///").strip("/"):
        raise StartError("DATABASE_URL is not of the form sqlite:///folder/file.db.")
    path = Path(url.removeprefix("sqlite:///"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sqlite3.connect(path).execute("PRAGMA user_version").close()
        with path.open("ab"):
            pass
    except (OSError, sqlite3.Error) as problem:
        raise StartError(
            f"{path} cannot be used as the database ({problem}). "
            "Choose a folder that you may write to, with DATABASE_URL=sqlite:///folder/file.db."
        ) from problem
    return Database(path)


def upgrade(connection: Connection, path: Path) -> None:
    """Bring the tables to the newest form, inside the caller's transaction; a copy is kept of an older file."""
    try:
        at = _version(connection)
    except OperationalError as problem:
        raise StartError(f"{path} is not a database of this bot ({problem.orig}).") from problem
    if at == HEAD:
        return
    if at is not None:
        _keep_copy(path, at)
    # Alembic takes half a second to import, and is needed once per release.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as problem:
        raise StartError(
            f"{path} was made by a newer version of the bot (its tables are at step {at}, mine at {HEAD}). "
            "Use that version, or another file with DATABASE_URL."
        ) from problem


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _keep_copy(path: Path, version: str) -> None:
    copy = path.with_suffix(f".before-{version}.db")
    if not copy.exists():
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as source:
            source.execute("VACUUM INTO ?", (str(copy),))


def _engine(path: Path, *, writing: bool) -> AsyncEngine:
    mode = "rwc" if writing else "ro"
    engine = create_async_engine(
        f"sqlite+aiosqlite:///file:{path.absolute()}?mode={mode}&uri=true",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1 if writing else 4,
        max_overflow=0,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction] - kept by the event
        connection.isolation_level = None  # no implicit BEGIN: ours is below
        cursor = connection.cursor()
        for pragma in _PRAGMAS if writing else _PRAGMAS[2:]:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] - kept by the event
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine

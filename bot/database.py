"""The database: SQLite on one machine, PostgreSQL when one machine is not enough; the same tables in both.

On SQLite, WAL mode with synchronous=FULL, one connection writes at a time, also among processes (before 3.51.3,
two that write at the same instant can damage the file), each write is a BEGIN IMMEDIATE transaction (a deferred
one that reads first fails at once when somebody else wrote in between), and readers open the file read-only.
"""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import URL, Connection, MetaData, Table, func, inspect, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import StartError
from bot.migrations import HEAD

metadata = MetaData()

_FORMS = "sqlite:///folder/file.db or postgresql://user:password@host/database"
_UPGRADE = 0x0D06_0001  # PostgreSQL's lock for the one process that changes the tables
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
)


class Database:
    """Hands out connections: `async with database.write() as connection`, `database.read()`.

    `name` is where it is, without a password; `file` is the SQLite file, None on PostgreSQL.
    """

    def __init__(self, name: str, writer: AsyncEngine, reader: AsyncEngine, file: Path | None = None) -> None:
        self.name, self.file = name, file
        self._writer, self._reader = writer, reader
        self._ready = False
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that commits at the end and rolls back on an error; on SQLite one at a time."""
        await self._up_to_date()
        async with self._alone(), self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A connection that cannot write."""
        await self._up_to_date()
        async with self._reader.connect() as connection:
            yield connection

    async def version(self) -> str:
        """What runs it, for the health page: `SQLite 3.40.1`, `PostgreSQL 15.18`."""
        if self.file is not None:
            return f"SQLite {sqlite3.sqlite_version}"
        async with self.read() as connection:
            return f"PostgreSQL {(await connection.execute(text('SHOW server_version'))).scalar_one()}"

    async def close(self) -> None:
        """Close every connection; SQLite's write-ahead log is folded into the file."""
        await self._reader.dispose()
        async with self._alone():
            await self._writer.dispose()

    @asynccontextmanager
    async def _alone(self) -> AsyncGenerator[None]:
        """On SQLite, keep every other writer out, also those of other processes, by a lock on a file beside it."""
        if self.file is None:
            yield
            return
        async with self._turn:
            with self.file.with_name(f"{self.file.name}.lock").open("ab") as lock:
                while not _locked(lock):  # noqa: ASYNC110 - other processes set no event
                    await asyncio.sleep(0.005)
                yield  # closing the file gives the lock back, and so does a crash

    async def _up_to_date(self) -> None:
        if self._ready:
            return
        async with self._alone():
            if self._ready:
                return
            try:
                async with self._writer.begin() as connection:
                    await connection.run_sync(upgrade, self.file)
            except (DBAPIError, OSError) as problem:
                said = getattr(problem, "orig", None) or problem
                raise StartError(f"DATABASE_URL: {self.name} cannot be used ({said}).") from problem
            self._ready = True


def _locked(file: IO[bytes]) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def connect(url: str) -> Database:
    """The database at `url`; makes the folder of a SQLite file. StartError says what is wrong."""
    if url.startswith("sqlite:///") and url.removeprefix("sqlite:///").strip("/"):
        return _sqlite(Path(url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        return _postgresql(url)
    raise StartError(f"DATABASE_URL is not of the form {_FORMS}.")


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert:
    """INSERT for either database: both know `on_conflict_do_nothing` and `on_conflict_do_update`."""
    made = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    return cast("sqlite.Insert", made)


def upgrade(connection: Connection, file: Path | None) -> None:
    """Bring the tables to the newest step, inside the caller's transaction; a copy is kept of an older file."""
    if file is None:
        connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE)))
    at = _version(connection)
    if at == HEAD:
        return
    if at is not None and file is not None:
        _keep_copy(file, at)
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
            f"The database was made by a newer version of the bot (its tables are at step {at}, mine at {HEAD}). "
            "Use that version, or another DATABASE_URL."
        ) from problem


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _keep_copy(path: Path, version: str) -> None:
    copy = path.with_suffix(f".before-{version}.db")
    if not copy.exists():
        with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True) as source:
            source.execute("VACUUM INTO ?", (str(copy),))


def _postgresql(url: str) -> Database:
    address = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, pool_pre_ping=True)
    reader = engine.execution_options(postgresql_readonly=True)
    return Database(address.render_as_string(hide_password=True), engine, reader)


def _sqlite(path: Path) -> Database:
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
    return Database(str(path), _engine(path, writing=True), _engine(path, writing=False), path)


class _Connection(sqlite3.Connection):
    """Its first cursor begins a transaction, and closing it ends that.

    So BEGIN goes to the connection's thread together with the first statement: a way there and back takes as long
    as a small query. As for closing: SQLite keeps a closed connection, and its lock, for as long as anybody holds
    one of its cursors; and the traceback of a write that was cancelled half-way holds one.
    """

    _begins = ""

    def prepare(self, pragmas: Sequence[str], begins: str) -> None:
        """Set it up; from now on each cursor is of a transaction."""
        self.isolation_level = None  # no implicit BEGIN: ours is in `cursor`
        for pragma in pragmas:
            self.execute(pragma)
        self._begins = begins

    def cursor(self, *args: Any, **kwargs: Any) -> sqlite3.Cursor:
        """A cursor, in a transaction."""
        if self._begins and not self.in_transaction:
            super().cursor().execute(self._begins).close()
        return super().cursor(*args, **kwargs)

    def close(self) -> None:
        """Roll back, and close."""
        if self.in_transaction:
            self.rollback()
        super().close()


class _Writing(_Connection):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(_PRAGMAS, "BEGIN IMMEDIATE")


class _Reading(_Connection):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(_PRAGMAS[2:], "BEGIN")


def _engine(path: Path, *, writing: bool) -> AsyncEngine:
    mode = "rwc" if writing else "ro"
    return create_async_engine(
        URL.create("sqlite+aiosqlite", database=path.absolute().as_uri(), query={"mode": mode, "uri": "true"}),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1 if writing else 4,
        max_overflow=0,
        connect_args={"factory": _Writing if writing else _Reading},
    )

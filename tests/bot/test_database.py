"""One writer, readers beside it, tables brought up to date."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.agenda import programmes
from bot.announcer import threads
from bot.database import Database, connect, metadata
from bot.errors import StartError
from bot.guesses import guesses
from bot.inbox import inbox
from bot.lease import leases
from bot.ledger import heard
from bot.members import ratings
from bot.migrations import HEAD
from bot.notebook.links import links
from bot.posts import posts
from bot.unfinished import unfinished
from scheduler.tables import metadata as tables_of_the_scheduler


def test_the_newest_step_is_known_without_alembic() -> None:
    """HEAD is what Alembic finds in the folder."""
    folder = Path(__file__).parents[2] / "bot" / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


async def test_the_steps_make_the_tables_that_the_code_uses(database: Database) -> None:
    """Every table and column that a store names is there after the migrations, and no other."""
    async with database.read() as connection:
        rows = await connection.execute(
            text("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'")
        )
        made = {(table, column) for table, column in rows if not table.startswith(("sqlite_", "alembic_"))}
    tables = [*metadata.tables.values(), *tables_of_the_scheduler.tables.values()]
    assert {unfinished, guesses, inbox, leases, heard, ratings, posts, programmes, threads, links} <= set(tables)
    assert made == {(table.name, column.name) for table in tables for column in table.columns}


async def test_the_file_is_kept_as_the_design_says(database: Database) -> None:
    """Write-ahead log, full synchronisation, foreign keys; a reader cannot write."""
    async with database.write() as connection:
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        ]
    assert found == ["wal", 2, 1, 0]
    async with database.read() as connection:
        with pytest.raises(OperationalError, match="readonly"):
            await connection.execute(text("DELETE FROM ratings"))


async def test_a_write_that_is_cancelled_locks_nobody_out(database: Database) -> None:
    """Wherever it was interrupted, and although its error is still looked at: the next one may write."""

    async def write() -> None:
        async with database.write() as connection:
            await connection.execute(text("SELECT 1"))
            await connection.execute(text("INSERT INTO cursors VALUES ('a', hex(randomblob(8)), 1)"))

    await write()
    errors: list[BaseException | None] = []
    for steps in range(0, 600, 3):
        tasks = [asyncio.create_task(write()) for _ in range(3)]
        for _ in range(steps):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        errors = await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(4):  # less than SQLite waits for a lock
            await write()
    assert errors


async def test_writers_wait_for_each_other(database: Database) -> None:
    """Fifty writes at once, each reading before it writes: none is refused and none is lost."""

    async def add(number: int) -> None:
        async with database.write() as connection:
            count = (await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one()
            await connection.execute(
                text("INSERT INTO inbox (platform, place, post, at) VALUES ('t', 'p', :post, :at)"),
                {"post": str(number), "at": str(count)},
            )

    await asyncio.gather(*(add(number) for number in range(50)))
    async with database.read() as connection:
        seen = (await connection.execute(text("SELECT at FROM inbox"))).scalars().all()
    assert sorted(map(int, seen)) == list(range(50))


async def test_a_reader_sees_one_moment(database: Database) -> None:
    """What is written between two of its queries it does not see; the next reader does."""
    count = text("SELECT count(*) FROM inbox")
    async with database.read() as connection:
        assert (await connection.execute(count)).scalar_one() == 0
        async with database.write() as other:
            await other.execute(text("INSERT INTO inbox VALUES ('t', 'p', '1', NULL, 'now')"))
        assert (await connection.execute(count)).scalar_one() == 0
    async with database.read() as connection:
        assert (await connection.execute(count)).scalar_one() == 1


async def test_a_failed_write_leaves_nothing(database: Database) -> None:
    """What a transaction wrote before it failed is gone."""
    with pytest.raises(RuntimeError):
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO inbox VALUES ('t', 'p', '1', NULL, 'now')"))
            raise RuntimeError
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one() == 0


async def test_an_older_file_is_copied_and_a_newer_one_refused(tmp_path: Path) -> None:
    """A file at another step is copied before anything changes it; one we cannot read is left as it was."""
    path = tmp_path / "group.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
        other.execute("INSERT INTO alembic_version VALUES ('9999')")
        other.commit()
    database = connect(f"sqlite:///{path}")
    with pytest.raises(StartError, match="newer version"):
        async with database.read():
            pass
    await database.close()
    with closing(sqlite3.connect(tmp_path / "group.before-9999.db")) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


@pytest.mark.parametrize("name", ["100%25.db", "ä?x=1#y.db", "a b&c.db", "%2e.db"])
async def test_the_file_is_the_one_that_was_named(name: str, tmp_path: Path) -> None:
    """No sign in a path means anything but itself."""
    made = connect(f"sqlite:///{tmp_path / name}")
    async with made.write() as connection:
        await connection.execute(text("INSERT INTO inbox VALUES ('t', 'p', '1', NULL, 'now')"))
    async with made.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one() == 1
    await made.close()
    assert {path.name for path in tmp_path.iterdir()} == {name, f"{name}.lock"}


async def test_two_processes_take_turns(database: Database) -> None:
    """A second writer of the same file waits until the first has committed, and loses nothing."""
    assert database.file is not None
    other = connect(f"sqlite:///{database.file}")
    order: list[str] = []

    async def second() -> None:
        async with other.write() as connection:
            order.append("second")
            await connection.execute(text("INSERT INTO inbox VALUES ('t', 'p', '2', NULL, 'now')"))

    async with database.write() as connection:
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0)
        await connection.execute(text("INSERT INTO inbox VALUES ('t', 'p', '1', NULL, 'now')"))
        order.append("first")
    await waiting
    assert order == ["first", "second"]
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one() == 2
    await other.close()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite://", id="in-memory"),
        pytest.param("mysql://localhost/a", id="another-database"),
        pytest.param("nonsense", id="no-url"),
    ],
)
def test_only_a_sqlite_file_is_taken(url: str) -> None:
    """Anything else is refused with the form that is right."""
    with pytest.raises(StartError, match=r"sqlite:///folder/file\.db"):
        connect(url)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the folder should be, a folder where the file should be, a file that is no database."""
    (tmp_path / "file").write_text("not a database, and long enough to be looked at as one" * 20)
    for place in ("file/group.db", "", "file"):
        with pytest.raises(StartError, match="DATABASE_URL") as refused:
            connect(f"sqlite:///{tmp_path}/{place}")
        assert str(tmp_path) in str(refused.value)

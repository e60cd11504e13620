"""Where the session is just now, for those who come late."""

from datetime import datetime

from sqlalchemy import Column, Table, Text, select

from bot.database import Database, metadata
from bot.notebook.pages import insert, keys, on
from bot.notes import Mark
from bot.values import Place

marks = Table(
    "marks",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("session", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
)


class Marks:
    """One mark for each session."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, place: Place, session: str, text: str, at: datetime) -> None:
        """Move the mark."""
        values = {"text": text, "at": at.isoformat()}
        row = insert(marks).values(keys(place, session) | values)
        async with self._database.write() as connection:
            await connection.execute(
                row.on_conflict_do_update(index_elements=["platform", "place", "session"], set_=values)
            )

    async def of(self, place: Place, session: str) -> Mark | None:
        """Where the mark is."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(marks).where(*on(marks, place, session)))).one_or_none()
        return None if row is None else Mark(text=row.text, at=datetime.fromisoformat(row.at))

"""Where the weeks are talked about: the first post of each session's thread, as the announcer wrote it down."""

from sqlalchemy import select

from bot.announcer import threads
from bot.database import Database
from bot.values import Place, PostRef


class Threads:
    """The threads there are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, series: str, session: str) -> list[PostRef]:
        """The first posts of a session's thread, one for each place that has it."""
        mine = (threads.c.series == series, threads.c.occurrence == session)
        async with self._database.read() as connection:
            found = (await connection.execute(select(threads).where(*mine).order_by(threads.c.place))).all()
        return [
            PostRef(place=Place(platform=row.place.partition(":")[0], id=row.thread), id=row.post) for row in found
        ]

"""A group with a host: a real agenda, outbox and notebook on a temporary database, and a board for its threads."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.agenda import Agenda
from bot.announcer import threads
from bot.command import Registry
from bot.commands import admin, plan
from bot.database import Database, insert
from bot.dispatch import Dispatch, Refusal
from bot.errors import Refused
from bot.health import Troubles
from bot.host import Host
from bot.notebook import Notebook
from bot.pages import Pages
from bot.programme import parse
from bot.threads import Threads
from bot.values import Person, Place, PostRef, Reply
from scheduler.deliveries import Deliveries
from scheduler.outbox import Outbox
from tests.bot.conftest import ROOT, context, incoming

PLACE = Place(platform="test", id="thread")
NOW = datetime.fromisoformat("2026-11-23T18:30:00+00:00")

PROGRAMME = """
group = "Readers *of* books"
zone = "Australia/Sydney"

[series]
first = 2026-12-02
at = "18:30"
skip = [2026-12-23]

[messages]
open = "-6d 20:30"
"""
CHAPTER = """
[[chapters]]
number = {number}
title = "Part *{number}*"
reading = ["From {number}.1 to {number}.3"]
homework = ["Write a post"]
"""


@dataclass
class Board:
    """A platform of which only the pins are looked at."""

    pinned: set[str] = field(default_factory=set[str])
    refuses: bool = False

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Pin or unpin."""
        if self.refuses:
            raise Refused("no rights to pin")
        (self.pinned.add if pinned else self.pinned.discard)(f"{post.place.id}/{post.id}")


class Group:
    """A group of eight chapters, what it is told, and a clock that stands where it is put."""

    registry = Registry.of(plan, admin)

    def __init__(self, database: Database, programme: str = "") -> None:
        self.now, self.board, self.database = NOW, Board(), database
        chapters = "".join(CHAPTER.format(number=number) for number in range(1, 9))
        self.troubles = Troubles(lambda: self.now)
        self.outbox, self.rows = Outbox(database), Deliveries(database)
        self.notebook = Notebook(database)
        file = parse(programme or PROGRAMME + chapters, "test")
        self.agenda = Agenda(file, database, self.outbox, [PLACE])
        self.week = Pages(self.agenda, self.notebook)
        self.steering = Host(
            self.agenda,
            self.rows,
            Threads(database),
            {"test": self.board},
            calendar="http://127.0.0.1:8000/calendar.ics",
        )

    async def asks(self, line: str, person: Person = ROOT) -> Reply:
        """The answer to a line that somebody posts."""
        called = replace(context(person, self), now=self.now)
        reply = await Dispatch(registry=self.registry).answer(incoming(line, person=person), called)
        assert reply is not None, line
        assert "on my side" not in reply.text, line
        return reply

    async def says(self, line: str, person: Person = ROOT) -> Reply:
        """The same; it is no refusal."""
        reply = await self.asks(line, person)
        assert not isinstance(reply, Refusal), reply.text
        return reply

    async def refuses(self, line: str, person: Person = ROOT) -> Reply:
        """The same; it is a refusal."""
        reply = await self.asks(line, person)
        assert isinstance(reply, Refusal), reply.text
        return reply

    async def opened(self, session: str, post: str) -> None:
        """A session's thread as the announcer writes it down."""
        async with self.database.write() as connection:
            row = insert(connection, threads).values(
                series="book", occurrence=session, place="test:thread", thread="topic", post=post
            )
            await connection.execute(row)

    def held(self, count: int = 5) -> list[str]:
        """When the next sessions are, by the group's clocks."""
        plan = [each for each in self.steering.plan(self.now, 52) if each.number]
        clocks = self.agenda.programme.series.clocks
        return [f"{each.starts.astimezone(clocks):%m-%d %H:%M}" for each in plan[:count]]

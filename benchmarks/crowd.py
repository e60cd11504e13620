"""People who ask a bot on the tests' Discord, and look at their clocks."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.platforms.discord.flood import CHANNEL, PERSON
from tests.fakes.discord import Channel, Site, User
from tests.fakes.discord.sessions import GUILD_MESSAGES, MESSAGE_CONTENT, Session
from tests.fakes.discord.values import JSON, LOADING

PATIENCE = 60.0
NUMBERS = count()


@dataclass(frozen=True, kw_only=True)
class Question:
    """A command, as a line of text and as the fields of its form."""

    text: str
    path: str
    values: Mapping[str, Any]
    pictures: int = 0
    """Those of its answer."""


@dataclass(kw_only=True, eq=False)
class Reader(Session):
    """Somebody whose client shows messages as soon as they are there: nothing is looked at again and again."""

    waited: dict[str, asyncio.Future[JSON]] = field(default_factory=dict[str, asyncio.Future[JSON]])

    def owe(self, name: str, data: JSON) -> None:
        """A message: whoever waits for this answer has it."""
        if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and not data["flags"] & LOADING:
            source = data.get("interaction_metadata", {}).get("id")
            source = source or data.get("message_reference", {}).get("message_id")
            if source in self.waited and not self.waited[source].done():
                self.waited[source].set_result(data)


@dataclass(kw_only=True)
class Took:
    """How long answers took, each, and all in all; seconds."""

    each: list[float] = field(default_factory=list[float])
    wall: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.each) / self.wall

    @property
    def median(self) -> float:
        """Half are quicker."""
        return statistics.median(self.each)

    @property
    def late(self) -> float:
        """95 of 100 are quicker."""
        return statistics.quantiles(self.each, n=20)[-1]


class Crowd:
    """Readers in the threads of a channel; nobody asks as much as the bot would find too much."""

    def __init__(self, site: Site, home: Channel) -> None:
        self._site, self._home = site, home
        self._reader = Reader(intents=GUILD_MESSAGES | MESSAGE_CONTENT, began_at=site.now())
        site.sessions[self._reader.id] = self._reader

    async def ask(self, questions: list[Question], *, slash: bool, at_once: int, took: Took) -> None:
        """Ask all of them, so many at once, and note how long each answer takes."""
        asked = zip(questions, self._seats(len(questions)), strict=True)

        async def one() -> None:
            for question, (who, where) in asked:
                begun = time.perf_counter()
                await self._answer(question, who, where, slash=slash)
                took.each.append(time.perf_counter() - begun)

        await asyncio.gather(*(one() for _ in range(at_once)))

    async def _answer(self, question: Question, who: User, where: Channel, *, slash: bool) -> None:
        if slash:
            source = str(self._site.slash(where, who, question.path, question.values).id)
        else:
            source = str(self._site.say(where, who, question.text).id)
        waited = self._reader.waited[source] = asyncio.get_running_loop().create_future()
        answer = await asyncio.wait_for(waited, PATIENCE)
        del self._reader.waited[source]
        if len(answer["attachments"]) != question.pictures:
            raise RuntimeError(f"{question.text} was answered with {answer['content']!r}")

    def _seats(self, wanted: int) -> Iterator[tuple[User, Channel]]:
        """Who asks, and where: a new person and a new thread before either limit is reached."""
        people = [self._site.user(f"reader {next(NUMBERS)}") for _ in range(0, wanted, PERSON - 1)]
        rooms = [
            self._site.thread(self._home, f"room {next(NUMBERS)}", people[0])
            for _ in range(0, wanted, CHANNEL - 1)
        ]
        return ((people[number // (PERSON - 1)], rooms[number // (CHANNEL - 1)]) for number in range(wanted))

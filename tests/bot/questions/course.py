"""Twenty members over eight weeks, half an hour after the other; as a process, so that it can be killed.

    python -m tests.bot.questions.course FOLDER

Each line of its output is a step that is done. What it does depends on the step alone, so that a step which broke
off can be done again. Letters stand in a file, each under its key; so does what was due at each sitting.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from bot.database import connect
from bot.platforms.in_memory import NAME, InMemory
from bot.questionnaire import Daily, Grade
from bot.questions import Questions, days
from bot.reminders import Reminders
from bot.values import Person, Place, PostRef, Reply

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)  # clocks change on 8 March, 29 March and 5 April
HALF_AN_HOUR = timedelta(minutes=30)
STEPS = 8 * 7 * 48
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC")
CLOCKS = (time(8), time(2, 30), time(20, 30), time(0))
NEW = 2
"""Questions that are new in each sitting."""


@dataclass(frozen=True)
class Member:
    """One of the twenty: whose clocks, when they want to be reminded, on which weekdays they sit down."""

    number: int

    @property
    def person(self) -> Person:
        """Who it is."""
        return Person(platform=NAME, id=str(self.number), name=f"Member {self.number}")

    @property
    def daily(self) -> Daily:
        """Their reminder."""
        clock = CLOCKS[self.number % len(CLOCKS)]
        return Daily(clock=clock, zone=ZONES[self.number % len(ZONES)], paused=False)

    def sits(self, step: int) -> bool:
        """Whether they sit down then; some do so once, and never again."""
        day, half = divmod(step, 48)
        if half != 24 + self.number % 8:
            return False
        return day == 0 or (self.number % 5 != 4 and day % 7 == self.number % 7)

    def new(self, step: int) -> Sequence[int]:
        """The questions that they have not seen yet, by number."""
        before = sum(self.sits(each) for each in range(step % 48, step, 48))
        return range(before * NEW + 1, before * NEW + NEW + 1)

    def grade(self, item: int, step: int) -> Grade:
        """How well they know it."""
        chance = Random(f"{self.number}/{item}/{step}")  # noqa: S311 - a test's chance
        return chance.choice(("again", "hard", "good", "good", "good", "easy"))


MEMBERS = tuple(Member(number) for number in range(20))


def moment(step: int) -> datetime:
    """When a step is."""
    return BEGIN + step * HALF_AN_HOUR


class Letters(InMemory):
    """A platform whose letters outlive the process: a line of a file for each."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file, self.step = file, 0
        self.keys = {each["key"] for each in read(file)}

    async def tell(self, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write a letter, once per key."""
        if key not in self.keys:
            write(self.file, {"key": key, "member": int(person.id), "step": self.step})
            self.keys.add(key)
        return PostRef(place=Place(platform=NAME, id=person.id), id=key)


def read(file: Path) -> list[dict[str, Any]]:
    """What was written into a file, line by line."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def write(file: Path, value: dict[str, Any]) -> None:
    """Add a line, whole or not at all."""
    with file.open("a") as into:
        into.write(json.dumps(value) + "\n")


async def sit(quiz: Questions, member: Member, step: int, due: Path) -> None:
    """Answer what is due, then what is new."""
    now, person = moment(step), member.person
    zone = member.daily.zone
    waiting = await quiz.cards.due(await quiz.members.member(person), days.ends(days.today(now, zone), zone))
    write(due, {"member": member.number, "step": step, "due": sorted(waiting)})
    sitting = await quiz.begin(person, "due", (), 50, now) if member.number < 3 else None
    seen = set[int]()
    while sitting and sitting.item:
        item = sitting.item
        await quiz.answer(person, item, "", now)
        grade = "good" if item.number in seen else member.grade(item.number, step)
        seen.add(item.number)
        sitting = (await quiz.grade(person, item, grade, now)).sitting
    for number in [*waiting, *member.new(step)]:
        item = await quiz.item(number)
        if item is not None and number not in seen:
            await quiz.answer(person, item, "", now)
            await quiz.grade(person, item, member.grade(number, step), now)


def hasty(connection: Any, record: Any, _proxy: Any) -> None:
    """Let SQLite not wait for the disk: whoever is killed loses nothing by that, only a power cut would."""
    if "hasty" not in record.info:
        cursor = connection.cursor()
        cursor.execute("ROLLBACK")  # every cursor begins in a transaction, and this is for outside of one
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()
        record.info["hasty"] = True


async def run(folder: Path) -> None:
    """Go on from the first step that is not done."""
    done = folder / "done"
    first = len(read(done))
    letters = Letters(folder / "letters")
    letters.step = first
    database = connect(f"sqlite:///{folder / 'group.db'}")
    quiz = Questions(database, covered=_none, zone=lambda: "UTC")
    await quiz.begun(BEGIN)
    reminders = Reminders(quiz, {NAME: letters}, now=lambda: moment(letters.step), prefix="!")
    for step in range(first, STEPS):
        letters.step = step
        if step == 0:
            for member in MEMBERS:
                await quiz.remind(member.person, member.daily, BEGIN - HALF_AN_HOUR)
        await reminders.look()
        for member in (each for each in MEMBERS if each.sits(step)):
            await sit(quiz, member, step, folder / "due")
        write(done, {"step": step})
        sys.stdout.write(f"{step}\n")
        sys.stdout.flush()
    await database.close()


async def _none(_now: datetime) -> Sequence[int]:
    return ()


def on_the_wall(step: int, zone: str) -> tuple[date, time]:
    """The date and the time that their clocks show."""
    local = moment(step).astimezone(days.zone(zone))
    return local.date(), local.time()


if __name__ == "__main__":
    event.listen(Pool, "checkout", hasty)  # in this process alone: the tests' own databases wait
    asyncio.run(run(Path(sys.argv[1])))

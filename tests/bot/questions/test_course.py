"""A class of twenty over eight weeks, killed in the middle, while clocks change, beside a reckoning by hand."""

import asyncio
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fsrs import Card, Rating, Scheduler
from sqlalchemy import select

from bot.database import connect
from bot.questions.cards import cards
from bot.reminders import PATIENCE
from tests.bot.questions.course import MEMBERS, STEPS, Member, moment, on_the_wall, read

KILLS = (700, 1302)
"""Steps after which the process is killed: on 16 March, and around the night of 29 March."""
RATINGS = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}


async def lived_through(folder: Path) -> None:
    """Run the course to its end, killed without warning again and again."""
    for kill in (*KILLS, None):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bot.questions.course", str(folder)), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        async with asyncio.timeout(240):
            async for line in process.stdout:
                if kill is not None and int(line) >= kill:
                    process.send_signal(signal.SIGKILL)
                    break
            await process.communicate()
        assert process.returncode == (-signal.SIGKILL if kill is not None else 0)


class Reckoned:
    """What one member has in mind, by the library alone."""

    def __init__(self, member: Member) -> None:
        self.member, self.zone = member, ZoneInfo(member.daily.zone)
        self.cards: dict[int, Card] = {}
        self.due: dict[int, list[int]] = {}
        """By the step of the sitting."""
        self.reminded: list[int] = []
        self._scheduler = Scheduler(
            learning_steps=(), relearning_steps=(), maximum_interval=120, enable_fuzzing=False
        )
        self._ignored, self._done = 0, ""
        for step in range(STEPS):
            self._remind(step)
            if member.sits(step):
                self._sit(step)

    def _waiting(self, step: int) -> list[int]:
        """What is due before their day ends."""
        local = moment(step).astimezone(self.zone)
        tomorrow = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), self.zone)
        return sorted(number for number, card in self.cards.items() if card.due.timestamp() < tomorrow.timestamp())

    def _sit(self, step: int) -> None:
        self.due[step], self._ignored = self._waiting(step), 0
        for number in (*self.due[step], *self.member.new(step)):
            rating = RATINGS[self.member.grade(number, step)]
            card = self.cards.get(number, Card(card_id=number))
            self.cards[number], _ = self._scheduler.review_card(card, rating, review_datetime=moment(step))

    def _remind(self, step: int) -> None:
        """At their hour; where the clocks leave it out, so much after the gap."""
        day = moment(step).astimezone(self.zone).date()
        at = datetime.combine(day, self.member.daily.clock, self.zone).timestamp()
        if moment(step).timestamp() < at or self._done == day.isoformat():
            return
        self._done = day.isoformat()
        if self._waiting(step) and self._ignored < PATIENCE:
            self._ignored += 1
            self.reminded.append(step)


async def kept(folder: Path) -> Mapping[int, Mapping[int, datetime]]:
    """When each question is due, by member, as the database has it."""
    database = connect(f"sqlite:///{folder / 'group.db'}")
    async with database.read() as connection:
        rows = (await connection.execute(select(cards))).all()
    await database.close()
    found = defaultdict[int, dict[int, datetime]](dict)
    for row in rows:
        found[int(row.member.partition("/")[2])][row.item] = datetime.fromisoformat(row.due)
    return found


def first(file: Path) -> Mapping[tuple[int, int], Sequence[int]]:
    """What was due at each sitting; of one that broke off and was gone on with, at its beginning."""
    found: dict[tuple[int, int], Sequence[int]] = {}
    for each in read(file):
        found.setdefault((each["member"], each["step"]), each["due"])
    return found


async def test_a_class_over_eight_weeks(tmp_path: Path) -> None:
    """Everybody's list is right at every sitting and at the end; everybody is reminded as they wished, once."""
    await lived_through(tmp_path)
    reckoned = [Reckoned(member) for member in MEMBERS]
    assert first(tmp_path / "due") == {
        (each.member.number, step): due for each in reckoned for step, due in each.due.items()
    }
    due = await kept(tmp_path)
    assert due == {
        each.member.number: {number: card.due for number, card in each.cards.items()} for each in reckoned
    }
    letters = read(tmp_path / "letters")
    assert len({each["key"] for each in letters}) == len(letters)
    sent = sorted((each["member"], each["step"]) for each in letters)
    assert sent == [(each.member.number, step) for each in reckoned for step in each.reminded]
    _as_they_wished(sent)


def _as_they_wished(sent: Sequence[tuple[int, int]]) -> None:
    """One a day at most, at the hour on the wall; over a gap after it, in a repeated hour the first time."""
    walls = [(member, *on_the_wall(step, MEMBERS[member].daily.zone)) for member, step in sent]
    assert max(Counter((member, day) for member, day, _ in walls).values()) == 1
    odd = {(str(day), f"{time:%H:%M}") for member, day, time in walls if time != MEMBERS[member].daily.clock}
    assert odd <= {("2026-03-08", "03:30"), ("2026-03-29", "03:30")}
    counts = Counter(member for member, _, _ in walls)
    for member in MEMBERS:
        if member.number % 5 == 4:  # sat down on the first day alone
            assert counts[member.number] == PATIENCE
        else:
            assert counts[member.number] > 3 * PATIENCE


def test_the_course_is_what_it_says() -> None:
    """The clocks of some change on a day on which they want to be reminded in the missing hour."""
    assert {(each.daily.zone, f"{each.daily.clock:%H:%M}") for each in MEMBERS} >= {
        ("Europe/Berlin", "02:30"),
        ("America/New_York", "02:30"),
        ("Australia/Sydney", "02:30"),
    }

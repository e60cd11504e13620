"""A reminder a day: when it comes, when it does not, and what happens when it cannot be sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.database import Database, connect
from bot.errors import PlatformError, Retryable, Unsendable
from bot.platforms.in_memory import NAME, InMemory
from bot.questionnaire import Daily
from bot.questions import Questions
from bot.reminders import PATIENCE, Reminders
from bot.values import Person, PostRef, Reply

ANN = Person(platform=NAME, id="7", name="Ann")
BEGIN = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EIGHT = Daily(clock=time(8), zone="UTC", paused=False)


class Failing(InMemory):
    """A platform that fails as it is told."""

    fails: PlatformError | None = None

    async def tell(self, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write it, or fail."""
        if self.fails:
            raise self.fails
        return await super().tell(person, reply, key=key)


@dataclass
class Bench:
    """One member with a question in mind, and a clock that is moved by hand."""

    database: Database
    now: datetime = BEGIN
    platform: Failing = field(default_factory=Failing)

    def __post_init__(self) -> None:
        self.quiz = Questions(self.database, covered=_none, zone=lambda: "UTC")
        self.reminders = Reminders(self.quiz, {NAME: self.platform}, now=lambda: self.now, prefix="!")

    async def grade(self, number: int) -> None:
        """Ann misses a question: it is due on the next day, and for ever after."""
        await self.quiz.begun(self.now)
        item = await self.quiz.item(number)
        assert item is not None
        await self.quiz.answer(ANN, item, "", self.now)
        await self.quiz.grade(ANN, item, "again", self.now)

    async def at(self, moment: datetime) -> list[Reply]:
        """It is looked at that moment, twice; all that Ann was told so far."""
        self.now = moment
        await self.reminders.look()
        await self.reminders.look()
        return [post.reply for post in self.platform.network.posts if post.reply]


async def _none(_now: datetime) -> Sequence[int]:
    return ()


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    """Ann missed a question yesterday, and wants to be reminded at eight."""
    made = Bench(connect(f"sqlite:///{tmp_path / 'group.db'}"))
    await made.grade(1)
    await made.quiz.remind(ANN, EIGHT, made.now)
    return made


@pytest.fixture(autouse=True)
async def _closed(bench: Bench) -> object:
    yield
    await bench.database.close()


def morning(day: int) -> datetime:
    """At eight, so many days on."""
    return BEGIN.replace(hour=8) + day * DAY


async def test_it_comes_at_its_time_once(bench: Bench) -> None:
    """Not before, not again that day; it says how many, and how to go on."""
    assert not await bench.at(morning(0) + 6 * timedelta(hours=1))  # eight was over when it was asked for
    assert not await bench.at(morning(1) - timedelta(minutes=1))
    (told,) = await bench.at(morning(1))
    assert told.text.startswith("**1 question due today.** `!due` asks you")
    assert [each.command for each in told.choices] == ["!due", "!daily off"]
    assert len(await bench.at(morning(1) + timedelta(hours=15))) == 1
    assert len(await bench.at(morning(2))) == 2


async def test_it_is_silent_where_nothing_is_due(bench: Bench) -> None:
    """What was answered is no reason to come."""
    bench.now = morning(1) - timedelta(hours=1)
    item = await bench.quiz.item(1)
    assert item is not None
    await bench.quiz.answer(ANN, item, "", bench.now)
    await bench.quiz.grade(ANN, item, "easy", bench.now)
    assert not await bench.at(morning(1))
    await bench.quiz.remind(ANN, None, bench.now)
    assert not await bench.at(morning(9))


async def test_too_late_is_not_at_all(bench: Bench) -> None:
    """A bot that was off in the morning does not come in the evening."""
    assert not await bench.at(morning(1) + timedelta(hours=7))
    assert len(await bench.at(morning(2) + timedelta(hours=5))) == 1


async def test_seven_unanswered_are_enough(bench: Bench) -> None:
    """The seventh says so; then there are none, until it is asked for again or something was answered in time."""
    told: list[Reply] = []
    for day in range(1, 12):
        told = await bench.at(morning(day))
    assert len(told) == PATIENCE
    assert ["I pause until" in each.text for each in told] == [False] * 6 + [True]
    daily = await bench.quiz.daily(ANN)
    assert daily is not None
    assert daily.paused
    await bench.quiz.remind(ANN, EIGHT, bench.now)
    assert len(await bench.at(morning(12))) == PATIENCE + 1
    assert len(await bench.at(morning(13))) == PATIENCE + 2


async def test_an_answer_begins_the_count_anew(bench: Bench) -> None:
    """Six unanswered, then one answered: nothing is paused."""
    for day in range(1, 7):
        await bench.at(morning(day))
    await bench.grade(1)
    told: list[Reply] = []
    for day in range(7, 14):
        told = await bench.at(morning(day))
    assert len(told) == 13
    assert not any("I pause" in each.text for each in told[:-1])


@pytest.mark.parametrize("doing", ["crams", "gives up", "answers", "skips", "ticks a task", "begins a quiz"])
async def test_whatever_is_done_begins_the_count_anew(bench: Bench, doing: str) -> None:
    """Who does anything each day is never paused, also where no grade is counted."""
    quiz = bench.quiz
    task = (await quiz.items.of(kind="task"))[0]
    await quiz.begin(ANN, "quiz", [8], 40, bench.now)
    for day in range(1, 10):
        told = await bench.at(morning(day))
        now = bench.now + timedelta(hours=1)
        item = await quiz.item(day + 1)
        assert item is not None
        if doing == "crams":
            await quiz.begin(ANN, "cram", [8], 2, now)
            await quiz.answer(ANN, item, "", now)
        elif doing == "skips":
            sitting = await quiz.sitting(ANN)
            assert sitting is not None
            assert sitting.item is not None
            await quiz.later(ANN, sitting.item, now)
        elif doing == "begins a quiz":
            await quiz.begin(ANN, "due", (), 2, now)
        elif doing == "ticks a task":
            await quiz.answer(ANN, task, f"https://ann.example.org/{day}", now)
        else:
            await quiz.answer(ANN, item, "because" if doing == "answers" else "", now)
        assert len(told) == day
        assert "I pause" not in told[-1].text


async def test_another_zone_gives_no_second_one_that_day(bench: Bench) -> None:
    """Who moves, or wants another hour, is not told twice for one date."""
    await bench.at(morning(1))
    for zone, clock in (("America/New_York", time(6)), ("UTC", time(20))):
        await bench.quiz.remind(ANN, Daily(clock=clock, zone=zone, paused=False), bench.now)
        assert len(await bench.at(morning(1) + timedelta(hours=12))) == 1


async def test_an_outage_delays_it(bench: Bench) -> None:
    """It is tried again while it is still worth saying, and comes once."""
    bench.platform.fails = Retryable("not just now")
    assert not await bench.at(morning(1))
    bench.platform.fails = None
    assert len(await bench.at(morning(1) + timedelta(minutes=1))) == 1
    assert len(await bench.at(morning(1) + timedelta(minutes=2))) == 1


async def test_who_takes_no_messages_is_left_in_peace(bench: Bench) -> None:
    """What is refused is not tried again that day, and harms nobody else."""
    bench.platform.fails = Unsendable("direct messages are closed")
    assert not await bench.at(morning(1))
    bench.platform.fails = None
    assert not await bench.at(morning(1) + timedelta(minutes=1))
    assert len(await bench.at(morning(2))) == 1


async def test_a_platform_that_is_gone_is_passed_over(bench: Bench) -> None:
    """A reminder for a platform that is no longer set up fails nothing."""
    nobody = Reminders(bench.quiz, {}, now=lambda: morning(1), prefix="!")
    await nobody.look()
    assert not await bench.at(morning(1))

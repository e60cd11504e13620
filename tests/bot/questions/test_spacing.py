"""When a question comes back: the intervals of FSRS without learning steps."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.questionnaire import Grade
from bot.questions.spacing import LONGEST, recalled, review

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("grade", "days"), [("again", 1), ("hard", 1), ("good", 2), ("easy", 8)])
def test_the_first_interval(grade: Grade, days: int) -> None:
    """A new question comes back after 1, 1, 2 or 8 days."""
    assert review("", grade, START).due == START + timedelta(days=days)


def test_known_each_time_it_comes_back_ever_later() -> None:
    """Good, each time it is due: 2, 11, 46 days; the 163 that would follow are capped to the course."""
    now, memory, days = START, "", list[int]()
    for _ in range(5):
        spaced = review(memory, "good", now)
        days.append((spaced.due - now).days)
        now, memory = spaced.due, spaced.memory
    assert days == [2, 11, 46, LONGEST.days, LONGEST.days]


def test_a_lapse_brings_it_back_soon() -> None:
    """Forgotten at eleven days, it is asked again two days later, and then less far apart than before."""
    first = review("", "good", START)
    second = review(first.memory, "good", first.due)
    lapsed = review(second.memory, "again", second.due)
    assert lapsed.due - second.due == timedelta(days=2)
    assert review(lapsed.memory, "good", lapsed.due).due - lapsed.due < timedelta(days=11)


def test_it_fades() -> None:
    """What was just answered is known, what was not asked yet is not, and in between it falls."""
    memory = review("", "good", START).memory
    assert recalled("", START) == 0
    ten = [recalled(memory, START + timedelta(days=days)) for days in (0, 2, 20, 100)]
    assert ten[0] == 1
    assert ten == sorted(ten, reverse=True)


def test_asking_changes_nothing_that_was_kept() -> None:
    """The same memory and grade give the same answer, to the letter."""
    assert review("", "hard", START) == review("", "hard", START)

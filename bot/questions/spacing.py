"""When to ask again: FSRS, the one place that knows the library.

In UTC, without learning steps (nobody waits ten minutes in a thread), without chance, and never further away than
a course is long. A question's memory is a text, for whoever keeps it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fsrs import Card, Rating, Scheduler

from bot.questionnaire import Grade

LONGEST = timedelta(days=120)
"""A course: what is due later than that would never be asked again."""

_SCHEDULER = Scheduler(
    learning_steps=(), relearning_steps=(), maximum_interval=LONGEST // timedelta(days=1), enable_fuzzing=False
)
_RATINGS = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}


@dataclass(frozen=True, kw_only=True)
class Spaced:
    """A question in somebody's memory: the text to keep, and when it is due."""

    memory: str
    due: datetime


def review(memory: str, grade: Grade, now: datetime) -> Spaced:
    """The memory after it was asked and graded; an empty one is of a question that is new."""
    # A new Card sleeps to get an id of its own; ours have theirs elsewhere.
    card = Card.from_json(memory) if memory else Card(card_id=1)
    seen, _log = _SCHEDULER.review_card(card, _RATINGS[grade], review_datetime=now)
    return Spaced(memory=seen.to_json(), due=seen.due)


def recalled(memory: str, now: datetime) -> float:
    """How probably it would be recalled, from 0 (new) to 1."""
    return _SCHEDULER.get_card_retrievability(Card.from_json(memory), now) if memory else 0.0

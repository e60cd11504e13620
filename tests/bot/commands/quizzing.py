"""What the tests of the questionnaire's commands share: two people, a clock, and how to ask."""

from datetime import UTC, datetime

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.questions.bank import bank
from bot.values import Person, Reply

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ANN, BOB = (Person(platform="web", id=name, name=name) for name in ("Ann", "B*b"))
FIRST = bank()[0]


class Standing:
    """A clock that is moved by hand."""

    moment = NOW

    def now(self) -> datetime:
        """Where it stands."""
        return self.moment

    def monotonic(self) -> float:
        """Nothing goes by."""
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Go on at once."""


@pytest.fixture
def clock(app: App) -> Standing:
    """The bot's clock."""
    app.clock = clock = Standing()
    return clock


async def says(app: App, line: str, person: Person = ANN) -> Reply:
    """The answer to a line; everything about a quiz is for the asker's eyes only."""
    reply = await app.ask(line, draw=False, person=person)
    assert not isinstance(reply, Refusal), reply.text
    assert reply.private, line
    return reply


async def refuses(app: App, line: str, person: Person = ANN) -> str:
    """What is said of a line that cannot be answered."""
    reply = await app.ask(line, draw=False, person=person)
    assert isinstance(reply, Refusal), reply.text
    assert "on my side" not in reply.text
    return reply.text

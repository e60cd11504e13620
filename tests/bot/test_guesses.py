"""What members guess is theirs alone."""

from dataclasses import replace

from bot.database import Database
from bot.guesses import QUESTIONS, Guesses
from bot.values import Guessed
from tests.bot.conftest import ANN, NOW, ROOT


async def test_questions_follow_each_other(database: Database) -> None:
    """Each is another, everybody's in their own order, and the last one waits, also after a restart."""
    guesses = Guesses(database)
    assert await guesses.waiting(ANN) is None
    mine = [await guesses.ask(ANN, NOW) for _ in range(50)]
    theirs = [await guesses.ask(ROOT, NOW) for _ in range(50)]
    assert len({*mine, *theirs}) == 100
    assert all(0 <= number < QUESTIONS for number in mine)
    assert await Guesses(database).waiting(ANN) == mine[-1]
    assert await guesses.waiting(replace(ANN, platform="discord")) is None


async def test_the_first_guess_counts(database: Database) -> None:
    """A second one, and one at a question that does not wait, change nothing."""
    guesses = Guesses(database)
    number = await guesses.ask(ANN, NOW)
    assert await guesses.guess(ANN, number + 1, right=True, at=NOW) == Guessed(given=0, right=0)
    assert await guesses.guess(ANN, number, right=True, at=NOW) == Guessed(given=1, right=1)
    assert await guesses.guess(ANN, number, right=False, at=NOW) == Guessed(given=1, right=1)
    assert await guesses.waiting(ANN) is None
    number = await guesses.ask(ANN, NOW)
    assert await guesses.guess(ANN, number, right=False, at=NOW) == Guessed(given=2, right=1)
    assert await guesses.of(ANN) == Guessed(given=2, right=1)


async def test_nothing_is_left_of_who_wants_to_be_forgotten(database: Database) -> None:
    """And nobody else's is touched; a guess without a question is not counted."""
    guesses = Guesses(database)
    for person in (ANN, ROOT):
        await guesses.guess(person, await guesses.ask(person, NOW), right=True, at=NOW)
    assert await guesses.forget(ANN) == 1
    assert await guesses.forget(ANN) == 0
    assert await guesses.of(ANN) == await guesses.guess(ANN, 7, right=True, at=NOW) == Guessed(given=0, right=0)
    assert await guesses.of(ROOT) == Guessed(given=1, right=1)

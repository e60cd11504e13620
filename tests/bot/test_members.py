"""What the members leave behind is theirs."""

from datetime import timedelta

from bot.database import Database
from bot.members import MemberRatings
from tests.bot.conftest import ANN, NOW, ROOT


async def test_ratings_are_kept_changed_and_listed(database: Database) -> None:
    """The last rating of a film counts; the list is in the order of rating, and everybody's own."""
    ratings = MemberRatings(database)
    assert await ratings.rate(ANN, "Fargo (1996)", 4, NOW) is None
    assert await ratings.rate(ANN, "Alien (1979)", 5, NOW + timedelta(minutes=1)) is None
    assert await ratings.rate(ROOT, "Fargo (1996)", 1, NOW) is None
    assert await ratings.rate(ANN, "Fargo (1996)", 3.5, NOW + timedelta(minutes=2)) == 4
    assert list((await ratings.of(ANN)).items()) == [("Alien (1979)", 5.0), ("Fargo (1996)", 3.5)]
    assert await ratings.of(ROOT) == {"Fargo (1996)": 1.0}


async def test_ratings_are_taken_back_and_erased(database: Database) -> None:
    """One or all of a member's ratings go, and nobody else's."""
    ratings = MemberRatings(database)
    for person in (ANN, ROOT):
        for title in ("Fargo (1996)", "Alien (1979)"):
            await ratings.rate(person, title, 4, NOW)
    assert await ratings.unrate(ANN, "Fargo (1996)") == 4
    assert await ratings.unrate(ANN, "Fargo (1996)") is None
    assert await ratings.forget(ANN) == 1
    assert await ratings.of(ANN) == {}
    assert len(await ratings.of(ROOT)) == 2

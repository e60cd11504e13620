"""One process at a time holds a lease."""

import asyncio
from datetime import timedelta

from bot.database import Database
from bot.lease import LENGTH, Lease
from tests.bot.conftest import NOW


async def test_one_holds_it_until_it_runs_out(database: Database) -> None:
    """Renewed it stays; left alone it passes on, and its first holder learns that."""
    first, second = Lease(database, "discord", "a"), Lease(database, "discord", "b")
    assert await first.take(NOW) is None
    assert await second.take(NOW) == NOW + LENGTH
    later = NOW + LENGTH - timedelta(seconds=1)
    assert await first.take(later) is None
    assert await second.take(NOW + LENGTH) == later + LENGTH
    assert await second.take(later + LENGTH) is None
    assert await first.take(later + LENGTH) == later + 2 * LENGTH
    assert await Lease(database, "discourse", "a").take(NOW) is None


async def test_given_back_it_is_free_at_once(database: Database) -> None:
    """Whoever does not hold it cannot give it back."""
    first, second = Lease(database, "discord", "a"), Lease(database, "discord", "b")
    await first.take(NOW)
    await second.give_back()
    assert await second.take(NOW) == NOW + LENGTH
    await first.give_back()
    assert await second.take(NOW) is None


async def test_of_many_that_ask_at_once_one_gets_it(database: Database) -> None:
    """Whatever the order."""
    asked = await asyncio.gather(*(Lease(database, "discord", str(n)).take(NOW) for n in range(10)))
    assert asked.count(None) == 1

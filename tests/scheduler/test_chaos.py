"""Real processes, really killed, that post to a real server: nothing lost, nothing doubled.

The simulation finds more (tests/scheduler/test_simulation.py); this shows that it simulates what is there. The
long version, with its figures, is `python -m benchmarks.chaos`.
"""

from random import Random

from tests.fakes.destination import Destination
from tests.scheduler.chaos import chaos
from tests.scheduler.databases import Pooled

POSTS = 150


async def test_nothing_is_lost_and_nothing_doubled(database: Pooled) -> None:
    """On SQLite and on PostgreSQL, with three workers of which one dies every half second."""
    async with Destination(Random(1)) as destination:  # noqa: S311 - a seed, not a secret
        outcome = await chaos(database, database.url, destination, posts=POSTS)
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.kills >= 5
    assert outcome.most_attempts >= 2
    assert outcome.answers["502 after storing"]
    assert outcome.answers["found"]

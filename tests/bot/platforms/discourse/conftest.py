"""A little forum, and a client of it whose waiting takes no time."""

import random
from collections.abc import AsyncIterator

import pytest

from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Budget
from bot.platforms.discourse.http import Http
from tests.bot.platforms.discourse.little import KEY, Little, QuickClock, little


@pytest.fixture
async def forum() -> AsyncIterator[Little]:
    """A forum that answers what the test says."""
    async with little() as running:
        yield running


@pytest.fixture
async def clock() -> QuickClock:
    """Sleeping takes no time."""
    return QuickClock()


@pytest.fixture
async def budget(clock: QuickClock) -> Budget:
    """Sixty a minute."""
    return Budget(clock)


@pytest.fixture
async def http(forum: Little, clock: QuickClock, budget: Budget) -> AsyncIterator[Http]:
    """A client of the little forum."""
    client = Http(
        f"{forum.url}/forum/",
        key=KEY,
        username="sgbot",
        budget=budget,
        clock=clock,
        chance=random.Random(7),  # noqa: S311 - for waiting times
        timeout=2.0,
    )
    yield client
    await client.close()


@pytest.fixture
async def api(http: Http) -> Api:
    """Its endpoints."""
    return Api(http)

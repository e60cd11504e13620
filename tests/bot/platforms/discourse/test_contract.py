"""The forum keeps what every platform promises, whichever way it counts pages and writes tags."""

from collections.abc import AsyncGenerator

import pytest

from bot.database import Database
from tests.bot.platforms.contract import CLAIMS, Claim, name_of
from tests.bot.platforms.discourse.forum import Forum
from tests.fakes.discourse import Site, serve

UNHURRIED = {"rate_limit_create_topic": 0, "rate_limit_create_post": 0}
"""How soon one post may follow another is told elsewhere: here that would depend on how fast this machine is."""


@pytest.fixture(params=["new", "old"])
async def bench(request: pytest.FixtureRequest, database: Database) -> AsyncGenerator[Forum]:
    """A forum of today, and one of some years ago."""
    tags = "objects" if request.param == "new" else "strings"
    site = Site(pages=request.param, tags=tags, settings=UNHURRIED)
    async with serve(site) as server:
        made = Forum(database, server, site, tags=("week",))
        yield made
        await made.stop()


@pytest.mark.parametrize("claim", CLAIMS, ids=name_of)
async def test_contract_discourse(claim: Claim, bench: Forum) -> None:
    """Posts, keys, edits, weeks, pins, restarts."""
    await claim(bench)

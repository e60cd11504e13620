"""The server keeps what every platform promises."""

from collections.abc import AsyncGenerator

import pytest

from bot.database import Database
from tests.bot.platforms.contract import CLAIMS, Claim, name_of
from tests.bot.platforms.discord.group import Guild, long_ago
from tests.fakes.discord import Site, serve


@pytest.fixture
async def bench(database: Database) -> AsyncGenerator[Guild]:
    """A server with the group's channel."""
    site = Site(now=long_ago)
    async with serve(site) as server:
        made = Guild(database, server, site)
        yield made
        await made.stop()


@pytest.mark.parametrize("claim", CLAIMS, ids=name_of)
async def test_contract_discord(claim: Claim, bench: Guild) -> None:
    """Posts, keys, edits, weeks, pins, restarts."""
    await claim(bench)

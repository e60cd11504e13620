"""The simulated Discord that the tests here share."""

import pytest
import simcord

from bot.app import registry
from tests.bot.platforms.discord.guild import GUILD, Bot, Site


@pytest.fixture
def simcord_bot() -> Bot:
    """The bot that is started: the real commands are planted in it."""
    return Bot(registry())


@pytest.fixture
async def site(simcord_env: simcord.Env) -> Site:
    """A guild in which the commands were told to Discord."""
    made = Site(simcord_env, registry())
    await made.bot.tree.sync(guild=GUILD)
    return made

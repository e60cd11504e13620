"""One token and two processes: one speaks, the other waits until it may."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.database import Database
from bot.errors import Retryable
from bot.lease import LENGTH, Lease
from bot.platforms.discord import Discord
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import Clerk, answers, crash, doubted, playing, until

SPEED = 30.0


class Away(Lease):
    """A lease in a database that is away for so many looks."""

    fails = taken = failed_at = 0

    async def take(self, now: datetime) -> datetime | None:
        """As ever, or not at all."""
        self.taken += 1
        if self.fails:
            self.fails, self.failed_at = self.fails - 1, self.taken
            raise Retryable("the database cannot be written at the moment")
        return await super().take(now)


@asynccontextmanager
async def two(guild: Guild) -> AsyncGenerator[tuple[Discord, Discord]]:
    """A process that is connected, `guild.platform`, and a second one that would like to be."""
    first = await guild.start(Clerk(guild))
    second = guild.made()
    await second.listen(Clerk(guild))
    try:
        yield first, second
    finally:
        await second.close()


async def test_a_second_process_waits_and_says_so(database: Database) -> None:
    """While the first speaks for the token, the second sends nothing to the gateway, and says why."""
    async with playing(database, speed=SPEED) as guild, two(guild) as (first, second):
        await until(lambda: "another process" in guild.troubles.get("token", ""))
        await guild.clock.sleep(1.5 * LENGTH.total_seconds())
        assert len(guild.site.identifies) == 1
        assert first.connection.present
        assert "another process speaks for the token" in await doubted(second)
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        assert len(answers(guild, asked)) == 1


async def test_the_second_takes_over_at_once_when_the_first_is_closed(database: Database) -> None:
    """A lease that was given back is free: the second begins at its next look, long before a minute is over."""
    async with playing(database, speed=SPEED) as guild, two(guild) as (first, second):
        guild.platform = second
        await first.close()
        closed = guild.clock.now()
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        assert guild.clock.now() - closed < LENGTH
        assert len(answers(guild, asked)) == 1
        guild.platform = None


async def test_the_second_takes_over_after_a_minute_when_the_first_was_killed(database: Database) -> None:
    """Nobody gave the lease back: it runs out, and what was written meanwhile is answered."""
    async with playing(database, speed=SPEED) as guild:
        await guild.start(Clerk(guild))
        await crash(guild)
        killed = guild.clock.now()
        asked = await guild.say("!similar Alien")
        platform = await guild.start(Clerk(guild))
        await until(lambda: answers(guild, asked))
        assert platform.connection.present
        assert guild.site.connections[-1].opened_at - killed >= LENGTH / 2
        assert len(answers(guild, asked)) == 1


async def test_the_first_hangs_up_when_it_has_lost_the_lease(database: Database) -> None:
    """A process that slept for too long finds another one speaking: it hangs up, and waits in its turn."""
    async with playing(database, speed=SPEED) as guild:
        platform = await guild.start(Clerk(guild))
        await until(lambda: platform.connection.present)
        other = Lease(database, "discord/test", "another process")
        guild.clock.ahead += LENGTH + timedelta(seconds=1)
        while await other.take(guild.clock.now()) is not None:  # the first was quicker, and renewed it
            guild.clock.ahead += LENGTH + timedelta(seconds=1)
        await until(lambda: not platform.connection.present)
        await until(lambda: not guild.site.connections[-1].open)
        assert "another process" in await doubted(platform)
        await other.give_back()
        await until(lambda: platform.connection.present)
        assert "connected" in await platform.check()


async def test_a_database_that_is_away_for_a_moment_costs_no_connection(database: Database) -> None:
    """One renewal fails: the lease is still ours, and the session goes on."""
    async with playing(database, speed=SPEED) as guild:
        lease = Away(database, "discord/test", "the first")
        platform = guild.made(lease=lease)
        await platform.listen(Clerk(guild))
        lease.fails = 1
        await until(lambda: lease.taken > lease.failed_at + 1 > 1)
        assert platform.connection.present
        assert len(guild.site.identifies) == 1
        await platform.close()

"""Whatever happens in whatever order: in the end every command that stands has exactly one answer."""

from datetime import timedelta
from random import Random

import pytest

from bot.database import Database
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import Clerk, crash, playing, quiet, until
from tests.fakes.discord import Fault, Message

SPEED = 10.0
REST = ("503 before", "502 before", "reset before", "429 user", "lost after commit", "502 after commit", "html")
PATHS = ("POST /channels/*/messages", "GET /channels/*/messages", "PATCH /channels/*", "GET /guilds/*", "*")
EVENTS = ("drop", "reconnect", "invalidate", "unparseable", "swallow", "twice", "close")


def answered(guild: Guild, asked: Message) -> list[Message]:
    """The bot's answers to a message."""
    return [each for each in guild.ours() if each.reference == asked.id]


class Day:
    """One day of random events."""

    def __init__(self, guild: Guild, seed: int) -> None:
        self.guild, self.chance, self.clerk = guild, Random(seed), Clerk(guild)  # noqa: S311 - a test's chance
        site = guild.site
        self.people = [guild.ada, *(site.user(name) for name in ("bob", "carol", "dan"))]
        self.places = [guild.home, site.thread(guild.home, "Week 7", guild.ada)]
        self.asked: list[Message] = []
        self.number = 0

    def line(self) -> str:
        """A command that was not given yet."""
        self.number += 1
        return f"!similar Film {self.number}"

    async def say(self) -> None:
        """Somebody asks."""
        place, who = self.chance.choice(self.places), self.chance.choice(self.people)
        self.asked.append(self.guild.site.say(place, who, self.line()))

    async def edit(self) -> None:
        """Somebody changes one of the last commands."""
        if live := self.live()[-5:]:
            self.guild.clock.ahead += timedelta(seconds=1)
            self.guild.site.edit(self.chance.choice(live), self.line())

    async def delete(self) -> None:
        """Somebody takes one back."""
        if live := self.live():
            self.guild.site.delete(self.chance.choice(live))

    async def fail(self) -> None:
        """Requests will fail, once or a few times."""
        times = self.chance.randint(1, 3)
        fault = Fault(what=self.chance.choice(REST), where=self.chance.choice(PATHS), times=times, wait=0.05)
        self.guild.site.faults.append(fault)

    async def break_off(self) -> None:
        """The gateway will do something unkind with the next message."""
        self.guild.site.faults.append(Fault(what=self.chance.choice(EVENTS), where="MESSAGE_CREATE"))

    async def restart(self) -> None:
        """The bot is stopped and started."""
        await self.guild.start(self.clerk)

    async def crash(self) -> None:
        """The bot is killed in the midst of what it does, and started."""
        self.guild.holder = "the only one"
        await crash(self.guild)
        await self.restart()

    async def wait(self) -> None:
        """Some time goes by."""
        await quiet(self.guild, self.chance.uniform(0.5, 5))

    def live(self) -> list[Message]:
        """The commands that stand."""
        return [each for each in self.asked if not each.deleted]

    def right(self) -> bool:
        """Whether each of them has one answer, to what it says now."""
        found = [(each, answered(self.guild, each)) for each in self.live()]
        return all(
            len(said) == 1 and said[0].content == f"The answer to {asked.content[1:]}" for asked, said in found
        )


@pytest.mark.parametrize("seed", range(6))
async def test_every_command_that_stands_has_one_answer(database: Database, seed: int) -> None:
    """Messages, edits, deletions, faults, restarts and crashes by chance; none is lost and none answered twice."""
    async with playing(database, speed=SPEED) as guild:
        day = Day(guild, seed)
        await day.restart()
        events = [day.say] * 6 + [day.edit] * 2 + [day.wait] * 4
        events += [day.fail] * 2 + [day.break_off, day.delete, day.restart, day.crash]
        for _ in range(30):
            await day.chance.choice(events)()
        guild.site.faults.clear()
        await guild.server.reconnect()  # what was swallowed is found at the next connection
        await until(day.right, seconds=60)
        await quiet(guild, 30)
        assert day.right()
        assert all(len(answered(guild, each)) <= 1 for each in day.asked)

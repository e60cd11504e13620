"""Whatever happens in whatever order: in the end every command that still stands has exactly one answer."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from bot.database import Database
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import Clerk, answers, crash, patient, until
from tests.bot.platforms.discord.test_missed import message
from tests.fakes.discord import Channel, Fault, Message
from tests.fakes.discord.faults import CONNECTING, EVENTS, HEARTBEATS

SPEED = 60.0
REST = (
    *("500 before", "502 before", "503 before", "reset before", "429 user", "429 global", "429 cloudflare", "403"),
    *("html", "not json", "500 after commit", "502 after commit", "lost after commit", "truncated after commit"),
)
PATHS = (
    *("POST /channels/*/messages", "PATCH /channels/*/messages/*", "GET /channels/*/messages"),
    *("GET /channels/*/messages/*", "GET /guilds/*/threads/active", "*"),
)
MOST_STEPS = 300
"""Turns of the event loop after which it is certain that something of ours is in the midst of its work."""


class Day:
    """One day of random events."""

    def __init__(self, guild: Guild, seed: int) -> None:
        self.guild, self.chance, self.clerk = guild, Random(seed), Clerk(guild)  # noqa: S311 - a test's chance
        self.people = [guild.site.user(f"reader {number}") for number in range(9)]
        self.places: list[Channel] = [guild.home]
        self.asked: list[Message] = []
        self.number = 0
        guild.holder = "the only one"

    def line(self) -> str:
        """A command that was not given yet."""
        self.number += 1
        return f"!similar Film {self.number}"

    async def say(self) -> None:
        """Somebody asks, in the channel or in a thread."""
        where = self.chance.choice(self.places)
        post = await self.guild.say(self.line(), by=self.chance.choice(self.people), where=where)
        self.asked.append(message(self.guild, post))

    async def edit(self) -> None:
        """Somebody changes a command."""
        if live := self.live():
            self.guild.site.edit(self.chance.choice(live), self.line())

    async def delete(self) -> None:
        """Somebody takes one back."""
        if live := self.live():
            self.guild.site.delete(self.chance.choice(live))

    async def thread(self) -> None:
        """Somebody begins a thread, or closes one."""
        if len(self.places) > 2:
            self.guild.site.archive(self.chance.choice(self.places[1:]))
        else:
            made = self.guild.site.thread(self.guild.home, f"Week {len(self.places)}", self.guild.ada)
            self.places.append(made)

    async def fail(self) -> None:
        """Requests will go wrong, once or a few times."""
        where, times = self.chance.choice(PATHS), self.chance.randint(1, 3)
        fault = Fault(what=self.chance.choice(REST), where=where, times=times, wait=0.05)
        self.guild.site.faults.append(fault)

    async def stumble(self) -> None:
        """The gateway will go wrong."""
        what = self.chance.choice([*CONNECTING, *HEARTBEATS, *EVENTS])
        where = self.chance.choice(["MESSAGE_CREATE", "MESSAGE_UPDATE"]) if what in EVENTS else "*"
        self.guild.site.faults.append(Fault(what=what, where=where, wait=0.05))

    async def drop(self) -> None:
        """The connection breaks."""
        server = self.guild.server
        await self.chance.choice([server.drop, server.reconnect, server.invalidate])()

    async def restart(self) -> None:
        """The bot is stopped and started."""
        await self.guild.start(self.clerk)

    async def crash(self) -> None:
        """The bot is killed in the midst of what it does, and started."""
        await self.say()
        for _ in range(self.chance.randint(0, MOST_STEPS)):
            await asyncio.sleep(0)
        await crash(self.guild)
        await self.restart()

    async def wait(self) -> None:
        """Some time goes by."""
        await self.guild.clock.sleep(self.chance.uniform(1, 20))

    def live(self) -> list[Message]:
        """The commands that stand."""
        return [each for each in self.asked if not each.deleted]

    def right(self) -> bool:
        """Whether each of them has one answer, to what it says now."""
        return all(
            [each.content for each in self.answers(post)] == [f"The answer to {post.content[1:]}"]
            for post in self.live()
        )

    def answers(self, post: Message) -> list[Message]:
        """What the bot answered to it."""
        return [each for each in self.guild.ours() if each.reference == post.id]


@pytest.mark.parametrize("seed", range(6))
async def test_every_command_that_stands_has_one_answer(database: Database, seed: int) -> None:
    """Messages, edits, faults, broken lines, restarts, crashes by chance: none is lost, none answered twice."""
    async with patient(database, speed=SPEED) as guild:
        day = Day(guild, seed)
        await day.restart()
        await until(lambda: guild.platform and guild.platform.connection.present)
        first = await guild.say("!similar Alien")
        await until(lambda: answers(guild, first))
        events = [day.say] * 6 + [day.edit] * 2 + [day.wait] * 4 + [day.fail] * 3
        events += [day.delete, day.thread, day.stumble, day.stumble, day.drop, day.restart, day.crash, day.crash]
        for _ in range(35):
            await day.chance.choice(events)()
        guild.site.faults.clear()
        guild.clock.ahead += timedelta(minutes=1)
        await until(lambda: guild.platform and guild.platform.connection.present, 40)
        await guild.server.reconnect()  # what the gateway swallowed is read back now
        await until(day.right, 40)
        await guild.clock.sleep(30)
        assert day.right()
        assert all(len(day.answers(each)) <= 1 for each in day.asked)

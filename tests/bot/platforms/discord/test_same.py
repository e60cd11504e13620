"""A slash command says what the line of text says: the same words, buttons and pictures, to the byte."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, registry
from bot.command import Command
from bot.settings import Settings
from bot.values import Incoming
from tests.bot.platforms.discord.group import DEADLINE, START, Quick
from tests.fakes.discord import Channel, Message, Site, User, serve

PREFIX = "!"
FIELDS = {"size": "n", "matrix": "n", "code": "kernel", "rf": "layers"}
"""Where a form has a field for what stands after an action in a line: `conv size 28`."""
RANDOM = {"guess"}
"""What asks another question each time."""
AT_ONCE = 6
"""Examples of one person, in a thread of their own: fewer than the bot finds too many."""
EXAMPLES = [
    (command, line)
    for command in registry()
    if not command.admin
    for line in command.examples
    if command.name not in RANDOM
    if not {each.name for each in command.actions if each.admin} & set(line.split())
]
FURTHER = (
    "similar Terminatr",
    "rate Fargo 9",
    "kernel topedge at=99,99",
    "recommend like=Nothing",
    "vote 7",
)
"""What is refused, is refused in the same words."""


class Still(Quick):
    """A wall clock that stands, so that an answer that tells the time is the same a second later."""

    def now(self) -> Any:
        """Always the same."""
        return START


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer, as far as a reader can tell."""

    texts: tuple[str, ...]
    buttons: tuple[str, ...]
    pictures: tuple[tuple[str, str | None, bytes], ...]


@dataclass(frozen=True, kw_only=True)
class World:
    """A server, and the whole bot in it."""

    app: App
    site: Site
    home: Channel
    done: asyncio.Queue[str]

    async def typed(self, where: Channel, who: User, line: str) -> Said:
        """The answer to a line of text."""
        message = self.site.say(where, who, line)
        await self._done(str(message.id))
        direct = self.site.messages(self.site.direct(who))
        after = [each for each in [*self.site.messages(where), *direct] if each.id > message.id]
        return _said([each for each in after if each.author is self.site.bot])

    async def used(self, where: Channel, who: User, command: Command, line: str) -> Said:
        """The answer to the slash command that means the same."""
        used = self.site.slash(where, who, command.name, filled(command, line))
        await self._done(f"i{used.id}")
        # What is too long for the first word goes on in the channel.
        after = {each.id: each for each in self.site.messages(where) if each.id > used.id}
        after |= {each.id: each for each in used.messages if not each.deleted}
        return _said([after[number] for number in sorted(after) if after[number].author is self.site.bot])

    async def _done(self, post: str) -> None:
        """Wait until the bot is done with it."""
        async with asyncio.timeout(DEADLINE):
            assert await self.done.get() == post


@asynccontextmanager
async def world(folder: Path) -> AsyncGenerator[World]:
    """A new one."""
    clock = Still()
    site = Site(now=clock.now)
    home = site.channel("reading-group")
    done = asyncio.Queue[str]()
    folder.mkdir()

    async with serve(site) as server:
        given: dict[str, Any] = {
            "database_url": f"sqlite:///{folder}/group.db",
            "discord_token": site.token,
            "discord_channel_id": home.id,
            "discord_api_base": server.api,
            "discord_gateway_url": server.gateway,
        }
        async with App(Settings(**given), clock) as app:

            async def handle(incoming: Incoming) -> None:
                await app.handle(incoming, app.guild)
                done.put_nowait(incoming.post.id)

            await app.guild.listen(handle)
            await app.weekly.begin()
            await app.weekly.agenda.materialise(clock.now())
            yield World(app=app, site=site, home=home, done=done)


def filled(command: Command, line: str) -> dict[str, Any]:
    """A line as somebody fills in the form for it."""
    rest = line.partition(" ")[2]
    # Without options, what looks like one is text.
    text, *options = re.split(r"(?:^|(?<=\s))(\w+)=", rest) if command.options else [rest]
    values: dict[str, Any] = {name: value.strip() for name, value in zip(options[::2], options[1::2], strict=True)}
    words = text.split()
    for param in command.params:
        if param.flag and param.name in values:
            values[param.name] = values[param.name] == "yes"
        if param.flag and param.name in words:
            words.remove(param.name)
            values[param.name] = True
    if len(words) > 1 and command.rest and command.rest.arg.actions and command.options:
        action, *more = words
        words, values[FIELDS[action]] = [action], " ".join(more).partition("x")[0]
    if words and command.rest:
        values[command.rest.name] = " ".join(words)
    return values


def _said(messages: list[Message]) -> Said:
    parts = [part for each in messages for row in each.components for part in row["components"]]
    return Said(
        texts=tuple(re.sub(r"(?<=join )[A-Z2-9]{8}", "CODE", each.content) for each in messages),
        buttons=tuple(f"{part.get('label')} {part.get('options')} {part['custom_id']}" for part in parts),
        pictures=tuple((file.name, file.description, file.data) for each in messages for file in each.attachments),
    )


async def answers(folder: Path, *, slash: bool) -> dict[str, Said]:
    """What every example is answered with, one after the other, in a world of their own."""
    commands, found = registry(), dict[str, Said]()
    lines = [*EXAMPLES, *((commands.get(line.split()[0]), line) for line in FURTHER)]
    async with world(folder) as here:
        for start in range(0, len(lines), AT_ONCE):
            who = here.site.user(f"reader{start}")
            where = here.site.thread(here.home, f"room {start}", who)
            for command, line in lines[start : start + AT_ONCE]:
                assert command is not None
                if slash:
                    found[line] = await here.used(where, who, command, line)
                else:
                    found[line] = await here.typed(where, who, PREFIX + line)
    return found


async def test_slash_and_text_say_the_same(settings: Settings, tmp_path: Path) -> None:
    """Every example of every member command, and some that are refused, in two worlds alike."""
    typed = await answers(tmp_path / "typed", slash=False)
    used = await answers(tmp_path / "used", slash=True)
    differ = [line for line in typed if typed[line] != used[line]]
    for line in differ:
        assert used[line] == typed[line], line
    assert all(said.texts for said in typed.values())
    assert sum(len(said.pictures) for said in typed.values()) > 10


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("recommend new count=10", {"new": True, "count": "10"}),
        ("similar Toy Story count=3", {"title": "Toy Story", "count": "3"}),
        ("kernel topedge at=5,7", {"kernel": "topedge", "at": "5,7"}),
    ],
)
def test_a_form_is_filled_in_as_people_do(line: str, values: dict[str, Any]) -> None:
    """Options and switches by their names, the rest of the line in the field that takes it."""
    command = registry().get(line.split()[0])
    assert command is not None
    assert filled(command, line) == values

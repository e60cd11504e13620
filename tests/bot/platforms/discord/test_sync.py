"""Discord is told of the commands when they change, and not before."""

from collections.abc import Sequence

import discord
import pytest

from bot.command import Registry
from bot.correspondence import Heard
from bot.database import Database
from bot.ledger import Ledger
from bot.platforms.discord.sync import fingerprint, standing, sync
from tests.bot.conftest import echo, square
from tests.bot.platforms.discord.guild import GUILD, Bot, Site


class Notes:
    """Books in memory."""

    def __init__(self) -> None:
        self.kept = dict[str, int]()

    async def cursor(self, name: str) -> int | None:
        """What was kept."""
        return self.kept.get(name)

    async def hear(self, posts: Sequence[Heard], *, name: str = "", cursor: int | None = None) -> list[Heard]:
        """Keep it."""
        assert cursor is not None
        self.kept[name] = cursor
        return []


def told(site: Site) -> int:
    """How often Discord was told, but for the first time."""
    return sum(each.method == "PUT" and each.path.endswith("/commands") for each in site.env.http_requests) - 1


async def test_discord_is_told_only_of_changes(site: Site) -> None:
    """The same commands are not sent twice, not by another process either, unless somebody insists."""
    books = Notes()
    assert (await standing(site.bot.tree, guild=GUILD, books=books)).told == "never"
    assert await sync(site.bot.tree, guild=GUILD, books=books)
    assert (await standing(site.bot.tree, guild=GUILD, books=books)).told == "same"
    await site.restart()
    assert not await sync(site.bot.tree, guild=GUILD, books=books)
    assert told(site) == 1
    assert await sync(site.bot.tree, guild=GUILD, books=books, force=True)
    await site.restart(Registry([echo]))
    assert (await standing(site.bot.tree, guild=GUILD, books=books)).told == "changed"
    assert await sync(site.bot.tree, guild=GUILD, books=books)
    assert told(site) == 3
    assert site.ann.available_commands(site.channel) == ("echo",)


async def test_a_refusal_is_not_taken_for_told(site: Site) -> None:
    """What Discord did not take is sent again."""
    books = Notes()
    site.env.inject_error("PUT", "*/commands", status=403)
    with pytest.raises(discord.Forbidden):
        await sync(site.bot.tree, guild=GUILD, books=books)
    assert (await standing(site.bot.tree, guild=GUILD, books=books)).told == "never"


async def test_the_order_of_commands_does_not_count(database: Database) -> None:
    """Only what they are; and the ledger keeps it, all 60 bits."""
    one, other = Bot(Registry([echo, square])), Bot(Registry([square, echo]))
    assert fingerprint(one.tree, guild=GUILD) == fingerprint(other.tree, guild=GUILD)
    books = Ledger(database, "discord")
    await books.hear([], name="commands/1/2", cursor=2**60 - 1)
    assert await books.cursor("commands/1/2") == 2**60 - 1

"""Nobody is pinged who did not ask for it, and no link of a member unfolds below an answer of the bot."""

import re
from datetime import timedelta

import pytest

from bot.database import Database
from bot.platforms.discord import channel
from bot.values import Image, Incoming, Refusal, Reply, escape
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import (
    Clerk,
    answers,
    connected,
    patient,
    seen,
    thinks,
    until,
)
from tests.fakes.discord import Message
from tests.fakes.discord.permissions import BOT, MENTION_EVERYONE
from tests.fakes.discord.values import SUPPRESS_EMBEDS

LONG = "\n\n".join(f"{number} {'word ' * 150}" for number in range(6))


def echo(incoming: Incoming, line: str) -> Reply:
    """An answer that repeats what was typed, in every way in which answers do."""
    typed = line.partition(" ")[2]
    kind, private = (Refusal, False) if "refuse" in line else (Reply, "secret" in line)
    return kind(text=f"{escape(typed)}\n\n{typed}\n\n`{typed}`", private=private)


def mighty(guild: Guild) -> None:
    """The worst case: somebody let the bot ping everybody, and every role may be mentioned."""
    guild.site.permit(guild.site.bot_role, BOT | MENTION_EVERYONE)
    guild.site.role("team", mentionable=True)


def everything(guild: Guild) -> str:
    """All that pings, were it written by somebody who may."""
    role = next(each for each in guild.site.tables.roles.values() if each.name == "team")
    return f"@everyone @here {guild.site.owner.mention} <@&{role.id}> https://evil.example/a.gif"


def said(guild: Guild) -> list[Message]:
    """All that the bot said, also what only one person sees."""
    every = guild.site.tables.messages.values()
    return [each for each in every if each.author is guild.site.bot and each.content]


async def test_what_somebody_types_pings_nobody_when_it_is_repeated(database: Database) -> None:
    """By text, changed, by slash, at once and after some thought, privately and refused."""
    async with patient(database) as guild:
        mighty(guild)
        clerk = await connected(guild, echo)
        text = everything(guild)
        asked = await guild.say(f"!similar {text}")
        await until(lambda: answers(guild, asked))
        guild.site.edit(guild.site.tables.messages[int(asked.id)], f"!similar two {text}")
        await until(lambda: answers(guild, asked)[0].edited)
        for words in ("", "secret ", "refuse "):
            clerk.open.set()
            quick = guild.site.slash(guild.home, guild.ada, "similar", {"title": words + text})
            await until(lambda quick=quick: seen(quick))
            clerk.open.clear()
            slow = guild.site.slash(guild.home, guild.ada, "similar", {"title": words + text})
            await until(lambda slow=slow: thinks(slow))
            clerk.open.set()
            await until(lambda slow=slow: seen(slow))
        assert len(said(guild)) == 7
        assert not any(each.mentions_sent or each.mentioned or each.everyone for each in said(guild))


async def test_a_link_that_is_repeated_brings_no_preview(database: Database) -> None:
    """Each stands in angle brackets or in code; what is sent, unlike what is edited, asks for none besides."""
    async with patient(database) as guild:
        await connected(guild, echo)
        asked = await guild.say("!similar https://evil.example/a.gif <https://b.example> www.c.example/d.png")
        used = guild.site.slash(guild.home, guild.ada, "similar", {"title": "https://evil.example/a.gif"})
        await until(lambda: answers(guild, asked) and seen(used))
        for message in said(guild):
            shown = re.sub(r"`[^`]*`|<https?://[^>\s]*>", "", message.content)
            assert not re.search(r"https?://", shown)
        assert all(message.flags & SUPPRESS_EMBEDS for message in answers(guild, asked))


@pytest.mark.parametrize("configured", [True, False])
async def test_only_what_is_announced_mentions_the_role_and_only_once(
    database: Database, configured: bool
) -> None:
    """Where an admin has named one: with the week, the reminder, and nothing else. A long one mentions it once."""
    async with patient(database, role=True) as guild:
        readers = next(each for each in guild.site.tables.roles.values() if each.name == "readers")
        readers.mentionable = True
        guild.role = readers.id if configured else None
        platform = await guild.start(Clerk(guild))
        week = await platform.open(guild.place, "Week 9", Reply(text="Welcome"), key="open/1")
        await platform.post(week.place, Reply(text=LONG), key="remind/1")
        asked = await guild.say("!similar Alien")
        await until(lambda: answers(guild, asked))
        pinged = [each.content.splitlines() for each in guild.ours() if each.mentions_sent]
        assert len(pinged) == 2 * configured
        assert all(lines[0] == readers.mention for lines in pinged)
        assert {role for each in guild.ours() for role in each.mentions_sent} == (
            {readers} if configured else set()
        )
        assert len(guild.ours()) == 5
        pings = [each.mentions_sent for each in guild.ours()]
        await platform.edit(week, Reply(text="Welcome, now with a plan"))
        assert [each.mentions_sent for each in guild.ours()] == pings


async def test_who_is_answered_is_not_pinged(database: Database) -> None:
    """They look anyway; whoever wrote in a thread long ago does not."""
    async with patient(database) as guild:
        mighty(guild)
        await connected(guild)
        thread = guild.site.thread(guild.home, "Week 8", guild.ada)
        asked = [await guild.say("!similar Alien"), await guild.say("!similar Brazil", where=thread)]
        await until(lambda: all(answers(guild, each) for each in asked))
        assert not any(each.mentions_sent for each in guild.ours())


async def test_a_picture_and_a_poll_ping_nobody_either(database: Database) -> None:
    """Words below a picture, and the labels of a vote."""
    async with patient(database) as guild:
        mighty(guild)
        platform = await guild.start(Clerk(guild))
        text = everything(guild)
        image = Image(plot="map", data={}, alt=text, png=b"\x89PNG")
        await platform.post(guild.place, Reply(text=text, images=(image,)), key="day/1")
        thread = guild.site.thread(guild.home, "Week 8", guild.ada)
        until_then = guild.clock.now() + timedelta(days=2)
        await platform.post(channel(thread.id), Reply(text=text, vote=until_then), key="vote/1")
        assert len(guild.ours()) == 2
        assert not any(each.mentions_sent for each in guild.ours())

"""Slash commands and buttons: one answer each, in time, and seen by whom it is for."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from bot.database import Database
from bot.platforms.discord.flood import PERSON
from bot.values import Choice, Incoming, Refusal, Reply
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import Clerk, answers, playing, quiet, until
from tests.fakes.discord import Fault, Interaction, Message
from tests.fakes.discord.permissions import MANAGE_GUILD

CALLBACK = "POST /interactions/*/callback"
FOLLOWUP = "POST /webhooks/*"
ORIGINAL = "PATCH /webhooks/*"


@pytest.fixture
async def guild(database: Database) -> AsyncGenerator[Guild]:
    """A server with the group's channel."""
    async with playing(database) as made:
        yield made


class Slow:
    """Answers when it is told to."""

    def __init__(self, reply: Reply) -> None:
        self.reply, self.go = reply, asyncio.Event()

    async def __call__(self, _incoming: Incoming, _line: str) -> Reply:
        """Wait, then say it."""
        await self.go.wait()
        return self.reply


def asks(guild: Guild, title: str = "Alien") -> Interaction:
    """Ada uses a slash command."""
    return guild.site.slash(guild.home, guild.ada, "similar", {"title": title})


def said(interaction: Interaction) -> list[tuple[str, bool]]:
    """What was answered, and whether only the asker sees it."""
    return [(each.content, each.ephemeral) for each in interaction.messages if not each.deleted]


async def test_a_quick_answer_is_the_first_word(guild: Guild) -> None:
    """No "thinking…" before it."""
    clerk = Clerk(guild)
    await guild.start(clerk)
    asked = asks(guild)
    await until(lambda: said(asked))
    assert said(asked) == [("The answer to similar Alien", False)]
    assert asked.acknowledged
    assert asked.acknowledged.kind == "message"
    assert (clerk.handed[0].asked, clerk.handed[0].text) != (None, "")
    assert clerk.handed[0].asked
    assert clerk.handed[0].asked.values == {"title": "Alien"}


async def test_a_slow_answer_is_announced_in_time(guild: Guild) -> None:
    """It takes the place of "thinking…"."""
    slow = Slow(Reply(text="At last"))
    await guild.start(Clerk(guild, slow))
    asked = asks(guild)
    await until(lambda: asked.acknowledged)
    assert asked.acknowledged
    assert asked.acknowledged.kind == "deferred"
    slow.go.set()
    await until(lambda: ("At last", False) in said(asked))
    assert len(said(asked)) == 1


@pytest.mark.parametrize("reply", [Reply(text="psst", private=True), Refusal(text="No such film.")])
@pytest.mark.parametrize("quick", [True, False])
async def test_what_is_for_the_asker_alone_nobody_else_sees(guild: Guild, reply: Reply, quick: bool) -> None:
    """A private answer, and a refusal; also after a public "thinking…", which goes."""
    slow = Slow(reply)
    if quick:
        slow.go.set()
    await guild.start(Clerk(guild, slow))
    asked = asks(guild)
    await until(lambda: asked.acknowledged)
    slow.go.set()
    await until(lambda: (reply.text, True) in said(asked))
    assert len(said(asked)) == 1
    assert not guild.site.messages(guild.home)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(what="lost after commit", where=CALLBACK),
        Fault(what="502 after commit", where=CALLBACK),
        Fault(what="10062", where=CALLBACK),
        Fault(what="reset before", where=CALLBACK),
    ],
    ids=lambda fault: fault.what,
)
async def test_an_answer_whose_way_is_barred_is_given_once(guild: Guild, fault: Fault) -> None:
    """In the interaction, or below in the channel where that is over; never twice."""
    await guild.start(Clerk(guild))
    guild.site.faults.append(fault)
    asked = asks(guild)

    def shown() -> list[str]:
        alone = {each.id: each for each in (*asked.messages, *guild.site.messages(guild.home))}
        return [each.content for each in alone.values() if each.author is guild.site.bot and not each.deleted]

    await until(lambda: any("The answer" in each for each in shown()))
    await quiet(guild, 1)
    assert [each for each in shown() if "The answer" in each] == ["The answer to similar Alien"]


async def test_an_interaction_that_is_over_is_answered_in_the_channel(guild: Guild) -> None:
    """After fifteen minutes its token is dead: an ordinary message still reaches everybody."""
    slow = Slow(Reply(text="After a long training"))
    await guild.start(Clerk(guild, slow))
    asked = asks(guild)
    await until(lambda: asked.acknowledged)
    guild.clock.ahead += timedelta(minutes=16)
    slow.go.set()
    await until(lambda: "After a long training" in [each.content for each in guild.ours()])


def choosing(_incoming: Incoming, line: str) -> Reply:
    """A vote to press on, or the answer to a press."""
    if line == "!schedule":
        return Reply(text="When?", choices=(Choice(label="Saturday", command="!catchup 1"),))
    return Reply(text=f"Counted: {line}", private=True)


async def test_forty_people_press_one_button(guild: Guild) -> None:
    """Each has an answer, which only they see."""
    await guild.start(Clerk(guild, choosing))
    await guild.say("!schedule")
    await until(guild.ours)
    (asked,) = guild.ours()
    people = [guild.site.user(f"reader {number}") for number in range(24)]
    button = pressable(asked)
    pressed = [guild.site.press(asked, each, button) for each in people]
    await until(lambda: all(map(said, pressed)))
    assert [said(each) for each in pressed] == [[("Counted: !catchup 1", True)]] * len(people)


def pressable(message: Message) -> str:
    """The custom_id of a message's first button."""
    return message.components[0]["components"][0]["custom_id"]


async def test_a_button_works_after_a_restart(guild: Guild) -> None:
    """And one that is not ours is left alone."""
    await guild.start(Clerk(guild, choosing))
    await guild.say("!schedule")
    await until(guild.ours)
    await guild.start(Clerk(guild, choosing))
    (asked,) = guild.ours()
    pressed = guild.site.press(asked, guild.ada, pressable(asked))
    await until(lambda: said(pressed))
    assert said(pressed) == [("Counted: !catchup 1", True)]


async def test_who_runs_the_server_is_an_admin(guild: Guild) -> None:
    """Whatever the server's settings show to whom, the bot is told who asks."""
    clerk = Clerk(guild)
    await guild.start(clerk)
    root = guild.site.user("root", permissions=MANAGE_GUILD)
    for person in (root, guild.ada):
        asked = guild.site.slash(guild.home, person, "similar", {"title": "Alien"})
        await until(lambda asked=asked: said(asked))
    assert [each.person.is_admin for each in clerk.handed] == [True, False]


async def test_who_asks_too_much_is_asked_to_wait(guild: Guild) -> None:
    """By slash only they see it; by text it is said once."""
    await guild.start(Clerk(guild))
    asked = [asks(guild, f"Film {number}") for number in range(PERSON + 1)]
    await until(lambda: all(map(said, asked)))
    busy = [text for each in asked for text, alone in said(each) if alone]
    assert len(busy) == 1
    assert busy[0].startswith("One moment, please")
    first = await guild.say("!similar Zero", by=guild.site.owner)
    await until(lambda: answers(guild, first))  # what was missed has been read: it is all answered
    for number in range(3):
        await guild.say(f"!similar Film {number}")
    await until(lambda: any("One moment" in each.content for each in guild.ours()))
    await quiet(guild, 1)
    assert sum("One moment" in each.content for each in guild.site.messages(guild.home)) == 1


async def test_an_answer_that_stands_elsewhere_is_acknowledged(guild: Guild) -> None:
    """A running list is changed where it is; who asked is told."""
    await guild.start(Clerk(guild, lambda _incoming, line: Reply(text=f"List: {line}", running="links")))
    first = asks(guild, "Alien")
    await until(lambda: said(first))
    await quiet(guild, 0.5)
    second = asks(guild, "Brazil")
    await until(lambda: said(second))
    assert said(second) == [("Done.", True)]
    assert [each.content for each in guild.ours()] == ["List: !similar Brazil"]


async def test_closing_finishes_the_answer_on_its_way(guild: Guild) -> None:
    """SIGTERM in the middle of a reply: it is still given."""
    slow = Slow(Reply(text="finished"))
    await guild.start(Clerk(guild, slow))
    asked = asks(guild)
    await until(lambda: asked.acknowledged)
    closing = asyncio.create_task(guild.stop())
    slow.go.set()
    await closing
    assert said(asked) == [("finished", False)]

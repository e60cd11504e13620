"""Choices below a reply: what can be pressed, and that a press means the same after a restart."""

from datetime import UTC, datetime

import discord
import pytest
from simcord.backend.errors import SetupError

from bot.platforms.discord.choices import view
from bot.render import pressable, unpressable
from bot.values import Choice, Reply
from tests.bot.platforms.discord.guild import Site

ODD = '!similar "Amélie" 🎬 = \\ | `x`'
LONG = "!similar " + "x" * 100


def reply(*choices: Choice, vote: bool = False) -> Reply:
    """A reply with choices."""
    return Reply(text="Pick one.", choices=choices, vote=datetime(2026, 12, 1, tzinfo=UTC) if vote else None)


def numbered(count: int) -> list[Choice]:
    """So many choices."""
    return [Choice(label=f"film {number}", command=f"!movie {number}") for number in range(count)]


async def test_a_press_is_the_command_also_after_a_restart(site: Site) -> None:
    """Nothing is remembered: quotes, emoji and backslashes come back as they were."""
    message = await site.say(reply(Choice(label="Amélie 🎬", command=ODD), Choice(label="help", command="!help")))
    await site.ann.click(message, label="Amélie 🎬")
    assert site.bot.pressed == [(ODD, False)]
    await site.restart()
    result = await site.ann.click(message, label="Amélie 🎬")
    assert site.bot.pressed == [(ODD, False)]
    assert not result.ephemeral


async def test_many_choices_are_a_menu(site: Site) -> None:
    """Too many for two rows are one menu, of 25 at most; it outlives the process too."""
    message = await site.say(reply(*numbered(30)))
    (row,) = message.components
    assert isinstance(row, discord.ActionRow)
    (menu,) = row.children
    assert isinstance(menu, discord.SelectMenu)
    assert [option.label for option in menu.options] == [f"film {number}" for number in range(25)]
    await site.restart()
    await site.ann.select(message, [menu.options[7].value])
    assert site.bot.pressed == [("!movie 7", False)]


async def test_two_rows_of_short_buttons(site: Site) -> None:
    """Ten that are short stay buttons; six with a longer one among them are a menu."""
    short = await site.say(reply(*numbered(10)))
    assert [len(row.children) for row in short.components if isinstance(row, discord.ActionRow)] == [5, 5]
    await site.ann.click(short, label="film 9")
    long = Choice(label="The Good, the Bad and the Ugly", command="!movie ugly")
    mixed = await site.say(reply(*numbered(5), long))
    await site.ann.select(mixed, ["c:!movie ugly"])
    assert site.bot.pressed == [("!movie 9", False), ("!movie ugly", False)]


async def test_a_vote_is_answered_for_their_eyes_only(site: Site) -> None:
    """Whether it is a button or the entry of a menu."""
    message = await site.say(reply(*numbered(2), vote=True))
    assert (await site.ann.click(message, label="film 1")).ephemeral
    message = await site.say(reply(*numbered(11), vote=True))
    assert (await site.ann.select(message, ["v:!movie 8"])).ephemeral
    assert site.bot.pressed == [("!movie 1", True), ("!movie 8", True)]


@pytest.mark.parametrize("others", [0, 10], ids=["button", "menu"])
@pytest.mark.parametrize("vote", [False, True], ids=["shown", "private"])
async def test_what_is_missing_is_asked_for_in_a_window(site: Site, others: int, vote: bool) -> None:
    """The text typed there follows the command; both the press and the submit outlive the process."""
    ask = Choice(label="Ask", command="!q", ask="What should you like to read?")
    message = await site.say(reply(ask, *numbered(others), vote=vote))
    await site.restart()
    if others:
        shown = await site.ann.select(message, [("b:" if vote else "a:") + "!q¦What should you like to read?"])
    else:
        shown = await site.ann.click(message, label="Ask")
    assert site.bot.pressed == []
    assert shown.modal is not None
    assert shown.modal["title"] == ask.ask
    await site.restart()
    await site.ann.submit_modal(shown, {"text": "Why?"})
    assert site.bot.pressed == [("!q Why?", vote)]


async def test_what_no_button_can_hold_is_written_out(site: Site) -> None:
    """100 characters are Discord's limit; the others are pressed all the same."""
    long, short = Choice(label="far | away", command=LONG), Choice(label="help", command="!help")
    assert not pressable(long)
    message = await site.say(reply(long, short))
    with pytest.raises(SetupError):
        await site.ann.click(message, label="far | away")
    await site.ann.click(message, label="help")
    assert site.bot.pressed == [("!help", False)]
    assert view(reply(long)) is None
    assert view(reply()) is None
    assert unpressable([long, short]) == rf"→ `{LONG}` — far \| away"


@pytest.mark.parametrize("spare", [0, 1])
async def test_the_longest_command_that_fits_is_pressed(site: Site, spare: int) -> None:
    """To the very character, with a text to ask for and without."""
    plain = "!movie ".ljust(98 - spare, "x")
    asking = "!q ".ljust(92 - spare, "x")
    assert not pressable(Choice(label="a", command=f"{plain}{'x' * (spare + 1)}"))
    assert not pressable(Choice(label="a", command=f"{asking}{'x' * (spare + 1)}", ask="What?"))
    choices = Choice(label="plain", command=plain), Choice(label="asking", command=asking, ask="What?")
    message = await site.say(reply(*choices))
    await site.ann.click(message, label="plain")
    shown = await site.ann.click(message, label="asking")
    await site.ann.submit_modal(shown, {"text": "Why?"})
    assert site.bot.pressed == [(plain, False), (f"{asking} Why?", False)]


async def test_labels_are_cut_and_repeats_are_left_out(site: Site) -> None:
    """Discord refuses a label of more than 80 characters, an empty one, and two buttons of one meaning."""
    first, again = Choice(label="L" * 200, command="!help"), Choice(label="again", command="!help")
    message = await site.say(reply(first, Choice(label=" \u200b", command="!week"), again))
    (row,) = message.components
    assert isinstance(row, discord.ActionRow)
    labels = [each.label for each in row.children if isinstance(each, discord.Button)]
    assert labels == ["L" * 79 + "…", "!week"]


async def test_nothing_is_kept_of_a_message(site: Site) -> None:
    """The library holds on to no view: a bot that runs for months would keep them all."""
    for _ in range(3):
        await site.say(reply(*numbered(3)))
    assert len(site.bot.persistent_views) == 0

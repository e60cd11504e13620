"""The help is read from the commands."""

import pytest

from bot.app import registry as commands
from bot.command import Registry
from bot.errors import UserError
from bot.help import HelpPages, markdown
from bot.platforms.discord.naming import named
from bot.render import discord
from tests.bot.conftest import ANN, ROOT


def test_the_index_lists_every_command_by_group(registry: Registry) -> None:
    """By its name, and on the page of its group with its help line; admin commands only for admins."""
    pages = HelpPages(registry, "!")
    shown = pages.index(ANN)
    assert shown.text.index("**First**") < shown.text.index("`!echo`") < shown.text.index("**Second**")
    assert [each.command for each in shown.choices] == ["!help first", "!help second"]
    assert "- `!echo` — Say something again." in pages.page("First", ANN).text
    for reply in (shown, *(pages.page(group, ANN) for group in ("first", "second"))):
        assert "!reload" not in reply.text
    assert "!reload" in pages.index(ROOT).text


def test_the_index_is_one_message() -> None:
    """Of at most 2,000 characters, on Discord, where the bot may have to be named before each command."""
    index = HelpPages(commands(), "!").index(ROOT)
    for reply in (index, named(index, prefix="!", name="studybot")):
        assert len(discord(reply, limit=2_000)) == 1


@pytest.mark.parametrize("name", ["the week", "The week", "convolutions", "bot", "the model's inside"])
def test_a_group_has_a_page(name: str) -> None:
    """By its name, with or without its article, each command with its help line and a page to pick."""
    pages = HelpPages(commands(), "!")
    reply = pages.page(name, ANN)
    shown = [each for each in commands() if each.group.endswith(name.casefold()) and not each.admin]
    assert shown
    assert [each.command for each in reply.choices] == [f"!help {each.name}" for each in shown]
    assert all(f"`!{each.name}` — {each.summary}" in reply.text for each in shown)


def test_a_hosts_command_is_told_as_one(registry: Registry) -> None:
    """Whoever asks for its page without being one is not told that there is none."""
    with pytest.raises(UserError, match="is a host's command: it is for the group's admins"):
        HelpPages(registry, "!").page("reload", ANN)


def test_a_page_holds_usage_parameters_and_examples(registry: Registry) -> None:
    """What one needs to type the command stands on its page, and the examples can be picked."""
    page = HelpPages(registry, "!").page("!say", ANN)
    assert "`!echo text [count=1–5] [case=upper|lower] [also=…] [loud]`" in page.text
    assert page.table is not None
    assert ("count", "how often; a whole number from 1 to 5; else 1") in page.table.rows
    assert [choice.command for choice in page.choices] == ["!echo hello"]


def test_an_unknown_page_offers_the_nearest(registry: Registry) -> None:
    """A typing error in the name leads to the right page."""
    with pytest.raises(UserError, match="Did you mean `!echo`") as refused:
        HelpPages(registry, "!").page("ehco", ANN)
    assert [choice.command for choice in refused.value.choices] == ["!help echo"]


def test_the_reference_page_has_a_heading_per_command(registry: Registry) -> None:
    """`docs/commands.md` is complete, and a bar in a choice does not break its table."""
    page = markdown(registry, "!")
    assert all(f"### !{command.name}\n" in page for command in registry)
    assert "upper or lower" in page

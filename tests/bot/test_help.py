"""The help is read from the commands."""

import pytest

from bot.command import Registry
from bot.errors import UserError
from bot.help import HelpPages, markdown
from tests.bot.conftest import ANN, ROOT


def test_the_index_lists_every_command_by_group(registry: Registry) -> None:
    """Each command stands there with its help line; admin commands only for admins."""
    pages = HelpPages(registry, "!")
    shown = pages.index(ANN).text
    assert shown.index("**First**") < shown.index("`!echo` — Say something again.") < shown.index("**Second**")
    assert "!reload" not in shown
    assert "!reload" in pages.index(ROOT).text


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

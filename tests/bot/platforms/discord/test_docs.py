"""docs/discord.md says what the code asks for."""

import re

from bot.app import registry
from bot.platforms.discord.permissions import NEEDED, spoken, wanted
from tests.house import ROOT

PAGE = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")


def test_the_invitation_asks_for_what_is_needed() -> None:
    """The number in the address, and the table below it."""
    assert f"permissions={wanted().value}\n" in PAGE
    for flag, why in NEEDED.items():
        assert f"| {spoken(flag)} | {why} |" in PAGE


def test_it_names_all_that_a_host_can_steer_with() -> None:
    """Each command of the admins, and what of the commands of all is for them."""
    (steering,) = re.findall(r"## Who steers it\n(.*?)\n## ", PAGE, re.S)
    for command in registry():
        if command.admin:
            assert f"`/{command.name}`" in steering
        for action in command.actions:
            if action.admin and not command.admin:
                assert f"`/admin {command.name}" in steering
                assert action.name in steering
        for param in command.params:
            if param.arg.admin:
                assert f"`/admin {command.name} {param.name}`" in steering

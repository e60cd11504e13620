"""docs/discord.md says what the code asks for."""

from bot.platforms.discord.permissions import NEEDED, spoken, wanted
from tests.house import ROOT

PAGE = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")


def test_the_invitation_asks_for_what_is_needed() -> None:
    """The number in the address, and the table below it."""
    assert f"permissions={wanted().value}\n" in PAGE
    for flag, why in NEEDED.items():
        assert f"| {spoken(flag)} | {why} |" in PAGE

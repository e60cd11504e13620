"""One function is one command: what is read from its signature."""

import pytest

from bot.command import Registry
from tests.bot.conftest import echo, square


def test_the_signature_is_all_there_is() -> None:
    """Names, kinds, ranges, choices and the help line come from the function itself."""
    assert [param.name for param in echo.params] == ["text", "count", "case", "also", "loud"]
    assert echo.rest is echo.params[0]
    assert echo.params[0].required
    assert echo.options["count"].kind is int
    assert echo.options["case"].choices == ("upper", "lower")
    assert echo.options["loud"].flag
    assert echo.summary == "Say something again."
    assert echo.details == "The details of it."


def test_the_usage_line_shows_what_may_be_left_out() -> None:
    """Required parameters stand bare, optional ones in brackets, with their range or choices."""
    assert echo.usage("!") == "!echo text [count=1–5] [case=upper|lower] [also=…] [loud]"
    assert square.usage("?") == "?square size=0–10"


def test_a_name_can_be_used_once() -> None:
    """Two commands of one name are refused when the registry is made, not when somebody types it."""
    with pytest.raises(ValueError, match="echo"):
        Registry([echo, echo])


def test_the_registry_finds_by_name_and_alias_in_any_case(registry: Registry) -> None:
    """`!SAY` is `!echo`."""
    assert registry.get("SAY") is echo
    assert registry.get("nothing") is None

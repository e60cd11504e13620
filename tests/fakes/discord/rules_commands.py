"""What application commands may be, which the document only half says."""

import re
from typing import Any

from tests.fakes.discord.rules import Wrong
from tests.fakes.discord.values import JSON

NAME = re.compile(r"[-_'\w]{1,32}")
CHAT, MOST = 1, {1: 100, 2: 15, 3: 15}
SUB, GROUP = 1, 2


def commands(given: list[JSON]) -> Wrong:
    """What speaks against a whole scope."""
    for kind, most in MOST.items():
        if sum(each.get("type", CHAT) == kind for each in given) > most:
            yield "", f"Maximum number of application commands reached ({most})."
    names = [(each.get("type", CHAT), each.get("name")) for each in given]
    for at, each in enumerate(given):
        if names.index(names[at]) != at:
            yield f"{at}.name", "Application command names must be unique"
        yield from command(each, f"{at}.")


def command(given: JSON, at: str = "") -> Wrong:
    """What speaks against one command."""
    if given.get("type", CHAT) == CHAT:
        yield from _described(given, at)
        yield from _options(given.get("options") or [], f"{at}options")
    elif not 1 <= len(given.get("name") or "") <= 32:
        yield f"{at}name", "Must be between 1 and 32 in length."
    if length(given) > 8000:
        yield at.removesuffix("."), "Command exceeds maximum size (8000)"


def _described(given: JSON, at: str) -> Wrong:
    name = given.get("name") or ""
    if not NAME.fullmatch(name) or name != name.lower():
        yield f"{at}name", "Command name is invalid"
    if not 1 <= len(given.get("description") or "") <= 100:
        yield f"{at}description", "Must be between 1 and 100 in length."


def _options(given: list[JSON], at: str) -> Wrong:
    if len(given) > 25:
        yield at, "Must be 25 or fewer in length."
    kinds = {each.get("type") in (SUB, GROUP) for each in given}
    if len(kinds) > 1:
        yield at, "Sub-command and sub-command group option types are mutually exclusive to all other types"
    names = [each.get("name") for each in given]
    optional = False
    for index, each in enumerate(given):
        here = f"{at}.{index}"
        yield from _described(each, f"{here}.")
        if names.index(each.get("name")) != index:
            yield f"{here}.name", "Option names must be unique"
        if each.get("required") and optional:
            yield here, "Required options must be placed before non-required options"
        optional = optional or not each.get("required")
        yield from _choices(each, here)
        yield from _options(each.get("options") or [], f"{here}.options")


def _choices(given: JSON, at: str) -> Wrong:
    choices: list[JSON] = given.get("choices") or []
    if len(choices) > 25:
        yield f"{at}.choices", "Must be 25 or fewer in length."
    if choices and given.get("autocomplete"):
        yield f"{at}.autocomplete", "Autocomplete is not possible beside choices"
    for index, each in enumerate(choices):
        yield from choice(each, f"{at}.choices.{index}")


def choice(given: JSON, at: str) -> Wrong:
    """One thing to choose, in a command or from autocomplete."""
    if not 1 <= len(given.get("name") or "") <= 100:
        yield f"{at}.name", "Must be between 1 and 100 in length."
    value: Any = given.get("value")
    if isinstance(value, str) and not 1 <= len(value) <= 100:
        yield f"{at}.value", "Must be between 1 and 100 in length."


def length(given: JSON) -> int:
    """The characters of names, descriptions and values."""
    own = len(given.get("name") or "") + len(given.get("description") or "")
    own += sum(length(each) for each in given.get("options") or [])
    for each in given.get("choices") or []:
        own += len(each["name"]) + (len(each["value"]) if isinstance(each["value"], str) else 0)
    return own

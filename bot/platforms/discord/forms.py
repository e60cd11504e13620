"""Windows that ask for a text. What they were opened for stands in their custom_id, so that nothing is remembered.

The library would give a submit to the window that this process opened, and lose it after a restart. So windows do
nothing by themselves: the client's event `on_interaction` hands every submit to `submitted`.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import discord

from bot.command import Command
from bot.render import LONGEST_ASK
from bot.values import Asked

Ask = Callable[[discord.Interaction, Asked], Awaitable[None]]
Pressed = Callable[[discord.Interaction, str, bool], Awaitable[None]]
"""Told of a command line that somebody pressed, and whether the answer is for their eyes only."""
Written = Callable[[discord.Interaction, str, str, bool], Awaitable[None]]
"""Told of a command line, of the text that somebody wrote to follow it, and as above."""

LONGEST_ID = 100
LONGEST_TEXT = 1_000
OPEN_SECONDS = 900.0
"""For so long the library keeps a window; its submit is heard even later."""

_FORM = "f:"  # f:q?question&lang=de: the command, the parameter that is asked for, and what else was given
_LINE = {False: "l:", True: "m:"}  # l:!q: the line that the text follows; m: is answered privately


def form(asked: Asked, command: Command) -> discord.ui.Modal | None:
    """The window for the text that was left out; None where none was, or too much was given beside it."""
    rest = command.rest
    if rest is None or not rest.arg.long or not rest.required or rest.name in asked.values:
        return None
    beside = urlencode(asked.values)
    custom_id = f"{_FORM}{command.name}?{rest.name}" + (f"&{beside}" if beside else "")
    return _window(custom_id, title=command.summary, label=rest.arg.help)


def question(line: str, label: str, *, private: bool) -> discord.ui.Modal | None:
    """The window for a text that follows a command line; None where that line is too long."""
    return _window(_LINE[private] + line, title=label, label=label)


def following(line: str, text: str, commands: Mapping[str, Command], prefix: str) -> Asked | None:
    """The call that a line and a text of several lines are; None where the command takes one line alone.

    Nothing in such a text is a command: a window is no post.
    """
    name, _, before = line.removeprefix(prefix).partition(" ")
    rest = commands[name].rest if name in commands else None
    if rest is None or not rest.arg.lines:
        return None
    return Asked(command=name, values={rest.name: f"{before} {text}"})


async def submitted(interaction: discord.Interaction, *, ask: Ask, written: Written) -> bool:
    """Go on with what a window was opened for; False for any other event."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return False
    data: Mapping[str, Any] = dict(interaction.data or {})
    mark, value = data["custom_id"][:2], data["custom_id"][2:]
    text = _text_in(data)
    if mark == _FORM:
        command, _, given = value.partition("?")
        (name, _), *beside = parse_qsl(given, keep_blank_values=True)
        await ask(interaction, Asked(command=command, values={**dict(beside), name: text}))
    elif mark in _LINE.values():
        await written(interaction, value, text, mark == _LINE[True])
    else:
        return False
    return True


def _window(custom_id: str, *, title: str, label: str) -> discord.ui.Modal | None:
    if len(custom_id) > LONGEST_ID:
        return None
    window = discord.ui.Modal(title=_title(title), custom_id=custom_id, timeout=OPEN_SECONDS)
    field = discord.ui.TextInput[Any](
        custom_id="text", style=discord.TextStyle.paragraph, min_length=1, max_length=LONGEST_TEXT
    )
    window.add_item(discord.ui.Label(text=_title(label), component=field))
    return window


def _title(text: str) -> str:
    return text if len(text) <= LONGEST_ASK else f"{text[: LONGEST_ASK - 1].rstrip()}…"


def _text_in(data: Mapping[str, Any]) -> str:
    for row in data["components"]:
        for each in row.get("components") or [row.get("component") or {}]:
            if each.get("custom_id") == "text":
                return str(each["value"])
    return ""

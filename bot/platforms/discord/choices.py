"""What a person may pick next, below a reply: buttons, or a menu where there are many.

The command line stands in the custom_id, or in a menu's values, so that a press means the same after a restart:
nothing is remembered. What does not fit there is written out in the reply (`bot.render.unpressable`).
"""

import re
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import discord
from discord import ui

from bot.platforms.discord.forms import Pressed, question
from bot.render import LONGEST_ASK, pressable
from bot.values import Choice, Reply, clean

BUTTONS = 5
"""In one row."""
SHORT = 20
"""Characters of a label; of such buttons there may be two rows. More choices, or longer ones, are a menu."""
OPTIONS = 25
LONGEST_LABEL = 80
LONGEST_OPTION = 100

# c:!similar Fargo   the command is run    v:!catchup 2   the same, answered for their eyes only
# a:!q¦Your question a window asks for a text that follows the command    b:…   the same, for their eyes only
_RUN = {False: "c:", True: "v:"}
_ASK = {False: "a:", True: "b:"}
_END = "¦"
_PRESS = re.compile(r"[cvab]:.+", re.S)
_MENU = re.compile(r"menu:.*")

_told: WeakKeyDictionary[discord.Client, Pressed] = WeakKeyDictionary()


def view(reply: Reply) -> ui.View | None:
    """The buttons or the menu of a reply's choices; None where none can be pressed."""
    private = reply.vote is not None
    presses: dict[str, Choice] = {}
    for choice in filter(pressable, reply.choices):
        presses.setdefault(_id(choice, private=private), choice)  # Discord refuses two that mean the same
    choices = list(presses.items())[:OPTIONS]
    if not choices:
        return None
    made = ui.View(timeout=None)
    short = all(len(_label(choice, LONGEST_LABEL)) <= SHORT for _, choice in choices)
    if len(choices) > (2 * BUTTONS if short else BUTTONS):
        return made.add_item(Menu.of(choices))
    for custom_id, choice in choices:
        made.add_item(Press.of(custom_id, choice))
    return made


def watch(client: discord.Client, pressed: Pressed) -> None:
    """From now on, tell of each press: the interaction, the command line, and whether it is for their eyes only.

    A choice that asks for a text opens a window instead; `forms.submitted` tells of that one.
    """
    _told[client] = pressed
    client.add_dynamic_items(Press, Menu)


class Press(ui.DynamicItem[ui.Button[Any]], template=_PRESS):
    """A button, made by this process or an earlier one."""

    @classmethod
    def of(cls, custom_id: str, choice: Choice) -> "Press":
        """The button of a choice."""
        return cls(ui.Button(label=_label(choice, LONGEST_LABEL), custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> "Press":
        """The button that was pressed."""
        return cls(ui.Button(custom_id=match[0]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody pressed it."""
        await _press(interaction, self.custom_id)


class Menu(ui.DynamicItem[ui.Select[Any]], template=_MENU):
    """A menu, made by this process or an earlier one."""

    @classmethod
    def of(cls, choices: Sequence[tuple[str, Choice]]) -> "Menu":
        """The menu of several choices."""
        options = [
            discord.SelectOption(label=_label(choice, LONGEST_OPTION), value=custom_id)
            for custom_id, choice in choices
        ]
        return cls(ui.Select(custom_id="menu:", options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> "Menu":
        """The menu in which something was picked."""
        return cls(ui.Select(custom_id=match[0]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody picked something."""
        for picked in self.item.values[:1]:
            await _press(interaction, picked)


async def _press(interaction: discord.Interaction[Any], custom_id: str) -> None:
    kind, meaning = custom_id[:2], custom_id[2:]
    pressed = _told[interaction.client]
    if kind in _RUN.values():
        await pressed(interaction, meaning, kind == _RUN[True])
        return
    line, _, label = meaning.rpartition(_END)
    window = question(line, label, private=kind == _ASK[True])
    if window is None:  # made by another version, which had more room
        await pressed(interaction, line, kind == _ASK[True])
    else:
        await interaction.response.send_modal(window)


def _id(choice: Choice, *, private: bool) -> str:
    if not choice.ask:
        return _RUN[private] + choice.command
    return f"{_ASK[private]}{choice.command}{_END}{_cut(choice.ask, LONGEST_ASK)}"


def _label(choice: Choice, limit: int) -> str:
    return _cut(" ".join(clean(choice.label).split()) or choice.command, limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"

"""Each command as a slash command of Discord, with a form instead of a grammar.

Nothing is written down for it: the options are the command's parameters, and a command of the admins that has
several verbs is a group with one command for each. What comes back is `Asked`, text for each parameter.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from inspect import Parameter, Signature
from textwrap import shorten
from typing import Any, cast

import discord
from discord import app_commands

from bot.actions import Action
from bot.command import Arg, Command, Param
from bot.platforms.discord.forms import Ask, form
from bot.platforms.discord.lines import line
from bot.values import Asked, File

Complete = Callable[[Param, str], Awaitable[Sequence[str]]]
Answer = Callable[[discord.Interaction, dict[str, str]], Awaitable[None]]
Offer = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]

MOST = 25
"""Choices that Discord shows."""
LONGEST = 100
"""Characters of a choice, and of a description."""


def plant(
    tree: app_commands.CommandTree[Any],
    commands: Iterable[Command],
    *,
    guild: discord.abc.Snowflake,
    ask: Ask,
    complete: Complete,
) -> None:
    """Add every command to the tree, for one guild; ValueError names what Discord would not take.

    Discord hides the commands of the admins from all others, unless somebody sets it otherwise there: whoever
    answers `ask` still has to look who asks.
    """
    for command in commands:
        try:
            tree.add_command(_planted(command, ask, complete), guild=guild)
        except (TypeError, ValueError) as problem:
            raise ValueError(f"{command.name!r} cannot be a slash command: {problem}") from problem


def _planted(
    command: Command, ask: Ask, complete: Complete
) -> app_commands.Command[Any, ..., Any] | app_commands.Group:
    hidden = discord.Permissions(manage_guild=True) if command.admin else None
    if not (command.admin and command.actions):
        made = _leaf(command, command.name, command.summary, _params(command), _plainly(command, ask), complete)
        made.guild_only, made.default_permissions = True, hidden
        return made
    group = app_commands.Group(
        name=command.name,
        description=_clipped(command.summary),
        guild_only=True,
        default_permissions=hidden,
    )
    for action in command.actions:
        params = _params_of(command, action)
        answer = _acting(command, action, ask)
        group.add_command(_leaf(command, action.name, action.help, params, answer, complete))
    return group


def _params(command: Command) -> list[Param]:
    """What the form asks for; a longer text is asked for in a window of its own, when it is left out."""
    asked = [
        replace(param, required=False)
        if param.arg.long
        else replace(param, choices=tuple(action.name for action in param.arg.actions))
        if param.arg.actions
        else param
        for param in command.params
    ]
    return [*asked, *(_attached(each.arg.attach, required=False) for each in command.params if each.arg.attach)]


def _attached(what: str, *, required: bool) -> Param:
    """A field that takes what is attached to a post of text."""
    arg = Arg(help=f"the {what} that it is about")
    return Param(name=what, kind=File, required=required, default=None, rest=False, arg=arg)


def _params_of(command: Command, action: Action) -> list[Param]:
    wanted = [
        Param(
            name=each.name,
            kind=str,
            required=each.required,
            default=None,
            rest=False,
            arg=Arg(help=each.help),
        )
        for each in action.wants
    ]
    needed = [replace(command.options[name], required=True) for name in action.needs]
    needed += [_attached(action.attach, required=True)] if action.attach else []
    return [*wanted, *needed, *(command.options[name] for name in action.options)]


def _plainly(command: Command, ask: Ask) -> Answer:
    async def answer(interaction: discord.Interaction, values: dict[str, str]) -> None:
        asked = Asked(command=command.name, values=values)
        window = form(asked, command)
        if window is None:
            await ask(interaction, asked)
        else:
            await interaction.response.send_modal(window)

    return answer


def _acting(command: Command, action: Action, ask: Ask) -> Answer:
    """The action's word, and what it wants, are the rest of the line."""

    async def answer(interaction: discord.Interaction, values: dict[str, str]) -> None:
        words = [action.name, *(values.pop(each.name) for each in action.wants if each.name in values)]
        rest = {param.name: " ".join(words) for param in command.params if param.rest}
        await ask(interaction, Asked(command=command.name, values=rest | values))

    return answer


def _leaf(
    command: Command, name: str, summary: str, params: Sequence[Param], answer: Answer, complete: Complete
) -> app_commands.Command[Any, ..., Any]:
    """One form. Discord's library reads a signature: its parameters have numbers, for `from` cannot be one."""
    numbered = {f"p{number}": param for number, param in enumerate(params)}

    async def callback(interaction: discord.Interaction, **given: Any) -> None:
        # What is attached goes beside the values (`Interactions`).
        typed = {key: value for key, value in given.items() if isinstance(value, str | int | float)}
        values = {numbered[key].name: _text(value) for key, value in typed.items()}
        await answer(interaction, values)

    start = Parameter("interaction", Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    rest = [
        Parameter(
            key,
            Parameter.KEYWORD_ONLY,
            annotation=_kind(param) if param.required else _kind(param) | None,
            default=Parameter.empty if param.required else None,
        )
        for key, param in numbered.items()
    ]
    vars(callback)["__signature__"] = Signature([start, *rest])
    app_commands.rename(**{key: param.name for key, param in numbered.items()})(callback)
    app_commands.describe(**{key: _clipped(param.arg.help) for key, param in numbered.items()})(callback)
    choices = {
        key: [app_commands.Choice(name=each, value=each) for each in param.choices]
        for key, param in numbered.items()
        if 0 < len(param.choices) <= MOST
    }
    app_commands.choices(**choices)(callback)
    offers = {
        key: _offer(param, complete, admin=command.admin)
        for key, param in numbered.items()
        if param.arg.complete or len(param.choices) > MOST
    }
    app_commands.autocomplete(**offers)(callback)
    return app_commands.Command(name=name, description=_clipped(summary), callback=callback)


def _offer(param: Param, complete: Complete, *, admin: bool) -> Offer:
    async def offer(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        if admin and not interaction.permissions.manage_guild:
            return []
        found = [each for each in await complete(param, typed) if 0 < len(each) <= LONGEST]
        return [app_commands.Choice(name=each, value=each) for each in found[:MOST]]

    return offer


def _kind(param: Param) -> Any:
    if param.kind is File:
        return discord.Attachment
    if param.flag or param.kind not in (int, float):
        return bool if param.flag else str
    low, high = param.arg.low, param.arg.high
    if low is None and high is None:
        return param.kind
    least, most = (None if end is None else param.kind(end) for end in (low, high))
    return cast("Any", app_commands.Range)[param.kind, least, most]


def _text(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _clipped(text: str) -> str:
    return shorten(text, LONGEST, placeholder="…") or "…"


__all__ = ["Ask", "Complete", "line", "plant"]

"""Each command as a slash command of Discord, with a form instead of a grammar.

Nothing is written down for it: the options are the command's parameters, and a command of the admins that has
several verbs is a group with one command for each. What admins alone may do with a command that is for all stands
below `/admin`. What comes back is `Asked`, text for each parameter.
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
from bot.values import Asked, File, Offered

Complete = Callable[[Param, str], Awaitable[Sequence[str]]]
Answer = Callable[[discord.Interaction, dict[str, str]], Awaitable[None]]
Leaf = app_commands.Command[Any, ..., Any]
Offer = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]

ADMINS = discord.Permissions(manage_guild=True)
MOST = 25
"""Choices that Discord shows."""
LONGEST = 100
"""Characters of a choice, and of a description."""
ADMIN = "admin"
"""The group of what only admins may do with the commands of all: `/admin schedule pause`."""


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
    steering = _hidden(ADMIN, "What hosts do with the commands that are for all.")
    for command in commands:
        try:
            tree.add_command(_planted(command, ask, complete), guild=guild)
            if below := [] if command.admin else _for_admins(command, ask, complete):
                group = app_commands.Group(name=command.name, description=_clipped(command.summary))
                for leaf in below:
                    group.add_command(leaf)
                steering.add_command(group)
        except (TypeError, ValueError) as problem:
            raise ValueError(f"{command.name!r} cannot be a slash command: {problem}") from problem
    if steering.commands:
        tree.add_command(steering, guild=guild)


def _planted(command: Command, ask: Ask, complete: Complete) -> Leaf | app_commands.Group:
    if command.admin and command.actions:
        group = _hidden(command.name, command.summary)
        for action in command.actions:
            group.add_command(_verb(command, action, ask, complete))
        return group
    answer = _plainly(command, ask)
    made = _leaf(command.name, command.summary, _params(command), answer, complete, admin=command.admin)
    made.guild_only, made.default_permissions = True, ADMINS if command.admin else None
    return made


def _hidden(name: str, summary: str) -> app_commands.Group:
    return app_commands.Group(
        name=name, description=_clipped(summary), guild_only=True, default_permissions=ADMINS
    )


def _for_admins(command: Command, ask: Ask, complete: Complete) -> list[Leaf]:
    """What only admins may do with a command that is for all."""
    verbs = [_verb(command, action, ask, complete) for action in command.actions if action.admin]
    return [*verbs, *(_setting(command, param, ask, complete) for param in command.params if param.arg.admin)]


def _setting(command: Command, param: Param, ask: Ask, complete: Complete) -> Leaf:
    """One parameter of a command as a form of its own; a switch is switched on by it."""

    async def answer(interaction: discord.Interaction, values: dict[str, str]) -> None:
        await ask(interaction, Asked(command=command.name, values=values or {param.name: "yes"}))

    fields = [] if param.flag else [replace(param, required=True)]
    summary = f"{param.arg.help[:1].upper()}{param.arg.help[1:]}."
    return _leaf(param.name, summary, fields, answer, complete, admin=True)


def _params(command: Command) -> list[Param]:
    """What the form asks for; a longer text is asked for in a window of its own, when it is left out."""
    asked = [
        replace(param, required=False)
        if param.arg.long
        else replace(param, choices=tuple(action.name for action in param.arg.actions))
        if param.arg.actions
        else param
        for param in _of_all(command)
    ]
    return [*asked, *(_attached(each.arg.attach, required=False) for each in asked if each.arg.attach)]


def _of_all(command: Command) -> list[Param]:
    """The command's parameters, without what is for admins alone where the command is for all."""
    params = [param for param in command.params if not param.arg.admin]
    if command.admin or not any(action.admin for action in command.actions):
        return params
    actions = [action for action in command.actions if not action.admin]
    taken = {name for action in actions for name in (*action.needs, *action.options)}
    left = [replace(each, arg=replace(each.arg, actions=tuple(actions))) for each in params if each.rest]
    return [*(left if len(actions) > 1 else []), *(each for each in params if each.name in taken)]


def _verb(command: Command, action: Action, ask: Ask, complete: Complete) -> Leaf:
    answer = _acting(command, action, ask)
    return _leaf(action.name, action.help, _params_of(command, action), answer, complete, admin=True)


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
            arg=Arg(help=each.help, complete=each.complete),
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
    name: str, summary: str, params: Sequence[Param], answer: Answer, complete: Complete, *, admin: bool
) -> Leaf:
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
        key: _offer(param, complete, admin=admin)
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
        return [app_commands.Choice(name=_shown(each), value=each) for each in found[:MOST]]

    return offer


def _shown(offered: str) -> str:
    """What stands for it in the picker."""
    label = offered.label if isinstance(offered, Offered) else offered
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


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

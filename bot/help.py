"""What can be asked, in words: the index, a command's page, and the generated `docs/commands.md`.

All of it is read from the commands themselves; nothing is written down twice.
"""

from collections.abc import Iterable
from itertools import groupby

from bot.actions import Action
from bot.command import Command, Param, Registry
from bot.errors import UserError
from bot.values import Choice, Person, Reply, Table, code


class HelpPages:
    """The help of one registry, with the prefix that people type."""

    def __init__(self, registry: Registry, prefix: str) -> None:
        self._registry, self._prefix = registry, prefix

    def index(self, person: Person) -> Reply:
        """Every command with its help line; what only admins may do is shown to them alone."""
        lines: list[str] = []
        for group, commands in _groups(self._registry):
            shown = [each for each in commands if person.is_admin or not each.admin]
            if shown:
                lines.append(f"**{group.capitalize()}**\n")
                lines += [f"- {code(self._prefix + each.name)} — {each.summary}" for each in shown]
                lines.append("")
        lines.append(f"{code(self._prefix + 'help similar')} shows a command's page, with examples.")
        return Reply(text="\n".join(lines))

    def page(self, name: str, person: Person) -> Reply:
        """One command: what it does, its parameters, examples that all run."""
        word = name.strip().removeprefix(self._prefix)
        command = self._registry.get(word)
        if command is None or (command.admin and not person.is_admin):
            near = self._registry.near(word)
            also = f" Did you mean {code(self._prefix + near)}?" if near else ""
            choices = [Choice(label=f"help {near}", command=f"{self._prefix}help {near}")] if near else []
            raise UserError(f"There is no command {code(word[:40])}.{also}", choices)
        rows = tuple((param.name, _explain(param)) for param in command.params)
        examples = [Choice(label=line, command=self._prefix + line) for line in command.examples]
        return Reply(
            text=_text(command, self._prefix),
            table=Table(columns=("parameter", "what it is"), rows=rows) if rows else None,
            choices=tuple(examples[:5]),
        )


def markdown(registry: Registry, prefix: str) -> str:
    """The reference page `docs/commands.md`."""
    parts = ["# Commands", "", "Made by `make docs` from the commands themselves; do not edit.", ""]
    for group, commands in _groups(registry):
        parts += [f"## {group.capitalize()}", ""]
        for each in commands:
            parts += [f"### {prefix}{each.name}", "", _text(each, prefix), ""]
            if each.params:
                parts += ["| parameter | what it is |", "|---|---|"]
                parts += [
                    f"| `{param.name}` | {_explain(param).replace('|', chr(92) + '|')} |" for param in each.params
                ]
                parts.append("")
    return "\n".join(parts)


def _text(command: Command, prefix: str) -> str:
    parts = [command.summary, f"Usage: {code(command.usage(prefix))}"]
    # A docstring is broken into lines for its reader; a page breaks its own.
    parts += [" ".join(paragraph.split()) for paragraph in command.details.split("\n\n") if paragraph]
    if command.actions:
        parts.append("It takes:\n\n" + "\n".join(_action(command, each, prefix) for each in command.actions))
    if command.aliases:
        parts.append("Also: " + ", ".join(code(prefix + alias) for alias in command.aliases))
    if command.examples:
        parts.append("For example:\n\n" + "\n".join(f"- {code(prefix + line)}" for line in command.examples))
    return "\n\n".join(parts)


def _action(command: Command, action: Action, prefix: str) -> str:
    """`session move day to=…`, and what that does."""
    words = [prefix + command.name, action.name]
    words += [each.name if each.required else f"[{each.name}]" for each in action.wants]
    words += [command.options[name].usage.strip("[]") for name in action.needs]
    words += [command.options[name].usage for name in action.options]
    return f"- {code(' '.join(words))} — {action.help}"


def _explain(param: Param) -> str:
    wants = (
        ""
        if (param.rest and not param.arg.actions) or param.flag or param.wants == param.arg.help
        else f"; {param.wants}"
    )
    default = "" if param.required or param.default in (None, "", False) else f"; else {param.default}"
    return f"{'for admins: ' if param.arg.admin else ''}{param.arg.help}{wants}{default}"


def _groups(registry: Registry) -> Iterable[tuple[str, list[Command]]]:
    return ((group, list(commands)) for group, commands in groupby(registry, key=lambda each: each.group))

"""What can be asked, in words: the index, a command's page, and the generated `docs/commands.md`.

All of it is read from the commands themselves; nothing is written down twice.
"""

from collections.abc import Iterable
from itertools import groupby

from bot.actions import Action
from bot.command import Command, Param, Registry
from bot.errors import UserError
from bot.values import Choice, Person, Reply, Table, code

UNFOLD, EXPLAIN = "What a group's commands do", "A command's page"


class HelpPages:
    """The help of one registry, with the prefix that people type."""

    def __init__(self, registry: Registry, prefix: str) -> None:
        self._registry, self._prefix = registry, prefix

    def index(self, person: Person) -> Reply:
        """Every command by its name; what each does stands on its group's page."""
        groups = list(self._shown(person))
        lines = [
            f"**{group.capitalize()}**: {' '.join(code(self._prefix + each.name) for each in commands)}"
            for group, commands in groups
        ]
        how = (
            f"{code(self._prefix + 'help films')} says what those of a group do, "
            f"{code(self._prefix + 'help similar')} shows a command's page, with examples."
        )
        choices = [
            Choice(label=group.capitalize(), command=f"{self._prefix}help {group}", menu=UNFOLD)
            for group, _ in groups
        ]
        return Reply(text="\n\n".join([*lines, how]), choices=tuple(choices))

    def page(self, name: str, person: Person) -> Reply:
        """A group, with a line for each command; or one command: what it does, its parameters, examples."""
        word = name.strip().removeprefix(self._prefix)
        command = self._registry.get(word)
        if command is None:
            return self._group(word, person)
        if command.admin and not person.is_admin:
            raise UserError(
                f"{code(self._prefix + command.name)} is a host's command: it is for the group's admins."
            )
        rows = tuple((param.name, _explain(param)) for param in command.params)
        examples = [Choice(label=line, command=self._prefix + line) for line in command.examples]
        return Reply(
            text=_text(command, self._prefix),
            table=Table(columns=("parameter", "what it is"), rows=rows) if rows else None,
            choices=tuple(examples[:5]),
        )

    def _group(self, word: str, person: Person) -> Reply:
        for group, commands in self._shown(person):
            if word.casefold() in (group, group.removeprefix("the ").removeprefix("for ")):
                lines = [f"- {code(self._prefix + each.name)} — {each.summary}" for each in commands]
                pages = [f"{self._prefix}help {each.name}" for each in commands]
                return Reply(
                    text="\n".join([f"**{group.capitalize()}**\n", *lines]),
                    choices=tuple(
                        Choice(label=each.name, command=line, menu=EXPLAIN)
                        for each, line in zip(commands, pages, strict=True)
                    ),
                )
        near = self._registry.near(word)
        also = f" Did you mean {code(self._prefix + near)}?" if near else ""
        choices = [Choice(label=f"help {near}", command=f"{self._prefix}help {near}")] if near else []
        raise UserError(f"There is no command {code(word[:40])}.{also}", choices)

    def _shown(self, person: Person) -> Iterable[tuple[str, list[Command]]]:
        """The groups, with what only admins may do for them alone."""
        for group, commands in _groups(self._registry):
            shown = [each for each in commands if person.is_admin or not each.admin]
            if shown:
                yield group, shown


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

"""Laws that every command keeps, so that each platform can show it; no command is exempt."""

import re

import pytest

from bot.app import registry
from bot.command import Command

COMMANDS = tuple(registry())
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)

# Discord's limits for slash commands; the strictest of the three platforms.
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
PARAMETER = re.compile(r"[a-z][a-z0-9_]{0,31}")
WORDS = 100
PARAMETERS = 25
CHOICES = 25
IN_ALL = 8_000


def test_no_name_is_used_twice() -> None:
    """A word calls one command, be it a name or an alias."""
    names = [name for command in COMMANDS for name in (command.name, *command.aliases)]
    assert sorted(names) == sorted(set(names))


def test_groups_stay_together() -> None:
    """The help page shows each group once."""
    groups = [command.group for command in COMMANDS]
    runs = [group for group, before in zip(groups, [None, *groups], strict=False) if group != before]
    assert len(runs) == len(set(runs))


@each_command
def test_names_can_be_typed_anywhere(command: Command) -> None:
    """Names and aliases are 32 small letters, digits and hyphens at most; parameters may have underscores."""
    assert all(NAME.fullmatch(name) for name in (command.name, *command.aliases))
    assert all(PARAMETER.fullmatch(param.name) for param in command.params)


@each_command
def test_no_option_is_spelled_as_another(command: Command) -> None:
    """An option's other names are nobody else's."""
    names = [name for param in command.params for name in (param.name, *param.arg.also)]
    assert sorted(names) == sorted(set(names))
    assert all(PARAMETER.fullmatch(name) for name in names)


@each_command
def test_the_help_line_is_one_short_sentence(command: Command) -> None:
    """The docstring's first line starts with a capital, ends in a full stop and has 100 characters at most."""
    assert len(command.summary) <= WORDS
    assert command.summary[:1].isupper()
    assert command.summary.endswith(".")
    assert not command.summary.endswith("..")


@each_command
def test_every_parameter_says_what_it_is(command: Command) -> None:
    """Each parameter has help of 100 characters at most; what is a number has its range."""
    for param in command.params:
        assert 0 < len(param.arg.help) <= WORDS, param.name
        assert param.kind not in (int, float) or None not in (param.arg.low, param.arg.high), param.name


@each_command
def test_a_slash_command_can_hold_it(command: Command) -> None:
    """25 parameters and 25 choices at most, required ones first, one rest of the line, 8,000 characters in all."""
    assert len(command.params) <= PARAMETERS
    assert all(len(param.choices) <= CHOICES for param in command.params)
    required = [param.required for param in command.params]
    assert required == sorted(required, reverse=True)
    assert sum(param.rest for param in command.params) <= 1
    texts = [command.name, command.summary]
    for action in command.actions:
        texts += [action.name, action.help, *(each.name + each.help for each in action.wants)]
        options = [command.options[name] for name in (*action.needs, *action.options)]
        texts += [
            param.name + param.arg.help + "".join(2 * choice for choice in param.choices) for param in options
        ]
    for param in command.params:
        texts += [param.name, param.arg.help, *(2 * choice for choice in param.choices)]
    assert sum(map(len, texts)) <= IN_ALL


@each_command
def test_a_text_of_several_lines_stands_alone(command: Command) -> None:
    """What is taken as it is holds no options."""
    assert not any(param.arg.lines for param in command.options.values())
    assert not (command.rest and command.rest.arg.lines and command.options)


@each_command
def test_actions_say_what_they_take(command: Command) -> None:
    """Each action has a help line, takes options that the command has, and gives no two things one name."""
    for action in command.actions:
        assert NAME.fullmatch(action.name)
        assert len(action.help) <= WORDS
        assert action.help.endswith(".")
        taken = [*(each.name for each in action.wants), *action.needs, *action.options]
        assert len(set(taken)) == len(taken), action.name
        assert all(PARAMETER.fullmatch(name) for name in taken)
        assert {*action.needs, *action.options} <= command.options.keys()
        assert all(0 < len(each.help) <= WORDS for each in action.wants)
    if command.actions:
        taken = {name for action in command.actions for name in (*action.needs, *action.options)}
        assert command.options.keys() == taken, "an option that no action takes"


@each_command
def test_defaults_are_right_values(command: Command) -> None:
    """A default is what the parameter itself would accept."""
    for param in command.params:
        if not param.required and param.default not in (None, ""):
            assert param.value("yes" if param.default is True else str(param.default)) == param.default, param.name


@each_command
def test_there_are_examples(command: Command) -> None:
    """Each command has examples, none twice, that call it by its name (test_examples.py runs them)."""
    assert command.examples
    assert len(set(command.examples)) == len(command.examples)
    assert all(line.split()[0] == command.name for line in command.examples)


@each_command
def test_the_examples_show_every_parameter(command: Command) -> None:
    """A required parameter stands in every example, an optional one is at least on the help page's usage line."""
    usage = command.usage("!")
    for param in command.params:
        assert param.name in usage
        if param.required and not param.rest:
            assert all(f"{param.name}=" in line for line in command.examples), param.name

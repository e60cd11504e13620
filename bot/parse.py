"""A line of text, or a form filled in → a call.

The grammar: `!word rest of the line name=value`. The rest fills the one text parameter (a last number is never
taken for a count, for titles end in numbers), every other parameter is `name=value`, a flag is its bare name.
A value of text runs to the next option or stands in quotes; a value of any other kind is one word. The text
parameter may be named, too: `!pixels image=A` is `!pixels A`.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.command import Command, Param, Registry
from bot.errors import UserError
from bot.pasted import continued
from bot.spoken import spoken
from bot.values import Asked, clean, code

MAX_TEXT = 20_000  # a longer post is read up to here: nobody types a command that far down
MAX_LINE = 1_000  # the longest useful line is a 7×7 kernel, about 400 characters

_STRAIGHT = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "−": "-", "\u00a0": " "}
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A command with its arguments read."""

    command: Command
    arguments: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A word after the prefix that is no command of ours; `near` is the one that was probably meant."""

    word: str
    near: str | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A command's word and the rest of its line, not yet read."""

    word: str
    rest: str


def parse(text: str, registry: Registry, prefix: str) -> Call | Unknown | None:
    """Read the first command in a post, wherever it stands; None where there is none.

    A word of ours beats an unknown one on an earlier line. UserError when the command's parameters are wrong.
    """
    unknown: Unknown | None = None
    for line in lines(text, prefix):
        command = registry.get(line.word)
        if command is not None:
            return Call(command=command, arguments=bind(command, line.rest, prefix))
        unknown = unknown or Unknown(word=line.word, near=registry.near(line.word))
    return unknown


def lines(text: str, prefix: str) -> Iterator[Line]:
    """The lines of a post that begin with the prefix and a word, outside quotes, code and comments."""
    start = re.compile(re.escape(prefix) + r"([^\W\d_][\w-]{0,31})(?=\s|$)(.*)", re.S)
    post = clean(text[:MAX_TEXT])
    below = post.translate(_STRAIGHT).split("\n")
    for number, said in enumerate(spoken(post), start=1):
        found = start.match(said.translate(_STRAIGHT).strip())
        if found:
            yield Line(word=found[1].casefold(), rest=continued(found[2].strip(), below[number:]))


def bind(command: Command, rest: str, prefix: str) -> dict[str, Any]:
    """The arguments of a command from the rest of its line; UserError carries the usage line."""
    with _usage(command, prefix):
        _short_enough(rest)
        return _arguments(command, rest)


def called(asked: Asked, registry: Registry, prefix: str) -> Call | Unknown:
    """The call that a filled-in form stands for: its values are read as those of a line are, with the same errors.

    A blank value is one that was left out.
    """
    command = registry.get(asked.command)
    if command is None:
        return Unknown(word=asked.command, near=registry.near(asked.command))
    with _usage(command, prefix):
        given = {
            name: _unquoted(" ".join(clean(text).translate(_STRAIGHT).split()))
            for name, text in asked.values.items()
        }
        _short_enough(" ".join(given.values()))
        params = {param.name: param for param in command.params}
        for name in given.keys() - params.keys():
            raise _no_option(command, name)
        read = {name: params[name].value(text) for name, text in given.items() if text}
        return Call(command=command, arguments=_complete(command, read))


def _no_option(command: Command, name: str) -> UserError:
    known = ", ".join(f"`{each}`" for each in command.options) or "none"
    return UserError(f"There is no option {code(name[:40])} here. The options: {known}.")


def _complete(command: Command, found: Mapping[str, Any]) -> dict[str, Any]:
    """The values that were given, and the defaults of the others."""
    for param in command.params:
        if param.required and param.name not in found:
            raise UserError(f"I need a `{param.name}`: {param.arg.help}.")
    return {param.name: param.default for param in command.params} | dict(found)


@contextmanager
def _usage(command: Command, prefix: str) -> Generator[None]:
    """What goes wrong in here is told with the command's usage line."""
    try:
        yield
    except UserError as problem:
        usage = f"{problem.text}\nUsage: {code(command.usage(prefix))}"
        raise UserError(usage, problem.choices) from problem


def _short_enough(rest: str) -> None:
    if len(rest) > MAX_LINE:
        raise UserError(f"That line has {len(rest):,} characters; a command has at most {MAX_LINE:,}.")


def _unquoted(text: str) -> str:
    """The text without the quotes around all of it."""
    quoted = len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]
    return text[1:-1] if quoted else text


def _arguments(command: Command, rest: str) -> dict[str, Any]:
    text, found = _split(command, rest)
    if command.rest is None:
        if text:
            raise UserError(f"I don't know what to do with {code(text[:60])}.")
    elif text:
        if command.rest.name in found:
            raise UserError(f"`{command.rest.name}` is given twice.")
        found[command.rest.name] = command.rest.value(text)
    return _complete(command, found)


def _split(command: Command, rest: str) -> tuple[str, dict[str, Any]]:
    """The text of the line, and the values of the options in it."""
    found: dict[str, Any] = {}
    options = command.spellings | ({command.rest.name: command.rest} if command.rest else {})
    rest, aside = _joint(command, rest)
    own = command.joined.arg.own if command.joined else ()
    marks = [mark for mark in _OPTION.finditer(rest) if mark.start() < aside or _name(mark, options) not in own]
    if not command.options:  # then all of it is text, which may hold any sign: only a name in front is one
        marks = [mark for mark in marks[:1] if mark.start() == 0 and mark[1].casefold() in options]
    starts = [*(mark.start() for mark in marks), len(rest)]
    text = [rest[: starts[0]]]
    for mark, end in zip(marks, starts[1:], strict=True):
        name, value = mark[1].casefold(), rest[mark.end() : end].strip()
        param = options.get(name)
        if param is None:
            raise _no_option(command, name)
        if param.name in found:
            raise UserError(f"`{param.name}` is given twice.")
        value, over = _value(param, value)
        found[param.name] = param.value(value)
        text.append(over)
    flags = [param for param in command.params if param.flag]
    words = _WORD.findall(" ".join(text))
    first = next((place for place, word in enumerate(words) if place and _joins(command, word)), len(words))
    for param in flags:
        end = first if param.name in own else len(words)
        named = next((word for word in words[:end] if word in {param.name, *param.arg.also}), None)
        if param.name not in found and named is not None:
            first -= words.index(named) < first
            words.remove(named)
            found[param.name] = True
    return _unquoted(" ".join(words)), found


def _joint(command: Command, rest: str) -> tuple[str, int]:
    """The line with `vs` in place of `compare=`, and where that stands: from there on its own options are text."""
    if command.joined is None:
        return rest, len(rest)
    for mark in reversed(list(_OPTION.finditer(rest))):
        if mark[1].casefold() == command.joined.name:
            second = " ".join(_value(command.joined, rest[mark.end() :]))
            rest = f"{rest[: mark.start()]} {command.joined.arg.joint} {second}"
    words = (word for word in _WORD.finditer(rest) if word.start() and _joins(command, word[0]))
    return rest, next((word.start() for word in words), len(rest))


def _joins(command: Command, word: str) -> bool:
    return command.joined is not None and word.casefold().removesuffix(".") == command.joined.arg.joint


def _name(mark: re.Match[str], options: Mapping[str, Param]) -> str:
    """The option that is meant."""
    param = options.get(mark[1].casefold())
    return param.name if param else ""


# An option outside quotes: the alternative before it steps over a quoted stretch.
_OPTION = re.compile(r'(?:(?<=\s)|^)([A-Za-z][A-Za-z_]*)\s?=(?![=>])\s*(?=(?:[^"]*"[^"]*")*[^"]*$)')
_WORD = re.compile(r'"[^"]*"|\S+')


def _value(param: Param, text: str) -> tuple[str, str]:
    """The option's value, and what of the text is left over for the rest of the line."""
    if text.startswith('"') and '"' in text[1:]:
        value, _, over = text[1:].partition('"')
        return value, over
    if param.kind is str and not param.choices and param.arg.read is None:
        return text, ""
    value, _, over = text.partition(" ")
    return value, over


__all__ = ["Call", "Line", "Unknown", "bind", "called", "lines", "parse"]

"""A command that came as a filled-in form, as the line that somebody would have typed."""

import re

from bot.command import Command
from bot.values import Asked, clean

_QUOTES = '"“”„«»'  # which a line reads as the first of them
_OPTION = re.compile(r"(?:^|\s)[A-Za-z][A-Za-z_]*\s?=")
_WORD = re.compile(r'"[^"]*"|\S+')


def line(asked: Asked, command: Command, prefix: str) -> str:
    """The same as a line of text: `!session move 9 Dec to=10 Dec 19:00`.

    What the grammar would read otherwise stands in quotes; quotes inside of those are single ones.
    """
    given = {name: said for name, text in asked.values.items() if (said := _flat(text))}
    words = [prefix + command.name]
    rest = given.pop(command.rest.name, "") if command.rest else ""
    if rest:
        flags = {param.name for param in command.params if param.flag}
        joint = {command.joined.arg.joint} if command.joined else set[str]()  # what follows one belongs to it
        words.append(_quoted(rest) if _misread(rest) or (flags | joint) & set(rest.split()) else rest)
    last = command.joined.name if command.joined else ""
    for name, text in sorted(given.items(), key=lambda each: each[0] == last):
        param = command.options.get(name)
        runs_on = param is not None and param.kind is str and not param.choices and param.arg.read is None
        plain = (runs_on or " " not in text) and not _misread(text) and text[0] not in '"=>'
        words.append(f"{name}={text if plain else _quoted(text)}")
    return " ".join(words)


def _flat(text: str) -> str:
    said = re.sub(f"[{_QUOTES}]", '"', " ".join(clean(text).split()))
    quoted = len(said) > 1 and said[0] == said[-1] == '"' and '"' not in said[1:-1]
    return said[1:-1] if quoted else said


def _misread(text: str) -> bool:
    """Whether a line would take something in the text for an option, or for one with quotes."""
    return bool(_OPTION.search(text)) or text.count('"') % 2 == 1 or " ".join(_WORD.findall(text)) != text


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(39))}"'

"""What a post says to the bot: lines that begin with its name are commands, wherever it is really spoken to."""

import re

from bot.spoken import prose, spoken
from bot.values import clean


def as_commands(raw: str, *, username: str, prefix: str) -> str:
    """The text with `@bot similar Terminator` as `!similar Terminator`.

    A mere `@bot` asks for help, unless the post holds a command: then it only says whose.
    """
    text = clean(raw)
    call = re.compile(rf" {{0,3}}@{re.escape(username)}\b(?![-.]\w)[,:.!?]?[ \t]*(.*)", re.I)
    lines, own = text.split("\n"), spoken(text)
    calls = {number: call.fullmatch(lines[number]) for number, said in enumerate(own) if call.match(said)}
    asked = {number: found[1].strip() for number, found in calls.items() if found}
    commanded = any(asked.values()) or any(said.lstrip().startswith(prefix) for said in own)
    for number, said in asked.items():
        if said or not commanded:
            lines[number] = said if said.startswith(prefix) else f"{prefix}{said or 'help'}"
    return "\n".join(lines)


def mentioned(raw: str, username: str) -> bool:
    """Whether the post speaks of the bot by name, outside of quotes and code."""
    name = re.compile(rf"(?<![\w@])@{re.escape(username)}\b(?![-.]\w)", re.I)
    return any(name.search(prose(said)) for said in spoken(clean(raw)))

"""What a post says to the bot: lines that begin with its name are commands, wherever it is really spoken to."""

import re

_QUOTE = re.compile(r"\[quote\b[^\]]*\]|\[/quote\]", re.I)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def as_commands(raw: str, *, username: str, prefix: str) -> str:
    """The text with `@bot similar Terminator` as `!similar Terminator`, and a mere `@bot` as `!help`.

    What looks like a command in somebody else's words is marked as quoted: quotes stand in one another here.
    """
    call = re.compile(rf"\s{{0,3}}@{re.escape(username)}\b(?![-.]\w)[,:]?[ \t]*(.*)", re.I)

    def command(line: str, *, spoken: bool) -> str:
        if not spoken:
            return f"> {line}" if line.strip().startswith(prefix) else line
        found = call.fullmatch(line)
        if found is None:
            return line
        said = found[1].strip()
        return said if said.startswith(prefix) else f"{prefix}{said or 'help'}"

    return "\n".join(command(line, spoken=spoken) for line, spoken in _lines(raw))


def mentioned(raw: str, username: str) -> bool:
    """Whether the post speaks of the bot by name, outside of quotes and code."""
    name = re.compile(rf"(?<![\w@])@{re.escape(username)}\b(?![-.]\w)", re.I)
    text = _COMMENT.sub("", raw)
    return any(spoken and name.search(_CODE.sub("", line)) for line, spoken in _lines(text))


def _lines(raw: str) -> list[tuple[str, bool]]:
    """The lines of a post, and whether each is its author's own words: no quote, and no code."""
    lines: list[tuple[str, bool]] = []
    fence, depth = "", 0
    for line in raw.split("\n"):
        mark = _FENCE.match(line)
        own = not fence and not depth and not mark and not line.startswith((">", "    ", "\t"))
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        elif not fence:
            for quote in _QUOTE.findall(line):
                own = False
                depth = max(0, depth + (-1 if quote.startswith("[/") else 1))
        lines.append((line, own))
    return lines

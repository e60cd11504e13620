"""What Discord's client makes of a message: its own rules in their order, for the tests of what we write there.

They are those of its Markdown as far as they matter here: the first rule that fits where the reader stands wins,
and `text` goes on to the next sign that could begin another one.
"""

import re
from dataclasses import dataclass, field

LINE_START = {"heading", "subtext", "quote", "item"}
RULES = {
    "heading": re.compile(r"#{1,3} +([^\n]+)"),
    "subtext": re.compile(r"-# +([^\n]+)"),
    "quote": re.compile(r" *>>> +([\s\S]+)| *> +([^\n]*)"),
    "item": re.compile(r" *(?:[*+-]|\d{1,9}\.) +(?=\S)"),
    "block": re.compile(r"```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n][\s\S]*?)\n*```", re.I),
    "escape": re.compile(r"\\([^0-9A-Za-z\s])"),
    "address": re.compile(r"<(https?://[^\s>]+)>"),
    "preview": re.compile(r"(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]"),
    "link": re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\(<([^\s<>]*)>\)"),
    "link with preview": re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\((https?://(?:\\.|[^\s\\<>])*?)\)"),
    "strong": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__([\s\S]+?)__(?!_)"),
    "emphasis": re.compile(
        r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
        r"|\b_((?:__|\\[\s\S]|[^\\_])+?)_\b"
    ),
    "strike": re.compile(r"~~([\s\S]+?)~~(?!_)"),
    "spoiler": re.compile(r"\|\|([\s\S]+?)\|\|"),
    "code": re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"),
    "mention": re.compile(r"<(?:@[!&]?|#)\d+>|@everyone|@here|<id:\w+(?::\w+)?>|</[^:>\n]+:\d+>"),
    "moment": re.compile(r"<t:(-?\d{1,17}(?::[tTdDfFR])?)>"),
    "emoji": re.compile(r"<a?:\w+:\d+>|:[^\s:\\]+(?:::skin-tone-\d)?:"),
}
INNER = {"heading", "subtext", "quote", "strong", "underline", "emphasis", "strike", "spoiler", "link"}
TEXT = re.compile(r"[\s\S]+?(?=[^0-9A-Za-z\s\u00c0-\uffff]|\n|\w+:\S|$)")
INVITATION = re.compile(r"discord(?:app)?\.(?:gg|com/invite|gift|new)/\w", re.I)


@dataclass
class Message:
    """What is seen of it, and what was made of it, in order."""

    seen: str = ""
    made: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    @property
    def kinds(self) -> set[str]:
        """The kinds of what was made."""
        return {kind for kind, _ in self.made}


def read(raw: str) -> Message:
    """Read a message."""
    message = Message()
    _read(raw, message)
    bare = "".join(_bare(raw))
    message.made += [("invitation", found[0]) for found in INVITATION.finditer(bare)]
    return message


def _bare(raw: str) -> list[str]:
    """What is outside of code and of addresses in angle brackets."""
    return re.split(r"```[\s\S]*?```|(?<!\\)`[^`\n]*`|<https?://[^\s>]+>", raw)


def _read(raw: str, message: Message) -> None:
    at = 0
    while at < len(raw):
        start = at == 0 or raw[at - 1] == "\n" or message.made[-1:] == [("item", raw[:at].rpartition("\n")[2])]
        for kind, rule in RULES.items():
            if kind in LINE_START and not start:
                continue
            if found := rule.match(raw, at):
                _make(kind, found, message)
                break
        else:
            found = TEXT.match(raw, at) or re.compile(r"[\s\S]").match(raw, at)
            assert found
            message.seen += found[0]
        at = found.end()


def _make(kind: str, found: re.Match[str], message: Message) -> None:
    groups = [each for each in found.groups() if each is not None]
    if kind == "escape":
        message.seen += groups[0]
        return
    message.made.append((kind, groups[-1] if groups else found[0]))
    if kind in INNER:
        _read(groups[0], message)
    else:
        message.seen += groups[-1] if kind in ("block", "code") else found[0]

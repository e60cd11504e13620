"""What a forum makes of a text: a strict stand-in for its rules.

They work in two places. Markdown, BBCode and HTML are read where they are written, and a backslash hides a sign
from them. Mentions, hashtags, emoji, dates and addresses are looked for in each run of plain text that is left,
where backslashes are gone. Here every name is somebody's and every word an emoji's.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

_COOK = MarkdownIt("default", {"html": True, "linkify": True, "breaks": True}).disable("text_join")

Rules = tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]

_SHORTCUTS = r"[:;]-?[)PDO(p|/$]|:'-?\(|:-'\(|8-\)|\^__?\^"
_WRITTEN = {
    "bbcode": re.compile(r"\[/?[-\w][^\[\]]*\]"),
    "checkbox": re.compile(r"\[[ xX*_-]?\]"),
    "footnote": re.compile(r"\^\["),
    "mathematics": re.compile(r"\$"),
}
_FOUND = {
    "mention": re.compile(r"@\w"),
    "hashtag": re.compile(r"#[\w:-]"),
    "emoji": re.compile(r":[\w+-]+:"),
    "shortcut": re.compile(rf"(?<!\w)(?:{_SHORTCUTS})(?=\s|\Z)"),
    "date": re.compile(r"\[[-\w]+[ =][^\]]*\]"),
    "checkbox": re.compile(r"\[[ xX*_-]?\]"),
}
_TEXT: Rules = (_FOUND, _WRITTEN)
_LINK: Rules = ({"attachment": re.compile(r"\|(?:attachment|[\w:.-]+=)")}, {})
_MARKER = re.compile(r"<!-- sg:\S+ -->\s*")


@dataclass
class Cooked:
    """What a reader gets: `made` of the words, the `shape` of the page, and the `words` themselves."""

    made: list[str] = field(default_factory=list[str])
    shape: list[str] = field(default_factory=list[str])
    words: str = ""


def cook(raw: str) -> Cooked:
    """Everything that the forum sees in a text; a marker of ours at the end is nothing."""
    page = Cooked()
    for token in _COOK.parse(raw):
        if token.type == "inline":
            _inline(token.children or [], page)
        elif token.type == "html_block" and _MARKER.fullmatch(token.content):
            continue
        else:
            page.shape.append(f"{token.type} {token.tag}")
            if token.type == "html_block":
                page.made.append(f"html {token.content}")
            page.words += f"\n{token.content}"
    page.words = re.sub(r"\s+", " ", page.words.replace("\u200b", "")).strip()
    return page


def _inline(children: Iterable[Token], page: Cooked) -> None:
    found = written = ""
    inside = 0  # of a link, where only attachments are looked for
    for child in children:
        if child.type in ("text", "text_special"):
            page.words += child.content
            found += child.content
            written += child.content if child.type == "text" else "\0"
            continue
        _look(found, written, page, _LINK if inside else _TEXT)
        found = written = ""
        page.shape.append(child.type)
        inside += child.nesting if child.type.startswith("link_") else 0
        match child.type:
            case "link_open":
                page.made.append(f"link {child.attrs['href']}")
            case "image":
                page.made.append(f"image {child.attrs['src']}")
            case "html_inline":
                page.made.append(f"html {child.content}")
            case "code_inline":
                page.words += child.content
            case "softbreak" | "hardbreak":
                page.words += "\n"
            case _:
                pass
    _look(found, written, page, _TEXT)


def _look(found: str, written: str, page: Cooked, rules: Rules) -> None:
    """Look through one run of text, as it is found and as it was written."""
    for text, those in zip((found, written), rules, strict=True):
        for name, rule in those.items():
            page.made.extend(f"{name} {each[0]}" for each in rule.finditer(text))

"""What the forum reads in a text: its length, its mentions and quotes, its HTML; and how it tidies titles."""

import re

from markdown_it import MarkdownIt

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
EMOJI = re.compile(r":[\w+-]+:")
QUOTE = re.compile(
    r"\[quote=\"(?P<name>[^,\"\]]+)(?:,\s*post:(?P<post>\d+))?(?:,\s*topic:(?P<topic>\d+))?[^\]]*\]"
)
QUOTED = re.compile(r"\[quote[^\]]*\].*?\[/quote\]", re.DOTALL)
CODE = re.compile(r"^(```|~~~).*?^\1[ \t]*$|`+[^`]+`+", re.DOTALL | re.MULTILINE)
MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9_](?:[\w.-]*\w)?)")
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"https?://\S+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def length(raw: str) -> int:
    """How long a text counts: comments, outer whitespace and padding don't."""
    bare = EMOJI.sub("x", COMMENT.sub("", raw).strip())
    return len(re.sub(r"\.{2,}|,{2,}", ".", bare))


def shouts(text: str) -> bool:
    """Whether every letter is a capital."""
    return text == text.upper() and text != text.lower()


def spoken(raw: str) -> str:
    """The text without quotes, code and comments: what its author says themselves."""
    return COMMENT.sub("", CODE.sub("", QUOTED.sub("", raw)))


def mentions(raw: str) -> list[str]:
    """The names that are called, in small letters, each once."""
    return list(dict.fromkeys(name.lower() for name in MENTION.findall(spoken(raw))))


def quoted(raw: str) -> list[str]:
    """The names of those who are quoted."""
    return list(dict.fromkeys(found["name"].strip().lower() for found in QUOTE.finditer(raw)))


def cooked(raw: str) -> str:
    """The text as HTML, nearly: commands, tables and images come out, the forum's own tags stay as text."""
    return _MARKDOWN.render(COMMENT.sub("", raw)).strip()


def slug(title: str) -> str:
    """The title as it stands in addresses."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "topic"


def tidy(title: str, *, prettify: bool) -> str:
    """The title as the forum will keep it."""
    title = " ".join(title.split())
    if not prettify:
        return title
    title = re.sub(r"!{2,}", "!", re.sub(r"\?{2,}", "?", title)).rstrip(".")
    if shouts(title):
        title = title.lower()
    return re.sub(r"\A[a-z]+\b", lambda word: word[0].capitalize(), title)

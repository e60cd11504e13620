"""CommonMark → safe HTML, and → plain words.

Two walls stand between what somebody typed and a page: markdown-it makes no HTML of HTML, and nh3 lets through
only the tags listed here. Pictures in the text are not drawn: a picture from elsewhere tells that place who reads.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from textwrap import indent

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from bot.render.splitting import split

MAX_MARKDOWN = 10_000  # a longer text is read in parts: 10,000 times "[" takes 0.3 s, and twice as many 1 s

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable("image")
_BLOCKS = {"p", "pre", "blockquote", "ul", "ol", "li", "hr", "h3", "h4", "h5", "h6"}
_INLINE = {"a", "br", "code", "em", "strong", "time"}
# Where `bot.values.moment` leads: the page's script shows it by the reader's own clock.
_TIME = re.compile(r"time:(\d{4}-\d\d-\d\dT\d\d:\d\dZ)")
_cleaner = nh3.Cleaner(
    tags=_BLOCKS | _INLINE,
    attributes={"a": {"href", "title"}, "ol": {"start"}, "time": {"datetime"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener nofollow",
)


@lru_cache(maxsize=256)
def html(text: str) -> str:
    """Safe HTML of a text; a line break in it is a line break on the page, as on the forum."""
    return "".join(_safe(part) for part in split(text, MAX_MARKDOWN))


def tree(text: str) -> SyntaxTreeNode:
    """A text as CommonMark understands it; not longer than MAX_MARKDOWN."""
    return SyntaxTreeNode(_markdown.parse(text))


def moment_in(target: str) -> datetime | None:
    """The instant that a link of `bot.values.moment` leads to; None for any other link."""
    found = _TIME.fullmatch(target)
    try:
        return found and datetime.strptime(found[1], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:  # digits that are no date
        return None


def words(text: str) -> str:
    """The text without its markup: emphasis loses its stars, code keeps its ticks, links show where they lead."""
    return "\n\n".join(_blocks(tree(part).children) for part in split(text, MAX_MARKDOWN))


def _safe(text: str) -> str:
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = (
                f"h{min(6, int(token.tag[1]) + 2)}"  # the page's own title is the h1, a post's author the h2
            )
        _tell_time(token.children or [])
    return _cleaner.clean(_markdown.renderer.render(tokens, _markdown.options, {}))


def _tell_time(tokens: Iterable[Token]) -> None:
    """Make a `<time>` of each moment, which is a link until then; links do not hold links."""
    told = False
    for token in tokens:
        if token.type == "link_open" and (found := _TIME.fullmatch(str(token.attrs["href"]))):
            token.tag, token.attrs, told = "time", {"datetime": found[1]}, True
        elif token.type == "link_close" and told:
            token.tag, told = "time", False


def _blocks(nodes: Iterable[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "fence" | "code_block":
            return node.content.rstrip("\n")
        case "bullet_list" | "ordered_list":
            first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            return "\n".join(
                _item(f"{first + number}. " if first is not None else "- ", each)
                for number, each in enumerate(node.children)
            )
        case "blockquote":
            return indent(_blocks(node.children), "> ", lambda _line: True)
        case "hr":
            return "---"
        case _:
            return _inline(node)


def _item(mark: str, node: SyntaxTreeNode) -> str:
    return mark + indent(_blocks(node.children, "\n"), " " * len(mark)).lstrip()


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "code_inline":
            return f"`{node.content}`"
        case "link":
            said, target = _inside(node), str(node.attrs["href"])
            return said if said == target or _TIME.fullmatch(target) else f"{said} ({target})"
        case _:
            return _inside(node) if node.children else node.content if node.type == "text" else ""


def _inside(node: SyntaxTreeNode) -> str:
    return "".join(_inline(child) for child in node.children)

"""CommonMark → safe HTML, and → plain words.

Two walls stand between what somebody typed and a page: markdown-it makes no HTML of HTML, and nh3 lets through
only the tags listed here. Pictures in the text are not drawn: a picture from elsewhere tells that place who reads.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from bot.render.splitting import split
from bot.render.walking import Plain

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
    return "\n\n".join(_Words().blocks(tree(part).children) for part in split(text, MAX_MARKDOWN))


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


class _Words(Plain):
    def link(self, said: str, target: str, plain: str) -> str:
        return said if _TIME.fullmatch(target) else super().link(said, target, plain)

"""A Reply as Discourse Markdown.

The forum reads much more into a text than CommonMark does: mentions, hashtags, emoji, bare addresses, BBCode. So a
reply's text is parsed as CommonMark and written anew, with everything in it that is plain text made plain for
good; only what we mean as markup is markup. A backslash is enough for what is read where it is written; what the
forum looks for in the words that are left takes a space without width.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.render.markdown import moment_in, tree
from bot.render.markers import marker
from bot.render.splitting import split
from bot.render.tables import aligned, shown
from bot.render.walking import Plain
from bot.values import Choice, Reply, Table, TextFile, clean, code

ZERO = "\u200b"
"""A space without width: what it stands in is no longer the word that the forum looks for."""
MOST = 20_000
"""Characters that are parsed at once: a platform's longest reply; what people typed in it is escaped."""
MOST_ROWS = 15
"""A longer table is folded away."""
LONGEST_QUOTE = 300
"""Characters of the line that is answered."""
LONGEST_BLOCK = 50_000
"""Characters of a file that stands in the posts, for the forum takes none: two posts of them."""
PAD = "_That is the whole answer._"

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~$&]")
_WORDLIKE = re.compile(
    r"(?<=[@#])(?=\S)"  # mentions, hashtags
    r"|(?<=\[)(?=[\S ])"  # dates, boxes to tick
    r"|(?<=[:;])(?=[^\s\d\u200b]|\d[\w+-]*:)"  # emoji, their shortcuts, https://, but not 18:30
    r"|(?<=8-)(?=\))|(?<=\^)(?=_)"  # shortcuts without a colon
    r"|(?<=\S[.])(?=[^\W\d])"  # bare domains
    r"|(?<=/)(?=/)"  # addresses without a scheme
    r"|(?<=\|)(?=\S)"  # what a link's words say of an attachment
)
_RULE = re.compile(r"(?m)^(\s*)([-+=])")
_ITEM = re.compile(r"(?m)^(\s*\d+)([.)])(?=\s|$)")
_COMMENT = re.compile(r"<!--.*?-->", re.S)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as the forum knows it; without an address its message stands in its place."""

    address: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Quote:
    """The line that is answered, and where it stands: post by its number in the topic."""

    username: str
    post: int
    topic: int
    line: str


@dataclass(frozen=True, kw_only=True)
class Poll:
    """The choices as a poll of that name, open until then."""

    name: str
    until: datetime


def discourse(
    reply: Reply,
    *,
    key: str,
    pictures: Sequence[Picture] = (),
    file: str = "",
    quote: Quote | None = None,
    poll: Poll | None = None,
    polls: bool = True,
    least: int = 20,
    limit: int = 32_000,
) -> list[str]:
    """The posts to write, usually one; each ends with the marker of its key, the second's being `key#2`.

    `polls`: whether the forum has them. `file`: the address of the reply's file there.
    """
    room = limit - 200  # for a marker, and the blank line before it
    blocks = [
        *([_quoted(quote)] if quote else []),
        *split(markdown(reply.text), room),
        *(_tables(reply.table, room) if reply.table else []),
        *(_file(reply.file, file, room) if reply.file else []),
        *map(_picture, pictures),
        *([_choices(reply.choices, poll)] if reply.choices else []),
        *([_ticked(reply.poll)] if reply.poll and polls else []),
    ]
    parts = [""]
    for block in blocks:
        if parts[-1] and len(parts[-1]) + 2 + len(block) > room:
            parts.append("")
        parts[-1] = f"{parts[-1]}\n\n{block}" if parts[-1] else block
    return [
        f"{_padded(part, least)}\n\n{marker(key if number == 1 else f'{key}#{number}')}"
        for number, part in enumerate(parts, 1)
    ]


def markdown(text: str) -> str:
    """A reply's CommonMark, as the forum's Markdown."""
    return "\n\n".join(_Forum().blocks(tree(part).children) for part in split(text, MOST))


def plainly(text: str) -> str:
    """Plain text that stays plain: nothing in it is markup, a mention, an address or an emoji to the forum."""
    plain = _SPECIAL.sub(r"\\\g<0>", _WORDLIKE.sub(ZERO, text))
    return _ITEM.sub(r"\1\\\2", _RULE.sub(r"\1\\\2", plain))


def spoiler(text: str) -> str:
    """Markdown of ours, hidden until the reader asks for it."""
    closed = re.sub(r"(?i)\[(?=/?spoiler)", f"[{ZERO}", text)  # even in code a line could end it
    return f"[spoiler]\n{closed}\n[/spoiler]"


def _padded(text: str, least: int) -> str:
    """The text, with a line more where the forum would call it too short."""
    while _length(text) < least:
        text = f"{text}\n\n{PAD}".strip()
    return text


def _length(text: str) -> int:
    """Characters as the forum counts them: an emoji is one, and so is a run of dots or commas."""
    return len(re.sub(r":\w+(:\w+)?:|\.+|,+", "x", _COMMENT.sub("", text)).strip())


def _quoted(quote: Quote) -> str:
    name = re.sub(r"[^\w.-]", "", quote.username)
    line = quote.line if len(quote.line) <= LONGEST_QUOTE else f"{quote.line[:LONGEST_QUOTE]}…"
    return f'[quote="{name}, post:{quote.post}, topic:{quote.topic}"]\n{code(line)}\n[/quote]'


def _tables(table: Table, room: int) -> list[str]:
    """The table, in as many as there is room for in a post each; their heads are the same."""
    head = _row(_cell(name) or " " for name in table.columns)
    rule = _row("--:" if right else ":--" for right in aligned(table))
    rows = [_row(map(_cell, row)) for row in shown(table)]
    parts: list[list[str]] = [[]]
    left = whole = room - len(head) - len(rule) - 100
    for row in rows:
        if parts[-1] and len(row) + 1 > left:
            parts.append([])
            left = whole
        parts[-1].append(row)
        left -= len(row) + 1
    texts = ["\n".join((head, rule, *part)) for part in parts]
    if len(rows) <= MOST_ROWS:
        return texts
    counts = [f"{len(part)} rows" if len(parts) == 1 else f"{len(part)} of {len(rows)} rows" for part in parts]
    return [f'[details="{count}"]\n\n{text}\n\n[/details]' for count, text in zip(counts, texts, strict=True)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return plainly(" ".join(clean(text).split()))


def _picture(picture: Picture) -> str:
    alt = " ".join(re.sub(r"[\[\]|<>\\`]", " ", clean(picture.alt)).split())
    if not picture.address:
        return f"*{plainly(alt)}*"
    return f"![{_WORDLIKE.sub(ZERO, alt)}|{picture.width}x{picture.height}]({picture.address})"


def _file(file: TextFile, address: str, room: int) -> list[str]:
    if address:
        return [f"[{file.name}|attachment]({address})"]
    return list(split(markdown(file.block(LONGEST_BLOCK)), room))


def _choices(choices: Sequence[Choice], poll: Poll | None) -> str:
    if poll is None:
        # No list: right below another one it would be its end.
        return "\n".join(f"→ {code(each.command)}{_label(each)}" for each in choices)
    kind = f"type=multiple min=1 max={len(choices)}" if len(choices) > 1 else "type=regular"
    until = f"{poll.until.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    labels = [_cell(each.label) for each in choices]
    if len(set(labels)) < len(labels):  # which the forum would refuse
        labels = [f"{label} ({number})" for number, label in enumerate(labels, 1)]
    items = "\n".join(f"* {label}" for label in labels)
    return (
        f"[poll name={poll.name} {kind} results=always public=true chartType=bar close={until}]\n{items}\n[/poll]"
    )


def _ticked(answers: Sequence[str]) -> str:
    """A poll that shows what others ticked to who ticked something; nobody is named."""
    items = "\n".join(f"* {_cell(each)}" for each in answers)
    return f"[poll name=known type=regular results=on_vote public=false chartType=bar]\n{items}\n[/poll]"


def _label(choice: Choice) -> str:
    return "" if choice.label in choice.command else f" — {_cell(choice.label)}"


class _Forum(Plain):
    def code(self, text: str) -> str:
        marks = "`" * max(3, _longest_ticks(text) + 1)
        return f"{marks}text\n{text}\n{marks}"

    def heading(self, level: int, text: str) -> str:
        return f"{'#' * level} {text}"

    def strong(self, text: str) -> str:
        return f"**{text}**"

    def emphasis(self, text: str) -> str:
        return f"*{text}*"

    def span(self, text: str) -> str:
        ticks = "`" * (_longest_ticks(text) + 1)
        pad = " " if text.startswith("`") or text.endswith("`") else ""
        return f"{ticks}{pad}{text}{pad}{ticks}"

    def text(self, text: str) -> str:
        return plainly(text)

    def link(self, said: str, target: str, plain: str) -> str:
        when = moment_in(target)
        if when is not None:
            # The zone stands in brackets at the end of what `bot.values.moment` says.
            zone = re.search(r"\(([\w/+-]+)\)\s*$", plain)
            return _date(when, zone[1] if zone else "Etc/UTC")
        if not target.startswith(("http://", "https://", "mailto:")):
            return said
        return f"<{target}>" if plain == target else f"[{said}](<{target}>)"


def _date(when: datetime, zone: str) -> str:
    """A moment that the forum shows by each reader's clock; what it does not know as a zone, it reads as UTC."""
    try:
        local = when.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError):
        local, zone = when.astimezone(UTC), "Etc/UTC"
    return f'[date={local:%Y-%m-%d} time={local:%H:%M:%S} timezone="{zone}"]'


def _longest_ticks(text: str) -> int:
    return max(map(len, re.findall(r"`+", text)), default=0)

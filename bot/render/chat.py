"""A Reply as Discord Markdown.

A reply's text is parsed as CommonMark and written anew in the Markdown that Discord reads, which is another one:
everything in it that is plain text is made plain for good. Tables are made for a phone; links bring no preview.
"""

import re
from collections.abc import Iterable
from textwrap import indent

from markdown_it.tree import SyntaxTreeNode

from bot.render.markdown import moment_in, tree
from bot.render.narrow import narrow
from bot.render.splitting import split
from bot.render.walking import Plain
from bot.values import Choice, Reply, clean, code

ZERO = "\u200b"
"""A space without width: what it stands in is no longer the word that Discord looks for."""
MOST = 10_000
"""Characters that are parsed at once."""
DEEPEST = 3
"""Level of the smallest heading."""
LONGEST_PRESS = 100
"""Characters of what a button remembers: two for its kind, and the command."""
LONGEST_ASK = 45
"""Characters of what a window asks for, which its button remembers too."""

_SPECIAL = re.compile(r"[\\`*_~|<>\[\]]")
_WORDLIKE = re.compile(
    r":(?=[^\s\d\\]|\d[\w+-]*:)"  # emoji, and the start of an address, but not 18:30
    r"|(?i:(?<=discord)|(?<=discordapp))\.(?=\w)"  # an invitation is looked for without its start
)
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")
_RULE = re.compile(r"(?m)^(\s*)([-+#])")
_ITEM = re.compile(r"(?m)^(\s*\d+)([.)])(?=\s|$)")
_TICKS = re.compile(r"`(?=``)|(?<=`)`(?=`)")


def discord(reply: Reply, *, limit: int = 2000) -> list[str]:
    """The messages to write, at least one: it is empty where the reply has only pictures, which are attached.

    Choices are not in it, for they are pressed, but see `copied`; a picture that was not drawn is in words.
    """
    blocks = [
        *split(chat(reply.text), limit),
        *(narrow(reply.table, limit, plainly) if reply.table else []),
        *(part for image in reply.images if not image.png for part in split(f"*{_flat(image.alt)}*", limit)),
    ]
    parts = [""]
    for block in filter(None, blocks):
        if parts[-1] and len(parts[-1]) + 2 + len(block) > limit:
            parts.append("")
        parts[-1] = f"{parts[-1]}\n\n{block}" if parts[-1] else block
    return parts


def chat(text: str) -> str:
    """A reply's CommonMark, as Discord's Markdown."""
    return "\n\n".join(_Chat().blocks(tree(part).children) for part in split(text, MOST))


def plainly(text: str) -> str:
    """Plain text that stays plain: nothing in it is markup, a mention, an address or an emoji to Discord."""
    plain = _MENTION.sub(f"@{ZERO}", _WORDLIKE.sub(r"\\\g<0>", _SPECIAL.sub(r"\\\g<0>", text)))
    return _ITEM.sub(r"\1\\\2", _RULE.sub(r"\1\\\2", plain))


def pressable(choice: Choice) -> bool:
    """Whether a button can remember what the choice stands for."""
    ask = min(len(choice.ask), LONGEST_ASK) + 1 if choice.ask else 0
    return 2 + len(choice.command) + ask <= LONGEST_PRESS


def copied(choices: Iterable[Choice]) -> str:
    """Choices that cannot be pressed, each as a line to copy; empty where there are none."""
    return "\n".join(f"→ {code(each.command)} — {_flat(each.label)}" for each in choices)


def _flat(text: str) -> str:
    return plainly(" ".join(clean(text).split()))


class _Chat(Plain):
    def code(self, text: str) -> str:
        unbroken = _TICKS.sub(f"`{ZERO}", text)
        return f"```\n{unbroken if unbroken.strip() else ' '}\n```"

    def heading(self, level: int, text: str) -> str:
        return f"{'#' * level} {text}" if level <= DEEPEST else f"**{text}**"

    def strong(self, text: str) -> str:
        return f"**{text}**"

    def emphasis(self, text: str) -> str:
        return f"*{text}*"

    def span(self, text: str) -> str:
        unbroken = re.sub("`(?=`)", f"`{ZERO}", text)
        if "`" not in unbroken:
            return f"`{unbroken}`"
        pad = " " if unbroken[0] == "`" or unbroken[-1] == "`" else ""
        return f"``{pad}{unbroken}{pad}``"

    def text(self, text: str) -> str:
        return plainly(text)

    def link(self, said: str, target: str, plain: str) -> str:
        when = moment_in(target)
        if when is not None:
            seconds = int(when.timestamp())
            return f"<t:{seconds}:F> (<t:{seconds}:R>)"
        if not re.fullmatch(r"https?://[^\s<>]+", target):
            return said
        if plain == target:
            return f"<{target}>"
        # Words that look like an address would not be a link, and could name another one.
        return f"{said} (<{target}>)" if "://" in plain else f"[{said}](<{target}>)"

    def _item(self, mark: str, node: SyntaxTreeNode) -> str:
        return mark + indent(self.blocks(node.children, "\n"), "  ").lstrip()

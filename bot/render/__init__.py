"""A Reply in the form each place shows it: plain text, safe HTML, and parts that fit a limit.

Each platform's own form is one function more.
"""

from bot.render.chat import LONGEST_ASK, discord, pressable, unpressable
from bot.render.forum import Picture, Poll, Quote, discourse, plainly, spoiler
from bot.render.markdown import html, words
from bot.render.markers import external_id, marker, marker_in
from bot.render.splitting import split
from bot.render.tables import table_html, table_text
from bot.values import Choice, Reply

__all__ = [
    "LONGEST_ASK",
    "Picture",
    "Poll",
    "Quote",
    "discord",
    "discourse",
    "external_id",
    "html",
    "marker",
    "marker_in",
    "plain",
    "plainly",
    "pressable",
    "split",
    "spoiler",
    "table_html",
    "table_text",
    "unpressable",
    "words",
]


def plain(reply: Reply) -> str:
    """The whole reply as text for a terminal: aligned table, pictures by their message, choices as lines."""
    parts = [
        words(reply.text),
        reply.file.text.rstrip("\n") if reply.file else "",
        table_text(reply.table) if reply.table else "",
        "\n".join(f"[picture: {image.alt}]" for image in reply.images),
        "\n".join(_choice(choice) for choice in reply.choices),
    ]
    return "\n\n".join(part for part in parts if part)


def _choice(choice: Choice) -> str:
    return f"- {choice.command}" + (f"  ({choice.label})" if choice.label not in choice.command else "")

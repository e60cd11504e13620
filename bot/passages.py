"""A text of several lines that follows a command, such as an answer: how far it goes on."""

import re
from collections.abc import Iterable, Sequence

_SPOILER = re.compile(r"\[spoiler\].*?\[/spoiler\]|\|\|.*?\|\|", re.I | re.S)


def passage(rows: Sequence[str], others: Iterable[int]) -> str:
    """The rest of the command's line and the lines below, as they were typed: quotes, code and all.

    It ends where the first of the other commands stands that is in no spoiler; else with the post.
    """
    whole = "\n".join(rows)
    hidden = [found.span() for found in _SPOILER.finditer(whole)]
    for other in others:
        end = len("\n".join(rows[:other]))
        if not any(begin < end < close for begin, close in hidden):
            return whole[:end].strip()
    return whole.strip()

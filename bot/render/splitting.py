"""Cutting a text where a reader would: between paragraphs, else lines, else words.

A part that ends inside a code fence closes it, and the next one opens it again.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

LEAST = 40  # room for a fence, its closing, and some words between them

# More than eight marks, or a longer word after them, would leave no room for the code itself.
_FENCE = re.compile(r" {0,3}(`{3,8}(?!`)(?=[^`]*$)|~{3,8}(?!~))(.*)$")
_LONGEST_INFO = 12
_STOP = re.compile(r"\\.|`| +", re.S)

PARAGRAPH, LINE, WORD = range(3)


class Cut(NamedTuple):
    """A place to cut: the part ends at `end`, the rest begins at `after`, inside the code of `fence` if any."""

    end: int
    after: int
    kind: int
    fence: str

    @property
    def needs(self) -> int:
        """The characters of the part, with what closes its fence."""
        return self.end + len(_closing(self.fence))


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters; no word and no line of code is lost."""
    if limit < LEAST:
        raise ValueError(f"parts of {limit} characters are too small: the least is {LEAST}")
    return list(_parts(text.strip("\n"), limit))


def _parts(rest: str, limit: int) -> Iterator[str]:
    head = fence = ""
    while rest.strip():
        room = limit - len(head)
        if len(rest) <= room:
            yield head + rest
            return
        cut = _best(rest, room, fence)
        if rest[: cut.end].strip():
            yield head + rest[: cut.end].rstrip() + _closing(cut.fence)
        fence = cut.fence
        head = f"{fence}\n" if fence else ""
        rest = rest[cut.after :] if fence else rest[cut.after :].lstrip("\n")


def _best(text: str, room: int, fence: str) -> Cut:
    """The best kind of cut in the second half of the room, else the last one there is, else a hard one."""
    cuts = [cut for cut in _cuts(text, room, fence) if cut.needs <= room]
    late = [cut for cut in cuts if cut.end >= room // 2]
    if late:
        return min(late, key=lambda cut: (cut.kind, -cut.end))
    return cuts[-1] if cuts else _hard(text, room, fence)


def _cuts(text: str, room: int, fence: str) -> Iterator[Cut]:
    """Every place to cut up to `room`, from the first on."""
    start, opened, blank = 0, False, False
    while start <= room and start < len(text):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        after = _fence_after(line, fence)
        # A cut right after the line that opens a fence, or before the one that closes it, leaves empty code.
        if start and not opened and not (fence and not after):
            paragraph = not fence and (blank or bool(after) or not line.strip())
            yield Cut(start - 1, start, PARAGRAPH if paragraph else LINE, fence)
        if not fence and not after:
            yield from (Cut(start + at, start + to, WORD, "") for at, to in _gaps(line))
        opened, blank = bool(after) and not fence, not line.strip() or bool(fence and not after)
        fence, start = after, start + len(line) + 1


def _gaps(line: str) -> Iterator[tuple[int, int]]:
    """The blanks between words, but for those inside a code span."""
    inside = False
    for stop in _STOP.finditer(line):
        if stop[0] == "`":
            inside = not inside
        elif not inside and stop[0][0] == " " and stop.start():
            yield stop.span()


def _hard(text: str, room: int, fence: str) -> Cut:
    """A cut through a word or a line of code that is longer than a part, but not through an escaped sign."""
    fence = fence or _fence_after(text[:room].partition("\n")[0], "")
    end = room - len(_closing(fence))
    end -= (len(text[:end]) - len(text[:end].rstrip("\\"))) % 2
    return Cut(end, end, WORD, fence)


def _fence_after(line: str, fence: str) -> str:
    """The line that opens the fence we are in after this line; empty outside."""
    found = _FENCE.match(line)
    if not found:
        return fence
    marks, info = found[1], found[2].strip()
    if not fence:
        return marks + (info if len(info) <= _LONGEST_INFO else "")
    return "" if not info and marks.startswith(_marks(fence)) else fence


def _marks(fence: str) -> str:
    return fence[: len(fence) - len(fence.lstrip(fence[0]))] if fence else ""


def _closing(fence: str) -> str:
    return f"\n{_marks(fence)}" if fence else ""

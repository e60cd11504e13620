"""What of a post its author says: neither what they quote, nor code, nor comments.

Commands, mentions and links are looked for here alone. In doubt a line counts as quoted: a command that somebody
else wrote must not run in the name of the one who quotes it.
"""

import re

_FENCE = re.compile(r"( {0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}(?=[^`]*$)|~{3,})")
_FENCE_END = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*")
_INDENTED = re.compile(r" {0,3}\t| {4}")
_START = re.compile(
    r"\\."  # an escaped sign begins nothing
    r"|(?P<ticks>`+)"
    r"|(?P<comment><!--)"
    r"|\[(?P<block>quote|code)\b[^\]]*\]"
    r"|<(?P<tag>pre|code|blockquote)\b[^>]*>",
    re.I,
)
_BLOCK = re.compile(r" {0,3}\[(?P<end>/)?(?P<name>quote|code)\b[^\]]*\]\s*", re.I)
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")


def spoken(post: str) -> list[str]:
    """For each line of the post, what of it is the author's own; empty where nothing is."""
    return _Scan(post.split("\n")).said


def prose(said: str) -> str:
    """A line without the code in it."""
    return _CODE.sub("", said)


class _Scan:
    """One pass over the lines, that knows what it is inside of."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.said = lines, list[str]()
        self._fence, self._indent = "", 0
        self._bounds: re.Pattern[str] | None = None
        self._depth = 0
        self._until = 0  # the line below the block that we are inside of
        for number, line in enumerate(lines):
            if line.startswith(">>> ") and not (self._fence or self._bounds or number < self._until):
                break  # quoted to the end
            self.said.append("" if self._is_block(number, line) else self._own(number, line))
        self.said += [""] * (len(lines) - len(self.said))

    def _is_block(self, number: int, line: str) -> bool:
        """Whether the whole line is code or a quote; blocks of that kind begin outside all others."""
        if number < self._until:
            return True
        if self._fence:
            end = _FENCE_END.fullmatch(line)
            if end and end[2].startswith(self._fence) and len(end[1]) <= self._indent + 3:
                self._fence = ""
            return True
        if self._bounds:
            return False
        start = _FENCE.match(line)
        if start:
            self._indent, self._fence = len(start[1]), start[2]
        elif self._ends_block(number):
            return True
        return bool(start or line.lstrip(" ").startswith(">") or _INDENTED.match(line))

    def _own(self, number: int, line: str) -> str:
        own, at = "", 0
        while at < len(line):
            if self._bounds:
                bound = self._bounds.search(line, at)
                if bound is None:
                    break
                self._depth += 1 if bound["more"] else -1
                self._bounds = self._bounds if self._depth else None
                at = bound.end()
                continue
            start = _START.search(line, at)
            if start is None:
                return own + line[at:]
            own += line[at : start.start()]
            at = start.end()
            if start["ticks"]:
                end = self._code_end(number, at, start["ticks"])
                if end is None:  # it ends on a later line, which is code, and not on this one
                    return own + line[start.start() :]
                own, at = own + line[start.start() : end], end
            elif not self._enter(start):
                own += start[0]
        return own

    def _ends_block(self, number: int) -> bool:
        """Whether a block of BBCode begins on this line and ends below, both tags on lines of their own.

        That is how a forum makes and reads them: what looks like an end inside of a line is quoted too.
        """
        first = _BLOCK.fullmatch(self.lines[number])
        if first is None or first["end"]:
            return False
        name, depth = first["name"].lower(), 1
        for below in range(number + 1, len(self.lines)):
            tag = _BLOCK.fullmatch(self.lines[below])
            if tag and tag["name"].lower() == name:
                depth += -1 if tag["end"] else 1
                if depth == 0:
                    self._until = below + 1
                    return True
        return False

    def _enter(self, start: re.Match[str]) -> bool:
        """Go into what begins here, to its end or that of the post."""
        if start["comment"]:
            self._bounds = re.compile("(?P<more>(?!))|-->")
        elif start["block"]:
            name = start["block"].lower()
            more = rf"\[{name}\b[^\]]*\]" if name == "quote" else "(?!)"
            self._bounds = re.compile(rf"(?P<more>{more})|\[/{name}\]", re.I)
        elif start["tag"]:
            name = start["tag"].lower()
            self._bounds = re.compile(rf"(?P<more><{name}\b[^>]*>)|</{name}>", re.I)
        else:
            return False
        self._depth = 1
        return True

    def _code_end(self, number: int, at: int, ticks: str) -> int | None:
        """Where on this line the code ends; None if on a later one of the paragraph. Ticks alone end at once."""
        end = re.compile(rf"(?<!`){ticks}(?!`)")
        if found := end.search(self.lines[number], at):
            return found.end()
        for line in self.lines[number + 1 :]:
            if not line.strip() or _FENCE.match(line):
                break
            if end.search(line):
                self._bounds, self._depth = re.compile(rf"(?P<more>(?!))|{end.pattern}"), 1
                return None
        return at

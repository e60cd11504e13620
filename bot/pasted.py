"""Numbers in brackets that were pasted over several lines, as numpy and torch print them: one line again."""

import re
from collections.abc import Sequence

MOST = 80  # lines: a 7×7 kernel with each number on a line of its own has 65
NUMBERS = re.compile(r"[\s\d.,;+/eE\u00bc-\u00be\u2150-\u215e\[\]–-]*")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\w*\s*")
CALL = re.compile(r"(?:\w+\.)?(?:tensor|array)\(", re.IGNORECASE)


def continued(rest: str, below: Sequence[str]) -> str:
    """The rest of a command's line, with the lines below while its brackets are open and there are but numbers.

    A line that ends behind the command may go on with a block of code that holds numbers in brackets.
    """
    if not rest:
        return _fenced(below)
    opened = rest.count("[") - rest.count("]")
    taken = [rest]
    for line in below[:MOST]:
        if opened <= 0:
            break
        found = NUMBERS.match(line)
        numbers = found[0] if found else ""
        opened += numbers.count("[") - numbers.count("]")
        if opened > 0 and numbers != line:
            return rest
        taken.append(line.strip())
    return rest if opened > 0 else " ".join(taken)


def _fenced(below: Sequence[str]) -> str:
    """The numbers in the block of code that begins here."""
    fence = FENCE.fullmatch(below[0]) if below else None
    inside: list[str] = []
    for line in below[1 : MOST + 1] if fence else ():
        if line.strip().startswith(fence[1] if fence else "```"):
            text = " ".join(inside)
            call = CALL.match(text)
            numbers = text[call.end() :].removesuffix(")") if call else text
            return text if numbers.startswith("[") and NUMBERS.fullmatch(numbers) else ""
        inside.append(line.strip())
    return ""

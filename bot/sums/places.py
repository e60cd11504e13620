"""Places as people write them: `5,7` is a position, `4:7` a slice."""

import re

Pair = tuple[int, int]


def position(text: str) -> Pair:
    """`5,7` → (5, 7)."""
    found = re.fullmatch(r"\(?\s*(-?\d{1,4})\s*,\s*(-?\d{1,4})\s*\)?", text)
    if found is None:
        raise ValueError
    return int(found[1]), int(found[2])


def span(text: str) -> Pair:
    """`4:7` → (4, 7), which is 4, 5 and 6 as in Python; `4-6` is the same."""
    found = re.fullmatch(r"(\d{1,4})(:|-|–)(\d{1,4})", text)
    if found is None:
        raise ValueError
    return int(found[1]), int(found[3]) + (found[2] != ":")

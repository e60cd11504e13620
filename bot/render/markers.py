"""What a post and a topic of ours are found by, made from the key that they were written under."""

import re
from hashlib import sha256

_KEY = re.compile(r"[A-Za-z0-9_./:=-]{1,120}")
_MARKER = re.compile(r"<!-- sg:([A-Za-z0-9_./:=~-]{1,140}) -->\s*\Z")


def marker(key: str) -> str:
    """What a post is found by: a comment that nobody sees. Other keys have other markers."""
    safe = key if _KEY.fullmatch(key) and "--" not in key else ""
    digest = sha256(key.encode()).hexdigest()[:24]
    return f"<!-- sg:{safe or f'~{digest}'} -->"


def marker_in(raw: str) -> str:
    """The marker that a post of ours ends with; empty where there is none."""
    found = _MARKER.search(raw)
    return found[0].strip() if found else ""


def external_id(key: str) -> str:
    """What a topic is found by: at most 50 of a-z, 0-9 and -, and another for every key."""
    words = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
    return f"{words[:32].strip('-')}-{sha256(key.encode()).hexdigest()[:16]}".strip("-")

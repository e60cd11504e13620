"""What a key with granular scopes is admitted to. There are scopes for few things; listening is not among them."""

import re
from typing import Any

SCOPES: dict[str, tuple[tuple[str, str], ...]] = {
    "global:read": (("GET", r"/.*"),),
    "topics:write": (("POST", r"/posts"),),
    "topics:update": (("PUT", r"/t/[^/]+/\d+"), ("PUT", r"/t/\d+/status")),
    "topics:read": (("GET", r"/t/.+"), ("GET", r"/raw/.+")),
    "topics:read_lists": (("GET", r"/latest"), ("GET", r"/c/[^/]+/\d+"), ("GET", r"/top"), ("GET", r"/new")),
    "posts:edit": (("PUT", r"/posts/\d+"),),
    "uploads:create": (("POST", r"/uploads"),),
    "users:show": (("GET", r"/u/[^/]+"),),
    "categories:list": (("GET", r"/categories"),),
    "categories:show": (("GET", r"/c/\d+/show"),),
    "search:query": (("GET", r"/search/query"),),
    "search:show": (("GET", r"/search"),),
}
OPEN = "/session/scopes"
"""What every key may ask, whatever its scopes."""


def admits(scopes: tuple[str, ...] | None, method: str, path: str) -> bool:
    """Whether a key with these scopes (None: all) may do that; `path` is without `.json`."""
    if scopes is None or path == OPEN:
        return True
    allowed = [each for scope in scopes for each in SCOPES[scope]]
    return any(verb == method and re.fullmatch(pattern, path) for verb, pattern in allowed)


def described(scopes: tuple[str, ...]) -> list[dict[str, Any]]:
    """The scopes as JSON."""
    return [
        {
            "resource": scope.split(":")[0],
            "action": scope.split(":")[1],
            "parameters": [],
            "urls": [f"{pattern} ({verb})" for verb, pattern in SCOPES[scope]],
            "allowed_parameters": {},
        }
        for scope in scopes
    ]

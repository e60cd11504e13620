"""What goes wrong on the way: proxies, resets, restarts. A test puts faults into `site.faults`."""

import re
from dataclasses import dataclass

BEFORE = {
    "429 json": "the forum's own limiter",
    "429 text": "the limiter by address: plain text",
    "429 bus": "the message bus under load: plain text, a long wait",
    "429 nginx": "the proxy: an HTML page, and no word of when",
    "429 late": "the forum's own limiter, with an hour to wait",
    "500": "the forum's error page",
    "502 before": "the proxy found nobody behind it",
    "503 read only": "the forum is in read-only mode",
    "503 nginx": "the proxy's page for maintenance",
    "hang": "no answer, ever",
    "reset": "the connection is cut before anything happened",
    "elsewhere": "a redirect to another host",
    "html": "200 with a page in place of JSON: a captive portal, a theme's login page",
    "not json": "200, said to be JSON, and broken off in the middle",
    "403": "the key is refused",
    "404": "not there",
}
AFTER = {
    "502 after commit": "it was done, but the proxy lost the answer",
    "504 after commit": "it was done, after the proxy's patience",
    "500 after commit": "it was done, and then a job after it failed",
    "hang after commit": "it was done, and no answer ever comes",
    "reset after commit": "it was done, and the connection is cut",
    "truncated after commit": "it was done, and half of the answer arrives",
}


@dataclass(kw_only=True)
class Fault:
    """`what` happens to the next `times` requests that match, after `after` of them went well.

    `path` is a path with or without `.json`, or a regular expression for the whole of it.
    """

    what: str
    method: str = "*"
    path: str = ".*"
    times: int = 1
    after: int = 0
    wait: float = 7.0

    def __post_init__(self) -> None:
        if self.what not in BEFORE and self.what not in AFTER:
            raise ValueError(f"no such fault: {self.what!r}; there are {', '.join([*BEFORE, *AFTER])}")

    @property
    def commits(self) -> bool:
        """Whether the request does its work all the same."""
        return self.what in AFTER

    def concerns(self, method: str, path: str) -> bool:
        """Whether the request is one of those."""
        bare = path.removesuffix(".json")
        return self.method in ("*", method) and any(
            pattern in (path, bare) or re.fullmatch(pattern, path) or re.fullmatch(pattern, bare)
            for pattern in (self.path, self.path.removesuffix(".json"))
        )


def strike(faults: list[Fault], method: str, path: str) -> Fault | None:
    """The fault that hits this request, if one does; counts it."""
    for fault in faults:
        if fault.times and fault.concerns(method, path):
            if fault.after:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
    return None

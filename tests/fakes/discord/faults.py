"""What goes wrong on the way. A test puts faults into `site.faults`; the direct knobs are on the server."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

REST_BEFORE = {
    "500 before": "Discord's own error; nothing was done",
    "502 before": "the proxy's page; nothing was done",
    "503 before": "the proxy's page; nothing was done",
    "504 before": "the proxy lost patience; nothing was done",
    "reset before": "the connection is cut before anything happened (aiohttp itself repeats a GET once)",
    "hang": "no answer, ever",
    "429 user": "the bot's own limit: JSON, Via, X-RateLimit-Scope user",
    "429 global": "the limit over all routes",
    "429 shared": "the limit of a resource that others use too",
    "429 cloudflare": "no Via, an HTML page: the address is banned for a while",
    "401": "the token is refused",
    "403": "50013: a permission was lost",
    "403 access": "50001: the channel is out of sight",
    "404": "unknown: it went away",
    "50035": "a field is not as it has to be",
    "automod": "200000: the server's AutoMod blocks the message",
    "10062": "the interaction is said to be unknown: too late",
    "html": "200 and a page in place of JSON",
    "not json": "200, said to be JSON, and broken off in the middle",
}
REST_AFTER = {
    "500 after commit": "it was done, and then something failed",
    "502 after commit": "it was done, but the proxy lost the answer",
    "504 after commit": "it was done, after the proxy's patience",
    "lost after commit": "it was done, and the connection is cut",
    "hang after commit": "it was done, and no answer ever comes",
    "truncated after commit": "it was done, and half of the answer arrives",
}
REST_SLOW = {
    "slow": "the answer comes `wait` seconds after it was done",
    "slow before": "the request is looked at `wait` seconds after it came",
}
CONNECTING = {
    "refuse": "the gateway's connection is cut at once",
    "handshake 502": "the gateway answers 502 in place of a socket",
    "handshake 520": "the gateway's proxy answers 520 in place of a socket",
    "silent": "the gateway accepts and never says HELLO",
    "close on connect": "the gateway accepts and closes with `code`",
    "invalid session": "op 9, not resumable, to the next IDENTIFY or RESUME",
    "invalid session resumable": "op 9, resumable, to the next RESUME",
}
HEARTBEATS = {
    "no ack": "a heartbeat is not acknowledged",
    "late ack": "a heartbeat is acknowledged after `wait` seconds",
}
EVENTS = {
    "drop": "the socket is cut in place of an event, which waits for a RESUME",
    "drop after event": "the socket is cut after an event",
    "reconnect": "op 7 in place of an event, which waits for a RESUME",
    "invalidate": "op 9, not resumable, in place of an event, which is lost",
    "close": "closed with `code` in place of an event, which waits for a RESUME",
    "unparseable": "the event is one that discord.py cannot read: message_reference is null",
    "garbled event": "the event is no JSON",
    "swallow": "the event never arrives",
    "twice": "the event arrives twice",
    "late event": "the event, and all behind it, arrives after `wait` seconds",
}
GATEWAY = {**CONNECTING, **HEARTBEATS, **EVENTS}
REST = {**REST_BEFORE, **REST_AFTER, **REST_SLOW}


@dataclass(kw_only=True)
class Fault:
    """`what` happens `times` times where it can, after `after` occasions went well.

    `where` is for REST "POST /channels/*/messages" (shell patterns, * also over slashes), for events their name,
    "MESSAGE_CREATE"; "*" is all of them.
    """

    what: str
    where: str = "*"
    times: int = 1
    after: int = 0
    wait: float = 1.0
    code: int = 4000

    def __post_init__(self) -> None:
        if self.what not in REST and self.what not in GATEWAY:
            raise ValueError(f"no such fault: {self.what!r}; there are {', '.join([*REST, *GATEWAY])}")

    @property
    def commits(self) -> bool:
        """Whether a request does its work all the same."""
        return self.what in REST_AFTER or self.what in REST_SLOW

    def concerns(self, where: str) -> bool:
        """Whether it is for there."""
        pattern = re.sub(r"\[", "[[]", self.where)
        return fnmatchcase(where, pattern)


def strike(faults: list[Fault], kinds: dict[str, str], where: str) -> Fault | None:
    """The fault of one of these kinds that happens there now, if one does; counts it."""
    for fault in faults:
        if fault.times and fault.what in kinds and fault.concerns(where):
            if fault.after:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
    return None

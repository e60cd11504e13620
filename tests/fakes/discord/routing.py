"""From a path to the function that answers it: `route` registers one, which makes an Answer of a Call."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.state import State
from tests.fakes.discord.values import JSON, Channel, Message, Problem, Seen


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that has been let in, always the bot's."""

    state: State
    seen: Seen
    text: Mapping[str, str]

    @property
    def body(self) -> JSON:
        """The JSON object that came; 50109 where there is none."""
        if not isinstance(self.seen.body, dict):
            raise Problem(400, 50109, "The request body contains invalid JSON.")
        return self.seen.body

    def number(self, name: str) -> int:
        """A number in the path."""
        return int(self.text[name])

    def asked(self, name: str, default: int) -> int:
        """A number in the query."""
        value = self.seen.query.get(name, str(default))
        if not value.isdecimal():
            raise Problem(400, 50035, "Invalid Form Body", {name: f"Value {value!r} is not a number."})
        return int(value)

    def channel(self, permission: int = 0) -> Channel:
        """The channel in the path, in which the bot may do that: 10003, 50001, 50013."""
        found = self.state.channel_by(self.number("channel"))
        need(self.state, found, permission)
        return found

    def message(self, channel: Channel) -> Message:
        """The message in the path: 10008."""
        return self.state.message_by(channel, self.number("message"))

    def guild(self) -> None:
        """Refuse any guild but the one there is."""
        if self.number("guild") != self.state.guild.id:
            raise Problem(404, 10004, "Unknown Guild")


def need(state: State, channel: Channel, permission: int) -> None:
    """Refuse what the bot may not do in a channel."""
    rights = state.rights(state.bot, channel)
    if not rights.bits:
        raise Problem(403, 50001, "Missing Access")
    if not rights.may(permission):
        raise Problem(403, 50013, "Missing Permissions")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """JSON, a text or bytes; None with 204 is nothing."""

    body: Any = None
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


NOTHING = Answer(status=204)
Handler = Callable[[Call], Answer]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One path pattern. `open` ones ask for no token of the bot's: the one in the path is enough."""

    method: str
    path: str
    pattern: re.Pattern[str]
    handler: Handler
    open: bool = False


ROUTES: list[Route] = []


def route(method: str, path: str, *, open: bool = False) -> Callable[[Handler], Handler]:  # noqa: A002 says it best
    """Answer such requests. `{id}` is a number, `{id:...}` what the pattern says."""

    def add(handler: Handler) -> Handler:
        pattern = re.sub(r"\{(\w+):([^}]+)\}", r"(?P<\1>\2)", path)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>\\d{1,20})", pattern)
        made = Route(method=method, path=path, pattern=re.compile(pattern), handler=handler, open=open)
        ROUTES.append(made)
        return handler

    return add


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a path, and what its placeholders hold."""
    for each in ROUTES:
        if each.method == method and (found := each.pattern.fullmatch(path)):
            return each, found.groupdict()
    return None

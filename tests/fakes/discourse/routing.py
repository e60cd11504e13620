"""From a path to the function that answers it: `route` registers one, which makes an Answer of a Call."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discourse.params import Params
from tests.fakes.discourse.state import State
from tests.fakes.discourse.values import ApiKey, Problem, User


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that has been let in: who asks (None is anybody), for what, with which key."""

    state: State
    method: str
    path: str
    params: Params
    user: User | None
    key: ApiKey | None
    root: str
    text: Mapping[str, str] = field(default_factory=dict[str, str])

    def number(self, name: str) -> int:
        """A number in the path."""
        return int(self.text[name])

    def member(self) -> User:
        """Who asks, if they have an account."""
        if self.user is None:
            raise Problem(403, "You need to be logged in to do that.", kind="not_logged_in")
        return self.user


@dataclass(frozen=True, kw_only=True)
class Answer:
    """JSON, a text or bytes."""

    body: Any = None
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One path pattern. `plain` ones answer a GET without `.json` too."""

    method: str
    pattern: re.Pattern[str]
    name: str
    handler: Handler
    plain: bool = False


ROUTES: list[Route] = []


def route(method: str, path: str, name: str, *, plain: bool = False) -> Callable[[Handler], Handler]:
    """Answer such requests. `{id}` is a number, `{id:...}` what the pattern says; no `.json` at the end."""

    def add(handler: Handler) -> Handler:
        pattern = re.sub(r"\{(\w+):([^}]+)\}", r"(?P<\1>\2)", path)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>\\d{1,18})", pattern)
        ROUTES.append(Route(method=method, pattern=re.compile(pattern), name=name, handler=handler, plain=plain))
        return handler

    return add


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a path without `.json`, and what its placeholders hold."""
    for each in ROUTES:
        if each.method == method and (found := each.pattern.fullmatch(path)):
            return each, {name: value for name, value in found.groupdict().items() if value is not None}
    return None

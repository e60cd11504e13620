"""Who comes in: keys, scopes, limits, and the answers to those who don't. Every request passes `enter`."""

from dataclasses import dataclass, replace
from typing import Any

from tests.fakes.discourse import (
    limits,
    routes_people,
    routes_posts,
    routes_site,
    routes_topics,
    uploads,
)
from tests.fakes.discourse.params import Params
from tests.fakes.discourse.routing import Answer, Call, Route, find
from tests.fakes.discourse.scopes import admits
from tests.fakes.discourse.state import State, forbidden, missing
from tests.fakes.discourse.values import ApiKey, Problem, Seen, User

PAGES = (routes_people, routes_posts, routes_site, routes_topics, uploads)
"""Their routes register themselves as they are imported."""

BAD_KEY = "You are not permitted to view the requested resource. The API username or key is invalid."


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who asks, and with which key."""

    user: User | None = None
    key: ApiKey | None = None


def identify(state: State, seen: Seen) -> Visitor:
    """Whom the headers name; no key is a stranger, a wrong one is refused."""
    text = seen.headers.get("Api-Key")
    if text is None:
        return Visitor()
    key = state.keys.get(text)
    if key is None or key.revoked:
        raise forbidden(BAD_KEY)
    name = seen.headers.get("Api-Username")
    user = key.user if name is None else state.by_name(name)
    if user is None or (key.user is not None and user is not key.user):
        raise forbidden(BAD_KEY)
    if user.suspended or not user.active:
        raise forbidden(BAD_KEY)
    if seen.headers.get("Discourse-Present") == "true":
        user.seen_at = state.now()
    return Visitor(user=user, key=key)


def enter(state: State, seen: Seen, params: Params, root: str) -> Answer:
    """Answer a request; whatever speaks against it becomes the forum's JSON."""
    visitor = Visitor()
    found: tuple[Route, dict[str, str]] | None = None
    try:
        visitor = identify(state, seen)
        if visitor.key is not None:
            limits.api(state)
        found = _route(state, seen, visitor)
        call = Call(
            state=state,
            method=seen.method,
            path=seen.path,
            params=params,
            user=visitor.user,
            key=visitor.key,
            root=root,
            text=found[1],
        )
        answer = found[0].handler(call)
    except Problem as problem:
        answer = refusal(problem)
    seen.user = visitor.user and visitor.user.username
    return replace(answer, headers={**answer.headers, **_marks(state, visitor, found and found[0])})


def _route(state: State, seen: Seen, visitor: Visitor) -> tuple[Route, dict[str, str]]:
    path = seen.path.removesuffix(".json")
    found = find(seen.method, path)
    wants_json = seen.path.endswith(".json") or "application/json" in seen.headers.get("Accept", "")
    if found is None or (seen.method == "GET" and not (wants_json or found[0].plain)):
        raise missing()
    if visitor.key is not None and not admits(visitor.key.scopes, seen.method, path):
        raise forbidden()
    if visitor.key is None and seen.method != "GET":
        raise Problem(403, "BAD CSRF")
    if (
        visitor.key is None
        and state.settings["login_required"]
        and not path.startswith(("/srv", "/site/basic-info"))
    ):
        raise Problem(403, "You need to be logged in to do that.", kind="not_logged_in")
    if state.read_only and seen.method != "GET":
        raise read_only()
    return found


def read_only() -> Problem:
    """The answer to whoever writes during a backup."""
    return Problem(503, "The site is in read only mode. Interactions are disabled.", kind="read_only")


def refusal(problem: Problem) -> Answer:
    """A problem as JSON, and its headers."""
    body: dict[str, Any] = {"errors": list(problem.errors)}
    if problem.action:
        body["action"] = problem.action
    if problem.kind:
        body["error_type"] = problem.kind
    headers: dict[str, str] = {}
    if problem.wait:
        wait = int(problem.wait)
        body["extras"] = {"wait_seconds": wait, "time_left": f"{wait} seconds"}
        headers["Retry-After"] = str(wait)
    if problem.code:
        headers["Discourse-Rate-Limit-Error-Code"] = problem.code
    return Answer(status=problem.status, body=body, headers=headers)


def _marks(state: State, visitor: Visitor, route: Route | None) -> dict[str, str]:
    headers = {"X-Discourse-Route": route.name} if route else {}
    if visitor.user is not None:
        headers["X-Discourse-Username"] = visitor.user.username
    if state.read_only:
        headers["Discourse-Readonly"] = "true"
    return headers

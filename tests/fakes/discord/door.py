"""Who comes in: the token, the limits, the route, and the answers to those who don't."""

from dataclasses import replace
from typing import Any

from tests.fakes.discord import (
    limits,
    routes_commands,
    routes_events,
    routes_interactions,
    routes_messages,
    routes_polls,
    routes_start,
    routes_threads,
)
from tests.fakes.discord.routing import Answer, Call, Route, find
from tests.fakes.discord.state import State
from tests.fakes.discord.values import JSON, Problem, Seen

PAGES = (
    *(routes_commands, routes_events, routes_interactions, routes_messages),
    *(routes_polls, routes_start, routes_threads),
)
"""Their routes register themselves as they are imported."""


def enter(state: State, seen: Seen) -> Answer:
    """Answer a request; whatever speaks against it becomes Discord's JSON."""
    found = find(seen.method, seen.path)
    if found is None:
        return refusal(Problem(501, 0, f"The fake has no {seen.method} {seen.path}"))
    which, text = found
    if not which.open and seen.headers.get("Authorization") != f"Bot {state.token}":
        return refusal(Problem(401, 0, "401: Unauthorized"))
    return _counted(state, seen, which, text)


def _counted(state: State, seen: Seen, which: Route, text: dict[str, str]) -> Answer:
    if not which.open and (wait := limits.overall(state)):
        return limits.refused(wait, scope="global")
    bucket = limits.spend(state, which.method, which.path, seen.path)
    if bucket.over:
        answer = limits.refused(bucket.reset_after, scope="user")
    else:
        try:
            answer = which.handler(Call(state=state, seen=seen, text=text))
        except Problem as problem:
            answer = refusal(problem)
    return replace(answer, headers={**limits.VIA, **bucket.headers(state), **answer.headers})


def refusal(problem: Problem) -> Answer:
    """A problem as JSON: the fields that are wrong are nested, each with its `_errors`."""
    body: JSON = {"message": problem.message, "code": problem.code}
    if problem.errors:
        body["errors"] = nested(problem.errors)
    return Answer(status=problem.status, body=body)


def nested(errors: dict[str, str]) -> JSON:
    """From "embeds.0.title" to objects in objects."""
    tree: dict[str, Any] = {}
    for where, text in errors.items():
        at = tree
        for part in where.split(".") if where else []:
            at = at.setdefault(part, {})
        at.setdefault("_errors", []).append({"code": _code(text), "message": text})
    return tree


def _code(text: str) -> str:
    """The word that Discord has for what is wrong."""
    words = {
        "or fewer in length": "BASE_TYPE_MAX_LENGTH",
        "in length": "BASE_TYPE_BAD_LENGTH",
        "required": "BASE_TYPE_REQUIRED",
        "must be one of": "BASE_TYPE_CHOICES",
        "duplicated": "COMPONENT_CUSTOM_ID_DUPLICATED",
        "name is invalid": "APPLICATION_COMMAND_INVALID_NAME",
        "IS_COMPONENTS_V2": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        "Unknown message": "REPLIES_UNKNOWN_MESSAGE",
    }
    return next((code for part, code in words.items() if part in text), "BASE_TYPE_INVALID")

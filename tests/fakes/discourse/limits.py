"""What may be done how often. A refusal is a 429 that says how long to wait; what was refused is not counted."""

import math
from collections.abc import Iterable
from datetime import timedelta

from tests.fakes.discourse.state import State
from tests.fakes.discourse.values import Problem, User

DAY = 86_400
Rule = tuple[str, int, float]
"""A name under which is counted, how many, in how many seconds."""


def spend(state: State, rules: Iterable[Rule], *, code: str = "") -> None:
    """Count one more under every rule, or refuse under the first that is used up and count nothing."""
    rules = [rule for rule in rules if rule[1]]
    for rule in rules:
        wait = _wait(state, *rule)
        if wait > 0:
            raise slow_down(wait, code=code)
    for name, _, _ in rules:
        state.moments[name].append(state.now())


def slow_down(wait: float, *, code: str = "") -> Problem:
    """The forum's own 429."""
    seconds = math.ceil(wait)
    problem = Problem(
        429,
        f"You've performed this action too many times. Please wait {seconds} seconds before trying again.",
        kind="rate_limit",
        wait=seconds,
    )
    problem.code = code
    return problem


def _wait(state: State, name: str, most: int, seconds: float) -> float:
    """The seconds until one more is allowed."""
    since = state.now() - timedelta(seconds=seconds)
    state.moments[name] = recent = [at for at in state.moments.get(name, []) if at > since]
    return 0.0 if len(recent) < most else (recent[-most] - since).total_seconds()


def api(state: State) -> None:
    """One request more of all admin API keys together."""
    spend(state, [("api", state.settings["max_admin_api_reqs_per_minute"], 60)], code="admin_api_key_rate_limit")


def address(state: State, ip: str) -> Problem | None:
    """One request more from an address. Here the refused ones count too."""
    if not state.settings["ip_limits"]:
        return None
    found = None
    for code, setting, seconds in (
        ("ip_60_secs_limit", "max_reqs_per_ip_per_minute", 60),
        ("ip_10_secs_limit", "max_reqs_per_ip_per_10_seconds", 10),
    ):
        wait = _wait(state, f"{code}:{ip}", state.settings[setting], seconds)
        state.moments[f"{code}:{ip}"].append(state.now())
        if wait > 0:
            found = slow_down(wait, code=code)
    return found


def topic(state: State, user: User, *, private: bool) -> None:
    """One topic more of somebody."""
    if user.staff:
        return
    settings = state.settings
    gap = settings["rate_limit_new_user_create_topic" if user.trust == 0 else "rate_limit_create_topic"]
    kind = "messages" if private else "topics"
    most = settings["max_personal_messages_per_day" if private else "max_topics_per_day"]
    spend(state, [(f"topic:{user.id}", min(gap, 1), gap), (f"{kind}:{user.id}", most, DAY), _post(state, user)])


def reply(state: State, user: User) -> None:
    """One reply more of somebody."""
    if not user.staff:
        spend(state, [_post(state, user)])


def _post(state: State, user: User) -> Rule:
    """A topic's first post counts among the posts too."""
    gap = state.settings["rate_limit_new_user_create_post" if user.trust == 0 else "rate_limit_create_post"]
    return f"post:{user.id}", min(gap, 1), gap


def edit(state: State, user: User) -> None:
    """One change more of somebody's."""
    if user.staff:
        return
    factor = state.settings[f"tl{user.trust}_additional_edits_per_day_multiplier"] if user.trust >= 2 else 1
    spend(state, [(f"edits:{user.id}", int(state.settings["max_edits_per_day"] * factor), DAY)])


def deletion(state: State, user: User) -> None:
    """One post less of somebody's."""
    if user.staff:
        return
    settings = state.settings
    name = f"deletions:{user.id}"
    spend(
        state,
        [
            (f"{name}:minute", settings["max_post_deletions_per_minute"], 60),
            (f"{name}:day", settings["max_post_deletions_per_day"], DAY),
        ],
    )

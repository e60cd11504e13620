"""Rate limits: a bucket for every route and major parameter, and one over all."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from tests.fakes.discord.routing import Answer
from tests.fakes.discord.state import State

VIA = {"Via": "1.1 google"}


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """What one route may still do."""

    name: str
    limit: int
    remaining: int
    reset_after: float
    over: bool

    def headers(self, state: State) -> dict[str, str]:
        """As every answer carries them."""
        reset = state.now().timestamp() + self.reset_after
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{reset:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


def spend(state: State, method: str, template: str, path: str) -> Bucket:
    """Count a request against its bucket."""
    major = re.match(r"/(channels|guilds|webhooks)/([^/]+)(/[^/]+)?", path)
    key = f"{method} {template} {major[0] if major and major[1] == 'webhooks' else major and major[2]}"
    limit, window = state.limits.per_route, timedelta(seconds=state.limits.window)
    now = state.now()
    used = [each for each in state.moments.get(key, []) if now - each < window]
    over = len(used) >= limit
    if not over:
        used.append(now)
    state.moments[key] = used
    return Bucket(
        name=hashlib.sha256(f"{method} {template}".encode()).hexdigest()[:32],
        limit=limit,
        remaining=max(0, limit - len(used)),
        reset_after=max(0.0, (used[0] + window - now).total_seconds()) if used else window.total_seconds(),
        over=over,
    )


def overall(state: State) -> float:
    """How long everybody has to wait; 0 is not at all. Interactions do not count."""
    now, second = state.now(), timedelta(seconds=1)
    used = [each for each in state.moments.get("", []) if now - each < second]
    state.moments[""] = used
    if len(used) >= state.limits.per_second:
        return max(0.001, (used[0] + second - now).total_seconds())
    used.append(now)
    return 0.0


def refused(wait: float, *, scope: str) -> Answer:
    """429, as Discord itself says it."""
    body = {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": scope == "global"}
    headers = {**VIA, "Retry-After": str(int(wait) + 1), "X-RateLimit-Scope": scope}
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return Answer(status=429, body=body, headers=headers)

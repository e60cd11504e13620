"""The forum's webhooks: what happened waits in `site.outgoing` until `site.ring_hooks()` sends it.

A test may take a delivery out (lost), put it in twice (replayed), turn the list round, or `forge` one.
"""

import hashlib
import hmac
from dataclasses import dataclass, field, replace

import aiohttp


@dataclass(kw_only=True)
class Hook:
    """Where to, signed with what, and which events."""

    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...] = ("post_created", "post_edited", "post_destroyed", "topic_created")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One event on its way to one hook. `secret` signs it; an empty one leaves it unsigned."""

    hook: Hook
    id: int
    kind: str
    event: str
    body: bytes
    instance: str
    secret: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        """What the forum sends along."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Discourse/2026.8.0",
            "X-Discourse-Instance": self.instance,
            "X-Discourse-Event-Id": str(self.id),
            "X-Discourse-Event-Type": self.kind,
            "X-Discourse-Event": self.event,
        }
        if self.secret:
            signature = hmac.new(self.secret.encode(), self.body, hashlib.sha256).hexdigest()
            headers["X-Discourse-Event-Signature"] = f"sha256={signature}"
        return headers


def forge(delivery: Delivery, *, secret: str, body: bytes | None = None) -> Delivery:
    """The delivery as somebody would send it who does not know the secret."""
    return replace(delivery, secret=secret, body=delivery.body if body is None else body)


async def send(deliveries: list[Delivery]) -> list[int]:
    """Send them one after the other; the statuses, 0 where nobody answered."""
    statuses: list[int] = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        for each in deliveries:
            try:
                async with session.post(each.hook.url, data=each.body, headers=each.headers()) as answer:
                    statuses.append(answer.status)
            except aiohttp.ClientError:
                statuses.append(0)
    return statuses

"""The forum's webhook: it calls us when something was posted, and we look.

A call is believed when its body is signed with the secret that the forum and we share. Its headers are signed by
nothing, and nothing says when it was sent: it may be a copy of an earlier one, come twice, or come after a later
one. Such are answered kindly and wake nobody. What the others say is not relied upon either: they name a post, and
the forum's API is asked for it.
"""

import hashlib
import hmac
import json
import logging
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime

from bot.platforms.discourse.budget import WallClock
from bot.platforms.discourse.fields import Fields
from bot.platforms.discourse.wake import Wake

log = logging.getLogger(__name__)

PATH = "/hooks/discourse"
"""The address that the forum is told to call, behind our own."""
CHANNEL = "hook"
EVENTS = frozenset({"post_created", "post_edited", "post_destroyed", "post_recovered"})
MAX_BODY = 1024 * 1024  # a post of 32,000 signs, twice (as typed, as HTML), at 12 bytes a sign at worst
REMEMBERED = 1_000  # calls and posts: hours of a busy forum, and a few hundred kilobytes
QUIET = 60.0  # seconds between two lines about refused calls: a flood of them must not fill the log
LARGEST = 2**63 - 1  # a forum's numbers are no larger

Answer = tuple[int, str, bytes]
Order = tuple[datetime, int]
"""When a post was last changed, and its version: what compares higher is newer."""

FIRST: Order = (datetime.min.replace(tzinfo=UTC), 0)

_SIGNATURE = re.compile(r"sha256=[0-9a-fA-F]{64}")
_REFUSALS = {
    "size": (413, f"That is too long: at most {MAX_BODY // 1024} kB."),
    "signature": (403, "The signature is missing or wrong."),
    "json": (400, "The body is not a JSON object."),
    "instance": (403, "This is another forum's webhook."),
}


class Memory:
    """The last so many things, each with its order; the oldest is forgotten first."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._known: OrderedDict[Hashable, Order] = OrderedDict()

    def __contains__(self, thing: Hashable) -> bool:
        return thing in self._known

    def order(self, thing: Hashable) -> Order:
        """The order it was kept with; before everything, if it is not known."""
        return self._known.get(thing, FIRST)

    def keep(self, thing: Hashable, order: Order) -> None:
        """Remember it as the newest."""
        self._known[thing] = order
        self._known.move_to_end(thing)
        if len(self._known) > self._size:
            self._known.popitem(last=False)


class Hook:
    """A door (`bot.platforms.web.doors`) at `PATH` for the forum at `instance`.

    `report` is told of calls that are refused, until one is taken again. `rejected` counts them by reason; `heard`
    is when the forum itself last called.
    """

    def __init__(
        self,
        secret: str,
        *,
        clock: WallClock,
        wake: Callable[[Wake], None],
        instance: str,
        report: Callable[[str, str], None] = lambda what, sentence: None,
    ) -> None:
        if not secret:
            raise ValueError("anybody could sign without a secret")
        self._secret, self._clock, self._wake = secret.encode(), clock, wake
        self._instance, self._report = _place(instance), report
        self._bodies, self._calls, self._posts = Memory(), Memory(), Memory()
        self._unsaid: Counter[str] = Counter()
        self._said: float | None = None
        self.rejected: Counter[str] = Counter()
        self.heard: datetime | None = None

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take one call: status, content type and body of the answer."""
        said = {name.lower(): value for name, value in headers.items()}
        if len(body) > MAX_BODY:
            return self._refuse("size")
        if not self._is_signed(said.get("x-discourse-event-signature", ""), body):
            return self._refuse("signature")
        payload = _payload(body)
        if payload is None:
            return self._refuse("json")
        instance = said.get("x-discourse-instance")
        if instance is not None and _place(instance) != self._instance:
            return self._refuse("instance")
        self.heard = self._clock.now()
        self._report("webhook", "")
        wake = _wake(said.get("x-discourse-event", ""), payload.inner("post"))
        if wake is not None and self._is_new(wake, payload.inner("post"), hashlib.sha256(body).digest()):
            self._wake(wake)
        return _answer(200, {"ok": True})

    def _is_signed(self, signature: str, body: bytes) -> bool:
        if not _SIGNATURE.fullmatch(signature):  # compare_digest raises at what is not ASCII
            return False
        ours = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signature.removeprefix("sha256=").lower(), ours)

    def _is_new(self, wake: Wake, post: Fields, digest: bytes) -> bool:
        """Whether this was not said before, be it in other words, and nothing newer was said of the post."""
        order = post.instant("updated_at") or FIRST[0], wake.version or 0
        call = wake.kind, wake.post_id, order
        known = digest in self._bodies or call in self._calls
        self._bodies.keep(digest, order)
        self._calls.keep(call, order)
        if known or order < self._posts.order(wake.post_id):
            return False
        self._posts.keep(wake.post_id, order)
        return True

    def _refuse(self, reason: str) -> Answer:
        self.rejected[reason] += 1
        self._unsaid[reason] += 1
        now = self._clock.monotonic()
        if self._said is None or now - self._said >= QUIET:
            counts = ", ".join(f"{each} {count}" for each, count in sorted(self._unsaid.items()))
            log.warning("calls to the forum's webhook were refused: %s", counts)
            self._report("webhook", f"calls are refused: {counts}; is the secret the same on both sides?")
            self._said = now
            self._unsaid.clear()
        status, sentence = _REFUSALS[reason]
        return _answer(status, {"error": sentence})


def _payload(body: bytes) -> Fields | None:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError):  # text that is no JSON, bytes that are no text, lists in lists in lists
        return None
    return Fields(plain) if isinstance(plain, dict) else None


def _wake(event: str, post: Fields) -> Wake | None:
    number = _number(post, "id")
    if event not in EVENTS or number is None:
        return None
    topic, version = _number(post, "topic_id"), _number(post, "version")
    return Wake(channel=CHANNEL, kind=event, topic_id=topic, post_id=number, version=version)


def _number(post: Fields, name: str) -> int | None:
    number = post.maybe(name)
    return number if number is not None and 0 < number <= LARGEST else None


def _place(url: str) -> str:
    """A forum's address without its scheme: behind a proxy it may not know that it is https."""
    return url.partition("://")[2].rstrip("/").lower()


def _answer(status: int, plain: Mapping[str, object]) -> Answer:
    return status, "application/json; charset=utf-8", json.dumps(plain).encode()

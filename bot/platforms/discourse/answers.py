"""One answer of the forum: what it holds, or which of our errors it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.platforms.discourse.errors import (
    Busy,
    DiscourseError,
    Forbidden,
    Invalid,
    Missing,
    ReadOnly,
    Unreachable,
)
from bot.platforms.discourse.fields import Fields
from bot.values import clean

SENTENCES, SENTENCE = 10, 300  # how many of the forum's own we keep, and signs of each
MARGIN = 1.0  # the forum rounds seconds down
READ_ONLY_WAIT = 30.0
PLAIN_WAIT = 11.0  # a limit without a time: the shortest that its address limiter counts is ten seconds
PAGE_WAIT = 15.0  # the web server before the forum, which counts by the second and by the minute
LONGEST_WAIT = 86_400.0
FOR_ALL = ("admin_api", "user_api", "ip_", "id_")  # limits of the key and of our address, by their codes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """As it came: `what` was asked, say "GET /posts.json". Header names are in small letters."""

    what: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def username(self) -> str:
        """Whom the forum took us for; empty if for nobody."""
        return self.headers.get("x-discourse-username", "")

    @property
    def server_time(self) -> datetime | None:
        """What the forum's clock said, to the second."""
        try:
            return parsedate_to_datetime(self.headers["date"])
        except (KeyError, ValueError):
            return None

    @property
    def fields(self) -> Fields:
        """The JSON object in it; an empty one if there is none."""
        try:
            return Fields(json.loads(self.body))
        except (ValueError, RecursionError):
            return Fields(None)


def value(answer: Answer) -> Any:
    """The JSON it holds, None if it is empty."""
    if not 200 <= answer.status < 300:
        raise failure(answer)
    if not answer.body.strip():
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        error = Unreachable(f"{answer.what}: the answer is no JSON: is that a Discourse forum?")
        error.ambiguous = True
        raise error from None


def content(answer: Answer) -> bytes:
    """The bytes of the file it is."""
    if not 200 <= answer.status < 300:
        raise failure(answer)
    return answer.body


def failure(answer: Answer) -> DiscourseError:
    """Which of our errors it is."""
    fields, status = answer.fields, answer.status
    said = sentences(fields)
    reason = f"{answer.what}: {status}{f': {said[0]}' if said else ''}"
    if status == 429:
        return Busy(reason, after=wait(answer))
    if status == 503 and fields.text("error_type") == "read_only":
        return ReadOnly(reason, after=_asked(answer) or READ_ONLY_WAIT)
    if status >= 500 or status == 408:
        error = Unreachable(reason, after=_asked(answer))
        error.ambiguous = True
        return error
    if status in (401, 403):
        return Forbidden(reason)
    if status in (404, 410):
        return Missing(reason)
    return Invalid(reason, status=status, errors=said)


def sentences(fields: Fields) -> tuple[str, ...]:
    """What the forum says in its own words, cut to a readable length."""
    said = fields.texts("errors") or tuple(filter(None, [fields.text("message"), fields.text("errors")]))
    return tuple(" ".join(clean(each).split())[:SENTENCE] for each in said[:SENTENCES])


def wait(answer: Answer) -> float:
    """Seconds after which a limit is over."""
    asked = _asked(answer)
    if asked is None:
        seconds = answer.fields.inner("extras").maybe("wait_seconds")
        asked = None if seconds is None else seconds + MARGIN
    if asked is None:
        asked = PAGE_WAIT if answer.body.lstrip()[:1] == b"<" else PLAIN_WAIT
    return min(max(asked, MARGIN), LONGEST_WAIT)


def for_all(answer: Answer) -> bool:
    """Whether a limit holds for everything we ask, and not only for doing such a thing so often.

    A day's last edit, say, makes the forum refuse edits for hours, and nothing else.
    """
    code = answer.headers.get("discourse-rate-limit-error-code", "")
    if code:
        return code.startswith(FOR_ALL)
    return not answer.fields.plain and "/message-bus/" not in answer.what


def _asked(answer: Answer) -> float | None:
    seconds = answer.headers.get("retry-after", "").strip()
    if not (seconds.isascii() and seconds.isdecimal()):
        return None
    return min(float(seconds) + MARGIN, LONGEST_WAIT)

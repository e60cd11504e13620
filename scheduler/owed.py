"""What is owed, and how it stands: the values that the outbox keeps and the pump delivers.

A row's life:

    owed ──claim──► leased ──settle──► done
     ▲ │              │ ├────bury────► dead        the admin says again, or drop
     │ │              ▼ │
     │ └─too late──► expired               shown, never left out in silence
     └──retry, pause, stop, release, rescue─┘

Withdrawn is what nobody owes any more, because its session is skipped; dropped, what an admin never wants sent,
or what there was nothing to say of.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Key = tuple[str, str, str, str]
"""Series, occurrence, kind, place: what is owed once."""


class State(StrEnum):
    """How a row stands."""

    OWED = "owed"
    LEASED = "leased"
    DONE = "done"
    EXPIRED = "expired"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


UNSENT = (State.OWED, State.LEASED, State.DEAD)
"""May still be sent, or wait for an admin."""

SETTLED = (State.DONE, State.EXPIRED, State.DEAD, State.WITHDRAWN, State.DROPPED)
"""Nothing happens to these by itself any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """One message that one place is owed: from `due` on, and until `until`, when it is no longer worth saying."""

    series: str
    occurrence: str
    kind: str
    place: str
    due: datetime
    until: datetime
    payload: str = "{}"
    """JSON, for whoever sends it."""

    def __post_init__(self) -> None:
        for name in ("series", "occurrence", "kind"):
            if "/" in getattr(self, name):
                raise ValueError(f"{name} {getattr(self, name)!r} has a slash: then two keys could read the same")
        if self.due.utcoffset() is None or self.until.utcoffset() is None:
            raise ValueError(f"{self.key} is due at an hour without a zone: which instant is that?")

    @property
    def parts(self) -> Key:
        """What tells it from everything else that is owed."""
        return self.series, self.occurrence, self.kind, self.place

    @property
    def key(self) -> str:
        """The same as one text, for ever: a sender makes the platform's own key from it."""
        return "/".join(self.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One row of the outbox."""

    id: int
    owed: Owed
    state: State
    try_at: datetime
    """When it is looked at next: the due time, or later after a failure."""
    attempts: int
    token: int
    """Counts the claims. Whoever claimed a row may write to it only while the token is still theirs."""
    lease_until: datetime | None
    remote: str | None
    """The post's id on its platform."""
    error: str | None
    created: datetime
    settled: datetime | None

    @property
    def again(self) -> bool:
        """Whether somebody claimed it before: it may have been posted, so look before posting."""
        return self.token > 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A place that refused us: it gets nothing until an admin resumes it."""

    place: str
    reason: str
    since: datetime

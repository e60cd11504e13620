"""What is said around each session, when it becomes due, and until when it is still worth saying.

A plan is a list of notices, each told from the session's start; with a series it gives what is due:

    due(series, plan, since, now)           what became due while nobody looked, the void among it marked `expired`
    upcoming(series, plan, after, until)    the same for any stretch of time: to rehearse, or to write rows ahead
    standing(series, plan, now)             what is still worth saying: for a new series, or a session just moved

Each has a key that stays as it is for as long as what it says does, so that adding it again changes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from scheduler.errors import PlanError
from scheduler.offsets import Elapsed, Offset, offset
from scheduler.series import Occurrence, Series
from scheduler.zones import START, utc

LENGTH = timedelta(minutes=70)
"""Of a session, unless a group says otherwise."""

# Part of keys that platforms limit in length and letters.
_KIND = re.compile(r"[a-z][a-z0-9-]{0,19}")
# One start on each weekday: enough to see that a notice can never be in time.
_SAMPLES = tuple(datetime(2026, 1, day, 18, tzinfo=UTC) for day in range(5, 12))


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One kind of message around every session.

    It becomes due at `at`. It is worth saying until `until`, told from the session's start like `at`, and for as
    long as `lasts`, told from when it became due: the earlier, where both are given. One that names the start goes
    out `anew` when the session is moved.
    """

    kind: str
    at: Offset
    until: Offset | None = None
    lasts: Offset | None = None
    anew: bool = False

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise PlanError(f"{self.kind[:40]!r} cannot name a kind of message: take up to 20 of a-z, 0-9 and -.")
        if self.until is None and self.lasts is None:
            raise PlanError(f"{self.kind} needs until or lasts: when is it no longer worth saying?")
        if all(self.void(start, at, UTC) <= at for start in _SAMPLES for at in [self.at.moment(start, UTC)]):
            ends = f"until {self.until}" if self.until else f"lasts {self.lasts}"
            raise PlanError(f"{self.kind} at {self.at} would be void before it is said ({ends}): say it earlier.")

    def void(self, start: datetime, at: datetime, clocks: tzinfo) -> datetime:
        """From when it is no longer worth saying, for a session that starts then; it became due `at`."""
        ends = (self.until and self.until.moment(start, clocks), self.lasts and self.lasts.moment(at, clocks))
        return min(end for end in ends if end)

    @property
    def longest(self) -> timedelta:
        """How long it can be worth saying at most, generously."""
        return sum((each.reach for each in (self.at, self.until, self.lasts) if each), timedelta())


@dataclass(frozen=True)
class Plan:
    """The notices around every session, each kind once; those due at the same moment go out in this order."""

    notices: tuple[Notice, ...]

    def __post_init__(self) -> None:
        kinds = [notice.kind for notice in self.notices]
        for kind in kinds:
            if kinds.count(kind) > 1:
                raise PlanError(f"{kind} is in the plan twice: a kind of message is said once for each session.")

    def adjusted(self, changes: Mapping[str, Offset | None]) -> "Plan":
        """With other moments for some kinds, and without those that are None."""
        kinds = [notice.kind for notice in self.notices]
        for kind in changes:
            if kind not in kinds:
                raise PlanError(f"There is no message {kind!r} in the plan; there are: {', '.join(kinds)}.")
        kept = (notice for notice in self.notices if changes.get(notice.kind, notice.at) is not None)
        return Plan(tuple(replace(notice, at=changes.get(notice.kind) or notice.at) for notice in kept))

    @property
    def reach(self) -> timedelta:
        """How far from a session's start anything of it can become due at most."""
        return max((notice.at.reach for notice in self.notices), default=timedelta())

    @property
    def longest(self) -> timedelta:
        """How long anything of it can be worth saying at most."""
        return max((notice.longest for notice in self.notices), default=timedelta())


def weekly(length: timedelta = LENGTH) -> Plan:
    """The plan of a group that meets for so long: the thread, four reminders, and what comes after, spaced out."""
    start, end = Elapsed(timedelta()), Elapsed(length)
    return Plan(
        (
            Notice(kind="open", at=offset("-6d 10:00"), until=end),
            Notice(kind="remind-week", at=offset("-7d"), until=offset("-24h"), anew=True),
            Notice(kind="remind-day", at=offset("-24h"), until=offset("-1h"), anew=True),
            Notice(kind="remind-hour", at=offset("-1h"), until=start, anew=True),
            Notice(kind="remind-soon", at=offset("-10min"), until=start, anew=True),
            Notice(kind="leftovers", at=Elapsed(length + timedelta(minutes=20)), lasts=offset("+3d")),
            Notice(kind="questionnaire", at=offset("+1d 10:00"), lasts=offset("+48h")),
            Notice(kind="catchup", at=offset("+Sat 10:00"), lasts=offset("+Sun 20:00")),
            Notice(kind="question", at=offset("+3d 17:00"), lasts=offset("+36h")),
            Notice(kind="question-more", at=offset("+5d 17:00"), lasts=offset("+36h")),
        )
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One message for one session."""

    kind: str
    occurrence: Occurrence
    at: datetime
    """When it becomes due, in UTC."""
    valid_until: datetime
    """From then on it is void."""
    anew: bool
    expired: bool
    """Whether it was void already when it was asked for: to be shown as such, never left out."""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other of its series: session and kind, in letters that an address may have.

        Of one that goes out `anew` the session has its start as well: what was said of another no longer holds.
        """
        starts = f"_{self.occurrence.starts:%Y%m%dT%H%MZ}" if self.anew else ""
        return self.occurrence.key + starts, self.kind

    @property
    def payload(self) -> dict[str, str]:
        """What the sender starts from, fit for JSON; `series.on(date)` finds the session as it is by then."""
        return {"date": self.occurrence.key, "starts": f"{self.occurrence.starts:%Y-%m-%dT%H:%M:%SZ}"}


def due(series: Series, plan: Plan, since: datetime, now: datetime) -> list[Due]:
    """What became due with since < `at` ≤ now, in order of time; nothing when the clock went back."""
    return _due(series, plan, since, now, seen=utc(now))


def upcoming(series: Series, plan: Plan, after: datetime, until: datetime) -> list[Due]:
    """What becomes due with after < `at` ≤ until, in order of time."""
    return _due(series, plan, after, until, seen=START)


def standing(series: Series, plan: Plan, now: datetime) -> list[Due]:
    """What became due by now and is still worth saying, in order of time."""
    return [each for each in due(series, plan, utc(now) - plan.longest, now) if not each.expired]


def _due(series: Series, plan: Plan, after: datetime, until: datetime, seen: datetime) -> list[Due]:
    after, until = utc(after), utc(until)
    found: list[Due] = []
    for session in series.between(after - plan.reach, until + plan.reach):
        for notice in plan.notices:
            at = notice.at.moment(session.starts, series.clocks)
            if after < at <= until:
                void = notice.void(session.starts, at, series.clocks)
                found.append(
                    Due(
                        kind=notice.kind,
                        occurrence=session,
                        at=at,
                        valid_until=void,
                        anew=notice.anew,
                        expired=void <= seen,
                    )
                )
    return sorted(found, key=lambda each: each.at)

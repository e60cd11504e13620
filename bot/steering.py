# ruff: noqa: D102 - the members of a small Protocol say it by name and type
"""The programme as the commands see and steer it: plain values, and a verb for each thing that may be changed.

Days and moments are typed by people: `day` and `when` read them, and ask back where they would have to guess.
`bot.host` fulfils it over the programme in force.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from bot.values import Table, code, escape, moment, plural

NEXT = "next"
"""What may be typed for the day of the next session."""

SHOWN = 5
"""Messages to come: enough to see whether a change was right."""

A_WEEK = timedelta(weeks=1)
WEEKS = 6 * A_WEEK
"""Of the plan, below a change."""

Line = Callable[[str], str]
"""From a date in ISO, the whole command that says it beyond doubt."""


@dataclass(frozen=True, kw_only=True)
class Coming:
    """One message that will be posted: its kind, and the title and start of the session it is about."""

    at: datetime
    kind: str
    title: str
    starts: datetime


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One date of the plan. `number` counts the sessions that are held; None: nobody meets."""

    number: int | None
    key: str
    starts: datetime
    title: str
    state: Literal["on", "planned", "skipped", "cancelled"]
    moved: bool = False
    guest: str = ""
    note: str = ""
    """The host's Markdown, like the reading."""
    reading: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A kind of message, and when it goes out, told from the session's start; None is off."""

    kind: str
    offset: str | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One row of what a place is owed: how it stands, and what went wrong last."""

    number: int
    kind: str
    title: str
    place: str
    at: datetime
    state: str
    attempts: int
    error: str


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A place that refused us: it gets nothing until it is resumed."""

    place: str
    reason: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What one session of the plan is about: its place in the plan, and when that session is, if it is known.

    `past`: it was held, or has begun, and stays as it was.
    """

    place: int
    starts: datetime | None
    past: bool
    title: str
    reading: tuple[str, ...]
    homework: tuple[str, ...]
    guest: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """The session whose thread was pinned or unpinned, and where."""

    title: str
    places: Sequence[str]


class Thread(Protocol):
    """The thread of the week."""

    async def openings(self, now: datetime) -> Sequence[Delivery]:
        """How its opening stands in each place; none where no session is planned, or only far ahead."""
        ...

    async def open(self, now: datetime) -> Sequence[Delivery]:
        """Post its opening now, wherever it was not."""
        ...

    async def pin(self, *, pinned: bool, now: datetime) -> Pinned:
        """Pin or unpin it; the one of last week, where this week's is not open yet."""
        ...


class Deliveries(Protocol):
    """What is owed, as an admin sees it."""

    async def list(self, states: Sequence[str], limit: int) -> Sequence[Delivery]:
        """What is to come in the order of time, what is settled the newest first."""
        ...

    async def counts(self) -> Mapping[str, int]: ...
    async def stopped(self) -> Sequence[Stopped]: ...
    async def retry(self, number: int, now: datetime) -> Delivery: ...
    async def drop(self, number: int, now: datetime) -> Delivery: ...
    async def resume(self, place: str) -> None: ...


class Chapters(Protocol):
    """What the sessions are about, one after the other; UserError says why a change makes no sense.

    Fields are `title`, `reading`, `homework`, `guest`, `note` and `chapters`; what is not named stays as it is.
    """

    @property
    def changed(self) -> bool:
        """Whether admins changed the list: then the host's file no longer counts for it."""
        ...

    def topics(self, now: datetime) -> Sequence[Topic]: ...
    async def add(self, now: datetime, place: int | None, **fields: Any) -> Sequence[Coming]: ...
    async def change(self, now: datetime, place: int, **fields: Any) -> Sequence[Coming]: ...
    async def move(self, now: datetime, place: int, to: int) -> Sequence[Coming]: ...
    async def drop(self, now: datetime, place: int) -> Sequence[Coming]: ...
    async def reset(self, now: datetime) -> Sequence[Coming]:
        """The list of the host's file again."""
        ...

    async def call(self, now: datetime, *, group: str, host: str | None) -> None:
        """What the group is called, and who hosts it; empty and None leave it as it is."""
        ...


class Steering(Protocol):
    """The programme in force, as it was when it was last loaded or changed.

    Each verb that changes it gives what will be posted from now on, the nearest first; UserError says why nothing
    was changed, and what would be right. A session goes by its `Planned.key`.
    """

    @property
    def group(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def zone(self) -> str:
        """Whose clocks the group follows."""
        ...

    @property
    def calendar(self) -> str:
        """The address of the feed."""
        ...

    @property
    def revision(self) -> int:
        """How often the programme was changed."""
        ...

    @property
    def paused(self) -> date | None:
        """From when on nobody meets."""
        ...

    @property
    def misfits(self) -> Sequence[str]:
        """Changes that no longer fit the host's file and are left out, each with why, as plain text."""
        ...

    @property
    def reminders(self) -> Sequence[Reminder]: ...
    @property
    def chapters(self) -> Chapters: ...
    @property
    def thread(self) -> Thread: ...
    @property
    def deliveries(self) -> Deliveries: ...

    async def load(self) -> None:
        """Read what was changed, also by another process."""
        ...

    def current(self, now: datetime) -> Planned | None:
        """The session that is on, or else the next one."""
        ...

    def next(self, now: datetime) -> Planned | None: ...
    def on(self, day: date, now: datetime) -> Planned:
        """The session to come that is held on a day, or else was planned for it."""
        ...

    def plan(self, now: datetime, weeks: int) -> Sequence[Planned]:
        """From the current session on, with the dates on which nobody meets."""
        ...

    async def coming(self) -> Sequence[Coming]:
        """What is owed and not posted yet, the nearest first."""
        ...

    def ahead(self, starts: datetime, now: datetime) -> Sequence[Coming]:
        """What will be posted for the session that starts then, too far ahead to be owed yet."""
        ...

    async def day(self, text: str, now: datetime, line: Line) -> date: ...
    async def when(self, text: str, now: datetime, line: Line) -> datetime: ...
    async def skip(self, session: str, now: datetime) -> Sequence[Coming]: ...
    async def cancel(self, session: str, now: datetime) -> Sequence[Coming]: ...
    async def move(self, session: str, to: datetime, now: datetime) -> Sequence[Coming]: ...
    async def add(self, at: datetime, now: datetime) -> Sequence[Coming]: ...
    async def set(
        self,
        first: date | None,
        now: datetime,
        *,
        at: time | None = None,
        zone: str | None = None,
        every_weeks: int | None = None,
    ) -> Sequence[Coming]:
        """Another rhythm from a day on, which is its first, or from the next session on; None leaves all else."""
        ...

    async def pause(self, since: date | None, now: datetime) -> Sequence[Coming]:
        """Nobody meets from that day on; None is at once."""
        ...

    async def resume(self, since: date | None, now: datetime) -> Sequence[Coming]: ...
    async def remind(self, kind: str, offset: str | None, now: datetime) -> Sequence[Coming]: ...
    async def tidy(self, now: datetime) -> Sequence[Coming]:
        """Forget the misfits."""
        ...


def said(day: date) -> str:
    """`Wed 9 Dec 2026`: the weekday shows a slip at once."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def from_now_on(steering: Steering, coming: Sequence[Coming], now: datetime, about: datetime | None = None) -> str:
    """What will be posted: for the session that starts then, if anything is, else the next of all."""
    zone = steering.zone
    own = [each for each in coming if each.starts == about]
    own += steering.ahead(about, now) if about else ()
    shown = (own or coming)[:SHOWN]
    if not shown:
        return "From now on I post nothing: no session is near."
    more = len(own or coming) - len(shown)
    lines = [f"- {moment(each.at, zone)}: {code(each.kind)} for {escape(each.title)}" for each in shown]
    rest = [f"- and {plural(more, 'message')} more in the weeks after"] if more else []
    return "\n".join([f"From now on I post{' for it' if own else ''}:\n", *lines, *rest])


def nothing(steering: Steering, prefix: str) -> str:
    """What to say where no session is planned."""
    paused = steering.paused
    why = f"The programme pauses, from {said(paused)} on." if paused else "No session is planned from now on."
    how = f"{code(prefix + 'schedule resume')} ends that" if paused else f"{code(prefix + 'session add')} adds one"
    return f"{why} For admins: {how}."


def near(steering: Steering, now: datetime, about: datetime | None = None) -> Sequence[Planned]:
    """The next weeks of the plan, or those around a date that is further ahead."""
    if about is None or about <= now + WEEKS:
        return steering.plan(now, WEEKS // A_WEEK)
    plan = steering.plan(now, (about - now + WEEKS) // A_WEEK)
    return [each for each in plan if abs(each.starts - about) <= WEEKS / 2]


def table(zone: str, plan: Sequence[Planned]) -> Table:
    """The dates of a plan, by the group's clocks."""
    local = [(each, each.starts.astimezone(ZoneInfo(zone))) for each in plan]
    return Table(
        columns=("week", f"when ({zone})", "what", ""),
        rows=tuple(
            (each.number or "", f"{said(at)}, {at:%H:%M}", each.title or "nobody meets", _state(each))
            for each, at in local
        ),
    )


def _state(planned: Planned) -> str:
    state = {"on": "just now", "planned": "", "skipped": "skipped", "cancelled": "cancelled"}[planned.state]
    return ", ".join(filter(None, [state, "moved" if planned.moved else "", planned.guest]))

"""The reading plan of a group as frozen values: who meets when, what they read, and what is said around it.

Meetings follow the sessions that are *held*: the first session has the first meeting of the plan, and a skipped
week pushes the rest. All moments are arguments; nothing here reads a clock or a file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from bot.errors import StartError
from bot.programme.wording import TEMPLATES, Template
from scheduler.due import LENGTH, Due, Plan, due, standing, upcoming, weekly
from scheduler.offsets import Weekday
from scheduler.series import Occurrence, Series
from scheduler.zones import START, utc

OPENING = "open"
"""The kind of message that opens a week's thread."""
TURNING = (OPENING, "remind-week")
"""The kinds of messages that turn to the next session: they wait until the one before it is over."""
LEFTOVERS = "leftovers"
"""The kind of message that says, right after a session, what is left of it."""
PROPOSAL = "catchup"
"""The kind of message that proposes times to catch up."""
VOTED = "catchup-voted"
"""The kind of message that says when the catch-up is: it follows from the slots, and so is in no plan."""
CHANGED = "changed"
"""The kind of message that says in an open thread that its session is moved or called off: it is in no plan."""
QUESTIONNAIRE = "questionnaire"
"""The kind of message that asks about the chapter that has just ended."""
QUESTIONS = (QUESTIONNAIRE, "question", "question-more")
"""The kinds of messages that put a question to the group."""
NOTICE = timedelta(hours=2)
"""Before the first slot of a catch-up its vote is closed."""
AT_ONCE = timedelta(hours=2)
"""After a session: leftovers that follow within this come before what turns to the next one."""
A_MINUTE = timedelta(minutes=1)
AFTERWARDS = timedelta(days=12)
"""Nothing is voted on longer after a session: a proposal and a slot lie within nine days of it, gaps included."""


class ProgrammeError(StartError):
    """A programme that cannot be; says where (`file:line:`), what was wrong and what would be right."""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter of the book."""

    number: int
    title: str
    reading: tuple[str, ...] = ()
    homework: tuple[str, ...] = ()
    questionnaire: bool = True
    """Whether the book asks questions at its end."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What one session is about."""

    title: str
    chapters: tuple[int, ...] = ()
    reading: tuple[str, ...] = ()
    """To read before it, section by section."""
    homework: tuple[str, ...] = ()
    """To do after it."""
    guest: str = ""
    note: str = ""
    finished: tuple[int, ...] = ()
    """The chapters that end here and have a questionnaire."""


OPEN_END = Meeting(title="Open session")
"""What a session is about when the plan names no chapters."""


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Everything a host decides. A plan without meetings goes on for as long as its series does."""

    group: str
    series: Series
    host: str = ""
    key: str = "book"
    """What the series is called for good: part of the key of everything that is posted."""
    length: timedelta = LENGTH
    plan: Plan = field(default_factory=weekly)
    meetings: tuple[Meeting, ...] = ()
    slots: tuple[Weekday, ...] = ()
    """When to catch up, told from the session."""
    wording: Mapping[str, Template] = field(default_factory=lambda: TEMPLATES, hash=False)
    cancelled: Mapping[date, datetime] = field(default_factory=dict[date, datetime], hash=False)
    """Sessions that were called off after they had been announced: when they would have started."""
    paused: date | None = None
    """From this date on nobody meets, until the programme goes on."""
    opened: Mapping[date, datetime] = field(default_factory=dict[date, datetime], hash=False)
    """Threads that were opened by hand, before their time: by the session's date, when."""

    def __post_init__(self) -> None:
        for name in ("wording", "cancelled", "opened"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def meeting(self, session: Occurrence) -> Meeting:
        """What a session is about."""
        return self.meetings[session.number - 1] if session.number <= len(self.meetings) else OPEN_END

    def between(self, after: datetime, until: datetime) -> list[Occurrence]:
        """The sessions with after < `starts` ≤ until."""
        return [session for session in self.series.between(after, until) if self.held(session)]

    def next(self, after: datetime) -> Occurrence | None:
        """The first session that starts after that moment, or None."""
        session = self.series.next(after)
        return session if session and self.held(session) else None

    def current(self, now: datetime) -> Occurrence | None:
        """The session that is on, or else the next one."""
        return self.next(now - self.length)

    def before(self, session: Occurrence) -> Occurrence | None:
        """The session held before another one."""
        reach = timedelta(weeks=2 * self.series.every_weeks + 60)
        held = self.between(session.starts - reach, session.starts - timedelta.resolution)
        return held[-1] if held else None

    def sessions(self, most: int = 500) -> Iterator[Occurrence]:
        """All sessions in the order they are held, `most` at most: a plan without meetings has no end."""
        session = self.next(START)
        while session and most:
            yield session
            session, most = self.next(session.starts), most - 1

    def due(self, since: datetime, now: datetime) -> list[Due]:
        """`scheduler.due.due` for the sessions of this programme."""
        since, now = utc(since), utc(now)
        found = due(self.series, self.plan, self._waited(since), now)
        return self._said(found, self._votes(since, now, seen=now), since, now)

    def upcoming(self, after: datetime, until: datetime) -> list[Due]:
        """`scheduler.due.upcoming` for the sessions of this programme."""
        after, until = utc(after), utc(until)
        found = upcoming(self.series, self.plan, self._waited(after), until)
        return self._said(found, self._votes(after, until, seen=START), after, until)

    def standing(self, now: datetime) -> list[Due]:
        """`scheduler.due.standing` for the sessions of this programme."""
        votes = (each for each in self._votes(now - AFTERWARDS, now, seen=utc(now)) if not each.expired)
        return self._said(standing(self.series, self.plan, now), votes, START, utc(now))

    def held(self, session: Occurrence) -> bool:
        """Whether the series' session is one of the programme: not after its last meeting, not while it pauses."""
        ended = bool(self.meetings) and session.number > len(self.meetings)
        return not ended and (self.paused is None or session.local.date() < self.paused)

    def homework(self, session: Occurrence) -> tuple[str, ...]:
        """What is to be done before a session: the session before it said so."""
        return self.meetings[session.number - 2].homework if 2 <= session.number <= len(self.meetings) + 1 else ()

    def catchups(self, session: Occurrence) -> tuple[datetime, ...]:
        """When people can catch up on a session: after it is proposed, and not next to another session."""
        said = max(session.starts, self._proposed(session) or session.starts)
        found = sorted(slot.moment(session.starts, self.series.clocks) for slot in self.slots)
        late = (at for at in found if at > said)
        return tuple(
            at for at in late if not self.between(at - self.length, at + self.length - timedelta.resolution)
        )

    def opening(self, session: Occurrence) -> Due | None:
        """When the thread of a session opens, or did; None where none is opened."""
        notice = next((each for each in self.plan.notices if each.kind == OPENING), None)
        if notice is None:
            return None
        at = notice.at.moment(session.starts, self.series.clocks)
        void = notice.void(session.starts, at, self.series.clocks)
        due = Due(kind=OPENING, occurrence=session, at=at, valid_until=void, anew=notice.anew, expired=False)
        by_hand = self._by_hand(due)
        return self._after(due) if by_hand is None else replace(due, at=by_hand)

    def vote(self, session: Occurrence) -> Due | None:
        """When the vote on the catch-up of a session is closed, and what it came to is said."""
        slots, said = self.catchups(session), self._proposed(session)
        if not slots or said is None:
            return None
        # In time to make room for it, but not before people have had half of the time to vote.
        at = max(slots[0] - NOTICE, said + (slots[0] - said) / 2)
        return Due(kind=VOTED, occurrence=session, at=at, valid_until=slots[-1], anew=False, expired=False)

    def asks(self, session: Occurrence) -> bool:
        """Whether a session has a questionnaire: a chapter ends with it, or the plan names none."""
        return not self.meetings or bool(self.meeting(session).finished)

    def covered(self, now: datetime) -> tuple[int, ...]:
        """The chapters with questions that ended in a session by now, in the order of the sessions."""
        begun = (session for session in self.sessions(len(self.meetings)) if session.starts <= now)
        return tuple(dict.fromkeys(number for each in begun for number in self.meeting(each).finished))

    def _said(self, found: Iterable[Due], votes: Iterable[Due], after: datetime, until: datetime) -> list[Due]:
        """Of what is due by the series, and of the votes, what is said with after < `at` ≤ until."""
        held = (each for each in (*self._timed(found, after, until), *votes) if self.held(each.occurrence))
        said = (each for each in held if each.kind != QUESTIONNAIRE or self.asks(each.occurrence))
        return sorted(said, key=lambda each: each.at)

    def _timed(self, found: Iterable[Due], after: datetime, until: datetime) -> Iterator[Due]:
        """Opened by hand, or when the session before is over; what is void by then is not said."""
        for each in found:
            by_hand = self._by_hand(each)
            if by_hand is not None and after < each.at:
                yield replace(each, at=by_hand)
            elif by_hand is None:
                due = self._after(each)
                if after < due.at <= until and (due.at == each.at or due.at < due.valid_until):
                    yield due

    def _by_hand(self, due: Due) -> datetime | None:
        return self.opened.get(due.occurrence.date) if due.kind == OPENING else None

    def _after(self, due: Due) -> Due:
        """What turns to a session waits until the one before it is over, however that was moved."""
        before = self.before(due.occurrence) if due.kind in TURNING else None
        if before is None or due.at >= before.starts + self.length:
            return due
        # One after the other: what falls due in one minute goes out in the order in which it was written down.
        return replace(due, at=self._over(before) + (TURNING.index(due.kind) + 1) * A_MINUTE)

    def _over(self, session: Occurrence) -> datetime:
        """When a session is over, and its leftovers are said if they follow at once."""
        end = session.starts + self.length
        notice = next((each for each in self.plan.notices if each.kind == LEFTOVERS), None)
        said = notice.at.moment(session.starts, self.series.clocks) if notice else end
        return said if end <= said <= end + AT_ONCE else end

    def _waited(self, after: datetime) -> datetime:
        """From when on a message may have been due by the series that has waited until then."""
        return max(after - self.plan.reach - self.length - AT_ONCE - len(TURNING) * A_MINUTE, START)

    def _votes(self, after: datetime, until: datetime, seen: datetime) -> Iterator[Due]:
        """The ends of votes with after < `at` ≤ until; void are those that are so at the moment `seen`."""
        for session in self.series.between(after - AFTERWARDS, until):
            due = self.vote(session)
            if due and after < due.at <= until:
                yield replace(due, expired=due.valid_until <= seen)

    def _proposed(self, session: Occurrence) -> datetime | None:
        """When the catch-up is proposed; None where it is not."""
        notice = next((each for each in self.plan.notices if each.kind == PROPOSAL), None)
        return notice and notice.at.moment(session.starts, self.series.clocks)

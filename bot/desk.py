"""Where an admin sees to what is owed: the deliveries, and the thread of the week.

Fulfils `bot.steering.Deliveries` and `bot.steering.Thread`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.agenda import AHEAD, Agenda
from bot.errors import PlatformError, UserError
from bot.programme import OPENING
from bot.steering import Delivery, Pinned, Stopped
from bot.values import PostRef, code, escape, moment, plural
from scheduler import deliveries
from scheduler.owed import SETTLED, Entry, State
from scheduler.series import Occurrence

MOST = 500
"""Rows: more than eight weeks of them, in a few places."""
REACH = timedelta(weeks=8)


class Threads(Protocol):
    """Where each session is talked about (`bot.threads`)."""

    async def of(self, series: str, session: str) -> Sequence[PostRef]:
        """The first posts of its thread, one for each place that has it."""
        ...


class Pins(Protocol):
    """A platform, as far as it is needed here."""

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Pin a post, or unpin it; doing it twice is harmless."""
        ...


class Desk:
    """The deliveries."""

    def __init__(self, agenda: Agenda, rows: deliveries.Deliveries) -> None:
        self._agenda, self._rows = agenda, rows

    async def list(self, states: Sequence[str], limit: int) -> Sequence[Delivery]:
        """What is to come in the order of time, what is settled the newest first."""
        return [self.delivery(each) for each in await self._rows.list(*map(State, states), limit=limit)]

    async def counts(self) -> Mapping[str, int]:
        """How many there are in each state."""
        return {state.value: count for state, count in (await self._rows.counts()).items()}

    async def stopped(self) -> Sequence[Stopped]:
        """The places that refused us."""
        return [
            Stopped(place=each.place, reason=each.reason, since=each.since) for each in await self._rows.stopped()
        ]

    async def retry(self, number: int, now: datetime) -> Delivery:
        """Send after all what is dead or was dropped, or at once what waits after a failure."""
        found = await self._get(number)
        if not await self._rows.again(number, now):
            raise UserError(f"{self._stands(found)} Only what has failed or was dropped can be sent again.")
        return self.delivery(await self._get(number))

    async def drop(self, number: int, now: datetime) -> Delivery:
        """Do not send it, unless it is asked for again."""
        found = await self._get(number)
        if not await self._rows.drop(number, now):
            raise UserError(f"{self._stands(found)} Only what may still be sent can be dropped.")
        return self.delivery(await self._get(number))

    async def resume(self, place: str) -> None:
        """Deliver to a place again that had refused us."""
        if await self._rows.resume(place):
            return
        stopped = " and ".join(code(each.place) for each in await self._rows.stopped())
        there = f"Stopped: {stopped}." if stopped else "No place is."
        raise UserError(f"{code(place[:80])} is not stopped. {there}")

    def delivery(self, entry: Entry) -> Delivery:
        """A row in plain values."""
        session = self._agenda.session_of(entry.owed)
        title = self._agenda.programme.meeting(session).title if session else "no longer held"
        return Delivery(
            number=entry.id,
            kind=entry.owed.kind,
            title=title,
            place=entry.owed.place,
            at=entry.settled or entry.try_at,
            state=entry.state.value,
            attempts=entry.attempts,
            error=entry.error or "",
        )

    async def _get(self, number: int) -> Entry:
        found = await self._rows.get(number)
        if found is None:
            raise UserError(f"There is no delivery {number}. Each has its number in the list of deliveries.")
        return found

    def _stands(self, entry: Entry) -> str:
        at = moment(entry.settled or entry.try_at, self._agenda.programme.series.zone)
        return {
            State.OWED: f"Delivery {entry.id} waits for its time, {at}.",
            State.LEASED: f"Delivery {entry.id} is being sent just now.",
            State.DONE: f"Delivery {entry.id} was sent, {at}.",
            State.EXPIRED: f"Delivery {entry.id} came too late to be worth saying, {at}.",
            State.DEAD: f"Delivery {entry.id} was given up, {at}.",
            State.WITHDRAWN: f"Delivery {entry.id} was taken back, {at}: its session or its reminder is off.",
            State.DROPPED: f"Delivery {entry.id} was dropped, {at}.",
        }[entry.state]


class WeekThread:
    """The thread of the current session."""

    def __init__(
        self,
        agenda: Agenda,
        rows: deliveries.Deliveries,
        threads: Threads,
        platforms: Mapping[str, Pins],
    ) -> None:
        self._agenda, self._rows = agenda, rows
        self._threads, self._platforms = threads, platforms
        self._desk = Desk(agenda, rows)

    async def openings(self, now: datetime) -> Sequence[Delivery]:
        """How its opening stands in each place."""
        session = self._agenda.programme.current(now)
        return [self._desk.delivery(each) for each in await self._openings(session)] if session else []

    async def open(self, now: datetime) -> Sequence[Delivery]:
        """Post its opening now, wherever it was not."""
        await self._agenda.materialise(now)
        session = self._agenda.programme.current(now)
        if session is None:
            raise UserError("No session is planned, so there is no thread to open.")
        rows = [each for each in await self._openings(session) if each.state is not State.WITHDRAWN]
        if not rows:
            raise UserError(self._why_not(session, now))
        dropped = [each for each in rows if each.state is State.DROPPED]
        for each in dropped:
            await self._rows.again(each.id, now)
        if dropped:
            rows = await self._openings(session)
        waits = (each.state not in (State.DONE, State.LEASED) and each.try_at > now for each in rows)
        if any(waits) or any(each.state is State.DEAD for each in rows):
            await self._agenda.change(lambda changes: changes.opening(session.date, now), now)
        return [self._desk.delivery(each) for each in await self._openings(session)]

    async def pin(self, *, pinned: bool, now: datetime) -> Pinned:
        """Pin or unpin it; the one of last week, where this week's is not open yet."""
        programme = self._agenda.programme
        for session in self._latest(now):
            posts = await self._threads.of(programme.key, session.key)
            for post in posts:
                await self._pin(post, pinned=pinned)
            if posts:
                places = [f"{post.place.platform}:{post.place.id}" for post in posts]
                return Pinned(title=programme.meeting(session).title, places=places)
        raise UserError("No thread is open yet, neither this week's nor the last one's.")

    async def _pin(self, post: PostRef, *, pinned: bool) -> None:
        platform = self._platforms.get(post.place.platform)
        if platform is None:
            raise UserError(f"{code(post.place.platform)} is not set up here, so nothing can be pinned there.")
        try:
            await platform.pin(post, pinned=pinned)
        except PlatformError as problem:
            what = "pin" if pinned else "unpin"
            raise UserError(
                f"I could not {what} it in {code(post.place.platform)}: {escape(str(problem))}."
            ) from problem

    def _latest(self, now: datetime) -> list[Occurrence]:
        """The current session and the one before it, if there are such."""
        programme = self._agenda.programme
        current = programme.current(now)
        before = programme.before(current) if current else None
        if current is None:
            held = programme.between(now - REACH, now)
            before = held[-1] if held else None
        return [each for each in (current, before) if each]

    async def _openings(self, session: Occurrence) -> Sequence[Entry]:
        key = self._agenda.programme.key
        waiting = await self._rows.list(State.OWED, State.LEASED, series=key, limit=MOST)
        settled = await self._rows.list(*SETTLED, series=key, limit=MOST)
        mine = (key, session.key, OPENING)
        return sorted(
            (each for each in (*waiting, *settled) if each.owed.parts[:3] == mine),
            key=lambda each: each.owed.place,
        )

    def _why_not(self, session: Occurrence, now: datetime) -> str:
        programme = self._agenda.programme
        opening = programme.opening(session)
        if opening is None:
            return f"Opening threads is turned off: the reminder {code(OPENING)} sets when they open."
        at, weeks = moment(opening.at, programme.series.zone), plural(AHEAD.days // 7, "week")
        return (
            f"The thread of the next session opens on {at}. That is more than "
            f"{weeks} from now, which is too far ahead to open it already."
        )

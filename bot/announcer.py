"""What the pump posts with: a row of the outbox → its message → the platform, under the row's own key."""

import json
import logging
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Row, Table, Text, select, update

from bot import errors, notices
from bot.agenda import Agenda
from bot.database import Database, insert, metadata
from bot.messages import Gathered, message
from bot.notebook import Notebook
from bot.notes import Between
from bot.pages import Pages
from bot.platform import Platform
from bot.programme import CHANGED, OPENING, PROPOSAL, QUESTIONNAIRE, QUESTIONS, VOTED, Week, week
from bot.questionnaire import Item
from bot.questions import Questions
from bot.values import Place, PostRef, Reply
from scheduler.due import Due
from scheduler.errors import Moot, Refused, Retryable, Unsendable
from scheduler.owed import Owed
from scheduler.series import Occurrence

log = logging.getLogger(__name__)

RECENT = timedelta(weeks=1)
"""For how long the thread of a week without a session is kept up to date."""

threads = Table(
    "threads",
    metadata,
    Column("series", Text, primary_key=True),
    Column("occurrence", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("thread", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("said", Text),
)
"""The first post of each week's thread, and a hash of what it last said."""


class Announcer:
    """Fulfils `scheduler.ports.Sender` for one programme on any number of platforms."""

    def __init__(
        self,
        agenda: Agenda,
        pages: Pages,
        notebook: Notebook,
        questions: Questions,
        database: Database,
        platforms: Mapping[str, Platform],
        *,
        now: Callable[[], datetime],
        prefix: str,
    ) -> None:
        self._agenda, self._pages = agenda, pages
        self._notebook, self._questions = notebook, questions
        self._database = database
        self._platforms, self._now, self._prefix = platforms, now, prefix

    async def send(self, owed: Owed) -> str:
        """Post it; the post's id. A week's opening is pinned in the place of the one before."""
        if owed.kind == CHANGED:
            return (await self._tell(owed)).id
        due = self._agenda.due(owed)
        if due is None:
            raise Retryable("its session is no longer held; the row is about to be withdrawn")
        platform, place = self._platform(owed), _place(owed)
        said = message(
            self._agenda.programme,
            due,
            await self._gathered(owed, due, place),
            now=self._now(),
            prefix=self._prefix,
        )
        with _as_the_scheduler_says():
            if due.kind == OPENING:
                post = await platform.open(place, said.title, said.reply, key=owed.key)
                await self._opened(platform, owed, due, post)
            else:
                thread, *_ = await self._threads(owed, due)
                post = await platform.post(thread, said.reply, key=owed.key)
        return post.id

    async def find(self, owed: Owed) -> str | None:
        """The id of its post, if a try that broke off left one; an opening is then brought to its end."""
        due, platform = self._agenda.due(owed), self._platform(owed)
        with _as_the_scheduler_says():
            if owed.kind == CHANGED:
                thread = await self._thread(owed)
                place = replace(_place(owed), id=thread.thread) if thread else _place(owed)
                found = await platform.find(place, owed.key)
            elif due is None or due.kind == OPENING:
                found = await platform.find(_place(owed), owed.key)
            else:
                found = await self._found(platform, owed, due)
            if found and due and due.kind == OPENING:
                await self._opened(platform, owed, due, found)
        return found and found.id

    async def refresh(self) -> None:
        """Bring the first post of the current week's thread up to what the group has gathered since.

        That of a week without a session says that nobody meets.
        """
        since = (self._now() - RECENT).date().isoformat()
        mine = (threads.c.series == self._agenda.programme.key, threads.c.occurrence >= since)
        async with self._database.read() as connection:
            rows = (await connection.execute(select(threads).where(*mine))).all()
        for row in rows:
            await self._keep(row)

    async def _keep(self, row: Row[Any]) -> None:
        """Bring the first post of one thread up to date, for as long as it is to come."""
        said = await self._says(row) if row.place.partition(":")[0] in self._platforms else None
        if said is None or row.said == _hash(said):
            return
        platform, _, _ = row.place.partition(":")
        try:
            post = PostRef(place=Place(platform=platform, id=row.thread), id=row.post)
            await self._platforms[platform].edit(post, said)
        except errors.PlatformError as problem:
            log.warning("a thread's first post is not up to date: %s", problem, extra={"place": row.thread})
            return
        async with self._database.write() as connection:
            mine = (threads.c.series == row.series, threads.c.occurrence == row.occurrence)
            change = update(threads).where(*mine, threads.c.place == row.place)
            await connection.execute(change.values(said=_hash(said)))

    async def _says(self, row: Row[Any]) -> Reply | None:
        """What the first post of a thread says by now; None where it stays as it is."""
        programme, now, day = self._agenda.programme, self._now(), date.fromisoformat(row.occurrence)
        session = programme.series.on(day)
        if session is None or not programme.held(session):
            starts = notices.planned(programme, day)
            return notices.called_off(programme, starts, now) if starts > now else None
        current, due = programme.current(now), programme.opening(session)
        if due is None or current is None or current.key != session.key:
            return None
        return await self._opening(self._agenda.owed(due, row.place), due)

    async def _tell(self, owed: Owed) -> PostRef:
        """Say in the thread of a session that it is moved or called off; Moot where nobody was told otherwise."""
        thread, session = await self._thread(owed), self._agenda.session_of(owed)
        before = json.loads(owed.payload)["was"]
        was = before and datetime.fromisoformat(before)
        if thread is None:
            raise Moot("its thread is not open")
        if session and session.starts == was:
            raise Moot("it is held as it was planned")
        said = notices.changed(self._agenda.programme, session, was, self._now())
        with _as_the_scheduler_says():
            place = replace(_place(owed), id=thread.thread)
            post = await self._platform(owed).post(place, said, key=owed.key)
        await self._keep(thread)
        return post

    async def _thread(self, owed: Owed) -> Row[Any] | None:
        """The thread of the session that a row is about, in its place."""
        mine = (threads.c.series == self._agenda.programme.key, threads.c.place == owed.place)
        day = json.loads(owed.payload)["date"]
        async with self._database.read() as connection:
            found = await connection.execute(select(threads).where(*mine, threads.c.occurrence == day))
        return found.one_or_none()

    async def _opening(self, owed: Owed, due: Due) -> Reply:
        """What the first post of a week's thread says by now, as told when it was due."""
        gathered = await self._gathered(owed, due, _place(owed))
        return message(self._agenda.programme, due, gathered, now=due.at, prefix=self._prefix).reply

    async def _gathered(self, owed: Owed, due: Due, place: Place) -> Gathered:
        """What the notebook holds for a message; what is still open stands on the page of now."""
        session, notebook = due.occurrence, self._notebook
        page = await self._pages.session(self._now())
        before = self._agenda.programme.before(session)
        told = before if due.kind == OPENING and before is not None else session
        links = await notebook.links.of(place, session.key)
        blogs = await notebook.blogs.of(place, told.key)
        questions = await notebook.questions.of(place, (page or Between()).key, ("open", "skipped"))
        items = len(self._agenda.programme.homework(told))
        chosen, votes = await self._vote(owed, due, place) if due.kind == VOTED else (None, 0)
        return Gathered(
            links=tuple((each.address, each.note, each.author) for each in links),
            blogs=tuple((each.address, each.note, each.author) for each in blogs),
            open_questions=tuple((each.number, each.text, each.author) for each in questions),
            homework_done=await notebook.homework.finished(place, told.key, items),
            previous=await self._address(place, before) if due.kind == OPENING and before is not None else "",
            chosen=chosen,
            votes=votes,
            item=await self._question(owed, due),
        )

    async def _question(self, owed: Owed, due: Due) -> Item | None:
        """The question that a message puts to the group, the same everywhere; Moot where it has nothing to ask."""
        if due.kind not in QUESTIONS:
            return None
        if await self._questions.paused():
            raise Moot("the host lets no questions be asked for a while")
        programme, now = self._agenda.programme, self._now()
        ended = programme.meeting(due.occurrence).finished if due.kind == QUESTIONNAIRE else ()
        come = programme.covered(now) if programme.meetings else None
        item = await self._questions.prompt((owed.series, owed.occurrence, due.kind), (ended, come), now)
        if item is None and due.kind != QUESTIONNAIRE:
            raise Moot("there is no question on what the group has come to")
        return item

    async def _vote(self, owed: Owed, due: Due, place: Place) -> tuple[datetime | None, int]:
        """Close the vote on the catch-up: when it is, and how many people that suits. Closing twice is once."""
        page = week(self._agenda.programme, due.at)
        if page is None:
            return None, 0
        await self._collect(owed, due, place, page)
        # Said late, it still names a time that is to come.
        slots = [slot.starts for slot in page.slots if slot.starts > self._now()]
        chosen, _new = await self._notebook.catchup.close(place, page.key, slots, self._now())
        poll = await self._notebook.catchup.of(place, page.key)
        return chosen, poll.votes.get(chosen, 0) if chosen else 0

    async def _collect(self, owed: Owed, due: Due, place: Place, page: Week) -> None:
        """Put what people voted in the proposal itself, where a platform has such votes, to those by command."""
        platform = self._platform(owed)
        with _as_the_scheduler_says():
            post = await self._found(platform, replace(owed, kind=PROPOSAL), due)
            votes = await platform.votes(post) if post else ()
        for slot, people in zip(page.slots, votes, strict=False):  # slots may have changed since
            for person in people:
                await self._notebook.catchup.vote(place, page.key, person, slot.starts, self._now())

    async def _address(self, place: Place, session: Occurrence) -> str:
        """Where the thread of an earlier week is; empty where there was none."""
        where = (threads.c.place == f"{place.platform}:{place.id}", threads.c.occurrence == session.key)
        async with self._database.read() as connection:
            row = (await connection.execute(select(threads).where(*where))).one_or_none()
        platform = self._platforms.get(place.platform)
        if row is None or platform is None:
            return ""
        return platform.address(PostRef(place=Place(platform=place.platform, id=row.thread), id=row.post))

    async def _opened(self, platform: Platform, owed: Owed, due: Due, post: PostRef) -> None:
        """Write the week's thread down, pin it, and unpin every earlier one. Doing it twice is harmless."""
        mine = (threads.c.series == owed.series, threads.c.place == owed.place)
        said = _hash(await self._opening(owed, due))
        async with self._database.write() as connection:
            values = {"thread": post.place.id, "post": post.id, "said": said}
            row = insert(connection, threads).values(
                series=owed.series, occurrence=due.occurrence.key, place=owed.place, **values
            )
            await connection.execute(
                row.on_conflict_do_update(index_elements=["series", "occurrence", "place"], set_=values)
            )
            earlier = (await connection.execute(select(threads).where(*mine, threads.c.post != post.id))).all()
        await _pin(platform, post, pinned=True)
        for row in earlier:
            place = Place(platform=post.place.platform, id=row.thread)
            await _pin(platform, PostRef(place=place, id=row.post), pinned=False)

    async def _threads(self, owed: Owed, due: Due) -> list[Place]:
        """Where a message goes, and after it where an earlier try of it may have gone.

        Before the session that is its own thread; after it people are in the newest one, which is the next week's
        by then. Without a thread it is the place itself.
        """
        mine = (threads.c.series == owed.series, threads.c.place == owed.place)
        query = select(threads.c.occurrence, threads.c.thread).where(*mine).order_by(threads.c.occurrence)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        own = [row.thread for row in rows if row.occurrence == due.occurrence.key]
        newest = [row.thread for row in rows[-1:]]
        places = [*own, *newest] if self._now() < due.occurrence.starts else [*newest, *own]
        found = [Place(platform=_place(owed).platform, id=each) for each in dict.fromkeys(places)]
        return found or [_place(owed)]

    async def _found(self, platform: Platform, owed: Owed, due: Due) -> PostRef | None:
        """The post of a message, wherever an earlier try put it."""
        for thread in await self._threads(owed, due):
            if found := await platform.find(thread, owed.key):
                return found
        return None

    def _platform(self, owed: Owed) -> Platform:
        name = owed.place.partition(":")[0]
        if name not in self._platforms:
            raise Retryable(f"{name} is not set up here", after=3600.0)
        return self._platforms[name]


async def _pin(platform: Platform, post: PostRef, *, pinned: bool) -> None:
    """Pin it, or not: a thread that the platform lets nobody pin is a thread all the same."""
    try:
        await platform.pin(post, pinned=pinned)
    except errors.Refused as problem:
        log.warning(
            "a thread could not be %s: %s",
            "pinned" if pinned else "unpinned",
            problem,
            extra={"platform": platform.name, "place": post.place.id},
        )


@contextmanager
def _as_the_scheduler_says() -> Generator[None]:
    """A platform's error as the pump knows it."""
    try:
        yield
    except errors.Retryable as problem:
        raise Retryable(str(problem), after=problem.after) from problem
    except errors.Unsendable as problem:
        raise Unsendable(str(problem)) from problem
    except errors.Refused as problem:
        raise Refused(str(problem)) from problem


def _hash(reply: Reply) -> str:
    return sha256(reply.to_json().encode()).hexdigest()


def _place(owed: Owed) -> Place:
    platform, _, id = owed.place.partition(":")  # noqa: A001 - Place's own word
    return Place(platform=platform, id=id)

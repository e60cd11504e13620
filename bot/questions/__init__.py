"""The questionnaires: what they ask, who has answered what, and when it is worth asking again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.database import Database
from bot.errors import UserError
from bot.questionnaire import (
    LEAST_PEOPLE,
    Answer,
    Counted,
    Daily,
    Draft,
    Grade,
    Graded,
    Item,
    Kept,
    Kind,
    Mode,
    Sheet,
    Sitting,
    Standing,
    kind_of,
)
from bot.questions import days, files
from bot.questions.answers import Answers
from bot.questions.bank import bank
from bot.questions.cards import Cards
from bot.questions.items import Items
from bot.questions.order import mixed, prompt
from bot.questions.people import People
from bot.questions.prompts import BY_HAND, Message, Prompt, Prompts
from bot.questions.sittings import Queue, Sittings
from bot.values import Person, escape
from scheduler.errors import SeriesError

LATELY = timedelta(days=6)
"""So long a question to the group is one of those that run: after a week nobody tires of its chapter."""

Covered = Callable[[datetime], Awaitable[Sequence[int]]]


class Questions:
    """Fulfils `bot.questionnaire.Quiz`. `covered` are the chapters the group has come to, `zone` its clocks."""

    def __init__(self, database: Database, *, covered: Covered, zone: Callable[[], str]) -> None:
        self.items, self.cards, self.members = Items(database), Cards(database), People(database)
        self.written, self.sittings, self.prompts = Answers(database), Sittings(database), Prompts(database)
        self._covered, self._zone = covered, zone
        self._ready = False

    async def begun(self, now: datetime) -> None:
        """Have our own questions among the others; once for each process."""
        if not self._ready:
            await self.items.keep_bank(bank(), now)
            self._ready = True

    async def chapters(self) -> Mapping[int, Mapping[Kind, int]]:
        """How many questions of each kind there are in each chapter."""
        return await self.items.counts()

    async def covered(self, now: datetime) -> Sequence[int]:
        """The chapters that the group has come to and that have questions; all before it has come to one."""
        await self.begun(now)
        there = sorted(await self.items.counts())
        come = set(await self._covered(now))
        return [chapter for chapter in there if chapter in come or chapter == 0] or there

    async def item(self, number: int) -> Item | None:
        """The question of that number."""
        return await self.items.get(number)

    async def tasks(self, person: Person, chapters: Sequence[int]) -> Sequence[tuple[Item, bool]]:
        """What there is to do, and whether this member has done it."""
        done = await self.written.by(await self.members.member(person))
        tasks = await self.items.of(chapters, "task")
        return [(each, each.number in done and bool(done[each.number].text)) for each in tasks]

    async def sitting(self, person: Person) -> Sitting | None:
        """The quiz that somebody is at."""
        return await self._sitting(await self.members.member(person))

    async def begin(
        self, person: Person, mode: Mode, chapters: Sequence[int], count: int, now: datetime
    ) -> Sitting | None:
        """Begin a quiz in the place of another."""
        await self.begun(now)
        member = await self.members.member(person)
        chosen = await self._chosen(member, mode, chapters, count, now)
        if not chosen:
            return None
        await self.sittings.begin(member, mode, [each.number for each in chosen], now)
        return await self._sitting(member)

    async def stop(self, person: Person) -> bool:
        """Break a quiz off."""
        return await self.sittings.stop(await self.members.member(person))

    async def answer(self, person: Person, item: Item, text: str, now: datetime) -> None:
        """Keep an answer, and let it be graded."""
        member = await self.members.member(person)
        await self.written.put(member, person.name, item.number, text, now)
        await self.sittings.show(member, item.number)

    async def answers(self, person: Person, item: Item) -> Sequence[Answer]:
        """A member's own answer, and what others share."""
        return await self.written.of(await self.members.member(person), item.number)

    async def share(self, person: Person, item: Item, *, shared: bool) -> bool:
        """Let others see an answer, or no longer."""
        return await self.written.share(await self.members.member(person), item.number, shared=shared)

    async def good(self, person: Person, answer: int) -> Answer | None:
        """Count one who finds an answer good."""
        return await self.written.good(await self.members.member(person), answer)

    async def accept(self, answer: int, *, chosen: bool) -> Answer | None:
        """Mark an answer as the group's."""
        return await self.written.accept(answer, chosen=chosen)

    async def grade(self, person: Person, item: Item, grade: Grade, now: datetime) -> Graded:
        """Count a grade once a day, first for the memory and then for the quiz: done again, nothing is lost."""
        member = await self.members.member(person)
        queue = await self.sittings.of(member)
        current = queue if queue and queue.at(item.number) and queue.shown else None
        if current is None and await self.written.mine(member, item.number) is None:
            return Graded(due=None, why="unseen", sitting=None)
        if current and current.mode == "cram":
            due, why = None, "cram"
        else:
            zone = await self._wall(member)
            since = days.begins(days.today(now, zone), zone)
            spaced = await self.cards.review(member, item.number, grade, now, since)
            due, why = (spaced.due, "") if spaced else (None, "today")
        on = current and await self.sittings.graded(member, item.number, missed=grade == "again")
        return Graded(due=due, why=why, sitting=await self._sitting(member) if on else None)

    async def later(self, person: Person, item: Item) -> Sitting | None:
        """Leave a question out of the quiz."""
        member = await self.members.member(person)
        dropped = await self.sittings.drop(member, item.number)
        return await self._sitting(member) if dropped else None

    async def due(self, person: Person, now: datetime) -> int:
        """How many questions are due before the member's day ends."""
        return len(await self._due(await self.members.member(person), now))

    async def progress(self, person: Person, now: datetime) -> Sequence[Standing]:
        """Where a member stands, chapter by chapter, as far as they have begun or the group has come."""
        member = await self.members.member(person)
        seen, due = await self.cards.of(member, now), set(await self._due(member, now))
        done = {item for item, answer in (await self.written.by(member)).items() if answer.text}
        come, found = set(await self.covered(now)), list[Standing]()
        every = await self.items.of()
        for chapter in sorted({each.chapter for each in every}):
            mine = [each.number for each in every if each.chapter == chapter and each.kind == "recall"]
            tasks = [each.number for each in every if each.chapter == chapter and each.kind == "task"]
            asked = [seen[number] for number in mine if number in seen]
            if asked or chapter in come or done & {*tasks}:
                found.append(
                    Standing(
                        chapter=chapter,
                        questions=len(mine),
                        seen=len(asked),
                        due=len(due & {*mine}),
                        known=sum(each.recalled for each in asked),
                        tasks=len(tasks),
                        done=len(done & {*tasks}),
                    )
                )
        return found

    async def deck(self, person: Person, chapters: Sequence[int]) -> Sequence[tuple[Item, str]]:
        """What a member has answered or been asked, each with its best answer."""
        member = await self.members.member(person)
        own, groups = await self.written.by(member), await self.written.groups()
        seen = own.keys() | set(await self.cards.asked(member))
        found: list[tuple[Item, str]] = []
        for each in await self.items.of(chapters or None):
            if each.number in seen and each.kind == "recall":
                mine = own[each.number].text if each.number in own else ""
                found.append((each, groups.get(each.number) or each.answer or mine))
        return found

    async def keep(self, sheets: Sequence[Sheet], now: datetime) -> Sequence[Kept]:
        """Keep the questions of files."""
        await self.begun(now)
        return await self.items.keep(sheets, now)

    async def take(self, name: str, data: bytes, now: datetime) -> Sequence[Kept]:
        """Keep the questions of one file, or of a zip of files."""
        return await self.keep(await asyncio.to_thread(files.sheets, name, data), now)

    async def add(self, chapter: int, text: str, answer: str, now: datetime) -> tuple[Item, bool]:
        """Keep a question that the group wrote, and whether it is new."""
        draft = Draft(chapter=chapter, number=0, text=text, kind=kind_of(text), answer=answer)
        if not draft.asks:
            raise UserError("A question has letters or digits in it: by its words it is known again.")
        await self.begun(now)
        return await self.items.add(draft, now)

    async def leave_out(self, item: Item, *, out: bool) -> None:
        """Ask a question no more, or again."""
        await self.items.skip(item.number, out=out)

    async def set_kind(self, item: Item, kind: Kind) -> None:
        """Make a question one to recall, or a task."""
        await self.items.set_kind(item.number, kind)

    async def pause(self, *, paused: bool, now: datetime) -> bool:
        """Put no questions to the group for a while, or again."""
        return await self.prompts.pause(paused=paused, now=now)

    async def paused(self) -> bool:
        """Whether the group is asked nothing for a while."""
        return await self.prompts.paused()

    async def prompt(
        self, message: Message, chapters: Sequence[Sequence[int] | None], now: datetime
    ) -> Item | None:
        """What a message of the programme asks the group: chosen once, and the same on every try and platform.

        It is on the first of several selections of chapters that has any; None in their place are all there are.
        """
        await self.begun(now)
        known = await self.prompts.of(message)
        if known is None:
            chosen = await self._next(chapters, now)
            if chosen is None:
                return None
            await self.prompts.put(message, Prompt(item=chosen.number, chapter=chosen.chapter, at=now))
            known = await self.prompts.of(message)
        return await self.items.get(known) if known is not None else None

    async def post(self, item: Item | None, chapters: Sequence[int], now: datetime) -> Item | None:
        """Put a question to the group at the host's word: the one given, or the next one of these chapters."""
        await self.begun(now)
        chosen = item or await self._next((chapters,), now)
        if chosen is not None:
            said = Prompt(item=chosen.number, chapter=chosen.chapter, at=now)
            await self.prompts.put((BY_HAND, now.isoformat(), str(chosen.number)), said)
        return chosen

    async def counted(self) -> Sequence[Counted]:
        """How the questions went that enough people have answered."""
        counts = await self.cards.counted()
        every = [(each, *counts.get(each.number, (0, 0))) for each in await self.items.of()]
        return [
            Counted(item=item, people=people, missed=missed)
            for item, people, missed in every
            if people >= LEAST_PEOPLE
        ]

    async def people(self) -> Mapping[int, int]:
        """How many people have answered anything in each chapter."""
        found = await self.cards.people()
        return {chapter: count for chapter, count in sorted(found.items()) if count >= LEAST_PEOPLE}

    async def code(self, person: Person, now: datetime) -> str:
        """A code by which another account joins this one."""
        return await self.members.code(person, now)

    async def join(self, person: Person, code: str, now: datetime) -> bool:
        """Be the person who asked for that code, with all that both had."""
        merges = (self.cards.merge, self.written.merge, self.sittings.merge)
        return await self.members.join(person, code, now, merges)

    async def daily(self, person: Person) -> Daily | None:
        """A member's reminder."""
        found = await self.members.reminder(await self.members.member(person))
        return found and found.daily

    async def remind(self, person: Person, daily: Daily | None, now: datetime) -> None:
        """Remind a member at that time from now on, the first time when it comes next."""
        member, told = await self.members.member(person), None
        if daily is not None:
            try:
                day = days.today(now, daily.zone)
            except SeriesError as problem:
                raise UserError(escape(str(problem))) from problem
            told = day if days.at(day, daily.clock, daily.zone) <= now else None
        await self.members.remind(member, person, daily, told)

    async def waiting(self, member: str, now: datetime, zone: str) -> int:
        """How many questions are due before a day ends by those clocks."""
        return len(await self.cards.due(member, days.ends(days.today(now, zone), zone)))

    async def of(self, person: Person) -> Mapping[str, Sequence[str]]:
        """All that is kept of one person."""
        member = await self.members.member(person)
        votes = await self.written.found_good(member)
        kept = {
            "answers": await self.written.texts(member),
            "votes for answers": [str(votes)] if votes else [],
            "questions in memory": await self.cards.by(member),
            "quiz": ["one that waits to be gone on with"] if await self.sittings.of(member) else [],
            "reminder and accounts": await self.members.by(member),
        }
        return {kind: rows for kind, rows in kept.items() if rows}

    async def forget(self, person: Person) -> int:
        """Erase it; the group's answers stay without the name."""
        member = await self.members.member(person)
        stopped = await self.sittings.stop(member)
        return stopped + sum([await each.forget(member) for each in (self.written, self.cards, self.members)])

    async def _next(self, chapters: Sequence[Sequence[int] | None], now: datetime) -> Item | None:
        prompts = await self.prompts.all()
        asked = [(each.item, each.chapter) for each in prompts]
        lately = [each.chapter for each in prompts if now - each.at < LATELY]
        recall = await self.cards.recall(now)
        for selection in chapters:
            # What has no chapter fits any.
            items = await self.items.of(None if selection is None else [*selection, *([0] if selection else [])])
            if chosen := prompt(items, asked, lately, recall):
                return chosen
        return None

    async def _chosen(
        self, member: str, mode: Mode, chapters: Sequence[int], count: int, now: datetime
    ) -> Sequence[Item]:
        """What a quiz asks: what is due first, then what is new, then what is known the least."""
        items = {each.number: each for each in await self.items.of(kind="recall")}
        seen, due = await self.cards.of(member, now), await self._due(member, now)
        waiting = [items[number] for number in due if number in items]
        if mode == "due":
            return mixed([each for each in waiting if not chapters or each.chapter in chapters], count)
        mine = [each for each in items.values() if each.chapter in chapters]
        faded = sorted((each for each in mine if each.number in seen), key=lambda each: seen[each.number].recalled)
        if mode == "cram":
            return mixed([*faded, *(each for each in mine if each.number not in seen)], count)
        first = [each for each in waiting if each.chapter in chapters]
        rest = [*(each for each in mine if each.number not in seen), *faded]
        return mixed([*first, *(each for each in rest if each not in first)], count)

    async def _sitting(self, member: str) -> Sitting | None:
        """The quiz; a question that is gone by now is passed over."""
        queue = await self.sittings.of(member)
        if queue is None:
            return None
        while queue and queue.items:
            item = await self.items.asked(queue.items[0])
            if item is not None:
                return _as_sitting(queue, item)
            await self.sittings.drop(member, queue.items[0])
            queue = await self.sittings.of(member)
        return queue and _as_sitting(queue, None)

    async def _due(self, member: str, now: datetime) -> Sequence[int]:
        zone = await self._wall(member)
        return await self.cards.due(member, days.ends(days.today(now, zone), zone))

    async def _wall(self, member: str) -> str:
        """Whose clocks a member's days go by: those of the reminder, else the group's."""
        found = await self.members.reminder(member)
        return found.daily.zone if found else self._zone()


def _as_sitting(queue: Queue, item: Item | None) -> Sitting:
    return Sitting(
        mode=queue.mode,
        item=item,
        shown=queue.shown,
        done=queue.done,
        left=len(queue.items),
        missed=queue.missed,
    )

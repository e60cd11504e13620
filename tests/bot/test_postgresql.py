"""The same tables and the same stores on PostgreSQL."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.addresses import read
from bot.agenda import Agenda
from bot.database import Database, connect
from bot.errors import StartError
from bot.inbox import Inbox
from bot.members import MemberRatings
from bot.notebook import Notebook
from bot.posts import Posts
from bot.programme import EXAMPLE, load
from bot.questionnaire import Daily
from bot.questions import Questions
from bot.values import PostRef, Reply
from scheduler.deliveries import Deliveries
from scheduler.outbox import Outbox
from scheduler.owed import State
from tests.bot.conftest import ANN, NOW, ROOT, THREAD
from tests.fakes.postgres import postgres


@pytest.fixture(scope="module")
def server() -> Generator[str]:
    """The URL of a PostgreSQL started for these tests; skips where none is installed."""
    try:
        with postgres() as url:
            yield url.replace("postgresql+asyncpg", "postgresql")
    except FileNotFoundError as problem:
        pytest.skip(str(problem))


@pytest.fixture
async def database(server: str) -> AsyncGenerator[Database]:
    """The server's database, with the tables that the migrations make."""
    made = connect(server)
    yield made
    await made.close()


async def test_the_questionnaire_works_as_on_sqlite(database: Database) -> None:
    """Asked, answered, graded once, shared, found good, joined to another account, reminded, and forgotten."""

    async def nothing(_now: object) -> tuple[int, ...]:
        return ()

    quiz, other = (Questions(database, covered=nothing, zone=lambda: "UTC") for _ in range(2))
    await asyncio.gather(quiz.begun(NOW), other.begun(NOW))
    sitting = await quiz.begin(ANN, "quiz", [8], 2, NOW)
    assert sitting is not None
    assert sitting.item is not None
    item = sitting.item
    await quiz.answer(ANN, item, "because", NOW)
    graded = await asyncio.gather(*(each.grade(ANN, item, "again", NOW) for each in (quiz, other, quiz)))
    assert sorted(each.why for each in graded) == ["", "today", "today"]
    assert await quiz.share(ANN, item, shared=True)
    (answer,) = await quiz.answers(ROOT, item)
    assert await quiz.good(ROOT, answer.number)
    assert await quiz.join(ROOT, await quiz.code(ANN, NOW), NOW)
    assert await quiz.due(ROOT, NOW + timedelta(days=1)) == 1
    await quiz.remind(ROOT, Daily(clock=time(8), zone="UTC", paused=False), NOW)
    assert [each.person for each in await quiz.members.reminders()] == [replace(ROOT, is_admin=False)]
    asked = {await each.prompt(("book", "2026-12-02", "question"), ((8,),), NOW) for each in (quiz, other)}
    assert len(asked) == 1
    assert await quiz.pause(paused=True, now=NOW)
    assert not await other.pause(paused=True, now=NOW)
    assert await quiz.forget(ANN) > 0
    assert await quiz.of(ROOT) == {}


async def test_the_stores_work_as_on_sqlite(database: Database) -> None:
    """Ratings, answered posts, the thread and the notebook are kept, changed and found again."""
    assert (await database.version()).startswith("PostgreSQL ")
    ratings, inbox, posts, notebook = MemberRatings(database), Inbox(database), Posts(database), Notebook(database)
    assert await ratings.rate(ANN, "Fargo (1996)", 4, NOW) is None
    assert await ratings.rate(ANN, "Fargo (1996)", 5, NOW) == 4
    assert await ratings.of(ANN) == {"Fargo (1996)": 5.0}
    post = PostRef(place=THREAD, id="1")
    await inbox.settle(post, None, NOW)
    await inbox.settle(post, None, NOW)
    assert await inbox.done(post)
    said, new = await posts.say("local", "hello", NOW, key="key-1")
    again, second = await posts.say("local", "hello", NOW, key="key-1")
    assert (said.id, new, second) == (again.id, True, False)
    answer = await posts.reply(Reply(text="hi"), NOW, key="re/1", answers=said.id)
    assert await posts.under("re/1") == answer
    page = read("https://example.org/a")
    for _ in range(2):
        await notebook.links.add(THREAD, "2026-12-02", ANN, page, "good", NOW)
        await notebook.questions.ask(THREAD, "2026-12-02", ANN, "Why?", NOW)
    assert len(await notebook.links.of(THREAD, "2026-12-02")) == 1
    assert [question.number for question in await notebook.questions.of(THREAD, "2026-12-02")] == [1]


async def test_the_programme_owes_and_withdraws(database: Database) -> None:
    """A change and the rows that follow from it are written together."""
    agenda = Agenda(load(EXAMPLE), database, Outbox(database), [THREAD])
    await agenda.materialise(NOW)
    deliveries = Deliveries(database)
    before = (await deliveries.counts())[State.OWED]
    await agenda.change(lambda changes: changes.skipping(date(2026, 12, 9)), NOW + timedelta(minutes=1))
    counts = await deliveries.counts()
    assert before > 0
    assert counts[State.WITHDRAWN] > 0
    assert agenda.revision == 1


async def test_a_server_that_is_not_there_is_named(server: str) -> None:
    """The message names the address, and no password."""
    made = connect("postgresql://ann:hush@127.0.0.1:1/group")
    with pytest.raises(StartError, match="DATABASE_URL") as refused:
        async with made.read():
            pass
    assert "hush" not in str(refused.value)
    await made.close()

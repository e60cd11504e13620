"""What is kept of the questionnaires: imports that can be repeated, memories, answers, and who is who."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import update

from bot.database import Database
from bot.errors import UserError
from bot.questionnaire import Daily, Item, Kept
from bot.questions import Questions
from bot.questions.bank import bank
from bot.questions.files import sheets
from bot.questions.items import items as stored
from bot.values import Person
from tests.bot.questions.sheets import BOOK, cell, chapter, items, notebook

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ANN, BOB, EVE = (Person(platform="test", id=name, name=name) for name in ("Ann", "Bob", "Eve"))
ELSEWHERE = Person(platform="other", id="7", name="ann_7")
DAY = timedelta(days=1)


async def nothing(_now: datetime) -> Sequence[int]:
    """A group that has come to no chapter."""
    return ()


@pytest.fixture
def quiz(database: Database) -> Questions:
    """The questionnaires of a group in Berlin."""
    return Questions(database, covered=nothing, zone=lambda: "Europe/Berlin")


async def kept(quiz: Questions, *texts: str, name: str = "03_x.ipynb") -> Kept:
    """Import a chapter 3 of these questions."""
    (one,) = await quiz.keep(sheets(name, notebook(cell("## Questionnaire"), cell(items(texts)))), NOW)
    return one


async def of_three(quiz: Questions) -> list[Item]:
    """What is asked of chapter 3."""
    return await quiz.items.of([3])


async def test_the_bank_is_there_once(quiz: Questions, database: Database) -> None:
    """Our own questions are there from the first question on, also for a second process."""
    for each in (quiz, Questions(database, covered=nothing, zone=lambda: "UTC")):
        await each.begun(NOW)
        assert len(await each.items.of()) == len(bank())


async def test_importing_again_changes_nothing(quiz: Questions) -> None:
    """A whole book twice: the second time nothing is new, renumbered or gone."""
    files = {number: chapter(number, count) for number, count in enumerate(BOOK, 1)}
    for new in (list(BOOK), [0] * len(BOOK)):
        done = [await quiz.keep(sheets(f"{number:02}_part.ipynb", data), NOW) for number, data in files.items()]
        assert [one.new for (one,) in done] == new
        assert all(one.renumbered == one.gone == 0 for (one,) in done)
    assert len(await quiz.items.of()) == sum(BOOK) + len(bank())


async def test_another_numbering_keeps_history(quiz: Questions) -> None:
    """A question that moved, and is written a little otherwise, is the one that was answered."""
    await kept(quiz, "What is a bias?", "Why a *dot* product?", "Name two")
    first, second, _ = await of_three(quiz)
    await quiz.answer(ANN, second, "it matches", NOW)
    await quiz.grade(ANN, second, "good", NOW)
    again = await kept(quiz, "Something new?", "why a dot product", "What is a bias?")
    assert (again.new, again.renumbered, again.gone) == (1, 1, 1)
    now = await of_three(quiz)
    assert [each.text for each in now] == ["Something new?", "why a dot product", "What is a bias?"]
    assert (now[1].number, now[2].number) == (second.number, first.number)
    assert await quiz.due(ANN, NOW + 2 * DAY) == 1
    assert [(each.mine, each.text) for each in await quiz.answers(ANN, now[1])] == [(True, "it matches")]


async def test_what_is_gone_comes_back(quiz: Questions) -> None:
    """A question that leaves its file is asked no more; it and its history return with it."""
    await kept(quiz, "One?", "Two?")
    number = (await of_three(quiz))[1].number
    await kept(quiz, "One?")
    assert [each.text for each in await of_three(quiz)] == ["One?"]
    assert await quiz.item(number) is not None
    await kept(quiz, "One?", "Two?")
    assert (await of_three(quiz))[1].number == number


COPIES = ("03_x (1).ipynb", "03_x(2).ipynb", "03_x copy.ipynb", "03_x - Copy (3).ipynb", "03_x-Copy1.ipynb")


@pytest.mark.parametrize("name", COPIES)
async def test_a_copy_is_a_newer_edition(quiz: Questions, name: str) -> None:
    """A file that was fetched once more is the same file, whatever the browser put after its name; both ways."""
    for first, second in (("03_x.ipynb", name), (name, "03_x.ipynb")):
        await kept(quiz, "One?", "Two?", "Three?", name=first)
        again = await kept(quiz, "New?", "Three?", "One?", name=second)
        assert (again.new, again.renumbered, again.gone) == (1 if second == name else 0, 2, 1)
        assert [each.text for each in await of_three(quiz)] == ["New?", "Three?", "One?"]


async def test_copies_from_before_are_one_file_too(quiz: Questions, database: Database) -> None:
    """What was kept under the name of a copy goes on under that of its file."""
    await kept(quiz, "One?", "Two?")
    async with database.write() as connection:
        await connection.execute(update(stored).where(stored.c.text == "Two?").values(origin="03_x (1).ipynb"))
    again = await kept(quiz, "Three?", "One?")
    assert (again.new, again.renumbered, again.gone) == (1, 1, 1)
    assert {each.origin for each in await of_three(quiz)} == {"03_x.ipynb"}


async def test_an_empty_file_takes_nothing_away(quiz: Questions) -> None:
    """A notebook without questions, and one from somewhere else, leave what there is."""
    await kept(quiz, "One?", "Two?")
    await quiz.keep(sheets("03_x.ipynb", notebook(cell("## Questionnaire"))), NOW)
    other = await kept(quiz, "Three?", "One?", name="03_ours.ipynb")
    assert other.new == 1
    assert {each.text for each in await of_three(quiz)} == {"One?", "Two?", "Three?"}


async def test_a_question_left_out_stays_out(quiz: Questions) -> None:
    """What a host leaves out is asked no more, also after another import, until it is asked again."""
    await kept(quiz, "One?", "Two?")
    (_, second) = await of_three(quiz)
    await quiz.leave_out(second, out=True)
    await kept(quiz, "One?", "Two?")
    assert len(await of_three(quiz)) == 1
    await quiz.leave_out(second, out=False)
    assert len(await of_three(quiz)) == 2


async def test_a_grade_counts_once_a_day(quiz: Questions) -> None:
    """Many taps at one moment, and another later that day, are one review; the day is that of the wall."""
    await kept(quiz, "One?")
    (item,) = await of_three(quiz)
    assert (await quiz.grade(ANN, item, "good", NOW)).why == "unseen"
    await quiz.answer(ANN, item, "", NOW)
    taps = await asyncio.gather(*(quiz.grade(ANN, item, "good", NOW) for _ in range(5)))
    assert sorted(each.why for each in taps) == ["", *["today"] * 4]
    late = datetime(2026, 11, 25, 22, 59, tzinfo=UTC)  # 23:59 in Berlin
    assert (await quiz.grade(ANN, item, "again", late)).why == "today"
    assert (await quiz.grade(ANN, item, "good", late + timedelta(minutes=1))).why == ""


async def test_due_is_what_is_due_by_the_end_of_the_day(quiz: Questions) -> None:
    """A question due this evening is due this morning already, by the member's own clocks."""
    await kept(quiz, "One?")
    (item,) = await of_three(quiz)
    await quiz.answer(ANN, item, "", NOW)
    graded = await quiz.grade(ANN, item, "good", NOW)
    assert graded.due == NOW + 2 * DAY
    night = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # the day before by UTC, that day in Berlin
    assert await quiz.due(ANN, night - timedelta(hours=1)) == 0
    assert await quiz.due(ANN, night) == 1
    await quiz.remind(ANN, Daily(clock=time(8), zone="America/New_York", paused=False), NOW)
    assert await quiz.due(ANN, night) == 0


async def test_a_quiz_asks_what_is_due_then_what_is_new(quiz: Questions) -> None:
    """In a sitting, missed questions come back at the end, what is left out does not, and nothing is lost."""
    await kept(quiz, "One?", "Two?", "Three?", "Four?")
    _one, two, three, four = await of_three(quiz)
    await quiz.answer(ANN, three, "", NOW)
    await quiz.grade(ANN, three, "again", NOW)
    later = NOW + 2 * DAY
    sitting = await quiz.begin(ANN, "quiz", [3], 3, later)
    order: list[str] = []
    while sitting and sitting.item:
        item = sitting.item
        order.append(item.text)
        if item == two:
            sitting = await quiz.later(ANN, item)
            continue
        await quiz.answer(ANN, item, "", later)
        sitting = (await quiz.grade(ANN, item, "again" if order.count("One?") == 1 else "good", later)).sitting
    assert order == ["Three?", "One?", "Two?", "One?"]
    assert sitting is not None
    assert (sitting.done, sitting.missed, sitting.left) == (2, 1, 0)
    assert four.number not in await quiz.cards.of(await quiz.members.member(ANN), later)


async def test_cramming_counts_nothing(quiz: Questions) -> None:
    """What is crammed comes back when it would have come back."""
    await kept(quiz, "One?")
    (item,) = await of_three(quiz)
    await quiz.answer(ANN, item, "", NOW)
    await quiz.grade(ANN, item, "good", NOW)
    await quiz.begin(ANN, "cram", [3], 5, NOW + DAY)
    await quiz.answer(ANN, item, "", NOW + DAY)
    assert (await quiz.grade(ANN, item, "again", NOW + DAY)).why == "cram"
    assert await quiz.due(ANN, NOW + DAY) == 0
    assert await quiz.due(ANN, NOW + 2 * DAY) == 1


async def test_answers_are_their_authors_until_shared(quiz: Questions) -> None:
    """Shared, others see it; two votes or the host make it the group's; giving up replaces no answer."""
    await kept(quiz, "One?")
    (item,) = await of_three(quiz)
    await quiz.answer(ANN, item, "because", NOW)
    await quiz.answer(ANN, item, "", NOW)
    assert await quiz.answers(BOB, item) == []
    (mine,) = await quiz.answers(ANN, item)
    assert (mine.text, mine.shared) == ("because", False)
    assert await quiz.good(BOB, mine.number) is None
    assert await quiz.share(ANN, item, shared=True)
    for person, votes in ((ANN, 0), (BOB, 1), (BOB, 1), (EVE, 2)):
        found = await quiz.good(person, mine.number)
        assert found is not None
        assert (found.votes, found.good) == (votes, votes == 2)
    await quiz.answer(BOB, item, "otherwise", NOW)
    await quiz.share(BOB, item, shared=True)
    other = next(each for each in await quiz.answers(BOB, item) if each.mine)
    assert await quiz.accept(other.number, chosen=True)
    assert [each.author for each in await quiz.answers(EVE, item)] == ["Bob", "Ann"]
    await quiz.share(BOB, item, shared=False)
    assert [each.author for each in await quiz.answers(EVE, item)] == ["Ann"]


async def test_votes_are_for_the_words_that_were_read(quiz: Questions) -> None:
    """An answer written anew stays shared, and is the group's no more; the same words again change nothing."""
    await kept(quiz, "One?")
    (item,) = await of_three(quiz)
    await quiz.answer(ANN, item, "because", NOW)
    await quiz.share(ANN, item, shared=True)
    (first,) = await quiz.answers(ANN, item)
    await quiz.good(BOB, first.number)
    await quiz.accept(first.number, chosen=True)
    for said, votes in (("because", 1), ("", 1), ("buy my book", 0)):
        await quiz.answer(ANN, item, said, NOW)
        (now,) = await quiz.answers(BOB, item)
        assert (now.text, now.votes, now.good) == (said or "because", votes, votes == 1)


async def test_forgetting_leaves_the_groups_answer_nameless(quiz: Questions) -> None:
    """All of a member goes, on every account; what the group took as its answer stays as somebody's."""
    await kept(quiz, "One?", "Two?")
    one, two = await of_three(quiz)
    for item in (one, two):
        await quiz.answer(ANN, item, "because", NOW)
        await quiz.share(ANN, item, shared=True)
        await quiz.grade(ANN, item, "good", NOW)
    (answer,) = await quiz.answers(BOB, one)
    await quiz.accept(answer.number, chosen=True)
    await quiz.remind(ANN, Daily(clock=time(8), zone="UTC", paused=False), NOW)
    await quiz.begin(ANN, "quiz", [3], 5, NOW)
    await quiz.join(ELSEWHERE, await quiz.code(ANN, NOW), NOW)
    assert set(await quiz.of(ELSEWHERE)) == {"answers", "questions in memory", "quiz", "reminder and accounts"}
    assert await quiz.forget(ELSEWHERE) > 0
    for person in (ANN, ELSEWHERE):
        assert await quiz.of(person) == {}
    assert [each.author for each in await quiz.answers(BOB, one)] == ["somebody"]
    assert await quiz.answers(BOB, two) == []


async def test_two_accounts_become_one(quiz: Questions) -> None:
    """By a code, once and in time; of two memories of one question the more practised stays, answers too."""
    await kept(quiz, "One?", "Two?")
    one, two = await of_three(quiz)
    for person, item, days in ((ANN, one, 1), (ELSEWHERE, one, 3), (ELSEWHERE, two, 1)):
        for day in range(days):
            await quiz.answer(person, item, f"by {person.name}", NOW + day * DAY)
            await quiz.grade(person, item, "good", NOW + day * DAY)
    await quiz.begin(ELSEWHERE, "quiz", [3], 2, NOW)
    code = await quiz.code(ANN, NOW)
    assert not await quiz.join(ELSEWHERE, "NONSENSE", NOW)
    assert not await quiz.join(ELSEWHERE, code, NOW + timedelta(minutes=11))
    code = await quiz.code(ANN, NOW)
    assert await quiz.join(ELSEWHERE, code.lower(), NOW)
    assert not await quiz.join(BOB, code, NOW)
    member = await quiz.members.member(ANN)
    assert await quiz.members.member(ELSEWHERE) == member
    assert await quiz.of(ANN) == await quiz.of(ELSEWHERE)
    assert (await quiz.of(ANN))["questions in memory"][0].startswith("One?: asked 3")
    assert (await quiz.of(ANN))["answers"] == ["One?: by Ann", "Two?: by ann_7"]
    sitting = await quiz.sitting(ANN)
    assert sitting is not None
    assert sitting.item is not None


async def test_a_reminder_needs_clocks_that_there_are(quiz: Questions) -> None:
    """An abbreviation is refused with what was probably meant."""
    with pytest.raises(UserError, match="Berlin"):
        await quiz.remind(ANN, Daily(clock=time(8), zone="CET", paused=False), NOW)


async def test_little_is_told_of_few(quiz: Questions) -> None:
    """Of three people nothing is told; of four, how many answered and how many missed."""
    await kept(quiz, "One?", "Two?")
    one, _two = await of_three(quiz)
    for number in range(4):
        assert await quiz.counted() == []
        assert await quiz.people() == {}
        person = replace(ANN, id=str(number))
        await quiz.answer(person, one, "", NOW)
        await quiz.grade(person, one, "again" if number == 0 else "easy", NOW)
    (counted,) = await quiz.counted()
    assert (counted.item, counted.people, counted.missed) == (one, 4, 1)
    assert await quiz.people() == {3: 4}

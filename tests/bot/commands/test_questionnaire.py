"""The questionnaire as the host steers and sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import LOCAL, THREAD, App
from bot.dispatch import Dispatch, Refusal
from bot.questionnaire import Grade
from bot.questions.bank import bank
from bot.values import File, Person, Reply
from engine.plots import draw
from tests.bot.conftest import NOW, incoming
from tests.bot.questions.sheets import BOOK, asked, cell, chapter, items, notebook, packed

ANN = Person(platform="web", id="ann", name="Ann")
BANK = len(bank())


async def says(app: App, line: str, *, file: File | None = None, person: Person = LOCAL) -> Reply:
    """The answer to the host's line."""
    context = replace(app.context(person, THREAD), file=file)
    reply = await Dispatch(registry=app.registry, theirs=()).answer(incoming(line, direct=True), context)
    assert reply is not None
    assert "on my side" not in reply.text
    return reply


async def taken(app: App, name: str, data: bytes) -> Reply:
    """What is said of a file on the host's message."""
    return await says(app, "!questionnaire import", file=File(name=name, data=data))


async def test_a_book_is_imported_and_told_chapter_by_chapter(app: App) -> None:
    """The summary can be compared with the book; the same zip again changes nothing; one that grew says what."""
    book = {f"{number:02}_part.ipynb": chapter(number, count) for number, count in enumerate(BOOK, 1)}
    first = await taken(app, "book.zip", packed(book))
    assert first.text.startswith("**500 questions in 19 chapters (1–19), 500 new**")
    for number, count in enumerate(BOOK, 1):
        assert f"- chapter {number}: {count} questions, 2 further research: {count} new\n" in f"{first.text}\n"
    again = await taken(app, "book.zip", packed(book))
    assert again.text.startswith("**500 questions in 19 chapters (1–19), 0 new**")
    assert ": 33 questions, 2 further research\n" in again.text
    more = await taken(
        app, "13_part.ipynb", notebook(cell("## Questionnaire\n1. New?\n1. What is fact 1 of part 13?"))
    )
    assert "chapter 13: 2 questions: 1 new, 1 renumbered, 39 no longer there" in more.text
    assert more.private


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("08_x.ipynb", notebook(cell("## Questionnaire")), "0 questions; import the full notebook"),
        ("08_x.ipynb", notebook(cell("# Only prose")), "**0 questions; import the full notebook**"),
        ("08_x.ipynb", b"<html>", "not JSON"),
        ("08_x.ipynb", b"[1, 2]", "no cells"),
        ("x.pdf", b"%PDF", "I don't know how to read it"),
        ("x.zip", b"PK\x03\x04 and no more", "no zip that I can unpack"),
        ("x.zip", packed({"08_a.ipynb": bytes(30_000_000)}), "`08_a.ipynb` is too large"),
        ("x.md", bytes(20_000_001), "I read up to 20,000,000"),
        ("x.md", b"# Notes\nOnly prose.", "one is a numbered line"),
        ("x.csv", b"Why?,So.", "I know the columns by a first line such as `question,answer,chapter`"),
        ("x.csv", b"question,chapter\nWhy?,twelve", "line 2: `twelve` is no chapter"),
        ("x.txt", b"Why?\t" + b"x" * 131_073, "line 1: I cannot read on"),
        ("x.zip", packed({"08_a.ipynb": b"<html>", "09_b.csv": b"x"}), "not JSON"),
    ],
    ids=[
        *("heading alone", "prose", "html", "a list", "pdf", "no zip", "bomb", "too large"),
        *("Markdown without", "no head", "no chapter", "a long field", "all broken"),
    ],
)
async def test_what_cannot_be_imported_is_said(app: App, name: str, data: bytes, said: str) -> None:
    """In a sentence; nothing is lost, and nothing new is there."""
    assert said in (await taken(app, name, data)).text
    await app.quiz.begun(NOW)
    assert len(await app.quiz.items.of()) == BANK


async def test_what_is_broken_is_named_beside_what_came(app: App) -> None:
    """The rest of a zip is imported; of many broken files some are named, and the others counted."""
    broken = {f"{number:02}_x.ipynb": b"<html>" for number in range(14, 20)}
    book = {"08_a.ipynb": chapter(8, 31), **broken, "20_b*.csv": b"x"}
    said = (await taken(app, "book.zip", packed(book))).text
    assert said.startswith("**31 questions in 1 chapter (8), 31 new**\n\n- chapter 8: 31 questions")
    assert "\n\n**7 files left out**\n\n- `14_x.ipynb` is no notebook" in said
    assert "\n- `20_b*.csv`, line 1: I know the columns" in said
    more = {f"{number}_y.ipynb": b"<html>" for number in range(21, 31)}
    assert (await taken(app, "book.zip", packed(book | more))).text.endswith("\n- and 7 more")


async def test_an_import_wants_a_file(app: App) -> None:
    """Without one it says what it reads, and how else."""
    reply = await says(app, "!questionnaire import")
    assert isinstance(reply, Refusal)
    assert "python -m bot questions import" in reply.text


async def test_a_question_is_posted_for_everybody(app: App) -> None:
    """The next one, one of a chapter or one by its number; with buttons, open to all, and not twice in a row."""
    first, second = await says(app, "!questionnaire post ch8"), await says(app, "!questionnaire post ch8")
    assert first.text != second.text
    for reply in (first, second):
        assert "· chapter 8" in reply.text
        assert not reply.private
        assert reply.choices[0].ask
    third = await says(app, "!questionnaire post ch8")
    assert "three times running" in third.text
    assert "**Question 3**" in (await says(app, "!questionnaire post 3")).text
    assert "no questions on chapter 99" in (await says(app, "!questionnaire post ch99")).text
    assert "no question `999`" in (await says(app, "!questionnaire post 999")).text


async def test_a_question_is_left_out_and_asked_again(app: App) -> None:
    """Nobody is asked it any more, also not in a quiz that is on, until the host wants it again."""
    await says(app, "!quiz 8 3", person=ANN)
    assert "is asked no more" in (await says(app, "!questionnaire skip 2")).text
    await says(app, "!reveal 1", person=ANN)
    assert "**Question 3**" in (await says(app, "!grade 1 good", person=ANN)).text
    assert "is asked again" in (await says(app, "!questionnaire ask 2")).text
    assert 2 in [each.number for each in await app.quiz.items.of([8])]


async def test_a_host_says_what_is_a_task(app: App) -> None:
    """It is then ticked off and not quizzed, also after another import, until the host says otherwise."""
    book = notebook(cell(f"## Questionnaire\n{items(['Name two.', 'Why?'])}"))
    await taken(app, "40_x.ipynb", book)
    number = (await app.quiz.items.of([40]))[0].number
    await says(app, f"!reveal {number}", person=ANN)
    await says(app, f"!grade {number} again", person=ANN)
    made = await says(app, f"!questionnaire kind {number} Task")
    assert f"**Task {number}**" in made.text
    assert "is a task now" in made.text
    await taken(app, "40_x.ipynb", book)
    assert f"**{number}**" in (await says(app, "!tasks 40", person=ANN)).text
    assert await app.quiz.due(ANN, NOW + timedelta(days=3)) == 0
    assert "one to recall now" in (await says(app, f"!questionnaire kind {number} recall")).text
    assert await app.quiz.due(ANN, NOW + timedelta(days=3)) == 1
    await taken(app, "more.csv", b"question,answer,kind\nName two,,task\nWhy,,\n")
    assert [each.kind for each in await app.quiz.items.of([40])] == ["task", "recall"]
    for rest in ("", "7", "task", "7 quiz"):
        assert "then `recall` or `task`" in (await says(app, f"!questionnaire kind {rest}")).text
    assert "no question `999`" in (await says(app, "!questionnaire kind 999 task")).text


async def test_the_hosts_mark_makes_an_answer_the_groups(app: App) -> None:
    """A shared answer alone can be marked; the mark can be taken away."""
    await says(app, "!answer 1 because", person=ANN)
    assert "Nobody shares" in (await says(app, "!questionnaire accept 1")).text
    await says(app, "!share 1", person=ANN)
    assert "the group’s answer now" in (await says(app, "!questionnaire accept 1")).text
    assert "**the group's answer**, from Ann: because" in (await says(app, "!reveal 1")).text
    assert "taken away" in (await says(app, "!questionnaire reject 1")).text
    assert "the group's" not in (await says(app, "!reveal 1")).text


async def test_a_pause_is_said_until_it_ends(app: App) -> None:
    """It begins once and ends once."""
    assert "from now on" in (await says(app, "!questionnaire pause")).text
    assert "already" in (await says(app, "!questionnaire pause")).text
    assert "They are paused" in (await says(app, "!questionnaire")).text
    assert "asked again" in (await says(app, "!questionnaire resume")).text
    assert "not paused" in (await says(app, "!questionnaire resume")).text


async def test_a_question_of_the_groups_own(app: App) -> None:
    """With its answer or without; written once more it is the same one."""
    kept = await says(app, "!questionnaire add 9 Why stride=2 <here>? => To *halve* it.")
    assert f"**Question {BANK + 1}** · chapter 9\n\nWhy stride=2 \\<here\\>?" in kept.text
    shown = await says(app, f"!reveal {BANK + 1}", person=ANN)
    assert "**An answer:** To halve it." in shown.text
    again = await says(app, "!questionnaire add ch9 why stride=2 <here>")
    assert f"**Question {BANK + 1}**" in again.text
    assert again.text.endswith("It was there already.")
    better = await says(app, "!questionnaire add 9 why stride=2 <here>? => To *halve* it.")
    assert better.text.endswith("It was there already. That is its answer now.")
    assert "**An answer:** To halve it." in (await says(app, f"!reveal {BANK + 1}", person=ANN)).text
    for line in (
        "!questionnaire add",
        "!questionnaire add Why?",
        "!questionnaire add 9",
        "!questionnaire add 9 => It.",
    ):
        assert "The chapter's number first" in (await says(app, line)).text
    for marks in ("???", "… => Dots."):
        assert "letters or digits" in (await says(app, f"!questionnaire add 9 {marks}")).text
    assert len(await app.quiz.items.of()) == BANK + 1
    assert "at most 1,000" in (await says(app, f"!questionnaire add 9 {'x' * 1500}")).text


async def test_the_host_sees_many_and_nobody(app: App) -> None:
    """From four people on: how many answered, what is hardest, as a list and a picture; never a name."""
    people = [replace(ANN, id=f"id{number}", name=f"Name{number}") for number in range(5)]
    grades: dict[int, Grade] = {1: "again", 2: "good"}
    items = await app.quiz.items.of([8]) if await app.quiz.covered(NOW) else []
    reply = await says(app, "!questionnaire")
    for many, person in enumerate(people, 1):
        for item in items[:2]:
            await app.quiz.answer(person, item, "", NOW)
            await app.quiz.grade(person, item, grades[item.number] if many < 5 else "easy", NOW)
        reply = await says(app, "!questionnaire")
        assert reply.private
        assert "Name" not in reply.text
        if many < 4:
            assert "below 4" in str(reply.table)
            assert not reply.images
    assert f"- 80% of 5: **1** {bank()[0].text}" in reply.text
    assert reply.table is not None
    assert (8, 39, 2, 5) in reply.table.rows
    coverage, hardest = reply.images
    assert (coverage.data["labels"], coverage.data["values"]) == (["chapter 8"], [5])
    assert hardest.data["values"] == [0.8]
    assert hardest.data["notes"] == ["5 people"]
    for image in reply.images:
        assert draw(image.plot, image.data).startswith(b"\x89PNG")


async def test_only_hosts_steer_it(app: App) -> None:
    """Anybody else is refused, and nothing happens."""
    for line in ("!questionnaire pause", "!questionnaire skip 1", "!questionnaire import"):
        assert isinstance(await says(app, line, person=ANN), Refusal)
    assert not await app.quiz.paused()


def test_the_shape_of_our_chapters() -> None:
    """What these tests import has as many questions as it says."""
    assert len(asked(13, 40)) == 40

"""Answers by commands: kept whole, shared, voted for, taken along and forgotten; tasks, and the reminder."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.questions.bank import bank
from bot.questions.files import sheets
from tests.bot.commands.quizzing import ANN, BOB, NOW, refuses, says
from tests.bot.commands.quizzing import clock as clock  # a fixture
from tests.bot.questions.sheets import chapter

pytestmark = pytest.mark.usefixtures("clock")


async def test_answers_are_private_until_shared(app: App) -> None:
    """Others see a shared answer once they have answered; two who find it good make it the group's."""
    await says(app, "!answer 1 because of stars")
    assert "There is no answer of yours" in await refuses(app, "!share 1", BOB)
    assert "Nobody shares an answer `99`" in await refuses(app, "!good 99", BOB)
    await says(app, "!reveal 1", BOB)
    assert "because of stars" not in (await says(app, "!reveal 1", BOB)).text
    assert "answer **" in (await says(app, "!share 1")).text
    seen = await says(app, "!answer 1 no idea", BOB)
    assert "from Ann: because of stars" in seen.text
    number = seen.text.partition("`!good ")[2].partition("`")[0]
    assert f"!good {number}" in [each.command for each in seen.choices]
    assert "1 vote for" in (await says(app, f"!good {number}", BOB)).text
    assert "1 vote for" in (await says(app, f"!good {number}", BOB)).text
    assert f"!good {number}" not in [each.command for each in (await says(app, "!reveal 1", BOB)).choices]
    assert "yours" in await refuses(app, f"!good {number}")
    eve = replace(BOB, id="Eve")
    assert "Who has answered a question says" in await refuses(app, f"!good {number}", eve)
    assert f"!good {number}" not in (await says(app, "!reveal 1", eve)).text
    assert "Who has answered a question says" in await refuses(app, f"!good {number}", eve)
    await says(app, "!answer 1 by stars", eve)
    assert "the group’s answer" in (await says(app, f"!good {number}", eve)).text
    assert "**the group's answer**, from Ann, 2 votes" in (await says(app, "!reveal 1", BOB)).text
    await says(app, "!share 1 undo")
    assert "because" not in (await says(app, "!reveal 1", BOB)).text


async def test_an_answer_to_any_question_can_be_shared(app: App) -> None:
    """Also where a command shows the answer live."""
    number = next(number for number, draft in enumerate(bank(), 1) if draft.show)
    shown = await says(app, f"!answer {number} because")
    assert f"!share {number}" in [each.command for each in shown.choices]
    assert f"!{bank()[number - 1].show}" in [each.command for each in shown.choices]


@pytest.mark.parametrize(
    "said",
    [
        "[spoiler]by stars[/spoiler]",
        "||by stars||",
        "by stars",
        "\n\nby stars",
        "\n[spoiler]\n\nby stars\n[/spoiler]\n\nThanks, all!",
        "[spoiler]by[/spoiler] stars\nThanks, all!",
        "by stars\n\n!due",
    ],
)
async def test_an_answer_may_hide_in_a_spoiler(app: App, said: str) -> None:
    """In a thread where others read it, too; what stands below a spoiler is no part of it, nor is a command."""
    assert "**You:** by stars\n\n" in (await says(app, f"!answer 1 {said}")).text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("first\nsecond\n\nthird", "first  \nsecond\n\nthird", id="lines"),
        pytest.param("[spoiler]a\n!due\nb[/spoiler]", "a  \n!due  \nb", id="a command in a spoiler"),
        pytest.param("a || b\nor c", "a \\|\\| b  \nor c", id="bars that hide nothing"),
        pytest.param(
            "so:\n```python\nfor x in y:\n    !due\n```\n> done",
            "so:\n\n```\nfor x in y:\n    !due\n```\n\n\\> done",
            id="code",
        ),
        pytest.param("```\n![a](b)\n```", "\n\n```\n![a](b)\n```", id="code alone"),
        pytest.param("x = “1”, count=2 loud", "x = “1”, count=2 loud", id="typed as it is"),
        pytest.param("!nothing of ours\n!wow", "!nothing of ours  \n!wow", id="words that are no commands"),
        pytest.param("x" * 1_000, "x" * 1_000, id="as long as can be"),
    ],
)
async def test_an_answer_is_kept_whole(app: App, said: str, shown: str) -> None:
    """All of its lines, as they were typed."""
    assert f"**You:** {shown}\n\n**An answer:**" in (await says(app, f"!answer 1 {said}")).text
    assert f"**You:** {shown}\n\n**An answer:**" in (await says(app, "!reveal 1")).text
    await says(app, "!share 1")
    indented = shown.replace("\n", "\n  ").replace("\n  \n", "\n\n")
    assert f"from Ann: {indented}\n\n" in (await says(app, "!reveal 1", BOB)).text


async def test_a_task_is_ticked_with_a_link(app: App) -> None:
    """A task has a box, asks for a link, is not graded, and is ticked for its maker alone."""
    task = next(number for number, draft in enumerate(bank(), 1) if draft.kind == "task")
    assert f"☐ **{task}**" in (await says(app, "!tasks 8")).text
    assert "with a link" in await refuses(app, f"!answer {task} I did it")
    ticked = await says(app, f"!answer {task} https://ann.example.org/notebook my notebook")
    assert "☑" in ticked.text
    assert not any("grade" in each.command for each in ticked.choices)
    listed = await says(app, "!tasks 8")
    assert f"☑ **{task}**" in listed.text
    assert listed.text.startswith("**1 of 2 tasks done**")
    assert f"☐ **{task}**" in (await says(app, "!tasks 8", BOB)).text
    assert f"`!tasks {task} undo` takes a tick away" in listed.text
    assert "is to be done again" in (await says(app, f"!tasks {task} undo")).text
    assert (await says(app, "!tasks 8")).text.startswith("**0 of 2 tasks done**")
    assert "Nothing is kept of you" in (await app.ask("!mydata", draw=False, person=ANN)).text


@pytest.mark.parametrize(
    ("typed", "clock"), [("8", "08:00"), ("20:30", "20:30"), ("9.15", "09:15"), ("9pm", "21:00")]
)
async def test_a_reminder_is_set_and_ended(app: App, typed: str, clock: str) -> None:
    """At one's own time, by the group's clocks or one's own."""
    assert "No reminder is set" in (await says(app, "!daily")).text
    assert (
        f"{clock} by the clocks of Europe/Berlin" in (await says(app, f"!daily {typed} zone=Europe/Berlin")).text
    )
    assert clock in (await says(app, "!daily")).text
    berlin, sydney = "Europe/Berlin", "Australia/Sydney"
    assert f"{clock} by the clocks of {sydney}" in (await says(app, f"!daily {typed} {sydney}")).text
    assert f"by the clocks of {berlin}" in (await says(app, f"!daily {typed} {sydney} zone={berlin}")).text
    assert "No reminders" in (await says(app, "!daily off")).text
    assert "There was no reminder" in (await says(app, "!daily off")).text


async def test_a_deck_imports_again(app: App) -> None:
    """What one was asked comes out as Anki's text and as CSV that the import reads back, question by question."""
    await says(app, "!quiz 8 3")
    for number in (1, 2, 3):
        await says(app, f"!reveal {number}")
        await says(app, f"!grade {number} good")
    for form, name in (("anki", "deck.txt"), ("csv", "deck.csv")):
        reply = await says(app, f"!deck form={form}")
        assert reply.text.startswith("**3 cards**, as `")
        assert reply.file is not None
        assert reply.file.name == name
        (sheet,) = sheets(name, reply.file.text.encode())
        assert [(each.chapter, each.text) for each in sheet.drafts] == [(8, each.text) for each in bank()[:3]]
        assert [each.answer for each in sheet.drafts] == [each.answer for each in bank()[:3]]
    for short, full in (("!deck csv", "!deck form=csv"), ("!deck 8 csv", "!deck 8 form=csv")):
        assert (await says(app, short)).file == (await says(app, full)).file
    assert "asked nothing yet" in (await says(app, "!deck", BOB)).text


async def test_a_deck_holds_all(app: App) -> None:
    """Without a chapter all that one was asked, also where the group has not come to; with one, its own."""
    await app.quiz.keep(sheets("13_x.ipynb", chapter(13, 120)), NOW)
    for item in [*await app.quiz.items.of([13], "recall"), *(await app.quiz.items.of([8], "recall"))[:3]]:
        await app.quiz.answer(ANN, item, "", NOW)
    asked = len(await app.quiz.items.of([13], "recall"))
    for line, cards in (("!deck", asked + 3), ("!deck 13", asked), ("!deck 8 form=csv", 3)):
        reply = await says(app, line)
        assert reply.file is not None
        assert sum(len(sheet.drafts) for sheet in sheets(reply.file.name, reply.file.text.encode())) == cards
        assert reply.text.startswith(f"**{cards} cards**, as `deck.")


async def test_all_of_it_can_be_seen_and_forgotten(app: App) -> None:
    """`!mydata` shows answers, memories, the quiz and the reminder; `!forget quiz` erases them, and only them."""
    await says(app, "!quiz 8 2")
    await says(app, "!answer 1 because")
    await says(app, "!grade 1 good")
    await says(app, "!daily 8:00")
    await app.ask("!rate Fargo 4", draw=False, person=ANN)
    shown = await says(app, "!mydata")
    assert shown.table is not None
    assert {row[0] for row in shown.table.rows} == {
        *("rating", "answers", "questions in memory", "quiz", "reminder and accounts"),
    }
    assert "`!forget ratings` and `!forget quiz` erase it" in shown.text
    await says(app, "!forget quiz")
    left = await says(app, "!mydata")
    assert left.table is not None
    assert {row[0] for row in left.table.rows} == {"rating"}

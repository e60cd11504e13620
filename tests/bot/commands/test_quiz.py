"""The questionnaire for oneself, by commands: asked, answered, graded, and gone on with anywhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import LOCAL, App
from bot.dispatch import Refusal
from bot.questions.bank import bank
from bot.questions.files import sheets
from bot.settings import Settings
from bot.values import Person, Reply
from tests.bot.questions.sheets import chapter

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ANN, BOB = (Person(platform="web", id=name, name=name) for name in ("Ann", "B*b"))
FIRST = bank()[0]


class Standing:
    """A clock that is moved by hand."""

    moment = NOW

    def now(self) -> datetime:
        """Where it stands."""
        return self.moment

    def monotonic(self) -> float:
        """Nothing goes by."""
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Go on at once."""


@pytest.fixture
def clock(app: App) -> Standing:
    """The bot's clock."""
    app.clock = clock = Standing()
    return clock


pytestmark = pytest.mark.usefixtures("clock")


async def says(app: App, line: str, person: Person = ANN) -> Reply:
    """The answer to a line; everything about a quiz is for the asker's eyes only."""
    reply = await app.ask(line, draw=False, person=person)
    assert not isinstance(reply, Refusal), reply.text
    assert reply.private, line
    return reply


async def refuses(app: App, line: str, person: Person = ANN) -> str:
    """What is said of a line that cannot be answered."""
    reply = await app.ask(line, draw=False, person=person)
    assert isinstance(reply, Refusal), reply.text
    assert "on my side" not in reply.text
    return reply.text


async def test_a_quiz_from_the_first_question_to_the_last(app: App) -> None:
    """Each is asked, answered, shown, graded; what was missed comes back at the end; then it is over."""
    reply = await says(app, "!quiz 8 2")
    assert "**Question 1** · chapter 8 · 1 of 2" in reply.text
    assert FIRST.text in reply.text
    assert [each.command for each in reply.choices] == ["!answer 1", "!reveal 1", "!later 1", "!stop"]
    assert reply.choices[0].ask
    assert FIRST.answer not in reply.text
    shown = await says(app, "!answer 1 *stars*, and who gave them")
    assert "**You:** \\*stars\\*, and who gave them" in shown.text
    assert FIRST.answer in shown.text
    assert [each.command for each in shown.choices[:4]] == [
        f"!grade 1 {how}" for how in ("again", "hard", "good", "easy")
    ]
    on = await says(app, "!grade 1 again")
    assert on.text.startswith("Counted. It comes back in 1 day.")
    assert "**Question 2** · chapter 8 · 1 of 2" in on.text
    await says(app, "!reveal 2")
    assert "**Question 1**" in (await says(app, "!grade 2 easy")).text
    await says(app, "!reveal 1")
    over = await says(app, "!grade 1 good")
    assert "counted today already" in over.text
    assert "That was all: 2 questions known; 1 miss on the way." in over.text


async def test_a_double_tap_counts_once(app: App) -> None:
    """The second tap of a grade changes nothing, in the quiz nor in the memory."""
    await says(app, "!quiz 8 3")
    await says(app, "!reveal 1")
    assert "**Question 2**" in (await says(app, "!grade 1 good")).text
    again = await says(app, "!grade 1 good")
    assert again.text == "That question was counted today already, once; it stays as it was."
    assert "**Question 2** · chapter 8 · 2 of 3" in (await says(app, "!quiz")).text


async def test_grading_before_the_answer_counts_nothing(app: App) -> None:
    """Who has not tried yet cannot grade."""
    await says(app, "!quiz 8 1")
    assert "nothing was counted" in (await says(app, "!grade 1 easy")).text
    assert "**0 questions due today.**" in (await says(app, "!progress")).text


async def test_a_skip_counts_nothing(app: App) -> None:
    """What is left out is neither known nor missed, and does not come back in this quiz."""
    await says(app, "!quiz 8 2")
    assert "**Question 2**" in (await says(app, "!later 1")).text
    await says(app, "!reveal 2")
    assert "That was all: 1 question known." in (await says(app, "!grade 2 hard")).text
    assert "No quiz of yours" in (await says(app, "!later 1")).text


async def test_a_quiz_waits_through_a_restart_and_on_another_account(app: App, settings: Settings) -> None:
    """Half done, it goes on in another process, and with the person's account on another platform."""
    await says(app, "!quiz 8 3")
    await says(app, "!reveal 1")
    await says(app, "!grade 1 good")
    code = (await says(app, "!join")).text.partition("`!join ")[2].partition("`")[0]
    other = Person(platform="discord", id="77", name="ann_on_discord")
    async with App(settings) as later:
        later.clock = Standing()
        assert "**Question 2**" in (await says(later, "!quiz")).text
        assert "Joined" in (await says(later, f"!join {code}", other)).text
        assert "**Question 2** · chapter 8 · 2 of 3" in (await says(later, "!quiz", other)).text
        assert "does not hold" in await refuses(later, f"!join {code}", BOB)
        await says(later, "!reveal 2", other)
        await says(later, "!grade 2 good", other)
    assert "**Question 3**" in (await says(app, "!quiz")).text


async def test_it_comes_back_when_it_is_due(app: App, clock: Standing) -> None:
    """A question known well is due two days later, and then only it."""
    assert "Nothing is due" in (await says(app, "!due")).text
    await says(app, "!quiz 8 1")
    await says(app, "!reveal 1")
    await says(app, "!grade 1 good")
    clock.moment = NOW + timedelta(days=1)
    assert "Nothing is due" in (await says(app, "!due")).text
    clock.moment = NOW + timedelta(days=2)
    assert "**1 question due today.**" in (await says(app, "!progress")).text
    assert "**Question 1** · chapter 8 · 1 of 1" in (await says(app, "!due")).text


async def test_chapters_take_turns(app: App) -> None:
    """Over all chapters, none comes three times running while another has questions."""
    await says(app, "!quiz all count=12")
    chapters: list[str] = []
    reply = await says(app, "!quiz")
    while "**Question" in reply.text:
        number = reply.text.partition("**Question ")[2].partition("**")[0]
        chapters.append(reply.text.partition("· chapter ")[2].partition(" ")[0])
        await says(app, f"!reveal {number}")
        reply = await says(app, f"!grade {number} good")
    assert len(chapters) == 12
    assert not any(len(set(chapters[at : at + 3])) == 1 for at in range(10))


async def test_answers_are_private_until_shared(app: App) -> None:
    """Others see a shared answer once they have answered; two who find it good make it the group's."""
    await says(app, "!answer 1 because of stars")
    assert "There is no answer of yours" in (await says(app, "!share 1", BOB)).text
    await says(app, "!reveal 1", BOB)
    assert "because of stars" not in (await says(app, "!reveal 1", BOB)).text
    assert "answer **" in (await says(app, "!share 1")).text
    seen = await says(app, "!answer 1 no idea", BOB)
    assert "from Ann: because of stars" in seen.text
    number = seen.text.partition("`!good ")[2].partition("`")[0]
    assert "1 vote for" in (await says(app, f"!good {number}", BOB)).text
    assert "1 vote for" in (await says(app, f"!good {number}", BOB)).text
    assert "yours" in (await says(app, f"!good {number}")).text
    assert "the group’s answer" in (await says(app, f"!good {number}", replace(BOB, id="Eve"))).text
    assert "**the group's answer**, from Ann, 2 votes" in (await says(app, "!reveal 1", BOB)).text
    await says(app, "!share 1 undo")
    assert "because" not in (await says(app, "!reveal 1", BOB)).text


@pytest.mark.parametrize("said", ["[spoiler]by stars[/spoiler]", "||by stars||", "by stars"])
async def test_an_answer_may_hide_in_a_spoiler(app: App, said: str) -> None:
    """In a thread where others read it, too."""
    assert "**You:** by stars\n" in (await says(app, f"!answer 1 {said}")).text


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


async def test_as_many_as_one_likes_within_reason(app: App) -> None:
    """A number after the chapter is how many; one that is too large is as many as a quiz has."""
    assert "1 of 3" in (await says(app, "!quiz 8 3")).text
    assert "1 of 37" in (await says(app, "!quiz 8 500")).text


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("!answer 9999 what?", "no question `9999`"),
        ("!answer what?", "no question `what?`"),
        ("!reveal 0", "no question"),
        ("!reveal ٣", "no question"),
        ("!answer 1 " + "x" * 10_000, "at most 1,000"),
        ("!grade 1", "How well did you know it?"),
        ("!grade 1 superb", "How well did you know it?"),
        ("!quiz 99", "no questions on chapter 99"),
        ("!quiz bananas", "no chapter"),
        ("!quiz count=99", "from 1 to 50"),
        ("!daily 25:00", "no time of the day"),
        ("!daily 8:00 zone=CET", "Europe/Berlin"),
        ("!daily 8:00 zone=<b>", "no zone that I know"),
        ("!join 12345678", "does not hold"),
    ],
)
async def test_bad_input_gets_a_sentence(app: App, line: str, says: str) -> None:
    """What cannot be is said, and nothing changes."""
    assert says in await refuses(app, line)
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


async def test_the_local_person_sees_it_all(app: App) -> None:
    """The command line and the local thread are one person."""
    assert "**Question 1**" in (await says(app, "!quiz", LOCAL)).text

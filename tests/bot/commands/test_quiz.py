"""The questionnaire for oneself, by commands: asked, answered, graded, and gone on with anywhere."""

from datetime import timedelta

import pytest

from bot.app import LOCAL, App
from bot.settings import Settings
from bot.values import Person
from tests.bot.commands.quizzing import ANN, BOB, FIRST, NOW, Standing, refuses, says
from tests.bot.commands.quizzing import clock as clock  # a fixture

pytestmark = pytest.mark.usefixtures("clock")


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


async def test_a_double_tap_in_a_cram_counts_nothing(app: App) -> None:
    """When a question comes back stays as it is, however often its grade is tapped."""
    await says(app, "!cram 8 2")
    await says(app, "!reveal 1")
    assert "**Question 2**" in (await says(app, "!grade 1 good")).text
    assert (await says(app, "!grade 1 good")).text == "Noted for this round alone."
    table = (await says(app, "!progress")).table
    assert table is not None
    assert not any(row[3] for row in table.rows)
    assert all(str(row[1]).startswith("0 of") for row in table.rows)


async def test_grading_before_the_answer_counts_nothing(app: App) -> None:
    """Who has not tried yet cannot grade."""
    await says(app, "!quiz 8 1")
    assert "nothing was counted" in (await says(app, "!grade 1 easy")).text
    assert "**0 questions due today.**" in (await says(app, "!progress")).text


async def test_in_a_quiz_no_number_is_needed(app: App) -> None:
    """What has none is for the question that the quiz is at; grades may be digits, too."""
    await says(app, "!quiz 8 5")
    assert "**You:** because of stars\n" in (await says(app, "!answer because of stars")).text
    assert "Write `!grade 1 again`" in await refuses(app, "!grade superb")
    assert "8 days.\n\n**Question 2**" in (await says(app, "!grade easy")).text
    assert "**Question 3**" in (await says(app, "!later")).text
    await says(app, "!reveal")
    assert "in 2 days.\n\n**Question 4**" in (await says(app, "!grade 3 3")).text
    assert "no question `superb`" in await refuses(app, "!reveal superb")


async def test_a_skip_counts_nothing(app: App) -> None:
    """What is left out is neither known nor missed, and does not come back in this quiz."""
    await says(app, "!quiz 8 2")
    assert "**Question 2**" in (await says(app, "!later 1")).text
    await says(app, "!reveal 2")
    assert "That was all: 1 question known." in (await says(app, "!grade 2 hard")).text
    assert "No quiz of yours" in await refuses(app, "!later 1")


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


@pytest.mark.parametrize("first", ["!quiz 8 3", "!due", "!cram 8 3"])
@pytest.mark.parametrize("then", ["!quiz", "!quiz 13", "!due", "!cram 8"])
async def test_what_is_half_done_is_gone_on_with(app: App, clock: Standing, first: str, then: str) -> None:
    """Whichever command began it and whichever is typed, missed ones and all; `new` begins another."""
    for number in (1, 2, 3):
        await says(app, f"!reveal {number}")
        await says(app, f"!grade {number} again")
    clock.moment = NOW + timedelta(days=1)
    asked = await says(app, first)
    assert "1 of 3" in asked.text
    missed = int(asked.text.partition("**Question ")[2].partition("**")[0])
    await says(app, f"!reveal {missed}")
    await says(app, f"!grade {missed} again")
    reply = await says(app, then)
    what = {"!quiz": "a quiz", "!due": "a round of what was due", "!cram": "a cram"}[first.split()[0]]
    assert reply.text.startswith(f"You are in the middle of {what}; `{then} new` begins another in its place.")
    assert "1 of 3" in reply.text
    assert reply.choices[-1].command == f"{then} new"
    sitting = await app.quiz.sitting(ANN)
    assert sitting is not None
    assert (sitting.missed, sitting.left) == (1, 3)
    assert "in the middle" not in (await says(app, f"{then} new")).text
    sitting = await app.quiz.sitting(ANN)
    assert sitting is not None
    assert sitting.missed == 0


async def test_what_was_left_after_its_answer_is_gone_on_with_there(app: App, clock: Standing) -> None:
    """With the answers and the buttons to grade it, which counts also on another day."""
    await says(app, "!quiz 8 2")
    await says(app, "!answer 1 because")
    clock.moment = NOW + timedelta(days=1)
    reply = await says(app, "!quiz")
    assert "in the middle of a quiz" in reply.text
    assert "**Question 1** · chapter 8 · 1 of 2" in reply.text
    assert f"**You:** because\n\n**An answer:** {FIRST.answer}" in reply.text
    assert "!grade 1 good" in [each.command for each in reply.choices]
    assert (await says(app, "!grade 1 good")).text.startswith("Counted.")


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


async def test_as_many_as_one_likes_within_reason(app: App) -> None:
    """A number after the chapter is how many; one that is too large is as many as a quiz has."""
    assert "1 of 3" in (await says(app, "!quiz 8 3")).text
    assert "1 of 37" in (await says(app, "!quiz 8 500 new")).text


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("!answer 9999 what?", "no question `9999`"),
        ("!answer what?", "Which question? You are at no quiz"),
        ("!answer 1 …", "The dots stand for your own words"),
        ("!answer 1 ...", "The dots stand for your own words"),
        ("!answer 38 https://…", "with a link to what you made"),
        ("!reveal 0", "no question"),
        ("!reveal ٣", "no question"),
        ("!reveal", "Which question?"),
        ("!later", "Which question?"),
        ("!grade good", "Which question? You are at no quiz: its number comes first"),
        ("!skip", "in a quiz: `later`"),
        ("!skip 1", "for the group's admins. You may mean `!later`."),
        ("!answer 1 " + "x" * 10_000, "That answer has 10,000 characters; I keep up to 1,000."),
        ("!answer 1 " + "x\n" * 501, "That answer has 1,001 characters"),
        ("!grade 1", "Write `!grade 1 again` or `!grade 1 hard`"),
        ("!grade 1 5", "How well did you know it?"),
        ("!quiz 8 0", "at least one question"),
        ("!tasks 40 undo", "Nothing is ticked at 40"),
        ("!tasks 1 undo", "Nothing is ticked at 1"),
        ("!tasks undo", "Which question?"),
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


async def test_the_local_person_sees_it_all(app: App) -> None:
    """The command line and the local thread are one person."""
    assert "**Question 1**" in (await says(app, "!quiz", LOCAL)).text

"""What the group is asked, end to end: the programme's messages with a question, on the in-memory platform."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.platforms.in_memory import Network
from bot.questions.files import sheets
from bot.values import Reply
from scheduler.owed import State
from tests.bot.questions.sheets import chapter
from tests.bot.test_weekly import ByHand, Week

NOW = datetime(2026, 10, 1, tzinfo=UTC)
KINDS = ("questionnaire", "question", "question-more")


@pytest.fixture
async def week(tmp_path: Path) -> AsyncGenerator[Week]:
    """A group that begins."""
    made = Week(tmp_path, Network(), ByHand())
    yield made
    await made.database.close()


async def imported(week: Week, *chapters: int) -> None:
    """Four questions for each chapter."""
    for number in chapters:
        await week.weekly.questions.keep(sheets(f"{number:02}_part.ipynb", chapter(number, 4)), NOW)


def asked(week: Week) -> list[tuple[str, Reply]]:
    """The messages that may ask something, by kind."""
    found = [(post.key.split("/")[2], post.reply) for post in week.network.posts if post.reply]
    return [(kind, reply) for kind, reply in found if kind in KINDS]


def number(reply: Reply) -> int:
    """The question's."""
    return int(reply.choices[0].command.rpartition(" ")[2])


async def test_three_questions_between_two_sessions(week: Week) -> None:
    """On the day after, on the third and on the fifth, one at a time, each once, with how to answer in private.

    No chapter comes three times running: of the first one alone there are but two.
    """
    await imported(week, 1, 2, 3)
    await week.until("2026-11-04T00:00+00:00")
    said = asked(week)
    assert [kind for kind, _ in said] == [*KINDS[:2], *KINDS, *KINDS]
    numbers = [number(reply) for _, reply in said]
    assert len(set(numbers)) == 8
    chapters = []
    for _, reply in said:
        item = await week.weekly.questions.item(number(reply))
        assert item is not None
        chapters.append(item.chapter)
        assert f"**Question {item.number}** · chapter {item.chapter}" in reply.text
        assert "in a message to me alone" in reply.text
        assert not reply.private
        assert [(each.label, bool(each.ask)) for each in reply.choices] == [
            ("answer", True),
            ("I don't know", False),
        ]
    assert not any(len(set(chapters[at : at + 3])) == 1 for at in range(6))
    assert (chapters[:3], chapters[5]) == ([1, 1, 2], 3)  # on the day after, what has just ended


async def test_where_there_is_nothing_to_ask_nothing_is_asked(week: Week) -> None:
    """Of chapters without questions the questionnaire is announced as before; no empty message goes out."""
    await week.until("2026-10-21T00:00+00:00")
    assert [kind for kind, _ in asked(week)] == ["questionnaire"]
    (_, reply) = asked(week)[0]
    assert "the questionnaire of chapter 1" in reply.text
    assert not reply.choices
    dropped = await week.weekly.deliveries.list(State.DROPPED)
    assert {each.owed.kind for each in dropped} == {"question", "question-more"}


async def test_a_pause_is_silent_until_it_ends(week: Week) -> None:
    """While the host pauses them, no question goes out; afterwards they go on where they were."""
    await imported(week, 1, 2, 3)
    await week.until("2026-10-16T00:00+00:00")
    assert await week.weekly.questions.pause(paused=True, now=week.clock.now())
    await week.until("2026-10-22T12:00+00:00")
    assert [kind for kind, _ in asked(week)] == ["questionnaire"]
    assert await week.weekly.questions.pause(paused=False, now=week.clock.now())
    await week.until("2026-10-25T00:00+00:00")
    assert [kind for kind, _ in asked(week)] == ["questionnaire", "question"]


async def test_a_second_process_asks_the_same(week: Week, tmp_path: Path) -> None:
    """What a message asks is written down before it is said: said again by another process, it is the same."""
    await imported(week, 1)
    message = ("book", "2026-10-14", "questionnaire")
    first = await week.weekly.questions.prompt(message, ((1,),), NOW)
    again = Week(tmp_path, week.network, ByHand())
    assert await again.weekly.questions.prompt(message, ((1,),), NOW) == first
    other = await again.weekly.questions.prompt(("book", "2026-10-14", "question"), ((1,),), NOW)
    assert other != first
    await again.database.close()

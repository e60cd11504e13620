"""The notebook's pages as the weeks turn them: nothing that the group left is taken away early, or lost."""

from collections.abc import AsyncGenerator, Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.addresses import read
from bot.platforms.in_memory import PERSON, PLACE, Network
from bot.programme import Changes
from tests.bot.test_weekly import PROGRAMME, START, ByHand, Week

USUAL = PROGRAMME.replace('[messages]\nopen = "-6d 10:00"\n', "")
EXAMPLE = PROGRAMME.replace('"-6d 10:00"', '"-7d 20:30"')
FRIDAY = datetime.fromisoformat("2026-10-16 18:30")


@pytest.fixture
async def start(tmp_path: Path) -> AsyncGenerator[Callable[[str], Week]]:
    """Begin a group with a programme."""
    made: list[Week] = []

    def begin(programme: str) -> Week:
        made.append(Week(tmp_path, Network(), ByHand(), programme))
        return made[-1]

    yield begin
    for each in made:
        await each.database.close()


async def asks(week: Week, text: str) -> None:
    """Somebody asks, on the page that it is."""
    page = await week.weekly.pages.session(week.clock.now())
    assert page is not None
    await week.notebook.questions.ask(PLACE, page.key, PERSON, text, week.clock.now())


async def open_now(week: Week) -> list[str]:
    """What is open on the page that it is."""
    page = await week.weekly.pages.session(week.clock.now())
    assert page is not None
    return [each.text for each in await week.notebook.questions.of(PLACE, page.key, ("open",))]


def said(week: Week, kind: str) -> list[str]:
    """The posts of a kind."""
    return [each.reply.text for each in week.network.posts if f"/{kind}/" in each.key and each.reply]


async def test_a_session_keeps_its_questions_until_it_is_over(start: Callable[[str], Week]) -> None:
    """By the usual plan: they are there while it lasts, its leftovers list them, and the next thread does."""
    week = start(USUAL)
    await week.until("2026-10-14T12:00+00:00")
    await asks(week, "Why 5.5?")
    posted = await week.until("2026-10-14T17:39+00:00")
    assert await open_now(week) == ["Why 5.5?"]
    assert not any("We meet in a week" in line or "Chapter 2" in line for line in posted)
    await week.until("2026-10-14T20:00+00:00")
    assert "Why 5.5?" in said(week, "leftovers")[0]
    await week.until("2026-10-16T00:00+00:00")
    assert "Why 5.5?" in said(week, "open")[1]
    assert await open_now(week) == ["Why 5.5?"]


async def test_the_numbers_in_the_leftovers_are_those_that_count(start: Callable[[str], Week]) -> None:
    """Asked at the end of the session or just after it, a question has one number."""
    week = start(PROGRAMME)
    await week.until("2026-10-14T12:00+00:00")
    await asks(week, "Why 5.5?")
    await week.until("2026-10-14T17:50+00:00")
    await asks(week, "And why not?")
    await week.until("2026-10-14T20:00+00:00")
    assert "\\#1 Why 5.5?" in said(week, "leftovers")[0]
    assert "\\#2 And why not?" in said(week, "leftovers")[0]


async def test_a_moved_session_holds_the_next_thread_back(start: Callable[[str], Week]) -> None:
    """Moved past the next opening: thread, pin and questions stay until it is over, and nothing is said twice."""
    week = start(EXAMPLE)
    await week.until("2026-10-13T12:00+00:00")
    await asks(week, "Why 5.5?")
    await week.weekly.agenda.change(lambda changes: changes.moving(date(2026, 10, 14), FRIDAY), week.clock.now())
    await week.until("2026-10-16T17:39+00:00")
    (first,) = [post for post in week.network.posts if "/open/" in post.key]
    assert first.pinned
    assert await open_now(week) == ["Why 5.5?"]
    assert not [post for post in week.network.posts if "/remind-week/" in post.key and "10-21" in post.key]
    after = await week.until("2026-10-18T00:00+00:00")
    assert [line.split()[0] for line in after[:3]] == ["Thank", "**Chapter", "We"]
    first, second = [post for post in week.network.posts if "/open/" in post.key]
    assert (first.pinned, second.pinned) == (False, True)
    assert "Why 5.5?" in said(week, "leftovers")[0]
    assert await open_now(week) == ["Why 5.5?"]
    keys = [post.key for post in week.network.posts]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("how", [Changes.skipping, Changes.cancelling], ids=["skipped", "cancelled"])
async def test_a_week_without_a_session_gives_its_page_on(
    start: Callable[[str], Week], how: Callable[[Changes, date], Changes]
) -> None:
    """Questions, answered ones too, links, blog posts and ticks stand on the next page that is held."""
    week = start(EXAMPLE)
    await week.until("2026-10-20T12:00+00:00")
    notebook, now = week.notebook, week.clock.now()
    await asks(week, "Why 5.5?")
    await asks(week, "What is a prior?")
    await notebook.questions.settle(PLACE, "2026-10-21", 2, "answered", now)
    await notebook.links.add(PLACE, "2026-10-21", PERSON, read("https://example.org/a"), "a", now)
    await notebook.links.add(PLACE, "2026-10-28", PERSON, read("https://example.org/a"), "the same", now)
    await notebook.blogs.add(PLACE, "2026-10-21", PERSON, read("https://me.example.org/b"), "b", now)
    await notebook.homework.tick(PLACE, "2026-10-21", PERSON, 1, now)
    await week.weekly.agenda.change(lambda changes: how(changes, date(2026, 10, 21)), now)
    page = await week.weekly.pages.session(now)
    assert page is not None
    assert page.key == "2026-10-28"
    assert [each.text for each in await notebook.questions.of(PLACE, page.key)] == ["Why 5.5?", "What is a prior?"]
    assert [each.note for each in await notebook.links.of(PLACE, page.key)] == ["the same"]
    assert [each.note for each in await notebook.blogs.of(PLACE, page.key)] == ["b"]
    assert await notebook.homework.counts(PLACE, page.key) == {1: 1}
    assert not await notebook.links.of(PLACE, "2026-10-21")


async def test_what_was_held_keeps_its_page(start: Callable[[str], Week]) -> None:
    """Its links stay where they were brought; so does what an older plan left."""
    week = start(EXAMPLE)
    await week.notebook.links.add(PLACE, "2025-10-08", PERSON, read("https://example.org/old"), "", START)
    await week.until("2026-10-14T12:00+00:00")
    await week.notebook.links.add(PLACE, "2026-10-14", PERSON, read("https://example.org/a"), "", week.clock.now())
    await week.until("2026-10-20T12:00+00:00")
    page = await week.weekly.pages.session(week.clock.now())
    assert page is not None
    assert not await week.notebook.links.of(PLACE, page.key)
    assert len(await week.notebook.links.of(PLACE, "2026-10-14")) == 1
    assert len(await week.notebook.links.of(PLACE, "2025-10-08")) == 1


async def test_what_is_open_at_the_end_stays_in_sight(start: Callable[[str], Week]) -> None:
    """After the last session the page is the one after it, and then the one while nothing is planned."""
    week = start(EXAMPLE)
    await week.until("2026-10-28T12:00+00:00")
    await asks(week, "And now?")
    await week.until("2026-10-30T12:00+00:00")
    assert "And now?" in said(week, "leftovers")[-1]
    assert await open_now(week) == ["And now?"]
    week.clock.moment = datetime.fromisoformat("2026-11-20T12:00+00:00")
    assert await week.weekly.pages.session(week.clock.now()) is None
    loose = await week.notebook.questions.of(PLACE, "loose", ("open",))
    assert [each.text for each in loose] == ["And now?"]

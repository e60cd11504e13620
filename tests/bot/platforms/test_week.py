"""The side column in a real browser: by the reader's clock, on every screen, only where there is a programme."""

import re
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.database import connect
from bot.platforms.web import PLACE
from bot.values import Reply, moment
from tests.bot.platforms.site import SIMILAR, Site
from tests.bot.platforms.test_browser import CONTRAST
from tests.bot.test_render import PAYLOADS
from tests.browser import page_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

STARTS = datetime(2026, 12, 2, 7, 30, tzinfo=UTC)  # Wed 18:30 in Sydney
MONDAY = STARTS - timedelta(days=2, hours=3)
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}


def iso(instant: datetime) -> str:
    """An instant as the page gets it."""
    return instant.isoformat()


def row(number: int | None, weeks: int, title: str, state: str, *, days: int = 0) -> dict[str, Any]:
    """A row of the plan, so many weeks after the first session; moved by so many days."""
    at = STARTS + timedelta(weeks=weeks - 7, days=days)
    starts = None if number is None else iso(at)
    return {
        "number": number,
        "date": f"{at:%Y-%m-%d}",
        "starts": starts,
        "title": title,
        "state": state,
        "moved": days != 0,
    }


PROGRAMME: dict[str, Any] = {
    "group": "The book club",
    "zone": "Australia/Sydney",
    "session": {
        "key": "week/8",
        "title": "Collaborative filtering",
        "starts": iso(STARTS),
        "ends": iso(STARTS + timedelta(minutes=90)),
        "number": 8,
        "reading": ["Chapter 8", "The latent factors"],
        "guest": "Ada",
        "on_now": False,
    },
    "plan": [
        *(row(number, number - 1, f"Chapter {number}", "held") for number in range(1, 8)),
        row(8, 7, "Collaborative filtering", "next"),
        row(9, 8, "Tabular models", "later", days=1),
        row(None, 9, "Holidays", "skipped"),
        row(10, 10, "Language models", "later"),
        row(None, 11, "Data munging", "cancelled"),
    ],
    "deliveries": {
        "counts": {"done": 23, "owed": 2, "expired": 0, "dead": 1},
        "recent": [
            {"kind": "open", "title": "Week 8", "at": iso(MONDAY), "state": "done", "error": ""},
            {
                "kind": "remind",
                "title": "A week",
                "at": iso(MONDAY),
                "state": "dead",
                "error": "403: may not post",
            },
            {"kind": "remind", "title": "An hour", "at": iso(STARTS), "state": "owed", "error": ""},
        ],
    },
    "calendar": "/calendar.ics",
}


class Programme:
    """What `week` answers, and how often it was asked."""

    def __init__(self) -> None:
        self.now = deepcopy(PROGRAMME)
        self.asked = 0

    async def __call__(self) -> dict[str, Any]:
        """The week as it is now."""
        self.asked += 1
        return self.now


@pytest.fixture
def programme() -> Programme:
    """A programme in its eighth week."""
    return Programme()


@pytest_asyncio.fixture(loop_scope="module")
async def site(empty_database: Path, tmp_path: Path, programme: Programme) -> AsyncGenerator[Site]:
    """A thread with a programme beside it."""
    database = connect(f"sqlite:///{shutil.copy(empty_database, tmp_path)}")
    made = Site(database, week=programme)
    await made.start()
    yield made
    await made.close()
    await database.close()


@asynccontextmanager
async def reading(
    browser: Browser, site: Site, *, now: datetime = MONDAY, zone: str = "Europe/Berlin", **settings: Any
) -> AsyncGenerator[Page]:
    """The page of a reader in `zone`, whose clock says `now` and goes on only when told."""
    settings = {"viewport": WIDE, "locale": "en-GB", "timezone_id": zone} | settings
    async with page_of(browser, site.web.url, **settings) as page:
        await page.clock.install(time=now)
        await page.reload()
        await expect(page.locator("#countdown")).not_to_be_empty()
        yield page


@pytest.mark.parametrize(
    ("zone", "here", "there", "date"),
    [
        ("Europe/Berlin", "Wed 2 Dec, 08:30 – 10:00 CET", "Wed, 18:30 in Australia/Sydney", "2 Dec"),
        ("America/Los_Angeles", "Tue 1 Dec, 23:30 – Wed 2 Dec, 01:00 GMT-8", "Wed, 18:30 in", "1 Dec"),
        ("Australia/Sydney", "Wed 2 Dec, 18:30 – 20:00 GMT+11", None, "2 Dec"),
    ],
    ids=["berlin", "another day", "at home"],
)
async def test_times_are_the_readers_own(
    site: Site, browser: Browser, zone: str, here: str, there: str | None, date: str
) -> None:
    """The session and the plan stand in the reader's zone; the group's is beside it where it differs."""
    async with reading(browser, site, zone=zone) as page:
        await expect(page.locator("#session-time time")).to_have_text(here)
        group = page.locator("#session-time span")
        await (expect(group).to_contain_text(there) if there else expect(group).to_have_count(0))
        await expect(page.locator("tr[aria-current] time")).to_have_text(date)


async def test_a_moment_in_a_post_is_the_readers_own(site: Site, browser: Browser) -> None:
    """As it was written it is the tooltip, and what remains where a date is none."""
    text = f"We meet {moment(STARTS, 'Australia/Sydney')}, not [then (UTC)](time:2026-99-99T99:99Z)."
    await site.web.post(PLACE, Reply(text=text), key="1")
    async with reading(browser, site) as page:
        shown = page.get_by_role("article")
        await expect(shown).to_contain_text("We meet Wed 2 Dec, 08:30 CET, not then (UTC).")
        title = "Wed 2 Dec 2026, 18:30 (Australia/Sydney)"
        await expect(shown.locator(".text time").first).to_have_attribute("title", title)


async def test_the_countdown_reads_well(site: Site, browser: Browser) -> None:
    """From days to minutes, on now, over; never "in 0 min"."""
    table = {
        -timedelta(days=9): "in 9 days",
        -timedelta(days=2, hours=3): "in 2 days 3 h",
        -timedelta(days=1, hours=1, minutes=59): "in 1 day 1 h",
        -timedelta(hours=3, minutes=20): "in 3 h 20 min",
        -timedelta(hours=3): "in 3 h",
        -timedelta(minutes=11, seconds=1): "in 12 min",
        -timedelta(seconds=1): "in 1 min",
        timedelta(): "on now",
        timedelta(minutes=89): "on now",
        timedelta(minutes=90): "over",
    }
    async with reading(browser, site) as page:
        said = await page.evaluate(
            """async (spans) => {
              const { countdown } = await import("/static/times.js");
              return spans.map((span) => countdown(0, 90 * 60_000, span));
            }""",
            [span / timedelta(milliseconds=1) for span in table],
        )
    assert said == list(table.values())


async def test_the_countdown_goes_on_by_itself(site: Site, browser: Browser, programme: Programme) -> None:
    """A page left open changes from minute to minute, and asks for the week at most once in each."""
    async with reading(browser, site, now=STARTS - timedelta(minutes=12)) as page:
        countdown = page.get_by_role("timer")
        await expect(countdown).to_have_text("in 12 min")
        asked = programme.asked
        await page.clock.run_for(60_000)
        await expect(countdown).to_have_text("in 11 min")
        await page.clock.run_for(11 * 60_000)
        await expect(countdown).to_have_text("on now")
        assert asked <= programme.asked <= asked + 12
        await page.clock.run_for(90 * 60_000)
        await expect(countdown).to_have_text("over")


async def test_the_column_says_what_the_week_holds(site: Site, browser: Browser) -> None:
    """Session, reading and guest; the plan around this week, and all of it on demand; what was delivered."""
    async with reading(browser, site) as page:
        week = page.get_by_role("complementary", name="The week")
        await expect(week.get_by_role("heading")).to_have_text(["This week · Week 8", "The plan", "Deliveries"])
        await expect(week.locator("#session-title")).to_have_text("Collaborative filtering")
        await expect(week.locator("#reading li")).to_have_text(["Chapter 8", "The latent factors"])
        await expect(week.locator("#guest")).to_have_text("With Ada")
        calendar = week.get_by_role("link", name="Add to your calendar")
        await expect(calendar).to_have_attribute("href", "/calendar.ics")
        rows = week.locator("tbody tr")
        around = [
            "725 NovChapter 7, held",
            "82 DecCollaborative filtering",
            "910 DecTabular modelsmoved to Thu",
            "–16 DecHolidaysskipped",
            "1023 DecLanguage models",
        ]
        await expect(rows).to_have_text(around)
        await expect(week.locator("tr[aria-current]")).to_contain_text("Collaborative filtering")
        await week.get_by_role("button", name="Show all 12 weeks").press("Enter")
        await expect(rows).to_have_count(12)
        await expect(rows.last).to_have_text("–30 DecData mungingcancelled")
        fewer = week.get_by_role("button", name="Show fewer weeks", expanded=True)
        await expect(fewer).to_be_focused()
        await fewer.press("Enter")
        await expect(rows).to_have_count(5)
        await expect(week.locator("#counts li")).to_have_text(["23 sent", "2 next", "0 expired", "1 failed"])
        await expect(week.locator("#recent li")).to_have_text(
            ["Week 8sent · 05:30", "A weekfailed · 05:30403: may not post", "An hournext · 2 Dec, 08:30"]
        )


async def test_a_change_shows_at_once(site: Site, browser: Browser, programme: Programme) -> None:
    """When the bot says that the week is another, open pages show it; focus stays where it is."""
    async with reading(browser, site) as page:
        button = page.get_by_role("button", name="Show all")
        await button.focus()
        programme.now["session"] |= {"title": "Another chapter", "starts": iso(STARTS + timedelta(hours=1))}
        site.web.changed()
        await expect(page.locator("#session-title")).to_have_text("Another chapter")
        await expect(page.get_by_role("timer")).to_have_text("in 2 days 4 h")
        await expect(button).to_be_focused()
        programme.now |= {"session": None, "plan": []}
        site.web.changed()
        await expect(page.locator("#session-title")).to_have_text("No session is planned.")
        await expect(page.locator("#session-time, #reading, #guest, #countdown")).to_have_text([""] * 4)
        await expect(page.get_by_text("The plan")).to_be_hidden()


async def test_without_a_programme_there_is_no_column(site: Site, browser: Browser) -> None:
    """The thread has the page for itself, nothing is asked for, and nothing is on the page for screen readers."""
    site.settings["week"] = None
    await site.start()
    async with page_of(browser, site.web.url, viewport=WIDE) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.reload()
        site.web.changed()
        await site.web.post(PLACE, Reply(text="hello"), key="1")
        await expect(page.get_by_role("article")).to_have_count(1)
        await expect(page.get_by_role("complementary")).to_have_count(0)
        await expect(page.locator("#week")).to_be_hidden()
        box = await page.locator("main").bounding_box()
        assert box is not None
        assert box["x"] * 2 + box["width"] == WIDE["width"]
        assert not [url for url in asked if url.endswith("/week")]


async def test_on_a_phone_the_week_is_folded(site: Site, browser: Browser) -> None:
    """One line says when the next session is; opened by keyboard or finger, nothing of it scrolls sideways."""
    async with reading(browser, site, viewport=NARROW, is_mobile=True, has_touch=True) as page:
        summary = page.locator("#week summary")
        await expect(summary).to_have_text(re.compile(r"The week\s+next session in 2 days 3 h"))
        await expect(page.locator("#plan")).to_be_hidden()
        await summary.press("Enter")
        await expect(page.locator("#plan")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
        over = "(all) => all.filter((each) => each.getBoundingClientRect().right > innerWidth).length"
        assert await page.locator("#week *").evaluate_all(over) == 0
        for pressed in (summary, page.locator("#whole")):
            box = await pressed.bounding_box()
            assert box is not None
            assert box["height"] >= 40
        await page.set_viewport_size(WIDE)  # pyright: ignore[reportArgumentType] - a plain dict is one, too
        await expect(summary).to_be_hidden()
        await expect(page.locator("#plan")).to_be_visible()


async def test_the_column_can_be_read(site: Site, browser: Browser) -> None:
    """All of it has a contrast of at least 4.5 in the light and in the dark (WCAG AA)."""
    await site.web.pin(await site.web.open(PLACE, "Week 8", SIMILAR, key="open/8"), pinned=True)
    async with reading(browser, site, color_scheme="light") as page:
        await expect(page.get_by_role("navigation", name="Pinned")).to_be_visible()
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            _ground, found = await page.evaluate(CONTRAST)
            assert {"in 2 days 3 h", "403: may not post", "Pinned:", "moved to Thu"} <= {text for _, text in found}
            assert [each for each in found if each[0] < 4.5] == []


async def test_markup_in_the_week_is_text(site: Site, browser: Browser, programme: Programme) -> None:
    """Whatever a programme or a failing forum says is shown as it is."""
    mean = "".join(PAYLOADS)
    programme.now["session"] |= {"title": mean, "guest": mean, "reading": [mean]}
    programme.now["plan"][8]["title"] = mean
    programme.now["deliveries"]["recent"][1] |= {"title": mean, "error": mean}
    programme.now["calendar"] = "javascript:alert(1)"
    await site.web.pin(await site.web.open(PLACE, mean, Reply(text="a"), key="1"), pinned=True)
    async with reading(browser, site) as page:
        await expect(page.get_by_role("navigation", name="Pinned")).to_be_visible()
        assert await page.locator(":is(aside, nav, .title) :is(script, svg, img, iframe, style)").count() == 0
        assert await page.locator("#session-title").text_content() == mean
        assert await page.locator(".title").text_content() == mean
        await expect(page.locator("#calendar")).to_have_attribute("href", "/calendar.ics")


async def test_what_is_pinned_is_one_step_away(site: Site, browser: Browser) -> None:
    """A quiet line names it wherever one reads, and leads to it, also to a post from before what is loaded."""
    week = await site.web.open(PLACE, "Week 8", Reply(text="the agenda"), key="open/8")
    for number in range(220):
        await site.posts.reply(Reply(text=f"post number {number}"), MONDAY, key=str(number))
    await site.web.pin(week, pinned=True)
    async with page_of(browser, site.web.url) as page:
        await expect(page.get_by_role("article")).to_have_count(100)
        pinned = page.get_by_role("navigation", name="Pinned")
        await expect(pinned).to_have_text("Pinned: Week 8")
        await expect(pinned).to_be_in_viewport()
        await pinned.get_by_role("link").press("Enter")
        opening = page.get_by_role("article").first
        await expect(opening.get_by_role("heading", name="Week 8")).to_be_in_viewport()
        (line, post) = (await pinned.bounding_box(), await opening.bounding_box())
        assert line is not None
        assert post is not None
        assert line["y"] + line["height"] <= post["y"] + 1
        await site.web.pin(week, pinned=False)
        await expect(pinned).to_be_hidden()

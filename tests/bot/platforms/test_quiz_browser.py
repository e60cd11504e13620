"""The questionnaire on the local thread in a browser: asked, answered, graded, broken off and gone on with."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.app import LOCAL, App
from bot.questionnaire import Daily
from bot.questions.bank import bank
from bot.settings import Settings
from tests.bot.platforms.discord.group import Quick
from tests.browser import page_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FIRST = bank()[0]


class Wall(Quick):
    """A clock that can be set to a day."""

    def at(self, moment: datetime) -> "Wall":
        """It is then."""
        self.ahead += moment - self.now()
        return self


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@asynccontextmanager
async def serving(folder: Path, clock: Wall) -> AsyncGenerator[App]:
    """The whole bot with its local thread."""
    given: dict[str, Any] = {"database_url": f"sqlite:///{folder / 'group.db'}", "web_port": free_port()}
    async with App(Settings(**given), clock) as app:
        await app.web.listen(partial(app.handle, platform=app.web))
        yield app


def newest(page: Page) -> Locator:
    """The newest post."""
    return page.get_by_role("article").last


async def presses(page: Page, label: str) -> None:
    """Press a button of the newest post."""
    await newest(page).get_by_role("button", name=label, exact=True).click()


async def says(page: Page, text: str) -> None:
    """Type a post and send it."""
    box = page.get_by_role("combobox", name="Your post")
    await box.press_sequentially(text)
    await box.press("Escape")
    await box.press("Enter")


async def test_the_whole_loop(tmp_path: Path, browser: Browser) -> None:
    """A question for all, answered from memory and graded; a quiz over a restart; a reminder that asks."""
    clock = Wall().at(NOW)
    async with serving(tmp_path, clock) as app, page_of(browser, app.web.url) as page:
        await says(page, "!questionnaire post 1")
        await expect(newest(page)).to_contain_text(FIRST.text)
        await expect(newest(page)).not_to_contain_text(FIRST.answer)
        await presses(page, "answer")
        await expect(page.get_by_role("combobox")).to_have_value("!answer 1 ")
        await says(page, "by stars alone")
        await expect(newest(page)).to_contain_text("You: by stars alone")
        await expect(newest(page)).to_contain_text(FIRST.answer)
        await presses(page, "good")
        await expect(newest(page)).to_contain_text("Counted. It comes back in 2 days.")
        await says(page, "!deck")
        async with page.expect_download() as given:
            await newest(page).get_by_role("link", name="Save deck.txt").click()
        assert (await given.value).suggested_filename == "deck.txt"
        assert FIRST.answer in (await (await given.value).path()).read_text(encoding="utf-8")
        await says(page, "!quiz 8 2")
        await expect(newest(page)).to_contain_text("Question 2 · chapter 8 · 1 of 2")
        await presses(page, "I don't know")
        await expect(newest(page)).to_contain_text(bank()[1].answer)
        await presses(page, "again")
        await expect(newest(page)).to_contain_text("Question 3 · chapter 8 · 1 of 2")
    clock.at(NOW + timedelta(hours=1))
    async with serving(tmp_path, clock) as app, page_of(browser, app.web.url) as page:
        await says(page, "!quiz")
        await expect(newest(page)).to_contain_text("Question 3 · chapter 8 · 1 of 2")
        await presses(page, "I don't know")
        await presses(page, "easy")
        await expect(newest(page)).to_contain_text("Question 2 · chapter 8 · 2 of 2")
        await presses(page, "I don't know")
        await presses(page, "good")
        await expect(newest(page)).to_contain_text("That was all: 2 questions known; 1 miss on the way.")
        await app.quiz.remind(LOCAL, Daily(clock=time(8), zone="UTC", paused=False), clock.now())
        clock.at(NOW.replace(hour=8) + timedelta(days=1))
        await app.weekly.reminders.look()
        await expect(newest(page)).to_contain_text("1 question due today.")
        await presses(page, "ask me")
        await expect(newest(page)).to_contain_text("Question 2 · chapter 8 · 1 of 1")


async def test_progress_on_a_phone(tmp_path: Path, browser: Browser) -> None:
    """Where one stands fits a small screen, and so does what the host sees."""
    phone = {"width": 320, "height": 640}
    async with serving(tmp_path, Wall().at(NOW)) as app, page_of(browser, app.web.url, viewport=phone) as page:
        for line, said in (("!progress", "due today"), ("!questionnaire", "never a name"), ("!tasks", "done")):
            await says(page, line)
            await expect(newest(page)).to_contain_text(said)
        wide = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wide)

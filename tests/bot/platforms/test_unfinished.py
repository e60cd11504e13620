"""How far an answer is, in a real browser: one post that changes, and whose end is said aloud."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.database import connect
from bot.platforms.web import PLACE
from bot.values import Incoming, Reply
from tests.bot.platforms.site import SIMILAR, Site
from tests.browser import page_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def nothing(_incoming: Incoming) -> None:
    """Nobody answers but the test."""


@pytest_asyncio.fixture(loop_scope="module")
async def site(empty_database: Path, tmp_path: Path) -> AsyncGenerator[Site]:
    """A thread that is being served."""
    database = connect(f"sqlite:///{shutil.copy(empty_database, tmp_path)}")
    made = Site(database)
    await made.start(nothing)
    yield made
    await made.close()
    await database.close()


async def test_the_answer_takes_the_place_of_how_far_it_was(site: Site, browser: Browser) -> None:
    """The post is busy until then; its first word and its end are announced, what is between is not."""
    async with page_of(browser, site.web.url, viewport={"width": 900, "height": 500}) as page:
        asked = await site.say("!learn")
        post = page.get_by_role("article").nth(1)
        announcer = page.locator("#announcer")
        unfinished = await site.web.post(PLACE, Reply(text="step 1", unfinished=True), key="re/1", to=asked)
        await expect(post).to_contain_text("step 1")
        await expect(post).to_have_attribute("aria-busy", "true")
        await expect(announcer).to_have_text("Bot: step 1")
        await site.web.edit(unfinished, Reply(text="step 2", unfinished=True))
        await expect(post).to_contain_text("step 2")
        await expect(announcer).to_have_text("Bot: step 1")
        await site.web.edit(unfinished, SIMILAR)
        await expect(post.get_by_role("row")).to_have_count(3)
        await expect(post).not_to_have_attribute("aria-busy", "true")
        await expect(announcer).to_contain_text("The films closest to")
        await expect(post.get_by_role("img", name="Terminator 2 is closest.")).to_be_in_viewport()
        await expect(page.get_by_role("article")).to_have_count(2)
        await site.web.edit(unfinished, Reply(text="changed later"))
        await expect(post).to_contain_text("changed later")
        await expect(announcer).to_contain_text("The films closest to")

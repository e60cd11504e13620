"""A headless Chromium for the tests that look at a page; they are skipped where there is none.

async with chromium() as browser, page_of(browser, url) as page:
    await page.get_by_role("combobox").fill("!help")
"""

import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Request, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """One browser; start it once for a module, it takes a second."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser here: none of {', '.join(NAMES)} is on the PATH")
    # Chromium refuses its sandbox to root, which is who runs the tests in a container.
    arguments = [*QUIET, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        await browser.close()


@asynccontextmanager
async def page_of(browser: Browser, url: str, **settings: Any) -> AsyncGenerator[Page]:
    """A page at `url` in a context of its own; at the end nothing may have failed or been fetched elsewhere."""
    context = await browser.new_context(**settings)
    page = await context.new_page()
    page.set_default_timeout(60_000)
    failed: list[str] = []
    elsewhere: list[str] = []

    def look(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(url).netloc:
            elsewhere.append(request.url)

    page.on("request", look)
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("dialog", lambda dialog: failed.append(dialog.message))
    await page.goto(url)
    yield page
    await context.close()
    assert not failed
    assert not elsewhere

"""Take the README's pictures of the local thread: `python -m docs.screenshots` (needs Chromium)."""

import asyncio
import re
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from bot.clock import RealClock
from tests.browser import chromium, page_of
from tests.test_run import running

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "bot" / "data" / "programme.toml"
AHEAD, WEDNESDAY = timedelta(days=9), 2
"""The example's first session is then at the earliest: nothing is owed before the pictures are taken."""
LINES = ("!similar Terminator", "!kernel topedge at=5,7")
SHOTS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1200, "height": 1000}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1200, "height": 1000}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "device_scale_factor": 2},
}


async def ask(page: Page, line: str) -> None:
    """Type a line and wait for its answer and the picture in it."""
    before = await page.get_by_role("article").count()
    await page.get_by_role("combobox").fill(line)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article")).to_have_count(before + 2)
    picture = page.get_by_role("article").last.get_by_role("img", name=" ").last
    await expect(picture).to_have_js_property("complete", value=True)


async def main() -> None:
    """Ask in a fresh thread, and take it as each reader sees it."""
    soon = RealClock().now().date() + AHEAD
    first = soon + timedelta(days=(WEDNESDAY - soon.weekday()) % 7)
    plan = EXAMPLE.read_text(encoding="utf-8")
    for setting, value in {
        "first": f"first = {first}",
        "skip": "",
    }.items():  # to skip are days of its own first date
        plan = re.sub(rf"^{setting} = .*$", value, plan, flags=re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), programme=plan) as address:
        async with chromium() as browser:
            async with page_of(browser, address) as page:
                for line in LINES:
                    await ask(page, line)
            for name, settings in SHOTS.items():
                async with page_of(browser, address, **settings) as page:
                    await expect(page.get_by_role("article")).to_have_count(2 * len(LINES))
                    await page.wait_for_load_state("networkidle")
                    await page.screenshot(path=HERE / f"thread-{name}.png")


if __name__ == "__main__":
    asyncio.run(main())

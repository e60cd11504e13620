"""`python -m bot run`, as a newcomer meets it: in a browser, on an empty folder, and again after a restart."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import expect

from tests.browser import chromium, page_of

ROOT = Path(__file__).parents[1]
FAR_AHEAD = """
group = "Readers"
zone = "UTC"
[series]
first = 2999-12-04
at = "18:30"
"""
"""A plan that owes nothing while the tests run, whatever the date is."""


@contextmanager
def running(folder: Path, *, kill: bool = False, programme: str = FAR_AHEAD) -> Generator[str]:
    """A bot in its own process, with its data in `folder`; the address of its thread."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    plan = folder / "programme.toml"
    plan.write_text(programme, encoding="utf-8")
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "WEB_PORT": str(port),
        "PROGRAMME": str(plan),
    }
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert f"http://127.0.0.1:{port}" in said
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            process.wait(30)


async def test_similar_terminator_typed_into_the_page(tmp_path: Path) -> None:
    """Terminator 2 comes first, with a picture; after a SIGKILL and a new start all of it is still there, once."""
    async with chromium() as browser:
        with running(tmp_path, kill=True) as address:
            async with page_of(browser, address) as page:
                await page.get_by_role("combobox").fill("!similar Terminator")
                await page.keyboard.press("Escape")
                await page.keyboard.press("Enter")
                answer = page.get_by_role("article").nth(1)
                await expect(answer.get_by_role("row").nth(1)).to_contain_text("Terminator 2: Judgment Day (1991)")
                picture = answer.get_by_role("img", name="Bar chart: Terminator 2")
                await expect(picture).to_be_visible()
                await expect(picture).to_have_js_property("complete", value=True)
                assert await picture.evaluate("image => image.naturalWidth") > 500
        with running(tmp_path) as address:
            async with page_of(browser, address) as page:
                await expect(page.get_by_role("article")).to_have_count(2)
                await page.get_by_role("combobox").fill("!kernel topedge at=5,7")
                await page.keyboard.press("Escape")
                await page.keyboard.press("Enter")
                await expect(page.get_by_role("article").nth(3)).to_contain_text("sum = 762")


async def test_each_press_of_enter_is_one_post(tmp_path: Path) -> None:
    """However fast somebody types, posts are neither lost nor joined."""
    said = [f"thought number {number}" for number in range(6)]
    async with chromium() as browser:
        with running(tmp_path) as address:
            async with page_of(browser, address) as page:
                for each in said:
                    await page.get_by_role("combobox").fill(each)
                    await page.keyboard.press("Enter")
                await expect(page.get_by_role("article")).to_have_count(len(said))
                for number, each in enumerate(said):
                    await expect(page.get_by_role("article").nth(number)).to_contain_text(each)
                await expect(page.get_by_role("combobox")).to_have_value("")

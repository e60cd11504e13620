"""A file of questions on a post of the local thread: handed over with `!questionnaire import`, and not kept."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.database import Database
from bot.platforms.files import MOST_BYTES
from bot.values import File
from tests.bot.platforms.contract import Desk
from tests.bot.platforms.site import Site
from tests.bot.platforms.test_quiz_browser import NOW, Wall, newest, serving
from tests.bot.questions.sheets import chapter
from tests.browser import page_of

NAME = "13_convolutions.ipynb"
NOTEBOOK = chapter(13, 40)
EVIL = {"Origin": "http://evil.example"}


@pytest.fixture
async def site(database: Database) -> Any:
    """A thread that is being served."""
    made = Site(database)
    await made.start()
    yield made
    await made.close()


def file(data: bytes = NOTEBOOK, name: object = NAME) -> dict[str, object]:
    """A file, as the page sends it."""
    return {"name": name, "data": base64.b64encode(data).decode()}


async def send(
    site: Site, sent: object, text: str = "!questionnaire import", *, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """POST a post with a file."""
    body = json.dumps({"text": text, "key": "12345678", "file": sent}).encode()
    headers = {"Content-Type": "application/json"} | (headers or {})
    address = f"{site.web.url}/posts/filed"
    async with site.client.post(address, data=io.BytesIO(body), headers=headers) as response:
        return response.status, await response.json()


async def test_a_file_is_handed_over_once_and_not_kept(site: Site) -> None:
    """A post sent twice is one; after a restart it is handed over without its file."""
    desk = Desk(down=True)
    await site.start(desk)
    first = await send(site, file(), "My questions:\n!Questionnaire import")
    assert first[0] == 201
    assert first[1]["pictures"] == []
    assert await send(site, file(b"{}")) == (200, first[1])
    desk = Desk()
    await site.start(desk)
    assert (await desk.next()).file is None


async def test_its_name_and_its_bytes_arrive(site: Site) -> None:
    """As they were, up to the largest that is read."""
    desk = Desk()
    await site.start(desk)
    large = bytes(MOST_BYTES)
    assert (await send(site, file(large, "ALL.ZIP")))[0] == 201
    incoming = await desk.next()
    assert (incoming.text, incoming.attached) == ("!questionnaire import", b"")
    assert incoming.file == File(name="ALL.ZIP", data=large)


@pytest.mark.parametrize(
    ("sent", "text", "status", "sentence"),
    [
        pytest.param(file(name="run.exe"), "!questionnaire import", 422, "files that end in .ipynb", id="a kind"),
        pytest.param(file(name=7), "!questionnaire import", 422, "files that end in .ipynb", id="no name"),
        pytest.param(file(name="a" * 300 + ".md"), "!questionnaire import", 422, "files that", id="a long name"),
        pytest.param(file(), "!kernel topedge", 422, "goes with !questionnaire import", id="another command"),
        pytest.param(file(), "questionnaire import", 422, "goes with !questionnaire import", id="no command"),
        pytest.param({"name": NAME, "data": "%%%"}, "!questionnaire import", 400, "in base64", id="no base64"),
        pytest.param({"name": NAME}, "!questionnaire import", 400, "in base64", id="no bytes"),
        pytest.param(None, "!questionnaire import", 400, "in base64", id="null"),
        pytest.param(file(), "", 422, "nothing in this post", id="no text"),
        pytest.param(file(bytes(MOST_BYTES + 1)), "!questionnaire import", 413, "at most 20 MB", id="large"),
        pytest.param("A" * 30_000_000, "!questionnaire import", 413, "at most 20 MB", id="without end"),
    ],
)
async def test_anything_else_gets_one_sentence(
    site: Site, sent: object, text: str, status: int, sentence: str
) -> None:
    """And nothing is kept."""
    got, said = await send(site, sent, text)
    assert got == status
    assert sentence in said["error"]
    assert await site.thread() == []


async def test_another_sites_page_cannot_send_one(site: Site) -> None:
    """As with any post."""
    assert (await send(site, file(), headers=EVIL))[0] == 403
    assert await site.thread() == []


@pytest.mark.asyncio(loop_scope="module")
async def test_the_page_imports_a_notebook(tmp_path: Path, browser: Browser) -> None:
    """Chosen by the button, it brings its command; with another one it is refused, and nothing typed is lost."""
    async with serving(tmp_path, Wall().at(NOW)) as app, page_of(browser, app.web.url) as page:
        line = page.get_by_role("combobox", name="Your post")
        given = {"name": NAME, "mimeType": "application/octet-stream", "buffer": NOTEBOOK}
        async with page.expect_file_chooser() as choosing:
            await page.get_by_role("button", name="Attach a file").click()
        await (await choosing.value).set_files([given])  # pyright: ignore[reportArgumentType]
        await expect(line).to_have_value("!questionnaire import")
        await expect(page.locator("#about")).to_contain_text(f"{NAME}, ")
        await expect(page.locator("#thumbnail")).to_be_hidden()
        await line.fill("!help")
        await page.get_by_role("button", name="Reply").click()
        await expect(page.locator("#notice")).to_contain_text("A file goes with !questionnaire import")
        await expect(line).to_have_value("!help")
        await line.fill("!questionnaire import")
        await page.get_by_role("button", name="Reply").click()
        await expect(newest(page)).to_contain_text("chapter 13: 40 questions, 2 further research: 40 new")
        await expect(page.get_by_role("button", name="Remove the file")).to_be_hidden()

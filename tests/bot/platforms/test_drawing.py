"""A picture for a post, in a real browser: dropped, pasted, chosen, or drawn, by mouse and by keyboard."""

import asyncio
import base64
import io
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from PIL import Image as Pixels
from playwright.async_api import Browser, Page, Route, expect

from bot.database import connect
from bot.kernel_page import listed
from bot.platforms.web import PLACE
from bot.values import Image, Incoming, Reply
from engine import Demo
from engine.convolution import convolve
from engine.kernels import find
from tests.bot.platforms.contract import DEADLINE
from tests.bot.platforms.site import Site
from tests.browser import page_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

GREY = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5
GIVE = """({ name, type, data, how }) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type }));
  const line = document.querySelector("#line");
  const what = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true })
    : new DragEvent(how, { dataTransfer: files, bubbles: true, cancelable: true });
  (how === "paste" ? line : document.body).dispatchEvent(what);
}"""


class Handed:
    """What was handed over."""

    def __init__(self) -> None:
        self._posts: asyncio.Queue[Incoming] = asyncio.Queue()

    async def __call__(self, incoming: Incoming) -> None:
        """Take it."""
        self._posts.put_nowait(incoming)

    async def next(self) -> tuple[str, NDArray[np.uint8]]:
        """Its text, and the picture on it as grey pixels."""
        async with asyncio.timeout(DEADLINE):
            incoming = await self._posts.get()
        if not incoming.attached:
            return incoming.text, np.zeros((0, 0), np.uint8)
        return incoming.text, np.asarray(Pixels.open(io.BytesIO(incoming.attached)).convert("RGB").convert("L"))


@pytest_asyncio.fixture(loop_scope="module")
async def handed() -> Handed:
    """What the bot is handed."""
    return Handed()


@pytest_asyncio.fixture(loop_scope="module")
async def site(empty_database: Path, tmp_path: Path, handed: Handed) -> AsyncGenerator[Site]:
    """A thread that is being served, with the real kernels."""
    database = connect(f"sqlite:///{shutil.copy(empty_database, tmp_path)}")
    made = Site(database, pages={"/kernels.json": listed(Demo())})
    await made.start(handed)
    yield made
    await made.close()
    await database.close()


def encoded(kind: str, grey: NDArray[np.uint8] = GREY) -> bytes:
    """A picture file of that kind."""
    out = io.BytesIO()
    Pixels.fromarray(grey).save(out, kind, **({"lossless": True} if kind == "WEBP" else {}))
    return out.getvalue()


async def give(page: Page, data: bytes, how: str, *, name: str = "photo.png", kind: str = "image/png") -> None:
    """Paste or drop a file on the page."""
    said = base64.b64encode(data).decode()
    await page.evaluate(GIVE, {"name": name, "type": kind, "data": said, "how": how})


async def line(page: Page, *places: tuple[float, float]) -> None:
    """Lead the mouse over the pad, from one place (row, column) to the next."""
    box = await page.locator("#paper").bounding_box()
    assert box is not None
    for number, (row, col) in enumerate(places):
        await page.mouse.move(box["x"] + col / 28 * box["width"], box["y"] + row / 28 * box["height"], steps=12)
        if number == 0:
            await page.mouse.down()
    await page.mouse.up()


@pytest.mark.parametrize("how", ["paste", "drop"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "JPEG"])
async def test_a_picture_is_pasted_or_dropped(
    site: Site, handed: Handed, browser: Browser, how: str, kind: str
) -> None:
    """It stands beside the line until it is sent, and on the post then; its pixels arrive as they were."""
    async with page_of(browser, site.web.url) as page:
        if how == "drop":
            await give(page, encoded(kind), "dragover", kind=f"image/{kind.lower()}")
            await expect(page.locator("body.dropping")).to_be_attached()
        await give(page, encoded(kind), how, kind=f"image/{kind.lower()}")
        await expect(page.get_by_role("img", name="The picture on your post")).to_be_visible()
        await expect(page.locator("#about")).to_have_text("photo.png, 6×8")
        await expect(page.locator("body.dropping")).not_to_be_attached()
        await expect(page.get_by_role("combobox")).to_have_value("!kernel topedge")
        await page.keyboard.press("Enter")
        text, pixels = await handed.next()
        assert text == "!kernel topedge"
        assert pixels.shape == GREY.shape
        assert np.abs(pixels.astype(int) - GREY).max() <= (12 if kind == "JPEG" else 0)
        await expect(page.get_by_role("img", name="The picture on your post")).to_be_hidden()
        picture = page.get_by_role("article").get_by_role("img", name="The picture on this post.")
        await expect(picture).to_have_js_property("naturalWidth", 8)
        await page.get_by_role("combobox").fill("!help")
        await page.keyboard.press("Enter")
        assert [(await handed.next())[1].size] == [0]


async def test_a_picture_is_chosen_and_taken_back(site: Site, handed: Handed, browser: Browser) -> None:
    """By the button; what was typed already stays. A large one is made smaller, and loses what else was in it."""
    large = np.tile(np.arange(0, 250, dtype=np.uint8).repeat(8), (100, 1))
    photo = io.BytesIO()
    exif = Pixels.Exif()
    exif[0x010F] = "A camera"
    Pixels.fromarray(large).save(photo, "JPEG", exif=exif)
    async with page_of(browser, site.web.url) as page:
        await page.get_by_role("combobox").fill("!kernel blur")
        for _ in range(2):
            async with page.expect_file_chooser() as choosing:
                await page.get_by_role("button", name="Attach a file").click()
            await (await choosing.value).set_files(
                {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
            )
            await expect(page.locator("#about")).to_have_text("large.jpg, 45×896")
            await page.get_by_role("button", name="Remove the picture").click()
            await expect(page.locator("#brought")).to_be_hidden()
        await page.locator("#file").set_input_files(
            {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
        )
        await expect(page.get_by_role("combobox")).to_have_value("!kernel blur")
        await page.get_by_role("button", name="Reply").click()
        text, pixels = await handed.next()
        assert (text, pixels.shape) == ("!kernel blur", (45, 896))
        async with site.client.get(f"{site.web.url}/posts/1/picture") as response:
            assert b"A camera" not in await response.read()


async def test_what_is_no_picture_is_said(site: Site, browser: Browser) -> None:
    """In a sentence; pasted text is text."""
    async with page_of(browser, site.web.url) as page:
        await give(page, b"no picture at all", "drop")
        await expect(page.locator("#notice")).to_contain_text("PNG, JPEG, WebP or GIF")
        await expect(page.locator("#brought")).to_be_hidden()


async def test_who_begins_before_the_thread_is_there_is_not_disturbed(site: Site, browser: Browser) -> None:
    """What was said to them stays, and so does the focus."""
    there = asyncio.Event()

    async def late(route: Route) -> None:
        await there.wait()
        await route.continue_()

    async with page_of(browser, site.web.url) as page:
        await page.route("**/posts", late)
        await page.reload()
        await give(page, b"no picture at all", "drop")
        await expect(page.locator("#notice")).to_contain_text("PNG, JPEG, WebP or GIF")
        await page.get_by_role("button", name="Draw a digit").focus()
        async with page.expect_request("**/events*"):
            there.set()
        await expect(page.locator("#notice")).to_contain_text("PNG, JPEG, WebP or GIF")
        await expect(page.get_by_role("button", name="Draw a digit")).to_be_focused()


async def test_a_digit_is_drawn_and_every_kernel_is_seen_on_it(
    site: Site, handed: Handed, browser: Browser
) -> None:
    """While it is drawn; choosing a kernel posts the drawing, and its sums are the bot's own."""
    async with page_of(browser, site.web.url) as page:
        await page.get_by_role("button", name="Draw a digit").click()
        maps = page.get_by_role("list", name="Every kernel over your drawing").get_by_role("button")
        await expect(maps).to_have_count(len(Demo().catalogue))
        await expect(maps.first).to_be_disabled()
        await line(page, (6, 6), (6, 20), (22, 11))
        await expect(maps.first).to_be_enabled()
        topedge = page.get_by_role("button", name="topedge").first
        said = await topedge.locator("small").inner_text()
        await topedge.click()
        text, grey = await handed.next()
        assert (text, grey.shape) == ("!kernel topedge", (28, 28))
        ink = 255 - grey.astype(int)
        assert ink.max() == 255
        assert ink[6, 8:19].min() == 255
        output = convolve(ink.astype(np.uint8), find("topedge"))
        assert said == f"{output.min():g} … {output.max():g}".replace("-", "−")
        await expect(page.get_by_role("article")).to_have_count(1)
        await expect(page.get_by_role("combobox")).to_have_value("")


async def test_a_digit_is_drawn_by_keyboard_alone(site: Site, handed: Handed, browser: Browser) -> None:
    """Arrows, Space and Delete; where the pen is, is said. Escape closes the pad, and the drawing stays on it."""
    async with page_of(browser, site.web.url) as page:
        await page.get_by_role("button", name="Draw a digit").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("application")).to_be_focused()
        await page.keyboard.press("Space")
        for _ in range(4):
            await page.keyboard.press("ArrowDown")
        await expect(page.locator("#pen")).to_have_text("row 18, column 14, pen down")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(page.get_by_role("button", name="Draw a digit")).to_be_focused()
        await page.keyboard.press("Enter")
        take = page.get_by_role("button", name="Put it on my post")
        await expect(take).to_be_enabled()
        await page.keyboard.press("Delete")
        await expect(take).to_be_disabled()
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowUp")
        await take.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#about")).to_have_text("your drawing, 28×28")
        await expect(page.get_by_role("combobox")).to_be_focused()
        await page.keyboard.press("Enter")
        text, grey = await handed.next()
        assert text == "!kernel topedge"
        assert grey[17:19, 14].max() == 0
        assert grey[22:, 14].min() == 255


async def test_a_post_that_cannot_be_sent_keeps_its_picture(site: Site, browser: Browser) -> None:
    """It comes back into the box with its line, and goes out with it when the bot is there again."""
    async with page_of(browser, site.web.url) as page:
        await give(page, encoded("PNG"), "paste")
        await expect(page.locator("#brought")).to_be_visible()
        await page.route("**/posts/pictured", lambda route: route.abort())
        await page.get_by_role("button", name="Reply").click()
        await expect(page.locator("#notice")).to_contain_text("Not sent")
        await expect(page.locator("#brought")).to_be_visible()
        await expect(page.get_by_role("combobox")).to_have_value("!kernel topedge")
        await page.unroute("**/posts/pictured")
        await page.get_by_role("button", name="Reply").click()
        await expect(page.get_by_role("article")).to_have_count(1)
        await expect(page.locator("#brought")).to_be_hidden()


async def test_nothing_moves_for_who_wants_it_so(site: Site, browser: Browser) -> None:
    """A picture that moves is said in words, with a way to see it; for others it is there."""
    moving = Image(plot="bars", data={"values": [1]}, alt="A window slides over the 3.", kind="gif")
    await site.web.post(PLACE, Reply(text="look", images=(moving,)), key="1")
    async with page_of(browser, site.web.url, reduced_motion="reduce") as page:
        post = page.get_by_role("article")
        await expect(post).to_contain_text("A window slides over the 3.")
        play = post.get_by_role("link", name="Play the moving picture")
        assert ".gif?" in (await play.get_attribute("href") or "")
        await expect(post.get_by_role("img", name="A window slides")).to_have_count(0)
    async with page_of(browser, site.web.url) as page:
        await expect(page.get_by_role("img", name="A window slides")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1200])
async def test_the_pad_fits(site: Site, browser: Browser, width: int) -> None:
    """On a phone and on a desk nothing is cut off sideways, and the page does not move while a finger draws."""
    view: dict[str, Any] = {"viewport": {"width": width, "height": 740}}
    async with page_of(browser, site.web.url, **view) as page:
        await page.get_by_role("button", name="Draw a digit").click()
        pad = page.get_by_role("dialog")
        await expect(pad.get_by_role("button", name="topedge").first).to_be_attached()
        assert await pad.evaluate("pad => pad.scrollWidth - pad.clientWidth") == 0
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await page.locator("#paper").evaluate("paper => getComputedStyle(paper).touchAction") == "none"

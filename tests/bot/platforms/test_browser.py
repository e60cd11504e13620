"""The local thread in a real browser: by keyboard, on a phone, in the dark, and with the line cut."""

import re
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.database import connect
from bot.platforms.web import PLACE
from bot.values import Choice, Reply, Table
from tests.bot.conftest import NOW
from tests.bot.platforms.site import SIMILAR, Site
from tests.bot.test_render import PAYLOADS
from tests.browser import page_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

WIDE = Reply(
    text="**Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb \\(1963\\)** " + "w" * 90 + "\n\n"
    "```text\n" + "0 " * 80 + "\n```",
    table=Table(columns=tuple(f"column {n}" for n in range(12)), rows=(tuple(f"value-{n}" for n in range(12)),)),
    images=SIMILAR.images,
    choices=(Choice(label="L" * 70, command="!help"), Choice(label="a label of several words " * 4, command="!a")),
)


@pytest_asyncio.fixture(loop_scope="module")
async def site(empty_database: Path, tmp_path: Path) -> AsyncGenerator[Site]:
    """A thread that is being served, on the event loop that the browser is on."""
    database = connect(f"sqlite:///{shutil.copy(empty_database, tmp_path)}")
    made = Site(database)
    await made.start()
    yield made
    await made.close()
    await database.close()


def posts(page: Page) -> Any:
    """The posts on the page."""
    return page.get_by_role("article")


async def test_a_command_by_keyboard_alone(site: Site, browser: Browser) -> None:
    """Typed in part, completed by Tab and arrows, sent by Enter; the answer comes with its picture loaded."""
    async with page_of(browser, site.web.url) as page:
        box = page.get_by_role("combobox", name="Your post")
        await expect(box).to_be_focused()
        await page.keyboard.type("!si")
        await expect(page.get_by_role("option")).to_have_text(["!similar"])
        await expect(box).to_have_attribute("aria-expanded", "true")
        await page.keyboard.press("Tab")
        await expect(box).to_have_value("!similar ")
        await page.keyboard.type("term")
        await expect(page.get_by_role("option")).to_have_count(2)
        await page.keyboard.press("ArrowUp")
        chosen = page.get_by_role("option", selected=True)
        await expect(chosen).to_have_text("Terminator 2: Judgment Day (1991)")
        assert await box.get_attribute("aria-activedescendant") == await chosen.get_attribute("id")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(box).to_have_value("!similar Terminator, The (1984)")
        await expect(page.get_by_role("option")).to_have_count(0)
        await page.keyboard.press("Enter")
        await expect(box).to_have_value("")
        await expect(posts(page)).to_have_count(2)
        answer = posts(page).nth(1)
        await expect(answer.get_by_role("row")).to_have_count(3)
        await expect(answer.get_by_role("row").nth(1)).to_contain_text("Terminator 2: Judgment Day (1991)")
        picture = answer.get_by_role("img", name="Terminator 2 is closest.")
        await expect(picture).to_have_js_property("naturalWidth", 800)
        await expect(page.locator("#announcer")).to_contain_text("Bot: The films closest to")
        await page.keyboard.press("ArrowUp")
        await expect(box).to_have_value("!similar Terminator, The (1984)")


async def test_suggestions_stand_in_nobodys_way(site: Site, browser: Browser) -> None:
    """Enter sends what was typed unless a suggestion was chosen; Escape closes; Shift+Enter starts a line."""
    async with page_of(browser, site.web.url) as page:
        box = page.get_by_role("combobox")
        await box.press_sequentially("!s")
        await expect(page.get_by_role("option")).to_have_count(2)
        await box.press("Escape")
        await expect(page.get_by_role("option")).to_have_count(0)
        await box.press_sequentially("i")
        await expect(page.get_by_role("option")).to_have_count(1)
        await box.press("Shift+Enter")
        await box.press_sequentially("hello")
        await expect(page.get_by_role("option")).to_have_count(0)
        await expect(box).to_have_value("!si\nhello")
        await box.fill("!s")
        await expect(page.get_by_role("option")).to_have_count(2)
        await box.press("Enter")
        await expect(posts(page)).to_have_count(1)
        await expect(posts(page)).to_contain_text("!s")
        await expect(box).to_have_value("")


async def test_an_empty_thread_says_what_to_try(site: Site, browser: Browser) -> None:
    """The welcome offers commands as buttons, and goes once there is a post; a choice sends its command."""
    async with page_of(browser, site.web.url) as page:
        await expect(page.get_by_label("Welcome").get_by_role("button")).to_have_text(
            ["!help", "!similar", "!slow"]
        )
        await page.get_by_role("button", name="!similar").click()
        await expect(posts(page)).to_have_count(2)
        await expect(page.get_by_label("Welcome")).to_be_hidden()
        await page.get_by_role("button", name="Terminator 2").click()
        await expect(posts(page)).to_have_count(4)
        await expect(posts(page).nth(2)).to_contain_text("!similar Terminator 2: Judgment Day (1991)")


async def test_a_choice_that_asks_for_more_waits_in_the_box(site: Site, browser: Browser) -> None:
    """Its command is there to be written on; nothing is sent yet."""
    choice = Choice(label="Ask something", command="!q", ask="What would you like to know?")
    await site.web.post(PLACE, Reply(text="Questions", choices=(choice,)), key="1")
    async with page_of(browser, site.web.url) as page:
        await page.get_by_role("button", name="Ask something").click()
        box = page.get_by_role("combobox")
        await expect(box).to_have_value("!q ")
        await expect(box).to_be_focused()
        await expect(page.get_by_text("What would you like to know?")).to_be_visible()
        await expect(posts(page)).to_have_count(1)


async def test_choices_of_a_menu_are_folded_away_below_its_name(site: Site, browser: Browser) -> None:
    """Unfolded, they are pressed like any other; those of no menu are always there."""
    films = [Choice(label=f"film {each}", command="!similar Terminator 2", menu="Rate a film") for each in "ab"]
    reply = Reply(text="Films", choices=(Choice(label="other", command="!help"), *films))
    await site.web.post(PLACE, reply, key="1")
    async with page_of(browser, site.web.url) as page:
        await expect(page.get_by_role("button", name="other")).to_be_visible()
        await expect(page.get_by_role("button", name="film b")).to_be_hidden()
        await page.get_by_text("Rate a film").click()
        await page.get_by_role("button", name="film b").click()
        await expect(posts(page)).to_have_count(3)
        await expect(posts(page).nth(1)).to_contain_text("!similar Terminator 2")


async def test_a_phone_shows_everything_without_sideways_scrolling(site: Site, browser: Browser) -> None:
    """Long words, wide tables and code stay inside their own boxes; fingers find what they press."""
    await site.say("!" + "long" * 80)
    await site.web.post(PLACE, WIDE, key="1")
    narrow, usual = {"width": 360, "height": 740}, {"width": 390, "height": 844}
    async with page_of(browser, site.web.url, viewport=narrow, is_mobile=True, has_touch=True) as page:
        await expect(posts(page)).to_have_count(2)
        await expect(page.get_by_role("img", name="Terminator 2")).to_have_js_property("naturalWidth", 800)
        for size in (narrow, usual):
            await page.set_viewport_size(size)  # pyright: ignore[reportArgumentType] - a plain dict is one, too
            assert await page.evaluate("document.documentElement.scrollWidth") == size["width"]
            assert await page.evaluate(OVER_THE_EDGE) == []
        for button in await page.locator("button:visible").all():
            box = await button.bounding_box()
            assert box is not None
            assert box["height"] >= 40
        await expect(page.get_by_role("combobox")).not_to_be_focused()  # or half the thread is under a keyboard


OVER_THE_EDGE = """() => Array.from(document.querySelectorAll('article *'))
  .filter((each) => !each.closest('.scroll, pre') && each.getBoundingClientRect().right > innerWidth)
  .map((each) => each.outerHTML.slice(0, 80))"""

CONTRAST = """() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, place) => sum + v * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (each) => {
    const colour = parse(getComputedStyle(each).backgroundColor);
    return colour[3] === 0 ? ground(each.parentElement) : colour;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const each = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !each.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(each).color)), light(ground(each))].sort((x, y) => y - x);
    found.push([Math.round(((a + 0.05) / (b + 0.05)) * 100) / 100, walker.currentNode.data.trim().slice(0, 40)]);
  }
  return [light(ground(document.body)), found];
}"""


async def test_every_word_can_be_read(site: Site, browser: Browser) -> None:
    """In the light and in the dark, all text has a contrast of at least 4.5 to what is behind it (WCAG AA)."""
    await site.say("A post with `code`, a [link](https://a.example)\n\n> a quote")
    await site.web.post(PLACE, SIMILAR, key="1")
    async with page_of(browser, site.web.url, color_scheme="light") as page:
        await expect(posts(page)).to_have_count(2)
        await page.get_by_role("combobox").press_sequentially("!s")
        await expect(page.get_by_role("option")).to_have_count(2)
        await page.keyboard.press("ArrowDown")
        light, found = await page.evaluate(CONTRAST)
        await page.emulate_media(color_scheme="dark")
        dark, found_in_the_dark = await page.evaluate(CONTRAST)
    assert light > 0.9
    assert dark < 0.05
    assert len(found) == len(found_in_the_dark) > 15
    assert [each for each in found + found_in_the_dark if each[0] < 4.5] == []


async def test_a_post_that_changes_steals_nothing(site: Site, browser: Browser) -> None:
    """An edit shows up in its place while somebody types; their words and their focus stay."""
    post = await site.web.post(PLACE, Reply(text="Training, 1 of 5"), key="1")
    async with page_of(browser, site.web.url) as page:
        box = page.get_by_role("combobox")
        await expect(posts(page)).to_have_text([re.compile("1 of 5")])
        await box.press_sequentially("half a thou")
        await site.web.edit(post, Reply(text="Training, 2 of 5"))
        await expect(posts(page)).to_have_text([re.compile("2 of 5")])
        await site.web.post(PLACE, Reply(text="Something new"), key="2")
        await expect(posts(page)).to_have_count(2)
        await expect(box).to_be_focused()
        await box.press_sequentially("ght")
        await expect(box).to_have_value("half a thought")
        await page.reload()
        await expect(box).to_have_value("half a thought")


async def test_a_long_answer_is_waited_for_in_the_open(site: Site, browser: Browser) -> None:
    """While the bot works the page says so, after two seconds with the time; then the answer takes its place."""
    async with page_of(browser, site.web.url) as page:
        await page.get_by_role("combobox").fill("!slow")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("The bot is working")).to_be_visible()
        await expect(page.locator("#elapsed")).to_have_text(re.compile(r"[2-9] s"))
        site.go_on.set()
        await expect(posts(page)).to_have_count(2)
        await expect(page.get_by_text("The bot is working")).to_be_hidden()


async def test_a_lost_connection_comes_back_by_itself(site: Site, browser: Browser) -> None:
    """The page says quietly that the line is cut, keeps what was typed, and catches up once the bot is back."""
    await site.web.post(PLACE, Reply(text="before"), key="1")
    async with page_of(browser, site.web.url) as page:
        box = page.get_by_role("combobox")
        await expect(posts(page)).to_have_count(1)
        port = int(site.web.url.rpartition(":")[2])
        await site.web.close()
        await expect(page.locator("#notice")).to_contain_text("connection to the bot is lost")
        await site.posts.reply(Reply(text="while nobody looked"), NOW, key="2")
        await box.fill("!similar Terminator")
        await box.press("Enter")
        await expect(page.locator("#notice")).to_contain_text("Not sent")
        await expect(box).to_have_value("!similar Terminator")
        site.settings["port"] = port
        await site.start()
        await expect(posts(page)).to_have_count(2)
        await box.press("Enter")
        await expect(posts(page)).to_have_count(4)
        await expect(page.locator("#notice")).to_be_hidden()
        assert site.handed == ["!similar Terminator"]


async def test_markup_does_nothing_in_a_browser(site: Site, browser: Browser) -> None:
    """Whoever wrote it: no dialog opens, no other host is asked, no element comes to be that is not ours."""
    for number, payload in enumerate(PAYLOADS):
        await site.say(payload)
        reply = Reply(
            text=payload,
            table=Table(columns=(payload,), rows=((payload,),)),
            choices=(Choice(label=payload, command=payload),),
        )
        await site.web.post(PLACE, reply, key=str(number))
    async with page_of(browser, site.web.url) as page:
        await expect(posts(page)).to_have_count(2 * len(PAYLOADS))
        assert await page.locator("article :is(script, svg, iframe, object, form, style)").count() == 0
        assert await page.locator("article .content img").count() == 0


async def test_earlier_posts_come_on_demand(site: Site, browser: Browser) -> None:
    """A long thread opens at its end; what came before is one button away, and the page does not jump."""
    for number in range(130):
        await site.posts.reply(Reply(text=f"post number {number}"), NOW, key=str(number))
    async with page_of(browser, site.web.url) as page:
        await expect(posts(page)).to_have_count(100)
        await expect(posts(page).last).to_be_in_viewport()
        await page.get_by_role("button", name="Earlier posts").click()
        await expect(posts(page)).to_have_count(130)
        await expect(posts(page).nth(30)).to_be_in_viewport()
        await expect(page.get_by_role("button", name="Earlier posts")).to_be_hidden()
        await site.web.post(PLACE, Reply(text="news"), key="news")
        await expect(page.get_by_role("button", name="New posts below")).to_be_visible()
        await page.get_by_role("button", name="New posts below").click()
        await expect(posts(page).last).to_be_in_viewport()

"""The local thread: posts are kept, answered and streamed, once each, over real sockets."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.database import Database, connect
from bot.errors import StartError
from bot.platforms.web import PLACE
from bot.platforms.web.routes import MAX_LINE
from bot.platforms.web.said import MAX_TEXT
from bot.posts import PAGE, Posts
from bot.values import Choice, Image, PostRef, Reply, Table
from tests.bot.conftest import NOW
from tests.bot.platforms.contract import CLAIMS, DEADLINE, Claim, Desk, name_of
from tests.bot.platforms.site import BARS, BLANK, SIMILAR, Site
from tests.bot.test_render import PAYLOADS, Seen

OLD = """
CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT NOT NULL, text TEXT NOT NULL, reply TEXT,
    answers INTEGER REFERENCES posts (id), key TEXT UNIQUE, at TEXT NOT NULL, edited TEXT
);
INSERT INTO posts (author, text, at) VALUES ('local', 'hello', '2026-11-23T18:30:00+00:00');
"""
"""What the first release left, as far as the thread goes."""


@pytest.mark.parametrize("claim", CLAIMS, ids=name_of)
async def test_contract_web(claim: Claim, database: Database) -> None:
    """It keeps what every platform promises."""
    site = Site(database)
    try:
        await claim(site)
    finally:
        await site.close()


async def test_an_answer_arrives_by_itself(site: Site) -> None:
    """A post comes back at once as it was stored; its answer follows in the stream, table and picture with it."""
    async with site.events() as events:
        status, said = await site.send({"text": "!similar Terminator", "key": "0123456789abcdef"})
        assert status == 201
        assert (said["bot"], said["name"], said["at"]) == (False, "You", NOW.isoformat())
        assert (await events.next("post")).data == said
        answer = await events.next("post")
    assert answer.id == str(answer.data["id"])
    assert (answer.data["bot"], answer.data["answers"]) == (True, said["id"])
    assert "<strong>Terminator, The (1984)</strong>" in answer.data["html"]
    assert '<td class="number">0.73</td>' in answer.data["table"]
    assert answer.data["choices"] == [
        {"label": "Terminator 2", "command": "!similar Terminator 2: Judgment Day (1991)"}
    ]
    assert await site.thread() == [said, answer.data]


async def test_a_post_sent_twice_is_kept_once(site: Site) -> None:
    """A retry with the same key gets the first post back, and the bot is asked once."""
    sent = [await site.send({"text": "!similar Terminator", "key": "0123456789abcdef"}) for _ in range(3)]
    assert [status for status, _ in sent] == [201, 200, 200]
    assert len({post["id"] for _, post in sent}) == 1
    at_once = await asyncio.gather(*(site.send({"text": "!slow", "key": "at-the-same-time"}) for _ in range(4)))
    assert sorted(status for status, _ in at_once) == [200, 200, 200, 201]
    site.go_on.set()
    await site.web.close()
    assert site.handed == ["!similar Terminator", "!slow"]


async def test_nothing_is_lost_on_a_dropped_connection(site: Site) -> None:
    """A page that comes back gets what it missed, changes to older posts included, and nothing twice."""
    first = await site.web.post(PLACE, Reply(text="first"), key="1")
    second = await site.web.post(PLACE, Reply(text="second"), key="2")
    async with site.events() as events:
        await events.next("working")
    await site.web.post(PLACE, Reply(text="third"), key="3")
    await site.web.edit(first, Reply(text="first, changed"))
    async with site.events(last=int(second.id)) as events:
        missed = [await events.next("post") for _ in range(2)]
        assert (await events.next()).name == "working"
    assert [(event.data["text"], event.id) for event in missed] == [("third", "3"), ("first, changed", "")]


async def test_a_page_may_say_where_it_begins(site: Site) -> None:
    """The first connection has no Last-Event-ID: the page names the last post that it loaded."""
    for number in range(3):
        await site.web.post(PLACE, Reply(text=str(number)), key=str(number))
    async with site.events(query="?after=1") as events:
        assert [(await events.next("post")).data["text"] for _ in range(2)] == ["1", "2"]


async def test_a_stream_goes_on_after_a_restart(site: Site) -> None:
    """The server may go away and come back: the stream ends cleanly, and resumes from the store."""
    seen = await site.web.post(PLACE, Reply(text="before"), key="1")
    async with site.events() as events:
        await events.next("working")
        closing = asyncio.create_task(site.start())
        while await events.block():
            pass
        await closing
    await site.web.post(PLACE, Reply(text="after"), key="2")
    async with site.events(last=int(seen.id)) as events:
        assert (await events.next("post")).data["text"] == "after"


async def test_a_page_of_another_thread_is_told(site: Site) -> None:
    """A page that has seen more posts than there are belongs to a database that is gone: it loads again."""
    async with site.events(last=50) as events:
        assert (await events.next()).name == "another"
        await site.web.post(PLACE, Reply(text="the first of this thread"), key="1")
        assert (await events.next("post")).data["id"] == 1


async def test_a_change_reaches_open_pages(site: Site) -> None:
    """An edited post is sent again under its own number, marked as edited."""
    post = await site.web.post(PLACE, Reply(text="1 of 5"), key="1")
    async with site.events(last=int(post.id)) as events:
        await events.next("working")
        await site.web.edit(post, Reply(text="2 of 5"))
        changed = await events.next("post")
    assert (changed.data["id"], changed.data["text"], changed.data["edited"]) == (1, "2 of 5", NOW.isoformat())


async def test_the_page_learns_what_is_being_answered(site: Site) -> None:
    """While a handler runs, its post is listed; afterwards not, whether it answered or not."""
    async with site.events() as events:
        assert (await events.next("working")).data == []
        slow = await site.say("!slow")
        assert (await events.next("working")).data == [int(slow.id)]
        async with site.events() as other:
            assert (await other.next("working")).data == [int(slow.id)]
        site.go_on.set()
        assert (await events.next("working")).data == []


async def test_a_quiet_stream_stays_open(database: Database) -> None:
    """A comment now and then keeps proxies from closing the line, and shows us who is gone."""
    site = Site(database, heartbeat=0.01)
    await site.start()
    async with site.events() as events:
        await events.next("working")
        assert await events.block() == {"": "still here"}
    await site.close()


async def test_many_pages_hear_the_same(site: Site) -> None:
    """Every open page gets every post, whoever is slow."""
    async with site.events() as one, site.events() as two:
        for number in range(20):
            await site.web.post(PLACE, Reply(text=str(number)), key=str(number))
        for events in (one, two):
            assert [(await events.next("post")).data["id"] for _ in range(20)] == list(range(1, 21))


async def test_old_posts_come_page_by_page(site: Site) -> None:
    """The page loads the newest hundred, and earlier ones on demand."""
    for number in range(PAGE + 5):
        await site.posts.reply(Reply(text=str(number)), NOW, key=str(number))
    newest = await site.thread()
    assert [post["text"] for post in newest] == [str(number) for number in range(5, PAGE + 5)]
    earlier = await site.thread(f"?before={newest[0]['id']}")
    assert [post["text"] for post in earlier] == ["0", "1", "2", "3", "4"]
    assert len(await site.thread("?after=100")) == 5


async def test_what_was_left_unanswered_is_answered_at_the_next_start(site: Site) -> None:
    """A stop in the middle of an answer costs the person nothing: it comes after the restart."""
    desk = Desk()
    await site.start(desk)
    await site.say("!similar Terminator")
    await desk.next()
    await site.start()
    async with site.events(last=1) as events:
        assert (await events.next("post")).data["answers"] == 1


async def test_a_post_is_cleaned(site: Site) -> None:
    """Control characters, direction marks and halves of characters go; lines and signs stay."""
    for text in ("\x00!a\u202eb\ud800\r\nc 😀\x07  \n\n", "![x](y) <b>*"):
        await site.say(text)
    assert [post["text"] for post in await site.thread()] == ["!ab\nc 😀", "![x](y) <b>*"]


async def test_a_command_is_shown_as_it_was_typed(site: Site) -> None:
    """A title with stars in it is no emphasis; other posts are CommonMark, as on a forum."""
    await site.say("!rate M*A*S*H <3> 4.5")
    await site.say("M*A*S*H\n\n- `code`")
    command, other = await site.thread()
    assert command["html"] == "<p>!rate M*A*S*H &lt;3&gt; 4.5</p>\n"
    assert other["html"] == "<p>M<em>A</em>S*H</p>\n<ul>\n<li><code>code</code></li>\n</ul>\n"


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_markup_in_any_place_is_inert(site: Site, payload: str) -> None:
    """Whoever wrote it and wherever it stands, nothing of it becomes a script, a handler or a foreign picture."""
    reply = Reply(
        text=payload,
        table=Table(columns=(payload, "n"), rows=((payload, 1),)),
        images=(Image(plot="bars", data={"title": payload}, alt=payload),),
        choices=(Choice(label=payload, command=payload),),
    )
    await site.say(payload)
    await site.web.post(PLACE, reply, key="re/1")
    for post in await site.thread():
        for part in (post["html"], post["table"] or ""):
            seen = Seen(part)
            assert not seen.wrong
            assert all(link.startswith("https://") for link in seen.links)


async def test_a_picture_belongs_to_a_post(site: Site) -> None:
    """A picture of the thread is a PNG that may be kept for ever; any other address is nothing."""
    await site.web.post(PLACE, SIMILAR, key="1")
    await site.web.post(PLACE, Reply(text="none here"), key="2")
    shown, _ = await site.thread()
    (drawn,) = shown["pictures"]
    assert drawn["alt"] == BARS.alt
    async with site.client.get(site.web.url + drawn["src"]) as response:
        assert (response.status, response.content_type) == (200, "image/png")
        assert "immutable" in response.headers["Cache-Control"]
        assert (await response.read()).startswith(b"\x89PNG")
    path, _, _query = drawn["src"].partition("?")
    for other in (path, f"{path}?post=2", f"{path}?post=99", f"/pictures/{'0' * 64}.png?post=1"):
        async with site.client.get(site.web.url + other) as response:
            assert response.status == 404
            assert "picture" in (await response.json())["error"]


async def test_a_picture_that_moves_is_a_gif(site: Site) -> None:
    """Under its own ending, and under no other."""
    moving = replace(BARS, kind="gif")
    await site.web.post(PLACE, Reply(text="look", images=(moving,)), key="1")
    (shown,) = await site.thread()
    address = site.web.url + shown["pictures"][0]["src"]
    async with site.client.get(address) as response:
        assert (response.status, response.content_type) == (200, "image/gif")
    async with site.client.get(address.replace(".gif?", ".png?")) as response:
        assert response.status == 404


async def test_a_picture_that_cannot_be_drawn_says_so(site: Site) -> None:
    """A failed drawing is an answer of its own, which nobody keeps; the post stands without it."""
    await site.web.post(PLACE, Reply(text="a", images=(BLANK,)), key="1")
    (post,) = await site.thread()
    async with site.client.get(site.web.url + post["pictures"][0]["src"]) as response:
        assert response.status == 503
        assert response.headers["Cache-Control"] == "no-store"


async def test_a_week_has_its_title(site: Site) -> None:
    """The opening of a week is a post with a title; other posts have none."""
    await site.web.open(PLACE, "Week 8 · *Fargo*", Reply(text="the agenda"), key="open/8")
    await site.web.post(PLACE, Reply(text="a reminder"), key="1")
    assert [(post["title"], post["text"]) for post in await site.thread()] == [
        ("Week 8 · *Fargo*", "the agenda"),
        ("", "a reminder"),
    ]


async def test_a_pin_reaches_open_pages(site: Site) -> None:
    """Pages learn what is pinned when they come and whenever it changes; a post without a title has its words."""
    long = await site.web.post(PLACE, Reply(text="**A long story** " + "of many words " * 20), key="1")
    week = await site.web.open(PLACE, "Week 8", Reply(text="the agenda"), key="open/8")
    async with site.events() as events:
        assert (await events.next("pinned")).data == []
        await site.web.pin(week, pinned=True)
        assert (await events.next("pinned")).data == [{"id": 2, "title": "Week 8"}]
        await site.web.pin(long, pinned=True)
        (_, words) = (await events.next("pinned")).data
        assert words == {"id": 1, "title": "A long story of many words of many words of many words of m…"}
        await site.web.pin(week, pinned=False)
        assert [pin["id"] for pin in (await events.next("pinned")).data] == [1]


async def test_pages_are_told_that_the_week_is_another(database: Database) -> None:
    """What the week holds is read anew at each request; `changed` tells the pages to make one."""
    titles = iter(("Chapter 8", "Chapter 9"))

    async def week() -> dict[str, Any]:
        return {"session": {"title": next(titles)}}

    site = Site(database, week=week)
    await site.start()
    async with site.events() as events:
        for title in ("Chapter 8", "Chapter 9"):
            assert (await events.next("week")).data is None
            async with site.client.get(f"{site.web.url}/week") as response:
                assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")
                assert await response.json() == {"session": {"title": title}}
            site.web.changed()
    await site.close()


async def test_without_a_programme_there_is_no_week(site: Site) -> None:
    """The address says so, in a sentence."""
    async with site.client.get(f"{site.web.url}/week") as response:
        assert response.status == 404
        assert await response.json() == {"error": "There is no programme."}


async def test_the_steps_keep_an_older_thread(tmp_path: Path) -> None:
    """Posts from before there were titles and pins are there as they were."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(OLD)
    database = connect(f"sqlite:///{path}")
    (post,) = await Posts(database).latest()
    assert (post.text, post.title, post.pinned) == ("hello", "", False)
    await Posts(database).reply(Reply(text="an answer"), NOW, key="1", answers=post.id)
    await database.close()


async def test_completion_answers_whole_lines(site: Site) -> None:
    """What may follow from a line; nothing for one that is too long."""
    for line, expected in {
        "!si": ["!similar"],
        "!similar toy": ["!similar Toy Story (1995)"],
        "!similar " + "x" * MAX_LINE: [],
        "": ["!help", "!similar", "!slow"],
    }.items():
        async with site.client.get(f"{site.web.url}/complete", params={"line": line}) as response:
            assert await response.json() == expected


async def test_a_port_in_use_is_one_clear_line(site: Site, database: Database) -> None:
    """A second bot on the same port says which, and what to change."""
    port = int(site.web.url.rpartition(":")[2])
    other = Site(database, port=port)
    with pytest.raises(StartError, match=rf"127\.0\.0\.1:{port} cannot be listened at .* WEB_PORT"):
        await other.start()
    await other.close()


async def test_an_answer_to_something_odd_is_refused(site: Site) -> None:
    """A reference that is no number of ours is refused, not an error of the database."""
    for odd in ("", "x", "-1", "99", "²"):
        with pytest.raises(Exception, match=r"local thread") as problem:
            await site.web.post(PLACE, SIMILAR, key="1", to=PostRef(place=PLACE, id=odd))
        assert problem.type.__name__ == "Refused"


async def test_a_long_post_is_taken_to_its_limit(site: Site) -> None:
    """10,000 signs of nonsense are a post like any other."""
    async with asyncio.timeout(DEADLINE):
        await site.say("[" * MAX_TEXT)
        (post,) = await site.thread()
    assert post["html"] == f"<p>{'[' * MAX_TEXT}</p>\n"

"""A host imports the file on a post of the forum; nobody else's file is fetched, and none from elsewhere."""

import pytest

from bot.app import App
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.attachments import LEFT_OUT, attached
from bot.platforms.discourse.errors import Missing, TooLarge
from bot.platforms.files import MOST_BYTES
from bot.values import File
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.little import Little, Say
from tests.bot.platforms.discourse.scenes import answers, playing, until
from tests.bot.platforms.discourse.test_questionnaire import aloud, to
from tests.bot.platforms.discourse.test_whole import Bot
from tests.bot.questions.sheets import chapter
from tests.fakes.discourse.uploads import store

NAME = "13_convolutions.ipynb"
SHORT = "/uploads/short-url/"
LINK = "[notes.md|attachment](upload://abc.md)"


def link(forum: Forum, name: str = NAME, data: bytes | None = None) -> str:
    """A file that was uploaded, as the forum's editor puts it into a post."""
    forum.site.settings["authorized_extensions"] += "|ipynb|md"
    made = store(forum.site, name, chapter(13, 40) if data is None else data)
    return f"[{name}|attachment](upload://{made.short}.{made.extension}) (3.2 KB)"


def fetched(forum: Forum) -> list[str]:
    """The files that were asked for."""
    return [each.path for each in forum.site.requests if each.path.startswith("/uploads/")]


async def test_a_host_imports_the_file_on_a_post(app: App) -> None:
    """In the topic or in a message to the bot; told in private; the second time nothing is new."""
    async with playing(app.database) as forum:
        host = forum.site.user("host", admin=True)
        await forum.start(Bot(app, forum))
        await forum.say(f"!questionnaire import\n\n{link(forum)}", by=host)
        await until(lambda: to(forum, host))
        assert "chapter 13: 40 questions, 2 further research: 40 new" in to(forum, host)[0]
        forum.site.message(host, [forum.bot], "My questions", f"!questionnaire import {link(forum)}")
        await until(lambda: len(to(forum, host)) == 2)
        assert "chapter 13: 40 questions" in to(forum, host)[1]
        assert "40 new" not in to(forum, host)[1]
        assert "chapter 13" not in aloud(forum)


async def test_a_members_file_is_not_fetched(app: App) -> None:
    """Nor one that a host quotes or shows as code."""
    async with playing(app.database) as forum:
        host = forum.site.user("host", admin=True)
        await forum.start(Bot(app, forum))
        asked = await forum.say(f"!questionnaire import\n\n{link(forum)}")
        await until(lambda: answers(forum, asked.id))
        quote = f'[quote="ada"]\n{link(forum)}\n[/quote]\n\n`{link(forum)}`'
        quoting = await forum.say(f"{quote}\n\n!questionnaire import", by=host)
        await until(lambda: answers(forum, quoting.id))
        assert "There is no file on this message" in answers(forum, quoting.id)[0].raw
        assert fetched(forum) == []


async def test_a_file_is_read_from_the_forum_alone(app: App) -> None:
    """Where it keeps its files at another host, no request goes there, and that there is no file is said."""
    async with playing(app.database) as forum:
        host = forum.site.user("host", admin=True)
        forum.site.files_at = "https://bucket.example.net"
        await forum.start(Bot(app, forum))
        asked = await forum.say(f"!questionnaire import\n\n{link(forum)}", by=host)
        await until(lambda: answers(forum, asked.id))
        assert "There is no file on this message" in answers(forum, asked.id)[0].raw
        assert len(fetched(forum)) == 1


@pytest.mark.parametrize(
    "raw",
    [
        "nothing",
        "![a|10x10](upload://abc.png)",
        "[program.exe|attachment](upload://abc.exe)",
        "[notes.md|attachment](https://evil.example/notes.md)",
        "[notes.md|attachment](upload://../../admin.md)",
        "[notes.md](upload://abc.md)",
    ],
)
async def test_other_links_are_not_followed(api: Api, forum: Little, raw: str) -> None:
    """Pictures, other kinds, other hosts, other paths."""
    forum.says(Say(text="no"))
    assert await attached(api, raw) is None
    assert forum.seen == []


async def test_a_file_comes_as_it_is(api: Api, forum: Little) -> None:
    """Not read as JSON; one that was deleted is none, and the next is taken."""
    forum.says(Say(status=404), Say(text="1. Why?"))
    assert await attached(api, f"{LINK}\n[b.csv|attachment](upload://b.csv)") == File(
        name="b.csv", data=b"1. Why?"
    )
    assert [each.path for each in forum.seen] == ["/forum" + SHORT + "abc.md", "/forum" + SHORT + "b.csv"]


async def test_a_file_too_large_is_not_read_to_its_end(api: Api, forum: Little) -> None:
    """It is refused by its size."""
    forum.says(Say(text="x" * 101))
    with pytest.raises(TooLarge):
        await api.download("abc.md", most=100)
    assert len(forum.seen) == 1
    forum.says(Say(text="x" * (MOST_BYTES + 1)))
    assert await attached(api, LINK) == File(name="notes.md", data=bytes(MOST_BYTES + 1))
    forum.says(Say(status=404))
    with pytest.raises(Missing):
        await api.download("abc.md", most=100)


async def test_a_picture_on_a_post_is_not_passed_over_in_silence(app: App) -> None:
    """The answer is about our own 3, and says why; one that is quoted is somebody else's."""
    async with playing(app.database) as forum:
        await forum.start(Bot(app, forum))
        picture = "![cat|690x388](upload://abc.jpeg)"
        asked = await forum.say(f"!kernel topedge\n\n{picture}")
        quoting = await forum.say(f"!kernel topedge\n\n`{picture}`\n\n> {picture}")
        await until(lambda: answers(forum, asked.id) and answers(forum, quoting.id))
        assert "our own 3" in answers(forum, asked.id)[0].raw
        assert LEFT_OUT in answers(forum, asked.id)[0].raw
        assert LEFT_OUT not in answers(forum, quoting.id)[0].raw

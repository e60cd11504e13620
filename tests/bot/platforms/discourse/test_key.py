"""Where the key goes, and where it never goes."""

import logging
import random

import pytest

from bot.platforms.discourse.bodies import json_body
from bot.platforms.discourse.budget import Budget, Priority
from bot.platforms.discourse.errors import DiscourseError, Moved
from bot.platforms.discourse.http import Http
from tests.bot.platforms.discourse.little import BROKEN, KEY, Little, QuickClock, Say, little

REPLY, POLL, CHORE = Priority
BODY = json_body({"raw": "Hello", "topic_id": 7})
OK = Say(plain={"id": 1})


def sent_on(status: int, where: str) -> Say:
    """A redirect."""
    return Say(status=status, headers={"Location": where})


async def test_the_forum_may_send_a_reader_on(forum: Little, http: Http, budget: Budget) -> None:
    """Redirects to the same forum are followed with the key; each step counts."""
    forum.says(sent_on(301, "/forum/t/slug/5.json"), sent_on(302, f"{forum.url}/forum/t/slug/5.json?a=b"), OK)
    assert await http.get("/t/external_id/x.json", priority=REPLY) == {"id": 1}
    assert [seen.path for seen in forum.seen[1:]] == ["/forum/t/slug/5.json"] * 2
    assert forum.seen[2].query == {"a": ["b"]}
    assert budget.taken[REPLY] == 3


async def test_what_is_written_is_sent_on_unchanged_or_not_at_all(forum: Little, http: Http) -> None:
    """307 and 308 keep method and bytes; a 301 would make a read of it, so it is refused."""
    forum.says(sent_on(308, "/forum/posts.json?x=1"), OK)
    await http.post("/posts.json", BODY, priority=REPLY)
    assert [(seen.method, seen.body) for seen in forum.seen] == [("POST", BODY.content)] * 2
    forum.says(sent_on(301, "/forum/elsewhere"))
    with pytest.raises(Moved):
        await http.post("/posts.json", BODY, priority=REPLY)
    assert len(forum.seen) == 3


async def test_the_key_stays_at_home(forum: Little, http: Http) -> None:
    """No redirect takes the key to another host, port or scheme, nor round in circles."""
    async with little() as other:
        other.says(OK)
        for where in (
            f"{other.url}/t/5.json",
            "//evil.example/t/5.json",
            "https://127.0.0.1/t/5.json",
            forum.url.replace("127.0.0.1", "localhost"),
            forum.url.replace("http://", "http://evil.example@"),
            "http://127.0.0.1:99999999/",
            "http://[/",
            "file:///etc/passwd",
        ):
            forum.says(sent_on(302, where), OK)
            before = len(forum.seen)
            if "evil.example@" in where:  # our own host: the name before it is dropped
                await http.get("/t/5.json", priority=POLL)
                assert len(forum.seen) == before + 2
            else:
                with pytest.raises(Moved):
                    await http.get("/t/5.json", priority=POLL)
                assert len(forum.seen) == before + 1, where
        assert other.seen == []
    forum.says(sent_on(302, "/forum/t/5.json"))
    with pytest.raises(Moved, match="more than 3 times"):
        await http.get("/t/5.json", priority=POLL)


async def test_nothing_gives_the_key_away(forum: Little, http: Http, caplog: pytest.LogCaptureFixture) -> None:
    """The key is in no error, cause, log or description."""
    caplog.set_level(logging.DEBUG)
    for answer in (*BROKEN.values(), Say(status=500), Say(status=422)):
        forum.says(answer)
        with pytest.raises(DiscourseError) as failed:
            await http.post("/posts.json", BODY, priority=REPLY)
        assert failed.value.__cause__ is None
        chain = [failed.value, failed.value.__context__]
        assert KEY not in repr(chain) + str(chain)
    assert KEY not in repr(http) + caplog.text + repr(http.last)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("ftp://forum.example", KEY),
        ("forum.example", KEY),
        ("https://", KEY),
        ("https://me:secret@forum.example", KEY),
        ("https://forum.example", f"{KEY}\r\nX-Other: 1"),
        ("https://forum.example", "ключ"),
    ],
)
async def test_a_wrong_address_or_key_is_refused_at_once(
    clock: QuickClock, budget: Budget, url: str, key: str
) -> None:
    """What cannot be an address or a key is no client, and the message shows neither."""
    with pytest.raises(ValueError, match=r"like https://forum|no header may hold") as refused:
        Http(url, key=key, username="sgbot", budget=budget, clock=clock, chance=random.Random(1))  # noqa: S311
    assert "secret" not in str(refused.value)
    assert key not in str(refused.value)

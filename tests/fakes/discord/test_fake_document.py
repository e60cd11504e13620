"""The fake against Discord's official document, and what the judge of requests says."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from discord.http import Route

from tests.fakes.discord import Refused, Seen, Site, openapi, serve, undocumented
from tests.fakes.discord.client import Quick, pointed, started
from tests.fakes.discord.conftest import Group
from tests.fakes.discord.routing import ROUTES


@pytest.fixture
def document() -> None:
    """The official document, which is not part of the project."""
    try:
        openapi.document()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))


def seen(method: str, path: str, **more: Any) -> Seen:
    """A request."""
    about: dict[str, Any] = {"query": {}, "body": None, "headers": {}, "at": discord.utils.utcnow()} | more
    return Seen(method=method, path=path, **about)


READS = (
    "/users/@me",
    "/users/{ada}",
    "/oauth2/applications/@me",
    "/gateway",
    "/gateway/bot",
    "/guilds/{guild}",
    "/guilds/{guild}/roles",
    "/guilds/{guild}/channels",
    "/guilds/{guild}/members/{ada}",
    "/guilds/{guild}/threads/active",
    "/guilds/{guild}/scheduled-events",
    "/channels/{reading}",
    "/channels/{thread}",
    "/channels/{forum}",
    "/channels/{direct}",
    "/channels/{reading}/messages?limit=5",
    "/channels/{reading}/messages/{said}",
    "/channels/{reading}/messages/pins",
    "/channels/{reading}/threads/archived/public",
    "/channels/{nowhere}",
    "/applications/{bot}/commands",
)


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize("path", READS)
async def test_what_is_read_has_the_documented_shape(group: Group, path: str) -> None:
    """Each answer has the required fields, of the documented types."""
    site = group.site
    said = site.say(
        group.reading, group.ada, f"{site.bot.mention} look", attachments=[("a.txt", "text/plain", b"a")]
    )
    site.say(group.reading, group.ada, "yes", reply_to=said)
    thread = site.thread(group.reading, "Chapter 3", group.ada, said)
    site.archive(site.thread(group.reading, "Chapter 2", site.bot))
    names = {
        "ada": group.ada.id,
        "bot": site.bot.id,
        "guild": site.guild.id,
        "reading": group.reading.id,
        "thread": thread.id,
        "forum": site.channel("chapters", "forum", tags=["a"]).id,
        "direct": site.direct_to_bot(group.ada).id,
        "said": said.id,
        "nowhere": 1,
    }
    answer = await group.ask("GET", path.format(**names))
    assert answer.status == (404 if "nowhere" in path else 200)
    assert openapi.problems(site.requests[-1]) == []


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (seen("GET", "/channels"), "no such endpoint"),
        (seen("POST", "/channels/1"), "no such endpoint"),
        (seen("GET", "/channels/1/messages", query={"befor": "1"}), "no such parameter: befor"),
        (seen("GET", "/channels/1/messages", query={"limit": "x"}), "limit is 'x'"),
        (seen("GET", "/channels/1/messages", body={"a": 1}), "a body where there is none"),
        (seen("POST", "/channels/1/messages"), "there is no body"),
        (seen("POST", "/channels/1/messages", body={"content": 5}), "body.content: 5 is not of type"),
        (seen("POST", "/channels/1/messages", body={"nonce": "n" * 26}), "body.nonce"),
        (seen("POST", "/interactions/1/x/callback", body={"type": 44}), "body"),
        (seen("GET", "/users/@me", status=200, answer={"id": 1}), "answer.id: 1 is not of type 'string'"),
        (seen("GET", "/users/@me", status=302, answer={}), "answer: no such status: 302"),
    ],
    ids=str,
)
def test_the_judge_says_what_is_wrong(request_: Seen, said: str) -> None:
    """With a path, a parameter, a body, a status or an answer."""
    found = openapi.problems(request_)
    assert any(said in each for each in found), found


@pytest.mark.usefixtures("document")
def test_the_judge_takes_numbers_for_snowflakes() -> None:
    """discord.py writes some so, and Discord takes them."""
    body = {"content": "x", "message_reference": {"message_id": 1574308096954597387}}
    assert openapi.problems(seen("POST", "/channels/1/messages", body=body)) == []


@pytest.mark.usefixtures("document")
def test_every_route_is_in_the_document_and_every_gap_is_about_one() -> None:
    """The fake has nothing that Discord has not."""
    filled = [(each.method, re.sub(r"\{(\w+)(:[^}]+)?\}", "1", each.path)) for each in ROUTES]
    assert [each for each in filled if openapi.operation(*each) is None] == []
    operations = [
        f"{method.upper()} {path}" for path, methods in openapi.document()["paths"].items() for method in methods
    ]
    for gap in undocumented.GAPS:
        assert gap.reason
        assert any(re.fullmatch(gap.where, each) for each in operations), gap


class Sharded(Quick, discord.AutoShardedClient):
    """A client that asks where the gateway is."""


async def test_a_sharded_client_asks_where_the_gateway_is(group: Group) -> None:
    """Its one shard is told its number."""
    async with started(client := Sharded(), group.site.token):
        assert [each.name for each in client.guilds] == ["Reading Group"]
    assert any(each.path == "/gateway/bot" for each in group.site.requests)
    assert group.site.identifies[-1]["shard"] == [0, 1]


async def test_the_clock_is_the_sites() -> None:
    """Ids, nonces, deadlines and polls go by it: no test has to wait."""
    at = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    site = Site(now=lambda: at)
    reading = site.channel("reading")
    async with serve(site) as server:
        with pointed(server):
            async with started(client := Quick(), site.token):
                there = client.get_channel(reading.id)
                assert isinstance(there, discord.TextChannel)
                sent = await there.send("x", nonce="n")
                assert abs(sent.created_at - at) < timedelta(milliseconds=2)
                ids = [(await there.send(str(number))).id for number in range(3)]
                assert ids == sorted(ids)
                poll = discord.Poll(question="?", duration=timedelta(hours=1)).add_answer(text="x")
                await there.send(poll=poll)
                at += timedelta(hours=2)
                assert (await there.send("x", nonce="n")).id != sent.id
                shown = next(each for each in site.messages(reading) if each.poll)
                assert shown.poll is not None
                assert shown.poll.closed
                with pytest.raises(Refused):
                    site.vote(shown, site.owner, 1)


async def test_a_weekly_event_keeps_its_rule(group: Group) -> None:
    """discord.py has no word for it; its route does."""
    start = discord.utils.utcnow() + timedelta(days=1)
    rule = {"start": start.isoformat(), "frequency": 2, "interval": 1, "by_weekday": [start.weekday()]}
    body = {
        "name": "Weekly",
        "privacy_level": 2,
        "entity_type": 3,
        "entity_metadata": {"location": "here"},
        "scheduled_start_time": start.isoformat(),
        "scheduled_end_time": (start + timedelta(hours=1)).isoformat(),
        "recurrence_rule": rule,
    }
    route = Route("POST", "/guilds/{guild_id}/scheduled-events", guild_id=group.site.guild.id)
    made = await group.bot.http.request(route, json=body)
    assert made["recurrence_rule"]["by_weekday"] == [start.weekday()]
    assert group.site.events[0].recurrence

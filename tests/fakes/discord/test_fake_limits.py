"""Rate limits, and what stock discord.py makes of them."""

import asyncio
import time
from datetime import timedelta

import discord
import pytest

from tests.fakes.discord import Fault, Limits, Site, serve
from tests.fakes.discord.client import pointed, started
from tests.fakes.discord.conftest import Bot, Group
from tests.fakes.discord.rules_commands import MOST

SEND = "POST /channels/*/messages"


async def test_every_answer_says_what_is_left(group: Group) -> None:
    """Per route and channel: limit, remaining, reset, and the bucket's name."""
    other = group.site.channel("other")
    path = "/channels/{}/messages"
    first, second = [await group.ask("GET", path.format(group.reading.id)) for _ in range(2)]
    third = await group.ask("GET", path.format(other.id))
    left = [int(each.headers["X-RateLimit-Remaining"]) for each in (first, second, third)]
    assert left[0] - left[1] == 1
    assert left[0] == left[2]
    assert first.headers["X-RateLimit-Bucket"] == third.headers["X-RateLimit-Bucket"]
    assert first.headers["Content-Type"] == "application/json"
    assert float(first.headers["X-RateLimit-Reset-After"]) <= group.site.limits.window


async def test_discord_py_waits_before_it_has_to(group: Group) -> None:
    """Its bucket is empty after two: it waits for the reset, and is never refused."""
    group.site.limits.per_route, group.site.limits.window = 2, 0.3
    began = time.monotonic()
    for number in range(5):
        await group.there.send(str(number))
    assert time.monotonic() - began >= 0.5
    assert {each.status for each in group.site.requests} == {200}


async def test_beyond_the_limit_there_is_429(group: Group) -> None:
    """With Via, a JSON body, and the scope; discord.py sleeps and tries again."""
    group.site.limits.per_route = 1
    path = f"/channels/{group.reading.id}/messages"
    await group.ask("GET", path)
    refused = await group.ask("GET", path)
    assert (refused.status, refused.headers["X-RateLimit-Scope"]) == (429, "user")
    assert "Via" in refused.headers
    assert 0 <= refused.body["retry_after"] <= group.site.limits.window


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_a_429_is_waited_for(group: Group, scope: str) -> None:
    """The message arrives once, at the second try."""
    group.site.faults.append(Fault(what=f"429 {scope}", where=SEND, wait=0.01))
    await group.there.send("x")
    assert [each.status for each in group.site.requests if each.method == "POST"] == [429, 200]
    assert [each.content for each in group.site.messages(group.reading)] == ["x"]


async def test_a_ban_by_the_proxy_is_raised_at_once(group: Group) -> None:
    """Without Via discord.py does not wait."""
    group.site.faults.append(Fault(what="429 cloudflare", where=SEND))
    with pytest.raises(discord.HTTPException) as refused:
        await group.there.send("x")
    assert refused.value.status == 429


async def test_all_routes_together_have_a_limit() -> None:
    """Fifty in a second with Discord's own limits; then it is global."""
    site = Site(limits=Limits(strict=True))
    reading = [site.channel(f"c{number}") for number in range(60)]
    async with serve(site) as server:
        with pointed(server):
            async with started(bot := Bot(), site.token):
                group = Group(
                    site=site,
                    server=server,
                    bot=bot,
                    reading=reading[0],
                    ada=site.owner,
                    there=_text(bot, reading[0].id),
                )
                asked = [group.ask("GET", f"/channels/{each.id}") for each in reading]
                answers = await asyncio.gather(*asked)
    refused = [each for each in answers if each.status == 429]
    assert refused
    assert all(each.body["global"] and each.headers["X-RateLimit-Global"] == "true" for each in refused)


def _text(bot: Bot, number: int) -> discord.TextChannel:
    found = bot.get_channel(number)
    assert isinstance(found, discord.TextChannel)
    return found


async def test_interactions_are_outside_the_global_limit(group: Group) -> None:
    """A callback to nothing is 404, not 429."""
    group.site.limits.per_second = 0
    refused = await group.ask("POST", "/interactions/1/x/callback", json={"type": 5})
    assert (refused.status, refused.code) == (404, 10062)
    assert (await group.ask("GET", "/users/@me")).status == 429


async def test_creating_commands_is_counted_by_the_day(group: Group) -> None:
    """30034 beyond; names that exist do not count."""
    group.site.limits.creates_a_day = 1
    path = f"/applications/{group.site.application_id}/commands"
    one, two = ({"name": name, "description": "x", "type": 1} for name in ("one", "two"))
    assert (await group.ask("PUT", path, json=[one])).status == 200
    assert (await group.ask("PUT", path, json=[one])).status == 200
    assert (await group.ask("PUT", path, json=[one, two])).code == 30034
    assert MOST[1] == 100


async def test_a_nonce_is_forgotten_after_minutes(group: Group) -> None:
    """Then the same nonce is another message."""
    await group.there.send("once", nonce="n")
    group.site.limits.nonce = timedelta(0)
    await group.there.send("once", nonce="n")
    assert len(group.site.messages(group.reading)) == 2

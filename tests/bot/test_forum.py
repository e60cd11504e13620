"""The forum put together from the settings: here, the address at which it may call us."""

import hashlib
import hmac
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot.app import App, RealClock
from bot.forum import doors
from bot.platforms.discourse.wake import Wake
from bot.settings import Settings, read

SECRET = "twelve chars or more"  # noqa: S105 - the test's own
BODY = b'{"post":{"id":123,"topic_id":7,"version":1}}'
FORUM: dict[str, Any] = {
    "discourse_url": "http://127.0.0.1:9/talk",
    "discourse_api_key": "k" * 64,
    "discourse_api_username": "studybot",
    "discourse_category_id": 5,
}


def call(secret: str = SECRET, forum: str = "http://127.0.0.1:9/talk") -> dict[str, str]:
    """What the forum sends along with BODY."""
    return {
        "Content-Type": "application/json",
        "X-Discourse-Event": "post_created",
        "X-Discourse-Instance": forum,
        "X-Discourse-Event-Signature": f"sha256={hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest()}",
    }


@asynccontextmanager
async def served(settings: Settings, **more: Any) -> AsyncGenerator[str]:
    """The address at which a whole bot with these settings takes the forum's calls."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]

    async def silent(_: object) -> None: ...

    async with App(read(database_url=settings.database_url, web_port=port, **more)) as app:
        await app.web.listen(silent)
        yield f"{app.web.url}/hooks/discourse"


@dataclass
class Ears:
    """Whoever is woken."""

    woken: list[Wake] = field(default_factory=list[Wake])

    def wake(self, wake: Wake) -> None:
        """Keep it."""
        self.woken.append(wake)


def quiet(what: str, sentence: str) -> None:
    """Tell nobody."""


@pytest.mark.parametrize(
    "missing", [{"discourse_webhook_secret": None}, {"discourse_url": None}], ids=["no secret", "no forum"]
)
async def test_there_is_no_address_without_a_forum_and_its_secret(
    settings: Settings, missing: dict[str, Any]
) -> None:
    """Whoever calls it finds nothing there."""
    given = {**FORUM, "discourse_webhook_secret": SECRET, **missing}
    assert doors(read(**given), RealClock(), Ears, quiet) == {}
    async with (
        served(settings, **given) as url,
        aiohttp.ClientSession() as client,
        client.post(url, data=BODY, headers=call()) as response,
    ):
        assert response.status == 404


async def test_the_forum_calls_the_bot(settings: Settings) -> None:
    """A call of the forum is taken, one of anybody else is refused."""
    async with (
        served(settings, **FORUM, discourse_webhook_secret=SECRET) as url,
        aiohttp.ClientSession() as client,
    ):
        async with client.post(url, data=BODY, headers=call()) as response:
            assert response.status == 200
        async with client.post(url, data=BODY, headers=call("a guess")) as response:
            assert response.status == 403


@pytest.mark.usefixtures("settings")
async def test_the_forum_is_known_by_its_setting() -> None:
    """The address in DISCOURSE_URL is the one a call must name, and what it says becomes a wake-up."""
    ears = Ears()
    given = read(**FORUM, discourse_webhook_secret=SECRET)
    (hook,) = doors(given, RealClock(), lambda: ears, quiet).values()
    assert (await hook(call(forum="https://forum.example"), BODY))[0] == 403
    assert (await hook(call(), BODY))[0] == 200
    assert [wake.post_id for wake in ears.woken] == [123]

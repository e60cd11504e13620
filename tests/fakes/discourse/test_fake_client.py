"""The fake against a client that others wrote for real forums: pydiscourse is content with it."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydiscourse.client
import pytest
from PIL import Image
from pydiscourse import DiscourseClient
from pydiscourse.exceptions import DiscourseClientError, DiscourseRateLimitedError, DiscourseServerError

from tests.fakes.discourse import Fault
from tests.fakes.discourse.conftest import Forum

LONG = "A sentence that is long enough to be a post, number {}."


class Pauses:
    """What pydiscourse takes for the module time: it does not sleep, and the pauses are noted."""

    def __init__(self, forum: Forum) -> None:
        self.taken: list[float] = []
        self._forum = forum

    def sleep(self, seconds: float) -> None:
        """Let the forum's clock go on."""
        self.taken.append(seconds)
        self._forum.clock.move(seconds=seconds)


@pytest.fixture
def client(forum: Forum) -> DiscourseClient:
    """A client of the bot's; it blocks, so it is called in a thread."""
    return DiscourseClient(forum.server.url, api_username="bot", api_key=forum.key, timeout=60)


async def call(function: Callable[..., Any], *positional: Any, **named: Any) -> Any:
    """What a blocking function returns."""
    return await asyncio.to_thread(function, *positional, **named)


async def test_it_writes_and_reads(forum: Forum, client: DiscourseClient) -> None:
    """A topic, a reply and an edit; they are read again by topic, post, number and list."""
    made = await call(
        client.create_post,
        LONG.format(1),
        category_id=forum.site.general.id,
        title="A topic by another client",
        external_id="by-another",
    )
    topic = made["topic_id"]
    forum.clock.move(seconds=10)
    assert (await call(client.topic, made["topic_slug"], topic))["external_id"] == "by-another"
    reply = await call(client.create_post, LONG.format(2), topic_id=topic, reply_to_post_number=1)
    await call(client.update_post, reply["id"], LONG.format(3), "better")
    assert (await call(client.post_by_id, reply["id"]))["raw"] == LONG.format(3)
    assert (await call(client.post_by_number, topic, 2))["edit_reason"] == "better"
    some = await call(client.posts, topic, post_ids=[reply["id"]])
    assert [each["id"] for each in some["post_stream"]["posts"]] == [reply["id"]]
    latest = await call(client.latest_posts, before=reply["id"])
    assert [each["id"] for each in latest["latest_posts"]] == [made["id"], forum.first().id]
    assert len((await call(client.latest_topics))["topic_list"]["topics"]) == 2


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # pydiscourse never closes it
async def test_it_uploads(forum: Forum, client: DiscourseClient, tmp_path: Path) -> None:
    """A picture goes up under the older name of the parameter."""
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "PNG")
    path = tmp_path / "plot.png"
    path.write_bytes(out.getvalue())
    made = await call(client.upload_image, str(path), "composer", True)
    assert (made["width"], made["height"], made["original_filename"]) == (30, 20, "plot.png")


async def test_it_administers(forum: Forum, client: DiscourseClient) -> None:
    """It pins, closes, writes a message, and looks at people, groups, categories and the site."""
    forum.site.group("bots").members.add(forum.bot.id)
    forum.topic.category = forum.site.category("Study", moderators="bots")
    await call(client.update_topic_status, forum.topic.id, "pinned", True)
    await call(client.update_topic_status, forum.topic.id, "closed", True)
    assert (forum.topic.pinned_at, forum.topic.closed) == (forum.clock.at, True)
    await call(
        client.create_post,
        "Between the two of us",
        title="A word",
        archetype="private_message",
        target_recipients="ada",
    )
    messages = (await call(client.private_messages))["topic_list"]["topics"]
    assert [each["title"] for each in messages] == ["A word"]
    assert (await call(client.user, "ada"))["trust_level"] == 2
    assert [each["username"] for each in await call(client.group_members, "bots")] == ["bot"]
    assert (await call(client.group, "bots"))["group"]["user_count"] == 1
    assert [each["name"] for each in await call(client.categories)] == ["Uncategorized", "General", "Study"]
    assert (await call(client.category, forum.site.general.id))["category"]["slug"] == "general"
    assert (await call(client.get_site_info))["notification_types"]["replied"] == 2
    assert (await call(client.about))["about"]["version"]


async def test_it_understands_refusals(forum: Forum, client: DiscourseClient) -> None:
    """The sentences of a 422, a wrong key and a broken proxy arrive as its own errors."""
    with pytest.raises(DiscourseClientError, match="Body is too short"):
        await call(client.create_post, "short", topic_id=forum.topic.id)
    with pytest.raises(DiscourseClientError, match="not be found"):
        await call(client.post_by_id, 999)
    wrong = DiscourseClient(forum.server.url, api_username="bot", api_key="0" * 64, timeout=60)
    with pytest.raises(DiscourseClientError, match="API username or key is invalid"):
        await call(wrong.latest_posts)
    forum.site.faults.append(Fault(what="502 before"))
    with pytest.raises(DiscourseServerError):
        await call(client.latest_posts)


async def test_it_waits_as_long_as_it_is_told(
    forum: Forum, client: DiscourseClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 429 in JSON has it wait so long and a second, one that is not JSON eleven; four are too many."""
    pauses = Pauses(forum)
    monkeypatch.setattr(pydiscourse.client, "time", pauses)
    await call(client.create_post, LONG.format(1), topic_id=forum.topic.id)
    await call(client.create_post, LONG.format(2), topic_id=forum.topic.id)
    assert pauses.taken == [6]
    forum.site.faults.append(Fault(what="429 nginx"))
    await call(client.latest_posts)
    assert pauses.taken == [6, 11]
    forum.site.faults.append(Fault(what="429 json", times=4))
    with pytest.raises(DiscourseRateLimitedError):
        await call(client.latest_posts)
    assert pauses.taken == [6, 11, 8, 8, 8]

"""The forum's JSON as values: lenient, and never of another type."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discourse.api import Api
from bot.platforms.discourse.fields import Fields
from bot.platforms.discourse.site import Category, SiteSettings
from bot.platforms.discourse.values import Notification, Option, Post, Topic, Upload, User
from tests.bot.platforms.discourse.little import Little, Say
from tests.bot.platforms.discourse.samples import POST, TOPIC


async def test_a_post_is_read(forum: Little, api: Api) -> None:
    """A post's JSON becomes a value: its poll, its moment and its number are there."""
    forum.says(Say(plain=POST))
    post = await api.post(123)
    assert (post.id, post.topic_id, post.number, post.user_id) == (123, 7, 3, 5)
    assert (post.raw, post.version, post.reply_to, post.name) == ("!recommend", 2, 2, "ada")
    assert post.created_at == datetime(2026, 11, 25, 7, 0, 0, 123000, tzinfo=UTC)
    assert post.regular
    assert post.staff
    assert not post.deleted
    (poll,) = post.polls
    assert (poll.name, poll.open, poll.voters) == ("week8", False, 3)
    assert poll.options[0] == Option(id="a1", html="Tue", votes=2)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    sorted(
        {*POST, *TOPIC, "deleted_at", "post_stream", "stream", "posts", "options", "data", "groups", "external_id"}
    )
)


@given(st.recursive(JSON, lambda inner: st.dictionaries(NAMES, inner | JSON, max_size=8), max_leaves=20))
def test_no_json_is_too_strange(plain: Any) -> None:
    """Whatever a forum sends, every value can be made of it, and what a field holds is of its type."""
    fields = Fields(plain)
    for kind in (Category, Notification, SiteSettings, Upload, User):
        kind.of(fields)
    post, topic = Post.of(fields), Topic.of(fields)
    assert isinstance(post.id, int)
    assert isinstance(post.raw, str)
    assert isinstance(topic.title, str)
    assert all(isinstance(tag, str) for tag in topic.tags)
    assert all(isinstance(each, int) for each in topic.stream)

"""What a refusal of the forum means: it seldom says so itself, and when it does, in a language of its own."""

from bot.errors import Refused, Retryable, Unsendable
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Priority
from bot.platforms.discourse.errors import Forbidden, Invalid, Missing
from bot.platforms.discourse.values import Topic


async def meaning(api: Api, problem: Refused, *, topic: int | None, category: int | None) -> Exception:
    """What came of writing there: nothing with this one post, not for a while, or never anything.

    Raises Forbidden if the key itself is no longer good.
    """
    await api.scopes()
    try:
        found = await api.topic(topic, priority=Priority.REPLY) if topic else None
    except Missing:
        return Unsendable(f"topic {topic} is no longer there")
    if found and (state := _shut(found)):
        return Unsendable(f"topic {found.id} is {state}")
    if found and found.slow_mode_seconds and isinstance(problem, Invalid):
        return Retryable(f"topic {found.id} is in slow mode", after=float(found.slow_mode_seconds))
    if found and not found.can_create_post:
        return Refused(f"I may not write in topic {found.id}: am I silenced, or not let into its category?")
    if category and await _gone(api, category):
        return Refused(f"category {category} is no longer there, or not for me to see")
    return Unsendable(str(problem)) if isinstance(problem, Invalid) else problem


async def taken_away(api: Api, post: int) -> bool:
    """Whether a post was deleted."""
    try:
        return (await api.post(post, priority=Priority.REPLY)).deleted
    except Missing:
        return True


async def _gone(api: Api, category: int) -> bool:
    try:
        await api.category(category)
    except (Forbidden, Missing):
        return True
    return False


def _shut(topic: Topic) -> str:
    return "archived" if topic.archived else "closed" if topic.closed else ""

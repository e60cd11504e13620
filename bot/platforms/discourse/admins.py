"""Who may steer the bot: the forum's staff, and whoever is in a group named for it. In doubt, nobody."""

from collections.abc import Callable, Collection

from bot.errors import PlatformError
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Clock, Priority
from bot.platforms.discourse.values import Post

FRESH = 60.0  # seconds for which a look at the group holds


class Admins:
    """Told by the numbers of people, which nobody can take over as a name can be."""

    def __init__(self, api: Api, clock: Clock, group: str = "", *, report: Callable[[str, str], None]) -> None:
        self._api, self._clock, self._group, self._report = api, clock, group, report
        self._members: Collection[int] = frozenset()
        self._read: float | None = None

    async def is_admin(self, post: Post) -> bool:
        """Whether the author of a post, just read, may steer."""
        return post.staff or (bool(self._group) and post.user_id in await self._in_group())

    async def _in_group(self) -> Collection[int]:
        now = self._clock.monotonic()
        if self._read is None or now - self._read > FRESH:
            try:
                self._members = await self._api.group_members(self._group, priority=Priority.REPLY)
            except PlatformError as problem:
                self._report("admins", f"the group {self._group} cannot be read, so it steers nothing: {problem}")
                return frozenset()
            self._report("admins", "")
            self._read = now
        return self._members

"""What `python -m bot doctor` finds out about the forum; each sentence names the setting to change."""

from collections.abc import Awaitable, Callable, Mapping

import aiohttp

from bot.errors import PlatformError, StartError
from bot.platforms.discourse import Home
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Priority, WallClock
from bot.platforms.discourse.errors import Forbidden, Missing, Moved
from bot.platforms.discourse.site import FULL

NEEDED = ("topics:write", "topics:update", "posts:edit", "uploads:create", "global:read")
"""The scopes of a key that is not for everything."""
BARE = 4  # characters of the shortest command there is to type: "!now"
SKEW = 60.0  # seconds that two clocks may be apart
ROOMY = 500  # kilobytes: no picture of ours is larger
PATIENCE = 5.0  # seconds for an answer from our own address
OURS = 405  # what our own address says to somebody who looks at it: it is there to be called
ANSWERS = {
    404: "let the proxy pass this path on to me as it is; or I run without DISCOURSE_WEBHOOK_SECRET",
    421: "PUBLIC_URL has to be the name it is called by",
    **dict.fromkeys((502, 503, 504), "the proxy is there, and I am not: start me and ask again"),
}

Check = Callable[[], Awaitable[str]]


class Doctor:
    """`webhook` is the address at which the forum may call us, empty without one; `prefix` begins a command."""

    def __init__(
        self, api: Api, clock: WallClock, home: Home, *, username: str, prefix: str, webhook: str
    ) -> None:
        self._api, self._clock, self._home, self._username = api, clock, home, username
        self._prefix, self._webhook = prefix, webhook

    @property
    def checks(self) -> Mapping[str, Check]:
        """By name, in the order in which they make sense."""
        found = {
            "key": self._key,
            "account": self._account,
            "category": self._look_at_category,
            "tags": self._tags,
            "admins": self._admins,
            "posts": self._posts,
            "pictures": self._pictures,
            "clock": self._look_at_clock,
            "server": self._server,
        }
        wanted = {"tags": self._home.tags, "admins": self._home.admin_group}
        found = {name: check for name, check in found.items() if wanted.get(name, True)}
        if self._webhook:
            found["webhook"] = self._hook
        return {f"discourse {name}": _told(check) for name, check in found.items()}

    async def _key(self) -> str:
        try:
            scopes = await self._api.scopes(priority=Priority.REPLY)
            me = await self._api.me(priority=Priority.REPLY)
        except (Forbidden, Missing) as problem:
            raise StartError(
                f"the forum does not take it ({problem}): make a key for a single user at /admin/api/keys and set "
                "DISCOURSE_API_KEY; DISCOURSE_API_USERNAME is that user"
            ) from problem
        except Moved as problem:
            raise StartError(f"{problem}: set DISCOURSE_URL to where the forum is") from problem
        missing = [scope for scope in NEEDED if scopes and scope not in scopes]
        if missing:
            raise StartError(f"DISCOURSE_API_KEY lacks the scopes {', '.join(missing)}: make one that has them")
        if me.username.casefold() != self._username.casefold():
            raise StartError(f"it is the key of {me.username}: set DISCOURSE_API_USERNAME to that")
        return f"good for {'its scopes' if scopes else 'everything'}, as {me.username}"

    async def _account(self) -> str:
        own = await self._api.me(priority=Priority.REPLY)
        me = await self._api.user(self._username, priority=Priority.REPLY)
        if own.silenced:
            raise StartError(f"{me.username} is silenced: an admin of the forum lifts it at /admin/users/{me.id}")
        if me.trust_level < 1:
            raise StartError(f"{me.username} has trust level 0, which may hardly post: lock it at 2")
        groups = [name for name in me.groups if not name.startswith("trust_level_")]
        said = f"{me.username}, trust level {me.trust_level}, in {', '.join(groups) or 'no group'}"
        if me.trust_level == 1:
            said += "; locked at 2, it may change its posts for 30 days and not for one"
        if me.admin or me.moderator:
            return f"{said}; it is staff: as a plain account in a group of its own, members could ignore it"
        return said

    async def _look_at_category(self) -> str:
        try:
            found = await self._api.category(self._home.category, priority=Priority.REPLY)
        except (Missing, Forbidden) as problem:
            raise StartError(
                f"there is no category {self._home.category} that the account may see: set DISCOURSE_CATEGORY_ID "
                "to the number at the end of its address, or let the account's group see it"
            ) from problem
        if found.permission is not None and found.permission != FULL:
            raise StartError(
                f"the account may not begin topics in {found.name}: give its group the permission to create there"
            )
        topics = await self._api.topics_of(found, priority=Priority.REPLY)
        if not topics:
            return f"topics are opened in {found.name}; to pin them, its group has to moderate the category"
        if (await self._api.topic(topics[0], priority=Priority.REPLY)).can_pin:
            return f"topics are opened in {found.name}, and may be pinned"
        return (
            f"topics are opened in {found.name}, and not pinned: for that, switch on "
            "enable_category_group_moderation and name its group among the category's moderators"
        )

    async def _tags(self) -> str:
        known = {name.casefold() for name in await self._api.tags(priority=Priority.REPLY)}
        missing = [tag for tag in self._home.tags if tag.casefold() not in known]
        if missing:
            raise StartError(
                f"the forum has no tag {' and no tag '.join(missing)}: make it there, or set DISCOURSE_TAGS anew"
            )
        return f"each week's topic gets {', '.join(self._home.tags)}"

    async def _admins(self) -> str:
        group = self._home.admin_group
        try:
            members = await self._api.group_members(group, priority=Priority.REPLY)
        except (Missing, Forbidden) as problem:
            raise StartError(
                f"there is no group {group} whose members the account may see: set DISCOURSE_ADMIN_GROUP to its "
                "name, or let everybody see its members"
            ) from problem
        return f"the forum's staff and the {len(members)} in {group} may steer"

    async def _posts(self) -> str:
        settings = await self._api.site_settings(priority=Priority.REPLY)
        said = f"of {settings.min_post_length} to {settings.max_post_length:,} characters"
        if settings.min_post_length <= BARE:
            return said
        return (
            f"{said}; so the forum refuses a bare {self._prefix}help: lower min_post_length to {BARE}, or let "
            "people write a few words more"
        )

    async def _pictures(self) -> str:
        settings = await self._api.site_settings(priority=Priority.REPLY)
        if "png" not in settings.authorized_extensions and "*" not in settings.authorized_extensions:
            raise StartError("the forum takes no PNG: add png to authorized_extensions")
        if settings.max_image_size_kb < ROOMY:
            raise StartError(
                f"the forum takes {settings.max_image_size_kb} kB at most: set max_image_size_kb to {ROOMY}"
            )
        polls = "" if settings.poll_enabled else "; polls are off (poll_enabled): people vote by command"
        return f"PNG up to {settings.max_image_size_kb:,} kB{polls}"

    async def _look_at_clock(self) -> str:
        await self._api.basic_info(priority=Priority.REPLY)
        theirs = self._api.server_time
        if theirs is None:
            return "the forum does not tell its time"
        apart = (self._clock.now() - theirs).total_seconds()
        if abs(apart) > SKEW:
            raise StartError(f"it is {apart:+,.0f} seconds off the forum's: set this machine's clock (NTP)")
        return "the same as the forum's, to a minute"

    async def _server(self) -> str:
        about = await self._api.about(priority=Priority.REPLY)
        return f"{about.title or 'a forum'}, Discourse {about.version or 'of a version it does not tell'}"

    async def _hook(self) -> str:
        if self._webhook.startswith("/"):
            raise StartError(
                "DISCOURSE_WEBHOOK_SECRET is set, and PUBLIC_URL is not: where should the forum call?"
            )
        try:
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self._webhook) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
            raise StartError(
                f"nothing answers at {self._webhook} ({type(problem).__name__}): see to PUBLIC_URL and its proxy; "
                "without a proxy, start me and ask again"
            ) from problem
        if status != OURS:
            raise StartError(f"{self._webhook} answers {status}: {ANSWERS.get(status, 'is that me?')}")
        return f"{self._webhook} leads to me; Ping in the forum's webhook settings shows the rest"


def _told(check: Check) -> Check:
    """The check, with the forum's own refusal as what has to change."""

    async def told() -> str:
        try:
            return await check()
        except PlatformError as problem:
            raise StartError(f"{problem}") from problem

    return told

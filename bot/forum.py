"""The group's Discourse forum, put together from the settings: `bot.app` makes one where DISCOURSE_URL is set."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Protocol

from bot.correspondence import Ledger
from bot.errors import StartError
from bot.platforms.discourse import Discourse, Home
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.budget import Budget, WallClock
from bot.platforms.discourse.bus import Bus
from bot.platforms.discourse.doctor import Doctor
from bot.platforms.discourse.hook import PATH, Hook
from bot.platforms.discourse.http import Http
from bot.platforms.discourse.wake import Wake
from bot.settings import Settings


class Woken(Protocol):
    """Whoever looks when the forum calls."""

    def wake(self, wake: Wake) -> None:
        """Look."""
        ...


def forum(
    settings: Settings,
    ledger: Ledger,
    clock: WallClock,
    chance: Random,
    *,
    line: Callable[[str], str],
    report: Callable[[str, str], None],
) -> Discourse:
    """The platform; StartError names a setting that cannot be."""
    http = _http(settings, clock, chance)
    return Discourse(
        Api(http),
        ledger,
        clock,
        home(settings),
        url=http.base_url,
        prefix=settings.command_prefix,
        line=line,
        report=report,
        every=settings.discourse_poll_seconds,
        bus=Bus(http, client_id=secrets.token_hex(16), clock=clock),
    )


def home(settings: Settings) -> Home:
    """Where the group is at home on its forum."""
    return Home(
        category=settings.discourse_category_id or 0,
        tags=_listed(settings.discourse_tags),
        close_old=settings.discourse_close_old,
        admin_group=settings.discourse_admin_group,
        ignored=frozenset(name.casefold() for name in _listed(settings.discourse_ignore)),
    )


def checks(settings: Settings, clock: WallClock, api: Api) -> Mapping[str, Callable[[], Awaitable[str]]]:
    """What `doctor` looks at on the forum."""
    outside = str(settings.public_url or "").rstrip("/")
    return Doctor(
        api,
        clock,
        home(settings),
        username=settings.discourse_api_username,
        prefix=settings.command_prefix,
        webhook=f"{outside}{PATH}" if settings.discourse_hook else "",
    ).checks


def doors(
    settings: Settings, clock: WallClock, forum: Callable[[], Woken], report: Callable[[str, str], None]
) -> Mapping[str, Hook]:
    """Where the forum may call us, by path: nowhere, unless it has a secret to sign with."""
    secret = settings.discourse_hook
    if settings.discourse_url is None or secret is None:
        return {}
    instance = str(settings.discourse_url)

    def wake(wake: Wake) -> None:
        forum().wake(wake)

    return {PATH: Hook(secret.get_secret_value(), clock=clock, wake=wake, instance=instance, report=report)}


def _http(settings: Settings, clock: WallClock, chance: Random) -> Http:
    try:
        return Http(
            str(settings.discourse_url),
            key=settings.discourse_key.get_secret_value(),
            username=settings.discourse_api_username,
            budget=Budget(clock),
            clock=clock,
            chance=chance,
        )
    except ValueError as problem:
        raise StartError(f"DISCOURSE_URL, DISCOURSE_API_KEY, DISCOURSE_API_USERNAME: {problem}.") from problem


def _listed(text: str) -> tuple[str, ...]:
    return tuple(item for each in text.split(",") if (item := each.strip().lstrip("@")))

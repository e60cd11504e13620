"""Whom a text names, and whom it is allowed to ping."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.fakes.discord import permissions
from tests.fakes.discord.rules_components import TEXT, walk
from tests.fakes.discord.state import State
from tests.fakes.discord.values import JSON, Channel, Message, Role, User


@dataclass(kw_only=True)
class Pinged:
    """Who a message reaches."""

    users: list[User] = field(default_factory=list[User])
    roles: list[Role] = field(default_factory=list[Role])
    everyone: bool = False


def ping(
    state: State, author: User, channel: Channel, text: str, allowed: JSON | None, reply: Message | None
) -> Pinged:
    """Who is pinged: those that are named, that the sender allows, and that the sender may ping."""
    mighty = state.rights(author, channel).may(permissions.MENTION_EVERYONE)
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or [])
    found = Pinged(everyone="everyone" in parse and mighty and bool(re.search(r"@(everyone|here)\b", text)))
    for number in _numbers(r"<@!?(\d+)>", text):
        who = state.tables.users.get(number)
        if who and ("users" in parse or number in _listed(allowed, "users")):
            found.users.append(who)
    for number in _numbers(r"<@&(\d+)>", text):
        role = state.tables.roles.get(number)
        if role and (role.mentionable or mighty) and ("roles" in parse or number in _listed(allowed, "roles")):
            found.roles.append(role)
    if reply is not None and reply.author not in found.users and _replied(allowed):
        found.users.append(reply.author)
    return found


def _replied(allowed: JSON | None) -> bool:
    return True if allowed is None else bool(allowed.get("replied_user"))


def _numbers(pattern: str, text: str) -> Iterable[int]:
    return dict.fromkeys(int(each) for each in re.findall(pattern, text))


def _listed(allowed: JSON | None, name: str) -> set[int]:
    return {int(each) for each in (allowed or {}).get(name) or []}


def spoken(content: str, components: list[JSON]) -> str:
    """All text of a message in which a mention counts."""
    texts = [each.get("content") or "" for _, each in walk(components) if each.get("type") == TEXT]
    return "\n".join([content, *texts])

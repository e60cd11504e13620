"""The synced commands, and what somebody's picker makes of them: names become ids, texts get their types."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord import permissions, shapes, shapes_messages
from tests.fakes.discord.permissions import in_guild
from tests.fakes.discord.state import State
from tests.fakes.discord.values import JSON, Attachment, Channel, File, Role, User

SUB, GROUP, TEXT, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
GLOBAL = "global"


class Refused(Exception):
    """A client does not let anybody do that: there is no such command, option, button or choice."""


def synced(state: State, name: str, user: User, channel: Channel) -> tuple[JSON, str]:
    """The command of that name, and its scope: the guild's own, or the global one, which direct messages have."""
    direct = channel.recipient is not None
    for scope in (GLOBAL,) if direct else (str(state.guild.id), GLOBAL):
        for each in state.commands.get(scope, []):
            if each["name"] == name and each["type"] == 1:
                contexts = each.get("contexts")
                if contexts is not None and int(direct) not in contexts:
                    raise Refused(f"/{name} is not for {'direct messages' if direct else 'guilds'}")
                _permitted(state, each, user, direct=direct)
                return each, scope
    known = sorted(each["name"] for scope in state.commands.values() for each in scope)
    raise Refused(f"there is no /{name}; there are {', '.join(known) or 'none'}")


def _permitted(state: State, command: JSON, user: User, *, direct: bool) -> None:
    """Refuse whom the command's default permissions leave out; 0 leaves only admins."""
    asked = command["default_member_permissions"]
    if asked is None or direct:
        return
    needed = int(asked) or permissions.ADMINISTRATOR
    if in_guild(state.guild, user) & needed != needed:
        raise Refused(f"/{command['name']} is not shown to {user.name}")


@dataclass(kw_only=True)
class Picker:
    """Somebody who fills in a command; while they type at `focused`, little is checked."""

    state: State
    user: User
    channel: Channel
    path: str
    focused: str | None = None
    resolved: dict[str, JSON] = field(default_factory=dict[str, JSON])

    def data(self, values: Mapping[str, Any]) -> JSON:
        """The `data` of an interaction with "name", "name sub" or "name group sub", and these options."""
        name, *subs = self.path.split()
        command, scope = synced(self.state, name, self.user, self.channel)
        data: JSON = {"id": command["id"], "name": name, "type": 1}
        if scope != GLOBAL:
            data["guild_id"] = scope
        level, options = data, command.get("options") or []
        for sub in subs:
            found = next((each for each in options if each["name"] == sub and each["type"] in (SUB, GROUP)), None)
            if found is None:
                raise self._no(f"there is no {sub}")
            below: JSON = {"name": sub, "type": found["type"]}
            level["options"] = [below]
            level, options = below, found.get("options") or []
        if any(each["type"] in (SUB, GROUP) for each in options):
            raise self._no(f"is not complete: {', '.join(each['name'] for each in options)}")
        level["options"] = self._filled(options, values)
        return data | ({"resolved": self.resolved} if self.resolved else {})

    def _no(self, text: str) -> Refused:
        return Refused(f"/{self.path}: {text}")

    def _filled(self, options: list[JSON], values: Mapping[str, Any]) -> list[JSON]:
        known = {each["name"]: each for each in options}
        if unknown := sorted(set(values) - set(known)):
            raise self._no(f"there is no {unknown}, but {sorted(known)}")
        if self.focused is None:
            lacking = [name for name, each in known.items() if each.get("required") and name not in values]
            if lacking:
                raise self._no(f"{lacking} are required")
        elif not known.get(self.focused, {}).get("autocomplete"):
            raise self._no(f"{self.focused} has no autocomplete")
        return [self._one(known[name], value) for name, value in values.items()]

    def _one(self, option: JSON, value: Any) -> JSON:
        made: JSON = {"name": option["name"], "type": option["type"]}
        if option["name"] == self.focused:
            return made | {"value": str(value), "focused": True}
        return made | {"value": self._typed(option, value)}

    def _typed(self, option: JSON, value: Any) -> Any:
        """The value as the client sends it."""
        name = option["name"]
        if option["type"] in (USER, CHANNEL, ROLE, MENTIONABLE):
            return resolve(self.state, value, self.resolved)
        if option["type"] == ATTACHMENT:
            return attach(self.state, value, self.resolved)
        if option.get("choices"):
            for each in option["choices"]:
                if value in (each["value"], each["name"]):
                    return each["value"]
            raise self._no(f"{name} has no choice {value!r}, but {[each['name'] for each in option['choices']]}")
        if self.focused is not None:
            return value
        typed = self._plain(option["type"], name, value)
        self._within(option, typed)
        return typed

    def _plain(self, kind: int, name: str, value: Any) -> Any:
        if kind == BOOLEAN:
            if str(value).lower() not in ("true", "false"):
                raise self._no(f"{name} is true or false, not {value!r}")
            return str(value).lower() == "true"
        if kind in (INTEGER, NUMBER):
            if not re.fullmatch(r"[-+]?\d+" if kind == INTEGER else r"[-+]?\d+(\.\d+)?", str(value)):
                raise self._no(f"{name} is a number, not {value!r}")
            return int(value) if kind == INTEGER else float(value)
        return str(value)

    def _within(self, option: JSON, value: Any) -> None:
        word = "length" if isinstance(value, str) else "value"
        low, high = option.get(f"min_{word}"), option.get(f"max_{word}")
        if isinstance(value, str):
            value, high = len(value), high if high is not None else 6000
        if (low is not None and value < low) or (high is not None and value > high):
            raise self._no(f"the {word} of {option['name']} has to be from {low} to {high}")


def attach(state: State, value: File, into: dict[str, JSON]) -> str:
    """A file: the client uploads it, and sends its id with what it is."""
    name, kind, data = value
    made = Attachment(id=state.next_id(), name=name, content_type=kind, data=data)
    state.tables.uploads.append(made)
    into.setdefault("attachments", {})[str(made.id)] = shapes_messages.attachment(state, made) | {
        "ephemeral": True
    }
    return str(made.id)


def resolve(state: State, value: Any, into: dict[str, JSON]) -> str:
    """A person, a role or a channel: the client sends its id, and what it is."""
    if isinstance(value, User):
        into.setdefault("users", {})[str(value.id)] = shapes.user(value)
        into.setdefault("members", {})[str(value.id)] = shapes.member(value) | {
            "permissions": shapes.guild_permissions(state, value)
        }
    elif isinstance(value, Role):
        into.setdefault("roles", {})[str(value.id)] = shapes.role(value)
    elif isinstance(value, Channel):
        into.setdefault("channels", {})[str(value.id)] = shapes.partial_channel(state, value, state.bot)
    else:
        raise Refused(f"that has to be a user, role or channel of the site, and {value!r} is none")
    return str(value.id)

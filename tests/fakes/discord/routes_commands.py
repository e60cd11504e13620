"""The bot's commands: one scope for the guild, one for everywhere."""

from datetime import timedelta
from typing import Any

from tests.fakes.discord import rules, rules_commands
from tests.fakes.discord.commands import GLOBAL
from tests.fakes.discord.routing import NOTHING, Answer, Call, route
from tests.fakes.discord.values import JSON, Problem

EVERYWHERE = "/applications/{application}/commands"
HERE = "/applications/{application}/guilds/{guild}/commands"
DAY = timedelta(days=1)


def _scope(call: Call) -> str:
    if call.number("application") != call.state.application_id:
        raise Problem(403, 20012, "You are not authorized to perform this action on this application")
    if "guild" not in call.text:
        return GLOBAL
    if call.number("guild") != call.state.guild.id:
        raise Problem(403, 50001, "Missing Access")
    return call.text["guild"]


def listed(call: Call) -> Answer:
    """The commands of a scope."""
    return Answer(body=call.state.commands.get(_scope(call), []))


def overwrite(call: Call) -> Answer:
    """Replace a whole scope; only names that are new count as created (30034)."""
    scope, given = _scope(call), call.seen.body
    if not isinstance(given, list):
        raise Problem(400, 50035, "Invalid Form Body", {"": "Only iterables may be used in a ListType"})
    return Answer(body=_set(call, scope, given))


def _set(call: Call, scope: str, given: list[JSON]) -> list[JSON]:
    rules.refuse(rules_commands.commands(given))
    known = {(each["type"], each["name"]): each for each in call.state.commands.get(scope, [])}
    fresh = [each for each in given if (each.get("type", 1), each["name"]) not in known]
    _count(call, scope, len(fresh))
    made = [_made(call, scope, each, known.get((each.get("type", 1), each["name"]))) for each in given]
    call.state.commands[scope] = made
    return made


def _count(call: Call, scope: str, fresh: int) -> None:
    state = call.state
    state.created = [each for each in state.created if state.now() - each[0] < DAY]
    used = sum(name == scope for _, name in state.created)
    if used + fresh > state.limits.creates_a_day:
        raise Problem(400, 30034, "Max number of daily application command creates has been reached (200)")
    state.created += [(state.now(), scope)] * fresh


def _made(call: Call, scope: str, given: JSON, known: JSON | None) -> JSON:
    """A command as Discord hands it back; its version changes when it does."""
    state = call.state
    permissions = given.get("default_member_permissions")
    body: JSON = {
        "type": 1,
        "description": "",
        "nsfw": False,
        **{name: _clean(value) for name, value in given.items() if value is not None},
        "default_member_permissions": None if permissions is None else str(permissions),
        "application_id": str(state.application_id),
    }
    body.pop("dm_permission", None)
    if scope == GLOBAL:
        body.setdefault("contexts", None)
        body.setdefault("integration_types", [0])
    else:
        body["guild_id"] = scope
        body.pop("contexts", None)
        body.pop("integration_types", None)
    same = known is not None and {**known, "version": ""} == {**body, "id": known["id"], "version": ""}
    number = known["id"] if known else str(state.next_id())
    return {**body, "id": number, "version": known["version"] if known and same else str(state.next_id())}


def _clean(value: Any) -> Any:
    """Without fields that are null."""
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items() if each is not None}
    return [_clean(each) for each in value] if isinstance(value, list) else value


def create(call: Call) -> Answer:
    """Add one command, or replace the one of that name."""
    scope, given = _scope(call), call.body
    others = [each for each in call.state.commands.get(scope, []) if each["name"] != given.get("name")]
    existed = len(others) != len(call.state.commands.get(scope, []))
    made = _set(call, scope, [*others, given])[-1]
    return Answer(status=200 if existed else 201, body=made)


def delete(call: Call) -> Answer:
    """Remove one command."""
    scope = _scope(call)
    left = [each for each in call.state.commands.get(scope, []) if each["id"] != call.text["command"]]
    if len(left) == len(call.state.commands.get(scope, [])):
        raise Problem(404, 10063, "Unknown application command")
    call.state.commands[scope] = left
    return NOTHING


for path in (EVERYWHERE, HERE):
    route("GET", path)(listed)
    route("PUT", path)(overwrite)
    route("POST", path)(create)
    route("DELETE", f"{path}/{{command}}")(delete)

"""A modal as somebody fills it in."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.discord.commands import Refused
from tests.fakes.discord.values import JSON, Modal

ROW, TEXT_INPUT, SELECT, LABEL, UPLOAD, RADIO, BOXES, BOX = 1, 4, 3, 18, 19, 21, 22, 23
MANY = (SELECT, 5, 6, 7, 8, UPLOAD, BOXES)


def filled(modal: Modal, values: Mapping[str, Any]) -> list[JSON]:
    """The components of a submission; Refused if a client would not send it so."""
    unknown = sorted(set(values) - set(modal.fields))
    if unknown:
        raise Refused(f"the modal has no {unknown}, but {list(modal.fields)}")
    return [_part(each, values) for each in modal.components]


def _part(part: JSON, values: Mapping[str, Any]) -> JSON:
    made: JSON = {"type": part["type"], "id": part["id"]}
    if part["type"] == ROW:
        return made | {"components": [_field(each, values) for each in part["components"]]}
    if part["type"] == LABEL:
        return made | {"component": _field(part["component"], values)}
    return made


def _field(part: JSON, values: Mapping[str, Any]) -> JSON:
    name, kind = part["custom_id"], part["type"]
    given = values.get(name)
    made: JSON = {"type": kind, "id": part["id"], "custom_id": name}
    if given is None:
        given = _default(part)
    if part.get("required", True) and kind != BOX and given in (None, "", []):
        raise Refused(f"{name} is required")
    if kind == TEXT_INPUT:
        return made | {"value": _text(name, part, str(given or ""))}
    if kind in MANY:
        return made | {"values": _several(name, part, list(given or []))}
    if kind == BOX:
        return made | {"value": bool(given)}
    return made | {"value": _one(name, part, given)}


def _default(part: JSON) -> Any:
    """What stands there before anybody touches it."""
    chosen = [option["value"] for option in part.get("options") or [] if option.get("default")]
    if part["type"] == RADIO:
        return chosen[0] if chosen else None
    return chosen or part.get("value") or part.get("default")


def _text(name: str, part: JSON, text: str) -> str:
    low, high = part.get("min_length") or 0, part.get("max_length") or 4000
    if text and not low <= len(text) <= high:
        raise Refused(f"{name} has to have from {low} to {high} characters")
    return text


def _several(name: str, part: JSON, chosen: list[str]) -> list[str]:
    known = [option["value"] for option in part.get("options") or []]
    if known and not set(chosen) <= set(known):
        raise Refused(f"{name} has no {chosen}, but {known}")
    high = part.get("max_values", len(known) if part["type"] == BOXES else 1)
    if len(chosen) > high:
        raise Refused(f"{name} takes at most {high}")
    return chosen


def _one(name: str, part: JSON, chosen: str | None) -> str | None:
    known = [option["value"] for option in part.get("options") or []]
    if chosen is not None and chosen not in known:
        raise Refused(f"{name} has no {chosen!r}, but {known}")
    return chosen

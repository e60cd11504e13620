"""What admins changed, after the host's file was edited: what no longer fits is left out, and named.

    programme, misfits = fitted(load(path), changes)

The changes themselves stay as they are, for the file may be edited back; `without` is them without the misfits.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from bot.programme.changes import Changes, Rhythm, changed
from bot.programme.plan import Programme, ProgrammeError

Part = tuple[str, object]
"""One change of many: the field of Changes, and its key there."""


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """A change that is left out: what it was, and why it no longer fits. Both are plain text."""

    part: Part
    what: str
    why: str


def fitted(programme: Programme, changes: Changes) -> tuple[Programme, tuple[Misfit, ...]]:
    """The programme with every change that fits it, and those that do not."""
    try:
        return changed(programme, changes), ()
    except ProgrammeError as problem:
        why = str(problem)
    parts = _parts(changes)
    for each in parts:  # mostly it is one
        try:
            kept = [part for part in parts if part != each]
            return changed(programme, _only(changes, kept)), (Misfit(part=each, what=_said(each), why=why),)
        except ProgrammeError:
            continue
    return _grown(programme, changes, parts)


def in_words(changes: Changes) -> list[str]:
    """Every change, as plain text."""
    named = [("the group's name", changes.group), ("the host's name", changes.host)]
    return [f"{what}: {name or 'nobody'}" for what, name in named if name is not None] + [
        _told(changes, part) for part in _parts(changes)
    ]


def without(changes: Changes, misfits: Collection[Misfit]) -> Changes:
    """The changes that fit."""
    gone = [each.part for each in misfits]
    return _only(changes, [part for part in _parts(changes) if part not in gone])


def _grown(programme: Programme, changes: Changes, parts: list[Part]) -> tuple[Programme, tuple[Misfit, ...]]:
    """One change after the other, for as long as any fits: a moved session may need another one skipped first."""
    kept: list[Part] = []
    whys: dict[Part, str] = {}
    found = changed(programme, _only(changes, kept))
    before = -1
    while before < len(kept):
        before = len(kept)
        for part in (each for each in parts if each not in kept):
            try:
                found = changed(programme, _only(changes, [*kept, part]))
                kept.append(part)
            except ProgrammeError as problem:
                whys[part] = str(problem)
    left = (part for part in parts if part not in kept)
    return found, tuple(Misfit(part=part, what=_said(part), why=whys[part]) for part in left)


def _parts(changes: Changes) -> list[Part]:
    found: list[Part] = [("begins", changes.begins)] if changes.begins else []
    found += [("rhythms", each) for each in changes.rhythms]
    found += [("meetings", None)] if changes.meetings is not None else []
    for field in ("skip", "cancel", "extra", "moved", "reminders"):
        found += [(field, key) for key in sorted(getattr(changes, field))]
    return found + [("pauses", each) for each in changes.pauses]


def _only(changes: Changes, kept: Collection[Part]) -> Changes:
    """Of those changes the parts that are kept; names, and threads that are open, fit any file."""

    def has(field: str, key: object) -> bool:
        return (field, key) in kept

    return replace(
        changes,
        begins=changes.begins if has("begins", changes.begins) else None,
        rhythms=tuple(each for each in changes.rhythms if has("rhythms", each)),
        meetings=changes.meetings if has("meetings", None) else None,
        skip=frozenset(day for day in changes.skip if has("skip", day)),
        cancel=frozenset(day for day in changes.cancel if has("cancel", day)),
        extra={day: when for day, when in changes.extra.items() if has("extra", day)},
        moved={day: when for day, when in changes.moved.items() if has("moved", day)},
        reminders={kind: at for kind, at in changes.reminders.items() if has("reminders", kind)},
        pauses=tuple(each for each in changes.pauses if has("pauses", each)),
    )


def _told(changes: Changes, part: Part) -> str:
    """A change with what it came to."""
    field, key = part
    if isinstance(key, date) and field in ("moved", "extra"):
        return f"{_said(part)}: {(changes.moved if field == 'moved' else changes.extra)[key]:%a %Y-%m-%d %H:%M}"
    if field == "reminders":
        return f"{_said(part)}: {changes.reminders[str(key)] or 'off'}"
    return _said(part)


def _said(part: Part) -> str:
    field, key = part
    if isinstance(key, Rhythm):
        return f"the rhythm from {_day(key.first)} on"
    if isinstance(key, date):
        names = {"skip": "skipped", "cancel": "cancelled", "extra": "added", "moved": "moved"}
        return (
            f"the session of {_day(key)}, {names[field]}" if field in names else f"the plan begins on {_day(key)}"
        )
    if isinstance(key, tuple):
        since, until = cast("tuple[date, date | None]", key)
        return f"a pause from {_day(since)} on" + (f", until {_day(until)}" if until else "")
    return {"meetings": "the chapters as admins have written them", "reminders": f"the reminder {key}"}[field]


def _day(day: date) -> str:
    return f"{day:%a} {day}"

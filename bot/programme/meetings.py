"""Changing the list of what the sessions are about: each verb gives the new list, or says what would be right.

A place is the number of a session, from 1. What was held already stays: `held` sessions at the start of the list.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.programme.plan import OPEN_END, Meeting, ProgrammeError
from bot.programme.table import LONGEST, MOST_ITEMS, listed

MOST = 500
"""Meetings: ten years of weeks."""

Meetings = tuple[Meeting, ...]


def added(meetings: Meetings, meeting: Meeting, place: int | None, held: int) -> Meetings:
    """With one more, at a place of its own or at the end; sessions held without a plan stay open ones."""
    _check(meeting)
    if len(meetings) >= MOST:
        raise ProgrammeError(f"The plan has {MOST} sessions: that is the most.")
    filled = (*meetings, *(OPEN_END for _ in range(held - len(meetings))))
    at = len(filled) + 1 if place is None else place
    if not held < at <= len(filled) + 1:
        raise ProgrammeError(f"There is no room at {at}: take a place from {held + 1} to {len(filled) + 1}.")
    return _finishing((*filled[: at - 1], meeting, *filled[at - 1 :]))


def changed(meetings: Meetings, place: int, held: int, **values: Any) -> Meetings:
    """With other values in one."""
    new = replace(_one(meetings, place, held), **values)
    _check(new)
    return _finishing((*meetings[: place - 1], new, *meetings[place:]))


def moved(meetings: Meetings, place: int, to: int, held: int) -> Meetings:
    """With one at another place; those in between close up."""
    meeting = _one(meetings, place, held)
    _one(meetings, to, held)
    rest = (*meetings[: place - 1], *meetings[place:])
    return _finishing((*rest[: to - 1], meeting, *rest[to - 1 :]))


def dropped(meetings: Meetings, place: int, held: int) -> Meetings:
    """Without one; the plan keeps at least one, for an empty plan goes on for ever."""
    _one(meetings, place, held)
    if len(meetings) == 1:
        raise ProgrammeError("That is the only one: change it, or skip its session.")
    return _finishing((*meetings[: place - 1], *meetings[place:]), asked=meetings)


def to_plain(meetings: Meetings) -> list[dict[str, Any]]:
    """As JSON takes it."""
    return [asdict(each) for each in meetings]


def from_plain(plain: Sequence[dict[str, Any]]) -> Meetings:
    """What `to_plain` gave."""
    lists = ("chapters", "reading", "homework", "finished")
    values: list[dict[str, Any]] = [each | {name: tuple(each[name]) for name in lists} for each in plain]
    return tuple(Meeting(**each) for each in values)


def _one(meetings: Meetings, place: int, held: int) -> Meeting:
    if not 1 <= place <= len(meetings):
        there = f"There are {len(meetings)}." if meetings else "The plan names none so far."
        raise ProgrammeError(f"There is no {place} in the plan. {there}")
    if place <= held:
        raise ProgrammeError(f"{place} was held already, so it stays. Take {held + 1} or a later one.")
    return meetings[place - 1]


def _finishing(meetings: Meetings, asked: Meetings = ()) -> Meetings:
    """With each questionnaire where its chapter ends: at the last session that has the chapter.

    The chapters with a questionnaire are those that have one somewhere, here or among `asked`.
    """
    quiz = {number for each in (*meetings, *asked) for number in each.finished}
    last = {number: place for place, each in enumerate(meetings) for number in each.chapters}
    return tuple(
        replace(each, finished=tuple(n for n in each.chapters if n in quiz and last[n] == place))
        for place, each in enumerate(meetings)
    )


def _check(meeting: Meeting) -> None:
    """What a file may hold, and no more."""
    if not meeting.title:
        raise ProgrammeError("What is this session about? It needs a title.")
    texts = {"title": (meeting.title,), "guest": (meeting.guest,), "note": (meeting.note,)}
    lists = {"reading": meeting.reading, "homework": meeting.homework}
    for name, lines in (texts | lists).items():
        if len(lines) > MOST_ITEMS:
            raise ProgrammeError(f"{name} has {len(lines)} items: the most is {MOST_ITEMS}.")
        longest = max(map(len, lines), default=0)
        if longest > LONGEST:
            raise ProgrammeError(f"{name} has {longest:,} characters in a line: the most is {LONGEST}.")
    if len(set(meeting.chapters)) < len(meeting.chapters):
        raise ProgrammeError(f"A chapter is named twice: {listed(meeting.chapters)}.")


__all__ = ["Meetings", "added", "changed", "dropped", "from_plain", "moved", "to_plain"]

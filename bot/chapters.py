"""Where an admin writes the reading plan: what the sessions are about. Fulfils `bot.steering.Chapters`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from bot.agenda import Agenda
from bot.errors import UserError
from bot.programme import Changes, Meeting, Programme, meetings
from bot.steering import Coming, Topic

SHOWN = 100  # sessions of a plan
ENDED = "The series ends before that: its last date is in the host's file."

Change = Callable[[Callable[[Changes], Changes], datetime], Any]


class Chapters:
    """The plan in force. `change` writes a change down and gives what will be posted from now on."""

    def __init__(self, agenda: Agenda, change: Change) -> None:
        self._agenda, self._change = agenda, change

    @property
    def changed(self) -> bool:
        """Whether admins changed the list."""
        return self._agenda.changes.meetings is not None

    def topics(self, now: datetime) -> Sequence[Topic]:
        """The plan, from its first session on."""
        programme = self._agenda.programme
        starts = [each.starts for each in programme.sessions(len(programme.meetings))]
        held = _held(programme, now)
        return [
            Topic(
                place=place,
                starts=starts[place - 1] if place <= len(starts) else None,
                past=place <= held,
                title=each.title,
                reading=each.reading,
                homework=each.homework,
                guest=each.guest,
                note=each.note,
            )
            for place, each in islice(enumerate(programme.meetings, 1), SHOWN)
        ]

    async def add(self, now: datetime, place: int | None, **fields: Any) -> Sequence[Coming]:
        """One session's worth more, at that place or at the end."""
        meeting = Meeting(finished=fields.get("chapters", ()), **fields)
        return await self._arrange(now, lambda have, held: meetings.added(have, meeting, place, held))

    async def change(self, now: datetime, place: int, **fields: Any) -> Sequence[Coming]:
        """Other fields of one."""
        if "chapters" in fields:
            fields["finished"] = fields["chapters"]
        return await self._arrange(now, lambda have, held: meetings.changed(have, place, held, **fields))

    async def move(self, now: datetime, place: int, to: int) -> Sequence[Coming]:
        """One at another place."""
        return await self._arrange(now, lambda have, held: meetings.moved(have, place, to, held))

    async def drop(self, now: datetime, place: int) -> Sequence[Coming]:
        """Without one."""
        return await self._arrange(now, lambda have, held: meetings.dropped(have, place, held))

    async def reset(self, now: datetime) -> Sequence[Coming]:
        """The list of the host's file again."""
        if not self.changed:
            raise UserError("The plan is as the host's file has it: there is nothing to take back.")
        return await self._change(lambda changes: replace(changes, meetings=None), now)

    async def call(self, now: datetime, *, group: str, host: str | None) -> None:
        """What the group is called, and who hosts it."""

        def how(changes: Changes) -> Changes:
            return replace(changes, group=group or changes.group, host=changes.host if host is None else host)

        await self._change(how, now)

    async def _arrange(
        self, now: datetime, how: Callable[[meetings.Meetings, int], meetings.Meetings]
    ) -> Sequence[Coming]:
        def change(changes: Changes) -> Changes:
            programme = self._agenda.programme
            return replace(changes, meetings=how(programme.meetings, _held(programme, now)))

        return await self._change(change, now)


def _held(programme: Programme, now: datetime) -> int:
    """How many sessions have begun: by the series, for after the end of a plan the weeks go on."""
    following = programme.series.next(now)
    if following is None:
        raise UserError(ENDED)
    return following.number - 1

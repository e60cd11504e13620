"""What the week, the questions and the model's shelf have lists of, to pick from while somebody types.

What is typed is short, a number or a day; what it stands for is shown beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.completion import Completer
from bot.questionnaire import GRADES
from bot.shelf import Shelf
from bot.steering import NEXT, Steering, said
from bot.values import Offered

WEEKS = 26
"""How far ahead sessions are offered."""
MOST = 25
STATES = ("dead", "owed", "leased")
"""Of a delivery that can still be sent or dropped."""


class Clock(Protocol):
    """The real one."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        ...


class Lists(Protocol):
    """Who has the lists (`bot.app.App`)."""

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def steering(self) -> Steering:
        """The week."""
        ...

    @property
    def shelf(self) -> Shelf:
        """The models."""
        ...


def listed(lists: Lists) -> Mapping[str, Completer]:
    """Each by its name."""

    async def sessions(text: str) -> Sequence[str]:
        await lists.steering.load()
        zone, plan = ZoneInfo(lists.steering.zone), lists.steering.plan(lists.clock.now(), WEEKS)
        days = [(each.starts.astimezone(zone), each.title) for each in plan]
        offered = [Offered(f"{at:%Y-%m-%d}", f"{said(at.date())}, {at:%H:%M} · {title}") for at, title in days]
        return _fitting([Offered(NEXT, "next · the next session"), *offered], text)

    async def messages(text: str) -> Sequence[str]:
        await lists.steering.load()
        return _fitting(
            [Offered(each.kind, f"{each.kind} · {each.offset or 'off'}") for each in lists.steering.reminders],
            text,
        )

    async def topics(text: str) -> Sequence[str]:
        await lists.steering.load()
        found = lists.steering.chapters.topics(lists.clock.now())
        return _fitting([Offered(str(each.place), f"{each.place} · {each.title}") for each in found], text)

    async def deliveries(text: str) -> Sequence[str]:
        found = await lists.steering.deliveries.list(STATES, MOST)
        return _fitting(
            [
                Offered(str(row.number), f"{row.number} · {row.kind} for {row.title} · {row.state}")
                for row in found
            ],
            text,
        )

    async def stopped(text: str) -> Sequence[str]:
        found = await lists.steering.deliveries.stopped()
        return _fitting([Offered(each.place, f"{each.place} · {each.reason}") for each in found], text)

    return {
        "sessions": sessions,
        "messages": messages,
        "topics": topics,
        "deliveries": deliveries,
        "stopped": stopped,
        "files": lambda text: _fitting([Offered(each, each) for each in lists.shelf.files], text),
        "grades": _grades,
    }


def _grades(text: str) -> Sequence[str]:
    """`57 go` → `57 good`, and in a quiz `go` → `good`: which question, only the person knows."""
    number, _, typed = text.partition(" ")
    if not number[:1].isdecimal():
        number, typed = "", text
    before = f"{number} " if number else ""
    return [f"{before}{each}" for each in GRADES if each.startswith(typed.strip().casefold())]


def _fitting(offered: Sequence[Offered], text: str) -> list[str]:
    """Those that begin with what is typed, then those in whose label it stands."""
    typed = text.strip().casefold()
    first = [each for each in offered if each.casefold().startswith(typed)]
    return [*first, *(each for each in offered if each not in first and typed in each.label.casefold())]

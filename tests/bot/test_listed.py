"""What is offered from lists while somebody types: days, numbers and files, each with what it stands for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.app import registry
from bot.completion import Completion
from bot.database import Database
from bot.host import Host
from bot.listed import listed
from bot.shelf import Shelved
from bot.values import Offered
from scheduler.owed import State
from tests.bot.hosted import NOW, Group


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        """Always the same."""
        return NOW


class Shelf:
    """Two model files, of which none is loaded."""

    current, folder, files = Shelved(name="a", since=None), "models", ("autumn.safetensors", "spring.safetensors")

    async def load(self, name: str, now: datetime) -> None:
        """Nothing is."""

    async def reload(self, now: datetime) -> None:
        """Nothing is."""

    async def refit(self, tell: Callable[[float], Awaitable[None]], now: datetime) -> int:
        """Nobody is learnt from."""
        return 0


@dataclass
class Lists:
    """A group's week, and the shelf."""

    group: Group
    clock: Still = field(default_factory=Still)
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def steering(self) -> Host:
        """The week."""
        return self.group.steering


@pytest.fixture
async def group(database: Database) -> Group:
    """A group, a week before its first session, whose next weeks are owed."""
    made = Group(database)
    await made.agenda.materialise(made.now)
    return made


def complete(group: Group) -> Completion:
    """Completion over the group's lists."""
    return Completion(registry(), "!", listed(Lists(group)))


async def shown(group: Group, command: str, action: str, typed: str = "") -> list[tuple[str, str]]:
    """What is offered for the first thing that an action wants, with its labels."""
    found = registry().get(command)
    assert found is not None
    (want,) = [each.wants[0] for each in found.actions if each.name == action]
    offered = await complete(group).offered(want.complete, typed)
    return [(str(each), each.label) for each in offered if isinstance(each, Offered)]


async def test_sessions_are_offered_by_their_days(group: Group) -> None:
    """The next one, then each as `session` reads it; found by its day and by what it is about."""
    days = await shown(group, "session", "move")
    assert days[:3] == [
        ("next", "next · the next session"),
        ("2026-12-02", "Wed 2 Dec 2026, 18:30 · Chapter 1: Part *1*"),
        ("2026-12-09", "Wed 9 Dec 2026, 18:30 · Chapter 2: Part *2*"),
    ]
    assert [day for day, _ in await shown(group, "session", "skip", "part *2")] == ["2026-12-09"]
    assert "!session skip 2026-12-09" in await complete(group).line("!session skip 2026-12-0")
    assert "Wed 9 Dec 2026, 18:30" in (await group.says(f"!session skip {days[2][0]}")).text


async def test_messages_chapters_and_files_are_offered(group: Group) -> None:
    """Each by the word or the number that is typed."""
    assert ("remind-day", "remind-day · -24h") in await shown(group, "reminder", "set")
    assert (await shown(group, "chapter", "change"))[2][0] == "3"
    assert "Part *3*" in (await shown(group, "chapter", "change"))[2][1]
    assert [each for each, _ in await shown(group, "model", "load", "s")] == [
        "spring.safetensors",
        "autumn.safetensors",
    ]


async def test_what_can_be_sent_again_is_offered_with_what_it_is(group: Group) -> None:
    """By its number in the list; what has failed is there, too."""
    (first, *_) = await group.steering.deliveries.list(["owed"], 1)
    offered = await shown(group, "delivery", "retry", str(first.number))
    assert offered[0] == (
        str(first.number),
        f"{first.number} · {first.kind} for {first.title} · {State.OWED.value}",
    )


async def test_a_grade_follows_the_number(group: Group) -> None:
    """Which question it is, only the person knows."""
    line = complete(group).line
    assert await line("!grade 57 ") == [f"!grade 57 {each}" for each in ("again", "hard", "good", "easy")]
    assert await line("!grade 57 g") == ["!grade 57 good"]
    assert await line("!grade h") == ["!grade hard"]

"""The reading plan, built by an admin's commands, over a real agenda and database."""

from datetime import datetime, timedelta

import pytest

from bot.command import Registry
from bot.commands import admin, chapters, plan
from bot.database import Database
from bot.values import Reply
from tests.bot.conftest import ANN
from tests.bot.hosted import Group


class Host(Group):
    """A group whose admin builds the plan."""

    registry = Registry.of(plan, admin, chapters)


@pytest.fixture
async def group(database: Database) -> Host:
    """A group of eight chapters, a week before its first session."""
    made = Host(database)
    await made.agenda.materialise(made.now)
    return made


def column(reply: Reply, place: int) -> list[str]:
    """One column of a reply's table."""
    assert reply.table
    return [str(row[place]) for row in reply.table.rows]


async def test_a_plan_is_built_by_commands(group: Host) -> None:
    """Added, changed, moved, dropped: each answer shows the plan as it is from now on, with its dates."""
    added = await group.says(
        "!chapter add Convolutional Neural Networks number=13 reading=13.1; 13.2 guest=Grace Hopper to=2"
    )
    assert "**Chapter 13: Convolutional Neural Networks** is in the plan." in added.text
    assert "From now on I post" in added.text
    assert added.table
    assert added.table.rows[1] == (
        *(2, "Wed 9 Dec 2026", "Chapter 13: Convolutional Neural Networks", "Grace Hopper"),
    )
    assert "To read:\n\n- 13.1\n- 13.2" in added.text
    await group.says("!chapter change 2 guest=- homework=Draw a kernel; Slide it")
    (topic,) = [each for each in group.steering.chapters.topics(group.now) if each.place == 2]
    assert (topic.guest, topic.homework) == ("", ("Draw a kernel", "Slide it"))
    moved = await group.says("!chapter move 2 to=9")
    assert column(moved, 2)[-1] == "Chapter 13: Convolutional Neural Networks"
    dropped = await group.says("!chapter drop 1")
    assert column(dropped, 2)[0] == r"Chapter 2: Part *2*"
    assert len(column(dropped, 2)) == 8
    assert "as admins have written it" in (await group.says("!chapter")).text
    await group.says("!chapter reset")
    assert column(await group.says("!chapter"), 2)[0] == r"Chapter 1: Part *1*"
    assert "nothing to take back" in (await group.refuses("!chapter reset")).text


async def test_what_is_posted_follows_the_plan(group: Host) -> None:
    """The next session is about what was put there, in every message from now on."""
    await group.says("!chapter add Data Ethics number=3 to=1")
    session = await group.agenda.session(group.now)
    assert session is not None
    assert session.title == "Chapter 3: Data Ethics"
    assert group.held(1) == ["12-02 18:30"]


async def test_what_was_held_stays(group: Host) -> None:
    """A session that has begun is not changed any more."""
    group.now = datetime.fromisoformat("2026-12-02T08:00:00+00:00")
    assert "1 was held already" in (await group.refuses("!chapter change 1 guest=Grace")).text
    assert "take a place from 2 to 9" in (await group.refuses("!chapter add Late to=1")).text
    assert column(await group.says("!chapter"), 1)[0] == "Wed 2 Dec 2026, held"


async def test_a_plan_that_ended_goes_on(group: Host) -> None:
    """Weeks after its end a session more is planned for the next day of the series, not for one that is over."""
    group.now = datetime.fromisoformat("2027-03-01T00:00:00+00:00")
    assert group.steering.next(group.now) is None
    await group.says("!chapter add One more")
    following = group.steering.next(group.now)
    assert following is not None
    assert group.now < following.starts < group.now + timedelta(days=7)
    assert following.title == "One more"


async def test_the_group_has_a_name_and_a_host(group: Host) -> None:
    """Shown, changed, and escaped where it is shown."""
    assert r"**Readers \*of\* books**" in (await group.says("!group")).text
    said = await group.says("!group The Deep Readers host=Ada")
    assert "**The Deep Readers**, by the clocks of Australia/Sydney. Ada hosts." in said.text
    assert "Nobody is named as its host" in (await group.says("!group host=-")).text
    assert group.steering.group == "The Deep Readers"
    assert "at most 100" in (await group.refuses(f"!group {'x' * 101}")).text


async def test_changes_are_found_by_the_next_process(group: Host, database: Database) -> None:
    """They live in the database beside the host's file."""
    await group.says("!chapter add One more guest=Grace")
    await group.says("!group The Deep Readers")
    other = Host(database)
    await other.steering.load()
    assert other.steering.group == "The Deep Readers"
    assert other.steering.chapters.topics(group.now)[-1].guest == "Grace"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("!chapter add", "What is it about?"),
        ("!chapter change 2", "What shall be changed?"),
        ("!chapter change two guest=x", "Write its place in the plan"),
        ("!chapter move 2", "Where to?"),
        ("!chapter drop 2 guest=x", "take `guest`"),
        ("!chapter swap 2", "nothing that `chapter` can do"),
        ("!chapter add Ethics number=3.1", "written like `13`"),
        ("!chapter drop 99", "There is no 99 in the plan"),
    ],
)
async def test_what_is_wrong_is_told(group: Host, line: str, sentence: str) -> None:
    """With what would be right; nothing is changed."""
    assert sentence in (await group.refuses(line)).text
    assert not group.steering.chapters.changed


@pytest.mark.parametrize("line", ["!chapter", "!group"])
async def test_only_admins_may(group: Host, line: str) -> None:
    """Whatever it is, nobody else is told."""
    assert "for the group's admins" in (await group.refuses(line, ANN)).text

"""Admins: staff, and the members of a group, by their numbers; in doubt nobody."""

from collections.abc import AsyncGenerator

import pytest

from bot.database import Database
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.scenes import Clerk, playing, until
from tests.fakes.discourse import Fault, User


@pytest.fixture
async def forum(database: Database) -> AsyncGenerator[Forum]:
    """A forum whose group `leaders` may steer."""
    async with playing(database, admin_group="leaders") as made:
        made.site.group("leaders")
        yield made


async def may(forum: Forum, clerk: Clerk, user: User, word: str) -> bool:
    """Whether a command that somebody gives comes from an admin."""
    await forum.say(f"!similar {word}", by=user)
    await until(lambda: f"!similar {word}" in clerk.texts)
    return clerk.people[clerk.texts.index(f"!similar {word}")].is_admin


@pytest.mark.parametrize(
    ("who", "wanted"), [("admin", True), ("moderator", True), ("leader", True), ("member", False)]
)
async def test_staff_and_the_group_may_steer(forum: Forum, who: str, wanted: bool) -> None:
    """Admins and moderators of the forum, and who is in the group; nobody else."""
    clerk = Clerk(forum)
    user = forum.site.user(
        "carol",
        admin=who == "admin",
        moderator=who == "moderator",
        groups=("leaders",) if who == "leader" else (),
    )
    await forum.start(clerk)
    assert await may(forum, clerk, user, "Alien") is wanted


async def test_who_edits_an_admins_post_steers_nothing(forum: Forum) -> None:
    """A new version may be anybody's, and counts so; what its author changes in the first minutes makes none."""
    clerk = Clerk(forum)
    boss, editor = forum.site.user("boss", admin=True), forum.site.user("editor", trust=4)
    await forum.start(clerk)
    asked = forum.site.all_posts[int((await forum.say("!similar Alien", by=boss)).id)]
    await until(lambda: clerk.texts == ["!similar Alien"])
    forum.site.change(asked, "!similar Aliens")
    await until(lambda: "!similar Aliens" in clerk.texts)
    assert [each.is_admin for each in clerk.people] == [True, True]
    forum.site.change(asked, "!similar Brazil", by=editor)
    await until(lambda: "!similar Brazil" in clerk.texts)
    assert (clerk.people[-1].id, clerk.people[-1].is_admin) == (str(boss.id), False)
    assert "in a new post" in clerk.people[-1].doubt
    assert await may(forum, clerk, boss, "Casablanca")


async def test_who_leaves_the_group_may_steer_no_more_after_a_minute(forum: Forum) -> None:
    """A look at the group holds for sixty seconds, and no longer."""
    clerk = Clerk(forum)
    forum.site.groups["leaders"].members.add(forum.ada.id)
    await forum.start(clerk)
    assert await may(forum, clerk, forum.ada, "Alien")
    forum.site.groups["leaders"].members.clear()
    await forum.clock.sleep(61)
    assert not await may(forum, clerk, forum.ada, "Brazil")


@pytest.mark.parametrize("what", ["403", "404", "502 before", "html", "429 json"])
async def test_a_group_that_cannot_be_read_lets_nobody_steer(forum: Forum, what: str) -> None:
    """Not even who was in it at the last look; commands are answered all the same."""
    clerk = Clerk(forum)
    forum.site.groups["leaders"].members.add(forum.ada.id)
    await forum.start(clerk)
    assert await may(forum, clerk, forum.ada, "Alien")
    forum.site.faults.append(Fault(what=what, path="/groups/leaders/members", times=9))
    await forum.clock.sleep(61)
    assert not await may(forum, clerk, forum.ada, "Brazil")
    assert "the group leaders cannot be read" in forum.troubles["admins"]


async def test_a_name_taken_over_steers_nothing(forum: Forum) -> None:
    """The number counts: who was renamed may still steer, and who took the old name may not."""
    clerk = Clerk(forum)
    forum.site.groups["leaders"].members.add(forum.ada.id)
    await forum.start(clerk)
    assert await may(forum, clerk, forum.ada, "Alien")
    forum.ada.username = "ada_l"
    other = forum.site.user("ada")
    assert not await may(forum, clerk, other, "Brazil")
    assert await may(forum, clerk, forum.ada, "Casablanca")
    assert [each.name for each in clerk.people] == ["ada", "ada", "ada_l"]


async def test_without_a_group_only_staff_may_steer(database: Database) -> None:
    """No group named, no group asked."""
    async with playing(database) as forum:
        clerk = Clerk(forum)
        await forum.start(clerk)
        assert not await may(forum, clerk, forum.ada, "Alien")
        assert not [each for each in forum.site.requests if each.path.startswith("/groups")]

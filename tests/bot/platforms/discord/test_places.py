"""Places that are deleted, archived, locked or closed to the bot; weeks whose opening was broken off."""

from contextlib import suppress
from datetime import timedelta

import pytest

from bot.database import Database
from bot.errors import Refused, Retryable, Unsendable
from bot.platforms.discord import Discord, channel
from bot.values import Place, PostRef, Reply
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import (
    Clerk,
    answers,
    asked_for,
    connected,
    patient,
    quiet,
    settled,
    until,
)
from tests.fakes.discord import Channel, Fault
from tests.fakes.discord.permissions import BOT, MANAGE_THREADS, SEND_MESSAGES

KINDS = pytest.mark.parametrize("kind", ["text", "announcement", "forum"])
OPENING: dict[str, list[str]] = {
    "text": ["POST /channels/*/messages", "POST /channels/*/messages/*/threads"],
    "announcement": ["POST /channels/*/messages/*/threads"],
    "forum": ["POST /channels/*/threads"],
}
BROKEN = [
    (kind, path, what)
    for kind, paths in OPENING.items()
    for path in paths
    for what in ("lost after commit", "reset before", "502 after commit")
]


def week(guild: Guild, name: str = "Week 8") -> Channel:
    """A week's thread that the bot did not open."""
    return guild.site.thread(guild.home, name, guild.ada)


async def opened(platform: Discord, guild: Guild, key: str = "open/1", title: str = "Week 9") -> PostRef:
    """The bot opens a week."""
    return await platform.open(guild.place, title, Reply(text=f"Welcome to {title}"), key=key)


async def test_a_reminder_for_a_thread_that_was_deleted_goes_to_the_channel(database: Database) -> None:
    """What is announced still concerns the group; an answer there has nobody who waits for it."""
    async with patient(database) as guild:
        await connected(guild)
        platform, thread = guild.platform, week(guild)
        assert platform is not None
        gone = channel(thread.id)
        asked = await guild.say("!similar Alien", where=thread)
        await until(lambda: answers(guild, asked))
        guild.site.delete_channel(thread)
        post = await platform.post(gone, Reply(text="In an hour"), key="remind/1")
        assert post.place == guild.place
        assert await platform.post(gone, Reply(text="In an hour"), key="remind/1") == post
        with pytest.raises(Unsendable):
            await platform.post(gone, Reply(text="Too late"), key="re/1", to=asked)
        assert [each.content for each in guild.ours()] == ["In an hour"]


async def test_a_thread_that_is_deleted_while_we_answer_is_done_with(database: Database) -> None:
    """The answer is given up, and nothing waits."""
    async with patient(database) as guild:
        clerk = await connected(guild)
        clerk.open.clear()
        thread = week(guild)
        asked = await guild.say("!similar Alien", where=thread)
        await until(lambda: clerk.handed)
        guild.site.delete_channel(thread)
        clerk.open.set()
        await until(lambda: clerk.given_up == [asked.id])
        other = await guild.say("!similar Brazil")
        await until(lambda: answers(guild, other))
        await settled(guild)


async def test_the_groups_channel_that_is_deleted_is_a_matter_for_an_admin(database: Database) -> None:
    """There is nowhere else to go."""
    async with patient(database) as guild:
        await connected(guild)
        guild.site.delete_channel(guild.home)
        assert guild.platform is not None
        with pytest.raises(Refused) as caught:
            await guild.platform.post(guild.place, Reply(text="hello"), key="day/1")
        assert not isinstance(caught.value, Unsendable)


async def test_a_permission_that_is_lost_is_named_and_not_hammered(database: Database) -> None:
    """Discord bans whom it refuses too often: tries grow apart. Once it is back, who asked has their answer."""
    async with patient(database, speed=60.0) as guild:
        clerk = await connected(guild)
        guild.site.permit(guild.site.bot_role, BOT & ~SEND_MESSAGES)
        guild.site.permit(guild.site.guild.everyone, guild.site.guild.everyone.permissions & ~SEND_MESSAGES)
        asked = await guild.say("!similar Alien", by=guild.site.owner)
        await until(lambda: clerk.problems)
        assert "doctor" in str(clerk.problems[0])
        assert not isinstance(clerk.problems[0], Unsendable)
        await quiet(guild, 300)
        assert asked_for(guild, "POST", "/messages") < 10
        guild.site.permit(guild.site.bot_role, BOT)
        await until(lambda: answers(guild, asked))
        assert len(answers(guild, asked)) == 1


async def test_an_archived_thread_is_opened_by_a_message_and_by_an_edit(database: Database) -> None:
    """Who answers there, or changes what stands there, brings it back."""
    async with patient(database) as guild:
        platform = await guild.start(Clerk(guild))
        thread = week(guild)
        guild.site.archive(thread)
        post = await platform.post(channel(thread.id), Reply(text="first"), key="links/1")
        assert not thread.archived
        guild.site.archive(thread)
        await platform.edit(post, Reply(text="second"))
        assert not thread.archived
        assert [each.content for each in guild.ours()] == ["second"]


@pytest.mark.parametrize("manages", [True, False])
async def test_a_locked_thread_is_open_to_whoever_manages_threads(database: Database, manages: bool) -> None:
    """Without that permission an answer there is given up, and others are not."""
    async with patient(database) as guild:
        clerk = await connected(guild)
        clerk.open.clear()
        if not manages:
            guild.site.permit(guild.site.bot_role, BOT & ~MANAGE_THREADS)
        thread = week(guild)
        asked = await guild.say("!similar Alien", where=thread)
        await until(lambda: clerk.handed)
        guild.site.archive(thread, locked=True)
        clerk.open.set()
        await until(lambda: answers(guild, asked) if manages else clerk.given_up)
        assert len(answers(guild, asked)) == manages


@pytest.mark.parametrize(("kind", "path", "what"), BROKEN)
async def test_a_week_that_was_broken_off_is_opened_once(
    database: Database, kind: str, path: str, what: str
) -> None:
    """At the message, between message and thread, after the thread: the next process goes on from there."""
    async with patient(database, kind=kind) as guild:
        platform = await guild.start(Clerk(guild))
        await until(lambda: platform.connection.present)
        guild.site.faults.append(Fault(what=what, where=path))
        with suppress(Retryable):  # some of it the library tries again by itself
            await opened(platform, guild)
        await guild.stop()
        guild.clock.ahead += timedelta(minutes=10)
        again = await guild.start(Clerk(guild))
        await until(lambda: again.connection.present)
        post = await opened(again, guild)
        assert await opened(again, guild) == post
        assert [each.name for each in guild.site.threads(guild.home)] == ["Week 9"]
        assert [(each.content, each.id) for each in guild.ours()] == [("Welcome to Week 9", int(post.id))]
        said = await again.post(post.place, Reply(text="hello"), key="day/1")
        assert said.place == post.place == Place(platform="discord", id=post.id)


@KINDS
async def test_the_week_before_is_let_go_when_the_next_is_pinned(database: Database, kind: str) -> None:
    """A forum has one pinned post: the bot's own one before makes room, and somebody else's is left alone."""
    async with patient(database, kind=kind) as guild:
        platform = await guild.start(Clerk(guild))
        first, second = [await opened(platform, guild, f"open/{each}", f"Week {each}") for each in (1, 2)]
        await platform.pin(first, pinned=True)
        await platform.pin(second, pinned=True)
        await platform.pin(second, pinned=True)
        if kind == "forum":
            assert [each.name for each in guild.site.threads(guild.home) if each.pinned] == ["Week 2"]
        else:
            assert await guild.pinned() == ["Week 2", "Week 1"]
            await platform.pin(first, pinned=False)
            assert await guild.pinned() == ["Week 2"]


async def test_a_post_that_an_admin_pinned_in_the_forum_stays(database: Database) -> None:
    """The rules of the server are none of our business: that ours cannot be pinned is told."""
    async with patient(database, kind="forum") as guild:
        platform = await guild.start(Clerk(guild))
        rules = guild.site.thread(guild.home, "Rules", guild.site.owner)
        guild.site.pin_thread(rules)
        post = await opened(platform, guild)
        with pytest.raises(Refused):
            await platform.pin(post, pinned=True)
        assert rules.pinned


async def test_a_forum_that_wants_a_tag_has_its_first(database: Database) -> None:
    """Which one is the admin's choice of order."""
    async with patient(database, kind="forum", tags=("week", "other")) as guild:
        platform = await guild.start(Clerk(guild))
        await opened(platform, guild)
        (thread,) = guild.site.threads(guild.home)
        assert thread.applied == (guild.home.tags[0].id,)

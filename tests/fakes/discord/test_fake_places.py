"""Threads, forums, pins, polls, scheduled events and direct messages, with stock discord.py."""

import io
from datetime import datetime, timedelta

import discord
import pytest

from tests.fakes.discord import Channel
from tests.fakes.discord.conftest import Group
from tests.fakes.discord.permissions import (
    CREATE_EVENTS,
    MANAGE_THREADS,
    PIN_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
)


def code(refused: pytest.ExceptionInfo[discord.HTTPException]) -> int:
    """Discord's own code."""
    return refused.value.code


def seen_thread(group: Group, thread: Channel) -> discord.Thread:
    """A thread as the bot has it."""
    found = group.bot.guilds[0].get_thread(thread.id)
    assert found is not None
    return found


async def test_an_archived_thread_opens_by_a_message_but_is_not_edited(group: Group) -> None:
    """50083 for an edit; a message opens it; renaming it takes opening it in the same request."""
    thread = group.site.thread(group.reading, "Chapter 3", group.ada)
    await group.site.until(lambda: group.bot.all_heard("thread_create"))
    there = seen_thread(group, thread)
    said = await there.send("one")
    group.site.archive(thread)
    with pytest.raises(discord.HTTPException) as refused:
        await said.edit(content="two")
    assert code(refused) == 50083
    with pytest.raises(discord.HTTPException) as refused:
        await there.edit(name="other")
    assert code(refused) == 50083
    await there.send("three")
    assert not thread.archived
    await there.edit(name="other", archived=True)
    assert (thread.name, thread.archived) == ("other", True)
    await there.edit(archived=False, auto_archive_duration=60)
    assert (thread.archived, thread.auto_archive) == (False, 60)


async def test_a_locked_thread_takes_the_right_to_manage_threads(group: Group) -> None:
    """Without it there is no posting and no opening."""
    thread = group.site.thread(group.reading, "Chapter 3", group.ada)
    await group.site.until(lambda: group.bot.all_heard("thread_create"))
    there = seen_thread(group, thread)
    group.site.archive(thread, locked=True)
    group.site.overwrite(group.reading, group.site.bot, deny=MANAGE_THREADS)
    with pytest.raises(discord.HTTPException) as refused:
        await there.send("one")
    assert code(refused) == 160005
    with pytest.raises(discord.Forbidden):
        await there.edit(archived=False)
    group.site.overwrite(group.reading, group.site.bot)
    await there.send("one")
    assert (thread.archived, thread.locked) == (False, True)


async def test_threads_are_listed(group: Group) -> None:
    """The active ones of the guild, the archived ones of a channel, the last archived first."""
    names = ("one", "two", "three")
    one, two, three = (group.site.thread(group.reading, name, group.ada) for name in names)
    group.site.archive(one)
    group.site.archive(three)
    assert [each.id for each in await group.bot.guilds[0].active_threads()] == [two.id]
    assert [each.id async for each in group.there.archived_threads()] == [three.id, one.id]
    thread = await group.bot.fetch_channel(one.id)
    assert isinstance(thread, discord.Thread)
    assert (thread.name, thread.archived, thread.parent_id) == ("one", True, group.reading.id)


async def test_a_thread_stands_alone(group: Group) -> None:
    """Without a message it has an id of its own; the bot may join and leave."""
    made = await group.there.create_thread(name="Alone", type=discord.ChannelType.public_thread)
    await made.leave()
    [thread] = group.site.threads(group.reading)
    assert (thread.name, group.site.bot.id in thread.members) == ("Alone", False)
    await made.join()
    assert group.site.bot.id in thread.members
    await made.delete()
    assert group.site.threads(group.reading) == []


async def test_a_forum_has_posts_with_a_first_message(group: Group) -> None:
    """One call, one id for both, tags that exist, one pinned post (30047)."""
    forum = group.site.channel("chapters", "forum", tags=["reading"])
    await group.site.until(lambda: group.bot.all_heard("guild_channel_create"))
    there = group.bot.get_channel(forum.id)
    assert isinstance(there, discord.ForumChannel)
    file = discord.File(io.BytesIO(b"png"), "plot.png", description="A plot")
    made = await there.create_thread(name="Chapter 3", content="hi", file=file, applied_tags=there.available_tags)
    [post] = group.site.threads(forum)
    [first] = group.site.messages(post)
    assert made.thread.id == made.message.id == post.id == first.id
    assert (first.content, first.attachments[0].description, post.applied) == ("hi", "A plot", (forum.tags[0].id,))
    await made.thread.edit(pinned=True)
    assert post.pinned
    other = await there.create_thread(name="Chapter 4", content="hi")
    with pytest.raises(discord.HTTPException) as refused:
        await other.thread.edit(pinned=True)
    assert code(refused) == 30047
    refusal = await group.ask("POST", f"/channels/{forum.id}/messages", json={"content": "no"})
    assert refusal.code == 50008


async def test_messages_are_pinned_with_the_right_to(group: Group) -> None:
    """PIN_MESSAGES pins and unpins; the last pinned comes first."""
    one, two = await group.there.send("one"), await group.there.send("two")
    await one.pin()
    await two.pin()
    assert [each.content for each in group.site.pins(group.reading)] == ["two", "one"]
    assert [each.content async for each in group.there.pins()] == ["two", "one"]
    await group.site.until(lambda: group.bot.all_heard("guild_channel_pins_update"))
    await two.unpin()
    assert [each.content for each in group.site.pins(group.reading)] == ["one"]
    group.site.overwrite(group.reading, group.site.bot, deny=PIN_MESSAGES)
    with pytest.raises(discord.Forbidden):
        await one.unpin()


async def test_a_poll_is_voted_on_and_ends(group: Group) -> None:
    """Votes are told, voters are listed, one vote replaces another; at the end a message says the result."""
    poll = discord.Poll(question="Next book?", duration=timedelta(hours=24))
    poll.add_answer(text="Dune").add_answer(text="Emma")
    sent = await group.there.send(poll=poll)
    [shown] = group.site.messages(group.reading)
    group.site.vote(shown, group.ada, 1)
    group.site.vote(shown, group.ada, 2)
    group.site.vote(shown, group.site.owner, 2)
    await group.site.until(lambda: len(group.bot.all_heard("raw_poll_vote_add")) == 3)
    assert len(group.bot.all_heard("raw_poll_vote_remove")) == 1
    read = (await group.there.fetch_message(sent.id)).poll
    assert read is not None
    assert [each.vote_count for each in read.answers] == [0, 2]
    assert {each.name async for each in read.answers[1].voters()} == {"owner", "ada"}
    ended = await sent.end_poll()
    assert ended.poll is not None
    assert ended.poll.is_finalised()
    result = group.site.messages(group.reading)[-1]
    assert (result.kind, result.reference) == (46, shown.id)
    await group.site.until(lambda: group.bot.all_heard("message")[-1].type is discord.MessageType.poll_result)


def tomorrow() -> datetime:
    """In a day."""
    return discord.utils.utcnow() + timedelta(days=1)


async def test_a_scheduled_event_lives(group: Group) -> None:
    """Made, changed, listed and removed; it needs a place, an end, and CREATE_EVENTS."""
    guild = group.bot.guilds[0]
    about = {
        "name": "Chapter 3",
        "entity_type": discord.EntityType.external,
        "privacy_level": discord.PrivacyLevel.guild_only,
        "start_time": tomorrow(),
        "end_time": tomorrow() + timedelta(hours=1),
        "location": "the thread",
        "description": "Kernels",
    }
    made = await guild.create_scheduled_event(**about)  # pyright: ignore[reportCallIssue, reportArgumentType] a table of its own
    [event] = group.site.events
    assert (event.name, event.location, event.creator) == ("Chapter 3", "the thread", group.site.bot)
    await group.site.until(lambda: group.bot.all_heard("scheduled_event_create"))
    await made.edit(name="Chapter 4")
    assert [each.name for each in await guild.fetch_scheduled_events()] == ["Chapter 4"]
    assert (await guild.fetch_scheduled_event(made.id)).location == "the thread"
    await made.delete()
    assert group.site.events == []
    group.site.permit(group.site.bot_role, group.site.bot_role.permissions & ~CREATE_EVENTS)
    with pytest.raises(discord.Forbidden):
        await guild.create_scheduled_event(**about)  # pyright: ignore[reportCallIssue, reportArgumentType] the same


@pytest.mark.parametrize("lacking", ["entity_metadata", "scheduled_end_time", "name"])
async def test_an_event_needs_its_parts(group: Group, lacking: str) -> None:
    """50035 names the field."""
    body = {
        "name": "Chapter 3",
        "privacy_level": 2,
        "entity_type": 3,
        "scheduled_start_time": tomorrow().isoformat(),
        "scheduled_end_time": (tomorrow() + timedelta(hours=1)).isoformat(),
        "entity_metadata": {"location": "here"},
    }
    del body[lacking]
    path = f"/guilds/{group.site.guild.id}/scheduled-events"
    refusal = await group.ask("POST", path, json=body)
    group.site.requests.clear()
    assert (refusal.status, refusal.code) == (400, 50035)
    assert lacking in refusal.body["errors"]


async def test_a_direct_message_arrives_where_it_is_wanted(group: Group) -> None:
    """One conversation with each person; 50007 with whoever takes none."""
    eve = group.site.user("eve", dms=False)
    ada = await group.bot.fetch_user(group.ada.id)
    await ada.send("hello")
    group.site.say(group.site.direct_to_bot(group.ada), group.ada, "hi")
    await group.site.until(lambda: len(group.bot.all_heard("message")) == 2)
    texts = [each.content for each in group.site.messages(group.site.direct_to_bot(group.ada))]
    assert texts == ["hello", "hi"]
    with pytest.raises(discord.Forbidden) as refused:
        await (await group.bot.fetch_user(eve.id)).send("hello")
    assert code(refused) == 50007


async def test_what_is_not_there_is_unknown(group: Group) -> None:
    """10003, 10007, 10008, 10013, each where it belongs."""
    guild = group.bot.guilds[0]
    gone = group.site.channel("gone")
    await group.site.until(lambda: group.bot.all_heard("guild_channel_create"))
    there = group.sees(gone)
    group.site.delete_channel(gone)
    codes: list[int] = []
    for asked in (
        there.send("x"),
        guild.fetch_member(1),
        group.there.fetch_message(1),
        group.bot.fetch_user(1),
        group.bot.fetch_channel(1),
    ):
        with pytest.raises(discord.NotFound) as refused:
            await asked
        codes.append(code(refused))
    assert codes == [10003, 10007, 10008, 10013, 10003]


async def test_permissions_are_those_of_roles_and_overwrites(group: Group) -> None:
    """Without sight 50001, without a permission 50013; a member's overwrite has the last word."""
    thread = group.site.thread(group.reading, "Chapter 3", group.ada)
    await group.site.until(lambda: group.bot.all_heard("thread_create"))
    there = seen_thread(group, thread)
    group.site.overwrite(group.reading, group.site.guild.everyone, deny=SEND_MESSAGES_IN_THREADS)
    with pytest.raises(discord.Forbidden) as refused:
        await there.send("x")
    assert code(refused) == 50013
    group.site.overwrite(group.reading, group.site.bot, allow=SEND_MESSAGES_IN_THREADS)
    await there.send("x")
    group.site.overwrite(group.reading, group.site.bot, deny=VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as refused:
        await there.send("x")
    assert code(refused) == 50001

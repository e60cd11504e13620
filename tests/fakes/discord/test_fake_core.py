"""Stock discord.py in the fake: ready, messages in and out, history, edits, threads."""

import io

import discord
import pytest
from discord.ext import commands

from tests.fakes.discord.conftest import Group

PNG = b"\x89PNG\r\n\x1a\n"


async def test_the_bot_is_ready_and_sees_the_guild(group: Group) -> None:
    """It identified once, has the guild, the channel and itself as a member."""
    [guild] = group.bot.guilds
    assert (guild.name, group.there.name, guild.me.id) == ("Reading Group", "reading", group.site.bot.id)
    assert [each["token"] for each in group.site.identifies] == [group.site.token]
    assert group.there.permissions_for(guild.me).attach_files
    assert not guild.me.guild_permissions.manage_channels


async def test_a_command_is_answered_with_a_reply_and_a_picture(group: Group) -> None:
    """A reply with a file arrives with its alternative text and its bytes, and pings nobody."""

    @group.bot.command()
    async def plot(context: commands.Context[commands.Bot], *, title: str) -> None:
        file = discord.File(io.BytesIO(PNG), "plot.png", description="A plot")
        await context.reply(f"**{title}** @everyone", file=file)

    asked = group.site.say(group.reading, group.ada, "!plot Fargo")
    await group.site.until(lambda: len(group.site.messages(group.reading)) == 2)
    answer = group.site.messages(group.reading)[-1]
    [picture] = answer.attachments
    assert plot.name == "plot"
    assert (answer.content, answer.reference, answer.mentions_sent) == ("**Fargo** @everyone", asked.id, [])
    assert (picture.name, picture.description, picture.data) == ("plot.png", "A plot", PNG)
    assert picture.content_type == "image/png"


async def test_an_attachment_can_be_read_from_its_address(group: Group) -> None:
    """What somebody attaches, the bot can fetch."""
    group.site.say(group.reading, group.ada, "look", attachments=[("notes.txt", "text/plain", b"notes")])
    [message] = await group.site.until(lambda: group.bot.all_heard("message"))
    assert await message.attachments[0].read() == b"notes"


async def test_history_is_read_in_both_directions(group: Group) -> None:
    """After, before and a limit, newest or oldest first."""
    said = [group.site.say(group.reading, group.ada, f"line {number}") for number in range(5)]
    after = [
        each.content
        async for each in group.there.history(after=discord.Object(said[1].id), limit=2, oldest_first=True)
    ]
    before = [each.content async for each in group.there.history(before=discord.Object(said[3].id), limit=2)]
    assert after == ["line 2", "line 3"]
    assert before == ["line 2", "line 1"]


async def test_messages_are_edited_and_deleted(group: Group) -> None:
    """By the bot its own, by people theirs; each is told of the other's."""
    mine = await group.there.send("first")
    await mine.edit(content="second")
    assert [(each.content, bool(each.edited)) for each in group.site.messages(group.reading)] == [("second", True)]
    await mine.delete()
    assert group.site.messages(group.reading) == []
    said = group.site.say(group.reading, group.ada, "one")
    group.site.edit(said, "two")
    group.site.delete(said)
    await group.site.until(lambda: any(each.id == said.id for each in group.bot.all_heard("message_delete")))
    assert [args[1].content for name, args in group.bot.heard if name == "message_edit"][-1] == "two"


async def test_the_same_nonce_is_the_same_message(group: Group) -> None:
    """Within minutes; when it was deleted, the repetition is 404."""
    first = await group.there.send("once", nonce="rem:1")
    second = await group.there.send("once", nonce="rem:1")
    assert first.id == second.id
    assert [each.nonce for each in group.site.messages(group.reading)] == ["rem:1"]
    await first.delete()
    with pytest.raises(discord.NotFound):
        await group.there.send("once", nonce="rem:1")


async def test_a_thread_begins_at_a_message_once(group: Group) -> None:
    """It has the message's id, is told of, takes messages; a second one is 160004."""
    message = await group.there.send("Chapter 3")
    thread = await message.create_thread(name="Chapter 3")
    assert thread.id == message.id
    await thread.send("welcome")
    [made] = group.site.threads(group.reading)
    assert [each.content for each in group.site.messages(made)] == ["welcome"]
    assert group.site.messages(group.reading)[0].thread is made
    with pytest.raises(discord.HTTPException) as refused:
        await message.create_thread(name="Again")
    assert refused.value.code == 160004

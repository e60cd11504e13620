"""What Discord refuses: lengths, counts, layouts, files, permissions to send, whom one may ping."""

import io
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord.conftest import Group
from tests.fakes.discord.permissions import (
    ATTACH_FILES,
    EMBED_LINKS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_POLLS,
)
from tests.fakes.discord.rules import message as message_rules
from tests.fakes.discord.rules_commands import commands as command_rules


def button(name: str, label: str = "x") -> dict[str, Any]:
    """A button."""
    return {"type": 2, "style": 1, "custom_id": name, "label": label}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    """A row of buttons."""
    return {"type": 1, "components": list(parts)}


def select(count: int) -> dict[str, Any]:
    """A select with so many options."""
    options = [{"label": str(number), "value": str(number)} for number in range(count)]
    return {"type": 3, "custom_id": "s", "options": options}


LONG_EMBED = {"description": "x" * 4000}
V2 = 1 << 15


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"content": "x", "nonce": "n" * 26}, "nonce"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
        ({"embeds": [LONG_EMBED, LONG_EMBED]}, "embeds"),
        ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, "embeds.0.fields.0.name"),
        ({"attachments": [{"id": "0", "description": "x" * 1025}]}, "attachments.0.description"),
        ({"attachments": [{"id": str(number)} for number in range(11)]}, "attachments"),
        ({"components": [row(button(str(number))) for number in range(6)]}, "components"),
        ({"components": [row(*(button(str(number)) for number in range(6)))]}, "components.0.components"),
        ({"components": [row(button("x" * 101))]}, "components.0.components.0.custom_id"),
        ({"components": [row(button("a"), button("a"))]}, "components.0.components.1.custom_id"),
        ({"components": [row(select(26))]}, "components.0.components.0.options"),
        ({"components": [row(select(2), button("a"))]}, "components.0.components"),
        ({"components": [{"type": 10, "content": "x"}]}, "components.0.type"),
        ({"components": [{"type": 10, "content": "x"}], "content": "x", "flags": V2}, "content"),
        ({"components": [{"type": 10, "content": "x" * 4001}], "flags": V2}, "components"),
        ({"components": [{"type": 10, "content": "x"}] * 41, "flags": V2}, "components"),
        ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
        ({"poll": {"question": {"text": "x" * 301}, "answers": []}}, "poll.question.text"),
        ({"poll": {"question": {"text": "x"}, "answers": []}}, "poll.answers"),
    ],
)
def test_a_message_is_refused_for_a_field(body: dict[str, Any], field: str) -> None:
    """The field that is wrong is named."""
    assert field in dict(message_rules(body))


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        {"embeds": [{"title": "x" * 256, "description": "x" * 4096}]},
        {"components": [row(*(button(f"{at}{number}") for number in range(5))) for at in range(5)]},
        {"components": [row(select(25))]},
        {"components": [{"type": 10, "content": "x" * 4000}], "flags": V2},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "roles": ["1"]}},
    ],
)
def test_what_just_fits_is_taken(body: dict[str, Any]) -> None:
    """Limits are inclusive."""
    assert dict(message_rules(body)) == {}


def option(name: str = "title", **more: Any) -> dict[str, Any]:
    """An option of a command."""
    return {"type": 3, "name": name, "description": "x", **more}


@pytest.mark.parametrize(
    ("command", "field"),
    [
        ({"name": "Similar", "description": "x"}, "0.name"),
        ({"name": "two words", "description": "x"}, "0.name"),
        ({"name": "similar", "description": ""}, "0.description"),
        (
            {"name": "similar", "description": "x", "options": [option(str(each)) for each in range(26)]},
            "0.options",
        ),
        ({"name": "similar", "description": "x", "options": [option(), option(required=True)]}, "0.options.1"),
        (
            {"name": "similar", "description": "x", "options": [option(choices=[{"name": "", "value": "x"}])]},
            "0.options.0.choices.0.name",
        ),
    ],
)
def test_a_command_is_refused_for_a_field(command: dict[str, Any], field: str) -> None:
    """The field that is wrong is named."""
    assert field in dict(command_rules([command]))


def test_commands_are_limited_in_number_and_size() -> None:
    """A hundred of them, names once each, 8000 characters for one."""
    many = [{"name": f"c{number}", "description": "x"} for number in range(101)]
    assert "" in dict(command_rules(many))
    assert "1.name" in dict(command_rules([many[0], many[0]]))
    choices = [{"name": "x" * 100, "value": "y" * 100 + str(number)} for number in range(25)]
    long = {"name": "c", "description": "x", "options": [option(f"o{each}", choices=choices) for each in range(2)]}
    assert "0" in dict(command_rules([long]))


async def test_a_refusal_names_the_field_as_discord_does(group: Group) -> None:
    """Errors are nested, and discord.py reads them."""
    with pytest.raises(discord.HTTPException) as refused:
        await group.there.send("x" * 2001)
    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert "In content: Must be 2000 or fewer in length." in str(refused.value)
    with pytest.raises(discord.HTTPException) as refused:
        await group.there.send(" ")
    assert refused.value.code == 50006


async def test_a_file_has_a_size(group: Group) -> None:
    """Ten megabytes: 40005 above."""
    group.site.limits.file = 100
    with pytest.raises(discord.HTTPException) as refused:
        await group.there.send(file=discord.File(io.BytesIO(b"x" * 101), "big.bin"))
    assert (refused.value.status, refused.value.code) == (413, 40005)
    assert group.site.messages(group.reading) == []


@pytest.mark.parametrize(
    ("denied", "sent"),
    [
        (ATTACH_FILES, {"file": True}),
        (EMBED_LINKS, {"embed": discord.Embed(title="x")}),
        (SEND_MESSAGES, {"content": "x"}),
        (SEND_POLLS, {"poll": True}),
    ],
    ids=["files", "embeds", "messages", "polls"],
)
async def test_sending_takes_its_permission(group: Group, denied: int, sent: dict[str, Any]) -> None:
    """Each kind of content has one: 50013."""
    if "file" in sent:
        sent = {"file": discord.File(io.BytesIO(b"x"), "x.txt")}
    if "poll" in sent:
        sent = {"poll": discord.Poll(question="?", duration=timedelta(hours=1)).add_answer(text="x")}
    group.site.overwrite(group.reading, group.site.bot, deny=denied)
    with pytest.raises(discord.Forbidden) as refused:
        await group.there.send(**sent)
    assert refused.value.code == 50013


async def test_a_reply_takes_history_and_a_message(group: Group) -> None:
    """160002 without the permission; a message that is gone is no error where the sender says so."""
    said = group.site.say(group.reading, group.ada, "hello")
    [message] = await group.site.until(lambda: group.bot.all_heard("message"))
    group.site.overwrite(group.reading, group.site.bot, deny=READ_MESSAGE_HISTORY)
    with pytest.raises(discord.Forbidden) as refused:
        await message.reply("hi")
    assert refused.value.code == 160002
    assert [each async for each in group.there.history()] == []
    group.site.overwrite(group.reading, group.site.bot)
    group.site.delete(said)
    with pytest.raises(discord.HTTPException, match="Unknown message"):
        await message.reply("hi")
    reference = discord.MessageReference.from_message(message, fail_if_not_exists=False)
    await group.there.send("hi", reference=reference)
    assert group.site.messages(group.reading)[-1].reference is None


async def test_others_messages_are_not_the_bots_to_change(group: Group) -> None:
    """50005 for an edit, 50013 for a deletion without MANAGE_MESSAGES."""
    said = group.site.say(group.reading, group.ada, "hello")
    theirs = f"/channels/{group.reading.id}/messages/{said.id}"
    assert (await group.ask("PATCH", theirs, json={"content": "x"})).code == 50005
    assert (await group.ask("DELETE", theirs)).code == 50013
    assert (await group.ask("GET", theirs, headers={"Authorization": "Bot wrong"})).status == 401
    group.site.requests.clear()


async def test_who_is_pinged_is_decided_by_three(group: Group) -> None:
    """The text names them, the sender allows it, and the sender may."""
    readers = group.site.role("readers", mentionable=True)
    staff = group.site.role("staff")
    text = f"@everyone {readers.mention} {staff.mention} {group.ada.mention}"
    everyone = group.site.guild.everyone
    group.site.permit(everyone, everyone.permissions & ~(1 << 17))
    some = discord.AllowedMentions.none()
    some.roles = [discord.Object(readers.id), discord.Object(staff.id)]
    await group.there.send(text)
    await group.there.send(text, allowed_mentions=some)
    await group.there.send(text, allowed_mentions=discord.AllowedMentions.all())
    group.site.permit(everyone, everyone.permissions | 1 << 17)
    await group.there.send(text, allowed_mentions=discord.AllowedMentions.all())
    sent = [each.mentions_sent for each in group.site.messages(group.reading)]
    assert sent == [[], [readers], [readers, group.ada], [everyone, readers, staff, group.ada]]


async def test_a_message_without_allowed_mentions_pings_all_it_names(group: Group) -> None:
    """That is Discord's default, and a reply pings who is replied to."""
    said = group.site.say(group.reading, group.ada, "hello")
    path = f"/channels/{group.reading.id}/messages"
    body = {"content": f"@here {group.site.owner.mention}", "message_reference": {"message_id": str(said.id)}}
    await group.ask("POST", path, json=body)
    everyone = group.site.guild.everyone
    assert group.site.messages(group.reading)[-1].mentions_sent == [everyone, group.site.owner, group.ada]


async def test_only_an_interaction_is_answered_in_private(group: Group) -> None:
    """The flag on an ordinary message does nothing; the others count."""
    path = f"/channels/{group.reading.id}/messages"
    await group.ask("POST", path, json={"content": "x", "flags": 1 << 6 | 1 << 2})
    [message] = group.site.messages(group.reading)
    assert (message.ephemeral, message.flags) == (False, 1 << 2)


async def test_edits_keep_what_they_do_not_name(group: Group) -> None:
    """A file stays unless the list of attachments leaves it out; a new one is added."""
    sent = await group.there.send("one", file=discord.File(io.BytesIO(b"a"), "a.txt"))
    await sent.edit(content="two")
    [message] = group.site.messages(group.reading)
    assert (message.content, [each.name for each in message.attachments]) == ("two", ["a.txt"])
    await sent.add_files(discord.File(io.BytesIO(b"b"), "b.txt", description="B"))
    assert [(each.name, each.description) for each in message.attachments] == [("a.txt", None), ("b.txt", "B")]
    await sent.edit(attachments=[])
    assert message.attachments == []
    with pytest.raises(discord.HTTPException) as refused:
        await sent.edit(content="")
    assert (refused.value.code, message.content) == (50006, "two")


async def test_a_deleted_message_takes_its_files_along(group: Group) -> None:
    """The address answers 404 then."""
    sent = await group.there.send(file=discord.File(io.BytesIO(b"a"), "a.txt"))
    async with aiohttp.ClientSession() as http:
        async with http.get(sent.attachments[0].url) as response:
            assert (response.status, await response.read()) == (200, b"a")
        await sent.delete()
        async with http.get(sent.attachments[0].url) as response:
            assert response.status == 404

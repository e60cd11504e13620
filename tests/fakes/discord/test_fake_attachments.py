"""What somebody attaches to a slash command, with stock discord.py on the other side."""

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import Refused, openapi
from tests.fakes.discord.conftest import Group

HEIC = ("cat.heic", "image/heic", b"a cat")


@pytest.fixture
async def synced(group: Group) -> Group:
    """The group, with a command that wants a file."""

    @group.bot.tree.command()
    async def look(interaction: discord.Interaction[discord.Client], file: discord.Attachment) -> None:
        """Look at it."""
        said = f"{file.filename} {file.content_type} {file.size} {(await file.read()).decode()}"
        await interaction.response.send_message(said)

    assert isinstance(look, app_commands.Command)
    await group.bot.tree.sync()
    return group


async def test_a_command_is_handed_what_was_attached(synced: Group) -> None:
    """Its name, its kind, its size, and where it is read."""
    used = synced.site.slash(synced.reading, synced.ada, "look", {"file": HEIC})
    await synced.site.until(lambda: used.messages)
    assert used.text == "cat.heic image/heic 5 a cat"


async def test_it_is_what_the_document_says(synced: Group) -> None:
    """The option as it is synced, and what is resolved of it."""
    try:
        openapi.document()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    (sync,) = [each for each in synced.site.requests if each.method == "PUT" and each.path.endswith("/commands")]
    assert sync.body is not None
    assert [each["type"] for each in sync.body[0]["options"]] == [11]
    assert openapi.problems(sync) == []
    used = synced.site.slash(synced.reading, synced.ada, "look", {"file": HEIC})
    (resolved,) = used.data["resolved"]["attachments"].values()
    assert openapi.misshapen(resolved, "AttachmentResponse") == []
    assert openapi.misshapen(resolved | {"size": "5"}, "AttachmentResponse")


async def test_what_is_required_has_to_be_attached(synced: Group) -> None:
    """The client does not send the command without it."""
    with pytest.raises(Refused, match="required"):
        synced.site.slash(synced.reading, synced.ada, "look", {})

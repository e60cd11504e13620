"""Slash commands, autocomplete, buttons, selects and modals, with stock discord.py on the other side."""

import io
from datetime import timedelta
from typing import Any, Literal

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import Refused
from tests.fakes.discord.conftest import Group

Click = discord.Interaction[discord.Client]


class Questions(discord.ui.Modal, title="A question"):
    """One line of text, one choice."""

    why: discord.ui.TextInput["Questions"] = discord.ui.TextInput(label="Why?", custom_id="why", max_length=20)
    book = discord.ui.Label(
        text="Which book?",
        component=discord.ui.RadioGroup(
            custom_id="book",
            options=[discord.RadioGroupOption(label=name, value=name) for name in ("Dune", "Emma")],
        ),
    )

    async def on_submit(self, interaction: Click) -> None:
        """Say what was filled in."""
        group = self.book.component
        assert isinstance(group, discord.ui.RadioGroup)
        await interaction.response.send_message(f"{self.why.value}: {group.value}", ephemeral=True)


class Panel(discord.ui.View):
    """Buttons that survive restarts."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: Click, _: discord.ui.Button["Panel"]) -> None:
        """Open the questions."""
        await interaction.response.send_modal(Questions())

    @discord.ui.button(label="Count", custom_id="count")
    async def count(self, interaction: Click, _: discord.ui.Button["Panel"]) -> None:
        """Change the message itself."""
        await interaction.response.edit_message(content="counted")

    @discord.ui.select(custom_id="pick", options=[discord.SelectOption(label=name) for name in ("a", "b")])
    async def pick(self, interaction: Click, chosen: discord.ui.Select["Panel"]) -> None:
        """Say what was chosen."""
        await interaction.response.defer()
        await interaction.followup.send(f"you chose {chosen.values}", ephemeral=True)


def furnish(tree: app_commands.CommandTree[discord.Client]) -> None:
    """Some commands."""

    @tree.command()
    @app_commands.describe(title="a film")
    async def similar(
        interaction: Click, title: str, count: app_commands.Range[int, 1, 9] = 3, how: Literal["a", "b"] = "a"
    ) -> None:
        """Similar films."""
        await interaction.response.send_message(f"{title} {count} {how}")

    @similar.autocomplete("title")
    async def _titles(_: Click, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}inator", value="t1")]

    @tree.command()
    async def slow(interaction: Click, hidden: bool = False) -> None:
        """Think, then answer with a picture."""
        await interaction.response.defer(thinking=True, ephemeral=hidden)
        file = discord.File(io.BytesIO(b"png"), "plot.png", description="A plot")
        await interaction.followup.send("thought", file=file, ephemeral=not hidden)
        await interaction.followup.send("more")

    session = app_commands.Group(name="session", description="Sessions")

    @session.command()
    async def move(interaction: Click, member: discord.Member, date: str) -> None:
        """Move one."""
        await interaction.response.send_message(f"{member.name} {date}", view=Panel())

    tree.add_command(session)
    assert [similar.name, slow.name, move.name] == ["similar", "slow", "move"]


@pytest.fixture
async def synced(group: Group) -> Group:
    """The group, with commands."""
    furnish(group.bot.tree)
    group.bot.add_view(Panel())
    await group.bot.tree.sync()
    return group


async def test_commands_are_synced_and_keep_their_ids(synced: Group) -> None:
    """A second sync changes nothing, and creates nothing."""
    before = synced.site.commands["global"]
    assert [each["name"] for each in before] == ["similar", "slow", "session"]
    await synced.bot.tree.sync()
    assert synced.site.commands["global"] == before
    assert len(synced.site.created) == 3
    assert [each.name for each in await synced.bot.tree.fetch_commands()] == ["similar", "slow", "session"]


async def test_a_slash_command_is_answered(synced: Group) -> None:
    """Options have their types; the answer is in the channel, and is the interaction's."""
    used = synced.site.slash(synced.reading, synced.ada, "similar", {"title": "Fargo", "count": 5, "how": "b"})
    await synced.site.until(lambda: used.messages)
    assert (used.text, used.acknowledged and used.acknowledged.kind) == ("Fargo 5 b", "message")
    assert synced.site.messages(synced.reading) == used.messages


@pytest.mark.parametrize(
    ("path", "values", "said"),
    [
        ("similr", {}, "there is no /similr"),
        ("similar", {}, "['title'] are required"),
        ("similar", {"title": "x", "count": 10}, "from 1 to 9"),
        ("similar", {"title": "x", "count": "many"}, "is a number"),
        ("similar", {"title": "x", "how": "c"}, "no choice 'c'"),
        ("similar", {"titel": "x"}, "there is no ['titel']"),
        ("session", {}, "is not complete: move"),
        ("session mov", {}, "there is no mov"),
        ("session move", {"member": "ada", "date": "x"}, "has to be a user, role or channel"),
    ],
)
async def test_a_client_refuses_what_the_schema_does(
    synced: Group, path: str, values: dict[str, object], said: str
) -> None:
    """Nobody can send such a thing, so no test may."""
    with pytest.raises(Refused) as refused:
        synced.site.slash(synced.reading, synced.ada, path, values)
    assert said in str(refused.value)


async def test_a_client_shows_a_command_only_where_and_to_whom_it_is_for(synced: Group) -> None:
    """Contexts of a global command, and its default permissions."""

    @synced.bot.tree.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def steer(interaction: Click) -> None:
        """Steer."""
        await interaction.response.send_message("steered")

    await synced.bot.tree.sync()
    with pytest.raises(Refused, match="not shown to ada"):
        synced.site.slash(synced.reading, synced.ada, steer.name)
    with pytest.raises(Refused, match="not for direct messages"):
        synced.site.slash(synced.site.direct_to_bot(synced.ada), synced.ada, steer.name)
    steered = synced.site.slash(synced.reading, synced.site.owner, steer.name)
    direct = synced.site.slash(synced.site.direct_to_bot(synced.ada), synced.ada, "similar", {"title": "Fargo"})
    await synced.site.until(lambda: steered.messages and direct.messages)
    assert (steered.text, direct.text) == ("steered", "Fargo 3 a")


async def test_a_guilds_own_command_goes_before_the_global_one(synced: Group) -> None:
    """It is synced into a scope of its own."""
    here = discord.Object(synced.site.guild.id)

    @synced.bot.tree.command(guild=here)
    async def slow(interaction: Click) -> None:
        """Be quick."""
        await interaction.response.send_message("quick")

    await synced.bot.tree.sync(guild=here)
    assert [each["name"] for each in synced.site.commands[str(synced.site.guild.id)]] == [slow.name]
    used = synced.site.slash(synced.reading, synced.ada, "slow")
    await synced.site.until(lambda: used.messages)
    assert used.text == "quick"


async def test_a_sub_command_takes_a_member(synced: Group) -> None:
    """The person is resolved, with what they are in the guild."""
    values = {"member": synced.site.owner, "date": "2026-12-01"}
    used = synced.site.slash(synced.reading, synced.ada, "session move", values)
    await synced.site.until(lambda: used.messages)
    assert used.text == "owner 2026-12-01"


async def test_choices_are_offered_while_somebody_types(synced: Group) -> None:
    """What the bot offers arrives as choices, and nothing is said."""
    typed = synced.site.complete(synced.reading, synced.ada, "similar", {"title": "Term"}, focused="title")
    assert await synced.site.until(lambda: typed.choices) == [{"name": "Terminator", "value": "t1"}]
    assert typed.messages == []
    with pytest.raises(Refused, match="no autocomplete"):
        synced.site.complete(synced.reading, synced.ada, "similar", {"count": "1"}, focused="count")


@pytest.mark.parametrize("hidden", [False, True])
async def test_the_first_followup_fills_the_placeholder_and_keeps_its_visibility(
    synced: Group, hidden: bool
) -> None:
    """Whatever the followup says of ephemeral; the next one is a message of its own."""
    used = synced.site.slash(synced.reading, synced.ada, "slow", {"hidden": hidden})
    await synced.site.until(lambda: len(used.messages) == 2)
    first, second = used.messages
    assert used.acknowledged is not None
    assert used.acknowledged.kind == "deferred"
    assert (first.content, first.ephemeral, first.loading, second.content) == ("thought", hidden, False, "more")
    assert (first.attachments[0].description, first.edited) == ("A plot", None)
    assert [each.content for each in synced.site.messages(synced.reading)] == (
        ["thought"] * (not hidden) + ["more"]
    )


async def test_a_button_opens_a_modal_that_is_filled_in(synced: Group) -> None:
    """Button, modal, submission, answer; only the one who pressed may submit."""
    shown = await synced.there.send("panel", view=Panel())
    [panel] = synced.site.messages(synced.reading)
    pressed = synced.site.press(panel, synced.ada, "ask")
    modal = await synced.site.until(lambda: pressed.modal)
    assert (modal.title, modal.fields) == ("A question", ("why", "book"))
    for values, said in (
        ({"why": "x" * 21, "book": "Dune"}, "characters"),
        ({"why": "sand", "book": "Ulysses"}, "no 'Ulysses'"),
        ({"book": "Dune"}, "why is required"),
    ):
        with pytest.raises(Refused, match=said):
            synced.site.submit(pressed, synced.ada, values)
    with pytest.raises(Refused, match="opened for ada"):
        synced.site.submit(pressed, synced.site.owner, {"why": "sand", "book": "Dune"})
    sent = synced.site.submit(pressed, synced.ada, {"why": "sand", "book": "Dune"})
    await synced.site.until(lambda: sent.messages)
    assert (sent.text, sent.messages[0].ephemeral, shown.id) == ("sand: Dune", True, panel.id)
    assert synced.site.messages(synced.reading) == [panel]


async def test_a_button_changes_its_message_and_a_select_is_answered(synced: Group) -> None:
    """Update in place; a deferred update with a followup of its own."""
    await synced.there.send("panel", view=Panel())
    [panel] = synced.site.messages(synced.reading)
    pressed = synced.site.press(panel, synced.ada, "count")
    await synced.site.until(lambda: pressed.acknowledged)
    assert panel.content == "counted"
    chosen = synced.site.select(panel, synced.ada, "pick", ["b"])
    await synced.site.until(lambda: chosen.messages)
    assert (chosen.text, chosen.messages[0].ephemeral, panel.content) == ("you chose ['b']", True, "counted")
    with pytest.raises(Refused, match="nothing to press"):
        synced.site.press(panel, synced.ada, "gone")


async def test_a_person_is_chosen_from_a_select(synced: Group) -> None:
    """The client sends who it is."""
    view = discord.ui.View()
    chosen: list[str] = []

    async def note(interaction: discord.Interaction[Any]) -> None:
        chosen.extend(each.name for each in who.values)
        await interaction.response.defer()

    who = discord.ui.UserSelect[discord.ui.View](custom_id="who")
    who.callback = note
    view.add_item(who)
    await synced.there.send("who?", view=view)
    [shown] = synced.site.messages(synced.reading)
    synced.site.select(shown, synced.ada, "who", [synced.site.owner])
    await synced.site.until(lambda: chosen)
    assert chosen == ["owner"]


async def test_a_late_answer_and_a_second_one_are_refused(synced: Group) -> None:
    """40060 for the second, 10062 after three seconds by the site's clock."""
    used = synced.site.slash(synced.reading, synced.ada, "similar", {"title": "Fargo"})
    await synced.site.until(lambda: used.messages)
    body = {"type": 4, "data": {"content": "once more"}}
    again = await synced.ask("POST", f"/interactions/{used.id}/{used.token}/callback", json=body)
    assert (again.status, again.code, used.text) == (400, 40060, "Fargo 3 a")
    assert used.problem is not None
    assert used.problem.code == 40060
    synced.site.limits.acknowledge = timedelta(0)
    late = synced.site.slash(synced.reading, synced.ada, "similar", {"title": "Fargo"})
    await synced.site.until(lambda: late.problem)
    assert (late.problem and late.problem.code, late.acknowledged) == (10062, None)


async def test_a_deferred_answer_that_is_taken_back_leaves_the_followup_on_its_own(synced: Group) -> None:
    """DELETE @original, then a followup: that is a new message, with a visibility of its own."""
    done: list[discord.WebhookMessage] = []

    @synced.bot.tree.command()
    async def regret(interaction: Click) -> None:
        """Defer in public, answer in private."""
        await interaction.response.defer(thinking=True)
        await interaction.delete_original_response()
        done.append(await interaction.followup.send("private", ephemeral=True, wait=True))

    await synced.bot.tree.sync()
    used = synced.site.slash(synced.reading, synced.ada, "regret")
    await synced.site.until(lambda: done)
    assert [(each.content, each.ephemeral) for each in used.messages] == [("private", True)]
    assert (synced.site.messages(synced.reading), regret.name) == ([], "regret")


async def test_the_token_ends_after_fifteen_minutes(synced: Group) -> None:
    """Then only an ordinary message is left."""
    used = synced.site.slash(synced.reading, synced.ada, "similar", {"title": "Fargo"})
    await synced.site.until(lambda: used.messages)
    synced.site.limits.token = timedelta(0)
    hook = discord.Webhook.partial(synced.site.application_id, used.token, client=synced.bot)
    with pytest.raises(discord.HTTPException) as refused:
        await hook.send("too late")
    assert refused.value.code == 50027


async def test_a_layout_is_a_message_without_content(synced: Group) -> None:
    """Components of the second version have ids, and mention as text does."""
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay(f"hello {synced.ada.mention}"[:60])))
    await synced.there.send(view=view, allowed_mentions=discord.AllowedMentions(users=True))
    [shown] = synced.site.messages(synced.reading)
    assert (shown.content, shown.components[0]["components"][0]["id"]) == ("", 2)
    assert shown.mentions_sent == [synced.ada]


async def test_a_deferred_answer_becomes_a_layout_by_an_edit_alone(synced: Group) -> None:
    """A followup with the flag is refused; the original can be read and edited."""
    codes: list[int] = []

    @synced.bot.tree.command()
    async def layout(interaction: Click) -> None:
        """Lay something out."""
        await interaction.response.defer(thinking=True)
        view = discord.ui.LayoutView().add_item(discord.ui.TextDisplay("laid out"))
        try:
            await interaction.followup.send(view=view)
        except discord.HTTPException as problem:
            codes.append(problem.code)
        loading = (await interaction.original_response()).flags.loading
        await interaction.edit_original_response(view=view)
        codes.append(int(loading))

    await synced.bot.tree.sync()
    used = synced.site.slash(synced.reading, synced.ada, layout.name)
    await synced.site.until(lambda: len(codes) == 2)
    [message] = used.messages
    assert (codes, message.loading, message.components[0]["content"]) == ([50035, 1], False, "laid out")

"""The commands as slash commands: what people can fill in, and what is heard of it."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import discord
import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st
from simcord.backend.errors import BackendError, SetupError

from bot.app import registry
from bot.command import Arg, Command, Param, Registry, command
from bot.context import Context
from bot.errors import UserError
from bot.parse import Call, called, parse
from bot.platforms.discord.slash import ADMIN, line, plant
from bot.values import Asked, Reply
from tests.bot.conftest import echo, square
from tests.bot.platforms.discord.guild import GUILD, Site


def tree(*commands: Command) -> app_commands.CommandTree[discord.Client]:
    """Commands, planted."""
    made = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))

    async def ask(interaction: discord.Interaction, asked: Asked) -> None:
        pytest.fail("nobody asks")

    async def complete(param: Param, typed: str) -> Sequence[str]:
        return []

    plant(made, commands, guild=GUILD, ask=ask, complete=complete)
    return made


@pytest.mark.parametrize(
    ("name", "options", "values"),
    [
        ("similar", {"title": "Terminator 2"}, {"title": "Terminator 2"}),
        ("similar", {"title": "Fargo", "count": 3, "metric": "cosine"},
         {"title": "Fargo", "count": "3", "metric": "cosine"}),
        ("rate", {"title": "Fargo", "stars": 4.5}, {"title": "Fargo", "stars": "4.5"}),
        ("rate", {"title": "Fargo", "stars": 5.0}, {"title": "Fargo", "stars": "5"}),
        ("recommend", {"new": True}, {"new": "yes"}),
        ("recommend", {"new": False, "like": "Fargo, Alien"}, {"new": "no", "like": "Fargo, Alien"}),
        ("week", {}, {}),
        ("schedule", {"weeks": 20}, {"weeks": "20"}),
        ("forget", {"what": "notes"}, {"what": "notes"}),
        ("q", {"question": "Why?"}, {"question": "Why?"}),
    ],
)  # fmt: skip
async def test_what_is_filled_in_comes_as_text(
    site: Site, name: str, options: dict[str, object], values: dict[str, str]
) -> None:
    """Each value by the name of its parameter; what was left out is not there."""
    result = await site.ann.slash(site.channel, name, **options)
    assert site.bot.asked == [Asked(command=name, values=values)]
    assert result.response is not None


@pytest.mark.parametrize(
    ("name", "options", "typed"),
    [
        ("session move", {"day": "9 Dec", "to": "10 Dec 19:00"}, "!session move 9 Dec to=10 Dec 19:00"),
        ("session show", {}, "!session show"),
        ("delivery list", {"state": "dead"}, "!delivery list state=dead"),
        ("reminder set", {"what": "remind-day", "when": "-26h"}, "!reminder set remind-day -26h"),
        ("chapter add", {"topic": "Ethics", "number": "3", "to": 4}, "!chapter add Ethics number=3 to=4"),
        ("chapter change", {"place": "3", "guest": "Grace Hopper"}, "!chapter change 3 guest=Grace Hopper"),
        ("thread open", {}, "!thread open"),
        ("status", {}, "!status"),
        ("skip", {"question": "1", "done": True}, "!skip 1 done=yes"),
        ("admin schedule set", {"at": "19:00", "from": "2027-02-03"}, "!schedule set at=19:00 from=2027-02-03"),
        ("admin schedule pause", {}, "!schedule pause"),
        ("admin catchup close", {}, "!catchup close=yes"),
        ("admin now section", {"section": "the loss"}, "!now the loss"),
    ],
)  # fmt: skip
async def test_the_commands_of_admins_are_what_they_would_type(
    site: Site, name: str, options: dict[str, object], typed: str
) -> None:
    """A verb is a command of its own, and its word and what it wants are put together."""
    await site.root.slash(site.channel, name, **options)
    (asked,) = site.bot.asked
    command = site.commands.get(asked.command)
    assert command is not None
    assert line(asked, command, "!") == typed
    by_text, by_form = parse(typed, site.commands, "!"), called(asked, site.commands, "!")
    assert by_text == by_form
    assert isinstance(by_form, Call)


async def test_members_do_not_see_what_is_for_admins(site: Site) -> None:
    """Discord offers it to nobody else; what is typed there is completed for nobody else."""
    seen = set(site.ann.available_commands(site.channel))
    admins = {each.name for each in site.commands if each.admin}
    assert "similar" in seen
    assert not {name.partition(" ")[0] for name in seen} & {*admins, "admin"}
    assert {"session move", "status", "admin schedule pause"} <= set(site.root.available_commands(site.channel))
    with pytest.raises((BackendError, SetupError)):
        await site.ann.slash(site.channel, "status")
    assert site.bot.asked == []


async def test_a_title_is_completed_while_it_is_typed(site: Site) -> None:
    """25 at most, and none that Discord would refuse."""
    offered = await site.ann.autocomplete(site.channel, "similar", "title", "Term")
    assert site.bot.completed == [("title", "Term")]
    assert len(offered) == 25
    assert offered[0] == {"name": "Term0", "value": "Term0"}


async def test_nothing_of_the_admins_is_completed_for_members(site: Site) -> None:
    """Even where a guild shows such a command to all: Discord does not check who types, so we do."""

    @command("secret", group="a", admin=True, examples=("secret a",))
    async def secret(ctx: Context, word: Annotated[str, Arg(help="a word", complete="words")]) -> Reply:
        """Say a secret."""
        return Reply(text=word)

    await site.restart(Registry([secret]))
    made = site.bot.tree.get_command("secret", guild=GUILD)
    assert isinstance(made, app_commands.Command)
    assert made.default_permissions == discord.Permissions(manage_guild=True)
    made.default_permissions = None
    await site.bot.tree.sync(guild=GUILD)
    assert await site.ann.autocomplete(site.channel, "secret", "word", "a") == []
    assert site.bot.completed == []
    assert len(await site.root.autocomplete(site.channel, "secret", "word", "a")) == 25


async def test_a_longer_text_is_asked_for_in_a_window(site: Site) -> None:
    """Left out, it is asked for; its submit is heard after a restart as well."""
    shown = await site.ann.slash(site.channel, "q")
    assert site.bot.asked == []
    assert shown.modal is not None
    assert len(shown.modal["title"]) <= 45
    await site.ann.submit_modal(shown, {"text": "Why is it so?\nAnd how?"})
    asked = Asked(command="q", values={"question": "Why is it so?\nAnd how?"})
    assert site.bot.asked == [asked]
    later = await site.ann.slash(site.channel, "q")
    await site.restart()
    await site.ann.submit_modal(later, {"text": "Why?"})
    assert site.bot.asked == [Asked(command="q", values={"question": "Why?"})]


async def test_a_window_keeps_what_was_given_beside_the_text(site: Site) -> None:
    """Signs of an address too. Where that is more than Discord would keep, no window opens."""

    @command("note", group="a", examples=("note a",))
    async def note(
        ctx: Context,
        text: Annotated[str, Arg(help="the note", long=True)],
        *,
        to: Annotated[str, Arg(help="for whom")] = "",
    ) -> Reply:
        """Write a note."""
        return Reply(text=text)

    await site.restart(Registry([note]))
    await site.bot.tree.sync(guild=GUILD)
    shown = await site.ann.slash(site.channel, "note", to="Zoë & co=?")
    await site.ann.submit_modal(shown, {"text": "hello"})
    assert site.bot.asked == [Asked(command="note", values={"to": "Zoë & co=?", "text": "hello"})]
    result = await site.ann.slash(site.channel, "note", to="x" * 100)
    assert result.modal is None
    assert site.bot.asked[1:] == [Asked(command="note", values={"to": "x" * 100})]


def test_every_command_is_planted_as_discord_takes_it() -> None:
    """Names, descriptions and numbers are within what Discord's documentation says."""
    commands = tree(*registry()).get_commands(guild=GUILD)
    assert {each.name for each in commands} == {each.name for each in registry()} | {ADMIN}
    assert len(commands) <= 100
    for each in commands:
        assert isinstance(each, app_commands.Command | app_commands.Group)
        groups = [*each.walk_commands()] if isinstance(each, app_commands.Group) else [each]
        leaves = [leaf for leaf in groups if isinstance(leaf, app_commands.Command)]
        assert len(groups) <= 25
        for leaf in leaves:
            assert isinstance(leaf, app_commands.Command)
            assert 1 <= len(leaf.description) <= 100
            assert len(leaf.parameters) <= 25
            assert all(1 <= len(str(param.description)) <= 100 for param in leaf.parameters)
            required = [param.required for param in leaf.parameters]
            assert required == sorted(required, reverse=True)


def test_what_is_for_admins_is_no_field_of_what_all_see() -> None:
    """`/schedule`, `/catchup` and `/now` are for members; the rest of them stands below `/admin`."""
    made = tree(*registry())
    fields = {
        name: [param.display_name for param in each.parameters]
        for name in ("schedule", "catchup", "now")
        if isinstance(each := made.get_command(name, guild=GUILD), app_commands.Command)
    }
    assert fields == {"schedule": ["weeks"], "catchup": ["slot", "undo"], "now": []}
    steering = made.get_command(ADMIN, guild=GUILD)
    assert isinstance(steering, app_commands.Group)
    assert steering.default_permissions == discord.Permissions(manage_guild=True)
    leaves = [each for each in steering.walk_commands() if isinstance(each, app_commands.Command)]
    assert {f"{each.qualified_name}: {each.description}" for each in leaves} == {
        "admin schedule set: Change the rhythm.",
        "admin schedule pause: Pause the programme; chapters wait.",
        "admin schedule resume: Go on after a pause.",
        "admin schedule tidy: Forget changes that no longer fit the host's file.",
        "admin catchup close: Close the vote.",
        "admin now section: The section the session is at.",
        "admin model load: Answer from another model file.",
        "admin model reload: Read the model's file again.",
        "admin model refit: Learn anew from the members' own ratings, too.",
    }


def test_ranges_choices_and_completion_come_from_the_signature() -> None:
    """Numbers have their range, a Literal is a list to pick from, flags are yes or no."""
    say, draw = (tree(echo, square).get_command(name, guild=GUILD) for name in ("echo", "square"))
    assert isinstance(say, app_commands.Command)
    assert isinstance(draw, app_commands.Command)
    text, count, case, _, loud = say.parameters
    kinds = discord.AppCommandOptionType
    assert (text.required, bool(text.autocomplete)) == (True, True)
    assert (count.type, count.min_value, count.max_value, count.required) == (kinds.integer, 1, 5, False)
    assert [choice.value for choice in case.choices] == ["upper", "lower"]
    assert loud.type is kinds.boolean
    assert (draw.parameters[0].type, draw.parameters[0].max_value) == (kinds.number, 10.0)


Letter = Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
                 "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z"]  # fmt: skip


def test_a_long_list_to_pick_from_is_completed_instead() -> None:
    """Discord shows 25 choices."""

    @command("pick", group="a", examples=("pick letter=a",))
    async def pick(ctx: Context, *, letter: Annotated[Letter, Arg(help="a letter")] = "a") -> Reply:
        """Pick a letter."""
        return Reply(text=letter)

    made = tree(pick).get_command("pick", guild=GUILD)
    assert isinstance(made, app_commands.Command)
    assert not made.parameters[0].choices
    assert made.parameters[0].autocomplete


def test_a_name_that_discord_would_not_take_is_told_when_it_is_planted() -> None:
    """A sentence names the command and what is wrong."""

    @command("two words", group="a", examples=("two words",))
    async def wrong(ctx: Context) -> Reply:
        """Say something."""
        return Reply(text="")

    with pytest.raises(ValueError, match=r"'two words' cannot be a slash command: .*lower-case letters"):
        tree(wrong)


WORDS = st.lists(
    st.sampled_from(
        ["Story", "2", "loud", "a=b", "count=3", "=", "==", "x=", "it's", "é", "https://a.b/?c=d", ","]
    ),
    max_size=6,
)
TEXTS = st.one_of(WORDS.map(" ".join), st.text("abc =.,-'é?/", max_size=20))
QUOTED = st.text('ab "“” =', max_size=12)


def forms(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Asked]:
    """Forms of the command `echo`, filled in in any way."""
    values = st.fixed_dictionaries(
        {"text": texts},
        optional={
            "count": st.sampled_from(["1", "5"]),
            "case": st.sampled_from(["upper", "lower"]),
            "also": texts,
            "loud": st.sampled_from(["yes", "no"]),
        },
    )
    return values.map(lambda given: Asked(command="echo", values=given))


def heard(asked: Asked) -> tuple[object, object]:
    """What a form is read as, and what the same line is read as."""
    commands = Registry([echo])
    return _read(lambda: called(asked, commands, "!")), _read(lambda: parse(line(asked, echo, "!"), commands, "!"))


def _read(read: Callable[[], object]) -> object:
    try:
        return read()
    except UserError as problem:
        return problem.text


@given(forms(TEXTS))
def test_a_line_says_what_the_form_said(asked: Asked) -> None:
    """Parsing the line gives the same call, or the same refusal."""
    by_form, by_line = heard(asked)
    assert by_form == by_line


@given(forms(st.one_of(QUOTED, TEXTS)))
def test_quotes_in_a_form_are_quotes_in_the_line(asked: Asked) -> None:
    """Where they would be read otherwise, they are single ones; nothing else is lost."""
    by_form, by_line = heard(asked)
    assert str(by_form).replace('"', "'") == str(by_line).replace('"', "'")

"""Without the message content nobody is told to type what is not read."""

from bot.database import Database
from bot.values import Choice, Incoming, Reply, Table, code
from tests.bot.platforms.discord.group import Guild
from tests.bot.platforms.discord.scenes import answers, connected, patient, seen, until
from tests.fakes.discord import Message

LONG = "!similar " + "x" * 100


def telling(_incoming: Incoming, _line: str) -> Reply:
    """An answer with commands in its words, its table and its choices."""
    return Reply(
        text=f"{code('!help similar')} shows more! `a != b`, and {code('!=')} is no command!",
        table=Table(columns=("question", "command"), rows=(("How large?", "!conv size 28"),)),
        choices=(
            Choice(label="!similar", command="!similar Fargo"),
            Choice(label="far", command=LONG),
        ),
    )


async def said(guild: Guild, line: str) -> Message:
    """The answer to a line that names the bot."""
    asked = await guild.say(f"{guild.site.bot.mention} {line}")
    await until(lambda: answers(guild, asked))
    return answers(guild, asked)[0]


async def test_commands_in_an_answer_name_us_where_nothing_else_is_read(database: Database) -> None:
    """In its words, its table, its labels, and in what no button holds; a button means what it meant."""
    async with patient(database) as guild:
        guild.site.application_flags = 0
        clerk = await connected(guild, telling)
        answer = await said(guild, "similar Fargo")
        name = f"@{guild.site.bot.name}"
        assert f"`{name} help similar` shows more! `a != b`, and `!=` is no command!" in answer.content
        assert f"{name} conv size 28" in answer.content
        assert f"`{name} {LONG[1:]}`" in answer.content
        (button,) = answer.components[0]["components"]
        assert (button["label"], button["custom_id"]) == ("similar", "c:!similar Fargo")
        pressed = guild.site.press(answer, guild.ada, "c:!similar Fargo")
        await until(lambda: seen(pressed))
        assert clerk.texts[-1] == "!similar Fargo"
        assert f"`{name} help similar`" in seen(pressed)[0][0]


async def test_where_all_is_read_they_stay_as_they_are(database: Database) -> None:
    """As on every other platform."""
    async with patient(database) as guild:
        await connected(guild, telling)
        answer = await said(guild, "similar Fargo")
        assert "`!help similar` shows more!" in answer.content
        assert "!conv size 28" in answer.content


async def test_whoever_speaks_to_us_is_answered(database: Database) -> None:
    """With a slash behind our name, after a greeting, or by the role that Discord made for us."""
    async with patient(database) as guild:
        clerk = await connected(guild)
        me, role = guild.site.bot.mention, guild.site.bot_role.mention
        lines = (
            f"{me} /similar Fargo",
            f"hey {me} similar Fargo",
            f"{role} similar Fargo",
            f"hi {role}, /similar Fargo",
        )
        for line in lines:
            asked = await guild.say(line)
            await until(lambda asked=asked: answers(guild, asked))
            assert clerk.texts[-1] == "!similar Fargo"
            assert clerk.handed[-1].direct
        other = guild.site.role("readers", mentionable=True)
        elsewhere = f"{other.mention} similar Fargo"
        await guild.say(elsewhere)
        await until(lambda: elsewhere in clerk.texts)
        assert not clerk.handed[-1].direct

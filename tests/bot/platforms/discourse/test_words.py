"""Which words of a post are for the bot."""

import pytest

from bot.database import Database
from bot.platforms.discourse.words import as_commands, mentioned
from tests.bot.platforms.discourse.scenes import Clerk, answers, playing, quiet, until

QUOTE = '[quote="eve, post:3, topic:1"]\n{}\n[/quote]\n\nI like that.'
CALLS = ["@bot similar Alien", "!similar Alien"]
AROUND = {
    "quote": QUOTE,
    "nested": '[quote="a"]\n[quote="b"]\nhello\n[/quote]\n{}\n[/quote]\nwell',
    "blockquote": "> {}\n\nI like that.",
    "fence": "Say it like this:\n```\n{}\n```",
    "tildes": "Say it like this:\n~~~text\n{}\n~~~",
    "indented": "Say it like this:\n\n    {}",
    "comment": "<!--\n{}\n-->\nHello everybody.",
}


@pytest.mark.parametrize("call", CALLS, ids=["name", "prefix"])
@pytest.mark.parametrize("around", list(AROUND))
async def test_what_is_quoted_or_code_does_nothing(database: Database, around: str, call: str) -> None:
    """Neither a command nor the bot's name counts inside of quotes, code and comments."""
    async with playing(database) as forum:
        clerk = Clerk(forum)
        await forum.start(clerk)
        quoted = await forum.say(AROUND[around].format(call))
        asked = await forum.say("!similar Brazil")
        await until(lambda: answers(forum, asked.id))
        await quiet(forum, 100)
        assert not answers(forum, quoted.id)
        assert not [each for each in clerk.handed if each.direct]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("@bot similar Alien", "!similar Alien"),
        ("@Bot: similar Alien", "!similar Alien"),
        ("@BOT, similar Alien", "!similar Alien"),
        ("@bot !similar Alien", "!similar Alien"),
        ("@bot", "!help"),
        ("@bot:", "!help"),
        ("Hello all\n@bot similar Alien\nbye", "Hello all\n!similar Alien\nbye"),
        ("@bottom similar Alien", "@bottom similar Alien"),
        ("@bot.x similar Alien", "@bot.x similar Alien"),
        ("@bot-2 similar Alien", "@bot-2 similar Alien"),
        ("ask @bot similar Alien", "ask @bot similar Alien"),
        ("`@bot similar Alien`", "`@bot similar Alien`"),
        ("@bot similar Alien\r\n", "!similar Alien\r\n"),
    ],
)
def test_a_line_that_begins_with_the_name_is_a_command(raw: str, text: str) -> None:
    """In any case of letters, with a colon or a comma or nothing; and a longer name is another's."""
    assert as_commands(raw, username="bot", prefix="!").replace("\r", "").strip() == text.replace("\r", "").strip()


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("what says @bot to that", True),
        ("(@bot)", True),
        ("@bot's answer", True),
        ("mail@bot", False),
        ("@botany", False),
        ("`@bot`", False),
        ("``code with ` and @bot``", False),
        ("> @bot", False),
        ("<!-- @bot -->", False),
        ("```\n@bot\n```\nbye", False),
        ("```\n@bot\n```\n@bot", True),
    ],
)
def test_the_bot_is_mentioned_where_its_name_stands_by_itself(raw: str, wanted: bool) -> None:
    """Not as a part of another word, nor in code, quotes and comments."""
    assert mentioned(raw, "bot") is wanted


@pytest.mark.parametrize(
    "raw", ["@bot similar Alien", "@Bot: similar Alien", "@bot", "thoughts\n\n@bot, similar Alien"]
)
async def test_a_command_by_name_is_answered(database: Database, raw: str) -> None:
    """However it is spelt."""
    async with playing(database) as forum:
        await forum.start(Clerk(forum))
        asked = await forum.say(raw)
        await until(lambda: answers(forum, asked.id))

"""Which words of a post are for the bot, as the forum's people see it."""

import pytest

from bot.database import Database
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
    "raw",
    [
        "@bot similar Alien",
        "@Bot: similar Alien",
        "@bot",
        "@bot.",
        "Thanks!\n\n@bot!",
        "thoughts\n\n@bot, similar Alien",
    ],
)
async def test_a_command_by_name_is_answered(database: Database, raw: str) -> None:
    """However it is spelt."""
    async with playing(database) as forum:
        await forum.start(Clerk(forum))
        asked = await forum.say(raw)
        await until(lambda: answers(forum, asked.id))

"""Speaking to the bot by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.words import as_commands, mentioned


def commands(raw: str) -> str:
    """The text with its commands, for a bot called `sgbot`."""
    return as_commands(raw, username="sgbot", prefix="!")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("@sgbot similar Terminator", "!similar Terminator", id="named"),
        pytest.param("@SGbot, similar Terminator", "!similar Terminator", id="capitals-and-a-comma"),
        pytest.param("@sgbot: !similar Terminator", "!similar Terminator", id="with-the-prefix-too"),
        pytest.param("Hello\n @sgbot similar it\nthanks", "Hello\n!similar it\nthanks", id="any-line"),
        pytest.param("@sgbot /similar it", "!similar it", id="with-a-slash"),
        pytest.param("hey @sgbot similar it", "!similar it", id="greeted"),
        pytest.param("Ok, please @sgbot, /similar it", "!similar it", id="greeted-twice"),
        pytest.param("hello @sgbot", "!help", id="only-greeted"),
        pytest.param("@sgbot", "!help", id="name-alone"),
        pytest.param("@sgbot:", "!help", id="name-and-a-colon"),
        pytest.param("@sgbot\n\nwho are you?", "!help\n\nwho are you?", id="name-alone-and-talk"),
        pytest.param("@sgbot\n!similar it", "@sgbot\n!similar it", id="name-above-a-command"),
        pytest.param("@sgbot\n@sgbot similar it", "@sgbot\n!similar it", id="name-twice"),
        pytest.param("@sgbot similar `it`", "!similar `it`", id="code-in-the-command"),
    ],
)
def test_a_line_that_begins_with_the_name_is_a_command(raw: str, text: str) -> None:
    """The bot's name stands for the prefix; a mere name asks for help where no command does."""
    assert commands(raw) == text


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("I asked @sgbot similar it", id="inside-a-line"),
        pytest.param("ask, hey @sgbot similar it", id="greeted-inside-a-line"),
        pytest.param("> hey @sgbot similar it", id="greeted-in-a-quote"),
        pytest.param("@sgbot2 similar it", id="longer-name"),
        pytest.param("@sgbot.old similar it", id="name-with-a-dot"),
        pytest.param("@sgbot-2 similar it", id="name-with-a-dash"),
        pytest.param("> @sgbot similar it", id="quoted-line"),
        pytest.param('[quote="ann, post:1"]\n@sgbot similar it\n[/quote]', id="quote"),
        pytest.param("[quote]\n[quote]\n[/quote]\n@sgbot similar it\n[/quote]", id="quote-in-a-quote"),
        pytest.param("[quote]\n@sgbot similar it", id="open-quote"),
        pytest.param("```\n@sgbot similar it\n```", id="fence"),
        pytest.param("    @sgbot similar it", id="indented-code"),
        pytest.param("`@sgbot similar it`", id="inline-code"),
        pytest.param("<!--\n@sgbot similar it\n-->", id="comment"),
        pytest.param("[code]\n@sgbot similar it\n[/code]", id="code-block"),
    ],
)
def test_what_is_quoted_or_code_stays_as_it_is(raw: str) -> None:
    """Only a line that its author says to the bot becomes a command."""
    assert commands(raw) == raw


@pytest.mark.parametrize(
    ("raw", "spoken_of"),
    [
        pytest.param("thanks @sgbot!", True, id="inside-a-line"),
        pytest.param("(@SGBOT)", True, id="brackets-and-capitals"),
        pytest.param("is `x` for @sgbot?", True, id="beside-code"),
        pytest.param("@sgbot's answer", True, id="genitive"),
        pytest.param("```\n@sgbot\n```\n@sgbot", True, id="after-code"),
        pytest.param("``code with ` and @sgbot``", False, id="code-with-a-tick"),
        pytest.param("<!-- @sgbot -->", False, id="comment"),
        pytest.param("me@sgbot.org", False, id="mail"),
        pytest.param("@sgbotany", False, id="longer-name"),
        pytest.param("write `@sgbot`", False, id="code"),
        pytest.param("  > @sgbot", False, id="quoted-line"),
        pytest.param("[quote]@sgbot[/quote] so it says", False, id="quote-in-a-line"),
        pytest.param("[quote]she[/quote] @sgbot, really?", True, id="after-a-quote-in-a-line"),
    ],
)
def test_the_bot_hears_its_name(raw: str, spoken_of: bool) -> None:
    """A mention anywhere counts, but in a quote or in code."""
    assert mentioned(raw, "sgbot") is spoken_of


@given(st.text(st.sampled_from("@sgbot !`~>[]/quotecde<!->\n\t a"), max_size=80))
def test_only_lines_with_the_name_change(raw: str) -> None:
    """Whatever is written, lines stay lines, and one that does not begin with the name stays as it was."""
    before, after = raw.split("\n"), commands(raw).split("\n")
    assert len(before) == len(after)
    assert all(new == old or "@sgbot" in old for old, new in zip(before, after, strict=True))

"""From a post to a call."""

import re
from contextlib import suppress
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import registry as the_registry
from bot.command import Arg, Command, Registry, command
from bot.context import Context
from bot.errors import UserError
from bot.parse import Call, Unknown, parse
from bot.parse import called as filled_in
from bot.values import Asked, Reply
from tests.bot.conftest import echo, square


def called(text: str, registry: Registry) -> tuple[str, dict[str, Any]]:
    """The command and the arguments that differ from their defaults."""
    call = parse(text, registry, "!")
    assert isinstance(call, Call), call
    defaults = {param.name: param.default for param in call.command.params}
    return call.command.name, {k: v for k, v in call.arguments.items() if defaults[k] != v or k == "text"}


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        pytest.param("!echo hello", {"text": "hello"}, id="plain"),
        pytest.param("  !ECHO hello  ", {"text": "hello"}, id="capitals-and-spaces"),
        pytest.param("!say hello", {"text": "hello"}, id="alias"),
        pytest.param("Hi all,\n\nthis one:\n!echo hello\nthanks", {"text": "hello"}, id="any-line"),
        pytest.param("!echo Terminator 2", {"text": "Terminator 2"}, id="last-number-stays"),
        pytest.param("!echo hello count=3", {"text": "hello", "count": 3}, id="option"),
        pytest.param("!echo count=3 hello", {"text": "hello", "count": 3}, id="option-first"),
        pytest.param("!echo count=3 text=hello you", {"text": "hello you", "count": 3}, id="text-by-its-name"),
        pytest.param("!echo hello count = 3", {"text": "hello", "count": 3}, id="spaced-equals"),
        pytest.param("!echo hello COUNT=3", {"text": "hello", "count": 3}, id="option-in-capitals"),
        pytest.param(
            "!echo a b also=c, d count=2", {"text": "a b", "also": "c, d", "count": 2}, id="text-runs-on"
        ),
        pytest.param('!echo also="c d" hello', {"text": "hello", "also": "c d"}, id="quoted-value"),
        pytest.param("!echo also=“c d” hello", {"text": "hello", "also": "c d"}, id="curly-quotes"),
        pytest.param('!echo "count=3"', {"text": "count=3"}, id="quoted-text-holds-no-option"),
        pytest.param("!echo it’s", {"text": "it's"}, id="curly-apostrophe"),
        pytest.param("!echo hello loud", {"text": "hello", "loud": True}, id="flag"),
        pytest.param("!echo hello loud=yes", {"text": "hello", "loud": True}, id="flag-with-value"),
        pytest.param("!echo hello case=up", {"text": "hello", "case": "upper"}, id="choice-shortened"),
        pytest.param("!echo he\u200bllo\u202e\x00", {"text": "hello"}, id="invisible-signs-dropped"),
        pytest.param("!echo 2 − 1", {"text": "2 - 1"}, id="typographic-minus"),
        pytest.param("!nothing\n!echo hello", {"text": "hello"}, id="ours-beats-unknown"),
        pytest.param("[quote]\n!echo no\n[/quote]\n!echo hello", {"text": "hello"}, id="after-a-quote"),
        pytest.param("```\n!echo no\n```\n!echo hello", {"text": "hello"}, id="after-code"),
        pytest.param("~~~\n```\n!echo no\n~~~\n!echo hello", {"text": "hello"}, id="fence-in-a-fence"),
        pytest.param("```inline```\n!echo hello", {"text": "hello"}, id="after-ticks-that-open-nothing"),
        pytest.param("> so\n\n!echo hello", {"text": "hello"}, id="below-a-quoted-line"),
        pytest.param(
            "[quote]\na\n[/quote]\n!echo hello\n[quote]\nb\n[/quote]", {"text": "hello"}, id="between-quotes"
        ),
        pytest.param("[quote]\na[/quote]\n!echo hello", {"text": "hello"}, id="after-a-sloppy-quote"),
        pytest.param("[quote]\n>>> a\n[/quote]\n!echo hello", {"text": "hello"}, id="after-a-quoted-quote"),
        pytest.param("```\n>>> a\n```\n!echo hello", {"text": "hello"}, id="after-a-session-as-code"),
        pytest.param("\\` a\n!echo hello`", {"text": "hello`"}, id="after-an-escaped-tick"),
        pytest.param("a ` b\n```\nc`\n```\n!echo hello", {"text": "hello"}, id="tick-above-a-fence"),
        pytest.param("[/quote]\n!echo hello\n[/quote]", {"text": "hello"}, id="ends-of-no-quote"),
        pytest.param("write `[quote]` for that\n!echo hello", {"text": "hello"}, id="quote-tag-as-code"),
        pytest.param("write `<!--` for that\n!echo hello", {"text": "hello"}, id="comment-mark-as-code"),
        pytest.param("one ` tick\n\n!echo hello`", {"text": "hello`"}, id="tick-in-another-paragraph"),
    ],
)
def test_a_command_is_found_and_its_parameters_read(
    text: str, arguments: dict[str, Any], registry: Registry
) -> None:
    """A command on any line is found, and every parameter lands where it belongs."""
    assert called(text, registry) == ("echo", arguments)


def test_a_command_without_options_takes_its_text_as_it_is(registry: Registry) -> None:
    """Where nothing is written `name=value`, an equals sign is part of what is said."""

    @command("ask", group="first", examples=("ask why?",))
    async def ask(ctx: Context, text: Annotated[str, Arg(help="the question")]) -> Reply:
        """Ask something."""
        return Reply(text=text)

    assert called("!ask why is lr=0.1 better?", Registry([*registry, ask])) == (
        "ask",
        {"text": "why is lr=0.1 better?"},
    )


@command("tell", group="first", examples=("tell a story",))
async def tell(ctx: Context, text: Annotated[str, Arg(help="a story", long=True, lines=True)]) -> Reply:
    """Tell something longer."""
    return Reply(text=text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("!tell a", "a", id="one-line"),
        pytest.param("Hi,\n!tell  a\n\n  b\n", "a\n\n  b", id="to-the-end"),
        pytest.param("!tell\n\na", "a", id="below-its-line"),
        pytest.param("!tell a\n!echo b", "a", id="to-another-command"),
        pytest.param("!tell a\n!wow\nb", "a\n!wow\nb", id="not-to-a-word-that-is-none"),
        pytest.param("!wow\n!tell a", "a", id="ours-beats-unknown"),
        pytest.param("!tell a\n> !echo b\nc", "a\n> !echo b\nc", id="with-quotes"),
        pytest.param("!tell a\n```\n!echo b\n```\nc\n!echo d", "a\n```\n!echo b\n```\nc", id="with-code"),
        pytest.param(
            "!tell [spoiler]a\n!echo b[/spoiler]\n!echo c", "[spoiler]a\n!echo b[/spoiler]", id="spoiler"
        ),
        pytest.param("!tell ||a\n!echo b||", "||a\n!echo b||", id="bars"),
        pytest.param("!tell “a” count=3 it’s\r\nb", "“a” count=3 it’s\nb", id="as-it-was-typed"),
        pytest.param("!tell text=a\nb", "a\nb", id="by-its-name"),
        pytest.param("!tell " + "a\n" * 4_000 + "b", "a\n" * 4_000 + "b", id="as-long-as-it-is"),
    ],
)
def test_a_text_of_several_lines_goes_on(text: str, told: str, registry: Registry) -> None:
    """To the end of the post, or the next command outside of spoilers, quotes and code."""
    assert called(text, Registry([*registry, tell])) == ("tell", {"text": told})


def test_a_form_keeps_the_lines_of_such_a_text() -> None:
    """And nothing in it is a command."""
    call = filled_in(Asked(command="tell", values={"text": "\n“a”\n!echo b\n"}), Registry([echo, tell]), "!")
    assert isinstance(call, Call)
    assert call.arguments == {"text": "“a”\n!echo b"}


def test_an_option_may_have_other_names(registry: Registry) -> None:
    """What people call it elsewhere is the same option, given once."""

    @command("walk", group="first", examples=("walk s=2",))
    async def walk(
        ctx: Context, *, s: Annotated[int, Arg(help="the stride", low=1, high=9, also=("stride",))] = 1
    ) -> Reply:
        """Walk."""
        return Reply(text=str(s))

    known = Registry([*registry, walk])
    assert called("!walk stride=2", known) == called("!walk s=2", known) == ("walk", {"s": 2})
    with pytest.raises(UserError, match="`s` is given twice"):
        parse("!walk s=2 stride=3", known, "!")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("hello", id="no-command"),
        pytest.param("", id="empty"),
        pytest.param("!", id="prefix-alone"),
        pytest.param("!!!", id="excitement"),
        pytest.param("! echo hello", id="space-after-prefix"),
        pytest.param("!5 points", id="number"),
        pytest.param("really !echo hello", id="inside-a-line"),
        pytest.param("> !echo hello", id="quoted-line"),
        pytest.param(">>> so\n!echo hello", id="quoted-to-the-end"),
        pytest.param("`!echo hello`", id="inline-code"),
        pytest.param("    !echo hello", id="indented-code"),
        pytest.param("```\n!echo hello", id="open-fence"),
        pytest.param("````\n!echo a\n```\n!echo b\n````", id="longer-fence"),
        pytest.param('[quote="Ann, post:1"]\n!echo hello\n[/quote]', id="quote-block"),
        pytest.param("[quote]\n!echo hello", id="open-quote-block"),
        pytest.param("<!-- \n!echo hello\n-->", id="comment"),
        pytest.param("[quote]\n[quote]\na\n[/quote]\n!echo hello\n[/quote]", id="quote-in-a-quote"),
        pytest.param("[quote]\na [/quote] b\n!echo hello\n[/quote]", id="quote-that-seems-to-end"),
        pytest.param("[quote]\n```\n[/quote]\n```\n!echo hello\n[/quote]", id="quote-around-code"),
        pytest.param("[quote]\na [/quote]\n!echo hello\n`[quote]`\n[/quote]", id="quote-made-to-seem-to-end"),
        pytest.param("[quote]\n<!--\n[/quote]\n[quote]\n!echo hello\n[/quote]", id="comment-in-a-quote"),
        pytest.param("[quote]\na[/quote]\n[quote]\n!echo hello", id="open-quotes"),
        pytest.param("[quote]\n[/code]\n!echo hello\n[/quote]", id="other-end-in-a-quote"),
        pytest.param("[code]\n!echo hello\n[/code]", id="code-block"),
        pytest.param("<pre>\n\n!echo hello\n</pre>", id="pre"),
        pytest.param("<blockquote>\n<blockquote>\n</blockquote>\n!echo hello", id="open-blockquotes"),
        pytest.param("see `a\n!echo hello\nb` there", id="inline-code-over-lines"),
        pytest.param("- ```\n  a\n\n  !echo hello\n  ```", id="fence-in-a-list"),
        pytest.param("```\na\n```python\n!echo hello\n```", id="fence-that-seems-to-end"),
        pytest.param("  \t!echo hello", id="indented-by-a-tab"),
        pytest.param("```\n      ```\n!echo hello\n```", id="fence-with-indented-ticks"),
    ],
)
def test_what_is_not_said_to_the_bot_is_left_alone(text: str, registry: Registry) -> None:
    """Quotes, code, comments and plain talk hold no command."""
    assert parse(text, registry, "!") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("!echo", "I need a `text`: what to say.", id="missing"),
        pytest.param("!square", "I need a `size`: its side.", id="missing-option"),
        pytest.param("!refuse now", "I don't know what to do with `now`.", id="surplus"),
        pytest.param("!echo a count=9", "`count` is a whole number from 1 to 5, not `9`.", id="range"),
        pytest.param("!echo a count=two", "`count` is a whole number from 1 to 5, not `two`.", id="type"),
        pytest.param("!square size=nan", "`size` is a number from 0 to 10, not `nan`.", id="not-a-number"),
        pytest.param("!echo a case=title", "`case` is upper or lower, not `title`.", id="choice"),
        pytest.param("!echo a loud=perhaps", "`loud` is yes or no, not `perhaps`.", id="flag"),
        pytest.param("!echo a colour=red", "There is no option `colour` here.", id="unknown-option"),
        pytest.param("!echo a count=1 count=2", "`count` is given twice.", id="twice"),
        pytest.param("!echo a text=b", "`text` is given twice.", id="text-twice"),
        pytest.param("!echo a count=`@all`", "not `'@all'`", id="markup-made-harmless"),
        pytest.param("!echo " + "x" * 10_000, "That line has 10,000 characters", id="ten-kilobytes"),
    ],
)
def test_wrong_parameters_get_a_sentence_and_the_usage_line(text: str, sentence: str, registry: Registry) -> None:
    """A wrong parameter is named with what would be right, and the usage line follows."""
    with pytest.raises(UserError) as refused:
        parse(text, registry, "!")
    assert sentence in refused.value.text
    assert "\nUsage: `!" in refused.value.text


def test_a_near_miss_names_the_one_that_was_meant(registry: Registry) -> None:
    """`!ehco` is close to `!echo`; a word that resembles nothing has no suggestion."""
    assert parse("!ehco hello", registry, "!") == Unknown(word="ehco", near="echo")
    assert parse("!weather", registry, "!") == Unknown(word="weather", near=None)


def test_another_prefix_works_the_same(registry: Registry) -> None:
    """The prefix is a setting; signs that mean something in a pattern are taken as they are."""
    call = parse("?echo hello", registry, "?")
    assert isinstance(call, Call)
    assert parse("!echo hello", registry, "?") is None


@given(st.text(max_size=300), st.sampled_from(["", "!echo ", "!square ", "!echo count=", "!"]))
def test_whatever_is_typed_gets_a_call_a_sentence_or_silence(text: str, start: str) -> None:
    """No text makes the parser fail in any other way than with a sentence."""
    with suppress(UserError):
        parse(start + text, Registry([echo, square]), "!")


def form(line: str, command: Command) -> Asked:
    """A plain example line, as somebody would fill it into a form."""
    _, *words = line.split(" ")
    values: dict[str, str] = {}
    name = command.rest.name if command.rest else ""
    for word in words:
        option = re.match(r"(\w+)=(?!=)(.*)", word)
        if option and option[1] in command.options:
            name, word = option[1], option[2]
        elif word in command.options and command.options[word].flag:
            values[word] = "yes"
            continue
        values[name] = f"{values[name]} {word}" if name in values else word
    return Asked(command=command.name, values=values)


@pytest.mark.parametrize(
    ("command", "line"),
    [pytest.param(each, line, id=line) for each in the_registry() for line in each.examples],
)
def test_a_form_and_a_line_are_the_same_call(command: Command, line: str) -> None:
    """Every example of every command means the same, typed or filled in."""
    registry = the_registry()
    typed, asked = parse(f"!{line}", registry, "!"), filled_in(form(line, command), registry, "!")
    assert isinstance(typed, Call)
    assert isinstance(asked, Call)
    assert (asked.command.name, asked.arguments) == (typed.command.name, typed.arguments)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param({}, "I need a `text`: what to say.", id="missing"),
        pytest.param({"text": " \u200b "}, "I need a `text`: what to say.", id="blank"),
        pytest.param({"text": "a", "count": "9"}, "`count` is a whole number from 1 to 5, not `9`.", id="range"),
        pytest.param({"text": "a", "colour": "red"}, "There is no option `colour` here.", id="of-another-day"),
        pytest.param({"text": "x" * 5_000}, "That line has 5,000 characters", id="too-long"),
    ],
)
def test_a_form_filled_in_wrongly_gets_the_same_sentences(
    values: dict[str, str], sentence: str, registry: Registry
) -> None:
    """A wrong value is named with what would be right, and the usage line follows."""
    with pytest.raises(UserError) as refused:
        filled_in(Asked(command="echo", values=values), registry, "!")
    assert sentence in refused.value.text
    assert "\nUsage: `!echo" in refused.value.text


def test_a_form_is_read_like_a_line(registry: Registry) -> None:
    """Aliases, quotes, typographic signs and broken lines are as they are in a line; no word is an option."""
    asked = Asked(command="SAY", values={"text": "“it’s loud,\n count=3”", "loud": "yes", "also": ""})
    call = filled_in(asked, registry, "!")
    assert isinstance(call, Call)
    assert call.arguments == {"text": "it's loud, count=3", "count": 1, "case": "lower", "also": "", "loud": True}
    assert filled_in(Asked(command="ehco", values={}), registry, "!") == Unknown(word="ehco", near="echo")

"""A Reply as Discord Markdown: what it looks like, and that nobody's words become markup in it."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import discord
from bot.render.chat import ZERO, chat, plainly
from bot.render.narrow import WIDE
from bot.render.tables import width
from bot.values import Choice, Image, Reply, Table, clean, code, escape, moment
from tests.bot.messenger import read

OURS = {"strong", "emphasis", "code", "block", "link", "address", "heading", "quote", "item", "moment"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("**a**", "strong"),
        ("*a*", "emphasis"),
        ("_a_", "emphasis"),
        ("__a__", "underline"),
        ("~~a~~", "strike"),
        ("||a||", "spoiler"),
        ("`a`", "code"),
        ("```a```", "block"),
        ("# a", "heading"),
        ("a\n-# b", "subtext"),
        ("> a", "quote"),
        (">>> a", "quote"),
        ("- a", "item"),
        ("* a", "item"),
        ("1. a", "item"),
        ("<@123>", "mention"),
        ("<@&123>", "mention"),
        ("<#123>", "mention"),
        ("a @everyone", "mention"),
        ("</similar:123>", "mention"),
        ("<t:123:F>", "moment"),
        (":smile:", "emoji"),
        ("<a:x:123>", "emoji"),
        ("see https://evil.example/x", "preview"),
        ("discord.gg/abc", "invitation"),
        ("[a](https://evil.example)", "link with preview"),
        ("[a](<https://evil.example>)", "link"),
        ("<https://evil.example>", "address"),
    ],
)
def test_the_reader_sees_what_discord_would(text: str, kind: str) -> None:
    """The laws below rest on it: as it stands, each of these is more than words."""
    assert kind in read(text).kinds


SIGNS = st.text(st.sampled_from("ab.128@#:;/[]()<>!*_`~|$^&\\{}= -+\"'\n\txé☃pDPO"), max_size=40)
NASTY = [
    "@everyone",
    "@here hello",
    "<@123>",
    "<@&123>",
    "<#123>",
    "<t:1234567890:R>",
    "</similar:123>",
    "<id:home>",
    "<a:x:123>",
    ":smile:",
    ":100:",
    "12:30:45",
    ":thumbsup::skin-tone-2:",
    "https://evil.example/x?y=1",
    "https://discord.gg/abc",
    "discord.gg/abc",
    "DiscordApp.com/invite/abc",
    "[a](https://evil.example)",
    "[a](<https://evil.example>)",
    "<https://evil.example>",
    "||spoiler||",
    "__under__",
    "~~gone~~",
    "-# small",
    "# big",
    ">>> all",
    "> quote",
    "1. one",
    "1) one",
    "- item",
    "+ item",
    "```\ncode\n```",
    "``a`b``",
    "\\",
    "\\*a\\*",
    "¯\\_(ツ)_/¯",
    "snake_case_name",
    "2 * 3 * 4",
]
THEIRS = st.lists(st.one_of(SIGNS, st.sampled_from(NASTY), st.text(max_size=20)), min_size=1, max_size=4).map(
    " ".join
)


def seen(text: str) -> list[str]:
    """The words of a text, as people see them."""
    return text.replace(ZERO, "").split()


@given(THEIRS)
def test_what_somebody_typed_stays_plain(text: str) -> None:
    """Escaped as everywhere, it is nothing but words on Discord, and the same words."""
    message = read(chat(f"so {escape(text)} it is"))
    assert message.made == []
    assert seen(message.seen) == ["so", *clean(text).split(), "it", "is"]


@given(THEIRS)
def test_plain_text_stays_plain(text: str) -> None:
    """Also at the start of each of its lines."""
    message = read(plainly(clean(text)))
    assert message.made == []
    assert seen(message.seen) == clean(text).split()


@given(THEIRS)
def test_what_somebody_typed_is_plain_inside_of_ours(text: str) -> None:
    """In bold, in a heading, in a list, in a quote."""
    words = escape(text)
    for kind, ours in {
        "strong": f"**so {words} it**",
        "heading": f"## so {words}",
        "item": f"- so {words}\n- b",
        "quote": f"> so {words}",
    }.items():
        assert read(chat(ours)).kinds == {kind}


@given(THEIRS)
def test_code_is_code(text: str) -> None:
    """What is shown as it was typed is one code span."""
    message = read(chat(f"a {code(text)} b"))
    assert message.kinds == {"code"}


@given(st.one_of(SIGNS, THEIRS, st.text(max_size=60)))
def test_no_text_can_ping_or_bring_a_preview(text: str) -> None:
    """Whatever Markdown the host writes, only what we mean as markup is made of it."""
    assert read(chat(clean(text))).kinds <= OURS


@given(THEIRS, THEIRS, st.integers(min_value=200, max_value=400))
def test_no_part_is_longer_than_the_limit(text: str, title: str, limit: int) -> None:
    """However long the text and the table are."""
    table = Table(columns=("title", "count"), rows=((title, 1),) * 20)
    reply = Reply(
        text="\n\n".join([escape(text)] * 5), table=table, images=(Image(plot="a", data={}, alt=text * 9),)
    )
    parts = discord(reply, limit=limit)
    assert all(len(part) <= limit for part in parts)
    assert all(part.strip() for part in parts)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**a** and *b*", "**a** and *b*"),
        ("### a", "### a"),
        ("#### a", "**a**"),
        ("- a\n  - b\n- c", "- a\n  - b\n- c"),
        ("3. a\n   - b\n4. c", "3. a\n  - b\n4. c"),
        ("> a\n> b", "> a\n> b"),
        ("`!similar Fargo`", "`!similar Fargo`"),
        ("`` a`b ``", "``a`b``"),
        ("`` `a` ``", "`` `a` ``"),
        ("```python\nx = 1\n```", "```\nx = 1\n```"),
        ("````\n```\na\n```\n````", f"```\n`{ZERO}`{ZERO}`\na\n`{ZERO}`{ZERO}`\n```"),
        ("[a](https://a.example/x)", "[a](<https://a.example/x>)"),
        ("<https://a.example/x>", "<https://a.example/x>"),
        ("[https://b.example](https://a.example)", r"https\://b.example (<https://a.example>)"),
        ("[a](mailto:a@a.example)", "a"),
        ("a\nb", "a\nb"),
        ("at 18:30", "at 18:30"),
        ("C# and F#", "C# and F#"),
    ],
)
def test_our_markup_is_discords(text: str, shown: str) -> None:
    """Each thing CommonMark has, as Discord has it."""
    assert chat(text) == shown


def test_a_moment_is_shown_by_each_readers_clock() -> None:
    """Discord's own form of it, and how long it is until then; in code it is text."""
    at = moment(datetime(2026, 11, 25, 7, 30, tzinfo=UTC), "Australia/Sydney")
    assert chat(f"We meet on {at}.") == "We meet on <t:1795591800:F> (<t:1795591800:R>)."
    assert "<t:" not in chat(f"`{at}`")
    assert "<t:" not in "".join(discord(Reply(text="a", table=Table(columns=("when",), rows=((at,),)))))


def block(part: str) -> list[str]:
    """The lines of the one code block in a part."""
    ((kind, text),) = read(part).made
    assert kind == "block"
    return text.split("\n")


def test_a_table_is_aligned_in_a_code_block() -> None:
    """Numbers to the right, and a rule below the names."""
    table = Table(columns=("film", "stars"), rows=(("Fargo (1996)", 4.5), ("Alien", 4.0)))
    assert discord(Reply(text="**Films**", table=table)) == [
        "**Films**\n\n```\nfilm          stars\n────────────  ─────\nFargo (1996)    4.5\nAlien           4.0\n```"
    ]


def test_a_wide_table_loses_the_ends_of_its_longest_words() -> None:
    """It fits a phone: the widest column of text is cut, and numbers never are."""
    rows = (("Star Wars: Episode IV - A New Hope (1977)", "space", 0.98), ("Alien", "ship", 0.5))
    lines = block(discord(Reply(text="", table=Table(columns=("film", "about", "closeness"), rows=rows)))[0])
    assert max(map(width, lines)) == WIDE
    assert lines[2].startswith("Star Wars: Episode IV - A…  space  ")
    assert lines[2].endswith("0.98")
    assert "Alien" in lines[3]


def test_a_table_that_is_still_too_wide_is_a_list() -> None:
    """Nothing is dropped: a row is an item with the telling cell in bold; the names stand above, once."""
    table = Table(
        columns=("number", "when", "message", "for", "where", "what went wrong"),
        rows=((3, "Wed 9 Dec 2026", "remind-day", "Chapter 13: *CNNs*", "web:main", ""),),
    )
    assert discord(Reply(text="", table=table)) == [
        "-# number · when · message · for · where · what went wrong\n"
        r"- 3 · **Wed 9 Dec 2026** · remind-day · Chapter 13: \*CNNs\* · web\:main"
    ]


@pytest.mark.parametrize(
    ("columns", "rows", "items"),
    [
        pytest.param(
            ("week", "when (Europe/Berlin)", "what", ""),
            ((1, "Wed 2 Dec", "Chapter 1: " + "x" * 40, "moved"), ("", "Wed 9 Dec", "nobody meets", "")),
            [
                "-# week · when (Europe/Berlin) · what",
                r"- week 1 · **Wed 2 Dec** · Chapter 1: " + "x" * 40 + " · moved",
                "- **Wed 9 Dec** · nobody meets",
            ],
            id="a number that means something keeps its name",
        ),
        pytest.param(
            ("film", "stars", "newcomer", "because of"),
            (("Fargo" + "x" * 40, "4.44 ± 0.48", 3.5, "Alien"),),
            [f"- **Fargo{'x' * 40}** · stars 4.44 ± 0.48 · newcomer 3.5 · because of Alien"],
            id="figures keep theirs and so does what follows them",
        ),
        pytest.param(
            ("chapter", "questions", "people"),
            ((8, 39, "below 4" + "x" * 40),),
            [f"- **chapter 8** · questions 39 · people below 4{'x' * 40}"],
            id="a number before figures is what the row is about",
        ),
        pytest.param(
            ("", "value"),
            (("genres", "Comedy" + "x" * 90),),
            [f"- **genres** · Comedy{'x' * 90}"],
            id="two columns",
        ),
    ],
)
def test_names_stand_where_they_are_needed(
    columns: tuple[str, ...], rows: tuple[tuple[str | float, ...], ...], items: list[str]
) -> None:
    """Beside figures; words that speak for themselves have theirs above the list."""
    (part,) = discord(Reply(text="", table=Table(columns=columns, rows=rows)))
    assert part.split("\n") == items


@given(st.lists(st.tuples(THEIRS, st.integers(-9, 99_999), THEIRS), min_size=1, max_size=5))
def test_whatever_stands_in_a_table_stays_in_it(rows: list[tuple[str, int, str]]) -> None:
    """It is one code block that fits a phone, or a list with one item for each row; ticks do not end it."""
    (part, *more) = discord(Reply(text="", table=Table(columns=("film", "count", "about"), rows=tuple(rows))))
    assert not more
    message = read(part)
    if "block" in message.kinds:
        assert len(message.made) == 1
        assert all(width(line) <= WIDE for line in block(part))
        assert len(block(part)) == len(rows) + 2
    else:
        assert message.kinds <= {"item", "strong"}
        assert len(part.split("\n")) == len(rows)


def test_a_row_that_no_message_can_hold_is_counted() -> None:
    """Nothing is cut where it would be no row any more."""
    table = Table(columns=("a", "b", "c", "d"), rows=(("x" * 900,) * 4,))
    assert discord(Reply(text="", table=table)) == ["and 1 row more"]


def test_a_long_table_counts_what_it_leaves_out() -> None:
    """As a block it is one message at most, as a list two."""
    for count, names in ((1, ("film",)), (2, tuple(f"column {number}" for number in range(9)))):
        table = Table(columns=names, rows=tuple((f"film {number}",) * len(names) for number in range(500)))
        parts = discord(Reply(text="", table=table))
        assert len(parts) == count
        assert max(map(len, parts)) <= 2000
        part = "\n".join(parts)
        found = re.search(r"\n\nand (\d+) rows more$", part)
        assert found
        assert f"film {499 - int(found[1])}" in part
        assert f"film {500 - int(found[1])}" not in part


def test_pictures_are_in_words_only_where_they_are_not_attached() -> None:
    """A drawn one is attached by whoever posts; a reply of pictures alone has one empty part."""
    drawn = Image(plot="bars", data={}, alt="*Alien* first", png=b"png")
    waiting = Image(plot="bars", data={}, alt="*Alien* first")
    assert discord(Reply(text="a", images=(drawn, waiting))) == ["a\n\n" + r"*\*Alien\* first*"]
    assert discord(Reply(text="", images=(drawn,))) == [""]


def test_choices_are_not_in_the_text() -> None:
    """They are pressed."""
    assert discord(Reply(text="a", choices=(Choice(label="more", command="!more"),))) == ["a"]


def test_a_column_never_gets_too_narrow_to_read() -> None:
    """One long text may lose its end; two would lose too much, and so would one of which little is left."""
    for cells, kind in (
        (("x" * 50, 4.5), "block"),
        (("x" * 30, "x" * 30), "item"),
        (("x" * 70, 4.5), "item"),
    ):
        table = Table(columns=("",) * len(cells), rows=(cells,))
        (part,) = discord(Reply(text="", table=table))
        assert kind in read(part).kinds, cells

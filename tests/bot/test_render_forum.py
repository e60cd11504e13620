"""A Reply as Discourse Markdown: what it looks like, and that nobody's words become markup in it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.render import Picture, Poll, Quote, discourse, external_id, marker, marker_in, plainly, spoiler
from bot.values import Choice, Image, Reply, Table, code, escape, moment

PLOT = Image(plot="bars", data={}, alt="Alien | comes [first] @all")
COOK = MarkdownIt("default", {"html": True, "linkify": True, "typographer": True, "breaks": True})
COOK.disable("text_join")

MENTION = re.compile(r"(?<!\w)@\w")
HASHTAG = re.compile(r"(?<!\w)#\w")
EMOJI = re.compile(r":[\w+-]+:|(?<!\w)[:;]-?[)(DPpOo*|/\\$]")
BBCODE = re.compile(r"\[/?[a-z]+", re.I)


def raw(reply: Reply, **values: object) -> str:
    """The one post of a reply, without its marker."""
    (post,) = discourse(reply, key="re/1", **values)  # pyright: ignore[reportArgumentType] - handed on
    assert post.endswith("\n\n<!-- sg:re/1 -->")
    return post.removesuffix("\n\n<!-- sg:re/1 -->")


def made_of(text: str) -> Iterator[str]:
    """What a forum would make of a text beside plain words and code: tags, addresses, mentions and their like."""
    for token in _inline(COOK.parse(text)):
        yield from _made(token)


def _inline(tokens: list[Token]) -> Iterator[list[Token]]:
    for token in tokens:
        if token.type in ("html_block", "fence", "code_block"):
            yield [token]
        elif token.children is not None:
            yield token.children


def _made(children: list[Token]) -> Iterator[str]:
    said = ""
    typed = ""
    for child in children:
        match child.type:
            case "text":
                said, typed = said + child.content, typed + child.content
            case "text_special":
                # A backslash hides a sign from the rules for markup, and not from those for words.
                said, typed = said + child.content, typed + "\0"
            case "softbreak" | "hardbreak":
                said, typed = said + "\n", typed + "\n"
            case "code_inline":
                said, typed = said + "\0", typed + "\0"
            case "link_open":
                yield f"link {child.attrs['href']}"
            case "image":
                yield f"image {child.attrs['src']}"
            case "html_inline" | "html_block":
                yield f"html {child.content}"
            case _:
                pass
    for name, pattern, text in (
        ("mention", MENTION, said),
        ("hashtag", HASHTAG, said),
        ("emoji", EMOJI, said),
        ("bbcode", BBCODE, typed),
    ):
        yield from (f"{name} {found[0]}" for found in pattern.finditer(text))


@pytest.mark.parametrize(
    "text",
    [
        "@bob",
        "#tag",
        ":smile:",
        "see you :)",
        "https://evil.example/x",
        "evil.com",
        "//evil.com",
        "www.evil.com",
        "mail@evil.com",
        "[poll]",
        "[date=2026-01-01]",
        "<b>bold</b>",
        "<!-- hidden -->",
        "[a](https://evil.example)",
        "![a](upload://x.png)",
    ],
)
def test_the_scanner_sees_what_a_forum_would(text: str) -> None:
    """The law below rests on it: as it stands, each of these is more than words."""
    assert [*made_of(text)]


WORDS = st.text(st.sampled_from("ab.12@#:;/[]()<>!*_`~|$^&\\{}= -+\"'\nxé☃"), max_size=40)
NASTY = st.sampled_from(
    [
        "@everyone",
        "@here hello",
        ":smile:",
        ":-)",
        "https://evil.example/x?y=1",
        "evil.com",
        "//evil.com/a",
        "mailto:a@evil.com",
        "[poll]\n* a\n[/poll]",
        '[quote="bob, post:1, topic:2"]hi[/quote]',
        "[date=2026-01-01 time=10:00:00]",
        "[spoiler]x[/spoiler]",
        "<img src=x onerror=alert(1)>",
        "<!-- sg:re/1 -->",
        "![a|10x10](upload://abc.png)",
        "[a](https://evil.example)",
        "#general",
        "^[note]",
        "$x$",
        "`@bob`",
        "- [ ] task",
        "1. one",
        "=====",
        "\\@bob",
        "E.T. the Extra-Terrestrial (1982)",
        "&commat;bob",
        "a|b",
    ]
)
THEIRS = st.lists(st.one_of(WORDS, NASTY), min_size=1, max_size=4).map(" ".join)


@given(THEIRS, THEIRS)
def test_nobody_s_words_become_markup(one: str, two: str) -> None:
    """Escaped or as code, in the text, a cell, a label: to the forum it is all plain words."""
    reply = Reply(
        text=f"**{escape(one)}** says {code(two)}\n{escape(two)}\n\n- {escape(one)}\n- {code(one)}\n\n"
        f"{escape(two)}",
        table=Table(columns=(one, "n"), rows=((two, 1), (one, 2.5))),
        choices=(Choice(label=one, command=f"!movie {two}"), Choice(label=two, command="!help")),
    )
    assert [*made_of(raw(reply))] == []


@given(THEIRS)
def test_a_picture_s_message_stays_one(alt: str) -> None:
    """Whatever stands in it, it is one picture and nothing else."""
    picture = Picture(address="upload://abc.png", alt=alt, width=640, height=480)
    assert [*made_of(raw(Reply(text="here it is, the picture"), pictures=[picture]))] == ["image upload://abc.png"]
    gone = Picture(address="", alt=alt, width=0, height=0)
    assert [*made_of(raw(Reply(text="here it is, the picture"), pictures=[gone]))] == []


@given(st.text(max_size=60))
def test_the_words_themselves_are_still_there(text: str) -> None:
    """What a reader sees is what was typed, but for control characters and runs of blanks."""
    cooked = COOK.render(plainly(escape(text)) if text.isalnum() else raw(Reply(text=f"x {escape(text)} y y y")))
    said = re.sub(r"<[^>]+>|[\u200b\s]", "", cooked)
    for word in re.findall(r"[^\W_]{3,}", escape(text)):
        assert word in said


def test_a_reply_reads_well() -> None:
    """Text, table, picture and what to type next, each a block of its own."""
    reply = Reply(
        text="The films closest to **Alien (1979)**:\n\n### By cosine\n\n1. one\n2. two",
        table=Table(columns=("film", "cosine"), rows=(("E.T. | x", 0.5), ("Aliens (1986)", 0.65))),
        choices=(Choice(label="help", command="!help"), Choice(label="the sequel", command="!similar Aliens")),
    )
    picture = Picture(address="upload://abc.png", alt=PLOT.alt, width=640, height=480)
    assert raw(reply, pictures=[picture]).replace("\u200b", "·") == (
        "The films closest to **Alien (1979)**:\n\n### By cosine\n\n1. one\n2. two\n\n"
        "| film | cosine |\n| :-- | --: |\n| E.·T. \\| x | 0.50 |\n| Aliens (1986) | 0.65 |\n\n"
        "![Alien comes first @·all|640x480](upload://abc.png)\n\n"
        "→ `!help`\n→ `!similar Aliens` — the sequel"
    )


def test_our_own_links_and_moments_stay() -> None:
    """A link leads where we said; a moment is the forum's, which each reader sees by their own clock."""
    at = moment(datetime(2026, 11, 25, 7, 30, tzinfo=UTC), "Australia/Sydney")
    text = raw(Reply(text=f"We meet {at}: [the plan](https://e.org/a_b), <https://e.org/x>"))
    assert '[date=2026-11-25 time=18:30:00 timezone="Australia/Sydney"]' in text
    assert "[the plan](<https://e.org/a_b>)" in text
    assert [each for each in made_of(text) if each.startswith("link")] == [
        "link https://e.org/a_b",
        "link https://e.org/x",
    ]


def test_choices_can_be_a_poll() -> None:
    """As many answers as people like, until the vote ends; a single choice is a poll of one."""
    until = datetime(2026, 12, 5, 15, tzinfo=UTC)
    slots = tuple(Choice(label=f"Sat {hour}:00", command=f"!catchup {hour}") for hour in (17, 18))
    text = raw(Reply(text="When would you have an hour?", choices=slots), poll=Poll(name="vote", until=until))
    assert text.endswith(
        "[poll name=vote type=multiple min=1 max=2 results=always public=true chartType=bar "
        "close=2026-12-05T15:00:00.000Z]\n* Sat 17:00\n* Sat 18:00\n[/poll]"
    )
    one = raw(Reply(text="When would you have an hour?", choices=slots[:1]), poll=Poll(name="vote", until=until))
    assert "type=regular" in one


def test_the_line_that_is_answered_is_quoted() -> None:
    """As code, so that nothing in it counts, under the name of who wrote it."""
    quote = Quote(username='ada"]', post=3, topic=7, line="!help [/quote] @bob")
    text = raw(Reply(text="Here you are."), quote=quote)
    assert text.startswith('[quote="ada, post:3, topic:7"]\n`!help [/quote] @bob`\n[/quote]\n\n')


def test_a_long_table_is_folded_and_never_cut_in_a_row() -> None:
    """More than 15 rows are one click away; what does not fit at all is counted."""
    rows = tuple((f"film {number}", number) for number in range(900))
    text = raw(Reply(text="All of them:", table=Table(columns=("film", "n"), rows=rows)), limit=5_000)
    assert '[details="900 rows"]' in text
    assert re.search(r"\| \d+ \|\n\nand \d+ rows more\n\n\[/details\]$", text)


def test_a_long_text_is_several_posts() -> None:
    """Each under the limit, each with a marker of its own; no word is lost."""
    words = [f"word{number}" for number in range(2_000)]
    parts = discourse(Reply(text=" ".join(words)), key="re/7", limit=5_000)
    assert len(parts) == 4
    assert all(len(part) <= 5_000 for part in parts)
    assert [marker_in(part) for part in parts] == [marker(f"re/7{end}") for end in ("", "#2", "#3", "#4")]
    assert re.findall(r"word\d+", " ".join(parts)) == words


def test_a_short_answer_is_long_enough() -> None:
    """A forum asks for 20 characters that are not in a comment; where it asks for fewer nothing is added."""
    assert len(raw(Reply(text="762"))) >= 20
    assert raw(Reply(text="762"), least=3) == "762"


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_key_has_its_own_marker(one: str, two: str) -> None:
    """Whatever the key: a marker ends where it should, other keys have others, and topics' ids are the forum's."""
    for name in (marker, external_id):
        assert (name(one) == name(two)) == (one == two)
    assert marker_in(f"text\n\n{marker(one)}\n") == marker(one)
    assert re.fullmatch(r"[a-z0-9-]{1,50}", external_id(one))
    assert marker(one).count("-->") == marker(one).count("<!--") == 1


def test_a_spoiler_is_ours_to_make() -> None:
    """What somebody typed cannot end it."""
    assert spoiler(plainly("the answer [/spoiler]")) == "[spoiler]\nthe answer \\[/spoiler\\]\n[/spoiler]"

"""A Reply as Discourse Markdown: what it looks like, and that nobody's words become markup in it."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.render import Picture, Poll, Quote, discourse, external_id, marker, marker_in, plainly, spoiler
from bot.values import Choice, Image, Reply, Table, clean, code, escape, moment
from tests.bot.cooking import cook

PLOT = Image(plot="bars", data={}, alt="Alien | comes [first] @all")


def raw(reply: Reply, **values: object) -> str:
    """The one post of a reply, without its marker."""
    (post,) = discourse(reply, key="re/1", **values)  # pyright: ignore[reportArgumentType] - handed on
    assert post.endswith("\n\n<!-- sg:re/1 -->")
    return post.removesuffix("\n\n<!-- sg:re/1 -->")


@pytest.mark.parametrize(
    "text",
    [
        "@bob",
        "**a**@bob",
        r"\@bob",
        "#tag",
        r"\#tag",
        ":smile:",
        ":wave:t3:",
        "see you :)",
        "8-)",
        r"\^\_\^",
        "https://evil.example/x",
        "evil.com",
        "☃.com",
        "//evil.com",
        "www.evil.com",
        "mail@evil.com",
        "[poll]",
        "[date=2026-01-01]",
        r"\[date=2026-01-01\]",
        r"\[date-range from=2026-01-01\]",
        "[ ] task",
        r"\[x\] task",
        "^[note]",
        "$x$",
        "<b>bold</b>",
        "<!-- hidden -->",
        "[a](https://evil.example)",
        "![a](upload://x.png)",
    ],
)
def test_the_scanner_sees_what_a_forum_would(text: str) -> None:
    """The law below rests on it: as it stands, each of these is more than words."""
    assert cook(text).made


@pytest.mark.parametrize("text", ["a `@bob #tag :smile: [poll] evil.com` b", "at 18:30", "E. T.", "C# (c) 3.5 [a"])
def test_the_scanner_sees_nothing_in_words_and_code(text: str) -> None:
    """Nor does a forum: it looks for nothing in code."""
    assert not cook(text).made


SIGNS = st.text(st.sampled_from("ab.128@#:;/[]()<>!*_`~|$^&\\{}= -+\"'\n\txé☃pDPO"), max_size=40)
NASTY = [
    "@everyone",
    "@here hello",
    ":smile:",
    ":-)",
    "8-)",
    "^__^",
    ":100:",
    "https://evil.example/x?y=1",
    "evil.com",
    "☃.com",
    "//evil.com/a",
    "mailto:a@evil.com",
    "[poll]\n* a\n[/poll]",
    '[quote="bob, post:1, topic:2"]hi[/quote]',
    "[/quote]",
    "[/details]",
    "[/poll]",
    "[date=2026-01-01 time=10:00:00]",
    "[spoiler]x[/spoiler]",
    "<img src=x onerror=alert(1)>",
    "<!-- sg:re/1 -->",
    "![a|10x10](upload://abc.png)",
    "[a](https://evil.example)",
    "[a]: https://evil.example",
    "#general",
    "^[note]",
    "$x$",
    "`@bob`",
    "[ ]",
    "- [x] task",
    "1. one",
    "=====",
    "--- | ---",
    "> [!note]",
    "\\@bob",
    "E.T. the Extra-Terrestrial (1982)",
    "&commat;bob",
    "a|b",
    "a|b=c",
]
THEIRS = st.lists(st.one_of(SIGNS, st.sampled_from(NASTY), st.text(max_size=20)), min_size=1, max_size=4).map(
    " ".join
)
SAID = THEIRS.map(lambda text: " ".join(clean(text).split())).filter(bool)
POLL = Poll(name="vote", until=datetime(2026, 12, 5, 15, tzinfo=UTC))


def told(one: str, two: str, poll: Poll | None = None) -> str:
    """A post with what people typed in every place that can hold it."""
    at = moment(datetime(2026, 11, 25, 7, 30, tzinfo=UTC), "Australia/Sydney")
    reply = Reply(
        text=f"**{escape(one)}** says {code(two)}, {at}\n{escape(two)}\n\n- {escape(one)}\n- {code(one)}\n\n"
        f"1. {escape(two)}\n\n> {escape(one)}\n\n### {escape(two)}\n\n"
        f"[{escape(one)}](<https://e.org/a>) · {escape(two)}\n\n{escape(one)}",
        table=Table(columns=(one, "n"), rows=((two, 1), (one, 2.5))),
        choices=(Choice(label=one, command=f"!movie {two}"), Choice(label=two, command="!help")),
    )
    return raw(
        reply,
        pictures=[
            Picture(address="upload://abc.png", alt=one, width=640, height=480),
            Picture(address="", alt=f"x {two}", width=0, height=0),
        ],
        quote=Quote(username="ada", post=3, topic=7, line=two),
        poll=poll,
    )


@given(SAID, SAID, st.sampled_from([None, POLL]))
def test_nobody_s_words_become_markup(one: str, two: str, poll: Poll | None) -> None:
    """Whatever people type, the forum makes of the post what it makes of it with two harmless words instead."""
    assume(one not in f"!movie {two}" and two not in "!help")
    unmoved(one, two, poll)


@pytest.mark.parametrize("text", [each for each in NASTY if "\n" not in each])
def test_each_trick_alone_is_plain_words(text: str) -> None:
    """As above, for what stands alone in its place."""
    unmoved(f"{text} ", text, POLL)


def unmoved(one: str, two: str, poll: Poll | None) -> None:
    """Compare with two harmless words."""
    harmless, page = cook(told("onezq", "twozq", poll)), cook(told(one, two, poll))
    assert page.made == harmless.made
    assert page.shape == harmless.shape


@given(SAID)
def test_the_words_themselves_are_still_there(text: str) -> None:
    """A reader sees what was typed, in the text, in a cell, in a label and as code."""
    assume(text not in "!help")
    seen(text)


@pytest.mark.parametrize("text", [each for each in NASTY if "\n" not in each])
def test_each_trick_is_read_as_it_was_typed(text: str) -> None:
    """As above, for what does most elsewhere."""
    seen(text)


def seen(text: str) -> None:
    """Compare what a reader sees with what was typed."""
    reply = Reply(
        text=f"so {escape(text)} there\n{code(text)}",
        table=Table(columns=("film", "n"), rows=((f"x {text} y", 1),)),
        choices=(Choice(label=text, command="!help"),),
    )
    expected = f"so {text} there {text} film n x {text} y 1 → !help — {text}"
    assert cook(raw(reply)).words.replace("`", "'").split() == expected.replace("`", "'").split()


@given(SAID)
def test_a_picture_s_message_is_read_aloud(alt: str) -> None:
    """Its words are there, but for the brackets and bars that would end it."""
    shown = raw(Reply(text="here"), pictures=[Picture(address="upload://a.png", alt=alt, width=1, height=1)])
    words = shown.replace("\u200b", "").partition("![")[2].partition("|1x1](")[0]
    assert re.findall(r"\w+", words) == re.findall(r"\w+", alt)


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
    assert "[the plan](<https://e.org/a_b>), <https://e.org/x>" in text
    assert [each for each in cook(text).made if each.startswith("link")] == [
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


def test_readers_may_tick_how_they_did() -> None:
    """Beside the choices, and seen by who ticked something; a forum without polls does without."""
    reply = Reply(
        text="What is a stride?", choices=(Choice(label="answer", command="!answer 7"),), poll=("yes", "no")
    )
    text = raw(reply)
    assert "→ `!answer 7`" in text
    assert text.endswith(
        "[poll name=known type=regular results=on_vote public=false chartType=bar]\n* yes\n* no\n[/poll]"
    )
    assert "[poll" not in raw(reply, polls=False)


def test_no_two_choices_of_a_poll_are_the_same() -> None:
    """The forum refuses such a poll, so they are numbered."""
    slots = tuple(Choice(label="Sat 17:00", command=f"!catchup {number}") for number in (1, 2))
    assert "\n* Sat 17:00 (1)\n* Sat 17:00 (2)\n" in raw(Reply(text="When?", choices=slots), poll=POLL)


def test_the_line_that_is_answered_is_quoted() -> None:
    """As code, so that nothing in it counts, under the name of who wrote it."""
    quote = Quote(username='ada"]', post=3, topic=7, line="!help [/quote] @bob")
    text = raw(Reply(text="Here you are."), quote=quote)
    assert text.startswith('[quote="ada, post:3, topic:7"]\n`!help [/quote] @bob`\n[/quote]\n\n')
    endless = raw(Reply(text="Here you are."), quote=Quote(username="ada", post=3, topic=7, line="!" * 5_000))
    assert len(endless) < 500


def test_a_long_table_is_folded_and_never_cut_in_a_row() -> None:
    """More than 15 rows are one click away; what does not fit goes on in another post, below the same head."""
    rows = tuple((f"film {number}", number) for number in range(900))
    reply = Reply(text="All of them:", table=Table(columns=("film", "n"), rows=rows))
    assert '[details="900 rows"]' in raw(reply)
    parts = discourse(reply, key="re/1", limit=5_000)
    assert all(len(part) <= 5_000 for part in parts)
    assert [int(number) for part in parts for number in re.findall(r"\| film (\d+) \|", part)] == list(range(900))
    assert [part.count("| film | n |") for part in parts[-4:]] == [1] * 4
    assert all(re.search(r'\[details="\d+ of 900 rows"\]', part) for part in parts[1:])


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
    assert len(raw(Reply(text="762"), least=100)) >= 100
    assert raw(Reply(text="762"), least=3) == "762"
    assert len(raw(Reply(text="no............................"))) > 40, "dots count as one"


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_key_has_its_own_marker(one: str, two: str) -> None:
    """Whatever the key: a marker ends where it should, other keys have others, and topics' ids are the forum's."""
    for name in (marker, external_id):
        assert (name(one) == name(two)) == (one == two)
    assert marker_in(f"text\n\n{marker(one)}\n") == marker(one)
    assert re.fullmatch(r"[a-z0-9-]{1,50}", external_id(one))
    assert marker(one).count("-->") == marker(one).count("<!--") == 1


def test_a_spoiler_is_ours_to_make() -> None:
    """What somebody typed cannot end it, be it text or a line of code."""
    for inside in (plainly("the answer [/spoiler] is"), "```text\nthe answer\n[/SPOILER]\n```"):
        lines = spoiler(inside).split("\n")
        assert [line for line in lines if "spoiler]" in line.casefold() and "\u200b" not in line] == [
            "[spoiler]",
            "[/spoiler]",
        ]
        assert "the answer" in spoiler(inside)

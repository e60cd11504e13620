"""A reply in each form: plain text, safe HTML, aligned tables, parts that fit."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.render import html, plain, split, table_html, table_text, words
from bot.values import Choice, Image, Reply, Table, TextFile, clean, code, escape

BARE = "p br em strong code pre ul li blockquote hr h3 h4 h5 h6 thead tbody tr table"
ALLOWED = {
    **{tag: set[str]() for tag in BARE.split()},
    "a": {"href", "title", "rel"},
    "ol": {"start"},
    "th": {"class", "scope"},
    "td": {"class"},
}
MARKUP = st.text(alphabet="ab*_`[]()<>!\\\"'#-+. \n&;:/=~|1", max_size=120)
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "![x](https://elsewhere.example/pixel.png)",
    '[x](https://a.example "\\" onmouseover=alert(1) ")',
    "<javascript:alert(1)>",
    "<svg/onload=alert(1)>",
    "`</code><script>alert(1)</script>`",
    "```html\n</pre><script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<a href="/posts" style="position:fixed">x</a>',
]


class Seen(HTMLParser):
    """What a browser finds in a piece of HTML: its text, and whatever is not allowed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.links, self.wrong = "", list[str](), list[str]()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag or an attribute that should not be there."""
        self.wrong += [f"<{tag}>"] if tag not in ALLOWED else []
        self.wrong += [f"<{tag} {name}>" for name, _ in attrs if name not in ALLOWED.get(tag, ())]
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


@given(MARKUP)
@example("[" * 300)
def test_html_holds_only_harmless_tags(text: str) -> None:
    """Whatever is written, the page gets no script, no handler, and no link but to the web and to mail."""
    seen = Seen(html(text))
    assert not seen.wrong
    assert all(re.match(r"(https?|mailto):", link, re.I) for link in seen.links)


@pytest.mark.parametrize("text", PAYLOADS)
def test_payloads_are_inert(text: str) -> None:
    """Known tricks come out as text, or as nothing."""
    seen = Seen(html(text))
    assert not seen.wrong
    assert all(link.startswith("https://") for link in seen.links)


@given(st.text(max_size=80))
def test_what_is_escaped_is_shown_as_it_was_typed(text: str) -> None:
    """A title is never markup: on the page, and in plain text, it reads as it was written."""
    expected = clean(text).split()
    assert Seen(html(escape(text))).text.split() == expected
    assert words(escape(text)).split() == expected


@given(st.text(max_size=60))
def test_code_is_shown_as_it_was_typed(text: str) -> None:
    """So is what stands in a code span."""
    assert Seen(html(code(text))).text.split() == clean(text).replace("`", "'").split()


def test_html_of_a_usual_answer() -> None:
    """Emphasis, code, lists and links come through; a line break stays one; headings step below the page's own."""
    shown = html("# Films\n\n**Toy Story**, *1995*\nUsage: `!movie`\n\n3. a\n4. b\n\n[book](https://a.example)")
    assert shown == (
        "<h3>Films</h3>\n"
        "<p><strong>Toy Story</strong>, <em>1995</em><br>\nUsage: <code>!movie</code></p>\n"
        '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'
        '<p><a href="https://a.example" rel="noopener nofollow">book</a></p>\n'
    )


def test_a_text_of_any_length_is_read_in_parts() -> None:
    """Nothing of a long text is lost, though no more than 10,000 signs are read at once."""
    text = "\n\n".join(f"paragraph {number} of many" for number in range(2_000))
    assert Seen(html(text)).text.split() == text.split()


def test_plain_words_lose_their_markup() -> None:
    """Emphasis goes, code keeps its ticks, lists their marks, links show where they lead."""
    text = (
        "## Films\n\nThe *Term* \\(1984\\) [book](https://a.example) <https://b.example>\nUsage: `!movie`\n\n"
        "- a\n- b\n  - c\n\n3. x\n4. y\n\n> q\n> r\n\n---\n\n```text\n 1  2\n```"
    )
    assert words(text) == (
        "Films\n\nThe Term (1984) book (https://a.example) https://b.example\nUsage: `!movie`\n\n"
        "- a\n- b\n  - c\n\n3. x\n4. y\n\n> q\n> r\n\n---\n\n 1  2"
    )


def test_plain_shows_the_whole_reply() -> None:
    """Text, table, pictures by their message and choices as lines: nothing is lost on a terminal."""
    reply = Reply(
        text="**Two** films:",
        table=Table(columns=("film", "stars"), rows=(("Fargo", 4.5), ("Alien", -0.25))),
        images=(Image(plot="bars", data={}, alt="two bars"),),
        choices=(
            Choice(label="Fargo", command="!movie Fargo"),
            Choice(label="the other", command="!movie Alien"),
        ),
    )
    assert plain(reply) == (
        "Two films:\n\n"
        "film   stars\n─────  ─────\nFargo   4.50\nAlien  −0.25\n\n"
        "[picture: two bars]\n\n"
        "- !movie Fargo\n- !movie Alien  (the other)"
    )
    assert plain(Reply(text="only this")) == "only this"
    assert plain(Reply(text="Kept:", file=TextFile(name="deck.csv", text="*a*,b\n"))) == "Kept:\n\n*a*,b"


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        pytest.param((0.5, 0.25, 3.0), ("0.50", "0.25", "3.00"), id="most decimals needed"),
        pytest.param((0.123456, 1.0), ("0.1235", "1.0000"), id="at most four"),
        pytest.param((4.0, 3.0), ("4", "3"), id="none needed"),
        pytest.param((-0.00001, -2), ("0", "−2"), id="no negative zero"),
        pytest.param((9_999, 10_000, -1_234_567), ("9999", "10,000", "−1,234,567"), id="thousands"),
        pytest.param((12_345.5, 1.0), ("12345.5", "1.0"), id="no thousands in floats"),
        pytest.param((0.5, 7), ("0.5", "7"), id="whole numbers stay whole"),
        pytest.param((float("nan"), float("-inf"), 0.5), ("–", "−∞", "0.5"), id="no number"),
        pytest.param((1e20, 2.5), ("1e+20", "2.5"), id="huge"),
        pytest.param(("1994", 0.25, 3.0), ("1994", "0.25", "3"), id="mixed with text"),
        pytest.param(("", 0.25, 3.0), ("", "0.25", "3.00"), id="gaps"),
    ],
)
def test_numbers_in_a_column(column: tuple[str | float, ...], shown: tuple[str, ...]) -> None:
    """Floats of one column have as many decimals as the longest needs; minus is a true minus."""
    lines = table_text(Table(columns=("x",), rows=tuple((cell,) for cell in column))).split("\n")[2:]
    assert tuple(line.strip() for line in lines) == shown


CELLS = st.one_of(
    st.text(max_size=8), st.integers(), st.floats(), st.sampled_from(["Amélie", "千と千尋", "e\u0301", "a\nb"])
)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[CELLS] * n), min_size=1, max_size=5)))
def test_tables_are_aligned(rows: list[tuple[str | int | float, ...]]) -> None:
    """Every row of text has one line, none is wider than the rule, and HTML has a cell for every cell."""
    table = Table(columns=tuple(f"c{place}" for place in range(len(rows[0]))), rows=tuple(rows))
    head, rule, *lines = table_text(table).split("\n")
    assert len(lines) == len(rows)
    assert all(len(re.sub(r"[\u0300-\u036f]", "", line)) <= len(rule) for line in (head, *lines))
    seen = table_html(table)
    assert not Seen(seen).wrong
    assert seen.count("<td") == len(rows) * len(rows[0])


def test_a_table_as_html() -> None:
    """Columns of numbers are marked for alignment, cells are text, a column without a name has no heading."""
    table = Table(columns=("", "<n>"), rows=(("<b>x</b> & y", 1), ("z", 22_000)))
    assert table_html(table) == (
        '<table><thead><tr><td></td><th scope="col" class="number">&lt;n&gt;</th></tr></thead>'
        '<tbody><tr><td>&lt;b&gt;x&lt;/b&gt; &amp; y</td><td class="number">1</td></tr>'
        '<tr><td>z</td><td class="number">22,000</td></tr></tbody></table>'
    )


WORDS = st.text(alphabet="abc\\`*é😀", min_size=1, max_size=60)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "  ", "\n", "\n\n", "\n\n\n"])), max_size=60).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
LIMITS = st.integers(40, 300)


@given(TEXTS.filter(lambda text: "```" not in text), LIMITS)
def test_split_fits_and_loses_nothing(text: str, limit: int) -> None:
    """Parts are within the limit, none is blank, and together they hold every sign in its order."""
    parts = split(text, limit)
    assert all(0 < len(part) <= limit and part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    escaped = re.compile(r"\\\S")
    assert [sign for part in parts for sign in escaped.findall(part)] == escaped.findall(text)


@given(
    st.lists(
        st.one_of(
            st.lists(st.text(alphabet="xyz =()", max_size=30), max_size=12).map(
                lambda lines: "\n".join(["```python", *lines, "```"])
            ),
            st.lists(st.text(alphabet="abc", min_size=1, max_size=12), min_size=1, max_size=20).map(" ".join),
        ),
        max_size=6,
    ).map("\n\n".join),
    st.integers(60, 200),
)
def test_split_keeps_code_whole(text: str, limit: int) -> None:
    """No part ends inside an open fence, and every line of code is there, in its order, with its indent."""
    parts = split(text, limit)
    assert all(len(part) <= limit and part.count("```") % 2 == 0 for part in parts)
    assert [line for part in parts for line in code_lines(part)] == code_lines(text)


def code_lines(text: str) -> list[str]:
    """The lines inside fences; blank ones at a cut may go."""
    inside, found = False, list[str]()
    for line in text.split("\n"):
        if line.startswith("```"):
            inside = not inside
        elif inside and line.strip():
            found.append(line.rstrip())
    return found


def test_split_prefers_paragraphs_then_lines_then_words() -> None:
    """A cut falls where a reader would make it, and never inside a code span."""
    assert split("first paragraph here\n\nsecond one\nof two lines", 40) == [
        "first paragraph here",
        "second one\nof two lines",
    ]
    assert split("a line that is long enough\nanother line of it", 40) == [
        "a line that is long enough",
        "another line of it",
    ]
    assert split("some words and then `a code span of words`", 40) == [
        "some words and then",
        "`a code span of words`",
    ]
    assert split("short", 40) == ["short"]
    assert split(" \n\n ", 40) == []


def test_split_closes_and_reopens_a_fence() -> None:
    """Each part of a cut code block is a code block of the same language."""
    text = "```python\n" + "\n".join(f"    line {number}" for number in range(6)) + "\n```"
    assert split(text, 45) == [
        "```python\n    line 0\n    line 1\n```",
        "```python\n    line 2\n    line 3\n```",
        "```python\n    line 4\n    line 5\n```",
    ]


def test_split_refuses_a_limit_without_room() -> None:
    """Below forty signs a fence would leave no room for code."""
    with pytest.raises(ValueError, match="the least is 40"):
        split("text", 39)

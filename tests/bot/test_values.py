"""The values that cross boundaries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.values import Choice, Image, Reply, Table, TextFile, clean, code, escape, plural


@given(st.text(max_size=80))
def test_escaped_text_is_only_text(text: str) -> None:
    """Whatever is typed, a CommonMark reader finds plain text in it, and the same text."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(f"a {escape(text)} b")
    (inline,) = (token for token in tokens if token.type == "inline")
    assert inline.children is not None
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    shown = "".join(child.content for child in inline.children)
    assert shown.split() == ["a", *clean(text).split(), "b"]


@given(st.text(alphabet="-+=#.)>*_0123456789` \n", max_size=12))
def test_escaped_text_starts_no_block(text: str) -> None:
    """At the start of a line it makes neither a list nor a heading nor a quote."""
    kinds = {token.type for token in MarkdownIt("commonmark").parse(escape(text))}
    assert kinds <= {"paragraph_open", "inline", "paragraph_close"}


@given(st.text(max_size=80))
def test_code_is_one_code_span(text: str) -> None:
    """What somebody typed is shown as it is, in one span that it cannot leave."""
    tokens = MarkdownIt("commonmark").parse(f"a {code(text)} b")
    (inline,) = (token for token in tokens if token.type == "inline")
    assert inline.children is not None
    assert [child.type for child in inline.children] == ["text", "code_inline", "text"]


def test_a_reply_survives_the_database() -> None:
    """Everything but the drawn bytes comes back from its JSON."""
    reply = Reply(
        text="“Zoë”",
        table=Table(columns=("film", "stars"), rows=(("Fargo (1996)", 4.5), ("Alien", 4))),
        images=(
            Image(plot="bars", data={"values": [1, 2]}, alt="two bars"),
            Image(plot="photo_map", data={"photo": ""}, alt="two panels", kept=False),
            Image(plot="slide", data={}, alt="a window slides", kind="gif"),
        ),
        choices=(Choice(label="more", command="!more"), Choice(label="ask", command="!q", ask="Your question")),
        private=True,
        unfinished=True,
    )
    assert Reply.from_json(reply.to_json()) == reply
    assert Reply.from_json(Reply(text="a").to_json()) == Reply(text="a")
    filed = Reply(text="a", file=TextFile(name="deck.txt", text="b\n"))
    assert Reply.from_json(filed.to_json()) == filed
    assert "file" not in Reply(text="a").to_json()
    assert [reply.to_json().count(word) for word in ("kept", "kind", "unfinished")] == [1, 1, 1]
    assert not any(word in Reply(text="a").to_json() for word in ("kept", "kind", "unfinished"))


def test_a_file_can_stand_in_a_text() -> None:
    """As a block of code that nothing in it ends, with as many whole lines as fit."""
    assert TextFile(name="deck.txt", text="a\n``` b\n").block() == "````\na\n``` b\n````"
    cut = TextFile(name="deck.csv", text="one\ntwo\nthree\nfour\n").block(9)
    assert cut == "```\none\ntwo\n```\n\n2 lines more, for which there is no room here."
    assert TextFile(name="deck.csv", text="one\ntwo\n").block(8) == "```\none\ntwo\n```"
    for name in ("deck.exe", "../deck.txt", 'a".txt'):
        with pytest.raises(ValueError, match="no name for a file"):
            TextFile(name=name, text="")


def test_a_table_has_a_cell_for_every_column() -> None:
    """A row that does not fit is refused where it is made."""
    with pytest.raises(ValueError, match="a row of 1 cells under 2 columns"):
        Table(columns=("a", "b"), rows=(("c",),))


def test_numbers_take_their_noun() -> None:
    """One rating, two ratings."""
    assert [plural(n, "rating") for n in (0, 1, 1234)] == ["0 ratings", "1 rating", "1,234 ratings"]

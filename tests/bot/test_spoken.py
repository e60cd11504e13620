"""What of a post is its author's own."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.spoken import prose, spoken

PIECES = ["`", "``", "```", "~~~", "[quote]", "[/quote]", "[code]", "[/code]", "<pre>", "</pre>", "<!--", "-->"]
POSTS = st.lists(st.sampled_from([*PIECES, "\n", "\n\n", "> ", "- ", "    ", "a", " "]), max_size=40).map("".join)


@given(POSTS)
def test_every_line_is_there_and_nothing_is_added(post: str) -> None:
    """A line says what stands in it, in its order, or less."""
    lines = post.split("\n")
    said = spoken(post)
    assert len(said) == len(lines)
    for own, line in zip(said, lines, strict=True):
        signs = iter(line)
        assert all(sign in signs for sign in own)


@given(POSTS, st.sampled_from(["[quote]\n{}\n[/quote]", "<!--\n{}\n-->", "<blockquote>\n{}\n</blockquote>"]))
def test_nothing_gets_out_of_a_quote(inner: str, around: str) -> None:
    """Whatever is quoted, code and ends of quotes included, none of its lines is its new author's."""
    marked = "\n".join(f"x{line}" for line in re.sub("-+>+", "", inner).split("\n"))
    assert "x" not in "".join(spoken(around.format(marked)))


def test_a_long_post_is_read_quickly() -> None:
    """Ticks that nothing closes are looked for once each, in their own paragraph."""
    runs = " ".join("`" * size for size in range(1, 190))
    assert spoken(runs) == [runs]


def test_code_is_no_prose() -> None:
    """A line's code goes, whatever its ticks; a lone tick is a sign like others."""
    assert prose("a `b` c ``d ` e`` f ` g") == "a  c  f ` g"

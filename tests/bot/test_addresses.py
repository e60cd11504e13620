"""What a web address is, when two are the same page, and which ones a post holds."""

import time

import pytest

from bot.addresses import first, found, read


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("HTTPS://Fast.AI/About", id="letters"),
        pytest.param("https://fast.ai/About/", id="slash"),
        pytest.param("https://fast.ai/About?utm_source=x&UTM_medium=y", id="utm"),
        pytest.param("https://fast.ai/About#team", id="fragment"),
        pytest.param("http://fast.ai:80/About", id="scheme-and-port"),
        pytest.param("<https://fast.ai/About>", id="brackets"),
    ],
)
def test_the_same_page_is_known_again(other: str) -> None:
    """However it is written, a page is one page."""
    assert read(other).same == read("https://fast.ai/About").same


@pytest.mark.parametrize(
    "other", ["https://fast.ai/about", "https://fast.ai/About?n=2", "https://a.fast.ai/About"]
)
def test_another_page_stays_another(other: str) -> None:
    """Paths tell letters apart, queries and hosts count."""
    assert read(other).same != read("https://fast.ai/About").same


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("javascript:alert(1)", "begins with https://", id="javascript"),
        pytest.param("data:text/html,x", "begins with https://", id="data"),
        pytest.param("ftp://fast.ai/x", "begins with https://", id="ftp"),
        pytest.param("nonsense", "begins with https://", id="word"),
        pytest.param("https://", "begins with https://", id="empty"),
        pytest.param("https://localhost/x", "name of a site", id="no-dot"),
        pytest.param("https://a.b:99999/", "name of a site", id="port"),
        pytest.param("https://ann:secret@fast.ai/", "password", id="password"),
        pytest.param("https://bank.example\\@evil.example/", "password", id="backslash"),
        pytest.param(f"https://fast.ai/{'a' * 2_000}", "at most 2,000", id="long"),
    ],
)
def test_what_is_no_address_is_refused(text: str, said: str) -> None:
    """Each with a sentence that says what would be right."""
    with pytest.raises(ValueError, match=said):
        read(text)


def test_an_address_cannot_break_out() -> None:
    """What could end the angle brackets it is shown in is written as per cent signs."""
    assert read("https://fast.ai/a{b}^`|").text == "https://fast.ai/a%7Bb%7D%5E%60%7C"


@pytest.mark.parametrize(
    ("line", "address", "note"),
    [
        ("https://a.example/b the note", "https://a.example/b", "the note"),
        ("read this: https://a.example/b, please", "https://a.example/b", "read this: please"),
        ("[the note](https://a.example/b)", "https://a.example/b", "the note"),
        ("<https://a.example/b> note", "https://a.example/b", "note"),
        ("https://en.wikipedia.org/wiki/Python_(language)", "https://en.wikipedia.org/wiki/Python_(language)", ""),
    ],
)
def test_a_line_is_an_address_and_a_note(line: str, address: str, note: str) -> None:
    """In whichever order, and as a link of Markdown too."""
    assert (first(line)[0].text, first(line)[1]) == (address, note)


def test_a_post_is_searched_outside_quotes_and_code() -> None:
    """What is quoted or code is not the post's own; a page is found once, without the sentence's full stop."""
    post = """New: https://ann.example/one. And (https://ann.example/two), [three](https://ann.example/three)!
> https://quoted.example/a
[quote="Bob"]https://quoted.example/b[/quote]
```
https://code.example/a
```
    https://code.example/b
`https://code.example/c` and <!-- https://comment.example/ --> again https://ANN.example/one/
<pre>https://code.example/d</pre> javascript:alert(1)"""
    assert [each.text for each in found(post)] == [
        f"https://ann.example/{each}" for each in ("one", "two", "three")
    ]


@pytest.mark.parametrize(
    "unit", ["[quote", "https://a.b/", "`", "https://", "[x](", "<pre", "<!--", "https://a.b/)))) ", ")"]
)
def test_a_hostile_post_is_read_quickly(unit: str) -> None:
    """A long post of one thing over and over takes no time to speak of."""
    started = time.perf_counter()
    found(unit * (20_000 // len(unit)))
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("https://www.ann.example/2026/post", "ann.example"),
        ("https://ann.github.io/post", "ann.github.io"),
        ("https://github.com/Ann/blog", "github.com/ann"),
        ("https://medium.com/@ann/post-1", "medium.com/@ann"),
        ("https://medium.com/p/123", ""),
        ("https://youtube.com/watch?v=1", ""),
    ],
)
def test_a_home_belongs_to_one_writer(address: str, home: str) -> None:
    """The host, or the writer's part of a host that many share; nothing where that cannot be told."""
    assert read(address).home == home

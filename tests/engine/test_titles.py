"""Finding films: how people type titles, and when the answer must be a question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.names import article_first, key, names, plain, split_year
from engine.titles import LONGEST_QUERY, Found, TitleIndex

TERMINATOR, TERMINATOR_2 = "Terminator, The (1984)", "Terminator 2: Judgment Day (1991)"
THIRTY_TWO = "Thirty-Two Short Films About Glenn Gould (1993)"
VERONIQUE = "Double vie de Véronique, La (Double Life of Veronique, The) (1991)"
STRANGELOVE = "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1963)"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        pytest.param("Terminator", TERMINATOR, id="the-lectures-word"),
        pytest.param("the terminator", TERMINATOR, id="article-first"),
        pytest.param("Terminator, The", TERMINATOR, id="article-last"),
        pytest.param("terminator 1984", TERMINATOR, id="bare-year"),
        pytest.param("The Terminator (1984)", TERMINATOR, id="year-in-brackets"),
        pytest.param("  TERMINATOR, the (1984) ", TERMINATOR, id="as-written-but-for-case"),
        pytest.param("Terminatr", TERMINATOR, id="slip"),
        pytest.param("Terminator 2", TERMINATOR_2, id="before-the-colon"),
        pytest.param("terminator II", TERMINATOR_2, id="numeral"),
        pytest.param("terminator2", TERMINATOR_2, id="no-space"),
        pytest.param("terminator two judgement day", TERMINATOR_2, id="number-word-and-slip"),
        pytest.param("12 Monkeys", "Twelve Monkeys (1995)", id="digits-for-words"),
        pytest.param("thirty two short films about glenn gould", THIRTY_TWO, id="32"),
        pytest.param("Godfather 2", "Godfather: Part II, The (1974)", id="part-left-out"),
        pytest.param("Godfather", "Godfather, The (1972)", id="whole-name-before-a-piece"),
        pytest.param("E.T.", "E.T. the Extra-Terrestrial (1982)", id="initials"),
        pytest.param("et", "E.T. the Extra-Terrestrial (1982)", id="initials-as-a-word"),
        pytest.param("MASH", "M*A*S*H (1970)", id="stars"),
        pytest.param("la confidential", "L.A. Confidential (1997)", id="initials-within"),
        pytest.param("Das Boot", "Boot, Das (1981)", id="german"),
        pytest.param("les miserables", "Misérables, Les (1995)", id="accents"),
        pytest.param("Se7en", "Seven (Se7en) (1995)", id="other-name-in-brackets"),
        pytest.param("the double life of veronique", VERONIQUE, id="translation"),
        pytest.param("dr strangelove", STRANGELOVE, id="or"),
        pytest.param("wrath of khan", "Star Trek: The Wrath of Khan (1982)", id="after-the-colon"),
        pytest.param("cape fear 1962", "Cape Fear (1962)", id="year-decides"),
        pytest.param("shawshank", "Shawshank Redemption, The (1994)", id="one-word"),
        pytest.param("silence of lambs the", "Silence of the Lambs, The (1991)", id="words-astray"),
        pytest.param("Harold & Maude", "Harold and Maude (1971)", id="ampersand"),
        pytest.param("unknown", "unknown", id="no-year-at-all"),
    ],
)
def test_a_film_is_found_as_people_type_it(films: engine.Recommender, query: str, title: str) -> None:
    """The film is named without asking back."""
    assert films.find(query).title == title


@pytest.mark.parametrize(
    ("query", "near"),
    [
        pytest.param("Terminator 7", {TERMINATOR, TERMINATOR_2}, id="a-number-that-no-title-has"),
        pytest.param("Terminator (1999)", {TERMINATOR, TERMINATOR_2}, id="a-year-that-no-title-has"),
        pytest.param("Toy Story 3", {"Toy Story (1995)"}, id="a-later-sequel"),
        pytest.param("Cape Fear", {"Cape Fear (1962)", "Cape Fear (1991)"}, id="two-years"),
        pytest.param(
            "that darn cat", {"That Darn Cat! (1965)", "That Darn Cat! (1997)"}, id="two-years-rated-alike"
        ),
        pytest.param("Star Trek", {"Star Trek: First Contact (1996)"}, id="a-whole-series"),
        pytest.param("monty python", {"Monty Python and the Holy Grail (1974)"}, id="two-that-begin-so"),
        pytest.param("pulp", {"Pulp Fiction (1994)"}, id="too-short-to-be-sure"),
        pytest.param("Brave", {"Braveheart (1995)"}, id="only-the-letters-begin-it"),
    ],
)
def test_doubt_is_a_question(films: engine.Recommender, query: str, near: set[str]) -> None:
    """Where more than one film may be meant, or none quite, the candidates are given instead."""
    found = films.find(query)
    assert found.title is None
    assert found.known
    assert 2 <= len(found.near) <= 5
    assert near <= set(found.near)


def test_the_more_rated_of_equals_comes_first(films: engine.Recommender) -> None:
    """Of two films with one name the one that more people have rated is offered first."""
    assert films.find("cape fear").near == ("Cape Fear (1991)", "Cape Fear (1962)")


@pytest.mark.parametrize("query", ["xyzzy qqq", "zzzz", "!", "", "   ", "ねこ"])
def test_nonsense_is_not_a_film(films: engine.Recommender, query: str) -> None:
    """What is like no title is said to be unknown."""
    found = films.find(query)
    assert found.title is None
    assert not found.known
    assert len(found.near) in (0, 3)


def test_every_title_finds_itself(films: engine.Recommender) -> None:
    """As written, in small letters, and without its year: itself, or a question among its namesakes."""
    for title in films.titles:
        assert films.find(title) == films.find(title.lower()) == Found(title, (), 100.0)
        name, _ = split_year(title)
        found = films.find(article_first(name))
        assert title == found.title or title in found.near, (title, found)
        if found.title != title:
            assert len(found.near) > 1


@settings(deadline=None, max_examples=60)
@given(query=st.text(max_size=300))
def test_any_text_is_answered(films: engine.Recommender, query: str) -> None:
    """Whatever is typed: one title or at most five of the catalogue, a score of 0 to 100, and no exception."""
    found = films.find(query)
    assert {*found.near, *([found.title] if found.title else [])} <= set(films.titles)
    assert bool(found.title) + bool(found.near) < 2
    assert len(found.near) <= 5
    assert 0 <= found.score <= 100
    assert set(films.complete(query, 5)) <= set(films.titles)


def test_an_essay_is_cut_off(films: engine.Recommender) -> None:
    """Only the first 200 characters of a query are read."""
    assert films.find("Terminator" + " " * LONGEST_QUERY + "essay" * 100_000).title == TERMINATOR


def test_completion(films: engine.Recommender) -> None:
    """Beginnings of words in any place, the most rated first; nothing typed gives what most people know."""
    assert films.complete("", 3) == ("Star Wars (1977)", "Contact (1997)", "Fargo (1996)")
    assert len(films.complete("t")) == 25
    assert films.complete("term", 2) == (TERMINATOR, TERMINATOR_2)
    assert films.complete("the term")[0] == TERMINATOR
    assert films.complete("Terminator, The (19") == (TERMINATOR,)
    assert films.complete("12 mon") == films.complete("twelve m") == ("Twelve Monkeys (1995)",)
    assert films.complete("day judg") == (TERMINATOR_2,)
    assert films.complete("terminatr") == (TERMINATOR,)
    assert films.complete("zzzz") == ()
    assert films.complete("star", 0) == ()


def test_a_completed_title_is_found(films: engine.Recommender) -> None:
    """Whatever completion offers is a title that `find` takes."""
    for letters in ("a", "st", "the ", "1", "é"):
        for title in films.complete(letters):
            assert films.find(title).title == title


def test_one_film_is_enough() -> None:
    """A catalogue of a single film answers, sure or not."""
    index = TitleIndex(["Up (2009)"], [1])
    assert index.find("up").title == "Up (2009)"
    assert index.find("down").near == ("Up (2009)",)
    assert index.complete("u") == ("Up (2009)",)


def test_titles_that_are_all_marks() -> None:
    """A title without a letter is found as it is written, and is in nobody's way."""
    index = TitleIndex(["$ (1971)", "(500) Days of Summer (2009)"], [5, 9])
    assert index.find("$ (1971)").title == "$ (1971)"
    assert (
        index.find("500 days of summer").title
        == index.find("days of summer").title
        == "(500) Days of Summer (2009)"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Ulee's Gold", "ulees gold", id="apostrophe"),
        pytest.param("20,000 Leagues", "20000 leagues", id="thousands"),
        pytest.param("Part II", "2", id="part"),
        pytest.param("Menace II Society", "menace 2 society", id="numeral"),
        pytest.param("V for Vendetta", "v for vendetta", id="first-v-is-a-letter"),
        pytest.param("Henry V", "henry 5", id="last-v-is-five"),
        pytest.param("Malcolm X", "malcolm x", id="x"),
        pytest.param("thirty-two", "32", id="tens-and-ones"),
        pytest.param("Jungle2Jungle", "jungle 2 jungle", id="digit-within"),
        pytest.param("S.F.W.", "sfw", id="initials"),
        pytest.param("Á köldum klaka", "a koldum klaka", id="accents"),
        pytest.param("In & Out", "in and out", id="ampersand"),
    ],
)
def test_keys(text: str, expected: str) -> None:
    """A key is small letters without marks, with numbers as digits."""
    assert key(text) == expected


@given(text=st.text(max_size=60))
def test_plain_is_plain(text: str) -> None:
    """Making plain text plain changes nothing more, and no mark or capital is left in it."""
    once = plain(text)
    assert plain(once) == once
    assert once == once.strip().casefold()


def test_all_names_of_a_film() -> None:
    """Both names of a film, each with and without its article, are keys; a piece is marked as one."""
    whole = {name for name, is_whole in names(VERONIQUE) if is_whole}
    assert {
        "la double vie de veronique",
        "double vie de veronique",
        "the double life of veronique",
        "double life of veronique",
    } <= whole
    assert ("terminator 2", False) in names(TERMINATOR_2)
    assert ("2", False) not in names("Godfather: Part II, The (1974)")

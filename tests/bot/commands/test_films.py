"""The film commands, through the shipped model."""

import re

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.values import Person, Reply, escape

BOB = Person(platform="test", id="bob", name="Bob")


async def ask(app: App, line: str) -> Reply:
    """The answer in words and numbers, as Bob."""
    return await app.ask(line, draw=False, person=BOB)


def column(reply: Reply, number: int = 0) -> list[object]:
    """One column of the reply's table."""
    assert reply.table is not None, reply.text
    return [row[number] for row in reply.table.rows]


@pytest.mark.parametrize(
    ("film", "first"),
    [
        ("Terminator", "Terminator 2: Judgment Day (1991)"),
        ("Terminator 2", "Terminator, The (1984)"),
        ("Star Wars", "Empire Strikes Back, The (1980)"),
    ],
)
async def test_the_nearest_film_is_the_lectures(app: App, film: str, first: str) -> None:
    """The films that belong together are each other's nearest."""
    assert column(await ask(app, f"!similar {film}"))[0] == first


async def test_the_reply_to_similar_is_complete(app: App) -> None:
    """A table with cosine and ratings, a picture of the same numbers, and alt text with the message."""
    reply = await ask(app, "!similar Toy Story count=3")
    assert reply.table is not None
    assert reply.table.columns == ("film", "cosine", "ratings")
    assert set(column(reply)) == {
        "Beauty and the Beast (1991)",
        "Lion King, The (1994)",
        "Aladdin (1992)",
    }
    (image,) = reply.images
    assert image.data["labels"] == column(reply)
    assert image.data["values"] == column(reply, 1)
    assert image.alt.startswith(f"Bar chart: {column(reply)[0]} comes first")


async def test_distance_counts_upwards(app: App) -> None:
    """By euclidean distance the nearest has the smallest number, and no number is a cosine."""
    reply = await ask(app, "!similar Terminator metric=euclidean")
    assert reply.table is not None
    assert reply.table.columns[1] == "euclidean"
    assert "distance" in reply.text


async def test_a_film_that_may_be_several_is_asked_back(app: App) -> None:
    """The candidates are choices, and each choice is a command that works."""
    reply = await ask(app, "!similar Star Trk")
    assert isinstance(reply, Refusal)
    assert "Did you mean" in reply.text
    assert len(reply.choices) >= 3
    for choice in reply.choices:
        assert not isinstance(await ask(app, choice.command), Refusal)


async def test_a_sequel_that_does_not_exist_is_not_the_first_film(app: App) -> None:
    """Terminator 7 is not Terminator; the films there are get offered."""
    reply = await ask(app, "!similar Terminator 7")
    assert isinstance(reply, Refusal)
    assert "Terminator, The (1984)" in [choice.label for choice in reply.choices]


@pytest.mark.parametrize(
    "query", ["qqqqqqqq", "<script>alert(1)</script>", "@everyone [x](http://a.b) `code`", "\x07zzzqqq"]
)
async def test_a_film_nobody_knows_gets_the_nearest_three(app: App, query: str) -> None:
    """It says so, names three, and what was typed is shown harmlessly."""
    reply = await ask(app, f"!similar {query}a")
    assert isinstance(reply, Refusal)
    assert len(reply.choices) == 3
    assert "<script>" not in reply.text.replace("`<script>alert(1)</script>a`", "")


async def test_recommendations_follow_your_ratings(app: App) -> None:
    """A newcomer gets the average one's list, which says so; after ratings it is another one, without them."""
    newcomer = await ask(app, "!recommend")
    assert "average newcomer" in newcomer.text
    assert newcomer.table is not None
    assert newcomer.table.columns == ("film", "stars", "ratings")
    for line in ("!rate Alien 5", "!rate Aliens 5", "!rate Terminator 4.5", "!rate Casablanca 1"):
        assert not isinstance(await ask(app, line), Refusal)
    mine = await ask(app, "!recommend count=20")
    assert "from your 4 ratings" in mine.text
    assert mine.table is not None
    assert mine.table.columns == ("film", "stars", "newcomer", "because of")
    assert column(mine)[:5] != column(newcomer)
    assert {"Alien", "Aliens", "Terminator"} >= {str(why).split(", ")[0] for why in column(mine, 3)}
    assert all("±" in str(stars) for stars in column(mine, 1))
    assert not {"Alien (1979)", "Aliens (1986)", "Casablanca (1942)"} & set(map(str, column(mine)))
    assert column(await ask(app, "!recommend new")) == column(newcomer)


async def test_disliked_films_are_no_reason(app: App) -> None:
    """Who rated one star alone is told that none of it leads to the list, which has no column of reasons."""
    await ask(app, "!rate Twister 1")
    mine = await ask(app, "!recommend")
    assert "None of your ratings leads to these" in mine.text
    assert mine.table is not None
    assert mine.table.columns == ("film", "stars", "newcomer")
    assert all(re.fullmatch(r"\d\.\d\d", str(stars)) for stars in column(mine, 2)), "no zero is lost"
    noted = await ask(app, "!taste 1=1")
    assert noted.table is not None
    assert "because of" not in noted.table.columns
    await ask(app, "!rate Evita 5")
    assert set(column(await ask(app, "!recommend"), 3)) == {"Evita"}


async def test_the_lectures_way_is_one_word_away(app: App) -> None:
    """By predicted stars alone the order falls from the top, as the book has it."""
    reply = await ask(app, "!recommend by=stars like=Fargo count=10")
    stars = [float(str(value)) for value in column(reply, 1)]
    assert stars == sorted(stars, reverse=True)
    assert column(reply) != column(await ask(app, "!recommend like=Fargo count=10"))


async def test_each_model_has_a_word_for_nobody(app: App) -> None:
    """The model that recommends has a newcomer, the lecture's an average user: their stars differ."""
    assert "predicted for the average newcomer" in column(await ask(app, "!movie Fargo"))
    assert "from the average newcomer" in (await ask(app, "!rate Fargo 4")).text
    assert "For the average newcomer, of whom nothing is known" in (await ask(app, "!recommend new")).text
    assert "For the average user, the mean of all" in (await ask(app, "!recommend new by=stars")).text


async def test_recommendations_for_films_you_name(app: App) -> None:
    """`like=` needs no rating of yours; a title may hold a comma itself."""
    reply = await ask(app, "!recommend like=Terminator, The (1984), Star Wars")
    assert "*Terminator, The (1984)*, *Star Wars (1977)*" in reply.text
    assert "Star Wars (1977)" not in column(reply)
    refused = await ask(app, "!recommend like=Fargo, qqqqqq, Alien")
    assert isinstance(refused, Refusal)
    assert refused.choices[0].command.startswith("!recommend like=Fargo (1996), ")
    assert refused.choices[0].command.endswith(", Alien")
    assert isinstance(await ask(app, "!recommend new like=Fargo"), Refusal)


@pytest.mark.parametrize(
    ("like", "films"),
    [
        ("The Good, the Bad and the Ugly", ["Good, The Bad and The Ugly, The (1966)"]),
        ("20,000 Leagues Under the Sea, Fargo", ["20,000 Leagues Under the Sea (1954)", "Fargo (1996)"]),
        ("Fast, Cheap & Out of Control", ["Fast, Cheap & Out of Control (1997)"]),
        ('"Star Wars; Fargo"', ["Star Wars (1977)", "Fargo (1996)"]),
        ("Fargo, Fargo, fargo (1996)", ["Fargo (1996)"]),
    ],
)
async def test_a_title_with_commas_is_one_film(app: App, like: str, films: list[str]) -> None:
    """The longest run of pieces that is a film's name is that film; a film named twice counts once."""
    reply = await ask(app, f"!recommend like={like}")
    assert not isinstance(reply, Refusal), reply.text
    assert reply.text == f"For somebody who likes {', '.join(f'*{escape(film)}*' for film in films)}:"


@pytest.mark.parametrize("name", ["Rocky", "Babel", "Argo", "Big", "Robocop", "Vita", "Fast"])
async def test_a_film_there_is_not_is_not_taken_for_another(app: App, name: str) -> None:
    """A short name one letter off, or one without the sequel's number, is asked about."""
    assert isinstance(await ask(app, f"!movie {name}"), Refusal)


async def test_rating_a_film(app: App) -> None:
    """The last number is the rating; a second rating replaces the first; nobody else sees it."""
    first = await ask(app, "!rate Terminator 4.5")
    assert "4.5 stars, noted." in first.text
    assert first.private
    again = await ask(app, "!rate Terminator stars=3")
    assert "(it was 4.5)" in again.text
    assert column(await ask(app, "!ratings"), 1) == [3.0]
    assert "not rated a film" in (await app.ask("!ratings", draw=False)).text


@pytest.mark.parametrize(
    ("line", "rated"),
    [
        ("!rate Terminator 2 4", "Terminator 2: Judgment Day (1991)"),
        ("!rate Terminator 2 stars=4", "Terminator 2: Judgment Day (1991)"),
        ("!rate Apollo 13 4", "Apollo 13 (1995)"),
        ("!rate 2001: A Space Odyssey 4,5", "2001: A Space Odyssey (1968)"),
    ],
)
async def test_titles_that_end_in_numbers_can_be_rated(app: App, line: str, rated: str) -> None:
    """Only the last number is the rating."""
    assert not isinstance(await ask(app, line), Refusal)
    assert column(await ask(app, "!ratings")) == [rated]


async def test_a_number_that_may_be_either_is_asked_back(app: App) -> None:
    """Terminator 2: two stars for the first film, or the second film? Nothing is kept before that is clear."""
    reply = await ask(app, "!rate Terminator 2")
    assert isinstance(reply, Refusal)
    assert [choice.command for choice in reply.choices] == ["!rate Terminator, The (1984) stars=2"]
    assert (await ask(app, "!ratings")).table is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!rate Fargo", "How many stars?"),
        ("!rate Fargo 6", "from 0.5 to 5, not `6`"),
        ("!rate Fargo 4.3", "from 0.5 to 5, not `4.3`"),
        ("!rate Fargo stars=-1", "from 0 to 5, not `-1`"),
        ("!rate Fargo stars=0", "You had not rated"),
        ("!rate 5", "How many stars?"),
        ("!rate", "I need a `title`"),
    ],
)
async def test_a_rating_that_is_none_is_refused(app: App, line: str, said: str) -> None:
    """Each gets a sentence, and nothing is kept."""
    reply = await ask(app, line)
    assert isinstance(reply, Refusal)
    assert said in reply.text
    assert (await ask(app, "!ratings")).table is None


async def test_ratings_are_yours_to_erase(app: App) -> None:
    """One by one or all at once, and the list shows it."""
    await ask(app, "!rate Fargo 4")
    await ask(app, "!rate Alien 4")
    assert "taken back" in (await ask(app, "!rate Fargo 0")).text
    assert column(await ask(app, "!ratings")) == ["Alien (1979)"]
    assert isinstance(await ask(app, "!forget everything"), Refusal)
    assert "1 rating" in (await ask(app, "!forget ratings")).text
    assert (await ask(app, "!ratings")).table is None


async def test_a_films_card(app: App) -> None:
    """Year, genres, number and mean of ratings stand as in the data; the nearest films can be picked."""
    reply = await ask(app, "!movie Star Wars")
    assert reply.table is not None
    facts = {row[0]: row[1] for row in reply.table.rows}
    assert (facts["year"], facts["ratings"], facts["mean rating"]) == ("1977", "583", "4.36")
    assert "Sci-Fi" in str(facts["genres"])
    assert reply.choices[0].label == "Empire Strikes Back, The (1980)"


async def test_too_high_a_minimum_says_so(app: App) -> None:
    """Where no film is left, the reply names the option to change."""
    reply = await ask(app, "!similar Fargo min=900")
    assert isinstance(reply, Refusal)
    assert "`min`" in reply.text

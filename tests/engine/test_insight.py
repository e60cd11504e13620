"""The shipped model, looked into: the lecture's films, users and numbers."""

import numpy as np
import pytest

import engine
from engine import maps
from engine.artifact import Artifact
from engine.errors import InputError, UnknownTitle, UnknownUser
from engine.insight import Insight

TERMINATOR, SECOND = "Terminator, The (1984)", "Terminator 2: Judgment Day (1991)"
PATIENT, GODFATHER = "English Patient, The (1996)", "Godfather, The (1972)"
SHAWSHANK = "Shawshank Redemption, The (1994)"


@pytest.fixture(scope="module")
def inside(films: engine.Recommender) -> Insight:
    """The inside of the model that ships with the bot."""
    return Insight(films)


def test_the_shapes_are_the_lectures(inside: Insight) -> None:
    """944 users and 1665 films with `#na#`, 50 factors: 133,059 numbers, 130,450 of them factors."""
    assert inside.shapes == {
        "user_factors": (944, 50),
        "movie_factors": (1665, 50),
        "user_bias": (944,),
        "movie_bias": (1665,),
    }
    assert sum(int(np.prod(shape)) for shape in inside.shapes.values()) == 133_059


def test_the_lowest_bias_is_the_lectures(inside: Insight) -> None:
    """Children of the Corn: The Gathering has the lowest bias; biases rise from there."""
    low = inside.biases("low", count=20)
    assert low[0].name == "Children of the Corn: The Gathering (1996)"
    assert [each.bias for each in low] == sorted(each.bias for each in low)
    assert (low[0].count, round(low[0].mean, 2)) == (19, 1.32)


def test_the_highest_biases_are_the_lectures(inside: Insight) -> None:
    """The five highest are among the eight that trainings agree on."""
    known = {
        *("Schindler's List (1993)", "Titanic (1997)", "L.A. Confidential (1997)", SHAWSHANK),
        *("Silence of the Lambs, The (1991)", "Good Will Hunting (1997)", "Usual Suspects, The (1995)"),
        "Rear Window (1954)",
    }
    assert {each.name for each in inside.biases("high")} <= known


def test_the_harshest_and_the_most_generous_users(inside: Insight) -> None:
    """181 and 405 are the harshest; the five most generous are those that trainings agree on."""
    low, high = inside.biases("low", users=True), inside.biases("high", users=True)
    assert [each.name for each in low[:2]] == ["181", "405"]
    assert {each.name for each in high} == {"507", "907", "372", "472", "295"}
    assert low[0].mean < 2.2 < 3.8 < high[0].mean
    assert low[0].count is None


def test_a_match_is_what_the_model_says(inside: Insight, films: engine.Recommender) -> None:
    """The sum written out gives the stars of the lecture's model in PyTorch, for every pair that is tried."""
    torch = pytest.importorskip("torch")
    from engine.models import DotProductBias

    model = films.model
    ours = DotProductBias(len(films.users), len(films.titles), films.card.settings)
    with torch.no_grad():
        for name in ("user_factors", "movie_factors", "user_bias", "movie_bias"):
            getattr(ours, name).copy_(torch.from_numpy(np.array(getattr(model, name))))
    for user, title in (("196", TERMINATOR), ("181", PATIENT), ("943", SHAWSHANK)):
        match = inside.match(title, user)
        assert match.user_row is not None
        stars = ours(torch.tensor([match.user_row]), torch.tensor([match.movie_row])).item()
        assert match.stars == pytest.approx(stars, abs=1e-5)
        assert match.dot == pytest.approx(sum(match.products))
        assert match.activation == pytest.approx(match.dot + match.user_bias + match.movie_bias)


def test_a_newcomer_is_the_average(inside: Insight, films: engine.Recommender) -> None:
    """Without a user the person is folded in: from no rating the mean of all users."""
    people = np.column_stack([films.model.user_factors, films.model.user_bias])[1:].mean(axis=0)
    match = inside.match(TERMINATOR, {})
    assert np.allclose([*match.user_factors, match.user_bias], people, atol=1e-6)
    assert match.user_row is None
    assert (
        inside.match(TERMINATOR, {SECOND: 5.0}).stars > match.stars > inside.match(TERMINATOR, {SECOND: 1.0}).stars
    )


def test_films_that_belong_together_are_near(inside: Insight) -> None:
    """The lecture's three pairs: cosines as measured, and nearer than nearly all pairs, or farther."""
    near, fair, far = (
        inside.apart(*pair) for pair in ((TERMINATOR, SECOND), (GODFATHER, SHAWSHANK), (TERMINATOR, PATIENT))
    )
    assert 0.6 < near.cosine < 0.85
    assert 0.5 < fair.cosine < 0.7
    assert -0.25 < far.cosine < 0
    assert near.nearer_by_cosine > 99 > 30 > far.nearer_by_cosine
    assert near.nearer_by_euclidean > 90 > 10 > far.nearer_by_euclidean
    assert near.spread[0] <= near.cosine <= near.spread[1]


def test_the_distance_is_that_of_similar(inside: Insight, films: engine.Recommender) -> None:
    """`apart` and `similar` tell one number for one pair."""
    first = films.similar(TERMINATOR)[0]
    assert inside.apart(TERMINATOR, first.title).cosine == pytest.approx(first.score, abs=1e-3)
    first = films.similar(TERMINATOR, metric="euclidean")[0]
    assert inside.apart(TERMINATOR, first.title).euclidean == pytest.approx(first.score, abs=1e-3)


def test_factors_agree_where_both_have_much_of_them(inside: Insight) -> None:
    """Where two films agree both values have one sign; where they differ the gap is the widest there is."""
    apart = inside.apart(TERMINATOR, PATIENT)
    assert all(mine * other > 0 for _, mine, other in apart.agree)
    mine, other = (inside.match(title, "1").movie_factors for title in (TERMINATOR, PATIENT))
    widest = max(range(50), key=lambda at: abs(mine[at] - other[at]))
    assert apart.differ[0] == (widest + 1, mine[widest], other[widest])


def test_the_strongest_factors_come_first(inside: Insight) -> None:
    """Factors are counted from 1, ordered by size whatever the sign, and a film at their end has 100 % below."""
    values = inside.match(TERMINATOR, "1").movie_factors
    found = inside.factors(TERMINATOR, 50)
    assert [abs(each.value) for each in found] == sorted(map(abs, values), reverse=True)
    assert all(values[each.number - 1] == each.value for each in found)
    low, high = inside.ends(found[0].number)
    assert low[0][1] < low[1][1] < high[1][1] < high[0][1]


@pytest.mark.parametrize("number", [0, 51, -1])
def test_there_are_only_so_many_factors(inside: Insight, number: int) -> None:
    """A factor out of range is a sentence with the range."""
    with pytest.raises(InputError, match="factors 1 to 50"):
        inside.ends(number)


def test_films_can_be_added(inside: Insight) -> None:
    """Terminator 2 − Terminator + Alien is nearest to Aliens; what stands in the sum is left out."""
    terms = {SECOND: 1, TERMINATOR: -1, "Alien (1979)": 1}
    found = inside.analogy(terms, 10)
    assert found[0][0] == "Aliens (1986)"
    assert not terms.keys() & {title for title, _ in found}


@pytest.mark.parametrize("user", ["0", "944", "nobody", ""])
def test_an_unknown_user_is_a_sentence(inside: Insight, user: str) -> None:
    """It says which users there are."""
    with pytest.raises(UnknownUser, match="943 users, 1 to 943"):
        inside.match(TERMINATOR, user)


def test_the_map_shows_what_the_lecture_saw(films: engine.Recommender) -> None:
    """On 1 and 3 Terminator is far from The English Patient, and near its sequel; on 1 and 2 that is gone."""
    drawn = maps.of_films(films)
    assert len(drawn.points) == 50
    assert round(drawn.first_three, 2) in (0.39, 0.40)
    assert (drawn.nearer(TERMINATOR, PATIENT) or 0) >= 95
    assert (drawn.nearer(GODFATHER, SHAWSHANK) or 100) <= 45
    assert (drawn.nearer(TERMINATOR, SECOND) or 100) <= 50
    assert (maps.of_films(films, axes=(1, 2)).nearer(TERMINATOR, PATIENT) or 100) <= 43
    star_wars = drawn.points[0]
    assert star_wars.name == "Star Wars (1977)"
    assert star_wars.x > 0 < star_wars.y


def test_a_marked_film_is_on_the_map(films: engine.Recommender) -> None:
    """Also one that is not among the most rated, and once only."""
    drawn = maps.of_films(films, top=1, mark=("Grease 2 (1982)", "Star Wars (1977)"))
    assert [point.name for point in drawn.points] == ["Star Wars (1977)", "Grease 2 (1982)"]
    assert drawn.nearer("Star Wars (1977)", "Fargo (1996)") is None
    with pytest.raises(UnknownTitle):
        maps.of_films(films, mark=("Terminatr",))


def test_every_user_is_in_a_cluster(films: engine.Recommender) -> None:
    """The sizes add up to 943, the largest comes first, each has its genres, and it is the same each time."""
    drawn = maps.of_users(films, clusters=4, mark=("196",))
    assert sum(each.size for each in drawn.clusters) == len(drawn.points) == 943
    assert [each.size for each in drawn.clusters] == sorted((each.size for each in drawn.clusters), reverse=True)
    assert all(each.genres for each in drawn.clusters)
    assert any("Action" in each.genres for each in drawn.clusters)
    assert drawn == maps.of_users(films, clusters=4)
    assert maps.of_users(films, clusters=1).clusters[0].genres == ()


@pytest.mark.parametrize("axes", [(1, 1), (0, 1), (1, 51)])
def test_a_map_has_two_axes(films: engine.Recommender, axes: tuple[int, int]) -> None:
    """Axes that are the same, or that there are not, are a sentence."""
    with pytest.raises(InputError, match="two different axes from 1 to 50"):
        maps.of_films(films, axes=axes)
    with pytest.raises(InputError, match="two different axes from 1 to 50"):
        maps.of_users(films, axes=axes)


def test_clusters_and_users_out_of_range_are_sentences(films: engine.Recommender) -> None:
    """No cluster, more than there are letters, or somebody who is not in the data."""
    for clusters in (0, 27):
        with pytest.raises(InputError, match="1 to 26 clusters"):
            maps.of_users(films, clusters=clusters)
    with pytest.raises(UnknownUser):
        maps.of_users(films, mark=("Ann",))


def test_a_small_model_can_be_looked_into(small: Artifact) -> None:
    """Sixty people, forty films, four factors: nothing here expects MovieLens."""
    films = engine.Recommender(small)
    inside = Insight(films)
    first, second = films.titles[:2]
    assert inside.apart(first, second).euclidean > 0
    assert len(inside.biases("high", users=True, count=100)) == 60
    assert len(maps.of_films(films, top=100).points) == 40
    assert sum(each.size for each in maps.of_users(films, clusters=2).clusters) == 60
    assert inside.ends(4)[1][0][1] > inside.ends(4)[0][0][1]
    assert inside.analogy({first: 1, second: -1})

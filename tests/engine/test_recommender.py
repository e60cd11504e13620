"""Answers: the films that every learner will look up, people the model has never met, and what must never show."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.artifact import Artifact
from engine.card import Settings
from engine.errors import BadModel, InputError, UnknownTitle
from engine.foldin import FoldIn, with_one
from engine.ratings import read

TERMINATOR, TERMINATOR_2 = "Terminator, The (1984)", "Terminator 2: Judgment Day (1991)"
STAR_WARS, EMPIRE = "Star Wars (1977)", "Empire Strikes Back, The (1980)"
DISNEY = {"Beauty and the Beast (1991)", "Lion King, The (1994)", "Aladdin (1992)"}


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize(
    ("title", "nearest"),
    [
        pytest.param(TERMINATOR, {TERMINATOR_2}, id="terminator"),
        pytest.param(TERMINATOR_2, {TERMINATOR}, id="terminator-2"),
        pytest.param(STAR_WARS, {EMPIRE}, id="star-wars"),
        pytest.param("Toy Story (1995)", DISNEY, id="toy-story"),
        pytest.param("Godfather, The (1972)", {"Godfather: Part II, The (1974)"}, id="godfather"),
    ],
)
def test_neighbours_that_people_expect(
    films: engine.Recommender, metric: engine.Metric, title: str, nearest: set[str]
) -> None:
    """A sequel lies next to its film, and Toy Story among Disney's; by angle and by distance."""
    assert {each.title for each in films.similar(title, count=len(nearest), metric=metric)} == nearest


def test_the_silence_of_the_lambs(films: engine.Recommender) -> None:
    """The book's answer for one training, Dial M for Murder, is among the ten closest by plain cosine of many."""
    near = films.similar("Silence of the Lambs, The (1991)", count=1663)
    by_score = sorted(near, key=lambda each: -each.score)
    assert "Dial M for Murder (1954)" in [each.title for each in by_score[:10]]
    assert near[0].title == "One Flew Over the Cuckoo's Nest (1975)"


def test_no_rarity_is_a_neighbour(films: engine.Recommender) -> None:
    """For all 1664 films: ten others, in order, none with fewer than 20 ratings, never `#na#` or itself."""
    for title in films.titles:
        near = films.similar(title, count=10)
        assert len({each.title for each in near} - {title, "#na#"}) == 10
        assert min(each.count for each in near) >= 20
        assert all(one.weighted >= other.weighted for one, other in pairwise(near))
        assert all(-1 <= each.score <= 1 for each in near)


def test_no_rarity_is_close_by_distance(films: engine.Recommender) -> None:
    """The same by distance, where rarely rated films crowd around zero; for every tenth film."""
    for title in films.titles[::10]:
        near = films.similar(title, count=10, metric="euclidean")
        assert len({each.title for each in near} - {title, "#na#"}) == 10
        assert min(each.count for each in near) >= 20
        assert all(one.weighted <= other.weighted for one, other in pairwise(near))


def test_the_score_is_the_mean_cosine(films: engine.Recommender) -> None:
    """The score is the cosine of each training, averaged; the weight multiplies it by n/(n + 20)."""
    one, other = (films.titles.index(title) + 1 for title in (TERMINATOR, TERMINATOR_2))
    cosines = [
        float(np.dot(table[one], table[other]) / np.linalg.norm(table[one]) / np.linalg.norm(table[other]))
        for table in films.model.ensemble.astype(np.float64)
    ]
    near = films.similar(TERMINATOR, count=1)[0]
    assert near.score == pytest.approx(np.mean(cosines), abs=1e-5)
    assert near.weighted == pytest.approx(near.score * near.count / (near.count + 20))
    assert 0.65 < near.score < 0.85


def test_asking_both_ways_agrees(films: engine.Recommender) -> None:
    """Likeness is mutual: from A to B as from B to A, by angle and by distance."""
    for metric in ("cosine", "euclidean"):
        there = {each.title: each.score for each in films.similar(STAR_WARS, count=1663, metric=metric, minimum=0)}
        for title in films.titles[::200]:
            back = {each.title: each.score for each in films.similar(title, count=1663, metric=metric, minimum=0)}
            assert back[STAR_WARS] == pytest.approx(there[title], abs=1e-5)
        assert len(there) == 1663


def test_count_and_minimum(films: engine.Recommender) -> None:
    """As many as asked for, or as there are; `minimum` moves the bar for what is shown."""
    assert films.similar(TERMINATOR, count=0) == films.similar(TERMINATOR, count=-1) == ()
    assert min(each.count for each in films.similar(TERMINATOR, count=10, minimum=200)) >= 200
    assert films.similar(TERMINATOR, minimum=10_000) == ()
    assert films.lecture_recommend({}, minimum=500, count=9)[0].title == STAR_WARS
    assert len(films.recommend({}, minimum=0, count=5000)) == 1664


def test_the_average_person(films: engine.Recommender) -> None:
    """Without ratings: what the average user vector would like best, in the lecture's model as in the lecture."""
    best = films.lecture_recommend({}, count=10)
    assert best[0].title == "Schindler's List (1993)"
    assert 4.33 < best[0].stars < 4.42
    assert {"Shawshank Redemption, The (1994)", "Casablanca (1942)", STAR_WARS} <= {each.title for each in best}
    model = films.model
    person = np.append(model.user_factors[1:].mean(axis=0), model.user_bias[1:].mean())
    film = films.titles.index(best[0].title) + 1
    activation = model.movie_factors[film] @ person[:-1] + person[-1] + model.movie_bias[film]
    assert best[0].stars == pytest.approx(5.5 / (1 + np.exp(-activation)), abs=1e-5)


def test_ratings_change_the_list(films: engine.Recommender) -> None:
    """Who loves space operas is shown them, not the films already rated; who hates them is not."""
    loves = {STAR_WARS: 5.0, "Return of the Jedi (1983)": 5.0, "English Patient, The (1996)": 1.0}
    hates = {STAR_WARS: 1.0, "Return of the Jedi (1983)": 1.0, "English Patient, The (1996)": 5.0}
    shown = [each.title for each in films.recommend(loves, count=10)]
    assert EMPIRE in shown[:5]
    assert not set(shown) & set(loves)
    assert EMPIRE not in [each.title for each in films.recommend(hates, count=10)]
    assert EMPIRE not in [each.title for each in films.lecture_recommend(hates, count=100)]
    assert (
        films.predict(EMPIRE, loves).stars > films.predict(EMPIRE, {}).stars > films.predict(EMPIRE, hates).stars
    )


def test_different_ways_of_asking_agree(films: engine.Recommender) -> None:
    """Order of ratings does not matter, and a prediction is what the list says."""
    ratings = {TERMINATOR: 4.0, "Fargo (1996)": 2.5, "Alien (1979)": 5.0}
    listed = films.recommend(ratings, count=1664, minimum=0)
    again = films.recommend(dict(reversed(ratings.items())), count=1664, minimum=0)
    assert {each.title: each.stars for each in listed} == pytest.approx({each.title: each.stars for each in again})
    assert films.predict(listed[7].title, ratings) == listed[7]
    assert all(0.5 <= each.stars <= 5 for each in listed)
    plain = films.lecture_recommend(ratings, count=1664, minimum=0)
    assert films.lecture_predict(plain[7].title, ratings) == plain[7]
    assert all(0 < each.stars < 5.5 for each in plain)


def test_a_prediction_says_how_sure_it_is_and_why(films: engine.Recommender) -> None:
    """More ratings make it surer; what each moved adds up to the way from the average newcomer."""
    ratings = {TERMINATOR: 5.0, "Alien (1979)": 4.5, "English Patient, The (1996)": 1.0}
    told, untold = films.predict(TERMINATOR_2, ratings), films.predict(TERMINATOR_2, {})
    assert 0.2 < told.sd < untold.sd < 1.2
    assert untold.stars == untold.average == told.average
    assert untold.why == ()
    assert told.stars - told.average == pytest.approx(sum(each.stars for each in told.why))
    assert told.why[0].title == TERMINATOR
    assert sum(each.share for each in told.why) == pytest.approx(1)
    assert told.why[-1].share == 0, "one star leads to nothing"


def test_a_film_one_likes_is_enough(films: engine.Recommender) -> None:
    """From one film: no rarity, no film twice, and the reason is that film."""
    shown = films.recommend({"Toy Story (1995)": 5.0}, count=10)
    assert len({each.title for each in shown} - {"Toy Story (1995)"}) == 10
    assert min(each.count for each in shown) >= 20
    assert {each.why[0].title for each in shown} == {"Toy Story (1995)"}


def test_the_nearest_are_taken_from_those_most_alike(films: engine.Recommender) -> None:
    """Who has seen a film has a say in who is looked at, and none in the order or the score."""
    for title in films.titles[::20]:
        every = films.similar(title, count=1663, candidates=None)
        order = [each.title for each in every]
        near = films.similar(title, count=20)
        assert [order.index(each.title) for each in near] == sorted(order.index(each.title) for each in near)
        assert set(near) <= set(every)
        assert films.similar(title, count=7) == near[:7]
        assert len(films.similar(title, count=60)) == 60


@pytest.mark.parametrize("title", ["Silence of the Lambs, The (1991)", "Fargo (1996)"])
def test_what_few_have_seen_as_well_is_left_out(films: engine.Recommender, title: str) -> None:
    """The list changes for films whose direction alone says little; its films have an audience in common."""
    near = {each.title for each in films.similar(title, count=10)}
    every = {each.title for each in films.similar(title, count=10, candidates=None)}
    rows = {each: films.titles.index(each) for each in {title} | (near ^ every)}
    seen = {each: films.model.tastes[row].astype(float) for each, row in rows.items()}

    def common(other: str) -> float:
        one, two = seen[title], seen[other]
        return float(one @ two / np.linalg.norm(one) / np.linalg.norm(two))

    assert near != every
    assert min(map(common, near - every)) > max(map(common, every - near))


def test_film_card(films: engine.Recommender) -> None:
    """What is known of a film; ranks of the biases run from 1 to 1664."""
    film = films.film("Toy Story (1995)")
    assert (film.year, film.count, film.genres) == (1995, 452, ("Animation", "Children's", "Comedy"))
    assert film.mean == pytest.approx(3.878, abs=5e-4)
    assert (films.film("unknown").year, films.film("unknown").genres) == (None, ())
    ranked = sorted((films.film(title) for title in films.titles), key=lambda each: each.bias_rank)
    assert (ranked[0].bias_rank, ranked[-1].bias_rank) == (1, 1664)
    assert all(one.bias >= other.bias for one, other in pairwise(ranked))
    assert ranked[-1].title == "Children of the Corn: The Gathering (1996)"
    assert {each.title for each in ranked[:8]} >= {"Titanic (1997)", "Shawshank Redemption, The (1994)"}


def test_the_card(films: engine.Recommender) -> None:
    """The about page's figures."""
    assert (len(films.titles), len(films.users), films.card.ratings) == (1664, 943, 100_000)
    assert "#na#" not in films.titles
    assert (films.card.data, films.card.split, films.card.model) == ("MovieLens 100K", "r42", "dotbias")
    assert 0.80 < films.card.metrics.mse < 0.825


def test_an_unknown_title_comes_with_the_nearest(films: engine.Recommender) -> None:
    """Titles are exact here: anything else is refused with what may be meant, wherever a title goes in."""
    for ask in (
        lambda: films.film("Terminatr"),
        lambda: films.similar("Terminatr"),
        lambda: films.predict("Terminatr", {}),
        lambda: films.recommend({"Terminatr": 4.0}),
    ):
        with pytest.raises(UnknownTitle) as refused:
            ask()
        assert refused.value.near == (TERMINATOR,)
    with pytest.raises(UnknownTitle):
        films.film("#na#")


@pytest.mark.parametrize("stars", [0, 5.5, -1, float("nan"), float("inf")])
def test_stars_outside_the_range_are_refused(films: engine.Recommender, stars: float) -> None:
    """A rating is 0.5 to 5: the sentence says so."""
    with pytest.raises(InputError, match="A rating runs from"):
        films.recommend({TERMINATOR: stars})


def test_folding_in_is_bayes_rule() -> None:
    """The closed form is the posterior mean: prior and ratings stacked into one least-squares problem agree."""
    chance = np.random.default_rng(8)
    people, films = chance.normal(0.1, 0.5, (300, 5)), chance.normal(0, 0.7, (12, 5))
    stars = chance.uniform(0.5, 5, 12)
    fold_in = FoldIn.of(people, noise=0.8, low=0.0, high=5.5)
    share = fold_in.stars(fold_in.mean, films) / 5.5
    slope = 5.5 * share * (1 - share)
    # Rows of prior and of ratings, each divided by its standard deviation.
    root = np.linalg.cholesky(fold_in.precision).T
    design = np.vstack([root, with_one(films) * slope[:, None] / 0.8**0.5])
    target = np.concatenate(
        [root @ fold_in.mean, ((stars - 5.5 * share) / slope + with_one(films) @ fold_in.mean) * slope / 0.8**0.5]
    )
    expected, *_ = np.linalg.lstsq(design, target)
    np.testing.assert_allclose(fold_in.person(films, stars), expected)
    np.testing.assert_array_equal(fold_in.person(films[:0], stars[:0]), people.mean(axis=0))


@pytest.mark.parametrize("people", [1, 2, 8])
def test_few_people_are_enough(people: int) -> None:
    """With fewer people than factors the spread has no inverse of its own; predictions stay in range."""
    chance = np.random.default_rng(9)
    films = chance.normal(0, 0.5, (30, 51))
    fold_in = FoldIn.of(chance.normal(0, 0.3, (people, 51)), noise=1.0, low=0.0, high=5.5)
    stars = fold_in.stars(fold_in.person(films, np.full(30, 5.0)), films)
    assert np.all((stars > 0) & (stars < 5.5))


def test_people_never_met_are_predicted_better_than_the_average_person(movielens: Path) -> None:
    """A fifth of the people left out of training: ten of their ratings beat none, and half of them beat ten."""
    from engine.training import fit, one_thread

    ratings = read(movielens)
    chance = np.random.default_rng(1)
    strangers = chance.permutation(943)[:188] + 1
    met = np.flatnonzero(~np.isin(ratings.user_rows, strangers))
    with one_thread():
        model, _ = fit(ratings, met, Settings(epochs=3))
    tables = {name: values.detach().double().numpy() for name, values in model.named_parameters()}
    people = np.column_stack([tables["user_factors"], tables["user_bias"]])[np.unique(ratings.user_rows[met])]
    films = np.column_stack([tables["movie_factors"], tables["movie_bias"]])
    fold_in = FoldIn.of(people, noise=0.8, low=0.0, high=5.5)
    errors: dict[int, list[float]] = {0: [], 10: [], 1000: []}
    for stranger in strangers:
        own = chance.permutation(np.flatnonzero(ratings.user_rows == stranger))
        told, kept = own[: len(own) // 2], own[len(own) // 2 :]
        for known, found in errors.items():
            some = told[:known]
            person = fold_in.person(films[ratings.title_rows[some]], ratings.stars[some].astype(np.float64))
            found += (fold_in.stars(person, films[ratings.title_rows[kept]]) - ratings.stars[kept]).tolist()
    average, ten, everything = (float(np.sqrt(np.mean(np.square(found)))) for found in errors.values())
    assert average > ten + 0.03
    assert ten > everything + 0.03
    assert everything < 0.95


def test_a_small_model_answers(small: Artifact, tmp_path: Path) -> None:
    """Any model of ours is loaded and answers: in the made-up data even films are like even films."""
    small.save(tmp_path / "small")
    films = engine.load(str(tmp_path / "small"))
    near = films.similar(films.find("part 8").title or "", count=5, minimum=1)
    numbers = [int(each.title.split(",")[0].removeprefix("Part ")) for each in near]
    assert all(number % 2 == 0 for number in numbers), numbers
    loved = films.recommend({"Part 9, The (1959)": 5.0, "Part 8, The (1958)": 0.5}, count=5, minimum=1)
    assert all(int(each.title.split(",")[0].removeprefix("Part ")) % 2 for each in loved)


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    """`load` names the file that it cannot use."""
    with pytest.raises(BadModel, match="there is no such file"):
        engine.load(tmp_path / "gone")


def printed(program: str) -> str:
    """What a program prints that is run in a process of its own, where nothing is imported yet."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=60).stdout


def test_answering_is_light() -> None:
    """Loading, finding, likeness and recommendations import neither torch, pandas nor matplotlib."""
    program = """
import sys, engine
films = engine.load()
films.similar(films.find("terminatr").title), films.recommend({"Fargo (1996)": 5}), films.complete("t")
print([name for name in ("torch", "pandas", "matplotlib", "asyncio", "logging") if name in sys.modules])
"""
    assert printed(program) == "[]\n"


def test_the_door_opens_only_what_is_asked_for() -> None:
    """`import engine` alone loads not even numpy, and a name that is not there is an ordinary AttributeError."""
    program = "import sys, engine; print('numpy' in sys.modules, len(dir(engine)) > 0)"
    assert printed(program) == "False True\n"
    assert all(hasattr(engine, name) for name in engine.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        engine.nothing  # noqa: B018 - asking for it is the test

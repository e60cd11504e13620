"""Reading ratings: all forms, and everything that can be wrong with them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import BadRatings
from engine.ratings import Ratings, glance, read
from engine.split import divide, r42


def written(folder: Path, **files: str) -> Path:
    """A folder with these files; `u_data` becomes `u.data`, and `ratings_csv` `ratings.csv`."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="latin-1" if name[1] == "_" else "utf-8")
    return folder


TABBED = {
    "u_genre": "unknown|0\nAction|1\nComedy|2\n\n",
    "u_item": "1|Café (1990)|x||x|0|1|1\n2|Up (1991) |x||x|1|0|0\n3|Café (1990)|x||x|0|1|0\n",
    "u_data": "7\t1\t5\t0\n12\t2\t3\t0\n12\t3\t1\t0\n",
}
PAIR = {
    "movies_csv": 'movieId,title,genres\n1,Café (1990),Action|Comedy\n2,"Up (1991)",(no genres listed)\n',
    "ratings_csv": "userId,movieId,rating,timestamp\n7,1,5.0,0\n12,2,3.0,0\n12,1,1.0,0\n",
}
OWN = {"own_csv": "title,user,rating,why\nCafé (1990),7,5,fun\nUp (1991),12,3,\n\nCafé (1990),12,1,\n"}


@pytest.mark.parametrize(
    ("files", "part", "genres"),
    [
        pytest.param(TABBED, "", (("Action", "Comedy"), ()), id="tabbed-folder"),
        pytest.param(TABBED, "u.data", (("Action", "Comedy"), ()), id="tabbed-file"),
        pytest.param(PAIR, "", (("Action", "Comedy"), ()), id="csv-folder"),
        pytest.param(PAIR, "ratings.csv", (("Action", "Comedy"), ()), id="csv-file"),
        pytest.param(OWN, "own.csv", ((), ()), id="own-csv"),
    ],
)
def test_every_form_says_the_same(
    tmp_path: Path, files: dict[str, str], part: str, genres: tuple[tuple[str, ...], ...]
) -> None:
    """Old and new MovieLens files and a CSV of one's own give the same ratings, films merged by title."""
    ratings = read(written(tmp_path, **files) / part)
    assert ratings.titles == ("Café (1990)", "Up (1991)")
    assert ratings.users == ("7", "12")  # by number, not by letter
    assert ratings.genres == genres
    assert ratings.user_rows.tolist() == [1, 2, 2]
    assert ratings.title_rows.tolist() == [1, 2, 1]
    assert ratings.stars.tolist() == [5, 3, 1]
    assert ratings.counts().tolist() == [2, 1]
    assert ratings.means().tolist() == [3, 3]


@pytest.mark.parametrize(
    ("files", "part", "says"),
    [
        pytest.param({}, "", "neither u.data nor ratings.csv is there", id="empty-folder"),
        pytest.param({}, "gone.csv", "there is no such file", id="no-file"),
        pytest.param({"u_data": "1\t1\t5\t0\n"}, "", "u.genre: there is no such file", id="no-genres"),
        pytest.param(
            {**TABBED, "u_data": "1\t1\t5\t0\n\n1\t2\t9\t0\n"}, "", "line 3: rating 9 is outside 0.5 to 5", id="9"
        ),
        pytest.param({**TABBED, "u_data": "1\t1\t0\t0\n"}, "", "line 1: rating 0 is outside", id="0"),
        pytest.param({**TABBED, "u_data": "1\t1\tnan\t0\n"}, "", "line 1: rating nan is outside", id="nan"),
        pytest.param(
            {**TABBED, "u_data": "1\t1\tfive\t0\n"}, "", "line 1: rating 'five' is not a number", id="word"
        ),
        pytest.param(
            {**TABBED, "u_data": "1\t99\t5\t0\n"}, "", "line 1: film 99 is not in the list", id="no-such-film"
        ),
        pytest.param({**TABBED, "u_data": "1 1 5 0\n"}, "", "line 1: this is neither a CSV", id="spaces"),
        pytest.param({**TABBED, "u_data": "\n"}, "", "there is no rating in it", id="nothing"),
        pytest.param({"a_csv": "who,what,stars\n1,2,3\n"}, "a.csv", "line 1: the columns should be", id="columns"),
        pytest.param({"a_csv": ""}, "a.csv", "line 1: the columns should be", id="empty-csv"),
        pytest.param({"a_csv": "user,title,likes\nAnn,Up,-1\n"}, "a.csv", "line 2: count -1 is outside", id="-1"),
        pytest.param({"a_csv": "user,title,likes\nAnn,Up,inf\n"}, "a.csv", "line 2: count inf is", id="inf"),
        pytest.param({"a_csv": "user,title,likes\nAnn,Up,no\n"}, "a.csv", "line 2: count 'no' is not", id="no"),
        pytest.param({"a_csv": "user,title,rating\nAnn,Up\n"}, "a.csv", "line 2: 2 columns", id="short-row"),
        pytest.param({"a_csv": "user,title,rating\nAnn,,4\n"}, "a.csv", "line 2: a title is empty", id="no-title"),
        pytest.param({"a_csv": "user,title,rating\n ,Up,4\n"}, "a.csv", "line 2: a user's name is", id="no-user"),
        pytest.param(
            {"a_csv": f"user,title,rating\nAnn,{'Up' * 200},4\n"},
            "a.csv",
            "line 2: a title is too long",
            id="long",
        ),
        pytest.param({**TABBED, "u_data": "1\t1\n"}, "", "line 1: 2 columns, 3 expected", id="two"),
        pytest.param({"a_csv": "user,title,rating\nAnn\n"}, "a.csv", "line 2: 1 column where", id="one"),
        pytest.param({"big_bin": "\n\n\0\0"}, "big.bin", "line 3: it cannot be read as text", id="binary"),
        pytest.param({"pass_wd": "root:x:0:0\n"}, "pass.wd", "line 1: this is neither a CSV", id="passwd"),
        pytest.param(
            {"a_csv": 'user,title,rating\nAnn,Up,4\nAnn,"Fargo,5\nBob,Up,3\n'},
            "a.csv",
            "line 3: a quote is left open",
            id="open",
        ),
        pytest.param(
            {"a_csv": "userId,movieId,rating\n1,1,4\n"}, "a.csv", "movies.csv: there is no", id="no-films"
        ),
        pytest.param(
            {"a_csv": 'user,title,rating\n"' + "x" * 200_000}, "a.csv", "line 2: a quote is left open", id="quote"
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, files: dict[str, str], part: str, says: str) -> None:
    """Whatever is wrong is said with the file and, where there is one, the line."""
    with pytest.raises(BadRatings) as refused:
        read(written(tmp_path, **files) / part)
    assert says in str(refused.value)
    assert str(tmp_path) in str(refused.value)


def test_letters_that_are_not_utf8_are_named_by_their_line(tmp_path: Path) -> None:
    """A CSV in Latin-1: which line, and what to do."""
    (tmp_path / "own.csv").write_bytes("user,title,rating\nAnn,Up,4\nAnn,Café,5\n".encode("latin-1"))
    with pytest.raises(BadRatings, match=r"own\.csv: line 3: it cannot be read as text: save the file as UTF-8"):
        read(tmp_path / "own.csv")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("own.csv", "user;title;rating\nAnn;Up, again;4,5\nBob;Fargo;3\n", id="semicolons"),
        pytest.param("own.tsv", "user\ttitle\trating\nAnn\tUp, again\t4.5\nBob\tFargo\t3\n", id="tabs"),
        pytest.param("own.txt", '\ufeffuser,title,rating\nAnn,"Up, again",4.5\nBob,Fargo,3\n', id="another-name"),
    ],
)
def test_other_separators_and_names(name: str, text: str, tmp_path: Path) -> None:
    """What a spreadsheet saves where a comma is for decimals; a file is what its first line says."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    ratings = read(tmp_path / name)
    assert ratings.titles == ("Fargo", "Up, again")
    assert ratings.stars.tolist() == [4.5, 3]


def test_a_line_without_a_number_is_one_like(tmp_path: Path) -> None:
    """Users and films alone; who likes a film twice likes it more."""
    ratings = read(written(tmp_path, a_csv="user,item\nAnn,Up\nBob,Up\nAnn,Fargo\nAnn,Up\n") / "a.csv")
    assert len(ratings) == 3
    assert ratings.stars[0] > ratings.stars[1] == ratings.stars[2]
    assert ratings.notes[0].endswith("such counts are added up.")


@pytest.mark.parametrize("content", [b"", b"\0" * 100_000, b"user,title,rating\n", b"hello\n" * 9])
def test_a_glance_finds_what_is_no_ratings(content: bytes, tmp_path: Path) -> None:
    """Of good ratings it reads the beginning, of others it says what is wrong."""
    (tmp_path / "ratings.csv").write_bytes(content)
    with pytest.raises(BadRatings):
        glance(tmp_path)
    (tmp_path / "ratings.csv").write_bytes(b"user,title,rating\n" + b"Ann,Up,4\n" * 2000 + b"Ann,Up,many\n")
    assert glance(tmp_path) == tmp_path / "ratings.csv"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A picture called ratings.csv is a `BadRatings`, not a stack trace."""
    (tmp_path / "ratings.csv").write_bytes(bytes(range(256)) * 8)
    with pytest.raises(BadRatings, match="cannot be read as text"):
        read(tmp_path)


def test_a_film_rated_twice_counts_once(tmp_path: Path) -> None:
    """By the mean, in the place where it was first met; and it is said."""
    text = "user,title,rating\nAnn,Up,4\nBob,Up,5\nAnn,Fargo,3\nAnn,Up,1\n"
    ratings = read(written(tmp_path, a_csv=text) / "a.csv")
    assert ratings.stars.tolist() == [2.5, 5, 3]
    assert [ratings.users[row - 1] for row in ratings.user_rows] == ["Ann", "Bob", "Ann"]
    assert ratings.notes == ("1 of 4 lines repeat a user and a film: such ratings count once, by their mean.",)


def test_a_pair_that_stands_twice_in_tabbed_files_counts_once(tmp_path: Path) -> None:
    """In data of one's own; MovieLens has none, so it stays to the digit."""
    ratings = read(written(tmp_path, **{**TABBED, "u_data": "7\t1\t5\t0\n7\t2\t3\t0\n7\t1\t2\t0\n"}))
    assert ratings.stars.tolist() == [3.5, 3]
    assert ratings.notes == ("1 of 3 lines repeat a user and a film: such ratings count once, by their mean.",)


def test_the_lectures_data_stays_as_it_is(tmp_path: Path) -> None:
    """MovieLens 100K has titles with two numbers, rated twice by some: both ratings stay, as in the lecture."""
    ratings = read(written(tmp_path, **{**TABBED, "u_data": "7\t1\t5\t0\n7\t3\t1\t0\n"}))
    assert ratings.stars.tolist() == [5, 1]
    assert ratings.notes == ()


@pytest.mark.parametrize("name", ["likes", "Clicks", "plays", "count"])
def test_counts_become_stars(tmp_path: Path, name: str) -> None:
    """Logarithms, deviations, a sigmoid over 1 to 5; who liked twice liked more."""
    text = f"user_id,item,{name}\na,X,100\nb,X,5\nc,X,50\na,X,9\n"
    ratings = read(written(tmp_path, a_csv=text) / "a.csv")
    np.testing.assert_allclose(ratings.stars, [3.921, 1.812, 3.367], atol=5e-4)
    assert ratings.notes[0] == "1 of 4 lines repeat a user and a film: such counts are added up."
    assert "turned into stars" in ratings.notes[1]


def test_equal_counts_are_three_stars(tmp_path: Path) -> None:
    """Where nothing differs there is no more and no less."""
    ratings = read(written(tmp_path, a_csv="user,title,likes\na,X,1\nb,Y,1\n") / "a.csv")
    assert ratings.stars.tolist() == [3, 3]


@pytest.mark.parametrize(
    "fill", [b"\0", b"x", b"x\n", b"1,2\n", b"\xff"], ids=["zeros", "line", "lines", "pairs", "ff"]
)
def test_100_mb_that_are_no_ratings_are_refused_at_once(tmp_path: Path, fill: bytes) -> None:
    """Whatever fills the file: one sentence."""
    for name in ("ratings.csv", "u.data"):
        with (tmp_path / name).open("wb") as file:
            for _ in range(100):
                file.write(fill * (2**20 // len(fill)))
        (tmp_path / "u.genre").write_text("Action|1\n", encoding="latin-1")
        (tmp_path / "u.item").write_text("1|Up|x||x|0|1\n", encoding="latin-1")
        with pytest.raises(BadRatings):
            read(tmp_path / name)


def test_ratings_check_themselves(made: Path) -> None:
    """Ratings made in code pass the same door as those from a file."""
    good = read(made)
    for changed in (
        {"stars": good.stars[:-1]},
        {"stars": good.stars + np.float32(1)},
        {"stars": good.stars * np.float32("nan")},
        {"user_rows": good.user_rows - 1},
        {"title_rows": good.title_rows + 1},
        {"titles": (*good.titles[:-1], good.titles[0])},
        {"genres": good.genres[:-1]},
    ):
        with pytest.raises(BadRatings):
            replace(good, **changed)


def test_r42_is_the_lectures_split(made: Path) -> None:
    """The split is that of `torch.manual_seed(42)` and `randperm`, and leaves torch's own generator alone."""
    ratings = read(made)
    torch.manual_seed(7)
    before = torch.get_rng_state()
    split = r42(ratings)
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(42)
    shuffled = torch.randperm(len(ratings)).tolist()
    assert split.valid.tolist() == shuffled[: len(ratings) // 5]
    assert sorted([*split.valid, *split.train]) == list(range(len(ratings)))


def test_two_files_are_a_split(tmp_path: Path) -> None:
    """`BASE:TEST` learns from the first file and checks on the second, and is named without their folder."""
    folder = written(tmp_path, **TABBED)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.test").write_text("9\t2\t4\t0\n", encoding="utf-8")
    ratings, split = divide(folder, f"u.data:{elsewhere / 'x.test'}")
    assert split.name == "u.data:x.test"
    assert ratings.stars[split.train].tolist() == [5, 3, 1]
    assert ratings.stars[split.valid].tolist() == [4]
    assert ratings.users[ratings.user_rows[-1] - 1] == "9"


@pytest.mark.parametrize("name", ["r43", "", ":", "u.data:", "u.data:gone", "a:b:c"])
def test_an_unknown_split_is_refused(tmp_path: Path, name: str) -> None:
    """A split that is neither r42 nor two files that are there says so."""
    with pytest.raises(BadRatings):
        divide(written(tmp_path, **TABBED), name)


def test_too_few_to_split(tmp_path: Path) -> None:
    """Three ratings have no fifth to hold back."""
    with pytest.raises(BadRatings, match="3 ratings are too few"):
        divide(written(tmp_path, **TABBED))
    with pytest.raises(BadRatings, match="1 rating is too few"):
        divide(written(tmp_path, **{**TABBED, "u_data": "7\t1\t5\t0\n"}))


def test_movielens_as_published(movielens: Path) -> None:
    """The figures of the published set: 100,000 ratings, 943 people, 1664 titles, mean 3.53, Star Wars first."""
    ratings: Ratings = read(movielens)
    assert (len(ratings), len(ratings.users), len(ratings.titles)) == (100_000, 943, 1664)
    assert np.bincount(ratings.stars.astype(int)).tolist() == [0, 6110, 11370, 27145, 34174, 21201]
    counts = dict(zip(ratings.titles, ratings.counts().tolist(), strict=True))
    assert [counts[title] for title in ("Star Wars (1977)", "Contact (1997)", "Fargo (1996)")] == [583, 509, 508]
    assert list(counts.values()).count(1) == 134
    assert ratings.genres[ratings.titles.index("Toy Story (1995)")] == ("Animation", "Children's", "Comedy")
    assert ratings.genres[ratings.titles.index("unknown")] == ()


def test_the_published_fold_is_the_whole(movielens: Path) -> None:
    """u1.base and u1.test together hold the ratings of u.data, 80,000 and 20,000."""
    whole = read(movielens)
    ratings, split = divide(movielens, "u1.base:u1.test")
    assert (len(split.train), len(split.valid)) == (80_000, 20_000)
    assert ratings.titles == whole.titles
    assert ratings.counts().tolist() == whole.counts().tolist()

"""The commands that look inside the model, through the shipped one: the lecture's films, users and numbers."""

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.values import Reply


async def ask(app: App, line: str) -> Reply:
    """The answer in words and numbers; no refusal."""
    reply = await app.ask(line, draw=False)
    assert not isinstance(reply, Refusal), reply.text
    return reply


def column(reply: Reply, number: int = 0) -> list[object]:
    """One column of the reply's table."""
    assert reply.table is not None, reply.text
    return [row[number] for row in reply.table.rows]


async def test_the_lowest_bias(app: App) -> None:
    """Children of the Corn comes first, with its mean and number of ratings; the picture shows the same."""
    reply = await ask(app, "!bias low")
    assert column(reply)[0] == "Children of the Corn: The Gathering (1996)"
    assert len(column(reply)) == 5
    (image,) = reply.images
    assert image.data["labels"] == column(reply)
    assert image.data["values"] == column(reply, 1)
    assert "Children of the Corn" in image.alt


async def test_the_biases_of_users(app: App) -> None:
    """The two harshest users of the data, with what the model expects of them; and the other end by a button."""
    reply = await ask(app, "!bias low users count=2")
    assert column(reply) == ["user 181", "user 405"]
    (choice,) = reply.choices
    assert "user 372" in column(await ask(app, choice.command))


@pytest.mark.parametrize(("word", "end"), [("lowest", "lowest"), ("hi", "highest"), ("HIGH", "highest")])
async def test_an_end_may_be_spelt_freely(app: App, word: str, end: str) -> None:
    """Low, lowest, l: whatever begins like one of the two."""
    assert f"with the {end} bias" in (await ask(app, f"!bias {word}")).text


async def test_the_factors_of_a_film(app: App) -> None:
    """The strongest first, without a meaning; a button leads to the films at a factor's ends."""
    reply = await ask(app, "!factors Terminator count=5")
    assert len(column(reply)) == 5
    assert "None has a given meaning" in reply.text
    ends = await ask(app, reply.choices[0].command)
    assert "Terminator, The (1984)" in column(ends)
    assert len(column(ends)) == 10


async def test_two_films_by_both_measures(app: App) -> None:
    """Euclid and cosine side by side, with how many pairs are farther apart, and the factors behind it."""
    reply = await ask(app, "!distance Terminator vs Terminator 2")
    assert column(reply) == ["Euclid", "cosine"]
    assert "the cosine is 0.78" in reply.text
    assert column(reply, 2)[1] == "> 99.9 % of pairs"
    assert "They agree most in factors" in reply.text
    far = await ask(app, "!distance Terminator vs English Patient")
    assert "the cosine is −0.16" in far.text


@pytest.mark.parametrize(
    "line",
    [
        "Terminator vs. Fargo",
        "Terminator; Fargo",
        "Terminator, Fargo",
        "Terminator, The (1984), Fargo",
        "Terminator and Fargo",
        "terminatr vs Fargo",
    ],
)
async def test_two_films_may_be_written_in_many_ways(app: App, line: str) -> None:
    """What stands between them is the one mark that leaves a film on both sides."""
    assert (await ask(app, f"!distance {line}")).text.startswith("**Terminator, The (1984)** and **Fargo (1996)**")


async def test_a_title_may_hold_the_word_between(app: App) -> None:
    """`vs` and `and` are parts of titles, too."""
    reply = await ask(app, "!distance People vs. Larry Flynt vs Beauty and the Beast")
    assert reply.text.startswith("**People vs. Larry Flynt, The (1996)** and **Beauty and the Beast (1991)**")


async def test_two_vectors(app: App) -> None:
    """The lecture's toy: 0.1414 and 0.99999; in zeros there is no direction."""
    reply = await ask(app, "!distance [1.7, 0.1, -1.9] [1.6, 0.1, -1.8]")
    assert column(reply, 1) == ["0.1414", "0.99999"]
    assert "no direction" in str(column(await ask(app, "!distance [0, 0] [1, 2]"), 1)[1])
    assert column(await ask(app, "!distance 1 2; 3 4"), 1)[0] == "2.8284"


async def test_a_prediction_is_a_sum(app: App) -> None:
    """Dot product and biases, the sigmoid of that, and the stars; the table adds up to the sum."""
    reply = await ask(app, "!predict Terminator user=196")
    assert "for user 196 of the data: **3.48 stars**" in reply.text
    assert "0.148 + 0.075 + 0.325 = 0.547" in reply.text
    assert "1 / (1 + e^(−0.547)) = 0.633" in reply.text
    assert "0 + (5.5 − 0) · 0.633 = 3.48" in reply.text
    *parts, total = (float(str(value).replace("−", "-")) for value in column(reply, 1))
    assert sum(parts) == pytest.approx(total, abs=0.005)
    assert (await ask(app, "!match Terminator user=196")).text == reply.text


async def test_a_prediction_for_you(app: App) -> None:
    """Without a rating you are the average user; with one it is yours, and never the film's own."""
    newcomer = await ask(app, "!predict Terminator")
    assert "for the average user: **3.81 stars**" in newcomer.text
    for line in ("!rate Terminator 2 stars=5", "!rate Terminator stars=1"):
        await ask(app, line)
    mine = await ask(app, "!predict Terminator")
    assert "for you, from your 1 other rating" in mine.text


async def test_the_walk_gives_the_number_of_the_sum(app: App) -> None:
    """Step by step with shapes, the same stars as `predict`; each spelling of the model's name works."""
    walk = await ask(app, "!walk dotbias movie=Terminator user=196")
    assert "**3.48 stars**" in walk.text
    assert column(walk, 3)[-1] == "3.48"
    assert "user_factors 944 × 50, row 196" in column(walk, 1)
    for name in ("EmbeddingDotBias", "dot bias", "DotProductBias"):
        assert (await ask(app, f"!walk {name} movie=Terminator user=196")) == walk
    for choice in walk.choices:
        await ask(app, choice.command)


async def test_a_prediction_by_options_alone(app: App) -> None:
    """`movie=` names the film as well as the line does; `me` is you, as without a user."""
    assert await ask(app, "!match user=181 movie=Fargo") == await ask(app, "!match Fargo user=181")
    await ask(app, "!rate Alien 5")
    mine = await ask(app, "!predict Fargo user=me")
    assert mine == await ask(app, "!predict movie=Fargo")
    assert "for you, from your 1 other rating" in mine.text
    walk = await ask(app, "!walk dotbias movie=Fargo user=me")
    assert "for you, from your 1 other rating and **Fargo" in walk.text
    assert (await ask(app, "!walk dot bias Fargo user=me")) == walk
    for reply in (mine, walk):
        for choice in reply.choices:
            assert not isinstance(await ask(app, choice.command), Refusal)


@pytest.mark.parametrize(
    ("line", "same"),
    [("films", "movies"), ("", "movies"), ("axes=1 3", "movies"), ("axes=1, 2 films", "movies axes=1,2")],
)
async def test_a_map_in_other_words(app: App, line: str, same: str) -> None:
    """Films are movies, and two axes may stand with a blank between."""
    assert await ask(app, f"!map {line}") == await ask(app, f"!map {same}")


async def test_king_minus_man_plus_woman(app: App) -> None:
    """Queen comes first, with the vectors written out; arrows for the picture."""
    reply = await ask(app, "!analogy king - man + woman")
    assert column(reply)[0] == "queen"
    assert "(9, 8, 8)" in reply.text
    assert len(reply.images[0].data["arrows"]) == 2
    assert (await ask(app, "!analogy king-man+woman")).table == reply.table


async def test_films_have_analogies(app: App) -> None:
    """Terminator 2 − Terminator + Alien is Aliens."""
    assert column(await ask(app, "!analogy Terminator 2 - Terminator + Alien"))[0] == "Aliens (1986)"


async def test_the_map_of_films_says_why_these_axes(app: App) -> None:
    """1 and 3, the shares of the variance, and what the lecture's two films have to do with it."""
    reply = await ask(app, "!map movies")
    assert "on components 1 and 3" in reply.text
    assert "the first three together 38.6 %" in reply.text
    assert "> 99.9 % are closer together than Terminator and The English Patient" in reply.text
    assert "on components 1 and 2 it would be 5 %" in reply.text
    (image,) = reply.images
    assert len(image.data["points"]) == 50
    assert image.data["x_label"].startswith("component 1: 21.5 % of the variance")
    assert image.data["y_label"].startswith("component 3: 6.6 % of the variance")
    other = await ask(app, reply.choices[0].command)
    assert "on components 1 and 2" in other.text


@pytest.mark.parametrize("mark", ["Terminator; Grease 2", "Terminator, Grease 2"])
async def test_films_can_be_marked(app: App, mark: str) -> None:
    """A marked film is pointed at, also one that few have rated."""
    reply = await ask(app, f"!map movies top=10 mark={mark}")
    marked = [point["label"] for point in reply.images[0].data["points"] if point["mark"]]
    assert marked == ["Terminator", "Grease 2"]


async def test_the_map_of_users_is_of_the_datas(app: App) -> None:
    """943 users in four clusters with their genres; nobody of the group, and that is said."""
    reply = await ask(app, "!map users mark=196")
    assert column(reply) == ["A", "B", "C", "D"]
    assert sum(int(str(size)) for size in column(reply, 1)) == 943
    assert "nobody of this group is among them" in reply.text
    assert "User 196 is in " in reply.text
    assert len(reply.images[0].data["points"]) == 943


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!bias", "I need an `end`"),
        ("!bias low 5", "how many is written `count=5`"),
        ("!bias middle", "`end` is low or high, not `middle`"),
        ("!bias low count=21", "from 1 to 20"),
        ("!factors", "I need a film"),
        ("!factors Terminatr 7", "Did you mean"),
        ("!factors 12", "A factor is named by an option: `!factors factor=12`."),
        ("!factors factor=51", "factors 1 to 50, no factor 51"),
        ("!factors factor=0", "from 1 to 512"),
        ("!factors Terminator factor=3", "either a film or `factor=`"),
        ("!distance Terminator", "Name two films with `vs`"),
        ("!distance Terminator vs Terminator", "no distance to itself"),
        ("!distance Terminator vs qqqqqq", "I don't know a film"),
        ("!distance [1, 2] [3]", "both need as many"),
        ("!distance [nan] [1]", "'nan' is not a number"),
        ("!predict qqqqqq", "I don't know a film"),
        ("!predict Terminator user=944", "943 users, 1 to 943"),
        ("!predict Terminator user=Ann", "no user 'ann'"),
        ("!predict Terminator user=@everyone", "no user '@everyone'"),
        ("!walk nn", "The loaded model is `dotbias`"),
        ("!walk dotbias user=0", "943 users"),
        ("!walk dotbias movie=qqqqqq", "I don't know a film"),
        ("!analogy king", "2 to 5 words or films"),
        ("!analogy king - ", "2 to 5 words or films"),
        ("!analogy king - man + womn", "Did you mean woman"),
        ("!analogy king - king", "no direction"),
        ("!analogy Terminator - Terminator", "stands in the sum twice"),
        ("!analogy Terminator - qqqqqq", "I don't know a film"),
        ("!match user=196", "I need a film, for example `!match user=196 movie=Fargo`"),
        ("!match Fargo movie=Alien", "I need one film"),
        ("!walk dotbias Fargo movie=Alien", "Which film: `Fargo` or `Alien`?"),
        ("!map genres", "`what` is movies or users"),
        ("!map movies axes=1", "`axes` is written like `1,3`"),
        ("!map movies axes=2,2", "`axes` is written like `1,3`, not `2,2` (two different axes)."),
        ("!map movies axes=1,51", "two different axes from 1 to 50"),
        ("!map movies mark=qqqqqq", "I don't know a film"),
        ("!map movies mark=" + "Fargo; " * 11, "up to 10 names"),
        ("!map users mark=Ann", "no user 'ann'"),
        ("!map movies top=1", "from 2 to 60"),
        ("!map movies clusters=3", "`clusters` are of users: `!map users clusters=3`."),
        ("!map users top=20", "`top` is for movies"),
        ("!map users clusters=7", "from 1 to 6"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(app: App, line: str, said: str) -> None:
    """The sentence names what was wrong and what would be right; nothing raises."""
    reply = await app.ask(line, draw=False)
    assert isinstance(reply, Refusal)
    assert said in reply.text.replace("\\", "")
    assert "Something went wrong" not in reply.text


async def test_the_other_axes_keep_what_was_asked(app: App) -> None:
    """The map on other axes is offered with the same films, and the same ones marked."""
    (choice,) = (await ask(app, "!map movies top=20 mark=Terminator; Alien")).choices
    assert choice.command == "!map movies axes=1,2 top=20 mark=Terminator, The (1984); Alien (1979)"
    (back,) = (await ask(app, choice.command)).choices
    assert back.command == choice.command.replace("1,2", "1,3")


async def test_a_choice_after_a_misspelt_film_repeats_the_rest(app: App) -> None:
    """What is offered instead of an unknown film asks the same thing of the other one."""
    reply = await app.ask("!distance Star Trk vs Fargo", draw=False)
    assert isinstance(reply, Refusal)
    assert all(choice.command.endswith(" vs Fargo") for choice in reply.choices)
    for choice in reply.choices:
        await ask(app, choice.command)

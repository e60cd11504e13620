"""The sums on numbers of your own, and the guess before the shape."""

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.values import Reply


async def ask(app: App, line: str) -> Reply:
    """The answer in words and numbers; no refusal."""
    reply = await app.ask(line, draw=False)
    assert not isinstance(reply, Refusal), reply.text
    return reply


@pytest.mark.parametrize(
    ("vectors", "total"),
    [
        ("[0.98, 0.9, -0.9] [0.9, 0.8, -0.6]", "2.142"),
        ("[-0.99, -0.3, 0.8] [0.9, 0.8, -0.6]", "−1.611"),
        ("-0.99 -0.3 0.8; 0.9 0.8 -0.6", "−1.611"),
    ],
)
async def test_the_books_dot_products(app: App, vectors: str, total: str) -> None:
    """2.142 for The Last Skywalker, −1.611 for Casablanca, written out."""
    reply = await ask(app, f"!dot {vectors}")
    assert reply.text.endswith(f" = **{total}**")
    assert reply.images[0].alt.endswith(f"add up to {total}.")


async def test_sigmoid_and_softmax_side_by_side(app: App) -> None:
    """Both columns stand in both answers; only one of them adds up to 1."""
    one, other = await ask(app, "!sigmoid 2 1 0.1"), await ask(app, "!softmax 2, 1, 0.1")
    assert one.table == other.table
    assert one.table is not None
    assert one.table.rows == (("2", "0.8808", "0.6590"), ("1", "0.7311", "0.2424"), ("0.1", "0.5250", "0.0986"))
    assert "**0.881, 0.731, 0.525**" in one.text
    assert "**0.659, 0.242, 0.099**" in other.text


async def test_likes_as_stars(app: App) -> None:
    """The lecture's three counts by all four methods, with the curves; one method alone where it is named."""
    reply = await ask(app, "!likes 109 5 50")
    assert reply.table is not None
    assert reply.table.rows == (
        ("109", "5.000", "4.127", "3.921", "4.333"),
        ("5", "4.973", "1.950", "1.812", "1.667"),
        ("50", "5.000", "2.891", "3.367", "3.000"),
    )
    assert "mean is 54.667, their standard deviation 42.586" in reply.text
    assert [line["name"] for line in reply.images[0].data["lines"]] == ["sigmoid", "zscore", "log", "rank"]
    alone = await ask(app, "!likes 109 5 50 method=log")
    assert alone.table is not None
    assert alone.table.columns == ("likes", "log")


async def test_parameters_are_counted(app: App) -> None:
    """20 × 30 are 600; the model has 133,059, of which 2,609 are biases."""
    assert "20 × 30 = **600** parameters, drawn from normal(0, 0.01)" in (await ask(app, "!params 20x30")).text
    model = await ask(app, "!params")
    assert "**133,059** parameters: 130,450 factors and 2,609 biases" in model.text


async def test_the_shape_is_asked_first(app: App) -> None:
    """The first answer holds a question and not the shape; the right guess, or `show`, brings it."""
    first = await ask(app, "!shape movie_bias")
    assert "1665" not in first.text
    assert "**" not in first.text
    assert [choice.ask != "" for choice in first.choices] == [True, False]
    assert "shape **1665**" in (await ask(app, first.choices[0].command + "1665")).text
    assert "shape **1665**" in (await ask(app, first.choices[1].command)).text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("movie_bias guess=1665", "Yes: `movie_bias` has the shape **1665**"),
        ("movie_bias guess=(1665,)", "Yes"),
        ("movie factors guess=1665 × 50", "shape **1665 × 50**"),
        ("i_weight guess=torch.Size([1665, 50])", "Yes: `movie_factors`"),
        ("users guess=944x50", "Yes: `user_factors`"),
        ("movie_bias guess=1664", "there is also a row 0"),
        ("movie_bias guess=1682", "count titles"),
        ("movie_bias guess=1665x50", "It has 1 side, not 2"),
        ("movie_factors guess=50x1665", "other way round"),
        ("movie_factors guess=1665x5", "The rows are right"),
        ("user_bias guess=5", "Too few rows"),
        ("user_bias guess=5000", "Too many rows"),
    ],
)
async def test_a_guess_is_answered(app: App, line: str, said: str) -> None:
    """Right in any spelling; wrong with a hint that does not tell all."""
    assert said in (await ask(app, f"!shape {line}")).text


async def test_large_numbers_are_repeated_as_they_were_typed(app: App) -> None:
    """A million likes are not 1e+06 of them."""
    assert (await ask(app, "!likes 1000000 123456.75 0")).text.startswith("1000000, 123456.75, 0 likes")
    assert "1 × 1 = **1** parameter, " in (await ask(app, "!params 1x1")).text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!dot", "I need a `vectors`"),
        ("!dot [1, 2]", "That is one vector"),
        ("!dot [1, 2] [3]", "both need as many"),
        ("!dot [1, nan] [3, 4]", "'nan' is not a number"),
        ("!sigmoid", "I need a `numbers`"),
        ("!sigmoid one", "'one' is not a number"),
        ("!softmax 1 2 3 4 5 6 7 8 9 10 11 12 13", "13 numbers are too many"),
        ("!softmax 1e999", "out of range"),
        ("!likes 1,000 50", "'000' begins with 0. A comma parts numbers here: write 1000"),
        ("!softmax 0,05 2", "'05' begins with 0"),
        ("!likes -1 5", "numbers here run from 0"),
        ("!likes 5 method=guess", "`method` is all or sigmoid"),
        ("!params 20x", "written like 20x30"),
        ("!params 99999x99999", "10 million numbers"),
        ("!shape", "I need a `name`"),
        ("!shape conv1", "The model has no table `conv1`"),
        ("!shape movie_bias guess=many", "A shape is one or two numbers"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(app: App, line: str, said: str) -> None:
    """The sentence names what was wrong and what would be right."""
    reply = await app.ask(line, draw=False)
    assert isinstance(reply, Refusal)
    assert said in reply.text.replace("\\", "")
    assert "Something went wrong" not in reply.text

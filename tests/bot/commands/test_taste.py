"""Getting to know a member's taste, through the shipped model."""

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.values import Person, Reply

ANN = Person(platform="test", id="ann", name="Ann")


async def ask(app: App, line: str) -> Reply:
    """The answer in words and numbers, as Ann."""
    return await app.ask(line, draw=False, person=ANN)


def column(reply: Reply, number: int = 0) -> list[object]:
    """One column of the reply's table."""
    assert reply.table is not None, reply.text
    return [row[number] for row in reply.table.rows]


def buttons(reply: Reply) -> list[str]:
    """The commands that are offered, without those of a list."""
    return [each.command for each in reply.choices if not each.menu]


def picks(reply: Reply) -> list[str]:
    """The commands that are offered in a list."""
    return [each.command for each in reply.choices if each.menu]


async def test_a_film_is_picked_and_then_its_stars(app: App) -> None:
    """From one list to the other and back; only the asker sees the stars, and what is rated is picked no more."""
    assert picks(await ask(app, "!taste")) == [f"!taste stars {number}" for number in range(1, 11)]
    stars = await ask(app, "!taste stars 4")
    assert stars.private
    assert "How many stars for *Fargo (1996)*?" in stars.text.replace("\\", "")
    assert picks(stars)[:2] == ["!taste 4=5", "!taste 4=4.5"]
    assert [each.label for each in stars.choices][::3] == ["★★★★★ 5", "★★★½ 3.5", "★★ 2", "½ 0.5"]
    rated = await ask(app, "!taste 4=4.5")
    assert "*Fargo (1996)* 4.5" in rated.text.replace("\\", "")
    assert picks(rated) == [f"!taste stars {number}" for number in range(1, 11) if number != 4]
    refused = await ask(app, "!taste stars 101")
    assert isinstance(refused, Refusal)
    assert "1 to 100" in refused.text


async def test_a_page_of_films_is_shown_at_once(app: App) -> None:
    """Ten films that many know, numbered; the next ten are a press away, and no film stands on two pages."""
    first = await ask(app, "!taste")
    assert column(first) == list(range(1, 11))
    assert {"Fargo (1996)", "Star Wars (1977)"} < set(map(str, column(first, 1)))
    assert not first.private
    second = await ask(app, first.choices[1].command)
    assert column(second) == list(range(11, 21))
    assert not set(column(first, 1)) & set(column(second, 1))
    assert buttons(await ask(app, "!taste from 91")) == ["!taste"]


async def test_each_answer_counts_at_once(app: App) -> None:
    """What is rated is kept, for the member's eyes; the list of recommendations follows it, and says why."""
    before = column(await ask(app, "!recommend"))
    known = [str(title) for title in column(await ask(app, "!taste"), 1)]
    reply = await ask(app, "!taste 1=2, 4=5 10:4,5")
    assert reply.private
    assert "3 ratings" in reply.text
    assert dict((await ask(app, "!ratings")).table.rows) == {known[0]: 2, known[3]: 5, known[9]: 4.5}  # type: ignore[union-attr]
    after = await ask(app, "!recommend")
    assert column(after) != before
    assert column(reply) == column(after)[:3]
    assert buttons(reply)[-1] == "!taste from 11"
    for number in range(1, 11):
        await ask(app, f"!taste {number}=3")
    assert column(await ask(app, "!taste"))[0] == 11  # what is rated is not asked again


async def test_sliders_find_films_of_their_kind(app: App) -> None:
    """Musicals first for who loves them, other films for who does not; nothing is kept of it."""
    loves = await ask(app, "!taste musical=5 new=2")
    assert (await ask(app, "!taste musicals=5 new=2")).text == loves.text
    assert column(loves)[0] == "Sound of Music, The (1965)"
    (image,) = loves.images
    assert "Sound of Music" in image.alt
    assert not set(column(loves)) & set(column(await ask(app, "!taste musical=1 action=5")))
    assert "not rated" in (await ask(app, "!ratings")).text


async def test_not_having_seen_a_film_is_fine(app: App) -> None:
    """It is passed over, or brings the next page; a slider's name may be written together."""
    assert column(await ask(app, "!taste not seen")) == list(range(11, 21))
    reply = await ask(app, "!taste 1=4, 2=not seen 3=unseen")
    assert "I know 1 rating of yours" in reply.text
    assert await ask(app, "!taste scifi=5") == await ask(app, "!taste Sci-Fi=5")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("!taste 0=4", "1 to 100"),
        ("!taste 101=4", "1 to 100"),
        ("!taste 1=6", "half stars"),
        ("!taste 1=3.3", "half stars"),
        ("!taste from 0", "1 to 100"),
        ("!taste from 2000", "1 to 100"),
        ("!taste 1=many", "no number of stars"),
        ("!taste action=high", "no number of a slider's: `musical=5`, from 1 to 5"),
        ("!taste musical=6", "1 to 5"),
        ("!taste opera=3", "musical"),
        ("!taste 1=4 musical=3", "don't go together"),
        ("!taste hello", "pairs"),
        ("!taste 1=4 and 2", "pairs"),
    ],
)
async def test_what_cannot_be_read_is_told(app: App, line: str, says: str) -> None:
    """A sentence that says what would be right, and nothing is kept."""
    reply = await ask(app, line)
    assert isinstance(reply, Refusal)
    assert says in reply.text
    assert "not rated" in (await ask(app, "!ratings")).text

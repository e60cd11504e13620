"""In which order questions are asked."""

from bot.questionnaire import Item
from bot.questions.order import mixed, prompt


def item(number: int, chapter: int) -> Item:
    """A question of a chapter."""
    return Item(
        number=number, chapter=chapter, text=f"{number}?", kind="recall", answer="", show="", origin="x.ipynb"
    )


EIGHT, THIRTEEN = [item(number, 8) for number in range(1, 6)], [item(number, 13) for number in range(11, 14)]


def test_chapters_take_turns() -> None:
    """What would be the third of its chapter waits for one of another; nothing is lost, and order stays else."""
    numbers = [each.number for each in mixed([*EIGHT, *THIRTEEN], 20)]
    assert numbers == [1, 2, 11, 3, 4, 12, 5, 13]
    assert [each.number for each in mixed(EIGHT, 4)] == [1, 2, 3, 4]


def test_the_group_is_asked_what_it_was_never_asked() -> None:
    """First what was never put to it; among that what it would recall the least, or nobody was ever asked."""
    asked = [(1, 8), (11, 13)]
    recall = {2: 0.9, 3: 0.2, 12: 0.5, 13: 0.6, 4: 0.4, 5: 0.3}
    found = prompt([*EIGHT, *THIRTEEN], asked, recall)
    assert found is not None
    assert found.number == 3
    unseen = prompt([*EIGHT, *THIRTEEN], asked, recall | {3: 0.7, 5: 0.0})
    assert unseen is not None
    assert unseen.number == 5


def test_when_all_was_asked_the_oldest_comes_again() -> None:
    """Unless its chapter would come three times running."""
    every = [*EIGHT[2:], THIRTEEN[2], *EIGHT[:2], *THIRTEEN[:2]]
    for last, number in (([8], 3), ([8, 8], 13), ([13, 13], 3)):
        asked = [(each.number, each.chapter) for each in every] + [(99, chapter) for chapter in last]
        found = prompt(every, asked, {})
        assert found is not None
        assert found.number == number


def test_rather_nothing_than_a_third_of_one_chapter() -> None:
    """Where there is no other, the group is asked nothing."""
    assert prompt(EIGHT, [(1, 8), (2, 8)], {}) is None
    assert prompt([], [], {}) is None

"""The list of what the sessions are about, and how it is changed."""

import json
from dataclasses import replace

import pytest

from bot.programme import Meeting, ProgrammeError
from bot.programme.meetings import Meetings, added, changed, dropped, from_plain, moved, to_plain

ONE, TWO, THREE = (Meeting(title=f"Chapter {n}", chapters=(n,), finished=(n,)) for n in (1, 2, 3))
PLAN: Meetings = (ONE, TWO, THREE)


def titles(meetings: Meetings) -> list[str]:
    """What they are about, in order."""
    return [each.title for each in meetings]


def test_one_is_added_at_the_end_or_between() -> None:
    """The rest moves on by one."""
    new = Meeting(title="A guest", guest="Grace")
    assert added(PLAN, new, None, held=0) == (*PLAN, new)
    assert added(PLAN, new, 2, held=1) == (ONE, new, TWO, THREE)
    assert added((), new, None, held=0) == (new,)


def test_sessions_held_without_a_plan_stay_open_ones() -> None:
    """A group that begins to plan after three weeks plans its fourth."""
    assert titles(added((), ONE, None, held=3)) == ["Open session"] * 3 + ["Chapter 1"]


def test_moving_closes_up() -> None:
    """Forward and back, to the very place that was named."""
    assert titles(moved(PLAN, 1, 3, held=0)) == ["Chapter 2", "Chapter 3", "Chapter 1"]
    assert titles(moved(PLAN, 3, 1, held=0)) == ["Chapter 3", "Chapter 1", "Chapter 2"]
    assert moved(PLAN, 2, 2, held=0) == PLAN


def test_a_questionnaire_follows_the_end_of_its_chapter() -> None:
    """A chapter in two sessions ends with the second, wherever that moves; one without has none."""
    again = replace(ONE, title="Chapter 1, part 2")
    plan = added(PLAN, again, 2, held=0)
    assert [each.finished for each in plan] == [(), (1,), (2,), (3,)]
    assert [each.finished for each in moved(plan, 2, 1, held=0)] == [(), (1,), (2,), (3,)]
    assert [each.finished for each in dropped(plan, 2, held=0)] == [(1,), (2,), (3,)]
    silent = replace(TWO, finished=())
    assert [each.finished for each in changed((ONE, silent), 2, held=0, guest="Grace")] == [(1,), ()]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(
            lambda: changed(PLAN, 4, 0, guest="x"), "There is no 4 in the plan. There are 3.", id="past it"
        ),
        pytest.param(lambda: changed(PLAN, 1, 1, guest="x"), "1 was held already, so it stays.", id="held"),
        pytest.param(lambda: moved(PLAN, 3, 1, 2), "1 was held already", id="to what was held"),
        pytest.param(lambda: added(PLAN, ONE, 6, 0), "no room at 6: take a place from 1 to 4", id="a gap"),
        pytest.param(lambda: added(PLAN, ONE, 1, 2), "no room at 1: take a place from 3 to 4", id="before now"),
        pytest.param(lambda: dropped((ONE,), 1, 0), "That is the only one", id="the last one"),
        pytest.param(lambda: changed(PLAN, 2, 0, title=""), "It needs a title", id="no title"),
        pytest.param(lambda: changed(PLAN, 2, 0, note="x" * 301), "note has 301 characters", id="a long line"),
        pytest.param(lambda: changed(PLAN, 2, 0, reading=("x",) * 61), "reading has 61 items", id="a long list"),
        pytest.param(lambda: changed(PLAN, 2, 0, chapters=(2, 2)), "A chapter is named twice", id="twice"),
        pytest.param(lambda: added(PLAN * 167, ONE, None, 0), "500 sessions: that is the most", id="ten years"),
    ],
)
def test_what_makes_no_sense_is_refused(change: object, sentence: str) -> None:
    """With what would be right."""
    assert callable(change)
    with pytest.raises(ProgrammeError, match=sentence.replace("(", "\\(")):
        change()


def test_a_list_survives_its_json() -> None:
    """Every field comes back as it was."""
    full = Meeting(
        title="All",
        chapters=(1, 2),
        reading=("1.1",),
        homework=("Write",),
        guest="Grace",
        note="Bring *pictures*",
        finished=(2,),
    )
    assert from_plain(json.loads(json.dumps(to_plain((full, ONE))))) == (full, ONE)

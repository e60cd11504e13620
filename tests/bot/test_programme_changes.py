"""What admins change while the group is on its way: sessions, the rhythm, pauses, reminders."""

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme import EXAMPLE, Changes, Programme, ProgrammeError, Rhythm, changed, load

wall = datetime.fromisoformat
EVER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def example() -> Programme:
    """The programme that is shipped."""
    return load(EXAMPLE)


def held(programme: Programme) -> list[str]:
    """When the sessions are held, by the group's clocks."""
    return [f"{each.local:%m-%d %H:%M}" for each in programme.sessions()]


def test_admins_change_single_sessions(example: Programme) -> None:
    """Skipped, cancelled, moved, added and restored sessions: chapters follow those that are held."""
    changes = (
        Changes()
        .skipping(date(2026, 12, 9))
        .cancelling(date(2026, 12, 16))
        .moving(date(2027, 1, 6), wall("2027-01-07 19:00"))
        .adding(wall("2026-12-30 18:30"))
        .adding(wall("2027-01-09 10:00"))
    )
    programme = changed(example, changes)
    assert held(programme)[:4] == [
        "12-02 18:30",
        "12-30 18:30",
        "01-07 19:00",
        "01-09 10:00",
    ]
    assert programme.meetings == example.meetings
    assert list(programme.cancelled) == [date(2026, 12, 16)]
    back = changes.moving(date(2026, 12, 16), wall("2026-12-16 20:00")).skipping(date(2027, 1, 9))
    assert held(changed(example, back))[:4] == [*("12-02 18:30", "12-16 20:00", "12-30 18:30", "01-07 19:00")]
    later = changed(example, changes.cancelling(date(2027, 1, 9)))
    assert later.cancelled[date(2027, 1, 9)] == datetime(2027, 1, 8, 23, tzinfo=UTC)


def test_a_session_at_its_own_time_is_not_moved(example: Programme) -> None:
    """Added back, or moved back, it is held as it was planned."""
    day, at = date(2026, 12, 9), wall("2026-12-09 18:30")
    for changes in (
        Changes().skipping(day).adding(at),
        Changes().moving(day, wall("2026-12-10 19:00")).moving(day, at),
    ):
        session = changed(example, changes).series.on(day)
        assert session is not None
        assert not session.moved
        assert changed(example, changes).series == example.series


def test_admins_change_the_rhythm_from_a_date_on(example: Programme) -> None:
    """Sessions before the date stay as they were, keys and all; the numbers run on."""
    rhythm = Rhythm(first=date(2027, 1, 14), at=time(19, 0), zone="Europe/Berlin", every_weeks=2)
    programme = changed(example, Changes().setting(rhythm))
    before, after = list(example.sessions()), list(programme.sessions())
    assert [each.starts for each in before[:5]] == [each.starts for each in after[:5]]
    assert [each.key for each in before[:5]] == [each.key for each in after[:5]]
    assert [each.number for each in after] == list(range(1, 21))
    assert [f"{each.local:%Y-%m-%d %H:%M}" for each in after[5:7]] == ["2027-01-14 19:00", "2027-01-28 19:00"]


def test_a_pause_pushes_the_rest(example: Programme) -> None:
    """While it pauses nothing is due; afterwards the next session takes the next chapter."""
    paused = Changes().pausing(date(2027, 1, 10))
    programme = changed(example, paused)
    assert len(list(programme.sessions())) == 4
    assert not [
        each for each in programme.upcoming(datetime(2027, 1, 10, tzinfo=UTC), EVER) if each.kind == "open"
    ]
    resumed = paused.resuming(date(2027, 2, 1))
    assert not resumed.paused
    sessions = list(changed(example, resumed).sessions())
    assert [str(each.date) for each in sessions[3:5]] == ["2027-01-06", "2027-02-03"]
    assert len(sessions) == 20


def test_reminders_are_changed_and_turned_off(example: Programme) -> None:
    """A reminder takes another offset or is off; one that cannot be is refused."""
    programme = changed(example, Changes().reminding("remind-day", "-26h").reminding("remind-soon", None))
    kinds = {notice.kind: str(notice.at) for notice in programme.plan.notices}
    assert kinds["remind-day"] == "-26h"
    assert "remind-soon" not in kinds
    with pytest.raises(ProgrammeError, match="There is no message 'nap' in the plan"):
        changed(example, Changes().reminding("nap", "-1h"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (Changes().skipping(date(2026, 12, 8)), "is no date of this series"),
        (Changes().moving(date(2026, 12, 9), wall("2026-12-16 09:00")), "is held there"),
        (Changes().setting(Rhythm(first=date(2027, 1, 7), zone="EST")), "is an abbreviation"),
        (Changes().reminding("remind-day", "later"), "Write -24h"),
    ],
    ids=["skip", "move", "zone", "offset"],
)
def test_changes_that_make_no_sense_are_refused(example: Programme, changes: Changes, why: str) -> None:
    """With the scheduler's own sentence."""
    with pytest.raises(ProgrammeError, match=why):
        changed(example, changes)


days = st.dates(date(2026, 12, 1), date(2027, 5, 1))
moments = st.datetimes(wall("2026-12-01 00:00"), wall("2027-05-01 00:00")).map(
    lambda at: at.replace(second=0, microsecond=0)
)
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["skipping", "cancelling", "pausing", "resuming"]), st.tuples(days)),
        st.tuples(st.just("moving"), st.tuples(days, moments)),
        st.tuples(st.just("adding"), st.tuples(moments)),
        st.tuples(st.just("setting"), st.tuples(st.builds(Rhythm, first=days, every_weeks=st.just(2)))),
        st.tuples(st.just("reminding"), st.tuples(st.just("remind-day"), st.sampled_from(["-20h", None]))),
    ),
    max_size=8,
)


@given(steps)
def test_changes_survive_the_database(steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    """Whatever was changed comes back from its JSON, and is either a programme or refused with a sentence."""
    changes = Changes()
    for verb, arguments in steps:
        changes = getattr(changes, verb)(*arguments)
    assert Changes.from_json(changes.to_json()) == changes
    try:
        programme = changed(load_once(), changes)
    except ProgrammeError:
        return
    sessions = list(programme.sessions())
    assert [each.number for each in sessions] == list(range(1, len(sessions) + 1))
    assert len({each.key for each in sessions}) == len(sessions) <= 20


@cache
def load_once() -> Programme:
    """The example, read once for all the cases of a law."""
    return load(EXAMPLE)


def test_no_change_is_nothing() -> None:
    """An empty object is no change, and no change leaves the programme as it is."""
    assert Changes.from_json("{}") == Changes()
    assert changed(load_once(), Changes()) == load_once()

"""What a series refuses, and what it says would be right."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, time
from typing import Any

import pytest

from scheduler.errors import SeriesError
from scheduler.series import Series
from scheduler.zones import START
from tests.scheduler.examples import SYDNEY, WEDNESDAY, at, wall


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"every_weeks": 0}, "every_weeks is 0: it must be from 1", id="never"),
        pytest.param({"every_weeks": 53}, "to 52", id="hardly-ever"),
        pytest.param(
            {"at": time(18, 30, tzinfo=UTC)}, "at is a time on the wall, 18:30: leave its zone out", id="aware"
        ),
        pytest.param(
            {"first": wall("2026-11-25")}, "first: .* must be a date without a time, 2026-11-25", id="datetime"
        ),
        pytest.param({"first": date(26, 11, 25)}, "first: 0026-11-25 must be in one of the years", id="long-ago"),
        pytest.param({"first": date(9026, 11, 25)}, "one of the years 1900 to 2999", id="far-away"),
        pytest.param(
            {"until": date(2026, 11, 24)},
            "ends on Tue 2026-11-24, before it begins: until must be Wed 2026-11-25 or later",
            id="end-before-start",
        ),
        pytest.param(
            {"skip": {date(2026, 12, 24)}},
            "skip: Thu 2026-12-24 is no date of this series; the nearest: Wed 2026-12-23 and Wed 2026-12-30",
            id="skip-beside",
        ),
        pytest.param({"skip": {date(2026, 11, 18)}}, "the nearest: Wed 2026-11-25[.]", id="skip-before-the-first"),
        pytest.param(
            {"skip": {date(2026, 12, 9)}, "until": date(2026, 12, 5)},
            "the nearest: Wed 2026-12-02[.]",
            id="skip-after-the-end",
        ),
        pytest.param(
            {"skip": {wall("2026-12-23")}}, "skip: .* must be a date without a time", id="skip-a-datetime"
        ),
        pytest.param(
            {"moved": {date(2026, 12, 3): wall("2026-12-04")}},
            "moved: Thu 2026-12-03 is no date",
            id="move-beside",
        ),
        pytest.param({"moved": {date(2026, 12, 2): wall("2062-12-02")}}, None, id="a-far-move-is-allowed"),
        pytest.param(
            {"moved": {date(2026, 12, 2): wall("0202-12-02")}}, "moved to: 0202-12-02 must be in", id="move-absurd"
        ),
        pytest.param(
            {"skip": {date(2026, 12, 2)}, "moved": {date(2026, 12, 2): wall("2026-12-04")}},
            "Wed 2026-12-02 is both skipped and moved",
            id="skipped-and-moved",
        ),
        pytest.param(
            {"moved": {date(2026, 12, 2): wall("2026-12-09T10:00")}},
            "Wed 2026-12-02 cannot be held on Wed 2026-12-09: the session of Wed 2026-12-09 is held there",
            id="onto-a-planned-day",
        ),
        pytest.param(
            {"moved": {date(2026, 12, 2): wall("2026-12-09T07:30+00:00")}},
            "cannot be held on",
            id="onto-its-very-moment",
        ),
        pytest.param(
            {"moved": {date(2026, 12, 2): wall("2026-12-04T10:00"), date(2026, 12, 9): wall("2026-12-04T20:00")}},
            "Wed 2026-12-09 cannot be held on Fri 2026-12-04: the session of Wed 2026-12-02",
            id="two-moved-together",
        ),
        pytest.param(
            {"moved": {date(2026, 12, 2): wall("2026-12-09T10:00")}, "skip": {date(2026, 12, 9)}},
            None,
            id="into-a-free-week",
        ),
        pytest.param(
            {"moved": {date(2026, 12, 2): wall("2026-12-09T10:00"), date(2026, 12, 9): wall("2026-12-02T10:00")}},
            None,
            id="two-change-places",
        ),
        pytest.param(
            {"extra": {WEDNESDAY: wall("2026-11-28")}}, "is a date of this series already", id="extra-planned"
        ),
        pytest.param(
            {"extra": {date(2026, 11, 28): wall("2026-12-02T10:00")}},
            "Sat 2026-11-28 cannot be held on",
            id="extra-onto",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(changes: Mapping[str, Any], sentence: str | None) -> None:
    """At the door, with what was wrong and what would be right."""
    if sentence is None:
        assert replace(SYDNEY, **changes).between(START, at("2027-02-01"))
    else:
        with pytest.raises(SeriesError, match=sentence):
            replace(SYDNEY, **changes)


def test_a_gap_past_midnight_collides_too() -> None:
    """Samoa's Friday was held on Saturday: nothing else can be moved there."""
    with pytest.raises(SeriesError, match="cannot be held on Sat 2011-12-31: the session of Fri 2011-12-30"):
        Series(
            date(2011, 12, 23), time(18, 30), "Pacific/Apia", moved={date(2011, 12, 23): wall("2011-12-31T08:00")}
        )

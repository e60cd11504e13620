"""A series of sessions: when they start, which are held, and whether two share an evening."""

import copy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import pytest

from scheduler.series import Series
from scheduler.zones import END, START, instant
from tests.scheduler.examples import SYDNEY, WEDNESDAY, at, wall


def held(series: Series, weeks: int = 8) -> list[str]:
    """The first weeks as the wall shows them."""
    begin = datetime.combine(series.first, time(), UTC) - timedelta(days=3)
    return [f"{each.local:%a %d %b %H:%M}" for each in series.between(begin, begin + timedelta(weeks=weeks))]


# What the clocks do.


@pytest.mark.parametrize(
    ("zone", "first", "time_", "expected"),
    [
        pytest.param(
            *("Europe/Berlin", "2026-03-22", "02:30"),
            ["Sun 22 Mar 02:30", "Sun 29 Mar 03:30", "Sun 05 Apr 02:30"],
            id="spring-gap-moves",
        ),
        pytest.param(
            *("Europe/Berlin", "2026-10-18", "02:30"),
            ["Sun 18 Oct 02:30", "Sun 25 Oct 02:30", "Sun 01 Nov 02:30"],
            id="autumn-fold-first",
        ),
        pytest.param(
            *("Europe/Berlin", "2026-03-23", "00:15"),
            ["Mon 23 Mar 00:15", "Mon 30 Mar 00:15", "Mon 06 Apr 00:15"],
            id="the-monday-that-cron-skips",
        ),
        pytest.param(
            *("America/Santiago", "2026-08-30", "00:30"),
            ["Sun 30 Aug 00:30", "Sun 06 Sep 01:30", "Sun 13 Sep 00:30"],
            id="midnight-gap-santiago",
        ),
        pytest.param(
            *("Asia/Beirut", "2026-03-22", "00:15"),
            ["Sun 22 Mar 00:15", "Sun 29 Mar 01:15", "Sun 05 Apr 00:15"],
            id="midnight-gap-beirut",
        ),
        pytest.param(
            *("Pacific/Apia", "2011-12-23", "18:30"),
            ["Fri 23 Dec 18:30", "Sat 31 Dec 18:30", "Fri 06 Jan 18:30"],
            id="a-friday-that-never-was-samoa",
        ),
        pytest.param(
            *("Pacific/Kwajalein", "1993-08-14", "10:00"),
            ["Sat 14 Aug 10:00", "Sun 22 Aug 10:00", "Sat 28 Aug 10:00"],
            id="a-saturday-that-never-was-kwajalein",
        ),
        pytest.param(
            *("Asia/Pyongyang", "2018-04-27", "23:45"),
            ["Fri 27 Apr 23:45", "Sat 05 May 00:15", "Fri 11 May 23:45"],
            id="clocks-that-jump-for-good",
        ),
        pytest.param(
            *("America/St_Johns", "2006-10-22", "00:00"),
            ["Sun 22 Oct 00:00", "Sun 29 Oct 00:00", "Sun 05 Nov 00:00"],
            id="put-back-over-midnight",
        ),
    ],
)
def test_every_week_has_its_session(zone: str, first: str, time_: str, expected: list[str]) -> None:
    """A missing time moves forward by the gap, and no week is left out or comes twice."""
    series = Series(date.fromisoformat(first), time.fromisoformat(time_), zone)
    assert held(series, weeks=3) == expected
    assert [each.key for each in series.between(START, at(first) + timedelta(days=20))] == [
        (series.first + timedelta(weeks=week)).isoformat() for week in range(3)
    ]


def test_a_repeated_hour_is_the_first() -> None:
    """In autumn, 02:30 in Berlin is the one in summer time."""
    [session] = Series(date(2026, 10, 25), time(2, 30), "Europe/Berlin", until=date(2026, 10, 25)).between(
        START, END
    )
    assert session.starts == at("2026-10-25T00:30")
    assert session.local.isoformat() == "2026-10-25T02:30:00+02:00"


def test_sydney_keeps_its_evening_over_both_switches() -> None:
    """Wednesday 18:30 in Sydney is 18:30 on the wall all year, and an hour earlier in UTC in summer."""
    series = Series(date(2026, 9, 30), time(18, 30), "Australia/Sydney")
    year = series.between(at("2026-09-01"), at("2027-05-01"))
    assert {f"{each.local:%a %H:%M}" for each in year} == {"Wed 18:30"}
    assert [each.starts.hour for each in year if each.key in {"2026-09-30", "2026-10-07"}] == [8, 7]
    assert [each.starts.hour for each in year if each.key in {"2027-03-31", "2027-04-07"}] == [7, 8]
    assert len(year) == 31


def test_a_session_may_have_started_before_its_date_came_back() -> None:
    """Where clocks went back over midnight, the wall shows Saturday again after Sunday's session: held once."""
    series = Series(date(2006, 10, 29), time(0, 0), "America/St_Johns")
    [session] = series.between(at("2006-10-29T02:29"), at("2006-10-29T03:20"))
    assert session.starts == at("2006-10-29T02:30")
    assert series.next(at("2006-10-29T03:00")) == series.on(date(2006, 11, 5))


# The contract.


@pytest.mark.parametrize("series", [SYDNEY, replace(SYDNEY, moved={WEDNESDAY: wall("2026-11-25T18:30")})])
def test_after_is_outside_and_until_is_inside(series: Series) -> None:
    """A stretch of time holds its end and not its beginning, so that stretches follow without a seam."""
    start = at("2026-11-25T07:30")
    second = timedelta(seconds=1)
    assert [each.starts for each in series.between(start - second, start)] == [start]
    assert series.between(start, start + second) == []
    assert series.between(start, start - timedelta(weeks=9)) == []


def test_instants_are_utc_and_local_is_the_wall() -> None:
    """An occurrence says its start in both."""
    [session] = SYDNEY.between(at("2026-11-25"), at("2026-11-26"))
    assert session.starts.isoformat() == "2026-11-25T07:30:00+00:00"
    assert session.local.isoformat() == "2026-11-25T18:30:00+11:00"
    assert (session.date, session.key, session.number, session.moved) == (WEDNESDAY, "2026-11-25", 1, False)


def test_a_moment_without_a_zone_is_refused() -> None:
    """On either side, with a sentence."""
    with pytest.raises(ValueError, match="is a wall time, not a moment: say whose clocks"):
        SYDNEY.between(wall("2026-11-25"), at("2026-11-26"))
    with pytest.raises(ValueError, match="is a wall time, not a moment: say whose clocks"):
        SYDNEY.between(at("2026-11-25"), wall("2026-11-26"))


def test_every_other_week_and_to_the_end() -> None:
    """Longer rhythms and an end."""
    series = replace(SYDNEY, every_weeks=2, until=date(2027, 1, 6))
    assert [each.key for each in series.between(START, END)] == [
        "2026-11-25",
        "2026-12-09",
        "2026-12-23",
        "2027-01-06",
    ]
    assert series.next(at("2026-12-24")) == series.on(date(2027, 1, 6))
    assert series.next(at("2027-01-07")) is None


def test_twenty_six_years_later_costs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A far date is reached by counting: no more instants are worked out than for a near one."""
    worked_out: list[date] = []

    def counted(day: date, at: time, where: tzinfo | None) -> datetime:
        worked_out.append(day)
        return instant(day, at, where)

    monkeypatch.setattr("scheduler.rule.instant", counted)
    for year in (2026, 2052, 2900):
        worked_out.clear()
        begin = datetime(year, 12, 1, tzinfo=UTC)
        assert len(SYDNEY.between(begin, begin + timedelta(weeks=8))) == 8
        assert len(worked_out) < 8 + 5


def test_a_series_cannot_change() -> None:
    """Not through the mapping it was made from, nor through its own; equal ones are equal and hash alike."""
    moves = {WEDNESDAY: wall("2026-11-26T18:30")}
    series = replace(SYDNEY, moved=moves)
    moves.clear()
    assert series.next(START) == series.on(WEDNESDAY)
    assert held(series)[0] == "Thu 26 Nov 18:30"
    with pytest.raises(TypeError):
        series.moved[WEDNESDAY] = wall("2026-11-27")  # pyright: ignore[reportIndexIssue] # that is the test
    again = replace(SYDNEY, moved={WEDNESDAY: wall("2026-11-26T18:30")})
    assert (again, hash(again)) == (series, hash(series))


# Skipped, moved and added.


def test_a_skipped_week_pushes_the_rest() -> None:
    """Nobody meets on a skipped date, and the numbers that chapters follow go on without it."""
    series = replace(SYDNEY, skip=frozenset({date(2026, 12, 2)}))
    assert [(each.key, each.number) for each in series.between(START, at("2026-12-17"))] == [
        ("2026-11-25", 1),
        ("2026-12-09", 2),
        ("2026-12-16", 3),
    ]
    assert series.on(date(2026, 12, 2)) is None


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        pytest.param("2026-12-03T10:00", "2026-12-02T23:00", id="wall-time-of-the-zone"),
        pytest.param("2026-12-03T10:00+01:00", "2026-12-03T09:00", id="elsewhere's-time"),
        pytest.param("2027-02-01T10:00", "2027-01-31T23:00", id="weeks-later"),
        pytest.param("2026-11-23T10:00", "2026-11-22T23:00", id="before-the-first"),
    ],
)
def test_a_moved_session_keeps_its_name(to: str, expected: str) -> None:
    """It is held elsewhere in time, found under its planned date, and its own date stays empty."""
    day = date(2026, 12, 2)
    series = replace(SYDNEY, moved={day: wall(to)})
    moved = series.on(day)
    assert moved is not None
    assert (moved.starts, moved.key, moved.moved) == (at(expected), "2026-12-02", True)
    everything = series.between(START, at("2027-03-01"))
    assert [each.key for each in everything].count("2026-12-02") == 1
    assert moved in everything
    assert everything == sorted(everything, key=lambda each: each.starts)
    assert [each.number for each in everything] == list(range(1, len(everything) + 1))


def test_chapters_follow_the_order_in_which_sessions_are_held() -> None:
    """A session moved past the next one has the later number, though the earlier date."""
    series = replace(SYDNEY, moved={date(2026, 12, 2): wall("2026-12-10T18:30")})
    numbers = {each.key: each.number for each in series.between(START, at("2026-12-20"))}
    assert numbers == {"2026-11-25": 1, "2026-12-09": 2, "2026-12-02": 3, "2026-12-16": 4}


def test_a_move_into_a_gap_moves_on() -> None:
    """A wall time that is typed obeys the same policy as the rule's own."""
    day = date(2026, 3, 25)
    session = Series(day, time(18, 30), "Europe/Berlin", moved={day: wall("2026-03-29T02:30")}).on(day)
    assert session is not None
    assert session.local.isoformat() == "2026-03-29T03:30:00+02:00"


def test_an_extra_session_counts() -> None:
    """One that was not planned is held under its own date, and can be moved like any other."""
    extra = date(2026, 11, 28)
    series = replace(SYDNEY, extra={extra: wall("2026-11-28T10:00")})
    assert [(each.key, each.number) for each in series.between(START, at("2026-12-03"))] == [
        ("2026-11-25", 1),
        ("2026-11-28", 2),
        ("2026-12-02", 3),
    ]
    later = replace(series, extra={extra: wall("2026-11-29T10:00")}).on(extra)
    assert later is not None
    assert (later.key, f"{later.local:%a}") == ("2026-11-28", "Sun")


# Two series.


@pytest.mark.parametrize(
    ("other", "first_clash"),
    [
        pytest.param(replace(SYDNEY, at=time(20, 0)), "2026-11-25", id="same-evening"),
        pytest.param(replace(SYDNEY, at=time(21, 30)), None, id="three-hours-later"),
        pytest.param(replace(SYDNEY, first=date(2026, 11, 26)), None, id="the-day-after"),
        pytest.param(Series(date(2026, 12, 2), time(9, 0), "Europe/London"), "2026-12-02", id="another-zone"),
        # 18:30 in Sydney is 07:30 in London in its winter, 08:30 for a week, and 09:30 in its summer.
        pytest.param(Series(date(2026, 12, 2), time(11, 45), "Europe/London"), "2027-04-07", id="in-summer-only"),
        pytest.param(replace(SYDNEY, first=date(2026, 12, 2), every_weeks=2), "2026-12-02", id="every-other-week"),
        pytest.param(replace(SYDNEY, first=date(2028, 1, 5), every_weeks=3), "2028-01-05", id="begins-later"),
        pytest.param(
            Series(date(2026, 11, 27), time(9), "UTC", moved={date(2026, 11, 27): wall("2035-11-28T06:00")}),
            "2035-11-28",
            id="moved-there-years-later",
        ),
    ],
)
def test_series_on_the_same_evening_overlap(other: Series, first_clash: str | None) -> None:
    """Two series overlap when sessions of theirs ever start less than three hours apart, whoever is asked."""
    found, turned = SYDNEY.overlap(other), other.overlap(SYDNEY)
    assert (found and found[0].key) == first_clash
    assert (turned and turned[1].key) == first_clash


def test_rhythms_that_never_meet_do_not_overlap() -> None:
    """Every other week, one in the weeks between the other."""
    one = replace(SYDNEY, every_weeks=2)
    assert one.overlap(replace(one, first=WEDNESDAY + timedelta(weeks=1))) is None
    assert one.overlap(replace(one, first=WEDNESDAY + timedelta(weeks=2))) is not None
    yearly, nearly = replace(SYDNEY, every_weeks=52), replace(SYDNEY, every_weeks=51, first=date(2026, 12, 16))
    assert yearly.overlap(nearly) is not None, "they meet after three years"


def test_a_series_that_ended_does_not_overlap() -> None:
    """The evening is free again after the last date."""
    assert replace(SYDNEY, until=date(2027, 1, 1)).overlap(replace(SYDNEY, first=date(2027, 1, 6))) is None


def test_a_copy_is_the_same() -> None:
    """Occurrences can be kept and copied."""
    session = SYDNEY.next(START)
    assert copy.deepcopy(session) == session

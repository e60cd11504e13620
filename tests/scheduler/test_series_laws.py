"""Laws that every series keeps, whatever its dates, its clocks and its exceptions."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.errors import SeriesError
from scheduler.series import Series
from scheduler.zones import END, START
from tests.scheduler.examples import wall

ZONES = (
    *("UTC", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut"),
    *("America/St_Johns", "Africa/Casablanca", "Antarctica/Troll", "Pacific/Apia", "America/Havana"),
)


# Two cores that others use as well: how long an example takes says nothing.
LAW = settings(max_examples=60, deadline=None)


@st.composite
def series_(draw: st.DrawFn) -> Series:
    """Any series of a few years about now, with exceptions among its first thirty dates."""
    first = draw(st.dates(date(2009, 1, 1), date(2029, 12, 31)))
    every = draw(st.integers(1, 4))
    dates = [first + timedelta(weeks=every * week) for week in range(30)]
    skip = draw(st.frozensets(st.sampled_from(dates), max_size=5))
    hours = st.integers(-30 * 24, 30 * 24)
    moves = draw(st.dictionaries(st.sampled_from(dates), hours, max_size=4))
    moved = {
        day: datetime.combine(day, time(12)) + timedelta(hours=by) for day, by in moves.items() if day not in skip
    }
    at_ = draw(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
    try:
        return Series(first, at_, draw(st.sampled_from(ZONES)), every, skip, moved)
    except SeriesError:
        assume(False)  # two on one day
        raise


def thirty(series: Series) -> tuple[Series, list[date]]:
    """The series as if it ended after thirty dates, and those."""
    dates = [series.first + timedelta(weeks=series.every_weeks * week) for week in range(30)]
    return replace(series, until=dates[-1]), dates


MOMENTS = st.datetimes(wall("2008-01-01"), wall("2032-01-01"), timezones=st.just(UTC))


@LAW
@given(series=series_(), moments=st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_stretches_follow_each_other(series: Series, moments: list[datetime]) -> None:
    """What is held in two stretches of time is what is held in both together, numbers and all."""
    one, two, three = moments
    whole = series.between(one, three)
    assert series.between(one, two) + series.between(two, three) == whole
    assert all(before.starts < after.starts for before, after in pairwise(whole))


@LAW
@given(series=series_())
def test_each_planned_week_is_held_or_skipped(series: Series) -> None:
    """Of all dates each is held once or skipped, and those held are numbered from 1 without a hole."""
    ended, dates = thirty(series)
    everything = ended.between(START, END)
    assert sorted(each.date for each in everything) == [day for day in dates if day not in series.skip]
    assert [each.number for each in everything] == list(range(1, len(everything) + 1))
    assert [ended.on(each.date) for each in everything] == everything


@LAW
@given(series=series_())
def test_names_are_stable_under_moves(series: Series) -> None:
    """Moving a session changes when it is held and what it is numbered, never what it is called."""
    ended, _ = thirty(series)
    everything, unmoved = ended.between(START, END), replace(ended, moved={}).between(START, END)
    assert sorted(each.key for each in everything) == [each.key for each in unmoved]
    assert {each.date for each in everything if each.moved} == set(series.moved)


@LAW
@given(series=series_(), years=st.integers(0, 100))
def test_counting_agrees_with_walking(series: Series, years: int) -> None:
    """A century later the sessions are those that somebody would find who walked there week by week."""
    begin = datetime(series.first.year + years, 6, 1, tzinfo=UTC)
    end = begin + timedelta(weeks=12)
    day, walked = series.first, list[str]()
    while day < end.date() + timedelta(days=3):
        if day > begin.date() - timedelta(days=3) and day not in series.skip and day not in series.moved:
            starts = datetime.combine(day, series.at, ZoneInfo(series.zone)).astimezone(UTC)
            walked += [day.isoformat()] if begin < starts <= end else []
        day += timedelta(weeks=series.every_weeks)
    assert [each.key for each in series.between(begin, end) if not each.moved] == walked

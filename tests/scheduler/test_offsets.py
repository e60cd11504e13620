"""Moments around a session, as a host writes them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import PlanError
from scheduler.offsets import Days, Elapsed, Offset, Weekday, offset
from scheduler.zones import zone
from tests.scheduler.examples import at, wall


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("-24h", "Tue 2026-11-24 18:30", id="hours"),
        pytest.param("-10min", "Wed 2026-11-25 18:20", id="minutes"),
        pytest.param("+1h30min", "Wed 2026-11-25 20:00", id="both"),
        pytest.param("−1h", "Wed 2026-11-25 17:30", id="typographic-minus"),
        pytest.param(" - 1h", None, id="space-in-between"),
        pytest.param("-7d", "Wed 2026-11-18 18:30", id="days"),
        pytest.param("-0d 09:00", "Wed 2026-11-25 09:00", id="the-same-morning"),
        pytest.param("+1d 9:00", "Thu 2026-11-26 09:00", id="the-next-morning"),
        pytest.param("+sat 10:00", "Sat 2026-11-28 10:00", id="weekday-after"),
        pytest.param("-Mon  08:00", "Mon 2026-11-23 08:00", id="weekday-before"),
        pytest.param("+Wed 18:30", "Wed 2026-12-02 18:30", id="a-week-after-the-very-moment"),
        pytest.param("+Wed 20:00", "Wed 2026-11-25 20:00", id="later-that-day"),
        pytest.param("-Wed 18:30", "Wed 2026-11-18 18:30", id="a-week-before-the-very-moment"),
        pytest.param("-Wed 10:00", "Wed 2026-11-25 10:00", id="earlier-that-day"),
        pytest.param("+Tue 10:00", "Tue 2026-12-01 10:00", id="after-goes-round-the-week"),
        pytest.param("-Thu 10:00", "Thu 2026-11-19 10:00", id="before-goes-round-the-week"),
    ],
)
def test_what_a_host_writes_is_read(text: str, expected: str | None) -> None:
    """Told from Wednesday 18:30 in Sydney."""
    clocks = zone("Australia/Sydney")
    if expected is None:
        with pytest.raises(PlanError):
            offset(text)
    else:
        assert (
            f"{offset(text).moment(at('2026-11-25T07:30'), clocks).astimezone(clocks):%a %Y-%m-%d %H:%M}"
            == expected
        )


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        pytest.param("-7d", "2026-04-01T16:30", "2026-03-25T17:30", id="days-keep-the-wall"),
        pytest.param("-168h", "2026-04-01T16:30", "2026-03-25T16:30", id="hours-keep-the-clock"),
        pytest.param("-1d", "2026-03-29T16:30", "2026-03-28T17:30", id="day-of-23-hours"),
        pytest.param("-24h", "2026-03-29T16:30", "2026-03-28T16:30", id="24-hours"),
        pytest.param("+Sun 02:30", "2026-03-25T17:30", "2026-03-29T01:30", id="weekday-in-a-gap-moves"),
        pytest.param("+3d 02:30", "2026-03-26T17:30", "2026-03-29T01:30", id="days-in-a-gap-move"),
        pytest.param("+Sun 02:30", "2026-10-21T16:30", "2026-10-25T00:30", id="weekday-in-a-fold-first"),
        pytest.param("+Sun 02:30", "2026-10-25T00:30", "2026-11-01T01:30", id="not-the-second-of-the-fold"),
    ],
)
def test_days_are_the_calendars_and_hours_the_clocks(text: str, start: str, expected: str) -> None:
    """Over a switch in Berlin, days keep the wall time and hours do not; all in UTC here."""
    assert offset(text).moment(at(start), zone("Europe/Berlin")) == at(expected)


@pytest.mark.parametrize(
    "text",
    ["", "-", "24h", "1 week", "-7d 25:00", "-7d10:00", "+Sam 10:00", "+Sat", "-1h-2min", "-٣h", "-h", "x" * 9000],
)
def test_what_cannot_be_read_is_refused_with_the_grammar(text: str) -> None:
    """Nothing is guessed, the sign least of all."""
    with pytest.raises(PlanError, match=r"I cannot read .* Write -24h, -90min or -7d for before") as refused:
        offset(text)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("text", ["-99d", "+9000h", "-99999min"])
def test_what_is_too_far_away_is_refused(text: str) -> None:
    """What lies beyond the weeks planned ahead would be looked at too late."""
    with pytest.raises(PlanError, match=f"{text[1:]} is too far from its session: the most is 54 days"):
        offset(text)


TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
OFFSETS = st.one_of(
    st.builds(Elapsed, st.integers(-54 * 1440, 54 * 1440).map(lambda minutes: timedelta(minutes=minutes))),
    st.builds(Days, st.integers(-54, 54), st.none() | TIMES),
    st.builds(Weekday, st.integers(0, 6), TIMES, st.booleans()),
)


@given(OFFSETS)
def test_an_offset_reads_back(each: Offset) -> None:
    """Its text is what a host could have written for it."""
    assert offset(str(each)) == each


@given(
    each=OFFSETS,
    start=st.datetimes(wall("2010-01-01"), wall("2030-01-01"), timezones=st.just(UTC)),
    place=st.sampled_from(("Europe/Berlin", "Pacific/Apia", "Antarctica/Troll", "America/Havana")),
)
def test_an_offset_lies_within_its_reach(each: Offset, start: datetime, place: str) -> None:
    """Whatever the clocks do; and a weekday lies on the side that its sign says."""
    moment = each.moment(start, zone(place))
    assert abs(moment - start) <= each.reach
    if isinstance(each, Weekday):
        assert (moment < start) if each.before else (moment > start)

"""Zones by name, and the one instant of a wall time."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import available_timezones

import pytest

from scheduler.errors import SeriesError, UnknownZone
from scheduler.zones import END, START, instant, utc, zone

ABBREVIATIONS = {
    *("EST", "MST", "HST", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"),
    *("GMT", "WET", "CET", "MET", "EET"),
}
"""Those that the database has among its names."""


def test_every_name_of_the_database_is_a_zone() -> None:
    """Each is taken, the old ones too; but not the abbreviations."""
    taken = sorted(available_timezones() - ABBREVIATIONS - {"localtime"})
    assert len(taken) > 400
    assert [zone(name).key for name in taken] == taken
    for name in ABBREVIATIONS:
        with pytest.raises(UnknownZone, match="is an abbreviation") as refused:
            zone(name)
        assert all(zone(near) for near in refused.value.near)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        pytest.param("sydney", "Australia/Sydney", id="city"),
        pytest.param("New York", "America/New_York", id="space"),
        pytest.param(" Europe/berlin ", "Europe/Berlin", id="small-letters"),
        pytest.param("Australia/Sidney", "Australia/Sydney", id="slip"),
        pytest.param("right/Europe/Berlin", "Europe/Berlin", id="with-leap-seconds"),
        pytest.param("posix/Europe/Berlin", "Europe/Berlin", id="folder-beside"),
        pytest.param("America/Indiana", "America/Indiana/Knox", id="folder"),
        pytest.param("EST", "America/New_York", id="abbreviation"),
        pytest.param("edt", "America/New_York", id="its-summer"),
        pytest.param("EST5EDT", "America/New_York", id="both"),
        pytest.param("CEST", "Europe/Berlin", id="european-summer"),
        pytest.param("NZDT", "Pacific/Auckland", id="southern-summer"),
        pytest.param("IST", "Europe/Dublin", id="of-three-countries"),
        pytest.param("GMT", "UTC", id="gmt"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest(name: str, meant: str) -> None:
    """What is no place's name is refused, and the message names the place that was meant."""
    with pytest.raises(UnknownZone) as refused:
        zone(name)
    assert meant in refused.value.near
    assert meant in str(refused.value)


def test_an_abbreviation_is_refused_with_the_reason() -> None:
    """The person who typed EST learns what is wrong with it, though the database has it."""
    with pytest.raises(UnknownZone, match="'EST' is an abbreviation: it does not say whose clocks to follow"):
        zone("EST")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "../etc/passwd",
        "/etc/passwd",
        "Europe/\0",
        "Europe/" + "x" * 30,
        "zone.tab",
        "Nowhere",
        "é" * 9000,
    ],
)
def test_anything_else_is_refused_shortly(name: str) -> None:
    """Whatever is typed gets a sentence with names that do exist."""
    with pytest.raises(UnknownZone, match="is no zone that I know") as refused:
        zone(name)
    assert len(str(refused.value)) < 200
    assert all(zone(near) for near in refused.value.near)


@pytest.mark.parametrize(
    ("where", "wall", "expected"),
    [
        pytest.param("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30", id="spring-gap-moves"),
        pytest.param("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30", id="autumn-fold-first"),
        pytest.param("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45", id="half-an-hour"),
        pytest.param("Antarctica/Troll", "2026-03-29T01:30", "2026-03-29T01:30", id="two-hours"),
        pytest.param("America/St_Johns", "2006-10-29T00:00", "2006-10-29T02:30", id="fold-back-over-midnight"),
        pytest.param("Pacific/Apia", "2011-12-30T18:30", "2011-12-31T04:30", id="skipped-day"),
    ],
)
def test_a_wall_time_is_one_instant(where: str, wall: str, expected: str) -> None:
    """A missing time moves forward by the gap, a repeated one is the first, whatever fold is asked for."""
    asked = datetime.fromisoformat(wall)
    for fold in (0, 1):
        moment = instant(asked.date(), asked.time().replace(fold=fold), zone(where))
        assert moment.isoformat(timespec="minutes") == expected + "+00:00"


def test_a_moment_needs_a_zone() -> None:
    """A wall time is refused where a moment is wanted, with the way to write one."""
    with pytest.raises(SeriesError, match=r"2026-11-25T18:30:00 is a wall time, .* 2026-11-25T18:30:00\+00:00"):
        utc(datetime.fromisoformat("2026-11-25T18:30"))


def test_moments_stay_inside_the_calendar() -> None:
    """The ends of Python's own calendar can be asked for, from any side of the world."""
    for hours in (-23, 0, 23):
        where = timezone(timedelta(hours=hours))
        assert utc(datetime.min.replace(tzinfo=where)) == START
        assert utc(datetime.max.replace(tzinfo=where)) == END
    assert utc(datetime(2026, 11, 25, 18, 30, tzinfo=zone("Australia/Sydney"))).tzinfo is UTC
    assert instant(date(2026, 11, 25), time(18, 30), zone("UTC")) == datetime(2026, 11, 25, 18, 30, tzinfo=UTC)

"""The calendar feed: one event for each session, which keeps its name and says when it was called off."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import calendar
from bot.programme import EXAMPLE, Changes, Programme, changed, load, parse

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
wall = datetime.fromisoformat


@pytest.fixture(scope="module")
def example() -> Programme:
    """The programme that is shipped."""
    return load(EXAMPLE)


def events(feed: bytes) -> dict[str, Any]:
    """The events of a feed by their UID."""
    found = list(icalendar.Calendar.from_ical(feed).walk("VEVENT"))
    named = {str(event["uid"]): event for event in found}
    assert len(named) == len(found)
    return named


def instant(event: Any, name: str = "dtstart") -> datetime:
    """A moment of an event, in UTC."""
    return event[name].dt.astimezone(UTC)


def test_every_session_is_an_event(example: Programme) -> None:
    """With its time and zone, its chapter's name and reading, and none in the weeks without a session."""
    found = events(calendar(example, NOW, 4, url="https://group.example/"))
    assert len(found) == 20
    first = found["2026-12-02.book@study-group-bot"]
    assert first["summary"] == "The Deep Learning Book Club: Chapter 1: Your Deep Learning Journey"
    assert first["description"] == "Session 1\nTo read: Chapter 1, from beginning to end"
    assert first["dtstart"].params["TZID"] == "Australia/Sydney"
    assert first["dtstart"].dt.replace(tzinfo=None) == wall("2026-12-02 18:30")
    assert instant(first, "dtend") - instant(first) == timedelta(minutes=70)
    assert (first["status"], first["sequence"], first["url"]) == ("CONFIRMED", 4, "https://group.example/")
    assert not [uid for uid in found if uid.startswith(("2026-12-23", "2026-12-30"))]


def test_the_feed_brings_its_zone(example: Programme) -> None:
    """A calendar that knows no zones finds the switch of April 2027 in the feed, which stays small."""
    feed = calendar(example, NOW)
    assert b"BEGIN:VTIMEZONE\r\nTZID:Australia/Sydney" in feed
    assert b"20270404T030000" in feed
    assert b"X-WR-CALNAME:The Deep Learning Book Club" in feed
    assert len(feed) < 10_000


def test_changes_keep_the_names_of_events(example: Programme) -> None:
    """A moved session keeps its UID at its new time, a cancelled one is marked, chapters are pushed."""
    before = events(calendar(example, NOW, 1))
    changes = Changes().moving(date(2026, 12, 9), wall("2026-12-10 19:00")).cancelling(date(2026, 12, 16))
    changes = changes.skipping(date(2027, 1, 6))
    after = events(calendar(changed(example, changes), NOW, 2))
    moved, off = after["2026-12-09.book@study-group-bot"], after["2026-12-16.book@study-group-bot"]
    assert instant(moved) == datetime(2026, 12, 10, 8, tzinfo=UTC)
    assert (off["status"], instant(off)) == ("CANCELLED", datetime(2026, 12, 16, 7, 30, tzinfo=UTC))
    assert "2027-01-06.book@study-group-bot" not in after
    assert "Chapter 3" in after["2027-01-13.book@study-group-bot"]["summary"]
    assert {int(event["sequence"]) for event in before.values()} == {1}
    assert {int(event["sequence"]) for event in after.values()} == {2}


def test_a_session_in_a_repeated_hour() -> None:
    """It happens the first time, and ends by the clock: 70 minutes later, whatever the wall shows then."""
    programme = parse(
        'group = "Owls"\nzone = "Europe/Berlin"\n[series]\nfirst = 2027-10-31\nat = "02:30"\nuntil = 2027-10-31',
        "owls",
    )
    (event,) = events(calendar(programme, datetime(2027, 10, 1, tzinfo=UTC))).values()
    assert instant(event) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert instant(event, "dtend") == datetime(2027, 10, 31, 1, 40, tzinfo=UTC)


def test_a_plan_without_an_end_is_shown_for_half_a_year() -> None:
    """Before and after now; without any session the feed is empty, and still a calendar."""
    endless = parse('group = "A"\nzone = "UTC"\n[series]\nfirst = 2020-01-01\nat = "18:00"', "a")
    assert 50 <= len(events(calendar(endless, NOW))) <= 53
    paused = changed(endless, Changes().pausing(date(2020, 1, 1)))
    assert events(calendar(paused, NOW)) == {}


def test_texts_cannot_leave_their_line() -> None:
    """A name with line breaks or control characters adds no property to the feed."""
    programme = parse(
        'group = "A\\u0007, B; C\\\\D"\nzone = "UTC"\n[series]\nfirst = 2026-12-02\nat = "18:00"\n'
        '[[chapters]]\nnumber = 1\ntitle = "x\\r\\nATTACH:https://evil.example"',
        "a",
    )
    feed = calendar(programme, NOW)
    assert b"\r\nATTACH" not in feed
    (event,) = events(feed).values()
    assert event["summary"] == "A, B; C\\D: Chapter 1: x ATTACH:https://evil.example"


zones = st.sampled_from(["Australia/Sydney", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"])


@given(
    zones,
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.times(),
    st.integers(1, 4),
    st.sets(st.integers(0, 9)),
    st.integers(10, 600),
)
def test_the_feed_says_what_the_programme_says(
    zone: str, first: date, at: time, every: int, skipped: set[int], minutes: int
) -> None:
    """Read back, each session has the instant, the length and the chapter that it has in the plan."""
    dates = [first + timedelta(weeks=every * number) for number in sorted(skipped)]
    programme = parse(
        f'group = "A"\nzone = "{zone}"\n[series]\nfirst = {first}\nat = "{at:%H:%M}"\nevery_weeks = {every}\n'
        f"skip = [{', '.join(map(str, dates))}]\nminutes = {minutes}\n"
        + "".join(f'[[chapters]]\nnumber = {number}\ntitle = "T{number}"\n' for number in range(6)),
        "a",
    )
    found = events(calendar(programme, NOW))
    sessions = list(programme.sessions())
    assert len(found) == len(sessions) == 6
    for session in sessions:
        event = found[f"{session.key}.book@study-group-bot"]
        assert instant(event) == session.starts
        assert instant(event, "dtend") - session.starts == timedelta(minutes=minutes)
        assert event["summary"].endswith(f": T{session.number - 1}")

"""What is said around a session: when it is due, how long it is worth saying, and what it is called."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.due import Due, Notice, Plan, due, standing, upcoming, weekly
from scheduler.errors import PlanError
from scheduler.offsets import offset
from scheduler.series import Series
from tests.scheduler.examples import SYDNEY, WEDNESDAY, at, wall

PLAN = weekly()
ONCE = replace(SYDNEY, until=WEDNESDAY)
LONG_AGO = at("2026-01-01")


def shown(moment: datetime) -> str:
    """As Sydney's wall shows it."""
    return f"{moment.astimezone(SYDNEY.clocks):%a %d %b %H:%M}"


def kinds(found: Sequence[Due], *, expired: bool | None = None) -> list[str]:
    """What is to be said; with `expired`, only the void or only the good."""
    return [each.kind for each in found if expired is None or each.expired == expired]


def test_a_week_as_it_is_said() -> None:
    """The plan around one Wednesday: when each kind is due, and from when it is void."""
    assert [
        (each.kind, shown(each.at), shown(each.valid_until))
        for each in upcoming(ONCE, PLAN, LONG_AGO, at("2027-01-01"))
    ] == [
        ("remind-week", "Wed 18 Nov 18:30", "Tue 24 Nov 18:30"),
        ("open", "Thu 19 Nov 10:00", "Wed 25 Nov 19:40"),
        ("remind-day", "Tue 24 Nov 18:30", "Wed 25 Nov 17:30"),
        ("remind-hour", "Wed 25 Nov 17:30", "Wed 25 Nov 18:30"),
        ("remind-soon", "Wed 25 Nov 18:20", "Wed 25 Nov 18:30"),
        ("leftovers", "Wed 25 Nov 20:00", "Sat 28 Nov 20:00"),
        ("questionnaire", "Thu 26 Nov 10:00", "Sat 28 Nov 10:00"),
        ("catchup", "Sat 28 Nov 10:00", "Sun 29 Nov 20:00"),
        ("question", "Sat 28 Nov 17:00", "Mon 30 Nov 05:00"),
        ("question-more", "Mon 30 Nov 17:00", "Wed 02 Dec 05:00"),
    ]


def test_a_longer_session_moves_what_follows_it() -> None:
    """The thread is worth opening until the end, and leftovers come after it."""
    longer = {each.kind: each for each in upcoming(ONCE, weekly(timedelta(hours=2)), LONG_AGO, at("2027-01-01"))}
    assert shown(longer["open"].valid_until) == "Wed 25 Nov 20:30"
    assert shown(longer["leftovers"].at) == "Wed 25 Nov 20:50"


def test_over_a_switch_the_wall_is_kept() -> None:
    """A week before and Saturday morning are wall times; a day's and an hour's warning are exact."""
    series = Series(
        date(2026, 10, 7), time(18, 30), "Australia/Sydney", until=date(2026, 10, 7)
    )  # summer: 4 October
    found = {each.kind: shown(each.at) for each in upcoming(series, PLAN, LONG_AGO, at("2027-01-01"))}
    assert found["open"] == "Thu 01 Oct 10:00"
    sunday = replace(series, first=date(2026, 10, 4), until=date(2026, 10, 4))
    found = {each.kind: shown(each.at) for each in upcoming(sunday, PLAN, LONG_AGO, at("2027-01-01"))}
    assert found["remind-day"] == "Sat 03 Oct 17:30"
    assert found["remind-hour"] == "Sun 04 Oct 17:30"
    assert found["catchup"] == "Sat 10 Oct 10:00"


# What became due while nobody looked.


@pytest.mark.parametrize(
    ("woken", "good"),
    [
        pytest.param("2026-11-24T07:29", ["remind-week", "open"], id="before-the-day"),
        pytest.param("2026-11-24T07:30", ["open", "remind-day"], id="a-day-before"),
        pytest.param("2026-11-25T06:29", ["open", "remind-day"], id="still-a-day"),
        pytest.param("2026-11-25T06:30", ["open", "remind-hour"], id="an-hour-before"),
        pytest.param("2026-11-25T07:20", ["open", "remind-hour", "remind-soon"], id="any-minute"),
        pytest.param("2026-11-25T07:30", ["open"], id="at-the-start"),
        pytest.param("2026-11-25T08:40", [], id="at-the-end"),
        pytest.param("2026-11-26T08:00", ["leftovers", "questionnaire"], id="the-evening-after"),
        pytest.param("2026-11-28T01:00", ["leftovers", "catchup"], id="on-saturday"),
        pytest.param("2026-11-29T09:00", ["question"], id="on-sunday-evening"),
    ],
)
def test_asleep_over_it_all(woken: str, good: list[str]) -> None:
    """Whoever wakes late says what is still worth saying, and sees the rest as expired: nothing is left out."""
    found = due(ONCE, PLAN, LONG_AGO, at(woken))
    assert kinds(found, expired=False) == good
    assert kinds(found) == kinds(upcoming(ONCE, PLAN, LONG_AGO, at(woken)))
    assert all(each.expired == (each.valid_until <= at(woken)) for each in found)


def test_since_is_outside_and_now_is_inside() -> None:
    """Looking again does not find again."""
    moment = at("2026-11-25T06:30")
    assert kinds(due(ONCE, PLAN, moment - timedelta(seconds=1), moment)) == ["remind-hour"]
    assert due(ONCE, PLAN, moment, moment + timedelta(seconds=1)) == []


def test_a_clock_that_jumps() -> None:
    """An hour forward, everything in it is found at once; back again, nothing is."""
    before, after = at("2026-11-25T06:25"), at("2026-11-25T07:25")
    assert kinds(due(ONCE, PLAN, before, after)) == ["remind-hour", "remind-soon"]
    assert due(ONCE, PLAN, after, before) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60 * 24 * 30), min_size=3, max_size=3).map(sorted))
def test_stretches_follow_each_other(minutes: list[int]) -> None:
    """However often somebody looks, each message becomes due once, in order of time."""
    one, two, three = (at("2026-11-20") + timedelta(minutes=each) for each in minutes)
    whole = upcoming(SYDNEY, PLAN, one, three)
    assert upcoming(SYDNEY, PLAN, one, two) + upcoming(SYDNEY, PLAN, two, three) == whole
    assert whole == sorted(whole, key=lambda each: each.at)
    assert len({each.key for each in whole}) == len(whole)


# Skipped, moved and new.


def test_of_a_skipped_session_nothing_is_said() -> None:
    """Not even that it is not held: that is for the host to say."""
    series = replace(ONCE, skip=frozenset({WEDNESDAY}))
    assert upcoming(series, PLAN, LONG_AGO, at("2027-01-01")) == []


def test_a_moved_session_is_reminded_of_anew() -> None:
    """Everything follows the new start; what named the old one gets another key, and the rest keeps its own."""
    moved = replace(ONCE, moved={WEDNESDAY: wall("2026-11-27T19:00")})
    before = {each.kind: each for each in upcoming(ONCE, PLAN, LONG_AGO, at("2027-01-01"))}
    after = {each.kind: each for each in upcoming(moved, PLAN, LONG_AGO, at("2027-01-01"))}
    assert shown(after["remind-day"].at) == "Thu 26 Nov 19:00"
    assert {kind for kind in before if before[kind].key != after[kind].key} == {
        "remind-week",
        "remind-day",
        "remind-hour",
        "remind-soon",
    }
    assert before["open"].key == after["open"].key == ("2026-11-25", "open")
    assert before["remind-day"].key == ("2026-11-25_20261125T0730Z", "remind-day")
    assert after["remind-day"].key == ("2026-11-25_20261127T0800Z", "remind-day")


def test_a_move_back_says_nothing_twice() -> None:
    """There and back again, the keys are those of before."""
    there = replace(ONCE, moved={WEDNESDAY: wall("2026-11-27T19:00")})
    back = replace(there, moved={WEDNESDAY: wall("2026-11-25T18:30")})
    end = at("2027-01-01")
    assert [each.key for each in upcoming(back, PLAN, LONG_AGO, end)] == [
        each.key for each in upcoming(ONCE, PLAN, LONG_AGO, end)
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-11-10T00:00", [], id="long-before"),
        pytest.param("2026-11-22T00:00", ["remind-week", "open"], id="three-days-before"),
        pytest.param("2026-11-25T07:25", ["open", "remind-hour", "remind-soon"], id="five-minutes-before"),
        pytest.param("2026-11-26T08:00", ["leftovers", "questionnaire"], id="the-day-after"),
        pytest.param("2026-12-25T08:00", [], id="long-after"),
    ],
)
def test_a_new_series_starts_with_what_stands(now: str, expected: list[str]) -> None:
    """What was due before there was a series and is still worth saying is found, whoever looked last and when."""
    assert kinds(standing(ONCE, PLAN, at(now))) == expected


def test_key_and_payload_are_text() -> None:
    """A row can be written from it; its key is made of what platforms allow in one, without a slash."""
    for each in upcoming(ONCE, PLAN, LONG_AGO, at("2027-01-01")):
        assert re.fullmatch(r"[\w-]{1,46}", "-".join(each.key), re.ASCII)
        payload = json.loads(json.dumps(each.payload))
        assert payload == {"date": "2026-11-25", "starts": "2026-11-25T07:30:00Z"}
        assert ONCE.on(date.fromisoformat(payload["date"])) == each.occurrence


# The plan.


def test_a_kind_can_be_switched_off_or_moved() -> None:
    """The rest stays as it was, in its order."""
    plan = PLAN.adjusted({"remind-week": None, "catchup": offset("+Sun 11:00")})
    found = {each.kind: shown(each.at) for each in upcoming(ONCE, plan, LONG_AGO, at("2027-01-01"))}
    assert "remind-week" not in found
    assert found["catchup"] == "Sun 29 Nov 11:00"
    assert [each.kind for each in plan.notices] == [
        each.kind for each in PLAN.notices if each.kind != "remind-week"
    ]
    assert PLAN.adjusted({}) == PLAN


def test_an_empty_plan_says_nothing() -> None:
    """Everything can be switched off."""
    silent = PLAN.adjusted({notice.kind: None for notice in PLAN.notices})
    assert due(SYDNEY, silent, LONG_AGO, at("2027-01-01")) == standing(SYDNEY, silent, at("2027-01-01")) == []


def test_what_is_owed_far_from_its_session_is_found() -> None:
    """The search goes as far as the plan does, over whole weeks."""
    plan = Plan(
        (
            Notice(kind="early", at=offset("-40d 08:00"), until=offset("-1d")),
            Notice(kind="late", at=offset("+50d"), lasts=offset("+1d")),
        )
    )
    [early] = upcoming(ONCE, plan, at("2026-10-15"), at("2026-10-16"))
    [late] = upcoming(ONCE, plan, at("2027-01-14"), at("2027-01-15"))
    assert (shown(early.at), shown(late.at)) == ("Fri 16 Oct 08:00", "Thu 14 Jan 18:30")
    assert kinds(standing(ONCE, plan, at("2026-11-24T07:00"))) == ["early"]


@pytest.mark.parametrize(
    ("notice", "sentence"),
    [
        pytest.param(
            {"kind": "Remind!"}, "'Remind!' cannot name a kind of message: take up to 20 of a-z", id="kind"
        ),
        pytest.param(
            {"until": None}, "remind needs until or lasts: when is it no longer worth saying", id="for-ever"
        ),
        pytest.param(
            {"until": offset("-25h")}, "remind at -24h would be void before it is said [(]until -25h[)]", id="void"
        ),
        pytest.param(
            {"until": None, "lasts": offset("-1h")}, r"void before it is said [(]lasts -1h[)]", id="backward"
        ),
    ],
)
def test_a_notice_that_makes_no_sense_is_refused(notice: dict[str, object], sentence: str) -> None:
    """At the door, with what would be right."""
    right = Notice(kind="remind", at=offset("-24h"), until=offset("-1h"))
    with pytest.raises(PlanError, match=sentence):
        replace(right, **notice)


def test_a_change_that_makes_no_sense_is_refused() -> None:
    """An unknown kind names those there are; a moment after its own validity is told so."""
    with pytest.raises(PlanError, match="There is no message 'remind' in the plan; there are: open, remind-week"):
        PLAN.adjusted({"remind": None})
    with pytest.raises(PlanError, match=r"remind-day at -30min would be void before it is said [(]until -1h[)]"):
        PLAN.adjusted({"remind-day": offset("-30min")})
    with pytest.raises(PlanError, match="open is in the plan twice"):
        Plan((PLAN.notices[0], PLAN.notices[0]))


def test_a_moment_needs_a_zone() -> None:
    """A wall time is refused on either side."""
    for since, now in ((wall("2026-11-25"), datetime.max.replace(tzinfo=UTC)), (LONG_AGO, wall("2026-11-25"))):
        with pytest.raises(ValueError, match="is a wall time, not a moment"):
            due(SYDNEY, PLAN, since, now)

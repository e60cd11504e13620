"""Dates that admins type: strict forms, sentences for everything else, and proposals that are only questions."""

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import LONGEST, Unread, asking, day, proposal, when, written
from bot.errors import UserError
from bot.values import moment

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Tuesday, 02:00 in Sydney
SYDNEY = "Australia/Sydney"


def local(text: str) -> datetime:
    """A wall time in Sydney."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SYDNEY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-25 18:30", "2026-11-25 18:30"),
        ("2026-11-25T18:30", "2026-11-25 18:30"),
        ("2026-11-25T07:30Z", "2026-11-25 18:30"),
        ("2026-11-25T08:30:00+01:00", "2026-11-25 18:30"),
        ("Wed 18:30", "2026-11-25 18:30"),
        ("wednesday, 18:30", "2026-11-25 18:30"),
        ("Tue 02:01", "2026-11-24 02:01"),
        ("Tue 02:00", "2026-12-01 02:00"),
        ("25 Nov 18:30", "2026-11-25 18:30"),
        ("  25   november 2026,  18:30 ", "2026-11-25 18:30"),
        ("6 Jan 9:00", "2027-01-06 09:00"),
        ("29 Feb 18:30", "2028-02-29 18:30"),
        ("20 Nov 2026 18:30", "2026-11-20 18:30"),
        ("Wed 25 Nov 2026, 18:30 (Australia/Sydney)", "2026-11-25 18:30"),
        ("Wed 08:30 Europe/Berlin", "2026-11-25 18:30"),
        ("25 Nov 07:30 UTC", "2026-11-25 18:30"),
        ("2027-04-04 02:30+11:00", "2027-04-04 02:30"),
        ("<t:1795591800:F>", "2026-11-25 18:30"),
        ("<t:1795591800>", "2026-11-25 18:30"),
        ("<t:1795591859:F> (<t:1795591859:R>)", "2026-11-25 18:30"),
    ],
)
def test_the_forms_that_are_read(text: str, expected: str) -> None:
    """ISO, a weekday, a day of a month with or without its year; a zone at the end; always the next such."""
    assert when(text, NOW, SYDNEY) == local(expected)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31 Nov 18:30", "November 2026 has 30 days, so there is no 31"),
        ("30 Feb 18:30", "February has 29 days at most, so there is no 30"),
        ("2027-02-29 18:30", "February 2027 has 28 days"),
        ("2026-13-01 10:00", "There is no month 13"),
        ("<t:999999999999:F>", "That moment is out of reach: it must be from 1900 to 2999"),
        ("9999-01-01 10:00", "must be from 1900 to 2999"),
        ("Wed 24:00", "There is no 24:00 on a clock"),
        ("Wed 18:60", "There is no 18:60 on a clock"),
        ("Thu 25 Nov 2026 18:30", "25 November 2026 is a Wednesday"),
        ("20 Nov 18:30", "20 November 2026 is over: if you mean another year, write it too"),
        ("03/04/2026", "could be 3 April or 4 March: write `2026-04-03` or `2026-03-04`"),
        ("25/11/2026 18:30", "write `2026-11-25`"),
        ("25.11.2026", "write `2026-11-25`"),
        ("99/99/2026", "I read no dates like"),
        ("Wed", "At what time?"),
        ("2026-11-25", "At what time?"),
        ("Wed 18:30 EST", "Use the name of a place, such as America/New_York"),
        ("Wed 18:30 Europe/Berln", "such as Europe/Berlin"),
        ("2027-10-03 02:30", "skip 02:30: do you mean `2027-10-03 03:30`?"),
        ("2027-04-04 02:30", "twice: write `2027-04-04 02:30+11:00` or `2027-04-04 02:30+10:00`"),
        ("2026-11-25 18:30+99:00", "is no offset"),
        ("", "Which date?"),
        ("x" * 10_000, "too long"),
    ],
)
def test_what_cannot_be_is_said(text: str, why: str) -> None:
    """A date that cannot be, or could be two, is a sentence, and no proposal is made of it."""
    with pytest.raises(UserError) as caught:
        when(text, NOW, SYDNEY)
    assert why in caught.value.text
    assert not isinstance(caught.value, Unread)


@pytest.mark.parametrize(
    "text", ["tomorrow", "6:30pm", "Foo 18:30", "25 Brumaire 18:30", "next week", "12", "\u0660"]
)
def test_text_in_no_form_is_unread(text: str) -> None:
    """It names the forms; a proposal may be made of it."""
    with pytest.raises(Unread, match="write `2026-11-25 18:30`, `Wed 18:30`"):
        when(text, NOW, SYDNEY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-23", "2026-12-23"),
        ("Wed", "2026-11-25"),
        ("tuesday", "2026-11-24"),
        ("25 Nov", "2026-11-25"),
        ("24 Nov", "2026-11-24"),
        ("Wed 23 December", "2026-12-23"),
        ("6 Jan", "2027-01-06"),
        ("20 Nov 2026", "2026-11-20"),
    ],
)
def test_days_are_read(text: str, expected: str) -> None:
    """A day may be today, by the group's clocks."""
    assert day(text, NOW, SYDNEY) == date.fromisoformat(expected)


@pytest.mark.parametrize("text", ["Wed 18:30", "20 Nov", "30 Feb", "03/04/2026", "soon"])
def test_days_that_are_refused(text: str) -> None:
    """A day has no time; what is over, impossible or ambiguous is a sentence."""
    with pytest.raises(UserError):
        day(text, NOW, SYDNEY)


moments = st.datetimes(datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2400-01-01")).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
zones = st.sampled_from(
    [SYDNEY, "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)


@given(moments, zones, moments)
def test_what_is_written_is_read_back(at: datetime, zone: str, now: datetime) -> None:
    """A moment reads back as itself, whenever it is read and whatever the clocks do on that day."""
    assert when(written(at, zone), now, SYDNEY) == at


@given(moments, moments)
def test_what_the_bot_says_is_read_back(at: datetime, now: datetime) -> None:
    """Also in the words in which the bot shows a moment to people."""
    shown = moment(at, "UTC").partition("[")[2].partition("]")[0]
    assert when(shown, now, SYDNEY) == at


@given(moments, zones, st.sampled_from(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]), st.times())
def test_a_weekday_is_the_next_such(now: datetime, zone: str, name: str, at: time) -> None:
    """Later than now, by a week at most, on that weekday and at that time; or the clocks are asked about."""
    try:
        found = when(f"{name} {at:%H:%M}", now, zone)
    except UserError as problem:
        if "the clocks of" not in problem.text:
            raise
        return
    assert f"{found:%a %H:%M}" == f"{name} {at:%H:%M}"
    assert timedelta() < found - now <= timedelta(days=7, hours=2)


@given(st.text(max_size=100) | st.text(alphabet="0123456789:-/. TZWed+NovUTC", max_size=64))
def test_any_text_is_a_date_or_a_sentence(text: str) -> None:
    """Nothing that can be typed raises anything but UserError."""
    for read in (when, day):
        try:
            read(text, NOW, SYDNEY)
        except UserError as problem:
            if len(problem.text) > 400:
                raise


@pytest.mark.parametrize(
    "text", ["monday " * 5000, "1" * 50_000, "1:" * 20_000, " " * 50_000, "(" * 20_000 + "/a" * 9000]
)
def test_hostile_input_is_quick(text: str) -> None:
    """A long text is refused at once, by the strict forms and by the guess."""
    start = perf_counter()
    with pytest.raises(UserError):
        when(text, NOW, SYDNEY)
    assert proposal(text, NOW, SYDNEY) is None
    assert perf_counter() - start < 0.2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow at 6pm", "2026-11-25 18:00"),
        ("mañana a las 18:30", "2026-11-25 18:30"),
        ("Mittwoch 18:30", "2026-11-25 18:30"),
        ("3rd of december 18:30", "2026-12-03 18:30"),
    ],
)
def test_free_text_becomes_a_proposal(text: str, expected: str) -> None:
    """In three languages, by the group's clocks."""
    assert proposal(text, NOW, SYDNEY) == local(expected)


@pytest.mark.parametrize(
    "text", ["may", "12", "tonight at 8", "yesterday 18:30", "no date at all", "", "1" * (LONGEST + 1)]
)
def test_what_is_not_understood_is_no_proposal(text: str) -> None:
    """Not even a wrong one: this very minute, the past and half a date are nothing."""
    assert proposal(text, NOW, SYDNEY) is None


def test_a_proposal_is_a_question() -> None:
    """It shows the moment and the line that confirms it, which reads back as that moment."""
    found = local("2026-11-25 18:00")
    asked = asking("tomorrow at `6pm`", found, SYDNEY, lambda text: f"!session add {text}")
    assert "Do you mean [Wed 25 Nov 2026, 18:00 (Australia/Sydney)](time:2026-11-25T07:00Z)" in asked.text
    (choice,) = asked.choices
    assert choice.command == "!session add 2026-11-25 18:00 Australia/Sydney"
    assert when(choice.command.removeprefix("!session add "), NOW, "UTC") == found

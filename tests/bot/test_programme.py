"""The reading plan: what a host writes, what is wrong with it and where, and what admins change."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StartError
from bot.programme import (
    EXAMPLE,
    TEMPLATES,
    VOTED,
    Programme,
    ProgrammeError,
    Template,
    load,
    parse,
    week,
)
from bot.programme.lines import lines
from bot.programme.reading import MOST_BYTES
from scheduler.due import weekly

PLAN = '''group = "Readers"
zone = "Europe/Berlin"

[series]
first = 2026-12-02
at = "18:30"
skip = [
    2026-12-23,   # holidays
    2026-12-30,
]

[series.moved]
2026-12-09 = "2026-12-10 19:00"

[messages]
remind-week = "off"

[catchup]
slots = ["Sat 17:00"]

[wording.remind-day]
text = """
Soon: {start}
"""

[[chapters]]
number = 8
title = "Eight"
homework = ["Rate"]

[[chapters]]
number = 3
title = "Three"
reading = ["3.1", "3.2"]
'''
wall = datetime.fromisoformat
EVER = datetime(2100, 1, 1, tzinfo=UTC)


def plan(sessions: str = "", *, old: str = "", new: str = "") -> Programme:
    """The programme of PLAN with some of it in other words."""
    assert old in PLAN
    return parse(PLAN.replace(old, new, 1) + sessions, "plan.toml")


def held(programme: Programme) -> list[str]:
    """The sessions by the group's clocks, with what each is about."""
    return [f"{each.local:%m-%d %H:%M} {programme.meeting(each).title}" for each in programme.sessions()]


@pytest.fixture(scope="module")
def example() -> Programme:
    """The programme that is shipped."""
    return load(EXAMPLE)


def test_the_example_is_the_book(example: Programme) -> None:
    """It has chapters 1–20 in order, on Wednesdays at 18:30 in Sydney, without the two weeks of the holidays."""
    sessions = list(example.sessions())
    assert [example.meeting(each).chapters for each in sessions] == [(number,) for number in range(1, 21)]
    assert {f"{each.local:%a %H:%M}" for each in sessions} == {"Wed 18:30"}
    assert [str(each.date) for each in sessions[:4]] == ["2026-12-02", "2026-12-09", "2026-12-16", "2027-01-06"]
    assert sessions[-1].date == date(2027, 4, 28)
    assert {each.local.utcoffset() for each in sessions} == {timedelta(hours=10), timedelta(hours=11)}


def test_every_key_of_the_example_has_its_line() -> None:
    """The line found for a key or an item is the one it is written on."""
    text = EXAMPLE.read_text(encoding="utf-8")
    rows, found = text.splitlines(), lines(text)

    def leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        yield path, value
        if isinstance(value, dict | list):
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                yield from leaves(inner, (*path, key))

    checked = 0
    for path, value in leaves(tomllib.loads(text), ()):
        if path and not isinstance(value, dict | list):
            names = [name for name in path if isinstance(name, str)]
            row = rows[found[path] - 1]
            assert str(value).lower() in row.lower(), path
            assert names[-1] in row, path
            checked += 1
    assert checked > 60


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('a = """\n[b]\n"""\n[b]\nc = 1', ("b", "c"), 5),
        ("a = '''\nx'''''\nb = 1", ("b",), 3),
        ("\"a.b\".c = 1\r\n'd' = 2", ("d",), 2),
        ("a = [ # ]\n 1,\n [2,\n 3]]", ("a", 1, 1), 4),
        ("[a.b]\nc = {d = 1, e = [\n2]}", ("a", "b", "c", "e", 0), 3),
        ("[[a]]\n[[a]]\n[a.b]\nc=1\n[[a.d]]\n[[a.d]]\ne=1", ("a", 1, "d", 1, "e"), 7),
        ('a = "x\\"# y" # z\nb = 2026-11-25 10:00:00', ("b",), 2),
        ("a.b.c = 1", ("a", "b"), 1),
        ("'é' = 1\n\"\\u00e9b\" = 2", ("éb",), 2),
    ],
    ids=["string", "quotes", "keys", "array", "inline", "tables", "escape", "dotted", "unicode"],
)
def test_lines_follow_the_shapes_of_toml(text: str, path: tuple[str | int, ...], line: int) -> None:
    """Strings over several lines, arrays, inline tables and lists of tables lead nobody astray."""
    tomllib.loads(text)
    assert lines(text)[path] == line


def test_chapters_follow_the_sessions_that_are_held() -> None:
    """Chapters come in the order of the file; a skipped week pushes the rest, a moved one keeps its chapter."""
    assert held(plan()) == ["12-02 18:30 Chapter 8: Eight", "12-10 19:00 Chapter 3: Three"]
    pushed = plan(old="    2026-12-23,", new="    2026-12-02, 2026-12-23,")
    assert held(pushed) == ["12-10 19:00 Chapter 8: Eight", "12-16 18:30 Chapter 3: Three"]


def test_sessions_take_chapters_as_they_like() -> None:
    """A chapter may take two sessions, a session two chapters, in any order, with a guest or without a chapter."""
    programme = plan(
        """
[[sessions]]
chapters = [3]
[[sessions]]
guest = "Grace Hopper"
[[sessions]]
chapters = [3, 8]
guest = "Ada"
[[sessions]]
title = "Show and tell"
homework = ["Rest"]
"""
    )
    assert [each.title for each in programme.meetings] == [
        "Chapter 3: Three (part 1 of 2)",
        "A session with Grace Hopper",
        "Chapter 3: Three (part 2 of 2) + Chapter 8: Eight",
        "Show and tell",
    ]
    assert [each.finished for each in programme.meetings] == [(), (), (3, 8), ()]
    assert programme.meetings[2].homework == ("Rate",)
    assert programme.meetings[2].reading == (
        "Chapter 3: 3.1",
        "Chapter 3: 3.2",
        "Chapter 8, from beginning to end",
    )
    kinds = [each.kind for each in programme.upcoming(datetime(2026, 1, 1, tzinfo=UTC), EVER)]
    assert kinds.count("questionnaire") == 1
    assert kinds.count("open") == 4


def test_messages_go_out_when_the_host_says() -> None:
    """A message that is off is not due; another offset moves it; the rest stays as it is."""
    programme = plan(old='remind-week = "off"', new='remind-week = false\nopen = "-6d 09:00"')
    first = [
        each for each in programme.upcoming(datetime(2026, 1, 1, tzinfo=UTC), EVER) if each.occurrence.number == 1
    ]
    kinds = [each.kind for each in first]
    assert sorted(kinds) == sorted(
        [*(each.kind for each in weekly().notices if each.kind != "remind-week"), VOTED]
    )
    assert first[0].at == datetime(2026, 11, 26, 8, tzinfo=UTC)


def test_a_plan_without_chapters_goes_on() -> None:
    """A group with no book yet meets week after week, and is asked a questionnaire by its prompt alone."""
    programme = parse(
        'group = "A"\nzone = "UTC"\n[series]\nfirst = 2026-12-02\nat = "18:00"\nevery_weeks = 2\nminutes = 60', "a"
    )
    sessions = list(programme.sessions(most=3))
    assert [each.date.day for each in sessions] == [2, 16, 30]
    assert {programme.meeting(each).title for each in sessions} == {"Open session"}
    assert all(programme.asks(each) for each in sessions)


def test_a_week_reaches_from_session_to_session(example: Programme) -> None:
    """Its homework and its catch-up come from the session before; after the last one there is one more."""

    def seen(text: str) -> tuple[str, int, tuple[str, ...]]:
        found = week(example, datetime.fromisoformat(text))
        assert found is not None
        return found.key, len(found.homework), tuple(f"{slot.starts:%m-%d %H:%M}" for slot in found.slots)

    assert seen("2026-11-23T00:00+11:00") == ("2026-12-02", 0, ())
    assert seen("2026-12-02T19:39+11:00") == ("2026-12-02", 0, ())
    assert seen("2026-12-02T19:40+11:00") == ("2026-12-09", 2, ("12-05 06:00", "12-06 00:00", "12-06 06:00"))
    assert seen("2026-12-25T12:00+11:00") == ("2027-01-06", 1, ("12-19 06:00", "12-20 00:00", "12-20 06:00"))
    assert seen("2027-05-01T12:00+10:00") == ("2027-04-28-after", 1, ("05-01 07:00", "05-02 01:00", "05-02 07:00"))
    assert week(example, datetime(2027, 6, 1, tzinfo=UTC)) is None


REFUSED = {
    "zone": ('"Europe/Berlin"', '"Berlin"', 2, "Use the name of a place, such as Europe/Berlin."),
    "abbreviation": ('"Europe/Berlin"', '"CET"', 2, "is an abbreviation"),
    "no zone": ('zone = "Europe/Berlin"\n', "", 1, "zone is missing"),
    "bare time": ('"18:30"', "18:30", 6, 'Write times in quotes: "18:30".'),
    "late time": ('"18:30"', '"25:30"', 6, 'must be a time from "00:00" to "23:59"'),
    "no date of it": ("2026-12-30,", "2026-12-31,", 9, "the nearest: Wed 2026-12-30 and Wed 2027-01-06"),
    "impossible skip": ("2026-12-30,", "2026-02-30,", 9, "2026-02-30 is no date: that month has 28 days."),
    "impossible first": ("2026-12-02", "2026-11-31", 5, "that month has 30 days"),
    "day zero": ("2026-12-02", "2026-12-00", 5, "that month has 31 days"),
    "impossible month": ("2026-12-02", "2026-13-01", 5, "the month must be from 01 to 12"),
    "skip twice": ("2026-12-30,", "2026-12-23,", 9, "skip has 2026-12-23 twice"),
    "collision": ("2026-12-10 19:00", "2026-12-16 19:00", 13, "the session of Wed 2026-12-16 is held there"),
    "impossible move": ("2026-12-10 19", "2026-02-30 19", 13, "that month has 28 days"),
    "vague move": ("2026-12-10 19:00", "tomorrow", 13, 'write "2026-12-09 19:00"'),
    "move of no date": ("2026-12-09 =", "2026-12-08 =", 13, "is no date of this series"),
    "skipped and moved": ("2026-12-09 =", "2026-12-23 =", 13, "is both skipped and moved"),
    "far move": ("2026-12-10 19", "3026-12-10 19", 13, "must be in one of the years"),
    "key of the series": ("skip =", "skp =", 7, "Did you mean skip?"),
    "table": ("[messages]", "[mesages]", 15, "Did you mean messages?"),
    "message": ('remind-week = "off"', 'remind-weak = "off"', 16, "Did you mean remind-week?"),
    "void message": ('remind-week = "off"', 'remind-day = "-1min"', 16, "would be void before it is said"),
    "strange offset": ('remind-week = "off"', 'remind-day = "soon"', 16, "Write -24h"),
    "early slot": ('"Sat 17:00"', '"Sat 09:00"', 19, "over before it is proposed"),
    "overlapping slot": ('"Sat 17:00"', '"Wed 18:45"', 19, "overlaps the session on Wed 18:30"),
    "strange slot": ('"Sat 17:00"', '"noon"', 19, 'write "Sat 17:00"'),
    "slot twice": ('"Sat 17:00"', '"Sat 17:00", "Sat 17:00"', 19, "is here twice"),
    "field": ("{start}", "{strat}", 22, "Did you mean {start}?"),
    "brace": ("{start}", "{start", 22, "a brace that is not closed"),
    "inside of a field": ("{start}", "{start:%Y}", 22, "nothing else between the braces"),
    "attribute": ("{start}", "{start.__class__}", 22, "unknown field"),
    "nothing said": ("\nSoon: {start}\n", "", 22, "text is empty"),
    "wording": ("wording.remind-day", "wording.remindday", 21, "Did you mean remind-day?"),
    "chapter twice": ("number = 3", "number = 8", 32, "Chapter 8 is here twice"),
    "key of a chapter": ("number = 3", "nr = 3", 32, "I know no key 'nr'"),
    "number as title": ('"Three"', "2", 33, "must be text in quotes"),
    "number in a list": ('"3.2"', "32", 34, "must be text in quotes"),
    "end before start": ("skip =", "until = 2026-11-01\nskip =", 7, "until must be Wed 2026-12-02 or later"),
    "end too early": (
        "skip = [\n    2026-12-23,   # holidays\n    2026-12-30,\n]",
        "skip = [2026-12-02]\nuntil = 2026-12-09",
        8,
        "leaves room for 1 of 2 sessions",
    ),
    "rhythm": ("skip =", "every_weeks = 0\nskip =", 7, "from 1 to 52, not 0"),
    "length": ("skip =", "minutes = 0\nskip =", 7, "from 10 to 600, not 0"),
    "open quote": ('"Readers"', '"Readers', 1, "must be closed on its line"),
    "key twice": ("[series]", 'group = "again"\n[series]', 4, "this key is there twice"),
    "outbox key": ('group = "Readers"', 'group = "Readers"\nkey = "A/b"', 2, "take up to 20 of a-z"),
    "one table": ("[[chapters]]", "[chapters]", 31, "this key is there twice"),
    "depth": ('"Readers"', "[" * 5000, 1, "these brackets have no end"),
    "empty": ('"Readers"', '" "', 1, "group is empty"),
    "no series": ("[series]", "[seriess]", 4, "Did you mean series?"),
}


@pytest.mark.parametrize(("old", "new", "line", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, line: int, why: str) -> None:
    """Each slip is refused in one line: the file, the line, what was wrong and what would be right."""
    with pytest.raises(ProgrammeError) as caught:
        plan(old=old, new=new)
    said = str(caught.value)
    assert said.startswith(f"plan.toml:{line}: "), said
    assert why in said
    assert "\n" not in said
    assert isinstance(caught.value, StartError)


@pytest.mark.parametrize(
    ("sessions", "line", "why"),
    [
        ("[[sessions]]\nchapters = [\n8,\n4]", 38, "I know no chapter 4: there are 3 and 8."),
        ('[[sessions]]\nnote = "?"', 35, "It needs chapters, a title or a guest."),
        ("[[sessions]]\nchapters = 8", 36, "must be a list: put it in brackets, [8]"),
        ("[[sessions]]\nchapter = [8]", 36, "Did you mean chapters?"),
    ],
    ids=["unknown", "nothing", "bare", "key"],
)
def test_a_session_says_what_it_is_about(sessions: str, line: int, why: str) -> None:
    """Sessions name chapters of the file."""
    with pytest.raises(ProgrammeError, match=f"plan.toml:{line}: ") as caught:
        plan(sessions)
    assert why in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, another encoding and a huge file are each a sentence; a byte order mark is none."""
    path = tmp_path / "plan.toml"
    with pytest.raises(ProgrammeError, match=r"plan\.toml: I cannot read it \(No such file"):
        load(path)
    path.write_bytes(b'group = "A"\nzone = "\xff"')
    with pytest.raises(ProgrammeError, match=r"plan\.toml:2: this is not UTF-8"):
        load(path)
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(ProgrammeError, match="the most is 200,000"):
        load(path)
    path.write_text(PLAN, encoding="utf-8-sig")
    assert load(path) == plan()


@given(st.text(max_size=200) | st.text(alphabet="ab[]{}=\"'.,#\n 01-:", max_size=80))
def test_any_text_is_a_programme_or_a_sentence(text: str) -> None:
    """Nothing that can stand in a file raises anything but ProgrammeError."""
    with pytest.raises(ProgrammeError, match=r"(?s)^any:\d+: "):
        parse(text, "any")


@given(st.data())
def test_a_damaged_file_is_a_programme_or_a_sentence(data: st.DataObject) -> None:
    """Nor does a file of which a piece has been lost or changed."""
    start = data.draw(st.integers(0, len(PLAN)))
    end = data.draw(st.integers(start, min(len(PLAN), start + 30)))
    text = PLAN[:start] + data.draw(st.text(alphabet="ab[]{}=\"'.,#\n 01-:", max_size=10)) + PLAN[end:]
    try:
        parse(text, "any")
    except ProgrammeError as problem:
        line = int(str(problem).split(":")[1])
        assert 1 <= line <= len(text.splitlines()) + 1


@pytest.mark.parametrize("key", ["moved", "extra"])
def test_sessions_that_overlap_are_refused(key: str) -> None:
    """Also over midnight, where they are on two days; the line is that of the one put there by hand."""
    day = "2026-12-09" if key == "moved" else "2026-12-15"
    text = (
        'group = "A"\nzone = "UTC"\n[series]\nfirst = 2026-12-02\nat = "00:20"\n'
        f'[series.{key}]\n{day} = "2026-12-15 23:TIME"\n'
    )
    with pytest.raises(
        ProgrammeError, match=rf"a:7: The session of {day}, held on Tue 15 Dec at 23:50, runs into that"
    ):
        parse(text.replace("TIME", "50"), "a")
    assert parse(text.replace("23:TIME", "23:10"), "a").series.on(date.fromisoformat(day))


def test_our_own_words_are_in_order() -> None:
    """Every kind of message has a template; titles and texts are bounded."""
    assert list(TEMPLATES) == [*(notice.kind for notice in weekly().notices), VOTED]
    with pytest.raises(ValueError, match=r"title: \{start\} is more than a title can hold"):
        Template("{start}", "x")
    with pytest.raises(ValueError, match="the most is 4,000"):
        Template("x", "x" * 5000)


@pytest.mark.parametrize(
    ("slots", "closed"),
    [
        pytest.param(["Sat 17:00", "Sun 11:00"], "Sat 15:00", id="two hours before the first slot"),
        pytest.param(["Sat 11:00"], "Sat 10:30", id="half of the time people have"),
        pytest.param(["Sat 13:00"], "Sat 11:30", id="the later of the two"),
    ],
)
def test_a_vote_ends_by_itself(slots: list[str], closed: str) -> None:
    """In time to make room for the first slot; what it came to is worth saying until the last one."""
    programme = plan(old='slots = ["Sat 17:00"]', new=f"slots = {slots}")
    session = next(programme.sessions())
    vote = programme.vote(session)
    assert vote is not None
    assert f"{vote.at.astimezone(programme.series.clocks):%a %H:%M}" == closed
    assert f"{vote.valid_until.astimezone(programme.series.clocks):%a %H:%M}" == slots[-1]
    assert [each for each in programme.due(vote.at - timedelta(seconds=1), vote.at) if each.kind == VOTED] == [
        vote
    ]
    (standing,) = [
        each for each in programme.standing(vote.valid_until - timedelta(minutes=1)) if each.kind == VOTED
    ]
    assert standing == vote
    late = programme.due(vote.at - timedelta(seconds=1), vote.valid_until + timedelta(hours=1))
    assert [each.expired for each in late if each.kind == VOTED] == [True]


def test_without_a_catch_up_there_is_no_vote() -> None:
    """Turned off, or without slots."""
    off = plan(old='remind-week = "off"', new="catchup = false")
    assert off.vote(next(off.sessions())) is None
    assert VOTED not in {each.kind for each in off.upcoming(datetime(2026, 1, 1, tzinfo=UTC), EVER)}

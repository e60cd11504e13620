"""The rehearsal: everything that would be posted, when and where, without posting."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.programme import EXAMPLE, TEMPLATES, Changes, Programme, changed, in_words, load, parse
from bot.rehearse import readable, rehearse

SWITCH = datetime(2027, 3, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def example() -> Programme:
    """The programme that is shipped."""
    return load(EXAMPLE)


def test_the_whole_plan_is_rehearsed(example: Programme) -> None:
    """Every kind once for each of 20 sessions, but no questionnaire for the last chapter; in order of time."""
    posts = rehearse(example, datetime(2026, 11, 23, tzinfo=UTC), 26)
    kinds = [post.kind for post in posts]
    assert {kind: kinds.count(kind) for kind in TEMPLATES} == {
        kind: 19 if kind == "questionnaire" else 20 for kind in TEMPLATES
    }
    assert [post.at for post in posts] == sorted(post.at for post in posts)


def test_its_json_is_the_contract(example: Programme) -> None:
    """A list of at, local, kind, place, title and text; one entry for each place."""
    posts = rehearse(example, datetime(2026, 11, 23, tzinfo=UTC), 1, places=("forum", "chat"))
    plain = json.loads(json.dumps([post.as_json() for post in posts]))
    assert [each["place"] for each in plain] == ["forum", "chat"] * (len(plain) // 2)
    assert list(plain[0]) == ["at", "local", "kind", "place", "title", "text"]
    assert (plain[0]["at"], plain[0]["local"]) == ("2026-11-25T09:30:00Z", "2026-11-25T20:30:00+11:00")
    assert plain[0]["text"].startswith("Chapter 1: Your Deep Learning Journey\nWe meet on Wed 2 Dec 2026, 18:30")


def test_the_clocks_change_and_the_week_does_not(example: Programme) -> None:
    """Across Sydney's switch of 4 April 2027 the wall times stay, the instants move by an hour."""
    posts = rehearse(example, SWITCH, 2)
    for kind in ("remind-day", "remind-hour", "remind-soon", "leftovers", "open"):
        before, after = [post for post in posts if post.kind == kind]
        assert before.local[10:16] == after.local[10:16]
        apart = datetime.fromisoformat(after.at) - datetime.fromisoformat(before.at)
        assert apart == timedelta(weeks=1, hours=1)
    assert [post.kind for post in posts if "Mind the clocks" in post.text] == ["open", "remind-week", "remind-day"]


def test_weeks_join_without_a_gap(example: Programme) -> None:
    """Two rehearsals of a week each are the rehearsal of two weeks, also when one begins with a post."""
    start = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    halves = rehearse(example, start, 1) + rehearse(example, start + timedelta(weeks=1), 1)
    assert halves == rehearse(example, start, 2)
    assert halves[0].kind == "open"


def test_it_reads_as_text(example: Programme) -> None:
    """Each post has its line of when, kind and where, and its text below; no week, no posts."""
    text = readable(example, rehearse(example, SWITCH, 1))
    assert text.startswith(
        "The Deep Learning Book Club, by the clocks of Australia/Sydney\n\nTue 30 Mar 2027, 18:30"
    )
    assert "\n\nWed 31 Mar 2027, 17:30 (2027-03-31T06:30Z) · remind-hour · the week's thread\n" in text
    assert "\nWeek 16: 1 hour to go\n\n    We start in 1 hour: Wed 31 Mar" in text
    assert readable(example, rehearse(example, SWITCH, 0)) == "Nothing would be posted in that time."


def test_it_says_what_admins_changed_and_why_there_is_nothing(example: Programme) -> None:
    """Before the posts, each change in words; without posts, the reason."""
    changes = (
        Changes(group="Readers", host="")
        .skipping(date(2026, 12, 9))
        .moving(date(2026, 12, 16), datetime.fromisoformat("2026-12-17 19:00"))
        .reminding("remind-day", None)
        .reminding("remind-week", "-5d")
    )
    told = in_words(changes.pausing(date(2027, 1, 10)))
    assert told == [
        "the group's name: Readers",
        "the host's name: nobody",
        "the session of Wed 2026-12-09, skipped",
        "the session of Wed 2026-12-16, moved: Thu 2026-12-17 19:00",
        "the reminder remind-day: off",
        "the reminder remind-week: -5d",
        "a pause from Sun 2027-01-10 on",
    ]
    text = readable(example, rehearse(example, SWITCH, 1), start=SWITCH, changes=told[2:3])
    assert "\n\nWith what admins changed:\n- the session of Wed 2026-12-09, skipped\n\nTue 30 Mar" in text
    late, soon = datetime(2028, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    paused = changed(example, Changes().pausing(date(2026, 11, 1)))
    for programme, start, why in (
        (example, late, "The last session of the plan is on Wed 2027-04-28 at 18:30."),
        (example, soon, "The next session is on Wed 2026-12-02 at 18:30."),
        (paused, soon, "The programme pauses from Sun 2026-11-01 on."),
    ):
        text = readable(programme, rehearse(programme, start, 1), start=start)
        assert text == f"Nothing would be posted in that time. {why}"


def test_a_question_has_its_place(example: Programme) -> None:
    """Which question is asked is decided then: the rehearsal says so in its place."""
    posts = {post.kind: post.text for post in rehearse(example, datetime(2026, 12, 2, tzinfo=UTC), 1)}
    for kind in ("questionnaire", "question", "question-more"):
        assert "(Here stands a question from those you have imported" in posts[kind]
    assert "Here stands" not in posts["leftovers"]


def test_a_paused_programme_has_nothing_to_say(example: Programme) -> None:
    """Nor has anything that begins after the calendar's end."""
    paused = changed(example, Changes().pausing(example.series.first))
    assert not rehearse(paused, datetime(2026, 11, 1, tzinfo=UTC), 52)
    assert not rehearse(example, datetime.max.replace(tzinfo=UTC), 52)


def test_a_plan_without_an_end_goes_on() -> None:
    """Without chapters, the series alone says how long."""
    endless = parse('group = "A"\nzone = "UTC"\n[series]\nfirst = 2026-12-02\nat = "18:00"', "a")
    assert len(rehearse(endless, datetime(2030, 11, 1, tzinfo=UTC), 20)) == 200

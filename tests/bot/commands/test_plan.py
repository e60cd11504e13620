"""The reading plan's commands: for members, and what admins change of its rhythm."""

from datetime import datetime

import pytest

from bot.actions import SCHEDULE
from bot.addresses import read
from bot.command import Registry
from bot.commands import plan
from bot.database import Database
from bot.dispatch import Refusal
from tests.bot.conftest import ANN
from tests.bot.hosted import PLACE, Group


@pytest.fixture
async def group(database: Database) -> Group:
    """A group, a week before its first session, whose next weeks are owed."""
    made = Group(database)
    await made.agenda.materialise(made.now)
    return made


async def test_the_week_is_shown(group: Group) -> None:
    """Session, time as a moment for the reader's own clock, reading, and nothing where nothing is open."""
    reply = await group.says("!week", ANN)
    assert reply.text.split("\n\n") == [
        r"**Week 1: Chapter 1: Part \*1\***",
        "We meet on [Wed 2 Dec 2026, 18:30 (Australia/Sydney)](time:2026-12-02T07:30Z).",
        "### To read before we meet",
        "- From 1.1 to 1.3",
    ]
    group.now = datetime.fromisoformat("2026-12-02T08:00:00+00:00")
    assert "We are meeting just now, since [Wed 2 Dec" in (await group.says("!week", ANN)).text


async def test_what_is_open_is_counted(group: Group) -> None:
    """Questions, links, blog posts and homework, each with the command that shows it."""
    for text in ("Why?", "How?"):
        await group.notebook.questions.ask(PLACE, "2026-12-02", ANN, text, group.now)
    await group.notebook.links.add(PLACE, "2026-12-02", ANN, read("https://a.example/"), "", group.now)
    text = (await group.says("!week", ANN)).text
    assert text.endswith("### Open just now\n\n- 2 questions: `!questions`\n- 1 link: `!links`")
    group.now = datetime.fromisoformat("2026-12-03T08:00:00+00:00")
    assert "- 1 item of homework: `!homework`" in (await group.says("!week", ANN)).text


async def test_the_plan_is_a_table(group: Group) -> None:
    """Sessions by the group's clocks with their numbers, and the days on which nobody meets."""
    reply = await group.says("!schedule weeks=6", ANN)
    assert reply.table
    assert reply.table.columns == ("week", "when (Australia/Sydney)", "what", "")
    assert [row[:2] for row in reply.table.rows] == [
        (1, "Wed 2 Dec 2026, 18:30"),
        (2, "Wed 9 Dec 2026, 18:30"),
        (3, "Wed 16 Dec 2026, 18:30"),
        ("", "Wed 23 Dec 2026, 18:30"),
        (4, "Wed 30 Dec 2026, 18:30"),
    ]
    assert reply.table.rows[3][2:] == ("nobody meets", "skipped")
    assert reply.table.rows[0][2] == "Chapter 1: Part *1*"
    assert r"Readers \*of\* books" in reply.text


async def test_the_calendar_is_subscribed_to(group: Group) -> None:
    """By its address; one of this machine says so."""
    text = (await group.says("!calendar", ANN)).text
    assert "<http://127.0.0.1:8000/calendar.ics>" in text
    assert "`PUBLIC_URL`" in text
    group.steering.calendar = "https://group.example/calendar.ics"
    assert "`PUBLIC_URL`" not in (await group.says("!calendar", ANN)).text


async def test_the_rhythm_changes_from_a_day_on(group: Group) -> None:
    """What was planned before stays; the answer says what is posted from now on and shows the plan."""
    reply = await group.says("!schedule set at=19:00 from=2026-12-16")
    assert group.held(4) == ["12-02 18:30", "12-09 18:30", "12-16 19:00", "12-30 19:00"]
    assert reply.text.startswith("From Wed 16 Dec 2026 on we meet at 19:00.\n\nFrom now on I post for it:\n\n- [")
    assert reply.table
    assert reply.table.rows[2][1] == "Wed 16 Dec 2026, 19:00"
    reply = await group.says("!schedule set zone=Europe/Berlin every=2 from=13 Jan")
    assert "by the clocks of Europe/Berlin, every 2 weeks" in reply.text
    assert group.held(7)[5:] == ["01-13 19:00", "01-27 19:00"]


async def test_without_a_day_it_is_the_next_session(group: Group) -> None:
    """A new first day alone changes the weekday; the sessions before it stay."""
    await group.says("!schedule set at=20:15")
    assert group.held(2) == ["12-02 20:15", "12-09 20:15"]
    assert "in the same rhythm" in (await group.says("!schedule set from=2026-12-10")).text
    assert group.held(4) == ["12-02 20:15", "12-10 20:15", "12-17 20:15", "12-31 20:15"]


async def test_a_new_rhythm_doubles_no_week(group: Group) -> None:
    """The week's session gives way to the new one, and that is said; one that was held is not followed by it."""
    reply = await group.says("!schedule set from=2026-12-10")
    assert "The session [Wed 9 Dec 2026, 18:30 (Australia/Sydney)]" in reply.text
    assert "gives way: there is one in a week." in reply.text
    assert group.held(3) == ["12-02 18:30", "12-10 18:30", "12-17 18:30"]
    assert "gives way" not in (await group.says("!schedule set from=2026-12-17")).text
    group.now = datetime.fromisoformat("2026-12-10T10:00:00+00:00")
    begun = await group.refuses("!schedule set from=2026-12-12")
    assert "had its session on Thu 10 Dec 2026: let the new rhythm begin on Sat 19 Dec 2026." in begun.text


async def test_a_skipped_week_stays_skipped(group: Group) -> None:
    """On whatever day of it the new rhythm would meet: the host's holidays, and those of admins."""
    await group.says("!session skip 2026-12-16")
    await group.says("!session cancel 2026-12-30")
    await group.says("!schedule set at=10:00 from=2026-12-10")
    assert group.held(3) == ["12-02 18:30", "12-10 10:00", "01-07 10:00"]


async def test_no_session_is_added_into_a_pause(group: Group) -> None:
    """Nor moved there; it says until when."""
    await group.says("!schedule pause from=2027-01-01")
    for line in ("!session add 2027-01-09 10:00", "!session move 2026-12-16 to=2027-01-08 18:30"):
        assert "pauses from Fri 1 Jan 2027 on: resume it first" in (await group.refuses(line)).text
    await group.says("!schedule resume from=2027-02-01")
    for line in ("!session add 2027-01-09 10:00", "!session move 2026-12-16 to=2027-01-08 18:30"):
        assert "and resumes on Mon 1 Feb 2027: take another day" in (await group.refuses(line)).text


async def test_a_pause_holds_what_was_moved_into_it(group: Group) -> None:
    """The chapters go on in their order, none of them left out."""
    await group.says("!session move 2026-12-16 to=2027-01-08 18:30")
    await group.says("!schedule pause from=2027-01-01")
    assert group.held() == ["12-02 18:30", "12-09 18:30", "12-30 18:30"]
    await group.says("!schedule resume from=2027-02-01")
    plan = [each for each in group.steering.plan(group.now, 20) if each.number]
    assert [each.title for each in plan] == [f"Chapter {number}: Part *{number}*" for number in range(1, 9)]
    assert group.held(4)[3] == "02-03 18:30"


async def test_the_programme_pauses_and_goes_on(group: Group) -> None:
    """From now on or from a day on; chapters wait meanwhile."""
    reply = await group.says("!schedule pause")
    assert "From now on I post nothing" in reply.text
    assert [choice.command for choice in reply.choices] == ["!schedule resume"]
    for line in ("!schedule pause", "!week", "!schedule"):
        assert "The programme pauses, from Tue 24 Nov 2026 on." in (await group.says(line)).text
    assert "goes on: Chapter 1: Part \\*1\\*, [Wed 2 Dec" in (await group.says("!schedule resume 1 Dec")).text
    assert "does not pause" in (await group.says("!schedule resume")).text
    await group.says("!schedule pause from=2026-12-10")
    assert group.held() == ["12-02 18:30", "12-09 18:30"]
    await group.says("!schedule resume from=2027-01-10")
    assert group.held(3) == ["12-02 18:30", "12-09 18:30", "01-13 18:30"]
    assert group.steering.plan(group.now, 8)[-1].title == "Chapter 3: Part *3*"


async def test_a_session_that_was_held_stays_held(group: Group) -> None:
    """A pause on its evening begins the day after, and so does what ends one."""
    group.now = datetime.fromisoformat("2026-12-02T10:00:00+00:00")
    assert (
        "From Wed 2 Dec 2026 on is too late: take Thu 3 Dec 2026"
        in (await group.refuses("!schedule pause from=2026-12-02")).text
    )
    assert "from Thu 3 Dec 2026 on" in (await group.says("!schedule pause")).text
    group.now = datetime.fromisoformat("2026-12-09T10:00:00+00:00")
    await group.says("!schedule resume")
    (session, *_) = group.steering.plan(group.now, 3)
    assert (session.key, session.number) == ("2026-12-16", 2)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("schedule stop", "`stop` is nothing that `schedule` can do", id="action"),
        pytest.param("schedule set", "What shall be set?", id="nothing"),
        pytest.param("schedule set at=7pm", "`at` is when a session starts, such as 19:00", id="no-time"),
        pytest.param("schedule set at=25:00", "from 00:00 to 23:59", id="impossible-time"),
        pytest.param("schedule set zone=Europe/Berln", "such as Europe/Berlin", id="unknown-zone"),
        pytest.param("schedule set zone=EST", "is an abbreviation", id="abbreviation"),
        pytest.param("schedule set every=0", "a whole number from 1 to 52", id="never"),
        pytest.param("schedule set at=19:00 from=2026-11-01", "is too late: take Tue 24 Nov 2026", id="past"),
        pytest.param("schedule set at=19:00 from=31 Nov", "November 2026 has 30 days", id="impossible-day"),
        pytest.param("schedule set 3 Feb at=19:00", "a day is written `from=2027-02-03`", id="day-without-from"),
        pytest.param("schedule at=19:00", "write `!schedule set at=19:00`", id="no-set"),
        pytest.param("schedule pause some day soon", "I cannot read `some day soon` as a date", id="unread"),
    ],
)
async def test_what_cannot_be_is_refused(group: Group, line: str, said: str) -> None:
    """Each with the sentence that helps, and nothing is changed."""
    assert said in (await group.refuses(f"!{line}")).text
    assert group.agenda.revision == 0


async def test_a_guess_is_a_question(group: Group) -> None:
    """The exact command to say yes has all that was typed beside the day."""
    reply = await group.refuses("!schedule set at=19:00 from=the 16th of december")
    assert [choice.command for choice in reply.choices] == ["!schedule set at=19:00 from=2026-12-16"]
    await group.says(reply.choices[0].command)
    assert group.held(3)[2] == "12-16 19:00"


@pytest.mark.parametrize("action", [action.name for action in SCHEDULE if action.name != "show"])
async def test_only_admins_change_the_plan(group: Group, action: str) -> None:
    """Members are told how to see it."""
    reply = await group.refuses(f"!schedule {action}", ANN)
    assert "for the group's admins; `!schedule` alone shows it" in reply.text


@pytest.mark.parametrize(
    "moment", ["2026-11-23T18:30Z", "2026-12-02T08:00Z", "2027-01-21T00:00Z", "2040-01-01T00:00Z"]
)
async def test_every_example_is_answered(group: Group, moment: str) -> None:
    """Before, in, towards the end of and after the programme."""
    group.now = datetime.fromisoformat(moment)
    for command in Registry.of(plan):
        for example in command.examples:
            reply = await group.asks(f"!{example}")
            assert not isinstance(reply, Refusal), f"{example}: {reply.text}"

"""The commands of the admins, over a real agenda, outbox and database."""

from datetime import datetime, timedelta

import pytest

from bot.command import Registry
from bot.commands import admin
from bot.database import Database
from bot.dispatch import Refusal
from bot.render import html
from scheduler.owed import State
from tests.bot.conftest import ANN
from tests.bot.hosted import Group

LINES = ("session", "reminder", "thread", "delivery", "status")


@pytest.fixture
async def group(database: Database) -> Group:
    """A group, a week before its first session, whose next weeks are owed."""
    made = Group(database)
    await made.agenda.materialise(made.now)
    return made


@pytest.mark.parametrize("line", LINES)
async def test_only_admins_may(group: Group, line: str) -> None:
    """Whatever it is, nobody else is told."""
    assert "for the group's admins" in (await group.refuses(f"!{line}", ANN)).text


@pytest.mark.parametrize("line", [line for line in LINES if line != "status"])
async def test_a_wrong_action_names_those_there_are(group: Group, line: str) -> None:
    """In full, and with the word that was typed."""
    reply = await group.refuses(f"!{line} mvoe 9 Dec")
    assert "`mvoe" in reply.text
    for action in {"session": ("move", "add"), "reminder": ("set", "off")}.get(line, ()):
        assert f"`{action}`" in reply.text


async def test_a_session_is_moved(group: Group) -> None:
    """By any of the forms for dates; the answer says from when to when, and what is posted for it from now on."""
    reply = await group.says("!session move 9 Dec to=10 Dec 19:00")
    assert group.held(3) == ["12-02 18:30", "12-10 19:00", "12-16 18:30"]
    assert r"Part \*2\*" in reply.text
    assert "to [Thu 10 Dec 2026, 19:00 (Australia/Sydney)](time:2026-12-10T08:00Z)" in reply.text
    assert "From now on I post for it:\n\n- [Thu 3 Dec 2026, 19:00" in reply.text
    assert "`remind-week` for" in reply.text
    assert "and 5 messages more" in reply.text
    assert reply.table
    assert reply.table.rows[1][3] == "moved"
    # It goes by the day on which it is held, as the plan shows it.
    await group.says("!session move 10 Dec to=2026-12-09 18:30")
    assert group.held(2) == ["12-02 18:30", "12-09 18:30"]


async def test_a_change_far_ahead_is_shown(group: Group) -> None:
    """What will be posted for that session, and the plan around its date, though nothing of it is owed yet."""
    for line, day, posts in (
        ("!session add 2027-01-23 10:00", "Sat 23 Jan 2027, 10:00", "- [Wed 20 Jan 2027, 20:01"),
        ("!session move 2027-01-23 to=2027-01-24 11:00", "Sun 24 Jan 2027, 11:00", "- [Wed 20 Jan 2027, 20:01"),
        ("!schedule set at=19:00 from=2027-01-20", "Wed 20 Jan 2027, 19:00", "- [Wed 13 Jan 2027, 20:02"),
        ("!session skip 2027-01-24", "Wed 27 Jan 2027, 19:00", "- [Wed 20 Jan 2027, 20:32"),
    ):
        reply = await group.says(line)
        assert f"From now on I post for it:\n\n{posts}" in reply.text, line
        assert "and 5 messages more" in reply.text, line
        assert reply.table
        assert day in [row[1] for row in reply.table.rows], line


async def test_a_move_names_the_chapter_that_is_read_there(group: Group) -> None:
    """Chapters go in the order in which sessions are held: moved past the next one, it is about another."""
    reply = await group.says("!session move 2026-12-02 to=2026-12-10 19:00")
    assert r"there it is about Chapter 2: Part \*2\*." in reply.text
    reply = await group.says("!session move 2026-12-10 to=2026-12-11 19:00")
    assert reply.text.startswith(r"Chapter 2: Part \*2\* moves from [Thu 10 Dec 2026")


async def test_the_outbox_follows(group: Group) -> None:
    """What was owed for the old time is taken back, what names the start goes out anew."""
    await group.says("!session move 2026-12-02 to=2026-12-03 20:00")
    owed = await group.rows.list(State.OWED, limit=500)
    first = {row.owed.kind: row.owed.due for row in owed if row.owed.occurrence.startswith("2026-12-02")}
    assert first["remind-day"] == datetime.fromisoformat("2026-12-02T09:00:00+00:00")
    withdrawn = await group.rows.list(State.WITHDRAWN, limit=500)
    assert {row.owed.kind for row in withdrawn} == {"remind-week", "remind-day", "remind-hour", "remind-soon"}


@pytest.mark.parametrize("action", ["skip", "cancel"])
async def test_a_session_is_called_off_and_held_after_all(group: Group, action: str) -> None:
    """The chapter waits for the next session; the answer offers to take it back."""
    reply = await group.says(f"!session {action} 2026-12-16")
    assert group.held(4) == ["12-02 18:30", "12-09 18:30", "12-30 18:30", "01-06 18:30"]
    assert "Its chapter waits for [Wed 30 Dec 2026, 18:30" in reply.text
    assert "From now on I post for it:\n\n- [Wed 23 Dec 2026" in reply.text
    assert reply.table
    assert [row[3] for row in reply.table.rows[2:4]] == [
        {"skip": "skipped", "cancel": "cancelled"}[action],
        "skipped",
    ]
    (back,) = reply.choices
    await group.says(back.command)
    assert group.held(3)[2] == "12-16 18:30"


async def test_a_session_is_added(group: Group) -> None:
    """On a free day, and on one that the plan skips."""
    reply = await group.says("!session add 12 Dec 2026 10:00")
    assert "From now on I post for it:" in reply.text
    await group.says("!session add Wed 23 Dec 18:00")
    assert group.held(5) == ["12-02 18:30", "12-09 18:30", "12-12 10:00", "12-16 18:30", "12-23 18:00"]


async def test_next_is_the_next_session(group: Group) -> None:
    """Whatever day that is."""
    await group.says("!session skip next")
    assert group.held(1) == ["12-09 18:30"]
    await group.says("!session move next to=Thu 10 Dec 19:00")
    assert group.held(1) == ["12-10 19:00"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("session skip 31 Nov", "November 2026 has 30 days", id="impossible"),
        pytest.param("session skip 03/12/2026", "could be 3 December or 12 March", id="ambiguous"),
        pytest.param(
            "session skip 14 Dec 2026",
            "no session on Mon 14 Dec 2026. The nearest to come: Wed 9 Dec 2026 and Wed 16 Dec 2026.",
            id="no-session",
        ),
        pytest.param("session skip 2026-12-23", "no session on Wed 23 Dec 2026", id="skipped-already"),
        pytest.param("session cancel 2900-01-01", "The nearest to come: Wed 27 Jan 2027", id="far"),
        pytest.param("session skip 2020-01-01", "The nearest to come: Wed 2 Dec 2026", id="long-ago"),
        pytest.param("session skip", "Which session?", id="no-day"),
        pytest.param("session move 9 Dec", "where to?", id="no-target"),
        pytest.param("session move 9 Dec to=10 Dec", "At what time?", id="no-time"),
        pytest.param("session move 9 Dec to=16 Dec 10:00", "a session on Wed 16 Dec 2026 already", id="collision"),
        pytest.param("session move 9 Dec to=1 Nov 2026 10:00", "is over: take a time", id="past"),
        pytest.param("session move 9 Dec to=Thu 19:00 Europe/Berln", "such as Europe/Berlin", id="unknown-zone"),
        pytest.param("session move 2 Dec to=2026-12-08 24:00", "There is no 24:00", id="no-such-time"),
        pytest.param("session skip 9 Dec to=10 Dec 19:00", "`to` is for moving", id="to-without-move"),
        pytest.param("session add 2026-12-09 10:00", "a session on Wed 9 Dec 2026 already", id="taken"),
        pytest.param("session add 2026-11-01 10:00", "is over", id="added-before"),
        pytest.param("session add", "When?", id="add-nothing"),
        pytest.param("session add Wed", "At what time?", id="add-a-day"),
        pytest.param("reminder set remind-day", "When?", id="no-offset"),
        pytest.param("reminder set remind-dya -26h", "There are `open`, `remind-week`", id="unknown-reminder"),
        pytest.param("reminder set remind-day soon", "Write -24h", id="no-such-offset"),
        pytest.param("reminder set remind-day +2h", "void before it is said", id="too-late-to-say"),
        pytest.param("reminder set remind-day -900d", "too far from its session", id="too-early-to-say"),
        pytest.param("reminder off", "Which message?", id="off-nothing"),
        pytest.param("reminder off remind-day -26h", "Off has no time", id="off-at"),
        pytest.param("delivery retry", "Which one?", id="retry-nothing"),
        pytest.param("delivery retry first", "not the number of a delivery", id="no-number"),
        pytest.param("delivery retry 99999", "There is no delivery 99999", id="no-delivery"),
        pytest.param("delivery drop " + "9" * 900, "not the number of a delivery", id="huge-number"),
        pytest.param("delivery retry 1", "waits for its time", id="nothing-failed"),
        pytest.param("delivery resume web:main", "is not stopped", id="not-stopped"),
        pytest.param("thread pin", "No thread is open yet", id="no-thread"),
    ],
)
async def test_what_cannot_be_is_refused(group: Group, line: str, said: str) -> None:
    """Each with the sentence that helps, and nothing is changed."""
    assert said in (await group.refuses(f"!{line}")).text
    assert group.agenda.revision == 0


async def test_two_sessions_do_not_overlap(group: Group) -> None:
    """Nor across midnight, where their dates differ."""
    await group.says("!session move 2026-12-09 to=2026-12-10 00:15")
    assert "overlaps the session" in (await group.refuses("!session add 2026-12-09 23:30")).text


async def test_the_date_of_a_moved_session_is_taken(group: Group) -> None:
    """A second session of that date could not be told from the first."""
    await group.says("!session move 9 Dec to=10 Dec 19:00")
    reply = await group.refuses("!session add 2026-12-09 10:00")
    assert "The session of Wed 9 Dec 2026 is held [Thu 10 Dec" in reply.text


async def test_what_has_begun_is_not_changed(group: Group) -> None:
    """Neither skipped nor moved: it was held."""
    group.now = datetime.fromisoformat("2026-12-02T08:00:00+00:00")
    assert "has begun" in (await group.refuses("!session skip 2026-12-02")).text
    group.now += timedelta(hours=2)
    assert "is over. The nearest to come: Wed 9 Dec" in (await group.refuses("!session cancel 2026-12-02")).text


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("session skip the 9th of december", "!session skip 2026-12-09"),
        ("session cancel 9. Dezember", "!session cancel 2026-12-09"),
        ("session add 12 December at 10am", "!session add 2026-12-12 10:00 Australia/Sydney"),
        ("session move 9 Dec to=10 December 7pm", "!session move 9 Dec to=2026-12-10 19:00 Australia/Sydney"),
    ],
)
async def test_a_guess_is_a_question(group: Group, line: str, command: str) -> None:
    """What only dateparser understands is asked back, with the exact command to say yes, which then works."""
    reply = await group.refuses(f"!{line}")
    assert "Do you mean" in reply.text
    assert f"`{command}`" in reply.text
    (choice,) = reply.choices
    assert choice.command == command
    assert group.agenda.revision == 0
    await group.says(choice.command)
    assert group.agenda.revision == 1


async def test_a_reminder_is_moved_and_turned_off(group: Group) -> None:
    """An offset may begin with a minus, be it typed as a hyphen or as a minus; it can be taken back."""
    reply = await group.says("!reminder set remind-day −26h")
    assert "- [Tue 1 Dec 2026, 16:30 (Australia/Sydney)](time:2026-12-01T05:30Z): `remind-day`" in reply.text
    assert [choice.command for choice in reply.choices] == ["!reminder set remind-day -24h"]
    off = await group.says("!reminder off remind-week")
    assert "`remind-week` is off." in off.text
    assert "From now on I post:" in off.text
    shown = await group.says("!reminder")
    assert shown.table
    assert ("remind-week", "off") in shown.table.rows
    assert ("remind-day", "-26h") in shown.table.rows
    await group.says(off.choices[0].command)
    assert "+Sun 10:00" in str((await group.says("!reminder set catchup +Sun 10:00")).text)
    await group.says("!reminder set open -6d 21:00")


async def test_a_thread_is_opened_now(group: Group) -> None:
    """Its row is due at once, and once it is posted it is open and not opened again."""
    assert "opens on [Thu 26 Nov 2026, 20:30" in (await group.says("!thread")).text
    assert "is being opened" in (await group.says("!thread open")).text
    (row,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    assert (row.owed.kind, row.owed.occurrence) == ("open", "2026-12-02")
    await group.outbox.settle(row, "7", group.now)
    assert "open since [Tue 24 Nov 2026, 05:30" in (await group.says("!thread open")).text
    assert not await group.outbox.claim(group.now, timedelta(minutes=1))


async def test_a_thread_opened_by_hand_stays_so(group: Group) -> None:
    """Its place is down, and the plan is written anew meanwhile: it is still owed at once, not at its old time."""
    await group.says("!thread open")
    (row,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    await group.outbox.retry(row, group.now + timedelta(minutes=5), "not just now")
    group.now += timedelta(minutes=6)
    await group.agenda.materialise(group.now)
    (row,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    assert (row.owed.kind, row.attempts) == ("open", 2)


async def test_status_says_what_does_not_work(group: Group) -> None:
    """Each trouble with its sentence and since when, escaped; gone when it is over."""
    group.troubles.report("discourse", "listening", "the *key* was revoked")
    group.now += timedelta(minutes=5)
    group.troubles.report("discourse", "listening", "the *key* was revoked")
    said = (await group.says("!status")).text
    assert r"discourse, listening, since [Tue 24 Nov 2026, 05:30" in said
    assert r"the \*key\* was revoked" in said
    group.troubles.report("discourse", "listening", "")
    assert "revoked" not in (await group.says("!status")).text


async def test_a_dead_opening_is_sent_after_all(group: Group) -> None:
    """So is one that was dropped."""
    await group.says("!thread open")
    (row,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    await group.outbox.bury(row, "too long", group.now)
    assert "could not be opened: too long" in (await group.says("!thread")).text
    group.now += timedelta(minutes=1)
    await group.says("!thread open")
    (row,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    await group.outbox.bury(row, "too long", group.now)
    await group.says(f"!delivery drop {row.id}")
    assert "is being opened" in (await group.says("!thread open")).text
    (again,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    assert again.id == row.id


async def test_an_opening_that_was_dropped_early_opens_at_once(group: Group) -> None:
    """`delivery retry` lets it open at its time, `thread open` now."""
    rows = await group.rows.list(State.OWED, limit=99)
    row = next(each for each in rows if each.owed.parts[1:3] == ("2026-12-02", "open"))
    dropped = await group.says(f"!delivery drop {row.id}")
    assert f"is not sent, unless `!delivery retry {row.id}` takes that back" in dropped.text
    assert "is sent [Thu 26 Nov 2026, 20:30" in (await group.says(f"!delivery retry {row.id}")).text
    assert not await group.outbox.claim(group.now, timedelta(minutes=1))
    await group.says(f"!delivery drop {row.id}")
    await group.says("!thread open")
    (claimed,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    assert claimed.id == row.id


async def test_a_thread_is_pinned_and_closed(group: Group) -> None:
    """The one of this week, or of last week as long as that is not open."""
    await group.opened("2026-12-02", "11")
    assert "is pinned, in `test:topic`" in (await group.says("!thread pin")).text
    assert group.board.pinned == {"topic/11"}
    group.now = datetime.fromisoformat("2026-12-02T12:00:00+00:00")
    assert "is closed: it is no longer pinned" in (await group.says("!thread close")).text
    assert not group.board.pinned
    await group.opened("2026-12-09", "12")
    await group.says("!thread pin")
    assert group.board.pinned == {"topic/12"}
    group.board.refuses = True
    assert "I could not unpin it in `test`: no rights to pin." in (await group.refuses("!thread close")).text


async def test_deliveries_are_listed_retried_and_dropped(group: Group) -> None:
    """What died stands first; one that is tried again is claimed at once."""
    group.now = datetime.fromisoformat("2026-11-26T10:00:00+00:00")
    (row,) = await group.outbox.claim(group.now, timedelta(minutes=1), limit=1)
    await group.outbox.bury(row, "|boom| <b>" + "x" * 200, group.now)
    reply = await group.says("!delivery list")
    assert reply.private
    assert reply.table
    assert reply.table.rows[0][0] == row.id
    assert reply.table.rows[0][5] == "dead"
    assert "1 dead" in reply.text
    assert "1 waits for you" in (await group.says("!status")).text
    assert "is sent now" in (await group.says(f"!delivery retry #{row.id}")).text
    (opening,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    await group.outbox.settle(opening, "6", group.now)
    (again,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    assert again.id == row.id
    await group.outbox.settle(again, "7", group.now)
    assert "was sent" in (await group.refuses(f"!delivery drop {row.id}")).text
    done = await group.says("!delivery list state=done")
    assert done.table
    assert [each[0] for each in done.table.rows] == [opening.id, row.id]


async def test_a_stopped_place_is_resumed(group: Group) -> None:
    """The list and the status name it with its reason, and how to go on."""
    group.now = datetime.fromisoformat("2026-11-26T10:00:00+00:00")
    (row,) = await group.outbox.claim(group.now, timedelta(minutes=1))
    await group.outbox.stop(row, "403 *Forbidden*", group.now)
    for line in ("!delivery list", "!status"):
        text = (await group.says(line)).text
        assert r"403 \*Forbidden\*" in text
        assert "`!delivery resume test:thread` tries again" in text
    assert "gets what it is owed again" in (await group.says("!delivery resume test:thread")).text
    assert "refuses us" not in (await group.says("!status")).text


async def test_status_says_how_all_stands(group: Group) -> None:
    """The next session, a pause, how often the plan was changed, and what is owed."""
    await group.says("!session skip 2026-12-16")
    reply = await group.says("!status")
    assert reply.private
    assert reply.table
    said = {str(row[0]): row[1] for row in reply.table.rows}
    assert said["next session"] == "Wed 2 Dec 2026, 18:30, Chapter 1: Part *1*"
    assert said["changes so far"] == "1"
    assert int(str(said["deliveries withdrawn"])) >= 7
    assert "Next I post" in reply.text


async def test_another_process_changed_the_plan(group: Group) -> None:
    """A change rests on the programme as it is in the database."""
    other = Group(group.database)
    await other.says("!session skip 2026-12-02")
    assert "no session on Wed 2 Dec 2026" in (await group.refuses("!session skip 2026-12-02")).text
    await group.says("!session skip 2026-12-09")
    await other.says("!session")
    assert other.held(1) == ["12-16 18:30"]


@pytest.mark.parametrize(
    "moment", ["2026-11-23T18:30Z", "2026-12-02T08:00Z", "2027-01-21T00:00Z", "2040-01-01T00:00Z"]
)
async def test_every_example_is_answered(group: Group, moment: str) -> None:
    """Before, in, towards the end of and after the programme; and so is whatever the answer offers next."""
    group.now = datetime.fromisoformat(moment)
    for command in Registry.of(admin):
        for example in command.examples:
            reply = await group.asks(f"!{example}")
            assert not isinstance(reply, Refusal), f"{example}: {reply.text}"
            assert "<em>" not in html(reply.text)
            for choice in reply.choices:
                further = await group.asks(choice.command)
                assert not isinstance(further, Refusal), f"{choice.command}: {further.text}"


async def test_a_move_to_where_it_is_changes_nothing(group: Group) -> None:
    """And says so."""
    reply = await group.refuses("!session move 2026-12-09 to=2026-12-09 18:30")
    assert "is held [Wed 9 Dec 2026, 18:30 (Australia/Sydney)]" in reply.text
    assert group.agenda.revision == 0

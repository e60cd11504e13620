"""A programme file that is edited under what admins changed: the bot runs, and says what it leaves out."""

from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.checkup import Parts, examined
from bot.database import Database
from bot.errors import StartError
from bot.programme import EXAMPLE, Changes, Programme, Rhythm, changed, fitted, load, without
from bot.settings import Settings
from tests.bot.hosted import CHAPTER, PROGRAMME, Group

wall = datetime.fromisoformat
EDITED = PROGRAMME.replace("2026-12-02", "2026-12-03").replace("2026-12-23", "2026-12-24") + CHAPTER.format(
    number=1
)


@pytest.fixture(scope="module")
def example() -> Programme:
    """The programme that is shipped."""
    return load(EXAMPLE)


@pytest.fixture
async def group(database: Database) -> Group:
    """A group, a week before its first session, whose next weeks are owed."""
    made = Group(database)
    await made.agenda.materialise(made.now)
    return made


def test_what_fits_is_left_alone(example: Programme) -> None:
    """Nothing is left out, and the programme is the one with the changes."""
    changes = (
        Changes()
        .skipping(date(2026, 12, 2))
        .reminding("remind-day", "-26h")
        .setting(Rhythm(first=date(2027, 1, 14), at=time(19)))
    )
    assert fitted(example, changes) == (changed(example, changes), ())


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        (Changes().skipping(date(2026, 12, 8)), "the session of Tue 2026-12-08, skipped"),
        (Changes().cancelling(date(2026, 12, 8)), "the session of Tue 2026-12-08, cancelled"),
        (
            Changes().moving(date(2026, 12, 8), wall("2026-12-11 19:00")),
            "the session of Tue 2026-12-08, moved",
        ),
        (
            Changes().adding(wall("2026-12-11 19:00")).moving(date(2026, 12, 9), wall("2026-12-11 20:00")),
            "the session of Fri 2026-12-11, added",
        ),
        (Changes().reminding("nap", "-1h"), "the reminder nap"),
        (Changes().setting(Rhythm(first=date(2027, 1, 7), zone="EST")), "the rhythm from Thu 2027-01-07 on"),
    ],
    ids=["skip", "cancel", "move", "two-on-a-day", "reminder", "rhythm"],
)
def test_what_does_not_fit_is_named(example: Programme, changes: Changes, what: str) -> None:
    """It alone is left out; without it everything fits."""
    more = changes.skipping(date(2027, 1, 6)).reminding("remind-day", None)
    programme, misfits = fitted(example, more)
    assert [what in each.what and bool(each.why) for each in misfits] == [True]
    assert "01-06" not in [f"{each.local:%m-%d}" for each in programme.sessions()]
    assert fitted(example, without(more, misfits)) == (programme, ())


def test_several_that_do_not_fit(example: Programme) -> None:
    """What fits is kept, also where one change needs another one."""
    changes = (
        Changes()
        .skipping(date(2026, 12, 8))
        .skipping(date(2026, 12, 9))
        .moving(date(2026, 12, 2), wall("2026-12-09 19:00"))
        .reminding("nap", None)
    )
    programme, misfits = fitted(example, changes)
    assert [each.what for each in misfits] == ["the session of Tue 2026-12-08, skipped", "the reminder nap"]
    assert [f"{each.local:%m-%d %H:%M}" for each in programme.sessions(2)] == ["12-09 19:00", "12-16 18:30"]


async def edited(group: Group) -> Group:
    """The group after a restart, with a file in which Wednesdays are Thursdays."""
    again = Group(group.database, EDITED)
    await again.agenda.load()
    return again


async def test_the_bot_runs_on_an_edited_file(group: Group, caplog: pytest.LogCaptureFixture) -> None:
    """The log names what is left out, and so does `status`; other changes can be made, and `tidy` forgets it."""
    await group.says("!session skip 2026-12-02")
    group = await edited(group)
    agenda = group.agenda
    assert "the session of Wed 2026-12-02, skipped" in caplog.text
    assert group.held(1) == ["12-03 18:30"]
    await agenda.materialise(group.now)
    status = await group.says("!status")
    assert "no longer fit it. `!schedule tidy` forgets them" in status.text
    assert "the session of Wed 2026-12-02, skipped" in status.text
    await group.says("!reminder off remind-day")
    assert len(agenda.misfits) == 1
    assert date(2026, 12, 2) in agenda.changes.skip
    await group.refuses("!session skip 2026-12-02")
    tidied = await group.says("!schedule tidy")
    assert "- the session of Wed 2026-12-02, skipped" in tidied.text
    assert not agenda.misfits
    assert agenda.changes.reminders == {"remind-day": None}
    assert "nothing to forget" in (await group.says("!schedule tidy")).text


async def test_doctor_names_it(group: Group) -> None:
    """What has to change is said with how; where all fits, the plan is named."""

    def check(agenda: Any) -> Any:
        parts = SimpleNamespace(settings=Settings(), weekly=SimpleNamespace(agenda=agenda))
        return examined(cast("Parts", parts))["programme"]

    await group.says("!session skip 2026-12-02")
    assert "The Deep Learning Book Club, from the example, with 1 change by admins" in await check(group.agenda)()
    with pytest.raises(StartError, match=r"Wed 2026-12-02, skipped .* forget them with !schedule tidy"):
        await check((await edited(group)).agenda)()

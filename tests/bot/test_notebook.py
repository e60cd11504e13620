"""What the group leaves behind in a week is kept once, counted rightly, and forgotten on request.

Every test takes `database` and nothing else of the database, so that another one can be put in its place.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.addresses import Address, found, read
from bot.database import Database
from bot.notebook import Notebook
from bot.values import Person, Place
from tests.bot.conftest import ANN, NOW, ROOT, THREAD

WEEK, NEXT = "2026-11-25", "2026-12-02"
LATER = Place(platform="test", id="next thread")
BOB = Person(platform="test", id="3", name="Bob")
SATURDAY = datetime(2026, 11, 28, 16, tzinfo=UTC)
SUNDAY, MONDAY = SATURDAY + timedelta(days=1), SATURDAY + timedelta(days=2)


@pytest.fixture
def notebook(database: Database) -> Notebook:
    """An empty notebook."""
    return Notebook(database)


def page(path: str) -> Address:
    """A page of a site that nobody owns."""
    return read(f"https://site.example/{path}")


async def test_links_are_one_list_for_each_session(notebook: Notebook) -> None:
    """In the order of bringing, each page once, with its author; places and sessions apart."""
    for path, person, note in (("one", ANN, "first"), ("two", BOB, ""), ("one/?utm_source=x", BOB, "mine")):
        kept, new = await notebook.links.add(THREAD, WEEK, person, page(path), note, NOW)
        assert new == (not path.startswith("one/"))
    assert (kept.author, kept.note) == ("Ann", "first")
    await notebook.links.add(THREAD, NEXT, ANN, page("three"), "", NOW)
    await notebook.links.add(LATER, WEEK, ANN, page("four"), "", NOW)
    assert [each.address for each in await notebook.links.of(THREAD, WEEK)] == [
        "https://site.example/one",
        "https://site.example/two",
    ]


async def test_a_note_is_added_and_changed_by_its_author(notebook: Notebook) -> None:
    """Anybody may fill an empty note; a note is changed by whoever brought the link, and by nobody else."""
    notes = [("Ann", ANN, ""), ("Bob's", BOB, "a note"), ("Ann's", ANN, "her note"), ("Bob's again", BOB, "no")]
    shown: list[str] = []
    for _who, person, note in notes:
        kept, _new = await notebook.links.add(THREAD, WEEK, person, page("one"), note, NOW)
        shown.append(kept.note)
    assert shown == ["", "a note", "her note", "her note"]


async def test_links_brought_at_once_are_all_kept(notebook: Notebook) -> None:
    """Twenty at one instant, ten of them twins: ten are kept and each was new once."""
    added = await asyncio.gather(
        *(notebook.links.add(THREAD, WEEK, ANN, page(str(number // 2)), "", NOW) for number in range(20))
    )
    assert sum(new for _link, new in added) == 10
    assert len(await notebook.links.of(THREAD, WEEK)) == 10


async def test_a_members_blog_is_found_in_any_post(notebook: Notebook) -> None:
    """Once a host is somebody's, links to it are showcased as theirs, whoever posts them; others are not."""
    post = "Ann wrote https://ann.example/two, see also https://site.example/other and https://ann.example/one#end"
    assert await notebook.blogs.found(THREAD, WEEK, BOB, found(post), NOW) == []
    await notebook.blogs.add(THREAD, WEEK, ANN, read("https://ann.example/one"), "One", NOW)
    new = await notebook.blogs.found(THREAD, WEEK, BOB, found(post), NOW)
    assert [(each.address, each.author) for each in new] == [("https://ann.example/two", "Ann")]
    assert await notebook.blogs.found(THREAD, WEEK, BOB, found(post), NOW) == []
    listed = await notebook.blogs.of(THREAD, WEEK)
    assert [(each.address, each.note) for each in listed] == [
        ("https://ann.example/one", "One"),
        ("https://ann.example/two", ""),
    ]


async def test_a_blog_of_two_is_its_posters(notebook: Notebook) -> None:
    """Where two write on one host, a found link is its poster's if they are one of them, else the first one's."""
    await notebook.blogs.add(THREAD, WEEK, ANN, read("https://both.example/a"), "", NOW)
    await notebook.blogs.add(THREAD, WEEK, BOB, read("https://both.example/b"), "", NOW + timedelta(minutes=1))
    for person, author in ((BOB, "Bob"), (ANN, "Ann"), (ROOT, "Ann")):
        links = [read(f"https://both.example/{person.name}")]
        (new,) = await notebook.blogs.found(THREAD, WEEK, person, links, NOW)
        assert new.author == author


async def test_a_shared_site_is_nobodys(notebook: Notebook) -> None:
    """A video that Ann shows does not make every video Ann's; the name on a shared site does."""
    await notebook.blogs.add(THREAD, WEEK, ANN, read("https://youtube.com/watch?v=1"), "", NOW)
    await notebook.blogs.add(THREAD, WEEK, ANN, read("https://medium.com/@ann/post"), "", NOW)
    post = "https://youtube.com/watch?v=2 https://medium.com/@eve/post https://medium.com/@ann/more"
    new = await notebook.blogs.found(THREAD, WEEK, ANN, found(post), NOW)
    assert [each.address for each in new] == ["https://medium.com/@ann/more"]


async def test_showing_anothers_post_does_not_take_their_blog(notebook: Notebook) -> None:
    """The page is in the showcase under Ann; Bob naming it too changes nothing."""
    await notebook.blogs.add(THREAD, WEEK, ANN, read("https://ann.example/one"), "", NOW)
    kept, new = await notebook.blogs.add(THREAD, WEEK, BOB, read("https://ann.example/one"), "", NOW)
    assert (kept.author, new) == ("Ann", False)
    (more,) = await notebook.blogs.found(THREAD, WEEK, BOB, [read("https://ann.example/two")], NOW)
    assert more.author == "Ann"


async def test_a_question_is_asked_once(notebook: Notebook) -> None:
    """Numbers count from 1 in each session; the same words by anybody are one question with its askers."""
    first, new = await notebook.questions.ask(THREAD, WEEK, ANN, "Why 26×26?", NOW)
    assert (first.number, new, first.state) == (1, True, "open")
    for person, askers in ((ANN, 1), (BOB, 2), (BOB, 2)):
        same, new = await notebook.questions.ask(THREAD, WEEK, person, "  why  26×26 ??", NOW)
        assert (same.number, same.text, same.author, new) == (1, "Why 26×26?", "Ann", False)
        assert (same.askers, same.votes) == (askers, askers)
    second, _new = await notebook.questions.ask(THREAD, WEEK, BOB, "What is C?", NOW)
    third, _new = await notebook.questions.ask(THREAD, WEEK, BOB, "What is C++?", NOW)
    elsewhere, _new = await notebook.questions.ask(THREAD, NEXT, BOB, "What is C?", NOW)
    assert (second.number, third.number, elsewhere.number) == (2, 3, 1)


async def test_questions_asked_at_once_have_their_own_numbers(notebook: Notebook) -> None:
    """Twenty at one instant, two people for each: ten questions, numbered 1 to 10."""
    await asyncio.gather(
        *(notebook.questions.ask(THREAD, WEEK, (ANN, BOB)[n % 2], f"Why {n // 2}?", NOW) for n in range(20))
    )
    asked = await notebook.questions.of(THREAD, WEEK)
    assert [each.number for each in asked] == list(range(1, 11))
    assert {each.askers for each in asked} == {2}


async def test_a_vote_counts_once(notebook: Notebook) -> None:
    """One for each person, the asker among them; a number that there is not gets None."""
    await notebook.questions.ask(THREAD, WEEK, ANN, "Why?", NOW)
    for person, new, votes in ((ANN, False, 1), (BOB, True, 2), (BOB, False, 2)):
        voted = await notebook.questions.vote(THREAD, WEEK, person, 1)
        assert voted is not None
        assert (voted[1], voted[0].votes, voted[0].askers) == (new, votes, 1)
    assert await notebook.questions.vote(THREAD, WEEK, BOB, 2) is None
    again, _new = await notebook.questions.ask(THREAD, WEEK, BOB, "why", NOW)
    assert (again.votes, again.askers) == (2, 2)


async def test_what_waits_is_carried_over(notebook: Notebook) -> None:
    """Open and skipped questions go on with their votes, under new numbers; twins merge; twice is harmless."""
    for text in ("Answered", "Open", "Skipped", "Done", "Asked again"):
        await notebook.questions.ask(THREAD, WEEK, ANN, text, NOW)
    await notebook.questions.vote(THREAD, WEEK, BOB, 2)
    await notebook.questions.settle(THREAD, WEEK, 1, "answered", NOW, by="Bob", answer="https://site.example/")
    await notebook.questions.settle(THREAD, WEEK, 3, "skipped", NOW)
    await notebook.questions.settle(THREAD, WEEK, 4, "done", NOW)
    await notebook.questions.ask(LATER, NEXT, BOB, "asked again?", NOW)
    assert await notebook.questions.carry(THREAD, WEEK, LATER, NEXT) == 3
    assert await notebook.questions.carry(THREAD, WEEK, LATER, NEXT) == 0
    assert await notebook.questions.carry(LATER, NEXT, LATER, NEXT) == 0
    carried = await notebook.questions.of(LATER, NEXT)
    assert [(each.number, each.text, each.state, each.votes) for each in carried] == [
        (1, "asked again?", "open", 2),
        (2, "Open", "open", 2),
        (3, "Skipped", "skipped", 1),
    ]
    left = await notebook.questions.of(THREAD, WEEK)
    assert [(each.number, each.answered_by, each.answer) for each in left] == [
        (1, "Bob", "https://site.example/"),
        (4, "", ""),
    ]
    assert [each.text for each in await notebook.questions.of(LATER, NEXT, ("skipped",))] == ["Skipped"]
    late, _new = await notebook.questions.ask(THREAD, WEEK, BOB, "Late", NOW)
    assert late.number == 6, "a number is given once, whatever became of its question"


async def test_a_state_can_be_taken_back(notebook: Notebook) -> None:
    """What was answered can be open again, without who and where; no such number is None."""
    await notebook.questions.ask(THREAD, WEEK, ANN, "Why?", NOW)
    await notebook.questions.settle(THREAD, WEEK, 1, "answered", NOW, by="Bob", answer="https://site.example/")
    again = await notebook.questions.settle(THREAD, WEEK, 1, "open", NOW)
    assert again is not None
    assert (again.state, again.answered_by, again.answer) == ("open", "", "")
    assert await notebook.questions.settle(THREAD, WEEK, 2, "done", NOW) is None


async def test_homework_is_counted_without_names(notebook: Notebook) -> None:
    """A tick counts once for each person and can be taken back."""
    work = notebook.homework
    assert [await work.tick(THREAD, WEEK, person, 1, NOW) for person in (ANN, ANN, BOB)] == [True, False, True]
    assert await work.tick(THREAD, WEEK, ANN, 3, NOW)
    assert await work.counts(THREAD, WEEK) == {1: 2, 3: 1}
    assert await work.mine(THREAD, WEEK, ANN) == [1, 3]
    assert [await work.untick(THREAD, WEEK, ANN, 3) for _ in range(2)] == [True, False]
    assert await work.counts(THREAD, WEEK) == {1: 2}
    assert await work.counts(THREAD, NEXT) == {}


async def test_the_mark_moves(notebook: Notebook) -> None:
    """There is one mark for a session: the last."""
    assert await notebook.marks.of(THREAD, WEEK) is None
    await notebook.marks.put(THREAD, WEEK, "Embeddings", NOW)
    await notebook.marks.put(THREAD, WEEK, "Kernels", NOW + timedelta(minutes=5))
    mark = await notebook.marks.of(THREAD, WEEK)
    assert mark is not None
    assert (mark.text, mark.at) == ("Kernels", NOW + timedelta(minutes=5))


async def test_a_vote_on_slots_has_one_winner(notebook: Notebook) -> None:
    """One vote for each person and slot; the most win, and the vote closes once."""
    vote, slots = notebook.catchup, (SATURDAY, SUNDAY, MONDAY)
    assert [await vote.vote(THREAD, WEEK, ANN, each, NOW) for each in (SUNDAY, SUNDAY, MONDAY)] == [
        "new",
        "again",
        "new",
    ]
    assert await vote.vote(THREAD, WEEK, BOB, SUNDAY, NOW) == "new"
    assert await vote.unvote(THREAD, WEEK, ANN, MONDAY) == "gone"
    assert await vote.unvote(THREAD, WEEK, ANN, MONDAY) == "none"
    assert dict((await vote.of(THREAD, WEEK)).votes) == {SUNDAY: 2}
    closed = await asyncio.gather(*(vote.close(THREAD, WEEK, slots, NOW) for _ in range(5)))
    assert sorted(closed) == [(SUNDAY, False)] * 4 + [(SUNDAY, True)]
    assert await vote.vote(THREAD, WEEK, ANN, SATURDAY, NOW) == "closed"
    assert await vote.unvote(THREAD, WEEK, ANN, SUNDAY) == "closed"
    poll = await vote.of(THREAD, WEEK)
    assert (poll.closed, poll.winner) == (True, SUNDAY)


async def test_the_earliest_wins_a_tie(notebook: Notebook) -> None:
    """Whatever the order in which slots are named; and where nobody voted, nothing wins."""
    for person, slot in ((ANN, MONDAY), (BOB, SUNDAY)):
        await notebook.catchup.vote(THREAD, WEEK, person, slot, NOW)
    assert await notebook.catchup.close(THREAD, WEEK, (MONDAY, SUNDAY, SATURDAY), NOW) == (SUNDAY, True)
    assert await notebook.catchup.close(THREAD, NEXT, (MONDAY, SUNDAY), NOW) == (None, True)
    assert await notebook.catchup.close(THREAD, NEXT, (MONDAY, SUNDAY), NOW) == (None, False)
    assert (await notebook.catchup.of(THREAD, NEXT)).closed


async def _left_behind(notebook: Notebook, person: Person) -> None:
    """One of each kind."""
    name = person.name
    await notebook.links.add(THREAD, WEEK, person, page(name), f"from {name}", NOW)
    await notebook.blogs.add(THREAD, WEEK, person, read(f"https://{name}.example/post"), "", NOW)
    await notebook.questions.ask(THREAD, WEEK, person, f"Why, asks {name}?", NOW)
    await notebook.homework.tick(THREAD, WEEK, person, 2, NOW)
    await notebook.catchup.vote(THREAD, WEEK, person, SUNDAY, NOW)


async def test_a_person_sees_what_is_kept_of_them(notebook: Notebook) -> None:
    """Everything of theirs by kind, and nothing of anybody else's."""
    assert await notebook.of(ANN) == {}
    await _left_behind(notebook, ANN)
    await _left_behind(notebook, BOB)
    assert await notebook.of(ANN) == {
        "links": ["https://site.example/Ann from Ann"],
        "blog posts": ["https://ann.example/post"],
        "questions": ["Why, asks Ann?"],
        "votes for questions": ["Why, asks Ann?"],
        "homework": ["2026-11-25: item 2"],
        "votes for slots": ["2026-11-29T16:00:00+00:00"],
    }


async def test_a_person_is_forgotten(notebook: Notebook) -> None:
    """Links and questions stay as somebody's, everything else of theirs goes; nobody else loses anything."""
    await _left_behind(notebook, ANN)
    await _left_behind(notebook, BOB)
    await notebook.questions.settle(THREAD, WEEK, 2, "answered", NOW, by="Ann")
    before = await notebook.of(BOB)
    assert await notebook.forget(ANN) == 6
    assert await notebook.forget(ANN) == 0
    assert await notebook.of(ANN) == {}
    assert await notebook.of(BOB) == before
    links = await notebook.links.of(THREAD, WEEK)
    assert [(each.author, each.note) for each in links] == [("somebody", ""), ("Bob", "from Bob")]
    asked = await notebook.questions.of(THREAD, WEEK)
    assert [(each.author, each.answered_by, each.votes) for each in asked] == [
        ("somebody", "", 0),
        ("Bob", "somebody", 1),
    ]
    assert [each.author for each in await notebook.blogs.of(THREAD, WEEK)] == ["Bob"]
    assert await notebook.blogs.found(THREAD, WEEK, ANN, [read("https://ann.example/more")], NOW) == []
    assert await notebook.homework.counts(THREAD, WEEK) == {2: 1}
    assert dict((await notebook.catchup.of(THREAD, WEEK)).votes) == {SUNDAY: 1}

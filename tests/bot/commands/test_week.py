"""The commands of the running week, on a real notebook, in a week with homework and two slots."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.command import Registry
from bot.commands import notebook as notebook_commands
from bot.commands import week as week_commands
from bot.database import Database
from bot.dispatch import Dispatch, Refusal
from bot.notebook import Notebook
from bot.render import html
from bot.values import Person, Reply
from tests.bot.conftest import ANN, NOW, ROOT, THREAD, context, incoming

BOB = Person(platform="test", id="3", name="Bob")
MARKUP = "**x** <b>y</b> @everyone [z](https://evil.example) `c` <@123> # h"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A time for the catch-up."""

    starts: datetime
    zone: str = "Europe/Berlin"


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session as the programme gives it."""

    key: str = "2026-11-25"
    title: str = "Chapter 8: *factors*"
    starts: datetime = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)
    homework: tuple[str, ...] = ("Read 13.1", "Write a post", "Read <13.2>")
    slots: tuple[Slot, ...] = (
        Slot(starts=datetime(2026, 11, 28, 16, tzinfo=UTC)),
        Slot(starts=datetime(2026, 11, 29, 9, tzinfo=UTC)),
    )


@dataclass
class Group:
    """A group in one thread: its notebook and its week (which a test may change), and what it is told."""

    notebook: Notebook
    current: Session | None
    now: datetime = NOW

    @property
    def week(self) -> "Group":
        """The programme is the group itself."""
        return self

    async def session(self, now: datetime) -> Session | None:
        """The session whose week it is."""
        return self.current

    async def says(self, line: str, person: Person = ANN) -> Reply:
        """The answer to a line that somebody posts."""
        dispatch = Dispatch(registry=Registry.of(week_commands, notebook_commands))
        called = replace(context(person, self), now=self.now)
        reply = await dispatch.answer(incoming(line, person=person), called)
        assert reply is not None, line
        assert "on my side" not in reply.text, line
        return reply


Says = Callable[..., Awaitable[Reply]]


@pytest.fixture
def group(database: Database) -> Group:
    """A group in the week of chapter 8, with an empty notebook."""
    return Group(notebook=Notebook(database), current=Session())


@pytest.fixture
def says(group: Group) -> Says:
    """What the group is told."""
    return group.says


async def test_a_link_joins_the_running_list(says: Says) -> None:
    """The reply to each link is the whole list, so that one post can be edited in place."""
    await says("!link https://a.example/one read this first")
    reply = await says("!link <https://b.example/two>", BOB)
    assert reply.text.splitlines() == [
        r"**Links for Chapter 8: \*factors\***",
        "",
        "1. <https://a.example/one> — read this first, from Ann",
        "2. <https://b.example/two> — from Bob",
        "",
        "Newest: number 2, from Bob.",
    ]
    again = await says("!link https://a.example/one/?utm_source=mail", BOB)
    assert again.text.endswith("That is number 1 already, from Ann.")
    assert (await says("!links")).text == "\n".join(reply.text.splitlines()[:4])


@pytest.mark.parametrize("line", ["!link {}", "!blog {}", "!answered 1 link={}"])
@pytest.mark.parametrize(
    "typed", ["nonsense", "javascript:alert(1)", "data:text/html,x", "https://ann:pw@a.example"]
)
async def test_what_is_no_address_is_not_kept(says: Says, line: str, typed: str) -> None:
    """It is shown harmlessly, with what would be right, and nothing is kept."""
    reply = await says(line.format(typed), ROOT)
    assert isinstance(reply, Refusal)
    assert "I cannot keep `" in reply.text
    assert "javascript" not in html(reply.text.replace("`javascript:alert(1)`", ""))
    assert "adds the first" in (await says("!links")).text
    assert "adds the first" in (await says("!showcase")).text


async def test_a_forgotten_scheme_is_offered(says: Says) -> None:
    """`fast.ai/about` is asked back, and the choice works."""
    reply = await says("!link fast.ai/about")
    assert isinstance(reply, Refusal)
    (choice,) = reply.choices
    assert choice.command == "!link https://fast.ai/about"
    assert not isinstance(await says(choice.command), Refusal)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("!q " + "why " * 2_500, "at most 1,000", id="10-kB-question"),
        pytest.param("!link https://a.example/" + "a" * 10_000, "at most 1,000", id="10-kB-link"),
        pytest.param("!q " + "w" * 501, "up to 500", id="long-question"),
        pytest.param("!link https://a.example/ " + "n" * 301, "up to 300", id="long-note"),
        pytest.param("!now " + "n" * 201, "up to 200", id="long-section"),
        pytest.param("!q ???", "a word or two", id="no-question"),
        pytest.param("!q", "I need a `question`", id="nothing-asked"),
        pytest.param("!vote first", "a question's number", id="no-number"),
        pytest.param("!catchup slots", "from 1 to 999", id="word-for-a-number"),
        pytest.param("!vote 0", "from 1 to 999", id="zero"),
        pytest.param("!done " + "9" * 900, "from 1 to 999", id="huge-number"),
        pytest.param("!skip 1 done undo", "exclude each other", id="both"),
    ],
)
async def test_what_cannot_be_is_refused(says: Says, line: str, said: str) -> None:
    """Each with the sentence that helps."""
    reply = await says(line, ROOT)
    assert isinstance(reply, Refusal)
    assert said in reply.text


@pytest.mark.parametrize("command", ["q", "link https://a.example/", "blog https://a.example/", "now"])
async def test_markup_is_shown_as_typed(says: Says, command: str) -> None:
    """What people type is neither markup nor a mention, in the answer and in the list."""
    lists = {
        "q": "questions",
        "link https://a.example/": "links",
        "blog https://a.example/": "showcase",
        "now": "now",
    }
    for reply in (await says(f"!{command} {MARKUP}", ROOT), await says(f"!{lists[command]}")):
        shown = html(reply.text)
        assert "evil.example" not in "".join(part for part in shown.split('"') if part.startswith("http"))
        assert "<b>" not in shown
        assert "<strong>x</strong>" not in shown
        assert "<@123>" not in reply.text.replace("\\<\\@123\\>", "")
        assert "@everyone" not in reply.text.replace("\\@everyone", "")


async def test_a_name_is_not_markup(says: Says) -> None:
    """Nor is what somebody is called."""
    eve = Person(platform="test", id="9", name="**Eve** [x](https://evil.example)")
    for line in ("!link https://a.example/", "!blog https://a.example/", "!q Why?", "!questions", "!showcase"):
        assert "<strong>Eve" not in html((await says(line, eve)).text)


async def test_a_blog_post_is_showcased(group: Group, says: Says) -> None:
    """With its title and author; the reply says what will be found by itself."""
    reply = await says("!blog https://ann.example/embeddings What *embeddings* are")
    assert "Thank you, Ann" in reply.text
    assert "`ann.example`" in reply.text
    assert "1 post" in reply.text
    assert "by themselves" not in (await says("!blog https://youtube.com/watch?v=1")).text
    assert "already, from Ann" in (await says("!blog https://ann.example/embeddings/", BOB)).text
    assert (
        r"1. <https://ann.example/embeddings> — What \*embeddings\* are, from Ann" in (await says("!blogs")).text
    )


async def test_a_question_is_numbered_and_asked_once(says: Says) -> None:
    """The same words again are the same question, with one asker more."""
    assert (await says("!q Why is the output 26×26?")).text == "Noted as question **1**: Why is the output 26×26?"
    again = await says("!q why is the output 26×26", BOB)
    assert "asked by 2 people now" in again.text
    await says("!q Are kernels random?", BOB)
    reply = await says("!questions")
    assert reply.text.splitlines()[2:] == [
        "- **1.** Why is the output 26×26? — Ann, wanted by 2 people; open",
        "- **2.** Are kernels random? — Bob; open",
    ]
    assert [choice.command for choice in reply.choices] == ["!vote 1", "!vote 2"]


async def test_a_vote_for_a_question(says: Says) -> None:
    """Counted once; a number may carry its sign."""
    await says("!q Why?")
    assert (await says("!vote #1", BOB)).text.startswith("Counted.\n\n**1.** Why?")
    assert "wanted by 2 people" in (await says("!metoo 1", BOB)).text
    assert (await says("!vote 1", BOB)).text.startswith("You were counted already.")


async def test_questions_have_states(says: Says) -> None:
    """Answered by whom and where, skipped, done; each can be taken back and be listed alone."""
    for text in ("One?", "Two?", "Three?"):
        await says(f"!q {text}")
    answered = await says("!answered 1 by=Bob link=https://a.example/3", ROOT)
    assert answered.text == "**1.** One? — Ann; answered by Bob: <https://a.example/3>"
    assert (await says("!answered #2", ROOT)).text.endswith("answered by Root")
    assert (await says("!answered 2 undo", ROOT)).text.endswith("; open")
    assert "it comes back" in (await says("!skip 2", ROOT)).text
    assert (await says("!skip 3 done", ROOT)).text.endswith("done with")
    listed = await says("!questions")
    assert "(1 answered, 1 skipped, 1 done)" in listed.text
    assert [choice.command for choice in listed.choices] == ["!vote 2"]
    assert "Two?" in (await says("!questions state=skipped")).text
    assert "One?" not in (await says("!questions state=skipped")).text
    assert "None is open just now." in (await says("!questions state=open")).text


@pytest.mark.parametrize("line", ["!vote 7", "!answered 7", "!skip 7"])
async def test_an_unknown_number_names_those_there_are(says: Says, line: str) -> None:
    """Before the first question it says how to ask it instead."""
    first = await says(line, ROOT)
    assert not isinstance(first, Refusal)
    assert "`!q …` adds the first" in first.text
    for text in ("One?", "Two?"):
        await says(f"!q {text}")
    refused = await says(line, ROOT)
    assert isinstance(refused, Refusal)
    assert refused.text == "There is no question 7. There are 1 and 2."


@pytest.mark.parametrize("line", ["!answered 1", "!skip 1", "!now Embeddings", "!catchup close"])
async def test_what_is_for_admins(says: Says, line: str) -> None:
    """Nobody else may, and nothing changes."""
    await says("!q Why?")
    reply = await says(line)
    assert isinstance(reply, Refusal)
    assert "for the group's admins" in reply.text
    assert (await says("!questions")).text.endswith("; open")
    assert "Nobody has said yet" in (await says("!now")).text
    assert "closed" not in (await says("!catchup")).text


async def test_homework_is_ticked(says: Says) -> None:
    """The group sees counts, a person their own items, privately."""
    reply = await says("!done 2")
    assert reply.private
    assert reply.text == "Item 2, Write a post: ticked. You have done 1 of 3: 2."
    await says("!done #2", BOB)
    await says("!done 3")
    assert "You have done 2 of 3: 2 and 3." in (await says("!done 3")).text
    listed = await says("!homework")
    assert listed.text.splitlines()[2:5] == [
        "1. Read 13.1 — done by 0",
        "2. Write a post — done by 2",
        r"3. Read \<13.2\> — done by 1",
    ]
    assert "Ann" not in listed.text
    assert [choice.command for choice in listed.choices] == ["!done 1", "!done 2", "!done 3"]
    assert "taken back. You have done 1 of 3: 2." in (await says("!done 3 undo")).text
    refused = await says("!done 4")
    assert isinstance(refused, Refusal)
    assert refused.text == "There is no item 4. The homework has 1–3."


async def test_now_answers_latecomers(group: Group, says: Says) -> None:
    """An admin moves the mark, anybody asks where it is and for how long."""
    await says("!now 8.3 *Embeddings* from scratch", ROOT)
    assert (await says("!now")).text == r"We are at **8\.3 \*Embeddings\* from scratch**, just reached."
    group.now = NOW + timedelta(minutes=12)
    assert (await says("!now")).text.endswith("for 12 minutes now.")
    group.now = NOW + timedelta(hours=3)
    assert (await says("!now")).text.endswith("for 3 hours now.")


async def test_a_catch_up_is_voted_on(says: Says) -> None:
    """Each slot that suits counts; times are moments for the reader's own clock, buttons say them plainly."""
    reply = await says("!catchup")
    assert "[Sat 28 Nov 2026, 17:00 (Europe/Berlin)](time:2026-11-28T16:00Z) — 0 votes" in reply.text
    assert [(choice.label, choice.command) for choice in reply.choices] == [
        ("Sat 28 Nov, 17:00 (Europe/Berlin)", "!catchup 1"),
        ("Sun 29 Nov, 10:00 (Europe/Berlin)", "!catchup 2"),
    ]
    for line, person in (("!catchup 1", ANN), ("!catchup 2", ANN), ("!catchup 2", BOB)):
        assert "counted" in (await says(line, person)).text
    assert "was counted for you already" in (await says("!catchup 2", BOB)).text
    assert "is taken back" in (await says("!catchup 1 undo")).text
    assert "had no vote of yours" in (await says("!catchup 1 undo")).text
    refused = await says("!catchup 3")
    assert isinstance(refused, Refusal)
    assert refused.text == "There is no slot 3. There are 1 and 2."


async def test_a_closed_vote_stays_closed(says: Says) -> None:
    """There is one winner, however often it is closed and whoever votes afterwards."""
    await says("!catchup 2")
    won = "We catch up on [Sun 29 Nov 2026, 10:00 (Europe/Berlin)](time:2026-11-29T09:00Z)."
    assert (await says("!catchup close", ROOT)).text == f"The vote is closed. {won}"
    late = await says("!catchup 1", BOB)
    assert isinstance(late, Refusal)
    assert late.text == f"The vote is closed. {won}"
    assert isinstance(await says("!catchup 2 undo"), Refusal)
    assert (await says("!catchup close", ROOT)).text == f"The vote was closed already. {won}"
    shown = await says("!catchup")
    assert won in shown.text
    assert not shown.choices


async def test_nobody_voted(says: Says) -> None:
    """Then there is no catch-up, which is said."""
    assert "no catch-up this time" in (await says("!catchup close", ROOT)).text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!links", "`!link https://… why it is worth reading` adds the first"),
        ("!showcase", "`!blog https://… its title` adds the first"),
        ("!questions", "`!q …` adds the first"),
        ("!now", "`!now the section`"),
        ("!homework", "in the reading plan"),
        ("!done 1", "in the reading plan"),
        ("!catchup", "in the reading plan"),
        ("!catchup 1", "in the reading plan"),
    ],
)
async def test_an_empty_page_says_how_to_begin(group: Group, says: Says, line: str, said: str) -> None:
    """Nothing to show is no refusal, and says what would add the first."""
    group.current = Session(homework=(), slots=())
    reply = await says(line)
    assert not isinstance(reply, Refusal)
    assert said in reply.text


async def test_between_sessions_nothing_is_lost(group: Group, says: Says) -> None:
    """With no session planned, links and questions are kept on a page of their own, and can be carried over."""
    group.current = None
    await says("!link https://a.example/")
    await says("!q Why?")
    assert "the time between sessions" in (await says("!links")).text
    assert await group.notebook.questions.carry(THREAD, "loose", THREAD, Session().key) == 1
    group.current = Session()
    assert "Why?" in (await says("!questions")).text


@pytest.mark.parametrize("commands", [week_commands, notebook_commands], ids=["week", "notebook"])
async def test_every_example_is_answered(says: Says, commands: object) -> None:
    """On an empty notebook too, and so is whatever the answer offers next."""
    for command in Registry.of(commands):  # pyright: ignore[reportArgumentType] - modules, by parametrize
        for example in command.examples:
            reply = await says(f"!{example}", ROOT)
            assert not isinstance(reply, Refusal), reply.text
            for choice in reply.choices:
                assert not isinstance(await says(choice.command, ROOT), Refusal), choice.command

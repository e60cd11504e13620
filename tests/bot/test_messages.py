"""What the week says: every kind of message, what it gathers, and moments in every form."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.messages import MOST_TITLE, Gathered, Message, left, message
from bot.programme import EXAMPLE, TEMPLATES, Programme, load, parse
from bot.render import html, plain, words
from bot.values import Choice, moment, moments
from scheduler.due import Due

MEET = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
SYDNEY = "Australia/Sydney"
FULL = Gathered(
    links=(("https://a.example/x y", "A *fine* read", "Ann"), ("https://b.example", "", "Bo")),
    blogs=(("https://c.example", "My week", "Cy"),),
    open_questions=((3, "Why is it @here?", "Dee"),),
    homework=("Read on",),
    homework_done=2,
    previous="https://forum.example/t/7",
)


@pytest.fixture(scope="module")
def example() -> Programme:
    """The programme that is shipped."""
    return load(EXAMPLE)


def due(programme: Programme, kind: str, number: int = 2) -> Due:
    """What is due of a kind, for the session of that number."""
    every = programme.upcoming(datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    return next(each for each in every if (each.kind, each.occurrence.number) == (kind, number))


def said(programme: Programme, kind: str, gathered: Gathered | None = None, number: int = 2) -> Message:
    """The message of a kind."""
    return message(programme, due(programme, kind, number), gathered)


def test_the_opening_has_the_shape_of_a_week(example: Programme) -> None:
    """Time, agenda, reading, resources with blog posts and links, questions: in this order."""
    post = said(example, "open", FULL)
    assert post.title == "Week 2 · Chapter 2: From Model to Production"
    text = post.reply.text
    order = [
        "**Chapter 2: From Model to Production**",
        "[Wed 9 Dec 2026, 18:30 (Australia/Sydney)](time:2026-12-09T07:30Z)",
        "[its thread](<https://forum.example/t/7>)",
        "### Agenda",
        "1. What is still open: 1 question",
        "### To read before we meet",
        "### Homework from last time",
        "1. Read on",
        "`!done 1` ticks off the first. 2 people have done all of it already.",
        "### Resources",
        "**Blog posts from last week**",
        "- [My week](<https://c.example>) · Cy",
        "**Links from this week**",
        r"- [A \*fine\* read](<https://a.example/xy>) · Ann",
        "- <https://b.example> · Bo",
        "### Questions",
        r"- \#3 Why is it \@here? · Dee",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "\n\n\n" not in text
    assert html(text).count("<time datetime=") == 1


def test_an_empty_week_opens_kindly(example: Programme) -> None:
    """Nothing gathered yet leaves no empty heading, and says how the first link comes in."""
    first, second = said(example, "open", number=1).reply.text, said(example, "open").reply.text
    assert "Blog posts" not in first
    assert "None that I have seen." in second
    assert "`!link`, an address and a few words add the first." in first
    assert "Homework" not in first


@pytest.mark.parametrize(
    ("kind", "lead"), [("remind-day", "24 hours"), ("remind-hour", "1 hour"), ("remind-soon", "10 minutes")]
)
def test_reminders_say_what_is_left(example: Programme, kind: str, lead: str) -> None:
    """A reminder names the time left and the moment."""
    text = said(example, kind).reply.text
    assert f"in {lead}: [Wed 9 Dec 2026, 18:30 (Australia/Sydney)]" in text


def test_a_late_reminder_counts_from_when_it_is_said(example: Programme) -> None:
    """A laptop that slept over the reminder does not claim that a day is left."""
    each = due(example, "remind-day")
    late = message(example, each, now=each.occurrence.starts - timedelta(hours=2, minutes=50))
    assert late.title == "Week 2: 3 hours to go"
    assert "in 3 hours: [" in late.reply.text


def test_leftovers_hand_over_to_the_next_week(example: Programme) -> None:
    """After the session: open questions, homework, links, when it goes on; at the end of the plan, a goodbye."""
    text = said(example, "leftovers", replace(FULL, homework=())).reply.text
    assert text.index("### Still open") < text.index("### Homework until next time") < text.index("**Links from")
    assert "1. Collect a small set" in text
    assert text.endswith(
        "Next time: **Chapter 3: Data Ethics**, " + moment(datetime(2026, 12, 16, 7, 30, tzinfo=UTC), SYDNEY) + "."
    )
    last = said(example, "leftovers", number=20).reply.text
    assert "### To take home" in last
    assert last.endswith("That was the last session of the plan. It was good to read with you.")


def test_the_catch_up_proposes_its_slots(example: Programme) -> None:
    """Each slot is a moment in the text and a choice to vote for; the platform's prefix is in the commands."""
    reply = message(example, due(example, "catchup"), prefix="?").reply
    assert reply.text.count("](time:") == 4
    assert reply.choices == (
        Choice(label="Sat 12 Dec, 17:00 (Australia/Sydney)", command="?catchup 1"),
        Choice(label="Sun 13 Dec, 11:00 (Australia/Sydney)", command="?catchup 2"),
        Choice(label="Sun 13 Dec, 17:00 (Australia/Sydney)", command="?catchup 3"),
    )
    none = message(replace(example, slots=()), due(example, "catchup")).reply
    assert "When would you have an hour? Say so here." in none.text
    assert not none.choices


def test_the_questionnaire_names_its_chapters(example: Programme) -> None:
    """One plain prompt; a chapter without questions has none."""
    assert "the questionnaire of chapter 2." in said(example, "questionnaire").reply.text
    with pytest.raises(StopIteration):
        due(example, "questionnaire", number=20)


def test_the_week_of_a_switch_says_so(example: Programme) -> None:
    """Only the session after the clocks of the group changed warns those whose clocks did not."""
    texts = {number: said(example, "open", number=number).reply.text for number in (16, 17, 18)}
    assert [number for number, text in texts.items() if "Mind the clocks" in text] == [17]
    assert "go back by an hour. Where yours do not, we start an hour later" in texts[17]


def test_a_hosts_words_replace_ours() -> None:
    """Title and text of any kind; a title that grows too long is cut where a thread's name must end."""
    programme = parse(
        'group = "A*B"\nzone = "UTC"\nhost = "Z_o_e"\n[series]\nfirst = 2026-12-02\nat = "18:00"\nminutes = 60\n'
        '[wording.remind-soon]\ntitle = "{group} {{{week}}}"\ntext = "{group}, {length}. {people}"\n'
        f'[wording.open]\ntitle = "{"long " * 30}"',
        "a",
    )
    post = said(programme, "remind-soon")
    assert post.title == "A*B {2}"
    assert post.reply.text == r"A\*B, 1 hour. Z\_o\_e hosts."
    title = said(programme, "open").title
    assert len(title) <= MOST_TITLE
    assert title.endswith("long…")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=7), "a week"),
        (timedelta(days=7, hours=-1), "a week"),
        (timedelta(days=3, hours=1.5), "3 days"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=80), "80 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=-5), "0 minutes"),
    ],
)
def test_spans_are_said_as_people_say_them(span: timedelta, words: str) -> None:
    """Also a week that has an hour less because of the clocks."""
    assert left(span) == words


HEADINGS = {
    *("Agenda", "To read before we meet", "Resources", "Questions", "Still open"),
    *("Homework from last time", "Homework until next time"),
}
hostile = st.text(alphabet="ab*_`[]()<>!\\\"'#-+. \n&;:/=~|1@{}", max_size=40)


@given(hostile, hostile, hostile, st.sampled_from([*TEMPLATES]))
def test_what_people_wrote_stays_text(url: str, note: str, author: str, kind: str) -> None:
    """No note, name, question or address becomes markup, a mention, a field, or a link to anything but the web."""
    gathered = Gathered(
        links=((url, note, author), (f"https://{url}", note, author)),
        open_questions=((1, note, author),),
        previous=url,
    )
    text = message(load_once(), due_once(kind), gathered).reply.text
    tokens = MarkdownIt("commonmark").parse(text)
    assert not {"html_block", "fence", "code_block", "blockquote_open"} & {token.type for token in tokens}
    headings = {tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"}
    assert headings <= HEADINGS
    assert all(re.match(r"https?://", link) for link in re.findall(r'href="([^"]*)"', html(text)))


@cache
def load_once() -> Programme:
    """The example, read once for all the cases of a law."""
    return load(EXAMPLE)


@cache
def due_once(kind: str) -> Due:
    """One due message of each kind."""
    return due(load_once(), kind)


def test_a_message_survives_the_database_and_the_terminal(example: Programme) -> None:
    """Every kind comes back from its JSON, and is readable as plain text, with times as they stand."""
    for kind in TEMPLATES:
        reply = said(example, kind, FULL).reply
        assert type(reply).from_json(reply.to_json()) == reply
        shown = plain(reply)
        assert "(time:" not in shown
        assert "**" not in shown


def test_a_moment_reads_well_as_it_stands() -> None:
    """In plain words only the text, on the page a time element; a platform's own form by `moments`."""
    text = moment(MEET, SYDNEY)
    assert text == "[Wed 25 Nov 2026, 18:30 (Australia/Sydney)](time:2026-11-25T07:30Z)"
    assert words(f"At {text}.") == "At Wed 25 Nov 2026, 18:30 (Australia/Sydney)."
    said = "Wed 25 Nov 2026, 18:30 (Australia/Sydney)"
    assert html(f"*{text}*") == f'<p><em><time datetime="2026-11-25T07:30Z">{said}</time></em></p>\n'
    assert moments(f"{text} and {text}", lambda at, zone: f"<t:{at.timestamp():.0f}:F> {zone}") == (
        "<t:1795591800:F> Australia/Sydney and <t:1795591800:F> Australia/Sydney"
    )


@pytest.mark.parametrize(
    "text",
    [
        "[x](time:yesterday)",
        "[x](time:2026-11-25T07:30Z&quot;onclick=)",
        "[x](time:javascript:alert)",
        "[x](TIME:1)",
    ],
)
def test_a_forged_moment_is_only_text(text: str) -> None:
    """A link that is not exactly a moment leads nowhere."""
    assert "href" not in html(text)
    assert "<time" not in html(text)
    assert moments(text, lambda at, zone: "!") == text


def test_digits_that_are_no_date_stay() -> None:
    """Somebody's own digits do not break a post."""
    text = "[Wed (UTC)](time:2026-99-99T07:30Z)"
    assert moments(text, lambda at, zone: "!") == text


@given(
    st.datetimes(datetime.fromisoformat("1970-01-02"), datetime.fromisoformat("2100-01-01")),
    st.sampled_from([SYDNEY, "America/Argentina/Buenos_Aires", "UTC", "Asia/Kathmandu", "America/Port-au-Prince"]),
)
def test_every_moment_is_found_again(at: datetime, zone: str) -> None:
    """The instant and the zone come out as they went in, to the minute; the text is safe CommonMark."""
    instant = at.replace(second=0, microsecond=0, tzinfo=UTC)
    found: list[tuple[datetime, str]] = []
    moments(moment(instant, zone), lambda when, where: found.append((when, where)) or "")
    assert found == [(instant, zone)]
    assert words(moment(instant, zone)).endswith(f"{instant.astimezone(ZoneInfo(zone)):%H:%M} ({zone})")

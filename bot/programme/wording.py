"""What a group hears, as templates: our words, and a host's own in their place.

A template is CommonMark with named fields in braces. A field that holds a block (a heading and a list) is empty
when there is nothing to list, and then leaves no gap. Titles are plain text and take only words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from string import Formatter
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "group": "the group's name",
        "host": "the host's name",
        "guest": "the guest's name",
        "week": "the number of the session, from 1",
        "title": "what it is about: Chapter 3: Data Ethics",
        "lead": "the time left before it starts: 24 hours",
        "length": "how long it takes: 70 minutes",
        "prefix": "what commands begin with: !",
    }
)
"""Fields for titles and texts, with what they stand for."""

BLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "start": "when it starts, by every reader's own clock",
        "clocks": "a warning when the group's clocks have changed since the session before",
        "people": "who hosts and who is the guest, in a sentence",
        "note": "the host's note on this session",
        "previous": "where last week's thread is",
        "agenda": "the numbered agenda",
        "reading": "what to read before it, section by section",
        "homework": "what to do, numbered, with how many have done it",
        "links": "this week's links",
        "blogs": "the blog posts from last week",
        "questions": "the questions that are still open",
        "quiz": "the chapters whose questionnaires are next",
        "prompt": "a question for everybody, with how to answer it",
        "next": "when the next session is, and what it is about",
        "slots": "the times proposed for the catch-up",
        "chosen": "when the catch-up is, by the vote",
    }
)
"""Fields for texts alone."""

MOST_TEXT = 4000
"""Characters of a template: what it makes has to fit a post."""
MOST_TITLE = 200

_GAP = re.compile(r"[ \t]*\n(?:[ \t]*\n){2,}")
_TRAILING = re.compile(r"[ \t]+$", re.M)


@dataclass(frozen=True)
class Template:
    """The title of a kind of message, and its text. What names an unknown field is refused with a ValueError."""

    title: str
    text: str

    def __post_init__(self) -> None:
        _check("title", self.title, WORDS, MOST_TITLE)
        _check("text", self.text, {**WORDS, **BLOCKS}, MOST_TEXT)


def fill(template: str, fields: Mapping[str, str]) -> str:
    """The template with its fields; an empty one leaves no gap."""
    filled = template.format_map(fields)
    return _GAP.sub("\n\n", _TRAILING.sub("", filled)).strip()


def _check(what: str, template: str, fields: Mapping[str, str], most: int) -> None:
    if not template.strip():
        raise ValueError(f"{what} is empty: write something, or leave it out for our own words.")
    if len(template) > most:
        raise ValueError(f"{what} has {len(template):,} characters: the most is {most:,}.")
    try:
        parts = list(Formatter().parse(template))
    except ValueError as problem:
        raise ValueError(f"{what} has a brace that is not closed; write {{{{ or }}}} for a brace.") from problem
    for _, name, shape, conversion in parts:
        if name is None:
            continue
        if name not in fields:
            raise ValueError(_unknown(what, name, fields))
        if shape or conversion:
            raise ValueError(f"{what}: write {{{name}}}, and nothing else between the braces.")


def _unknown(what: str, name: str, fields: Mapping[str, str]) -> str:
    if name in BLOCKS:
        return f"{what}: {{{name}}} is more than a title can hold; a title may have {_listed(fields)}."
    near = get_close_matches(name, fields, n=1)
    meant = f" Did you mean {{{near[0]}}}?" if near else ""
    return f"{what} has an unknown field {{{name[:40]}}}.{meant} There are {_listed(fields)}."


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        "open": Template(
            "Week {week} · {title}",
            """**{title}**
We meet on {start}, for {length}. {people}

{clocks}

{note}

{previous}

### Agenda
{agenda}

{reading}

{homework}

### Resources

{blogs}

{links}

### Questions
Ask whatever you like, whenever it comes to you: write it below, or `{prefix}q` and your question.
Every question gets its turn, and answering each other's is very welcome.

{questions}""",
        ),
        "remind-week": Template(
            "Week {week}: {lead} to go",
            """We meet in {lead}: {start}.
This week: **{title}**

{clocks}

{reading}

`{prefix}calendar` puts it into your calendar.""",
        ),
        "remind-day": Template(
            "Week {week}: {lead} to go",
            """We meet in {lead}: {start}.
**{title}**

{clocks}

{reading}

Not through yet? Come as you are: bring what puzzled you on the way.""",
        ),
        "remind-hour": Template(
            "Week {week}: {lead} to go",
            """We start in {lead}: {start}.
**{title}**

A question you want to hear answered? `{prefix}q` and your question puts it on the list.""",
        ),
        "remind-soon": Template(
            "Week {week}: we are about to start",
            """We start in {lead}: {start}. See you there!""",
        ),
        "leftovers": Template(
            "Week {week}: what stays with us",
            """Thank you all for today! That was **{title}**.

{questions}

{homework}

{links}

{next}""",
        ),
        "questionnaire": Template(
            "Week {week}: the questionnaire",
            """It is time for {quiz}.
Try a few questions from memory before you look anything up, even if it is only three: what you have fetched from \
your own head once is easier to find the next time. `{prefix}quiz` asks you, for your eyes only. Stuck on one? \
`{prefix}q` and the question, and we look at it together.

{prompt}""",
        ),
        "catchup": Template(
            "Week {week}: a catch-up at the weekend",
            """Missed the session, or would you like to go over it once more? Let us meet informally this \
weekend, about **{title}**. Nothing to prepare.

{slots}""",
        ),
        "question": Template(
            "Week {week}: a question in between",
            """One question for all of us, from memory: a guess is better than a look into the book.

{prompt}""",
        ),
        "question-more": Template(
            "Week {week}: one more question",
            """And one more, to keep it fresh until we meet again.

{prompt}""",
        ),
        "catchup-voted": Template(
            "Week {week}: when we catch up",
            """The vote on our catch-up about **{title}** is closed.

{chosen}""",
        ),
    }
)
"""Our own words, by kind of message."""

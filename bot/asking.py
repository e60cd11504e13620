"""How a question is put, to one or to all: its words, what can be done with it, and how people name it."""

import re
from collections.abc import Sequence
from datetime import datetime
from textwrap import indent

from bot.errors import UserError
from bot.notes import spans
from bot.questionnaire import GRADES, Answer, Item, Quiz, worded
from bot.values import Choice, Person, clean, code, escape, plural

LINK = "A link to your notebook or post"
MOST_DIGITS = 6
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n`]*\n(.*?)(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.M | re.S)
MOST = 50
"""Questions of one quiz."""


def head(item: Item, place: str = "") -> str:
    """The question itself, with its number, by which it is answered."""
    chapter = f" · chapter {item.chapter}" if item.chapter else ""
    what = "Task" if item.kind == "task" else "Question"
    return f"**{what} {item.number}**{chapter}{f' · {place}' if place else ''}\n\n{worded(item.text)}"


def how(prefix: str, item: Item) -> str:
    """How to answer it, where there are no buttons."""
    if item.kind == "task":
        return f"Done? {code(f'{prefix}answer {item.number} https://…')} ticks it, with a link to what you made."
    return f"{code(f'{prefix}answer {item.number} …')} answers it, from memory."


def to_all(prefix: str, item: Item) -> str:
    """A question for the group. Answers stay hidden from those who have not answered yet."""
    if item.kind == "task":
        return f"{head(item)}\n\n{how(prefix, item)}"
    line = code(f"{prefix}answer {item.number} …")
    return (
        f"{head(item)}\n\n{line} answers it, in a message to me alone or in a spoiler: others shall find their "
        "own words first. Then you see what I would say, and what others share."
    )


def offers(prefix: str, item: Item) -> tuple[Choice, ...]:
    """What can be done with it before it is answered."""
    line = f"{prefix}answer {item.number}"
    if item.kind == "task":
        return (Choice(label="done", command=line, ask=LINK),)
    return (
        Choice(label="answer", command=line, ask="Your answer"),
        Choice(label="I don't know", command=f"{prefix}reveal {item.number}"),
    )


def ticks(item: Item) -> tuple[str, ...]:
    """What each reader of a question for the group may tick, to see how the others do; of a task nobody asks."""
    return () if item.kind == "task" else ("I know it", "in part", "not yet")


def grades(prefix: str, item: Item) -> tuple[Choice, ...]:
    """How well it was known; of a task nobody asks."""
    if item.kind == "task":
        return ()
    return tuple(Choice(label=each, command=f"{prefix}grade {item.number} {each}") for each in GRADES)


def told(answer: Answer) -> str:
    """An answer that somebody shares."""
    votes = f", {plural(answer.votes, 'vote')}" if answer.votes else ""
    groups = "**the group's answer**, " if answer.good else ""
    text = indent(written(answer.text), "  ").lstrip(" ")
    return f"**{answer.number}** — {groups}from {escape(answer.author)}{votes}: {text}"


def written(text: str) -> str:
    """What a member wrote, safe to show after words of ours: its lines stay, code between fences stays code."""
    parts, at = list[str](), 0
    for fenced in _FENCED.finditer(text):
        parts += [_prose(text[at : fenced.start()]), _fenced(fenced[2])]
        at = fenced.end()
    said = "\n\n".join(filter(None, [*parts, _prose(text[at:])]))
    return f"\n\n{said}" if _FENCED.match(text) else said


def _prose(text: str) -> str:
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join("  \n".join(map(escape, each.split("\n"))) for each in paragraphs)


def _fenced(text: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`{2,}", text)), default=2))
    return f"{fence}\n{clean(text).rstrip()}\n{fence}"


def number(text: str) -> int | None:
    """`57`, `#57` and `57.` → 57; None where it is none that could be."""
    digits = text.strip().removeprefix("#").rstrip(".:")
    return int(digits) if re.fullmatch(rf"[0-9]{{1,{MOST_DIGITS}}}", digits) else None


async def named(quiz: Quiz, prefix: str, typed: str, now: datetime) -> Item:
    """The question of a number as typed; UserError where there is none."""
    await quiz.covered(now)  # by then our own questions are there
    if not typed.strip():
        raise UserError("Which question? Its number stands before each question.")
    found = number(typed)
    item = await quiz.item(found) if found is not None else None
    if item is None:
        raise UserError(
            f"There is no question {code(typed.strip()[:20] or '?')}. Its number stands before each question; "
            f"{code(prefix + 'quiz')} asks you one."
        )
    return item


async def meant(quiz: Quiz, person: Person, prefix: str, typed: str, now: datetime) -> tuple[Item, str]:
    """The question of `57 some text`, and the text; without a number it is the one that their quiz is at."""
    first, *rest = typed.split(maxsplit=1) or [""]
    if number(first) is not None:
        return await named(quiz, prefix, first, now), "".join(rest)
    sitting = await quiz.sitting(person)
    if sitting is None or sitting.item is None:
        raise UserError(
            "Which question? You are at no quiz: its number comes first, as it stands before the question."
        )
    return sitting.item, typed.strip()


async def chapters(quiz: Quiz, typed: str, now: datetime) -> tuple[Sequence[int], int]:
    """The chapters meant by `8`, `ch8`, `all` or nothing; after a chapter, a second number is how many."""
    covered, there = await quiz.covered(now), await quiz.chapters()
    text = typed.strip().casefold()
    if text in ("", "all"):
        return (list(there) if text else covered), 0
    found = re.fullmatch(r"(?:chapter|ch)?\.?\s*([0-9]{1,3})(?:\s+([0-9]{1,6}))?", text)
    if found is None:
        raise UserError(f"{code(typed[:40])} is no chapter: write its number, such as `8`.")
    chapter, count = int(found[1]), min(int(found[2] or 0), MOST)
    if found[2] and not count:
        raise UserError(
            f"A quiz has at least one question: {code(f'{chapter} 3')} asks three of chapter {chapter}."
        )
    if chapter not in there:
        names = spans(each for each in there if each) or "none yet"
        raise UserError(f"I have no questions on chapter {chapter}. There are: {names}.")
    return (chapter,), count

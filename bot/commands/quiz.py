"""The questionnaire for oneself: a few questions, each answered before it is looked up, then graded."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from bot import addresses
from bot.asking import MOST, chapters, grades, head, how, meant, named, offers, told, written
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.notes import line, lines
from bot.questionnaire import GRADES, LONGEST, Answer, Grade, Graded, Item, Mode, Sitting, worded
from bot.values import Choice, Reply, code, plural

GROUP = "the questionnaire"
COUNT = 5
"""Questions of a quiz, unless somebody wants another number."""
OTHERS = 5
"""Answers of other members below one's own."""
_HIDDEN = re.compile(r"(?:\[spoiler\](.*?)\[/spoiler\]|\|\|(.*?)\|\|)([^\n]*)", re.I | re.S)
"""An answer that is hidden from others in a thread, and what else stands on the line where that ends."""
_SPOILER = re.compile(r"\[/?spoiler\]", re.I)
Chapters = Annotated[str, Arg(help="a chapter, such as 8; else those the group has come to")]
Count = Annotated[int, Arg(help="how many questions", low=1, high=MOST)]
VOTES = 3
"""Of those with a button to find them good."""
New = Annotated[bool, Arg(help="begin another in the place of the one that you are at")]
SITTINGS: dict[Mode, str] = {"quiz": "a quiz", "due": "a round of what was due", "cram": "a cram"}
"""What somebody is in the middle of."""
Number = Annotated[str, Arg(help="a question's number, such as 1; else the one that your quiz is at")]


@command("quiz", group=GROUP, examples=("quiz", "quiz 8", "quiz 13 count=3"))
async def quiz(ctx: Context, chapter: Chapters = "", *, count: Count = COUNT, new: New = False) -> Reply:
    """Ask you a few questions: what is due first, then what is new to you. Only you see them.

    You answer from memory, see an answer, and say how well you knew it. By that each question comes back to you
    just before you would forget it. What you missed comes once more at the end.

    A quiz that you leave waits for you: this, `due` and `cram` go on with it, also after days, and on another
    platform if you have joined your accounts. With `new` they begin another instead.
    """
    return await _begin(ctx, "quiz", chapter, count, new=new)


@command("due", group=GROUP, examples=("due",))
async def due(
    ctx: Context,
    chapter: Annotated[str, Arg(help="a chapter, such as 8; else all")] = "",
    *,
    count: Count = MOST,
    new: New = False,
) -> Reply:
    """Ask you what is due today, and nothing new."""
    return await _begin(ctx, "due", chapter, count, new=new)


@command("cram", group=GROUP, examples=("cram", "cram 8"))
async def cram(ctx: Context, chapter: Chapters = "", *, count: Count = COUNT, new: New = False) -> Reply:
    """Ask you before it is due, what you know the least first; when it comes back stays as it is."""
    return await _begin(ctx, "cram", chapter, count, new=new)


@command("answer", group=GROUP, examples=("answer 1", "answer 1 Who gave which film how many stars, and no more"))
async def answer(
    ctx: Context,
    text: Annotated[
        str, Arg(help="the question's number, except in a quiz, then your answer", long=True, lines=True)
    ],
) -> Reply:
    """Answer a question, and see what others found.

    Nobody else sees your answer unless you share it. Answered again, the newer answer counts. A task asks for a
    link to what you made.

    An answer may have several lines: it goes on to the end of your post, or to the next line with a command. One
    that begins with a spoiler ends with it.
    """
    item, said = await meant(ctx.quiz, ctx.person, ctx.prefix, text, ctx.now)
    said = _unhidden(said)
    if said and not said.strip("…. "):
        raise UserError(
            f"The dots stand for your own words: write them after {code(f'{ctx.prefix}answer {item.number}')}."
        )
    if not said:
        return Reply(
            text=f"{head(item)}\n\n{how(ctx.prefix, item)}", choices=offers(ctx.prefix, item), private=True
        )
    kept = _link(ctx, item, said) if item.kind == "task" else lines(said, LONGEST, "answer")
    await ctx.quiz.answer(ctx.person, item, kept, ctx.now)
    return await _shown(ctx, item)


@command("reveal", group=GROUP, examples=("reveal 1",))
async def reveal(ctx: Context, number: Number = "") -> Reply:
    """Show the answers to a question that you don't know."""
    item = await _one(ctx, number)
    await ctx.quiz.answer(ctx.person, item, "", ctx.now)
    return await _shown(ctx, item)


@command("grade", group=GROUP, examples=("grade 1 good",))
async def grade(
    ctx: Context, how: Annotated[str, Arg(help="the question's number, except in a quiz, and how well: 1 good")]
) -> Reply:
    """Say how well you knew an answer: again, hard, good or easy.

    `again` is for what you did not know; 1 to 4 mean the same as the four words. It counts once a day for each
    question.
    """
    item, word = await meant(ctx.quiz, ctx.person, ctx.prefix, how, ctx.now)
    digits = dict(zip("1234", GRADES, strict=True))
    found: list[Grade] = [
        each for each in GRADES if word and (digits.get(word) == each or each.startswith(word.casefold()))
    ]
    if len(found) != 1:
        line = f"{ctx.prefix}grade {item.number}"
        raise UserError(
            f"How well did you know it? Write {' or '.join(code(f'{line} {each}') for each in GRADES)}."
        )
    graded = await ctx.quiz.grade(ctx.person, item, found[0], ctx.now)
    return await _next(ctx, graded.sitting, _counted(item, graded, ctx.now))


@command("later", group=GROUP, examples=("later 1",))
async def later(ctx: Context, number: Number = "") -> Reply:
    """Leave a question out for now; it counts neither way."""
    item = await _one(ctx, number)
    left = await ctx.quiz.later(ctx.person, item, ctx.now)
    if left is None:
        raise UserError(f"No quiz of yours is at question {item.number}.")
    return await _next(ctx, left, "Left out, and nothing counted.")


@command("stop", group=GROUP, examples=("stop",))
async def stop(ctx: Context) -> Reply:
    """Break a quiz off; what you graded so far is kept."""
    stopped = await ctx.quiz.stop(ctx.person)
    said = "Stopped. What you graded so far is kept." if stopped else "You are at no quiz."
    return Reply(text=f"{said} {code(ctx.prefix + 'quiz')} begins one.", private=True)


async def _shown(ctx: Context, item: Item, *, place: str = "", before: str = "") -> Reply:
    """A question that somebody has answered: theirs, ours, the group's and what others share."""
    answers = await ctx.quiz.answers(ctx.person, item)
    mine = next((each for each in answers if each.mine and each.text), None)
    others = [each for each in answers if not each.mine][:OTHERS]
    parts = [
        before,
        head(item, place),
        _own(item, mine) if mine else "",
        f"**An answer:** {worded(item.answer)}" if item.answer else "",
        f"{code(ctx.prefix + item.show)} shows it." if item.show else "",
        _others(ctx, item, others, voter=mine is not None),
        _sharing(ctx, item, mine) if mine else "",
        "How well did you know it?" if item.kind == "recall" else "",
    ]
    choices = [*grades(ctx.prefix, item)]
    if item.show:
        choices.append(Choice(label="show it", command=ctx.prefix + item.show))
    if mine and not mine.shared:
        choices.append(Choice(label="share my answer", command=f"{ctx.prefix}share {item.number}"))
    if mine:
        choices += [
            Choice(label=f"answer {each.number} is good", command=f"{ctx.prefix}good {each.number}")
            for each in others
            if not each.voted
        ][:VOTES]
    return Reply(text="\n\n".join(filter(None, parts)), choices=tuple(choices), private=True)


def _own(item: Item, mine: Answer) -> str:
    return f"{'☑ **Your link:**' if item.kind == 'task' else '**You:**'} {written(mine.text)}"


def _others(ctx: Context, item: Item, others: Sequence[Answer], *, voter: bool) -> str:
    if others:
        good = code(f"{ctx.prefix}good {others[0].number}")
        listed = "\n".join(f"- {told(each)}" for each in others)
        return f"{listed}\n\n{good} says that you find that answer good." if voter else listed
    if item.answer or item.kind == "task":
        return ""
    return "Nobody has shared an answer yet: the chapter has it."


def _question(ctx: Context, item: Item, *, place: str = "", before: str = "") -> Reply:
    """A question that waits for an answer."""
    said = [before, head(item, place), how(ctx.prefix, item)]
    return Reply(text="\n\n".join(filter(None, said)), choices=offers(ctx.prefix, item), private=True)


async def _begin(ctx: Context, mode: Mode, chapter: str, count: int, *, new: bool) -> Reply:
    """Go on with what was left half done; else, or if it is wished, begin another."""
    found, many = await chapters(ctx.quiz, chapter, ctx.now) if chapter.strip() or mode != "due" else ((), 0)
    sitting = None if new else await ctx.quiz.sitting(ctx.person)
    if sitting and sitting.item:
        again = " ".join(filter(None, [ctx.prefix + mode, chapter.strip(), "new"]))
        said = f"You are in the middle of {SITTINGS[sitting.mode]}; {code(again)} begins another in its place."
        return await _asked(ctx, sitting, said, Choice(label="begin another", command=again))
    sitting = await ctx.quiz.begin(ctx.person, mode, found, many or count, ctx.now)
    if sitting is not None:
        return await _asked(ctx, sitting)
    if mode == "due":
        return Reply(
            text=f"Nothing is due today. {code(ctx.prefix + 'quiz')} asks you something new.",
            choices=(Choice(label="something new", command=ctx.prefix + "quiz"),),
            private=True,
        )
    return Reply(text="There is nothing to ask yet: the host imports the questions.", private=True)


async def _asked(ctx: Context, sitting: Sitting, before: str = "", *others: Choice) -> Reply:
    """The current question of a quiz, with its answer if that was shown."""
    if sitting.item is None:
        return Reply(text="\n\n".join(filter(None, [before, _over(sitting)])), private=True)
    place = f"{sitting.done + 1} of {sitting.done + sitting.left}"
    if sitting.shown:
        reply = await _shown(ctx, sitting.item, place=place, before=before)
        return replace(reply, choices=(*reply.choices, *others))
    reply = _question(ctx, sitting.item, place=place, before=before)
    skip = Choice(label="skip", command=f"{ctx.prefix}later {sitting.item.number}")
    end = Choice(label="stop", command=f"{ctx.prefix}stop")
    return replace(reply, choices=(*reply.choices, skip, end, *others))


async def _next(ctx: Context, sitting: Sitting | None, said: str) -> Reply:
    """What follows in a quiz; only what was said where the question was none of it."""
    return Reply(text=said, private=True) if sitting is None else await _asked(ctx, sitting, said)


def _over(sitting: Sitting) -> str:
    missed = f"; {plural(sitting.missed, 'miss', 'misses')} on the way" if sitting.missed else ""
    return f"That was all: {plural(sitting.done, 'question')} known{missed}."


def _sharing(ctx: Context, item: Item, mine: Answer) -> str:
    if not mine.shared:
        return (
            f"Only you see yours; {code(f'{ctx.prefix}share {item.number}')} shows it to those who have answered."
        )
    votes = f" {plural(mine.votes, 'vote')} so far." if mine.votes else ""
    return (
        f"Yours is shared, as answer **{mine.number}**.{votes}{' It is the group’s answer.' if mine.good else ''}"
    )


def _counted(item: Item, graded: Graded, now: datetime) -> str:
    if graded.why == "unseen":
        return f"Answer question {item.number} first, then grade it: nothing was counted."
    if graded.why == "cram":
        return "Noted for this round alone."
    if graded.due is None:
        return "That question was counted today already, once; it stays as it was."
    days = max(1, (graded.due - now).days)
    return f"Counted. It comes back in {plural(days, 'day')}."


async def _one(ctx: Context, typed: str) -> Item:
    """The question of that number; of none the one that their quiz is at."""
    if typed.strip():
        return await named(ctx.quiz, ctx.prefix, typed, ctx.now)
    return (await meant(ctx.quiz, ctx.person, ctx.prefix, "", ctx.now))[0]


def _unhidden(said: str) -> str:
    """The answer without what hides it; one that begins with a spoiler ends on the line where that ends."""
    hidden = _HIDDEN.match(said)
    if hidden:
        said = f"{hidden[1] or hidden[2] or ''}{hidden[3]}"
    return _SPOILER.sub(" ", said).strip()


def _link(ctx: Context, item: Item, said: str) -> str:
    try:
        page, note = addresses.first(said)
    except ValueError as problem:
        again = code(f"{ctx.prefix}answer {item.number} https://…")
        raise UserError(f"A task is ticked with a link to what you made: {again}") from problem
    return line(f"{page.text} {note}", LONGEST, "note")

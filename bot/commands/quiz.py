"""The questionnaire for oneself: a few questions, each answered before it is looked up, then graded."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from bot import addresses
from bot.asking import MOST, chapters, grades, head, how, named, offers, told
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.notes import line
from bot.questionnaire import GRADES, LONGEST, Answer, Grade, Graded, Item, Mode, Sitting, worded
from bot.values import Choice, Reply, code, escape, plural

GROUP = "the questionnaire"
COUNT = 5
"""Questions of a quiz, unless somebody wants another number."""
OTHERS = 5
"""Answers of other members below one's own."""
_SPOILER = re.compile(r"\[/?spoiler\]|\|\|", re.I)
"""What hides an answer from others in a thread."""
Chapters = Annotated[str, Arg(help="a chapter, such as 8; else those the group has come to")]
Count = Annotated[int, Arg(help="how many questions", low=1, high=MOST)]
Number = Annotated[str, Arg(help="a question's number, such as 1")]


@command("quiz", group=GROUP, examples=("quiz", "quiz 8", "quiz 13 count=3"))
async def quiz(ctx: Context, chapter: Chapters = "", *, count: Count = COUNT) -> Reply:
    """Ask you a few questions: what is due first, then what is new to you. Only you see them.

    You answer from memory, see an answer, and say how well you knew it. By that each question comes back to you
    just before you would forget it. What you missed comes once more at the end. A quiz that you leave waits for
    you: the command goes on with it, also after days, and on another platform if you have joined your accounts.
    """
    sitting = await ctx.quiz.sitting(ctx.person)
    if not chapter.strip() and sitting and sitting.item and sitting.mode == "quiz":
        return _asked(ctx, sitting, "You are in the middle of this one.")
    found, many = await chapters(ctx.quiz, chapter, ctx.now)
    return await _begin(ctx, "quiz", found, many or count)


@command("due", group=GROUP, examples=("due",))
async def due(
    ctx: Context, chapter: Annotated[str, Arg(help="a chapter, such as 8; else all")] = "", *, count: Count = MOST
) -> Reply:
    """Ask you what is due today, and nothing new."""
    found, many = await chapters(ctx.quiz, chapter, ctx.now) if chapter.strip() else ((), 0)
    return await _begin(ctx, "due", found, many or count)


@command("cram", group=GROUP, examples=("cram", "cram 8"))
async def cram(ctx: Context, chapter: Chapters = "", *, count: Count = COUNT) -> Reply:
    """Ask you before it is due, what you know the least first; when it comes back stays as it is."""
    found, many = await chapters(ctx.quiz, chapter, ctx.now)
    return await _begin(ctx, "cram", found, many or count)


@command("answer", group=GROUP, examples=("answer 1", "answer 1 Who gave which film how many stars, and no more"))
async def answer(
    ctx: Context, text: Annotated[str, Arg(help="the question's number, then your answer", long=True)]
) -> Reply:
    """Answer a question, and see what others found.

    Nobody else sees your answer unless you share it. Answered again, the newer answer counts. A task asks for a
    link to what you made.
    """
    number, said = _numbered(_SPOILER.sub(" ", text))
    item = await named(ctx.quiz, ctx.prefix, number, ctx.now)
    if not said:
        return Reply(
            text=f"{head(item)}\n\n{how(ctx.prefix, item)}", choices=offers(ctx.prefix, item), private=True
        )
    kept = _link(ctx, item, said) if item.kind == "task" else line(said, LONGEST, "answer")
    await ctx.quiz.answer(ctx.person, item, kept, ctx.now)
    return await _shown(ctx, item)


@command("reveal", group=GROUP, examples=("reveal 1",))
async def reveal(ctx: Context, number: Number) -> Reply:
    """Show the answers to a question that you don't know."""
    item = await named(ctx.quiz, ctx.prefix, number, ctx.now)
    await ctx.quiz.answer(ctx.person, item, "", ctx.now)
    return await _shown(ctx, item)


@command("grade", group=GROUP, examples=("grade 1 good",))
async def grade(
    ctx: Context, how: Annotated[str, Arg(help="the question's number and how well: 1 good")]
) -> Reply:
    """Say how well you knew an answer: again, hard, good or easy.

    `again` is for what you did not know. It counts once a day for each question.
    """
    number, word = _numbered(how)
    found: list[Grade] = [each for each in GRADES if word and each.startswith(word.casefold())]
    if len(found) != 1:
        raise UserError(
            f"How well did you know it? Write {' or '.join(code(f'{number} {each}') for each in GRADES)}."
        )
    item = await named(ctx.quiz, ctx.prefix, number, ctx.now)
    graded = await ctx.quiz.grade(ctx.person, item, found[0], ctx.now)
    return _next(ctx, graded.sitting, _counted(item, graded, ctx.now))


@command("later", group=GROUP, examples=("later 1",))
async def later(ctx: Context, number: Number) -> Reply:
    """Leave a question out for now; it counts neither way."""
    item = await named(ctx.quiz, ctx.prefix, number, ctx.now)
    left = await ctx.quiz.later(ctx.person, item)
    return _next(ctx, left, "Left out, and nothing counted." if left else "No quiz of yours is at that question.")


@command("stop", group=GROUP, examples=("stop",))
async def stop(ctx: Context) -> Reply:
    """Break a quiz off; what you graded so far is kept."""
    stopped = await ctx.quiz.stop(ctx.person)
    said = "Stopped. What you graded so far is kept." if stopped else "You are at no quiz."
    return Reply(text=f"{said} {code(ctx.prefix + 'quiz')} begins one.", private=True)


async def _shown(ctx: Context, item: Item) -> Reply:
    """A question that somebody has answered: theirs, ours, the group's and what others share."""
    answers = await ctx.quiz.answers(ctx.person, item)
    mine = next((each for each in answers if each.mine and each.text), None)
    others = [each for each in answers if not each.mine][:OTHERS]
    parts = [
        head(item),
        _own(item, mine) if mine else "",
        f"**An answer:** {worded(item.answer)}" if item.answer else "",
        f"{code(ctx.prefix + item.show)} shows it." if item.show else "",
        _others(ctx, item, others),
        _sharing(ctx, item, mine) if mine else "",
        "How well did you know it?" if item.kind == "recall" else "",
    ]
    choices = [*grades(ctx.prefix, item)]
    if item.show:
        choices.append(Choice(label="show it", command=ctx.prefix + item.show))
    elif mine and not mine.shared:
        choices.append(Choice(label="share my answer", command=f"{ctx.prefix}share {item.number}"))
    return Reply(text="\n\n".join(filter(None, parts)), choices=tuple(choices), private=True)


def _own(item: Item, mine: Answer) -> str:
    return f"{'☑ **Your link:**' if item.kind == 'task' else '**You:**'} {escape(mine.text)}"


def _others(ctx: Context, item: Item, others: Sequence[Answer]) -> str:
    if others:
        good = code(f"{ctx.prefix}good {others[0].number}")
        lines = "\n".join(f"- {told(each)}" for each in others)
        return f"{lines}\n\n{good} says that you find that answer good."
    if item.answer or item.kind == "task":
        return ""
    return "Nobody has shared an answer yet: the chapter has it."


def _question(ctx: Context, item: Item, *, place: str = "", before: str = "") -> Reply:
    """A question that waits for an answer."""
    said = [before, head(item, place), how(ctx.prefix, item)]
    return Reply(text="\n\n".join(filter(None, said)), choices=offers(ctx.prefix, item), private=True)


async def _begin(ctx: Context, mode: Mode, chapters: Sequence[int], count: int) -> Reply:
    sitting = await ctx.quiz.begin(ctx.person, mode, chapters, count, ctx.now)
    if sitting is not None:
        return _asked(ctx, sitting)
    if mode == "due":
        return Reply(
            text=f"Nothing is due today. {code(ctx.prefix + 'quiz')} asks you something new.",
            choices=(Choice(label="something new", command=ctx.prefix + "quiz"),),
            private=True,
        )
    return Reply(text="There is nothing to ask yet: the host imports the questions.", private=True)


def _asked(ctx: Context, sitting: Sitting, before: str = "") -> Reply:
    """The current question of a quiz."""
    if sitting.item is None:
        return Reply(text="\n\n".join(filter(None, [before, _over(sitting)])), private=True)
    place = f"{sitting.done + 1} of {sitting.done + sitting.left}"
    reply = _question(ctx, sitting.item, place=place, before=before)
    skip = Choice(label="skip", command=f"{ctx.prefix}later {sitting.item.number}")
    end = Choice(label="stop", command=f"{ctx.prefix}stop")
    return Reply(text=reply.text, choices=(*reply.choices, skip, end), private=True)


def _next(ctx: Context, sitting: Sitting | None, said: str) -> Reply:
    """What follows in a quiz; only what was said where the question was none of it."""
    return Reply(text=said, private=True) if sitting is None else _asked(ctx, sitting, said)


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


def _numbered(text: str) -> tuple[str, str]:
    """`57 some text` → 57 and the text."""
    number, _, rest = text.strip().partition(" ")
    return number, rest.strip()


def _link(ctx: Context, item: Item, said: str) -> str:
    try:
        page, note = addresses.first(said)
    except ValueError as problem:
        again = code(f"{ctx.prefix}answer {item.number} https://…")
        raise UserError(f"A task is ticked with a link to what you made: {again}") from problem
    return line(f"{page.text} {note}", LONGEST, "note")

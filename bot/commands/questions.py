"""For those who run the group: what it is asked, whose answers count, and how the questions went."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from bot.actions import QUESTIONNAIRE, chosen
from bot.asking import chapters, head, named, number, offers, ticks, to_all, told
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.notes import line, spans
from bot.questionnaire import LEAST_PEOPLE, LONGEST, Counted, Kept, Kind
from bot.values import Image, Reply, Table, code, escape, plural

HARDEST = 8
"""Questions in the list, and in the picture."""
MOST_ROWS, MOST_BROKEN = 25, 10
"""Chapters, and files that could not be read, of which an import tells."""
NOTHING = "0 questions; import the full notebook"
ANSWERED = "=>"
"""Stands between a question and its answer."""
_KINDS: Mapping[str, Kind] = {"recall": "recall", "task": "task"}


@command(
    "questionnaire",
    group="for admins",
    admin=True,
    examples=(
        "questionnaire",
        "questionnaire post ch8",
        "questionnaire skip 2",
        "questionnaire add 8 Why subtract the mean first? => Then zero is the average taste.",
    ),
)
async def questionnaire(
    ctx: Context,
    action: Annotated[str, Arg(help="what to do, then with which", actions=QUESTIONNAIRE, long=True)] = "",
) -> Reply:
    """Say what the group is asked, mark good answers, and see how the questions went.

    `questionnaire post` asks one here and now, of a chapter or by its number; `skip 57` never asks it again,
    `ask 57` does. `accept 12` marks a shared answer as the group's. `pause` and `resume` are for the group's
    questions, not for anybody's own quiz. `add 8 Why …? => Because …` adds a question, `kind 12 task` makes one
    a task, and `kind 12 recall` no longer. One that asks several things is split by adding its parts and skipping
    it. `import` reads the file on your message: a notebook, Markdown, CSV, Anki's text, or a zip of them.
    """
    word, _, rest = action.strip().partition(" ")
    return await _DOES[chosen("questionnaire", word, QUESTIONNAIRE)](ctx, rest.strip())


async def _show(ctx: Context, _rest: str) -> Reply:
    await ctx.quiz.covered(ctx.now)
    counted, people = await ctx.quiz.counted(), await ctx.quiz.people()
    there = await ctx.quiz.chapters()
    asked = {chapter: sum(each.item.chapter == chapter for each in counted) for chapter in there}
    rows = tuple(
        (
            chapter or "other",
            sum(kinds.values()),
            asked[chapter] or "",
            people.get(chapter, f"below {LEAST_PEOPLE}"),
        )
        for chapter, kinds in there.items()
    )
    paused = f" They are paused: {code(ctx.prefix + 'questionnaire resume')}." if await ctx.quiz.paused() else ""
    hardest = sorted((each for each in counted if each.missed), key=lambda each: (-_share(each), -each.people))
    listed = "\n".join(
        f"- {_share(each):.0%} of {each.people}: **{each.item.number}** {escape(_short(each.item.text))}"
        for each in hardest[:HARDEST]
    )
    said = [
        f"**The questionnaire.** Nothing is told of fewer than {LEAST_PEOPLE} people, and never a name.{paused}",
        f"Missed by the most:\n\n{listed}" if listed else "",
    ]
    return Reply(
        text="\n\n".join(filter(None, said)),
        table=Table(columns=("chapter", "questions", "answered by enough", "people"), rows=rows),
        images=(*((_coverage(people),) if people else ()), *((_picture(hardest[:HARDEST]),) if hardest else ())),
        private=True,
    )


def _coverage(people: Mapping[int, int]) -> Image:
    labels = [f"chapter {chapter}" if chapter else "other" for chapter in people]
    return Image(
        plot="bars",
        data={
            "title": "Who has answered anything",
            "labels": labels[:MOST_ROWS],
            "values": list(people.values())[:MOST_ROWS],
            "value_label": f"people, in chapters with {LEAST_PEOPLE} or more",
        },
        alt="People who have answered anything, by chapter: "
        + ", ".join(f"{label} {count}" for label, count in zip(labels, people.values(), strict=True))
        + ".",
    )


def _picture(hardest: Sequence[Counted]) -> Image:
    labels = [f"{each.item.number} · {_short(each.item.text)}" for each in hardest]
    return Image(
        plot="bars",
        data={
            "title": "The hardest questions",
            "labels": labels,
            "values": [round(_share(each), 2) for each in hardest],
            "value_label": "share of those who answered that ever missed it",
            "notes": [plural(each.people, "person", "people") for each in hardest],
        },
        alt="The hardest questions, by the share of people who ever missed them: "
        + "; ".join(f"{label} {_share(each):.0%}" for label, each in zip(labels, hardest, strict=True))
        + ".",
    )


def _share(counted: Counted) -> float:
    return counted.missed / counted.people


def _short(text: str) -> str:
    flat = " ".join(text.replace("`", "").split())
    return flat if len(flat) <= 90 else f"{flat[:89].rstrip()}…"


async def _post(ctx: Context, which: str) -> Reply:
    one = await named(ctx.quiz, ctx.prefix, which, ctx.now) if number(which) is not None else None
    meant = () if one else (await chapters(ctx.quiz, which, ctx.now))[0]
    item = await ctx.quiz.post(one, meant, ctx.now)
    if item is None:
        raise UserError(
            f"There is nothing to ask just now that is not one chapter three times running: "
            f"{code(ctx.prefix + 'questionnaire post 57')} asks a question by its number."
        )
    return Reply(text=to_all(ctx.prefix, item), choices=offers(ctx.prefix, item), poll=ticks(item))


async def _skip(ctx: Context, which: str) -> Reply:
    return await _leave_out(ctx, which, out=True)


async def _ask(ctx: Context, which: str) -> Reply:
    return await _leave_out(ctx, which, out=False)


async def _leave_out(ctx: Context, which: str, *, out: bool) -> Reply:
    item = await named(ctx.quiz, ctx.prefix, which, ctx.now)
    await ctx.quiz.leave_out(item, out=out)
    undo = code(f"{ctx.prefix}questionnaire {'ask' if out else 'skip'} {item.number}")
    done = "is asked no more" if out else "is asked again"
    return Reply(text=f"{head(item)}\n\nThat {done}. {undo} takes it back.", private=True)


async def _accept(ctx: Context, which: str) -> Reply:
    return await _mark(ctx, which, chosen=True)


async def _reject(ctx: Context, which: str) -> Reply:
    return await _mark(ctx, which, chosen=False)


async def _mark(ctx: Context, which: str, *, chosen: bool) -> Reply:
    meant = number(which)
    answer = await ctx.quiz.accept(meant, chosen=chosen) if meant is not None else None
    if answer is None:
        raise UserError(f"Nobody shares an answer {code(which[:20] or '?')}: its number stands before it.")
    item = await ctx.quiz.item(answer.item)
    question = f"{head(item)}\n\n" if item else ""
    done = "That is the group’s answer now." if chosen else "The mark is taken away."
    return Reply(text=f"{question}{told(answer)}\n\n{done}", private=True)


async def _pause(ctx: Context, _rest: str) -> Reply:
    new = await ctx.quiz.pause(paused=True, now=ctx.now)
    said = "No questions are put to the group from now on" if new else "They were paused already"
    return Reply(text=f"{said}: {code(ctx.prefix + 'questionnaire resume')} goes on.", private=True)


async def _resume(ctx: Context, _rest: str) -> Reply:
    new = await ctx.quiz.pause(paused=False, now=ctx.now)
    return Reply(text="The group is asked again." if new else "They were not paused.", private=True)


async def _add(ctx: Context, rest: str) -> Reply:
    typed, _, question = rest.partition(" ")
    chapter = number(typed.casefold().removeprefix("ch"))
    text, _, answer = question.partition(ANSWERED)
    if chapter is None or chapter > 999 or not text.strip():
        example = code(f"{ctx.prefix}questionnaire add 8 Why a bias? {ANSWERED} Some films please everybody.")
        raise UserError(f"The chapter's number first, then the question, and its answer if you like: {example}")
    item, new = await ctx.quiz.add(
        chapter, line(text, LONGEST, "question"), answer and line(answer, LONGEST, "answer"), ctx.now
    )
    answered = " That is its answer now." if answer.strip() else ""
    said = "Kept, to be asked like any other." if new else f"It was there already.{answered}"
    return Reply(text=f"{head(item)}\n\n{said}", private=True)


async def _kind(ctx: Context, rest: str) -> Reply:
    which, _, word = rest.partition(" ")
    kind = _KINDS.get(word.strip().casefold())
    if kind is None:
        example = code(f"{ctx.prefix}questionnaire kind {number(which) or 12} task")
        raise UserError(f"The question's number first, then `recall` or `task`: {example}")
    item = await named(ctx.quiz, ctx.prefix, which, ctx.now)
    await ctx.quiz.set_kind(item, kind)
    done = "is a task now: it is ticked off with a link" if kind == "task" else "is one to recall now"
    return Reply(text=f"{head(replace(item, kind=kind))}\n\nThat {done}.", private=True)


async def _import(ctx: Context, _rest: str) -> Reply:
    if ctx.file is None:
        kinds = "a notebook, Markdown, CSV, Anki’s text, or a zip of them"
        raise UserError(
            f"There is no file on this message that I can read: {kinds}. Where none can be attached, whoever runs "
            "me types `python -m bot questions import PATH`."
        )
    return Reply(text=summary(await ctx.quiz.take(ctx.file.name, ctx.file.data, ctx.now)), private=True)


def summary(kept: Sequence[Kept]) -> str:
    """What an import found, a line for each chapter to compare with the book, and what it changed."""
    found = [each for each in kept if each.sheet.drafts]
    whole = [each for each in kept if not each.sheet.trouble]
    lines = [f"- {escape(each.sheet.summary)}{_changes(each)}" for each in whole[:MOST_ROWS]]
    more = [f"- and {plural(len(whole) - MOST_ROWS, 'chapter')} more"] if len(whole) > MOST_ROWS else []
    total, new = sum(len(each.sheet.drafts) for each in kept), sum(each.new for each in kept)
    where = f" in {plural(len(found), 'chapter')} ({spans(each.sheet.chapter for each in found)})" if found else ""
    counted = f"{plural(total, 'question')}{where}, {new:,} new" if total else NOTHING
    return "\n".join([f"**{counted}**\n", *lines, *more, *_broken(kept)])


def _broken(kept: Sequence[Kept]) -> list[str]:
    """The files of which nothing came."""
    said = [each.sheet.trouble for each in kept if each.sheet.trouble]
    lines = [f"- {each}" for each in said[:MOST_BROKEN]]
    more = [f"- and {len(said) - MOST_BROKEN:,} more"] if len(said) > MOST_BROKEN else []
    return [f"\n**{plural(len(said), 'file')} left out**\n", *lines, *more] if said else []


def _changes(kept: Kept) -> str:
    told = {"new": kept.new, "renumbered": kept.renumbered, "no longer there": kept.gone}
    said = ", ".join(f"{count} {what}" for what, count in told.items() if count)
    return f": {said}" if said else ""


_DOES: dict[str, Callable[[Context, str], Awaitable[Reply]]] = {
    "show": _show,
    "post": _post,
    "skip": _skip,
    "ask": _ask,
    "accept": _accept,
    "reject": _reject,
    "pause": _pause,
    "resume": _resume,
    "add": _add,
    "kind": _kind,
    "import": _import,
}

"""The questionnaire beyond a quiz: what is shared, what was made, where one stands, and when to be reminded."""

import csv
import re
from collections.abc import Sequence
from datetime import time
from io import StringIO
from typing import Annotated, Literal

from bot.asking import LINK, chapters, named
from bot.asking import number as numbered
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.questionnaire import Daily, Item, worded
from bot.values import Choice, Reply, Table, TextFile, clean, code, escape, plural

GROUP = "the questionnaire"
MOST_TASKS = 10
MOST_CARDS = 1_000
"""Of one export: twice what a book asks, and still a file that every platform takes."""
BUTTONS = 5

Chapters = Annotated[str, Arg(help="a chapter, such as 8; else those the group has come to")]
Number = Annotated[str, Arg(help="a question's number, such as 1")]
Undo = Annotated[bool, Arg(help="take it back")]


@command("share", group=GROUP, examples=("share 1",))
async def share(ctx: Context, number: Number, *, undo: Undo = False) -> Reply:
    """Show your answer, with your name, to those who have answered the question too."""
    item = await named(ctx.quiz, ctx.prefix, number, ctx.now)
    if not await ctx.quiz.share(ctx.person, item, shared=not undo):
        write = code(f"{ctx.prefix}answer {item.number} …")
        return Reply(text=f"There is no answer of yours to share yet: {write} writes one.", private=True)
    if undo:
        return Reply(text="Nobody but you sees your answer any more.", private=True)
    mine = next(each for each in await ctx.quiz.answers(ctx.person, item) if each.mine)
    return Reply(
        text=f"Shared, as answer **{mine.number}**: whoever answers question {item.number} sees it from now on. "
        f"{code(f'{ctx.prefix}share {item.number} undo')} takes it back.",
        private=True,
    )


@command("good", group=GROUP, examples=("good 1",))
async def good(ctx: Context, number: Annotated[str, Arg(help="an answer's number, such as 1")]) -> Reply:
    """Say that you find a shared answer good; two such votes make it the group's answer."""
    meant = numbered(number)
    found = await ctx.quiz.good(ctx.person, meant) if meant is not None else None
    if found is None:
        return Reply(
            text=f"Nobody shares an answer {code(number[:20])}: its number stands before it.", private=True
        )
    if found.mine:
        return Reply(text="That one is yours: others say whether it is good.", private=True)
    groups = " It is the group’s answer." if found.good else ""
    return Reply(text=f"Counted: {plural(found.votes, 'vote')} for that answer.{groups}", private=True)


@command("tasks", group=GROUP, examples=("tasks", "tasks 13"))
async def tasks(ctx: Context, chapter: Chapters = "") -> Reply:
    """List what there is to make, and tick it off with a link."""
    meant, _ = await chapters(ctx.quiz, chapter, ctx.now)
    every = await ctx.quiz.tasks(ctx.person, meant)
    if not every:
        return Reply(text="There is nothing to make in these chapters.", private=True)
    lines = [
        f"- {'☑' if done else '☐'} **{item.number}** · chapter {item.chapter}: {_flat(item)}"
        for item, done in every[:MOST_TASKS]
    ]
    more = len(every) - MOST_TASKS
    rest = [f"\nand {more} more: {code(ctx.prefix + 'tasks 8')} lists those of one chapter."] if more > 0 else []
    open_ones = [item for item, done in every[:MOST_TASKS] if not done]
    choices = (
        Choice(
            label=f"{item.number} is done",
            command=f"{ctx.prefix}answer {item.number}",
            ask=LINK,
        )
        for item in open_ones[:BUTTONS]
    )
    head = f"**{sum(done for _, done in every)} of {plural(len(every), 'task')} done**\n"
    return Reply(text="\n".join([head, *lines, *rest]), choices=tuple(choices), private=True)


@command("progress", group=GROUP, examples=("progress",))
async def progress(ctx: Context) -> Reply:
    """Show where you stand, chapter by chapter; nobody else sees it."""
    standing = [each for each in await ctx.quiz.progress(ctx.person, ctx.now) if each.questions or each.tasks]
    due = await ctx.quiz.due(ctx.person, ctx.now)
    rows = tuple(
        (
            each.chapter or "other",
            f"{each.seen} of {each.questions}",
            f"{round(each.known)} of {each.seen}",
            each.due,
            f"{each.done} of {each.tasks}",
        )
        for each in standing
    )
    daily = await ctx.quiz.daily(ctx.person)
    said = f" {_daily(ctx, daily)}" if daily else ""
    return Reply(
        text=f"**{plural(due, 'question')} due today.** Known: how many you would recall just now, by expectation."
        f"{said}",
        table=Table(columns=("chapter", "asked", "known", "due", "tasks"), rows=rows),
        choices=(Choice(label="what is due", command=f"{ctx.prefix}due"),),
        private=True,
    )


@command("deck", group=GROUP, examples=("deck", "deck 8 form=csv"))
async def deck(
    ctx: Context,
    chapter: Annotated[str, Arg(help="a chapter, such as 8; else all")] = "",
    *,
    form: Annotated[Literal["anki", "csv"], Arg(help="Anki's text, with tabs, or a table with commas")] = "anki",
) -> Reply:
    """Give you a file of what you have been asked, with the answers, as cards for Anki or a table.

    For yourself: the questions of a book are its author's, and are not passed on.
    """
    meant = (await chapters(ctx.quiz, chapter, ctx.now))[0] if chapter.strip() else ()
    cards = await ctx.quiz.deck(ctx.person, meant)
    if not cards:
        return Reply(text=f"You were asked nothing yet: {code(ctx.prefix + 'quiz')} begins.", private=True)
    told = cards[:MOST_CARDS]
    file = (
        TextFile(name="deck.csv", text=_csv(told))
        if form == "csv"
        else TextFile(name="deck.txt", text=_anki(told))
    )
    more = len(cards) - len(told)
    rest = f"; {more} more, chapter by chapter: {code(ctx.prefix + 'deck 8')}" if more else ""
    program = "a spreadsheet opens it" if form == "csv" else "Anki imports it"
    return Reply(
        text=f"**{plural(len(told), 'card')}**{rest}, as {code(file.name)}: {program}.", file=file, private=True
    )


@command("daily", group=GROUP, examples=("daily", "daily 8:00 zone=Europe/Berlin", "daily off"))
async def daily(
    ctx: Context,
    at: Annotated[str, Arg(help="when, by your clock, such as 8:00; or off")] = "",
    *,
    zone: Annotated[str, Arg(help="whose clocks, such as Europe/Berlin; else the group's")] = "",
) -> Reply:
    """Remind you once a day, at your time, where something is due; never twice, and never for nothing.

    It comes to you alone. After seven that you left unanswered I pause, until you ask for it again.
    """
    before = await ctx.quiz.daily(ctx.person)
    word = at.strip().casefold()
    if word == "off":
        await ctx.quiz.remind(ctx.person, None, ctx.now)
        return Reply(text="No reminders from now on." if before else "There was no reminder.", private=True)
    if not word and not zone:
        said = (
            _daily(ctx, before) if before else f"No reminder is set. {code(ctx.prefix + 'daily 8:00')} sets one."
        )
        return Reply(text=said, private=True)
    clock = _clock(word) if word else before.clock if before else time(8)
    theirs = before.zone if before else ctx.steering.zone
    wanted = Daily(clock=clock, zone=zone.strip() or theirs, paused=False)
    await ctx.quiz.remind(ctx.person, wanted, ctx.now)
    return Reply(text=_daily(ctx, wanted), private=True)


@command("join", group=GROUP, examples=("join",))
async def join(
    ctx: Context, with_code: Annotated[str, Arg(help="the code that your other account got")] = ""
) -> Reply:
    """Make your accounts on two platforms one: get a code on one, type it on the other.

    What both have learned is kept; of two memories of one question the more practised stays.
    """
    typed = with_code.strip()
    if not typed:
        made = await ctx.quiz.code(ctx.person, ctx.now)
        return Reply(
            text=f"On your other account, within ten minutes, in a message to me alone: "
            f"{code(f'{ctx.prefix}join {made}')}. Whoever types it becomes one with you: show it to nobody.",
            private=True,
        )
    if await ctx.quiz.join(ctx.person, typed, ctx.now):
        return Reply(
            text=f"Joined: a quiz goes on here where you left it. {code(ctx.prefix + 'progress')} shows all.",
            private=True,
        )
    raise UserError(f"That code does not hold: {code(ctx.prefix + 'join')} on your other account gives a new one.")


def _daily(ctx: Context, daily: Daily) -> str:
    if daily.paused:
        again = code(f"{ctx.prefix}daily {daily.clock:%H:%M}")
        return f"Your reminder is paused, for seven went unanswered: {again} takes it up again."
    return (
        f"Your reminder: {daily.clock:%H:%M} by the clocks of {escape(daily.zone)}, where something is due. "
        f"{code(ctx.prefix + 'daily off')} ends it."
    )


def _clock(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?", text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if found and found[3]:
        hour = hour % 12 + 12 * (found[3] == "pm") if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise UserError(f"{code(text[:20])} is no time of the day: write it like `8:00` or `20:30`, or `off`.")
    return time(hour, minute)


def _flat(item: Item) -> str:
    return " ".join(worded(item.text).split())


def _anki(cards: Sequence[tuple[Item, str]]) -> str:
    """Front, back and tags between tabs; HTML is off, so that what looks like a tag stays a text."""
    head = "#separator:tab\n#html:false\n#tags column:3\n"
    return head + "".join(
        f"{_field(item.text)}\t{_field(answer)}\tstudy-group ch{item.chapter}\n" for item, answer in cards
    )


def _field(text: str) -> str:
    flat = " ".join(clean(text).split())
    return '"' + flat.replace('"', '""') + '"' if flat.startswith(('"', "#")) else flat


def _csv(cards: Sequence[tuple[Item, str]]) -> str:
    made = StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(["question", "answer", "chapter", "kind"])
    for item, answer in cards:
        writer.writerow([clean(item.text), clean(answer), item.chapter, item.kind])
    return made.getvalue()

"""The running week: homework, where the session is just now, and the vote on when to catch up."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.notes import Between, Session, Slot, line, number, spans
from bot.values import Choice, Reply, code, escape, moment, plural

MAX_SECTION = 200  # a section's name, not its text
BUTTONS = 5  # one row on Discord

Undo = Annotated[bool, Arg(help="take it back")]


@command("homework", group="the week", examples=("homework",))
async def homework(ctx: Context) -> Reply:
    """List the week's homework, and how many have done each item."""
    session = await _session(ctx)
    if not session.homework:
        return Reply(text=_no_homework(session))
    counts = await ctx.notebook.homework.counts(ctx.place, session.key)
    items = (
        f"{place}. {escape(item)} — done by {counts.get(place, 0)}"
        for place, item in enumerate(session.homework, start=1)
    )
    return Reply(
        text="\n".join([f"**Homework for {escape(session.title)}**\n", *items, f"\n{_ticks(ctx)}"]),
        choices=tuple(
            Choice(label=f"{place} done", command=f"{ctx.prefix}done {place}")
            for place in range(1, min(len(session.homework), BUTTONS) + 1)
        ),
    )


@command("done", group="the week", examples=("done 1", "done 1 undo"))
async def done(
    ctx: Context,
    item: Annotated[int, Arg(help="a homework item's number, such as 2", read=number)],
    *,
    undo: Undo = False,
) -> Reply:
    """Tick an item of the homework; the group sees how many, not who."""
    session = await _session(ctx)
    if not session.homework:
        return Reply(text=_no_homework(session), private=True)
    if item > len(session.homework):
        raise UserError(f"There is no item {item}. The homework has {spans(range(1, len(session.homework) + 1))}.")
    if undo:
        changed = await ctx.notebook.homework.untick(ctx.place, session.key, ctx.person, item)
        said = "taken back" if changed else "was not ticked"
    else:
        changed = await ctx.notebook.homework.tick(ctx.place, session.key, ctx.person, item, ctx.now)
        said = "ticked" if changed else "was ticked already"
    ticks = await ctx.notebook.homework.mine(ctx.place, session.key, ctx.person)
    mine = [each for each in ticks if each <= len(session.homework)]
    so_far = f"You have done {len(mine)} of {len(session.homework)}" + (f": {spans(mine)}." if mine else ".")
    return Reply(text=f"Item {item}, {escape(session.homework[item - 1])}: {said}. {so_far}", private=True)


@command("now", group="the week", examples=("now",))
async def now(
    ctx: Context, section: Annotated[str, Arg(help="the section the session is at", admin=True)] = ""
) -> Reply:
    """Say where the session is just now, for those who come late."""
    session, text = await _session(ctx), line(section, MAX_SECTION, "section")
    if text:
        if not ctx.person.is_admin:
            raise UserError(
                f"Moving the mark is for the group's admins; {code(ctx.prefix + 'now')} alone shows it."
            )
        await ctx.notebook.marks.put(ctx.place, session.key, text, ctx.now)
        return Reply(text=f"We are at **{escape(text)}**, from now on.")
    mark = await ctx.notebook.marks.of(ctx.place, session.key)
    if mark is None:
        return Reply(
            text=f"Nobody has said yet where we are in {escape(session.title)}. An admin does with "
            f"{code(ctx.prefix + 'now the section')}."
        )
    return Reply(text=f"We are at **{escape(mark.text)}**, {_since(ctx.now, mark.at)}.")


@command("catchup", group="the week", examples=("catchup", "catchup 1"))
async def catchup(
    ctx: Context,
    slot: Annotated[int | None, Arg(help="the number of a slot that suits you, such as 2", read=number)] = None,
    *,
    undo: Undo = False,
    close: Annotated[bool, Arg(help="close the vote", admin=True)] = False,
) -> Reply:
    """Vote on when to catch up: name each slot that suits you.

    Every slot that suits you counts one. Two hours before the first slot the vote closes; the slot with the most
    votes wins, the earliest of them on a tie.
    """
    session = await _session(ctx)
    if not session.slots:
        return Reply(
            text=f"No catch-up is proposed for {escape(session.title)}. Its slots stand in the reading plan."
        )
    if close:
        return await _close(ctx, session)
    if slot is None:
        return await _poll(ctx, session)
    if slot > len(session.slots):
        raise UserError(f"There is no slot {slot}. There are {spans(range(1, len(session.slots) + 1))}.")
    starts = session.slots[slot - 1].starts
    if undo:
        result = await ctx.notebook.catchup.unvote(ctx.place, session.key, ctx.person, starts)
    else:
        result = await ctx.notebook.catchup.vote(ctx.place, session.key, ctx.person, starts, ctx.now)
    if result == "closed":
        poll = await ctx.notebook.catchup.of(ctx.place, session.key)
        raise UserError(f"The vote is closed. {_won(session, poll.winner)}")
    said = {
        "new": "suits you: counted",
        "again": "was counted for you already",
        "gone": "is taken back",
        "none": "had no vote of yours",
    }[result]
    return await _poll(ctx, session, f"Slot {slot} {said}.")


async def _poll(ctx: Context, session: Session, said: str = "") -> Reply:
    poll = await ctx.notebook.catchup.of(ctx.place, session.key)
    slots = "\n".join(
        f"{place}. {moment(slot.starts, slot.zone)} — {plural(poll.votes.get(slot.starts, 0), 'vote')}"
        for place, slot in enumerate(session.slots, start=1)
    )
    ask = f"Name each one that suits you, with {code(ctx.prefix + 'catchup 1')} for the first."
    choices = tuple(
        Choice(label=_label(slot), command=f"{ctx.prefix}catchup {place}")
        for place, slot in enumerate(session.slots[:BUTTONS], start=1)
    )
    head = f"**Catch-up on {escape(session.title)}**"
    if poll.closed:
        return Reply(text=f"{head}\n\n{slots}\n\nThe vote is closed. {_won(session, poll.winner)}")
    return Reply(text="\n\n".join(filter(None, [said, head, slots, ask])), choices=choices)


async def _close(ctx: Context, session: Session) -> Reply:
    if not ctx.person.is_admin:
        raise UserError("Closing the vote is for the group's admins.")
    starts = [slot.starts for slot in session.slots]
    winner, new = await ctx.notebook.catchup.close(ctx.place, session.key, starts, ctx.now)
    return Reply(
        text=f"The vote {'is' if new else 'was'} closed{'' if new else ' already'}. {_won(session, winner)}"
    )


def _won(session: Session, winner: datetime | None) -> str:
    if winner is None:
        return "Nobody had voted, so there is no catch-up this time."
    return f"We catch up on {moment(winner, session.slots[0].zone)}."


def _label(slot: Slot) -> str:
    """`Sat 28 Nov, 17:00 (Europe/Berlin)`: buttons show plain text."""
    local = slot.starts.astimezone(ZoneInfo(slot.zone))
    return f"{local:%a} {local.day} {local:%b, %H:%M} ({slot.zone})"


def _no_homework(session: Session) -> str:
    return f"There is no homework for {escape(session.title)}. It would stand in the reading plan."


def _ticks(ctx: Context) -> str:
    return f"{code(ctx.prefix + 'done 1')} ticks the first for you; the group sees how many, not who."


def _since(now: datetime, then: datetime) -> str:
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just reached"
    return f"for {plural(minutes, 'minute') if minutes < 120 else plural(minutes // 60, 'hour')} now"


async def _session(ctx: Context) -> Session:
    return await ctx.week.session(ctx.now) or Between()

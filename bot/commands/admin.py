"""For those who run the group: single sessions, reminders, the thread, and what is owed to each place."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.actions import DELIVERY, REMINDER, SESSION, THREAD, chosen
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.steering import NEXT, Coming, Delivery, Planned, from_now_on, near, nothing, said, table
from bot.values import Choice, Reply, Table, code, escape, moment, plural

GROUP = "for admins"
WEEKS = 6  # of the plan, below a change
MOST_ROWS = 10  # of each kind in the list of deliveries
HIGHEST = 10**12  # of what a database numbers
MAX_ERROR = 80  # characters of it in a table

TO_COME = ("owed", "leased")
OVER = ("done", "expired", "dropped")


@command(
    "session",
    group=GROUP,
    admin=True,
    examples=("session", "session move next to=Thu 19:00", "session skip next", "session cancel next"),
)
async def session(
    ctx: Context,
    action: Annotated[str, Arg(help="what to do, then with which day", actions=SESSION)] = "",
    *,
    to: Annotated[str, Arg(help="where a session is moved to, such as 10 Dec 19:00")] = "",
) -> Reply:
    """Move, skip, cancel or add one session.

    `session move 9 Dec to=10 Dec 19:00`, `session skip 2026-12-16`, `session add 12 Dec 2026 10:00`. Days are by
    the group's clocks; `next` is the next session's. Skipped or cancelled, a session gives its chapter to the
    next one; a cancelled one stays in calendars, crossed out. Added on such a day, it is held after all.
    """
    await ctx.steering.load()
    word, _, day = action.strip().partition(" ")
    word = chosen("session", word, SESSION)
    if word == "move":
        return await _move(ctx, day, to)
    if to:
        raise UserError(
            f"`to` is for moving a session: write {code(ctx.prefix + 'session move 9 Dec to=10 Dec 19:00')}."
        )
    if word == "add":
        return await _add(ctx, day)
    if word == "show":
        return await _show(ctx)
    return await _call_off(ctx, word, day)


@command(
    "reminder",
    group=GROUP,
    admin=True,
    examples=("reminder", "reminder off remind-week", "reminder set remind-day -26h"),
)
async def reminder(
    ctx: Context,
    action: Annotated[str, Arg(help="what to do, then the message, then when", actions=REMINDER)] = "",
) -> Reply:
    """Say when messages go out around a session, or turn one off.

    `-26h` is 26 hours before the start by the clock, `-7d` a week before by the calendar, `-6d 17:00` at five on
    the sixth day before; `+90min`, `+1d 10:00` and `+Sat 10:00` are after it.
    """
    await ctx.steering.load()
    word, _, rest = action.strip().partition(" ")
    word = chosen("reminder", word, REMINDER)
    kind, _, offset = rest.strip().partition(" ")
    known = {each.kind: each.offset for each in ctx.steering.reminders}
    if word == "show":
        rows = tuple((name, at or "off") for name, at in known.items())
        return Reply(
            text="**What I post around a session.** "
            f"{code(ctx.prefix + 'reminder set remind-day -26h')} moves one.{await _next(ctx)}",
            table=Table(columns=("message", "when, from the start"), rows=rows),
        )
    if kind.casefold() not in known:
        raise UserError(f"{_unknown(kind, 'message')} There are {', '.join(map(code, known))}.")
    kind = kind.casefold()
    if (word == "set") != bool(offset):
        example = f"reminder set {kind} -26h" if word == "set" else f"reminder off {kind}"
        raise UserError(f"{'When?' if word == 'set' else 'Off has no time.'} Write {code(ctx.prefix + example)}.")
    coming = await ctx.steering.remind(kind, offset or None, ctx.now)
    before, own = known[kind], [each for each in coming if each.kind == kind]
    done = f"{code(kind)} goes out {code(offset)} from the start." if offset else f"{code(kind)} is off."
    line = f"reminder set {kind} {before}" if before else f"reminder off {kind}"
    return Reply(
        text=f"{done}\n\n{from_now_on(ctx.steering, own or coming, ctx.now)}",
        choices=(Choice(label="as it was before", command=ctx.prefix + line),),
    )


@command("thread", group=GROUP, admin=True, examples=("thread",))
async def thread(ctx: Context, action: Annotated[str, Arg(help="what to do", actions=THREAD)] = "") -> Reply:
    """Open the week's thread now, pin it, or close it by unpinning it.

    It opens by itself at its time; opened early, it is not opened again.
    """
    await ctx.steering.load()
    word = chosen("thread", action.strip(), THREAD)
    if word in ("pin", "close"):
        pinned = await ctx.steering.thread.pin(pinned=word == "pin", now=ctx.now)
        places = " and ".join(map(code, pinned.places))
        done = "pinned" if word == "pin" else "closed: it is no longer pinned"
        return Reply(text=f"The thread of {escape(pinned.title)} is {done}, in {places}.{await _next(ctx)}")
    current = ctx.steering.current(ctx.now)
    if current is None:
        return Reply(text=nothing(ctx.steering, ctx.prefix))
    opened = await (ctx.steering.thread.open if word == "open" else ctx.steering.thread.openings)(ctx.now)
    lines = [f"- {code(each.place)}: {_opening(ctx, each)}" for each in opened]
    head = f"**The thread of {escape(current.title)}**"
    return Reply(text="\n".join([f"{head}\n", *(lines or ["It is not planned yet."])]) + await _next(ctx))


@command("delivery", group=GROUP, admin=True, examples=("delivery", "delivery list state=done"))
async def delivery(
    ctx: Context,
    action: Annotated[str, Arg(help="what to do, then with which", actions=DELIVERY)] = "",
    *,
    state: Annotated[
        Literal["all", "owed", "dead", "done", "expired", "withdrawn", "dropped"], Arg(help="list those alone")
    ] = "all",
) -> Reply:
    """List what is owed to each place and what became of it; retry or drop one.

    `delivery retry 3` sends again what has failed or was dropped, `delivery drop 3` does not send it,
    `delivery resume web:main` goes on with a place that had refused us. The list has the numbers.
    """
    await ctx.steering.load()
    word, _, which = action.strip().partition(" ")
    word = chosen("delivery", word, DELIVERY)
    if word == "list":
        return await _list(ctx, state)
    if not which:
        raise UserError(f"Which one? Write {code(ctx.prefix + 'delivery ' + word)} and {_wanted(word)}.")
    if word == "resume":
        await ctx.steering.deliveries.resume(which)
        done = f"{code(which)} gets what it is owed again."
    elif word == "retry":
        tried = await ctx.steering.deliveries.retry(_number(which), ctx.now)
        done = f"{_named(tried)} is sent {'now' if tried.at <= ctx.now else _moment(ctx, tried.at)}."
    else:
        dropped = await ctx.steering.deliveries.drop(_number(which), ctx.now)
        again = code(f"{ctx.prefix}delivery retry {dropped.number}")
        done = f"{_named(dropped)} is dropped: it is not sent, unless {again} takes that back."
    return Reply(text=f"{done}{await _next(ctx)}", private=True)


@command("status", group=GROUP, admin=True, examples=("status",))
async def status(ctx: Context) -> Reply:
    """Say how the programme and its deliveries stand."""
    await ctx.steering.load()
    counts = await ctx.steering.deliveries.counts()
    paused, following = ctx.steering.paused, ctx.steering.next(ctx.now)
    next_one = f"{_local(ctx, following.starts)}, {following.title}" if following else "none is planned"
    rows = [
        ("next session", next_one),
        ("pause", f"from {said(paused)} on" if paused else "none"),
        ("changes so far", str(ctx.steering.revision)),
        *((f"deliveries {state}", f"{count:,}") for state, count in counts.items() if count),
    ]
    parts = [
        f"**{escape(ctx.steering.group)}**{await _next(ctx)}",
        _troubles(ctx),
        await _stopped(ctx),
        _misfits(ctx),
    ]
    dead = counts.get("dead", 0)
    if dead:
        waits = "1 waits" if dead == 1 else f"{dead:,} wait"
        parts.append(f"{waits} for you to retry or to drop: {code(ctx.prefix + 'delivery list state=dead')}.")
    return Reply(
        text="\n\n".join(filter(None, parts)),
        table=Table(columns=("the programme", ""), rows=tuple(rows)),
        choices=(Choice(label="deliveries", command=f"{ctx.prefix}delivery list"),),
        private=True,
    )


async def _show(ctx: Context) -> Reply:
    plan = ctx.steering.plan(ctx.now, WEEKS)
    if not plan:
        return Reply(text=nothing(ctx.steering, ctx.prefix))
    return Reply(
        text=f"**The next {plural(WEEKS, 'week')}.** "
        f"{code(ctx.prefix + 'session skip 2026-12-16')} and its like change one.{await _next(ctx)}",
        table=table(ctx.steering.zone, plan),
    )


async def _move(ctx: Context, day: str, to: str) -> Reply:
    if not day or not to:
        raise UserError(
            f"Which session, and where to? Write {code(ctx.prefix + 'session move 9 Dec to=10 Dec 19:00')}."
        )
    found = await _found(ctx, day, lambda iso: f"{ctx.prefix}session move {iso} to={to}")
    if found is None:
        return Reply(text=nothing(ctx.steering, ctx.prefix))
    at = await ctx.steering.when(to, ctx.now, lambda iso: f"{ctx.prefix}session move {day} to={iso}")
    coming = await ctx.steering.move(found.key, at, ctx.now)
    there = ctx.steering.on(at.astimezone(ZoneInfo(ctx.steering.zone)).date(), ctx.now)
    way = f"from {_moment(ctx, found.starts)} to {_moment(ctx, at)}"
    done = f"{escape(found.title)} moves {way}."
    if there.title != found.title:
        done = f"The session moves {way}. Chapters go in their order: there it is about {escape(there.title)}."
    return _changed(ctx, done, coming, at)


async def _add(ctx: Context, typed: str) -> Reply:
    if not typed:
        raise UserError(f"When? Write {code(ctx.prefix + 'session add 12 Dec 2026 10:00')}.")
    at = await ctx.steering.when(typed, ctx.now, lambda iso: f"{ctx.prefix}session add {iso}")
    coming = await ctx.steering.add(at, ctx.now)
    return _changed(ctx, f"There is a session on {_moment(ctx, at)}.", coming, at)


async def _call_off(ctx: Context, action: str, day: str) -> Reply:
    if not day:
        raise UserError(f"Which session? Write {code(f'{ctx.prefix}session {action} 2026-12-16')}.")
    found = await _found(ctx, day, lambda iso: f"{ctx.prefix}session {action} {iso}")
    if found is None:
        return Reply(text=nothing(ctx.steering, ctx.prefix))
    verb = ctx.steering.skip if action == "skip" else ctx.steering.cancel
    coming = await verb(found.key, ctx.now)
    done = {"skip": "is skipped", "cancel": "is cancelled, and calendars say so"}[action]
    at = found.starts.astimezone(ZoneInfo(ctx.steering.zone))
    back = Choice(label="hold it after all", command=f"{ctx.prefix}session add {at:%Y-%m-%d %H:%M}")
    following = ctx.steering.next(found.starts)
    waits = f"Its chapter waits for {_moment(ctx, following.starts)}." if following else "Its chapter waits."
    text = f"The session on {_moment(ctx, found.starts)} {done}. {waits}"
    return _changed(ctx, text, coming, following.starts if following else None, back)


async def _found(ctx: Context, day: str, line: Callable[[str], str]) -> Planned | None:
    """The session of the day that was typed; None is the next one where there is none."""
    if day.strip().casefold() == NEXT:
        return ctx.steering.next(ctx.now)
    return ctx.steering.on(await ctx.steering.day(day, ctx.now, line), ctx.now)


def _changed(ctx: Context, done: str, coming: Sequence[Coming], about: datetime | None, *choices: Choice) -> Reply:
    plan = near(ctx.steering, ctx.now, about)
    return Reply(
        text=f"{done}\n\n{from_now_on(ctx.steering, coming, ctx.now, about)}",
        table=table(ctx.steering.zone, plan) if plan else None,
        choices=choices,
    )


async def _list(ctx: Context, state: str) -> Reply:
    rows = ctx.steering.deliveries.list
    if state == "all":
        parts = [await rows(states, MOST_ROWS) for states in (("dead",), TO_COME, OVER)]
    else:
        parts = [await rows([state], 3 * MOST_ROWS)]
    listed = [each for part in parts for each in part]
    counts = await ctx.steering.deliveries.counts()
    total = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none so far"
    return Reply(
        text="\n\n".join(filter(None, [f"**Deliveries**: {total}.{await _next(ctx)}", await _stopped(ctx)])),
        table=Table(
            columns=("number", "when", "message", "for", "where", "state", "tries", "what went wrong"),
            rows=tuple(
                (
                    *(each.number, _local(ctx, each.at), each.kind, each.title, each.place),
                    *(each.state, each.attempts, each.error[:MAX_ERROR]),
                )
                for each in listed
            ),
        )
        if listed
        else None,
        private=True,
    )


def _troubles(ctx: Context) -> str:
    """What does not work just now."""
    return "\n".join(
        f"- {escape(each.where)}, since {_moment(ctx, each.since)}: {escape(each.said)}"
        for each in ctx.troubles.all
    )


def _misfits(ctx: Context) -> str:
    """Changes that no longer fit the host's file, with how to be rid of them."""
    if not ctx.steering.misfits:
        return ""
    lines = (f"- {escape(each)}" for each in ctx.steering.misfits)
    head = f"The host's file was edited, and these changes no longer fit it. {code(ctx.prefix + 'schedule tidy')}"
    return "\n".join([f"{head} forgets them; until then they are left out.\n", *lines])


async def _stopped(ctx: Context) -> str:
    """The places that refused us, each with how to go on."""
    return "\n".join(
        f"- {code(each.place)} refuses us since {_moment(ctx, each.since)}: {escape(each.reason)}. "
        f"{code(f'{ctx.prefix}delivery resume {each.place}')} tries again."
        for each in await ctx.steering.deliveries.stopped()
    )


def _opening(ctx: Context, row: Delivery) -> str:
    at = _moment(ctx, row.at)
    return {
        "done": f"open since {at}",
        "owed": f"opens on {at}" if row.at > ctx.now else "is being opened",
        "leased": "is being opened",
        "dead": f"could not be opened: {escape(row.error)}",
    }.get(row.state, f"not opened ({row.state})")


async def _next(ctx: Context) -> str:
    """The message that is posted next, in a paragraph of its own."""
    coming = await ctx.steering.coming()
    if not coming:
        return ""
    return f"\n\nNext I post {code(coming[0].kind)} for {escape(coming[0].title)}, {_moment(ctx, coming[0].at)}."


def _number(text: str) -> int:
    plain = text.removeprefix("#")
    if not plain.isdecimal() or not 1 <= int(plain[:20]) <= HIGHEST:
        raise UserError(f"{code(text[:40])} is not the number of a delivery: they stand in the list, such as 3.")
    return int(plain)


def _named(row: Delivery) -> str:
    return f"Delivery {row.number}, {code(row.kind)} for {escape(row.title)} in {code(row.place)},"


def _unknown(word: str, noun: str) -> str:
    return f"There is no {noun} {code(word[:40])}." if word else f"Which {noun}?"


def _wanted(action: str) -> str:
    return "the place, as the list names it" if action == "resume" else "its number in the list, such as 3"


def _moment(ctx: Context, at: datetime) -> str:
    return moment(at, ctx.steering.zone)


def _local(ctx: Context, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(ctx.steering.zone))
    return f"{said(local)}, {local:%H:%M}"
